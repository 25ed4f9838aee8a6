//! The holder gives notice for a mailbox (domain notes 2.10): it ends with the last day that is paid, or at once. Nobody is
//! charged for the next period, and unpaid orders for it are closed.

use domain::{
    actor::Actor,
    audit::AuditLine,
    id::{MailboxId, TerminationId},
    mailbox::{
        MailboxEvent, MailboxState,
        termination::{Facts, Giver, Kind, Refusal, give, reads_until},
    },
    order::OrderEvent,
    renewal::{
        calendar::period_start,
        machine::{ObligationEvent, ObligationState, step},
    },
    time::Date,
};
use render::{Locale, notices::terminations::TerminationReceived};
use serde_json::json;
use store::{
    Query, WriteTx, orders,
    renewals::{self, DueRow, PendingRow},
    terminations::{self as rows, NewTermination, Owed, SubjectRow},
};

use super::move_on;
use crate::{
    Cx, FieldProblem, Problem, audit,
    notice::Notice,
    operations,
    use_cases::{orders::cancel_order, renewals::facts as obligation},
};

/// What the holder states.
#[derive(Clone, Debug)]
pub struct GiveNotice {
    pub mailbox: MailboxId,
    pub kind: Kind,
    /// The address, typed again.
    pub address: String,
    /// He knows that the content goes.
    pub content_saved: bool,
    /// The last day that the page showed.
    pub end: Option<Date>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// A mailbox with all that decides about its notice.
pub(crate) struct Looked {
    pub row: SubjectRow,
    pub facts: Facts,
    pub owed: Option<DueRow>,
    pub pending: Vec<PendingRow>,
}

/// Reads it for the acting account or mailbox.
///
/// # Errors
/// `NotFound` to everybody else.
pub(crate) async fn look(q: &mut impl Query, cx: &Cx, mailbox: MailboxId) -> Result<Looked, Problem> {
    let row = rows::subject(q, mailbox).await?.ok_or_else(Problem::not_found)?;
    let giver = match cx.actor {
        Actor::Mailbox { mailbox } if mailbox == row.mailbox_id => Giver::Mailbox,
        Actor::Login { login, .. } if login == row.login_id => match row.holder_tax_key == row.account_tax_key {
            true => Giver::HoldersAccount,
            false => Giver::OtherAccount,
        },
        _ => return Err(Problem::not_found()),
    };
    let owed = renewals::of_service(q, mailbox.uuid(), period_start(row.end_day)).await?;
    let pending = renewals::pending(q, mailbox.uuid()).await?;
    let mut ordered_by_body = false;
    for order in &pending {
        let found = orders::by_id(q, order.id).await?;
        ordered_by_body |= found.is_some_and(|o| o.party_id != row.party_id);
    }
    let facts = Facts {
        giver,
        state: MailboxState::parse(&row.state).ok_or_else(|| Problem::broken("mailbox state"))?,
        end: row.end_day,
        noticed: row.notice,
        renewal: owed.as_ref().and_then(|o| ObligationState::parse(&o.state)),
        paying: pending.iter().any(|p| p.unknown_payments > 0),
        ordered_by_body,
    };
    Ok(Looked { row, facts, owed, pending })
}

/// Gives notice. Giving it twice is one notice.
///
/// # Errors
/// `NotFound`; `invalid` with the fields `address`, `saved`; `termination-changed` when the mailbox was renewed meanwhile;
/// those of [`Refusal`].
pub async fn give_notice(cx: &Cx, input: GiveNotice) -> Result<(), Problem> {
    let cx_in = cx.clone();
    let done = cx.write(async move |tx| run(tx, &cx_in, &input).await).await;
    match done {
        Err(p) if p.is(Refusal::Already.code()) => Ok(()),
        other => other,
    }
}

async fn run(tx: &mut WriteTx, cx: &Cx, input: &GiveNotice) -> Result<(), Problem> {
    let looked = look(tx, cx, input.mailbox).await?;
    let (row, now) = (&looked.row, cx.now());
    give(&looked.facts, input.kind, now.date()).map_err(|refusal| Problem::refused(refusal.code()))?;
    check(input, row)?;
    let system = cx.by(Actor::System);
    for order in &looked.pending {
        cancel_order::close(tx, &system, order.id, OrderEvent::Cancelled).await?;
    }
    if row.notice {
        // What was to end later ends now.
        rows::close(tx, input.mailbox, "done", now).await?;
    }
    let id: TerminationId = cx.new_id();
    let former_way = looked.owed.as_ref().map_or("manual", |o| o.way.as_str());
    let new = NewTermination {
        id,
        mailbox: input.mailbox,
        kind: input.kind.as_str(),
        end: row.end_day,
        at: now,
        by: match looked.facts.giver {
            Giver::Mailbox => ("mailbox", row.mailbox_id.uuid()),
            Giver::HoldersAccount | Giver::OtherAccount => ("login", row.login_id.uuid()),
        },
        former_way,
        former_auto: row.auto_renew,
        ip: input.ip.as_deref(),
        user_agent: input.user_agent.as_deref(),
    };
    rows::insert(tx, &new).await?;
    let owed = owed_from_now_on(&looked, ObligationEvent::NoticeGiven, now.date())?;
    let owed = owed.as_ref().map(|(start, way, due)| Owed { period_start: *start, way, due: *due });
    rows::mark(tx, input.mailbox, true, false, owed).await?;
    let details = json!({ "kind": input.kind.as_str(), "end": row.end_day.iso(), "notice": id });
    audit::record(tx, cx, &AuditLine::new("mailbox.notice_given", "mailbox", input.mailbox.uuid(), details)).await?;
    operations::done(tx, cx, input.mailbox, "deactivation", "operation-notice-given").await?;
    if input.kind == Kind::AtOnce {
        move_on::apply(tx, cx, input.mailbox, MailboxEvent::Terminated).await?;
    }
    tell(tx, cx, &looked, input.kind, id).await
}

fn check(input: &GiveNotice, row: &SubjectRow) -> Result<(), Problem> {
    let mut wrong = Vec::new();
    if input.address.trim().to_lowercase() != row.address {
        wrong.push(FieldProblem::new("address", "termination-address"));
    }
    if !input.content_saved {
        wrong.push(FieldProblem::new("saved", "termination-content"));
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    if input.end != Some(row.end_day) { Err(Problem::refused("termination-changed")) } else { Ok(()) }
}

/// What becomes of the next period: its first day, the way of its money, and when the night looks. Nothing when none is
/// owed.
pub(crate) fn owed_from_now_on(
    looked: &Looked,
    event: ObligationEvent,
    today: Date,
) -> Result<Option<(Date, &'static str, Date)>, Problem> {
    let Some(owed) = &looked.owed else { return Ok(None) };
    let facts = obligation(owed, looked.row.end_day)?;
    // What has lapsed or is met asks nobody for money.
    Ok(step(&facts, event, today).ok().map(|s| (owed.period_start, s.way.as_str(), s.due)))
}

/// The receipt: to the account, and to the mailbox's own contact when the notice came from there.
async fn tell(tx: &mut WriteTx, cx: &Cx, looked: &Looked, kind: Kind, id: TerminationId) -> Result<(), Problem> {
    let row = &looked.row;
    let by_mailbox = looked.facts.giver == Giver::Mailbox;
    let mail = |in_holder_area| TerminationReceived {
        mailbox: row.mailbox_id.to_string(),
        address: row.address.clone(),
        plan: row.plan_name.clone(),
        at_once: kind == Kind::AtOnce,
        received: cx.now(),
        end: row.end_day,
        reads_until: reads_until(row.end_day),
        by_mailbox,
        in_holder_area,
    };
    for (to, in_holder_area) in recipients(row, by_mailbox) {
        let subject = ("mailbox", row.mailbox_id.uuid());
        let notice = Notice::mail(to, Locale::from_tag(&row.locale), subject, &mail(in_holder_area));
        notice.once(format!("termination:{id}:given:{to}")).enqueue(tx, cx).await?;
    }
    Ok(())
}

/// Each address once, and whether its reader finds the mailbox in the area of the mailbox itself.
pub(crate) fn recipients(row: &SubjectRow, by_mailbox: bool) -> Vec<(&str, bool)> {
    let account = (row.email.as_str(), row.under_agreement);
    // A mail that goes into the mailbox itself would be gone with it.
    let own = by_mailbox && row.contact_email != row.email && row.contact_email != row.address;
    std::iter::once(account).chain(own.then_some((row.contact_email.as_str(), true))).collect()
}
