//! Changing the password of a mailbox from its card: the old one is asked for.

use domain::{actor::Actor, id::MailboxId, time::MINUTE_US};
use store::mailbox_life as rows;

use super::passwords::{self, NewPassword, can_have_password};
use crate::{
    Cx, Problem, operations,
    rate_limit::{self, Limit},
};

/// What was typed.
#[derive(Clone)]
pub struct ChangePassword {
    pub mailbox: MailboxId,
    pub old: String,
    pub new: NewPassword,
    /// The session in which it is done stays open.
    pub keep: Option<uuid::Uuid>,
}

/// Wrong old passwords, so that an open session is no way to guess.
const TRIES: Limit = Limit::new(10, 15 * MINUTE_US);

/// Replaces the password; it works at once on the mail servers, and the mailbox's other sessions end.
///
/// # Errors
/// `NotFound` when the mailbox is not the actor's; `password-not-set-yet`; `mailbox-gone`; `invalid` with the fields
/// `old_password`, `password`, `password_again`; `TooMany`.
pub async fn change_password(cx: &Cx, input: ChangePassword) -> Result<(), Problem> {
    let owner = own(cx, input.mailbox).await?;
    if !can_have_password(&owner) {
        return Err(Problem::refused("mailbox-gone"));
    }
    let Some(stored) = owner.password_hash.as_deref() else { return Err(Problem::refused("password-not-set-yet")) };
    rate_limit::hit(cx, format!("mailbox-old-password:{}", owner.id), TRIES).await?;
    if !cx.hashing().verify(&input.old, Some(stored)).await? {
        return Err(Problem::invalid_field("old_password", "password-wrong"));
    }
    let hash = passwords::hash(cx, &owner, &input.new).await?;
    let (this, id, stored, keep) = (cx.clone(), owner.id, stored.to_owned(), input.keep);
    cx.write(async move |tx| {
        let owner = passwords::owner(tx, id).await?;
        // Changed in another tab meanwhile: what was typed as the old one no longer is.
        if owner.password_hash.as_deref() != Some(&stored) {
            return Err(Problem::conflict("changed-meanwhile"));
        }
        passwords::write(tx, &this, &owner, &hash, keep).await?;
        operations::done(tx, &this, owner.id, "password", "operation-password-changed").await?;
        passwords::tell(tx, &this, &owner).await
    })
    .await
}

/// The mailbox, if the actor may change its password: the account that bought it, or the mailbox itself
/// (domain notes 0.2).
///
/// # Errors
/// `NotFound` otherwise.
pub async fn own(cx: &Cx, id: MailboxId) -> Result<rows::OwnerRow, Problem> {
    let owner = passwords::owner(&mut cx.store(), id).await?;
    match cx.actor {
        Actor::Login { login, .. } if owner.login_id == login => Ok(owner),
        Actor::Mailbox { mailbox } if mailbox == id => Ok(owner),
        _ => Err(Problem::not_found()),
    }
}
