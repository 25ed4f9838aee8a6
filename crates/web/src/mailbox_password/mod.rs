//! Passwords of mailboxes: the first one behind its link, the reset, the change.

use app::{Cx, use_cases::mailboxes::first_password::NewPassword};
use axum::{
    Router,
    routing::{get, post},
};
use render::pages::password::PasswordRules;

use crate::{AppState, FormData};

mod change;
mod first;
mod recover;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/password/{token}", get(first::show).post(first::save))
        .route("/password/{token}/again", post(first::again))
        .route("/mailbox/recover", get(recover::ask).post(recover::send))
        .route("/mailbox/recover/{token}", get(recover::show).post(recover::save))
        .route("/mailbox/password", get(change::in_mailbox).post(change::save_in_mailbox))
        .route("/account/mailboxes/{id}/password", get(change::in_account).post(change::save_in_account))
        .route("/account/mailboxes/{id}/password-link", post(first::resend))
}

/// The two fields, exactly as typed.
fn new_password(form: &FormData) -> NewPassword {
    NewPassword { password: form.raw("password").to_owned(), again: form.raw("password_again").to_owned() }
}

fn rules(cx: &Cx, address: &str) -> PasswordRules {
    PasswordRules::new(&cx.settings().password_policy, address)
}
