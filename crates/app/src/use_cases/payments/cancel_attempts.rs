//! An order needs no payment any more: what was opened for it is closed at the gateway.

use domain::id::OrderId;
use store::{WriteTx, payments as rows};

use crate::{
    Cx, Problem,
    effects::{self, Effect, close_payment::ClosePayment},
};

/// Asks in the caller's transaction that every open attempt of the order be closed. Whoever is
/// quicker and pays gets the money back as credit.
///
/// # Errors
/// The store's.
pub async fn cancel_attempts(tx: &mut WriteTx, cx: &Cx, order: OrderId) -> Result<(), Problem> {
    for id in rows::open_of_order(tx, order).await? {
        let effect = ClosePayment { attempt: id };
        let request = effect.request(("attempt", id.uuid()), Some(format!("close:{id}")), cx.now());
        effects::enqueue(tx, cx, &[request]).await?;
    }
    Ok(())
}
