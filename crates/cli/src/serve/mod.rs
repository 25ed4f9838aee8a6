//! `ceralacca serve`: the pages, the intake of events, and the worker beside them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use adapters::payment::simulated;
use anyhow::{Context, Result};
use app::worker::Worker;
use axum::{Router, middleware::from_fn_with_state, serve::ListenerExt};
use tokio::{net::TcpListener, sync::watch::Receiver};
use web::AppState;

use crate::{
    commands::migrate,
    config::Config,
    stop,
    wiring::{self, Parts, SIMULATED},
};

pub mod health;
pub mod metrics;
pub mod watch;

/// Serves until asked to stop.
///
/// # Errors
/// When the installation cannot be put together or the address not be taken.
pub async fn run(config: &Config) -> Result<()> {
    let store = wiring::open_store(config).await?;
    migrate::at_start(config, &store).await?;
    let parts = wiring::parts(config, store)?;
    let listener = listen(config).await?;
    let stop = stop::on_signal()?;
    serve(config, parts, Router::new(), listener, stop).await
}

/// Takes the configured address.
///
/// # Errors
/// When somebody else has it.
pub async fn listen(config: &Config) -> Result<TcpListener> {
    let at = config.server.listen;
    TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at}"))
}

/// Serves the product, with `more` pages inside its frame, on a listener until `stop`.
///
/// # Errors
/// When the server itself fails.
pub async fn serve(
    config: &Config,
    parts: Parts,
    more: Router<AppState>,
    listener: TcpListener,
    stop: Receiver<bool>,
) -> Result<()> {
    let Parts { cx, ports, simulations } = parts;
    let at = listener.local_addr()?;
    let pages = pages(config, &cx, &ports, more);
    let working = config.worker.in_serve.then(|| {
        let (worker, stop) = (Worker::new(cx.clone(), ports.clone()), stop.clone());
        tokio::spawn(async move { worker.run(stop).await })
    });
    let telling = simulations
        .gateway
        .map(|gateway| tokio::spawn(simulated::deliver(gateway, format!("http://{at}/hooks/{SIMULATED}"))));
    tracing::info!(address = %at, "serving");
    // Answers are small and complete: nothing is gained by waiting for more.
    let listener = listener.tap_io(|tcp| drop(tcp.set_nodelay(true)));
    let service = pages.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(stop::stopped(stop.clone())).into_future();
    let grace = Duration::from_millis(config.server.shutdown_grace_ms);
    let out_of_patience = async {
        stop::stopped(stop).await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        ended = server => ended.context("server")?,
        () = out_of_patience => tracing::warn!("some requests were not finished in time"),
    }
    if let Some(telling) = telling {
        telling.abort();
    }
    if let Some(working) = working {
        working.await.context("worker")?;
    }
    cx.store().close().await;
    tracing::info!("stopped");
    Ok(())
}

fn pages(config: &Config, cx: &app::Cx, ports: &app::Ports, more: Router<AppState>) -> Router {
    let state = AppState::new(cx.clone(), std::sync::Arc::new(web::session::StoredSessions::default()), &[])
        .with_ports(ports.clone());
    let requests = Arc::new(metrics::Requests::default());
    let health = health::Health {
        cx: cx.clone(),
        requests: requests.clone(),
        metrics: config.server.metrics,
        write_queue: config.database.write_queue,
    };
    let watching = watch::Watch { requests, proxies: config.server.proxies };
    web::router::router_with(more, state)
        .merge(health::routes(health))
        .layer(from_fn_with_state(watching, watch::watch))
}
