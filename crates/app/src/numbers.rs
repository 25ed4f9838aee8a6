//! Numbers handed out in blocks, so that no transaction waits for a counter.

use std::collections::HashMap;

use store::Store;
use tokio::sync::Mutex;

/// How many numbers a process takes from the store at first; those left at a stop are never used.
const FIRST_BLOCK: i64 = 32;
/// Every block is twice the one before, up to this one: whoever asks for many must not wait, again and again, with
/// everybody behind him, for a block that one group of commits uses up.
const LARGEST_BLOCK: i64 = 512;

/// Where a series begins: usernames have six digits from the start (domain notes 12.7).
fn first(series: &str) -> i64 {
    if series == "login" { 100_001 } else { 1 }
}

/// What is left of a block.
#[derive(Default)]
struct Block {
    next: i64,
    end: i64,
    /// How many numbers it had.
    size: i64,
}

/// The blocks this process holds.
#[derive(Default)]
pub struct Numbers(Mutex<HashMap<&'static str, Block>>);

impl Numbers {
    /// The next number of a series.
    ///
    /// # Errors
    /// When a new block cannot be written.
    pub async fn next(&self, store: &Store, series: &'static str) -> store::Result<i64> {
        let mut blocks = self.0.lock().await;
        let block = blocks.entry(series).or_default();
        if block.next == block.end {
            let size = (block.size * 2).clamp(FIRST_BLOCK, LARGEST_BLOCK);
            let taken = store.take_block(series, first(series), size).await?;
            *block = Block { next: taken.start, end: taken.end, size };
        }
        block.next += 1;
        Ok(block.next - 1)
    }
}
