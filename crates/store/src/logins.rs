//! Provider accounts: username and password of a registry record.

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A whole account.
    pub struct LoginRow {
        pub id: Uuid,
        pub version: i64,
        pub party_id: Uuid,
        pub number: i64,
        pub username: String,
        pub state: String,
        pub password_hash: Option<String>,
        pub password_changed_at: Option<i64>,
        pub last_login_at: Option<i64>,
        pub created_at: i64,
    }
}

row! {
    /// An account with what messages and rules need of its record.
    pub struct LoginOfPartyRow {
        pub id: Uuid,
        pub version: i64,
        pub party_id: Uuid,
        pub username: String,
        pub state: String,
        pub password_hash: Option<String>,
        pub created_at: i64,
        pub first_name: String,
        pub fiscal_code: Option<String>,
        pub email: String,
        pub email_key: String,
        pub locale: String,
    }
}
row! {
    /// A mailbox that signs in by its address.
    pub struct MailboxLoginRow {
        pub id: Uuid,
        pub address: String,
        pub state: String,
        pub password_hash: Option<String>,
        pub holder_tax_key: String,
    }
}

sql!(
    WITH_PARTY = "SELECT l.id, l.version, l.party_id, l.username, l.state, l.password_hash, l.created_at, p.first_name, p.fiscal_code, p.email, p.email_key, p.locale FROM logins l JOIN parties p ON p.id = l.party_id WHERE l.id = $1",
    LoginOfPartyRow
);
sql!(
    MAILBOX_BY_ADDRESS = "SELECT id, address, state, password_hash, holder_tax_key FROM mailboxes WHERE address = $1 AND state IN ('activating','active','expired')",
    MailboxLoginRow
);
sql!(
    MAILBOX_BY_ID = "SELECT id, address, state, password_hash, holder_tax_key FROM mailboxes WHERE id = $1",
    MailboxLoginRow
);
sql!(
    BY_ID = "SELECT id, version, party_id, number, username, state, password_hash, password_changed_at, last_login_at, created_at FROM logins WHERE id = $1",
    LoginRow
);
sql!(
    BY_USERNAME = "SELECT id, version, party_id, number, username, state, password_hash, password_changed_at, last_login_at, created_at FROM logins WHERE username = $1",
    LoginRow
);
sql!(
    OF_PARTY = "SELECT id, version, party_id, number, username, state, password_hash, password_changed_at, last_login_at, created_at FROM logins WHERE party_id = $1 ORDER BY number",
    LoginRow
);
sql!(
    INSERT = "INSERT INTO logins (id, version, party_id, number, username, state, password_hash, password_changed_at, created_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)"
);
sql!(
    SET_PASSWORD = "UPDATE logins SET version = version + 1, state = $3, password_hash = $4, password_changed_at = $5 WHERE id = $1 AND version = $2"
);
sql!(SET_STATE = "UPDATE logins SET version = version + 1, state = $3 WHERE id = $1 AND version = $2");
sql!(SIGNED_IN = "UPDATE logins SET last_login_at = $2 WHERE id = $1");
sql!(
    REMEMBER = "INSERT INTO password_history (subject_id, changed_at, password_hash) VALUES ($1, $2, $3) ON CONFLICT (subject_id, changed_at) DO NOTHING"
);
sql!(
    FORMER = "SELECT password_hash FROM password_history WHERE subject_id = $1 ORDER BY changed_at DESC LIMIT $2",
    String
);
sql!(
    FORGET = "DELETE FROM password_history WHERE subject_id = $1 AND changed_at < COALESCE((SELECT MIN(h.changed_at) FROM (SELECT changed_at FROM password_history WHERE subject_id = $1 ORDER BY changed_at DESC LIMIT $2) h), 9223372036854775807)"
);

/// The account with this identifier.
pub async fn by_id(q: &mut impl Query, id: Uuid) -> Result<Option<LoginRow>> {
    q.opt(&BY_ID, args![id]).await
}
/// The account with this username (`123456@realm`, lower case).
pub async fn by_username(q: &mut impl Query, username: &str) -> Result<Option<LoginRow>> {
    q.opt(&BY_USERNAME, args![username]).await
}
/// All accounts of a record, ended ones too, in order of number.
pub async fn of_party(q: &mut impl Query, party: Uuid) -> Result<Vec<LoginRow>> {
    q.all(&OF_PARTY, args![party]).await
}
/// Writes a new account; `password` is its hash and the moment, when it has one already.
pub async fn insert(
    tx: &mut WriteTx,
    id: Uuid,
    party: Uuid,
    (number, username): (i64, &str),
    state: &str,
    password: Option<(&str, i64)>,
    now: i64,
) -> Result<()> {
    let (hash, at) = password.unzip();
    tx.exactly_one(&INSERT, args![id, party, number, username, state, hash, at, now]).await
}
/// Sets password and state; 0 when the version is another.
pub async fn set_password(tx: &mut WriteTx, id: Uuid, version: i64, state: &str, hash: &str, now: i64) -> Result<u64> {
    tx.run(&SET_PASSWORD, args![id, version, state, hash, now]).await
}
/// Sets the state; 0 when the version is another.
pub async fn set_state(tx: &mut WriteTx, id: Uuid, version: i64, state: &str) -> Result<u64> {
    tx.run(&SET_STATE, args![id, version, state]).await
}
/// Notes that its owner signed in.
pub async fn signed_in(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<u64> {
    tx.run(&SIGNED_IN, args![id, now]).await
}
/// Keeps the hash of a password that was set now, and only the `keep` newest of the subject
/// (an account or a mailbox).
pub async fn remember_password(tx: &mut WriteTx, subject: Uuid, hash: &str, keep: i64, now: i64) -> Result<()> {
    tx.run(&REMEMBER, args![subject, now, hash]).await?;
    tx.run(&FORGET, args![subject, keep]).await?;
    Ok(())
}
/// The hashes of the last passwords of a subject, newest first.
pub async fn former_passwords(q: &mut impl Query, subject: Uuid, limit: i64) -> Result<Vec<String>> {
    q.all(&FORMER, args![subject, limit]).await
}
/// The account with this identifier and its record.
pub async fn with_party(q: &mut impl Query, id: Uuid) -> Result<Option<LoginOfPartyRow>> {
    q.opt(&WITH_PARTY, args![id]).await
}
/// The living mailbox with this address (lower case).
pub async fn mailbox_by_address(q: &mut impl Query, address: &str) -> Result<Option<MailboxLoginRow>> {
    q.opt(&MAILBOX_BY_ADDRESS, args![address]).await
}
/// One mailbox, whatever its state.
pub async fn mailbox_by_id(q: &mut impl Query, id: Uuid) -> Result<Option<MailboxLoginRow>> {
    q.opt(&MAILBOX_BY_ID, args![id]).await
}
