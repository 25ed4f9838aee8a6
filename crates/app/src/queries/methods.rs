//! What the pages of the stored methods show.

use domain::{
    actor::Actor,
    id::{AttemptId, LoginId, MethodId},
    payment::machine::AttemptState,
};
use ports::payment::PayerStep;
use store::methods::{self as rows, KeptRow, ServiceRow, SetupRow};

use crate::{
    Cx, Problem,
    use_cases::{methods::SERVICES_TOLD, payments::state_of},
};

/// Methods that are listed.
const METHODS: i64 = 50;

/// A method with the services that renew with it.
#[derive(Clone, Debug)]
pub struct Kept {
    pub row: KeptRow,
    pub services: Vec<ServiceRow>,
}

/// The stored methods of a login, the preferred one first.
///
/// # Errors
/// When the store cannot be read.
pub async fn methods(cx: &Cx, login: LoginId) -> Result<Vec<Kept>, Problem> {
    let kept = rows::kept(&mut cx.store(), login, METHODS).await?;
    let services = rows::services(&mut cx.store(), login, SERVICES_TOLD).await?;
    let of = |method: MethodId| services.iter().filter(|s| s.method_id == Some(method)).cloned().collect();
    Ok(kept.into_iter().map(|row| Kept { services: of(row.id), row }).collect())
}

/// One of them.
///
/// # Errors
/// `NotFound` when it is not there, or not this login's.
pub async fn method(cx: &Cx, login: LoginId, id: MethodId) -> Result<Kept, Problem> {
    methods(cx, login).await?.into_iter().find(|m| m.row.id == id).ok_or_else(Problem::not_found)
}

/// How the storing of a method stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The customer can go on at the gateway.
    AtGateway {
        url: String,
    },
    /// The gateway has not answered yet.
    Waiting,
    Stored,
    Failed {
        code: String,
    },
}

async fn own(cx: &Cx, id: AttemptId) -> Result<SetupRow, Problem> {
    let Actor::Login { login, .. } = cx.actor else { return Err(Problem::not_found()) };
    let row = rows::setup(&mut cx.store(), id).await?;
    row.filter(|r| r.login_id == login).ok_or_else(Problem::not_found)
}

/// How a set-up of the acting login stands, from our own database.
///
/// # Errors
/// `NotFound` when there is no such set-up for this actor.
pub async fn setup(cx: &Cx, id: AttemptId) -> Result<Standing, Problem> {
    let row = own(cx, id).await?;
    Ok(match (state_of(&row.state)?, row.continue_url) {
        (AttemptState::Succeeded, _) => Standing::Stored,
        (AttemptState::Failed, _) => Standing::Failed { code: row.failure_code.unwrap_or_default() },
        (AttemptState::Opened | AttemptState::Pending, Some(url)) => Standing::AtGateway { url },
        _ => Standing::Waiting,
    })
}

/// What draws the gateway's card fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFields {
    pub script_url: String,
    pub publishable_key: String,
    pub client_secret: String,
}

/// The gateway's card fields of a set-up.
///
/// # Errors
/// `NotFound` when there is no such set-up for this actor, when it has no card fields, or when it is over.
pub async fn card_form(cx: &Cx, id: AttemptId) -> Result<CardFields, Problem> {
    let row = own(cx, id).await?;
    let over = state_of(&row.state)?.is_final();
    let form = row.card_form.filter(|_| !over).ok_or_else(Problem::not_found)?;
    match serde_json::from_str(&form).map_err(Problem::broken)? {
        PayerStep::CardForm { script_url, publishable_key, client_secret } => {
            Ok(CardFields { script_url, publishable_key, client_secret })
        }
        PayerStep::Redirect { .. } => Err(Problem::not_found()),
    }
}
