//! What can be set about a store; every field has a default that suits two cores and one customer base.

use crate::fuse::Fuse;

/// Options of [`Store::open`](crate::Store::open).
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// How long a write may wait in the queue before it is refused as busy, milliseconds.
    pub queue_deadline_ms: u64,
    /// The same for writes of low priority.
    pub bulk_deadline_ms: u64,
    /// How many writes may wait.
    pub queue_length: usize,
    /// SQLite: how many writes share one commit at most.
    pub group_limit: usize,
    /// SQLite: reader connections kept open.
    pub readers: usize,
    /// SQLite: page cache of each reader, KiB.
    pub reader_cache_kib: u32,
    /// SQLite: page cache of the writer, KiB.
    pub writer_cache_kib: u32,
    /// SQLite: how much of the file each connection maps instead of copying its pages, MiB; 0 turns it off. Mapped pages
    /// are the system's page cache: they count as resident, and are given back when memory is short.
    pub mmap_mib: u32,
    /// SQLite: rights of a new database file (octal 640 is 416). Its log files get the same.
    pub file_mode: u32,
    /// SQLite: at least so long between two passes of the checkpointer, milliseconds.
    pub checkpoint_ms: u64,
    /// SQLite: the file never grows beyond so many pages of 4 KiB; a write that needs more answers `Full`.
    pub max_pages: Option<u32>,
    /// PostgreSQL: connections in the pool.
    pub connections: usize,
    /// PostgreSQL: a statement that takes longer is cancelled by the server, milliseconds.
    pub statement_timeout_ms: u64,
    /// PostgreSQL: longest wait for a free connection of the pool, milliseconds.
    pub connection_wait_ms: u64,
    /// PostgreSQL: re-runs of a transaction that met a conflict.
    pub reruns: u32,
    /// SQLite: what is committed need not survive the machine; for tests alone, which no configuration can choose.
    #[serde(skip)]
    pub volatile: bool,
    /// Ends the process, as far as the database can tell; for tests alone.
    #[serde(skip)]
    pub fuse: Fuse,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            queue_deadline_ms: 5_000,
            bulk_deadline_ms: 60_000,
            queue_length: 1024,
            group_limit: 64,
            readers: 4,
            reader_cache_kib: 8 * 1024,
            writer_cache_kib: 32 * 1024,
            mmap_mib: 256,
            file_mode: 0o640,
            checkpoint_ms: 200,
            max_pages: None,
            connections: 8,
            statement_timeout_ms: 30_000,
            connection_wait_ms: 5_000,
            reruns: 50,
            volatile: false,
            fuse: Fuse::default(),
        }
    }
}
