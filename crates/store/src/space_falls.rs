//! Space that mailboxes give back once what lies in them fits, and after a day in any case.

use domain::{id::MailboxId, time::Date};

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// What stays of the space, until when the larger one lasts, and whether the customer knows that it does not fit.
    pub struct FallRow { pub mailbox_id: MailboxId, pub space_mib: i64, pub extra_space_mib: i64, pub until_day: Date, pub told: bool }
}

sql!(
    PUT = "INSERT INTO space_falls (mailbox_id, space_mib, extra_space_mib, until_day, told) VALUES ($1, $2, $3, $4, FALSE) \
     ON CONFLICT (mailbox_id) DO UPDATE SET space_mib = excluded.space_mib, extra_space_mib = excluded.extra_space_mib, until_day = excluded.until_day, told = FALSE"
);
sql!(
    OF = "SELECT mailbox_id, space_mib, extra_space_mib, until_day, told FROM space_falls WHERE mailbox_id = $1",
    FallRow
);
sql!(
    DUE = "SELECT mailbox_id, space_mib, extra_space_mib, until_day, told FROM space_falls WHERE until_day < $1 ORDER BY until_day, mailbox_id LIMIT $2",
    FallRow
);
sql!(TOLD = "UPDATE space_falls SET told = TRUE WHERE mailbox_id = $1");
sql!(FORGET = "DELETE FROM space_falls WHERE mailbox_id = $1");
sql!(
    /// What has ended meanwhile does not come back.
    LOWER = "UPDATE mailboxes SET space_mib = CASE WHEN space_mib > $2 THEN $2 ELSE space_mib END, \
     extra_space_mib = CASE WHEN extra_space_mib > $3 THEN $3 ELSE extra_space_mib END, version = version + 1 WHERE id = $1"
);

/// From now on the mailbox waits for it; what it waited for before is forgotten.
///
/// # Errors
/// The store's.
pub async fn put(tx: &mut WriteTx, id: MailboxId, stays: (i64, i64), until: Date) -> Result<u64> {
    tx.run(&PUT, args![id, stays.0, stays.1, until]).await
}
/// What this mailbox waits for.
///
/// # Errors
/// The store's.
pub async fn of(q: &mut impl Query, id: MailboxId) -> Result<Option<FallRow>> {
    q.opt(&OF, args![id]).await
}
/// Those whose last day is past on `today`.
///
/// # Errors
/// The store's.
pub async fn due(q: &mut impl Query, today: Date, limit: i64) -> Result<Vec<FallRow>> {
    q.all(&DUE, args![today, limit]).await
}
/// The customer knows that it does not fit.
///
/// # Errors
/// The store's.
pub async fn told(tx: &mut WriteTx, id: MailboxId) -> Result<u64> {
    tx.run(&TOLD, args![id]).await
}
/// It waits for nothing any more.
///
/// # Errors
/// The store's.
pub async fn forget(tx: &mut WriteTx, id: MailboxId) -> Result<u64> {
    tx.run(&FORGET, args![id]).await
}
/// The mailbox has no more than what stays.
///
/// # Errors
/// `WrongRows` without such a mailbox.
pub async fn lower(tx: &mut WriteTx, fall: &FallRow) -> Result<()> {
    tx.exactly_one(&LOWER, args![fall.mailbox_id, fall.space_mib, fall.extra_space_mib]).await?;
    forget(tx, fall.mailbox_id).await.map(drop)
}
