//! Names of mailboxes: the part before the `@` (domain notes 2.4).

use super::text::fold_ascii;

refusals! {
    /// Why a name is refused.
    pub enum LocalPartRefusal {
        Empty = "mailbox-name-empty",
        /// Fewer than two characters.
        TooShort = "mailbox-name-too-short",
        /// More than 64 characters, the most that SMTP carries.
        TooLong = "mailbox-name-too-long",
        /// Accents, blanks or signs: a transliteration is suggested.
        Characters = "mailbox-name-characters",
        /// The first or last character is not a letter or a digit.
        Ends = "mailbox-name-ends",
        /// Two of `.`, `-`, `_` in a row.
        Separators = "mailbox-name-separators",
        /// Kept for the provider or for the mail system.
        Reserved = "mailbox-name-reserved",
        /// An `@` was typed: the domain is chosen beside the name.
        WholeAddress = "mailbox-name-whole-address",
    }
}

/// Names that nobody can buy; a provider adds its own brands by configuration.
pub const RESERVED: &[&str] = &[
    "postmaster",
    "abuse",
    "hostmaster",
    "webmaster",
    "admin",
    "administrator",
    "root",
    "mailer-daemon",
    "noreply",
    "no-reply",
    "security",
    "info-pec",
    "posta-certificata",
    "pec",
    "assistenza",
    "fatture",
    "pagamenti",
];

/// A good mailbox name in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct LocalPart(String);

impl LocalPart {
    /// Reads a typed name. `also_reserved` are the provider's own names, in lower case.
    pub fn parse<S: AsRef<str>>(raw: &str, also_reserved: &[S]) -> Result<LocalPart, LocalPartRefusal> {
        use LocalPartRefusal as R;
        let name = raw.trim_matches([' ', '\t']);
        if name.is_empty() {
            return Err(R::Empty);
        }
        if name.contains('@') {
            return Err(R::WholeAddress);
        }
        let name = name.to_ascii_lowercase();
        if let Some(refusal) = shape_fault(&name) {
            return Err(refusal);
        }
        if RESERVED.contains(&name.as_str()) || also_reserved.iter().any(|r| r.as_ref() == name) {
            return Err(R::Reserved);
        }
        Ok(LocalPart(name))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Display for LocalPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_separator(b: u8) -> bool {
    matches!(b, b'.' | b'-' | b'_')
}

fn shape_fault(name: &str) -> Option<LocalPartRefusal> {
    use LocalPartRefusal as R;
    let bytes = name.as_bytes();
    if name.chars().count() > 64 {
        return Some(R::TooLong);
    }
    if !bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || is_separator(*b)) {
        return Some(R::Characters);
    }
    if bytes.len() < 2 {
        return Some(R::TooShort);
    }
    if is_separator(bytes[0]) || is_separator(bytes[bytes.len() - 1]) {
        return Some(R::Ends);
    }
    bytes.windows(2).any(|w| is_separator(w[0]) && is_separator(w[1])).then_some(R::Separators)
}

/// A name near the typed one that the rules accept: `Società Rossi & Figli` → `societa.rossi.figli`.
/// `None` when nothing usable remains, or when the typed name is already good.
pub fn suggestion<S: AsRef<str>>(raw: &str, also_reserved: &[S]) -> Option<LocalPart> {
    let raw: String = raw.trim().chars().take(200).collect();
    let before_at = raw.split('@').next().unwrap_or("");
    let mut out = String::new();
    for c in before_at.chars() {
        let folded = fold_ascii(&c.to_string()).unwrap_or_default().to_ascii_lowercase();
        match folded.as_str() {
            "'" => {}
            s if !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric()) => out.push_str(s),
            _ if c == '\u{300}' || ('\u{300}'..='\u{36f}').contains(&c) => {}
            _ if out.is_empty() || out.ends_with(['.', '-', '_']) => {}
            "-" | "_" => out.push_str(&folded),
            _ => out.push('.'),
        }
    }
    out.truncate(64);
    let name = out.trim_end_matches(['.', '-', '_']);
    let found = LocalPart::parse(name, also_reserved).ok()?;
    (LocalPart::parse(&raw, also_reserved).as_ref() != Ok(&found)).then_some(found)
}

/// Names near a taken one, best first, without the name itself: the caller offers the first three
/// that are free. Made as they are asked for; always at least forty, so that three free ones are found in practice.
pub fn variants<'a, S: AsRef<str>>(
    taken: &'a LocalPart,
    also_reserved: &'a [S],
) -> impl Iterator<Item = LocalPart> + 'a {
    let name = taken.as_str();
    let words: Vec<&str> = name.split(['.', '-', '_']).collect();
    let mut offered: Vec<String> = Vec::new();
    if let [first, .., last] = words.as_slice() {
        let reversed: Vec<&str> = words.iter().rev().copied().collect();
        offered = vec![
            reversed.join("."),
            format!("{}.{last}", &first[..1]),
            words.join("_"),
            words.join("-"),
            words.concat(),
        ];
        // A name may be its own reverse, or stand twice among its ways of writing.
        let mut seen = vec![name.to_owned()];
        offered.retain(|one| {
            !seen.contains(one) && {
                seen.push(one.clone());
                true
            }
        });
    }
    // Room for what is added, so that a name of 64 characters has variants too.
    let stem = name[..name.len().min(58)].trim_end_matches(['.', '-', '_']);
    let described = ["pec", "studio", "ufficio", "posta"].into_iter().map(move |word| format!("{stem}.{word}"));
    let numbered = (1..=60).map(move |n| format!("{stem}{n}"));
    let before = offered.clone();
    let added = described.chain(numbered).filter(move |one| one != name && !before.contains(one));
    offered.into_iter().chain(added).filter_map(|one| LocalPart::parse(&one, also_reserved).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NONE: &[&str] = &[];

    #[test]
    fn names() {
        use LocalPartRefusal as R;
        for (raw, expected) in [
            (" Mario.Rossi ", Ok("mario.rossi")),
            ("a1", Ok("a1")),
            ("studio_rossi-2", Ok("studio_rossi-2")),
            ("", Err(R::Empty)),
            ("a", Err(R::TooShort)),
            (".rossi", Err(R::Ends)),
            ("rossi-", Err(R::Ends)),
            ("mario..rossi", Err(R::Separators)),
            ("mario.-rossi", Err(R::Separators)),
            ("o'neill", Err(R::Characters)),
            ("a+b", Err(R::Characters)),
            ("niccolò", Err(R::Characters)),
            ("mario rossi", Err(R::Characters)),
            ("ｍario", Err(R::Characters)),
            ("mario\0", Err(R::Characters)),
            ("PostMaster", Err(R::Reserved)),
            ("mario@pec.it", Err(R::WholeAddress)),
        ] {
            assert_eq!(LocalPart::parse(raw, NONE).as_ref().map(|l| l.as_str()).map_err(|e| *e), expected, "{raw}");
        }
        assert!(LocalPart::parse(&"a".repeat(64), NONE).is_ok());
        assert_eq!(LocalPart::parse(&"a".repeat(65), NONE), Err(R::TooLong));
        assert_eq!(LocalPart::parse("brandx", &["brandx"]), Err(R::Reserved));
    }
    #[test]
    fn suggestions() {
        for (raw, expected) in [
            ("Società Rossi & Figli", Some("societa.rossi.figli")),
            ("Niccolò D'Amico", Some("niccolo.damico")),
            ("..mario..rossi..", Some("mario.rossi")),
            ("mario.rossi@pec.it", Some("mario.rossi")),
            ("Strauß", Some("strauss")),
            ("e\u{300}ra", Some("era")),
            ("王", None),
            ("admin!", None),
            ("mario", None),
        ] {
            assert_eq!(suggestion(raw, NONE).as_ref().map(|l| l.as_str()), expected, "{raw}");
        }
    }
    #[test]
    fn three_variants_first() {
        let taken = LocalPart::parse("mario.rossi", NONE).unwrap();
        let names: Vec<String> = variants(&taken, NONE).take(3).map(|v| v.to_string()).collect();
        assert_eq!(names, ["rossi.mario", "m.rossi", "mario_rossi"]);
    }
    proptest! {
        #[test]
        fn suggestions_are_good(raw in "\\PC{0,80}") {
            if let Some(name) = suggestion(&raw, NONE) {
                prop_assert_eq!(LocalPart::parse(name.as_str(), NONE), Ok(name.clone()));
            }
        }
        #[test]
        fn there_are_always_variants(raw in "[a-z0-9]([a-z0-9]|[._-][a-z0-9]){1,40}") {
            if let Ok(taken) = LocalPart::parse(&raw, NONE) {
                let found: Vec<LocalPart> = variants(&taken, NONE).collect();
                prop_assert!(found.len() >= 40);
                prop_assert!(!found.contains(&taken));
                for (n, one) in found.iter().enumerate() {
                    prop_assert!(!found[..n].contains(one), "{one} twice");
                }
            }
        }
    }
}
