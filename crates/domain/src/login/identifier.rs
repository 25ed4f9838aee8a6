//! What a person typed where the username goes: an account or a mailbox (domain notes 0.2).

/// Who wants to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginIdentifier {
    /// A provider account: `123456@realm`.
    Account { username: String },
    /// A mailbox, by its address in lower case.
    Mailbox { address: String },
}

/// Longest thing worth looking up.
const MAX: usize = 320;

/// Tells the two kinds of login apart. Blanks at the ends are dropped (a typical slip), case does
/// not count in usernames and addresses; a bare number is a username of this realm.
/// `None` for what can be neither.
pub fn read_identifier(raw: &str, realm: &str) -> Option<LoginIdentifier> {
    let text = raw.trim().to_ascii_lowercase();
    if text.is_empty() || text.len() > MAX || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let is_number = |s: &str| (1..=12).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    match text.rsplit_once('@') {
        None if is_number(&text) => Some(LoginIdentifier::Account { username: format!("{text}@{realm}") }),
        None => None,
        Some((local, domain)) if domain == realm.to_ascii_lowercase() => {
            is_number(local).then(|| LoginIdentifier::Account { username: format!("{local}@{realm}") })
        }
        Some((local, domain)) if !local.is_empty() && domain.contains('.') => {
            Some(LoginIdentifier::Mailbox { address: text })
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_kinds_are_told_apart() {
        let account = |u: &str| Some(LoginIdentifier::Account { username: u.into() });
        let mailbox = |a: &str| Some(LoginIdentifier::Mailbox { address: a.into() });
        for (raw, expected) in [
            ("123456@realm.example", account("123456@realm.example")),
            ("  123456@REALM.example\t", account("123456@realm.example")),
            ("123456", account("123456@realm.example")),
            ("Marco.Rossi@pec.example.it ", mailbox("marco.rossi@pec.example.it")),
            ("123456@pec.example.it", mailbox("123456@pec.example.it")),
            ("marco@realm.example", None),
            ("marco", None),
            ("", None),
            ("@pec.example.it", None),
            ("a@b", None),
            ("a b@pec.example.it", None),
            ("a\u{0}@pec.example.it", None),
            ("a\r\nb@pec.example.it", None),
            ("12345678901234", None),
        ] {
            assert_eq!(read_identifier(raw, "realm.example"), expected, "{raw:?}");
        }
        assert_eq!(read_identifier(&format!("{}@pec.it", "x".repeat(10_000)), "realm.example"), None);
    }
}
