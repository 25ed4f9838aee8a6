//! The runner of the migrations, which are embedded in pairs (`migrations/{sqlite,postgres}/NNNN_name.sql`).

use sha2::{Digest, Sha256};

use crate::{
    engine::{
        EngineKind,
        sqlite::{self, Role},
    },
    error::{Error, Result},
    store::{Engine, Store},
};

/// One step of the schema.
#[derive(Debug)]
pub struct Migration {
    pub number: u32,
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// All steps this program knows, in order.
pub static MIGRATIONS: &[Migration] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

const TABLE_SQLITE: &str = "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT";
const TABLE_POSTGRES: &str =
    "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL)";
const APPLIED: &str = "SELECT number, name, sha256 FROM migrations ORDER BY number";
const RECORD: &str = "INSERT INTO migrations (number, name, sha256) VALUES ($1, $2, $3)";
/// Held while one copy of the program migrates, so that the others wait («ceralacc» in ASCII).
const LOCK: i64 = 0x6365_7261_6c61_6363;

type Applied = (i64, String, String);

impl Migration {
    fn text(&self, engine: EngineKind) -> &'static str {
        match engine {
            EngineKind::Sqlite => self.sqlite,
            EngineKind::Postgres => self.postgres,
        }
    }
    fn checksum(&self, engine: EngineKind) -> String {
        hex::encode(Sha256::digest(self.text(engine)))
    }
}

/// What is left to do; refuses a database that was migrated by other texts or by a newer program.
fn pending<'m>(known: &'m [Migration], engine: EngineKind, applied: &[Applied]) -> Result<Vec<&'m Migration>> {
    for (number, name, sha256) in applied {
        match known.iter().find(|m| i64::from(m.number) == *number) {
            None => return Err(Error::Broken(format!("the database is newer than this program: it has {name}"))),
            Some(m) if m.checksum(engine) != *sha256 => {
                return Err(Error::Broken(format!("migration {name} was changed after it was applied")));
            }
            Some(_) => {}
        }
    }
    let last = applied.last().map_or(0, |a| a.0);
    Ok(known.iter().filter(|m| i64::from(m.number) > last).collect())
}

impl Store {
    /// Writes a page as it is, so that a disk without space is met at the start and not by the first customer. The
    /// disk of PostgreSQL is its server's matter.
    ///
    /// # Errors
    /// `Full`.
    pub async fn prove_room(&self) -> Result<()> {
        let Engine::Sqlite(lite) = self.engine_ref() else { return Ok(()) };
        let (path, options) = (lite.path.clone(), lite.options.clone());
        let work = move || {
            let c = sqlite::open(&path, &options, Role::Maintenance)?;
            let version: i64 = c.query_row("PRAGMA user_version", [], |r| r.get(0))?;
            Ok(c.execute_batch(&format!("PRAGMA user_version={version}"))?)
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::broken)?
    }

    /// Brings the schema up to date; answers the names of the steps it took. Each step is one transaction. Several
    /// programs may call it at once.
    pub async fn migrate(&self) -> Result<Vec<&'static str>> {
        self.migrate_with(MIGRATIONS).await
    }

    pub(crate) async fn migrate_with(&self, known: &'static [Migration]) -> Result<Vec<&'static str>> {
        match self.engine_ref() {
            Engine::Sqlite(lite) => {
                let (path, options) = (lite.path.clone(), lite.options.clone());
                let work = move || {
                    let mut c = sqlite::open(&path, &options, Role::Maintenance)?;
                    migrate_sqlite(&mut c, known)
                };
                tokio::task::spawn_blocking(work).await.map_err(Error::broken)?
            }
            Engine::Postgres(pg) => {
                let mut c = pg.core.pool.get().await?;
                c.batch_execute("SET statement_timeout = 0").await?;
                c.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await?;
                let r = migrate_postgres(&mut c, known).await;
                // The lock and the changed limit go with the connection.
                drop(deadpool_postgres::Object::take(c));
                r
            }
        }
    }

    /// The names of the migrations that were not applied yet.
    pub async fn pending_migrations(&self) -> Result<Vec<&'static str>> {
        let engine = self.engine();
        let this = self;
        let there = match engine {
            EngineKind::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
            EngineKind::Postgres => {
                "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'migrations' AND schemaname = current_schema()"
            }
        };
        let there: Vec<i64> = this.all_text(there, &[]).await?;
        let applied = if there == [1] { this.all_text::<Applied>(APPLIED, &[]).await? } else { Vec::new() };
        Ok(pending(MIGRATIONS, engine, &applied)?.into_iter().map(|m| m.name).collect())
    }
}

fn migrate_sqlite(c: &mut rusqlite::Connection, known: &'static [Migration]) -> Result<Vec<&'static str>> {
    let mut done = Vec::new();
    loop {
        let tx = c.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.execute_batch(TABLE_SQLITE)?;
        let applied = sqlite::all_text::<Applied>(&tx, APPLIED, &[])?;
        let Some(next) = pending(known, EngineKind::Sqlite, &applied)?.into_iter().next() else {
            tx.commit()?;
            return Ok(done);
        };
        tx.execute_batch(next.sqlite).map_err(|e| in_step(next, e.into()))?;
        // Foreign keys are off on this connection, so that tables can be rebuilt.
        if let Some(broken) = sqlite::all_text::<String>(&tx, "PRAGMA foreign_key_check", &[])?.first() {
            return Err(in_step(next, Error::Reference(broken.clone())));
        }
        let sha256 = next.checksum(EngineKind::Sqlite);
        tx.execute(RECORD, rusqlite::params![next.number, next.name, sha256])?;
        tx.commit()?;
        tracing::info!(migration = next.name, "applied");
        done.push(next.name);
    }
}

async fn migrate_postgres(c: &mut deadpool_postgres::Object, known: &'static [Migration]) -> Result<Vec<&'static str>> {
    c.batch_execute(TABLE_POSTGRES).await?;
    let rows = c.query(APPLIED, &[]).await?;
    let applied: Vec<Applied> = rows.iter().map(|r| (r.get(0), r.get(1), r.get(2))).collect();
    let mut done = Vec::new();
    for step in pending(known, EngineKind::Postgres, &applied)? {
        let tx = c.transaction().await?;
        tx.batch_execute(step.postgres).await.map_err(|e| in_step(step, e.into()))?;
        let sha256 = step.checksum(EngineKind::Postgres);
        tx.execute(RECORD, &[&i64::from(step.number), &step.name, &sha256]).await?;
        tx.commit().await?;
        tracing::info!(migration = step.name, "applied");
        done.push(step.name);
    }
    Ok(done)
}

fn in_step(step: &Migration, e: Error) -> Error {
    Error::Broken(format!("migration {}: {e}", step.name))
}
