//! The password again, before a dangerous act: good for ten minutes.

use domain::id::SessionId;
use store::sessions as rows;

use super::log_in::{of_actor, verify_again};
use crate::{
    Cx, Problem,
    sessions::{Client, STEP_UP_US},
};

/// Verifies the password of who is signed in and marks the session fresh.
///
/// # Errors
/// `login-password-wrong` at the field; too many tries.
pub async fn confirm_password(cx: &Cx, session: SessionId, password: String, client: Client) -> Result<(), Problem> {
    if password.is_empty() {
        return Err(Problem::invalid_field("password", "missing-password"));
    }
    verify_again(cx, of_actor(cx)?, &password, &client).await?;
    let until = cx.now().plus_us(STEP_UP_US).micros();
    cx.write(async move |tx| Ok(rows::step_up(tx, session.uuid(), until).await.map(|_| ())?)).await
}
