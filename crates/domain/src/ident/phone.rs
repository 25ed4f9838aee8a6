//! Telephone numbers in E.164; Italy when no country is typed (domain notes 1.4, notes on law B18).

use phonenumber::{Mode, PhoneNumber, Type, metadata::DATABASE};

refusals! {
    /// Why a number is refused.
    pub enum PhoneRefusal {
        /// Characters that no number has, such as letters or full-width digits.
        Characters = "phone-characters",
        /// Not a number of any plan, or not one of its country.
        NotANumber = "phone-not-a-number",
        /// A toll-free, premium or shared-cost number: nobody can be reached on it.
        Service = "phone-service",
        /// A fixed number where text messages must arrive.
        NotMobile = "phone-not-mobile",
    }
}

/// What a number can receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// Text messages too.
    Mobile,
    /// Calls only.
    Fixed,
}

/// A possible number of its country, in E.164. Italian fixed lines keep their zero.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    e164: String,
    mobile: bool,
}

impl Phone {
    /// Reads a typed number; without `+` or `00` it is Italian.
    pub fn parse(raw: &str) -> Result<Phone, PhoneRefusal> {
        let raw = raw.trim();
        if raw.len() > 40 || !raw.bytes().all(|b| b.is_ascii_digit() || b" +()-./".contains(&b)) {
            return Err(PhoneRefusal::Characters);
        }
        let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
        let plus = raw.starts_with('+') || raw.starts_with("(+");
        if raw.matches('+').count() > usize::from(plus) {
            return Err(PhoneRefusal::Characters);
        }
        let international = match (plus, digits.strip_prefix("00")) {
            (true, _) => format!("+{digits}"),
            (false, Some(rest)) => format!("+{rest}"),
            (false, None) => format!("+39{digits}"),
        };
        match Self::read(&international) {
            // `39` typed without the plus: longer than any Italian number.
            Err(PhoneRefusal::NotANumber) if !plus && digits.len() >= 11 && digits.starts_with("39") => {
                Self::read(&format!("+{digits}"))
            }
            answer => answer,
        }
    }
    /// The same where text messages must arrive.
    pub fn parse_mobile(raw: &str) -> Result<Phone, PhoneRefusal> {
        let phone = Self::parse(raw)?;
        if phone.mobile { Ok(phone) } else { Err(PhoneRefusal::NotMobile) }
    }

    fn read(international: &str) -> Result<Phone, PhoneRefusal> {
        let number = phonenumber::parse(None, international).map_err(|_| PhoneRefusal::NotANumber)?;
        if !phonenumber::is_valid(&number) {
            return Err(PhoneRefusal::NotANumber);
        }
        let mobile = receives_texts(&number)?;
        Ok(Phone { e164: number.format().mode(Mode::E164).to_string(), mobile })
    }

    /// `+393331234567`.
    pub fn as_str(&self) -> &str {
        &self.e164
    }
    pub fn kind(&self) -> PhoneKind {
        if self.mobile { PhoneKind::Mobile } else { PhoneKind::Fixed }
    }
    /// The number with all but its last three digits hidden, for pages that must not reveal it.
    pub fn masked(&self) -> String {
        masked(&self.e164)
    }
}

/// The library tells kinds apart without the zeros in front, which are part of Italian fixed lines
/// (`06…` and `6…` differ): those are decided here, by the first digit of the national plan.
fn receives_texts(number: &PhoneNumber) -> Result<bool, PhoneRefusal> {
    if number.national().zeros() > 0 {
        return Ok(false);
    }
    match number.number_type(&DATABASE) {
        Type::Mobile | Type::FixedLineOrMobile => Ok(true),
        Type::FixedLine | Type::Voip | Type::PersonalNumber | Type::Uan => Ok(false),
        Type::Unknown => Err(PhoneRefusal::NotANumber),
        _ => Err(PhoneRefusal::Service),
    }
}

/// `+39•••••••567` for a stored number.
pub fn masked(e164: &str) -> String {
    let len = e164.chars().count();
    e164.chars().enumerate().map(|(i, c)| if i < 3 || i + 3 >= len { c } else { '•' }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers() {
        use PhoneKind::{Fixed, Mobile};
        for (raw, e164, kind) in [
            ("333 1234567", "+393331234567", Mobile),
            ("+39 333 123 4567", "+393331234567", Mobile),
            ("0039-333.1234567", "+393331234567", Mobile),
            ("393331234567", "+393331234567", Mobile),
            ("393 1234567", "+393931234567", Mobile),
            ("06 69881234", "+390669881234", Fixed),
            ("+39 06/69881234", "+390669881234", Fixed),
            ("0575 0505", "+3905750505", Fixed),
            ("+39 06 4991 2345", "+390649912345", Fixed),
            ("+33 6 12 34 56 78", "+33612345678", Mobile),
            ("+41 79 123 45 67", "+41791234567", Mobile),
        ] {
            let phone = Phone::parse(raw).unwrap_or_else(|e| panic!("{raw}: {e}"));
            assert_eq!((phone.as_str(), phone.kind()), (e164, kind), "{raw}");
        }
    }
    #[test]
    fn refused_numbers() {
        use PhoneRefusal as R;
        for (raw, refusal) in [
            ("", R::NotANumber),
            ("12", R::NotANumber),
            ("333", R::NotANumber),
            ("33312345678901", R::NotANumber),
            ("telefono", R::Characters),
            ("333\r\n1234567", R::Characters),
            ("３３３1234567", R::Characters),
            ("+39+3331234567", R::Characters),
            ("800 123456", R::Service),
            ("+999 1234567", R::NotANumber),
        ] {
            assert_eq!(Phone::parse(raw), Err(refusal), "{raw:?}");
        }
        assert_eq!(Phone::parse_mobile("06 69881234"), Err(R::NotMobile));
        assert_eq!(masked("+393331234567"), "+39•••••••567");
    }
    proptest! {
        #[test]
        fn read_back_is_the_same(raw in "[+0-9 ()./-]{0,18}") {
            if let Ok(phone) = Phone::parse(&raw) {
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone));
            }
        }
    }
}
