//! The customer area of a provider account: home, mailboxes, orders, address book.

pub(crate) mod billing;
mod holders;
mod home;
pub(crate) mod mailboxes;
mod orders;
mod withdrawal;
pub(crate) mod words;

use axum::{Router, routing::get};

use crate::AppState;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/account", get(home::show))
        .route("/account/mailboxes", get(mailboxes::list))
        .route("/account/mailboxes.csv", get(mailboxes::export))
        .route("/account/mailboxes/{id}", get(mailboxes::card))
        .route("/account/orders", get(orders::list))
        .route("/account/orders/{id}", get(orders::show))
        .route("/account/orders/{id}/cancel", get(orders::ask_cancel).post(orders::cancel))
        .route("/account/orders/{id}/withdraw", get(withdrawal::ask).post(withdrawal::submit))
        .route("/account/withdrawal", get(withdrawal::list))
        .route("/account/holders", get(holders::book))
        .route("/account/holders/new", get(holders::new).post(holders::create))
        .route("/account/holders/{id}", get(holders::edit).post(holders::save))
        .route("/account/holders/{id}/delete", get(holders::ask_delete).post(holders::delete))
}
