//! Withdrawals from contracts, and what they need of orders, payments and mailboxes.

use domain::{
    id::{LoginId, MailboxId, OrderId},
    money::Money,
    time::{Date, Timestamp},
};

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A withdrawal with what became of its money.
    pub struct WithdrawalRow {
        pub order_id: OrderId,
        pub number: String,
        pub name: String,
        pub email: String,
        pub received_at: Timestamp,
        pub refund_due_day: Date,
        pub refund_cents: Money,
        /// What the gateway says has gone back so far.
        pub returned_cents: Money,
    }
}
row! {
    /// An order that may still be withdrawn from.
    pub struct RecentRow {
        pub id: OrderId,
        pub number: String,
        pub placed_at: Timestamp,
        pub gross_cents: Money,
    }
}

sql!(
    OF_ORDER = "SELECT w.order_id, o.number, w.name, w.email, w.received_at, w.refund_due_day, w.refund_cents, \
     (SELECT CAST(COALESCE(SUM(r.amount_cents), 0) AS BIGINT) FROM attempts r WHERE r.order_id = w.order_id AND r.kind = 'refund' AND r.state = 'succeeded') AS returned_cents \
     FROM withdrawals w JOIN orders o ON o.id = w.order_id WHERE w.order_id = $1",
    WithdrawalRow
);
sql!(
    NEWEST = "SELECT w.order_id, o.number, w.name, w.email, w.received_at, w.refund_due_day, w.refund_cents, \
     (SELECT CAST(COALESCE(SUM(r.amount_cents), 0) AS BIGINT) FROM attempts r WHERE r.order_id = w.order_id AND r.kind = 'refund' AND r.state = 'succeeded') AS returned_cents \
     FROM withdrawals w JOIN orders o ON o.id = w.order_id ORDER BY w.received_at DESC, w.order_id DESC LIMIT $1",
    WithdrawalRow
);
sql!(
    OVERDUE = "SELECT COUNT(*) FROM withdrawals w WHERE w.refund_due_day < $1 AND w.refund_cents > \
     (SELECT COALESCE(SUM(r.amount_cents), 0) FROM attempts r WHERE r.order_id = w.order_id AND r.kind = 'refund' AND r.state = 'succeeded')",
    i64
);
sql!(
    INSERT = "INSERT INTO withdrawals (order_id, login_id, name, email, received_at, refund_due_day, refund_cents, ip, user_agent) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
);
sql!(
    LIVING = "SELECT id FROM mailboxes WHERE order_id = $1 AND state IN ('activating', 'active', 'expired') ORDER BY address",
    MailboxId
);
sql!(END_RENEWAL = "UPDATE terms SET auto_renew = FALSE WHERE mailbox_id = $1");
sql!(
    RECENT = "SELECT o.id, o.number, o.placed_at, o.gross_cents FROM orders o WHERE o.login_id = $1 AND o.placed_at >= $2 \
     AND o.state NOT IN ('cancelled', 'expired_unpaid') AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.order_id = o.id) \
     ORDER BY o.placed_at DESC, o.id DESC LIMIT 100",
    RecentRow
);

/// A withdrawal about to be written.
#[derive(Debug)]
pub struct NewWithdrawal<'a> {
    pub order: OrderId,
    pub login: LoginId,
    pub name: &'a str,
    pub email: &'a str,
    pub received_at: Timestamp,
    pub refund_due: Date,
    pub refund: Money,
    pub ip: Option<&'a str>,
    pub user_agent: Option<&'a str>,
}

/// The withdrawal from this order, if there was one.
pub async fn of_order(q: &mut impl Query, order: OrderId) -> Result<Option<WithdrawalRow>> {
    q.opt(&OF_ORDER, args![order]).await
}

/// The newest withdrawals, for operators.
pub async fn newest(q: &mut impl Query, limit: i64) -> Result<Vec<WithdrawalRow>> {
    q.all(&NEWEST, args![limit]).await
}

/// Withdrawals whose money should have gone back before `today` and has not.
pub async fn overdue(q: &mut impl Query, today: Date) -> Result<i64> {
    q.one(&OVERDUE, args![today]).await
}

/// Writes a withdrawal; a second one of the same order is a duplicate.
pub async fn insert(tx: &mut WriteTx, w: &NewWithdrawal<'_>) -> Result<()> {
    let args = args![w.order, w.login, w.name, w.email, w.received_at, w.refund_due, w.refund, w.ip, w.user_agent];
    tx.exactly_one(&INSERT, args).await
}

/// The mailboxes of an order that exist or are about to.
pub async fn living(q: &mut impl Query, order: OrderId) -> Result<Vec<MailboxId>> {
    q.all(&LIVING, args![order]).await
}

/// A mailbox that ends does not renew.
pub async fn end_renewal(tx: &mut WriteTx, mailbox: MailboxId) -> Result<u64> {
    tx.run(&END_RENEWAL, args![mailbox]).await
}

/// Orders of a login placed since a moment that are contracts and were not withdrawn from.
pub async fn recent(q: &mut impl Query, login: LoginId, since: Timestamp) -> Result<Vec<RecentRow>> {
    q.all(&RECENT, args![login, since]).await
}
