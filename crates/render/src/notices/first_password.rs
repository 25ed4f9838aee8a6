//! The link by which the customer creates the password of a new mailbox (domain notes 2.7).

use domain::time::{Date, Timestamp};
use serde::Serialize;

use crate::Mail;

crate::register!(mails: [FirstPassword], sms: []);

/// «Create the password of …».
#[derive(Clone, Debug, Serialize)]
pub struct FirstPassword {
    /// Name of the customer.
    pub name: String,
    /// Number of the order, as people read it.
    pub order: String,
    /// The new mailbox.
    pub address: String,
    /// Filled in when the mail is sent.
    pub link: String,
    pub valid_until: Timestamp,
    /// Does the mailbox exist yet? Else activation is under way.
    pub active: bool,
}
impl Mail for FirstPassword {
    const NAME: &'static str = "first-password";
    fn samples() -> Vec<Self> {
        let valid_until = Date::from_days(20_734).at(9, 12);
        let mail = Self {
            name: "Giulia Bianchi".into(),
            order: "2026-004377".into(),
            address: "perizie.bianchi@studi.pec.example.it".into(),
            link: "https://www.example.it/password/7Q4M-K2XA-9TZP".into(),
            valid_until,
            active: false,
        };
        let long = Self { address: format!("{}@studi.pec.example.it", "a".repeat(64)), active: true, ..mail.clone() };
        vec![mail, long]
    }
}
