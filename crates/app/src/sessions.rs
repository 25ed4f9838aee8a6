//! Sessions of browsers. The cookie holds a secret of 32 random bytes, the row only its hash; one
//! joined read tells who sits behind a request.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    actor::Actor,
    id::{Id, LoginId, MailboxId, OperatorId, PartyId, SessionId},
    login::LoginState,
    operator::Role,
    time::{HOUR_US, MINUTE_US, Timestamp},
};
use store::{WriteTx, sessions as rows};

use crate::{Cx, Problem, secrets::sha256};

/// How old `seen_at` may become before a request writes it again.
pub const TOUCH_EVERY_US: i64 = 5 * MINUTE_US;
/// How long a password counts for dangerous acts.
pub const STEP_UP_US: i64 = 10 * MINUTE_US;

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub id: SessionId,
    pub actor: Actor,
    /// Name in the header: of the record, the mailbox, the operator.
    pub name: String,
    /// Username, mailbox address, or role of the operator.
    pub detail: String,
    /// The record is that of a body: its agreements are in the account.
    pub of_body: bool,
    /// Whether `seen_at` should be written again, off the request's path.
    pub stale: bool,
    /// Until when dangerous acts need no new password.
    pub step_up_until: Timestamp,
}
impl Session {
    /// Whether the password was given in the last ten minutes.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.step_up_until
    }
}

/// Who opens a session.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    Login(LoginId),
    Mailbox(MailboxId),
    Operator(OperatorId),
}

/// The browser that opens it, for the list of sessions.
#[derive(Debug, Clone, Default)]
pub struct Client {
    pub ip: String,
    pub user_agent: String,
}

/// A new secret for a cookie: 43 characters.
pub fn new_secret(cx: &Cx) -> String {
    URL_SAFE_NO_PAD.encode(cx.random::<32>())
}

/// Writes a session under a secret made before the transaction, since that may be run again.
///
/// # Errors
/// When the store cannot be written.
pub async fn open(tx: &mut WriteTx, cx: &Cx, of: Of, client: &Client, secret: &str) -> Result<SessionId, Problem> {
    let id: SessionId = cx.new_id();
    let now = cx.now();
    let (kind, login_id, mailbox_id, operator_id) = match of {
        Of::Login(l) => ("login", Some(l.uuid()), None, None),
        Of::Mailbox(m) => ("mailbox", None, Some(m.uuid()), None),
        Of::Operator(o) => ("operator", None, None, Some(o.uuid())),
    };
    let session = rows::NewSession {
        id: id.uuid(),
        token_hash: &sha256(secret.as_bytes()),
        kind,
        login_id,
        mailbox_id,
        operator_id,
        now: now.micros(),
        expires_at: now.plus_us(cx.settings().session_max_hours * HOUR_US).micros(),
        step_up_until: now.plus_us(STEP_UP_US).micros(),
        ip: &client.ip,
        user_agent: &client.user_agent,
    };
    rows::insert(tx, &session).await?;
    Ok(id)
}

/// The person behind a cookie's secret; `None` when the session is unknown, closed, too old, unused
/// for too long, or its owner may no longer sign in.
///
/// # Errors
/// When the store cannot be read: nobody is taken for somebody else, nor signed out.
pub async fn find(cx: &Cx, secret: &str) -> Result<Option<Session>, Problem> {
    if secret.len() != 43 {
        return Ok(None);
    }
    let mut store = cx.store().clone();
    let row = rows::by_token(&mut store, &sha256(secret.as_bytes())).await?;
    Ok(row.and_then(|row| living(cx, row)))
}

fn living(cx: &Cx, row: rows::SessionRow) -> Option<Session> {
    let now = cx.now().micros();
    let idle = cx.settings().session_idle_minutes * MINUTE_US;
    // `seen_at` may lag behind by the pause between two touches.
    if row.expires_at <= now || row.seen_at + idle + TOUCH_EVERY_US <= now {
        return None;
    }
    let (actor, name, detail) = who(&row)?;
    Some(Session {
        id: Id::from_uuid(row.id),
        actor,
        name,
        detail,
        of_body: row.of_body,
        stale: row.seen_at + TOUCH_EVERY_US <= now,
        step_up_until: Timestamp::from_micros(row.step_up_until),
    })
}

fn who(row: &rows::SessionRow) -> Option<(Actor, String, String)> {
    match row.kind.as_str() {
        "login" => {
            let state = LoginState::parse(row.login_state.as_deref()?)?;
            let actor = Actor::Login { login: Id::from_uuid(row.login_id?), party: PartyId::from_uuid(row.party_id?) };
            state.may_sign_in().then(|| (actor, text(&row.display_name), text(&row.username)))
        }
        "mailbox" => {
            let actor = Actor::Mailbox { mailbox: Id::from_uuid(row.mailbox_id?) };
            let names = || (actor, text(&row.mailbox_holder), text(&row.mailbox_address));
            mailbox_may_sign_in(row.mailbox_state.as_deref()?).then(names)
        }
        "operator" => {
            let role = Role::parse(row.operator_role.as_deref()?)?;
            let actor = Actor::Operator { operator: Id::from_uuid(row.operator_id?), role };
            (row.operator_state.as_deref()? == "active")
                .then(|| (actor, text(&row.operator_name), text(&row.operator_role)))
        }
        _ => None,
    }
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

/// An expired mailbox may still sign in: that is where it is renewed (domain notes 4.4, 6.5).
pub fn mailbox_may_sign_in(state: &str) -> bool {
    matches!(state, "active" | "expired")
}

/// Notes that a session was used; meant to run off the request's path.
///
/// # Errors
/// When the store cannot be written.
pub async fn touch(cx: &Cx, id: SessionId) -> Result<(), Problem> {
    let now = cx.now().micros();
    cx.write_bulk(async move |tx| Ok(rows::touch(tx, id.uuid(), now).await.map(|_| ())?)).await
}
