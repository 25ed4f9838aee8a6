//! The states of an order and what moves them (domain notes 2.8). Pure: the use case loads the
//! facts, asks [`step`], and writes what it answers.

use serde_json::json;

use super::schedule::UnpaidSchedule;
use crate::{audit::AuditLine, id::OrderId, money::Money, time::Timestamp};

/// Where an order stands; the words are those of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderState {
    /// Placed: payable and cancellable; its names are held.
    AwaitingPayment,
    /// Payment registered, activation not begun yet (papers to be checked first).
    Paid,
    /// Mailboxes are being created.
    Activating,
    /// At least one mailbox could not be created; somebody is looking at it.
    ActivationFailed,
    Completed,
    /// By the customer, before payment. Final.
    Cancelled,
    /// Nobody paid in time. Final.
    ExpiredUnpaid,
}
impl OrderState {
    pub const ALL: [OrderState; 7] = [
        OrderState::AwaitingPayment,
        OrderState::Paid,
        OrderState::Activating,
        OrderState::ActivationFailed,
        OrderState::Completed,
        OrderState::Cancelled,
        OrderState::ExpiredUnpaid,
    ];
    /// The word the store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            OrderState::AwaitingPayment => "awaiting_payment",
            OrderState::Paid => "paid",
            OrderState::Activating => "activating",
            OrderState::ActivationFailed => "activation_failed",
            OrderState::Completed => "completed",
            OrderState::Cancelled => "cancelled",
            OrderState::ExpiredUnpaid => "expired_unpaid",
        }
    }
    /// Reads the store's word.
    pub fn parse(s: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == s)
    }
}

/// What the machine must know of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderFacts {
    pub id: OrderId,
    /// `None` while the order is being placed.
    pub state: Option<OrderState>,
    pub placed_at: Timestamp,
    /// What is to be paid, VAT included.
    pub gross: Money,
    /// What was received so far, below `gross` while a shortfall is due.
    pub received: Money,
    /// Mailboxes of the order, and how many of them live already.
    pub mailboxes: i64,
    pub activated: i64,
    /// A payment has been started whose outcome is not known: nothing may be undone meanwhile.
    pub outcome_unknown: bool,
}

/// What happens to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderEvent {
    /// The customer confirmed the cart.
    Placed,
    /// Money for this order was registered.
    PaymentRecorded { amount: Money },
    /// Papers are in order: activation may begin.
    ActivationBegun,
    /// One more mailbox lives.
    MailboxActivated,
    /// A mailbox could not be created after all tries.
    ActivationFailed,
    /// The customer gives the order up.
    Cancelled,
    /// The reminder of this day is due.
    ReminderDue { days: i64 },
    /// The last day for paying is over.
    Expired,
    /// Money arrived for an order that needs none: closed, or paid already.
    LatePayment { amount: Money },
}
impl OrderEvent {
    /// The word of the golden table and of the logs.
    pub fn as_str(&self) -> &'static str {
        match self {
            OrderEvent::Placed => "placed",
            OrderEvent::PaymentRecorded { .. } => "payment_recorded",
            OrderEvent::ActivationBegun => "activation_begun",
            OrderEvent::MailboxActivated => "mailbox_activated",
            OrderEvent::ActivationFailed => "activation_failed",
            OrderEvent::Cancelled => "cancelled",
            OrderEvent::ReminderDue { .. } => "reminder_due",
            OrderEvent::Expired => "expired",
            OrderEvent::LatePayment { .. } => "late_payment",
        }
    }
}

/// Why money moves; the ledger turns each reason into transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostingReason {
    /// Received for this order.
    Received { amount: Money },
    /// More than was due, or for an order that needs none: becomes the customer's credit.
    ToCredit { amount: Money },
}

/// What is written in the same transaction beside the order itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderWrite {
    /// Hold each name in the register.
    HoldNames,
    /// Give held names back.
    ReleaseNames,
    /// Create the mailboxes with their terms and assign their names for good.
    CreateMailboxes,
    /// Reminders and expiry of an unpaid order have lost their object.
    DropSchedule,
}

/// What is asked of the outside world, as rows of the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderEffect {
    /// «Conferma ordine», with how to pay.
    NoticePlaced,
    /// A link for the first password to the e-mail of each mailbox (domain notes 2.2.6).
    PasswordLinks,
    /// A reminder, this many days after placing, at this moment.
    Remind {
        days: i64,
        at: Timestamp,
    },
    /// Give up at this moment.
    Expire {
        at: Timestamp,
    },
    NoticeReminder {
        days: i64,
    },
    NoticePaid,
    NoticeShortfall {
        due: Money,
    },
    NoticeCancelled,
    NoticeExpired,
    /// Money became credit.
    NoticeCredit {
        amount: Money,
    },
    /// Make each mailbox exist on the mail servers.
    Provision,
}

/// The rules that can be configured.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct OrderRules {
    pub schedule: UnpaidSchedule,
    /// Papers must be checked before activation: off for retail (domain notes 2.9).
    pub papers_first: bool,
}

/// The answer to an event.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderStep {
    pub next: OrderState,
    pub writes: Vec<OrderWrite>,
    pub postings: Vec<PostingReason>,
    pub effects: Vec<OrderEffect>,
    pub audit: AuditLine,
}

/// Why an event is refused; the state stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    #[error("the order exists already")]
    AlreadyPlaced,
    #[error("the order has not been placed")]
    NotPlaced,
    #[error("the order is paid")]
    AlreadyPaid,
    #[error("the order is closed")]
    Closed,
    #[error("the order is not paid")]
    NotPaid,
    #[error("the bank has not answered yet")]
    OutcomeUnknown,
    #[error("it is too early")]
    TooEarly,
}

impl OrderRefusal {
    /// The stable code towards people, as `problem-<code>` in the words of the pages.
    pub fn code(self) -> &'static str {
        match self {
            OrderRefusal::AlreadyPlaced => "order-already-placed",
            OrderRefusal::NotPlaced => "order-not-placed",
            OrderRefusal::AlreadyPaid => "order-already-paid",
            OrderRefusal::Closed => "order-closed",
            OrderRefusal::NotPaid => "order-not-paid",
            OrderRefusal::OutcomeUnknown => "order-outcome-unknown",
            OrderRefusal::TooEarly => "order-too-early",
        }
    }
}

/// Judges an event. Total: each pair of state and event has an answer, shown in `docs/machines/order.md`.
pub fn step(
    order: &OrderFacts,
    event: OrderEvent,
    rules: &OrderRules,
    now: Timestamp,
) -> Result<OrderStep, OrderRefusal> {
    use {OrderEvent as E, OrderRefusal as R, OrderState as S};
    let Some(state) = order.state else {
        return if event == E::Placed { Ok(place(order, rules)) } else { Err(R::NotPlaced) };
    };
    match (event, state) {
        (E::Placed, _) => Err(R::AlreadyPlaced),
        (E::PaymentRecorded { amount }, S::AwaitingPayment) => Ok(receive(order, amount, rules)),
        (E::PaymentRecorded { .. }, S::Cancelled | S::ExpiredUnpaid) => Err(R::Closed),
        (E::PaymentRecorded { .. }, _) => Err(R::AlreadyPaid),
        (E::LatePayment { .. }, S::AwaitingPayment) => Err(R::NotPaid),
        (E::LatePayment { amount }, state) => Ok(late(order, state, amount)),
        (E::ActivationBegun, S::Paid) => Ok(begin(order)),
        (E::MailboxActivated, S::Activating | S::ActivationFailed) => Ok(activate(order, state)),
        (E::ActivationFailed, S::Activating | S::ActivationFailed) => Ok(fail(order)),
        (E::ActivationBegun | E::MailboxActivated | E::ActivationFailed, S::AwaitingPayment) => Err(R::NotPaid),
        (E::MailboxActivated | E::ActivationFailed, S::Paid) => Err(R::TooEarly),
        (E::ActivationBegun, S::Activating | S::ActivationFailed) => Err(R::AlreadyPaid),
        (E::ActivationBegun | E::MailboxActivated | E::ActivationFailed, _) => Err(R::Closed),
        (E::Cancelled | E::Expired | E::ReminderDue { .. }, S::Cancelled | S::ExpiredUnpaid) => Err(R::Closed),
        (E::Cancelled | E::Expired, S::AwaitingPayment) if order.outcome_unknown => Err(R::OutcomeUnknown),
        (E::Cancelled, S::AwaitingPayment) => {
            Ok(close(order, S::Cancelled, "order.cancelled", OrderEffect::NoticeCancelled))
        }
        (E::Expired, S::AwaitingPayment) if now < rules.schedule.expires_at(order.placed_at) => Err(R::TooEarly),
        (E::Expired, S::AwaitingPayment) => {
            Ok(close(order, S::ExpiredUnpaid, "order.expired", OrderEffect::NoticeExpired))
        }
        (E::ReminderDue { days }, S::AwaitingPayment) => Ok(remind(order, days)),
        (E::Cancelled | E::Expired | E::ReminderDue { .. }, _) => Err(R::AlreadyPaid),
    }
}

fn answer(order: &OrderFacts, next: OrderState, action: &'static str, details: serde_json::Value) -> OrderStep {
    let audit = AuditLine::new(action, "order", order.id.uuid(), details);
    OrderStep { next, writes: Vec::new(), postings: Vec::new(), effects: Vec::new(), audit }
}

fn place(order: &OrderFacts, rules: &OrderRules) -> OrderStep {
    let details = json!({ "gross_cents": order.gross, "mailboxes": order.mailboxes });
    let mut step = answer(order, OrderState::AwaitingPayment, "order.placed", details);
    step.writes = vec![OrderWrite::HoldNames];
    step.effects = vec![OrderEffect::NoticePlaced, OrderEffect::PasswordLinks];
    let reminders = rules.schedule.reminders(order.placed_at);
    step.effects.extend(reminders.into_iter().map(|(days, at)| OrderEffect::Remind { days, at }));
    step.effects.push(OrderEffect::Expire { at: rules.schedule.expires_at(order.placed_at) });
    step
}

/// Less than due: the shortfall stays due on this order; more: the excess is credit (domain notes 2.7).
fn receive(order: &OrderFacts, amount: Money, rules: &OrderRules) -> OrderStep {
    let due = order.gross - order.received;
    if amount < due {
        let details = json!({ "received_cents": amount, "due_cents": due - amount });
        let mut step = answer(order, OrderState::AwaitingPayment, "order.partly_paid", details);
        step.postings = vec![PostingReason::Received { amount }];
        step.effects = vec![OrderEffect::NoticeShortfall { due: due - amount }];
        return step;
    }
    let next = if rules.papers_first { OrderState::Paid } else { OrderState::Activating };
    let mut step = answer(order, next, "order.paid", json!({ "received_cents": amount }));
    step.writes = vec![OrderWrite::CreateMailboxes, OrderWrite::DropSchedule];
    step.postings = vec![PostingReason::Received { amount: due }];
    step.effects = vec![OrderEffect::NoticePaid];
    if amount > due {
        step.postings.push(PostingReason::ToCredit { amount: amount - due });
        step.effects.push(OrderEffect::NoticeCredit { amount: amount - due });
    }
    if !rules.papers_first {
        step.effects.push(OrderEffect::Provision);
    }
    step
}

fn begin(order: &OrderFacts) -> OrderStep {
    let mut step = answer(order, OrderState::Activating, "order.activation_begun", json!({}));
    step.effects = vec![OrderEffect::Provision];
    step
}

fn activate(order: &OrderFacts, state: OrderState) -> OrderStep {
    let activated = order.activated + 1;
    let next = if activated >= order.mailboxes { OrderState::Completed } else { state };
    let action = if next == OrderState::Completed { "order.completed" } else { "order.mailbox_activated" };
    answer(order, next, action, json!({ "activated": activated, "of": order.mailboxes }))
}

fn fail(order: &OrderFacts) -> OrderStep {
    let details = json!({ "activated": order.activated, "of": order.mailboxes });
    answer(order, OrderState::ActivationFailed, "order.activation_failed", details)
}

fn close(order: &OrderFacts, next: OrderState, action: &'static str, notice: OrderEffect) -> OrderStep {
    let mut step = answer(order, next, action, json!({ "received_cents": order.received }));
    step.writes = vec![OrderWrite::ReleaseNames, OrderWrite::DropSchedule];
    step.effects = vec![notice];
    if order.received > Money::ZERO {
        step.postings = vec![PostingReason::ToCredit { amount: order.received }];
        step.effects.push(OrderEffect::NoticeCredit { amount: order.received });
    }
    step
}

fn remind(order: &OrderFacts, days: i64) -> OrderStep {
    let mut step = answer(order, OrderState::AwaitingPayment, "order.reminded", json!({ "days": days }));
    step.effects = vec![OrderEffect::NoticeReminder { days }];
    step
}

/// Never a silent re-activation (domain notes 10.18): the money waits as credit.
fn late(order: &OrderFacts, state: OrderState, amount: Money) -> OrderStep {
    let mut step = answer(order, state, "order.late_payment", json!({ "amount_cents": amount }));
    step.postings = vec![PostingReason::ToCredit { amount }];
    step.effects = vec![OrderEffect::NoticeCredit { amount }];
    step
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
