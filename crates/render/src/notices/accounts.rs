//! Mails about registration and provider accounts.

use domain::time::Timestamp;
use serde::Serialize;

use crate::{Mail, register};

/// «Conferma iscrizione».
#[derive(Clone, Debug, Serialize)]
pub struct RegistrationConfirmed {
    pub first_name: String,
    pub username: String,
}
impl Mail for RegistrationConfirmed {
    const NAME: &'static str = "registration-confirmed";
    fn samples() -> Vec<Self> {
        vec![Self { first_name: "Giulia".into(), username: "482913@account.example.it".into() }]
    }
}

/// The way back to a registration that waits for its password.
#[derive(Clone, Debug, Serialize)]
pub struct ResumeRegistration {
    pub first_name: String,
    pub username: String,
    /// When the username is dropped.
    pub expires_at: Timestamp,
    /// Filled in when the mail goes.
    pub link: String,
}
impl Mail for ResumeRegistration {
    const NAME: &'static str = "resume-registration";
    fn samples() -> Vec<Self> {
        vec![Self {
            first_name: "Giulia".into(),
            username: "482913@account.example.it".into(),
            expires_at: Timestamp::from_micros(1_790_000_000_000_000),
            link: "https://www.example.it/register/resume/Zm9vYmFyYmF6".into(),
        }]
    }
}

/// «Qualcuno ha provato a registrarsi con i tuoi dati.»
#[derive(Clone, Debug, Serialize)]
pub struct AlreadyRegistered {
    pub first_name: String,
    pub at: Timestamp,
}
impl Mail for AlreadyRegistered {
    const NAME: &'static str = "already-registered";
    fn samples() -> Vec<Self> {
        vec![Self { first_name: "Giulia".into(), at: Timestamp::from_micros(1_790_000_000_000_000) }]
    }
}

register!(mails: [RegistrationConfirmed, ResumeRegistration, AlreadyRegistered], sms: []);
