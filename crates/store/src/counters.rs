//! Numbers handed out in blocks, never twice.

use std::ops::Range;

use crate::{Result, WriteTx, args, sql};

sql!(
    TAKE = "INSERT INTO counters (name, next) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET next = counters.next + $3 RETURNING next",
    i64
);

/// The next `n` numbers of a series that begins with `first`.
pub async fn take(tx: &mut WriteTx, name: &str, first: i64, n: i64) -> Result<Range<i64>> {
    let end = tx.one(&TAKE, args![name, first + n, n]).await?;
    Ok(end - n..end)
}
