//! Set-ups of methods whose outcome is not known: their gateway is asked, with growing pauses, until it is.

use domain::payment::machine::pause_s;
use store::methods as rows;

use crate::{
    Cx, Problem,
    effects::{self, Effect, confirm_setup::ConfirmSetup},
};

/// Set-ups taken at a time.
const PAGE: i64 = 50;

/// One page; answers how many are being asked about.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn pass(cx: &Cx) -> Result<usize, Problem> {
    // Looking first keeps an idle installation from writing.
    if rows::due_setups(&mut cx.store(), cx.now(), 1).await?.is_empty() {
        return Ok(0);
    }
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let cx = &cx_in;
        let due = rows::due_setups(tx, cx.now(), PAGE).await?;
        for setup in &due {
            let next = cx.now().plus_seconds(pause_s(setup.checks + 1));
            if rows::asked_setup(tx, setup, next).await? {
                let effect = ConfirmSetup { setup: setup.id };
                let key = format!("confirm-setup:{}:{}", setup.id, setup.checks);
                let request = effect.request(("setup", setup.id.uuid()), Some(key), cx.now());
                effects::enqueue(tx, cx, &[request]).await?;
            }
        }
        Ok(due.len())
    })
    .await
}
