//! «Crea Nuova Login»: one more username for the same registry record (domain notes 1.6).
//!
//! The password is judged and hashed on the first page; the confirmation page carries only the
//! secret of a token that holds the hash. Confirming twice makes one login.

use domain::{
    audit::AuditLine,
    id::{LoginId, PartyId},
    login::LoginState,
    time::MINUTE_US,
};
use render::{Locale, notices::profile::LoginCreated};
use serde_json::{Value, json};
use store::{Query, WriteTx, client_keys, logins, parties};

use super::choose_password::judge;
use crate::{
    Cx, Problem, audit,
    hashing::SALT_LEN,
    notice::Notice,
    secrets::sha256,
    tokens::{self, Dead},
};

/// Usernames that one record may have.
pub const AT_MOST: usize = 20;
/// How long the confirmation page stays good.
const GOOD_FOR_US: i64 = 30 * MINUTE_US;
const SCOPE: &str = "new-login";

/// Usernames of the record that still count.
///
/// # Errors
/// When the store cannot be read.
pub(crate) async fn living(q: &mut impl Query, party: PartyId) -> Result<Vec<logins::LoginRow>, Problem> {
    let all = logins::of_party(q, party.uuid()).await?;
    let ended = |r: &logins::LoginRow| {
        matches!(LoginState::parse(&r.state), Some(LoginState::Closed | LoginState::Dropped) | None)
    };
    Ok(all.into_iter().filter(|r| !ended(r)).collect())
}

/// Judges the password of the new login; answers the secret for the confirmation page.
///
/// # Errors
/// Unmet criteria field by field; `too-many-logins`.
pub async fn prepare_login(cx: &Cx, party: PartyId, password: &str, again: &str) -> Result<String, Problem> {
    let row = parties::by_id(&mut cx.store(), party.uuid()).await?.ok_or_else(Problem::not_found)?;
    room(&mut cx.store(), party).await?;
    judge(password, again, &[row.fiscal_code.as_deref().unwrap_or_default()], &cx.settings().password_policy)?;
    let hash = cx.hashing().hash(password, cx.random::<SALT_LEN>()).await?;
    let cx2 = cx.clone();
    let token = cx
        .write(async move |tx| {
            let until = cx2.now().plus_us(GOOD_FOR_US);
            tokens::issue(tx, &cx2, tokens::NEW_LOGIN, party.cast(), &json!({ "hash": hash }), until).await
        })
        .await?;
    Ok(tokens::link_secret(cx, tokens::NEW_LOGIN, token))
}

async fn room(q: &mut impl Query, party: PartyId) -> Result<(), Problem> {
    if living(q, party).await?.len() < AT_MOST {
        Ok(())
    } else {
        Err(Problem::refused("too-many-logins").with("max", AT_MOST))
    }
}

/// Makes the login, mails the registered address, answers the username; the same one when the
/// confirmation is sent twice.
///
/// # Errors
/// `new-login-gone` when the page is too old; `too-many-logins`.
pub async fn create_login(cx: &Cx, party: PartyId, secret: String) -> Result<String, Problem> {
    let key = hex::encode(sha256(secret.as_bytes()));
    if let Some(username) = made_before(&mut cx.store(), party, &key).await? {
        return Ok(username);
    }
    let number = cx.next_number("login").await?;
    let login: LoginId = cx.new_id();
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let live = match tokens::find(tx, &cx2, tokens::NEW_LOGIN, &secret).await? {
            Ok(live) if live.subject == party.cast() => live,
            Ok(_) | Err(Dead::Unknown | Dead::Expired) => return Err(Problem::refused("new-login-gone")),
            Err(Dead::Used) => {
                let made = made_before(tx, party, &key).await?;
                return made.ok_or_else(|| Problem::refused("new-login-gone"));
            }
        };
        room(tx, party).await?;
        tokens::spend(tx, &cx2, live.id).await?;
        let hash = live.data.get("hash").and_then(Value::as_str).unwrap_or_default();
        let username = format!("{number}@{}", cx2.settings().realm);
        client_keys::claim(tx, SCOPE, &scoped(party, &key), &username, cx2.now().micros()).await?;
        write(tx, &cx2, (party, login), (number, &username), hash).await?;
        Ok(username)
    })
    .await
}

fn scoped(party: PartyId, key: &str) -> String {
    format!("{party}:{key}")
}

async fn made_before(q: &mut impl Query, party: PartyId, key: &str) -> Result<Option<String>, Problem> {
    Ok(client_keys::result(q, SCOPE, &scoped(party, key)).await?)
}

async fn write(
    tx: &mut WriteTx,
    cx: &Cx,
    (party, login): (PartyId, LoginId),
    (number, username): (i64, &str),
    hash: &str,
) -> Result<(), Problem> {
    let now = cx.now().micros();
    let state = LoginState::Active.as_str();
    logins::insert(tx, login.uuid(), party.uuid(), (number, username), state, Some((hash, now)), now).await?;
    let keep = cx.settings().password_policy.history as i64;
    logins::remember_password(tx, login.uuid(), hash, keep, now).await?;
    let row = parties::by_id(tx, party.uuid()).await?.ok_or_else(Problem::not_found)?;
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    let context = LoginCreated { name: row.display_name.clone(), username: username.to_owned(), at: cx.now() };
    Notice::mail(&row.email, locale, ("login", login.uuid()), &context).enqueue(tx, cx).await?;
    audit::record(tx, cx, &AuditLine::new("login.created", "login", login.uuid(), json!({ "number": number }))).await
}
