//! Rows of single-use links and codes.

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A token without its hash.
    pub struct TokenRow {
        pub id: Uuid,
        pub kind: String,
        pub subject_id: Uuid,
        pub data: String,
        pub attempts: i64,
        pub created_at: i64,
        pub expires_at: i64,
        pub used_at: Option<i64>,
        pub revoked_at: Option<i64>,
    }
}

sql!(
    INSERT = "INSERT INTO tokens (id, kind, token_hash, subject_id, data, attempts, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)"
);
sql!(
    BY_HASH = "SELECT id, kind, subject_id, data, attempts, created_at, expires_at, used_at, revoked_at FROM tokens WHERE token_hash = $1",
    TokenRow
);
sql!(
    LATEST = "SELECT id, kind, subject_id, data, attempts, created_at, expires_at, used_at, revoked_at FROM tokens WHERE subject_id = $1 AND kind = $2 AND used_at IS NULL AND revoked_at IS NULL ORDER BY expires_at DESC LIMIT 1",
    TokenRow
);
sql!(SPEND = "UPDATE tokens SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL");
sql!(
    REVOKE_ALL = "UPDATE tokens SET revoked_at = $3 WHERE subject_id = $1 AND kind = $2 AND used_at IS NULL AND revoked_at IS NULL"
);
sql!(
    COUNT_ATTEMPT = "UPDATE tokens SET attempts = attempts + 1, revoked_at = CASE WHEN attempts + 1 >= $2 THEN $3 ELSE revoked_at END WHERE id = $1"
);

/// Writes a token.
#[allow(clippy::too_many_arguments)]
pub async fn insert(
    tx: &mut WriteTx,
    id: Uuid,
    kind: &str,
    hash: &[u8],
    subject_id: Uuid,
    data: &str,
    created_at: i64,
    expires_at: i64,
) -> Result<()> {
    tx.exactly_one(&INSERT, args![id, kind, hash, subject_id, data, created_at, expires_at]).await
}
/// The token with this hash, whatever its state.
pub async fn by_hash(q: &mut impl Query, hash: &[u8]) -> Result<Option<TokenRow>> {
    q.opt(&BY_HASH, args![hash]).await
}
/// The token of a subject that lives longest, neither used nor revoked.
pub async fn latest(q: &mut impl Query, subject_id: Uuid, kind: &str) -> Result<Option<TokenRow>> {
    q.opt(&LATEST, args![subject_id, kind]).await
}
/// Marks a token used; 0 when it was used or revoked before.
pub async fn spend(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<u64> {
    tx.run(&SPEND, args![id, now]).await
}
/// Revokes every open token of a kind.
pub async fn revoke_all(tx: &mut WriteTx, subject_id: Uuid, kind: &str, now: i64) -> Result<u64> {
    tx.run(&REVOKE_ALL, args![subject_id, kind, now]).await
}
/// Counts a wrong try; the `max`th revokes.
pub async fn count_attempt(tx: &mut WriteTx, id: Uuid, max: i64, now: i64) -> Result<u64> {
    tx.run(&COUNT_ATTEMPT, args![id, max, now]).await
}
