//! `ceralacca db copy --from URL --to URL`.

use std::io::Write;

use anyhow::{Context, Result};
use store::DatabaseUrl;

use crate::{config::Config, wiring};

/// Copies everything and prints rows and checksum per table.
///
/// # Errors
/// When an address is none, the target holds data, or the two differ in the end; then nothing was copied.
pub async fn run(config: &Config, from: &str, to: &str) -> Result<()> {
    let from: DatabaseUrl = from.parse().context("--from")?;
    let to: DatabaseUrl = to.parse().context("--to")?;
    let copied = store::copy::copy(&from, &to, &wiring::options(config)).await.map_err(anyhow::Error::msg)?;
    let mut out = std::io::stdout().lock();
    for table in &copied {
        writeln!(out, "{:<24}{:>10} rows  {}", table.table, table.rows, table.sha256)?;
    }
    writeln!(out, "{} rows in {} tables copied", copied.iter().map(|t| t.rows).sum::<u64>(), copied.len())?;
    Ok(())
}
