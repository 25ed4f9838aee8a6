//! `/account/sessions`: the browsers that are signed in, each of which can be closed.

use app::use_cases::accounts::close_sessions;
use domain::id::SessionId;
use render::{
    Msg, Tone,
    pages::accounts::{OpenSession, Sessions},
};

use crate::{Answer, FormData, visit::Customer};

const PAGE: &str = "/account/sessions";

pub(super) async fn show(customer: Customer) -> Answer {
    let Customer { visit, login, .. } = customer;
    let here = visit.signed_in.as_ref().map(|s| s.session);
    let listed = close_sessions::list(&visit.cx, login).await?;
    let unknown = || visit.cx.renderer().words().say(visit.locale, &Msg::new("sessions-unknown-browser"));
    let sessions = listed.into_iter().map(|s| OpenSession {
        id: s.id.to_string(),
        browser: browser(&s.user_agent).unwrap_or_else(unknown),
        ip: s.ip,
        opened_at: s.opened_at,
        seen_at: s.seen_at,
        here: Some(s.id.uuid()) == here,
    });
    visit.page(&Sessions { sessions: sessions.collect() })
}

pub(super) async fn close(customer: Customer, form: FormData) -> Answer {
    let Customer { visit, login, .. } = customer;
    visit.step_up(&form).await?;
    if let Ok(session) = form.get("session").parse::<SessionId>() {
        close_sessions::close_session(&visit.cx, login, session).await?;
    }
    visit.go_saying(PAGE, Tone::Ok, Msg::new("sessions-closed"))
}

pub(super) async fn close_others(customer: Customer, form: FormData) -> Answer {
    let Customer { visit, login, .. } = customer;
    visit.step_up(&form).await?;
    let Some(here) = visit.signed_in.as_ref().map(|s| SessionId::from_uuid(s.session)) else {
        return visit.go(PAGE);
    };
    let closed = close_sessions::close_others(&visit.cx, login, here).await?;
    visit.go_saying(PAGE, Tone::Ok, Msg::new("sessions-others-closed").arg("count", closed as i64))
}

/// Browser and system, as far as a browser says; the rest of what it says is of no use to people.
fn browser(user_agent: &str) -> Option<String> {
    let find = |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, n)| *n);
    // The order matters: each of them claims to be most of those below it.
    let name = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => Some(format!("{name}, {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_by_their_own_names() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(browser(chrome).as_deref(), Some("Chrome, Linux"));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Safari/604.1";
        assert_eq!(browser(phone).as_deref(), Some("Safari, iPhone"));
        assert_eq!(browser("curl/8"), None);
        assert_eq!(browser(""), None);
    }
}
