//! What operators decide about stuck effects.

use domain::{audit::AuditLine, id::EffectId, operator::Permission};
use serde_json::json;

use super::operators::authorise;
use crate::{Cx, Problem, audit, effects::Registry};

/// Tries a stuck effect again, from its beginning and with its old key.
///
/// # Errors
/// Not found when there is no such effect, or it is not stuck.
pub async fn retry(cx: &Cx, id: EffectId) -> Result<(), Problem> {
    decide(cx, id, "effect.retried").await
}

/// Gives a stuck or waiting effect up: it is closed and keeps its reason, and what hung on it is free again.
///
/// # Errors
/// Not found when there is no such effect, or it is not stuck.
pub async fn give_up(cx: &Cx, id: EffectId) -> Result<(), Problem> {
    decide(cx, id, "effect.given_up").await
}

async fn decide(cx: &Cx, id: EffectId, action: &'static str) -> Result<(), Problem> {
    let needed = if action == "effect.retried" { Permission::RetryEffects } else { Permission::GiveUpEffects };
    authorise(cx, needed)?;
    let (inner, now) = (cx.clone(), cx.now().micros());
    cx.write(async move |tx| {
        let changed = match action {
            "effect.retried" => store::effects::retry(tx, id.uuid(), now).await?,
            _ => store::effects::give_up(tx, id.uuid(), now).await?,
        };
        if !changed {
            return Err(Problem::not_found());
        }
        if action == "effect.given_up"
            && let Some(row) = store::effects::asked(tx, id.uuid()).await?
            && let Some(runner) = Registry::all().get(&row.kind)
        {
            runner.given_up(tx, &inner, &row.payload).await?;
        }
        audit::record(tx, &inner, &AuditLine::new(action, "effect", id.uuid(), json!({}))).await
    })
    .await
}
