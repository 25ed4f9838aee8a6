//! The runner of the migrations.

use crate::{
    EngineKind, Error, Store, args,
    migrate::{MIGRATIONS, Migration},
    testing::{self, BOTH},
};

const fn step(number: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { number, name, sqlite: sql, postgres: sql }
}
static ONE: [Migration; 1] = [step(1, "0001_a", "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER)")];
static TWO: [Migration; 2] = [
    step(1, "0001_a", "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER)"),
    step(2, "0002_c", "CREATE TABLE c (x INTEGER)"),
];
static CHANGED: [Migration; 1] = [step(1, "0001_a", "CREATE TABLE a (y INTEGER PRIMARY KEY)")];
static FAILING: [Migration; 2] = [
    step(1, "0001_a", "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER)"),
    step(2, "0002_bad", "CREATE TABLE d (x INTEGER); CREATE TABLE a (x INTEGER)"),
];

async fn has_table(s: &Store, name: &str) -> bool {
    s.all_text::<i64>(&format!("SELECT COUNT(*) FROM {name}"), args![]).await.is_ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_step_is_taken_once_also_by_several_at_once() {
    for engine in BOTH {
        let db = testing::empty(engine).await;
        assert_eq!(db.store.pending_migrations().await.unwrap().len(), MIGRATIONS.len());
        let runs = (0..4).map(|_| {
            let s = db.store.clone();
            tokio::spawn(async move { s.migrate_with(&ONE).await })
        });
        let mut taken = Vec::new();
        for run in runs.collect::<Vec<_>>() {
            taken.extend(run.await.unwrap().unwrap());
        }
        assert_eq!(taken, ["0001_a"], "{engine:?}");
        assert_eq!(db.store.migrate_with(&TWO).await, Ok(vec!["0002_c"]));
        assert_eq!(db.store.migrate_with(&TWO).await, Ok(vec![]));
    }
}

#[tokio::test]
async fn a_changed_step_and_a_newer_database_are_refused() {
    for engine in BOTH {
        let db = testing::empty(engine).await;
        db.store.migrate_with(&TWO).await.unwrap();
        let newer = Error::Broken("the database is newer than this program: it has 0002_c".into());
        assert_eq!(db.store.migrate_with(&ONE).await, Err(newer), "{engine:?}");
        let db = testing::empty(engine).await;
        db.store.migrate_with(&ONE).await.unwrap();
        let changed = Error::Broken("migration 0001_a was changed after it was applied".into());
        assert_eq!(db.store.migrate_with(&CHANGED).await, Err(changed.clone()), "{engine:?}");
        assert!(db.store.pending_migrations().await.is_err());
    }
}

#[tokio::test]
async fn a_step_that_fails_leaves_nothing_behind() {
    for engine in BOTH {
        let db = testing::empty(engine).await;
        let failed = db.store.migrate_with(&FAILING).await;
        assert!(matches!(failed, Err(Error::Broken(text)) if text.starts_with("migration 0002_bad: ")), "{engine:?}");
        assert!(has_table(&db.store, "b").await, "the step before it stays");
        assert!(!has_table(&db.store, "d").await, "{engine:?}");
    }
}

#[tokio::test]
async fn a_step_that_breaks_a_reference_is_refused() {
    static BREAKS: [Migration; 2] = [
        step(
            1,
            "0001_p",
            "CREATE TABLE p (x INTEGER PRIMARY KEY); CREATE TABLE q (x INTEGER REFERENCES p (x)); INSERT INTO p VALUES (1); INSERT INTO q VALUES (1)",
        ),
        step(2, "0002_lose", "DELETE FROM p"),
    ];
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let db = testing::empty(engine).await;
        assert!(db.store.migrate_with(&BREAKS).await.is_err(), "{engine:?}");
        assert_eq!(db.store.all_text::<i64>("SELECT COUNT(*) FROM p", args![]).await, Ok(vec![1]), "{engine:?}");
    }
}
