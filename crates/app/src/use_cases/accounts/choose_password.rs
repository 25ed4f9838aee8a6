//! The first password of a new username, which makes it an account.

use domain::{
    audit::AuditLine,
    id::LoginId,
    ident::password::{self, PasswordPolicy},
    login::{LoginEvent, LoginState, step},
    time::Timestamp,
};
use render::{Locale, notices::accounts::RegistrationConfirmed};
use serde_json::json;
use store::{WriteTx, logins, registrations};

use super::registration::{self, Draft, Step};
use crate::{
    Cx, FieldProblem, Problem, audit,
    hashing::SALT_LEN,
    notice::Notice,
    sessions::{self, Client, Of},
};

/// What the page needs to show the username.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub login: LoginId,
    pub username: String,
    pub completed: bool,
    pub next: Option<String>,
}

/// A finished registration: the browser is signed in.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Secret of the session's cookie.
    pub session: String,
}

/// The username that waits for its password.
///
/// # Errors
/// `registration-gone` when there is none.
pub async fn credentials(cx: &Cx, secret: &str) -> Result<Credentials, Problem> {
    let found = registration::must(&mut cx.store(), cx, secret).await?;
    let login = found.login.ok_or_else(|| Problem::refused("registration-incomplete"))?;
    let row = logins::by_id(&mut cx.store(), login.uuid()).await?;
    let row = row.filter(|r| r.state != "dropped").ok_or_else(|| Problem::refused("registration-gone"))?;
    Ok(Credentials { login, username: row.username, completed: row.state == "active", next: found.next })
}

/// Sets the password, sends «Conferma iscrizione», signs in. Sent twice it signs in twice.
///
/// # Errors
/// Unmet criteria field by field; `registration-gone`; `login-already-completed` when the account got
/// another password meanwhile.
pub async fn choose_password(
    cx: &Cx,
    secret: String,
    chosen: String,
    again: String,
    client: Client,
) -> Result<Chosen, Problem> {
    let credentials = credentials(cx, &secret).await?;
    let login = logins::with_party(&mut cx.store(), credentials.login.uuid()).await?.ok_or_else(Problem::not_found)?;
    let session = sessions::new_secret(cx);
    if credentials.completed {
        // A second press of the button: the same password signs in again, another one does not.
        if !cx.hashing().verify(&chosen, login.password_hash.as_deref()).await? {
            return Err(Problem::refused("login-already-completed"));
        }
        return sign_in(cx, credentials.login, client, session).await;
    }
    let personal = [login.username.as_str(), login.fiscal_code.as_deref().unwrap_or_default()];
    judge(&chosen, &again, &personal, &cx.settings().password_policy)?;
    let hash = cx.hashing().hash(&chosen, cx.random::<SALT_LEN>()).await?;
    let cx2 = cx.clone();
    let (login_id, secret_out) = (credentials.login, session.clone());
    cx.write(async move |tx| {
        let row = logins::with_party(tx, login_id.uuid()).await?.ok_or_else(Problem::not_found)?;
        complete(tx, &cx2, &row, &hash).await?;
        let found = registration::must(tx, &cx2, &secret).await?;
        let empty = Draft::default().to_json();
        registrations::save(tx, found.id.uuid(), found.version, Step::Done.as_str(), &empty).await?;
        sessions::open(tx, &cx2, Of::Login(login_id), &client, &secret_out).await?;
        Ok(())
    })
    .await?;
    Ok(Chosen { session })
}

async fn sign_in(cx: &Cx, login: LoginId, client: Client, session: String) -> Result<Chosen, Problem> {
    let (cx2, secret) = (cx.clone(), session.clone());
    cx.write(async move |tx| {
        sessions::open(tx, &cx2, Of::Login(login), &client, &secret).await?;
        Ok(())
    })
    .await?;
    Ok(Chosen { session })
}

async fn complete(tx: &mut WriteTx, cx: &Cx, row: &logins::LoginOfPartyRow, hash: &str) -> Result<(), Problem> {
    let state = LoginState::parse(&row.state).ok_or_else(|| Problem::broken("a login with an unknown state"))?;
    let now = cx.now();
    let done = step(state, LoginEvent::Completed, Timestamp::from_micros(row.created_at), now)
        .map_err(|r| Problem::refused(r.code()))?;
    if logins::set_password(tx, row.id, row.version, done.next.as_str(), hash, now.micros()).await? != 1 {
        return Err(Problem::refused("login-already-completed"));
    }
    let keep = cx.settings().password_policy.history as i64;
    logins::remember_password(tx, row.id, hash, keep, now.micros()).await?;
    logins::signed_in(tx, row.id, now.micros()).await?;
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    let context = RegistrationConfirmed { first_name: row.first_name.clone(), username: row.username.clone() };
    Notice::mail(&row.email, locale, ("login", row.id), &context)
        .once(format!("registered:{}", row.id))
        .enqueue(tx, cx)
        .await?;
    audit::record(tx, cx, &AuditLine::new(done.audit, "login", row.id, json!({}))).await
}

/// Judges a new password typed twice, for the fields `password` and `password_again`.
///
/// # Errors
/// Every criterion that is not met.
pub fn judge(chosen: &str, again: &str, personal: &[&str], policy: &PasswordPolicy) -> Result<(), Problem> {
    let personal: Vec<&str> = personal.iter().copied().filter(|p| !p.is_empty()).collect();
    let mut wrong: Vec<FieldProblem> = password::unmet(chosen, &personal, policy)
        .into_iter()
        .map(|c| FieldProblem::new("password", c.code()).with("min", policy.min_length).with("max", policy.max_length))
        .collect();
    if chosen != again {
        wrong.push(FieldProblem::new("password_again", "password-differs"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
}
