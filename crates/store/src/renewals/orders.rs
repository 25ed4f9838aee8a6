//! Orders that renew services.

use domain::{
    id::{LoginId, MailboxId, OrderId, OrderLineId, PartyId},
    money::Money,
    order::pricing::Quote,
    time::{Date, Timestamp},
};
use uuid::Uuid;

use super::DueRow;
use crate::{Batch, Query, Result, WriteTx, args, orders, placing::NewAcceptance, row, sql};

row! {
    /// A service of a renewal order, with what is owed for it now.
    pub struct ServiceRow {
        pub service_id: Uuid,
        pub mailbox_id: MailboxId,
        pub period_start: Date,
        pub years: i64,
            /// State of its obligation; nothing when there is none.
        pub state: Option<String>,
        pub way: Option<String>,
        pub tries: Option<i64>,
        pub address: String,
        pub mailbox_state: String,
        pub party_id: PartyId,
        pub end_day: Date,
        /// Its holder gave notice for that day.
        pub notice: bool,
        pub under_agreement: bool,
        pub plan_code: String,
        pub old_plan_name: String,
        /// Of the plan that it has once the order is paid.
        pub plan_name: String,
        pub email: String,
        pub locale: String,
        /// Space of the plan that it has, and beside it.
        pub space_mib: i64,
        pub extra_space_mib: i64,
        /// The plan that the order changes to.
        pub new_plan: Option<String>,
        pub new_space_mib: Option<i64>,
        pub new_archive_mib: Option<i64>,
        pub new_sms_notice: Option<bool>,
        /// The extra space that it buys; nothing leaves that to the add-ons.
        pub extra_gb: Option<i64>,
    }
}
row! {
    /// An unpaid order that would renew a service.
    pub struct PendingRow {
        pub id: OrderId,
        pub number: String,
        pub gross_cents: Money,
        pub placed_at: Timestamp,
        /// Payments begun whose outcome nobody knows.
        pub unknown_payments: i64,
    }
}

sql!(
    INSERT = "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, mailbox_id) \
     VALUES ($1, 1, $2, 'renewal', 'awaiting_payment', $3, $4, $5, $6, $7, $8, $9, $10, $11, $3, $12, $13)"
);
sql!(
    INSERT_SERVICE = "INSERT INTO order_services (order_id, service_id, mailbox_id, period_start, years, plan_code, extra_gb) VALUES ($1, $2, $3, $4, $5, $6, $7)"
);
sql!(
    INSERT_EXTRA = "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) \
     VALUES ($1, $2, 2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
);
sql!(
    STANDS_FOR = "UPDATE obligations SET order_id = $3 WHERE service_id = $1 AND period_start = $2 AND state IN ('open', 'running')"
);
sql!(BEGIN = "UPDATE obligations SET state = 'running' WHERE service_id = $1 AND period_start = $2 AND state = 'open'");
sql!(
    OF_ORDER = "SELECT s.service_id, s.mailbox_id, s.period_start, s.years, o.state, o.way, o.tries, m.address, m.state AS mailbox_state, m.party_id, t.end_day, t.notice, \
     EXISTS (SELECT 1 FROM agreement_mailboxes g WHERE g.mailbox_id = s.mailbox_id) AS under_agreement, m.plan_code, pr.name AS old_plan_name, COALESCE(n.name, pr.name) AS plan_name, p.email, p.locale, \
     m.space_mib, m.extra_space_mib, s.plan_code AS new_plan, n.space_mib AS new_space_mib, n.archive_mib AS new_archive_mib, n.sms_notice AS new_sms_notice, s.extra_gb \
     FROM order_services s JOIN mailboxes m ON m.id = s.mailbox_id JOIN products pr ON pr.code = m.plan_code LEFT JOIN products n ON n.code = s.plan_code JOIN parties p ON p.id = m.party_id \
     JOIN terms t ON t.mailbox_id = s.mailbox_id LEFT JOIN obligations o ON o.service_id = s.service_id AND o.period_start = s.period_start WHERE s.order_id = $1 ORDER BY s.service_id",
    ServiceRow
);
// Only the service may lead here: by the state PostgreSQL would go along all orders that wait, and conflict with each.
sql!(
    PENDING = "SELECT o.id, o.number, o.gross_cents, o.placed_at, (SELECT COUNT(*) FROM attempts a WHERE a.order_id = o.id AND a.state IN ('pending', 'unknown')) AS unknown_payments \
     FROM order_services s JOIN orders o ON o.id = s.order_id AND o.state || '' = 'awaiting_payment' WHERE s.service_id = $1 ORDER BY o.placed_at, o.id LIMIT 5",
    PendingRow
);
sql!(
    /// The services of an order whose period ended first, if the term is still that one.
    FIRST_END = "SELECT t.end_day FROM order_services s JOIN terms t ON t.mailbox_id = s.mailbox_id AND t.end_day + 1 = s.period_start WHERE s.order_id = $1 ORDER BY s.period_start LIMIT 1",
    Date
);
sql!(DROP_SERVICE = "DELETE FROM order_services WHERE order_id = $1 AND service_id = $2");
sql!(DROP_LINE = "DELETE FROM order_lines WHERE order_id = $1 AND product_code = $2");
sql!(
    SHORTEN_LINE = "UPDATE order_lines SET quantity = $3, net_cents = $4, vat_cents = $5, gross_cents = $6 WHERE order_id = $1 AND product_code = $2"
);
sql!(
    SHORTEN = "UPDATE orders SET version = version + 1, net_cents = $2, vat_cents = $3, gross_cents = $4 WHERE id = $1 AND state || '' = 'awaiting_payment'"
);

sql!(
    SET_WAY =
        "UPDATE obligations SET way = $3, due_day = $4 WHERE service_id = $1 AND period_start = $2 AND state = 'open'"
);
sql!(SET_AUTO = "UPDATE terms SET auto_renew = $2, method_id = COALESCE($3, method_id) WHERE mailbox_id = $1");

/// An order that renews one mailbox, waiting for its payment.
pub struct NewRenewal<'a> {
    pub id: OrderId,
    pub number: &'a str,
    pub line: OrderLineId,
    pub party: PartyId,
    pub login: LoginId,
    pub mailbox: MailboxId,
    pub period_start: Date,
    pub quote: &'a Quote,
    /// The plan that it changes to.
    pub new_plan: Option<&'a str>,
    /// The extra space that goes with it; nothing leaves that to the add-ons.
    pub extra: Option<&'a NewExtra>,
    pub payment_method: &'a str,
    pub billing: &'a str,
    pub at: Timestamp,
    pub pay_by: Timestamp,
}
/// Extra space that is renewed, bought or given up with a mailbox.
pub struct NewExtra {
    pub gb: i64,
    /// Its line, unless there is none.
    pub line: Option<(OrderLineId, Quote)>,
}

/// Adds it to a batch: its obligation names it from now on.
pub fn insert<'a>(batch: &mut Batch<'a>, n: &NewRenewal<'a>) {
    let q = n.quote;
    let extra = n.extra.and_then(|e| e.line.as_ref());
    let sum = |of: fn(&Quote) -> Money| of(q) + extra.map_or(Money::ZERO, |(_, e)| of(e));
    let row = args![
        n.id,
        n.number,
        n.at,
        n.party,
        n.login,
        q.years,
        sum(|q| q.net),
        sum(|q| q.vat),
        sum(|q| q.gross),
        n.payment_method,
        n.billing,
        n.pay_by,
        n.mailbox
    ];
    batch.add(&INSERT, row, 1);
    let line =
        args![n.line, n.id, &q.plan, q.price_id, q.quantity, q.years, q.unit_net, q.net, q.vat_bp, q.vat, q.gross];
    batch.add(&orders::INSERT_LINE, line, 1);
    if let Some((id, e)) = extra {
        let line =
            args![*id, n.id, &e.plan, e.price_id, e.quantity, e.years, e.unit_net, e.net, e.vat_bp, e.vat, e.gross];
        batch.add(&INSERT_EXTRA, line, 1);
    }
    let extra_gb = n.extra.map(|e| e.gb);
    let service = args![n.id, n.mailbox, n.mailbox, n.period_start, q.years, n.new_plan, extra_gb];
    batch.add(&INSERT_SERVICE, service, 1);
    batch.add(&STANDS_FOR, args![n.mailbox, n.period_start, n.id], 1);
}

/// Adds to a batch that a charge is under way for an open obligation.
pub fn begin(batch: &mut Batch<'_>, service: Uuid, period_start: Date) {
    batch.add(&BEGIN, args![service, period_start], 1);
}
/// Adds to a batch what was accepted with a renewal order.
pub fn accept<'a>(batch: &mut Batch<'a>, order: OrderId, at: Timestamp, a: &NewAcceptance<'a>) {
    let row = args![order, a.kind, a.text_version, a.text_sha256, at, a.ip, a.user_agent];
    batch.add(&orders::INSERT_ACCEPTANCE, row, 1);
}
/// Lets the money for the next period come from elsewhere.
///
/// # Errors
/// `WrongRows` when the obligation was moved meanwhile.
pub async fn set_way(
    tx: &mut WriteTx,
    row: &DueRow,
    way: &str,
    due: Date,
    method: Option<domain::id::MethodId>,
) -> Result<()> {
    let mut batch = Batch::new();
    batch.add(&SET_WAY, args![row.service_id, row.period_start, way, due], 1);
    batch.add(&SET_AUTO, args![row.mailbox_id, way != "manual", method], 1);
    tx.batch(batch).await
}
/// The same, where neither a stored method nor the customer's switch has to do with it.
///
/// # Errors
/// `WrongRows` when the obligation was moved meanwhile.
pub async fn set_way_alone(tx: &mut WriteTx, row: &DueRow, way: &str, due: Date) -> Result<()> {
    tx.exactly_one(&SET_WAY, args![row.service_id, row.period_start, way, due]).await
}
/// What an order renews.
pub async fn of_order(q: &mut impl Query, order: OrderId) -> Result<Vec<ServiceRow>> {
    q.all(&OF_ORDER, args![order]).await
}
/// The unpaid orders that would renew this service.
pub async fn pending(q: &mut impl Query, service: Uuid) -> Result<Vec<PendingRow>> {
    q.all(&PENDING, args![service]).await
}
/// The last day of the period that ended first of those that an order renews.
pub async fn first_end(q: &mut impl Query, order: OrderId) -> Result<Option<Date>> {
    q.opt(&FIRST_END, args![order]).await
}
/// An unpaid order for several mailboxes that is to be paid for fewer.
pub struct Shortened<'a> {
    pub order: OrderId,
    pub net: Money,
    pub vat: Money,
    /// Services that it no longer renews.
    pub without: &'a [Uuid],
    /// Product, pieces, net and VAT of the lines that have become shorter; without pieces a line is left out.
    pub lines: &'a [(&'a str, i64, Money, Money)],
}
/// Writes it: what was ordered first is in the audit.
///
/// # Errors
/// `WrongRows` when the order waits for no payment.
pub async fn shorten(tx: &mut WriteTx, s: &Shortened<'_>) -> Result<()> {
    let mut batch = Batch::new();
    for service in s.without {
        batch.add(&DROP_SERVICE, args![s.order, *service], 1);
    }
    for (product, quantity, net, vat) in s.lines {
        match quantity {
            0 => batch.add(&DROP_LINE, args![s.order, *product], 1),
            _ => batch.add(&SHORTEN_LINE, args![s.order, *product, *quantity, *net, *vat, *net + *vat], 1),
        };
    }
    batch.add(&SHORTEN, args![s.order, s.net, s.vat, s.net + s.vat], 1);
    tx.later(batch).await
}
