//! Double entry: accounts, balanced entries of immutable transfers, holds.
//!
//! One sign for everything: positive is what the platform owes or has earned (customer credit,
//! revenue, VAT), negative is what it is owed (money that a gateway holds for us). An entry sums
//! to zero. A correction is a new entry; nothing is ever changed or removed.
//!
//! *Guarded* accounts (customers' money) carry a running balance that the database keeps at or
//! above what is held. The platform's own accounts carry none: their balance is the sum of
//! their transfers, so that concurrent payments do not queue for one row.

pub mod hold;
pub mod rules;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    id::{AccountId, OrderId, PartyId},
    money::Money,
};

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountKind {
    /// Prepaid credit of a customer («credito residuo»), never expires (domain notes 4.2, B10).
    CustomerCredit,
    /// Money that no order could use, usable 12 months (domain notes 2.7). Another ledger than
    /// the prepaid credit.
    ExcessCredit,
    /// Received for an order that waits for the rest; one account an order (domain notes 2.7).
    OrderDeposit,
    /// What a gateway has taken for us and not paid out yet.
    GatewayClearing,
    /// Net price of what was sold.
    Revenue,
    /// VAT to hand over to the State.
    Vat,
    /// Excess credit that lapsed after its 12 months.
    Lapsed,
}
impl AccountKind {
    pub const ALL: [AccountKind; 7] = [
        Self::CustomerCredit,
        Self::ExcessCredit,
        Self::OrderDeposit,
        Self::GatewayClearing,
        Self::Revenue,
        Self::Vat,
        Self::Lapsed,
    ];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CustomerCredit => "customer_credit",
            Self::ExcessCredit => "excess_credit",
            Self::OrderDeposit => "order_deposit",
            Self::GatewayClearing => "gateway_clearing",
            Self::Revenue => "revenue",
            Self::Vat => "vat",
            Self::Lapsed => "lapsed",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
    /// The database keeps its balance at or above what is held.
    pub const fn guarded(self) -> bool {
        matches!(self, Self::CustomerCredit | Self::ExcessCredit | Self::OrderDeposit)
    }
}

/// An account by what it is and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountKey {
    pub kind: AccountKind,
    /// A registry record, an order, a gateway's derived identifier, or nil for the platform's own.
    pub owner: Uuid,
}
impl AccountKey {
    /// An account of the platform itself.
    pub const fn own(kind: AccountKind) -> Self {
        Self { kind, owner: Uuid::nil() }
    }
    /// A customer's account.
    pub const fn of(kind: AccountKind, party: PartyId) -> Self {
        Self { kind, owner: party.uuid() }
    }
    /// What was received for an order that still waits.
    pub const fn deposit(order: OrderId) -> Self {
        Self { kind: AccountKind::OrderDeposit, owner: order.uuid() }
    }
    /// What the gateway of this name holds for us.
    pub fn clearing(gateway: &str) -> Self {
        Self { kind: AccountKind::GatewayClearing, owner: derived(&["gateway", gateway]) }
    }
    /// The identifier of the account: follows from what it is, so that no reading is needed.
    pub fn id(&self) -> AccountId {
        AccountId::from_uuid(derived(&["account", self.kind.as_str(), &self.owner.simple().to_string()]))
    }
}

fn derived(parts: &[&str]) -> Uuid {
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Why money moves; one entry per cause, which makes repeating harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CauseKind {
    /// A payment or charge arrived.
    Payment,
    /// Something was bought with credit; the cause is its order.
    Purchase,
    /// Money given back.
    Refund,
    /// An operator's correction.
    Correction,
    /// An order was closed for which a part had come.
    OrderClosed,
    /// Credit of earlier payments pays an order; the cause is the attempt that stands for it.
    CreditUsed,
    /// The same credit, back from an order that was refunded.
    CreditReturned,
    /// Credit of earlier payments that nobody used within its months.
    CreditLapsed,
}
impl CauseKind {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Purchase => "purchase",
            Self::Refund => "refund",
            Self::Correction => "correction",
            Self::OrderClosed => "order_closed",
            Self::CreditUsed => "credit_used",
            Self::CreditReturned => "credit_returned",
            Self::CreditLapsed => "credit_lapsed",
        }
    }
}

/// One leg of an entry: a transfer on one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    pub account: AccountKey,
    pub amount: Money,
}

/// Transfers of one cause that sum to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    cause_kind: CauseKind,
    cause_id: Uuid,
    legs: Vec<Leg>,
}

/// The legs are no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEntry {
    #[error("the legs do not sum to zero")]
    Unbalanced,
    #[error("fewer than two legs that move something")]
    Empty,
}

impl Entry {
    /// An entry of these legs; legs of zero are left out.
    ///
    /// # Errors
    /// When the legs do not sum to zero, or nothing moves.
    pub fn new(cause_kind: CauseKind, cause_id: Uuid, legs: Vec<Leg>) -> Result<Self, NotAnEntry> {
        let legs: Vec<Leg> = legs.into_iter().filter(|l| l.amount != Money::ZERO).collect();
        if legs.iter().map(|l| i128::from(l.amount.as_cents())).sum::<i128>() != 0 {
            return Err(NotAnEntry::Unbalanced);
        }
        if legs.len() < 2 {
            return Err(NotAnEntry::Empty);
        }
        Ok(Self { cause_kind, cause_id, legs })
    }
    pub fn cause_kind(&self) -> CauseKind {
        self.cause_kind
    }
    pub fn cause_id(&self) -> Uuid {
        self.cause_id
    }
    pub fn legs(&self) -> &[Leg] {
        &self.legs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_told_apart_and_found_again() {
        let party = PartyId::from_uuid(Uuid::from_u128(7));
        let mut ids: Vec<_> = AccountKind::ALL.into_iter().map(|k| AccountKey::of(k, party).id()).collect();
        ids.extend(AccountKind::ALL.into_iter().map(|k| AccountKey::own(k).id()));
        ids.extend([AccountKey::clearing("stripe").id(), AccountKey::clearing("simulated").id()]);
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all);
        // Kept in databases for ever: must not change.
        assert_eq!(AccountKey::own(AccountKind::Revenue).id(), AccountKey::own(AccountKind::Revenue).id());
        for k in AccountKind::ALL {
            assert_eq!(AccountKind::parse(k.as_str()), Some(k));
        }
    }

    #[test]
    fn entries_balance() {
        let leg = |k, c| Leg { account: AccountKey::own(k), amount: Money::cents(c) };
        let new = |legs| Entry::new(CauseKind::Payment, Uuid::nil(), legs);
        assert_eq!(new(vec![leg(AccountKind::Revenue, 5), leg(AccountKind::Vat, -4)]), Err(NotAnEntry::Unbalanced));
        assert_eq!(new(vec![leg(AccountKind::Revenue, 0)]), Err(NotAnEntry::Empty));
        assert_eq!(new(vec![]), Err(NotAnEntry::Empty));
        let wrap = new(vec![
            leg(AccountKind::Revenue, i64::MAX),
            leg(AccountKind::Vat, i64::MAX),
            leg(AccountKind::Lapsed, 2),
        ]);
        assert_eq!(wrap, Err(NotAnEntry::Unbalanced), "sums do not wrap round");
        let e = new(vec![leg(AccountKind::Revenue, 5), leg(AccountKind::Vat, 0), leg(AccountKind::Lapsed, -5)]);
        assert_eq!(e.map(|e| e.legs().len()), Ok(2));
    }
}
