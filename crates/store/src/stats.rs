//! Counters of a store, for metrics and benchmarks.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

#[derive(Default)]
pub(crate) struct Counters {
    pub groups: AtomicU64,
    pub writes: AtomicU64,
    pub reruns: AtomicU64,
    pub spoiled: AtomicU64,
    pub refused_busy: AtomicU64,
    pub checkpoints: AtomicU64,
    pub disturbed: AtomicU64,
}

/// A look at the counters; all grow from zero since the store was opened, except `queued`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Commits: on SQLite one per group.
    pub groups: u64,
    /// Write transactions that were run to their end.
    pub writes: u64,
    /// Re-runs after a conflict (PostgreSQL).
    pub reruns: u64,
    /// Groups run again with savepoints because a member refused after it had written (SQLite).
    pub spoiled: u64,
    /// Writes refused because of the queue or its deadline.
    pub refused_busy: u64,
    /// Passes of the checkpointer (SQLite).
    pub checkpoints: u64,
    /// Bulk writes before which somebody else had written, in this process or another, since the last one (SQLite).
    pub disturbed: u64,
    /// Writes waiting now.
    pub queued: u64,
}

impl Counters {
    pub fn look(&self, queued: usize) -> Stats {
        Stats {
            groups: self.groups.load(Relaxed),
            writes: self.writes.load(Relaxed),
            reruns: self.reruns.load(Relaxed),
            spoiled: self.spoiled.load(Relaxed),
            refused_busy: self.refused_busy.load(Relaxed),
            checkpoints: self.checkpoints.load(Relaxed),
            disturbed: self.disturbed.load(Relaxed),
            queued: queued as u64,
        }
    }
}
pub(crate) fn add(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Relaxed);
}
