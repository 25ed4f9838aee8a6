//! What the pages around a payment show.

use domain::{
    actor::Actor,
    id::{AttemptId, LoginId, MailboxId, OrderId, PartyId},
    money::Money,
    order::OrderState,
    payment::{credit, machine::AttemptState},
    time::Date,
};
use ports::payment::PayerStep;
use store::payments as rows;

use crate::{
    Cx, Problem,
    use_cases::payments::{
        checkout::{quick_path, wait_path},
        state_of,
    },
};

/// How the newest payment of an order stands, as the waiting page tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is under way and nothing is paid: the order can be paid.
    Nothing,
    /// The customer can go on at the gateway.
    AtGateway { url: String },
    /// The bank has not answered yet.
    Waiting,
    /// It did not work, for this reason.
    Failed { code: String },
    /// The order is paid.
    Paid,
    /// The order was closed.
    Closed,
}

/// The waiting page of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub order: OrderId,
    pub number: String,
    /// What is still to be paid.
    pub gross: Money,
    pub standing: Standing,
}

/// How a payment of the acting login stands, from our own database: the address that the browser
/// came back with proves nothing.
///
/// # Errors
/// `NotFound` when there is no such order for this actor.
pub async fn waiting(cx: &Cx, order: OrderId) -> Result<Waiting, Problem> {
    let row = rows::waiting(&mut cx.store(), order).await?;
    let row = row.filter(|r| may_see(cx, r.login_id, r.mailbox_id)).ok_or_else(Problem::not_found)?;
    let standing = match OrderState::parse(&row.state) {
        Some(OrderState::AwaitingPayment) => match row.attempt_state.as_deref().map(state_of).transpose()? {
            None => Standing::Nothing,
            Some(AttemptState::Failed) => Standing::Failed { code: row.failure_code.clone().unwrap_or_default() },
            // A challenge waits for the customer as an open page does.
            Some(AttemptState::Pending) if row.attempt_detail.as_deref() != Some("challenge") => Standing::Waiting,
            Some(AttemptState::Opened | AttemptState::Pending) => match &row.continue_url {
                Some(url) => Standing::AtGateway { url: url.clone() },
                None => Standing::Waiting,
            },
            Some(_) => Standing::Waiting,
        },
        Some(OrderState::Cancelled | OrderState::ExpiredUnpaid) => Standing::Closed,
        _ => Standing::Paid,
    };
    Ok(Waiting { order: row.id, number: row.number, gross: row.gross_cents - row.deposit_cents, standing })
}

pub(crate) fn may_see(cx: &Cx, login: LoginId, ordered_in: Option<MailboxId>) -> bool {
    match cx.actor {
        Actor::Login { login: me, .. } => me == login,
        Actor::Operator { .. } | Actor::System => true,
        Actor::Mailbox { mailbox } => ordered_in == Some(mailbox),
        Actor::Visitor => false,
    }
}

/// Credit of earlier payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excess {
    pub available: Money,
    /// The last day of what is lost first.
    pub until: Date,
}

/// What a customer has of it; `None` without any.
///
/// # Errors
/// When the store cannot be read.
pub async fn excess(cx: &Cx, party: PartyId) -> Result<Option<Excess>, Problem> {
    let q = &mut cx.store();
    let available = store::excess::available(q, party).await?;
    if available <= Money::ZERO {
        return Ok(None);
    }
    let today = cx.now().date();
    let came = store::excess::came(q, party, today.plus_months(-credit::MONTHS).start()).await?;
    let came: Vec<_> = came.iter().map(|c| (c.at.date(), c.amount_cents)).collect();
    Ok(Some(Excess { available, until: credit::first_end(available, &came).unwrap_or(today) }))
}

/// The gateway's card fields of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardForm {
    pub order: OrderId,
    /// Paid by somebody who is not signed in.
    pub quick: bool,
    /// Where the outcome is waited for.
    pub wait: String,
    pub number: String,
    pub gross: Money,
    pub script_url: String,
    pub publishable_key: String,
    pub client_secret: String,
}

/// What the page with the gateway's card fields needs.
///
/// # Errors
/// `NotFound` when there is no such attempt for this actor, when it has no card fields, or when it
/// is over.
pub async fn card_form(cx: &Cx, attempt: AttemptId) -> Result<CardForm, Problem> {
    let row = rows::attempt(&mut cx.store(), attempt).await?;
    let row = row.filter(|r| r.quick || may_see(cx, r.login_id, r.mailbox_id)).ok_or_else(Problem::not_found)?;
    let over = state_of(&row.state)?.is_final();
    let step = row.card_form.as_deref().filter(|_| !over).ok_or_else(Problem::not_found)?;
    match serde_json::from_str(step).map_err(Problem::broken)? {
        PayerStep::CardForm { script_url, publishable_key, client_secret } => Ok(CardForm {
            order: row.order_id,
            wait: if row.quick { quick_path(row.id) } else { wait_path(&row.order_kind, row.order_id) },
            quick: row.quick,
            number: row.order_number,
            gross: row.amount_cents,
            script_url,
            publishable_key,
            client_secret,
        }),
        PayerStep::Redirect { .. } => Err(Problem::not_found()),
    }
}
