//! Single-use links and codes. The database keeps a hash and an identifier; the secret itself is
//! derived from the identifier with the server's secret, so an effect carries only the identifier.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    id::{Id, Subject, TokenId},
    time::Timestamp,
};
use serde_json::Value;
use store::{Query, WriteTx, tokens as rows};

use crate::{Cx, Problem, secrets::sha256};

/// What a token opens. Each has its own derivation, so that one is never good for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind(pub &'static str);

pub const CONFIRM_EMAIL: Kind = Kind("confirm_email");
pub const RESUME_REGISTRATION: Kind = Kind("resume_registration");
pub const RESET_PASSWORD: Kind = Kind("reset_password");
/// Six digits by text message, good for a reset link.
pub const RESET_CODE: Kind = Kind("reset_code");
/// The confirmation of a further login; holds the hash of its password.
pub const NEW_LOGIN: Kind = Kind("new_login");
/// Recovery without the e-mail: the secret answer was right, a new address may be named.
pub const RECOVER_CONTACT: Kind = Kind("recover_contact");
/// The same: six digits sent to the new address, which it holds.
pub const RECOVER_EMAIL: Kind = Kind("recover_email");
/// The same: six digits sent to the registered mobile.
pub const RECOVER_MOBILE: Kind = Kind("recover_mobile");
/// The same: the day of waiting, with the link that stops it.
pub const RECOVER_STOP: Kind = Kind("recover_stop");
pub const CHANGE_EMAIL: Kind = Kind("change_email");
/// An operator who gave the right password and still has to show the second factor.
pub const OPERATOR_SIGN_IN: Kind = Kind("operator_sign_in");
pub const FIRST_PASSWORD: Kind = Kind("first_password");
pub const RESET_MAILBOX: Kind = Kind("reset_mailbox");

/// A token that was found and may be used now.
#[derive(Debug, Clone)]
pub struct Live {
    pub id: TokenId,
    pub subject: Id<Subject>,
    pub data: Value,
    pub expires_at: Timestamp,
}

/// Why a link does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dead {
    Unknown,
    Used,
    Expired,
}

/// Writes a new token for `subject`, good until `expires_at`.
///
/// # Errors
/// When the store cannot be written.
pub async fn issue(
    tx: &mut WriteTx,
    cx: &Cx,
    kind: Kind,
    subject: Id<Subject>,
    data: &Value,
    expires_at: Timestamp,
) -> Result<TokenId, Problem> {
    let id: TokenId = cx.new_id();
    let hash = sha256(link_secret(cx, kind, id).as_bytes());
    rows::insert(
        tx,
        id.uuid(),
        kind.0,
        &hash,
        subject.uuid(),
        &data.to_string(),
        cx.now().micros(),
        expires_at.micros(),
    )
    .await?;
    Ok(id)
}

/// The secret of a link, 43 characters.
pub fn link_secret(cx: &Cx, kind: Kind, id: TokenId) -> String {
    URL_SAFE_NO_PAD.encode(cx.core().secret.derive(&format!("link:{}", kind.0), id.uuid().as_bytes()))
}

/// The six digits of a code that a person types back.
pub fn code(cx: &Cx, kind: Kind, id: TokenId) -> String {
    let digest = cx.core().secret.derive(&format!("code:{}", kind.0), id.uuid().as_bytes());
    let number = u64::from_be_bytes(digest[..8].try_into().expect("eight bytes of thirty-two"));
    format!("{:06}", number % 1_000_000)
}

/// Looks a link's secret up. Reading changes nothing: a mail scanner that follows the link does no harm.
///
/// # Errors
/// When the store cannot be read. The inner result says why the link is dead.
pub async fn find(q: &mut impl Query, cx: &Cx, kind: Kind, secret: &str) -> Result<Result<Live, Dead>, Problem> {
    if secret.len() != 43 {
        return Ok(Err(Dead::Unknown));
    }
    let row = rows::by_hash(q, &sha256(secret.as_bytes())).await?;
    Ok(row.filter(|r| r.kind == kind.0).map_or(Err(Dead::Unknown), |r| live(cx, &r)))
}

/// Whom a link was sent for, also when it is used or too old: for «send it again».
///
/// # Errors
/// When the store cannot be read.
pub async fn subject_of(q: &mut impl Query, kind: Kind, secret: &str) -> Result<Option<Id<Subject>>, Problem> {
    let row = rows::by_hash(q, &sha256(secret.as_bytes())).await?;
    Ok(row.filter(|r| r.kind == kind.0).map(|r| Id::from_uuid(r.subject_id)))
}

/// The newest token of a kind that may still be used for a subject.
///
/// # Errors
/// When the store cannot be read.
pub async fn latest(q: &mut impl Query, cx: &Cx, kind: Kind, subject: Id<Subject>) -> Result<Option<Live>, Problem> {
    let row = rows::latest(q, subject.uuid(), kind.0).await?;
    Ok(row.and_then(|r| live(cx, &r).ok()))
}

fn live(cx: &Cx, row: &rows::TokenRow) -> Result<Live, Dead> {
    if row.used_at.is_some() || row.revoked_at.is_some() {
        return Err(Dead::Used);
    }
    if row.expires_at <= cx.now().micros() {
        return Err(Dead::Expired);
    }
    Ok(Live {
        id: Id::from_uuid(row.id),
        subject: Id::from_uuid(row.subject_id),
        data: serde_json::from_str(&row.data).unwrap_or(Value::Null),
        expires_at: Timestamp::from_micros(row.expires_at),
    })
}

/// Marks a token used; of two at the same moment only one succeeds.
///
/// # Errors
/// `Refused("token-used")` when it was used or revoked meanwhile.
pub async fn spend(tx: &mut WriteTx, cx: &Cx, id: TokenId) -> Result<(), Problem> {
    match rows::spend(tx, id.uuid(), cx.now().micros()).await? {
        1 => Ok(()),
        _ => Err(Problem::refused("token-used")),
    }
}

/// Makes every open token of a kind for a subject useless.
///
/// # Errors
/// When the store cannot be written.
pub async fn revoke_all(tx: &mut WriteTx, cx: &Cx, kind: Kind, subject: Id<Subject>) -> Result<(), Problem> {
    rows::revoke_all(tx, subject.uuid(), kind.0, cx.now().micros()).await?;
    Ok(())
}

/// Counts a wrong code against the token and answers whether `typed` is right; after `max`
/// wrong ones the token is revoked.
///
/// # Errors
/// When the store cannot be written.
pub async fn try_code(
    tx: &mut WriteTx,
    cx: &Cx,
    kind: Kind,
    token: TokenId,
    typed: &str,
    max: i64,
) -> Result<bool, Problem> {
    use subtle::ConstantTimeEq;
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    if bool::from(code(cx, kind, token).as_bytes().ct_eq(digits.as_bytes())) {
        return Ok(true);
    }
    rows::count_attempt(tx, token.uuid(), max, cx.now().micros()).await?;
    Ok(false)
}

/// The constant of a stored kind, so that a payload cannot name a derivation of its own.
pub fn known(kind: &str) -> &'static str {
    const ALL: [Kind; 13] = [
        OPERATOR_SIGN_IN,
        RECOVER_CONTACT,
        RECOVER_EMAIL,
        RECOVER_MOBILE,
        RECOVER_STOP,
        CONFIRM_EMAIL,
        RESUME_REGISTRATION,
        RESET_PASSWORD,
        RESET_CODE,
        NEW_LOGIN,
        CHANGE_EMAIL,
        FIRST_PASSWORD,
        RESET_MAILBOX,
    ];
    ALL.into_iter().find(|k| k.0 == kind).map_or("unknown", |k| k.0)
}
