//! Stopping when asked: SIGTERM or SIGINT.

use std::time::{Duration, Instant};

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// A second signal this soon is the echo of the first: `timeout` and terminals send to process and group.
const ECHO: Duration = Duration::from_secs(2);

/// A flag that turns true at the first signal. A later second one ends the process at once.
///
/// # Errors
/// When the signals cannot be listened to.
pub fn on_signal() -> std::io::Result<watch::Receiver<bool>> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        let mut asked: Option<Instant> = None;
        loop {
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            if let Some(first) = asked {
                if first.elapsed() > ECHO {
                    std::process::exit(130);
                }
                continue;
            }
            // tidy: allow(clock) measures the pause between two signals
            asked = Some(Instant::now());
            tracing::info!("asked to stop: finishing what was begun");
            // Nobody listening is fine: then there is nothing to finish.
            let _ = stop.send(true);
        }
    });
    Ok(stopped)
}

/// Waits until the flag is true.
pub async fn stopped(mut stop: watch::Receiver<bool>) {
    // The sender lives as long as the process.
    let _ = stop.wait_for(|s| *s).await;
}
