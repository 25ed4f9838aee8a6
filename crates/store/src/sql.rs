//! Statements: named constants, one text for both engines wherever it can be, each known to the all-statements test.

use std::marker::PhantomData;

use crate::{engine::EngineKind, row::Column};

/// A statement without the type of its rows.
pub struct Statement {
    pub name: &'static str,
    /// The module it stands in, for the test's messages.
    pub module: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
    /// `None` for a statement that answers no rows.
    pub columns: Option<&'static [Column]>,
    /// Whether SQLite numbers its values as their names do, so that they can be bound without asking for the names.
    #[doc(hidden)]
    pub in_order: bool,
    /// Whether the number of its rows is certain without reading it: an `INSERT … VALUES` inserts or fails.
    #[doc(hidden)]
    pub inserts_or_fails: bool,
    /// Whether it writes what it is given, and does not look at what other statements wrote.
    #[doc(hidden)]
    pub stands_alone: bool,
    /// Which table it inserts into or updates; empty for others.
    #[doc(hidden)]
    pub table: &'static str,
}
const fn begins(text: &[u8], at: usize, word: &[u8]) -> bool {
    let mut n = 0;
    while n < word.len() {
        if at + n >= text.len() || text[at + n] != word[n] {
            return false;
        }
        n += 1;
    }
    true
}
const fn has(text: &str, word: &str) -> bool {
    let mut at = 0;
    while at < text.len() {
        if begins(text.as_bytes(), at, word.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}
/// A plain `INSERT … VALUES`, its words in capitals as everywhere.
#[doc(hidden)]
pub const fn inserts_or_fails(sql: &str) -> bool {
    begins(sql.as_bytes(), 0, b"INSERT ") && has(sql, "VALUES") && !has(sql, "ON CONFLICT")
}
/// One that writes what it is given: an insert, or nothing where its row is there already, or an update of its row.
#[doc(hidden)]
pub const fn stands_alone(sql: &str) -> bool {
    let reads = has(sql, "SELECT") || has(sql, "RETURNING") || has(sql, "DO UPDATE") || has(sql, " FROM ");
    !table(sql).is_empty() && !reads
}
/// Whether `$1`, `$2`, … appear for the first time in this order. SQLite takes them for names and numbers them by
/// their first appearance.
#[doc(hidden)]
pub const fn in_order(sql: &str) -> bool {
    let (text, mut at, mut seen) = (sql.as_bytes(), 0, 0);
    while at < text.len() {
        if text[at] == b'$' {
            let mut number = 0;
            while at + 1 < text.len() && text[at + 1].is_ascii_digit() {
                at += 1;
                number = number * 10 + (text[at] - b'0') as usize;
            }
            if number == 0 || number > seen + 1 {
                return false;
            }
            if number > seen {
                seen = number;
            }
        }
        at += 1;
    }
    true
}
/// The word behind `INSERT INTO` or `UPDATE`.
#[doc(hidden)]
pub const fn table(sql: &str) -> &str {
    let text = sql.as_bytes();
    let from = match () {
        () if begins(text, 0, b"INSERT INTO ") => "INSERT INTO ".len(),
        () if begins(text, 0, b"UPDATE ") => "UPDATE ".len(),
        () => return "",
    };
    let mut to = from;
    while to < text.len() && text[to] != b' ' {
        to += 1;
    }
    sql.split_at(from).1.split_at(to - from).0
}
impl Statement {
    /// The text for this engine.
    pub const fn text(&self, engine: EngineKind) -> &'static str {
        match engine {
            EngineKind::Sqlite => self.sqlite,
            EngineKind::Postgres => self.postgres,
        }
    }
}
impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}::{}", self.module, self.name)
    }
}

/// A statement whose rows are read as `R`; `R` is `()` for writes. Made by [`sql!`](crate::sql).
pub struct Sql<R = ()> {
    #[doc(hidden)]
    pub statement: Statement,
    #[doc(hidden)]
    pub row: PhantomData<fn() -> R>,
}

/// What the all-statements test finds.
#[doc(hidden)]
pub struct Registered(pub &'static Statement);
inventory::collect!(Registered);

/// Every statement made by [`sql!`](crate::sql) in this program.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<Registered>.into_iter().map(|r| r.0)
}

/// Declares a public statement and registers it.
///
/// Values are bound **by the number in their name** (`$1`, `$2`), in any order, on both engines.
///
/// ```
/// store::row! { pub struct NameRow { pub id: uuid::Uuid, pub name: String } }
/// store::sql!(BY_NAME = "SELECT id, name FROM things WHERE name = $1", NameRow);
/// store::sql!(RENAME = "UPDATE things SET name = $2 WHERE id = $1");
/// store::sql!(COUNT = "SELECT COUNT(*) FROM things", i64);
/// store::sql!(
///     CLAIM = sqlite "SELECT id FROM jobs WHERE state = 0 LIMIT 50",
///     postgres "SELECT id FROM jobs WHERE state = 0 LIMIT 50 FOR UPDATE SKIP LOCKED",
///     uuid::Uuid
/// );
/// ```
#[macro_export]
macro_rules! sql {
    ($(#[$meta:meta])* $name:ident = sqlite $lite:expr, postgres $pg:expr, $row:ty $(,)?) => {
        $crate::sql!(@make [$(#[$meta])*] $name, $lite, $pg, $row, Some(<$row as $crate::FromRow>::COLUMNS));
    };
    ($(#[$meta:meta])* $name:ident = sqlite $lite:expr, postgres $pg:expr $(,)?) => {
        $crate::sql!(@make [$(#[$meta])*] $name, $lite, $pg, (), None);
    };
    ($(#[$meta:meta])* $name:ident = $text:expr, $row:ty $(,)?) => {
        $crate::sql!(@make [$(#[$meta])*] $name, $text, $text, $row, Some(<$row as $crate::FromRow>::COLUMNS));
    };
    ($(#[$meta:meta])* $name:ident = $text:expr $(,)?) => {
        $crate::sql!(@make [$(#[$meta])*] $name, $text, $text, (), None);
    };
    (@make [$($meta:tt)*] $name:ident, $lite:expr, $pg:expr, $row:ty, $columns:expr) => {
        $($meta)*
        pub static $name: $crate::Sql<$row> = $crate::Sql {
            statement: $crate::Statement {
                name: stringify!($name),
                module: module_path!(),
                sqlite: $lite,
                postgres: $pg,
                columns: $columns,
                in_order: $crate::sql::in_order($lite),
                inserts_or_fails: $crate::sql::inserts_or_fails($pg),
                stands_alone: $crate::sql::stands_alone($pg),
                table: $crate::sql::table($pg),
            },
            row: std::marker::PhantomData,
        };
        $crate::inventory::submit! { $crate::sql::Registered(&$name.statement) }
    };
}
