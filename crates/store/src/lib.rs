//! The only crate with SQL: engines, transactions, statements, rows, migrations.
//!
//! One API on SQLite (one writer thread that groups commits, readers on the thread of the caller) and on PostgreSQL
//! (serializable transactions with re-runs, pipelined batches).

pub mod addons;
pub mod addresses;
pub mod agreements;
pub mod carts;
pub mod catalogue;
pub mod catalogue_office;
pub mod copy;
pub mod desk;
pub mod desk_order;
pub mod desk_search;
pub mod error;
pub mod expiry_notices;
pub mod fuse;
pub mod holders;
pub mod lists;
pub mod mailboxes;
pub mod member_imports;
pub mod methods;
pub mod migrate;
pub mod night_looks;
pub mod obligations;
pub mod offers;
pub mod operations;
pub mod operators;
pub mod options;
pub mod orders;
pub mod placing;
pub mod price_lists;
pub mod recovery;
pub mod row;
pub mod secretariat;
pub mod space_falls;
pub mod sql;
pub mod stats;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tx;
pub mod url;
pub mod value;

pub mod audit;
pub mod bank;
pub mod body_renewals;
pub mod books;
pub mod checks;
pub mod client_keys;
pub mod consents;
pub mod counters;
pub mod effects;
pub mod excess;
pub mod housekeeping;
pub mod inbound;
pub mod leases;
pub mod ledger;
pub mod legal;
pub mod logins;
pub mod mailbox_life;
pub mod messages;
pub mod night;
pub mod parties;
pub mod payments;
pub mod rate_limits;
pub mod registrations;
pub mod renewals;
pub mod sessions;
pub mod sms_notices;
pub mod terminations;
pub mod tokens;
pub mod usage;
pub mod wallet;
pub mod withdrawals;

#[cfg(test)]
mod copy_test;
mod engine;
#[cfg(test)]
mod lists_test;
#[cfg(test)]
mod migrate_test;
#[cfg(test)]
mod night_plans_test;
#[cfg(test)]
mod parity_test;
mod schema;
#[cfg(test)]
mod statements_test;
mod store;

#[doc(hidden)]
pub use inventory;

pub use crate::{
    engine::{EngineKind, moment::in_one_moment},
    error::{Error, Result},
    options::Options,
    row::{Column, FromRow, Row},
    sql::{Sql, Statement, statements},
    stats::Stats,
    store::Store,
    tx::{Batch, Query, ReadTx, WriteTx},
    url::{DatabaseUrl, TlsMode},
    value::{Kind, P, Value},
};
