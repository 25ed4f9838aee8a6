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
    desk_order::{self as rows, ActedRow, BuyerRow, EffectRow, OutgoingRow, PaymentRow, Place, SentRow},
    lists::From,
    orders::{self, OrderMailboxRow, OrderRow},
    payments::{self, RefundableRow},
    terminations::{self, OrderTerminationRow},
};

use super::orders::Page;
use crate::{Cx, Problem, audit, use_cases::operators::authorise};

/// Rows of each kind on the page of an order.
pub const SHOWN: usize = 100;
/// Transfers back on one page.
pub const OUTGOING: u64 = 50;

/// From where the lists of an order's page go on; none from the newest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places {
    pub payments: Option<Place>,
    pub effects: Option<Place>,
    /// Audit and messages, which are one list.
    pub history: Option<Place>,
}

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
    /// Where each list goes on; none when it ends.
    pub more: Places,
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
pub async fn order(cx: &Cx, id: OrderId, from: Places) -> Result<DeskOrder, Problem> {
    authorise(cx, Permission::See)?;
    let q = &mut cx.store();
    let (limit, place) = (SHOWN as i64 + 1, |p: Option<Place>| p.unwrap_or(rows::NEWEST));
    let row = orders::by_id(q, id).await?.ok_or_else(Problem::not_found)?;
    let mut found = DeskOrder {
        buyer: rows::buyer(q, id).await?.ok_or_else(Problem::not_found)?,
        mailboxes: orders::mailboxes(q, id).await?,
        notices: terminations::of_order(q, id, SHOWN as i64).await?,
        payments: rows::payments(q, id, place(from.payments), limit).await?,
        refundable: payments::refundable(q, id).await?,
        audit: rows::audit(q, id, place(from.history), limit).await?,
        effects: rows::effects(q, id, place(from.effects), limit).await?,
        sent: rows::sent(q, id, place(from.history), limit).await?,
        more: Places::default(),
        row,
    };
    found.more.payments = cut(&mut found.payments, |p| (p.created_at, p.id.uuid()));
    found.more.effects = cut(&mut found.effects, |e| (e.created_at, e.id.uuid()));
    found.more.history = cut_history(&mut found.audit, &mut found.sent);
    let inner = cx.clone();
    let seen = AuditLine::new("office.order_seen", "order", id.uuid(), json!({}));
    cx.write(async move |tx| audit::record(tx, &inner, &seen).await).await?;
    Ok(found)
}

/// Keeps a page; answers where the list goes on, if it does.
fn cut<R>(rows: &mut Vec<R>, place: impl Fn(&R) -> Place) -> Option<Place> {
    let more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    rows.last().filter(|_| more).map(place)
}

/// The same of two lists that are shown as one: none goes further than the page does.
fn cut_history(audit: &mut Vec<ActedRow>, sent: &mut Vec<SentRow>) -> Option<Place> {
    let mut places: Vec<Place> = audit.iter().map(|l| (l.at, l.id)).chain(sent.iter().map(|m| (m.at, m.id))).collect();
    places.sort_unstable_by(|a, b| b.cmp(a));
    let last = cut(&mut places, |p| *p)?;
    audit.retain(|l| (l.at, l.id) >= last);
    sent.retain(|m| (m.at, m.id) >= last);
    Some(last)
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
