//! Registrations under way.

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A registration; `draft` is JSON of what was typed so far.
    pub struct RegistrationRow {
        pub id: Uuid,
        pub version: i64,
        pub step: String,
        pub draft: String,
        pub login_id: Option<Uuid>,
        pub next_path: Option<String>,
        pub created_at: i64,
        pub expires_at: i64,
    }
}

sql!(
    INSERT = "INSERT INTO registrations (id, version, token_hash, step, draft, next_path, created_at, expires_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7)"
);
sql!(
    BY_TOKEN = "SELECT id, version, step, draft, login_id, next_path, created_at, expires_at FROM registrations WHERE token_hash = $1",
    RegistrationRow
);
sql!(
    BY_LOGIN = "SELECT id, version, step, draft, login_id, next_path, created_at, expires_at FROM registrations WHERE login_id = $1 ORDER BY created_at LIMIT 1",
    RegistrationRow
);
sql!(SAVE = "UPDATE registrations SET step = $3, draft = $4, version = version + 1 WHERE id = $1 AND version = $2");
sql!(
    SET_LOGIN = "UPDATE registrations SET login_id = $2, step = $3, draft = $4, expires_at = $5, version = version + 1 WHERE id = $1 AND login_id IS NULL"
);
sql!(SET_TOKEN = "UPDATE registrations SET token_hash = $2, version = version + 1 WHERE id = $1");
sql!(REMOVE = "DELETE FROM registrations WHERE id = $1");
sql!(REMOVE_OF_LOGIN = "DELETE FROM registrations WHERE login_id = $1");

/// Begins a registration.
///
/// # Errors
/// The store's.
#[allow(clippy::too_many_arguments)]
pub async fn insert(
    tx: &mut WriteTx,
    id: Uuid,
    token_hash: &[u8],
    step: &str,
    draft: &str,
    next_path: Option<&str>,
    now: i64,
    expires_at: i64,
) -> Result<()> {
    tx.exactly_one(&INSERT, args![id, token_hash, step, draft, next_path, now, expires_at]).await
}
/// The registration with this hash of its secret, expired or not.
///
/// # Errors
/// The store's.
pub async fn by_token(q: &mut impl Query, token_hash: &[u8]) -> Result<Option<RegistrationRow>> {
    q.opt(&BY_TOKEN, args![token_hash]).await
}
/// The registration from which a login came.
///
/// # Errors
/// The store's.
pub async fn by_login(q: &mut impl Query, login: Uuid) -> Result<Option<RegistrationRow>> {
    q.opt(&BY_LOGIN, args![login]).await
}
/// Keeps what was typed; 0 when another tab saved meanwhile.
///
/// # Errors
/// The store's.
pub async fn save(tx: &mut WriteTx, id: Uuid, version: i64, step: &str, draft: &str) -> Result<u64> {
    tx.run(&SAVE, args![id, version, step, draft]).await
}
/// Ties a registration to its login, once, and forgets the typed data; 0 when it has one.
///
/// # Errors
/// The store's.
pub async fn set_login(
    tx: &mut WriteTx,
    id: Uuid,
    login: Uuid,
    step: &str,
    draft: &str,
    expires_at: i64,
) -> Result<u64> {
    tx.run(&SET_LOGIN, args![id, login, step, draft, expires_at]).await
}
/// Gives a registration another secret: whoever follows the mailed link continues it.
///
/// # Errors
/// The store's.
pub async fn set_token(tx: &mut WriteTx, id: Uuid, token_hash: &[u8]) -> Result<()> {
    tx.exactly_one(&SET_TOKEN, args![id, token_hash]).await
}
/// Forgets a registration.
///
/// # Errors
/// The store's.
pub async fn remove(tx: &mut WriteTx, id: Uuid) -> Result<u64> {
    tx.run(&REMOVE, args![id]).await
}
/// Forgets the registrations of a login.
///
/// # Errors
/// The store's.
pub async fn remove_of_login(tx: &mut WriteTx, login: Uuid) -> Result<u64> {
    tx.run(&REMOVE_OF_LOGIN, args![login]).await
}
