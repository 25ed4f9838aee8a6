//! The single writer of SQLite: groups, lanes, deadlines, and what a file system can do to it.

mod common;
use std::{
    os::unix::fs::PermissionsExt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use common::*;
use store::{EngineKind, Error, Options, Store, args, sql};

const SQLITE: EngineKind = EngineKind::Sqlite;

sql!(FILL = "UPDATE things SET t = $1");

fn busy<T: std::fmt::Debug>(r: store::Result<T>) -> bool {
    matches!(r, Err(Error::Busy { retry_after_ms: 1.. }))
}

/// Without these flags every read takes a lock of the whole process, and a state that is rare may lead a plan.
#[tokio::test]
async fn the_bundled_sqlite_is_built_as_configured() {
    let db = things(SQLITE, Options::default()).await;
    let options: Vec<String> = db.store.all_text("PRAGMA compile_options", &[]).await.unwrap();
    assert!(options.contains(&"DEFAULT_MEMSTATUS=0".to_owned()), "{options:?}");
    for left_out in ["ENABLE_MEMORY_MANAGEMENT", "ENABLE_STAT4"] {
        assert!(!options.contains(&left_out.to_owned()), "{options:?}");
    }
    let one = async |pragma: &str| db.store.all_text::<i64>(&format!("PRAGMA {pragma}"), &[]).await.unwrap();
    assert_eq!(
        (one("synchronous").await, one("foreign_keys").await, one("query_only").await),
        (vec![2], vec![1], vec![1])
    );
    assert_eq!(db.store.all_text::<String>("PRAGMA journal_mode", &[]).await, Ok(vec!["wal".to_owned()]));
}

#[tokio::test]
async fn the_files_have_the_configured_rights() {
    for mode in [0o600, 0o660] {
        let db = things(SQLITE, Options { file_mode: mode, ..Options::default() }).await;
        for file in ["test.db", "test.db-wal", "test.db-shm"] {
            let found = std::fs::metadata(db.folder().unwrap().join(file)).unwrap().permissions().mode();
            assert_eq!(found & 0o777, mode, "{file}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_shares_one_commit_and_refusals_undo_themselves_alone() {
    let db = things(SQLITE, Options::default()).await;
    let s = &db.store;
    let (gate, before) = (Gate::default(), s.stats());
    let first = occupy(s, &gate);
    let mut writes = Vec::new();
    for i in 0..100u128 {
        let s2 = s.clone();
        writes.push(tokio::spawn(async move {
            s2.write(async move |tx| {
                if i % 10 == 1 {
                    return Err(Error::Check("before any write".into()));
                }
                add(tx, i, 1).await?;
                if i == 50 { Err(Error::Check("after a write".into())) } else { Ok(()) }
            })
            .await
        }));
        // One behind the other: where the spoiling write stands decides how the groups are cut.
        queued(s, i as u64 + 1).await;
    }
    gate.open();
    first.await.unwrap().unwrap();
    for (i, w) in writes.into_iter().enumerate() {
        let refused = i % 10 == 1 || i == 50;
        assert_eq!(w.await.unwrap().is_err(), refused, "{i}");
    }
    let after = s.stats();
    assert_eq!(after.groups - before.groups, 2, "up to the one that spoils, and the rest");
    assert_eq!(after.writes - before.writes, 101);
    assert_eq!(after.spoiled - before.spoiled, 1, "only a refusal after a write spoils its group");
    assert_eq!(count(s).await, 89);
}

/// Disk full and I/O errors roll the whole transaction back by themselves: nobody's work is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_disk_is_full_all_of_the_group_are_told() {
    let db = things(SQLITE, Options { max_pages: Some(40), ..Options::default() }).await;
    let s = &db.store;
    s.write(async |tx| add(tx, 1, 1).await).await.unwrap();
    let gate = Gate::default();
    let first = occupy(s, &gate);
    let writes = (2..8u128).map(|i| {
        let s = s.clone();
        tokio::spawn(async move {
            s.write(async move |tx| {
                if i == 7 {
                    let much = "x".repeat(200_000);
                    tx.run(&FILL, args![&much]).await?;
                }
                add(tx, i, 1).await
            })
            .await
        })
    });
    let mut answers = Vec::new();
    let writes: Vec<_> = writes.collect();
    queued(s, 6).await;
    gate.open();
    first.await.unwrap().unwrap_or_else(|e| answers.push(Err(e)));
    for w in writes {
        answers.push(w.await.unwrap());
    }
    let full = answers.iter().filter(|a| **a == Err(Error::Full)).count();
    let kept = answers.iter().filter(|a| a.is_ok()).count() as i64;
    assert!(full >= 1, "{answers:?}");
    assert_eq!(count(s).await, 1 + kept, "exactly those are kept that were told so: {answers:?}");
    s.write(async |tx| add(tx, 99, 1).await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_holding_the_database_is_waited_for_until_the_deadline() {
    let db = things(SQLITE, Options { queue_deadline_ms: 250, ..Options::default() }).await;
    let other = rusqlite::Connection::open(db.folder().unwrap().join("test.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let held = db.store.write(async |tx| add(tx, 1, 1).await).await;
    assert!(busy(held));
    assert_eq!(count(&db.store).await, 0, "reads never wait for it");
    let patient = Store::open(&db.url, Options { queue_deadline_ms: 60_000, ..Options::default() }).await.unwrap();
    let waits = tokio::spawn(async move { patient.write(async |tx| add(tx, 2, 1).await).await });
    tokio::task::yield_now().await;
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(waits.await.unwrap(), Ok(()));
}

/// As after a kill: another process has the file for itself while it reads or folds the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_waits_for_another_process_that_has_the_file_for_itself() {
    let db = things(SQLITE, Options::default()).await;
    db.store.close().await;
    let path = db.folder().unwrap().join("test.db");
    let (taken, is_taken) = std::sync::mpsc::channel();
    let other = std::thread::spawn(move || {
        let other = rusqlite::Connection::open(path).unwrap();
        other.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        other.execute_batch("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
        taken.send(()).unwrap();
        // tidy: allow(sleep) longer than the writer waits for anybody later on
        std::thread::sleep(std::time::Duration::from_millis(400));
        other.execute_batch("COMMIT").unwrap();
    });
    is_taken.recv().unwrap();
    let store = Store::open(&db.url, Options::default()).await.unwrap();
    store.write(async |tx| add(tx, 1, 1).await).await.unwrap();
    other.join().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_and_a_passed_deadline_are_busy() {
    let db = things(SQLITE, Options { queue_length: 2, queue_deadline_ms: 200, ..Options::default() }).await;
    let s = &db.store;
    let gate = Gate::default();
    let first = occupy(s, &gate);
    let wait = |i: u128| {
        let s = s.clone();
        tokio::spawn(async move { s.write(async move |tx| add(tx, i, 1).await).await })
    };
    let queued_writes = [wait(1), wait(2)];
    queued(s, 2).await;
    assert!(busy(wait(3).await.unwrap()), "no room within the deadline");
    // By now the deadline of the two that wait has passed as well: they are refused, not run.
    gate.open();
    first.await.unwrap().unwrap();
    for w in queued_writes {
        assert!(busy(w.await.unwrap()));
    }
    assert_eq!((count(s).await, s.stats().refused_busy), (0, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bulk_writes_let_others_pass_but_are_not_starved() {
    let db = things(SQLITE, Options { group_limit: 1, ..Options::default() }).await;
    let s = &db.store;
    let gate = Gate::default();
    let first = occupy(s, &gate);
    let order = Arc::new(Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let order = order.clone();
        async move |_: &mut store::WriteTx| {
            order.lock().unwrap().push(name);
            Ok::<_, Error>(())
        }
    };
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let (s, f) = (s.clone(), note("bulk"));
        tasks.push(tokio::spawn(async move { s.write_bulk(f).await }));
    }
    queued(s, 2).await;
    for _ in 0..100 {
        let (s, f) = (s.clone(), note("normal"));
        tasks.push(tokio::spawn(async move { s.write(f).await }));
    }
    queued(s, 102).await;
    gate.open();
    first.await.unwrap().unwrap();
    for t in tasks {
        t.await.unwrap().unwrap();
    }
    let order = order.lock().unwrap();
    let places: Vec<_> = order.iter().enumerate().filter(|(_, n)| **n == "bulk").map(|(i, _)| i).collect();
    assert_eq!(order.len(), 102);
    assert!(places[0] >= 20, "normal writes go first: {places:?}");
    assert!(places[1] < 80, "a bulk write gets its turn: {places:?}");
}

/// A night in a process of its own writes page after page: whoever else waits for the file gets in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_leave_other_processes_a_moment() {
    let db = things(SQLITE, Options::default()).await;
    let url = format!("sqlite:{}", db.folder().unwrap().join("test.db").display());
    let other = Store::open(&url.parse().unwrap(), Options::default()).await.unwrap();
    let (pages, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let night = {
        let (s, pages, over) = (db.store.clone(), pages.clone(), over.clone());
        tokio::spawn(async move {
            while !over.load(Relaxed) {
                let page = s.write_bulk(async |_| {
                    // tidy: allow(sleep) a page holds the file
                    std::thread::sleep(std::time::Duration::from_millis(150));
                    Ok::<_, Error>(())
                });
                page.await.unwrap();
                pages.fetch_add(1, Relaxed);
            }
        })
    };
    for i in 1..=10 {
        other.write(async move |tx| add(tx, i, 1).await).await.unwrap();
    }
    over.store(true, Relaxed);
    night.await.unwrap();
    assert_eq!(count(&db.store).await, 10);
    assert!(pages.load(Relaxed) <= 30, "{pages:?} pages went before ten small writes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_shows_one_snapshot_and_never_waits_for_the_writer() {
    let db = things(SQLITE, Options::default()).await;
    let s = &db.store;
    s.write(async |tx| add(tx, 1, 1).await).await.unwrap();
    let other = rusqlite::Connection::open(db.folder().unwrap().join("test.db")).unwrap();
    let other = Mutex::new(other);
    let counts = s.read(async move |tx| {
        let before = tx.one(&COUNT, args![]).await?;
        other.lock().unwrap().execute_batch("DELETE FROM things").unwrap();
        Ok::<_, Error>((before, tx.one(&COUNT, args![]).await?))
    });
    assert_eq!(counts.await, Ok((1, 1)));
    assert_eq!(count(s).await, 0);
    let gate = Gate::default();
    let first = occupy(s, &gate);
    assert_eq!(count(s).await, 0, "the writer is busy, the read is not");
    gate.open();
    first.await.unwrap().unwrap();
}

/// The log starts again although writes never pause: the checkpointer asks the writer for a pass of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_does_not_grow_for_ever() {
    let db = things(SQLITE, Options { checkpoint_ms: 1, ..Options::default() }).await;
    let text = "x".repeat(400_000);
    db.store.write(async |tx| add(tx, 1, 1).await).await.unwrap();
    let mut longest = 0;
    for _ in 0..400 {
        let text = text.clone();
        db.store.write(async move |tx| tx.run(&FILL, args![&text]).await).await.unwrap();
        longest = std::fs::metadata(db.folder().unwrap().join("test.db-wal")).unwrap().len().max(longest);
    }
    assert!(db.store.stats().checkpoints > 0);
    // 160 MB were written; without a new start the log would hold all of it up to its net of 512 MiB.
    assert!(longest < 100 << 20, "{longest}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error() {
    let url = "sqlite:/nonexistent/folder/x.db".parse().unwrap();
    let opened = Store::open(&url, Options::default()).await;
    assert!(matches!(opened, Err(Error::Broken(text)) if text.contains("/nonexistent/folder/x.db")));
}
