//! The two engines behind the store.

pub(crate) mod checkpoint;
pub(crate) mod executor;
pub(crate) mod fused;
pub(crate) mod job;
pub(crate) mod moment;
pub(crate) mod pg_tx;
pub(crate) mod postgres;
pub(crate) mod queue;
pub(crate) mod readers;
pub(crate) mod sqlite;
pub(crate) mod tls;
pub(crate) mod turns;
pub(crate) mod writer;

/// Which engine a store stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    Sqlite,
    Postgres,
}
