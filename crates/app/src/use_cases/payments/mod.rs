//! Taking and giving back money. What a gateway tells is applied in one place
//! ([`apply_status`]), whichever way it was learnt: an event, a question, the answer to a call.

pub mod accept_event;
pub mod apply_status;
pub mod cancel_attempts;
pub mod charge_saved;
pub mod checkout;
pub mod refund;
pub mod refund_by_operator;
mod settle;

pub use crate::conversations::open_checkout::open_checkout;

use domain::payment::machine::{AttemptKind, AttemptState};
use ports::payment::{self as port, Question};
use store::payments::AttemptRow;

use crate::Problem;

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
    })
}
