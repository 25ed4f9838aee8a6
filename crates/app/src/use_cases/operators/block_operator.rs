//! An operator kept out, or let in again. Nobody is deleted: the audit names them.

use domain::{audit::AuditLine, id::OperatorId, operator::Permission};
use serde_json::json;
use store::{operators as rows, sessions};

use super::authorise;
use crate::{Cx, Problem, audit};

/// Blocks (sessions end at once) or unblocks. What is so already stays so.
///
/// # Errors
/// `operator-self` for who tries it on himself; not found; forbidden.
pub async fn block_operator(cx: &Cx, operator: OperatorId, blocked: bool) -> Result<(), Problem> {
    authorise(cx, Permission::ManageOperators)?;
    if cx.actor.uuid() == Some(operator.uuid()) {
        return Err(Problem::refused("operator-self"));
    }
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let row = rows::by_id(tx, operator.uuid()).await?.ok_or_else(Problem::not_found)?;
        let (state, action) = if blocked { ("blocked", "operator.blocked") } else { ("active", "operator.unblocked") };
        if row.state == state {
            return Ok(());
        }
        if rows::set_state(tx, row.id, row.version, state).await? != 1 {
            return Err(Problem::conflict("operator-changed-meanwhile"));
        }
        sessions::close_all_of_operator(tx, row.id).await?;
        audit::record(tx, &cx2, &AuditLine::new(action, "operator", row.id, json!({}))).await
    })
    .await
}
