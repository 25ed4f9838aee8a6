//! A new operator, with a password that is handed out and replaced at the first sign-in.

use domain::{
    audit::AuditLine,
    id::OperatorId,
    ident::text::Text,
    operator::{Permission, Role, read_username},
};
use serde_json::json;
use store::operators as rows;

use super::{authorise, handed_out};
use crate::{Cx, FieldProblem, Problem, audit, hashing::SALT_LEN};

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct NewOperator {
    pub username: String,
    pub name: String,
    pub role: String,
}

/// Who was made. The password is shown once and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    pub operator: OperatorId,
    pub username: String,
    pub password: String,
}

/// Writes the operator.
///
/// # Errors
/// `operator-username`, `operator-name`, `operator-role` at their fields; `operator-taken`; forbidden.
pub async fn create_operator(cx: &Cx, typed: NewOperator) -> Result<Created, Problem> {
    authorise(cx, Permission::ManageOperators)?;
    let (username, name, role) = read(&typed)?;
    let password = handed_out(cx);
    let hash = cx.hashing().hash(&password, cx.random::<SALT_LEN>()).await?;
    let operator: OperatorId = cx.new_id();
    let (cx2, username2) = (cx.clone(), username.clone());
    cx.write(async move |tx| {
        let row = rows::NewOperator {
            id: operator.uuid(),
            username: &username2,
            display_name: &name,
            role: role.as_str(),
            password_hash: &hash,
            now: cx2.now().micros(),
        };
        if rows::by_username(tx, &username2).await?.is_some() {
            return Err(Problem::invalid_field("username", "operator-taken"));
        }
        rows::insert(tx, &row).await?;
        let details = json!({ "username": username2, "role": role.as_str() });
        audit::record(tx, &cx2, &AuditLine::new("operator.created", "operator", operator.uuid(), details)).await
    })
    .await?;
    Ok(Created { operator, username, password })
}

fn read(typed: &NewOperator) -> Result<(String, String, Role), Problem> {
    let mut wrong = Vec::new();
    let username = read_username(&typed.username);
    if username.is_none() {
        wrong.push(FieldProblem::new("username", "operator-username"));
    }
    let name = Text::line(&typed.name, 80).ok().map(Text::into_string);
    if name.is_none() {
        wrong.push(FieldProblem::new("name", "operator-name"));
    }
    let role = Role::parse(&typed.role);
    if role.is_none() {
        wrong.push(FieldProblem::new("role", "operator-role"));
    }
    match (username, name, role) {
        (Some(username), Some(name), Some(role)) => Ok((username, name, role)),
        _ => Err(Problem::invalid(wrong)),
    }
}
