//! Charging the stored method for a renewal (domain notes 6.3): an order that stands for the obligation, an attempt,
//! and the effect that asks the gateway. One at a time for each period, four times at most.

use domain::{
    addon::Service,
    audit::AuditLine,
    id::{AttemptId, OrderId, OrderLineId},
    money::Money,
    order::OrderEvent,
    payment::machine::{AttemptKind, AttemptState, pause_s},
    renewal::{
        calendar,
        machine::{ObligationEvent, ObligationState, step},
    },
    time::{Date, MINUTE_US, Timestamp},
};
use serde_json::json;
use store::{
    Batch, WriteTx, counters, night_looks,
    payments::{self, MethodRow, NewAttempt},
    renewals::{self as rows, DueRow, Looked, NewExtra, NewRenewal},
};

use super::{
    billing, choose_plan, facts, notices, order_number,
    prices::{Prices, Renewal, Trouble},
};
use crate::{
    Cx, Problem, audit,
    effects::{self, Effect, charge_method::ChargeMethod},
    use_cases::orders::cancel_order,
};

/// Asks for the charge of one obligation; answers what came of it.
///
/// # Errors
/// The store's; `Rerun` when it was moved meanwhile.
pub(crate) async fn ask(
    tx: &mut WriteTx,
    cx: &Cx,
    day: Date,
    prices: &Prices,
    row: &DueRow,
) -> Result<Looked, Problem> {
    let renewal = match prices.renewal(row) {
        Ok(renewal) => renewal,
        Err(Trouble::Park(reason)) => return close(tx, row, day, "parked", reason).await,
        Err(Trouble::End(reason)) => return close(tx, row, day, "lapsed", reason).await,
        Err(Trouble::AgreementClosed) => {
            let due = calendar::last_renewal_day(row.term_end).plus_days(1);
            later(tx, row, row.tries, due).await?;
            return Ok(looked(row, "not-renewed", Some(due)));
        }
    };
    let pending = rows::pending(tx, row.service_id).await?;
    if pending.iter().any(|p| p.unknown_payments > 0) {
        // A payment by hand is under way: its outcome decides.
        let next = day.plus_days(1);
        later(tx, row, row.tries, next).await?;
        return Ok(looked(row, "waiting", Some(next)));
    }
    let system = cx.by(domain::actor::Actor::System);
    // The order of an earlier try is charged again; one that a person placed gives way to the charge.
    let again = row.order_id.filter(|_| row.tries > 0);
    for other in pending.iter().filter(|p| Some(p.id) != again) {
        cancel_order::close(tx, &system, other.id, OrderEvent::Cancelled).await?;
    }
    let own = pending.iter().find(|p| Some(p.id) == again);
    let method = usable_method(tx, row).await?;
    let (order, number, gross) = match own {
        Some(own) => (own.id, own.number.clone(), own.gross_cents),
        None => place(tx, cx, row, &renewal).await?,
    };
    let facts = facts(row, renewal.end)?;
    step(&facts, ObligationEvent::ChargeAsked, day).map_err(|r| Problem::refused(r.code()))?;
    let Some(method) = method else {
        let running = domain::renewal::machine::Facts { state: ObligationState::Running, ..facts };
        let next = failed(tx, cx, row, &running, (order, &number, gross), "no-method", day).await?;
        return Ok(Looked { reason: Some("no-method"), ..looked(row, "failed", next) });
    };
    let attempt = begin(tx, cx, row, order, gross, &method).await?;
    Ok(Looked { attempt: Some(attempt.uuid()), ..looked(row, "charging", None) })
}

fn looked(row: &DueRow, outcome: &'static str, next: Option<Date>) -> Looked {
    let (service, period) = (row.service_id, row.period_start);
    Looked { outcome, service, period, reason: None, next, attempt: None }
}

/// The method that the mailbox renews with; if it is gone, the one that the login prefers.
pub(crate) async fn usable_method(tx: &mut WriteTx, row: &DueRow) -> Result<Option<MethodRow>, Problem> {
    let usable = payments::methods_of(tx, row.login_id).await?;
    let own = usable.iter().position(|m| Some(m.id) == row.method_id).unwrap_or(0);
    Ok(usable.into_iter().nth(own))
}

async fn place(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &DueRow,
    renewal: &Renewal,
) -> Result<(OrderId, String, Money), Problem> {
    let number = order_number(cx, counters::take(tx, "order", 1, 1).await?.start);
    let (id, line): (OrderId, OrderLineId) = (cx.new_id(), cx.new_id());
    let billing = billing(row);
    let extra = extra(tx, cx, row, renewal.quote.years).await?;
    let mut batch = Batch::new();
    let new = NewRenewal {
        id,
        number: &number,
        line,
        party: row.party_id,
        login: row.login_id,
        mailbox: row.mailbox_id,
        period_start: row.period_start,
        quote: &renewal.quote,
        new_plan: None,
        extra: extra.as_ref(),
        payment_method: if row.way == "paypal" { "paypal" } else { "card" },
        billing: &billing,
        at: cx.now(),
        pay_by: calendar::last_renewal_day(renewal.end).at(23, 59),
    };
    rows::insert_order(&mut batch, &new);
    tx.batch(batch).await?;
    let line = extra.as_ref().and_then(|e| e.line.as_ref());
    let gross = choose_plan::gross(&renewal.quote, line.map(|(_, quote)| quote));
    let details = json!({ "mailbox": row.mailbox_id, "gross_cents": gross });
    audit::record(tx, cx, &AuditLine::new("renewal.ordered", "order", id.uuid(), details)).await?;
    Ok((id, number, gross))
}

/// Extra space of a bought mailbox is charged with it, as long as it has a price; that of an agreement is the credit's.
async fn extra(tx: &mut WriteTx, cx: &Cx, row: &DueRow, years: i64) -> Result<Option<NewExtra>, Problem> {
    if row.agreement_list.is_some() {
        return Ok(None);
    }
    let gb: i64 = rows::running(tx, row.mailbox_id, Service::ExtraSpace).await?.iter().map(|e| e.gb).sum();
    if gb == 0 {
        return Ok(None);
    }
    let quote = Prices::at(tx, cx, cx.now()).await?.extra_space(gb, years).ok();
    Ok(quote.map(|quote| NewExtra { gb, line: Some((cx.new_id(), quote)) }))
}

async fn begin(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &DueRow,
    order: OrderId,
    amount: Money,
    method: &MethodRow,
) -> Result<AttemptId, Problem> {
    let id: AttemptId = cx.new_id();
    let mut batch = Batch::new();
    let attempt = NewAttempt {
        id,
        order,
        kind: AttemptKind::OffSession.as_str(),
        refunds: None,
        gateway: &method.gateway,
        state: AttemptState::Created.as_str(),
        amount,
        method: Some(method.id),
        customer: Some(&method.gateway_customer),
        created_at: cx.now(),
        check_at: Some(cx.now().plus_seconds(pause_s(1))),
        quick: false,
    };
    payments::insert(&mut batch, &attempt);
    rows::begin(&mut batch, row.service_id, row.period_start);
    tx.later(batch).await?;
    let effect = ChargeMethod { attempt: id };
    // One for each period and try, whoever asks.
    let key = format!("renew:{}:{}:{}", row.service_id, row.period_start.iso(), row.tries);
    effects::enqueue(tx, cx, &[effect.request(("attempt", id.uuid()), Some(key), at_some_time(cx.now(), id))]).await?;
    let details = json!({ "order": order, "method": method.id });
    audit::record(tx, cx, &AuditLine::new("payment.charge_asked", "attempt", id.uuid(), details)).await?;
    Ok(id)
}

/// Due at once, and taken in another order than it was made in. A night makes thousands of charges whose rows are
/// neighbours in every index; workers that carry out neighbours at the same time meet in conflicts on PostgreSQL.
fn at_some_time(now: Timestamp, id: AttemptId) -> Timestamp {
    let spread = id.uuid().as_u64_pair().1 % MINUTE_US.unsigned_abs();
    now.plus_us(-(spread as i64))
}

/// A charge came to nothing: the order waits with «paga» and «annulla», the customer is told, the next try stands in
/// the calendar. Called where the attempt's end is recorded.
///
/// # Errors
/// The store's.
pub(crate) async fn charge_failed(
    tx: &mut WriteTx,
    cx: &Cx,
    (order, attempt): (OrderId, AttemptId),
    reason: &str,
) -> Result<(), Problem> {
    let next = try_later(tx, cx, order, reason).await?;
    night_looks::charge_failed(tx, attempt, reason, next).await?;
    Ok(())
}

async fn try_later(tx: &mut WriteTx, cx: &Cx, order: OrderId, reason: &str) -> Result<Option<Date>, Problem> {
    let Some(service) = rows::of_order(tx, order).await?.into_iter().next() else { return Ok(None) };
    let Some(row) = rows::of_service(tx, service.service_id, service.period_start).await? else { return Ok(None) };
    let Some(end) = row.end() else { return Ok(None) };
    let facts = facts(&row, end)?;
    // Somebody else moved it: a charge of its own failed, not that of the night.
    if facts.state != ObligationState::Running || row.order_id != Some(order) {
        return Ok(None);
    }
    let placed = store::orders::by_id(tx, order).await?.ok_or_else(Problem::not_found)?;
    let told = (order, placed.number.as_str(), placed.gross_cents);
    failed(tx, cx, &row, &facts, told, reason, cx.now().date()).await
}

async fn failed(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &DueRow,
    running: &domain::renewal::machine::Facts,
    order: (OrderId, &str, Money),
    reason: &str,
    day: Date,
) -> Result<Option<Date>, Problem> {
    let decided = step(running, ObligationEvent::ChargeFailed, day).map_err(|r| Problem::refused(r.code()))?;
    later(tx, row, decided.tries, decided.due).await?;
    let next = (decided.due <= running.end).then_some(decided.due);
    let mail = notices::charge_failed(cx, row, order, reason, next);
    effects::enqueue(tx, cx, &[mail]).await?;
    let details = json!({ "order": order.0, "reason": reason, "tries": decided.tries });
    audit::record(tx, cx, &AuditLine::new("renewal.charge_failed", "mailbox", row.mailbox_id.uuid(), details)).await?;
    Ok(next)
}

async fn later(tx: &mut WriteTx, row: &DueRow, tries: i64, due: Date) -> Result<(), Problem> {
    let again = rows::TriedAgain { service: row.service_id, period: row.period_start, tries, due };
    let page = rows::RenewalPage { later: vec![again], ..rows::RenewalPage::default() };
    Ok(rows::write_obligations(tx, &page, due).await?)
}

async fn close(
    tx: &mut WriteTx,
    row: &DueRow,
    day: Date,
    state: &'static str,
    reason: &'static str,
) -> Result<Looked, Problem> {
    let closed = rows::Closed { service: row.service_id, period: row.period_start, state, reason };
    let page = rows::RenewalPage { closed: vec![closed], ..rows::RenewalPage::default() };
    rows::write_obligations(tx, &page, day).await?;
    Ok(Looked { reason: Some(reason), ..looked(row, state, None) })
}
