//! An order is paid: its mailboxes begin to exist, its names belong to them for good. Called by
//! the payment use cases inside their own transaction.

use domain::{
    effect::EffectRequest,
    id::{MailboxId, OrderId},
    money::Money,
    order::{
        OrderEvent, OrderFacts, OrderState,
        machine::{OrderEffect, OrderRefusal, OrderRules, OrderStep, step},
    },
    renewal::Way,
    time::Timestamp,
};
use serde_json::json;
use store::{WriteTx, orders as rows, placing};

use super::{
    notices,
    texts::{EffectText, LineText},
};
use crate::{Cx, Problem, audit, effects, use_cases::renewals::renewed::mark_renewal_paid};

/// What a payment did to its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkPaid {
    /// The order is paid; `mailboxes` are being activated.
    Paid { mailboxes: Vec<MailboxId> },
    /// The order needs no money, being closed or paid: the whole amount is the customer's credit,
    /// which the caller posts (domain notes 10.18). The customer is told.
    ToCredit,
}

/// Records in `tx` that the whole price of an order was received at `paid_at`.
///
/// # Errors
/// `NotFound` when there is no such order; `Rerun` when it was moved meanwhile.
pub async fn mark_paid(tx: &mut WriteTx, cx: &Cx, order: OrderId, paid_at: Timestamp) -> Result<MarkPaid, Problem> {
    let rows = rows::to_pay(tx, order).await?;
    let Some(first) = rows.first() else { return mark_renewal_paid(tx, cx, order, paid_at).await };
    let facts = facts(first, rows.len())?;
    let rules = OrderRules::default();
    match step(&facts, OrderEvent::PaymentRecorded { amount: first.gross_cents }, &rules, cx.now()) {
        Ok(decided) => pay(tx, cx, &rows, paid_at, &decided).await,
        Err(OrderRefusal::Closed | OrderRefusal::AlreadyPaid) => {
            let event = OrderEvent::LatePayment { amount: first.gross_cents };
            let decided = step(&facts, event, &rules, cx.now()).map_err(|r| Problem::refused(r.code()))?;
            effects::enqueue(tx, cx, &[notices::credit(cx, first, first.gross_cents)]).await?;
            audit::record(tx, cx, &decided.audit).await?;
            Ok(MarkPaid::ToCredit)
        }
        Err(refusal) => Err(Problem::refused(refusal.code())),
    }
}

fn facts(row: &rows::PayRow, mailboxes: usize) -> Result<OrderFacts, Problem> {
    let state = OrderState::parse(&row.state).ok_or_else(|| Problem::broken("order state"))?;
    Ok(OrderFacts {
        id: row.order_id,
        state: Some(state),
        placed_at: row.placed_at,
        gross: row.gross_cents,
        received: Money::ZERO,
        mailboxes: mailboxes as i64,
        activated: 0,
        outcome_unknown: false,
    })
}

async fn pay(
    tx: &mut WriteTx,
    cx: &Cx,
    rows: &[rows::PayRow],
    paid_at: Timestamp,
    decided: &OrderStep,
) -> Result<MarkPaid, Problem> {
    let order = &rows[0];
    // A mailbox keeps the identifier under which it was ordered: links sent before stay good.
    let mailboxes: Vec<_> =
        rows.iter().map(|row| placing::NewMailbox { id: row.order_mailbox_id.cast(), row }).collect();
    let ids: Vec<MailboxId> = mailboxes.iter().map(|m| m.id).collect();
    let requests = requests(cx, order, rows, &ids, decided);
    let wishes: Vec<_> = requests.iter().map(|r| EffectText::new(cx, r)).collect();
    let line = LineText::new(cx, &decided.audit);
    let start = paid_at.date();
    let paid = placing::PaidOrder {
        order,
        state: decided.next.as_str(),
        paid_at,
        start,
        end: start.plus_years(order.years as i32),
        way: Way::of_payment(&order.payment_method),
        mailboxes: &mailboxes,
        effects: &wishes.iter().map(EffectText::row).collect::<Vec<_>>(),
        audit: line.row(),
    };
    placing::pay(tx, &paid).await?;
    Ok(MarkPaid::Paid { mailboxes: ids })
}

fn requests(
    cx: &Cx,
    order: &rows::PayRow,
    rows: &[rows::PayRow],
    mailboxes: &[MailboxId],
    decided: &OrderStep,
) -> Vec<EffectRequest> {
    let mut out = Vec::new();
    for wish in &decided.effects {
        match wish {
            OrderEffect::NoticePaid => {
                out.push(notices::paid(cx, order, rows, Way::of_payment(&order.payment_method).by_itself()))
            }
            OrderEffect::Provision => out.extend(mailboxes.iter().map(|id| EffectRequest {
                kind: "provision",
                subject_kind: "mailbox",
                subject_id: id.uuid(),
                payload: json!({ "mailbox": id }),
                dedup_key: Some(format!("provision:{id}")),
                run_at: cx.now(),
            })),
            _ => {}
        }
    }
    out
}
