//! Access given again to an operator who lost the telephone or the password: by another administrator, or
//! from a terminal of the installation.

use domain::{audit::AuditLine, id::OperatorId, operator::Permission};
use serde_json::json;
use store::{operators as rows, sessions};

use super::{authorise, create_operator::Created, handed_out};
use crate::{Cx, Problem, audit, hashing::SALT_LEN};

/// Hands out another password, forgets the second factor, ends every session.
///
/// # Errors
/// `operator-self` for who tries it on himself: a stolen session would make itself at home. Not found; forbidden.
pub async fn reset_operator(cx: &Cx, operator: OperatorId) -> Result<Created, Problem> {
    authorise(cx, Permission::ManageOperators)?;
    if cx.actor.uuid() == Some(operator.uuid()) {
        return Err(Problem::refused("operator-self"));
    }
    let password = handed_out(cx);
    let hash = cx.hashing().hash(&password, cx.random::<SALT_LEN>()).await?;
    let cx2 = cx.clone();
    let username = cx
        .write(async move |tx| {
            let row = rows::by_id(tx, operator.uuid()).await?.ok_or_else(Problem::not_found)?;
            if rows::reset(tx, row.id, row.version, &hash).await? != 1 {
                return Err(Problem::conflict("operator-changed-meanwhile"));
            }
            sessions::close_all_of_operator(tx, row.id).await?;
            audit::record(tx, &cx2, &AuditLine::new("operator.reset", "operator", row.id, json!({}))).await?;
            Ok(row.username)
        })
        .await?;
    Ok(Created { operator, username, password })
}

/// The operator with this username, for commands.
///
/// # Errors
/// Not found.
pub async fn by_username(cx: &Cx, username: &str) -> Result<OperatorId, Problem> {
    let row = rows::by_username(&mut cx.store(), &username.trim().to_ascii_lowercase()).await?;
    Ok(OperatorId::from_uuid(row.ok_or_else(Problem::not_found)?.id))
}
