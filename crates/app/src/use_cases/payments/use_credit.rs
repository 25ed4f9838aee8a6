//! An order is paid, wholly or in part, with the credit of earlier payments (domain notes 2.7).

use domain::{
    audit::AuditLine,
    id::{AttemptId, OrderId},
    ledger::rules,
    money::Money,
    order::OrderState,
    payment::{
        credit::GATEWAY,
        machine::{AttemptKind, AttemptState},
    },
};
use ports::payment::{Truth, TruthState};
use serde_json::json;
use store::{
    Batch, WriteTx, bank, excess, ledger,
    payments::{self as rows, NewAttempt},
};

use super::{
    TOP_UP,
    apply_status::{News, apply},
    cancel_attempts::cancel_attempts,
    checkout::may_pay,
};
use crate::{Cx, Problem, audit};

/// Takes as much as is there and needed; `shown` is what the page said. Answers whether the order is paid: the rest of
/// a dearer one is paid by other means, as after a transfer that was too small. Sent twice, it finds the order paid or
/// no credit left.
///
/// # Errors
/// `NotFound` when there is no such order for this actor; `order-already-paid`, `order-not-payable`;
/// `payment-under-way` while the bank is at work on it; `credit-changed` when it is not what was shown.
pub async fn use_credit(cx: &Cx, order: OrderId, shown: Money) -> Result<bool, Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| run(tx, &cx_in, order, shown).await).await
}

async fn run(tx: &mut WriteTx, cx: &Cx, order: OrderId, shown: Money) -> Result<bool, Problem> {
    let row = rows::payable(tx, order, GATEWAY).await?.filter(|r| may_pay(cx, r) && r.kind != TOP_UP);
    let row = row.ok_or_else(Problem::not_found)?;
    match OrderState::parse(&row.state) {
        Some(OrderState::AwaitingPayment) => {}
        Some(OrderState::Cancelled | OrderState::ExpiredUnpaid) => return Err(Problem::refused("order-not-payable")),
        _ => return Err(Problem::refused("order-already-paid")),
    }
    if matches!(row.attempt_state.as_deref(), Some("pending" | "unknown")) {
        return Err(Problem::refused("payment-under-way"));
    }
    let due = row.gross_cents - row.deposit_cents;
    let amount = excess::available(tx, row.party_id).await?.min(due);
    if amount <= Money::ZERO || amount != shown {
        return Err(Problem::refused("credit-changed"));
    }
    let whole = amount == due;
    if whole {
        // What follows from the means follows from this one: nothing renews by itself.
        bank::set_method(tx, order, GATEWAY).await?;
    }
    let attempt: AttemptId = cx.new_id();
    let mut batch = Batch::new();
    let new = NewAttempt {
        id: attempt,
        order,
        kind: AttemptKind::Checkout.as_str(),
        refunds: None,
        gateway: GATEWAY,
        state: AttemptState::Created.as_str(),
        amount,
        method: None,
        customer: None,
        created_at: cx.now(),
        check_at: None,
        quick: false,
    };
    rows::insert(&mut batch, &new);
    ledger::post(&mut batch, &rules::credit_used(attempt, row.party_id, amount), cx.now(), || cx.new_id());
    tx.batch(batch).await?;
    apply(tx, cx, attempt, &News::Truth(arrived(amount))).await?;
    if whole {
        // A page of the bank that is still open must not take the money a second time.
        cancel_attempts(tx, cx, order).await?;
    }
    let details = json!({ "order": order, "amount_cents": amount.as_cents() });
    audit::record(tx, cx, &AuditLine::new("credit.used", "order", order.uuid(), details)).await?;
    Ok(whole)
}

/// What a gateway would say of it.
pub(super) fn arrived(amount: Money) -> Truth {
    Truth { reference: None, state: TruthState::Succeeded { amount }, method: None, customer: None }
}
