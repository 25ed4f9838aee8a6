//! Pages of the demonstration: roles, messages sent, the clock.

use domain::time::{Date, Timestamp};
use serde::Serialize;

use crate::{Form, Msg, Page};

crate::register!(page: [Home, Messages, Clock]);

/// A sample user, with the password in clear: it opens nothing real.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    /// What this user is there to show.
    pub words: Msg,
    pub user: String,
    pub password: String,
    /// Where this user signs in.
    pub href: String,
}

/// How to open the mailboxes of the demonstration with a mail program.
#[derive(Clone, Debug, Serialize)]
pub struct MailServers {
    pub imap: String,
    pub pop3: String,
    pub smtp: String,
}

/// Who can be played, and what there is to see.
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    pub roles: Vec<Role>,
    /// What the operator's authenticator app would show; `None` where there is no operator.
    pub operator_code: Option<String>,
    /// `None` where the mail servers are missing.
    pub servers: Option<MailServers>,
}

impl Page for Home {
    const TEMPLATE: &'static str = "pages/demo/home.html";
    fn samples() -> Vec<Self> {
        let role = |key: &str, user: &str, href: &str| Role {
            words: Msg::new(key),
            user: user.into(),
            password: "Ceralacca-2026!".into(),
            href: href.into(),
        };
        let roles = vec![
            role("demo-role-person", "100001@postacerta.example", "/login"),
            role("demo-role-company", "100002@postacerta.example", "/login"),
            role("demo-role-operator", "operatore", "/office/login"),
        ];
        let at = |port: u16| format!("127.0.0.1:{port}");
        let servers = MailServers { imap: at(21993), pop3: at(21995), smtp: at(21465) };
        vec![
            Self { roles: roles.clone(), servers: Some(servers), operator_code: Some("123456".into()) },
            Self { roles, servers: None, operator_code: None },
            Self { roles: Vec::new(), servers: None, operator_code: None },
        ]
    }
}

/// A stretch of text, or an address in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub text: String,
    pub link: bool,
}

/// A mail or SMS as it was sent.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    pub sms: bool,
    pub to: String,
    pub subject: String,
    pub at: Timestamp,
    /// Lines of the text, each cut at its addresses.
    pub lines: Vec<Vec<Piece>>,
}
impl Letter {
    /// A message with its text cut into lines and links.
    pub fn new(sms: bool, to: String, subject: String, at: Timestamp, text: &str) -> Self {
        Self { sms, to, subject, at, lines: text.lines().map(pieces).collect() }
    }
}

/// Cuts a line before and after each `http://` or `https://` address.
fn pieces(line: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = line;
    let start_of = |t: &str| [t.find("http://"), t.find("https://")].into_iter().flatten().min();
    while let Some(start) = start_of(rest) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(from.len());
        let (link, after) = from.split_at(end);
        let trimmed = link.trim_end_matches(['.', ',', ')', ';']);
        if !before.is_empty() {
            found.push(Piece { text: before.into(), link: false });
        }
        found.push(Piece { text: trimmed.into(), link: true });
        rest = if trimmed.len() == link.len() { after } else { &from[trimmed.len()..] };
    }
    if !rest.is_empty() {
        found.push(Piece { text: rest.into(), link: false });
    }
    found
}

/// What was sent, newest first.
#[derive(Clone, Debug, Serialize)]
pub struct Messages {
    pub letters: Vec<Letter>,
    /// How many older ones are not on the page.
    pub older: i64,
}

impl Page for Messages {
    const TEMPLATE: &'static str = "pages/demo/messages.html";
    fn samples() -> Vec<Self> {
        let at = Timestamp::from_micros(1_790_000_000_000_000);
        let mail = "Gentile Anna,\n\ncrea la password: http://127.0.0.1:8080/password/x.\nA presto";
        let to = "anna.verdi@example.it".to_owned();
        let letters = vec![
            Letter::new(false, to, "Crea la password della casella".into(), at, mail),
            Letter::new(true, "+393331234567".into(), String::new(), at, "Il tuo codice: 123456"),
        ];
        vec![
            Self { letters: Vec::new(), older: 0 },
            Self { letters: letters.clone(), older: 0 },
            Self { letters, older: 7 },
        ]
    }
}

/// The clock, and the form that moves it (field `advance`: an ISO 8601 period of days).
#[derive(Clone, Debug, Serialize)]
pub struct Clock {
    pub now: Timestamp,
    pub today: Date,
    pub form: Form,
}

impl Page for Clock {
    const TEMPLATE: &'static str = "pages/demo/clock.html";
    fn samples() -> Vec<Self> {
        let now = Timestamp::from_micros(1_790_000_000_000_000);
        let clock = |form| Self { now, today: now.date(), form };
        vec![
            clock(Form::new().with("advance", "P1D")),
            clock(Form::new().with("advance", "x").with_error("advance", Msg::problem("demo-period"))),
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_links() {
        let cut = |t: &str| {
            pieces(t).into_iter().map(|p| if p.link { format!("[{}]", p.text) } else { p.text }).collect::<String>()
        };
        assert_eq!(cut("vai a http://x/y?z=1, poi (https://a.b)."), "vai a [http://x/y?z=1], poi ([https://a.b]).");
        assert_eq!(cut("niente"), "niente");
        assert_eq!(cut("http://x<script>"), "[http://x]<script>");
        assert!(pieces("").is_empty());
    }
}
