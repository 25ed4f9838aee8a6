//! Whether typed personal data agree with a fiscal code (notes on law B15).
//!
//! The code is never rebuilt and compared as text: its parts are read, letters in the place of
//! digits included, and compared one by one.

use super::{
    fiscal::{FiscalCode, Sex},
    places,
    text::name_key,
};
use crate::time::Date;

refusals! {
    /// A typed datum that the fiscal code contradicts.
    pub enum Mismatch {
        LastName = "fiscal-code-other-last-name",
        FirstName = "fiscal-code-other-first-name",
        BirthDate = "fiscal-code-other-birth-date",
        Sex = "fiscal-code-other-sex",
        BirthPlace = "fiscal-code-other-birth-place",
    }
}

/// What a person typed beside the code; absent data are not compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    pub last_name: Option<&'a str>,
    pub first_name: Option<&'a str>,
    pub sex: Option<Sex>,
    pub birth: Option<Date>,
    /// Name of a municipality or a state, in any spelling and of any time, or its code.
    pub birth_place: Option<&'a str>,
}

/// The data that do not agree, in the order of the form; empty when all do.
pub fn mismatches(code: &FiscalCode, typed: Typed<'_>) -> Vec<Mismatch> {
    let (last, first) = code.name_letters();
    let mut out = Vec::new();
    // A name outside the Latin script has no computed letters: the registry transliterated it.
    if typed.last_name.and_then(last_name_letters).is_some_and(|l| l != last) {
        out.push(Mismatch::LastName);
    }
    if typed.first_name.and_then(first_name_letters).is_some_and(|l| l != first) {
        out.push(Mismatch::FirstName);
    }
    if typed.birth.is_some_and(|b| !code.is_born_on(b)) {
        out.push(Mismatch::BirthDate);
    }
    if typed.sex.is_some_and(|s| s != code.sex()) {
        out.push(Mismatch::Sex);
    }
    if typed.birth_place.is_some_and(|p| !same_place(&code.place_code(), p)) {
        out.push(Mismatch::BirthPlace);
    }
    out
}

fn same_place(code: &str, typed: &str) -> bool {
    let bare = typed.split(['(', ',']).next().unwrap_or(typed);
    typed.trim().eq_ignore_ascii_case(code)
        || [typed, bare].iter().any(|t| places::ever_named(t).iter().any(|p| p.code == code))
}

/// The three letters of a last name: consonants in order, then vowels, then `X`.
/// `None` for a name without Latin letters.
pub fn last_name_letters(name: &str) -> Option<String> {
    let (consonants, vowels) = letters(name)?;
    Some(three(&consonants, &vowels))
}

/// The three letters of a first name: as a last name, but of four or more consonants the
/// first, third and fourth count.
pub fn first_name_letters(name: &str) -> Option<String> {
    let (mut consonants, vowels) = letters(name)?;
    if consonants.len() >= 4 {
        consonants.remove(1);
    }
    Some(three(&consonants, &vowels))
}

fn letters(name: &str) -> Option<(String, String)> {
    let key = name_key(name)?;
    let (vowels, consonants): (String, String) =
        key.chars().filter(char::is_ascii_uppercase).partition(|c| "AEIOU".contains(*c));
    (!(vowels.is_empty() && consonants.is_empty())).then_some((consonants, vowels))
}

fn three(consonants: &str, vowels: &str) -> String {
    consonants.chars().chain(vowels.chars()).chain("XXX".chars()).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_names() {
        for (name, expected) in [
            ("Rossi", "RSS"),
            ("Fo", "FOX"),
            ("D'Alì Orso", "DLR"),
            ("Nuñez", "NNZ"),
            ("Strauß", "STR"),
            ("Aiò", "AIO"),
        ] {
            assert_eq!(last_name_letters(name).as_deref(), Some(expected), "{name}");
        }
        for (name, expected) in
            [("Mario", "MRA"), ("Gian Maria", "GMR"), ("Io", "IOX"), ("Alessandro", "LSN"), ("Ugo", "GUO")]
        {
            assert_eq!(first_name_letters(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(last_name_letters("王"), None);
        assert_eq!(last_name_letters("-"), None);
    }
    #[test]
    fn each_datum_is_told_apart() {
        let code = FiscalCode::parse("RSSNNA90E47Z110T").unwrap();
        let good = Typed {
            last_name: Some("Rossi"),
            first_name: Some("Anna"),
            sex: Some(Sex::F),
            birth: Date::parse_iso("1990-05-07"),
            birth_place: Some("francia"),
        };
        assert_eq!(mismatches(&code, good), []);
        assert_eq!(mismatches(&code, Typed::default()), []);
        let bad = Typed {
            last_name: Some("Bianchi"),
            first_name: Some("Ada"),
            sex: Some(Sex::M),
            birth: Date::parse_iso("1990-05-08"),
            birth_place: Some("Roma"),
        };
        assert_eq!(mismatches(&code, bad), Mismatch::ALL);
        assert_eq!(mismatches(&code, Typed { last_name: Some("Иванова"), ..good }), []);
        assert_eq!(mismatches(&code, Typed { birth_place: Some("Z110"), ..good }), []);
    }
    #[test]
    fn clashing_codes_agree_with_the_same_data() {
        let code = FiscalCode::parse("RCCMNL83S1UD969E").unwrap();
        let typed = Typed {
            last_name: Some("Racca"),
            first_name: Some("Emanuele"),
            sex: Some(Sex::M),
            birth: Date::parse_iso("1983-11-18"),
            birth_place: Some("Genova (GE)"),
        };
        assert_eq!(mismatches(&code, typed), []);
    }
}
