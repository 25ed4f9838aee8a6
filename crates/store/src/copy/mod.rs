//! Copies a whole installation from one database to another, on either engine.
//!
//! One snapshot of the source is read table by table in the order of the keys and written in one transaction, which
//! is committed only when the target, read back, has the same rows: all or nothing.

mod cell;
mod postgres;
mod sqlite;

use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use self::cell::Cell;
use crate::{
    DatabaseUrl, Error, Options, Result, Store,
    schema::{self, Table},
    store::Engine,
    value::Kind,
};

/// What was copied of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCopied {
    pub table: String,
    pub rows: u64,
    /// SHA-256 over all values in the order of the keys, in hexadecimal; the same on both engines.
    pub sha256: String,
}

/// Rows between two steps of the pipe.
const CHUNK: usize = 500;
/// Chunks that wait between source and target.
const AHEAD: usize = 4;

type Line = Vec<Cell>;

/// What flows from the source to the target.
enum Piece {
    /// Rows of the table with this number.
    Rows(usize, Vec<Line>),
    /// Everything was read; what must now be in the target.
    End(Vec<TableCopied>),
}

/// Counts and hashes the rows of a table.
struct Tally {
    rows: u64,
    hash: Sha256,
}
impl Tally {
    fn new() -> Tally {
        Tally { rows: 0, hash: Sha256::new() }
    }
    fn add(&mut self, line: &[Cell]) {
        self.rows += 1;
        line.iter().for_each(|cell| cell.hash_into(&mut self.hash));
    }
    fn finish(self, table: &Table) -> TableCopied {
        TableCopied { table: table.name.clone(), rows: self.rows, sha256: hex::encode(self.hash.finalize()) }
    }
}

/// Copies everything from `from` to `to` and answers what was copied, by table. The target gets the current schema.
///
/// # Errors
/// If the source's schema is not current, if the target holds any row, or if anything differs in the end; then the
/// target is left without rows.
pub async fn copy(from: &DatabaseUrl, to: &DatabaseUrl, options: &Options) -> Result<Vec<TableCopied>> {
    if let DatabaseUrl::Sqlite(path) = from
        && !path.exists()
    {
        return Err(Error::Broken(format!("{from} does not exist")));
    }
    let source = Store::open(from, options.clone()).await?;
    let pending = source.pending_migrations().await?;
    if !pending.is_empty() {
        return Err(Error::Broken(format!("{from} is not migrated: {}", pending.join(", "))));
    }
    let target = Store::open(to, options.clone()).await?;
    target.migrate().await?;
    let tables = schema::tables(&mut &source).await?;
    let target_tables = schema::tables(&mut &target).await?;
    if !same_shape(&tables, &target_tables) {
        return Err(Error::Broken("the two databases do not have the same tables".into()));
    }
    let (pipe, end) = mpsc::channel(AHEAD);
    let read = async {
        match source.engine_ref() {
            Engine::Sqlite(lite) => sqlite::read(lite.path.clone(), options.clone(), tables, pipe).await,
            Engine::Postgres(pg) => postgres::read(&pg.core.pool, tables, pipe).await,
        }
    };
    let written = async {
        match target.engine_ref() {
            Engine::Sqlite(lite) => sqlite::write(lite.path.clone(), options.clone(), target_tables, end).await,
            Engine::Postgres(pg) => postgres::write(&pg.core.pool, target_tables, end).await,
        }
    };
    let (read, written) = tokio::join!(read, written);
    source.close().await;
    target.close().await;
    match (read, written) {
        // Each side sees the other go away; the one that did not is the cause.
        (Err(cause), Err(e)) if e == source_gone() => Err(cause),
        (_, Err(cause)) | (Err(cause), Ok(_)) => Err(cause),
        (Ok(()), Ok(copied)) => Ok(copied),
    }
}

fn same_shape(a: &[Table], b: &[Table]) -> bool {
    let names = |t: &Table| (t.name.clone(), t.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>());
    a.iter().map(names).eq(b.iter().map(names))
}

fn columns(table: &Table) -> String {
    table.columns.iter().map(|c| format!("\"{}\"", c.name)).collect::<Vec<_>>().join(", ")
}

/// All rows in the order of the key; texts by their bytes, as SQLite does.
fn select(table: &Table, text_order: &str) -> String {
    let of_key = |name: &String| {
        let is_text = table.columns.iter().any(|c| c.name == *name && c.kind == Kind::Text);
        format!("\"{name}\"{}", if is_text { text_order } else { "" })
    };
    let key: Vec<_> = table.key.iter().map(of_key).collect();
    format!("SELECT {} FROM \"{}\" ORDER BY {}", columns(table), table.name, key.join(", "))
}

fn source_gone() -> Error {
    Error::Broken("the source stopped half way".into())
}
fn target_gone() -> Error {
    Error::Broken("the target stopped half way".into())
}
fn not_empty(table: &Table) -> Error {
    Error::Broken(format!("the target is not empty: {} has rows", table.name))
}
fn compare(expected: Vec<TableCopied>, found: Vec<TableCopied>) -> Result<Vec<TableCopied>> {
    match expected.iter().zip(&found).find(|(e, f)| e != f) {
        Some((e, _)) => Err(Error::Broken(format!("after copying, table {} differs", e.table))),
        None if expected.len() != found.len() => Err(source_gone()),
        None => Ok(found),
    }
}
