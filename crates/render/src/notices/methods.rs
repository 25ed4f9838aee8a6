//! Mails about stored methods of payment.

use serde::Serialize;

use crate::Mail;

crate::register!(mails: [MethodChanged], sms: []);

/// A method was stored, replaced or removed (domain notes 4.5).
#[derive(Clone, Debug, Serialize)]
pub struct MethodChanged {
    /// `added`, `replaced`, `removed`.
    pub kind: String,
    /// `Visa 4242`.
    pub method: String,
    /// What was replaced.
    pub before: Option<String>,
    /// Mailboxes that renew with another method now, or not by themselves any more.
    pub services: Vec<String>,
}
impl Mail for MethodChanged {
    const NAME: &'static str = "method_changed";
    fn samples() -> Vec<Self> {
        let of = |kind: &str, before: Option<&str>, services: &[&str]| Self {
            kind: kind.into(),
            method: "Visa 4242".into(),
            before: before.map(str::to_owned),
            services: services.iter().map(|s| (*s).to_owned()).collect(),
        };
        let services = ["contratti.bianchi@pec.example.it", "marco.rossi@studi.pec.example.it"];
        vec![
            of("added", None, &[]),
            of("replaced", Some("paypal gi…@example.com"), &services),
            of("removed", None, &services),
            of("removed", None, &[]),
        ]
    }
}
