//! Orders that end without money: given up by the customer, or after thirty days. The names go back.

use domain::{
    address::{AfterRelease, release},
    id::OrderId,
    order::{
        OrderEvent,
        machine::{OrderEffect, OrderRules, OrderWrite, step},
    },
};
use store::{WriteTx, addresses, orders as rows};

use super::{
    mailbox_activated::{facts, own},
    notices,
};
use crate::{Cx, Problem, audit, effects, use_cases::payments::cancel_attempts::cancel_attempts};

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
    let wishes: Vec<_> = decided
        .effects
        .iter()
        .filter_map(|wish| match wish {
            OrderEffect::NoticeCancelled => Some(notices::cancelled(cx, &order)),
            OrderEffect::NoticeExpired => Some(notices::expired(cx, &order)),
            _ => None,
        })
        .collect();
    effects::enqueue(tx, cx, &wishes).await?;
    audit::record(tx, cx, &decided.audit).await
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
