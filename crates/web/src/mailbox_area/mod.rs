//! The area of a mailbox holder who signed in with the mailbox. One bought on the site opens its own card at once
//! (domain notes 4.3); one under an agreement has credit, add-ons, outcomes and the holder's data (4.1, from S4).

mod addons;
mod credit;
mod data;
mod mailboxes;
mod operations;
mod renewals;

use app::{Problem, queries::holder_area, rows::MemberRow};
use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    routing::{get, post},
};
use render::pages::holder_area::Credit;

use crate::{AppState, FormData, Holder, Refusal, Visit, form};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/mailbox", get(mailboxes::home))
        .route("/mailbox/card", get(mailboxes::card))
        .route("/mailbox/addons/compare", get(addons::compare))
        .route("/mailbox/addons/new", get(addons::ask).post(addons::buy))
        .route("/mailbox/credit", get(credit::ask).post(credit::start))
        .route("/mailbox/credit/{order}/wait", get(credit::wait))
        .route("/mailbox/credit/statement", get(credit::statement))
        .route("/mailbox/credit/statement.csv", get(credit::export))
        .route("/mailbox/renewals", get(renewals::coming))
        .route("/mailbox/operations", get(operations::list))
        .route("/mailbox/orders/{order}", get(operations::order))
        .route("/mailbox/data", get(data::show))
        .route("/mailbox/data/address", post(data::save_address))
        .route("/mailbox/data/contacts", post(data::save_contacts))
        .route("/mailbox/data/email", post(data::send_code))
        .route("/mailbox/data/email-code", post(data::confirm_email))
}

/// A visit of the holder of a mailbox under an agreement; others do not find these pages.
struct Member {
    visit: Visit,
    row: MemberRow,
}

impl FromRequestParts<AppState> for Member {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let Holder { visit, .. } = Holder::from_request_parts(parts, state).await?;
        let row = holder_area::member(&visit.cx).await?.ok_or_else(Problem::not_found)?;
        Ok(Self { visit, row })
    }
}

impl Member {
    fn credit(&self) -> Credit {
        credit_of(&self.row)
    }
}

fn credit_of(row: &MemberRow) -> Credit {
    Credit { available: row.posted_cents - row.held_cents, held: row.held_cents }
}

/// A new key for a form that counts once.
fn form_key(visit: &Visit) -> String {
    uuid::Uuid::from_bytes(visit.cx.random()).simple().to_string()
}

/// The fields of a query; nonsense is no field.
fn asked(query: Option<String>) -> FormData {
    query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default()
}
