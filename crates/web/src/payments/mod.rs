//! The pages around a payment: waiting for the bank, the gateway's card fields, the page where a
//! person plays the bank; and the intake of gateways' events.

mod card;
mod hooks;
mod play;
mod quick;
mod wait;

pub(crate) use card::let_script_in;
pub(crate) use wait::leave;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::AppState;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/order/payment/{order}/wait", get(wait::wait))
        .route("/order/payment/card/{attempt}", get(card::card))
        .route("/pay", get(quick::ask).post(quick::show))
        .route("/pay/start", post(quick::start))
        .route("/pay/{attempt}", get(quick::wait))
        .route("/demo/gateway/{attempt}", get(play::show).post(play::choose))
}

/// The intake: no session, no token, no page; the signature is the proof.
pub fn hooks() -> Router<AppState> {
    Router::new()
        .route("/hooks/{gateway}", post(hooks::take))
        .layer(DefaultBodyLimit::max(app::use_cases::payments::accept_event::LONGEST_EVENT))
}
