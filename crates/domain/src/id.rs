//! Identifiers: UUIDv7 (of orders on PostgreSQL UUIDv8), typed by what they name, shown with a prefix (`ord_0198…`).

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What an identifier names; gives the prefix under which people see it.
pub trait Named: 'static {
    /// Lower-case prefix without the underscore, for example `ord`.
    const PREFIX: &'static str;
    /// Rows that point at it are written beside it, by many at once. Where transactions conflict by the page of an
    /// index ([`Id::in_lane`]) those of one moment must not be neighbours.
    const SPREAD: bool = false;
}

/// The identifier of a `T`. Ordered by the time of its making, unless it is from a lane.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// Wraps a UUID read from the store.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
    /// Makes a UUIDv7 out of the time in microseconds and ten random bytes.
    pub fn new(at: crate::time::Timestamp, random: [u8; 10]) -> Self {
        Self::from_uuid(
            uuid::Builder::from_unix_timestamp_millis((at.micros() / 1000).max(0) as u64, &random).into_uuid(),
        )
    }
    /// The same in one of 256 lanes, each ordered by time: a UUIDv8 with the lane where the highest byte of the time
    /// was, which changes once in 35 years.
    pub fn in_lane(self, lane: u8) -> Self {
        let mut bytes = self.0.into_bytes();
        bytes[0] = lane;
        bytes[6] = 0x80 | (bytes[6] & 0x0f);
        Self::from_uuid(Uuid::from_bytes(bytes))
    }
    /// The bare UUID, as the store keeps it.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
    /// The same identifier seen as another kind; only for generic columns such as `subject_id`.
    pub const fn cast<U>(self) -> Id<U> {
        Id::from_uuid(self.0)
    }
}
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T: Named> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", T::PREFIX, self.0.simple())
    }
}
impl<T: Named> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
/// The text is not an identifier of this kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an identifier of this kind")]
pub struct NotAnId;
impl<T: Named> FromStr for Id<T> {
    type Err = NotAnId;
    fn from_str(s: &str) -> Result<Self, NotAnId> {
        let rest = s.strip_prefix(T::PREFIX).and_then(|s| s.strip_prefix('_')).ok_or(NotAnId)?;
        if rest.len() != 32 {
            return Err(NotAnId);
        }
        Uuid::try_parse(rest).map(Self::from_uuid).map_err(|_| NotAnId)
    }
}
impl<T: Named> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de, T: Named> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $alias:ident $prefix:literal $(, spread: $spread:literal)?;)*) => {$(
        $(#[$doc])*
        pub enum $kind {}
        impl Named for $kind {
            const PREFIX: &'static str = $prefix;
            $(const SPREAD: bool = $spread;)?
        }
        #[doc = concat!("Identifier shown as `", $prefix, "_…`.")]
        pub type $alias = Id<$kind>;
    )*};
}
kinds! {
    /// A registry record («anagrafica»).
    Party PartyId "par";
    /// A provider account («account», username and password).
    Login LoginId "log";
    /// An open session of a browser.
    Session SessionId "ses";
    /// A single-use token sent to a person.
    Token TokenId "tok";
    /// A consent given or refused.
    Consent ConsentId "cns";
    /// A holder profile in an address book («profilo titolare»).
    Holder HolderId "hld";
    /// A cart («carrello»).
    Cart CartId "crt";
    /// An order.
    Order OrderId "ord", spread: true;
    /// A line of an order.
    OrderLine OrderLineId "orl";
    /// A mailbox inside a cart or an order.
    OrderMailbox OrderMailboxId "orm";
    /// A PEC mailbox.
    Mailbox MailboxId "mbx";
    /// A notice of termination («disdetta»).
    Termination TerminationId "trm";
    /// An attempt to pay, charge or refund.
    Attempt AttemptId "pay";
    /// A stored payment method.
    Method MethodId "pmt";
    /// A movement of the provider's bank account.
    Movement MovementId "mov";
    /// A statement of the provider's bank account.
    Statement StatementId "stm";
    /// A file of members that a body uploaded.
    MemberImport MemberImportId "imp";
    /// An event received from outside.
    Inbound InboundId "evt";
    /// An account of the ledger.
    Account AccountId "acc";
    /// An immutable transfer leg of the ledger.
    Transfer TransferId "trf";
    /// A hold on a ledger account.
    Hold HoldId "hol";
    /// An effect still to be carried out.
    Effect EffectId "eff";
    /// A message sent to a person.
    Message MessageId "msg";
    /// A line of the audit.
    Audit AuditId "aud";
    /// An operator of the provider.
    Operator OperatorId "opr";
    /// A registration that is not finished.
    Registration RegistrationId "reg";
    /// A dated price.
    Price PriceId "prc";
    /// An add-on of a mailbox («servizio aggiuntivo»).
    Addon AddonId "add";
    /// An outcome shown to a mailbox holder («esito operazioni»).
    Operation OperationId "ope";
    /// A thing of any kind, where a column can point to several.
    Subject SubjectId "sub";
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn shown_and_read_back() {
        let id = OrderId::new(crate::time::Timestamp::from_micros(1_790_000_000_000_000), [7; 10]);
        assert_eq!(id.to_string().parse::<OrderId>(), Ok(id));
        assert!(id.to_string().starts_with("ord_"));
        assert_eq!(id.to_string().parse::<PartyId>(), Err(NotAnId));
        assert_eq!("ord_zz".parse::<OrderId>(), Err(NotAnId));
    }
    #[test]
    fn lanes_keep_their_own_order() {
        let at = |seconds: i64| crate::time::Timestamp::from_micros(1_790_000_000_000_000 + seconds * 1_000_000);
        let id = |seconds, lane| OrderId::new(at(seconds), [7; 10]).in_lane(lane);
        assert!(id(0, 9) < id(1, 9) && id(5, 8) < id(0, 9) && id(5, 255) > id(9, 0));
        assert_eq!(id(0, 9).uuid().get_version_num(), 8);
        assert_eq!(id(0, 9).uuid().get_variant(), uuid::Variant::RFC4122);
        assert_eq!(id(0, 9).to_string().parse(), Ok(id(0, 9)));
        assert_ne!(id(0, 9), id(0, 10));
    }
}
