//! A transaction on PostgreSQL: BEGIN rides with the first statement, batches are pipelined.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use deadpool_postgres::Object;
use futures_util::future::{join_all, try_join_all};

use super::postgres;
use crate::{
    error::{Error, Result, connection_lost, with_causes},
    row::FromRow,
    tx::Batch,
    value::P,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// BEGIN was not sent yet.
    Unsent,
    Open,
    /// Committed or rolled back, and the server said so.
    Ended,
}

pub(crate) struct PgTx {
    connection: Option<Object>,
    begin: &'static str,
    state: State,
    /// Whether a statement of this transaction is on its way: a closure that waits while none is waits for
    /// something foreign.
    in_flight: Arc<AtomicBool>,
}

/// Lowers the flag also when the future is dropped half way.
struct InFlight(Arc<AtomicBool>);
impl InFlight {
    fn raise(flag: &Arc<AtomicBool>) -> InFlight {
        flag.store(true, Relaxed);
        InFlight(flag.clone())
    }
}
impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}

impl PgTx {
    pub fn new(connection: Object, begin: &'static str) -> PgTx {
        PgTx { connection: Some(connection), begin, state: State::Unsent, in_flight: Arc::default() }
    }
    pub fn in_flight(&self) -> Arc<AtomicBool> {
        self.in_flight.clone()
    }
    /// Sends what `f` sends, with BEGIN before it the first time.
    async fn flight<T>(&mut self, f: impl AsyncFnOnce(&Object) -> Result<T>) -> Result<T> {
        let _in_flight = InFlight::raise(&self.in_flight);
        let c = self.connection.as_ref().expect("given back only by drop");
        if self.state != State::Unsent {
            return f(c).await;
        }
        // From here on the connection may have a transaction open.
        self.state = State::Open;
        let (begun, r) = tokio::join!(biased; c.batch_execute(self.begin), f(c));
        begun?;
        r
    }
    pub async fn all<R: FromRow>(&mut self, sql: &'static str, args: &[P<'_>]) -> Result<Vec<R>> {
        self.flight(async |c| postgres::all(c, sql, args).await).await
    }
    pub async fn all_text<R: FromRow>(&mut self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
        self.flight(async |c| postgres::all_text(c, sql, args).await).await
    }
    pub async fn run(&mut self, sql: &'static str, args: &[P<'_>]) -> Result<u64> {
        self.flight(async |c| postgres::run(c, sql, args).await).await
    }
    /// All statements in one flight; the numbers of rows they changed.
    pub async fn batch(&mut self, batch: &Batch<'_>) -> Result<Vec<u64>> {
        self.flight(async |c| send(c, batch).await).await
    }
    /// The same with COMMIT behind them. After a failed statement COMMIT answers success although it rolled back:
    /// the results of the statements decide.
    pub async fn batch_commit(&mut self, batch: &Batch<'_>) -> Result<Vec<u64>> {
        let r = self
            .flight(async |c| {
                prepare(c, batch).await?;
                let (sent, committed) = tokio::join!(biased; send(c, batch), c.batch_execute("COMMIT"));
                Ok((sent, committed))
            })
            .await?;
        match r {
            // A statement that was lost may have been lost behind COMMIT as well as before it.
            (_, Err(e)) => Err(commit_error(e)),
            (sent, Ok(())) => {
                self.state = State::Ended;
                sent
            }
        }
    }
    pub async fn commit(&mut self) -> Result<()> {
        self.end("COMMIT").await.map_err(commit_error)
    }
    pub async fn roll_back(&mut self) -> Result<()> {
        Ok(self.end("ROLLBACK").await?)
    }
    async fn end(&mut self, sql: &'static str) -> std::result::Result<(), tokio_postgres::Error> {
        if self.state == State::Open {
            let c = self.connection.as_ref().expect("given back only by drop");
            // A refused COMMIT leaves the transaction as well, but a connection in doubt is not worth keeping.
            c.batch_execute(sql).await?;
        }
        self.state = State::Ended;
        Ok(())
    }
}

impl Drop for PgTx {
    fn drop(&mut self) {
        // The pool would give it to the next caller with the transaction still open.
        if self.state == State::Open
            && let Some(c) = self.connection.take()
        {
            drop(Object::take(c));
        }
    }
}

/// A connection that is lost while COMMIT is under way leaves the outcome unknown: never a reason to run again.
fn commit_error(e: tokio_postgres::Error) -> Error {
    if connection_lost(&e) {
        return Error::Broken(format!("the connection was lost during COMMIT: {}", with_causes(&e)));
    }
    e.into()
}

/// Prepares what is not prepared yet, so that the statements then leave in their order.
async fn prepare(c: &Object, batch: &Batch<'_>) -> Result<()> {
    let mut texts: Vec<&str> = batch.items.iter().map(|i| i.statement.postgres).collect();
    texts.sort_unstable();
    texts.dedup();
    try_join_all(texts.iter().map(|t| c.prepare_cached(t))).await?;
    Ok(())
}

async fn send(c: &Object, batch: &Batch<'_>) -> Result<Vec<u64>> {
    prepare(c, batch).await?;
    let results = join_all(batch.items.iter().map(|i| postgres::run(c, i.statement.postgres, &i.args))).await;
    // The first error in the order of the statements is the cause, those behind it its consequence.
    results.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EngineKind, Options, Store, engine::postgres::BEGIN_WRITE, store::Engine, testing};

    const ONE: &str = "SELECT CAST(1 AS BIGINT)";

    async fn backend(s: &Store) -> Vec<i64> {
        s.all_text("SELECT CAST(pg_backend_pid() AS BIGINT)", &[]).await.unwrap()
    }
    async fn begun(s: &Store) -> PgTx {
        let Engine::Postgres(pg) = s.engine_ref() else { unreachable!("opened on PostgreSQL") };
        let mut tx = PgTx::new(pg.core.pool.get().await.unwrap(), BEGIN_WRITE);
        assert_eq!(tx.all_text::<i64>(ONE, &[]).await, Ok(vec![1]));
        tx
    }

    /// The pool of one connection would hand it out with the transaction still open.
    #[tokio::test]
    async fn a_transaction_that_is_dropped_open_takes_its_connection_along() {
        let db = testing::empty_with(EngineKind::Postgres, Options { connections: 1, ..Options::default() }).await;
        let s = &db.store;
        let first = backend(s).await;
        drop(begun(s).await);
        let second = backend(s).await;
        assert_ne!(first, second);
        let mut half_way = begun(s).await;
        {
            let mut statement = Box::pin(half_way.all_text::<i64>("SELECT CAST(1 AS BIGINT) FROM pg_sleep(20)", &[]));
            let waker = std::task::Waker::noop();
            assert!(statement.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
        }
        assert!(!half_way.in_flight().load(Relaxed), "a dropped statement is not in flight");
        drop(half_way);
        let third = backend(s).await;
        assert_ne!(second, third);
        let mut ended = begun(s).await;
        ended.commit().await.unwrap();
        drop(ended);
        assert_eq!(backend(s).await, third, "one that was committed gives it back");
    }
}
