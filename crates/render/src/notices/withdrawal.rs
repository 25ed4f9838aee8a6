//! The acknowledgement of a withdrawal, on a durable medium.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;

use crate::Mail;

crate::register!(mails: [WithdrawalReceived], sms: []);

/// What was stated, when it arrived, and when the money goes back (Consumer code art. 54-bis).
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawalReceived {
    pub number: String,
    /// Identifier, for the link to its page.
    pub order: String,
    pub name: String,
    pub addresses: Vec<String>,
    pub placed: Date,
    pub received: Timestamp,
    /// `None` when nothing had been paid.
    pub refund: Option<Money>,
    pub refund_due: Date,
}
impl Mail for WithdrawalReceived {
    const NAME: &'static str = "withdrawal_received";
    fn samples() -> Vec<Self> {
        let paid = Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            name: "Giulia Bianchi".into(),
            addresses: vec!["contratti.bianchi@pec.example.it".into(), "studio.bianchi@pec.example.it".into()],
            placed: Date::from_days(20_727),
            received: Date::from_days(20_733).at(18, 4),
            refund: Some(Money::cents(2416)),
            refund_due: Date::from_days(20_747),
        };
        vec![Self { refund: None, ..paid.clone() }, paid]
    }
}
