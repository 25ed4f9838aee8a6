//! Money held for something that never came is free again.

use store::{Batch, ledger};

use crate::{Cx, Problem};

/// Holds taken at a time.
const PAGE: i64 = 50;

/// One page; answers how many holds expired.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn pass(cx: &Cx) -> Result<usize, Problem> {
    if ledger::expired_holds(&mut cx.store(), cx.now(), 1).await?.is_empty() {
        return Ok(0);
    }
    let now = cx.now();
    cx.write(async move |tx| {
        let expired = ledger::expired_holds(tx, now, PAGE).await?;
        let mut batch = Batch::new();
        for hold in &expired {
            ledger::expire(&mut batch, hold);
        }
        tx.batch(batch).await?;
        Ok(expired.len())
    })
    .await
}
