//! Reads of one moment. On SQLite each read takes a lock that it shares with other processes, and gives it back; a page
//! reads three to ten times. So a request is polled inside [`in_one_moment`]: what it reads until it waits for
//! something, or writes, is one snapshot, taken once. Between two polls nothing is held.

use std::{cell::RefCell, pin::pin, sync::Arc};

use rusqlite::Connection;

use super::{readers::Readers, sqlite};
use crate::error::Result;

/// A connection inside its snapshot, and where it belongs.
struct Open {
    readers: Arc<Readers>,
    connection: Connection,
}

thread_local! {
    /// Of the future that this thread is polling: `None` outside of [`in_one_moment`].
    static POLLED: RefCell<Option<Vec<Open>>> = const { RefCell::new(None) };
}

/// Polls `future` so that its reads on SQLite share a snapshot as long as it waits for nothing and writes nothing.
pub async fn in_one_moment<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    std::future::poll_fn(move |cx| {
        let _poll = Poll::begin();
        future.as_mut().poll(cx)
    })
    .await
}

/// One poll. At its end, also by a panic, the snapshots are given up.
struct Poll {
    outermost: bool,
}
impl Poll {
    fn begin() -> Self {
        let outermost = POLLED.with_borrow_mut(|polled| match polled {
            Some(_) => false,
            None => polled.replace(Vec::new()).is_none(),
        });
        Self { outermost }
    }
}
impl Drop for Poll {
    fn drop(&mut self) {
        if self.outermost {
            end();
            POLLED.set(None);
        }
    }
}

/// Gives up the snapshots of this poll: what is read from now on is read anew.
pub(crate) fn end() {
    let open = POLLED.with_borrow_mut(|polled| polled.as_mut().map(std::mem::take));
    for Open { readers, connection } in open.into_iter().flatten() {
        if let Err(e) = sqlite::control(&connection, "COMMIT") {
            tracing::warn!(error = %e, "a snapshot does not end; its connection is closed");
        }
        readers.give(connection);
    }
}

/// Lends `read` the connection that is in the snapshot of this poll (and says so), or one that is in none. A connection
/// that it does not give back is closed.
pub(crate) fn read<T>(
    readers: &Arc<Readers>,
    read: impl FnOnce(Connection, bool) -> (Option<Connection>, T),
) -> Result<T> {
    // Taken out while it reads, so that a read within a read has a connection of its own.
    let found = POLLED.with_borrow_mut(|polled| {
        let open = polled.as_mut()?;
        let at = open.iter().position(|o| Arc::ptr_eq(&o.readers, readers));
        Some(at.map(|at| open.swap_remove(at).connection))
    });
    let connection = match found {
        None => {
            let (connection, out) = read(readers.take()?, false);
            connection.into_iter().for_each(|c| readers.give(c));
            return Ok(out);
        }
        Some(Some(connection)) => connection,
        Some(None) => {
            let connection = readers.take()?;
            sqlite::control(&connection, "BEGIN")?;
            connection
        }
    };
    let (connection, out) = read(connection, true);
    let open = connection.map(|connection| Open { readers: readers.clone(), connection });
    POLLED.with_borrow_mut(|polled| polled.as_mut().map(|all| all.extend(open)));
    Ok(out)
}
