//! The fiscal code of a person («codice fiscale»), notes on law B15.

use super::places::{self, Place};
use crate::time::Date;

refusals! {
    /// Why a text is not the fiscal code of a person.
    pub enum FiscalCodeRefusal {
        /// Characters beyond ASCII: full-width digits, letters of other scripts that look Latin.
        NotAscii = "fiscal-code-not-ascii",
        /// Not sixteen characters.
        Length = "fiscal-code-length",
        /// A letter where a digit must be, or the reverse.
        Shape = "fiscal-code-shape",
        /// The ninth character is not the letter of a month.
        Month = "fiscal-code-month",
        /// The control letter does not follow from the other characters: a typing error.
        Control = "fiscal-code-control",
        /// The day is not 01–31 or 41–71.
        Day = "fiscal-code-day",
        /// There is no such day in that month.
        Date = "fiscal-code-date",
        /// No municipality and no state ever had this code.
        Place = "fiscal-code-place",
    }
}

/// Sex as the code carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Sex {
    M,
    F,
}

/// A fiscal code that passed every check, as it was assigned: letters in place of digits
/// («omocodia») are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FiscalCode([u8; 16]);

/// Places of the seven characters that may be letters because of a clash.
const DIGIT_PLACES: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];
const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
const ODD: [u8; 26] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

impl FiscalCode {
    /// Reads a typed code: blanks at the ends and inside are dropped, lower case is raised.
    ///
    /// A code whose place did not exist on the day of birth is good: see [`FiscalCode::place`].
    pub fn parse(raw: &str) -> Result<FiscalCode, FiscalCodeRefusal> {
        use FiscalCodeRefusal as R;
        let raw = raw.trim_matches([' ', '\t', '\r', '\n']);
        if !raw.is_ascii() {
            return Err(R::NotAscii);
        }
        let bytes: Vec<u8> = raw.bytes().filter(|b| *b != b' ').map(|b| b.to_ascii_uppercase()).collect();
        let code = FiscalCode(bytes.try_into().map_err(|_| R::Length)?);
        let plain = code.digits().ok_or(R::Shape)?;
        code.check_letters()?;
        let (_, month, day, _) = code.birth_parts(&plain)?;
        if control_letter(&code.0) != code.0[15] {
            return Err(R::Control);
        }
        let day = match day {
            1..=31 => day,
            41..=71 => day - 40,
            _ => return Err(R::Day),
        };
        let yy = i16::from(two(&plain, 6));
        if [2000, 1900].iter().all(|c| Date::new(c + yy, month, day as i8).is_none()) {
            return Err(R::Date);
        }
        if places::by_code(place_text(&plain)).is_empty() {
            return Err(R::Place);
        }
        Ok(code)
    }

    fn check_letters(&self) -> Result<(), FiscalCodeRefusal> {
        let letters = self.0[..6].iter().chain([&self.0[11], &self.0[15]]);
        if letters.clone().all(u8::is_ascii_uppercase) { Ok(()) } else { Err(FiscalCodeRefusal::Shape) }
    }

    /// The code with digits in the seven places; `None` if one holds neither a digit nor its letter.
    fn digits(&self) -> Option<[u8; 16]> {
        let mut plain = self.0;
        for at in DIGIT_PLACES {
            plain[at] = match plain[at] {
                d @ b'0'..=b'9' => d,
                l @ b'L'..=b'N' => l - b'L' + b'0',
                l @ b'P'..=b'V' => l - b'P' + b'3',
                _ => return None,
            };
        }
        Some(plain)
    }

    /// Year of the century, month, day as written (41–71 for women), sex.
    fn birth_parts(&self, plain: &[u8; 16]) -> Result<(u8, i8, u8, Sex), FiscalCodeRefusal> {
        let month = MONTHS.iter().position(|m| *m == plain[8]).ok_or(FiscalCodeRefusal::Month)? as i8 + 1;
        let day = two(plain, 9);
        Ok((two(plain, 6), month, day, if day > 40 { Sex::F } else { Sex::M }))
    }

    fn plain(&self) -> [u8; 16] {
        self.digits().expect("checked when the code was read")
    }
    fn parts(&self) -> (u8, i8, u8, Sex) {
        self.birth_parts(&self.plain()).expect("checked when the code was read")
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII is kept")
    }
    /// The first fifteen characters with digits in the seven places: equal for all forms that
    /// clashes can give one person's code. The only safe key of comparison.
    pub fn base(&self) -> String {
        String::from_utf8_lossy(&self.plain()[..15]).into_owned()
    }
    /// Whether a clash put letters in the place of digits.
    pub fn is_omocode(&self) -> bool {
        self.plain() != self.0
    }
    pub fn sex(&self) -> Sex {
        self.parts().3
    }
    /// The date of birth: the code has two digits of the year only, so the latest date that is
    /// not after `today`. Somebody older than a hundred types the date.
    pub fn birth_date(&self, today: Date) -> Date {
        let (yy, month, day, _) = self.parts();
        let day = (if day > 40 { day - 40 } else { day }) as i8;
        let dates = [2000, 1900].into_iter().filter_map(|c| Date::new(c + i16::from(yy), month, day));
        let mut dates: Vec<Date> = dates.collect();
        dates.sort();
        *dates.iter().rev().find(|d| **d <= today).unwrap_or(&dates[0])
    }
    /// Whether this date of birth is one that the code can mean, in any century.
    pub fn is_born_on(&self, date: Date) -> bool {
        let (yy, month, day, _) = self.parts();
        let (y, m, d) = date.ymd();
        let written = if day > 40 { day - 40 } else { day };
        y.rem_euclid(100) == i16::from(yy) && m == month && d == written as i8
    }
    /// The cadastral code of the place of birth.
    pub fn place_code(&self) -> String {
        place_text(&self.plain()).to_owned()
    }
    /// The place of birth as it was on that date, and whether the list knows it on that date.
    /// `false` is a warning: codes were also given later, and the official days have gaps.
    pub fn place(&self, birth: Date) -> (&'static Place, bool) {
        places::at_birth(&self.place_code(), birth).expect("the place was found when the code was read")
    }
    /// The three letters of the last name and the three of the first name.
    pub fn name_letters(&self) -> (&str, &str) {
        let s = self.as_str();
        (&s[..3], &s[3..6])
    }
}

fn two(code: &[u8; 16], at: usize) -> u8 {
    (code[at] - b'0') * 10 + code[at + 1] - b'0'
}
fn place_text(plain: &[u8; 16]) -> &str {
    std::str::from_utf8(&plain[11..15]).unwrap_or("")
}

/// The letter that the first fifteen characters ask for (odd and even places weigh differently).
pub fn control_letter(code: &[u8; 16]) -> u8 {
    let value = |b: u8| if b.is_ascii_digit() { b - b'0' } else { b.wrapping_sub(b'A') } as usize % 26;
    let sum: usize =
        code[..15].iter().enumerate().map(|(i, b)| if i % 2 == 0 { ODD[value(*b)] as usize } else { value(*b) }).sum();
    b'A' + (sum % 26) as u8
}

impl std::fmt::Display for FiscalCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
impl std::fmt::Debug for FiscalCode {
    /// Personal data: only the place of birth is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FiscalCode(…{}…)", self.place_code())
    }
}
impl serde::Serialize for FiscalCode {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}
impl<'de> serde::Deserialize<'de> for FiscalCode {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = <String as serde::Deserialize>::deserialize(d)?;
        FiscalCode::parse(&s).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[path = "fiscal_tests.rs"]
mod tests;
