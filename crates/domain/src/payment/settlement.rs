//! What money that arrived means: for the order, for the books, for the customer.

use crate::{
    id::AttemptId,
    ledger::{
        Entry,
        rules::{self, Priced},
    },
    money::Money,
};

/// How the order stands at the moment the money is known to have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderStanding {
    /// Waits for exactly this.
    AwaitingPayment,
    /// Paid already (also activating, completed, activation failed).
    AlreadyPaid,
    /// Cancelled by the customer, or expired unpaid.
    Closed,
}

/// Money received for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub attempt: AttemptId,
    pub gateway: String,
    /// What the gateway says was taken.
    pub received: Money,
    pub standing: OrderStanding,
    pub order: Priced,
    /// What had come for the order before, while it waits.
    pub deposit: Money,
    /// The gateway can send it back by itself; a bank transfer cannot be sent back without asking where to.
    pub returns: bool,
}

/// What the customer is told beyond the ordinary confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementNotice {
    /// The order was cancelled or had expired: the money is customer credit (domain notes 2.8, 10.18).
    LatePayment,
    /// More than due: the rest is customer credit.
    Surplus,
    /// Less than due: kept for the order, which still waits for the rest (domain notes 2.7).
    Shortfall { missing: Money },
    /// The order was paid before: this payment is given back.
    PaidTwice,
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub entry: Entry,
    /// The order becomes paid.
    pub pays_order: bool,
    /// What became customer credit (usable 12 months, domain notes 2.7).
    pub credited: Money,
    /// Give this back from the customer credit to the means it came from.
    pub give_back: Money,
    pub notice: Option<SettlementNotice>,
}

/// Decides. Every cent received ends up in the books, and an order is paid at most once.
pub fn settle(r: &Receipt) -> Settlement {
    let due = r.order.net + r.order.vat - r.deposit;
    let to_credit = |notice, give_back| Settlement {
        entry: rules::received_as_credit(r.attempt, &r.gateway, r.order.party, r.received),
        pays_order: false,
        credited: r.received,
        give_back,
        notice: Some(notice),
    };
    match r.standing {
        OrderStanding::Closed => to_credit(SettlementNotice::LatePayment, Money::ZERO),
        OrderStanding::AlreadyPaid if r.returns => to_credit(SettlementNotice::PaidTwice, r.received),
        OrderStanding::AlreadyPaid => to_credit(SettlementNotice::LatePayment, Money::ZERO),
        OrderStanding::AwaitingPayment if r.received < due => Settlement {
            entry: rules::received_as_deposit(r.attempt, &r.gateway, r.order.order, r.received),
            pays_order: false,
            credited: Money::ZERO,
            give_back: Money::ZERO,
            notice: Some(SettlementNotice::Shortfall { missing: due - r.received }),
        },
        OrderStanding::AwaitingPayment => {
            let surplus = r.received - due;
            Settlement {
                entry: rules::order_paid(r.attempt, &r.gateway, &r.order, r.deposit, surplus),
                pays_order: true,
                credited: surplus,
                give_back: Money::ZERO,
                notice: (surplus > Money::ZERO).then_some(SettlementNotice::Surplus),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::{OrderId, PartyId},
        ledger::AccountKind,
    };

    fn receipt(received: i64, standing: OrderStanding) -> Receipt {
        Receipt {
            attempt: AttemptId::from_uuid(uuid::Uuid::from_u128(1)),
            gateway: "simulated".into(),
            received: Money::cents(received),
            standing,
            order: Priced {
                order: OrderId::from_uuid(uuid::Uuid::from_u128(3)),
                party: PartyId::from_uuid(uuid::Uuid::from_u128(2)),
                net: Money::cents(990),
                vat: Money::cents(218),
            },
            deposit: Money::ZERO,
            returns: true,
        }
    }
    fn on(s: &Settlement, kind: AccountKind) -> i64 {
        s.entry.legs().iter().filter(|l| l.account.kind == kind).map(|l| l.amount).sum::<Money>().as_cents()
    }

    #[test]
    fn exact_amount_pays() {
        let s = settle(&receipt(1208, OrderStanding::AwaitingPayment));
        assert!(s.pays_order && s.notice.is_none());
        assert_eq!(on(&s, AccountKind::GatewayClearing), -1208);
        assert_eq!((on(&s, AccountKind::Revenue), on(&s, AccountKind::Vat)), (990, 218));
    }

    #[test]
    fn a_shortfall_stays_with_its_order_until_the_rest_comes() {
        let part = settle(&receipt(500, OrderStanding::AwaitingPayment));
        assert_eq!(part.notice, Some(SettlementNotice::Shortfall { missing: Money::cents(708) }));
        assert_eq!((part.pays_order, part.credited), (false, Money::ZERO));
        assert_eq!(on(&part, AccountKind::OrderDeposit), 500);
        for (received, credited) in [(708, 0), (1208, 500)] {
            let deposit = Money::cents(500);
            let rest = settle(&Receipt { deposit, ..receipt(received, OrderStanding::AwaitingPayment) });
            assert!(rest.pays_order);
            assert_eq!((on(&rest, AccountKind::OrderDeposit), on(&rest, AccountKind::Revenue)), (-500, 990));
            assert_eq!((rest.credited.as_cents(), on(&rest, AccountKind::ExcessCredit)), (credited, credited));
        }
        let still = settle(&Receipt { deposit: Money::cents(500), ..receipt(1, OrderStanding::AwaitingPayment) });
        assert_eq!(still.notice, Some(SettlementNotice::Shortfall { missing: Money::cents(707) }));
    }

    #[test]
    fn nothing_is_ever_lost() {
        for standing in [OrderStanding::AwaitingPayment, OrderStanding::AlreadyPaid, OrderStanding::Closed] {
            for received in [1, 500, 1207, 1208, 1209, 5000] {
                let s = settle(&receipt(received, standing));
                assert_eq!(on(&s, AccountKind::GatewayClearing), -received, "{standing:?} {received}");
                assert_eq!(on(&s, AccountKind::ExcessCredit), s.credited.as_cents());
                assert_eq!(s.pays_order, standing == OrderStanding::AwaitingPayment && received >= 1208);
                assert!(s.give_back <= s.credited, "only what is there can go back");
                assert_eq!(s.notice.is_none(), s.pays_order && received == 1208);
            }
        }
        assert_eq!(settle(&receipt(1208, OrderStanding::AlreadyPaid)).give_back, Money::cents(1208));
        let transfer = Receipt { returns: false, ..receipt(1208, OrderStanding::AlreadyPaid) };
        assert_eq!(settle(&transfer).give_back, Money::ZERO, "a transfer stays as credit");
        assert_eq!(settle(&receipt(1208, OrderStanding::Closed)).give_back, Money::ZERO);
    }
}
