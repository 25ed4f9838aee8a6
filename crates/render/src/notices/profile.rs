//! Messages about changes of a registry record and about new usernames.

use domain::time::Timestamp;
use serde::Serialize;

use crate::{Mail, Sms};

crate::register!(mails: [DataChanged, ConfirmNewEmail, EmailReplaced, LoginCreated], sms: [MobileReplaced]);

fn at() -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000)
}

/// «Dati modificati»: which data, without their values.
#[derive(Clone, Debug, Serialize)]
pub struct DataChanged {
    pub name: String,
    /// `phone`, `mobile`, `locale`, `address`, `invoicing`: words `changed-<field>`.
    pub fields: Vec<String>,
    pub at: Timestamp,
}
impl Mail for DataChanged {
    const NAME: &'static str = "data_changed";
    fn samples() -> Vec<Self> {
        let fields = ["phone", "mobile", "locale", "address", "invoicing"].map(String::from).into();
        vec![Self { name: "Giulia Bianchi".into(), fields, at: at() }]
    }
}

/// «Codice di verifica» to an address that is to become the registered one.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmNewEmail {
    pub name: String,
    /// Filled in when the mail goes.
    pub code: String,
    pub valid_until: Timestamp,
}
impl Mail for ConfirmNewEmail {
    const NAME: &'static str = "confirm_new_email";
    fn samples() -> Vec<Self> {
        vec![Self { name: "Giulia Bianchi".into(), code: "482913".into(), valid_until: at() }]
    }
}

/// The registered e-mail is another one; goes to the old and to the new.
#[derive(Clone, Debug, Serialize)]
pub struct EmailReplaced {
    pub name: String,
    /// The new address, masked.
    pub new: String,
    pub at: Timestamp,
}
impl Mail for EmailReplaced {
    const NAME: &'static str = "email_replaced";
    fn samples() -> Vec<Self> {
        vec![Self { name: "Giulia Bianchi".into(), new: "g•••••@example.it".into(), at: at() }]
    }
}

/// The registered mobile is another one; goes to the old.
#[derive(Clone, Debug, Serialize)]
pub struct MobileReplaced {}
impl Sms for MobileReplaced {
    const NAME: &'static str = "mobile_replaced";
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

/// «Nuova login creata».
#[derive(Clone, Debug, Serialize)]
pub struct LoginCreated {
    pub name: String,
    pub username: String,
    pub at: Timestamp,
}
impl Mail for LoginCreated {
    const NAME: &'static str = "login_created";
    fn samples() -> Vec<Self> {
        vec![Self { name: "Giulia Bianchi".into(), username: "482914@account.example.it".into(), at: at() }]
    }
}
