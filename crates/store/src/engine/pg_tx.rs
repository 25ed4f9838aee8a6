//! A transaction on PostgreSQL: BEGIN rides with the first statement, batches are pipelined.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use deadpool_postgres::Object;
use futures_util::future::{join_all, try_join_all};

use super::{
    fused::{Message, messages},
    postgres,
};
use crate::{
    error::{Error, Result, connection_lost, with_causes},
    row::FromRow,
    tx::{Batch, Waiting},
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
    /// Writes that leave with the next flight.
    pub waiting: Vec<Waiting>,
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
        PgTx {
            connection: Some(connection),
            begin,
            state: State::Unsent,
            waiting: Vec::new(),
            in_flight: Arc::default(),
        }
    }
    pub fn in_flight(&self) -> Arc<AtomicBool> {
        self.in_flight.clone()
    }
    /// Sends what `f` sends, with BEGIN before it the first time, and behind the writes that wait.
    async fn flight<T>(&mut self, f: impl AsyncFnOnce(&Object) -> Result<T>) -> Result<T> {
        let _in_flight = InFlight::raise(&self.in_flight);
        let c = self.connection.as_ref().expect("given back only by drop");
        let waiting = std::mem::take(&mut self.waiting);
        let begins = self.state == State::Unsent;
        // From here on the connection may have a transaction open.
        self.state = State::Open;
        let begin = async { if begins { c.batch_execute(self.begin).await } else { Ok(()) } };
        if waiting.is_empty() {
            let (begun, r) = tokio::join!(biased; begin, f(c));
            begun?;
            return r;
        }
        let batch = Waiting::batch(&waiting);
        let (begun, sent, r) = tokio::join!(biased; begin, send(c, messages(&batch)), f(c));
        begun?;
        // The first error in the order of sending is the cause, those behind it its consequence.
        batch.judge(&sent?)?;
        r
    }
    /// Prepares what waits, and what is to leave behind it: only prepared statements leave in their order.
    async fn prepare_behind(&self, texts: &[&str]) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let _in_flight = InFlight::raise(&self.in_flight);
        let c = self.connection.as_ref().expect("given back only by drop");
        let batch = Waiting::batch(&self.waiting);
        let first = messages(&batch);
        prepare(c, first.iter().map(|m| m.text).chain(texts.iter().copied())).await
    }
    pub async fn all<R: FromRow>(&mut self, sql: &'static str, args: &[P<'_>]) -> Result<Vec<R>> {
        self.prepare_behind(&[sql]).await?;
        self.flight(async |c| postgres::all(c, sql, args).await).await
    }
    pub async fn all_text<R: FromRow>(&mut self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
        self.prepare_behind(&[]).await?;
        self.flight(async |c| postgres::all_text(c, sql, args).await).await
    }
    /// Two reads in one flight.
    pub async fn two<A: FromRow, B: FromRow>(
        &mut self,
        a: (&'static str, &[P<'_>]),
        b: (&'static str, &[P<'_>]),
    ) -> Result<(Vec<A>, Vec<B>)> {
        let texts = [a.0, b.0];
        self.prepare_behind(&texts).await?;
        self.flight(async |o| {
            prepare(o, texts.into_iter()).await?;
            tokio::try_join!(biased; postgres::all(o, a.0, a.1), postgres::all(o, b.0, b.1))
        })
        .await
    }
    pub async fn run(&mut self, sql: &'static str, args: &[P<'_>]) -> Result<u64> {
        self.prepare_behind(&[sql]).await?;
        self.flight(async |c| postgres::run(c, sql, args).await).await
    }
    /// All statements in one flight; the numbers of rows they changed.
    pub async fn batch(&mut self, batch: &Batch<'_>) -> Result<Vec<u64>> {
        let messages = messages(batch);
        let texts: Vec<&str> = messages.iter().map(|m| m.text).collect();
        self.prepare_behind(&texts).await?;
        self.flight(async move |c| {
            prepare(c, texts.into_iter()).await?;
            send(c, messages).await
        })
        .await
    }
    /// The same with COMMIT behind them. After a failed statement COMMIT answers success although it rolled back:
    /// the results of the statements decide.
    pub async fn batch_commit(&mut self, batch: &Batch<'_>) -> Result<Vec<u64>> {
        let r = self
            .flight(async |c| {
                let messages = messages(batch);
                prepare(c, messages.iter().map(|m| m.text)).await?;
                let (sent, committed) = tokio::join!(biased; send(c, messages), c.batch_execute("COMMIT"));
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
        if self.waiting.is_empty() {
            return self.end("COMMIT").await.map_err(commit_error);
        }
        let waiting = std::mem::take(&mut self.waiting);
        let batch = Waiting::batch(&waiting);
        let certain = batch.counts_are_certain();
        let sent = if certain { self.batch_commit(&batch).await } else { self.batch(&batch).await };
        match sent.and_then(|counts| batch.judge(&counts)) {
            Ok(()) if certain => Ok(()),
            Ok(()) => self.end("COMMIT").await.map_err(commit_error),
            Err(e) => {
                if let Err(e) = self.roll_back().await {
                    tracing::debug!(error = %e, "a rollback failed; its connection is discarded");
                }
                Err(e)
            }
        }
    }
    pub async fn roll_back(&mut self) -> Result<()> {
        self.waiting.clear();
        Ok(self.end("ROLLBACK").await?)
    }
    async fn end(&mut self, sql: &'static str) -> std::result::Result<(), tokio_postgres::Error> {
        if self.state == State::Open {
            let c = self.connection.as_ref().expect("given back only by drop");
            match c.batch_execute(sql).await {
                Ok(()) => {}
                // Refused by the server, as conflicts are: that has ended the transaction, and the connection is good. Another
                // one would have to prepare and plan everything anew.
                Err(e) if sql == "COMMIT" && e.as_db_error().is_some() => {
                    self.state = State::Ended;
                    return Err(e);
                }
                Err(e) => return Err(e),
            }
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
async fn prepare<'s>(c: &Object, texts: impl Iterator<Item = &'s str>) -> Result<()> {
    let mut texts: Vec<&str> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    try_join_all(texts.iter().map(|t| c.prepare_cached(t))).await?;
    Ok(())
}

/// Messages that are prepared: they leave when this is first polled. Answers how many rows each statement changed.
async fn send(c: &Object, messages: Vec<Message<'_>>) -> Result<Vec<u64>> {
    let results = join_all(messages.iter().map(|m| postgres::run(c, m.text, &m.args))).await;
    // The first error in the order of the statements is the cause, those behind it its consequence.
    let counts: Vec<u64> = results.into_iter().collect::<Result<_>>()?;
    // Of several in one message the server tells the last one's: whose count is not certain is not among them.
    let of =
        |(m, count): (&Message<'_>, u64)| std::iter::repeat_n(if m.statements > 1 { 1 } else { count }, m.statements);
    Ok(messages.iter().zip(counts).flat_map(of).collect())
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

    /// As a conflict is. Another connection would have to prepare and plan everything anew.
    #[tokio::test]
    async fn a_commit_that_the_server_refuses_leaves_its_connection_good() {
        const LATE: &str = "CREATE TABLE parents (id BIGINT PRIMARY KEY); \
            CREATE TABLE children (id BIGINT REFERENCES parents DEFERRABLE INITIALLY DEFERRED)";
        let db = testing::empty_with(EngineKind::Postgres, Options { connections: 1, ..Options::default() }).await;
        let Engine::Postgres(pg) = db.store.engine_ref() else { unreachable!("opened on PostgreSQL") };
        pg.core.pool.get().await.unwrap().batch_execute(LATE).await.unwrap();
        let first = backend(&db.store).await;
        let mut tx = begun(&db.store).await;
        assert_eq!(tx.run("INSERT INTO children VALUES (7)", &[]).await, Ok(1));
        assert!(tx.commit().await.is_err(), "it has no parent");
        drop(tx);
        assert_eq!(backend(&db.store).await, first);
        let none: Vec<i64> = db.store.all_text("SELECT id FROM children", &[]).await.unwrap();
        assert!(none.is_empty(), "nothing was kept");
    }
}
