//! The pool of SQLite's reader connections. A read runs on the thread of its caller.

use std::{
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
    /// A free connection, or a new one: as many are open as threads read at once. It comes back by [`Readers::give`]; one
    /// that is lost by a panic is closed.
    pub fn take(&self) -> Result<Connection> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.map_or_else(|| sqlite::open(&self.path, &self.options, Role::Reader), Ok)
    }
    pub fn give(&self, connection: Connection) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        // One with an open transaction would show its old snapshot for ever.
        if free.len() < self.options.readers && connection.is_autocommit() {
            free.push(connection);
        }
    }
}
