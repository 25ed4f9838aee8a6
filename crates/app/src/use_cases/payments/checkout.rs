//! The two writes around the call that opens a payment: before it, so that a crash is seen as
//! «unknown»; after it, with what came of it.

use domain::{
    actor::Actor,
    audit::AuditLine,
    id::{AttemptId, OrderId},
    order::OrderState,
    payment::machine::{AttemptEvent, AttemptKind, AttemptState, step},
};
use ports::payment::{GatewayInfo, OpenPayment, Opened, Payer, PayerStep};
use serde_json::json;
use store::{
    Batch, WriteTx,
    payments::{self as rows, NewAttempt, OpenedAttempt, PayableRow},
};

use super::{Means, TOP_UP, state_of};
use crate::{Cx, Problem, audit};

/// With what, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    pub means: Means,
    /// By somebody who proved to know the order, without signing in.
    pub quick: bool,
}

/// What the conversation does next.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// Call the gateway with this.
    Open(Box<OpenPayment>),
    /// It is open already: the customer continues there.
    Continue { url: String },
    /// The bank is at work on an earlier try: wait for it on this page.
    Wait { url: String },
}

/// Address of the page that waits for the outcome, without the installation's own.
pub fn wait_path(kind: &str, order: OrderId) -> String {
    if kind == TOP_UP { format!("/mailbox/credit/{order}/wait") } else { format!("/order/payment/{order}/wait") }
}
/// Where the gateway sends the browser back: the page that waits, told that somebody came back.
fn back_path(kind: &str, order: OrderId) -> String {
    let wait = wait_path(kind, order);
    if kind == TOP_UP { wait } else { format!("{wait}?back=1") }
}
/// The page of a payment by order number, which needs no sign-in.
pub fn quick_path(attempt: AttemptId) -> String {
    format!("/pay/{attempt}")
}
fn quick_back_path(attempt: AttemptId) -> String {
    format!("{}?back=1", quick_path(attempt))
}
/// Address of the page with the gateway's card fields.
pub fn card_path(attempt: AttemptId) -> String {
    format!("/order/payment/card/{attempt}")
}

/// Prepares the payment of an order of the acting login. Clicking twice finds the same attempt.
///
/// # Errors
/// `NotFound` when there is no such order for this actor; `order-already-paid`,
/// `order-not-payable`.
pub async fn begin(cx: &Cx, order: OrderId, payer: By, gateway: GatewayInfo) -> Result<Begun, Problem> {
    let cx_in = cx.clone();
    let By { means, quick } = payer;
    cx.write(async move |tx| {
        let cx = &cx_in;
        let row = rows::payable(tx, order, gateway.name).await?.filter(|r| quick || may_pay(cx, r));
        let row = row.ok_or_else(Problem::not_found)?;
        // Credit is paid by card alone (domain notes 4.2).
        if row.kind == TOP_UP && means != Means::Card {
            return Err(Problem::not_found());
        }
        match OrderState::parse(&row.state) {
            Some(OrderState::AwaitingPayment) => {}
            Some(OrderState::Cancelled | OrderState::ExpiredUnpaid) => {
                return Err(Problem::refused("order-not-payable"));
            }
            _ => return Err(Problem::refused("order-already-paid")),
        }
        match earlier(cx, &row, &gateway, quick)? {
            Earlier::Continue(url) => Ok(Begun::Continue { url }),
            Earlier::Wait if quick => Err(Problem::refused("payment-under-way")),
            Earlier::Wait => Ok(Begun::Wait { url: wait_path(&row.kind, order) }),
            // The answer to opening it was lost: the same attempt opens the same page.
            Earlier::Repeat(attempt) => Ok(Begun::Open(Box::new(wish(cx, &row, attempt, quick)))),
            Earlier::None => create(tx, cx, &row, &gateway, quick).await,
        }
    })
    .await
}

enum Earlier {
    None,
    Continue(String),
    Wait,
    Repeat(AttemptId),
}

fn earlier(cx: &Cx, row: &PayableRow, gateway: &GatewayInfo, quick: bool) -> Result<Earlier, Problem> {
    let (Some(id), Some(state)) = (row.attempt_id, row.attempt_state.as_deref()) else { return Ok(Earlier::None) };
    let age_us = row.attempt_created_at.map_or(0, |at| cx.now().since(at));
    // Two calls under one attempt would be two charges: what an effect charges is never opened as a page.
    let page = row.attempt_kind.as_deref() == Some(AttemptKind::Checkout.as_str());
    // A page that somebody else opened knows more of its payer than this one may see.
    let same = row.attempt_gateway.as_deref() == Some(gateway.name) && row.attempt_quick == Some(quick);
    let alive = age_us < gateway.page_lifetime_s * domain::time::SECOND_US;
    Ok(match (state_of(state)?, &row.continue_url) {
        (AttemptState::Opened | AttemptState::Pending, Some(url)) if same && alive => Earlier::Continue(url.clone()),
        (AttemptState::Unknown | AttemptState::Created, None) if page && same => Earlier::Repeat(id),
        (AttemptState::Pending | AttemptState::Unknown, _) => Earlier::Wait,
        _ if !page => Earlier::Wait,
        // An old page: whoever still pays there is told apart by its own attempt.
        _ => Earlier::None,
    })
}

pub(super) fn may_pay(cx: &Cx, row: &PayableRow) -> bool {
    match cx.actor {
        Actor::Login { login, .. } => login == row.login_id,
        Actor::Operator { .. } | Actor::System => true,
        Actor::Mailbox { mailbox } => row.mailbox_id == Some(mailbox),
        Actor::Visitor => false,
    }
}

fn wish(cx: &Cx, row: &PayableRow, attempt: AttemptId, quick: bool) -> OpenPayment {
    // Who knows a number and a tax number learns neither name nor address of the customer from the gateway's page.
    let told = |text: &String| if quick { String::new() } else { text.clone() };
    let back = if quick { quick_back_path(attempt) } else { back_path(&row.kind, row.id) };
    OpenPayment {
        attempt,
        amount: row.gross_cents - row.deposit_cents,
        description: format!("{} {}", cx.settings().brand, row.number),
        payer: Payer {
            party: row.party_id,
            customer: row.customer.clone().filter(|_| !quick),
            email: told(&row.email),
            name: told(&row.display_name),
        },
        // A card that tops up is not kept: credit is never taken from it by itself.
        save_method: row.kind != TOP_UP && !quick,
        return_url: format!("{}{back}", cx.settings().base_url),
        language: cx.locale.code().to_owned(),
    }
}

async fn create(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &PayableRow,
    gateway: &GatewayInfo,
    quick: bool,
) -> Result<Begun, Problem> {
    let id: AttemptId = cx.new_id();
    // The call is about to leave.
    let begun = step(AttemptState::Created, AttemptEvent::CallStarted, 0, cx.now()).map_err(Problem::broken)?;
    let mut batch = Batch::new();
    rows::insert(
        &mut batch,
        &NewAttempt {
            id,
            order: row.id,
            kind: AttemptKind::Checkout.as_str(),
            refunds: None,
            gateway: gateway.name,
            state: begun.next.as_str(),
            amount: row.gross_cents - row.deposit_cents,
            method: None,
            customer: row.customer.as_deref().filter(|_| !quick),
            created_at: cx.now(),
            check_at: begun.check_at,
            quick,
        },
    );
    tx.batch(batch).await?;
    let details = json!({ "order": row.id, "gateway": gateway.name, "amount_cents": (row.gross_cents - row.deposit_cents).as_cents() });
    audit::record(tx, cx, &AuditLine::new("payment.started", "attempt", id.uuid(), details)).await?;
    Ok(Begun::Open(Box::new(wish(cx, row, id, quick))))
}

/// Writes what the gateway opened; answers where the customer goes.
///
/// # Errors
/// `NotFound` when the attempt is gone; the store's.
pub async fn opened(cx: &Cx, attempt: AttemptId, opened: Opened) -> Result<String, Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let cx = &cx_in;
        let row = rows::attempt(tx, attempt).await?.ok_or_else(Problem::not_found)?;
        let state = state_of(&row.state)?;
        let (url, card_form) = match &opened.next {
            PayerStep::Redirect { url } => (url.clone(), None),
            form @ PayerStep::CardForm { .. } => {
                let text = serde_json::to_string(form).expect("a card form is plain data");
                (card_path(attempt), Some(text))
            }
        };
        let Ok(step) = step(state, AttemptEvent::Opened, row.checks, cx.now()) else { return Ok(url) };
        // Somebody has already paid there, or opened it a moment ago.
        if row.gateway_ref.is_some() || step.next.is_final() {
            return Ok(url);
        }
        let mut batch = Batch::new();
        let change = OpenedAttempt {
            id: attempt,
            version: row.version,
            state: step.next.as_str(),
            reference: &opened.reference,
            customer: opened.customer.as_deref(),
            continue_url: &url,
            card_form: card_form.as_deref(),
            check_at: step.check_at,
        };
        rows::opened(&mut batch, &change);
        if let Some(customer) = opened.customer.as_ref().filter(|_| !row.quick) {
            rows::customer(&mut batch, row.party_id, &row.gateway, customer, cx.now());
        }
        tx.batch(batch).await?;
        if let Some(action) = step.audit {
            let details = json!({ "order": row.order_id, "gateway": row.gateway });
            audit::record(tx, cx, &AuditLine::new(action, "attempt", attempt.uuid(), details)).await?;
        }
        Ok(url)
    })
    .await
}
