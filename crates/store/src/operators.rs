//! Operators of the provider.

use uuid::Uuid;

use crate::{P, Query, Result, WriteTx, args, row, sql};

row! {
    /// A whole operator.
    pub struct OperatorRow {
        pub id: Uuid,
        pub version: i64,
        pub username: String,
        pub display_name: String,
        pub role: String,
        pub state: String,
        pub password_hash: String,
        pub totp_seed: Option<Vec<u8>>,
        pub totp_step: Option<i64>,
        pub enrolled_at: Option<i64>,
        pub last_login_at: Option<i64>,
        pub created_at: i64,
    }
}

sql!(
    BY_ID = "SELECT id, version, username, display_name, role, state, password_hash, totp_seed, totp_step, enrolled_at, last_login_at, created_at FROM operators WHERE id = $1",
    OperatorRow
);
sql!(
    BY_USERNAME = "SELECT id, version, username, display_name, role, state, password_hash, totp_seed, totp_step, enrolled_at, last_login_at, created_at FROM operators WHERE username = $1",
    OperatorRow
);
sql!(
    ALL = "SELECT id, version, username, display_name, role, state, password_hash, totp_seed, totp_step, enrolled_at, last_login_at, created_at FROM operators ORDER BY username LIMIT 500",
    OperatorRow
);
sql!(
    INSERT = "INSERT INTO operators (id, version, username, display_name, role, state, password_hash, created_at) VALUES ($1, 1, $2, $3, $4, 'active', $5, $6)"
);
sql!(
    ENROL = "UPDATE operators SET version = version + 1, password_hash = $3, totp_seed = $4, totp_step = $5, enrolled_at = $6 WHERE id = $1 AND version = $2"
);
sql!(TAKE_STEP = "UPDATE operators SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2)");
sql!(SIGNED_IN = "UPDATE operators SET last_login_at = $2 WHERE id = $1");
sql!(
    RESET = "UPDATE operators SET version = version + 1, password_hash = $3, totp_seed = NULL, totp_step = NULL, enrolled_at = NULL WHERE id = $1 AND version = $2"
);
sql!(SET_STATE = "UPDATE operators SET version = version + 1, state = $3 WHERE id = $1 AND version = $2");

/// A new operator, who has not signed in yet.
pub struct NewOperator<'a> {
    pub id: Uuid,
    pub username: &'a str,
    pub display_name: &'a str,
    pub role: &'a str,
    pub password_hash: &'a str,
    pub now: i64,
}

/// The operator with this identifier.
pub async fn by_id(q: &mut impl Query, id: Uuid) -> Result<Option<OperatorRow>> {
    q.opt(&BY_ID, args![id]).await
}
/// The operator with this username (lower case).
pub async fn by_username(q: &mut impl Query, username: &str) -> Result<Option<OperatorRow>> {
    q.opt(&BY_USERNAME, args![username]).await
}
/// All operators by username.
pub async fn all(q: &mut impl Query) -> Result<Vec<OperatorRow>> {
    q.all(&ALL, args![]).await
}
/// Writes a new operator; a duplicate of `operators.username` when the name is taken.
pub async fn insert(tx: &mut WriteTx, o: &NewOperator<'_>) -> Result<()> {
    tx.exactly_one(&INSERT, args![o.id, o.username, o.display_name, o.role, o.password_hash, o.now]).await
}
/// Sets the operator's own password and second factor; 0 when the version is another.
pub async fn enrol(
    tx: &mut WriteTx,
    (id, version): (Uuid, i64),
    password_hash: &str,
    (seed, step): (&[u8], i64),
    now: i64,
) -> Result<u64> {
    tx.run(&ENROL, args![id, version, password_hash, seed, step, now]).await
}
/// Takes the code of a step; false when it, or a later one, was taken before.
pub async fn take_step(tx: &mut WriteTx, id: Uuid, step: i64) -> Result<bool> {
    Ok(tx.run(&TAKE_STEP, args![id, step]).await? == 1)
}
/// Notes that the operator signed in.
pub async fn signed_in(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<u64> {
    tx.run(&SIGNED_IN, args![id, now]).await
}
/// Hands out another password and forgets the second factor; 0 when the version is another.
pub async fn reset(tx: &mut WriteTx, id: Uuid, version: i64, password_hash: &str) -> Result<u64> {
    tx.run(&RESET, args![id, version, password_hash]).await
}
/// Sets the state; 0 when the version is another.
pub async fn set_state(tx: &mut WriteTx, id: Uuid, version: i64, state: &str) -> Result<u64> {
    tx.run(&SET_STATE, args![id, version, P::T(state)]).await
}
