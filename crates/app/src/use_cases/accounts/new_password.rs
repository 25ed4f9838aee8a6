//! What every change of an account's password shares: criteria, history, closing of sessions, notices.

use domain::{
    audit::AuditLine,
    id::{Id, LoginId, SessionId},
    ident::password::Criterion,
    login::{LoginEvent, LoginState, step},
    time::Timestamp,
};
use render::{
    Locale,
    notices::recover::{PasswordChanged, PasswordChangedSms},
};
use serde_json::json;
use store::{WriteTx, logins, recovery::AccountRow, sessions};

use super::choose_password::judge;
use crate::{Cx, Problem, audit, hashing::SALT_LEN, notice::Notice, tokens};

/// Judges a new password typed twice for this account and answers its hash.
///
/// # Errors
/// Unmet criteria field by field, `password-reused` among them.
pub(crate) async fn accept(cx: &Cx, row: &AccountRow, password: &str, again: &str) -> Result<String, Problem> {
    let policy = cx.settings().password_policy;
    judge(password, again, &[&row.username, row.fiscal_code.as_deref().unwrap_or_default()], &policy)?;
    let former = logins::former_passwords(&mut cx.store(), row.id, policy.history as i64).await?;
    // The present password counts even if it is older than the history.
    let present = row.password_hash.iter().filter(|h| !former.contains(h));
    for hash in former.iter().chain(present) {
        if cx.hashing().verify(password, Some(hash)).await? {
            return Err(Problem::invalid_field("password", Criterion::Reused.code()));
        }
    }
    cx.hashing().hash(password, cx.random::<SALT_LEN>()).await
}

/// Writes the new password: every session but `keep` ends, open links die, the owner is told.
///
/// # Errors
/// `password-changed-meanwhile` when somebody else set one at the same moment.
pub(crate) async fn write(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &AccountRow,
    hash: &str,
    keep: Option<SessionId>,
) -> Result<(), Problem> {
    let state = LoginState::parse(&row.state).ok_or_else(|| Problem::broken("a login with an unknown state"))?;
    let now = cx.now();
    let done = step(state, LoginEvent::PasswordChanged, Timestamp::from_micros(row.created_at), now)
        .map_err(|r| Problem::refused(r.code()))?;
    if logins::set_password(tx, row.id, row.version, done.next.as_str(), hash, now.micros()).await? != 1 {
        return Err(Problem::conflict("password-changed-meanwhile"));
    }
    let keep_hashes = cx.settings().password_policy.history as i64;
    logins::remember_password(tx, row.id, hash, keep_hashes, now.micros()).await?;
    match keep {
        Some(session) => sessions::close_others_of_login(tx, row.id, session.uuid()).await?,
        None => sessions::close_all_of_login(tx, row.id).await?,
    };
    kill_links(tx, cx, Id::from_uuid(row.id)).await?;
    tell(tx, cx, row).await?;
    audit::record(tx, cx, &AuditLine::new(done.audit, "login", row.id, json!({ "by_link": keep.is_none() }))).await
}

/// Links and codes that would set a password of this account are good no more.
pub(crate) async fn kill_links(tx: &mut WriteTx, cx: &Cx, login: LoginId) -> Result<(), Problem> {
    for kind in [
        tokens::RESET_PASSWORD,
        tokens::RESET_CODE,
        tokens::RECOVER_CONTACT,
        tokens::RECOVER_EMAIL,
        tokens::RECOVER_MOBILE,
        tokens::RECOVER_STOP,
    ] {
        tokens::revoke_all(tx, cx, kind, login.cast()).await?;
    }
    Ok(())
}

async fn tell(tx: &mut WriteTx, cx: &Cx, row: &AccountRow) -> Result<(), Problem> {
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    let context = PasswordChanged { name: row.display_name.clone(), username: row.username.clone(), at: cx.now() };
    Notice::mail(&row.email, locale, ("login", row.id), &context).enqueue(tx, cx).await?;
    if let Some(mobile) = &row.mobile {
        let context = PasswordChangedSms { username: row.username.clone() };
        Notice::sms(mobile, locale, ("login", row.id), &context).enqueue(tx, cx).await?;
    }
    Ok(())
}
