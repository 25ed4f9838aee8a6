//! Asks the mail servers what lies in some mailboxes and keeps it for their cards; a space other than the plan's is mended.

use domain::{
    id::MailboxId,
    mailbox::{
        MailboxState,
        usage::{RETRY_US, again_us, percent, told},
    },
};
use ports::{PortError, Ports, plane::Usage};
use render::{Locale, notices::expiry::SpaceNotice};
use serde::{Deserialize, Serialize};
use store::{WriteTx, expiry_notices, mailbox_life, usage as rows};

use super::{DOWN, Effect, Prepared, Run, provision};
use crate::{Cx, Problem, effects, notice::Notice, use_cases::mailboxes::lower_space};

/// Payload of the effect: a handful at a time, so that many mailboxes make few rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CountUsage {
    pub mailboxes: Vec<MailboxId>,
}

/// What the servers said about one mailbox.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    Holds(Usage),
    /// They know no such mailbox.
    Missing,
    /// No answer. Nothing waits for it: the next pass asks again, and the card says that it is not known.
    Silence,
}

fn counted(row: &mailbox_life::PlaneRow) -> bool {
    matches!(MailboxState::parse(&row.state), Some(MailboxState::Active | MailboxState::Expired))
}

impl Effect for CountUsage {
    const KIND: &'static str = "count_usage";
    type Plan = Vec<(MailboxId, String)>;
    type Outcome = Vec<(MailboxId, Answer)>;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Self::Plan>, Problem> {
        let mut plan = Vec::with_capacity(self.mailboxes.len());
        for id in &self.mailboxes {
            let row = mailbox_life::plane(&mut cx.store(), *id).await?.filter(counted);
            plan.extend(row.map(|r| (r.id, r.address)));
        }
        Ok(if plan.is_empty() { Prepared::AlreadyDone } else { Prepared::Go(plan) })
    }

    async fn perform(&self, plan: &Self::Plan, ports: &Ports, _run: &Run) -> Result<Self::Outcome, PortError> {
        let (mut answers, mut silent) = (Vec::with_capacity(plan.len()), 0);
        for (id, address) in plan {
            let answer = match silent {
                // Servers that are down are not asked fifty times.
                DOWN.. => Answer::Silence,
                _ => match ports.plane.usage(address).await {
                    Ok(Some(usage)) => Answer::Holds(usage),
                    Ok(None) => Answer::Missing,
                    Err(error) => {
                        tracing::warn!(mailbox = %id, %error, "the mail servers do not say what lies in a mailbox");
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
            let Some(row) = mailbox_life::plane(tx, *id).await?.filter(counted) else { continue };
            let as_it_should_be = match answer {
                Answer::Holds(usage) => {
                    keep(tx, cx, &row, usage.used_kib.max(0)).await?;
                    usage.limit_kib == provision::spec(&row).quota_kib
                }
                Answer::Missing => {
                    rows::put_off(tx, *id, now.plus_us(again_us(0))).await?;
                    false
                }
                Answer::Silence => {
                    rows::put_off(tx, *id, now.plus_us(RETRY_US)).await?;
                    true
                }
            };
            if !as_it_should_be && !rows::being_made(tx, *id).await? {
                let wish = provision::Provision { mailbox: *id }.request(("mailbox", id.uuid()), None, now);
                effects::enqueue(tx, cx, &[wish]).await?;
            }
        }
        Ok(())
    }
}

/// Keeps what lies in a mailbox; who comes to one of the marks is told, at the address of the account (domain notes
/// 6.5, 7.7).
async fn keep(tx: &mut WriteTx, cx: &Cx, row: &mailbox_life::PlaneRow, used_kib: i64) -> Result<(), Problem> {
    let now = cx.now();
    let used = percent(used_kib, row.space_mib * 1024);
    let before = rows::told_percent(tx, row.id).await?;
    let told_percent = told(used, before);
    let due = now.plus_us(again_us(used));
    rows::counted(tx, row.id, &rows::Counted { used_kib, at: now, due, told_percent }).await?;
    if row.falls_to_mib.is_some() {
        lower_space::counted(tx, cx, row, used_kib).await?;
    }
    if told_percent <= before {
        return Ok(());
    }
    let Some(holder) = expiry_notices::service(tx, row.id).await? else { return Ok(()) };
    let mail = SpaceNotice {
        mailbox: row.id.to_string(),
        address: row.address.clone(),
        percent: told_percent,
        used_bytes: used_kib * 1024,
        space_bytes: row.space_mib * 1024 * 1024,
        in_holder_area: holder.body_name.is_some(),
    };
    let locale = Locale::parse(&holder.locale).unwrap_or_default();
    Notice::mail(&holder.email, locale, ("mailbox", row.id.uuid()), &mail).enqueue(tx, cx).await
}
