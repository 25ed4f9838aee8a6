//! Pages around a payment: waiting for the bank, the gateway's card fields, playing the bank.

use domain::money::Money;
use serde::Serialize;

use crate::Page;

crate::register!(page: [Wait, Card, Play]);

/// Where a bank transfer goes, and what is written on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Transfer {
    pub holder: String,
    /// In groups of four.
    pub iban: String,
    pub bank: String,
    pub bic: Option<String>,
    /// Nothing else may stand in the reason (domain notes 2.7).
    pub reason: String,
}
impl Transfer {
    /// For samples.
    pub fn sample() -> Self {
        Self {
            holder: "Postacerta Demo S.p.A.".into(),
            iban: "IT60 X054 2811 1010 0000 0123 456".into(),
            bank: "Banca di Prova".into(),
            bic: Some("PROVITM1XXX".into()),
            reason: "2026-004318".into(),
        }
    }
}

/// The bank has not answered yet.
#[derive(Clone, Debug, Serialize)]
pub struct Wait {
    /// Identifier of the order.
    pub order: String,
    pub number: String,
    pub gross: Money,
    /// Where the customer can go on paying, when the gateway waits for them.
    pub go_on: Option<String>,
}
impl Page for Wait {
    const TEMPLATE: &'static str = "pages/payments/wait.html";
    fn samples() -> Vec<Self> {
        let silent =
            Self { order: "ord_0198".into(), number: "2026-004318".into(), gross: Money::cents(2416), go_on: None };
        vec![Self { go_on: Some("/demo/gateway/pay_0198".into()), ..silent.clone() }, silent]
    }
}

/// The gateway's card fields.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// Where the outcome is waited for.
    pub wait: String,
    /// The page of the order, for who has one.
    pub back: Option<String>,
    pub number: String,
    pub gross: Money,
    pub script_url: String,
    pub publishable_key: String,
    pub client_secret: String,
}
impl Page for Card {
    const TEMPLATE: &'static str = "pages/payments/card.html";
    fn samples() -> Vec<Self> {
        vec![Self {
            wait: "/order/payment/ord_0198/wait".into(),
            back: Some("/account/orders/ord_0198".into()),
            number: "2026-004318".into(),
            gross: Money::cents(2416),
            script_url: "https://js.gateway.example/v3/".into(),
            publishable_key: "pk_test_1".into(),
            client_secret: "pi_1_secret_2".into(),
        }]
    }
}

/// A person plays the bank.
#[derive(Clone, Debug, Serialize)]
pub struct Play {
    /// Identifier of the attempt.
    pub attempt: String,
    pub amount: Money,
    pub description: String,
    /// `awaiting_payer`, `challenge`, `processing`, `succeeded`, `failed`, `closed`.
    pub state: String,
    pub return_url: String,
    /// Words of the choices that are open.
    pub choices: Vec<String>,
}
impl Play {
    /// Every choice there is.
    pub const CHOICES: [&'static str; 13] = [
        "approve",
        "challenge",
        "decline",
        "decline_funds",
        "delay",
        "repeat",
        "reorder",
        "silent",
        "never_answer",
        "approve_then_decline",
        "approve_then_challenge",
        "authenticate",
        "fail_authentication",
    ];
}
impl Page for Play {
    const TEMPLATE: &'static str = "pages/payments/play.html";
    fn samples() -> Vec<Self> {
        let of = |state: &str, choices: &[&str]| Self {
            attempt: "pay_0198".into(),
            amount: Money::cents(2416),
            description: "Postacerta Demo 2026-004318".into(),
            state: state.into(),
            return_url: "/order/payment/ord_0198/wait".into(),
            choices: choices.iter().map(|c| (*c).to_owned()).collect(),
        };
        vec![
            of("awaiting_payer", &Self::CHOICES[..11]),
            of("challenge", &Self::CHOICES[11..]),
            of("processing", &Self::CHOICES[..11]),
            of("succeeded", &[]),
            of("failed", &[]),
            of("closed", &[]),
        ]
    }
}
