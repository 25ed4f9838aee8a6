//! Mailboxes whose paid period ended by yesterday expire: they read and receive, they do not send (domain notes 6.5).

use domain::time::Date;
use store::{ReadTx, WriteTx, night as rows};

use super::{Cursor, PageDone, Planned, behind, lines};
use crate::{Cx, Problem};

/// Periods that ended longer ago are not looked at again: their mailboxes were expired then.
const LOOK_BACK_DAYS: i32 = 400;

fn since(day: Date) -> Date {
    day.plus_days(-LOOK_BACK_DAYS)
}

/// How many there are.
///
/// # Errors
/// The store's.
pub async fn due(tx: &mut ReadTx, day: Date) -> Result<i64, Problem> {
    Ok(rows::ended_count(tx, since(day), day).await?)
}

/// The whole page at once: one look, one line of audit each, one update.
///
/// # Errors
/// The store's.
pub async fn page(tx: &mut WriteTx, cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<PageDone, Problem> {
    let after = after.not_before(since(day));
    let found = rows::ended(tx, after.key(), day, limit).await?;
    let Some(last) = found.last() else { return Ok(PageDone::default()) };
    let stretch = (after.key(), (last.day, last.id));
    let expired = rows::expire(tx, stretch, &cx.page_ids(), cx.now(), &cx.trace).await? as i64;
    Ok(PageDone { next: behind(&found, limit), seen: found.len() as i64, outcomes: vec![("expired", expired)] })
}

/// Names them.
///
/// # Errors
/// The store's.
pub async fn plan(tx: &mut ReadTx, _cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<Planned, Problem> {
    let found = rows::ended(tx, after.not_before(since(day)).key(), day, limit).await?;
    Ok(Planned { next: behind(&found, limit), lines: lines(found, "expired") })
}
