//! The two writes around the call that opens the storing of a method, as those around a payment
//! ([`crate::use_cases::payments::checkout`]).

use domain::{
    audit::AuditLine,
    id::{AttemptId, MethodId},
    payment::machine::{AttemptEvent, AttemptState, step},
    time::SECOND_US,
};
use ports::payment::{GatewayInfo, OpenSetup, Opened, Payer, PayerStep};
use serde_json::json;
use store::{
    Batch,
    methods::{self as rows, NewSetup, OpenedSetup, SetupRow},
};

use super::{acting, own};
use crate::{Cx, Problem, audit, use_cases::payments::state_of};

/// What the conversation does next.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// Call the gateway with this.
    Open(Box<OpenSetup>),
    /// It is open already: the customer continues there.
    Continue { url: String },
}

/// Where the gateway sends the browser back.
pub fn back_path(setup: AttemptId) -> String {
    format!("/account/methods/setup/{setup}?back=1")
}
/// Address of the page with the gateway's card fields.
pub fn card_path(setup: AttemptId) -> String {
    format!("/account/methods/setup/{setup}/card")
}

/// Prepares the storing of a method for the acting login, `replaces` being the one whose services move to it. Clicking
/// twice finds the same one.
///
/// # Errors
/// `NotFound` when there is no such method of this login; `Forbidden`.
pub async fn begin(cx: &Cx, replaces: Option<MethodId>, gateway: GatewayInfo) -> Result<Begun, Problem> {
    let login = acting(cx)?;
    let cx_in = cx.clone();
    let id: AttemptId = cx.new_id();
    cx.write(async move |tx| {
        let cx = &cx_in;
        if let Some(replaced) = replaces {
            own(tx, login, replaced).await?;
        }
        let alive = cx.now().plus_us(-gateway.page_lifetime_s * SECOND_US);
        if let Some(earlier) = rows::open_setup(tx, login, gateway.name, alive).await? {
            let row = rows::setup(tx, earlier).await?.ok_or_else(Problem::not_found)?;
            if row.replaces_id == replaces {
                return Ok(match &row.continue_url {
                    Some(url) => Begun::Continue { url: url.clone() },
                    None => Begun::Open(Box::new(wish(cx, &row))),
                });
            }
        }
        let owner = rows::owner(tx, login, gateway.name).await?.ok_or_else(Problem::not_found)?;
        // The call is about to leave.
        let begun = step(AttemptState::Created, AttemptEvent::CallStarted, 0, cx.now()).map_err(Problem::broken)?;
        let mut batch = Batch::new();
        let new = NewSetup {
            id,
            login,
            gateway: gateway.name,
            customer: owner.customer.as_deref(),
            replaces,
            state: begun.next.as_str(),
            created_at: cx.now(),
            check_at: begun.check_at,
        };
        rows::insert_setup(&mut batch, &new);
        tx.batch(batch).await?;
        let details = json!({ "gateway": gateway.name, "replaces": replaces });
        audit::record(tx, cx, &AuditLine::new("method.setup_started", "setup", id.uuid(), details)).await?;
        let row = rows::setup(tx, id).await?.ok_or_else(Problem::not_found)?;
        Ok(Begun::Open(Box::new(wish(cx, &row))))
    })
    .await
}

fn wish(cx: &Cx, row: &SetupRow) -> OpenSetup {
    OpenSetup {
        attempt: row.id,
        payer: Payer {
            party: row.party_id,
            customer: row.gateway_customer.clone(),
            email: row.email.clone(),
            name: row.display_name.clone(),
        },
        return_url: format!("{}{}", cx.settings().base_url, back_path(row.id)),
        language: cx.locale.code().to_owned(),
    }
}

/// Writes what the gateway opened; answers where the customer goes.
///
/// # Errors
/// `NotFound` when the set-up is gone; the store's.
pub async fn opened(cx: &Cx, setup: AttemptId, opened: Opened) -> Result<String, Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let row = rows::setup(tx, setup).await?.ok_or_else(Problem::not_found)?;
        let (url, card_form) = match &opened.next {
            PayerStep::Redirect { url } => (url.clone(), None),
            form @ PayerStep::CardForm { .. } => {
                let text = serde_json::to_string(form).expect("a card form is plain data");
                (card_path(setup), Some(text))
            }
        };
        let step = step(state_of(&row.state)?, AttemptEvent::Opened, row.checks, cx_in.now());
        // Somebody has already finished there, or opened it a moment ago.
        let Some(step) = step.ok().filter(|s| row.gateway_ref.is_none() && !s.next.is_final()) else { return Ok(url) };
        let mut batch = Batch::new();
        let change = OpenedSetup {
            state: step.next.as_str(),
            reference: &opened.reference,
            customer: opened.customer.as_deref(),
            continue_url: &url,
            card_form: card_form.as_deref(),
            check_at: step.check_at,
        };
        rows::opened_setup(&mut batch, setup, row.version, &change);
        if let Some(customer) = &opened.customer {
            store::payments::customer(&mut batch, row.party_id, &row.gateway, customer, cx_in.now());
        }
        tx.batch(batch).await?;
        Ok(url)
    })
    .await
}
