//! The one box of the back office: what was typed says what is looked for. Each search is in the audit.

use domain::{
    audit::AuditLine,
    bank::read_reference,
    id::{AttemptId, PartyId},
    operator::Permission,
};
use serde_json::json;
use store::{
    desk_search::{self as rows, CustomerRow, Customers, HitRow, Key},
    lists::From,
};
use uuid::Uuid;

use super::orders::Page;
use crate::{Cx, Problem, audit, use_cases::operators::authorise};

/// Rows on one page.
pub const PAGE: u64 = 30;
/// Longest text that is looked for.
const TYPED_MAX: usize = 120;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Customers,
    Mailboxes,
    Orders,
    Payments,
}
impl Kind {
    pub const ALL: [Self; 4] = [Self::Customers, Self::Mailboxes, Self::Orders, Self::Payments];
    /// The word in addresses and keys of words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Mailboxes => "mailboxes",
            Self::Orders => "orders",
            Self::Payments => "payments",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
    /// What a text most likely names: an order's number, an address, a payment, else a customer.
    pub fn guess(typed: &str) -> Self {
        let typed = typed.trim();
        let year = typed.len() >= 5 && typed.starts_with("20") && typed.as_bytes()[4] == b'-';
        match () {
            () if year && typed.bytes().all(|b| b.is_ascii_digit() || b == b'-') => Self::Orders,
            () if typed.contains('@') => Self::Mailboxes,
            () if typed.parse::<AttemptId>().is_ok() || typed.starts_with("pi_") => Self::Payments,
            () => Self::Customers,
        }
    }
}

/// A page of what was found.
pub struct Found {
    pub page: Page<HitRow>,
    /// The customer to whom the list is narrowed.
    pub customer: Option<CustomerRow>,
}

/// Looks. Nothing typed and no customer given is nothing looked for.
///
/// # Errors
/// Forbidden; `NotFound` for a customer who is not there.
pub async fn search(
    cx: &Cx,
    kind: Kind,
    typed: &str,
    party: Option<PartyId>,
    from: From<(String, Uuid)>,
) -> Result<Found, Problem> {
    authorise(cx, Permission::See)?;
    let typed: String = typed.trim().chars().take(TYPED_MAX).collect();
    let q = &mut cx.store();
    let customer = match party {
        Some(id) => Some(rows::customer(q, id).await?.ok_or_else(Problem::not_found)?),
        None => None,
    };
    if typed.is_empty() && party.is_none() {
        return Ok(Found { page: Page::of(vec![], &from, PAGE), customer });
    }
    let key: Key<'_> = match &from {
        From::Start => From::Start,
        From::After((text, id)) => From::After((text, *id)),
        From::Before((text, id)) => From::Before((text, *id)),
    };
    let found = match kind {
        Kind::Customers => rows::customers(q, &customers(&typed), key, PAGE).await?,
        Kind::Mailboxes => rows::mailboxes(q, &typed.to_lowercase(), party, key, PAGE).await?,
        Kind::Orders => rows::orders(q, &typed, party, key, PAGE).await?,
        Kind::Payments => {
            let id = typed.parse::<AttemptId>().ok().map(|id| id.uuid());
            let reference = read_reference(&typed).unwrap_or_default();
            rows::payments(q, &rows::Payments { typed: &typed, reference: &reference, id }, key, PAGE).await?
        }
    };
    let inner = cx.clone();
    let subject = party.map(|p| p.uuid()).or(cx.actor.uuid()).unwrap_or_default();
    let details = json!({ "kind": kind.as_str(), "found": found.len() });
    let line = AuditLine::new("office.searched", "search", subject, details);
    cx.write(async move |tx| audit::record(tx, &inner, &line).await).await?;
    Ok(Found { page: Page::of(found, &from, PAGE), customer })
}

/// A fiscal code or VAT number, an address, the number of a username, else the beginning of a name.
fn customers(typed: &str) -> Customers {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let letters = code.bytes().all(|b| b.is_ascii_alphanumeric());
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    match code.len() {
        16 if letters && code.bytes().any(|b| b.is_ascii_digit()) => Customers::TaxKey(code),
        11 if digits => Customers::TaxKey(code),
        1..=10 if digits => Customers::Number(code.parse().unwrap_or_default()),
        _ if typed.contains('@') => Customers::Address(typed.to_lowercase()),
        // As the database lowers: ASCII letters only.
        _ => Customers::Name(typed.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_says_what_is_looked_for() {
        for (typed, kind) in [
            ("2026-004318", Kind::Orders),
            ("2026-", Kind::Orders),
            ("contratti@pec.example.it", Kind::Mailboxes),
            ("pi_3abc", Kind::Payments),
            ("Bianchi", Kind::Customers),
            ("BNCGLI85A41H501F", Kind::Customers),
            ("", Kind::Customers),
        ] {
            assert_eq!(Kind::guess(typed), kind, "{typed}");
        }
        assert_eq!(customers("bncgli85a41h501f"), Customers::TaxKey("BNCGLI85A41H501F".into()));
        assert_eq!(customers("02765430158"), Customers::TaxKey("02765430158".into()));
        assert_eq!(customers("100001"), Customers::Number(100_001));
        assert_eq!(customers("Giulia.B@Example.it"), Customers::Address("giulia.b@example.it".into()));
        assert_eq!(customers("Officine R"), Customers::Name("officine r".into()));
    }
}
