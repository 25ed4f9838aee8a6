//! The wallet of a mailbox holder: its statement, and top-ups.

use domain::{
    id::{AccountId, AddonId, LoginId, MailboxId, OperationId, OrderId, PartyId},
    ledger::{AccountKey, AccountKind},
    money::Money,
    time::Timestamp,
};

use crate::{Batch, Query, Result, args, audit, effects, lists::From, operations, orders, placing, row, sql};

row! {
    /// A line of the statement with what it was for.
    pub struct StatementRow {
        /// Number of the line on its account.
        pub entry: i64,
        pub at: Timestamp,
        pub amount_cents: Money,
        /// After this line.
        pub balance_cents: Money,
        pub cause_kind: String,
        pub order_id: Option<OrderId>,
        pub number: Option<String>,
        pub service: Option<String>,
        pub gb: Option<i64>,
    }
}
row! {
    /// A top-up as its pages and its end need it.
    pub struct TopUpRow {
        pub order_id: OrderId,
        pub version: i64,
        pub number: String,
        pub state: String,
        pub mailbox_id: MailboxId,
        pub party_id: PartyId,
        pub gross_cents: Money,
        /// What lacked credit, kept until a moment: an add-on, years of the mailbox, or an add-on that comes back.
        pub service: Option<String>,
        pub gb: Option<i64>,
        pub years: Option<i64>,
        pub addon_id: Option<AddonId>,
        pub kept_until_at: Timestamp,
        pub unknown_payments: i64,
    }
}

sql!(
    STATEMENT = "SELECT COALESCE(t.entry, 0) AS entry, t.at, t.amount_cents, COALESCE(t.balance_cents, 0) AS balance_cents, CASE WHEN t.cause_kind = 'purchase' AND o.kind = 'renewal' THEN 'renewal' ELSE t.cause_kind END AS cause_kind, o.id AS order_id, o.number, l.product_code AS service, l.quantity AS gb \
     FROM transfers t LEFT JOIN attempts a ON t.cause_kind IN ('payment', 'refund') AND a.id = t.cause_id \
     LEFT JOIN orders o ON o.id = CASE WHEN t.cause_kind = 'purchase' THEN t.cause_id ELSE a.order_id END \
     LEFT JOIN order_lines l ON l.order_id = o.id AND l.position = 1 AND l.product_code IN ('extra_space', 'extra_archive', 'legal_storage', 'sms_notice') \
     WHERE t.account_id = $1 AND t.entry < $2 ORDER BY t.entry DESC LIMIT $3",
    StatementRow
);
sql!(
    STATEMENT_BACK = "SELECT COALESCE(t.entry, 0) AS entry, t.at, t.amount_cents, COALESCE(t.balance_cents, 0) AS balance_cents, CASE WHEN t.cause_kind = 'purchase' AND o.kind = 'renewal' THEN 'renewal' ELSE t.cause_kind END AS cause_kind, o.id AS order_id, o.number, l.product_code AS service, l.quantity AS gb \
     FROM transfers t LEFT JOIN attempts a ON t.cause_kind IN ('payment', 'refund') AND a.id = t.cause_id \
     LEFT JOIN orders o ON o.id = CASE WHEN t.cause_kind = 'purchase' THEN t.cause_id ELSE a.order_id END \
     LEFT JOIN order_lines l ON l.order_id = o.id AND l.position = 1 AND l.product_code IN ('extra_space', 'extra_archive', 'legal_storage', 'sms_notice') \
     WHERE t.account_id = $1 AND t.entry > $2 ORDER BY t.entry LIMIT $3",
    StatementRow
);
sql!(
    INSERT_TOPUP =
        "INSERT INTO topups (order_id, service, gb, kept_until_at, years, addon_id) VALUES ($1, $2, $3, $4, $5, $6)"
);
sql!(
    TOPUP = "SELECT o.id AS order_id, o.version, o.number, o.state, m.id AS mailbox_id, o.party_id, o.gross_cents, u.service, u.gb, u.years, u.addon_id, u.kept_until_at, \
     (SELECT COUNT(*) FROM attempts a WHERE a.order_id = o.id AND a.state IN ('pending', 'unknown')) AS unknown_payments \
     FROM topups u JOIN orders o ON o.id = u.order_id JOIN mailboxes m ON m.id = o.mailbox_id WHERE u.order_id = $1",
    TopUpRow
);
sql!(
    MOVE_TOPUP = "UPDATE orders SET version = version + 1, state = $3, state_at = $4, closed_at = $4, paid_at = $5 WHERE id = $1 AND version = $2"
);

/// A page of the statement of a holder's wallet, the newest line first; one more than `limit` tells that there are
/// others. Going back, the nearest comes first.
pub async fn statement(q: &mut impl Query, party: PartyId, from: From<i64>, limit: u64) -> Result<Vec<StatementRow>> {
    let account: AccountId = AccountKey::of(AccountKind::CustomerCredit, party).id();
    let limit = limit as i64 + 1;
    match from {
        From::Start => q.all(&STATEMENT, args![account, i64::MAX, limit]).await,
        From::After(entry) => q.all(&STATEMENT, args![account, entry, limit]).await,
        From::Before(entry) => q.all(&STATEMENT_BACK, args![account, entry, limit]).await,
    }
}

/// A top-up.
pub async fn top_up(q: &mut impl Query, order: OrderId) -> Result<Option<TopUpRow>> {
    q.opt(&TOPUP, args![order]).await
}

/// A top-up that begins.
pub struct NewTopUp<'a> {
    pub order: OrderId,
    pub number: &'a str,
    pub party: PartyId,
    pub login: LoginId,
    pub mailbox: MailboxId,
    pub amount: Money,
    pub billing: &'a str,
    pub at: Timestamp,
    /// What lacked credit: which add-on, how many GB; how many years; which add-on that ended.
    pub wanted: Option<(&'static str, i64)>,
    pub years: Option<i64>,
    pub addon: Option<AddonId>,
    pub kept_until: Timestamp,
    pub operation: OperationId,
    pub message: &'a str,
    pub effects: &'a [effects::NewEffect<'a>],
    pub audit: audit::NewLine<'a>,
}
/// Adds it to a batch, with its outcome that is still open.
pub fn insert_top_up<'a>(batch: &mut Batch<'a>, t: &'a NewTopUp<'a>) {
    let order = orders::NewSettled {
        id: t.order,
        number: t.number,
        kind: "topup",
        state: "awaiting_payment",
        party: t.party,
        login: t.login,
        mailbox: Some(t.mailbox),
        years: 0,
        net: t.amount,
        vat: Money::ZERO,
        payment_method: "card",
        billing: t.billing,
        at: t.at,
        paid: false,
        closed: false,
    };
    orders::insert_settled(batch, &order);
    let (service, gb) = t.wanted.unzip();
    batch.add(&INSERT_TOPUP, args![t.order, service, gb, t.kept_until, t.years, t.addon], 1);
    let operation = operations::NewOperation {
        id: t.operation,
        party: t.party,
        mailbox: t.mailbox,
        at: t.at,
        kind: "top_up",
        outcome: "running",
        message: t.message,
        amount: Some(t.amount),
        order: Some(t.order),
    };
    operations::insert(batch, &operation);
    placing::add_common(batch, t.effects, &t.audit);
}

/// Adds to a batch that a top-up nobody moved meanwhile ends in this state; `paid` when its money came.
pub fn move_top_up<'a>(batch: &mut Batch<'a>, row: &TopUpRow, state: &'static str, at: Timestamp, paid: bool) {
    batch.add(&MOVE_TOPUP, args![row.order_id, row.version, state, at, paid.then_some(at)], 1);
}
