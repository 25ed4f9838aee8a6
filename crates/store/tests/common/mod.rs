//! What the tests of the store share: a small table on each engine, and a gate to form groups on purpose.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::{Arc, Condvar, Mutex};

use store::{EngineKind, Error, Options, Result, Store, WriteTx, args, row, sql, testing::TestDb};
use uuid::Uuid;

row! { pub struct Thing { pub id: Uuid, pub n: i64, pub t: String, pub b: Vec<u8>, pub f: bool, pub maybe: Option<String> } }
sql!(
    MAKE = sqlite "CREATE TABLE things (id BLOB PRIMARY KEY NOT NULL, n INTEGER NOT NULL CONSTRAINT things_n CHECK (n >= 0), t TEXT NOT NULL, b BLOB NOT NULL, f INTEGER NOT NULL CHECK (f IN (0, 1)), maybe TEXT, UNIQUE (t, n)) STRICT",
    postgres "CREATE TABLE things (id UUID PRIMARY KEY, n BIGINT NOT NULL CONSTRAINT things_n CHECK (n >= 0), t TEXT NOT NULL, b BYTEA NOT NULL, f BOOLEAN NOT NULL, maybe TEXT, UNIQUE (t, n))"
);
sql!(ADD = "INSERT INTO things (id, n, t, b, f, maybe) VALUES ($1, $2, $3, $4, $5, $6)");
sql!(BY_ID = "SELECT id, n, t, b, f, maybe FROM things WHERE id = $1", Thing);
sql!(COUNT = "SELECT COUNT(*) FROM things", i64);
sql!(SET_N = "UPDATE things SET n = $2 WHERE id = $1");
sql!(TAKE_N = "UPDATE things SET n = n - $2 WHERE id = $1");

/// A fresh database with the table `things`.
pub async fn things(engine: EngineKind, options: Options) -> TestDb {
    let db = store::testing::empty_with(engine, options).await;
    db.store.write(async |tx| tx.run(&MAKE, args![]).await).await.expect("the table is new");
    db
}

/// Adds a thing with this id and number; its text is its id.
pub async fn add(tx: &mut WriteTx, id: u128, n: i64) -> Result<()> {
    let text = id.to_string();
    tx.exactly_one(&ADD, args![Uuid::from_u128(id), n, &text, &[0u8, 159][..], true, None::<&str>]).await
}

pub async fn count(s: &Store) -> i64 {
    s.one(&COUNT, args![]).await.expect("a count always answers")
}

/// Holds a closure until it is opened.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<(bool, bool)>, Condvar)>);
impl Gate {
    pub fn open(&self) {
        self.0.0.lock().unwrap().1 = true;
        self.0.1.notify_all();
    }
    /// Blocks the thread that calls it.
    pub fn pass(&self) {
        let mut state = self.0.0.lock().unwrap();
        state.0 = true;
        self.0.1.notify_all();
        drop(self.0.1.wait_while(state, |s| !s.1).unwrap());
    }
    /// Blocks until somebody waits at the gate.
    pub fn reached(&self) {
        let state = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(state, |s| !s.0).unwrap());
    }
}

/// Occupies SQLite's writer with a write that waits at the gate: what is queued meanwhile joins its group.
pub fn occupy(s: &Store, gate: &Gate) -> tokio::task::JoinHandle<Result<()>> {
    let (store, held) = (s.clone(), gate.clone());
    let task = tokio::spawn(async move {
        store
            .write(async move |_| {
                held.pass();
                Ok::<_, Error>(())
            })
            .await
    });
    gate.reached();
    task
}

/// Waits until so many writes are queued.
pub async fn queued(s: &Store, n: u64) {
    while s.stats().queued != n {
        tokio::task::yield_now().await;
    }
}

/// Polls a future once and says whether it still waits.
pub async fn still_waits<F: Future + Unpin>(f: &mut F) -> bool {
    std::future::poll_fn(|cx| std::task::Poll::Ready(std::pin::Pin::new(&mut *f).poll(cx).is_pending())).await
}
