//! What the page that shows all answers says of a draft.

use app::use_cases::accounts::registration::Draft;
use domain::{
    ident::places,
    party::{Field, SubjectKind, fields},
};
use render::{
    Msg,
    pages::accounts::{Answer, Answers},
};

/// The answers by page, each with the way back.
pub(super) fn answers(draft: &Draft) -> Vec<Answers> {
    let Some(kind) = draft.kind else { return Vec::new() };
    vec![
        group("register-step-kind", "/register", vec![Answer::chosen("register-kind-label", kind_words(kind))]),
        group("register-step-data", "/register/data", data(draft, kind)),
        group("register-step-contacts", "/register/contacts", contacts(draft)),
        group("register-step-consents", "/register/consents", consents(draft)),
    ]
}

fn group(title: &str, href: &str, rows: Vec<Answer>) -> Answers {
    Answers { title: Msg::new(title), href: href.into(), rows }
}

fn kind_words(kind: SubjectKind) -> String {
    match kind {
        SubjectKind::Other => "register-kind-other-subject".into(),
        kind => format!("register-kind-{}", kind.as_str()),
    }
}

fn data(draft: &Draft, kind: SubjectKind) -> Vec<Answer> {
    let shown = fields(kind).map(|(f, _)| f).filter(|f| !f.is_contact() && !draft.typed.is_blank(*f));
    shown.map(|field| one(draft, field)).collect()
}

fn one(draft: &Draft, field: Field) -> Answer {
    let (label, text) = (format!("field-{}", field.name()), draft.typed.get(field).trim());
    match field {
        Field::Sex => Answer::chosen(label, if text == "F" { "register-sex-f" } else { "register-sex-m" }),
        Field::WithoutVat => Answer::chosen(label, "register-yes"),
        Field::Country if text == "IT" => Answer::typed(label, "Italia"),
        Field::Country => Answer::typed(label, places::state(text).map_or(text, |p| p.name)),
        _ => Answer::typed(label, text),
    }
}

fn contacts(draft: &Draft) -> Vec<Answer> {
    let typed = [Field::Email, Field::Mobile, Field::Phone].into_iter().filter(|f| !draft.typed.is_blank(*f));
    let mut rows: Vec<Answer> = typed.map(|f| one(draft, f)).collect();
    match &draft.secret_question {
        Some(question) => {
            rows.push(Answer::typed("field-secret_question", question));
            rows.push(Answer::chosen("field-secret_answer", "register-answer-given"));
        }
        None => rows.push(Answer::chosen("field-secret_question", "register-answer-none")),
    }
    rows
}

fn consents(draft: &Draft) -> Vec<Answer> {
    let Some(consents) = &draft.consents else { return Vec::new() };
    vec![
        Answer::chosen("register-consent-privacy", "register-privacy-done"),
        Answer::chosen("register-consent-marketing", if consents.marketing { "register-yes" } else { "register-no" }),
    ]
}
