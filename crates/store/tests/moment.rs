//! Reads of one poll share a snapshot on SQLite, and nothing longer does.

mod common;
use std::{future::poll_fn, task::Poll};

use common::*;
use rusqlite::Connection;
use store::{EngineKind, Options, args, in_one_moment, testing::TestDb};

async fn database() -> (TestDb, Connection) {
    let db = things(EngineKind::Sqlite, Options::default()).await;
    let other = Connection::open(db.folder().unwrap().join("test.db")).unwrap();
    (db, other)
}
/// Somebody else's write, committed before this returns.
fn elsewhere(other: &Connection, id: i64) {
    let text = "INSERT INTO things (id, n, t, b, f) VALUES (CAST(?1 AS BLOB), 1, ?1, x'', 1)";
    other.execute(text, [id.to_string()]).unwrap();
}
fn log_can_start_again(other: &Connection) -> bool {
    other.query_row("PRAGMA wal_checkpoint(RESTART)", [], |r| r.get::<_, i64>(0)).unwrap() == 0
}

#[tokio::test]
async fn what_is_read_without_waiting_is_of_one_moment() {
    let (db, other) = database().await;
    let s = &db.store;
    let seen = in_one_moment(async {
        let first = count(s).await;
        elsewhere(&other, 1);
        let again = count(s).await;
        let several = s.read(async |tx| store::Query::one(tx, &COUNT, args![]).await).await;
        (first, again, several)
    });
    assert_eq!(seen.await, (0, 0, Ok(0)));
    assert_eq!(count(s).await, 1);
    assert!(log_can_start_again(&other), "nothing is held behind it");
}

#[tokio::test]
async fn whoever_waits_reads_anew() {
    let (db, other) = database().await;
    let s = &db.store;
    in_one_moment(async {
        assert_eq!(count(s).await, 0);
        elsewhere(&other, 1);
        tokio::task::yield_now().await;
        assert_eq!(count(s).await, 1);
    })
    .await;
}

/// Also when the answer is there without a wait: it is looked for until it has come.
#[tokio::test]
async fn whoever_writes_reads_what_he_wrote() {
    let (db, _) = database().await;
    let s = &db.store;
    in_one_moment(async {
        assert_eq!(count(s).await, 0);
        let mut writing = Box::pin(tokio::task::unconstrained(s.write(async |tx| add(tx, 1, 1).await)));
        let written = loop {
            match poll_fn(|cx| Poll::Ready(writing.as_mut().poll(cx))).await {
                Poll::Ready(written) => break written,
                Poll::Pending => std::thread::yield_now(),
            }
        };
        assert_eq!(written, Ok(()));
        assert_eq!(count(s).await, 1);
    })
    .await;
}

#[tokio::test]
async fn one_inside_another_ends_with_the_outer_one() {
    let (db, other) = database().await;
    let s = &db.store;
    in_one_moment(async {
        assert_eq!(in_one_moment(count(s)).await, 0);
        elsewhere(&other, 1);
        assert_eq!(in_one_moment(count(s)).await, 0);
    })
    .await;
    assert_eq!(count(s).await, 1);
}

#[tokio::test]
async fn a_panic_holds_nothing() {
    let (db, other) = database().await;
    let s = db.store.clone();
    let panicked = tokio::spawn(async move {
        in_one_moment(async {
            count(&s).await;
            panic!("in the midst of a page");
        })
        .await
    });
    assert!(panicked.await.is_err());
    elsewhere(&other, 1);
    assert_eq!(count(&db.store).await, 1);
    assert!(log_can_start_again(&other));
}
