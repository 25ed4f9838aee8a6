//! Numbers handed out in blocks, so that no transaction waits for a counter.

use std::collections::HashMap;

use store::Store;
use tokio::sync::Mutex;

/// How many numbers are taken from the store at a time; those left at a stop are never used.
const BLOCK: i64 = 32;

/// Where a series begins: usernames have six digits from the start (domain notes 12.7).
fn first(series: &str) -> i64 {
    if series == "login" { 100_001 } else { 1 }
}

/// The blocks this process holds.
#[derive(Default)]
pub struct Numbers(Mutex<HashMap<&'static str, (i64, i64)>>);

impl Numbers {
    /// The next number of a series.
    ///
    /// # Errors
    /// When a new block cannot be written.
    pub async fn next(&self, store: &Store, series: &'static str) -> store::Result<i64> {
        let mut blocks = self.0.lock().await;
        let block = blocks.entry(series).or_insert((0, 0));
        if block.0 == block.1 {
            let taken = store.take_block(series, first(series), BLOCK).await?;
            *block = (taken.start, taken.end);
        }
        block.0 += 1;
        Ok(block.0 - 1)
    }
}
