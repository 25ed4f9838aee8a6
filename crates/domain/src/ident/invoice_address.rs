//! Where an electronic invoice goes: recipient code («codice destinatario») and office code («codice
//! univoco ufficio»), domain notes 1.4.

refusals! {
    /// Why a recipient or office code is refused.
    pub enum InvoiceCodeRefusal {
        /// Not seven ASCII letters and digits.
        RecipientShape = "invoice-recipient-shape",
        /// Seven `X`: only the invoicing program uses it, for foreign customers.
        RecipientAbroad = "invoice-recipient-abroad",
        /// Not six ASCII letters and digits.
        OfficeShape = "invoice-office-shape",
        /// Both a recipient code and a PEC address: an invoice goes to one of them.
        OneOnly = "invoice-one-only",
        /// Neither of them where one is needed.
        OneNeeded = "invoice-one-needed",
    }
}

/// A recipient code of seven characters, in upper case. Seven zeros mean "none: by PEC or in the tax drawer".
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct InvoiceCode(String);

impl InvoiceCode {
    /// The code of who has none.
    pub const NONE: &'static str = "0000000";

    pub fn parse(raw: &str) -> Result<InvoiceCode, InvoiceCodeRefusal> {
        let code = alphanumeric(raw, 7).ok_or(InvoiceCodeRefusal::RecipientShape)?;
        if code == "XXXXXXX" { Err(InvoiceCodeRefusal::RecipientAbroad) } else { Ok(InvoiceCode(code)) }
    }
    /// Whether the code names a channel, and not "none".
    pub fn is_channel(&self) -> bool {
        self.0 != Self::NONE
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An office code of six characters, of public administrations only.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct OfficeCode(String);

impl OfficeCode {
    pub fn parse(raw: &str) -> Result<OfficeCode, InvoiceCodeRefusal> {
        alphanumeric(raw, 6).map(OfficeCode).ok_or(InvoiceCodeRefusal::OfficeShape)
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn alphanumeric(raw: &str, len: usize) -> Option<String> {
    let code = raw.trim().to_ascii_uppercase();
    (code.len() == len && code.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        assert_eq!(InvoiceCode::parse(" m5uxcr1").unwrap().as_str(), "M5UXCR1");
        assert!(!InvoiceCode::parse("0000000").unwrap().is_channel());
        assert_eq!(InvoiceCode::parse("xxxxxxx"), Err(InvoiceCodeRefusal::RecipientAbroad));
        for bad in ["", "M5UXCR", "M5UXCR12", "M5UXC-1", "Ｍ5UXCR1", "M5UXCRÈ"] {
            assert_eq!(InvoiceCode::parse(bad), Err(InvoiceCodeRefusal::RecipientShape), "{bad}");
        }
        assert_eq!(OfficeCode::parse("uf1a2b").unwrap().as_str(), "UF1A2B");
        assert_eq!(OfficeCode::parse("UF1A2B3"), Err(InvoiceCodeRefusal::OfficeShape));
    }
}
