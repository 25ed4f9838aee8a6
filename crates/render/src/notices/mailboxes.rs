//! Mails to the security contact of a mailbox (domain notes 7.7).

use domain::time::{Date, Timestamp};
use serde::Serialize;

use crate::Mail;

crate::register!(mails: [MailboxPasswordChanged, MailboxPasswordReset], sms: []);

/// «Password modificata».
#[derive(Clone, Debug, Serialize)]
pub struct MailboxPasswordChanged {
    pub address: String,
    pub at: Timestamp,
}
impl Mail for MailboxPasswordChanged {
    const NAME: &'static str = "mailbox-password-changed";
    fn samples() -> Vec<Self> {
        let at = Date::from_days(20_734).at(9, 12);
        let long = format!("{}@studi.pec.example.it", "a".repeat(64));
        vec![Self { address: "perizie.bianchi@studi.pec.example.it".into(), at }, Self { address: long, at }]
    }
}

/// «Reimposta password» of a mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct MailboxPasswordReset {
    pub address: String,
    /// Filled in when the mail is sent.
    pub link: String,
    pub valid_until: Timestamp,
}
impl Mail for MailboxPasswordReset {
    const NAME: &'static str = "mailbox-password-reset";
    fn samples() -> Vec<Self> {
        vec![Self {
            address: "perizie.bianchi@studi.pec.example.it".into(),
            link: "https://www.example.it/mailbox/recover/7Q4M-K2XA-9TZP".into(),
            valid_until: Date::from_days(20_734).at(12, 12),
        }]
    }
}
