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

/// The oldest stuck effects.
///
/// # Errors
/// When the store cannot be read.
pub async fn stuck(cx: &Cx, limit: i64) -> Result<Vec<StuckEffect>, Problem> {
    let rows = store::effects::stuck(&mut cx.store(), limit).await?;
    let seen = rows.into_iter().map(|r| StuckEffect {
        id: EffectId::from_uuid(r.id),
        kind: r.kind,
        subject_kind: r.subject_kind,
        attempts: r.attempts,
        since: r.finished_at.map(Timestamp::from_micros),
        reason: r.last_error.unwrap_or_default(),
    });
    Ok(seen.collect())
}
