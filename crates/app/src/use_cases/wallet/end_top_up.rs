//! How top-ups end: the money came, the bank said no, nobody paid. Called where payments are applied, in their
//! transaction.

use domain::{
    audit::AuditLine,
    id::OrderId,
    ledger::rules,
    money::Money,
    wallet::machine::{TopUpEvent, TopUpState, TopUpStep, step},
};
use render::Msg;
use serde_json::json;
use store::{Batch, WriteTx, ledger, operations, payments::AttemptRow, wallet as rows};

use crate::{Cx, Problem, audit, use_cases::payments::cancel_attempts::cancel_attempts};

fn text(key: &str) -> String {
    serde_json::to_string(&Msg::new(key)).expect("a sentence is plain data")
}

fn state(row: &rows::TopUpRow) -> Result<TopUpState, Problem> {
    TopUpState::parse(&row.state).ok_or_else(|| Problem::broken(format!("state of a top-up: {}", row.state)))
}

/// The gateway holds the money of a top-up; `batch` already holds the attempt's step. Answers false, having written
/// nothing, when another payment credited it before: this one is to go back.
///
/// # Errors
/// The store's.
pub(crate) async fn received(
    tx: &mut WriteTx,
    cx: &Cx,
    attempt: &AttemptRow,
    batch: &mut Batch<'_>,
    amount: Money,
) -> Result<bool, Problem> {
    let row = rows::top_up(tx, attempt.order_id).await?.ok_or_else(Problem::not_found)?;
    if step(state(&row)?, TopUpEvent::Received) != TopUpStep::Credit {
        return Ok(false);
    }
    let entry = rules::topped_up(attempt.id, &attempt.gateway, attempt.party_id, amount);
    ledger::post(batch, &entry, cx.now(), || cx.new_id::<domain::id::Transfer>());
    rows::move_top_up(batch, &row, TopUpState::Done.order_state().as_str(), cx.now(), true);
    operations::settle(batch, row.order_id, "ok", TOPPED_UP, Some(amount));
    let details = json!({ "order": row.order_id, "amount_cents": amount.as_cents() });
    audit::record(tx, cx, &AuditLine::new("wallet.topped_up", "party", row.party_id.uuid(), details)).await?;
    Ok(true)
}

/// [`text`] of the sentence, ready to be lent to a batch.
const TOPPED_UP: &str = r#"{"key":"operation-topup-ok","args":{}}"#;

/// The bank refused, or nobody paid in time: nothing moved, and the outcome says so.
///
/// # Errors
/// The store's.
pub(crate) async fn closed(tx: &mut WriteTx, cx: &Cx, order: OrderId, event: TopUpEvent) -> Result<(), Problem> {
    let row = rows::top_up(tx, order).await?.ok_or_else(Problem::not_found)?;
    let TopUpStep::Close(next) = step(state(&row)?, event) else { return Ok(()) };
    let message = match next {
        TopUpState::Declined => text("operation-topup-declined"),
        _ => text("operation-topup-given-up"),
    };
    let mut batch = Batch::new();
    rows::move_top_up(&mut batch, &row, next.order_state().as_str(), cx.now(), false);
    operations::settle(&mut batch, order, "ko", &message, Some(row.gross_cents));
    tx.batch(batch).await?;
    cancel_attempts(tx, cx, order).await?;
    let details = json!({ "why": event.as_str() });
    audit::record(tx, cx, &AuditLine::new("wallet.top_up_closed", "order", order.uuid(), details)).await
}
