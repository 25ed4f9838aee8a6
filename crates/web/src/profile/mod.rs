//! The registry record in the customer area: data, contacts, e-mail, password, consents, further logins.

mod address;
mod consents;
mod contacts;
mod email;
mod new_login;
mod password;
mod question;
mod show;

pub(crate) use address::differences;
pub(crate) use show::locked;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{AppState, Customer, Visit};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/account/profile", get(show::show))
        .route("/account/profile/contacts", get(contacts::ask).post(contacts::save))
        .route("/account/profile/address", get(address::ask).post(address::save))
        .route("/account/profile/email", get(email::ask).post(email::send))
        .route("/account/profile/email/code", get(email::ask_code).post(email::confirm))
        .route("/account/profile/question", get(question::ask).post(question::save))
        .route("/account/password", get(password::ask).post(password::save))
        .route("/account/consents", get(consents::show).post(consents::save))
        .route("/account/logins/new", get(new_login::ask).post(new_login::prepare))
        .route("/account/logins/confirm", post(new_login::create))
}

/// The browser, for limits and lists of sessions.
fn client(visit: &Visit) -> app::sessions::Client {
    app::sessions::Client { ip: visit.ip.clone(), user_agent: visit.user_agent.clone() }
}

/// The record of who is signed in.
async fn record(customer: &Customer) -> Result<app::queries::profile::Record, app::Problem> {
    app::queries::profile::record(&customer.visit.cx, customer.party).await
}
