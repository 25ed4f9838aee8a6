//! Stopping when asked: SIGTERM or SIGINT.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// A flag that turns true at the first signal. A second signal ends the process at once.
///
/// # Errors
/// When the signals cannot be listened to.
pub fn on_signal() -> std::io::Result<watch::Receiver<bool>> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        let mut asked = false;
        loop {
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            if asked {
                std::process::exit(130);
            }
            asked = true;
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
