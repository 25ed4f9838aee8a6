//! Orders that end without money: given up by the customer, or after thirty days. The names go back.

use domain::{
    address::{AfterRelease, release},
    id::OrderId,
    ledger::rules,
    money::Money,
    order::{
        OrderEvent,
        machine::{OrderEffect, OrderRules, OrderWrite, step},
    },
};
use store::{Batch, WriteTx, addresses, ledger, orders as rows};

use super::{
    mailbox_activated::{facts, own},
    notices,
};
use crate::{
    Cx, Problem, audit, effects,
    use_cases::payments::{cancel_attempts::cancel_attempts, excess},
};

/// Cancels an unpaid order of the acting login.
///
/// # Errors
/// `NotFound`; `order-already-paid`, `order-closed`; `order-outcome-unknown` while the bank has not
/// answered.
pub async fn cancel_order(cx: &Cx, order: OrderId) -> Result<(), Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| close(tx, &cx_in, order, OrderEvent::Cancelled).await).await
}

/// Closes an order by `event`, in the caller's transaction.
pub(crate) async fn close(tx: &mut WriteTx, cx: &Cx, id: OrderId, event: OrderEvent) -> Result<(), Problem> {
    let order = own(tx, cx, id).await?;
    let decided = step(&facts(&order)?, event, &OrderRules::default(), cx.now())
        .map_err(|refusal| Problem::refused(refusal.code()))?;
    rows::set_closed(tx, id, order.version, decided.next.as_str(), cx.now()).await?;
    if decided.writes.contains(&OrderWrite::ReleaseNames) {
        release_names(tx, cx, id).await?;
    }
    cancel_attempts(tx, cx, id).await?;
    let part = free_deposit(tx, cx, &order).await?;
    let wishes: Vec<_> = decided
        .effects
        .iter()
        .filter_map(|wish| match wish {
            OrderEffect::NoticeCancelled | OrderEffect::NoticeExpired if part > Money::ZERO => {
                let expired = *wish == OrderEffect::NoticeExpired;
                Some(notices::part_credited(cx, &order, part, expired))
            }
            OrderEffect::NoticeCancelled => Some(notices::cancelled(cx, &order)),
            OrderEffect::NoticeExpired => Some(notices::expired(cx, &order)),
            _ => None,
        })
        .collect();
    effects::enqueue(tx, cx, &wishes).await?;
    audit::record(tx, cx, &decided.audit).await
}

/// A part that came for the order becomes the customer's credit (domain notes 10.18).
async fn free_deposit(tx: &mut WriteTx, cx: &Cx, order: &rows::OrderRow) -> Result<Money, Problem> {
    let deposit = order.deposit_cents;
    if deposit <= Money::ZERO {
        return Ok(Money::ZERO);
    }
    let mut batch = Batch::new();
    let entry = rules::deposit_freed(order.id, order.party_id, deposit);
    ledger::post(&mut batch, &entry, cx.now(), || cx.new_id());
    tx.batch(batch).await?;
    excess::credited(tx, cx, order.party_id).await?;
    Ok(deposit)
}

async fn release_names(tx: &mut WriteTx, cx: &Cx, order: OrderId) -> Result<(), Problem> {
    for row in addresses::of_order(tx, order.uuid()).await? {
        match release(&row.entry()?) {
            Some(AfterRelease::Forget) => addresses::forget(tx, &row.address, order.uuid()).await?,
            Some(AfterRelease::BackToFormer { tax_key }) => {
                addresses::give_back(tx, &row.address, order.uuid(), &tax_key, cx.now().micros()).await?
            }
            None => 0,
        };
    }
    Ok(())
}
