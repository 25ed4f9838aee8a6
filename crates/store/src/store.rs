//! The store: reads on the spot, writes through a queue.

use std::{future::Future, path::PathBuf, pin::pin, sync::Arc, time::Duration};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot, watch};
use uuid::Uuid;

use crate::{
    engine::{
        EngineKind,
        checkpoint::{self, Signal},
        executor::Executor,
        job::{JobOf, answer_of, closed, foreign_await, poll_once},
        moment,
        postgres::{BEGIN_KEPT_LATER, BEGIN_LEASE, BEGIN_READ, BEGIN_WRITE, Postgres},
        queue::{Lane, Queue},
        readers::Readers,
        sqlite, writer,
    },
    error::{Error, Result, with_causes},
    fuse::Fuse,
    options::Options,
    row::FromRow,
    sql::Sql,
    stats::{Counters, Stats, add},
    tx::{Query, ReadTx, Side, Tx, WriteTx},
    url::DatabaseUrl,
    value::P,
};

/// The place at which outcomes of effects of this kind take turns. No row has such an identifier; two kinds that met at
/// one would only wait for each other.
fn place_of(kind: &str) -> Uuid {
    let mut place = [0; 16];
    for (at, byte) in kind.bytes().enumerate() {
        place[at % 16] ^= byte;
    }
    Uuid::from_bytes(place)
}

pub(crate) struct Lite {
    pub path: PathBuf,
    pub options: Options,
    readers: Arc<Readers>,
    queue: Arc<Queue>,
}

pub(crate) struct Pg {
    pub core: Arc<Postgres>,
    executor: std::sync::Mutex<Option<Executor>>,
    room: Arc<Semaphore>,
    options: Options,
}

pub(crate) enum Engine {
    Sqlite(Lite),
    Postgres(Pg),
}

struct Inner {
    engine: Engine,
    url: DatabaseUrl,
    counters: Arc<Counters>,
    ended: watch::Receiver<bool>,
}

/// An open database. Cheap to clone; the threads behind it end with the last clone, after the waiting writes.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl Store {
    /// Opens the database; a SQLite file is created if it is not there. Does not touch the schema: see
    /// [`Store::migrate`].
    pub async fn open(url: &DatabaseUrl, options: Options) -> Result<Store> {
        let counters = Arc::new(Counters::default());
        let (engine, ended) = match url {
            DatabaseUrl::Sqlite(path) => {
                let queue = Arc::new(Queue::new(&options));
                let signal = Arc::new(Signal::default());
                let ended = writer::spawn(path, &options, queue.clone(), signal.clone(), counters.clone())?;
                checkpoint::spawn(path.clone(), options.clone(), signal, counters.clone()).map_err(Error::broken)?;
                let readers = Arc::new(Readers::new(path.clone(), options.clone()));
                (Engine::Sqlite(Lite { path: path.clone(), options, readers, queue }), ended)
            }
            DatabaseUrl::Postgres { .. } => {
                let core = Arc::new(Postgres::new(url, &options, counters.clone())?);
                drop(core.pool.get().await.map_err(|e| Error::Broken(format!("{url}: {}", with_causes(&e))))?);
                let (executor, ended) = Executor::start()?;
                let executor = std::sync::Mutex::new(Some(executor));
                let room = Arc::new(Semaphore::new(options.queue_length));
                (Engine::Postgres(Pg { core, executor, room, options }), ended)
            }
        };
        Ok(Store(Arc::new(Inner { engine, url: url.clone(), counters, ended })))
    }

    /// Which engine it stands on.
    pub fn engine(&self) -> EngineKind {
        match self.0.engine {
            Engine::Sqlite(_) => EngineKind::Sqlite,
            Engine::Postgres(_) => EngineKind::Postgres,
        }
    }
    /// The address it was opened with.
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }
    /// What it did so far.
    pub fn stats(&self) -> Stats {
        let queued = match &self.0.engine {
            Engine::Sqlite(l) => l.queue.len(),
            Engine::Postgres(p) => p.options.queue_length.saturating_sub(p.room.available_permits()),
        };
        self.0.counters.look(queued)
    }
    pub(crate) fn engine_ref(&self) -> &Engine {
        &self.0.engine
    }
    fn fuse(&self) -> &Fuse {
        match &self.0.engine {
            Engine::Sqlite(lite) => &lite.options.fuse,
            Engine::Postgres(pg) => &pg.options.fuse,
        }
    }

    /// The first row, if any: one read by itself, without a transaction.
    pub async fn opt<R: FromRow>(&self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Option<R>> {
        Ok(self.rows(sql, args, 1).await?.into_iter().next())
    }
    /// All rows of one read.
    pub async fn all<R: FromRow>(&self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Vec<R>> {
        self.rows(sql, args, usize::MAX).await
    }
    /// The one row that must be there; [`Error::WrongRows`] otherwise.
    pub async fn one<R: FromRow>(&self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<R> {
        self.opt(sql, args).await?.ok_or(Error::WrongRows)
    }
    async fn rows<R: FromRow>(&self, sql: &'static Sql<R>, args: &[P<'_>], max: usize) -> Result<Vec<R>> {
        self.fuse().step()?;
        match &self.0.engine {
            Engine::Sqlite(lite) => {
                // A read on the spot never waits, so it must offer to give way: else a loop of reads keeps its worker.
                tokio::task::coop::consume_budget().await;
                lite.reading(|c| sqlite::all(c, &sql.statement, args, max))
            }
            Engine::Postgres(pg) => pg.core.all(sql.statement.postgres, args).await,
        }
    }
    /// The rows of a text made at run time; it never enters a statement cache.
    pub async fn all_text<R: FromRow>(&self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
        self.fuse().step()?;
        match &self.0.engine {
            Engine::Sqlite(lite) => {
                tokio::task::coop::consume_budget().await;
                lite.reading(|c| sqlite::all_text(c, sql, args))
            }
            Engine::Postgres(pg) => pg.core.all_text(sql, args).await,
        }
    }

    /// Several reads of one snapshot. On SQLite on the spot; the closure may await nothing but its transaction.
    pub async fn read<T, E, F>(&self, closure: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut ReadTx) -> std::result::Result<T, E> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(lite) => {
                tokio::task::coop::consume_budget().await;
                lite.read(closure)
            }
            Engine::Postgres(pg) => {
                let (to, from) = oneshot::channel();
                let core = pg.core.clone();
                pg.spawn(move || async move {
                    let _ = to.send(core.transact::<ReadTx, T, E, F>(BEGIN_READ, &closure).await);
                });
                answer_of(from).await
            }
        }
    }

    /// One write transaction, serializable. It waits in a queue, shares its commit with others on SQLite, is run
    /// again after a conflict on PostgreSQL, and is answered when it is durable. It runs off the caller's task: a
    /// caller that goes away never cuts it in half.
    ///
    /// The closure may await nothing but its transaction; it must not change what it captured, since it may run
    /// again (the compiler sees to that). Its error is of the caller's own type; any error rolls the transaction
    /// back. The store itself remembers whether a statement met a conflict, so `E` need not tell.
    pub async fn write<T, E, F>(&self, closure: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E> + Send + 'static,
    {
        self.queued(Lane::Normal, BEGIN_WRITE, closure).await
    }
    /// As [`Store::write`], for a write that changes a row which very many others change too, such as a wallet: those
    /// with the same `key` come one after the other, where the engine does not see to that itself. While others wait,
    /// the turn does not last until the disk has answered, but the caller waits for it as always.
    pub async fn write_in_turn<T, E, F>(&self, key: Uuid, closure: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(_) => self.write(closure).await,
            Engine::Postgres(pg) => {
                let patience = pg.patience(Lane::Normal);
                self.sent(pg, Lane::Normal, async move |core: &Postgres| core.in_turn(key, patience, &closure).await)
                    .await
            }
        }
    }
    /// As [`Store::write`], for what came of an effect. Effects that are carried out together were made together: their
    /// rows are neighbours in every index, and PostgreSQL's serializable transactions conflict by the page. Those of one
    /// kind in one process come one after the other, and wait for it patiently: what happened outside has happened.
    pub async fn write_outcome<T, E, F>(&self, kind: &str, closure: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(_) => self.write(closure).await,
            Engine::Postgres(pg) => {
                let (place, patience) = (place_of(kind), pg.patience(Lane::Bulk));
                self.sent(pg, Lane::Normal, async move |core: &Postgres| core.in_line(place, patience, &closure).await)
                    .await
            }
        }
    }
    /// A write of leases and nothing else: rows that are taken, lengthened and given back under locks of their own. On
    /// PostgreSQL it is not serializable, since every look for work would conflict with everybody who ends some.
    pub async fn write_lease<T, E, F>(&self, closure: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E> + Send + 'static,
    {
        self.queued(Lane::Normal, BEGIN_LEASE, closure).await
    }
    /// A write of low priority: it goes when nobody waits in [`Store::write`]. Keep each one short (a page of rows),
    /// since on SQLite nobody else writes meanwhile.
    pub async fn write_bulk<T, E, F>(&self, closure: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E> + Send + 'static,
    {
        self.queued(Lane::Bulk, BEGIN_WRITE, closure).await
    }

    /// As [`Store::write_bulk`], for rows that only the holder of a lease changes, and a unique key if two believe to hold
    /// it. On PostgreSQL it is not serializable: what it reads would conflict with everybody who adds to it.
    pub async fn write_bulk_lease<T, E, F>(&self, closure: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E> + Send + 'static,
    {
        self.queued(Lane::Bulk, BEGIN_LEASE, closure).await
    }

    async fn queued<T, E, F>(&self, lane: Lane, begin: &'static str, closure: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Sqlite(lite) => {
                moment::end();
                let (to, from) = oneshot::channel();
                let pushed = lite.queue.push(lane, Box::new(JobOf::new(closure, to))).await;
                if let Err(e) = pushed {
                    if let Error::Busy { .. } = e {
                        add(&self.0.counters.refused_busy, 1);
                    }
                    return Err(E::from(e));
                }
                self.answered(from).await
            }
            Engine::Postgres(pg) => {
                self.sent(pg, lane, async move |core: &Postgres| core.queued(lane, begin, &closure).await).await
            }
        }
    }
    /// Runs what `job` does with the server on the thread of its transactions.
    async fn sent<T, E, J>(&self, pg: &Pg, lane: Lane, job: J) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        J: AsyncFnOnce(&Postgres) -> std::result::Result<T, E> + Send + 'static,
    {
        let (to, from) = oneshot::channel();
        let room = pg.room(lane).await.inspect_err(|_| add(&self.0.counters.refused_busy, 1))?;
        let core = pg.core.clone();
        pg.spawn(move || async move {
            let _room = room;
            let _ = to.send(job(&core).await);
        });
        self.answered(from).await
    }
    async fn answered<T, E: From<Error>>(
        &self,
        from: oneshot::Receiver<std::result::Result<T, E>>,
    ) -> std::result::Result<T, E> {
        let answer = answer_of(from).await?;
        // Committed, and the caller is not told.
        self.fuse().step()?;
        Ok(answer)
    }

    /// Takes no more writes, finishes those that wait, and ends the threads.
    pub async fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite(lite) => lite.queue.close(),
            Engine::Postgres(pg) => {
                pg.room.close();
                drop(pg.executor.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
            }
        }
        // An error means that the thread is gone already.
        let _ = self.0.ended.clone().wait_for(|ended| *ended).await;
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Engine::Sqlite(lite) = &self.engine {
            lite.queue.close();
        }
    }
}

impl Lite {
    fn reading<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        moment::read(&self.readers, |connection, _| {
            let out = read(&connection);
            (Some(connection), out)
        })?
    }
    fn read<T, E: From<Error>>(
        &self,
        closure: impl AsyncFn(&mut ReadTx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let read = |connection, in_snapshot: bool| {
            let control =
                |c: &Connection, sql: &'static str| if in_snapshot { Ok(()) } else { sqlite::control(c, sql) };
            if let Err(e) = control(&connection, "BEGIN") {
                return (Some(connection), Err(E::from(e)));
            }
            let mut tx = ReadTx(Tx::new(Side::Lite(connection), self.options.fuse.clone()));
            let result = poll_once(pin!(closure(&mut tx))).unwrap_or_else(|| Err(E::from(foreign_await())));
            let failure = tx.0.failure();
            let Side::Lite(connection) = tx.0.side else { return (None, Err(E::from(closed()))) };
            let result = match (failure, control(&connection, "COMMIT")) {
                (Some(e), _) if result.is_ok() => Err(E::from(e)),
                (_, Err(e)) => Err(E::from(e)),
                _ => result,
            };
            (Some(connection), result)
        };
        moment::read(&self.readers, read).unwrap_or_else(|e| Err(E::from(e)))
    }
}

impl Pg {
    fn spawn<F: Future<Output = ()> + 'static>(&self, job: impl FnOnce() -> F + Send + 'static) {
        if let Some(executor) = &*self.executor.lock().unwrap_or_else(std::sync::PoisonError::into_inner) {
            executor.spawn(job);
        }
    }
    fn patience(&self, lane: Lane) -> Duration {
        Duration::from_millis(match lane {
            Lane::Normal => self.options.queue_deadline_ms,
            Lane::Bulk => self.options.bulk_deadline_ms,
        })
    }
    /// Room in the queue, waited for until the deadline.
    async fn room(&self, lane: Lane) -> Result<tokio::sync::OwnedSemaphorePermit> {
        match tokio::time::timeout(self.patience(lane), self.room.clone().acquire_owned()).await {
            Ok(permit) => permit.map_err(|_| closed()),
            Err(_) => Err(Error::busy()),
        }
    }
}

impl Postgres {
    async fn queued<T, E, F>(&self, lane: Lane, begin: &'static str, closure: &F) -> std::result::Result<T, E>
    where
        E: From<Error>,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E>,
    {
        let _turn = match lane {
            Lane::Normal => None,
            Lane::Bulk => Some(self.bulk.acquire().await.map_err(|_| closed())?),
        };
        let r = self.transact::<WriteTx, T, E, F>(begin, closure).await;
        add(&self.counters.writes, 1);
        add(&self.counters.groups, u64::from(r.is_ok()));
        r
    }
    /// In the turn at `key`, which is taken and passed on here, on the thread of the transactions: no other thread has to
    /// wake before the next one begins.
    async fn in_turn<T, E, F>(&self, key: Uuid, patience: Duration, closure: &F) -> std::result::Result<T, E>
    where
        E: From<Error>,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E>,
    {
        let mut turn = self.turns.take(key, patience).await?;
        if turn.is_alone() {
            return self.queued(Lane::Normal, BEGIN_WRITE, closure).await;
        }
        let done = self.queued(Lane::Normal, BEGIN_KEPT_LATER, closure).await?;
        turn.pass_on();
        self.keep().await?;
        Ok(done)
    }
    /// One after the other, each until it is on the disk.
    async fn in_line<T, E, F>(&self, key: Uuid, patience: Duration, closure: &F) -> std::result::Result<T, E>
    where
        E: From<Error>,
        F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E>,
    {
        let _turn = self.turns.take(key, patience).await?;
        self.queued(Lane::Normal, BEGIN_WRITE, closure).await
    }
}

impl Query for Store {
    async fn opt<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Option<R>> {
        Store::opt(self, sql, args).await
    }
    async fn all<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Vec<R>> {
        Store::all(self, sql, args).await
    }
    async fn all_text<R: FromRow>(&mut self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
        Store::all_text(self, sql, args).await
    }
    fn engine(&self) -> EngineKind {
        Store::engine(self)
    }
}
impl Query for &Store {
    async fn opt<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Option<R>> {
        Store::opt(self, sql, args).await
    }
    async fn all<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Vec<R>> {
        Store::all(self, sql, args).await
    }
    async fn all_text<R: FromRow>(&mut self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
        Store::all_text(self, sql, args).await
    }
    fn engine(&self) -> EngineKind {
        Store::engine(self)
    }
}
