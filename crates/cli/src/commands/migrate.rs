//! `ceralacca migrate`.

use anyhow::{Context, Result, bail};
use store::{EngineKind, Store};

use crate::{config::Config, wiring};

/// Brings the database to this version and says which steps were taken.
///
/// # Errors
/// When the database does not answer or a step fails; earlier steps stay.
pub async fn run(config: &Config) -> Result<()> {
    let store = wiring::open_store(config).await?;
    let steps = store.migrate().await?;
    match steps.len() {
        0 => println!("the database is up to date"),
        n => println!("{n} steps taken: {}", steps.join(", ")),
    }
    store.close().await;
    Ok(())
}

/// At the start of `serve` and `worker`: migrates SQLite if it may, refuses an old schema otherwise.
///
/// # Errors
/// When migrations wait and may not be applied here; when the disk has no space.
pub async fn at_start(config: &Config, store: &Store) -> Result<()> {
    store.prove_room().await.with_context(|| format!("database {}", store.url()))?;
    if store.pending_migrations().await?.is_empty() {
        return Ok(());
    }
    if store.engine() == EngineKind::Sqlite && config.database.migrate_on_start {
        let steps = store.migrate().await?;
        tracing::info!(steps = steps.len(), "database migrated");
        return Ok(());
    }
    bail!("the database is older than this program: run `ceralacca migrate`")
}
