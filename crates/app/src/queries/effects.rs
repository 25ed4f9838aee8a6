//! Effects as operators and metrics see them.

use domain::{id::EffectId, time::Timestamp};

use crate::{Cx, Problem};

/// A stuck effect with its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct StuckEffect {
    pub id: EffectId,
    pub kind: String,
    pub subject_kind: String,
    pub attempts: i64,
    pub since: Option<Timestamp>,
    pub reason: String,
}

/// Number of effects by state.
///
/// # Errors
/// When the store cannot be read.
pub async fn counts(cx: &Cx) -> Result<Vec<(String, i64)>, Problem> {
    let rows = store::effects::counts(&mut cx.store()).await?;
    Ok(rows.into_iter().map(|r| (r.state, r.count)).collect())
}

fn seen(r: store::effects::EffectRow) -> StuckEffect {
    StuckEffect {
        id: EffectId::from_uuid(r.id),
        kind: r.kind,
        subject_kind: r.subject_kind,
        attempts: r.attempts,
        since: r.finished_at.map(Timestamp::from_micros),
        reason: r.last_error.unwrap_or_default(),
    }
}

/// The oldest stuck effects.
///
/// # Errors
/// When the store cannot be read.
pub async fn stuck(cx: &Cx, limit: i64) -> Result<Vec<StuckEffect>, Problem> {
    Ok(store::effects::stuck(&mut cx.store(), limit).await?.into_iter().map(seen).collect())
}

/// Those behind one that stuck at a moment.
///
/// # Errors
/// When the store cannot be read.
pub async fn stuck_after(cx: &Cx, after: (Timestamp, EffectId), limit: i64) -> Result<Vec<StuckEffect>, Problem> {
    let after = (after.0.micros(), after.1.uuid());
    Ok(store::effects::stuck_after(&mut cx.store(), after, limit).await?.into_iter().map(seen).collect())
}

/// One of them.
///
/// # Errors
/// `NotFound` when it is not stuck.
pub async fn stuck_one(cx: &Cx, id: EffectId) -> Result<StuckEffect, Problem> {
    let found = store::effects::stuck_one(&mut cx.store(), id.uuid()).await?;
    found.map(seen).ok_or_else(Problem::not_found)
}
