//! Transactions as their closures see them.

use rusqlite::Connection;

use crate::{
    engine::{EngineKind, pg_tx::PgTx, sqlite},
    error::{Error, Result},
    fuse::Fuse,
    row::FromRow,
    sql::{Sql, Statement},
    value::{Kept, P},
};

pub(crate) enum Side {
    Lite(Connection),
    Pg(PgTx),
}

/// What both kinds of transaction share. It owns its connection, so closures over it need no lifetime of their own.
pub struct Tx {
    pub(crate) side: Side,
    failure: Option<Error>,
    committed: bool,
    fuse: Fuse,
}

impl Tx {
    pub(crate) fn new(side: Side, fuse: Fuse) -> Tx {
        Tx { side, failure: None, committed: false, fuse }
    }
    /// The moment before its commit.
    pub(crate) fn may_commit(&mut self) {
        if self.failure.is_none()
            && let Err(e) = self.fuse.step()
        {
            self.failure = Some(e);
        }
    }
    /// The first error of this transaction; after it, no statement runs and nothing is kept.
    pub(crate) fn failure(&self) -> Option<Error> {
        self.failure.clone()
    }
    fn usable(&self) -> Result<()> {
        match (&self.failure, self.committed) {
            (Some(e), _) => Err(e.clone()),
            (None, true) => Err(Error::Broken("a statement after batch_commit".into())),
            (None, false) => self.fuse.step(),
        }
    }
    fn noted<T>(&mut self, r: Result<T>) -> Result<T> {
        if let Err(e) = &r {
            self.failure = Some(e.clone());
        }
        r
    }
    fn engine(&self) -> EngineKind {
        match self.side {
            Side::Lite(_) => EngineKind::Sqlite,
            Side::Pg(_) => EngineKind::Postgres,
        }
    }
    async fn rows<R: FromRow>(&mut self, sql: &'static Statement, args: &[P<'_>], max: usize) -> Result<Vec<R>> {
        self.usable()?;
        let r = match &mut self.side {
            Side::Lite(c) => sqlite::all(c, sql, args, max),
            Side::Pg(p) => p.all(sql.postgres, args).await,
        };
        self.noted(r)
    }
    async fn two<A: FromRow, B: FromRow>(&mut self, a: Read<'_, A>, b: Read<'_, B>) -> Result<(Vec<A>, Vec<B>)> {
        self.usable()?;
        let (x, y) = (&a.0.statement, &b.0.statement);
        let r = match &mut self.side {
            Side::Lite(l) => {
                sqlite::all(l, x, a.1, usize::MAX).and_then(|a| Ok((a, sqlite::all(l, y, b.1, usize::MAX)?)))
            }
            Side::Pg(p) => p.two((x.postgres, a.1), (y.postgres, b.1)).await,
        };
        self.noted(r)
    }
    async fn text<R: FromRow>(&mut self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
        self.usable()?;
        let r = match &mut self.side {
            Side::Lite(c) => sqlite::all_text(c, sql, args),
            Side::Pg(p) => p.all_text(sql, args).await,
        };
        self.noted(r)
    }
    async fn run(&mut self, sql: &'static Statement, args: &[P<'_>]) -> Result<u64> {
        self.usable()?;
        let r = match &mut self.side {
            Side::Lite(c) => sqlite::run(c, sql, args),
            Side::Pg(p) => p.run(sql.postgres, args).await,
        };
        self.noted(r)
    }
    async fn batch(&mut self, batch: &Batch<'_>, commit: bool) -> Result<()> {
        self.usable()?;
        let counts = match &mut self.side {
            Side::Lite(c) => batch.items.iter().map(|i| sqlite::run(c, i.statement, &i.args)).collect(),
            Side::Pg(p) if commit && batch.counts_are_certain() && p.waiting.is_empty() => p.batch_commit(batch).await,
            Side::Pg(p) => p.batch(batch).await,
        };
        let r = counts.and_then(|counts: Vec<u64>| batch.judge(&counts));
        self.noted(r)?;
        self.committed = commit;
        Ok(())
    }
    async fn later(&mut self, batch: Batch<'_>) -> Result<()> {
        if let Side::Lite(_) = self.side {
            return self.batch(&batch, false).await;
        }
        self.usable()?;
        if let Side::Pg(p) = &mut self.side {
            p.waiting.extend(batch.items.into_iter().map(Item::keep));
        }
        Ok(())
    }
}

/// A statement with its values, for [`WriteTx::two`].
pub type Read<'a, R> = (&'static Sql<R>, &'a [P<'a>]);

/// Reads that work on a [`Store`](crate::Store) (each by itself), inside a [`ReadTx`] and inside a [`WriteTx`]:
/// `pub async fn by_username(q: &mut impl Query, …)`, called with `&mut store.clone()`, `&mut &store` or `tx`.
#[allow(async_fn_in_trait, reason = "whether a future is Send is seen at each call, with its concrete types")]
pub trait Query {
    /// The first row, if any.
    async fn opt<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Option<R>>;
    /// All rows. For lists with an end: a page, the lines of one order.
    async fn all<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Vec<R>>;
    /// The rows of a text made at run time (filterable lists); it never enters a statement cache.
    async fn all_text<R: FromRow>(&mut self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>>;
    /// Which dialect a text made at run time must be in.
    fn engine(&self) -> EngineKind;
    /// The one row that must be there; [`Error::WrongRows`] otherwise.
    async fn one<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<R> {
        self.opt(sql, args).await?.ok_or(Error::WrongRows)
    }
}

/// A read transaction: one snapshot of everything.
pub struct ReadTx(pub(crate) Tx);
/// A write transaction. Serializable on both engines.
pub struct WriteTx(pub(crate) Tx);

macro_rules! query {
    ($t:ty) => {
        impl Query for $t {
            async fn opt<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Option<R>> {
                <$t>::opt(self, sql, args).await
            }
            async fn all<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Vec<R>> {
                <$t>::all(self, sql, args).await
            }
            async fn all_text<R: FromRow>(&mut self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
                <$t>::all_text(self, sql, args).await
            }
            fn engine(&self) -> EngineKind {
                self.0.engine()
            }
        }
        impl $t {
            /// The first row, if any.
            pub async fn opt<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Option<R>> {
                Ok(self.0.rows(&sql.statement, args, 1).await?.into_iter().next())
            }
            /// All rows.
            pub async fn all<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<Vec<R>> {
                self.0.rows(&sql.statement, args, usize::MAX).await
            }
            /// The one row that must be there; [`Error::WrongRows`] otherwise, without losing the transaction.
            pub async fn one<R: FromRow>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<R> {
                self.opt(sql, args).await?.ok_or(Error::WrongRows)
            }
            /// The rows of a text made at run time.
            pub async fn all_text<R: FromRow>(&mut self, sql: &str, args: &[P<'_>]) -> Result<Vec<R>> {
                self.0.text(sql, args).await
            }
        }
        impl From<Tx> for $t {
            fn from(tx: Tx) -> Self {
                Self(tx)
            }
        }
        impl AsMut<Tx> for $t {
            fn as_mut(&mut self) -> &mut Tx {
                &mut self.0
            }
        }
    };
}
query!(ReadTx);
query!(WriteTx);

impl WriteTx {
    pub(crate) fn sqlite(c: Connection, fuse: Fuse) -> WriteTx {
        WriteTx(Tx::new(Side::Lite(c), fuse))
    }
    pub(crate) fn connection(&self) -> &Connection {
        match &self.0.side {
            Side::Lite(c) => c,
            Side::Pg(_) => unreachable!("only SQLite's writer asks"),
        }
    }
    pub(crate) fn failure(&self) -> Option<Error> {
        self.0.failure()
    }
    /// Ready for the next member of a group.
    pub(crate) fn reset(&mut self) {
        self.0.failure = None;
        self.0.committed = false;
    }
    /// Two reads that do not need each other's answers: one flight on PostgreSQL, one after the other on SQLite.
    pub async fn two<A: FromRow, B: FromRow>(&mut self, a: Read<'_, A>, b: Read<'_, B>) -> Result<(Vec<A>, Vec<B>)> {
        self.0.two(a, b).await
    }
    /// Runs a statement; answers how many rows it changed.
    pub async fn run<R>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<u64> {
        self.0.run(&sql.statement, args).await
    }
    /// Runs a statement that must change exactly one row; otherwise the transaction is lost with
    /// [`Error::WrongRows`].
    pub async fn exactly_one<R>(&mut self, sql: &'static Sql<R>, args: &[P<'_>]) -> Result<()> {
        let changed = self.run(sql, args).await?;
        let r = if changed == 1 { Ok(()) } else { Err(Error::WrongRows) };
        self.0.noted(r)
    }
    /// Writes that do not need each other's answers: one flight on PostgreSQL, one after the other on SQLite.
    /// Each says how many rows it must change; otherwise the transaction is lost with [`Error::WrongRows`].
    pub async fn batch<'a>(&mut self, batch: impl Into<Batch<'a>>) -> Result<()> {
        self.0.batch(&batch.into(), false).await
    }
    /// As [`WriteTx::batch`], for writes that nothing which follows needs to have succeeded: on PostgreSQL they leave with
    /// the next statement or the COMMIT, in their order, and what is wrong with them is told there.
    pub async fn later<'a>(&mut self, batch: impl Into<Batch<'a>>) -> Result<()> {
        self.0.later(batch.into()).await
    }
    /// The last batch of a transaction: on PostgreSQL the COMMIT travels in the same flight, if every count is
    /// certain (plain inserts, and [`Batch::add_any`] where a CHECK is the guard); else in a flight of its own.
    pub async fn batch_commit<'a>(&mut self, batch: impl Into<Batch<'a>>) -> Result<()> {
        self.0.batch(&batch.into(), true).await
    }
}

/// Several writes for [`WriteTx::batch`].
#[derive(Default, Debug)]
pub struct Batch<'a> {
    pub(crate) items: Vec<Item<'a>>,
}
#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub statement: &'static Statement,
    pub args: Vec<P<'a>>,
    /// `None`: any number.
    rows: Option<u64>,
}

impl Item<'_> {
    /// Whether there is nothing to learn from how many rows it changed.
    pub fn count_is_certain(&self) -> bool {
        self.rows.is_none() || (self.rows == Some(1) && self.statement.inserts_or_fails)
    }
    fn keep(self) -> Waiting {
        Waiting { statement: self.statement, args: self.args.into_iter().map(Kept::from).collect(), rows: self.rows }
    }
}
/// A write that leaves with the next flight.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub statement: &'static Statement,
    args: Vec<Kept>,
    rows: Option<u64>,
}
impl Waiting {
    fn lend(&self) -> Item<'_> {
        Item { statement: self.statement, args: self.args.iter().map(Kept::lend).collect(), rows: self.rows }
    }
    /// All of them as one batch.
    pub fn batch(all: &[Waiting]) -> Batch<'_> {
        Batch { items: all.iter().map(Waiting::lend).collect() }
    }
}

impl<'a> Batch<'a> {
    pub fn new() -> Self {
        Self::default()
    }
    /// One write that must change exactly `rows` rows.
    pub fn one<R>(sql: &'static Sql<R>, args: &[P<'a>], rows: u64) -> Self {
        let mut batch = Self::new();
        batch.add(sql, args, rows);
        batch
    }
    /// Adds a write that must change exactly `rows` rows.
    pub fn add<R>(&mut self, sql: &'static Sql<R>, args: &[P<'a>], rows: u64) -> &mut Self {
        self.items.push(Item { statement: &sql.statement, args: args.to_vec(), rows: Some(rows) });
        self
    }
    /// Adds a write that may change any number of rows.
    pub fn add_any<R>(&mut self, sql: &'static Sql<R>, args: &[P<'a>]) -> &mut Self {
        self.items.push(Item { statement: &sql.statement, args: args.to_vec(), rows: None });
        self
    }
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    pub(crate) fn counts_are_certain(&self) -> bool {
        self.items.iter().all(Item::count_is_certain)
    }
    pub(crate) fn judge(&self, counts: &[u64]) -> Result<()> {
        for (item, count) in self.items.iter().zip(counts) {
            if item.rows.is_some_and(|r| r != *count) {
                tracing::debug!(statement = ?item.statement, count, expected = item.rows, "wrong number of rows");
                return Err(Error::WrongRows);
            }
        }
        Ok(())
    }
}
impl<'a, R> From<Vec<(&'static Sql<R>, &[P<'a>], u64)>> for Batch<'a> {
    fn from(v: Vec<(&'static Sql<R>, &[P<'a>], u64)>) -> Self {
        let mut batch = Batch::new();
        for (sql, args, rows) in v {
            batch.add(sql, args, rows);
        }
        batch
    }
}
impl<'a, R, const N: usize> From<[(&'static Sql<R>, &[P<'a>], u64); N]> for Batch<'a> {
    fn from(v: [(&'static Sql<R>, &[P<'a>], u64); N]) -> Self {
        Vec::from(v).into()
    }
}
