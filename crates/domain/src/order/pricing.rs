//! The price of a line and the way to it: quantity × years × unit price, VAT, one rounding.

use serde::{Deserialize, Serialize};

use crate::{catalogue::Price, id::PriceId, money::Money, time::Timestamp};

/// What a line costs, with everything needed to explain it again years later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub price_id: PriceId,
    pub plan: String,
    /// Since when the price list row is valid.
    pub valid_from: Timestamp,
    pub quantity: i64,
    pub years: i64,
    /// Net price per mailbox and year.
    pub unit_net: Money,
    /// VAT rate in basis points.
    pub vat_bp: i64,
    pub net: Money,
    pub vat: Money,
    pub gross: Money,
}

/// One line of the derivation, in the order in which it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DerivationLine {
    /// «2 mailboxes × 2 years × €9.90».
    Product { plan: String, quantity: i64, years: i64, unit_net: Money, amount: Money },
    /// Taxable amount.
    Net { amount: Money },
    /// VAT; `exact_micros` is the exact amount in millionths of a euro, told when it was rounded.
    Vat { rate_bp: i64, exact_micros: i64, rounded: bool, amount: Money },
    /// What is to be paid.
    Gross { amount: Money },
}

/// Net and VAT of a line. VAT is taken on the whole line and rounded once, half up (domain notes 2.1):
/// 2 × 9.90 = 19.80, VAT 4.356 → 4.36, gross 24.16.
pub fn line(unit_net: Money, quantity: i64, years: i64, vat_bp: i64) -> (Money, Money) {
    let net = unit_net * quantity * years;
    (net, net.vat(vat_bp))
}

/// Prices a line by a row of the price list, see [`line`].
pub fn quote(price: &Price, quantity: i64, years: i64) -> Quote {
    let (net, vat) = line(price.unit_net, quantity, years, price.vat_bp);
    Quote {
        price_id: price.id,
        plan: price.plan.clone(),
        valid_from: price.valid_from,
        quantity,
        years,
        unit_net: price.unit_net,
        vat_bp: price.vat_bp,
        net,
        vat,
        gross: net + vat,
    }
}

impl Quote {
    /// The lines that lead from the unit price to the total.
    pub fn derivation(&self) -> Vec<DerivationLine> {
        // Cents × basis points are already millionths of a euro: 1e-2 × 1e-4.
        let exact_micros = self.net.as_cents() * self.vat_bp;
        vec![
            DerivationLine::Product {
                plan: self.plan.clone(),
                quantity: self.quantity,
                years: self.years,
                unit_net: self.unit_net,
                amount: self.net,
            },
            DerivationLine::Net { amount: self.net },
            DerivationLine::Vat {
                rate_bp: self.vat_bp,
                exact_micros,
                rounded: exact_micros % 10_000 != 0,
                amount: self.vat,
            },
            DerivationLine::Gross { amount: self.gross },
        ]
    }
}

/// The price changed while the cart was open: the customer must see both and confirm again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChanged {
    /// The total the customer has been shown, VAT included.
    pub shown: Money,
    /// The total now.
    pub now: Money,
}

/// Refuses a confirmation that was given for another price.
pub fn check_shown(shown: Money, now: &Quote) -> Result<(), PriceChanged> {
    if shown == now.gross { Ok(()) } else { Err(PriceChanged { shown, now: now.gross }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(cents: i64) -> Price {
        Price {
            id: PriceId::new(Timestamp::from_micros(0), [1; 10]),
            plan: "standard".into(),
            valid_from: Timestamp::from_micros(0),
            unit_net: Money::cents(cents),
            vat_bp: 2200,
        }
    }

    #[test]
    fn one_rounding_per_line() {
        let q = quote(&standard(990), 2, 1);
        assert_eq!((q.net.as_cents(), q.vat.as_cents(), q.gross.as_cents()), (1980, 436, 2416));
        // Rounded per mailbox it would be 99 × 12.08 = 1195.92.
        let q = quote(&standard(990), 99, 1);
        assert_eq!((q.net.as_cents(), q.vat.as_cents(), q.gross.as_cents()), (98_010, 21_562, 119_572));
    }

    #[test]
    fn the_derivation_adds_up_and_tells_the_rounding() {
        for (cents, quantity, years) in [(990, 1, 1), (990, 2, 2), (2400, 3, 5), (1, 1, 1), (0, 99, 5), (3900, 99, 5)] {
            let q = quote(&standard(cents), quantity, years);
            let lines = q.derivation();
            let [
                DerivationLine::Product { amount: product, .. },
                DerivationLine::Net { amount: net },
                DerivationLine::Vat { exact_micros, rounded, amount: vat, .. },
                DerivationLine::Gross { amount: gross },
            ] = &lines[..]
            else {
                panic!("four lines: {lines:?}")
            };
            assert_eq!((product, *net + *vat), (net, *gross));
            assert!((exact_micros - vat.as_cents() * 10_000).abs() <= 5_000);
            assert_eq!(*rounded, *exact_micros != vat.as_cents() * 10_000);
        }
    }

    #[test]
    fn a_changed_price_names_both_totals() {
        let now = quote(&standard(1090), 1, 1);
        assert_eq!(check_shown(now.gross, &now), Ok(()));
        assert_eq!(
            check_shown(Money::cents(1208), &now),
            Err(PriceChanged { shown: Money::cents(1208), now: Money::cents(1330) })
        );
    }
}
