//! Taking and giving back money. What a gateway tells is applied in one place
//! ([`apply_status`]), whichever way it was learnt: an event, a question, the answer to a call.

pub mod accept_event;
pub mod apply_status;
pub mod ask_now;
pub mod cancel_attempts;
pub mod charge_saved;
pub mod checkout;
pub(crate) mod excess;
pub mod quick;
pub mod refund;
pub mod refund_by_operator;
mod settle;
pub mod use_credit;

pub use crate::conversations::open_checkout::{open_checkout, open_quick};

use domain::{
    order::OrderState,
    payment::machine::{AttemptKind, AttemptState},
    time::Date,
};
use ports::payment::{self as port, Question, SavedMethod};
use store::payments::AttemptRow;

use crate::{Problem, Settings};

/// With what a customer pays at a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    Card,
    Paypal,
}
impl Means {
    pub const ALL: [Means; 2] = [Means::Card, Means::Paypal];
    /// The word in forms, and the method of an order that chose it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Means::Card => "card",
            Means::Paypal => "paypal",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == word)
    }
    /// The gateway that takes it; `None` where it is not offered.
    pub fn gateway(self, settings: &Settings) -> Option<&str> {
        match self {
            Means::Card => Some(&settings.card_gateway),
            Means::Paypal => settings.paypal.then_some("paypal"),
        }
    }
    /// The means that a gateway takes.
    pub fn at(gateway: &str) -> Self {
        if gateway == "paypal" { Means::Paypal } else { Means::Card }
    }
    /// Those that are offered, the usual one first.
    pub fn offered(settings: &Settings) -> impl Iterator<Item = Means> {
        Self::ALL.into_iter().filter(|m| m.gateway(settings).is_some())
    }
}

/// A card is good until the end of its month.
pub(crate) fn last_day(year: i16, month: i8) -> Option<Date> {
    Date::new(year, month, 1).map(|first| first.plus_months(1).plus_days(-1))
}
/// How pages and mails name a stored method: `Visa 4242`, `PayPal an…@example.com`. Gateways write brands in small letters.
pub(crate) fn method_label(method: &SavedMethod) -> String {
    let brand = match method.brand.as_str() {
        "paypal" => "PayPal".to_owned(),
        "amex" => "American Express".to_owned(),
        other => {
            let mut letters = other.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
    };
    format!("{brand} {}", method.last4).trim().to_owned()
}

/// Kind of the orders that ask for credit.
pub(crate) const TOP_UP: &str = "topup";

/// Words of the store that no program wrote are a broken database.
pub(crate) fn state_of(word: &str) -> Result<AttemptState, Problem> {
    AttemptState::parse(word).ok_or_else(|| Problem::broken(format!("state of an attempt: {word}")))
}
pub(crate) fn kind_of(word: &str) -> Result<AttemptKind, Problem> {
    AttemptKind::parse(word).ok_or_else(|| Problem::broken(format!("kind of an attempt: {word}")))
}

/// What to ask the gateway about this attempt.
pub(crate) fn question(row: &AttemptRow) -> Result<Question, Problem> {
    let kind = match kind_of(&row.kind)? {
        AttemptKind::Checkout => port::AttemptKind::Payment,
        AttemptKind::OffSession => port::AttemptKind::Charge,
        AttemptKind::Refund => port::AttemptKind::Refund,
    };
    Ok(Question {
        attempt: row.id,
        kind,
        reference: row.gateway_ref.clone(),
        customer: row.gateway_customer.clone(),
        of_reference: row.of_reference.clone(),
        amount: row.amount_cents,
        wanted: state_of(&row.state)? != AttemptState::Failed
            && (kind == port::AttemptKind::Refund || row.order_state == OrderState::AwaitingPayment.as_str()),
    })
}
