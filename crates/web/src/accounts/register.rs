//! The pages of the registration, in the order of the form (domain notes 1.2).

use app::{
    Problem,
    use_cases::accounts::{
        choose_password,
        finish_registration_data::{Finished, finish_registration_data},
        registration::{self, Registration, Step},
        resume_registration,
        save_registration_step::{Answers, save_registration_step},
        start_registration::start_registration,
    },
};
use axum::{
    Router,
    extract::{Path, Query},
    http::header,
    response::Response,
    routing::get,
};
use domain::{
    ident::EmailAddress,
    party::{Field, SubjectKind, SubjectType, Typed},
};
use render::{
    Form, Msg,
    pages::accounts::{
        RegisterCheck, RegisterConsents, RegisterContacts, RegisterCredentials, RegisterData, RegisterDone,
        RegisterKind, RegisterKnown, RegisterResume,
    },
};

use super::{Next, allowed_next, client, register_answers::answers, with_session};
use crate::{
    Answer, AppState, FormData, Visit,
    answer::{mendable, with_problem},
    cookies,
};

/// Secret of the registration under way.
const COOKIE: &str = "cl_registration";
const DAY_S: i64 = 24 * 3600;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/register", get(show_kind).post(choose_kind))
        .route("/register/data", get(show_data).post(save_data))
        .route("/register/contacts", get(show_contacts).post(save_contacts))
        .route("/register/consents", get(show_consents).post(save_consents))
        .route("/register/check", get(show_check).post(finish))
        .route("/register/credentials", get(show_credentials).post(save_password))
        .route("/register/done", get(show_done))
        .route("/register/known", get(show_known))
        .route("/register/resume/{token}", get(show_resume).post(resume))
}

fn secret(visit: &Visit) -> Option<String> {
    visit.cookie(COOKIE)
}

fn remember(visit: &Visit, mut response: Response, secret: &str) -> Response {
    let cookie = cookies::set(COOKIE, secret, Some(DAY_S), visit.state.secure);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

async fn current(visit: &Visit) -> Result<Option<(String, Registration)>, Problem> {
    let Some(secret) = secret(visit) else { return Ok(None) };
    let found = registration::current(&visit.cx, &secret).await?;
    Ok(found.map(|r| (secret, r)))
}

/// The registration for one of its pages, or where to go instead: to the start without one, to the
/// credentials once the username is there, to the first open page when this one is too early.
async fn at(visit: &Visit, step: Step) -> Result<Result<(String, Registration), Response>, crate::Refusal> {
    let Some((secret, found)) = current(visit).await? else { return Ok(Err(visit.go("/register")?)) };
    if found.login.is_some() || found.step < step {
        return Ok(Err(visit.go(found.step.path())?));
    }
    Ok(Ok((secret, found)))
}

macro_rules! at_step {
    ($visit:expr, $step:expr) => {
        match at($visit, $step).await? {
            Ok(found) => found,
            Err(elsewhere) => return Ok(elsewhere),
        }
    };
}

/// After the page was saved: on to `after`, or to the first page still open.
fn onward(visit: &Visit, reached: Step, after: Step) -> Answer {
    visit.go(reached.min(after).path())
}

async fn show_kind(visit: Visit, Query(query): Query<Next>) -> Answer {
    let mut form = Form::new();
    let mut next = allowed_next(&query.next).unwrap_or_default().to_owned();
    if let Some((_, found)) = current(&visit).await? {
        if found.login.is_some() && found.step == Step::Credentials {
            return visit.go(Step::Credentials.path());
        }
        if let Some(kind) = found.draft.kind.filter(|_| found.login.is_none()) {
            form = form.with("type", kind.subject_type().as_str()).with("kind", kind.as_str());
        }
        if next.is_empty() {
            next = found.next.unwrap_or_default();
        }
    }
    visit.page(&RegisterKind::new(form, next, false))
}

async fn choose_kind(visit: Visit, form: FormData) -> Answer {
    let next = allowed_next(form.get("next")).map(str::to_owned);
    let shown = |form: Form, sub| RegisterKind::new(form, next.clone().unwrap_or_default(), sub);
    let Some(subject) = SubjectType::parse(form.get("type")) else {
        return visit.page(&shown(form.shown().with_error("type", Msg::problem("missing-kind")), false));
    };
    let sub = SubjectKind::parse(form.get("kind")).filter(|k| SubjectKind::SUB_TYPES.contains(k));
    let Some(kind) = subject.kind().or(sub) else {
        // «Altro»: which one is asked on a page of its own, which works without scripts.
        let again = if form.has("kind") { form.shown() } else { Form::new() };
        let missing = form.has("asked") || form.has("kind");
        let again = if missing { again.with_error("kind", Msg::problem("missing-kind")) } else { again };
        return visit.page(&shown(again, true));
    };
    let secret = start_registration(&visit.cx, secret(&visit), kind, next.clone()).await?;
    Ok(remember(&visit, visit.go(Step::Data.path())?, &secret))
}

fn typed_form(typed: &Typed) -> Form {
    Form::from_pairs(typed.pairs())
}

async fn show_data(visit: Visit) -> Answer {
    let (_, found) = at_step!(&visit, Step::Data);
    let kind = found.draft.kind.ok_or_else(Problem::not_found)?;
    let mut form = typed_form(&found.draft.typed);
    if form.value("country").is_empty() {
        form = form.with("country", "IT");
    }
    visit.page(&RegisterData::new(kind, form))
}

async fn save_data(visit: Visit, form: FormData) -> Answer {
    let (secret, found) = at_step!(&visit, Step::Data);
    let kind = found.draft.kind.ok_or_else(Problem::not_found)?;
    let mut typed = Typed::from_pairs(form.pairs().filter(|(n, _)| Field::parse(n).is_some_and(|f| !f.is_contact())));
    if !form.has(Field::WithoutVat.name()) {
        // A box that is not ticked is not sent.
        typed.set(Field::WithoutVat, "");
    }
    match save_registration_step(&visit.cx, secret, Answers::Data(typed)).await {
        Ok(reached) => onward(&visit, reached, if found.draft.contacts_done { Step::Check } else { Step::Contacts }),
        Err(p) if mendable(&p) => visit.page(&RegisterData::new(kind, with_problem(form.shown(), &p))),
        Err(p) => Err(p.into()),
    }
}

async fn show_contacts(visit: Visit) -> Answer {
    let (_, found) = at_step!(&visit, Step::Contacts);
    let draft = &found.draft;
    let question = draft.secret_question.clone().unwrap_or_default();
    let form = typed_form(&draft.typed).with("secret_question", question);
    visit.page(&RegisterContacts::new(form, false, draft.secret_answer_hash.is_some()))
}

async fn save_contacts(visit: Visit, form: FormData) -> Answer {
    let (secret, found) = at_step!(&visit, Step::Contacts);
    let typed = Typed::from_pairs(form.pairs().filter(|(n, _)| Field::parse(n).is_some_and(Field::is_contact)));
    let kept = found.draft.secret_answer_hash.is_some();
    let shown = |form: Form, certified| RegisterContacts::new(form, certified, kept);
    let email = form.get("email").to_owned();
    let answers = Answers::Contacts {
        typed,
        question: form.get("secret_question").to_owned(),
        answer: form.get("secret_answer").to_owned(),
    };
    match save_registration_step(&visit.cx, secret, answers).await {
        // The warning stands once for each address; it is no error and can be passed.
        Ok(_) if looks_certified(&email) && form.get("certified_seen") != email => {
            let mut again = form.shown();
            again.forget("secret_answer");
            visit.page(&RegisterContacts::new(again, true, kept || form.some("secret_answer").is_some()))
        }
        Ok(reached) => onward(&visit, reached, Step::Consents.max(found.step.min(Step::Check))),
        Err(p) if mendable(&p) => visit.page(&shown(with_problem(form.shown(), &p), false)),
        Err(p) => Err(p.into()),
    }
}

fn looks_certified(email: &str) -> bool {
    EmailAddress::parse(email).is_ok_and(|e| e.looks_certified())
}

async fn show_consents(visit: Visit) -> Answer {
    let (_, found) = at_step!(&visit, Step::Consents);
    let mut form = Form::new();
    if let Some(consents) = &found.draft.consents {
        // What was answered before is shown again; a first visit finds nothing ticked.
        form = form.with("privacy_notice", "yes").with("marketing", if consents.marketing { "yes" } else { "no" });
    }
    visit.page(&RegisterConsents::new(form))
}

async fn save_consents(visit: Visit, form: FormData) -> Answer {
    let (secret, _) = at_step!(&visit, Step::Consents);
    let marketing = match form.get("marketing") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let answers = Answers::Consents { privacy: form.get("privacy_notice") == "yes", marketing };
    match save_registration_step(&visit.cx, secret, answers).await {
        Ok(reached) => onward(&visit, reached, Step::Check),
        Err(p) if mendable(&p) => visit.page(&RegisterConsents::new(with_problem(form.shown(), &p))),
        Err(p) => Err(p.into()),
    }
}

async fn show_check(visit: Visit) -> Answer {
    let (_, found) = at_step!(&visit, Step::Check);
    visit.page(&RegisterCheck::new(answers(&found.draft), Form::new()))
}

async fn finish(visit: Visit, _form: FormData) -> Answer {
    let Some((secret, found)) = current(&visit).await? else { return visit.go("/register") };
    match finish_registration_data(&visit.cx, secret, visit.ip.clone()).await {
        Ok(Finished::Credentials) => visit.go(Step::Credentials.path()),
        Ok(Finished::Known) => visit.go("/register/known"),
        Err(p) if p.is("registration-incomplete") => visit.go(found.step.path()),
        Err(p) if mendable(&p) => visit.page(&RegisterCheck::new(answers(&found.draft), with_problem(Form::new(), &p))),
        Err(p) => Err(p.into()),
    }
}

async fn show_known(visit: Visit) -> Answer {
    visit.page(&RegisterKnown {})
}

async fn show_credentials(visit: Visit) -> Answer {
    let Some((secret, found)) = current(&visit).await? else { return visit.go("/register") };
    if found.login.is_none() {
        return visit.go(found.step.path());
    }
    let shown = choose_password::credentials(&visit.cx, &secret).await?;
    if shown.completed {
        return visit.go(if visit.signed_in.is_some() { Step::Done.path() } else { "/login" });
    }
    let policy = &visit.cx.settings().password_policy;
    visit.page(&RegisterCredentials::new(Form::new(), policy, &shown.username))
}

async fn save_password(visit: Visit, form: FormData) -> Answer {
    let Some(secret) = secret(&visit) else { return visit.go("/register") };
    let (chosen, again) = (form.raw("password").to_owned(), form.raw("password_again").to_owned());
    let shown = choose_password::credentials(&visit.cx, &secret).await?;
    match choose_password::choose_password(&visit.cx, secret, chosen, again, client(&visit)).await {
        Ok(chosen) => Ok(with_session(&visit, visit.go(Step::Done.path())?, &chosen.session)),
        Err(p) if mendable(&p) => {
            let policy = &visit.cx.settings().password_policy;
            visit.page(&RegisterCredentials::new(with_problem(Form::new(), &p), policy, &shown.username))
        }
        Err(p) => Err(p.into()),
    }
}

async fn show_done(visit: Visit) -> Answer {
    let found = current(&visit).await?.map(|(_, r)| r);
    let (Some(who), Some(Step::Done)) = (&visit.signed_in, found.as_ref().map(|f| f.step)) else {
        return visit.go("/account");
    };
    let next = found.and_then(|f| f.next).unwrap_or_else(|| "/account".into());
    let in_order = next.starts_with("/order");
    visit.page(&RegisterDone { username: who.detail.clone(), next, in_order })
}

async fn show_resume(visit: Visit, Path(token): Path<String>) -> Answer {
    let alive = resume_registration::may_resume(&visit.cx, &token).await?;
    visit.page(&RegisterResume { token, alive })
}

async fn resume(visit: Visit, Path(token): Path<String>, _form: FormData) -> Answer {
    match resume_registration::resume_registration(&visit.cx, token.clone()).await {
        Ok(secret) => Ok(remember(&visit, visit.go(Step::Credentials.path())?, &secret)),
        Err(p) if p.is("link-dead") => visit.page(&RegisterResume { token, alive: false }),
        Err(p) => Err(p.into()),
    }
}
