//! What lies in each mailbox, as the mail servers last told.

use domain::{id::MailboxId, time::Timestamp};

use crate::{Query, Result, WriteTx, args, sql};

sql!(WATCH = "INSERT INTO mailbox_usage (mailbox_id, due_at) VALUES ($1, $2) ON CONFLICT (mailbox_id) DO NOTHING");
sql!(FORGET = "DELETE FROM mailbox_usage WHERE mailbox_id = $1");
sql!(DUE = "SELECT mailbox_id FROM mailbox_usage WHERE due_at <= $1 ORDER BY due_at, mailbox_id LIMIT $2", MailboxId);
sql!(PUT_OFF = "UPDATE mailbox_usage SET due_at = $2 WHERE mailbox_id = $1");
sql!(
    COUNTED =
        "UPDATE mailbox_usage SET used_kib = $2, counted_at = $3, due_at = $4, told_percent = $5 WHERE mailbox_id = $1"
);
sql!(TOLD = "SELECT told_percent FROM mailbox_usage WHERE mailbox_id = $1", i64);
sql!(
    BEING_MADE = "SELECT CAST(1 AS BIGINT) AS one FROM effects WHERE subject_id = $1 AND kind = 'provision' \
     AND state IN ('ready','running','stuck') LIMIT 1",
    i64
);

/// From now on the mailbox is counted; one that is counted already goes on as it was.
///
/// # Errors
/// The store's.
pub async fn watch(tx: &mut WriteTx, id: MailboxId, now: Timestamp) -> Result<u64> {
    tx.run(&WATCH, args![id, now]).await
}
/// It is counted no more.
///
/// # Errors
/// The store's.
pub async fn forget(tx: &mut WriteTx, id: MailboxId) -> Result<u64> {
    tx.run(&FORGET, args![id]).await
}
/// Mailboxes to be counted by `now`, those that wait longest first.
///
/// # Errors
/// The store's.
pub async fn due(q: &mut impl Query, now: Timestamp, limit: i64) -> Result<Vec<MailboxId>> {
    q.all(&DUE, args![now, limit]).await
}
/// Asks again at that time; what is known stays.
///
/// # Errors
/// The store's.
pub async fn put_off(tx: &mut WriteTx, id: MailboxId, due: Timestamp) -> Result<u64> {
    tx.run(&PUT_OFF, args![id, due]).await
}
/// What the servers told of a mailbox.
pub struct Counted {
    pub used_kib: i64,
    pub at: Timestamp,
    /// When to ask again.
    pub due: Timestamp,
    /// How full its holder was told that it is.
    pub told_percent: i64,
}
/// Keeps it.
///
/// # Errors
/// The store's.
pub async fn counted(tx: &mut WriteTx, id: MailboxId, c: &Counted) -> Result<u64> {
    tx.run(&COUNTED, args![id, c.used_kib, c.at, c.due, c.told_percent]).await
}
/// How full its holder was told that it is.
///
/// # Errors
/// The store's.
pub async fn told_percent(q: &mut impl Query, id: MailboxId) -> Result<i64> {
    Ok(q.opt(&TOLD, args![id]).await?.unwrap_or(0))
}
/// Is an effect at work that makes the servers have this mailbox as it should be, or stuck with it?
///
/// # Errors
/// The store's.
pub async fn being_made(q: &mut impl Query, id: MailboxId) -> Result<bool> {
    Ok(q.opt(&BEING_MADE, args![id]).await?.is_some())
}
