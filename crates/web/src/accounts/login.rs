//! `/login` and `/logout`.

use app::use_cases::accounts::{
    log_in::{self as use_case, Attempt},
    log_out,
};
use axum::{
    extract::Query,
    http::{StatusCode, header},
    response::IntoResponse,
};
use domain::actor::Actor;
use render::{
    Form, Msg, Tone,
    pages::{Challenge, accounts::Login},
};

use super::{Next, allowed_next, asks_proof, client, proof, with_session};
use crate::{
    Answer, FormData, Visit,
    answer::{mendable, with_problem},
    cookies,
};

/// Where an account, and where a mailbox, goes when no page asked for the sign-in.
const ACCOUNT: &str = "/account";
const MAILBOX: &str = "/mailbox";

pub(super) async fn show(visit: Visit, Query(query): Query<Next>) -> Answer {
    let next = allowed_next(&query.next);
    if let (Some(_), Some(next)) = (&visit.signed_in, next) {
        return visit.go(next);
    }
    page(&visit, Form::new(), next.unwrap_or_default(), "").await
}

pub(super) async fn log_in(visit: Visit, form: FormData) -> Answer {
    let next = allowed_next(form.get("next")).unwrap_or_default().to_owned();
    let identifier = form.get("username").to_owned();
    let attempt = Attempt {
        identifier: identifier.clone(),
        password: form.raw("password").to_owned(),
        captcha: proof(&form),
        previous: visit.session_secret().map(str::to_owned),
        client: client(&visit),
    };
    match use_case::log_in(&visit.cx, attempt).await {
        Ok(came) => {
            let usual = if came.of_mailbox { MAILBOX } else { ACCOUNT };
            let to = if next.is_empty() { usual } else { &next };
            Ok(with_session(&visit, visit.go(to)?, &came.session))
        }
        Err(problem) if mendable(&problem) => {
            page(&visit, with_problem(form.shown(), &problem), &next, &identifier).await
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn page(visit: &Visit, form: Form, next: &str, identifier: &str) -> Answer {
    let asked = use_case::needs_captcha(&visit.cx, identifier, &client(visit)).await?;
    let realm = visit.cx.settings().realm.clone();
    let challenge = if asked { asks_proof(visit, "login", &form) } else { Challenge::default() };
    visit.page(&Login { form, next: next.into(), challenge, realm })
}

pub(super) async fn log_out(visit: Visit, _form: FormData) -> Answer {
    if let Some(secret) = visit.session_secret() {
        log_out::log_out(&visit.cx, secret.to_owned()).await?;
    }
    let operator = visit.signed_in.as_ref().is_some_and(|s| matches!(s.actor, Actor::Operator { .. }));
    let login = if operator { "/office/login" } else { "/login" };
    let mut response = visit.go_saying(login, Tone::Ok, Msg::new("login-signed-out"))?;
    let gone = cookies::remove(visit.state.session_cookie(), visit.state.secure);
    response.headers_mut().append(header::SET_COOKIE, gone);
    debug_assert_eq!(response.status(), StatusCode::SEE_OTHER);
    Ok(response.into_response())
}
