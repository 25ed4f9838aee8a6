//! What can be bought: plans with their features, the dated price list, the certified domains.

use serde::{Deserialize, Serialize};

use crate::{
    id::PriceId,
    money::Money,
    time::{Date, Timestamp},
};

/// A mailbox plan and what the comparison table says of it (domain notes 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Stable code: `standard`, `pro`, `premium`, or what the provider's catalogue holds.
    pub code: String,
    /// The name people read; a proper noun, so the same in each language.
    pub name: String,
    /// Order in the table.
    pub position: i64,
    /// Space of the mailbox in MiB.
    pub space_mib: i64,
    /// Largest mailbox space in all, extra included, in MiB; `None` when without limit.
    pub max_space_mib: Option<i64>,
    /// Archive in MiB; 0 when the plan has none.
    pub archive_mib: i64,
    pub archive_extendable: bool,
    pub sms_notice: bool,
    pub multi_user: bool,
    pub legal_storage: bool,
    pub sold_from: Date,
    /// Last day of sale, if the plan is leaving the catalogue.
    pub sold_until: Option<Date>,
}
impl Plan {
    /// Whether the plan can be bought on this day.
    pub fn on_sale(&self, day: Date) -> bool {
        self.sold_from <= day && self.sold_until.is_none_or(|last| day <= last)
    }
}

/// One row of the dated price list: what a mailbox of a plan costs per year from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub id: PriceId,
    pub plan: String,
    pub valid_from: Timestamp,
    /// Net price per mailbox and year.
    pub unit_net: Money,
    /// VAT rate in basis points (2200 = 22 %), stored per order line (domain notes 10.20).
    pub vat_bp: i64,
}
impl Price {
    /// VAT-included price of one mailbox for one year, for the shop window.
    pub fn unit_gross(&self) -> Money {
        self.unit_net + self.unit_net.vat(self.vat_bp)
    }
}

/// The price in force: of those already valid at `now` the latest; `None` when the plan has no price yet.
pub fn price_in_force<'a>(prices: &'a [Price], plan: &str, now: Timestamp) -> Option<&'a Price> {
    prices.iter().filter(|p| p.plan == plan && p.valid_from <= now).max_by_key(|p| (p.valid_from, p.id))
}

/// A certified domain on which mailboxes are sold (domain notes 2.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedDomain {
    pub name: String,
    pub position: i64,
    pub on_sale: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(n: u8, plan: &str, from: i64, cents: i64) -> Price {
        Price {
            id: PriceId::new(Timestamp::from_micros(from), [n; 10]),
            plan: plan.into(),
            valid_from: Timestamp::from_micros(from),
            unit_net: Money::cents(cents),
            vat_bp: 2200,
        }
    }

    #[test]
    fn the_latest_past_price_is_in_force() {
        let list = [price(1, "pro", 10, 2400), price(2, "pro", 20, 2600), price(3, "standard", 15, 990)];
        let at = |us| price_in_force(&list, "pro", Timestamp::from_micros(us)).map(|p| p.unit_net.as_cents());
        assert_eq!(at(9), None);
        assert_eq!(at(10), Some(2400));
        assert_eq!(at(19), Some(2400));
        assert_eq!(at(20), Some(2600));
        assert_eq!(price_in_force(&list, "gold", Timestamp::from_micros(99)), None);
    }

    #[test]
    fn the_window_price_includes_vat() {
        assert_eq!(price(1, "standard", 0, 990).unit_gross(), Money::cents(1208));
        assert_eq!(price(1, "pro", 0, 2400).unit_gross(), Money::cents(2928));
        assert_eq!(price(1, "premium", 0, 3900).unit_gross(), Money::cents(4758));
    }

    #[test]
    fn plans_are_sold_between_their_days() {
        let day = |s| Date::parse_iso(s).unwrap();
        let plan = Plan {
            code: "pro".into(),
            name: "Pro".into(),
            position: 2,
            space_mib: 2048,
            max_space_mib: None,
            archive_mib: 3072,
            archive_extendable: true,
            sms_notice: true,
            multi_user: true,
            legal_storage: true,
            sold_from: day("2026-01-01"),
            sold_until: Some(day("2026-12-31")),
        };
        assert!(!plan.on_sale(day("2025-12-31")));
        assert!(plan.on_sale(day("2026-01-01")) && plan.on_sale(day("2026-12-31")));
        assert!(!plan.on_sale(day("2027-01-01")));
    }
}
