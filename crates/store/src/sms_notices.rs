//! Mailboxes with the add-on «avviso SMS»: when to ask what lies unread in them, and what their holders were told.

use domain::{
    addon::sms_notice::Told,
    id::MailboxId,
    time::{Date, Timestamp},
};

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// A mailbox with everything that telling its holder must know.
    pub struct SubjectRow {
        pub mailbox_id: MailboxId,
        pub address: String,
        pub state: String,
        /// Of the holder's record.
        pub mobile: Option<String>,
        pub locale: String,
        /// Last day of the add-on; nothing when none runs.
        pub until_day: Option<Date>,
        pub told_unread: i64,
        pub told_day: Option<Date>,
    }
}
impl SubjectRow {
    /// What he was told so far.
    pub fn told(&self) -> Told {
        Told { unread: self.told_unread, day: self.told_day }
    }
}

sql!(
    /// One that ended and comes back before that was seen is asked about at once; what was told stays.
    WATCH = "INSERT INTO sms_notices (mailbox_id, due_at, told_unread, told_day) VALUES ($1, $2, 0, NULL) ON CONFLICT (mailbox_id) DO UPDATE SET due_at = excluded.due_at"
);
sql!(FORGET = "DELETE FROM sms_notices WHERE mailbox_id = $1");
sql!(DUE = "SELECT mailbox_id FROM sms_notices WHERE due_at <= $1 ORDER BY due_at, mailbox_id LIMIT $2", MailboxId);
sql!(PUT_OFF = "UPDATE sms_notices SET due_at = $2 WHERE mailbox_id = $1");
sql!(KEEP = "UPDATE sms_notices SET due_at = $2, told_unread = $3, told_day = $4 WHERE mailbox_id = $1");
sql!(
    SUBJECT = "SELECT n.mailbox_id, m.address, m.state, p.mobile, p.locale, \
     (SELECT MAX(d.end_day) FROM addons d WHERE d.mailbox_id = n.mailbox_id AND d.service = 'sms_notice' AND d.state = 'active') AS until_day, n.told_unread, n.told_day \
     FROM sms_notices n JOIN mailboxes m ON m.id = n.mailbox_id JOIN parties p ON p.id = m.party_id WHERE n.mailbox_id = $1",
    SubjectRow
);

/// Adds to a batch that the mailbox is asked about from now on.
pub fn watch_in<'a>(batch: &mut Batch<'a>, mailbox: MailboxId, now: Timestamp) {
    batch.add(&WATCH, args![mailbox, now], 1);
}
/// The same by itself.
///
/// # Errors
/// The store's.
pub async fn watch(tx: &mut WriteTx, mailbox: MailboxId, now: Timestamp) -> Result<u64> {
    tx.run(&WATCH, args![mailbox, now]).await
}
/// It is asked about no more.
///
/// # Errors
/// The store's.
pub async fn forget(tx: &mut WriteTx, mailbox: MailboxId) -> Result<u64> {
    tx.run(&FORGET, args![mailbox]).await
}
/// Mailboxes to be asked about by `now`, those that wait longest first.
///
/// # Errors
/// The store's.
pub async fn due(q: &mut impl Query, now: Timestamp, limit: i64) -> Result<Vec<MailboxId>> {
    q.all(&DUE, args![now, limit]).await
}
/// Asks again at that time; what was told stays.
///
/// # Errors
/// The store's.
pub async fn put_off(tx: &mut WriteTx, mailbox: MailboxId, due: Timestamp) -> Result<u64> {
    tx.run(&PUT_OFF, args![mailbox, due]).await
}
/// Keeps what he was told, and when to ask again.
///
/// # Errors
/// The store's.
pub async fn keep(tx: &mut WriteTx, mailbox: MailboxId, told: Told, due: Timestamp) -> Result<u64> {
    tx.run(&KEEP, args![mailbox, due, told.unread, told.day]).await
}
/// The mailbox as it stands now; nothing when it is not asked about.
///
/// # Errors
/// The store's.
pub async fn subject(q: &mut impl Query, mailbox: MailboxId) -> Result<Option<SubjectRow>> {
    q.opt(&SUBJECT, args![mailbox]).await
}
