//! Mailboxes and their paid periods, as the customer area reads them.

use domain::{
    id::{HolderId, LoginId, MailboxId, OrderId},
    money::Money,
    time::{Date, Timestamp},
};

use crate::{Query, Result, args, row, sql};

row! {
    /// The card of a mailbox with its plan, its paid period and its order: one read.
    pub struct CardRow {
        pub id: MailboxId,
        pub login_id: LoginId,
        pub address: String,
        pub state: String,
        pub state_at: Timestamp,
        pub plan_code: String,
        pub plan_name: String,
        pub holder_kind: String,
        pub holder_id: Option<HolderId>,
        pub holder_name: String,
        pub password_changed_at: Option<Timestamp>,
        pub contact_email: String,
        pub contact_mobile: Option<String>,
        pub space_mib: i64,
        pub extra_space_mib: i64,
        pub max_space_mib: Option<i64>,
        pub archive_mib: i64,
        pub requested_at: Timestamp,
        pub activated_at: Option<Timestamp>,
        pub start_day: Date,
        pub end_day: Date,
        pub years: i64,
        pub auto_renew: bool,
        /// Its holder gave notice for the end of the period.
        pub notice: bool,
        pub order_id: OrderId,
        pub order_number: String,
        pub order_kind: String,
        pub order_state: String,
        pub order_placed_at: Timestamp,
        pub order_gross_cents: Money,
        /// What lay in it when the mail servers were last asked.
        pub used_kib: Option<i64>,
        pub counted_at: Option<Timestamp>,
        /// What is owed for the next period; nothing when nothing is.
        pub owed_state: Option<String>,
        pub owed_way: Option<String>,
        pub under_agreement: bool,
        /// The oldest order that would renew it and waits for its payment.
        pub renewal_order: Option<OrderId>,
        /// The space that it comes down to, and its last day before.
        pub falls_to_mib: Option<i64>,
        pub falls_after_day: Option<Date>,
    }
}
row! {
    /// A line of the list.
    pub struct MailboxListRow {
        pub id: MailboxId,
        pub address: String,
        pub plan_code: String,
        pub plan_name: String,
        pub state: String,
        pub holder_name: String,
        pub holder_kind: String,
        pub end_day: Date,
        pub auto_renew: bool,
        pub notice: bool,
    }
}
row! {
    /// What the home page counts.
    pub struct HomeCounts {
        pub active: i64,
        pub activating: i64,
        pub expired: i64,
        pub expiring: i64,
        pub others: i64,
        pub unpaid_orders: i64,
        pub holders: i64,
    }
}

// The first order is the one with none before it: sorting for it would build a table each time, orders or none.
sql!(
    CARD = "SELECT m.id, m.login_id, m.address, m.state, m.state_at, m.plan_code, p.name AS plan_name, m.holder_kind, m.holder_id, m.holder_name, \
     m.password_changed_at, m.contact_email, m.contact_mobile, m.space_mib, m.extra_space_mib, p.max_space_mib, m.archive_mib, m.requested_at, m.activated_at, \
     t.start_day, t.end_day, t.years, t.auto_renew, t.notice, \
     o.id AS order_id, o.number AS order_number, o.kind AS order_kind, o.state AS order_state, o.placed_at AS order_placed_at, o.gross_cents AS order_gross_cents, u.used_kib, u.counted_at, \
     d.state AS owed_state, d.way AS owed_way, EXISTS (SELECT 1 FROM agreement_mailboxes g WHERE g.mailbox_id = m.id) AS under_agreement, \
     (SELECT r.id FROM order_services s JOIN orders r ON r.id = s.order_id AND r.state || '' = 'awaiting_payment' WHERE s.service_id = m.id AND NOT EXISTS (SELECT 1 \
     FROM order_services b JOIN orders x ON x.id = b.order_id AND x.state || '' = 'awaiting_payment' WHERE b.service_id = m.id AND (x.placed_at, x.id) < (r.placed_at, r.id)) LIMIT 1) AS renewal_order, \
     f.space_mib + f.extra_space_mib AS falls_to_mib, f.until_day AS falls_after_day \
     FROM mailboxes m JOIN products p ON p.code = m.plan_code JOIN terms t ON t.mailbox_id = m.id JOIN orders o ON o.id = m.order_id \
     LEFT JOIN mailbox_usage u ON u.mailbox_id = m.id LEFT JOIN obligations d ON d.service_id = m.id AND d.period_start = t.end_day + 1 \
     LEFT JOIN space_falls f ON f.mailbox_id = m.id WHERE m.id = $1",
    CardRow
);
sql!(
    INSERT = "INSERT INTO mailboxes (id, version, address, domain, plan_code, state, state_at, party_id, login_id, order_id, holder_kind, holder_id, holder_tax_key, holder_name, \
     password_hash, password_changed_at, contact_email, contact_mobile, space_mib, extra_space_mib, archive_mib, requested_at, activated_at, agreement_code) \
     VALUES ($1, 1, $2, $3, $4, 'activating', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL, $16, 0, $17, $18, NULL, $19)"
);
sql!(
    INSERT_TERM = "INSERT INTO terms (mailbox_id, login_id, start_day, end_day, years, auto_renew, method_id, agreement_code) VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)"
);
sql!(
    HOME = "SELECT COUNT(*) FILTER (WHERE m.state = 'active') AS active, \
     COUNT(*) FILTER (WHERE m.state = 'activating') AS activating, \
     COUNT(*) FILTER (WHERE m.state = 'expired') AS expired, \
     (SELECT COUNT(*) FROM terms t JOIN mailboxes x ON x.id = t.mailbox_id WHERE t.login_id = $1 AND t.end_day <= $3 AND x.state || '' = 'active') AS expiring, \
     COUNT(*) FILTER (WHERE m.holder_kind = 'profile') AS others, \
     (SELECT COUNT(*) FROM orders o WHERE o.login_id = $1 AND o.state = 'awaiting_payment') AS unpaid_orders, \
     (SELECT COUNT(*) FROM holders h WHERE h.party_id = $2) AS holders \
     FROM mailboxes m WHERE m.login_id = $1",
    HomeCounts
);
sql!(
    FIRST_TO_EXPIRE = "SELECT m.id, m.address, m.plan_code, p.name AS plan_name, m.state, m.holder_name, m.holder_kind, t.end_day, t.auto_renew, t.notice \
     FROM terms t JOIN mailboxes m ON m.id = t.mailbox_id JOIN products p ON p.code = m.plan_code \
     WHERE t.login_id = $1 AND m.state IN ('activating', 'active', 'expired') ORDER BY t.end_day, t.mailbox_id LIMIT $2",
    MailboxListRow
);

/// The card of a mailbox; whose it is must be checked by the caller.
pub async fn card(q: &mut impl Query, id: MailboxId) -> Result<Option<CardRow>> {
    q.opt(&CARD, args![id]).await
}

/// What the home page counts: `expiring` are active ones whose period ends by `until`.
pub async fn home(q: &mut impl Query, login: LoginId, party: domain::id::PartyId, until: Date) -> Result<HomeCounts> {
    q.one(&HOME, args![login, party, until]).await
}

/// The mailboxes of a login whose period ends first.
pub async fn first_to_expire(q: &mut impl Query, login: LoginId, limit: i64) -> Result<Vec<MailboxListRow>> {
    q.all(&FIRST_TO_EXPIRE, args![login, limit]).await
}
