//! What only one process may do at a time.

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// The holder of a lease.
    pub struct LeaseRow { pub owner: String, pub until_at: i64 }
}

sql!(HOLDER = "SELECT owner, until_at FROM leases WHERE name = $1", LeaseRow);
sql!(
    TAKE = "INSERT INTO leases (name, owner, until_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until_at = excluded.until_at WHERE leases.owner = excluded.owner OR leases.until_at < $4"
);

/// Does `owner` hold the lease until `until` at least?
pub async fn holds(q: &mut impl Query, name: &str, owner: &str, until: i64) -> Result<bool> {
    Ok(q.opt(&HOLDER, args![name]).await?.is_some_and(|r| r.owner == owner && r.until_at >= until))
}
/// Takes or lengthens a lease until `until`; false while somebody else holds it.
pub async fn take(tx: &mut WriteTx, name: &str, owner: &str, now: i64, until: i64) -> Result<bool> {
    Ok(tx.run(&TAKE, args![name, owner, until, now]).await? == 1)
}
