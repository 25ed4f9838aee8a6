//! Numbers handed out in blocks, never twice.

use std::ops::Range;

use crate::{Result, Store, WriteTx, args, sql};

sql!(
    TAKE = "INSERT INTO counters (name, next) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET next = counters.next + $3 RETURNING next",
    i64
);

/// The next `n` numbers of a series that begins with `first`.
pub async fn take(tx: &mut WriteTx, name: &str, first: i64, n: i64) -> Result<Range<i64>> {
    let end = tx.one(&TAKE, args![name, first + n, n]).await?;
    Ok(end - n..end)
}

impl Store {
    /// The next `n` numbers of a series, in a transaction of their own: who takes blocks ahead never conflicts with
    /// others over a counter, and numbers not used leave gaps.
    pub async fn take_block(&self, name: &'static str, first: i64, n: i64) -> Result<Range<i64>> {
        self.write(async move |tx| take(tx, name, first, n).await).await
    }
}
