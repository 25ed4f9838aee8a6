//! The password policy, one for accounts and mailboxes (domain notes 1.5): a list of criteria, each
//! judged on its own, so that a page can show them as a live list.

refusals! {
    /// One line of the list.
    pub enum Criterion {
        /// Between the shortest and the longest length of the policy.
        Length = "password-length",
        Lowercase = "password-lowercase",
        Uppercase = "password-uppercase",
        Digit = "password-digit",
        /// One of [`SPECIALS`].
        Special = "password-special",
        /// Only ASCII letters, digits and [`SPECIALS`], no blank: mail programs disagree on how to
        /// send anything else.
        Characters = "password-characters",
        /// Does not contain the username, the mailbox name or the fiscal code.
        Personal = "password-personal",
        /// Not one of the passwords that everybody tries first.
        Common = "password-common",
        /// Not among the last ones; judged by the caller, who has their hashes.
        Reused = "password-reused",
    }
}

/// The special characters that count.
pub const SPECIALS: &str = "!#$%&()*+,.-/:;=?[]_{|}@\\";

/// Bounds that a provider may configure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordPolicy {
    pub min_length: usize,
    pub max_length: usize,
    /// How many former passwords may not come back.
    pub history: usize,
}
impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_length: 8, max_length: 64, history: 5 }
    }
}

/// A criterion and whether the password meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    pub criterion: Criterion,
    pub met: bool,
}

/// The criteria that can be judged from the text alone, in the order of the page.
pub const SHOWN: &[Criterion] = &[
    Criterion::Length,
    Criterion::Lowercase,
    Criterion::Uppercase,
    Criterion::Digit,
    Criterion::Special,
    Criterion::Characters,
    Criterion::Personal,
    Criterion::Common,
];

/// Judges each criterion but the history. `personal` are the username, the mailbox name, the fiscal
/// code: whole addresses may be given, their name part counts.
pub fn judge(password: &str, personal: &[&str], policy: &PasswordPolicy) -> Vec<Judged> {
    SHOWN.iter().map(|c| Judged { criterion: *c, met: is_met(*c, password, personal, policy) }).collect()
}

/// The criteria that are not met; empty for a good password.
pub fn unmet(password: &str, personal: &[&str], policy: &PasswordPolicy) -> Vec<Criterion> {
    judge(password, personal, policy).into_iter().filter(|j| !j.met).map(|j| j.criterion).collect()
}

fn is_met(criterion: Criterion, password: &str, personal: &[&str], policy: &PasswordPolicy) -> bool {
    let any = |f: fn(char) -> bool| password.chars().any(f);
    match criterion {
        Criterion::Length => (policy.min_length..=policy.max_length).contains(&password.chars().count()),
        Criterion::Lowercase => any(|c| c.is_ascii_lowercase()),
        Criterion::Uppercase => any(|c| c.is_ascii_uppercase()),
        Criterion::Digit => any(|c| c.is_ascii_digit()),
        Criterion::Special => any(|c| SPECIALS.contains(c)),
        Criterion::Characters => {
            !password.is_empty() && password.chars().all(|c| c.is_ascii_alphanumeric() || SPECIALS.contains(c))
        }
        Criterion::Personal => !password.is_empty() && !personal.iter().any(|p| contains_personal(password, p)),
        Criterion::Common => !password.is_empty() && !is_common(password),
        Criterion::Reused => true,
    }
}

/// Names of two letters would forbid half of all passwords: three and more count.
fn contains_personal(password: &str, datum: &str) -> bool {
    let name = datum.split('@').next().unwrap_or(datum).trim().to_ascii_lowercase();
    name.len() >= 3 && password.to_ascii_lowercase().contains(&name)
}

/// Words on which weak passwords are built. The list is ours and small on purpose: it stops the first
/// guesses of an attacker, not a dictionary.
const COMMON: &[&str] = &[
    "password",
    "passw",
    "passwd",
    "pass",
    "parola",
    "parolachiave",
    "segreto",
    "segreta",
    "secret",
    "qwerty",
    "qwertyuiop",
    "qwert",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "qazwsx",
    "qazwsxedc",
    "abc",
    "abcd",
    "abcde",
    "abcdef",
    "abcdefg",
    "abcdefgh",
    "aaaa",
    "aaaaaa",
    "aaaaaaa",
    "admin",
    "administrator",
    "amministratore",
    "root",
    "user",
    "utente",
    "username",
    "guest",
    "ospite",
    "test",
    "prova",
    "demo",
    "login",
    "accesso",
    "account",
    "welcome",
    "benvenuto",
    "benvenuta",
    "ciao",
    "ciaociao",
    "buongiorno",
    "hello",
    "letmein",
    "changeme",
    "cambiami",
    "default",
    "temp",
    "temporanea",
    "nuova",
    "italia",
    "italy",
    "roma",
    "milano",
    "napoli",
    "torino",
    "juventus",
    "juve",
    "inter",
    "milan",
    "lazio",
    "forzaroma",
    "forzainter",
    "forzamilan",
    "forzajuve",
    "forzanapoli",
    "amore",
    "amoremio",
    "tesoro",
    "iloveyou",
    "tiamo",
    "mamma",
    "papa",
    "famiglia",
    "estate",
    "inverno",
    "primavera",
    "autunno",
    "summer",
    "winter",
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
    "lunedi",
    "martedi",
    "mercoledi",
    "giovedi",
    "venerdi",
    "sabato",
    "domenica",
    "andrea",
    "francesco",
    "alessandro",
    "giuseppe",
    "antonio",
    "giovanni",
    "francesca",
    "giulia",
    "martina",
    "chiara",
    "valentina",
    "principessa",
    "princess",
    "monkey",
    "dragon",
    "football",
    "calcio",
    "superman",
    "batman",
    "pokemon",
    "ferrari",
    "ducati",
    "pec",
    "posta",
    "casella",
    "mail",
    "email",
    "computer",
    "internet",
    "google",
    "facebook",
    "windows",
    "azienda",
    "ufficio",
    "studio",
];

/// Whether what remains after the usual decorations (digits and signs around, `0` for `o`) is common.
fn is_common(password: &str) -> bool {
    let lower = password.to_ascii_lowercase();
    let letters: String = lower.chars().filter(char::is_ascii_lowercase).collect();
    let core = lower.trim_matches(|c: char| !c.is_ascii_lowercase() && c != '@');
    let read: String = core.chars().map(unleet).filter(char::is_ascii_lowercase).collect();
    let repeated = letters.chars().collect::<std::collections::BTreeSet<_>>().len() <= 1;
    repeated || COMMON.contains(&letters.as_str()) || COMMON.contains(&read.as_str())
}

fn unleet(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn faults(password: &str) -> Vec<Criterion> {
        unmet(
            password,
            &["100432@ceralacca.example", "mario.rossi@pec.example", "RSSMRA80A01H501U"],
            &PasswordPolicy::default(),
        )
    }
    #[test]
    fn each_criterion_alone() {
        use Criterion as C;
        assert_eq!(faults("Tramonto-7verde"), []);
        for (password, fault) in [
            ("Ab1!xyz", C::Length),
            ("TRAMONTO-7VERDE", C::Lowercase),
            ("tramonto-7verde", C::Uppercase),
            ("Tramonto-verde", C::Digit),
            ("Tramonto7verde", C::Special),
            ("Tramonto-7 verde", C::Characters),
            ("Tramonto-7vèrde", C::Characters),
            ("Tramonto-7\u{0}verde", C::Characters),
            ("Tramonto-7verde\"", C::Characters),
            ("Tramonto-100432", C::Personal),
            ("7!Mario.Rossi-verde", C::Personal),
            ("rssmra80a01h501u-Xy", C::Personal),
            ("Password1!", C::Common),
            ("P@ssw0rd2024!", C::Common),
            ("!Juventus97", C::Common),
            ("Aaaaaaa1!", C::Common),
        ] {
            assert_eq!(faults(password), [fault], "{password}");
        }
        assert_eq!(faults(&format!("A-7{}", "bcdfghjk".repeat(8))), [C::Length]);
        assert_eq!(faults("").len(), SHOWN.len());
    }
    #[test]
    fn specials_are_the_published_set() {
        assert_eq!(SPECIALS.chars().count(), 25);
        assert!(SPECIALS.chars().all(|c| c.is_ascii_punctuation()));
    }
    #[test]
    fn short_names_do_not_forbid_everything() {
        assert_eq!(unmet("Tramonto-7verde", &["tr@pec.example"], &PasswordPolicy::default()), []);
    }
    proptest! {
        #[test]
        fn good_ones_have_every_kind(password in "\\PC{0,70}") {
            if unmet(&password, &[], &PasswordPolicy::default()).is_empty() {
                prop_assert!(password.is_ascii() && (8..=64).contains(&password.len()));
                prop_assert!(password.bytes().any(|b| b.is_ascii_punctuation()));
            }
        }
    }
}
