//! Open sessions of browsers.

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A session with the person behind it, as every request needs it: one read.
    pub struct SessionRow {
        pub id: Uuid,
        pub kind: String,
        pub seen_at: i64,
        pub expires_at: i64,
        pub step_up_until: i64,
        pub login_id: Option<Uuid>,
        pub party_id: Option<Uuid>,
        pub username: Option<String>,
        pub login_state: Option<String>,
        pub display_name: Option<String>,
        /// The registry record is that of a body with agreements.
        pub of_body: bool,
        pub mailbox_id: Option<Uuid>,
        pub mailbox_address: Option<String>,
        pub mailbox_holder: Option<String>,
        pub mailbox_state: Option<String>,
        pub operator_id: Option<Uuid>,
        pub operator_name: Option<String>,
        pub operator_role: Option<String>,
        pub operator_state: Option<String>,
    }
}
row! {
    /// A line of the list of sessions.
    pub struct ListedRow {
        pub id: Uuid,
        pub created_at: i64,
        pub seen_at: i64,
        pub expires_at: i64,
        pub ip: String,
        pub user_agent: String,
    }
}

/// The session of a hash with whom it belongs to; `$login` and `$party` say to SQLite in which index they are found.
macro_rules! by_token {
    ($login:literal, $party:literal) => {
        concat!(
            "SELECT s.id, s.kind, s.seen_at, s.expires_at, s.step_up_until, s.login_id, l.party_id, l.username, l.state AS login_state, p.display_name, \
             EXISTS (SELECT 1 FROM agreements a WHERE a.body_party_id = l.party_id) AS of_body, s.mailbox_id, m.address AS mailbox_address, \
             m.holder_name AS mailbox_holder, m.state AS mailbox_state, s.operator_id, o.display_name AS operator_name, o.role AS operator_role, o.state AS operator_state \
             FROM sessions s LEFT JOIN logins l ",
            $login,
            " ON l.id = s.login_id LEFT JOIN parties p ",
            $party,
            " ON p.id = l.party_id LEFT JOIN mailboxes m ON m.id = s.mailbox_id LEFT JOIN operators o ON o.id = s.operator_id WHERE s.token_hash = $1"
        )
    };
}
sql!(
    BY_TOKEN = sqlite by_token!("INDEXED BY logins_signed_in", "INDEXED BY parties_signed_in"),
    postgres by_token!("", ""),
    SessionRow
);
sql!(
    INSERT = "INSERT INTO sessions (id, token_hash, kind, login_id, mailbox_id, operator_id, created_at, seen_at, expires_at, step_up_until, ip, user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11)"
);
sql!(TOUCH = "UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2");
sql!(STEP_UP = "UPDATE sessions SET step_up_until = $2 WHERE id = $1");
sql!(CLOSE_BY_TOKEN = "DELETE FROM sessions WHERE token_hash = $1");
sql!(
    OF_LOGIN = "SELECT id, created_at, seen_at, expires_at, ip, user_agent FROM sessions WHERE login_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, id LIMIT 100",
    ListedRow
);
sql!(CLOSE_OF_LOGIN = "DELETE FROM sessions WHERE id = $1 AND login_id = $2");
sql!(CLOSE_OTHERS_OF_LOGIN = "DELETE FROM sessions WHERE login_id = $1 AND id <> $2");
sql!(CLOSE_ALL_OF_LOGIN = "DELETE FROM sessions WHERE login_id = $1");
sql!(CLOSE_ALL_OF_OPERATOR = "DELETE FROM sessions WHERE operator_id = $1");

/// A new session of exactly one of the three.
pub struct NewSession<'a> {
    pub id: Uuid,
    pub token_hash: &'a [u8],
    pub kind: &'a str,
    pub login_id: Option<Uuid>,
    pub mailbox_id: Option<Uuid>,
    pub operator_id: Option<Uuid>,
    pub now: i64,
    pub expires_at: i64,
    pub step_up_until: i64,
    pub ip: &'a str,
    pub user_agent: &'a str,
}

/// Writes a session.
///
/// # Errors
/// The store's.
pub async fn insert(tx: &mut WriteTx, s: &NewSession<'_>) -> Result<()> {
    let row = args![
        s.id,
        s.token_hash,
        s.kind,
        s.login_id,
        s.mailbox_id,
        s.operator_id,
        s.now,
        s.expires_at,
        s.step_up_until,
        s.ip,
        s.user_agent
    ];
    tx.exactly_one(&INSERT, row).await
}
/// The session with this hash of its secret, expired or not.
///
/// # Errors
/// The store's.
pub async fn by_token(q: &mut impl Query, token_hash: &[u8]) -> Result<Option<SessionRow>> {
    q.opt(&BY_TOKEN, args![token_hash]).await
}
/// Notes that a session was used.
///
/// # Errors
/// The store's.
pub async fn touch(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<u64> {
    tx.run(&TOUCH, args![id, now]).await
}
/// Until when dangerous acts need no new password.
///
/// # Errors
/// The store's.
pub async fn step_up(tx: &mut WriteTx, id: Uuid, until: i64) -> Result<u64> {
    tx.run(&STEP_UP, args![id, until]).await
}
/// Ends the session with this hash of its secret.
///
/// # Errors
/// The store's.
pub async fn close_by_token(tx: &mut WriteTx, token_hash: &[u8]) -> Result<u64> {
    tx.run(&CLOSE_BY_TOKEN, args![token_hash]).await
}
/// The living sessions of a login, last used first.
///
/// # Errors
/// The store's.
pub async fn of_login(q: &mut impl Query, login: Uuid, now: i64, seen_after: i64) -> Result<Vec<ListedRow>> {
    q.all(&OF_LOGIN, args![login, now, seen_after]).await
}
/// Ends one session of a login; 0 when it is not one of them.
///
/// # Errors
/// The store's.
pub async fn close_of_login(tx: &mut WriteTx, session: Uuid, login: Uuid) -> Result<u64> {
    tx.run(&CLOSE_OF_LOGIN, args![session, login]).await
}
/// Ends every session of a login but one.
///
/// # Errors
/// The store's.
pub async fn close_others_of_login(tx: &mut WriteTx, login: Uuid, but: Uuid) -> Result<u64> {
    tx.run(&CLOSE_OTHERS_OF_LOGIN, args![login, but]).await
}
/// Ends every session of a login.
///
/// # Errors
/// The store's.
pub async fn close_all_of_login(tx: &mut WriteTx, login: Uuid) -> Result<u64> {
    tx.run(&CLOSE_ALL_OF_LOGIN, args![login]).await
}
/// Ends every session of an operator.
///
/// # Errors
/// The store's.
pub async fn close_all_of_operator(tx: &mut WriteTx, operator: Uuid) -> Result<u64> {
    tx.run(&CLOSE_ALL_OF_OPERATOR, args![operator]).await
}
