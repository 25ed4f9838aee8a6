//! Limits by person, target and address: counted events in fixed windows.

use domain::time::Timestamp;
use store::{Query, rate_limits as rows};

use crate::{Cx, Problem};

/// So many events in so long a window.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub max: i64,
    pub window_us: i64,
}
impl Limit {
    pub const fn new(max: i64, window_us: i64) -> Self {
        Self { max, window_us }
    }
    fn window(&self, now: Timestamp) -> i64 {
        now.micros() - now.micros().rem_euclid(self.window_us)
    }
    /// Seconds until the window of `now` ends.
    pub fn retry_after_s(&self, now: Timestamp) -> u32 {
        ((self.window(now) + self.window_us - now.micros()) / 1_000_000 + 1) as u32
    }
}

/// Counts one event for `bucket` (`login-ip:…`) in a transaction of its own, so that a refused
/// try is counted too.
///
/// # Errors
/// `TooMany` once more than `limit.max` were counted in the window.
pub async fn hit(cx: &Cx, bucket: String, limit: Limit) -> Result<(), Problem> {
    let now = cx.now();
    let counted = cx.write(async move |tx| Ok(rows::hit(tx, &bucket, limit.window(now)).await?)).await?;
    if counted > limit.max { Err(Problem::too_many(limit.retry_after_s(now))) } else { Ok(()) }
}

/// How many events the window holds so far.
///
/// # Errors
/// When the store cannot be read.
pub async fn count(q: &mut impl Query, cx: &Cx, bucket: &str, limit: Limit) -> Result<i64, Problem> {
    Ok(rows::count(q, bucket, limit.window(cx.now())).await?.unwrap_or(0))
}

/// Counts one event in several buckets at once, without judging: for failures, whose consequence
/// is decided at the next try.
///
/// # Errors
/// When the store cannot be written.
pub async fn note(cx: &Cx, buckets: Vec<(String, Limit)>) -> Result<(), Problem> {
    let now = cx.now();
    cx.write(async move |tx| {
        for (bucket, limit) in &buckets {
            rows::hit(tx, bucket, limit.window(now)).await?;
        }
        Ok(())
    })
    .await
}
