//! The migrations of the two engines make the same schema.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    EngineKind, Kind, Query,
    migrate::{MIGRATIONS, Migration},
    schema, testing,
};

type Facts = BTreeSet<(String, String)>;

const SQLITE_REFERENCES: &str = "SELECT m.name, f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\" \
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const POSTGRES_REFERENCES: &str = "SELECT CAST(t.relname AS TEXT), a.attname || ' -> ' || r.relname || '.' || b.attname \
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid \
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1] \
    JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = c.confkey[1] WHERE c.contype = 'f'";
/// Table; columns, unique, partial. Names only of indexes made by name.
const SQLITE_INDEXES: &str = "SELECT m.name, (SELECT group_concat(COALESCE(i.name, 'expression'), ',') \
    FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i) || CASE l.\"unique\" WHEN 1 THEN ' unique' ELSE '' END \
    || CASE l.partial WHEN 1 THEN ' partial' ELSE '' END || CASE l.origin WHEN 'c' THEN ' ' || l.name ELSE '' END \
    FROM sqlite_master m JOIN pragma_index_list(m.name) l WHERE m.type = 'table'";
const POSTGRES_INDEXES: &str = "SELECT CAST(t.relname AS TEXT), (SELECT string_agg(COALESCE(a.attname, 'expression'), ',' ORDER BY k.n) \
    FROM unnest(CAST(i.indkey AS SMALLINT[])) WITH ORDINALITY k(attnum, n) \
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) \
    || CASE WHEN i.indisunique THEN ' unique' ELSE '' END || CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END \
    || CASE WHEN EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.oid AND c.contype IN ('p', 'u')) THEN '' ELSE ' ' || x.relname END \
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
    WHERE t.relnamespace = CAST(current_schema() AS regnamespace)";
/// Which serve SQLite alone, as migrations 0031 and 0032 say.
const INDEXES_OF_SQLITE: [&str; 4] = ["logins_signed_in", "parties_signed_in", "mailboxes_gone", "obligations_charged"];
const SQLITE_VIEWS: &str =
    "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'view'";
const POSTGRES_VIEWS: &str = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns \
    WHERE table_schema = current_schema() AND table_name IN (SELECT table_name FROM information_schema.views)";

async fn facts(q: &mut impl Query, sqlite: &str, postgres: &str) -> Facts {
    let sql = if q.engine() == EngineKind::Sqlite { sqlite } else { postgres };
    let rows: Vec<(String, String)> = q.all_text(sql, &[]).await.unwrap();
    rows.into_iter().filter(|r| r.0 != schema::RUNNERS_TABLE).collect()
}

fn differences(what: &str, lite: &Facts, pg: &Facts) -> Vec<String> {
    let only_lite = lite.difference(pg).map(|f| format!("{what} only on SQLite: {f:?}"));
    let only_pg = pg.difference(lite).map(|f| format!("{what} only on PostgreSQL: {f:?}"));
    only_lite.chain(only_pg).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_columns_keys_and_indexes_are_equal() {
    let lite = testing::fresh(EngineKind::Sqlite).await;
    let pg = testing::fresh(EngineKind::Postgres).await;
    let (mut lite, mut pg) = (lite.store.clone(), pg.store.clone());
    let as_sqlite_sees_it = |k: Kind| match k {
        Kind::Uuid => Kind::Bytes,
        Kind::Flag => Kind::Int,
        k => k,
    };
    let mut expected = schema::tables(&mut pg).await.unwrap();
    for column in expected.iter_mut().flat_map(|t| &mut t.columns) {
        column.kind = as_sqlite_sees_it(column.kind);
    }
    let tables = schema::tables(&mut lite).await.unwrap();
    assert!(tables.len() > 20, "the schema is there");
    for (l, p) in tables.iter().zip(&expected) {
        assert_eq!(l, p);
        assert!(!l.key.is_empty(), "{} has no primary key", l.name);
    }
    assert_eq!(tables.len(), expected.len());
    let mut wrong = Vec::new();
    for (what, on_lite, on_pg) in [
        ("reference", SQLITE_REFERENCES, POSTGRES_REFERENCES),
        ("index", SQLITE_INDEXES, POSTGRES_INDEXES),
        ("view", SQLITE_VIEWS, POSTGRES_VIEWS),
    ] {
        let (l, p) = (facts(&mut lite, on_lite, on_pg).await, facts(&mut pg, on_lite, on_pg).await);
        assert!(!l.is_empty(), "no {what} found");
        wrong.extend(differences(what, &l, &p));
    }
    for name in INDEXES_OF_SQLITE {
        let before = wrong.len();
        wrong.retain(|w| !(w.starts_with("index only on SQLite") && w.contains(name)));
        assert_eq!(before - wrong.len(), 1, "{name} is on both engines, or on none");
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every `CHECK (…)` with its table, and every `WHERE …` of an index, with blanks made equal: those that are left after
/// tables were dropped or renamed, and checks replaced.
fn conditions(text: &str) -> BTreeMap<String, u32> {
    let mut found: Vec<(String, String)> = Vec::new();
    let without_comments: Vec<&str> = text.lines().map(|l| l.split("--").next().unwrap_or_default()).collect();
    for statement in without_comments.join(" ").split(';') {
        let words: Vec<&str> = statement.split_whitespace().collect();
        let flat = words.join(" ").replace(", ", ",");
        match words.as_slice() {
            ["DROP", "INDEX", name] => {
                let of_it = format!("INDEX {name} ");
                found.retain(|(subject, _)| !subject.contains(&of_it));
            }
            ["DROP", "TABLE", table] => {
                let (of_it, on_it) = (format!("TABLE {table}"), format!(" ON {table}"));
                found.retain(|(subject, _)| *subject != of_it && !subject.ends_with(&on_it));
            }
            ["ALTER", "TABLE", from, "RENAME", "TO", to] => {
                let (from, to) = (format!("TABLE {from}"), format!("TABLE {to}"));
                found
                    .iter_mut()
                    .filter(|(subject, _)| *subject == from)
                    .for_each(|(subject, _)| subject.clone_from(&to));
            }
            // PostgreSQL names the check of a column after it.
            ["ALTER", "TABLE", table, "DROP", "CONSTRAINT", name] => {
                let column = name.strip_prefix(&format!("{table}_")).and_then(|n| n.strip_suffix("_check"));
                let (of_it, begins) =
                    (format!("TABLE {table}"), format!("{} ", column.expect("the check of a column")));
                found.retain(|(subject, check)| *subject != of_it || !check.starts_with(&begins));
            }
            [_, "TABLE", table, ..] => {
                let checks = checks(&flat).into_iter();
                found.extend(checks.map(|check| (format!("TABLE {table}"), check)));
            }
            _ => {}
        }
        if let (Some(at), Some((_, predicate))) =
            (words.iter().position(|w| *w == "INDEX"), flat.split_once(" WHERE ").filter(|_| words.contains(&"INDEX")))
        {
            found.push((words[1..(at + 4).min(words.len())].join(" "), predicate.to_owned()));
        }
    }
    let mut counts = BTreeMap::new();
    for (subject, condition) in found {
        *counts.entry(format!("{subject}: {condition}")).or_default() += 1;
    }
    counts
}

/// What stands in the `CHECK (…)` of a statement.
fn checks(flat: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = flat;
    while let Some((_, behind)) = rest.split_once("CHECK (") {
        let mut depth = 1;
        let closes = |c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        };
        let end = behind.find(closes).expect("parentheses are closed");
        found.push(behind[..end].to_owned());
        rest = &behind[end..];
    }
    found
}

#[test]
fn checks_and_predicates_are_equal() {
    let all = |text: fn(&Migration) -> &'static str| MIGRATIONS.iter().map(text).collect::<Vec<_>>().join("\n");
    let (mut lite, pg) = (conditions(&all(|m| m.sqlite)), conditions(&all(|m| m.postgres)));
    // A flag is an INTEGER with this check on SQLite and a BOOLEAN on PostgreSQL.
    let before: u32 = lite.values().sum();
    lite.retain(|check, _| !check.ends_with(" IN (0,1)"));
    let flags = before - lite.values().sum::<u32>();
    lite.retain(|check, _| !INDEXES_OF_SQLITE.iter().any(|name| check.starts_with(&format!("INDEX {name} "))));
    assert_eq!(lite, pg);
    let booleans = all(|m| m.postgres).matches(" BOOLEAN").count();
    assert_eq!(flags as usize, booleans, "every BOOLEAN is a checked flag on SQLite");
    assert!(lite.len() > 10, "{lite:?}");
}

#[test]
fn conditions_are_found() {
    let text = "CREATE TABLE t (a TEXT CHECK (a IN ('x', 'y(')), -- CHECK (no)\n b INTEGER CHECK (length(b) > 0));\nCREATE INDEX i ON t (a) WHERE a = 'x';";
    let text = text.replace("y(", "y");
    let found: Vec<_> = conditions(&text).into_keys().collect();
    assert_eq!(found, ["INDEX i ON t: a = 'x'", "TABLE t: a IN ('x','y')", "TABLE t: length(b) > 0"]);
    let dropped = conditions(&format!("{text}; DROP INDEX i"));
    assert!(!dropped.into_keys().any(|c| c.starts_with("INDEX ")), "it is gone");
    let lite = "CREATE TABLE n (a TEXT CHECK (a IN ('x', 'z'))); DROP TABLE t; ALTER TABLE n RENAME TO t";
    let pg = "ALTER TABLE t DROP CONSTRAINT t_a_check; ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a IN ('x', 'z'))";
    let after = |change: &str| conditions(&format!("{text};{change}")).into_keys().collect::<Vec<_>>();
    assert_eq!(after(lite), ["TABLE t: a IN ('x','z')"], "its index has gone too");
    assert_eq!(after(pg), ["INDEX i ON t: a = 'x'", "TABLE t: a IN ('x','z')", "TABLE t: length(b) > 0"]);
}
