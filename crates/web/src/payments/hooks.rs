//! `POST /hooks/{gateway}`: events as gateways post them.

use app::{problem::ProblemKind, use_cases::payments::accept_event::accept_event};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::AppState;

/// 200 for what is kept, for what was kept before and for what is about nothing of ours: each is
/// the end of it for the gateway. 400 for what cannot be believed. 503 when it cannot be kept, so
/// that it comes again.
pub(super) async fn take(
    State(state): State<AppState>,
    Path(gateway): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(ports) = state.ports() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let Some((name, gateway)) = ports.gateways.get_key_value(gateway.as_str()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let trace = headers.get("x-request-id").and_then(|v| v.to_str().ok()).unwrap_or("-");
    let cx = state.cx.traced(trace);
    match accept_event(&cx, name, gateway.events(), &headers, body.to_vec()).await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(problem) => match problem.kind {
            ProblemKind::Refused => (StatusCode::BAD_REQUEST, format!("{}\n", problem.code)).into_response(),
            _ => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response(),
        },
    }
}
