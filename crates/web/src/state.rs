//! What every handler can reach.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use app::{Cx, Ports, Problem};
use axum::http::HeaderValue;
use render::DemoBar;

use crate::{
    cookies,
    session::{NoSessions, SessionSource},
};

/// The state behind the routes; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Web>);

/// See [`AppState`].
pub struct Web {
    /// The context of nobody in particular; a [`crate::Visit`] holds the one of its person.
    pub cx: Cx,
    pub(crate) sessions: Arc<dyn SessionSource>,
    /// Messages sent so far, for the bar of the demonstration.
    pub demo_messages: AtomicI64,
    /// Is the installation reached by HTTPS? Decides cookies and HSTS.
    pub(crate) secure: bool,
    /// Scheme and host of the installation's address, as browsers send it in `Origin`.
    pub(crate) origin: String,
    pub(crate) content_policy: HeaderValue,
    ports: Option<Ports>,
}

impl AppState {
    /// Lets the pages that open a payment, and the intake of events, reach the outside.
    ///
    /// # Panics
    /// When the state is shared already: this belongs to its making. When an origin cannot stand in a header.
    pub fn with_ports(self, ports: Ports) -> Self {
        let web = Arc::into_inner(self.0).expect("ports are given before the state is shared");
        let targets = ports.gateways.values().flat_map(|gateway| gateway.describe().page_origins);
        let content_policy = with_targets(web.content_policy.to_str().expect("a policy is ASCII"), targets);
        Self(Arc::new(Web { ports: Some(ports), content_policy, ..web }))
    }
    /// The outside world. Only for conversations and the intake of events.
    ///
    /// # Errors
    /// When this process was assembled without it.
    pub(crate) fn ports(&self) -> Result<&Ports, Problem> {
        self.ports.as_ref().ok_or_else(|| Problem::broken("these pages were assembled without ports"))
    }
    /// The state over a context, with the source of the sessions. `form_targets` are origins to
    /// which a form may lead in the end, such as a gateway's hosted payment page.
    ///
    /// # Panics
    /// When an origin cannot stand in a header.
    pub fn new(cx: Cx, sessions: Arc<dyn SessionSource>, form_targets: &[String]) -> Self {
        let base = cx.settings().base_url.clone();
        let secure = base.starts_with("https://");
        let own = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
                   form-action 'self'";
        Self(Arc::new(Web {
            cx,
            sessions,
            demo_messages: AtomicI64::new(0),
            secure,
            origin: origin_of(&base).to_owned(),
            content_policy: with_targets(own, form_targets.iter().cloned()),
            ports: None,
        }))
    }
    /// The bar of the demonstration, where this is one.
    pub(crate) fn demo_bar(&self) -> Option<DemoBar> {
        self.cx
            .settings()
            .demo
            .then(|| DemoBar { today: self.cx.now().date(), messages: self.demo_messages.load(Ordering::Relaxed) })
    }
    /// Whether cookies are kept to HTTPS.
    pub fn secure(&self) -> bool {
        self.0.secure
    }
    /// Name of the session's cookie. Over HTTPS the prefix makes browsers refuse one that another
    /// host of the domain, or a page without encryption, tries to set.
    pub(crate) fn session_cookie(&self) -> &'static str {
        if self.secure { cookies::SESSION_SECURE } else { cookies::SESSION }
    }
    /// A state in which nobody can sign in.
    pub fn without_sessions(cx: Cx) -> Self {
        Self::new(cx, Arc::new(NoSessions), &[])
    }
}
impl Deref for AppState {
    type Target = Web;
    fn deref(&self) -> &Web {
        &self.0
    }
}

/// The policy with more places to which a form may lead: `form-action` comes last in it.
fn with_targets(policy: &str, targets: impl IntoIterator<Item = String>) -> HeaderValue {
    let targets: String = targets.into_iter().map(|origin| format!(" {origin}")).collect();
    HeaderValue::from_str(&[policy, &targets].concat()).expect("an origin is ASCII")
}

/// `https://www.example.it/shop` → `https://www.example.it`.
fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |i| i + 3);
    url[host..].find('/').map_or(url, |end| &url[..host + end])
}

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn origins() {
        assert_eq!(origin_of("https://www.example.it"), "https://www.example.it");
        assert_eq!(origin_of("https://www.example.it/a/b"), "https://www.example.it");
        assert_eq!(origin_of("http://127.0.0.1:8080/"), "http://127.0.0.1:8080");
    }
}
