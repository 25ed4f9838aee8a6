//! Connections to SQLite and statements on them.

use std::{
    fs::OpenOptions,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, Statement, config::DbConfig};

use crate::{
    error::{Error, Result},
    options::Options,
    row::{FromRow, Row},
    sql,
    value::P,
};

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Writer,
    Reader,
    Checkpointer,
    /// Migrations and copies: no cached statements, checks of foreign keys left to the caller.
    Maintenance,
}

/// More than the statements of this crate, so that none is prepared twice.
const CACHED_STATEMENTS: usize = 512;
/// How long opening waits for another process.
const OPENING: Duration = Duration::from_secs(15);
/// A net below the checkpointer: should it ever stand still, whoever writes folds the log himself at 512 MiB.
const LOG_NET_PAGES: u32 = 131_072;

/// Steps of SQLite's machine after which a long write lets others at the processor: some tenths of a millisecond. Pages
/// of a night compute for tens of milliseconds, and the system would let a reader wait for several of them.
const BETWEEN_YIELDS: i32 = 5_000;

fn give_way() -> bool {
    std::thread::yield_now();
    // Nothing is interrupted.
    false
}

pub(crate) fn open(path: &Path, options: &Options, role: Role) -> Result<Connection> {
    create_with_rights(path, options.file_mode)?;
    let mut c = Connection::open(path)?;
    // A process that ends at this moment folds its log, and one that was killed left a log to be read first: whoever
    // opens the file then has to wait.
    c.busy_timeout(OPENING)?;
    c.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;")?;
    // Plans do not look at bound values: else, after an ANALYZE, SQLite prepares a cached statement again for each
    // new value, which costs more than the statement.
    c.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let foreign_keys = if role == Role::Maintenance { "OFF" } else { "ON" };
    c.execute_batch(&format!("PRAGMA foreign_keys={foreign_keys}; PRAGMA wal_autocheckpoint={LOG_NET_PAGES};"))?;
    if options.volatile {
        c.execute_batch("PRAGMA synchronous=OFF;")?;
    }
    match role {
        Role::Reader => c.execute_batch(&format!(
            "PRAGMA cache_size=-{}; PRAGMA mmap_size={}; PRAGMA query_only=ON;",
            options.reader_cache_kib,
            u64::from(options.mmap_mib) << 20
        ))?,
        Role::Writer => {
            // What it only reads is not copied either: a night looks once at pages that are more than any cache holds.
            let map = u64::from(options.mmap_mib) << 20;
            // Nor does the way back out of one long statement go through a file of its own.
            c.execute_batch(&format!(
                "PRAGMA cache_size=-{}; PRAGMA mmap_size={map}; PRAGMA temp_store=MEMORY;",
                options.writer_cache_kib
            ))?;
            c.progress_handler(BETWEEN_YIELDS, Some(give_way))?;
        }
        Role::Checkpointer | Role::Maintenance => {}
    }
    if let Some(pages) = options.max_pages {
        c.execute_batch(&format!("PRAGMA max_page_count={pages};"))?;
    }
    match role {
        // The writer looks at its deadlines in between. SQLite's own steps grow to a tenth of a second, and miss the
        // moment between two pages of another process's night.
        Role::Writer => c.busy_handler(Some(wait_a_moment))?,
        _ => c.busy_timeout(Duration::from_millis(5_000))?,
    }
    c.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    Ok(c)
}

/// A tenth of a second in all.
fn wait_a_moment(tries: i32) -> bool {
    std::thread::sleep(Duration::from_millis(1));
    tries < 100
}

/// SQLite gives its log files the rights of the database file, so the file is made here with the right ones.
fn create_with_rights(path: &Path, mode: u32) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(mode).open(path) {
        Ok(file) => file.set_permissions(PermissionsExt::from_mode(mode)).map_err(Error::broken),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::StorageFull => Err(Error::Full),
        Err(e) => Err(Error::Broken(format!("{}: {e}", path.display()))),
    }
}

/// `$2` is a *name* to SQLite, numbered by its first appearance: bind by the number in the name, and by position only
/// where that is known to be the same.
fn bind(st: &mut Statement<'_>, in_order: bool, args: &[P<'_>]) -> Result<()> {
    let wanted = st.parameter_count();
    if in_order && wanted == args.len() {
        for (i, value) in (1..).zip(args) {
            st.raw_bind_parameter(i, value)?;
        }
        return Ok(());
    }
    for i in 1..=wanted {
        let number = st.parameter_name(i).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let Some(number) = number else { return Err(Error::Broken(format!("parameter {i} is not a $ and a number"))) };
        let value = args.get(number.wrapping_sub(1)).ok_or_else(|| Error::Broken(format!("no value for ${number}")))?;
        st.raw_bind_parameter(i, value)?;
    }
    if wanted == args.len() { Ok(()) } else { Err(Error::Broken(format!("{} values for {wanted}", args.len()))) }
}

fn rows<R: FromRow>(st: &mut Statement<'_>, in_order: bool, args: &[P<'_>], max: usize) -> Result<Vec<R>> {
    bind(st, in_order, args)?;
    let mut rows = st.raw_query();
    let mut out = Vec::new();
    while out.len() < max {
        match rows.next()? {
            Some(r) => out.push(R::from_row(&Row::Lite(r))?),
            None => break,
        }
    }
    Ok(out)
}

/// At most `max` rows of a statement that stays prepared.
pub(crate) fn all<R: FromRow>(c: &Connection, sql: &sql::Statement, args: &[P<'_>], max: usize) -> Result<Vec<R>> {
    rows(&mut *c.prepare_cached(sql.sqlite)?, sql.in_order, args, max)
}

/// The rows of a text made at run time, which does not enter the cache.
pub(crate) fn all_text<R: FromRow>(c: &Connection, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
    rows(&mut c.prepare(sql)?, false, args, usize::MAX)
}

/// Runs a statement; answers how many rows it changed.
pub(crate) fn run(c: &Connection, sql: &sql::Statement, args: &[P<'_>]) -> Result<u64> {
    let mut st = c.prepare_cached(sql.sqlite)?;
    bind(&mut st, sql.in_order, args)?;
    Ok(st.raw_execute()? as u64)
}

/// A statement without values, such as BEGIN.
pub(crate) fn control(c: &Connection, sql: &'static str) -> Result<()> {
    c.prepare_cached(sql)?.raw_execute()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    /// With statistics, SQLite would look at the value of an inequality and prepare again for the next one.
    #[test]
    fn a_cached_statement_is_prepared_once_whatever_is_bound() {
        let folder = tempfile::tempdir().unwrap();
        let c = open(&folder.path().join("t.db"), &Options::default(), Role::Writer).unwrap();
        c.execute_batch("CREATE TABLE t (a INTEGER, b INTEGER); CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (b)")
            .unwrap();
        for i in 0..500 {
            c.execute("INSERT INTO t VALUES (?1, ?2)", [i, i % 7]).unwrap();
        }
        c.execute_batch("ANALYZE").unwrap();
        let mut st = c.prepare_cached("SELECT COUNT(*) FROM t WHERE a > $1 AND b = $2").unwrap();
        for i in 0..20_i64 {
            bind(&mut st, true, &[P::I(i * 25), P::I(i % 7)]).unwrap();
            assert!(st.raw_query().next().unwrap().is_some());
        }
        assert_eq!(st.get_status(StatementStatus::RePrepare), 0);
    }
}
