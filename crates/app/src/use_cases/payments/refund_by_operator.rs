//! An operator gives money of an order back, and says when a transfer back was made.

use domain::{
    audit::AuditLine,
    bank::{self, read_amount, read_reference},
    id::{AttemptId, OrderId},
    ident::Text,
    money::Money,
    operator::Permission,
    payment::machine::{AttemptKind, AttemptState},
};
use ports::payment::{Truth, TruthState};
use serde_json::json;
use store::payments as rows;

use super::{
    apply_status::{News, apply},
    refund::give_back,
};
use crate::{Cx, FieldProblem, Problem, audit, use_cases::operators::authorise};

/// Longest reason.
const REASON_MAX: usize = 300;

/// What the operator decides.
#[derive(Clone, Debug)]
pub struct Refund {
    pub order: OrderId,
    /// The payment that goes back.
    pub payment: AttemptId,
    /// As typed.
    pub amount: String,
    pub reason: String,
    /// What could still go back when the page was shown: a second click finds less, and is refused.
    pub left_shown: Money,
}

/// Gives a part or the whole of a payment back to the means it came from. A payment by bank transfer goes back by a
/// transfer that a person makes: [`refund_made`] closes it.
///
/// # Errors
/// `invalid` with the fields `amount`, `reason`; `refund-changed` when something went back meanwhile; `refund-too-much`,
/// `refund-not-paid`; `Forbidden`.
pub async fn refund_by_operator(cx: &Cx, refund: Refund) -> Result<AttemptId, Problem> {
    authorise(cx, Permission::MoveMoney)?;
    let amount = read_amount(&refund.amount).ok_or_else(|| FieldProblem::new("amount", "amount-bad"));
    let reason = Text::line(&refund.reason, REASON_MAX).map_err(|e| FieldProblem::new("reason", e.code()));
    let (amount, reason) = match (amount, reason) {
        (Ok(amount), Ok(reason)) => (amount, reason.into_string()),
        (amount, reason) => {
            return Err(Problem::invalid([amount.err(), reason.err()].into_iter().flatten().collect()));
        }
    };
    let inner = cx.clone();
    cx.write(async move |tx| {
        let payments = rows::refundable(tx, refund.order).await?;
        let payment = payments.iter().find(|p| p.id == refund.payment);
        let payment = payment.ok_or_else(|| Problem::refused("refund-not-paid"))?;
        if payment.left_cents != refund.left_shown {
            return Err(Problem::conflict("refund-changed"));
        }
        if amount > payment.left_cents {
            return Err(Problem::invalid_field("amount", "refund-too-much"));
        }
        let id = give_back(tx, &inner, refund.payment, amount).await?;
        let details = json!({ "refund": id, "amount_cents": amount.as_cents(), "reason": reason });
        let line = AuditLine::new("payment.refund_asked", "order", refund.order.uuid(), details);
        audit::record(tx, &inner, &line).await?;
        Ok(id)
    })
    .await
}

/// A transfer back was made, under this reference of the bank: the books follow, and the customer is told.
///
/// # Errors
/// `NotFound`; `refund-over` when it was told before; `invalid` with the field `reference`, also for one that was used
/// before; `Forbidden`.
pub async fn refund_made(cx: &Cx, refund: AttemptId, reference: &str) -> Result<OrderId, Problem> {
    authorise(cx, Permission::MoveMoney)?;
    let reference = read_reference(reference).ok_or_else(|| Problem::invalid_field("reference", "reference-bad"))?;
    let reference = format!("out/{reference}");
    let inner = cx.clone();
    cx.write(async move |tx| {
        let row = rows::attempt(tx, refund).await?.ok_or_else(Problem::not_found)?;
        if row.gateway != bank::GATEWAY || row.kind != AttemptKind::Refund.as_str() {
            return Err(Problem::not_found());
        }
        if row.state != AttemptState::Pending.as_str() {
            return Err(Problem::conflict("refund-over"));
        }
        if rows::of_event(tx, bank::GATEWAY, None, Some(&reference)).await?.is_some() {
            return Err(Problem::invalid_field("reference", "movement-known"));
        }
        let state = TruthState::Succeeded { amount: row.amount_cents };
        let truth = Truth { reference: Some(reference.clone()), state, method: None, customer: None };
        apply(tx, &inner, refund, &News::Truth(truth)).await?;
        Ok(row.order_id)
    })
    .await
}
