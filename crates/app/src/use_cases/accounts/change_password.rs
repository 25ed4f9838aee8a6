//! A new password for who is signed in and knows the present one.

use domain::id::{LoginId, SessionId};
use store::recovery;

use super::{
    log_in::{of_actor, verify_again},
    new_password,
};
use crate::{Cx, Problem, sessions::Client};

/// What the form holds, exactly as typed.
#[derive(Debug, Clone, Default)]
pub struct Passwords {
    pub present: String,
    pub password: String,
    pub again: String,
}

/// Replaces the password; the session that asks stays, the others end.
///
/// # Errors
/// `password-wrong` at `present_password`; unmet criteria field by field; too many tries.
pub async fn change_password(
    cx: &Cx,
    login: LoginId,
    session: SessionId,
    typed: Passwords,
    client: &Client,
) -> Result<(), Problem> {
    confirm_present(cx, &typed.present, client).await?;
    let row = recovery::account(&mut cx.store(), login.uuid()).await?.ok_or_else(Problem::not_found)?;
    let hash = new_password::accept(cx, &row, &typed.password, &typed.again).await?;
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let row = recovery::account(tx, login.uuid()).await?.ok_or_else(Problem::not_found)?;
        new_password::write(tx, &cx2, &row, &hash, Some(session)).await
    })
    .await
}

/// The present password, asked again before a dangerous change; refusals stand at `present_password`.
///
/// # Errors
/// `missing-password`, `password-wrong`; too many tries.
async fn confirm_present(cx: &Cx, present: &str, client: &Client) -> Result<(), Problem> {
    let field = "present_password";
    if present.is_empty() {
        return Err(Problem::invalid_field(field, "missing-password"));
    }
    verify_again(cx, of_actor(cx)?, present, client).await.map_err(|mut p| {
        for f in &mut p.fields {
            f.field = field.into();
        }
        p
    })
}
