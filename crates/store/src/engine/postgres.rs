//! PostgreSQL: the pool, statements outside transactions, and transactions with their re-runs.

use std::{
    future::{Future, poll_fn},
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::Poll,
    time::Duration,
};

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, QueueMode, RecyclingMethod, Runtime};
use futures_util::{FutureExt, TryStreamExt};
use tokio::sync::Semaphore;

use super::{
    job::{foreign_await, panicked},
    pg_tx::PgTx,
    tls,
    turns::Turns,
};
use crate::{
    error::{Error, Result},
    fuse::Fuse,
    options::Options,
    row::{FromRow, Row},
    stats::{Counters, add},
    tx::{Side, Tx},
    url::DatabaseUrl,
    value::P,
};

pub(crate) const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
/// The same, but COMMIT does not wait for the disk: others see it at once. Whoever begins so calls [`Postgres::keep`]
/// before he answers.
pub(crate) const BEGIN_KEPT_LATER: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL synchronous_commit TO off";
/// Locks of rows decide; what is read is no part of anybody's serial order.
pub(crate) const BEGIN_LEASE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

pub(crate) struct Postgres {
    pub pool: Pool,
    pub counters: Arc<Counters>,
    /// Bulk writes take a small part of the connections.
    pub bulk: Semaphore,
    /// At rows that very many change.
    pub turns: Turns,
    reruns: u32,
    fuse: Fuse,
}

impl Postgres {
    pub fn new(url: &DatabaseUrl, options: &Options, counters: Arc<Counters>) -> Result<Postgres> {
        let DatabaseUrl::Postgres { address, tls, root_cert } = url else {
            return Err(Error::Broken("not an address of PostgreSQL".into()));
        };
        let mut config: tokio_postgres::Config = address.parse()?;
        if config.get_application_name().is_none() {
            config.application_name("ceralacca");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_millis(options.connection_wait_ms));
        }
        let recycling_method = RecyclingMethod::Fast;
        let manager_config = ManagerConfig { recycling_method };
        config.ssl_mode(tls::mode(*tls));
        let manager = match tls::connector(*tls, root_cert.as_deref())? {
            Some(tls) => Manager::from_config(config, tls, manager_config),
            None => Manager::from_config(config, tokio_postgres::NoTls, manager_config),
        };
        let wait = Some(Duration::from_millis(options.connection_wait_ms));
        let limits = format!(
            "SET statement_timeout = {ms}; SET idle_in_transaction_session_timeout = {ms}; \
             SET client_min_messages = warning",
            ms = options.statement_timeout_ms
        );
        let set_limits = Hook::async_fn(move |c: &mut deadpool_postgres::ClientWrapper, _| {
            let limits = limits.clone();
            Box::pin(async move { c.batch_execute(&limits).await.map_err(HookError::Backend) })
        });
        let pool = Pool::builder(manager)
            .max_size(options.connections.max(1))
            .wait_timeout(wait)
            .create_timeout(wait)
            .runtime(Runtime::Tokio1)
            // The one that was just at work has its plans, and its memory in the processor's cache.
            .queue_mode(QueueMode::Lifo)
            .post_create(set_limits)
            .build()
            .map_err(Error::broken)?;
        let bulk = Semaphore::new((options.connections / 4).max(1));
        Ok(Postgres {
            pool,
            counters,
            bulk,
            turns: Turns::default(),
            reruns: options.reruns,
            fuse: options.fuse.clone(),
        })
    }

    /// One read by itself, tried again as long as its connection turns out to be gone: after a restart of the server
    /// every connection of the pool is. (No closure inside: its future would not be Send for callers.)
    pub async fn all<R: FromRow>(&self, sql: &'static str, args: &[P<'_>]) -> Result<Vec<R>> {
        for _ in 0..self.pool.status().max_size {
            let c = self.pool.get().await?;
            match all(&c, sql, args).await {
                // Not given back to the pool, which may not know yet.
                Err(Error::Conflict) => drop(Object::take(c)),
                r => return r,
            }
        }
        all(&self.pool.get().await?, sql, args).await
    }
    /// The same with a text made at run time.
    pub async fn all_text<R: FromRow>(&self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
        for _ in 0..self.pool.status().max_size {
            let c = self.pool.get().await?;
            match all_text(&c, sql, args).await {
                Err(Error::Conflict) => drop(Object::take(c)),
                r => return r,
            }
        }
        all_text(&self.pool.get().await?, sql, args).await
    }

    /// Waits until everything that was committed before is on the disk, as far as the server is configured to wait for
    /// it: a commit with something to write flushes all that the log holds before it.
    pub async fn keep(&self) -> Result<()> {
        const NOTHING: &str =
            "SELECT CAST(1 AS BIGINT) FROM pg_logical_emit_message(TRUE, 'ceralacca', CAST('' AS TEXT))";
        match self.all::<i64>(NOTHING, &[]).await {
            Ok(_) => Ok(()),
            // Committed, and perhaps lost with the server: never a reason to run again.
            Err(e) => Err(Error::Broken(format!("not known whether a write is kept: {e}"))),
        }
    }

    /// One transaction, run again after each conflict, with a growing pause.
    pub async fn transact<X, T, E, F>(&self, begin: &'static str, closure: &F) -> std::result::Result<T, E>
    where
        X: From<Tx> + AsMut<Tx>,
        E: From<Error>,
        F: AsyncFn(&mut X) -> std::result::Result<T, E>,
    {
        let mut reruns = 0;
        loop {
            let connection = self.pool.get().await.map_err(|e| E::from(e.into()))?;
            let (result, conflict) =
                once(Tx::new(Side::Pg(PgTx::new(connection, begin)), self.fuse.clone()), closure).await;
            if !conflict || reruns == self.reruns {
                return result;
            }
            reruns += 1;
            add(&self.counters.reruns, 1);
            tokio::time::sleep(pause(reruns)).await;
        }
    }
}

/// One try; whether it failed by a conflict stands beside the result.
async fn once<X, T, E, F>(tx: Tx, closure: &F) -> (std::result::Result<T, E>, bool)
where
    X: From<Tx> + AsMut<Tx>,
    E: From<Error>,
    F: AsyncFn(&mut X) -> std::result::Result<T, E>,
{
    let Side::Pg(pg) = &tx.side else { unreachable!("only PostgreSQL comes here") };
    let in_flight = pg.in_flight();
    let mut tx = X::from(tx);
    let ran = AssertUnwindSafe(own_statements_only(closure(&mut tx), &in_flight)).catch_unwind().await;
    let tx = tx.as_mut();
    if matches!(ran, Ok(Ok(Ok(_)))) {
        tx.may_commit();
    }
    let failure = tx.failure();
    let Side::Pg(pg) = &mut tx.side else { unreachable!("made above") };
    let result = match ran {
        Ok(Ok(r)) => r,
        Ok(Err(foreign)) => Err(E::from(foreign)),
        Err(_) => Err(E::from(panicked())),
    };
    let result = match (result, &failure) {
        (Ok(v), None) => match pg.commit().await {
            Ok(()) => Ok(v),
            Err(e) => return (Err(E::from(e.clone())), e == Error::Conflict),
        },
        (Ok(_), Some(e)) => Err(E::from(e.clone())),
        (Err(e), _) => Err(e),
    };
    if result.is_err()
        && let Err(e) = pg.roll_back().await
    {
        tracing::debug!(error = %e, "a rollback failed; its connection is discarded");
    }
    (result, failure == Some(Error::Conflict))
}

/// Refuses a closure that waits while no statement of its transaction is on its way, as SQLite's writer does.
async fn own_statements_only<T>(f: impl Future<Output = T>, in_flight: &AtomicBool) -> Result<T> {
    let mut f = pin!(f);
    poll_fn(|cx| match f.as_mut().poll(cx) {
        Poll::Ready(t) => Poll::Ready(Ok(t)),
        Poll::Pending if in_flight.load(Relaxed) => Poll::Pending,
        Poll::Pending => {
            let error = foreign_await();
            tracing::error!(%error, "a write is refused");
            Poll::Ready(Err(error))
        }
    })
    .await
}

/// From about 1 ms to about 100 ms, each between half and one and a half times its value.
fn pause(rerun: u32) -> Duration {
    use std::hash::{BuildHasher, Hasher};
    // A hasher's key is random: enough to keep transactions from meeting again.
    let random = std::hash::RandomState::new().build_hasher().finish();
    let base_us = 1_000u64 << rerun.min(6);
    Duration::from_micros(base_us / 2 + random % base_us)
}

/// All rows of a statement that stays prepared.
pub(crate) async fn all<R: FromRow>(c: &Object, sql: &'static str, args: &[P<'_>]) -> Result<Vec<R>> {
    let st = c.prepare_cached(sql).await?;
    let stream = c.query_raw(&st, args.iter().copied()).await?;
    collect(stream).await
}

/// The rows of a text made at run time: one trip, and nothing stays in the (unbounded) statement cache.
pub(crate) async fn all_text<R: FromRow>(c: &Object, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
    let typed = args.iter().map(|p| (*p, p.postgres_type()));
    let stream = c.query_typed_raw(sql, typed).await?;
    collect(stream).await
}

async fn collect<R: FromRow>(stream: tokio_postgres::RowStream) -> Result<Vec<R>> {
    let mut stream = pin!(stream);
    let mut out = Vec::new();
    while let Some(r) = stream.try_next().await? {
        out.push(R::from_row(&Row::Pg(&r))?);
    }
    Ok(out)
}

pub(crate) async fn run(c: &Object, sql: &'static str, args: &[P<'_>]) -> Result<u64> {
    let st = c.prepare_cached(sql).await?;
    Ok(c.execute_raw(&st, args.iter().copied()).await?)
}
