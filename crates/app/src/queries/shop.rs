//! What the shop and the steps of an order show.

use domain::{catalogue::CertifiedDomain, id::PartyId};
use store::{carts, catalogue};

use crate::{Cx, Problem};

/// The certified domains on sale, the usual one first.
///
/// # Errors
/// When the store cannot be read.
pub async fn domains(cx: &Cx) -> Result<Vec<CertifiedDomain>, Problem> {
    Ok(catalogue::domains(&mut cx.store()).await?)
}

/// The registry record that buys: default holder, and who is invoiced.
///
/// # Errors
/// `NotFound` when there is no such record.
pub async fn account(cx: &Cx, party: PartyId) -> Result<carts::AccountRow, Problem> {
    carts::account(&mut cx.store(), party).await?.ok_or_else(Problem::not_found)
}
