//! Every statement is prepared on both engines, and its columns are compared with the type that reads them.

use std::fmt::Write;

use tokio_postgres::types::Type;

use crate::{
    EngineKind, Kind, Statement,
    engine::sqlite::{self, Role},
    statements,
    testing::{self, postgres_address},
};

fn kind_of(t: &Type) -> Option<Kind> {
    Some(match *t {
        Type::INT8 => Kind::Int,
        Type::TEXT => Kind::Text,
        Type::BYTEA => Kind::Bytes,
        Type::UUID => Kind::Uuid,
        Type::BOOL => Kind::Flag,
        _ => return None,
    })
}

fn names_differ(st: &Statement, names: &[String]) -> Option<String> {
    let expected = st.columns.unwrap_or_default();
    let same = expected.len() == names.len()
        && expected.iter().zip(names).all(|(c, n)| c.name.is_empty() || c.name == n || c.name == format!("r#{n}"));
    let wanted: Vec<_> = expected.iter().map(|c| c.name).collect();
    if st.columns.is_none() || same { None } else { Some(format!("columns {names:?}, the row has {wanted:?}")) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_is_valid_on_sqlite() {
    let db = testing::fresh(EngineKind::Sqlite).await;
    let path = db.folder().unwrap().join("test.db");
    let c = sqlite::open(&path, &crate::Options::default(), Role::Reader).unwrap();
    let mut wrong = String::new();
    let mut count = 0;
    for st in statements() {
        count += 1;
        match c.prepare(st.sqlite) {
            Err(e) => writeln!(wrong, "{st:?}: {e}").unwrap(),
            Ok(p) => {
                let names: Vec<String> = p.column_names().map(str::to_owned).collect();
                names_differ(st, &names).inspect(|d| writeln!(wrong, "{st:?}: {d}").unwrap());
                let numbered = (1..=p.parameter_count()).all(|i| p.parameter_name(i) == Some(&format!("${i}")));
                if st.in_order != numbered {
                    writeln!(wrong, "{st:?}: values in order {}, to SQLite {numbered}", st.in_order).unwrap();
                }
            }
        }
    }
    println!("{count} statements");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_is_valid_on_postgres() {
    let db = testing::fresh(EngineKind::Postgres).await;
    let name = db.url.to_string();
    let address = postgres_address(name.rsplit('/').next().unwrap());
    let (c, driver) = tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(driver);
    // A view does not tell whether its columns may be NULL.
    let nullable = "SELECT NOT a.attnotnull AND t.relkind = 'r' FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid \
        WHERE a.attrelid = $1 AND a.attnum = $2";
    let mut wrong = String::new();
    for st in statements() {
        let prepared = match c.prepare(st.postgres).await {
            Ok(p) => p,
            Err(e) => {
                writeln!(wrong, "{st:?}: {}", crate::Error::from(e)).unwrap();
                continue;
            }
        };
        for (i, t) in prepared.params().iter().enumerate() {
            if kind_of(t).is_none() {
                writeln!(wrong, "{st:?}: ${} is {t}, which no value can be: CAST it", i + 1).unwrap();
            }
        }
        let names: Vec<String> = prepared.columns().iter().map(|c| c.name().to_owned()).collect();
        names_differ(st, &names).inspect(|d| writeln!(wrong, "{st:?}: {d}").unwrap());
        for (found, expected) in prepared.columns().iter().zip(st.columns.unwrap_or_default()) {
            if kind_of(found.type_()) != Some(expected.kind) {
                writeln!(wrong, "{st:?}: {} is {}, read as {:?}", found.name(), found.type_(), expected.kind).unwrap();
            }
            let (Some(table), Some(column)) = (found.table_oid(), found.column_id()) else { continue };
            let may_be_null: bool = c.query_one(nullable, &[&table, &column]).await.unwrap().get(0);
            let asked_for = st.postgres.contains(&format!("{} IS NOT NULL", found.name()));
            if may_be_null && !expected.nullable && !asked_for {
                writeln!(wrong, "{st:?}: {} may be NULL, but is not read as an Option", found.name()).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Tables that stay small: what a provider sells, decides and publishes, and its staff.
const SMALL: [&str; 11] = [
    "agreements",
    "counters",
    "dated_offers",
    "legal_texts",
    "mail_domains",
    "mail_probes",
    "nights",
    "operators",
    "price_lists",
    "prices",
    "products",
];
/// Statements that may go along all rows of another one, and why.
const WHOLE: [(&str, &str); 6] = [
    ("store::catalogue_office::ADDON_IMPACT", "an operator is told how many a price would meet"),
    ("store::terminations::CHARGED", "one of the checks of the whole"),
    ("store::effects::COUNTS", "along the indexes of what waits, and not of what is done"),
    ("store::withdrawals::OVERDUE", "one of the checks of the whole"),
    ("store::price_lists::TAKE_BACK_PRICE", "the key of a line of an order: an index of it would cost every sale"),
    ("store::terminations::UNFLAGGED", "one of the checks of the whole"),
];

/// The table that a plan's step names, by itself or by another name.
fn table_of<'a>(text: &str, name: &str, tables: &'a [String]) -> Option<&'a String> {
    let words: Vec<&str> = text.split([' ', ',', '(', ')', '\n']).filter(|w| !w.is_empty()).collect();
    let called = |t: &str| words.windows(2).any(|w| w == [t, name]) || words.windows(3).any(|w| w == [t, "AS", name]);
    tables.iter().find(|t| *t == name).or_else(|| tables.iter().find(|t| called(t)))
}

#[tokio::test]
async fn no_statement_goes_along_a_table_that_grows() {
    let db = testing::fresh(EngineKind::Sqlite).await;
    let c = sqlite::open(&db.folder().unwrap().join("test.db"), &crate::Options::default(), Role::Reader).unwrap();
    let tables = c.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let tables: Vec<String> = { tables }.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let mut wrong = String::new();
    for st in statements() {
        // Proofs of the books and of what holds between tables read everything, on purpose.
        let name = format!("{}::{}", st.module, st.name);
        let proof = ["books", "checks"].iter().any(|m| st.module.ends_with(m));
        if proof || WHOLE.iter().any(|(whole, _)| *whole == name) {
            continue;
        }
        let mut plan = c.prepare(&format!("EXPLAIN QUERY PLAN {}", st.sqlite)).unwrap();
        let steps: Vec<String> = plan.raw_query().mapped(|r| r.get(3)).collect::<Result<_, _>>().unwrap();
        for step in steps {
            let Some(seen) = step.strip_prefix("SCAN ").and_then(|s| s.split(' ').next()) else { continue };
            // In the order of an index, as far as the limit. And what points at a new row is looked for only when it
            // was written before it.
            let in_order = step.contains(" INDEX ") && st.sqlite.contains(" LIMIT ");
            if in_order || st.sqlite.starts_with("INSERT INTO") && !st.sqlite.contains(&format!("FROM {seen}")) {
                continue;
            }
            let Some(table) = table_of(st.sqlite, seen, &tables) else { continue };
            if !SMALL.contains(&table.as_str()) {
                writeln!(wrong, "{name}: {step} ({table})").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Only `sql!` makes statements, and it registers each one: one made by hand would not be tested.
#[test]
fn every_statement_is_registered() {
    let mut by_hand = String::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("sql.rs") && !path.ends_with("statements_test.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let made =
                    |l: &&str| l.contains("PhantomData") || l.contains("Sql {") || l.contains("crate::Statement {");
                text.lines().filter(made).for_each(|l| writeln!(by_hand, "{}: {l}", path.display()).unwrap());
            }
        }
    }
    assert!(by_hand.is_empty(), "\n{by_hand}");
    assert!(statements().count() > 300);
}
