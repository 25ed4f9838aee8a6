//! Space that mailboxes were to give back stays no longer than its last day, whatever lies in them.

use store::space_falls as rows;

use crate::{Cx, Problem, use_cases::mailboxes::lower_space};

/// Mailboxes taken up at a time, so that others are not kept waiting.
const PAGE: i64 = 50;

/// One page; answers how many mailboxes gave space back.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn pass(cx: &Cx) -> Result<usize, Problem> {
    let today = cx.now().date();
    // Looking first keeps an idle installation from writing.
    if rows::due(&mut cx.store(), today, 1).await?.is_empty() {
        return Ok(0);
    }
    let this = cx.clone();
    cx.write_bulk(async move |tx| {
        let due = rows::due(tx, today, PAGE).await?;
        for fall in &due {
            lower_space::lower(tx, &this, fall).await?;
        }
        Ok(due.len())
    })
    .await
}
