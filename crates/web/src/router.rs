//! The table of contents: one line for each area.

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, middleware::from_fn_with_state};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    AppState, accounts, answer::Undressed, assets, customer, frame, mailbox_area, mailbox_password, office, order,
    payments, profile, public, recover, secretariat, shop,
};

/// Bodies of forms; routes that take files set their own.
const BODY_LIMIT: usize = 256 * 1024;

/// All pages, and the intake of events, which needs no page look. Health and metrics are merged by the binary.
pub fn router(state: AppState) -> Router {
    router_with(Router::new(), state)
}

/// All pages, and `more` inside the same frame: the demonstration's own pages.
pub fn router_with(more: Router<AppState>, state: AppState) -> Router {
    let pages = more
        .merge(accounts::routes())
        .merge(customer::routes())
        .merge(mailbox_area::routes())
        .merge(mailbox_password::routes())
        .merge(office::routes())
        .merge(order::routes())
        .merge(payments::routes())
        .merge(profile::routes())
        .merge(public::routes())
        .merge(recover::routes())
        .merge(secretariat::routes())
        .merge(shop::routes());
    framed(pages, state.clone()).merge(payments::hooks().with_state(state))
}

/// Puts the frame around routes: also used by tests.
pub fn framed(routes: Router<AppState>, state: AppState) -> Router {
    let message = |name, status| Undressed { name, words: None }.response(status);
    // Outermost first, and as one: each layer of its own puts every request and answer into a box more.
    let around = (
        CompressionLayer::new(),
        from_fn_with_state(state.clone(), frame::frame),
        DefaultBodyLimit::max(BODY_LIMIT),
        CatchPanicLayer::custom(move |_| message("broken", StatusCode::INTERNAL_SERVER_ERROR)),
    );
    routes
        .fallback(async move || message("not-found", StatusCode::NOT_FOUND))
        .layer(around)
        .merge(assets::routes().layer(CompressionLayer::new()))
        .with_state(state)
}
