//! Messages about forgotten and changed passwords and usernames.

use domain::time::Timestamp;
use serde::Serialize;

use crate::{Mail, Sms};

crate::register!(mails: [UsernameReminder, ResetPasswordLink, PasswordChanged, RecoveryStarted], sms: [ResetPasswordCode, PasswordChangedSms, RecoveryMobileCode, RecoveryStartedSms]);

fn at() -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000)
}

/// «Recupero username»: all usernames of a record.
#[derive(Clone, Debug, Serialize)]
pub struct UsernameReminder {
    /// Name of the record.
    pub name: String,
    pub usernames: Vec<String>,
    pub at: Timestamp,
}
impl Mail for UsernameReminder {
    const NAME: &'static str = "username_reminder";
    fn samples() -> Vec<Self> {
        let one = vec!["482913@account.example.it".to_owned()];
        let many = (0..20).map(|n| format!("{}@account.example.it", 482_913 + n)).collect();
        let mail = |usernames| Self { name: "Giulia Bianchi".into(), usernames, at: at() };
        vec![mail(one), mail(many)]
    }
}

/// «Reimposta password»: the link to choose a new one.
#[derive(Clone, Debug, Serialize)]
pub struct ResetPasswordLink {
    pub name: String,
    pub username: String,
    pub valid_until: Timestamp,
    /// Filled in when the mail goes.
    pub link: String,
}
impl Mail for ResetPasswordLink {
    const NAME: &'static str = "reset_password";
    fn samples() -> Vec<Self> {
        vec![Self {
            name: "Giulia Bianchi".into(),
            username: "482913@account.example.it".into(),
            valid_until: at(),
            link: "https://www.example.it/recover/password/Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFy".into(),
        }]
    }
}

/// The code to choose a new password.
#[derive(Clone, Debug, Serialize)]
pub struct ResetPasswordCode {
    /// Filled in when the message goes.
    pub code: String,
}
impl Sms for ResetPasswordCode {
    const NAME: &'static str = "reset_password_code";
    fn samples() -> Vec<Self> {
        vec![Self { code: "482913".into() }]
    }
}

/// «Password modificata».
#[derive(Clone, Debug, Serialize)]
pub struct PasswordChanged {
    pub name: String,
    pub username: String,
    pub at: Timestamp,
}
impl Mail for PasswordChanged {
    const NAME: &'static str = "password_changed";
    fn samples() -> Vec<Self> {
        vec![Self { name: "Giulia Bianchi".into(), username: "482913@account.example.it".into(), at: at() }]
    }
}

/// The same to the mobile.
#[derive(Clone, Debug, Serialize)]
pub struct PasswordChangedSms {
    pub username: String,
}
impl Sms for PasswordChangedSms {
    const NAME: &'static str = "password_changed";
    fn samples() -> Vec<Self> {
        vec![Self { username: "482913@account.example.it".into() }]
    }
}

/// To the registered e-mail when somebody who knows the secret answer asks to replace it: what will happen, and
/// the link that stops it.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryStarted {
    pub name: String,
    pub username: String,
    /// The new address, mostly hidden.
    pub new: String,
    /// When it takes the place of the old one.
    pub until: Timestamp,
    /// Filled in when the mail goes.
    pub link: String,
}
impl Mail for RecoveryStarted {
    const NAME: &'static str = "recovery_started";
    fn samples() -> Vec<Self> {
        vec![Self {
            name: "Giulia Bianchi".into(),
            username: "482913@account.example.it".into(),
            new: "g•••••@example.org".into(),
            until: at(),
            link: "https://www.example.it/recover/stop/Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFy".into(),
        }]
    }
}

/// The code that proves the registered mobile during such a recovery.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryMobileCode {
    /// Filled in when the message goes.
    pub code: String,
}
impl Sms for RecoveryMobileCode {
    const NAME: &'static str = "recovery_mobile_code";
    fn samples() -> Vec<Self> {
        vec![Self { code: "123456".into() }]
    }
}

/// To the registered mobile: a recovery waits.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryStartedSms {}
impl Sms for RecoveryStartedSms {
    const NAME: &'static str = "recovery_started";
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}
