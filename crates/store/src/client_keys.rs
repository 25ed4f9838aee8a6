//! Keys of forms and solutions that count once.

use crate::{Batch, Query, Result, WriteTx, args, sql};

sql!(
    CLAIM = "INSERT INTO client_keys (scope, key, result, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (scope, key) DO NOTHING"
);
sql!(CLAIM_NEW = "INSERT INTO client_keys (scope, key, result, created_at) VALUES ($1, $2, $3, $4)");
sql!(RESULT = "SELECT result FROM client_keys WHERE scope = $1 AND key = $2", String);

/// Takes a key for its scope; `false` when somebody took it before.
///
/// # Errors
/// The store's.
pub async fn claim(tx: &mut WriteTx, scope: &str, key: &str, result: &str, now: i64) -> Result<bool> {
    Ok(tx.run(&CLAIM, args![scope, key, result, now]).await? == 1)
}
/// Takes a key together with what it stands for; one that was taken before loses the transaction, as a duplicate of
/// `client_keys.scope,key`.
pub fn claim_new<'a>(batch: &mut Batch<'a>, scope: &'a str, key: &'a str, result: &'a str, now: i64) {
    batch.add(&CLAIM_NEW, args![scope, key, result, now], 1);
}
/// What came of the form with this key, if it was sent before.
///
/// # Errors
/// The store's.
pub async fn result(q: &mut impl Query, scope: &str, key: &str) -> Result<Option<String>> {
    q.opt(&RESULT, args![scope, key]).await
}
