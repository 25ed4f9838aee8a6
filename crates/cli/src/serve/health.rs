//! `/health/live`, `/health/ready` and `/metrics`: for machines that watch this one.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use app::{Cx, queries};
use axum::{
    Json, Router,
    extract::{ConnectInfo, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use super::metrics::{Page, Requests};
use crate::config::sections::Metrics;

/// What the answers are taken from.
#[derive(Clone)]
pub struct Health {
    pub cx: Cx,
    pub requests: Arc<Requests>,
    pub metrics: Metrics,
    /// Writes that may wait at most.
    pub write_queue: usize,
}

/// Longest wait for the database before it counts as not answering.
const PATIENCE: Duration = Duration::from_secs(2);

pub fn routes(health: Health) -> Router {
    Router::new()
        .route("/health/live", get(async || "ok\n"))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(health)
}

/// 200 when work can be taken, 503 with the reasons otherwise.
async fn ready(State(health): State<Health>) -> Response {
    let mut reasons = Vec::new();
    let pending = tokio::time::timeout(PATIENCE, health.cx.store().pending_migrations()).await;
    match pending {
        Err(_) => reasons.push("the database does not answer in time".to_owned()),
        Ok(Err(e)) => {
            tracing::warn!(cause = %e, "not ready");
            reasons.push("the database does not answer".to_owned());
        }
        Ok(Ok(pending)) if !pending.is_empty() => reasons.push(format!("{} migrations wait", pending.len())),
        Ok(Ok(_)) => {}
    }
    let waiting = health.cx.store().stats().queued as usize;
    if waiting >= health.write_queue {
        reasons.push(format!("{waiting} writes wait"));
    }
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": reasons.is_empty(), "reasons": reasons }))).into_response()
}

fn may_read(metrics: Metrics, request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    match metrics {
        Metrics::All => true,
        Metrics::Off => false,
        Metrics::Local => peer.is_some_and(|ip| ip.is_loopback()) && !request.headers().contains_key("x-forwarded-for"),
    }
}

async fn metrics(State(health): State<Health>, request: Request) -> Response {
    if !may_read(health.metrics, &request) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut page = Page::default();
    page.process(&health.requests);
    let db = health.cx.store().stats();
    page.counter("ceralacca_db_writes_total", "Write transactions run to their end.", db.writes as f64);
    page.counter("ceralacca_db_groups_total", "Commits; on SQLite several writes share one.", db.groups as f64);
    page.counter("ceralacca_db_reruns_total", "Re-runs after a conflict.", db.reruns as f64);
    page.counter("ceralacca_db_spoiled_total", "Groups run again because a member refused.", db.spoiled as f64);
    page.counter("ceralacca_db_busy_total", "Writes refused because too many waited.", db.refused_busy as f64);
    page.counter("ceralacca_db_checkpoints_total", "Passes of the checkpointer.", db.checkpoints as f64);
    page.gauge("ceralacca_db_queue", "Writes that wait.", db.queued as f64);
    let hashes = health.cx.hashing().figures();
    page.gauge("ceralacca_hash_waiting", "Passwords in line to be hashed.", hashes.waiting as f64);
    page.gauge("ceralacca_hash_running", "Passwords being hashed.", hashes.running as f64);
    page.counter("ceralacca_hash_done_total", "Passwords hashed.", hashes.done as f64);
    page.counter("ceralacca_hash_refused_total", "Hashes refused: full queue or deadline.", hashes.refused as f64);
    match queries::effects::counts(&health.cx).await {
        Ok(counts) => {
            let values = counts.iter().map(|(state, n)| (state.as_str(), *n as f64));
            page.gauges("ceralacca_effects", "Effects by state.", "state", values);
        }
        // The rest is worth having when the database is what is broken.
        Err(problem) => tracing::warn!(cause = %problem, "effects are not in the metrics"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page.finish()).into_response()
}
