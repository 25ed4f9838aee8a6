//! Moves a mailbox to its next state and does what follows. Called by effects and reconcilers.

use domain::{
    id::MailboxId,
    mailbox::{MailboxEvent, MailboxFacts, MailboxState, MailboxTask, step},
};
use store::{WriteTx, mailbox_life as rows, obligations, terminations, usage};

use crate::{
    Cx, Problem, audit,
    effects::{self, Effect, empty_mailbox::EmptyMailbox},
};

/// Applies an event; one that came too late or twice changes nothing.
///
/// # Errors
/// `NotFound` without such a mailbox; the store's.
pub async fn apply(tx: &mut WriteTx, cx: &Cx, id: MailboxId, event: MailboxEvent) -> Result<(), Problem> {
    let row = rows::plane(tx, id).await?.ok_or_else(Problem::not_found)?;
    let state = MailboxState::parse(&row.state).ok_or_else(|| Problem::broken("mailbox state"))?;
    let facts = MailboxFacts { id, state, term_end: row.end_day };
    let Ok(decided) = step(&facts, event, cx.now().date()) else {
        return Ok(());
    };
    if decided.next != state {
        rows::set_state(tx, id, state.as_str(), decided.next.as_str(), cx.now()).await?;
    }
    if !decided.next.lives() {
        obligations::lapse(tx, id, decided.next.as_str(), cx.now().date()).await?;
        terminations::close(tx, id, "done", cx.now()).await?;
    }
    if decided.next == MailboxState::Active {
        usage::watch(tx, id, cx.now()).await?;
    }
    audit::record(tx, cx, &decided.audit).await?;
    for task in &decided.tasks {
        carry_out(tx, cx, &row, *task).await?;
    }
    Ok(())
}

async fn carry_out(tx: &mut WriteTx, cx: &Cx, row: &rows::PlaneRow, task: MailboxTask) -> Result<(), Problem> {
    match task {
        MailboxTask::TellActivated => {
            crate::use_cases::orders::mailbox_activated::mailbox_activated(tx, cx, row.id).await?
        }
        MailboxTask::TellNotMade => {
            crate::use_cases::orders::mailbox_activated::activation_failed(tx, cx, row.id).await?
        }
        MailboxTask::EndSessions => {
            rows::end_sessions(tx, row.id, None).await?;
        }
        MailboxTask::ReleaseAddress => {
            rows::release_address(tx, row.id, &row.address, cx.now()).await?;
        }
        MailboxTask::RemoveContent => {
            usage::forget(tx, row.id).await?;
            let key = format!("empty:{}", row.id);
            let wish = EmptyMailbox { mailbox: row.id }.request(("mailbox", row.id.uuid()), Some(key), cx.now());
            effects::enqueue(tx, cx, &[wish]).await?;
        }
    }
    Ok(())
}
