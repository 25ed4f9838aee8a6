//! One request of one person: who, in which language, with which frame around the page.

use std::sync::Arc;

use app::{Cx, Problem};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, header::COOKIE, request::Parts},
    response::{Html, IntoResponse, Redirect},
};
use domain::{
    actor::Actor,
    id::{LoginId, MailboxId, OperatorId, PartyId},
    operator::Role,
};
use render::{Chrome, Fragment, Locale, Page};

use crate::{
    AppState, Refusal, SignedIn,
    answer::{self, Answer},
    cookies, csrf,
    frame::Frame,
};

/// The person behind a request, and the means to answer.
#[derive(Clone)]
pub struct Visit {
    pub state: AppState,
    /// The context for use cases and queries: actor, language and trace are set.
    pub cx: Cx,
    pub locale: Locale,
    pub signed_in: Option<SignedIn>,
    pub path: String,
    /// Path and query, to come back to after signing in.
    pub address: String,
    /// Address of the client, as the frame knows it; for sessions and limits.
    pub ip: String,
    pub user_agent: String,
    /// Asked by htmx: a fragment would do (but a whole page is never wrong).
    pub fragment: bool,
    /// A page is asked for, nothing is sent.
    reading: bool,
    pub(crate) frame: Arc<Frame>,
    /// The cookies as they came.
    cookies: Vec<HeaderValue>,
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let frame = Frame::around(parts);
        let cx = state.cx.in_locale(frame.locale).traced(frame.trace.clone());
        let signed_in = match &frame.session {
            Some(secret) => state.sessions.find(&cx, secret).await?,
            None => None,
        };
        let cx = cx.by(signed_in.as_ref().map_or(Actor::Visitor, |s| s.actor));
        let header = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Self {
            state: state.clone(),
            cx,
            locale: frame.locale,
            signed_in,
            path: parts.uri.path().to_owned(),
            address: parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
            ip: frame.ip.clone(),
            user_agent: header("user-agent").chars().filter(|c| !c.is_control()).take(200).collect(),
            reading: matches!(parts.method, http::Method::GET | http::Method::HEAD),
            fragment: parts.headers.contains_key("hx-request"),
            frame,
            cookies: parts.headers.get_all(COOKIE).iter().cloned().collect(),
        })
    }
}

impl Visit {
    /// The frame of the page.
    pub fn chrome(&self) -> Chrome {
        Chrome {
            locale: self.locale,
            path: self.path.clone(),
            who: self.signed_in.as_ref().map(SignedIn::who),
            demo: self.state.demo_bar(),
            flash: self.frame.flash.clone(),
            csrf: csrf::token(&self.state, self.frame.binding()),
        }
    }

    /// The page: 200, or 422 when its form shows errors.
    pub fn page<P: Page>(&self, page: &P) -> Answer {
        let html = self.cx.renderer().page(&self.chrome(), page).map_err(Problem::broken)?;
        let failed = page.form().is_some_and(render::Form::has_errors);
        let status = if failed { http::StatusCode::UNPROCESSABLE_ENTITY } else { http::StatusCode::OK };
        Ok((status, Html(html)).into_response())
    }

    /// A piece of a page, for the script that asked for it (see the field `fragment`).
    pub fn piece<F: Fragment>(&self, fragment: &F) -> Answer {
        let html = self.cx.renderer().fragment(self.locale, fragment).map_err(Problem::broken)?;
        Ok(Html(html).into_response())
    }

    /// A sentence without values, in the language of the person.
    pub fn say(&self, key: &str) -> String {
        self.cx.renderer().words().say(self.locale, &render::Msg::new(key))
    }

    /// Secret of the session that the browser holds, whatever has become of it.
    pub fn session_secret(&self) -> Option<&str> {
        self.frame.session.as_deref()
    }

    /// The value of a cookie of this request.
    pub fn cookie(&self, name: &str) -> Option<String> {
        cookies::find(&self.cookies, name).map(str::to_owned)
    }

    /// On to another page after something was done (303).
    pub fn go(&self, to: &str) -> Answer {
        Ok(answer::see_other(to))
    }

    /// On to another page, which opens with this result.
    pub fn go_saying(&self, to: &str, tone: render::Tone, msg: render::Msg) -> Answer {
        Ok(answer::see_other_saying(&self.state, to, &render::Flash { tone, msg }))
    }

    /// To the sign-in page and back here.
    pub(crate) fn sign_in_first(&self, page: &str) -> Refusal {
        // What was being sent is lost, and its address may not be one that can be opened.
        let next = if self.reading { form_encoded(&self.address) } else { String::new() };
        let to = if next.is_empty() { page.to_owned() } else { format!("{page}?next={next}") };
        Refusal::Other(Box::new(Redirect::to(&to).into_response()))
    }
}

/// Escapes a text for a query.
pub fn form_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for b in text.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => out.push(b as char),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Where to go after signing in: only a path of this site, never another host.
pub fn safe_next(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t'])
        && next.is_ascii()
        && next.len() <= 500;
    if own { next } else { "/account" }
}

/// A visit of a provider account; others are asked to sign in.
pub struct Customer {
    pub visit: Visit,
    pub login: LoginId,
    pub party: PartyId,
}
/// A visit of a mailbox holder signed in with the mailbox.
pub struct Holder {
    pub visit: Visit,
    pub mailbox: MailboxId,
}
/// A visit of an operator.
pub struct Operator {
    pub visit: Visit,
    pub operator: OperatorId,
    pub role: Role,
}

macro_rules! signed_in_as {
    ($kind:ident, $login:literal, $pattern:pat => { $($field:ident),+ }) => {
        impl FromRequestParts<AppState> for $kind {
            type Rejection = Refusal;
            async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
                let visit = Visit::from_request_parts(parts, state).await?;
                match visit.signed_in.as_ref().map(|s| s.actor) {
                    Some($pattern) => Ok(Self { visit, $($field),+ }),
                    Some(_) => Err(Problem::forbidden().into()),
                    None => Err(visit.sign_in_first($login)),
                }
            }
        }
    };
}
signed_in_as!(Customer, "/login", Actor::Login { login, party } => { login, party });
signed_in_as!(Holder, "/login", Actor::Mailbox { mailbox } => { mailbox });
signed_in_as!(Operator, "/office/login", Actor::Operator { operator, role } => { operator, role });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_stays_on_this_site() {
        assert_eq!(safe_next("/order/review?a=1"), "/order/review?a=1");
        for bad in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb", "javascript:x"] {
            assert_eq!(safe_next(bad), "/account", "{bad:?}");
        }
    }
    #[test]
    fn queries_are_escaped() {
        assert_eq!(form_encoded("/a?b=c&d=è"), "/a%3Fb%3Dc%26d%3D%C3%A8");
    }
}
