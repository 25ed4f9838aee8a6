//! Figures of the back office. Each counts along an index and stops early: what is more than a desk can look
//! through is «more than».

use crate::{Query, Result, args, sql};

sql!(ORDERS = "SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM orders WHERE state = $1 LIMIT $2) found", i64);
sql!(MAILBOXES = "SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM mailboxes WHERE state = $1 LIMIT $2) found", i64);

/// Orders in a state, counted up to `limit`.
pub async fn orders(q: &mut impl Query, state: &str, limit: i64) -> Result<i64> {
    q.one(&ORDERS, args![state, limit]).await
}
/// Mailboxes in a state, counted up to `limit`.
pub async fn mailboxes(q: &mut impl Query, state: &str, limit: i64) -> Result<i64> {
    q.one(&MAILBOXES, args![state, limit]).await
}
