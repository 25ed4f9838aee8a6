//! What became known about an attempt is written, with everything that follows from it, in the
//! caller's transaction.

use domain::{
    audit::AuditLine,
    id::AttemptId,
    payment::machine::{AttemptEvent, AttemptKind, AttemptRefusal, AttemptState, AttemptStep, Consequence, step},
    wallet::machine::TopUpEvent,
};
use ports::payment::{Truth, TruthState};
use serde_json::json;
use store::{
    Batch, WriteTx, night_looks,
    payments::{self as rows, AttemptRow, Moved},
};

use super::{TOP_UP, kind_of, refund, settle, state_of};
use crate::{
    Cx, Problem, audit,
    use_cases::{
        renewals::{RENEWAL, charge::charge_failed},
        wallet::end_top_up,
    },
};

/// Something learnt about an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The gateway was asked, or answered a call.
    Truth(Truth),
    /// The gateway refused a call: nothing came of it.
    Refused { code: String, detail: String },
    /// A call may or may not have been carried out.
    AnswerLost { detail: String },
}

impl News {
    pub(crate) fn event(&self) -> AttemptEvent {
        match self {
            News::Refused { .. } => AttemptEvent::Refused,
            News::AnswerLost { .. } => AttemptEvent::AnswerLost,
            News::Truth(truth) => match truth.state {
                TruthState::Absent => AttemptEvent::Absent,
                TruthState::AwaitingPayer => AttemptEvent::AwaitsPayer,
                TruthState::Challenge => AttemptEvent::Challenge,
                TruthState::Processing { .. } => AttemptEvent::Processing,
                TruthState::Succeeded { .. } => AttemptEvent::Succeeded,
                TruthState::Failed { .. } => AttemptEvent::Failed,
                TruthState::Closed => AttemptEvent::Closed,
            },
        }
    }
    /// Our code of the failure and the gateway's own word.
    pub(crate) fn words(&self) -> (Option<&str>, Option<&str>) {
        match self {
            News::Refused { code, detail } => (Some(code), Some(detail)),
            News::AnswerLost { detail } => (None, Some(detail)),
            News::Truth(truth) => match &truth.state {
                TruthState::Failed { code, detail } => (Some(code), Some(detail)),
                TruthState::Absent => (Some("never_arrived"), None),
                TruthState::Closed => (Some("closed_unpaid"), None),
                TruthState::Challenge => (None, Some("challenge")),
                TruthState::Processing { detail } => (None, Some(detail)),
                TruthState::AwaitingPayer | TruthState::Succeeded { .. } => (None, None),
            },
        }
    }
    fn truth(&self) -> Option<&Truth> {
        match self {
            News::Truth(truth) => Some(truth),
            _ => None,
        }
    }
}

/// Applies news to an attempt; answers its state afterwards. News that change nothing write nothing.
///
/// # Errors
/// `NotFound` when there is no such attempt; the store's.
pub async fn apply(tx: &mut WriteTx, cx: &Cx, id: AttemptId, news: &News) -> Result<AttemptState, Problem> {
    let row = rows::attempt(tx, id).await?.ok_or_else(Problem::not_found)?;
    let state = state_of(&row.state)?;
    match step(state, news.event(), row.checks, cx.now()) {
        Ok(step) => take(tx, cx, &row, news, &step).await.map(|()| step.next),
        Err(AttemptRefusal::Over) => Ok(state),
        Err(refusal @ AttemptRefusal::ContradictsSuccess) => {
            tracing::error!(attempt = %id, gateway = row.gateway, %refusal, "a payment needs a person");
            let details = json!({ "said": news.event().as_str(), "gateway": row.gateway });
            audit::record(tx, cx, &AuditLine::new("payment.contradicted", "attempt", id.uuid(), details)).await?;
            Ok(state)
        }
    }
}

async fn take(tx: &mut WriteTx, cx: &Cx, row: &AttemptRow, news: &News, step: &AttemptStep) -> Result<(), Problem> {
    let (code, detail) = news.words();
    let truth = news.truth();
    let reference = truth.and_then(|t| t.reference.as_deref());
    let news_of_name = reference.is_some() && row.gateway_ref.as_deref() != reference && row.gateway_ref.is_none();
    if step.audit.is_none() && detail == row.detail.as_deref() && !news_of_name {
        return Ok(());
    }
    let settled = step.consequence == Consequence::Settle;
    let method = match truth.filter(|_| settled && !row.quick).and_then(|t| t.method.as_ref()) {
        Some(method) => {
            Some(settle::known_method(tx, cx, row, method, truth.and_then(|t| t.customer.as_deref())).await?)
        }
        None => None,
    };
    let received = truth.filter(|_| settled).and_then(|t| match t.state {
        TruthState::Succeeded { amount } => Some(amount),
        _ => None,
    });
    let moved = Moved {
        state: step.next.as_str(),
        // A name once known stays; a hosted page and the payment behind it have different ones.
        reference: row.gateway_ref.is_none().then_some(reference).flatten(),
        customer: truth.and_then(|t| t.customer.as_deref()),
        failure_code: (step.next == AttemptState::Failed).then_some(code).flatten(),
        detail,
        check_at: step.check_at,
        finished_at: step.next.is_final().then_some(cx.now()),
        received,
        method: method.as_ref().map(|m| m.id),
    };
    let mut batch = Batch::new();
    if let Some(new) = method.as_ref().and_then(|m| m.new.as_ref()) {
        rows::insert_method(&mut batch, &new.row(row));
    }
    // Some gateways name their customer only once something was paid; what the payment began with is known.
    let known = row.gateway_customer.as_deref();
    if let Some(customer) = moved.customer.filter(|c| settled && !row.quick && Some(*c) != known) {
        rows::customer(&mut batch, row.party_id, &row.gateway, customer, cx.now());
    }
    rows::moved(&mut batch, row.id, row.version, &moved);
    let received = received.unwrap_or(row.amount_cents);
    match (step.consequence, kind_of(&row.kind)?) {
        (Consequence::Settle, AttemptKind::Refund) => refund::settled(tx, cx, row, batch, received).await?,
        (Consequence::Settle, _) => {
            settle::received(tx, cx, row, batch, received, method.as_ref().map(|m| m.id)).await?;
            if row.order_kind == RENEWAL {
                night_looks::charged(tx, row.id).await?;
            }
        }
        (Consequence::Release, AttemptKind::Refund) => refund::released(tx, cx, row, batch, code).await?,
        (Consequence::Release, _) if row.order_kind == TOP_UP => {
            tx.later(batch).await?;
            end_top_up::closed(tx, cx, row.order_id, TopUpEvent::Declined).await?;
        }
        (Consequence::Release, AttemptKind::OffSession) if row.order_kind == RENEWAL => {
            tx.later(batch).await?;
            charge_failed(tx, cx, (row.order_id, row.id), code.unwrap_or_default()).await?;
        }
        _ => tx.later(batch).await?,
    }
    if let Some(action) = step.audit {
        let details = json!({ "order": row.order_id, "gateway": row.gateway, "code": code });
        audit::record(tx, cx, &AuditLine::new(action, "attempt", row.id.uuid(), details)).await?;
    }
    Ok(())
}
