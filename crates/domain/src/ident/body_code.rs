//! Eleven-digit codes: fiscal codes of bodies, provisional codes of persons, VAT numbers (notes on law B15, B17).

refusals! {
    /// Why a text is not an eleven-digit code.
    pub enum BodyCodeRefusal {
        /// Characters beyond ASCII, such as full-width digits.
        NotAscii = "body-code-not-ascii",
        /// Something else than digits.
        Digits = "body-code-digits",
        /// Not eleven digits.
        Length = "body-code-length",
        /// The first seven digits are zero: no such number was ever given.
        Zero = "body-code-zero",
        /// The three digits before the last name no office.
        Office = "body-code-office",
        /// The last digit does not follow from the others: a typing error.
        Control = "body-code-control",
    }
}

/// A good eleven-digit code. Whether it belongs to a body, to a person with a provisional code
/// or to a taxpayer with VAT cannot be told from the digits: the field says what it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BodyCode([u8; 11]);

/// An Italian VAT number («partita IVA»): the same digits and the same checks.
pub type VatNumber = BodyCode;

impl BodyCode {
    /// Reads a typed code; blanks are dropped. No prefix is taken: see [`BodyCode::parse_vat`].
    pub fn parse(raw: &str) -> Result<BodyCode, BodyCodeRefusal> {
        use BodyCodeRefusal as R;
        if !raw.is_ascii() {
            return Err(R::NotAscii);
        }
        let digits: Vec<u8> = raw.bytes().filter(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n')).collect();
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(R::Digits);
        }
        let code: [u8; 11] = digits.try_into().map_err(|_| R::Length)?;
        if code[..7] == *b"0000000" {
            return Err(R::Zero);
        }
        let office = code[7..10].iter().fold(0u16, |n, d| n * 10 + u16::from(d - b'0'));
        if !matches!(office, 1..=100 | 120 | 121 | 888 | 999) {
            return Err(R::Office);
        }
        if luhn(&code[..10]) != code[10] {
            return Err(R::Control);
        }
        Ok(BodyCode(code))
    }
    /// Reads a VAT number, with or without the country prefix `IT`.
    pub fn parse_vat(raw: &str) -> Result<VatNumber, BodyCodeRefusal> {
        let raw = raw.trim();
        let bare = raw.get(..2).filter(|p| p.eq_ignore_ascii_case("it")).map_or(raw, |_| &raw[2..]);
        Self::parse(bare)
    }
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only digits are kept")
    }
}

/// The control digit of the ten digits before it: even places doubled, minus 9 above 9.
fn luhn(ten: &[u8]) -> u8 {
    let sum: u32 = ten
        .iter()
        .enumerate()
        .map(|(i, d)| {
            let n = u32::from(d - b'0') * if i % 2 == 1 { 2 } else { 1 };
            if n > 9 { n - 9 } else { n }
        })
        .sum();
    b'0' + ((10 - sum % 10) % 10) as u8
}

impl std::fmt::Display for BodyCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
impl std::fmt::Debug for BodyCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BodyCode({}…)", &self.as_str()[..3])
    }
}
impl serde::Serialize for BodyCode {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}
impl<'de> serde::Deserialize<'de> for BodyCode {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = <String as serde::Deserialize>::deserialize(d)?;
        BodyCode::parse(&s).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn samples() {
        use BodyCodeRefusal as R;
        for (raw, expected) in [
            ("00743110157", Ok(())),
            ("01573850516", Ok(())),
            (" 0074 3110 157 ", Ok(())),
            ("00743110158", Err(R::Control)),
            ("01234567897", Err(R::Office)),
            ("00000000000", Err(R::Zero)),
            ("0074311015", Err(R::Length)),
            ("007431101577", Err(R::Length)),
            ("", Err(R::Length)),
            ("0074311015A", Err(R::Digits)),
            ("-0743110157", Err(R::Digits)),
            ("０0743110157", Err(R::NotAscii)),
            ("IT00743110157", Err(R::Digits)),
        ] {
            assert_eq!(BodyCode::parse(raw).map(|_| ()), expected, "{raw}");
        }
        assert!(BodyCode::parse_vat("it 00743110157").is_ok());
        assert_eq!(BodyCode::parse_vat("FR00743110157"), Err(R::Digits));
        assert_eq!(BodyCode::parse_vat("È0743110157"), Err(R::NotAscii));
    }
    proptest! {
        #[test]
        fn one_wrong_digit_is_caught(seven in 1u32..10_000_000, office in 1u32..=100, at in 0usize..11, add in 1u8..10) {
            let mut code: [u8; 11] = format!("{seven:07}{office:03}0").into_bytes().try_into().unwrap();
            code[10] = luhn(&code[..10]);
            let good = std::str::from_utf8(&code).unwrap().to_owned();
            prop_assert!(BodyCode::parse(&good).is_ok());
            code[at] = b'0' + (code[at] - b'0' + add) % 10;
            prop_assert!(BodyCode::parse(std::str::from_utf8(&code).unwrap()).is_err());
        }
        #[test]
        fn nothing_panics(raw in "\\PC{0,16}") {
            let _ = BodyCode::parse_vat(&raw);
        }
    }
}
