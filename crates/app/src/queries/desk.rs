//! What operators read of orders. Each look at a customer's data is in the audit.

use domain::{
    audit::AuditLine,
    id::{AttemptId, OrderId},
    money::Money,
    operator::Permission,
    time::Timestamp,
};
use serde_json::json;
use store::{
    desk_order::{self as rows, ActedRow, BuyerRow, EffectRow, OutgoingRow, PaymentRow, SentRow},
    lists::From,
    orders::{self, OrderMailboxRow, OrderRow},
    payments::{self, RefundableRow},
    terminations::{self, OrderTerminationRow},
};

use super::orders::Page;
use crate::{Cx, Problem, audit, use_cases::operators::authorise};

/// Rows of each kind on the page of an order.
const SHOWN: i64 = 200;
/// Transfers back on one page.
pub const OUTGOING: u64 = 50;

/// An order with everything that happened to it.
#[derive(Clone, Debug)]
pub struct DeskOrder {
    pub row: OrderRow,
    pub buyer: BuyerRow,
    pub mailboxes: Vec<OrderMailboxRow>,
    pub notices: Vec<OrderTerminationRow>,
    pub payments: Vec<PaymentRow>,
    pub refundable: Vec<RefundableRow>,
    pub audit: Vec<ActedRow>,
    pub effects: Vec<EffectRow>,
    pub sent: Vec<SentRow>,
}
impl DeskOrder {
    /// What may still go back of a payment.
    pub fn left(&self, payment: AttemptId) -> Money {
        self.refundable.iter().find(|p| p.id == payment).map_or(Money::ZERO, |p| p.left_cents)
    }
}

/// An order, and a line in the audit that it was looked at.
///
/// # Errors
/// Forbidden; `NotFound`.
pub async fn order(cx: &Cx, id: OrderId) -> Result<DeskOrder, Problem> {
    authorise(cx, Permission::See)?;
    let q = &mut cx.store();
    let row = orders::by_id(q, id).await?.ok_or_else(Problem::not_found)?;
    let found = DeskOrder {
        buyer: rows::buyer(q, id).await?.ok_or_else(Problem::not_found)?,
        mailboxes: orders::mailboxes(q, id).await?,
        notices: terminations::of_order(q, id, SHOWN).await?,
        payments: rows::payments(q, id).await?,
        refundable: payments::refundable(q, id).await?,
        audit: rows::audit(q, id, SHOWN).await?,
        effects: rows::effects(q, id, SHOWN).await?,
        sent: rows::sent(q, id, SHOWN).await?,
        row,
    };
    let inner = cx.clone();
    let seen = AuditLine::new("office.order_seen", "order", id.uuid(), json!({}));
    cx.write(async move |tx| audit::record(tx, &inner, &seen).await).await?;
    Ok(found)
}

/// Transfers back that somebody has to make, the oldest first.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn outgoing(cx: &Cx, from: From<(Timestamp, AttemptId)>) -> Result<Page<OutgoingRow>, Problem> {
    authorise(cx, Permission::See)?;
    let found = rows::outgoing(&mut cx.store(), from, OUTGOING).await?;
    Ok(Page::of(found, &from, OUTGOING))
}

/// One of them.
///
/// # Errors
/// Forbidden; `NotFound` when it is made, or never was to be.
pub async fn outgoing_one(cx: &Cx, id: AttemptId) -> Result<OutgoingRow, Problem> {
    authorise(cx, Permission::See)?;
    rows::outgoing_one(&mut cx.store(), id).await?.ok_or_else(Problem::not_found)
}
