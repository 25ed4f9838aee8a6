//! Signing in and out, registration, sessions.

use app::sessions::Client;
use app::use_cases::accounts::{
    patience::{self, Worth},
    prove_work::WAITED_MARK,
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use render::{Form, pages::Challenge};
use serde::Deserialize;

use crate::{AppState, FormData, Visit, cookies};

mod confirm;
mod login;
mod register;
mod register_answers;
mod sessions;

/// Address of the proof of work's challenge.
pub const CHALLENGE: &str = "/captcha";

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/login", get(login::show).post(login::log_in))
        .route("/logout", post(login::log_out))
        .route(CHALLENGE, get(challenge))
        .route("/account/confirm", get(confirm::show).post(confirm::save))
        .route("/account/sessions", get(sessions::show))
        .route("/account/sessions/close", post(sessions::close))
        .route("/account/sessions/close-others", post(sessions::close_others))
        .merge(register::routes())
}

/// A challenge for the proof of work; each is new, so none is kept by a cache.
async fn challenge(State(state): State<AppState>) -> Response {
    let challenge = app::use_cases::accounts::captcha::challenge(&state.cx);
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(challenge)).into_response()
}

/// What a form that asks for a proof shows. Somebody who was too quick keeps the ticket, so that the wait goes on.
pub(crate) fn asks_proof(visit: &Visit, what: &str, form: &Form) -> Challenge {
    let kept = form.value("waited");
    let waited = match patience::worth(&visit.cx, kept, what, &visit.ip) {
        Worth::Later(_) => kept.to_owned(),
        Worth::Good | Worth::Nothing => patience::ticket(&visit.cx, what, &visit.ip),
    };
    Challenge { href: CHALLENGE.into(), waited }
}

/// The proof that a form carries.
pub(crate) fn proof(form: &FormData) -> Option<String> {
    let waited = || form.some("waited").map(|ticket| format!("{WAITED_MARK}{ticket}"));
    form.some("altcha").map(str::to_owned).or_else(waited)
}

/// `?next=` of the pages that lead on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    pub(crate) next: String,
}

/// A path of this site to which a form may lead, or nothing.
fn allowed_next(next: &str) -> Option<&str> {
    Some(next).filter(|n| !n.is_empty() && crate::visit::safe_next(n) == *n)
}

/// The browser behind a visit, for the list of sessions and for limits.
pub(crate) fn client(visit: &Visit) -> Client {
    Client { ip: visit.ip.clone(), user_agent: visit.user_agent.clone() }
}

/// The answer with the cookie of a new session.
pub(crate) fn with_session(visit: &Visit, mut response: Response, secret: &str) -> Response {
    let state = &visit.state;
    let max_age_s = visit.cx.settings().session_max_hours * 3600;
    let cookie = cookies::set(state.session_cookie(), secret, Some(max_age_s), state.secure);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
