//! Stored methods as their customers look after them: add, replace, remove, prefer (domain notes 2.7, 4.5).

pub mod apply_setup;
pub mod ask_setup;
pub mod begin_setup;
pub mod prefer_method;
pub mod remove_method;

pub use crate::conversations::open_setup::open_setup;

use domain::{
    actor::Actor,
    id::{LoginId, MethodId},
};
use render::{Locale, notices::methods::MethodChanged};
use store::{WriteTx, methods as rows, methods::OwnerRow, payments::MethodRow};

use crate::{Cx, Problem, notice::Notice};

/// Services of a login that are told and listed; the others are counted.
pub(crate) const SERVICES_TOLD: i64 = 200;

/// The login that acts.
fn acting(cx: &Cx) -> Result<LoginId, Problem> {
    match cx.actor {
        Actor::Login { login, .. } => Ok(login),
        _ => Err(Problem::forbidden()),
    }
}

/// A usable method of a login; what belongs to others is not found.
async fn own(tx: &mut WriteTx, login: LoginId, method: MethodId) -> Result<MethodRow, Problem> {
    let found = store::payments::method(tx, method).await?;
    found.filter(|m| m.login_id == login && m.state == "usable").ok_or_else(Problem::not_found)
}

/// The services that renew with a method, as mails tell them.
async fn told(tx: &mut WriteTx, login: LoginId, method: MethodId) -> Result<Vec<String>, Problem> {
    let services = rows::services(tx, login, SERVICES_TOLD).await?;
    Ok(services.into_iter().filter(|s| s.method_id == Some(method)).map(|s| s.address).collect())
}

/// Tells the owner of a login what became of a method.
async fn tell(tx: &mut WriteTx, cx: &Cx, owner: &OwnerRow, mail: MethodChanged, key: String) -> Result<(), Problem> {
    let subject = ("party", owner.party_id.uuid());
    Notice::mail(&owner.email, Locale::from_tag(&owner.locale), subject, &mail).once(key).enqueue(tx, cx).await
}
