//! Mails about money that did not simply pay an order.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Mail, pages::payments::Transfer};

crate::register!(mails: [PaymentCredited, PaymentShort, PaymentReturned, CreditEnds], sms: []);

/// Money arrived that an order could not use, or not all of it.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentCredited {
    /// `2026-004318`.
    pub number: String,
    /// Identifier of the order, for the link to its page.
    pub order: String,
    /// What became credit.
    pub amount: Money,
    /// `surplus` (more than due), `ended` (for mailboxes that could no longer be renewed), `twice` (paid before: it goes
    /// back).
    pub reason: String,
    /// The price of the order.
    pub due: Money,
}
impl Mail for PaymentCredited {
    const NAME: &'static str = "payment_credited";
    fn samples() -> Vec<Self> {
        let of = |reason: &str, amount| Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            amount: Money::cents(amount),
            reason: reason.into(),
            due: Money::cents(2416),
        };
        vec![of("surplus", 100), of("ended", 854), of("twice", 2416)]
    }
}

/// Less than the price has come: the rest is still due (domain notes 2.7).
#[derive(Clone, Debug, Serialize)]
pub struct PaymentShort {
    pub number: String,
    pub order: String,
    /// All that came so far.
    pub received: Money,
    pub missing: Money,
    /// Where the rest can go.
    pub transfer: Option<Transfer>,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
}
impl Mail for PaymentShort {
    const NAME: &'static str = "payment_short";
    fn samples() -> Vec<Self> {
        let one = Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            received: Money::cents(2000),
            missing: Money::cents(416),
            transfer: Some(Transfer::sample()),
            immediate_until: None,
        };
        let late = Self { transfer: None, immediate_until: Some(Date::from_days(20_757)), ..one.clone() };
        vec![Self { transfer: None, ..one.clone() }, late, one]
    }
}

/// Money went back to the means it came from.
#[derive(Clone, Debug, Serialize)]
pub struct PaymentReturned {
    pub number: String,
    pub order: String,
    pub amount: Money,
}
impl Mail for PaymentReturned {
    const NAME: &'static str = "payment_returned";
    fn samples() -> Vec<Self> {
        vec![Self { number: "2026-004318".into(), order: "ord_0198".into(), amount: Money::cents(2416) }]
    }
}

/// Credit of earlier payments is soon lost (domain notes 2.7).
#[derive(Clone, Debug, Serialize)]
pub struct CreditEnds {
    /// What is lost unless it is used.
    pub amount: Money,
    /// The last day on which it can be used.
    pub until: Date,
}
impl Mail for CreditEnds {
    const NAME: &'static str = "credit_ends";
    fn samples() -> Vec<Self> {
        vec![Self { amount: Money::cents(1208), until: Date::from_days(20_890) }]
    }
}
