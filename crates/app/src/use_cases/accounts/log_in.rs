//! Signing in with a provider account or with a mailbox (domain notes 0.2).

use domain::{
    audit::AuditLine,
    id::{Id, LoginId, MailboxId},
    login::{LoginIdentifier, LoginState, read_identifier},
};
use serde_json::json;
use store::{WriteTx, logins, operators, sessions as session_rows};
use uuid::Uuid;

use super::door::{Door, Owner};
use crate::{
    Cx, Problem, audit,
    secrets::sha256,
    sessions::{self, Client, Of},
};

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
    match read_identifier(identifier, &cx.settings().realm) {
        Some(who) => door(&who, client).asks_proof(cx).await,
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
    let subject = look_up(cx, &who).await?;
    let door = door(&who, &attempt.client).of(owner(&who, subject.as_ref()));
    door.pass(cx, attempt.captcha.as_deref()).await?;
    let shut = door.owner_shut(cx).await?;
    let stored = subject.as_ref().and_then(|s| s.hash.as_deref());
    // The same work whether the account exists or not.
    let right = cx.hashing().verify(&attempt.password, stored).await?;
    let Some(subject) = subject.filter(|s| right && !shut && s.standing != Standing::Ended) else {
        return Err(failed(cx, &who, &door).await?);
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
    /// The record behind an account.
    record: Option<Uuid>,
    /// The holder of a mailbox.
    holder: Option<String>,
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
            record: Some(row.party_id),
            holder: None,
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
                record: None,
                holder: Some(row.holder_tax_key),
                standing: if sessions::mailbox_may_sign_in(&row.state) { Standing::Good } else { Standing::NotYet },
            })
        }
    })
}

fn owner<'a>(who: &LoginIdentifier, subject: Option<&'a Subject>) -> Owner<'a> {
    match who {
        LoginIdentifier::Account { .. } => Owner::Record(subject.and_then(|s| s.record)),
        LoginIdentifier::Mailbox { .. } => Owner::Holder(subject.and_then(|s| s.holder.as_deref())),
    }
}

/// Counts the failure; the answer names the kind of login, not which half was wrong.
async fn failed(cx: &Cx, who: &LoginIdentifier, door: &Door) -> Result<Problem, Problem> {
    door.failed(cx).await?;
    Ok(match who {
        LoginIdentifier::Account { .. } => Problem::refused("login-failed-account"),
        LoginIdentifier::Mailbox { .. } => Problem::refused("login-failed-mailbox"),
    })
}

fn door(who: &LoginIdentifier, client: &Client) -> Door {
    let name = match who {
        LoginIdentifier::Account { username } => username,
        LoginIdentifier::Mailbox { address } => address,
    };
    Door::new("login", name, &client.ip)
}

/// Verifies the password of somebody signed in, under the same limits; for dangerous acts.
///
/// # Errors
/// `login-password-wrong`; too many tries.
pub(super) async fn verify_again(cx: &Cx, of: Of, password: &str, client: &Client) -> Result<(), Problem> {
    let mut store = cx.store();
    let (door, hash) = match of {
        Of::Login(login) => {
            let row = logins::by_id(&mut store, login.uuid()).await?.ok_or_else(Problem::not_found)?;
            (
                door(&LoginIdentifier::Account { username: row.username }, client)
                    .of(Owner::Record(Some(row.party_id))),
                row.password_hash,
            )
        }
        Of::Mailbox(mailbox) => {
            let row = logins::mailbox_by_id(&mut store, mailbox.uuid()).await?.ok_or_else(Problem::not_found)?;
            (
                door(&LoginIdentifier::Mailbox { address: row.address }, client)
                    .of(Owner::Holder(Some(&row.holder_tax_key))),
                row.password_hash,
            )
        }
        Of::Operator(operator) => {
            let row = operators::by_id(&mut store, operator.uuid()).await?.ok_or_else(Problem::not_found)?;
            (office_door(&row.username, client), Some(row.password_hash))
        }
    };
    door.within_all(cx).await?;
    if cx.hashing().verify(password, hash.as_deref()).await? {
        return Ok(());
    }
    door.failed(cx).await?;
    Err(Problem::invalid_field("password", "login-password-wrong"))
}

/// The door of the back office.
pub(crate) fn office_door(username: &str, client: &Client) -> Door {
    Door::new("office", username, &client.ip)
}

/// The subject of an actor who has signed in.
pub(super) fn of_actor(cx: &Cx) -> Result<Of, Problem> {
    use domain::actor::Actor;
    match cx.actor {
        Actor::Login { login, .. } => Ok(Of::Login(login)),
        Actor::Mailbox { mailbox } => Ok(Of::Mailbox(Id::from_uuid(mailbox.uuid()))),
        Actor::Operator { operator, .. } => Ok(Of::Operator(operator)),
        Actor::Visitor | Actor::System => Err(Problem::forbidden()),
    }
}
