//! A renewal order is paid: the terms it pays for are pushed, whoever paid it and however many mailboxes it renews.

use domain::{
    id::{AuditId, EffectId, MailboxId, OperationId, OrderId},
    money::Money,
    order::{
        OrderEvent, OrderState,
        machine::{OrderRules, step as order_step},
    },
    renewal::{ServiceKind, Way, calendar},
    time::{Date, Timestamp},
};
use render::Msg;
use serde_json::json;
use store::{
    Batch, WriteTx, orders,
    orders::OrderRow,
    renewals::{self as rows, RenewalPage, ServiceRow},
    terminations,
};

use super::{RENEWAL, change_plan, notices, wallet::settle_addons};
use crate::{
    Cx, Problem, audit,
    use_cases::orders::{cancel_order, mailbox_activated::facts, mark_paid::MarkPaid},
};

/// Records in `tx` that a renewal order was paid at `paid_at`.
///
/// # Errors
/// `NotFound` for anything but a renewal order; `Rerun` when it was moved meanwhile.
pub(crate) async fn mark_renewal_paid(
    tx: &mut WriteTx,
    cx: &Cx,
    id: OrderId,
    paid_at: Timestamp,
) -> Result<MarkPaid, Problem> {
    let order = orders::by_id(tx, id).await?.filter(|o| o.kind == RENEWAL).ok_or_else(Problem::not_found)?;
    let event = OrderEvent::PaymentRecorded { amount: order.gross_cents };
    let Ok(decided) = order_step(&facts(&order)?, event, &OrderRules::default(), cx.now()) else {
        return Ok(MarkPaid::ToCredit);
    };
    let services = rows::of_order(tx, id).await?;
    let mut batch = Batch::new();
    orders::complete(&mut batch, id, order.version, OrderState::Completed.as_str(), paid_at);
    tx.later(batch).await?;
    audit::record(tx, cx, &decided.audit).await?;
    let mailboxes = renewed(tx, cx, &order, &services).await?;
    Ok(MarkPaid::Paid { mailboxes })
}

/// Pushes the terms of what an order has paid, opens what is owed next, and renews the add-ons that follow.
async fn renewed(
    tx: &mut WriteTx,
    cx: &Cx,
    order: &OrderRow,
    services: &[ServiceRow],
) -> Result<Vec<MailboxId>, Problem> {
    let today = cx.now().date();
    let mut page = RenewalPage::default();
    let mut mailboxes = Vec::new();
    for s in services.iter().filter(|s| owed(s)) {
        let until = calendar::renewed_end(s.end_day, s.years);
        add(&mut page, cx, order, s, until, services.len() == 1)?;
        mailboxes.push(s.mailbox_id);
    }
    if mailboxes.len() < services.len() {
        tracing::error!(order = %order.id, "a renewal order paid for services that owed nothing");
    }
    rows::write(tx, &page, today, cx.now()).await?;
    for s in services.iter().filter(|s| owed(s)) {
        change_plan::change(tx, cx, order, s, calendar::renewed_end(s.end_day, s.years)).await?;
        if s.notice {
            // Renewed by hand after the end: the notice has been overtaken.
            terminations::close(tx, s.mailbox_id, "renewed", cx.now()).await?;
        }
    }
    for s in services {
        cancel_others(tx, cx, order.id, s).await?;
    }
    settle_addons(tx, cx, today, &mailboxes).await?;
    Ok(mailboxes)
}

/// Whether the service still owes the period that the order pays for.
pub(super) fn owed(s: &ServiceRow) -> bool {
    matches!(s.state.as_deref(), Some("open" | "running" | "parked"))
        && s.period_start == calendar::period_start(s.end_day)
        && matches!(s.mailbox_state.as_str(), "activating" | "active" | "expired")
}

fn add(
    page: &mut RenewalPage,
    cx: &Cx,
    order: &OrderRow,
    s: &ServiceRow,
    until: Date,
    alone: bool,
) -> Result<(), Problem> {
    let way = s.way.as_deref().and_then(Way::parse).ok_or_else(|| Problem::broken("way of an obligation"))?;
    page.terms.push(rows::NewEnd { id: s.service_id, until, years: s.years });
    page.met.push(rows::MetBy { service: s.service_id, period: s.period_start, order_id: order.id.uuid() });
    page.next.push(rows::NextPeriod {
        service: s.service_id,
        period: calendar::period_start(until),
        kind: ServiceKind::Mailbox.as_str(),
        mailbox: s.mailbox_id.uuid(),
        due: calendar::first_due(ServiceKind::Mailbox, way, until),
        way: way.as_str(),
    });
    // What the holder did not pay himself is told without its price.
    let own = s.party_id == order.party_id;
    if s.under_agreement {
        let id: OperationId = cx.new_id();
        let said = Msg::new("operation-renewed-mailbox").arg("until", until);
        page.outcomes.push(rows::Outcome {
            id: id.uuid(),
            party: s.party_id.uuid(),
            mailbox: s.mailbox_id.uuid(),
            kind: "renewal",
            outcome: "ok",
            message: serde_json::to_string(&said).expect("a sentence is plain data"),
            amount: own.then_some(order.gross_cents),
            order_id: (own && alone).then(|| order.id.uuid()),
        });
    }
    let gross: Option<Money> = (own && alone).then_some(order.gross_cents);
    let mail = notices::renewed_by_order(cx, s, (order.id, &order.number), gross, until);
    let (effect, line): (EffectId, AuditId) = (cx.new_id(), cx.new_id());
    page.effects.push(rows::AskedEffect {
        id: effect.uuid(),
        kind: mail.kind,
        subject_kind: mail.subject_kind,
        subject: mail.subject_id,
        payload: mail.payload.to_string(),
        dedup_key: mail.dedup_key,
        run_at: mail.run_at,
        trace: cx.trace.to_string(),
    });
    page.audit.push(rows::Audited {
        id: line.uuid(),
        actor_kind: cx.actor.kind(),
        actor: cx.actor.uuid(),
        action: "mailbox.renewed",
        subject_kind: "mailbox",
        subject: s.service_id,
        details: json!({ "order": order.id, "until": until.iso(), "years": s.years }).to_string(),
        trace: cx.trace.to_string(),
    });
    Ok(())
}

/// Nobody pays twice for one period: other orders for it are cancelled, unless their payment is under way; then it
/// becomes credit (domain notes 10.6).
async fn cancel_others(tx: &mut WriteTx, cx: &Cx, paid: OrderId, s: &ServiceRow) -> Result<(), Problem> {
    let system = cx.by(domain::actor::Actor::System);
    for other in rows::pending(tx, s.service_id).await? {
        if other.id != paid && other.unknown_payments == 0 {
            cancel_order::close(tx, &system, other.id, OrderEvent::Cancelled).await?;
        }
    }
    Ok(())
}
