//! One verdict on one identifier of any kind, for `ceralacca check tax-ids`.

use std::fmt;

use super::{body_code::BodyCode, fiscal::FiscalCode};

/// What a line turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A good identifier and its kind: `person`, `person-omocode`, `body`.
    Valid(&'static str),
    /// The refusal's code.
    Invalid(&'static str),
}
impl Verdict {
    pub fn is_valid(&self) -> bool {
        matches!(self, Verdict::Valid(_))
    }
}
impl fmt::Display for Verdict {
    /// `valid` or `invalid`, a tab, the kind or the reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Valid(kind) => write!(f, "valid\t{kind}"),
            Verdict::Invalid(reason) => write!(f, "invalid\t{reason}"),
        }
    }
}

/// Judges one typed identifier: a person's fiscal code, or an eleven-digit code (with `IT` before it or
/// not). The answer does not depend on the day.
pub fn judge_tax_id(line: &str) -> Verdict {
    let line = line.trim_matches([' ', '\t', '\r', '\n']);
    let bare = line.get(..2).filter(|p| p.eq_ignore_ascii_case("it")).map_or(line, |_| &line[2..]);
    if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit() || b == b' ') {
        return match BodyCode::parse(bare) {
            Ok(_) => Verdict::Valid("body"),
            Err(refusal) => Verdict::Invalid(refusal.code()),
        };
    }
    match FiscalCode::parse(line) {
        Ok(code) if code.is_omocode() => Verdict::Valid("person-omocode"),
        Ok(_) => Verdict::Valid("person"),
        Err(refusal) => Verdict::Invalid(refusal.code()),
    }
}

/// The same for a line whose bytes may not be text.
pub fn judge_tax_id_bytes(line: &[u8]) -> Verdict {
    std::str::from_utf8(line).map_or(Verdict::Invalid("not-text"), judge_tax_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (line, said) in [
            ("RCCMNL83S18D969H\r\n", "valid\tperson"),
            ("rccmnl83sludvsve", "valid\tperson-omocode"),
            ("00743110157", "valid\tbody"),
            ("IT 00743110157", "valid\tbody"),
            ("00743110158", "invalid\tbody-code-control"),
            ("RCCMNL83S81D969V", "invalid\tfiscal-code-day"),
            ("", "invalid\tfiscal-code-length"),
            ("０0743110157", "invalid\tfiscal-code-not-ascii"),
            ("IT", "invalid\tfiscal-code-length"),
        ] {
            assert_eq!(judge_tax_id(line).to_string(), said, "{line}");
        }
        assert_eq!(judge_tax_id_bytes(b"\xff\xfe").to_string(), "invalid\tnot-text");
    }
}
