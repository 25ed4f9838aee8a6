//! A day of the schedule of an unpaid order has come: remind, or give up.

use domain::{
    id::OrderId,
    order::{
        OrderEvent, OrderState,
        machine::{OrderEffect, OrderRules, step},
    },
};
use store::{WriteTx, orders as rows};

use super::{cancel_order, mailbox_activated::facts, notices};
use crate::{
    Cx, Problem, audit,
    effects::{self, chase_order::ChaseOrder},
    use_cases::renewals::immediate_until,
};

/// Does the step of this day and asks for the next one. An order that was paid or closed
/// meanwhile is left alone.
///
/// # Errors
/// When the store cannot be read or written, or the order was moved meanwhile.
pub async fn follow_up(tx: &mut WriteTx, cx: &Cx, id: OrderId, days: i64) -> Result<(), Problem> {
    let rules = OrderRules::default();
    let order = rows::by_id(tx, id).await?.ok_or_else(Problem::not_found)?;
    if order.state != OrderState::AwaitingPayment.as_str() {
        return Ok(());
    }
    if days >= rules.schedule.expiry_days {
        return cancel_order::close(tx, cx, id, OrderEvent::Expired).await;
    }
    let decided = step(&facts(&order)?, OrderEvent::ReminderDue { days }, &rules, cx.now())
        .map_err(|refusal| Problem::refused(refusal.code()))?;
    let mut wishes = Vec::new();
    if decided.effects.iter().any(|e| matches!(e, OrderEffect::NoticeReminder { .. })) {
        let immediate_until = immediate_until(tx, id, &order.kind, cx.now().date()).await?;
        wishes.push(notices::reminder(cx, &order, days, immediate_until));
    }
    let later = rules.schedule.reminders(order.placed_at).into_iter().find(|(d, _)| *d > days);
    let next = later.unwrap_or((rules.schedule.expiry_days, rules.schedule.expires_at(order.placed_at)));
    wishes.push(ChaseOrder { order: id, days: next.0 }.at(next.1));
    effects::enqueue(tx, cx, &wishes).await?;
    audit::record(tx, cx, &decided.audit).await
}
