//! The rules of a cart: quantity, one plan, one row a mailbox, what is missing at which step.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::id::HolderId;

/// Mailboxes in one order (domain notes 2.2.1).
pub const MAX_QUANTITY: i64 = 99;
/// Longest paid period in years (domain notes 2.2.5).
pub const MAX_YEARS: i64 = 5;

/// For whom a mailbox is bought (domain notes 2.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HolderChoice {
    /// The subject of the account itself.
    Account,
    /// A profile of the address book.
    Profile { id: HolderId },
}

/// One mailbox of a cart, as far as it has been filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartMailbox {
    /// Local part as accepted by the name rules; empty while not chosen.
    #[serde(default)]
    pub local: String,
    /// Certified domain; empty while not chosen.
    #[serde(default)]
    pub domain: String,
    #[serde(default)]
    pub holder: Option<HolderChoice>,
    /// Where the link for the first password goes.
    #[serde(default)]
    pub password_email: String,
}
impl CartMailbox {
    /// The whole address, once name and domain are there.
    pub fn address(&self) -> Option<String> {
        (!self.local.is_empty() && !self.domain.is_empty()).then(|| format!("{}@{}", self.local, self.domain))
    }
}

/// The pages of an order, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Names,
    Holders,
    Review,
}

/// What a row still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    Name,
    /// The same address stands in an earlier row of this cart.
    RepeatedName {
        first: usize,
    },
    Holder,
    PasswordEmail,
}
impl Lack {
    /// The step on which it can be put right.
    pub fn step(self) -> Step {
        match self {
            Lack::Name | Lack::RepeatedName { .. } => Step::Names,
            Lack::Holder | Lack::PasswordEmail => Step::Holders,
        }
    }
}

/// A number of mailboxes outside 1–99.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuantityOutOfRange;

/// Reads a quantity: 1 to 99.
pub fn quantity(n: i64) -> Result<i64, QuantityOutOfRange> {
    if (1..=MAX_QUANTITY).contains(&n) { Ok(n) } else { Err(QuantityOutOfRange) }
}

/// Whether so many years can be bought: 1 to 5.
pub fn years_allowed(n: i64) -> bool {
    (1..=MAX_YEARS).contains(&n)
}

/// Changes the number of rows: filled ones stay, the last ones go, new ones are empty.
pub fn resize(rows: &mut Vec<CartMailbox>, quantity: i64) {
    rows.resize(quantity.clamp(1, MAX_QUANTITY) as usize, CartMailbox::default());
}

/// For each row whose address stands in an earlier row: (row, first row with it).
pub fn repeated(rows: &[CartMailbox]) -> Vec<(usize, usize)> {
    let mut seen = HashMap::new();
    let mut out = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let Some(address) = row.address() else { continue };
        match seen.get(&address) {
            Some(first) => out.push((n, *first)),
            None => {
                seen.insert(address, n);
            }
        }
    }
    out
}

/// Everything that keeps the cart from being confirmed, row by row.
pub fn lacks(rows: &[CartMailbox]) -> Vec<(usize, Lack)> {
    let repeated: HashMap<usize, usize> = repeated(rows).into_iter().collect();
    let mut out = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        if row.address().is_none() {
            out.push((n, Lack::Name));
        } else if let Some(first) = repeated.get(&n) {
            out.push((n, Lack::RepeatedName { first: *first }));
        }
        if row.holder.is_none() {
            out.push((n, Lack::Holder));
        }
        if row.password_email.is_empty() {
            out.push((n, Lack::PasswordEmail));
        }
    }
    out
}

/// The first step that is not finished; `Review` when all rows are complete.
pub fn open_step(rows: &[CartMailbox]) -> Step {
    lacks(rows).into_iter().map(|(_, lack)| lack.step()).min().unwrap_or(Step::Review)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(local: &str, domain: &str, email: &str) -> CartMailbox {
        CartMailbox {
            local: local.into(),
            domain: domain.into(),
            holder: Some(HolderChoice::Account),
            password_email: email.into(),
        }
    }

    #[test]
    fn quantity_is_one_to_ninety_nine() {
        assert_eq!((quantity(1), quantity(99)), (Ok(1), Ok(99)));
        for wrong in [i64::MIN, -1, 0, 100, i64::MAX] {
            assert_eq!(quantity(wrong), Err(QuantityOutOfRange));
        }
        assert!(years_allowed(1) && years_allowed(5) && !years_allowed(0) && !years_allowed(6));
    }

    #[test]
    fn resizing_keeps_what_was_filled_in() {
        let mut rows = vec![row("a.b", "pec.example.it", "a@example.com")];
        resize(&mut rows, 3);
        assert_eq!((rows.len(), rows[0].local.as_str(), rows[2].local.as_str()), (3, "a.b", ""));
        resize(&mut rows, 1);
        assert_eq!((rows.len(), rows[0].local.as_str()), (1, "a.b"));
        resize(&mut rows, 5_000);
        assert_eq!(rows.len(), 99);
    }

    #[test]
    fn the_same_address_twice_is_told_on_the_second_row() {
        let rows = [
            row("a.b", "pec.example.it", "x@example.com"),
            row("a.b", "studi.pec.example.it", "x@example.com"),
            row("a.b", "pec.example.it", "x@example.com"),
        ];
        assert_eq!(repeated(&rows), [(2, 0)]);
        assert_eq!(lacks(&rows), [(2, Lack::RepeatedName { first: 0 })]);
        assert_eq!(open_step(&rows), Step::Names);
    }

    #[test]
    fn each_step_is_open_until_complete() {
        let mut rows = vec![CartMailbox::default()];
        assert_eq!(open_step(&rows), Step::Names);
        rows[0].local = "a.b".into();
        assert_eq!(open_step(&rows), Step::Names, "a name without a domain is no address");
        rows[0].domain = "pec.example.it".into();
        assert_eq!(open_step(&rows), Step::Holders);
        rows[0].holder = Some(HolderChoice::Account);
        assert_eq!(lacks(&rows), [(0, Lack::PasswordEmail)]);
        rows[0].password_email = "x@example.com".into();
        assert_eq!(open_step(&rows), Step::Review);
    }
}
