//! What all ways to a new mailbox password share: the policy, the former ones, the writing.

use domain::{
    audit::AuditLine,
    id::MailboxId,
    ident::password::{Criterion, unmet},
};
use render::{Locale, notices::mailboxes::MailboxPasswordChanged};
use serde_json::json;
use store::{WriteTx, logins, mailbox_life as rows};

use crate::{Cx, FieldProblem, Problem, audit, notice::Notice};

/// Two fields of a form: the new password and the same again.
#[derive(Clone)]
pub struct NewPassword {
    pub password: String,
    pub again: String,
}
impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// Judges a new password and hashes it. The hashing waits in its queue, so this is done before any
/// transaction.
///
/// # Errors
/// `invalid` with the fields `password` (one entry for each criterion missed) and `password_again`; `busy`.
pub(super) async fn hash(cx: &Cx, owner: &rows::OwnerRow, new: &NewPassword) -> Result<String, Problem> {
    let policy = &cx.settings().password_policy;
    let mut wrong = Vec::new();
    if new.password.is_empty() {
        wrong.push(FieldProblem::new("password", "password-missing"));
    } else {
        for criterion in unmet(&new.password, &[&owner.address, &owner.holder_tax_key], policy) {
            wrong.push(
                FieldProblem::new("password", criterion.code())
                    .with("min", policy.min_length)
                    .with("max", policy.max_length),
            );
        }
        if new.password != new.again {
            wrong.push(FieldProblem::new("password_again", "password-differs"));
        }
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    for former in logins::former_passwords(&mut cx.store(), owner.id.uuid(), policy.history as i64).await? {
        if cx.hashing().verify(&new.password, Some(&former)).await? {
            return Err(Problem::invalid_field("password", Criterion::Reused.code()));
        }
    }
    cx.hashing().hash(&new.password, cx.random()).await
}

/// Writes a password where it belongs: beside the order while the mailbox is not paid, afterwards in the
/// mailbox, from which the mail servers read it at once. The mailbox's sessions end, but for `keep`.
pub(super) async fn write(
    tx: &mut WriteTx,
    cx: &Cx,
    owner: &rows::OwnerRow,
    hash: &str,
    keep: Option<uuid::Uuid>,
) -> Result<(), Problem> {
    match owner.state {
        None => rows::set_waiting(tx, owner.id, hash).await?,
        Some(_) => rows::set_password(tx, owner.id, hash, cx.now()).await?,
    }
    let history = cx.settings().password_policy.history as i64;
    logins::remember_password(tx, owner.id.uuid(), hash, history, cx.now().micros()).await?;
    rows::end_sessions(tx, owner.id, keep).await?;
    let details = json!({ "before_activation": owner.state.as_deref().is_none_or(|s| s == "activating") });
    audit::record(tx, cx, &AuditLine::new("mailbox.password_changed", "mailbox", owner.id.uuid(), details)).await
}

/// «Password modificata», to the security contact of the mailbox (domain notes 7.7).
pub(super) async fn tell(tx: &mut WriteTx, cx: &Cx, owner: &rows::OwnerRow) -> Result<(), Problem> {
    let to = owner.contact_email.as_deref().unwrap_or(&owner.password_email);
    let context = MailboxPasswordChanged { address: owner.address.clone(), at: cx.now() };
    Notice::mail(to, locale(owner), ("mailbox", owner.id.uuid()), &context).enqueue(tx, cx).await
}

pub(super) fn locale(owner: &rows::OwnerRow) -> Locale {
    Locale::parse(&owner.locale).unwrap_or_default()
}

/// The ordered mailbox, if it can have a password: its order is not closed and it has not ended.
pub(super) fn can_have_password(owner: &rows::OwnerRow) -> bool {
    match owner.state.as_deref() {
        None => !matches!(owner.order_state.as_str(), "cancelled" | "expired_unpaid"),
        Some(state) => matches!(state, "activating" | "active" | "expired"),
    }
}

/// The ordered mailbox, read again inside a transaction.
pub(super) async fn owner(q: &mut impl store::Query, id: MailboxId) -> Result<rows::OwnerRow, Problem> {
    rows::owner(q, id).await?.ok_or_else(Problem::not_found)
}
