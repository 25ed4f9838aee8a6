//! Mails about add-ons of a mailbox, and the text message that one of them sends.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Mail, Msg, Sms};

crate::register!(mails: [AddonBought], sms: [UnreadMessages]);

/// An add-on was bought with credit, or activated free: the price explained, and what the renewal will take.
#[derive(Clone, Debug, Serialize)]
pub struct AddonBought {
    pub number: String,
    /// Identifier of the order, for the link to its page.
    pub order: String,
    pub address: String,
    /// `extra_space`, `extra_archive`, `legal_storage`, `sms_notice`.
    pub service: String,
    pub gb: i64,
    /// How the price comes about.
    pub how: Msg,
    pub net: Money,
    pub vat: Money,
    pub gross: Money,
    pub free: bool,
    pub until: Date,
    /// What the renewal takes out of the credit; nothing when it will not be renewed.
    pub renewal: Option<Money>,
    /// The credit that is left.
    pub credit: Money,
}
impl Mail for AddonBought {
    const NAME: &'static str = "addon_bought";
    fn samples() -> Vec<Self> {
        let paid = Self {
            number: "2016-004318".into(),
            order: "ord_0198".into(),
            address: "mario.rossi@pec.ordine.example.it".into(),
            service: "extra_space".into(),
            gb: 1,
            how: Msg::new("bill-addon-years").arg("gb", 1).arg("years", 1).arg("unit", Money::cents(250)),
            net: Money::cents(250),
            vat: Money::cents(55),
            gross: Money::cents(305),
            free: false,
            until: Date::from_days(17_255),
            renewal: Some(Money::cents(305)),
            credit: Money::cents(543),
        };
        let free = Self {
            service: "legal_storage".into(),
            gb: 3,
            how: Msg::new("bill-addon-free").arg("until", paid.until),
            net: Money::ZERO,
            vat: Money::ZERO,
            gross: Money::ZERO,
            free: true,
            renewal: Some(Money::cents(915)),
            ..paid.clone()
        };
        let sms = Self {
            service: "sms_notice".into(),
            how: Msg::new("bill-service-years").arg("gb", 1).arg("years", 1).arg("unit", Money::cents(600)),
            net: Money::cents(600),
            vat: Money::cents(132),
            gross: Money::cents(732),
            renewal: Some(Money::cents(732)),
            ..paid.clone()
        };
        vec![Self { renewal: None, ..free.clone() }, paid, free, sms]
    }
}

/// «Avviso SMS»: messages lie unread. Without sender or subject, since a telephone lies open, and without a link, since
/// people must not learn to follow one out of a text message.
#[derive(Clone, Debug, Serialize)]
pub struct UnreadMessages {
    pub address: String,
    pub unread: i64,
}
impl Sms for UnreadMessages {
    const NAME: &'static str = "unread_messages";
    fn samples() -> Vec<Self> {
        let address = "studio.rossi.e.associati.ingegneria@pec.ordine.example.it".to_owned();
        vec![Self { address: "mario.rossi@pec.ordine.example.it".into(), unread: 1 }, Self { address, unread: 1_234 }]
    }
}
