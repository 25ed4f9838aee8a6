//! Which accounts move, for each thing that can happen to money.

use super::{AccountKey, AccountKind, CauseKind, Entry, Leg};
use crate::{
    id::{AttemptId, PartyId},
    money::Money,
};

fn leg(account: AccountKey, amount: Money) -> Leg {
    Leg { account, amount }
}
fn entry(kind: CauseKind, attempt: AttemptId, legs: Vec<Leg>) -> Entry {
    Entry::new(kind, attempt.uuid(), legs).expect("the rule writes the sum of the other legs as the first one")
}

/// An order was paid through a gateway; `surplus` beyond its price becomes customer credit.
///
/// # Panics
/// If the whole is not positive: nothing was paid then.
pub fn order_paid(attempt: AttemptId, gateway: &str, party: PartyId, net: Money, vat: Money, surplus: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::clearing(gateway), -(net + vat + surplus)),
        leg(AccountKey::own(AccountKind::Revenue), net),
        leg(AccountKey::own(AccountKind::Vat), vat),
        leg(AccountKey::of(AccountKind::ExcessCredit, party), surplus),
    ];
    entry(CauseKind::Payment, attempt, legs)
}

/// Money came for which there is no order any more: it belongs to the customer.
///
/// # Panics
/// If the amount is zero.
pub fn received_as_credit(attempt: AttemptId, gateway: &str, party: PartyId, amount: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::clearing(gateway), -amount),
        leg(AccountKey::of(AccountKind::ExcessCredit, party), amount),
    ];
    entry(CauseKind::Payment, attempt, legs)
}

/// Customer credit went back to the means it came from. `refund` is the attempt of the refund.
///
/// # Panics
/// If the amount is zero.
pub fn credit_refunded(refund: AttemptId, gateway: &str, party: PartyId, amount: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::clearing(gateway), amount),
        leg(AccountKey::of(AccountKind::ExcessCredit, party), -amount),
    ];
    entry(CauseKind::Refund, refund, legs)
}

/// Part or all of a paid order went back: revenue and VAT shrink in proportion, and the cents of
/// rounding stay with the revenue.
///
/// # Panics
/// If the amount or the order's gross is zero.
pub fn order_refunded(refund: AttemptId, gateway: &str, net: Money, vat: Money, amount: Money) -> Entry {
    let vat_part = vat.times_ratio(amount.as_cents(), (net + vat).as_cents());
    let legs = vec![
        leg(AccountKey::clearing(gateway), amount),
        leg(AccountKey::own(AccountKind::Revenue), -(amount - vat_part)),
        leg(AccountKey::own(AccountKind::Vat), -vat_part),
    ];
    entry(CauseKind::Refund, refund, legs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn amounts(e: &Entry) -> Vec<(&'static str, i64)> {
        e.legs().iter().map(|l| (l.account.kind.as_str(), l.amount.as_cents())).collect()
    }

    #[test]
    fn rules_name_their_accounts() {
        let (a, p) = (AttemptId::from_uuid(Uuid::from_u128(1)), PartyId::from_uuid(Uuid::from_u128(2)));
        let m = Money::cents;
        let paid = order_paid(a, "stripe", p, m(990), m(218), m(0));
        assert_eq!(amounts(&paid), [("gateway_clearing", -1208), ("revenue", 990), ("vat", 218)]);
        let credit = received_as_credit(a, "stripe", p, m(1208));
        assert_eq!(amounts(&credit), [("gateway_clearing", -1208), ("excess_credit", 1208)]);
        let back = credit_refunded(a, "stripe", p, m(1208));
        assert_eq!(amounts(&back), [("gateway_clearing", 1208), ("excess_credit", -1208)]);
        assert_eq!((back.cause_kind(), back.cause_id()), (CauseKind::Refund, a.uuid()));
        let half = order_refunded(a, "stripe", m(990), m(218), m(604));
        assert_eq!(amounts(&half), [("gateway_clearing", 604), ("revenue", -495), ("vat", -109)]);
        let all = order_refunded(a, "stripe", m(990), m(218), m(1208));
        assert_eq!(amounts(&all), [("gateway_clearing", 1208), ("revenue", -990), ("vat", -218)]);
    }

    proptest::proptest! {
        #[test]
        fn every_refund_balances(net in 1i64..1_000_000, bp in 0i64..3_000, part in 1i64..1_000_000) {
            let net = Money::cents(net);
            let vat = net.vat(bp);
            let amount = Money::cents(part.min((net + vat).as_cents()));
            let e = order_refunded(AttemptId::from_uuid(Uuid::nil()), "g", net, vat, amount);
            let of = |k: AccountKind| -> i64 { e.legs().iter().filter(|l| l.account.kind == k).map(|l| l.amount.as_cents()).sum() };
            proptest::prop_assert!(-of(AccountKind::Vat) <= vat.as_cents());
            proptest::prop_assert!(-of(AccountKind::Revenue) <= net.as_cents() + 1);
        }
    }
}
