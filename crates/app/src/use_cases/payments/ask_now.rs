//! The customer came back from the gateway: it is asked at once, instead of when its event comes.

use domain::{
    id::{AttemptId, OrderId},
    payment::machine::AttemptState,
    time::SECOND_US,
};
use store::payments as rows;

use super::state_of;
use crate::{
    Cx, Problem,
    effects::{self, Effect, confirm_payment::ConfirmPayment},
    queries::payments::may_see,
};

/// Coming back again so soon asks once, in seconds.
const ONCE_IN_S: i64 = 5;

/// Asks about the newest payment of an order that is not over. A gateway that takes only when told takes now.
///
/// # Errors
/// `NotFound` when there is no such order for this actor; the store's.
pub async fn ask_now(cx: &Cx, order: OrderId) -> Result<(), Problem> {
    let row = rows::waiting(&mut cx.store(), order).await?;
    let row = row.filter(|r| may_see(cx, r.login_id, r.mailbox_id)).ok_or_else(Problem::not_found)?;
    let (Some(attempt), Some(state)) = (row.attempt_id, row.attempt_state.as_deref()) else { return Ok(()) };
    match state_of(state)? {
        AttemptState::Opened | AttemptState::Pending | AttemptState::Unknown => ask(cx, attempt).await,
        AttemptState::Created | AttemptState::Succeeded | AttemptState::Failed => Ok(()),
    }
}

async fn ask(cx: &Cx, attempt: AttemptId) -> Result<(), Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let moment = cx_in.now().micros() / (ONCE_IN_S * SECOND_US);
        let key = format!("confirm:{attempt}:back:{moment}");
        let request = ConfirmPayment { attempt }.request(("attempt", attempt.uuid()), Some(key), cx_in.now());
        effects::enqueue(tx, &cx_in, &[request]).await
    })
    .await
    .map(drop)
}
