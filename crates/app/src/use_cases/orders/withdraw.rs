//! Withdrawal of a consumer from the contract of an order (Consumer code art. 52, 54-bis): a statement, a confirmation,
//! an acknowledgement with date and time. Mailboxes end at once and what was paid goes back the way it came.

use domain::{
    audit::AuditLine,
    id::{LoginId, OrderId},
    ident::{EmailAddress, Text},
    mailbox::MailboxEvent,
    money::Money,
    order::{
        OrderEvent, OrderState,
        withdrawal::{self, Contract, Withdrawal, WithdrawalRefusal},
    },
    time::Date,
};
use render::notices::withdrawal::WithdrawalReceived;
use serde::Deserialize;
use serde_json::json;
use store::{WriteTx, orders, payments, withdrawals as rows};

use super::{cancel_order, mailbox_activated::own, notices};
use crate::{
    Cx, FieldProblem, Problem, audit, effects,
    use_cases::{mailboxes::move_on, payments::refund},
};

/// Longest name, as elsewhere in the registry.
const NAME_MAX: usize = 120;

/// What the consumer states.
#[derive(Clone, Debug)]
pub struct Statement {
    pub order: OrderId,
    pub name: String,
    /// Where the acknowledgement goes.
    pub email: String,
    /// He knows that the content of the mailboxes is lost; asked for only while there are any.
    pub content_saved: bool,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// An order that can be withdrawn from now.
#[derive(Clone, Debug)]
pub struct Open {
    pub order: orders::OrderRow,
    pub addresses: Vec<String>,
    /// Name of the buyer as the order keeps it.
    pub name: String,
    pub last_day: Date,
    /// What would go back.
    pub refund: Money,
    /// Whether mailboxes would end.
    pub ends_mailboxes: bool,
}

/// The parts of an order's billing data that say who bought.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Buyer {
    kind: String,
    name: String,
    vat_number: Option<String>,
}

fn buyer(order: &orders::OrderRow) -> Buyer {
    serde_json::from_str(&order.billing).unwrap_or_default()
}

/// Shows an order to its login, as far as it can be withdrawn from.
///
/// # Errors
/// `NotFound`; `withdrawal-not-consumer`, `withdrawal-too-late`, `withdrawal-no-contract`, `withdrawal-already`.
pub async fn withdrawable(cx: &Cx, login: LoginId, order: OrderId) -> Result<Open, Problem> {
    let q = &mut cx.store();
    let row = orders::by_id(q, order).await?.filter(|o| o.login_id == login).ok_or_else(Problem::not_found)?;
    let withdrawn = rows::of_order(q, order).await?.is_some();
    decide(cx, &row, withdrawn)?;
    let paid = payments::refundable(q, order).await?;
    Ok(Open {
        addresses: orders::mailboxes(q, order).await?.into_iter().map(|m| m.address).collect(),
        name: buyer(&row).name,
        last_day: withdrawal::last_day(row.placed_at.date()),
        refund: paid.iter().fold(Money::ZERO, |sum, p| sum + p.left_cents),
        ends_mailboxes: !rows::living(q, order).await?.is_empty(),
        order: row,
    })
}

fn decide(cx: &Cx, row: &orders::OrderRow, withdrawn: bool) -> Result<Withdrawal, Problem> {
    let buyer = buyer(row);
    let contract = Contract {
        consumer: buyer.kind == "person" && buyer.vat_number.is_none_or(|v| v.is_empty()),
        placed: row.placed_at.date(),
        state: OrderState::parse(&row.state).ok_or_else(|| Problem::broken("order state"))?,
        withdrawn,
    };
    withdrawal::decide(&contract, cx.now().date()).map_err(|refusal| Problem::refused(refusal.code()))
}

/// Looks at a statement before it is confirmed.
///
/// # Errors
/// `invalid` with the fields `name`, `email`, `saved`.
pub fn check(statement: &Statement, ends_mailboxes: bool) -> Result<(String, EmailAddress), Problem> {
    let name = Text::line(&statement.name, NAME_MAX).map_err(|e| FieldProblem::new("name", e.code()));
    let email = EmailAddress::parse(&statement.email).map_err(|e| FieldProblem::new("email", e.code()));
    let saved = (statement.content_saved || !ends_mailboxes)
        .then_some(())
        .ok_or_else(|| FieldProblem::new("saved", "withdrawal-content"));
    match (name, email, saved) {
        (Ok(name), Ok(email), Ok(())) => Ok((name.into_string(), email)),
        (name, email, saved) => {
            Err(Problem::invalid([name.err(), email.err(), saved.err()].into_iter().flatten().collect()))
        }
    }
}

/// Withdraws from the contract, for good. Confirming twice is one withdrawal.
///
/// # Errors
/// Those of [`withdrawable`] and [`check`]; `order-outcome-unknown` while the bank has not answered.
pub async fn withdraw(cx: &Cx, statement: Statement) -> Result<(), Problem> {
    let cx_in = cx.clone();
    let done = cx.write(async move |tx| run(tx, &cx_in, &statement).await).await;
    match done {
        Err(p) if p.is(WithdrawalRefusal::Already.code()) => Ok(()),
        other => other,
    }
}

async fn run(tx: &mut WriteTx, cx: &Cx, statement: &Statement) -> Result<(), Problem> {
    let id = statement.order;
    let order = own(tx, cx, id).await?;
    let withdrawn = rows::of_order(tx, id).await?.is_some();
    let what = decide(cx, &order, withdrawn)?;
    let living = rows::living(tx, id).await?;
    let (name, email) = check(statement, !living.is_empty())?;
    let addresses = orders::mailboxes(tx, id).await?.into_iter().map(|m| m.address).collect();
    let mut refund = Money::ZERO;
    match what {
        Withdrawal::Cancel => cancel_order::close(tx, cx, id, OrderEvent::Cancelled).await?,
        Withdrawal::EndAndRefund => {
            for mailbox in living {
                rows::end_renewal(tx, mailbox).await?;
                move_on::apply(tx, cx, mailbox, MailboxEvent::Terminated).await?;
            }
            for paid in payments::refundable(tx, id).await?.into_iter().filter(|p| p.left_cents > Money::ZERO) {
                refund::give_back(tx, cx, paid.id, paid.left_cents).await?;
                refund += paid.left_cents;
            }
        }
    }
    let now = cx.now();
    let refund_due = withdrawal::refund_due(now.date());
    let new = rows::NewWithdrawal {
        order: id,
        login: order.login_id,
        name: &name,
        email: email.as_str(),
        received_at: now,
        refund_due,
        refund,
        ip: statement.ip.as_deref(),
        user_agent: statement.user_agent.as_deref(),
    };
    rows::insert(tx, &new).await?;
    let received = WithdrawalReceived {
        number: order.number.clone(),
        order: id.to_string(),
        name: name.clone(),
        addresses,
        placed: order.placed_at.date(),
        received: now,
        refund: (refund > Money::ZERO).then_some(refund),
        refund_due,
    };
    effects::enqueue(tx, cx, &[notices::withdrawn(cx, &order, email.as_str(), received)]).await?;
    let details = json!({ "refund_cents": refund.as_cents() });
    audit::record(tx, cx, &AuditLine::new("order.withdrawn", "order", id.uuid(), details)).await
}
