//! No mailbox is forgotten while it is being activated. What the calendar brings is the nightly run's.

use domain::time::MINUTE_US;
use store::mailbox_life as rows;

use crate::{
    Cx, Problem,
    effects::{self, Effect, provision::Provision},
};

/// Mailboxes taken up at a time, so that others are not kept waiting.
const PAGE: i64 = 50;
/// Activation takes seconds; after so long without an effect at work the request was lost.
const FORGOTTEN_US: i64 = 15 * MINUTE_US;

/// One page; answers how many mailboxes are asked for again.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn pass(cx: &Cx) -> Result<usize, Problem> {
    let since = cx.now().plus_us(-FORGOTTEN_US);
    // Looking first keeps an idle installation from writing.
    if rows::forgotten(&mut cx.store(), since, 1).await?.is_empty() {
        return Ok(0);
    }
    let this = cx.clone();
    cx.write_bulk(async move |tx| {
        let forgotten = rows::forgotten(tx, since, PAGE).await?;
        for id in &forgotten {
            let wish = Provision { mailbox: *id }.request(("mailbox", id.uuid()), None, this.now());
            effects::enqueue(tx, &this, &[wish]).await?;
        }
        Ok(forgotten.len())
    })
    .await
}
