//! What lies in the mailboxes: asked of the mail servers from time to time, together with the space that they give.

use domain::mailbox::usage::LEASE_US;
use store::usage as rows;

use crate::{
    Cx, Problem,
    effects::{self, Effect, count_usage::CountUsage},
};

/// Mailboxes of one effect.
const PAGE: i64 = 50;

/// One page; answers how many are being asked about.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn pass(cx: &Cx) -> Result<usize, Problem> {
    // Looking first keeps an idle installation from writing.
    if rows::due(&mut cx.store(), cx.now(), 1).await?.is_empty() {
        return Ok(0);
    }
    let cx_in = cx.clone();
    cx.write_bulk(async move |tx| {
        let (cx, now) = (&cx_in, cx_in.now());
        let due = rows::due(tx, now, PAGE).await?;
        for id in &due {
            rows::put_off(tx, *id, now.plus_us(LEASE_US)).await?;
        }
        let Some(first) = due.first().copied() else { return Ok(0) };
        let count = due.len();
        let wish = CountUsage { mailboxes: due }.request(("mailbox", first.uuid()), None, now);
        effects::enqueue(tx, cx, &[wish]).await?;
        Ok(count)
    })
    .await
}
