//! Answers: pages, redirects with a result, and refusals that the frame dresses as pages.

use app::{Problem, problem::ProblemKind};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use render::{Flash, Form, Msg};

use crate::{AppState, cookies};

/// What a handler returns.
pub type Answer = Result<Response, Refusal>;

/// Why there is no page. A problem becomes a page in the look of the site.
#[derive(Debug)]
pub enum Refusal {
    Problem(Box<Problem>),
    /// Anything else, such as a redirect to sign in.
    Other(Box<Response>),
}
impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

/// Put on a response whose body is still to be drawn by the frame.
#[derive(Clone, Debug)]
pub(crate) struct Undressed {
    /// Name of the message page (`message-<name>-…`).
    pub name: &'static str,
    /// Said instead of the message's own text.
    pub words: Option<Msg>,
}
impl Undressed {
    pub(crate) fn response(self, status: StatusCode) -> Response {
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A message page with this status.
pub(crate) fn plain(status: StatusCode, name: &'static str) -> Refusal {
    Refusal::Other(Box::new(Undressed { name, words: None }.response(status)))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = match self {
            Refusal::Other(response) => return *response,
            Refusal::Problem(problem) => problem,
        };
        let said = |name| Undressed { name, words: Some(words(&problem)) };
        let own = |name| Undressed { name, words: None };
        match problem.kind {
            ProblemKind::Invalid => said("bad-request").response(StatusCode::UNPROCESSABLE_ENTITY),
            ProblemKind::Refused => said("refused").response(StatusCode::UNPROCESSABLE_ENTITY),
            ProblemKind::NotFound => own("not-found").response(StatusCode::NOT_FOUND),
            ProblemKind::Forbidden => own("forbidden").response(StatusCode::FORBIDDEN),
            ProblemKind::Conflict => said("refused").response(StatusCode::CONFLICT),
            ProblemKind::TooMany { retry_after_s } => {
                later(said("refused").response(StatusCode::TOO_MANY_REQUESTS), retry_after_s)
            }
            ProblemKind::Busy { retry_after_s } => {
                later(own("busy").response(StatusCode::SERVICE_UNAVAILABLE), retry_after_s)
            }
            ProblemKind::Broken => own("broken").response(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

fn later(mut response: Response, seconds: u32) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The sentence of a problem.
pub fn words(problem: &Problem) -> Msg {
    problem.args.iter().fold(Msg::problem(problem.code), |msg, (name, value)| msg.arg(name, value.clone()))
}

/// The form again, with what is wrong: at the fields, or above them when no field is to blame.
pub fn with_problem(form: Form, problem: &Problem) -> Form {
    if problem.fields.is_empty() {
        return form.with_problem(words(problem));
    }
    problem.fields.iter().fold(form, |form, field| {
        let msg = field.args.iter().fold(Msg::problem(&field.code), |m, (name, value)| m.arg(name, value.clone()));
        form.with_error(&field.field, msg)
    })
}

/// Can the person mend this in the form? Then show it again; else let the frame draw the refusal.
pub fn mendable(problem: &Problem) -> bool {
    matches!(
        problem.kind,
        ProblemKind::Invalid | ProblemKind::Refused | ProblemKind::Conflict | ProblemKind::TooMany { .. }
    )
}

pub(crate) fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

pub(crate) fn see_other_saying(state: &AppState, to: &str, flash: &Flash) -> Response {
    let mut response = see_other(to);
    let json = serde_json::to_vec(flash).expect("a banner is plain data");
    let cookie = cookies::set(cookies::FLASH, &BASE64.encode(json), Some(60), state.secure);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// The banner that a cookie holds; nonsense is dropped.
pub(crate) fn read_flash(value: &str) -> Option<Flash> {
    let flash: Flash = serde_json::from_slice(&BASE64.decode(value).ok()?).ok()?;
    (value.len() <= 2000).then_some(flash)
}
