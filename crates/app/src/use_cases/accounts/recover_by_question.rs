//! Recovery for who no longer has the registered e-mail (domain notes 1.7): username, fiscal code and the answer to
//! the secret question, then a code to a new address and one to the registered mobile, then a day in which the old
//! address can stop it. The answer alone never opens anything, and nothing tells whether an account exists.

use domain::{
    audit::AuditLine,
    id::{Id, LoginId, Subject, TokenId},
    ident::{EmailAddress, EmailRefusal, email, text::secret_answer_key},
    login::LoginState,
    time::{DAY_US, MINUTE_US, Timestamp},
};
use render::{
    Locale,
    notices::{
        profile::ConfirmNewEmail,
        recover::{RecoveryMobileCode, RecoveryStarted, RecoveryStartedSms},
    },
};
use serde_json::{Value, json};
use store::{
    Query, WriteTx,
    recovery::{self, AccountRow, QuestionRow},
};

use super::{
    recover_username::{PER_ADDRESS, within},
    reset_password::read_username,
};
use crate::{
    Cx, FieldProblem, Problem, audit,
    effects::{self, Effect, finish_recovery::FinishRecovery},
    notice::Notice,
    rate_limit::{self, Limit},
    secrets::sha256,
    tokens::{self, Kind},
};

/// Wrong answers until the username is left alone for a day.
const WRONG_ANSWERS: Limit = Limit::new(3, DAY_US);
/// The same for the record, whichever of its usernames is tried.
const WRONG_ANSWERS_OF_RECORD: Limit = Limit::new(6, DAY_US);
/// Codes sent for one record in a day, to addresses and to its mobile.
const CODES_OF_RECORD: Limit = Limit::new(6, DAY_US);
/// How long each page waits.
const GOOD_FOR_US: i64 = 30 * MINUTE_US;
/// Wrong codes until a code is dead.
const CODE_TRIES: i64 = 5;
/// How long the old address can stop the recovery.
pub const COOLING_US: i64 = DAY_US;
/// The link that stops it lives longer than the wait, should the worker be late.
const STOP_GOOD_FOR_US: i64 = 7 * DAY_US;

/// Who asks to be found.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub username: String,
    pub tax_code: String,
    pub ip: String,
}

/// The question to show: the record's own, or one that stands for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    Own(String),
    /// One of as many usual questions; always the same for the same data.
    Usual(u8),
}
/// Number of the usual questions.
pub const USUAL: u8 = 5;

/// Shows a question for any username and tax code.
///
/// # Errors
/// [`read_username`]'s; `recover-tax-code`; too many requests from one address.
pub async fn question(cx: &Cx, asked: &Asked) -> Result<Question, Problem> {
    let username = read(cx, asked)?;
    rate_limit::hit(cx, format!("recover-ip:{}", asked.ip), PER_ADDRESS).await?;
    shown(cx, asked, &username).await
}

/// The same question once more, on the page of a wrong answer, whose tries are counted already.
///
/// # Errors
/// As [`question`].
pub async fn question_again(cx: &Cx, asked: &Asked) -> Result<Question, Problem> {
    let username = read(cx, asked)?;
    shown(cx, asked, &username).await
}

async fn shown(cx: &Cx, asked: &Asked, username: &str) -> Result<Question, Problem> {
    let row = matching(&mut cx.store(), username, &asked.tax_code).await?;
    Ok(match row.and_then(|r| r.secret_question) {
        Some(question) => Question::Own(question),
        None => {
            let data = format!("{username} {}", tax_key(&asked.tax_code));
            Question::Usual(cx.core().secret.derive("usual-question", data.as_bytes())[0] % USUAL)
        }
    })
}

fn read(cx: &Cx, asked: &Asked) -> Result<String, Problem> {
    let username = read_username(cx, &asked.username)?;
    if tax_key(&asked.tax_code).is_empty() {
        return Err(Problem::invalid_field("tax_code", "recover-tax-code"));
    }
    Ok(username)
}

fn tax_key(typed: &str) -> String {
    let text: String = typed.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_uppercase();
    if text.len() == 13 { text.trim_start_matches("IT").into() } else { text }
}

/// The account, if it lives, has a question, and the tax code is one of its record's.
async fn matching(q: &mut impl Query, username: &str, tax_code: &str) -> Result<Option<QuestionRow>, Problem> {
    let key = tax_key(tax_code);
    let row = recovery::question(q, username).await?;
    Ok(row.filter(|r| {
        let own = [Some(&r.tax_key), r.fiscal_code.as_ref(), r.vat_number.as_ref()];
        LoginState::parse(&r.state).is_some_and(LoginState::may_sign_in)
            && r.secret_answer_hash.is_some()
            && own.into_iter().flatten().any(|k| *k == key)
    }))
}

/// Judges the answer; answers the secret of the page that asks the new address.
///
/// # Errors
/// `secret-answer-wrong` at the field, for an unknown username too; too many wrong ones: a day of rest.
pub async fn answer(cx: &Cx, asked: &Asked, typed: &str) -> Result<String, Problem> {
    let username = read(cx, asked)?;
    if typed.trim().is_empty() {
        return Err(Problem::invalid_field("secret_answer", "missing-secret-answer"));
    }
    let target = (format!("recover-answer:{}", hex::encode(&sha256(username.as_bytes())[..16])), WRONG_ANSWERS);
    let row = matching(&mut cx.store(), &username, &asked.tax_code).await?;
    let mut buckets = vec![target];
    buckets.extend(row.as_ref().map(|r| (format!("recover-answer-of:{}", r.party_id), WRONG_ANSWERS_OF_RECORD)));
    for (bucket, limit) in &buckets {
        if rate_limit::count(&mut cx.store(), cx, bucket, *limit).await? >= limit.max {
            return Err(Problem::too_many(limit.retry_after_s(cx.now())));
        }
    }
    // The same work whether there is a question or not.
    let hash = row.as_ref().and_then(|r| r.secret_answer_hash.as_deref());
    let right = cx.hashing().verify(&secret_answer_key(typed), hash).await?;
    let Some(row) = row.filter(|_| right) else {
        rate_limit::note(cx, buckets).await?;
        return Err(Problem::invalid_field("secret_answer", "secret-answer-wrong"));
    };
    let login = LoginId::from_uuid(row.id);
    let cx2 = cx.clone();
    let token = cx
        .write(async move |tx| {
            let token = issue(tx, &cx2, tokens::RECOVER_CONTACT, login, &json!({}), GOOD_FOR_US).await?;
            let line = AuditLine::new("login.recovery_answered", "login", login.uuid(), json!({}));
            audit::record(tx, &cx2, &line).await?;
            Ok(token)
        })
        .await?;
    Ok(tokens::link_secret(cx, tokens::RECOVER_CONTACT, token))
}

/// A new step: earlier ones of its kind are good no more.
async fn issue(
    tx: &mut WriteTx,
    cx: &Cx,
    kind: Kind,
    login: LoginId,
    data: &Value,
    good_for_us: i64,
) -> Result<TokenId, Problem> {
    let subject: Id<Subject> = login.cast();
    tokens::revoke_all(tx, cx, kind, subject).await?;
    tokens::issue(tx, cx, kind, subject, data, cx.now().plus_us(good_for_us)).await
}

/// The step that a page's secret stands for, with its account; `recover-again` when it is over.
async fn step(q: &mut impl Query, cx: &Cx, kind: Kind, secret: &str) -> Result<(tokens::Live, AccountRow), Problem> {
    let again = || Problem::refused("recover-again");
    let live = tokens::find(q, cx, kind, secret).await?.map_err(|_| again())?;
    let row = recovery::account(q, live.subject.uuid()).await?.ok_or_else(again)?;
    if !LoginState::parse(&row.state).is_some_and(LoginState::may_sign_in) {
        return Err(again());
    }
    Ok((live, row))
}

/// Whether the page of the new address may be shown.
///
/// # Errors
/// `recover-again` when it is over.
pub async fn may_name_address(cx: &Cx, secret: &str) -> Result<(), Problem> {
    step(&mut cx.store(), cx, tokens::RECOVER_CONTACT, secret).await.map(|_| ())
}

/// Sends a code to the new address; answers the secret of the page that asks it.
///
/// # Errors
/// A wrong address at `email`, `email_again`; `email-same`; `recover-again`; too many codes in a day.
pub async fn name_address(cx: &Cx, secret: String, typed: &str, again: &str) -> Result<String, Problem> {
    let new = EmailAddress::parse_twice(typed, again).map_err(|e| {
        let field = if e == EmailRefusal::Differs { "email_again" } else { "email" };
        Problem::invalid(vec![FieldProblem::new(field, e.code())])
    })?;
    let cx2 = cx.clone();
    let token = cx
        .write(async move |tx| {
            let (live, row) = step(tx, &cx2, tokens::RECOVER_CONTACT, &secret).await?;
            if new.key() == row.email.to_lowercase() {
                return Err(Problem::invalid_field("email", "email-same"));
            }
            sendable(tx, &cx2, &row).await?;
            let login = live.subject.cast();
            let data = json!({ "email": new.as_str() });
            let token = issue(tx, &cx2, tokens::RECOVER_EMAIL, login, &data, GOOD_FOR_US).await?;
            let valid_until = cx2.now().plus_us(GOOD_FOR_US);
            let context = ConfirmNewEmail { name: row.display_name.clone(), code: String::new(), valid_until };
            Notice::mail(new.as_str(), locale(&row), ("login", row.id), &context)
                .with_code(token, tokens::RECOVER_EMAIL)
                .enqueue(tx, &cx2)
                .await?;
            Ok(token)
        })
        .await?;
    Ok(tokens::link_secret(cx, tokens::RECOVER_EMAIL, token))
}

async fn sendable(tx: &mut WriteTx, cx: &Cx, row: &AccountRow) -> Result<(), Problem> {
    match within(tx, cx, &format!("recover-codes:{}", row.party_id), CODES_OF_RECORD).await? {
        true => Ok(()),
        false => Err(Problem::too_many(CODES_OF_RECORD.retry_after_s(cx.now()))),
    }
}

fn locale(row: &AccountRow) -> Locale {
    Locale::parse(&row.locale).unwrap_or_default()
}

/// The page of a code, for who typed the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePage {
    /// The new address, or the registered mobile with most of it hidden.
    pub to: String,
}

/// The page that asks the code sent to the new address.
///
/// # Errors
/// `recover-again` when it is over.
pub async fn address_page(cx: &Cx, secret: &str) -> Result<CodePage, Problem> {
    let (live, _) = step(&mut cx.store(), cx, tokens::RECOVER_EMAIL, secret).await?;
    Ok(CodePage { to: address(&live)?.as_str().to_owned() })
}

fn address(live: &tokens::Live) -> Result<EmailAddress, Problem> {
    let kept = live.data.get("email").and_then(Value::as_str).unwrap_or_default();
    EmailAddress::parse(kept).map_err(|e| Problem::broken(format!("kept address: {e}")))
}

/// Proves the new address and sends a code to the registered mobile; answers the secret of its page.
///
/// # Errors
/// `code-wrong`, `code-missing` at `code`; `recover-again`; `recover-no-mobile`; too many codes in a day.
pub async fn prove_address(cx: &Cx, secret: String, code: &str) -> Result<String, Problem> {
    let code = typed_code(code)?;
    let cx2 = cx.clone();
    let token = cx
        .write(async move |tx| {
            let (live, row) = step(tx, &cx2, tokens::RECOVER_EMAIL, &secret).await?;
            if !tokens::try_code(tx, &cx2, tokens::RECOVER_EMAIL, live.id, &code, CODE_TRIES).await? {
                return Ok(None);
            }
            let mobile = row.mobile.clone().ok_or_else(|| Problem::refused("recover-no-mobile"))?;
            sendable(tx, &cx2, &row).await?;
            tokens::spend(tx, &cx2, live.id).await?;
            let data = json!({ "email": address(&live)?.as_str() });
            let token = issue(tx, &cx2, tokens::RECOVER_MOBILE, live.subject.cast(), &data, GOOD_FOR_US).await?;
            Notice::sms(&mobile, locale(&row), ("login", row.id), &RecoveryMobileCode { code: String::new() })
                .with_code(token, tokens::RECOVER_MOBILE)
                .enqueue(tx, &cx2)
                .await?;
            Ok(Some(token))
        })
        .await?;
    let token = token.ok_or_else(|| Problem::invalid_field("code", "code-wrong"))?;
    Ok(tokens::link_secret(cx, tokens::RECOVER_MOBILE, token))
}

fn typed_code(code: &str) -> Result<String, Problem> {
    let code = code.trim();
    if code.is_empty() { Err(Problem::invalid_field("code", "code-missing")) } else { Ok(code.to_owned()) }
}

/// The page that asks the code sent to the mobile.
///
/// # Errors
/// `recover-again` when it is over.
pub async fn mobile_page(cx: &Cx, secret: &str) -> Result<CodePage, Problem> {
    let (_, row) = step(&mut cx.store(), cx, tokens::RECOVER_MOBILE, secret).await?;
    Ok(CodePage { to: row.mobile.as_deref().map(domain::ident::phone::masked).unwrap_or_default() })
}

/// Proves the mobile and begins the day of waiting: the old address and the mobile are told and can stop it.
/// Answers when the day ends.
///
/// # Errors
/// `code-wrong`, `code-missing` at `code`; `recover-again`.
pub async fn prove_mobile(cx: &Cx, secret: String, code: &str) -> Result<Timestamp, Problem> {
    let code = typed_code(code)?;
    let cx2 = cx.clone();
    let until = cx
        .write(async move |tx| {
            let (live, row) = step(tx, &cx2, tokens::RECOVER_MOBILE, &secret).await?;
            if !tokens::try_code(tx, &cx2, tokens::RECOVER_MOBILE, live.id, &code, CODE_TRIES).await? {
                return Ok(None);
            }
            tokens::spend(tx, &cx2, live.id).await?;
            wait(tx, &cx2, &row, live.subject.cast(), &address(&live)?).await.map(Some)
        })
        .await?;
    until.ok_or_else(|| Problem::invalid_field("code", "code-wrong"))
}

async fn wait(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &AccountRow,
    login: LoginId,
    new: &EmailAddress,
) -> Result<Timestamp, Problem> {
    let until = cx.now().plus_us(COOLING_US);
    let data = json!({ "email": new.as_str() });
    let token = issue(tx, cx, tokens::RECOVER_STOP, login, &data, STOP_GOOD_FOR_US).await?;
    let subject = ("login", row.id);
    let context = RecoveryStarted {
        name: row.display_name.clone(),
        username: row.username.clone(),
        new: email::masked(new.as_str()),
        until,
        link: String::new(),
    };
    Notice::mail(&row.email, locale(row), subject, &context)
        .with_link(token, tokens::RECOVER_STOP, "/recover/stop/{token}")
        .enqueue(tx, cx)
        .await?;
    if let Some(mobile) = &row.mobile {
        Notice::sms(mobile, locale(row), subject, &RecoveryStartedSms {}).enqueue(tx, cx).await?;
    }
    effects::enqueue(tx, cx, &[FinishRecovery { login, token }.request(subject, None, until)]).await?;
    audit::record(tx, cx, &AuditLine::new("login.recovery_waits", "login", row.id, json!({ "until": until }))).await?;
    Ok(until)
}

/// Whether a recovery waits behind this link, for the page; looking stops nothing.
///
/// # Errors
/// When the store cannot be read.
pub async fn waits(cx: &Cx, secret: &str) -> Result<bool, Problem> {
    Ok(tokens::find(&mut cx.store(), cx, tokens::RECOVER_STOP, secret).await?.is_ok())
}

/// Stops the recovery: the old address stays.
///
/// # Errors
/// `recover-stopped` when it was stopped before or is over.
pub async fn stop(cx: &Cx, secret: String) -> Result<(), Problem> {
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let live = tokens::find(tx, &cx2, tokens::RECOVER_STOP, &secret).await?;
        let live = live.map_err(|_| Problem::refused("recover-stopped"))?;
        tokens::spend(tx, &cx2, live.id).await.map_err(|_| Problem::refused("recover-stopped"))?;
        let line = AuditLine::new("login.recovery_stopped", "login", live.subject.uuid(), json!({}));
        audit::record(tx, &cx2, &line).await
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::tax_key;

    #[test]
    fn tax_codes_as_people_write_them() {
        assert_eq!(tax_key(" rss nna 90e47 z110t"), "RSSNNA90E47Z110T");
        assert_eq!(tax_key("IT 00743110157"), "00743110157");
        assert_eq!(tax_key(" - "), "");
    }
}
