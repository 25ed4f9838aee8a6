//! Asks the mail servers what lies unread in some mailboxes with the add-on «avviso SMS», and tells their holders.

use domain::{
    addon::sms_notice::{after_silence, again, good_until, judge},
    id::MailboxId,
    mailbox::MailboxState,
};
use ports::{PortError, Ports};
use render::{Locale, notices::addons::UnreadMessages};
use serde::{Deserialize, Serialize};
use store::{
    WriteTx,
    sms_notices::{self as rows, SubjectRow},
};

use super::{DOWN, Effect, Prepared, Run};
use crate::{Cx, Problem, notice::Notice};

/// Payload of the effect: a handful at a time, so that many mailboxes make few rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TellUnread {
    pub mailboxes: Vec<MailboxId>,
}

/// What the servers said about one mailbox.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    Unread(i64),
    /// They know no such mailbox.
    Missing,
    /// No answer. Nobody is told anything, and they are asked again soon.
    Silence,
    /// They were not asked: nobody would be told.
    NotAsked,
}

/// Whether somebody would be told: the add-on and its mailbox run, and there is a number.
fn would_tell(row: &SubjectRow, cx: &Cx) -> bool {
    let runs = row.until_day.is_some_and(|end| cx.now().date() <= end);
    runs && MailboxState::parse(&row.state) == Some(MailboxState::Active) && row.mobile.is_some()
}

impl Effect for TellUnread {
    const KIND: &'static str = "tell_unread";
    type Plan = Vec<(MailboxId, Option<String>)>;
    type Outcome = Vec<(MailboxId, Answer)>;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Self::Plan>, Problem> {
        let mut plan = Vec::with_capacity(self.mailboxes.len());
        for id in &self.mailboxes {
            let row = rows::subject(&mut cx.store(), *id).await?;
            plan.extend(row.map(|r| (*id, would_tell(&r, cx).then_some(r.address))));
        }
        Ok(if plan.is_empty() { Prepared::AlreadyDone } else { Prepared::Go(plan) })
    }

    async fn perform(&self, plan: &Self::Plan, ports: &Ports, _run: &Run) -> Result<Self::Outcome, PortError> {
        let (mut answers, mut silent) = (Vec::with_capacity(plan.len()), 0);
        for (id, address) in plan {
            let answer = match address {
                None => Answer::NotAsked,
                Some(_) if silent >= DOWN => Answer::Silence,
                Some(address) => match ports.plane.unread(address).await {
                    Ok(Some(unread)) => Answer::Unread(unread),
                    Ok(None) => Answer::Missing,
                    Err(error) => {
                        tracing::warn!(mailbox = %id, %error, "the mail servers do not say what lies unread in a mailbox");
                        Answer::Silence
                    }
                },
            };
            silent = if matches!(answer, Answer::Silence) { silent + 1 } else { 0 };
            answers.push((*id, answer));
        }
        Ok(answers)
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, outcome: &Self::Outcome) -> Result<(), Problem> {
        let now = cx.now();
        for (id, answer) in outcome {
            let Some(row) = rows::subject(tx, *id).await? else { continue };
            match answer {
                _ if row.until_day.is_none() => {
                    rows::forget(tx, *id).await?;
                }
                Answer::Unread(unread) if would_tell(&row, cx) => heard(tx, cx, &row, *unread).await?,
                Answer::Silence => {
                    rows::put_off(tx, *id, after_silence(now)).await?;
                }
                Answer::Unread(_) | Answer::Missing | Answer::NotAsked => {
                    rows::put_off(tx, *id, again(now)).await?;
                }
            }
        }
        Ok(())
    }
}

/// What follows from so many unread messages; who is told gets one text message a day, whatever is repeated.
async fn heard(tx: &mut WriteTx, cx: &Cx, row: &SubjectRow, unread: i64) -> Result<(), Problem> {
    let (now, id) = (cx.now(), row.mailbox_id);
    let verdict = judge(row.told(), unread, now);
    rows::keep(tx, id, verdict.told, verdict.again).await?;
    let Some(mobile) = row.mobile.as_deref().filter(|_| verdict.tell) else { return Ok(()) };
    let today = now.date();
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    let said = UnreadMessages { address: row.address.clone(), unread };
    Notice::sms(mobile, locale, ("mailbox", id.uuid()), &said)
        .once(format!("unread:{id}:{}", today.iso()))
        // The evening is the end of it: it must not ring at night, nor stand beside the next one.
        .good_until(good_until(today))
        .enqueue(tx, cx)
        .await
}
