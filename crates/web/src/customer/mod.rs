//! The customer area of a provider account: home, mailboxes, orders, address book.

pub(crate) mod billing;
mod holders;
mod home;
pub(crate) mod mailboxes;
mod methods;
mod orders;
pub(crate) mod renewals;
pub(crate) mod terminations;
mod withdrawal;
pub(crate) mod words;

use axum::{
    Router,
    routing::{get, post},
};

use crate::AppState;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/account", get(home::show))
        .route("/account/mailboxes", get(mailboxes::list))
        .route("/account/mailboxes.csv", get(mailboxes::export))
        .route("/account/mailboxes/{id}", get(mailboxes::card))
        .route("/account/mailboxes/{id}/renew", get(renewals::ask).post(renewals::submit))
        .route("/account/mailboxes/{id}/auto-renew", get(renewals::ask_switch).post(renewals::switch))
        .route("/account/mailboxes/{id}/terminate", get(terminations::ask).post(terminations::submit))
        .route("/account/mailboxes/{id}/terminate/back", post(terminations::take_back))
        .route("/account/mailboxes/{id}/again", post(mailboxes::buy_again))
        .route("/account/renewals", get(renewals::coming))
        .route("/account/renewals.csv", get(renewals::coming_file))
        .route("/account/orders", get(orders::list))
        .route("/account/orders/{id}", get(orders::show))
        .route("/account/orders/{id}/cancel", get(orders::ask_cancel).post(orders::cancel))
        .route("/account/orders/{id}/withdraw", get(withdrawal::ask).post(withdrawal::submit))
        .route("/account/methods", get(methods::list).post(methods::add))
        .route("/account/methods/setup/{id}", get(methods::wait))
        .route("/account/methods/setup/{id}/card", get(methods::card))
        .route("/account/methods/{id}/prefer", post(methods::prefer))
        .route("/account/methods/{id}/remove", get(methods::ask_remove).post(methods::remove))
        .route("/account/withdrawal", get(withdrawal::list))
        .route("/account/holders", get(holders::book))
        .route("/account/holders/new", get(holders::new).post(holders::create))
        .route("/account/holders/{id}", get(holders::edit).post(holders::save))
        .route("/account/holders/{id}/delete", get(holders::ask_delete).post(holders::delete))
}
