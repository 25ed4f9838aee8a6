//! The customer came back from the gateway where a method was stored: it is asked at once.

use domain::{id::AttemptId, time::SECOND_US};
use store::methods as rows;

use super::acting;
use crate::{
    Cx, Problem,
    effects::{self, Effect, confirm_setup::ConfirmSetup},
};

/// Coming back again so soon asks once, in seconds.
const ONCE_IN_S: i64 = 5;

/// Asks about a set-up of the acting login.
///
/// # Errors
/// `NotFound` when there is no such set-up for this actor; the store's.
pub async fn ask_setup(cx: &Cx, setup: AttemptId) -> Result<(), Problem> {
    let login = acting(cx)?;
    let row = rows::setup(&mut cx.store(), setup).await?;
    row.filter(|r| r.login_id == login).ok_or_else(Problem::not_found)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let moment = cx_in.now().micros() / (ONCE_IN_S * SECOND_US);
        let key = format!("confirm-setup:{setup}:back:{moment}");
        let request = ConfirmSetup { setup }.request(("setup", setup.uuid()), Some(key), cx_in.now());
        effects::enqueue(tx, &cx_in, &[request]).await
    })
    .await
}
