//! The provider's bank account: its movements, their statements, and how a movement finds its order.

pub mod camt;
pub mod remittance;

use iban::{Iban, IbanLike};

use crate::money::Money;

/// The name under which attempts remember money that came by bank transfer; never changed.
pub const GATEWAY: &str = "bank_transfer";
/// Longest reference of a bank: 35 characters by ISO 20022, and room for the place inside a batch.
pub const REFERENCE_MAX: usize = 48;

/// An account number without blanks, in capitals, its control digits checked.
pub fn read_iban(typed: &str) -> Option<String> {
    typed.trim().to_uppercase().parse::<Iban>().ok().map(|iban| iban.electronic_str().to_owned())
}

/// The number in groups of four, to be read and typed.
pub fn grouped_iban(iban: &str) -> String {
    iban.parse::<Iban>().map_or_else(|_| iban.to_owned(), |iban| iban.to_string())
}

/// The bank's reference of a movement, as it is compared: blanks dropped, in capitals. Letters, digits and the
/// signs that banks use in them.
pub fn read_reference(typed: &str) -> Option<String> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let good = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+_#".contains(c);
    ((3..=REFERENCE_MAX).contains(&text.len()) && text.chars().all(good)).then_some(text)
}

/// An amount as a person types it: `12,08`, `12.08`, `1.284,00`, `12`.
pub fn read_amount(typed: &str) -> Option<Money> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
    let (whole, cents) = match text.rfind([',', '.']) {
        Some(at) if text.len() - at - 1 <= 2 => (&text[..at], &text[at + 1..]),
        _ => (text.as_str(), ""),
    };
    let groups: Vec<&str> = whole.split('.').collect();
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !grouped || whole.is_empty() || whole.len() > 12 || !digits(cents) || !groups.iter().all(|g| digits(g)) {
        return None;
    }
    let euros: i64 = groups.concat().parse().ok()?;
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    Some(Money::cents(euros * 100 + cents)).filter(|m| *m > Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_numbers() {
        let iban = read_iban(" it60 x054 2811 1010 0000 0123 456 ").expect("the usual example");
        assert_eq!(iban, "IT60X0542811101000000123456");
        assert_eq!(grouped_iban(&iban), "IT60 X054 2811 1010 0000 0123 456");
        for bad in ["", "IT60X0542811101000000123457", "XX00", "IT60X05428111010000001234561"] {
            assert_eq!(read_iban(bad), None, "{bad}");
        }
    }

    #[test]
    fn references() {
        assert_eq!(read_reference(" cro 0306909606 / a ").as_deref(), Some("CRO0306909606/A"));
        for bad in ["", "ab", "<script>", "è questo", &"9".repeat(49)] {
            assert_eq!(read_reference(bad), None, "{bad}");
        }
    }

    #[test]
    fn amounts() {
        let cents = |s: &str| read_amount(s).map(Money::as_cents);
        let good =
            [("12,08", 1208), ("12.08", 1208), ("€ 12", 1200), ("1.284,00", 128_400), ("1.284", 128_400), ("0,5", 50)];
        for (typed, right) in good {
            assert_eq!(cents(typed), Some(right), "{typed}");
        }
        for bad in
            ["", "0", "0,00", "-5", "12,080", "1,2,3", "1..2", ",50", "12.08.08", "9999999999999", "1e3", "12,0a"]
        {
            assert_eq!(cents(bad), None, "{bad}");
        }
    }
}
