//! «Non ricordi la password»: a link by mail or a code by text message, then a new password (domain
//! notes 1.7). Nothing tells whether a username exists.

use domain::{
    id::{Id, LoginId, Subject},
    ident::{email, phone},
    login::{LoginIdentifier, LoginState, read_identifier},
    time::{DAY_US, HOUR_US, MINUTE_US},
};
use render::{
    Locale,
    notices::recover::{ResetPasswordCode, ResetPasswordLink},
};
use serde_json::json;
use store::{
    Query, WriteTx,
    recovery::{self, AccountRow},
};

use super::{
    new_password,
    recover_username::{PER_ADDRESS, within},
};
use crate::{
    Cx, Problem,
    notice::Notice,
    rate_limit::{self, Limit},
    secrets::sha256,
    tokens::{self, Dead, Live},
};

/// How long a link or a code is good; no second one is sent in that time.
const GOOD_FOR_US: i64 = 3 * HOUR_US;
/// How long the page stays open for who typed the code.
const AFTER_CODE_US: i64 = 30 * MINUTE_US;
/// Wrong codes until the code is dead.
const CODE_TRIES: i64 = 5;
/// Requests that count for one record in a day, whichever of its usernames is typed.
const PER_RECORD: Limit = Limit::new(10, DAY_US);
/// Codes that one address may try, and that may be tried for one username.
const CODES_PER_ADDRESS: Limit = Limit::new(20, HOUR_US);
const CODES_PER_LOGIN: Limit = Limit::new(15, DAY_US);

/// How the secret reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Email,
    Sms,
}
impl Way {
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "email" => Some(Self::Email),
            "sms" => Some(Self::Sms),
            _ => None,
        }
    }
}

/// The masked contacts of a username; made up, and always the same, where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// In full, with the realm.
    pub username: String,
    pub email: String,
    pub mobile: Option<String>,
}

/// Reads a typed username.
///
/// # Errors
/// `recover-username` for anything else than a username of this realm.
pub fn read_username(cx: &Cx, typed: &str) -> Result<String, Problem> {
    match read_identifier(typed, &cx.settings().realm) {
        Some(LoginIdentifier::Account { username }) => Ok(username),
        Some(LoginIdentifier::Mailbox { .. }) => Err(Problem::invalid_field("username", "recover-username-mailbox")),
        None => Err(Problem::invalid_field("username", "recover-username")),
    }
}

/// The ways that the page offers.
///
/// # Errors
/// [`read_username`]'s; too many requests from one address.
pub async fn ways(cx: &Cx, typed: &str, ip: &str) -> Result<Ways, Problem> {
    let username = read_username(cx, typed)?;
    rate_limit::hit(cx, format!("recover-ip:{ip}"), PER_ADDRESS).await?;
    let row = active(&mut cx.store(), &username).await?;
    Ok(match row {
        Some(row) => Ways { email: veiled(&row.email), mobile: row.mobile.as_deref().map(phone::masked), username },
        None => made_up(cx, username),
    })
}

/// `g•••••@•••••.it`: the domain is hidden too, since it may name the person.
fn veiled(address: &str) -> String {
    let masked = email::masked(address);
    let (local, domain) = masked.split_once('@').unwrap_or((&masked, ""));
    format!("{local}@•••••.{}", domain.rsplit('.').next().unwrap_or_default())
}

fn made_up(cx: &Cx, username: String) -> Ways {
    let dice = cx.core().secret.derive("recover-ways", username.as_bytes());
    let letter = char::from(b'a' + dice[0] % 26);
    let ending = ["it", "it", "it", "com", "com", "eu"][usize::from(dice[1] % 6)];
    let mobile = (!dice[2].is_multiple_of(8)).then(|| format!("+39•••••••{:03}", u16::from(dice[3]) * 3 % 1000));
    Ways { username, email: format!("{letter}•••••@•••••.{ending}"), mobile }
}

async fn active(q: &mut impl Query, username: &str) -> Result<Option<AccountRow>, Problem> {
    let row = recovery::account_by_username(q, username).await?;
    Ok(row.filter(|r| LoginState::parse(&r.state).is_some_and(LoginState::may_sign_in)))
}

fn subject(row: &AccountRow) -> Id<Subject> {
    LoginId::from_uuid(row.id).cast()
}

/// Sends the link or the code, unless one is still good. The answer is always the same.
///
/// # Errors
/// [`read_username`]'s; too many requests from one address.
pub async fn request_password_reset(cx: &Cx, typed: &str, way: Way, ip: &str) -> Result<(), Problem> {
    let username = read_username(cx, typed)?;
    rate_limit::hit(cx, format!("recover-send-ip:{ip}"), PER_ADDRESS).await?;
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let Some(row) = active(tx, &username).await? else { return Ok(()) };
        if !within(tx, &cx2, &format!("recover-sent:{}", row.party_id), PER_RECORD).await? {
            return Ok(());
        }
        match way {
            Way::Email => send_link(tx, &cx2, &row).await,
            Way::Sms => send_code(tx, &cx2, &row).await,
        }
    })
    .await
}

async fn send_link(tx: &mut WriteTx, cx: &Cx, row: &AccountRow) -> Result<(), Problem> {
    if tokens::latest(tx, cx, tokens::RESET_PASSWORD, subject(row)).await?.is_some() {
        return Ok(());
    }
    let valid_until = cx.now().plus_us(GOOD_FOR_US);
    let token =
        tokens::issue(tx, cx, tokens::RESET_PASSWORD, subject(row), &json!({"by": "email"}), valid_until).await?;
    let context = ResetPasswordLink {
        name: row.display_name.clone(),
        username: row.username.clone(),
        valid_until,
        link: String::new(),
    };
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    Notice::mail(&row.email, locale, ("login", row.id), &context)
        .with_link(token, tokens::RESET_PASSWORD, "/recover/password/{token}")
        .enqueue(tx, cx)
        .await
}

async fn send_code(tx: &mut WriteTx, cx: &Cx, row: &AccountRow) -> Result<(), Problem> {
    let Some(mobile) = &row.mobile else { return Ok(()) };
    if tokens::latest(tx, cx, tokens::RESET_CODE, subject(row)).await?.is_some() {
        return Ok(());
    }
    let valid_until = cx.now().plus_us(GOOD_FOR_US);
    let token = tokens::issue(tx, cx, tokens::RESET_CODE, subject(row), &json!({}), valid_until).await?;
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    Notice::sms(mobile, locale, ("login", row.id), &ResetPasswordCode { code: String::new() })
        .with_code(token, tokens::RESET_CODE)
        .enqueue(tx, cx)
        .await
}

/// Exchanges a right code for the secret of the page where the new password is chosen.
///
/// # Errors
/// `code-wrong` for every wrong code, of an unknown username too; too many tries.
pub async fn exchange_reset_code(cx: &Cx, typed: &str, code: String, ip: &str) -> Result<String, Problem> {
    let username = read_username(cx, typed)?;
    if code.trim().is_empty() {
        return Err(Problem::invalid_field("code", "code-missing"));
    }
    rate_limit::hit(cx, format!("recover-code-ip:{ip}"), CODES_PER_ADDRESS).await?;
    let bucket = format!("recover-code:{}", hex::encode(&sha256(username.as_bytes())[..16]));
    rate_limit::hit(cx, bucket, CODES_PER_LOGIN).await?;
    let cx2 = cx.clone();
    let token = cx
        .write(async move |tx| {
            let Some(row) = active(tx, &username).await? else { return Ok(None) };
            let Some(live) = tokens::latest(tx, &cx2, tokens::RESET_CODE, subject(&row)).await? else {
                return Ok(None);
            };
            if !tokens::try_code(tx, &cx2, tokens::RESET_CODE, live.id, &code, CODE_TRIES).await? {
                return Ok(None);
            }
            tokens::spend(tx, &cx2, live.id).await?;
            let until = cx2.now().plus_us(AFTER_CODE_US);
            let by = json!({"by": "sms"});
            Ok(Some(tokens::issue(tx, &cx2, tokens::RESET_PASSWORD, subject(&row), &by, until).await?))
        })
        .await?;
    let token = token.ok_or_else(|| Problem::invalid_field("code", "code-wrong"))?;
    Ok(tokens::link_secret(cx, tokens::RESET_PASSWORD, token))
}

/// The account behind a link, for the page; reading spends nothing.
///
/// # Errors
/// When the store cannot be read. The inner result says why the link is dead.
pub async fn open_reset(cx: &Cx, secret: &str) -> Result<Result<AccountRow, Dead>, Problem> {
    let found = tokens::find(&mut cx.store(), cx, tokens::RESET_PASSWORD, secret).await?;
    let Live { subject, .. } = match found {
        Ok(live) => live,
        Err(dead) => return Ok(Err(dead)),
    };
    let row = recovery::account(&mut cx.store(), subject.uuid()).await?;
    Ok(row.filter(|r| LoginState::parse(&r.state).is_some_and(LoginState::may_sign_in)).ok_or(Dead::Used))
}

/// Sets the new password, spends the link, closes every session, and says so by mail and text message.
///
/// # Errors
/// Unmet criteria field by field; `token-used` when the link is dead.
pub async fn reset_password(cx: &Cx, secret: String, password: String, again: String) -> Result<(), Problem> {
    let row = open_reset(cx, &secret).await?.map_err(|_| Problem::refused("token-used"))?;
    let hash = new_password::accept(cx, &row, &password, &again).await?;
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let live = tokens::find(tx, &cx2, tokens::RESET_PASSWORD, &secret).await?;
        let live = live.map_err(|_| Problem::refused("token-used"))?;
        tokens::spend(tx, &cx2, live.id).await?;
        let row = recovery::account(tx, live.subject.uuid()).await?.ok_or_else(Problem::not_found)?;
        new_password::write(tx, &cx2, &row, &hash, None).await
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::veiled;

    #[test]
    fn addresses_are_veiled() {
        assert_eq!(veiled("giulia@studio-bianchi.example.it"), "g•••••@•••••.it");
    }
}
