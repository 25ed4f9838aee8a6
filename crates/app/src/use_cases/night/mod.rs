//! What operators decide about a nightly run.

use domain::{audit::AuditLine, operator::Permission, time::Date};
use serde_json::json;
use store::night as rows;
use uuid::Uuid;

use super::operators::authorise;
use crate::{Cx, Problem, audit};

/// The page that is at work is the last; until the night is resumed no other begins.
///
/// # Errors
/// Forbidden; `night-not-running` when there is nothing to pause.
pub async fn pause(cx: &Cx, day: Date) -> Result<(), Problem> {
    change(cx, day, ("running", "paused"), "night.paused", "night-not-running").await
}

/// The night goes on where it stood, with the worker's next look.
///
/// # Errors
/// Forbidden; `night-not-paused`.
pub async fn resume(cx: &Cx, day: Date) -> Result<(), Problem> {
    change(cx, day, ("paused", "running"), "night.resumed", "night-not-paused").await
}

async fn change(
    cx: &Cx,
    day: Date,
    (from, to): (&'static str, &'static str),
    action: &'static str,
    otherwise: &'static str,
) -> Result<(), Problem> {
    authorise(cx, Permission::RunNight)?;
    let this = cx.clone();
    cx.write(async move |tx| {
        if !rows::set_state(tx, day, from, to).await? {
            return Err(Problem::refused(otherwise));
        }
        let line =
            AuditLine::new(action, "night", Uuid::from_u128(day.days().max(0) as u128), json!({ "day": day.iso() }));
        audit::record(tx, &this, &line).await
    })
    .await
}
