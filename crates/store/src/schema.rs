//! The tables of a database as its own catalogue tells them, in one form for both engines.

use std::collections::BTreeMap;

use crate::{
    EngineKind, Query, Result,
    value::{Kind, P},
};

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableColumn {
    pub name: String,
    /// Uuid is Bytes and a flag is Int as far as SQLite can tell.
    pub kind: Kind,
    pub nullable: bool,
}

/// A table with what its rows need to be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub name: String,
    pub columns: Vec<TableColumn>,
    /// Columns of the primary key, in its order.
    pub key: Vec<String>,
}

/// The table of the runner itself is not part of an installation's contents.
pub(crate) const RUNNERS_TABLE: &str = "migrations";

type ColumnFact = (String, String, String, bool, i64);

const SQLITE_COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\" = 0, c.pk \
    FROM sqlite_master m JOIN pragma_table_info(m.name) c \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.cid";
const POSTGRES_COLUMNS: &str = "SELECT CAST(t.relname AS TEXT), CAST(a.attname AS TEXT), \
    CAST(format_type(a.atttypid, NULL) AS TEXT), NOT a.attnotnull, \
    CAST(COALESCE(array_position(CAST(i.indkey AS SMALLINT[]), a.attnum) + 1, 0) AS BIGINT) \
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
    LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary \
    WHERE t.relkind = 'r' AND t.relnamespace = CAST(current_schema() AS regnamespace) \
    ORDER BY CAST(t.relname AS TEXT) COLLATE \"C\", a.attnum";

/// All tables but the runner's, by name.
pub(crate) async fn tables(q: &mut impl Query) -> Result<Vec<Table>> {
    let sql = match q.engine() {
        EngineKind::Sqlite => SQLITE_COLUMNS,
        EngineKind::Postgres => POSTGRES_COLUMNS,
    };
    let facts: Vec<ColumnFact> = q.all_text(sql, &[] as &[P<'_>]).await?;
    let mut tables: BTreeMap<String, (Vec<TableColumn>, BTreeMap<i64, String>)> = BTreeMap::new();
    for (table, name, type_name, nullable, place_in_key) in facts {
        let (columns, key) = tables.entry(table).or_default();
        if place_in_key > 0 {
            key.insert(place_in_key, name.clone());
        }
        let kind = kind_of(&type_name).ok_or_else(|| unknown(&name, &type_name))?;
        columns.push(TableColumn { name, kind, nullable });
    }
    tables.remove(RUNNERS_TABLE);
    let table = |(name, (columns, key)): (String, (_, BTreeMap<_, _>))| Table {
        name,
        columns,
        key: key.into_values().collect(),
    };
    Ok(tables.into_iter().map(table).collect())
}

fn kind_of(type_name: &str) -> Option<Kind> {
    Some(match type_name.to_ascii_lowercase().as_str() {
        "integer" | "bigint" => Kind::Int,
        "text" => Kind::Text,
        "blob" | "bytea" => Kind::Bytes,
        "uuid" => Kind::Uuid,
        "boolean" => Kind::Flag,
        _ => return None,
    })
}

fn unknown(column: &str, type_name: &str) -> crate::Error {
    crate::Error::Broken(format!("column {column} is {type_name}, which the store does not use"))
}
