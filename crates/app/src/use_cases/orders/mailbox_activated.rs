//! One more mailbox of an order lives, or could not be made. Called where provisioning is recorded.

use domain::{
    id::{MailboxId, OrderId},
    money::Money,
    order::{
        OrderEvent, OrderFacts, OrderState,
        machine::{OrderRefusal, OrderRules, step},
    },
};
use store::{WriteTx, mailboxes, orders as rows};

use super::notices;
use crate::{Cx, Problem, audit, effects};

/// Records that a mailbox became active: the order moves on and the customer is told.
///
/// # Errors
/// `NotFound` when there is no such mailbox; `Rerun` when the order was moved meanwhile.
pub async fn mailbox_activated(tx: &mut WriteTx, cx: &Cx, mailbox: MailboxId) -> Result<(), Problem> {
    move_order(tx, cx, mailbox, OrderEvent::MailboxActivated).await?;
    let card = mailboxes::card(tx, mailbox).await?.ok_or_else(Problem::not_found)?;
    let order = rows::by_id(tx, card.order_id).await?.ok_or_else(Problem::not_found)?;
    effects::enqueue(tx, cx, &[notices::activated(cx, &order, &card)]).await
}

/// Records that a mailbox could not be created after all tries; an operator sees the order.
///
/// # Errors
/// As [`mailbox_activated`].
pub async fn activation_failed(tx: &mut WriteTx, cx: &Cx, mailbox: MailboxId) -> Result<(), Problem> {
    move_order(tx, cx, mailbox, OrderEvent::ActivationFailed).await
}

async fn move_order(tx: &mut WriteTx, cx: &Cx, mailbox: MailboxId, event: OrderEvent) -> Result<(), Problem> {
    let card = mailboxes::card(tx, mailbox).await?.ok_or_else(Problem::not_found)?;
    let order = rows::by_id(tx, card.order_id).await?.ok_or_else(Problem::not_found)?;
    let mut facts = facts(&order)?;
    // The mailbox's own row may say active already: the machine counts those before it.
    if event == OrderEvent::MailboxActivated && card.state != "activating" {
        facts.activated -= 1;
    }
    match step(&facts, event, &OrderRules::default(), cx.now()) {
        Ok(decided) => {
            rows::set_state(tx, order.id, order.version, decided.next.as_str(), cx.now()).await?;
            audit::record(tx, cx, &decided.audit).await
        }
        // A repeated effect finds its work done.
        Err(OrderRefusal::Closed) => Ok(()),
        Err(refusal) => Err(Problem::refused(refusal.code())),
    }
}

/// What the machine must know, out of the row.
pub(crate) fn facts(row: &rows::OrderRow) -> Result<OrderFacts, Problem> {
    let state = OrderState::parse(&row.state).ok_or_else(|| Problem::broken("order state"))?;
    Ok(OrderFacts {
        id: row.id,
        state: Some(state),
        placed_at: row.placed_at,
        gross: row.gross_cents,
        received: if row.paid_at.is_some() { row.gross_cents } else { Money::ZERO },
        mailboxes: row.mailboxes,
        activated: row.activated,
        outcome_unknown: row.unknown_payments > 0,
    })
}

/// The order, if the acting login may see it.
///
/// # Errors
/// `NotFound` when it is somebody else's or not there.
pub(super) async fn own(tx: &mut WriteTx, cx: &Cx, id: OrderId) -> Result<rows::OrderRow, Problem> {
    let row = rows::by_id(tx, id).await?.ok_or_else(Problem::not_found)?;
    match cx.actor {
        domain::actor::Actor::Login { login, .. } if row.login_id == login => Ok(row),
        domain::actor::Actor::System | domain::actor::Actor::Operator { .. } => Ok(row),
        _ => Err(Problem::not_found()),
    }
}
