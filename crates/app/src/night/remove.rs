//! Mailboxes that were not renewed in time are cancelled: content gone, address kept for the same holder
//! (domain notes 6.5).

use domain::{
    id::MailboxId,
    mailbox::{GRACE_DAYS, MailboxEvent},
    time::Date,
};
use render::{Locale, notices::expiry::MailboxRemoved};
use store::{ReadTx, WriteTx, expiry_notices, night as rows};

use super::{Cursor, PageDone, Planned, behind, lines};
use crate::{Cx, Problem, notice::Notice, use_cases::mailboxes::move_on};

/// Each takes several statements, and there are few.
const PAGE: i64 = 200;
/// Older periods belong to mailboxes that were cancelled then.
const LOOK_BACK_DAYS: i32 = GRACE_DAYS + 400;

fn since(day: Date) -> Date {
    day.plus_days(-LOOK_BACK_DAYS)
}
/// Day 90 after the end can still be used to renew.
fn before(day: Date) -> Date {
    day.plus_days(-GRACE_DAYS)
}

/// How many there are.
///
/// # Errors
/// The store's.
pub async fn due(tx: &mut ReadTx, day: Date) -> Result<i64, Problem> {
    Ok(rows::grace_count(tx, since(day), before(day)).await?)
}

/// One by one, by the mailbox's machine.
///
/// # Errors
/// The store's.
pub async fn page(tx: &mut WriteTx, cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<PageDone, Problem> {
    let limit = limit.min(PAGE);
    let found = rows::grace_over(tx, after.not_before(since(day)).key(), before(day), limit).await?;
    for row in &found {
        let id = MailboxId::from_uuid(row.id);
        move_on::apply(tx, cx, id, MailboxEvent::GraceEnded).await?;
        tell(tx, cx, id).await?;
    }
    let seen = found.len() as i64;
    Ok(PageDone { next: behind(&found, limit), seen, outcomes: vec![("cancelled", seen)] })
}

/// «Casella cancellata», to the account (domain notes 7.7).
async fn tell(tx: &mut WriteTx, cx: &Cx, id: MailboxId) -> Result<(), Problem> {
    let Some(gone) = expiry_notices::service(tx, id).await? else { return Ok(()) };
    let mail = MailboxRemoved {
        mailbox: id.to_string(),
        address: gone.address,
        end: gone.end_day,
        noticed: gone.notice,
        under_agreement: gone.body_name.is_some(),
    };
    let locale = Locale::parse(&gone.locale).unwrap_or_default();
    let notice = Notice::mail(&gone.email, locale, ("mailbox", id.uuid()), &mail).once(format!("removed:{id}"));
    notice.enqueue(tx, cx).await
}

/// Names them.
///
/// # Errors
/// The store's.
pub async fn plan(tx: &mut ReadTx, _cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<Planned, Problem> {
    let found = rows::grace_over(tx, after.not_before(since(day)).key(), before(day), limit).await?;
    Ok(Planned { next: behind(&found, limit), lines: lines(found, "cancelled") })
}
