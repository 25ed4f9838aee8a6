//! `ceralacca worker`.

use anyhow::Result;
use app::worker::Worker;

use crate::{commands::migrate, config::Config, stop, wiring};

/// Carries out effects until asked to stop; running ones are finished first.
///
/// # Errors
/// When the installation cannot be put together.
pub async fn run(config: &Config) -> Result<()> {
    let store = wiring::open_store(config).await?;
    migrate::at_start(config, &store).await?;
    let parts = wiring::parts(config, store.clone())?;
    let stop = stop::on_signal()?;
    tracing::info!("worker started");
    Worker::new(parts.cx, parts.ports).run(stop).await;
    store.close().await;
    tracing::info!("worker stopped");
    Ok(())
}
