//! The area of a mailbox holder who signed in with the mailbox. One bought on the site opens its own card at once
//! (domain notes 4.3); one under an agreement has credit, add-ons, outcomes and the holder's data (4.1, from S4).

mod addons;
mod comebacks;
mod credit;
mod data;
mod mailboxes;
mod operations;
mod renewals;
mod terminations;
mod wanted;

pub(crate) use self::credit::plain;

use app::{Problem, queries::holder_area, rows::MemberRow};
use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    routing::{get, post},
};
use domain::money::Money;
use render::{Form, Msg, pages::holder_area::Credit};

use crate::{AppState, FormData, Holder, Refusal, Visit, answer::with_problem, form};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/mailbox", get(mailboxes::home))
        .route("/mailbox/card", get(mailboxes::card))
        .route("/mailbox/addons/compare", get(addons::compare))
        .route("/mailbox/addons/new", get(addons::ask).post(addons::buy))
        .route("/mailbox/addons/{id}/back", get(comebacks::ask).post(comebacks::take))
        .route("/mailbox/credit", get(credit::ask).post(credit::start))
        .route("/mailbox/credit/{order}/wait", get(credit::wait))
        .route("/mailbox/credit/statement", get(credit::statement))
        .route("/mailbox/credit/statement.csv", get(credit::export))
        .route("/mailbox/terminate", get(terminations::ask).post(terminations::submit))
        .route("/mailbox/terminate/back", post(terminations::take_back))
        .route("/mailbox/renewals", get(renewals::coming))
        .route("/mailbox/renew", get(renewals::ask).post(renewals::renew))
        .route("/mailbox/auto-renew", get(renewals::ask_switch).post(renewals::switch))
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

/// The form with the problem; a changed price is told with both totals.
fn refused(form: Form, problem: &Problem) -> Form {
    if !problem.is("price-changed") {
        return with_problem(form, problem);
    }
    let money = |name: &str| Money::cents(problem.args.get(name).and_then(|v| v.parse().ok()).unwrap_or(0));
    form.with_problem(Msg::problem("price-changed").arg("shown", money("shown")).arg("now", money("now")))
}

/// A new key for a form that counts once.
fn form_key(visit: &Visit) -> String {
    uuid::Uuid::from_bytes(visit.cx.random()).simple().to_string()
}

/// The fields of a query; nonsense is no field.
fn asked(query: Option<String>) -> FormData {
    query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default()
}
