//! Notices of termination: who gave them for which mailbox, and what became of them.

use domain::{
    id::{HolderId, LoginId, MailboxId, OrderId, PartyId, TerminationId},
    time::{Date, Timestamp},
};

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// A mailbox as giving notice needs it.
    pub struct SubjectRow {
        pub mailbox_id: MailboxId,
        pub order_id: OrderId,
        pub address: String,
        pub state: String,
        pub plan_code: String,
        pub plan_name: String,
        pub end_day: Date,
        pub auto_renew: bool,
        pub notice: bool,
        pub login_id: LoginId,
        pub party_id: PartyId,
        pub holder_id: Option<HolderId>,
        pub holder_tax_key: String,
        pub holder_name: String,
        /// Fiscal code or VAT number of the account's subject.
        pub account_tax_key: String,
        pub under_agreement: bool,
        pub contact_email: String,
        /// Where messages to the account go, and in which language.
        pub email: String,
        pub locale: String,
    }
}
row! {
    /// A notice that is at work, or the last one that was.
    pub struct TerminationRow {
        pub id: TerminationId,
        pub kind: String,
        pub state: String,
        pub end_day: Date,
        pub given_at: Timestamp,
        pub given_by: String,
        pub former_way: String,
        pub former_auto: bool,
    }
}
row! {
    /// The notices of the mailboxes that an order made or renews, for operators.
    pub struct OrderTerminationRow {
        pub address: String,
        pub kind: String,
        pub state: String,
        pub end_day: Date,
        pub given_at: Timestamp,
        pub given_by: String,
    }
}

sql!(
    SUBJECT = "SELECT m.id AS mailbox_id, m.order_id, m.address, m.state, m.plan_code, pr.name AS plan_name, t.end_day, t.auto_renew, t.notice, m.login_id, m.party_id, m.holder_id, m.holder_tax_key, m.holder_name, \
     p.tax_key AS account_tax_key, EXISTS (SELECT 1 FROM agreement_mailboxes g WHERE g.mailbox_id = m.id) AS under_agreement, m.contact_email, p.email, p.locale \
     FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id JOIN products pr ON pr.code = m.plan_code JOIN parties p ON p.id = m.party_id WHERE m.id = $1",
    SubjectRow
);
sql!(
    GIVEN = "SELECT id, kind, state, end_day, given_at, given_by, former_way, former_auto FROM terminations WHERE mailbox_id = $1 AND state = 'given'",
    TerminationRow
);
sql!(
    /// Of a mailbox that is gone: the notice that ended it, if one did.
    LAST = "SELECT id, kind, state, end_day, given_at, given_by, former_way, former_auto FROM terminations WHERE mailbox_id = $1 AND state IN ('given','done') ORDER BY given_at DESC, id DESC LIMIT 1",
    TerminationRow
);
sql!(
    OF_ORDER = "SELECT m.address, x.kind, x.state, x.end_day, x.given_at, x.given_by FROM (SELECT id FROM mailboxes WHERE order_id = $1 UNION SELECT mailbox_id FROM order_services WHERE order_id = $1) s \
     JOIN mailboxes m ON m.id = s.id JOIN terminations x ON x.mailbox_id = s.id ORDER BY x.given_at DESC, x.id DESC LIMIT $2",
    OrderTerminationRow
);
sql!(
    INSERT = "INSERT INTO terminations (id, mailbox_id, kind, state, end_day, given_at, given_by, giver_id, former_way, former_auto, ip, user_agent, closed_at) \
     VALUES ($1, $2, $3, 'given', $4, $5, $6, $7, $8, $9, $10, $11, NULL)"
);
sql!(CLOSE = "UPDATE terminations SET state = $2, closed_at = $3 WHERE mailbox_id = $1 AND state = 'given'");
sql!(FLAG = "UPDATE terms SET notice = $2, auto_renew = $3 WHERE mailbox_id = $1");
sql!(
    OWE = "UPDATE obligations SET way = $3, due_day = $4 WHERE service_id = $1 AND period_start = $2 AND state IN ('open', 'parked')"
);
sql!(
    CHARGED = "SELECT COUNT(*) AS count FROM terms t JOIN obligations o ON o.service_id = t.mailbox_id AND o.period_start = t.end_day + 1 \
     WHERE t.notice AND (o.state = 'running' OR (o.state IN ('open', 'parked') AND o.way IN ('card', 'paypal', 'wallet')))",
    i64
);
sql!(
    UNFLAGGED = "SELECT COUNT(*) AS count FROM terminations x JOIN terms t ON t.mailbox_id = x.mailbox_id WHERE x.state = 'given' AND NOT t.notice",
    i64
);

/// A notice about to be written.
#[derive(Debug)]
pub struct NewTermination<'a> {
    pub id: TerminationId,
    pub mailbox: MailboxId,
    pub kind: &'a str,
    pub end: Date,
    pub at: Timestamp,
    /// `login` or `mailbox`, and which.
    pub by: (&'a str, uuid::Uuid),
    pub former_way: &'a str,
    pub former_auto: bool,
    pub ip: Option<&'a str>,
    pub user_agent: Option<&'a str>,
}

/// How the next period is paid from now on, and when the night looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Owed<'a> {
    pub period_start: Date,
    pub way: &'a str,
    pub due: Date,
}

/// The mailbox with its account and its holder.
pub async fn subject(q: &mut impl Query, mailbox: MailboxId) -> Result<Option<SubjectRow>> {
    q.opt(&SUBJECT, args![mailbox]).await
}
/// The notice at work for a mailbox.
pub async fn given(q: &mut impl Query, mailbox: MailboxId) -> Result<Option<TerminationRow>> {
    q.opt(&GIVEN, args![mailbox]).await
}
/// The same, or the one by which the mailbox ended.
pub async fn last(q: &mut impl Query, mailbox: MailboxId) -> Result<Option<TerminationRow>> {
    q.opt(&LAST, args![mailbox]).await
}
/// What was given for the mailboxes of an order, the newest first.
pub async fn of_order(q: &mut impl Query, order: OrderId, limit: i64) -> Result<Vec<OrderTerminationRow>> {
    q.all(&OF_ORDER, args![order, limit]).await
}

/// Writes a notice; a second one at work for the same mailbox is a duplicate.
///
/// # Errors
/// The store's.
pub async fn insert(tx: &mut WriteTx, n: &NewTermination<'_>) -> Result<()> {
    let row =
        args![n.id, n.mailbox, n.kind, n.end, n.at, n.by.0, n.by.1, n.former_way, n.former_auto, n.ip, n.user_agent];
    tx.exactly_one(&INSERT, row).await
}
/// Ends the notice at work with a word; nothing when there is none.
///
/// # Errors
/// The store's.
pub async fn close(tx: &mut WriteTx, mailbox: MailboxId, state: &str, at: Timestamp) -> Result<u64> {
    tx.run(&CLOSE, args![mailbox, state, at]).await
}
/// Marks the term, and says how the next period is paid, if one is owed.
///
/// # Errors
/// `WrongRows` when what is owed was moved meanwhile.
pub async fn mark(
    tx: &mut WriteTx,
    mailbox: MailboxId,
    notice: bool,
    auto_renew: bool,
    owed: Option<Owed<'_>>,
) -> Result<()> {
    let mut batch = Batch::new();
    batch.add(&FLAG, args![mailbox, notice, auto_renew], 1);
    if let Some(o) = owed {
        batch.add(&OWE, args![mailbox, o.period_start, o.way, o.due], 1);
    }
    tx.batch(batch).await
}
/// Mailboxes under notice that a night would charge all the same.
pub async fn charged(q: &mut impl Query) -> Result<i64> {
    q.one(&CHARGED, args![]).await
}
/// Notices at work of which the term does not know.
pub async fn unflagged(q: &mut impl Query) -> Result<i64> {
    q.one(&UNFLAGGED, args![]).await
}
