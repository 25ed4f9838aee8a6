//! Mailboxes from their order to their end: passwords, activation, expiry, and the probe of the mail servers.
//!
//! A mailbox keeps the identifier under which it was ordered, so one identifier names it before it is paid
//! (`order_mailboxes`) and afterwards (`mailboxes`).

use domain::{
    id::{LoginId, MailboxId, OrderId, PartyId},
    time::{Date, Timestamp},
};

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// What the use cases of passwords need, before and after activation.
    pub struct OwnerRow {
        pub id: MailboxId,
        pub address: String,
        pub order_id: OrderId,
        pub order_number: String,
        pub order_state: String,
        /// Where the link for the first password goes.
        pub password_email: String,
        /// Chosen before the mailbox existed.
        pub waiting_hash: Option<String>,
        /// `None` while it is not paid.
        pub state: Option<String>,
        pub password_hash: Option<String>,
        /// Security contact of the mailbox.
        pub contact_email: Option<String>,
        pub holder_tax_key: String,
        pub holder_name: String,
        pub login_id: LoginId,
        pub party_id: PartyId,
        /// Name and language of the customer.
        pub customer_name: String,
        pub locale: String,
    }
}
row! {
    /// Who may ask for a new password of this address.
    pub struct ResetRow {
        pub id: MailboxId,
        pub state: String,
        pub holder_tax_key: String,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
    }
}
row! {
    /// What the mail servers read of an address.
    pub struct SeenRow {
        pub may_login: bool,
        pub may_receive: bool,
        pub may_send: bool,
    }
}
row! {
    /// What the mail servers must hold, and what the machine must know.
    pub struct PlaneRow {
        pub id: MailboxId,
        pub address: String,
        pub state: String,
        pub space_mib: i64,
        pub end_day: Date,
        /// The space that it comes down to once what lies in it fits.
        pub falls_to_mib: Option<i64>,
    }
}

sql!(
    /// An ordered mailbox, paid or not.
    OWNER = "SELECT om.id, om.address, o.id AS order_id, o.number AS order_number, o.state AS order_state, om.password_email, \
     om.password_hash AS waiting_hash, m.state, m.password_hash, m.contact_email, om.holder_tax_key, om.holder_name, o.login_id, o.party_id, \
     p.display_name AS customer_name, p.locale \
     FROM order_mailboxes om JOIN orders o ON o.id = om.order_id JOIN parties p ON p.id = o.party_id LEFT JOIN mailboxes m ON m.id = om.id \
     WHERE om.id = $1", OwnerRow
);
sql!(
    FOR_RESET = "SELECT m.id, m.state, m.holder_tax_key, COALESCE(h.fiscal_code, p.fiscal_code) AS fiscal_code, \
     COALESCE(h.vat_number, p.vat_number) AS vat_number \
     FROM mailboxes m JOIN parties p ON p.id = m.party_id LEFT JOIN holders h ON h.id = m.holder_id \
     WHERE m.address = $1 AND m.state IN ('activating','active','expired')",
    ResetRow
);
sql!(
    PLANE = "SELECT m.id, m.address, m.state, m.space_mib + m.extra_space_mib AS space_mib, t.end_day, f.space_mib + f.extra_space_mib AS falls_to_mib \
     FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id LEFT JOIN space_falls f ON f.mailbox_id = m.id WHERE m.id = $1",
    PlaneRow
);
sql!(SET_WAITING = "UPDATE order_mailboxes SET password_hash = $2 WHERE id = $1");
sql!(
    SET_PASSWORD = "UPDATE mailboxes SET password_hash = $2, password_changed_at = $3, version = version + 1 \
     WHERE id = $1 AND state IN ('activating','active','expired')"
);
sql!(
    SET_STATE = "UPDATE mailboxes SET state = $3, state_at = $4, version = version + 1, \
     activated_at = CASE WHEN activated_at IS NULL AND state = 'activating' THEN $4 ELSE activated_at END WHERE id = $1 AND state = $2"
);
sql!(END_SESSIONS = "DELETE FROM sessions WHERE mailbox_id = $1 AND id <> $2");
sql!(
    RELEASE = "UPDATE addresses SET state = 'released', former_tax_key = holder_tax_key, changed_at = $3 WHERE address = $1 AND mailbox_id = $2"
);
sql!(
    /// Being activated since before $1 with nobody at work on it.
    FORGOTTEN = "SELECT m.id FROM mailboxes m WHERE m.state = 'activating' AND m.state_at < $1 AND NOT EXISTS \
     (SELECT 1 FROM effects e WHERE e.subject_id = m.id AND e.kind = 'provision' AND e.state IN ('ready','running','stuck')) \
     ORDER BY m.state_at LIMIT $2", MailboxId
);
sql!(SEEN = "SELECT may_login, may_receive, may_send FROM mail_accounts WHERE address = $1", SeenRow);
sql!(OPEN_PROBE = "INSERT INTO mail_probes (address, password_hash, created_at) VALUES ($1, $2, $3)");
sql!(CLOSE_PROBE = "DELETE FROM mail_probes WHERE address = $1 OR created_at < $2");
sql!(SERVED_DOMAIN = "SELECT name FROM mail_domains WHERE served ORDER BY position, name LIMIT 1", String);

/// The ordered mailbox with this identifier, paid or not.
///
/// # Errors
/// The store's.
pub async fn owner(q: &mut impl Query, id: MailboxId) -> Result<Option<OwnerRow>> {
    q.opt(&OWNER, args![id]).await
}
/// The living mailbox of this address.
///
/// # Errors
/// The store's.
pub async fn for_reset(q: &mut impl Query, address: &str) -> Result<Option<ResetRow>> {
    q.opt(&FOR_RESET, args![address]).await
}
/// The mailbox as the servers should have it.
///
/// # Errors
/// The store's.
pub async fn plane(q: &mut impl Query, id: MailboxId) -> Result<Option<PlaneRow>> {
    q.opt(&PLANE, args![id]).await
}
/// Keeps a password chosen before the mailbox exists.
///
/// # Errors
/// The store's; `WrongRows` without such an ordered mailbox.
pub async fn set_waiting(tx: &mut WriteTx, id: MailboxId, hash: &str) -> Result<()> {
    tx.exactly_one(&SET_WAITING, args![id, hash]).await
}
/// Gives a living mailbox another password.
///
/// # Errors
/// The store's; `WrongRows` when it does not live.
pub async fn set_password(tx: &mut WriteTx, id: MailboxId, hash: &str, now: Timestamp) -> Result<()> {
    tx.exactly_one(&SET_PASSWORD, args![id, hash, now]).await
}
/// Moves a mailbox from one state to another; 0 when it was moved meanwhile.
///
/// # Errors
/// The store's.
pub async fn set_state(tx: &mut WriteTx, id: MailboxId, from: &str, to: &str, now: Timestamp) -> Result<u64> {
    tx.run(&SET_STATE, args![id, from, to, now]).await
}
/// Ends every session that was opened with the mailbox and its password, but one.
///
/// # Errors
/// The store's.
pub async fn end_sessions(tx: &mut WriteTx, id: MailboxId, keep: Option<Uuid>) -> Result<u64> {
    tx.run(&END_SESSIONS, args![id, keep.unwrap_or(Uuid::nil())]).await
}
/// The address may be bought again, by its former holder.
///
/// # Errors
/// The store's.
pub async fn release_address(tx: &mut WriteTx, id: MailboxId, address: &str, now: Timestamp) -> Result<u64> {
    tx.run(&RELEASE, args![address, id, now]).await
}
/// Mailboxes being activated since before `since`, with no effect at work on them.
///
/// # Errors
/// The store's.
pub async fn forgotten(q: &mut impl Query, since: Timestamp, limit: i64) -> Result<Vec<MailboxId>> {
    q.all(&FORGOTTEN, args![since, limit]).await
}
/// What the mail servers read of this address; `None` when they know nothing of it.
///
/// # Errors
/// The store's.
pub async fn seen_by_servers(q: &mut impl Query, address: &str) -> Result<Option<SeenRow>> {
    q.opt(&SEEN, args![address]).await
}
/// Makes a probe mailbox, which the mail servers serve from now on.
///
/// # Errors
/// The store's.
pub async fn open_probe(tx: &mut WriteTx, address: &str, hash: &str, now: Timestamp) -> Result<()> {
    tx.exactly_one(&OPEN_PROBE, args![address, hash, now]).await
}
/// Removes a probe mailbox, and those forgotten since before `older`.
///
/// # Errors
/// The store's.
pub async fn close_probe(tx: &mut WriteTx, address: &str, older: Timestamp) -> Result<u64> {
    tx.run(&CLOSE_PROBE, args![address, older]).await
}
/// The first domain whose mail the servers take.
///
/// # Errors
/// The store's.
pub async fn served_domain(q: &mut impl Query) -> Result<Option<String>> {
    q.opt(&SERVED_DOMAIN, args![]).await
}
