//! Bank transfers: movements of the provider's account, booked on the orders that they name (domain notes 2.7).

pub mod book_by_hand;
pub mod decide_movement;
pub mod match_movement;
pub mod take_statement;

use domain::{
    audit::AuditLine,
    bank,
    id::AttemptId,
    money::Money,
    order::OrderState,
    payment::machine::{AttemptKind, AttemptState},
};
use ports::payment::{Truth, TruthState};
use serde_json::json;
use store::{
    Batch, WriteTx,
    bank::{self as rows, Decided, MovementRow, OrderRow},
    payments::{self, NewAttempt},
};

use super::payments::{
    TOP_UP,
    apply_status::{News, apply},
    cancel_attempts::cancel_attempts,
};
use crate::{Cx, Problem, Settings, audit, settings::BankAccount};

/// The account that transfers come to.
///
/// # Errors
/// `bank-missing` where none is configured.
pub fn account(settings: &Settings) -> Result<&BankAccount, Problem> {
    settings.bank.as_ref().ok_or_else(|| Problem::refused("bank-missing"))
}

/// Credit is topped up by card alone (S4): money that names a top-up waits for an operator.
fn by_card_only(order: &OrderRow) -> bool {
    order.kind == TOP_UP
}

/// The order that an operator names.
///
/// # Errors
/// `invalid` with the field `order`: `order-unknown`, `order-card-only`.
async fn named(tx: &mut WriteTx, number: &str) -> Result<OrderRow, Problem> {
    match rows::order_by_number(tx, number).await? {
        None => Err(Problem::invalid_field("order", "order-unknown")),
        Some(order) if by_card_only(&order) => Err(Problem::invalid_field("order", "order-card-only")),
        Some(order) => Ok(order),
    }
}

/// Books a movement on an order, whatever its state: what the order cannot use becomes customer credit, and
/// the customer is told. The movement carries the payment's name, so that it is booked once.
async fn book(
    tx: &mut WriteTx,
    cx: &Cx,
    movement: &MovementRow,
    order: &OrderRow,
    note: Option<&str>,
) -> Result<(), Problem> {
    let waits = order.state == OrderState::AwaitingPayment.as_str();
    if waits {
        rows::set_method(tx, order.id, bank::GATEWAY).await?;
    }
    let attempt: AttemptId = cx.new_id();
    let mut batch = Batch::new();
    let new = NewAttempt {
        id: attempt,
        order: order.id,
        kind: AttemptKind::Checkout.as_str(),
        refunds: None,
        gateway: bank::GATEWAY,
        state: AttemptState::Created.as_str(),
        amount: movement.amount_cents,
        method: None,
        customer: None,
        created_at: cx.now(),
        check_at: None,
        quick: false,
    };
    payments::insert(&mut batch, &new);
    tx.batch(batch).await?;
    let state = TruthState::Succeeded { amount: movement.amount_cents };
    let truth = Truth { reference: Some(movement.id.to_string()), state, method: None, customer: None };
    apply(tx, cx, attempt, &News::Truth(truth)).await?;
    let after = rows::order_by_number(tx, &order.number).await?.ok_or_else(Problem::not_found)?;
    if waits && after.state != order.state {
        // A page of the bank that is still open must not take the money a second time.
        cancel_attempts(tx, cx, order.id).await?;
    }
    let decided = Decided { state: "booked", reason_code: None, note, order: Some(order.id), attempt: Some(attempt) };
    rows::decide(tx, movement.id, movement.version, &decided).await?;
    let details = json!({ "order": order.id, "amount_cents": cents(movement.amount_cents) });
    audit::record(tx, cx, &AuditLine::new("movement.booked", "movement", movement.id.uuid(), details)).await
}

fn cents(amount: Money) -> i64 {
    amount.as_cents()
}
