//! Keeps what one page of the registration was answered, once it is right.

use domain::{
    ident::{Text, text::secret_answer_key},
    party::{self, Typed},
};
use store::{Query, consents as texts, registrations as rows};

use super::registration::{self, Consents, Draft, Registration, Step, refused};
use crate::{Cx, FieldProblem, Problem, hashing::SALT_LEN};

/// What a page sent.
#[derive(Debug, Clone)]
pub enum Answers {
    Data(Typed),
    Contacts { typed: Typed, question: String, answer: String },
    Consents { privacy: bool, marketing: Option<bool> },
}

/// Checks and keeps the answers; tells the page that is open next.
///
/// # Errors
/// Invalid fields; `registration-gone` when the day is over.
pub async fn save_registration_step(cx: &Cx, secret: String, answers: Answers) -> Result<Step, Problem> {
    let known = registration::must(&mut cx.store(), cx, &secret).await?;
    if known.login.is_some() {
        return Ok(known.step);
    }
    let kept = check(cx, &known, answers).await?;
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        // Read again: another tab may have saved another page meanwhile, and both are kept.
        let found = registration::must(tx, &cx2, &secret).await?;
        if found.login.is_some() {
            return Ok(found.step);
        }
        let mut draft = found.draft;
        kept.lay_over(&mut draft);
        let step = draft.first_open();
        rows::save(tx, found.id.uuid(), found.version, step.as_str(), &draft.to_json()).await?;
        Ok(step)
    })
    .await
}

/// Answers that passed the checks.
#[derive(Clone)]
enum Kept {
    Data(Typed),
    Contacts { typed: Typed, question: Option<String>, answer_hash: Option<String> },
    Consents(Consents),
}
impl Kept {
    fn lay_over(&self, draft: &mut Draft) {
        match self.clone() {
            Kept::Data(typed) => {
                draft.typed.merge(typed);
                draft.data_done = true;
            }
            Kept::Contacts { typed, question, answer_hash } => {
                draft.typed.merge(typed);
                draft.contacts_done = true;
                // An empty answer beside the same question keeps the answer given before.
                if answer_hash.is_some() || question.is_none() {
                    draft.secret_answer_hash = answer_hash;
                }
                draft.secret_question = question;
            }
            Kept::Consents(consents) => draft.consents = Some(consents),
        }
    }
}

async fn check(cx: &Cx, known: &Registration, answers: Answers) -> Result<Kept, Problem> {
    match answers {
        Answers::Data(typed) => {
            let kind = known.draft.kind.ok_or_else(|| Problem::refused("registration-gone"))?;
            party::check_subject(kind, &typed, cx.now().date()).map_err(refused)?;
            Ok(Kept::Data(typed))
        }
        Answers::Contacts { typed, question, answer } => contacts(cx, known, typed, &question, &answer).await,
        Answers::Consents { privacy, marketing } => consents(cx, privacy, marketing).await.map(Kept::Consents),
    }
}

async fn contacts(cx: &Cx, known: &Registration, typed: Typed, question: &str, answer: &str) -> Result<Kept, Problem> {
    let mut wrong = match party::check_contacts(&typed) {
        Ok(_) => Vec::new(),
        Err(fields) => refused(fields).fields,
    };
    let question = read(&mut wrong, "secret_question", question, 120);
    let answer = read(&mut wrong, "secret_answer", answer, 120);
    let kept = known.draft.secret_answer_hash.is_some() && known.draft.secret_question == question;
    match (&question, &answer) {
        (Some(_), Some(answer)) if secret_answer_key(answer).is_empty() => {
            wrong.push(FieldProblem::new("secret_answer", "missing-secret-answer"));
        }
        (Some(_), None) if !kept && wrong.is_empty() => {
            wrong.push(FieldProblem::new("secret_answer", "missing-secret-answer"));
        }
        (None, Some(_)) => wrong.push(FieldProblem::new("secret_question", "missing-secret-question")),
        _ => {}
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let answer_hash = match answer {
        Some(answer) => Some(cx.hashing().hash(&secret_answer_key(&answer), cx.random::<SALT_LEN>()).await?),
        None => None,
    };
    Ok(Kept::Contacts { typed, question, answer_hash })
}

fn read(wrong: &mut Vec<FieldProblem>, field: &str, raw: &str, max: usize) -> Option<String> {
    match Text::optional_line(raw, max) {
        Ok(text) => text.map(Text::into_string),
        Err(refusal) => {
            wrong.push(FieldProblem::new(field, refusal.code()));
            None
        }
    }
}

/// The notice must be acknowledged; the rest is given or refused, never left open (domain notes 1.2).
async fn consents(cx: &Cx, privacy: bool, marketing: Option<bool>) -> Result<Consents, Problem> {
    let mut wrong = Vec::new();
    if !privacy {
        wrong.push(FieldProblem::new("privacy_notice", "privacy-not-acknowledged"));
    }
    if marketing.is_none() {
        wrong.push(FieldProblem::new("marketing", "marketing-not-answered"));
    }
    let Some(marketing) = marketing.filter(|_| wrong.is_empty()) else { return Err(Problem::invalid(wrong)) };
    let mut store = cx.store();
    Ok(Consents {
        privacy_version: text_version(&mut store, cx, "privacy_notice").await?,
        marketing,
        marketing_version: text_version(&mut store, cx, "marketing").await?,
        at: cx.now(),
    })
}

/// The version of a legal text that is shown today; `none` while an installation has no text.
///
/// # Errors
/// When the store cannot be read.
pub async fn text_version(q: &mut impl Query, cx: &Cx, kind: &str) -> Result<String, Problem> {
    let found = texts::text_in_force(q, kind, cx.locale.code(), cx.now().micros()).await?;
    Ok(found.unwrap_or_else(|| "none".into()))
}
