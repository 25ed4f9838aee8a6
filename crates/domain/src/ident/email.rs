//! E-mail addresses: what is taken, how two are compared, and which look certified.

use std::sync::LazyLock;

refusals! {
    /// Why an address is refused.
    pub enum EmailRefusal {
        Empty = "email-empty",
        /// More than 254 characters in all, 64 before the `@`, or 63 in one part of the domain.
        TooLong = "email-too-long",
        /// A new line, a NUL, a blank or another character that could forge a mail header.
        Control = "email-control",
        /// No `@`, or nothing on one side of it.
        Shape = "email-shape",
        /// A character before the `@` that mail systems do not carry reliably (quotes, accents, …).
        Local = "email-local",
        /// The part after the `@` is not a domain of the Internet.
        Domain = "email-domain",
        /// The second typing differs from the first.
        Differs = "email-differs",
    }
}

/// An address whose domain is in ASCII (punycode) and lower case; the local part is as typed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads a typed address; blanks at the ends are dropped.
    ///
    /// Decisions: local parts are ASCII without quotes (few servers take more, and codes must
    /// arrive); domains may be international and are kept in their ASCII form, so that two scripts
    /// cannot look like one stored address; literals such as `[127.0.0.1]` are refused.
    pub fn parse(raw: &str) -> Result<EmailAddress, EmailRefusal> {
        use EmailRefusal as R;
        let raw = raw.trim_matches([' ', '\t']);
        if raw.is_empty() {
            return Err(R::Empty);
        }
        if raw.len() > 1_000 {
            return Err(R::TooLong);
        }
        if raw.chars().any(|c| c.is_whitespace() || super::text::unseen(c).is_some()) {
            return Err(R::Control);
        }
        let (local, domain) = raw.rsplit_once('@').ok_or(R::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(R::Shape);
        }
        check_local(local)?;
        let domain = ascii_domain(domain)?;
        if local.len() + 1 + domain.len() > 254 {
            return Err(R::TooLong);
        }
        Ok(EmailAddress(format!("{local}@{domain}")))
    }
    /// The address typed twice: the second must be the same (case of letters aside).
    pub fn parse_twice(first: &str, second: &str) -> Result<EmailAddress, EmailRefusal> {
        let address = Self::parse(first)?;
        match Self::parse(second) {
            Ok(again) if again.key() == address.key() => Ok(address),
            _ => Err(EmailRefusal::Differs),
        }
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The key of comparison: all in lower case. Local parts may differ in case by the letter of
    /// the standards; in practice they never do.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, d)| d)
    }
    /// Whether the address looks like a certified mailbox. Those refuse ordinary mail until they are
    /// opened to it, so pages warn (domain notes 1.2); it is never an error.
    pub fn looks_certified(&self) -> bool {
        looks_certified(self.domain())
    }
    /// `m•••••@example.it`: for pages that must not reveal the address.
    pub fn masked(&self) -> String {
        masked(&self.0)
    }
}
impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first letter and the domain of a stored address; the number of hidden letters is fixed.
pub fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}•••••@{domain}", local.chars().next().unwrap_or('•'))
}

fn check_local(local: &str) -> Result<(), EmailRefusal> {
    if local.len() > 64 {
        return Err(EmailRefusal::TooLong);
    }
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    let good = local.split('.').all(|part| !part.is_empty() && part.bytes().all(atom));
    if good { Ok(()) } else { Err(EmailRefusal::Local) }
}

/// A domain name in ASCII and lower case: at least two labels, the last not a number.
pub fn ascii_domain(domain: &str) -> Result<String, EmailRefusal> {
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| EmailRefusal::Domain)?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let label_good = |l: &&str| {
        !l.is_empty()
            && l.len() <= 63
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let last = labels.last().copied().unwrap_or("");
    let good = labels.len() >= 2
        && ascii.len() <= 253
        && labels.iter().all(label_good)
        && last.len() >= 2
        && !last.bytes().all(|b| b.is_ascii_digit());
    if good { Ok(ascii) } else { Err(EmailRefusal::Domain) }
}

static CERTIFIED: &str = include_str!("../../data/certified_domains.txt");

/// Labels and suffixes of the list: a line with a dot is a suffix, another is a whole label.
static MARKS: LazyLock<(Vec<&str>, Vec<&str>)> = LazyLock::new(|| {
    CERTIFIED.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).partition(|l| l.contains('.'))
});

/// Whether a domain looks like one of certified mail: a listed suffix, or a telling label (`pec`).
pub fn looks_certified(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let (suffixes, labels) = &*MARKS;
    suffixes.iter().any(|s| domain == *s || domain.strip_suffix(s).is_some_and(|rest| rest.ends_with('.')))
        || domain.split('.').any(|l| labels.contains(&l))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn good_addresses() {
        for (raw, kept, key) in [
            (" Mario.Rossi@Example.IT ", "Mario.Rossi@example.it", "mario.rossi@example.it"),
            ("a+b@example.com", "a+b@example.com", "a+b@example.com"),
            ("o'neill@example.ie", "o'neill@example.ie", "o'neill@example.ie"),
            ("info@città.it", "info@xn--citt-3na.it", "info@xn--citt-3na.it"),
            ("x@pec.studio.example.it", "x@pec.studio.example.it", "x@pec.studio.example.it"),
        ] {
            let a = EmailAddress::parse(raw).unwrap_or_else(|e| panic!("{raw}: {e}"));
            assert_eq!((a.as_str(), a.key().as_str()), (kept, key));
        }
    }
    #[test]
    fn bad_addresses() {
        use EmailRefusal as R;
        for (raw, refusal) in [
            ("", R::Empty),
            ("mario", R::Shape),
            ("@example.it", R::Shape),
            ("mario@", R::Shape),
            ("mario@example", R::Domain),
            ("mario@-example.it", R::Domain),
            ("mario@example..it", R::Domain),
            ("mario@example.it.", R::Domain),
            ("mario@[127.0.0.1]", R::Domain),
            ("mario@127.0.0.1", R::Domain),
            ("mario@exa_mple.it", R::Domain),
            ("mario@@example.it", R::Local),
            ("\"mario\"@example.it", R::Local),
            ("mario.@example.it", R::Local),
            ("ma..rio@example.it", R::Local),
            ("màrio@example.it", R::Local),
            ("a@b.it,c@d.it", R::Local),
            ("<a@b.it>", R::Local),
            ("mario@example.it\r\nBcc: x@y.it", R::Control),
            ("mario@example.it\0", R::Control),
            ("ma rio@example.it", R::Control),
            ("mario@exam\u{200b}ple.it", R::Control),
            ("mario@\u{202e}elpmaxe.it", R::Control),
        ] {
            assert_eq!(EmailAddress::parse(raw), Err(refusal), "{raw:?}");
        }
        assert_eq!(EmailAddress::parse(&format!("{}@example.it", "a".repeat(65))), Err(R::TooLong));
        assert_eq!(EmailAddress::parse(&format!("a@{}it", "abcdefghi.".repeat(30))), Err(R::Domain));
        assert_eq!(EmailAddress::parse(&"a".repeat(10_000)), Err(R::TooLong));
    }
    #[test]
    fn typed_twice() {
        assert!(EmailAddress::parse_twice("Mario@example.it", "mario@EXAMPLE.it").is_ok());
        assert_eq!(EmailAddress::parse_twice("a@example.it", "b@example.it"), Err(EmailRefusal::Differs));
        assert_eq!(EmailAddress::parse_twice("a@example.it", ""), Err(EmailRefusal::Differs));
    }
    #[test]
    fn certified_look() {
        for yes in
            ["a@pec.it", "a@PEC.example.it", "a@legalmail.it", "a@studio.legalmail.it", "a@cert.comune.example.it"]
        {
            assert!(EmailAddress::parse(yes).unwrap().looks_certified(), "{yes}");
        }
        for no in ["a@example.it", "a@pecora.it", "a@notlegalmail.it", "pec@example.it"] {
            assert!(!EmailAddress::parse(no).unwrap().looks_certified(), "{no}");
        }
        assert_eq!(masked("mario@example.it"), "m•••••@example.it");
    }
    proptest! {
        #[test]
        fn accepted_is_safe_in_a_header(raw in "\\PC{0,30}@[a-zà-ü.-]{1,20}") {
            if let Ok(a) = EmailAddress::parse(&raw) {
                prop_assert!(a.as_str().is_ascii() && a.as_str().len() <= 254);
                prop_assert!(!a.as_str().bytes().any(|b| b <= b' ' || b == 127 || b"<>,;\"".contains(&b)));
                prop_assert_eq!(EmailAddress::parse(a.as_str()), Ok(a.clone()));
                prop_assert_eq!(EmailAddress::parse(&a.key()).unwrap().key(), a.key());
            }
        }
    }
}
