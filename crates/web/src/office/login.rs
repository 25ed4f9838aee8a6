//! `/office/login`: the password, then the code of the authenticator app.

use app::use_cases::operators::sign_in::{self, Attempt, Proof, Waiting};
use axum::{
    extract::Query,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use render::{
    Form, Msg, Tone,
    pages::{
        Challenge,
        office::{OfficeCode, OfficeEnrol, OfficeLogin},
        password::PasswordRules,
    },
    qr,
};

use crate::{
    Answer, FormData, Visit,
    accounts::{Next, asks_proof, client, proof, with_session},
    answer::{mendable, with_problem},
    cookies,
    visit::safe_next,
};

const HOME: &str = "/office";
const LOGIN: &str = "/office/login";
const CODE: &str = "/office/login/code";
/// Holds the secret of the second page between the two.
const COOKIE: &str = "cl_office";
const COOKIE_AGE_S: i64 = 600;

/// A page of the back office, or nothing.
fn office(next: &str) -> &str {
    let inside = next == HOME || next.starts_with("/office/") || next.starts_with("/office?");
    if inside && safe_next(next) == next && !next.starts_with(LOGIN) { next } else { "" }
}

fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() { path.into() } else { format!("{path}?next={}", crate::visit::form_encoded(next)) }
}

pub(super) async fn show(visit: Visit, Query(query): Query<Next>) -> Answer {
    page(&visit, Form::new(), office(&query.next), "").await
}

async fn page(visit: &Visit, form: Form, next: &str, username: &str) -> Answer {
    let asked = sign_in::needs_captcha(&visit.cx, username, &client(visit)).await?;
    let challenge = if asked { asks_proof(visit, "office", &form) } else { Challenge::default() };
    visit.page(&OfficeLogin { form, next: next.into(), challenge })
}

pub(super) async fn give_password(visit: Visit, form: FormData) -> Answer {
    let next = office(form.get("next")).to_owned();
    let attempt = Attempt {
        username: form.get("username").to_owned(),
        password: form.raw("password").to_owned(),
        captcha: proof(&form),
        client: client(&visit),
    };
    match sign_in::give_password(&visit.cx, attempt).await {
        Ok(secret) => {
            let mut response = visit.go(&with_next(CODE, &next))?;
            let cookie = cookies::set(COOKIE, &secret, Some(COOKIE_AGE_S), visit.state.secure);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(p) if mendable(&p) => page(&visit, with_problem(form.shown(), &p), &next, form.get("username")).await,
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn show_code(visit: Visit, Query(query): Query<Next>) -> Answer {
    code_page(&visit, Form::new(), office(&query.next)).await
}

async fn code_page(visit: &Visit, form: Form, next: &str) -> Answer {
    let secret = visit.cookie(COOKIE).unwrap_or_default();
    let Some(Waiting { username, enrolment }) = sign_in::waiting(&visit.cx, &secret).await? else {
        return again(visit, next);
    };
    let Some(factor) = enrolment else {
        return visit.page(&OfficeCode { form, next: next.into(), username });
    };
    let drawing = qr::draw(&factor.uri()).ok_or_else(|| app::Problem::broken("the app's address is too long"))?;
    let rules = PasswordRules::new(&visit.cx.settings().password_policy, &username);
    let page = OfficeEnrol { form, next: next.into(), rules, drawing, secret: factor.typed_secret() };
    let mut response = visit.page(&page)?;
    // The page holds a secret, and nobody is signed in yet.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Back to the password: too many wrong codes, or ten minutes have passed.
fn again(visit: &Visit, next: &str) -> Answer {
    let response = visit.go_saying(&with_next(LOGIN, next), Tone::Info, Msg::problem("office-again"))?;
    Ok(without_cookie(visit, response))
}

fn without_cookie(visit: &Visit, mut response: Response) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookies::remove(COOKIE, visit.state.secure));
    response
}

pub(super) async fn give_code(visit: Visit, form: FormData) -> Answer {
    let next = office(form.get("next")).to_owned();
    let proof = Proof {
        code: form.get("code").to_owned(),
        password: form.raw("password").to_owned(),
        again: form.raw("password_again").to_owned(),
        previous: visit.session_secret().map(str::to_owned),
        client: client(&visit),
    };
    let secret = visit.cookie(COOKIE).unwrap_or_default();
    match sign_in::give_code(&visit.cx, &secret, proof).await {
        Ok(session) => {
            let to = if next.is_empty() { HOME } else { &next };
            let response = with_session(&visit, visit.go(to)?, &session);
            Ok(without_cookie(&visit, response).into_response())
        }
        Err(p) if p.is("office-again") => again(&visit, &next),
        Err(p) if mendable(&p) => code_page(&visit, with_problem(form.shown(), &p), &next).await,
        Err(p) => Err(p.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::office;

    #[test]
    fn next_stays_inside() {
        assert_eq!(office("/office/effects?a=1"), "/office/effects?a=1");
        for bad in ["/account", "/officex", "//evil.example/office", "/office/login", "/office/login/code", ""] {
            assert_eq!(office(bad), "", "{bad}");
        }
    }
}
