//! The pool of SQLite's reader connections. A read runs on the thread of its caller.

use std::{
    ops::Deref,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use rusqlite::Connection;

use super::sqlite::{self, Role};
use crate::{error::Result, options::Options};

pub(crate) struct Readers {
    free: Mutex<Vec<Connection>>,
    path: PathBuf,
    options: Options,
}

impl Readers {
    pub fn new(path: PathBuf, options: Options) -> Readers {
        Readers { free: Mutex::default(), path, options }
    }
    /// A free connection, or a new one: as many are open as threads read at once.
    pub fn get(&self) -> Result<Reader<'_>> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match free {
            Some(c) => c,
            None => sqlite::open(&self.path, &self.options, Role::Reader)?,
        };
        Ok(Reader { pool: self, connection: Some(connection) })
    }
    fn give(&self, connection: Connection) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        // One with an open transaction would show its old snapshot for ever.
        if free.len() < self.options.readers && connection.is_autocommit() {
            free.push(connection);
        }
    }
}

/// A borrowed connection; goes back when dropped, also by a panic.
pub(crate) struct Reader<'p> {
    pool: &'p Readers,
    connection: Option<Connection>,
}
impl Reader<'_> {
    /// Takes the connection out, for a transaction that owns it; bring it back with [`Reader::put`].
    pub fn take(&mut self) -> Option<Connection> {
        self.connection.take()
    }
    pub fn put(&mut self, connection: Connection) {
        self.connection = Some(connection);
    }
}
impl Deref for Reader<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.connection.as_ref().expect("taken out only inside a read transaction")
    }
}
impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(c) = self.connection.take() {
            self.pool.give(c);
        }
    }
}
