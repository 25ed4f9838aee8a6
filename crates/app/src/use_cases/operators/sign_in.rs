//! An operator signs in: the password first, then a code of the authenticator app. The first time, the app is
//! connected and the password that was handed out is replaced.

use domain::{
    actor::Actor,
    audit::AuditLine,
    id::{Id, OperatorId},
    ident::password::Criterion,
    operator::Role,
    time::MINUTE_US,
};
use serde_json::{Value, json};
use store::{WriteTx, operators as rows, operators::OperatorRow, sessions as session_rows, tokens as token_rows};
use uuid::Uuid;

use crate::{
    Cx, Problem, audit,
    hashing::SALT_LEN,
    second_factor::{SEED_LEN, SecondFactor},
    secrets::sha256,
    sessions::{self, Client, Of},
    tokens::{self, Live},
    use_cases::accounts::{choose_password::judge, door::Door, log_in::office_door},
};

/// How long the second page waits for its code.
const GOOD_FOR_US: i64 = 10 * MINUTE_US;
/// Wrong codes until the password has to be given again.
const CODE_TRIES: i64 = 5;

/// The code that an operator's app shows, or the next one when that was taken already; with the address that
/// apps read. For the demonstration, whose operator has no telephone.
///
/// # Errors
/// Forbidden for everybody but the platform itself; not found before the enrolment.
pub async fn code_of(cx: &Cx, username: &str) -> Result<(String, String), Problem> {
    if cx.actor != Actor::System {
        return Err(Problem::forbidden());
    }
    let row = rows::by_username(&mut cx.store(), username).await?.ok_or_else(Problem::not_found)?;
    let seed = row.totp_seed.ok_or_else(Problem::not_found)?;
    let factor = SecondFactor::of(cx, Id::from_uuid(row.id), &row.username, &seed)?;
    Ok((factor.next_code(cx.now(), row.totp_step), factor.uri()))
}

/// What the first page sent.
#[derive(Debug, Clone, Default)]
pub struct Attempt {
    pub username: String,
    pub password: String,
    pub captcha: Option<String>,
    pub client: Client,
}

/// What the second page needs.
pub struct Waiting {
    pub username: String,
    /// The app to be connected; nothing when that was done before.
    pub enrolment: Option<SecondFactor>,
}

/// What the second page sent.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    pub code: String,
    /// The password of one's own, typed twice: at the enrolment only.
    pub password: String,
    pub again: String,
    /// Secret of the session that the browser had: it ends here.
    pub previous: Option<String>,
    pub client: Client,
}

/// Must the next try carry a proof of work?
///
/// # Errors
/// When the store cannot be read.
pub async fn needs_captcha(cx: &Cx, username: &str, client: &Client) -> Result<bool, Problem> {
    door(username, client).asks_proof(cx).await
}

fn door(username: &str, client: &Client) -> Door {
    office_door(&username.trim().to_ascii_lowercase(), client)
}

/// Judges the password; answers the secret under which the second page is found.
///
/// # Errors
/// `office-failed`, whichever half is wrong, and for who is blocked; `captcha-needed`; too many tries.
pub async fn give_password(cx: &Cx, attempt: Attempt) -> Result<String, Problem> {
    for (field, value) in [("username", &attempt.username), ("password", &attempt.password)] {
        if value.trim().is_empty() {
            return Err(Problem::invalid_field(field, format!("missing-{field}")));
        }
    }
    let door = door(&attempt.username, &attempt.client);
    door.pass(cx, attempt.captcha.as_deref()).await?;
    let row = rows::by_username(&mut cx.store(), &attempt.username.trim().to_ascii_lowercase()).await?;
    // The same work whether the operator exists or not.
    let right = cx.hashing().verify(&attempt.password, row.as_ref().map(|r| r.password_hash.as_str())).await?;
    let known = row.as_ref().map(|r| r.id);
    let Some(row) = row.filter(|r| right && r.state == "active") else {
        refused(cx, &door, known, "password").await?;
        return Err(Problem::refused("office-failed"));
    };
    // A seed for each try: what somebody else saw while the enrolment was open is worth nothing.
    let data = match row.enrolled_at {
        None => json!({ "seed": hex::encode(cx.random::<SEED_LEN>()) }),
        Some(_) => json!({}),
    };
    let cx2 = cx.clone();
    let token = cx
        .write(async move |tx| {
            let subject = OperatorId::from_uuid(row.id).cast();
            tokens::revoke_all(tx, &cx2, tokens::OPERATOR_SIGN_IN, subject).await?;
            tokens::issue(tx, &cx2, tokens::OPERATOR_SIGN_IN, subject, &data, cx2.now().plus_us(GOOD_FOR_US)).await
        })
        .await?;
    Ok(tokens::link_secret(cx, tokens::OPERATOR_SIGN_IN, token))
}

/// The second page; `None` when the first one has to be answered again.
///
/// # Errors
/// When the store cannot be read.
pub async fn waiting(cx: &Cx, secret: &str) -> Result<Option<Waiting>, Problem> {
    let Some((live, row)) = open(cx, secret).await? else { return Ok(None) };
    let enrolment = match row.enrolled_at {
        None => Some(new_factor(cx, &row, &live)?),
        Some(_) => None,
    };
    Ok(Some(Waiting { username: row.username, enrolment }))
}

async fn open(cx: &Cx, secret: &str) -> Result<Option<(Live, OperatorRow)>, Problem> {
    let Ok(live) = tokens::find(&mut cx.store(), cx, tokens::OPERATOR_SIGN_IN, secret).await? else { return Ok(None) };
    let row = rows::by_id(&mut cx.store(), live.subject.uuid()).await?;
    Ok(row.filter(|r| r.state == "active").map(|row| (live, row)))
}

fn seed(live: &Live) -> Result<Vec<u8>, Problem> {
    let text = live.data.get("seed").and_then(Value::as_str).unwrap_or_default();
    let seed = hex::decode(text).map_err(Problem::broken)?;
    // An operator who was given access again meanwhile begins anew.
    if seed.len() == SEED_LEN { Ok(seed) } else { Err(Problem::refused("office-again")) }
}

fn new_factor(cx: &Cx, row: &OperatorRow, live: &Live) -> Result<SecondFactor, Problem> {
    SecondFactor::of(cx, Id::from_uuid(row.id), &row.username, &seed(live)?)
}

/// Opens the session; answers its secret.
///
/// # Errors
/// `office-code-wrong` at the field; `office-again` when the password has to be given again; at the enrolment
/// the unmet criteria of the password field by field.
pub async fn give_code(cx: &Cx, secret: &str, proof: Proof) -> Result<String, Problem> {
    let (live, row) = open(cx, secret).await?.ok_or_else(|| Problem::refused("office-again"))?;
    let door = door(&row.username, &proof.client);
    door.within(cx).await?;
    let enrolling = row.enrolled_at.is_none();
    let factor = match &row.totp_seed {
        Some(seed) if !enrolling => SecondFactor::of(cx, Id::from_uuid(row.id), &row.username, seed)?,
        _ => new_factor(cx, &row, &live)?,
    };
    let own_password = if enrolling { judge_own(cx, &row, &proof).await } else { Ok(()) };
    if proof.code.trim().is_empty() {
        let missing = Problem::invalid_field("code", "code-missing");
        return Err(match own_password {
            Err(mut p) if !p.fields.is_empty() => {
                p.fields.extend(missing.fields);
                p
            }
            _ => missing,
        });
    }
    own_password?;
    let Some(step) = factor.accepts(&proof.code, cx.now(), row.totp_step) else {
        return Err(wrong_code(cx, &door, &live).await?);
    };
    let enrolment = match enrolling {
        true => Some((cx.hashing().hash(&proof.password, cx.random::<SALT_LEN>()).await?, seed(&live)?)),
        false => None,
    };
    let role = Role::parse(&row.role).ok_or_else(|| Problem::broken("an operator with an unknown role"))?;
    let session = sessions::new_secret(cx);
    let as_operator = cx.by(Actor::Operator { operator: Id::from_uuid(row.id), role });
    let session2 = session.clone();
    cx.write(async move |tx| {
        let entering = Entering { row: &row, live: &live, step, enrolment: &enrolment, proof: &proof };
        enter(tx, &as_operator, entering, &session2).await
    })
    .await?;
    Ok(session)
}

/// The password of one's own must be good, and another than the one that was handed out.
async fn judge_own(cx: &Cx, row: &OperatorRow, proof: &Proof) -> Result<(), Problem> {
    judge(&proof.password, &proof.again, &[&row.username], &cx.settings().password_policy)?;
    if cx.hashing().verify(&proof.password, Some(&row.password_hash)).await? {
        return Err(Problem::invalid_field("password", Criterion::Reused.code()));
    }
    Ok(())
}

async fn wrong_code(cx: &Cx, door: &Door, live: &Live) -> Result<Problem, Problem> {
    refused(cx, door, Some(live.subject.uuid()), "code").await?;
    let (token, now) = (live.id.uuid(), cx.now().micros());
    cx.write(async move |tx| Ok(token_rows::count_attempt(tx, token, CODE_TRIES, now).await?)).await?;
    let alive = tokens::latest(&mut cx.store(), cx, tokens::OPERATOR_SIGN_IN, live.subject).await?;
    Ok(match alive {
        Some(left) if left.id == live.id => Problem::invalid_field("code", "office-code-wrong"),
        _ => Problem::refused("office-again"),
    })
}

/// Counts and records a refused try; an unknown name leaves a line without a subject.
async fn refused(cx: &Cx, door: &Door, operator: Option<Uuid>, what: &'static str) -> Result<(), Problem> {
    door.failed(cx).await?;
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let details = json!({ "what": what, "known": operator.is_some() });
        let line = AuditLine::new("operator.sign_in_refused", "operator", operator.unwrap_or(Uuid::nil()), details);
        audit::record(tx, &cx2, &line).await
    })
    .await
}

struct Entering<'a> {
    row: &'a OperatorRow,
    live: &'a Live,
    step: i64,
    enrolment: &'a Option<(String, Vec<u8>)>,
    proof: &'a Proof,
}

async fn enter(tx: &mut WriteTx, cx: &Cx, e: Entering<'_>, secret: &str) -> Result<(), Problem> {
    let (id, now) = (e.row.id, cx.now().micros());
    tokens::spend(tx, cx, e.live.id).await.map_err(|_| Problem::refused("office-again"))?;
    match e.enrolment {
        Some((hash, seed)) => {
            if rows::enrol(tx, (id, e.row.version), hash, (seed, e.step), now).await? != 1 {
                return Err(Problem::refused("office-again"));
            }
            audit::record(tx, cx, &AuditLine::new("operator.enrolled", "operator", id, json!({}))).await?;
        }
        // Of two requests with one code only one passes.
        None if !rows::take_step(tx, id, e.step).await? => {
            return Err(Problem::invalid_field("code", "office-code-wrong"));
        }
        None => {}
    }
    if let Some(previous) = &e.proof.previous {
        session_rows::close_by_token(tx, &sha256(previous.as_bytes())).await?;
    }
    let session = sessions::open(tx, cx, Of::Operator(Id::from_uuid(id)), &e.proof.client, secret).await?;
    rows::signed_in(tx, id, now).await?;
    audit::record(tx, cx, &AuditLine::new("operator.signed_in", "operator", id, json!({ "session": session }))).await
}
