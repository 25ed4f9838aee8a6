//! Folding SQLite's write-ahead log back into the file without making anybody wait.
//!
//! A second connection makes PASSIVE passes, which never wait for readers. Alone it would never let the log start
//! again under steady writes, since it always ends behind the writer: when the log is long and nearly folded it asks
//! the writer, which makes one PASSIVE pass itself between two groups; the next write then starts the log again.

use std::{
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

use super::sqlite::{self, Role};
use crate::{
    options::Options,
    stats::{Counters, add},
};

/// A log of this length (pages, 16 MiB) is worth starting again …
const LONG_LOG_PAGES: i64 = 4_000;
/// … when at most so many of its pages are not folded yet.
const NEARLY_FOLDED_PAGES: i64 = 2_000;

#[derive(Default)]
struct State {
    written: bool,
    ask_writer: bool,
    stop: bool,
}

/// What writer and checkpointer tell each other.
#[derive(Default)]
pub(crate) struct Signal {
    state: Mutex<State>,
    changed: Condvar,
}

impl Signal {
    /// The writer committed something. Answers whether it should fold the log itself now.
    pub fn committed(&self) -> bool {
        let mut s = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut s.written, true) {
            self.changed.notify_all();
        }
        std::mem::take(&mut s.ask_writer)
    }
    pub fn stop(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        self.changed.notify_all();
    }
    /// Waits for the pause to pass and for something to be written. `false` when it is time to stop.
    fn wait(&self, pause: Duration) -> bool {
        let guard = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let paused = self.changed.wait_timeout_while(guard, pause, |s| !s.stop);
        let (guard, _) = paused.unwrap_or_else(PoisonError::into_inner);
        let mut s = self.changed.wait_while(guard, |s| !s.stop && !s.written).unwrap_or_else(PoisonError::into_inner);
        s.written = false;
        !s.stop
    }
    fn ask_writer(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).ask_writer = true;
    }
}

/// One PASSIVE pass: pages in the log, pages of it already folded.
pub(crate) fn pass(c: &Connection) -> rusqlite::Result<(i64, i64)> {
    c.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |r| Ok((r.get(1)?, r.get(2)?)))
}

/// Whether a pass would be short.
pub(crate) fn little_left(c: &Connection) -> rusqlite::Result<bool> {
    let (log, folded): (i64, i64) = c.query_row("PRAGMA wal_checkpoint(NOOP)", [], |r| Ok((r.get(1)?, r.get(2)?)))?;
    Ok(log - folded <= NEARLY_FOLDED_PAGES)
}

pub(crate) fn spawn(
    path: PathBuf,
    options: Options,
    signal: Arc<Signal>,
    counters: Arc<Counters>,
) -> std::io::Result<()> {
    let pause = Duration::from_millis(options.checkpoint_ms);
    let body = move || {
        let connection = match sqlite::open(&path, &options, Role::Checkpointer) {
            Ok(c) => c,
            // The writer's own net folds the log then.
            Err(e) => return tracing::error!(error = %e, "the checkpointer does not start"),
        };
        while signal.wait(pause) {
            add(&counters.checkpoints, 1);
            match pass(&connection) {
                Ok((log, folded)) if log > LONG_LOG_PAGES && folded > log - NEARLY_FOLDED_PAGES => signal.ask_writer(),
                Ok(_) => {}
                Err(e) => tracing::warn!(error = %e, "a checkpoint failed and is tried again"),
            }
        }
    };
    std::thread::Builder::new().name("store-checkpoint".into()).spawn(body).map(drop)
}
