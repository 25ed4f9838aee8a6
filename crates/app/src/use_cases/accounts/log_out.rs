//! Signing out: the session of this browser ends.

use domain::audit::AuditLine;
use serde_json::json;
use store::sessions as rows;

use crate::{Cx, Problem, audit, secrets::sha256};

/// Ends the session of this secret; one that has ended already is fine.
///
/// # Errors
/// When the store cannot be written.
pub async fn log_out(cx: &Cx, secret: String) -> Result<(), Problem> {
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let closed = rows::close_by_token(tx, &sha256(secret.as_bytes())).await?;
        if let (1.., Some(id)) = (closed, cx2.actor.uuid()) {
            let line = AuditLine::new("session.closed", cx2.actor.kind(), id, json!({ "by": "sign_out" }));
            audit::record(tx, &cx2, &line).await?;
        }
        Ok(())
    })
    .await
}
