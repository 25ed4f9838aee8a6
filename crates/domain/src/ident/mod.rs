//! Italian identifiers, contacts and names: what may be typed, what it means, and why it is refused.
//!
//! Everything is pure. Each check answers with a named refusal whose [`code`](fiscal::FiscalCodeRefusal::code)
//! is stable: pages show the words of the message key `problem-<code>`, the API hands the code out.
//! Rules: domain notes 1.4, 1.5, 2.4 and the notes on law B15–B18.

/// Makes an enum of refusals, each with its stable code.
macro_rules! refusals {
    ($(#[$meta:meta])* pub enum $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $code:literal, )+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$vmeta])* $variant, )+ }
        impl $name {
            /// Every refusal of this kind.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];
            /// The stable code; its words stand under `problem-<code>`.
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code, )+ }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
        impl std::error::Error for $name {}
    };
}

pub mod body_code;
pub mod email;
pub mod fiscal;
pub mod fiscal_match;
pub mod invoice_address;
pub mod local_part;
pub mod password;
pub mod phone;
pub mod places;
pub mod tax_id;
pub mod text;

pub use body_code::{BodyCode, BodyCodeRefusal, VatNumber};
pub use email::{EmailAddress, EmailRefusal};
pub use fiscal::{FiscalCode, FiscalCodeRefusal, Sex};
pub use invoice_address::{InvoiceCode, InvoiceCodeRefusal, OfficeCode};
pub use local_part::{LocalPart, LocalPartRefusal};
pub use phone::{Phone, PhoneKind, PhoneRefusal};
pub use tax_id::judge_tax_id;
pub use text::{Text, TextRefusal};

/// Every refusal code of this module, for the test that each has words in each language.
pub fn all_refusal_codes() -> Vec<&'static str> {
    let mut codes = Vec::new();
    codes.extend(FiscalCodeRefusal::ALL.iter().map(|r| r.code()));
    codes.extend(BodyCodeRefusal::ALL.iter().map(|r| r.code()));
    codes.extend(EmailRefusal::ALL.iter().map(|r| r.code()));
    codes.extend(InvoiceCodeRefusal::ALL.iter().map(|r| r.code()));
    codes.extend(LocalPartRefusal::ALL.iter().map(|r| r.code()));
    codes.extend(PhoneRefusal::ALL.iter().map(|r| r.code()));
    codes.extend(TextRefusal::ALL.iter().map(|r| r.code()));
    codes.extend(places::PlaceRefusal::ALL.iter().map(|r| r.code()));
    codes.extend(fiscal_match::Mismatch::ALL.iter().map(|r| r.code()));
    codes.extend(password::Criterion::ALL.iter().map(|r| r.code()));
    codes
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_plain_and_unique() {
        let mut codes = super::all_refusal_codes();
        assert!(codes.iter().all(|c| c.chars().all(|ch| ch.is_ascii_lowercase() || ch == '-' || ch.is_ascii_digit())));
        codes.sort_unstable();
        let n = codes.len();
        codes.dedup();
        assert_eq!(n, codes.len());
    }
}
