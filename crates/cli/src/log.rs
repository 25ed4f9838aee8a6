//! Where log lines go: the standard error output, as JSON or as text. `docs/logging.md` has the
//! rules for what they say.

use std::sync::Arc;

use anyhow::{Context, Result};
use tracing_subscriber::{EnvFilter, fmt, fmt::writer::BoxMakeWriter, prelude::*};

use crate::config::sections::{Log, LogFormat};

/// Sets up the logs of the process.
///
/// # Errors
/// When the filter cannot be understood.
pub fn start(log: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(&log.filter).with_context(|| format!("`log.filter` = {:?}", log.filter))?;
    let to: BoxMakeWriter = match log.file.as_os_str().is_empty() {
        true => BoxMakeWriter::new(std::io::stderr),
        false => {
            let file = std::fs::OpenOptions::new().append(true).create(true).open(&log.file);
            BoxMakeWriter::new(Arc::new(file.with_context(|| format!("log file {}", log.file.display()))?))
        }
    };
    let lines = fmt::layer().with_writer(to).with_ansi(log.file.as_os_str().is_empty());
    let registry = tracing_subscriber::registry().with(filter);
    match log.format {
        LogFormat::Json => {
            registry.with(lines.json().flatten_event(true).with_current_span(true).with_span_list(false)).try_init()
        }
        LogFormat::Text => registry.with(lines.compact().with_target(false)).try_init(),
    }
    .context("logs were set up twice")
}
