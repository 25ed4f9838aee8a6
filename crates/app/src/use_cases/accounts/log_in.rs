//! Signing in with a provider account or with a mailbox (domain notes 0.2).

use domain::{
    audit::AuditLine,
    id::{Id, LoginId, MailboxId},
    login::{LoginIdentifier, LoginState, read_identifier},
    time::MINUTE_US,
};
use serde_json::json;
use store::{WriteTx, logins, sessions as session_rows};

use super::captcha;
use crate::{
    Cx, Problem, audit,
    rate_limit::{self, Limit},
    secrets::sha256,
    sessions::{self, Client, Of},
};

/// After so many failures for one username or mailbox a proof of work is wanted.
const EASY_FOR_TARGET: i64 = 3;
/// The same for one address, behind which may be an office.
const EASY_FOR_ADDRESS: i64 = 20;
/// Beyond these nothing helps until the quarter of an hour is over.
const PER_TARGET: Limit = Limit::new(30, 15 * MINUTE_US);
const PER_ADDRESS: Limit = Limit::new(200, 15 * MINUTE_US);
/// Tries a minute of who cannot do the proof of work (no scripts).
const UNPROVEN: Limit = Limit::new(1, MINUTE_US);

/// What the page sent.
#[derive(Debug, Clone, Default)]
pub struct Attempt {
    pub identifier: String,
    /// Exactly as typed: blanks count.
    pub password: String,
    /// Solution of the proof of work, if one was asked.
    pub captcha: Option<String>,
    /// Secret of the session that the browser had: it ends here.
    pub previous: Option<String>,
    pub client: Client,
}

/// Who came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedIn {
    /// Secret of the new session's cookie.
    pub session: String,
    pub of_mailbox: bool,
}

/// Whether the next try must carry a proof of work, for the page.
///
/// # Errors
/// When the store cannot be read.
pub async fn needs_captcha(cx: &Cx, identifier: &str, client: &Client) -> Result<bool, Problem> {
    let mut store = cx.store();
    let address = rate_limit::count(&mut store, cx, &address_bucket(client), PER_ADDRESS).await?;
    if address >= EASY_FOR_ADDRESS {
        return Ok(true);
    }
    match read_identifier(identifier, &cx.settings().realm) {
        Some(who) => Ok(rate_limit::count(&mut store, cx, &target_bucket(&who), PER_TARGET).await? >= EASY_FOR_TARGET),
        None => Ok(false),
    }
}

/// Opens a session.
///
/// # Errors
/// `login-identifier` for what is neither username nor address; `login-failed-account` or
/// `login-failed-mailbox`, whichever half is wrong; `captcha-needed`, `captcha-wrong`; too many tries;
/// `login-blocked`, `mailbox-not-active` for who gave the right password.
pub async fn log_in(cx: &Cx, attempt: Attempt) -> Result<LoggedIn, Problem> {
    let who = read_identifier(&attempt.identifier, &cx.settings().realm)
        .ok_or_else(|| Problem::invalid_field("username", "login-identifier"))?;
    if attempt.password.is_empty() {
        return Err(Problem::invalid_field("password", "missing-password"));
    }
    guard(cx, &who, &attempt).await?;
    let subject = look_up(cx, &who).await?;
    let stored = subject.as_ref().and_then(|s| s.hash.as_deref());
    // The same work whether the account exists or not.
    let right = cx.hashing().verify(&attempt.password, stored).await?;
    let Some(subject) = subject.filter(|s| right && s.standing != Standing::Ended) else {
        return Err(failed(cx, &who, &attempt.client).await?);
    };
    match subject.standing {
        Standing::Blocked => return Err(Problem::refused("login-blocked")),
        Standing::NotYet => return Err(Problem::refused("mailbox-not-active")),
        Standing::Good | Standing::Ended => {}
    }
    let session = sessions::new_secret(cx);
    let (cx2, secret, of) = (cx.clone(), session.clone(), subject.of);
    cx.write(async move |tx| open(tx, &cx2, of, &attempt, &secret).await).await?;
    Ok(LoggedIn { session, of_mailbox: matches!(of, Of::Mailbox(_)) })
}

async fn open(tx: &mut WriteTx, cx: &Cx, of: Of, attempt: &Attempt, secret: &str) -> Result<(), Problem> {
    if let Some(previous) = &attempt.previous {
        session_rows::close_by_token(tx, &sha256(previous.as_bytes())).await?;
    }
    let id = sessions::open(tx, cx, of, &attempt.client, secret).await?;
    let line = match of {
        Of::Login(login) => {
            logins::signed_in(tx, login.uuid(), cx.now().micros()).await?;
            AuditLine::new("login.signed_in", "login", login.uuid(), json!({ "session": id }))
        }
        Of::Mailbox(mailbox) => {
            AuditLine::new("mailbox.signed_in", "mailbox", mailbox.uuid(), json!({ "session": id }))
        }
        Of::Operator(operator) => {
            AuditLine::new("operator.signed_in", "operator", operator.uuid(), json!({ "session": id }))
        }
    };
    audit::record(tx, cx, &line).await
}

/// What stands behind an identifier.
struct Subject {
    of: Of,
    hash: Option<String>,
    standing: Standing,
}
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Good,
    Blocked,
    /// The mailbox is being activated.
    NotYet,
    /// To others it is as if it had never been.
    Ended,
}

async fn look_up(cx: &Cx, who: &LoginIdentifier) -> Result<Option<Subject>, Problem> {
    let mut store = cx.store();
    Ok(match who {
        LoginIdentifier::Account { username } => logins::by_username(&mut store, username).await?.map(|row| Subject {
            of: Of::Login(LoginId::from_uuid(row.id)),
            hash: row.password_hash,
            standing: match LoginState::parse(&row.state) {
                Some(LoginState::Active) => Standing::Good,
                Some(LoginState::Blocked) => Standing::Blocked,
                _ => Standing::Ended,
            },
        }),
        LoginIdentifier::Mailbox { address } => {
            logins::mailbox_by_address(&mut store, address).await?.map(|row| Subject {
                of: Of::Mailbox(MailboxId::from_uuid(row.id)),
                hash: row.password_hash,
                standing: if sessions::mailbox_may_sign_in(&row.state) { Standing::Good } else { Standing::NotYet },
            })
        }
    })
}

/// Limits by target and address; a proof of work, or patience, after failures.
async fn guard(cx: &Cx, who: &LoginIdentifier, attempt: &Attempt) -> Result<(), Problem> {
    let target = target_bucket(who);
    let mut store = cx.store();
    let at_target = rate_limit::count(&mut store, cx, &target, PER_TARGET).await?;
    let at_address = rate_limit::count(&mut store, cx, &address_bucket(&attempt.client), PER_ADDRESS).await?;
    if at_target >= PER_TARGET.max {
        return Err(Problem::too_many(PER_TARGET.retry_after_s(cx.now())));
    }
    if at_address >= PER_ADDRESS.max {
        return Err(Problem::too_many(PER_ADDRESS.retry_after_s(cx.now())));
    }
    if at_target < EASY_FOR_TARGET && at_address < EASY_FOR_ADDRESS {
        return Ok(());
    }
    if let Some(payload) = &attempt.captcha {
        return captcha::accept(cx, payload).await;
    }
    // Without scripts there is no proof of work: one try a minute is allowed instead.
    rate_limit::hit(cx, format!("login-slow:{target}"), UNPROVEN)
        .await
        .map_err(|p| if p.is("too-many") { Problem::refused("captcha-needed") } else { p })
}

/// Counts the failure; the answer names the kind of login, not which half was wrong.
async fn failed(cx: &Cx, who: &LoginIdentifier, client: &Client) -> Result<Problem, Problem> {
    let buckets = vec![(target_bucket(who), PER_TARGET), (address_bucket(client), PER_ADDRESS)];
    rate_limit::note(cx, buckets).await?;
    Ok(match who {
        LoginIdentifier::Account { .. } => Problem::refused("login-failed-account"),
        LoginIdentifier::Mailbox { .. } => Problem::refused("login-failed-mailbox"),
    })
}

/// Hashed, so that the table of limits holds no names.
fn target_bucket(who: &LoginIdentifier) -> String {
    let name = match who {
        LoginIdentifier::Account { username } => username,
        LoginIdentifier::Mailbox { address } => address,
    };
    format!("login:{}", hex::encode(&sha256(name.as_bytes())[..16]))
}
fn address_bucket(client: &Client) -> String {
    format!("login-ip:{}", client.ip)
}

/// Verifies the password of somebody signed in, under the same limits; for dangerous acts.
///
/// # Errors
/// `login-password-wrong`; too many tries.
pub(super) async fn verify_again(cx: &Cx, of: Of, password: &str, client: &Client) -> Result<(), Problem> {
    let mut store = cx.store();
    let (who, hash) = match of {
        Of::Login(login) => {
            let row = logins::by_id(&mut store, login.uuid()).await?.ok_or_else(Problem::not_found)?;
            (LoginIdentifier::Account { username: row.username }, row.password_hash)
        }
        Of::Mailbox(mailbox) => {
            let row = logins::mailbox_by_id(&mut store, mailbox.uuid()).await?.ok_or_else(Problem::not_found)?;
            (LoginIdentifier::Mailbox { address: row.address }, row.password_hash)
        }
        Of::Operator(_) => return Err(Problem::forbidden()),
    };
    if rate_limit::count(&mut store, cx, &target_bucket(&who), PER_TARGET).await? >= PER_TARGET.max {
        return Err(Problem::too_many(PER_TARGET.retry_after_s(cx.now())));
    }
    if cx.hashing().verify(password, hash.as_deref()).await? {
        return Ok(());
    }
    failed(cx, &who, client).await?;
    Err(Problem::invalid_field("password", "login-password-wrong"))
}

/// The subject of an actor who has signed in.
pub(super) fn of_actor(cx: &Cx) -> Result<Of, Problem> {
    use domain::actor::Actor;
    match cx.actor {
        Actor::Login { login, .. } => Ok(Of::Login(login)),
        Actor::Mailbox { mailbox } => Ok(Of::Mailbox(Id::from_uuid(mailbox.uuid()))),
        Actor::Operator { operator } => Ok(Of::Operator(operator)),
        Actor::Visitor | Actor::System => Err(Problem::forbidden()),
    }
}
