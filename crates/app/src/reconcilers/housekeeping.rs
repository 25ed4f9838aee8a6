//! Removes what nobody can use any more: expired sessions, tokens, counted events, form keys.

use domain::{
    id::MailboxId,
    time::{DAY_US, HOUR_US, Timestamp},
};
use store::housekeeping as rows;

use crate::{Cx, Problem};

/// Rows removed at a time, so that others are not kept waiting.
const PAGE: i64 = 500;
/// How long a holder sees what became of his operations (domain notes 4.1), and operators what a night made of them.
const OPERATIONS_KEPT_MONTHS: i32 = 24;
/// Past its last notice a period is told nothing, even when the clock went back for a while.
const NOTICES_KEPT_DAYS: i32 = 400;

/// One page of each table; answers how many rows went. What an older version wrote meanwhile is mended.
///
/// # Errors
/// When the store cannot be written.
pub async fn pass(cx: &Cx) -> Result<usize, Problem> {
    let now = cx.now().micros();
    let gone = cx
        .write_bulk(async move |tx| {
            let mut gone = 0;
            gone += rows::sessions(tx, now, PAGE).await?;
            // Kept for a while after their end, so that a late click is told «used» or «expired».
            gone += rows::tokens(tx, now - 30 * DAY_US, PAGE).await?;
            gone += rows::rate_limits(tx, now - 2 * DAY_US, PAGE).await?;
            gone += rows::client_keys(tx, now - 48 * HOUR_US, PAGE).await?;
            gone += rows::registrations(tx, now, PAGE).await?;
            gone += rows::carts(tx, now, PAGE).await?;
            gone += rows::effects(tx, now - 90 * DAY_US, PAGE).await?;
            let kept_from = Timestamp::from_micros(now).date().plus_months(-OPERATIONS_KEPT_MONTHS).start();
            gone += rows::operations(tx, kept_from.micros(), PAGE).await?;
            let told_from = Timestamp::from_micros(now).date().plus_days(-NOTICES_KEPT_DAYS);
            gone += rows::notices(tx, i64::from(told_from.days()), PAGE).await?;
            let looked_from = Timestamp::from_micros(now).date().plus_months(-OPERATIONS_KEPT_MONTHS);
            gone += rows::night_looks(tx, i64::from(looked_from.days()), PAGE).await?;
            // Identifiers begin with their moment.
            let lately = MailboxId::new(Timestamp::from_micros(now - 2 * DAY_US), [0; 10]);
            rows::say_agreements(tx, lately).await?;
            Ok(gone)
        })
        .await?;
    Ok(gone as usize)
}
