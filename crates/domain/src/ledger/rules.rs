//! Which accounts move, for each thing that can happen to money.

use super::{AccountKey, AccountKind, CauseKind, Entry, Leg};
use crate::{
    id::{AttemptId, EffectId, OrderId, PartyId},
    money::Money,
    payment::credit,
};

fn leg(account: AccountKey, amount: Money) -> Leg {
    Leg { account, amount }
}
fn entry(kind: CauseKind, attempt: AttemptId, legs: Vec<Leg>) -> Entry {
    Entry::new(kind, attempt.uuid(), legs).expect("the rule writes the sum of the other legs as the first one")
}

/// An order and its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    pub order: OrderId,
    pub party: PartyId,
    pub net: Money,
    pub vat: Money,
}

/// An order was paid through a gateway, what had come before (`deposit`) included; `surplus` beyond its
/// price becomes customer credit.
///
/// # Panics
/// If nothing was received.
pub fn order_paid(attempt: AttemptId, gateway: &str, order: &Priced, deposit: Money, surplus: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::clearing(gateway), -(order.net + order.vat + surplus - deposit)),
        leg(AccountKey::deposit(order.order), -deposit),
        leg(AccountKey::own(AccountKind::Revenue), order.net),
        leg(AccountKey::own(AccountKind::Vat), order.vat),
        leg(AccountKey::of(AccountKind::ExcessCredit, order.party), surplus),
    ];
    entry(CauseKind::Payment, attempt, legs)
}

/// Less than due came for an order: kept for it (domain notes 2.7).
///
/// # Panics
/// If the amount is zero.
pub fn received_as_deposit(attempt: AttemptId, gateway: &str, order: OrderId, amount: Money) -> Entry {
    let legs = vec![leg(AccountKey::clearing(gateway), -amount), leg(AccountKey::deposit(order), amount)];
    entry(CauseKind::Payment, attempt, legs)
}

/// An order for which a part had come was closed: the part belongs to the customer.
///
/// # Panics
/// If the amount is zero.
pub fn deposit_freed(order: OrderId, party: PartyId, amount: Money) -> Entry {
    let legs =
        vec![leg(AccountKey::deposit(order), -amount), leg(AccountKey::of(AccountKind::ExcessCredit, party), amount)];
    Entry::new(CauseKind::OrderClosed, order.uuid(), legs).expect("two legs of one amount")
}

/// What had come for an order is enough for it, since it has become cheaper; what is beyond is the customer's.
///
/// # Panics
/// If the deposit is less than the price, or zero.
pub fn paid_by_deposit(order: &Priced, deposit: Money) -> Entry {
    let surplus = deposit - order.net - order.vat;
    assert!(surplus >= Money::ZERO, "a part pays no order");
    let legs = vec![
        leg(AccountKey::deposit(order.order), -deposit),
        leg(AccountKey::own(AccountKind::Revenue), order.net),
        leg(AccountKey::own(AccountKind::Vat), order.vat),
        leg(AccountKey::of(AccountKind::ExcessCredit, order.party), surplus),
    ];
    Entry::new(CauseKind::Purchase, order.order.uuid(), legs).expect("the first leg is the sum of the others")
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

/// The wallet was topped up through a gateway (domain notes 4.2).
///
/// # Panics
/// If the amount is zero.
pub fn topped_up(attempt: AttemptId, gateway: &str, party: PartyId, amount: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::clearing(gateway), -amount),
        leg(AccountKey::of(AccountKind::CustomerCredit, party), amount),
    ];
    entry(CauseKind::Payment, attempt, legs)
}

/// Something was bought with the credit of the wallet, which is gross money: VAT is due at this moment
/// (domain notes 4.2).
///
/// # Panics
/// If the price is zero: nothing moves then.
pub fn bought_with_credit(order: OrderId, party: PartyId, net: Money, vat: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::of(AccountKind::CustomerCredit, party), -(net + vat)),
        leg(AccountKey::own(AccountKind::Revenue), net),
        leg(AccountKey::own(AccountKind::Vat), vat),
    ];
    Entry::new(CauseKind::Purchase, order.uuid(), legs).expect("the first leg is the sum of the others")
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

/// Credit of earlier payments is taken for an order. It comes through a clearing account of its own, as if a gateway
/// had sent it: what follows is what follows from any payment (domain notes 2.7).
///
/// # Panics
/// If the amount is zero.
pub fn credit_used(attempt: AttemptId, party: PartyId, amount: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::of(AccountKind::ExcessCredit, party), -amount),
        leg(AccountKey::clearing(credit::GATEWAY), amount),
    ];
    entry(CauseKind::CreditUsed, attempt, legs)
}

/// The same credit is the customer's again: the order that it paid was refunded.
///
/// # Panics
/// If the amount is zero.
pub fn credit_returned(refund: AttemptId, party: PartyId, amount: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::clearing(credit::GATEWAY), -amount),
        leg(AccountKey::of(AccountKind::ExcessCredit, party), amount),
    ];
    entry(CauseKind::CreditReturned, refund, legs)
}

/// Credit that nobody used within its months is lost (domain notes 2.7). `lapse` is the effect that let it lapse.
///
/// # Panics
/// If the amount is zero.
pub fn credit_lapsed(lapse: EffectId, party: PartyId, amount: Money) -> Entry {
    let legs = vec![
        leg(AccountKey::of(AccountKind::ExcessCredit, party), -amount),
        leg(AccountKey::own(AccountKind::Lapsed), amount),
    ];
    Entry::new(CauseKind::CreditLapsed, lapse.uuid(), legs).expect("two legs of one amount")
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
        let order = OrderId::from_uuid(Uuid::from_u128(3));
        let priced = Priced { order, party: p, net: m(990), vat: m(218) };
        let paid = order_paid(a, "stripe", &priced, m(0), m(0));
        assert_eq!(amounts(&paid), [("gateway_clearing", -1208), ("revenue", 990), ("vat", 218)]);
        let part = received_as_deposit(a, "stripe", order, m(500));
        assert_eq!(amounts(&part), [("gateway_clearing", -500), ("order_deposit", 500)]);
        let rest = order_paid(a, "stripe", &priced, m(500), m(2));
        let legs = [("gateway_clearing", -710), ("order_deposit", -500), ("revenue", 990), ("vat", 218)];
        assert_eq!(amounts(&rest), [legs.as_slice(), &[("excess_credit", 2)]].concat());
        assert_eq!(amounts(&deposit_freed(order, p, m(500))), [("order_deposit", -500), ("excess_credit", 500)]);
        let enough = paid_by_deposit(&priced, m(1300));
        let legs = [("order_deposit", -1300), ("revenue", 990), ("vat", 218), ("excess_credit", 92)];
        assert_eq!((amounts(&enough).as_slice(), enough.cause_kind()), (legs.as_slice(), CauseKind::Purchase));
        let credit = received_as_credit(a, "stripe", p, m(1208));
        assert_eq!(amounts(&credit), [("gateway_clearing", -1208), ("excess_credit", 1208)]);
        let back = credit_refunded(a, "stripe", p, m(1208));
        assert_eq!(amounts(&back), [("gateway_clearing", 1208), ("excess_credit", -1208)]);
        let used = credit_used(a, p, m(500));
        assert_eq!(amounts(&used), [("excess_credit", -500), ("gateway_clearing", 500)]);
        let again = credit_returned(a, p, m(500));
        assert_eq!(amounts(&again), [("gateway_clearing", -500), ("excess_credit", 500)]);
        let lost = credit_lapsed(EffectId::from_uuid(Uuid::nil()), p, m(500));
        assert_eq!(amounts(&lost), [("excess_credit", -500), ("lapsed", 500)]);
        assert_eq!((back.cause_kind(), back.cause_id()), (CauseKind::Refund, a.uuid()));
        let up = topped_up(a, "stripe", p, m(848));
        assert_eq!(amounts(&up), [("gateway_clearing", -848), ("customer_credit", 848)]);
        let order = OrderId::from_uuid(Uuid::from_u128(3));
        let bought = bought_with_credit(order, p, m(250), m(55));
        assert_eq!(amounts(&bought), [("customer_credit", -305), ("revenue", 250), ("vat", 55)]);
        assert_eq!((bought.cause_kind(), bought.cause_id()), (CauseKind::Purchase, order.uuid()));
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
