//! Mails about add-ons of a mailbox.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Mail, Msg};

crate::register!(mails: [AddonBought], sms: []);

/// An add-on was bought with credit, or activated free: the price explained, and what the renewal will take.
#[derive(Clone, Debug, Serialize)]
pub struct AddonBought {
    pub number: String,
    /// Identifier of the order, for the link to its page.
    pub order: String,
    pub address: String,
    /// `extra_space`, `extra_archive`, `legal_storage`.
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
        vec![Self { renewal: None, ..free.clone() }, paid, free]
    }
}
