//! Counted events per key and window.

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// How many so far.
    pub struct CountRow { pub count: i64 }
}

sql!(
    HIT = "INSERT INTO rate_limits (bucket, window_at, count) VALUES ($1, $2, 1) ON CONFLICT (bucket, window_at) DO UPDATE SET count = rate_limits.count + 1 RETURNING count",
    CountRow
);
sql!(COUNT = "SELECT count FROM rate_limits WHERE bucket = $1 AND window_at = $2", CountRow);

/// Counts one event; answers how many the window holds now.
pub async fn hit(tx: &mut WriteTx, bucket: &str, window_at: i64) -> Result<i64> {
    Ok(tx.one(&HIT, args![bucket, window_at]).await?.count)
}
/// How many the window holds.
pub async fn count(q: &mut impl Query, bucket: &str, window_at: i64) -> Result<Option<i64>> {
    Ok(q.opt(&COUNT, args![bucket, window_at]).await?.map(|r| r.count))
}
