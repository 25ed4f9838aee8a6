//! Money that no order could use is the customer's for twelve months: it is told before it is lost (domain notes 2.7).

use domain::{
    id::PartyId,
    payment::credit::{WARNED_DAYS, last_day},
};
use store::WriteTx;

use crate::{
    Cx, Problem,
    effects::{self, Effect, lapse_credit::LapseCredit},
};

/// Asks, in the transaction that credits it, for the look at it before it is lost.
///
/// # Errors
/// The store's.
pub(crate) async fn credited(tx: &mut WriteTx, cx: &Cx, party: PartyId) -> Result<(), Problem> {
    let end = last_day(cx.now().date());
    let effect = LapseCredit { party, end, warned: false };
    let key = format!("credit:{party}:{}:warn", end.iso());
    let at = end.plus_days(-WARNED_DAYS).at(9, 0);
    effects::enqueue(tx, cx, &[effect.request(("party", party.uuid()), Some(key), at)]).await
}
