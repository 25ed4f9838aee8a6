//! Renewals: what is owed for the next period of a service, where its money comes from, and when it is due.

pub mod calendar;
pub mod machine;
pub mod notices;
pub mod plan_change;
pub mod wallet;

use crate::agreement::RenewalKind;

/// What is renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceKind {
    Mailbox,
    Addon,
}
impl ServiceKind {
    pub const ALL: [ServiceKind; 2] = [Self::Mailbox, Self::Addon];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mailbox => "mailbox",
            Self::Addon => "addon",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// Where the money for the next period comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// A person renews it (domain notes 6.2).
    Manual,
    /// The stored card is charged (domain notes 6.3).
    Card,
    /// The stored PayPal account is charged (domain notes 6.3).
    Paypal,
    /// The holder's credit, when it is enough (domain notes 4.2, 5.5).
    Wallet,
    /// The body of the agreement renews and pays (domain notes 5.5).
    Body,
}
impl Way {
    pub const ALL: [Way; 5] = [Self::Manual, Self::Card, Self::Paypal, Self::Wallet, Self::Body];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Card => "card",
            Self::Paypal => "paypal",
            Self::Wallet => "wallet",
            Self::Body => "body",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.as_str() == word)
    }
    /// A bought mailbox renews by itself with the card or PayPal account that its order was paid with, and by hand
    /// otherwise (domain notes 2.7).
    pub fn of_payment(method: &str) -> Self {
        match method {
            "card" => Self::Card,
            "paypal" => Self::Paypal,
            _ => Self::Manual,
        }
    }
    /// A mailbox under an agreement.
    pub const fn of_agreement(kind: RenewalKind) -> Self {
        match kind {
            RenewalKind::ByBody => Self::Body,
            RenewalKind::ByHolder => Self::Wallet,
        }
    }
    /// Whether the night takes the money by itself.
    pub const fn by_itself(self) -> bool {
        matches!(self, Self::Card | Self::Paypal | Self::Wallet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        assert!(Way::ALL.into_iter().all(|w| Way::parse(w.as_str()) == Some(w)));
        assert!(ServiceKind::ALL.into_iter().all(|k| ServiceKind::parse(k.as_str()) == Some(k)));
        assert_eq!((Way::parse("gold"), ServiceKind::parse("domain")), (None, None));
    }

    #[test]
    fn card_and_paypal_renew_by_themselves() {
        let ways: Vec<Way> =
            ["card", "paypal", "bank_transfer", "agreement"].into_iter().map(Way::of_payment).collect();
        assert_eq!(ways, [Way::Card, Way::Paypal, Way::Manual, Way::Manual]);
        assert_eq!(Way::of_agreement(RenewalKind::ByHolder), Way::Wallet);
        assert!(!Way::of_agreement(RenewalKind::ByBody).by_itself());
    }
}
