//! What a statement or a transaction can answer instead of its result, the same on both engines.

/// Every refusal of the store.
///
/// After any of these inside a transaction, the transaction is lost on both engines: whatever its closure
/// answers, nothing of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Another transaction was faster (SQLSTATE 40001, 40P01), or the connection was lost before COMMIT was sent:
    /// nothing was written. `write` re-runs by itself and answers this only after the last re-run.
    #[error("a conflict with another transaction, after all re-runs")]
    Conflict,
    /// The queue is full, the deadline has passed or the database is held by another process: nothing was written.
    #[error("the store is busy, try again in {retry_after_ms} ms")]
    Busy {
        /// When a new try makes sense, in milliseconds.
        retry_after_ms: u64,
    },
    /// A unique key refused the row: `table.column` (`table.a,b` when the key has several columns), or the name of
    /// the index when it is over an expression.
    #[error("duplicate value of {0}")]
    Duplicate(String),
    /// A CHECK refused the row: its name, or its text where it has no name on SQLite.
    #[error("the check {0} refused the row")]
    Check(String),
    /// A foreign key refused the row. SQLite does not say which: then the text is empty.
    #[error("a reference is missing or still in use {0}")]
    Reference(String),
    /// A statement changed another number of rows than it had to.
    #[error("another number of rows changed than expected")]
    WrongRows,
    /// No space left for the database.
    #[error("no space left for the database")]
    Full,
    /// Anything else: a wrong statement, a lost connection, a value of the wrong kind. For the log, not for people.
    #[error("{0}")]
    Broken(String),
}

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// How long a caller is told to wait when nothing better is known.
pub(crate) const RETRY_AFTER_MS: u64 = 1000;

impl Error {
    /// Whether this is the refusal of the unique key `key`, given as `table.column` or as the name of an index.
    pub fn is_duplicate_of(&self, key: &str) -> bool {
        matches!(self, Error::Duplicate(k) if k == key)
    }
    /// Whether this is the refusal of the check with this name.
    pub fn is_check(&self, name: &str) -> bool {
        matches!(self, Error::Check(n) if n == name)
    }
    pub(crate) fn broken(e: impl std::fmt::Display) -> Error {
        Error::Broken(e.to_string())
    }
    pub(crate) const fn busy() -> Error {
        Error::Busy { retry_after_ms: RETRY_AFTER_MS }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Error {
        use rusqlite::ffi;
        let rusqlite::Error::SqliteFailure(f, message) = &e else { return Error::broken(e) };
        let text = message.as_deref().unwrap_or_default();
        let rest = |s: &str| s.split_once(": ").map_or(s, |(_, r)| r).to_owned();
        match (f.code, f.extended_code) {
            (rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked, _) => Error::busy(),
            // The index of the log could not grow: the same lack of space, met while the file is opened.
            (rusqlite::ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => Error::Full,
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
                Error::Duplicate(sqlite_key(&rest(text)))
            }
            (_, ffi::SQLITE_CONSTRAINT_CHECK) => Error::Check(rest(text)),
            (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => Error::Reference(String::new()),
            _ => Error::Broken(format!("{e} ({})", f.extended_code)),
        }
    }
}

/// `logins.realm, logins.name` is `logins.realm,name`; `index 'x'` is `x`.
fn sqlite_key(text: &str) -> String {
    if let Some(name) = text.strip_prefix("index '") {
        return name.trim_end_matches('\'').to_owned();
    }
    let mut columns = text.split(", ");
    let first = columns.next().unwrap_or_default().to_owned();
    columns.fold(first, |key, c| key + "," + c.rsplit('.').next().unwrap_or(c))
}

impl From<tokio_postgres::Error> for Error {
    fn from(e: tokio_postgres::Error) -> Error {
        if connection_lost(&e) {
            return Error::Conflict;
        }
        let Some(db) = e.as_db_error() else { return Error::Broken(with_causes(&e)) };
        let constraint = || db.constraint().unwrap_or_default().to_owned();
        match db.code().code() {
            "40001" | "40P01" => Error::Conflict,
            "23505" => Error::Duplicate(postgres_key(db.table(), db.detail()).unwrap_or_else(constraint)),
            "23514" => Error::Check(constraint()),
            "23503" | "23001" => Error::Reference(constraint()),
            "53100" => Error::Full,
            // Statement timeout, lock timeout, too many connections, the server starting or stopping.
            "57014" | "55P03" | "53300" | "57P03" => Error::busy(),
            code => Error::Broken(format!("{code}: {}", db.message())),
        }
    }
}

/// The server or the network ended the connection. Whether that can be mended by a re-run depends on whether COMMIT
/// was under way.
pub(crate) fn connection_lost(e: &tokio_postgres::Error) -> bool {
    let by_network = || std::error::Error::source(e).is_some_and(|s| s.is::<std::io::Error>());
    match e.code() {
        Some(code) => matches!(code.code(), "57P01" | "57P02" | "25P03" | "08003" | "08006"),
        None => e.is_closed() || by_network(),
    }
}

/// `Key (realm, name)=(…) already exists.` of table `logins` is `logins.realm,name`; `None` over an expression.
fn postgres_key(table: Option<&str>, detail: Option<&str>) -> Option<String> {
    let inside = detail?.split_once('(')?.1.split_once(")=(")?.0;
    if inside.contains('(') { None } else { Some(format!("{}.{}", table?, inside.replace(", ", ","))) }
}

pub(crate) fn with_causes(e: &dyn std::error::Error) -> String {
    let mut text = e.to_string();
    let mut cause = e.source();
    while let Some(c) = cause {
        text = format!("{text}: {c}");
        cause = c.source();
    }
    text
}

/// No connection: the pool is used up or the server is not there, which passes.
impl From<deadpool_postgres::PoolError> for Error {
    fn from(e: deadpool_postgres::PoolError) -> Error {
        tracing::warn!(error = %with_causes(&e), "no connection to the database");
        Error::busy()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_engines_name_a_key_alike() {
        assert_eq!(sqlite_key("logins.username"), "logins.username");
        assert_eq!(sqlite_key("logins.realm, logins.name"), "logins.realm,name");
        assert_eq!(sqlite_key("index 'parties_code_lower'"), "parties_code_lower");
        let detail = Some("Key (realm, name)=(a, b) already exists.");
        assert_eq!(postgres_key(Some("logins"), detail).as_deref(), Some("logins.realm,name"));
        let expression = Some("Key (lower(code))=(x) already exists.");
        assert_eq!(postgres_key(Some("parties"), expression), None);
    }
}
