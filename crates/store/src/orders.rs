//! Orders: what placing, paying and closing one reads and writes, and what pages show of it.

use domain::{
    id::{CartId, HolderId, LoginId, MailboxId, OrderId, OrderMailboxId, PartyId, PriceId},
    money::Money,
    order::pricing::Quote,
    time::{Date, Timestamp},
};

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// Everything that confirming a cart must know, in one read.
    pub struct PlaceRow {
        pub cart_id: CartId,
        pub version: i64,
        pub plan_code: String,
        pub mailboxes: String,
        pub order_id: Option<OrderId>,
        pub cart_login_id: Option<LoginId>,
        pub party_id: PartyId,
        pub party_kind: String,
        pub tax_key: String,
        pub display_name: String,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
        pub email: String,
        pub locale: String,
        pub details: String,
        pub plan_name: String,
        pub sold_from_day: Date,
        pub sold_until_day: Option<Date>,
        pub price_id: Option<PriceId>,
        pub valid_from_at: Option<Timestamp>,
        pub net_cents: Option<Money>,
        pub vat_bp: Option<i64>,
        pub conditions_version: Option<String>,
        pub conditions_sha256: Option<Vec<u8>>,
        pub unfair_version: Option<String>,
        pub unfair_sha256: Option<Vec<u8>>,
    }
}
row! {
    /// An order as its machine and its pages need it.
    pub struct OrderRow {
        pub id: OrderId,
        pub version: i64,
        pub number: String,
        pub kind: String,
        pub state: String,
        pub state_at: Timestamp,
        pub party_id: PartyId,
        pub login_id: LoginId,
        pub years: i64,
        pub net_cents: Money,
        pub vat_cents: Money,
        pub gross_cents: Money,
        pub payment_method: String,
        pub billing: String,
        pub placed_at: Timestamp,
        pub pay_by_at: Timestamp,
        pub paid_at: Option<Timestamp>,
        pub closed_at: Option<Timestamp>,
        /// Where messages about the order go, and in which language.
        pub email: String,
        pub locale: String,
        pub mailboxes: i64,
        pub activated: i64,
        /// Payments begun whose outcome nobody knows.
        pub unknown_payments: i64,
        /// What came for it while it waits for the rest.
        pub deposit_cents: Money,
    }
}
row! {
    /// A line of an order, with the moment since when its price was valid.
    pub struct LineRow {
        pub product_code: String,
        pub product_name: String,
        pub price_id: PriceId,
        pub valid_from_at: Timestamp,
        pub quantity: i64,
        pub years: i64,
        pub unit_net_cents: Money,
        pub net_cents: Money,
        pub vat_bp: i64,
        pub vat_cents: Money,
        pub gross_cents: Money,
    }
}
impl LineRow {
    /// How its price came about.
    pub fn quote(&self) -> Quote {
        Quote {
            price_id: self.price_id,
            plan: self.product_code.clone(),
            valid_from: self.valid_from_at,
            quantity: self.quantity,
            years: self.years,
            unit_net: self.unit_net_cents,
            vat_bp: self.vat_bp,
            net: self.net_cents,
            vat: self.vat_cents,
            gross: self.gross_cents,
        }
    }
}
row! {
    /// A mailbox inside an order.
    pub struct OrderMailboxRow {
        pub id: OrderMailboxId,
        pub position: i64,
        pub address: String,
        pub domain: String,
        pub plan_code: String,
        pub holder_kind: String,
        pub holder_id: Option<HolderId>,
        pub holder_tax_key: String,
        pub holder_name: String,
        pub password_email: String,
        pub password_hash: Option<String>,
        pub mailbox_id: Option<MailboxId>,
        pub mailbox_state: Option<String>,
    }
}
row! {
    /// A mailbox to be created, with its order: one read for a whole payment.
    pub struct PayRow {
        pub order_id: OrderId,
        pub version: i64,
        pub number: String,
        pub state: String,
        pub party_id: PartyId,
        pub login_id: LoginId,
        pub years: i64,
        pub gross_cents: Money,
        pub payment_method: String,
        pub placed_at: Timestamp,
        pub email: String,
        pub locale: String,
        pub order_mailbox_id: OrderMailboxId,
        pub address: String,
        pub domain: String,
        pub plan_code: String,
        pub holder_kind: String,
        pub holder_id: Option<HolderId>,
        pub holder_tax_key: String,
        pub holder_name: String,
        pub password_email: String,
        pub password_hash: Option<String>,
        pub space_mib: i64,
        pub archive_mib: i64,
    }
}
row! {
    /// A mailbox that an order renews or serves.
    pub struct ServedRow {
        pub id: MailboxId,
        pub address: String,
        pub login_id: LoginId,
        /// How many the order is for.
        pub of_all: i64,
    }
}
row! {
    /// A line of the list of orders.
    pub struct OrderListRow {
        pub id: OrderId,
        pub number: String,
        pub kind: String,
        pub state: String,
        pub placed_at: Timestamp,
        pub gross_cents: Money,
        pub mailboxes: i64,
    }
}
row! {
    /// What was accepted.
    pub struct AcceptanceRow {
        pub kind: String,
        pub text_version: String,
        /// Language of the text that was accepted, found by its hash.
        pub locale: Option<String>,
        pub at: Timestamp,
    }
}

sql!(
    PLACE = "SELECT c.id AS cart_id, c.version, c.plan_code, c.mailboxes, c.order_id, c.login_id AS cart_login_id, \
     p.id AS party_id, p.kind AS party_kind, p.tax_key, p.display_name, p.fiscal_code, p.vat_number, p.email, p.locale, p.details, \
     pr.name AS plan_name, pr.sold_from_day, pr.sold_until_day, \
     x.id AS price_id, x.valid_from_at, x.net_cents, x.vat_bp, \
     g.version AS conditions_version, g.sha256 AS conditions_sha256, u.version AS unfair_version, u.sha256 AS unfair_sha256 \
     FROM carts c JOIN logins l ON l.id = $2 JOIN parties p ON p.id = l.party_id JOIN products pr ON pr.code = c.plan_code \
     LEFT JOIN prices x ON x.price_list = $3 AND x.product_code = c.plan_code AND x.valid_from_at = \
     (SELECT MAX(y.valid_from_at) FROM prices y WHERE y.price_list = $3 AND y.product_code = c.plan_code AND y.valid_from_at <= $5) \
     LEFT JOIN legal_texts g ON g.kind = 'conditions' AND g.locale = $4 AND g.valid_from_at = \
     (SELECT MAX(v.valid_from_at) FROM legal_texts v WHERE v.kind = 'conditions' AND v.locale = $4 AND v.valid_from_at <= $5) \
     LEFT JOIN legal_texts u ON u.kind = 'unfair_terms' AND u.locale = $4 AND u.valid_from_at = \
     (SELECT MAX(w.valid_from_at) FROM legal_texts w WHERE w.kind = 'unfair_terms' AND w.locale = $4 AND w.valid_from_at <= $5) \
     WHERE c.token_hash = $1 LIMIT 1",
    PlaceRow
);
sql!(
    INSERT = "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, cart_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, paid_at, closed_at) \
     VALUES ($1, 1, $2, 'purchase', 'awaiting_payment', $12, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, NULL)"
);
sql!(
    INSERT_LINE = "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) \
     VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
);
sql!(
    /// An order that did not come out of a cart: of an agreement, of an add-on, of a top-up.
    INSERT_SETTLED = "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, cart_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, paid_at, closed_at, mailbox_id) \
     VALUES ($1, 1, $2, $3, $4, $13, $5, $6, NULL, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16)"
);
sql!(
    INSERT_LINE_MONTHS = "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents, months) \
     VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
);
sql!(
    INSERT_MAILBOX = "INSERT INTO order_mailboxes (id, order_id, position, address, domain, plan_code, holder_kind, holder_id, holder_tax_key, holder_name, password_email, password_hash, mailbox_id) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, NULL)"
);
sql!(
    INSERT_ACCEPTANCE = "INSERT INTO acceptances (order_id, kind, text_version, text_sha256, at, ip, user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7)"
);

sql!(
    BY_ID = "SELECT o.id, o.version, o.number, o.kind, o.state, o.state_at, o.party_id, o.login_id, o.years, o.net_cents, o.vat_cents, o.gross_cents, \
     o.payment_method, o.billing, o.placed_at, o.pay_by_at, o.paid_at, o.closed_at, p.email, p.locale, \
     (SELECT COUNT(*) FROM order_mailboxes om WHERE om.order_id = o.id) AS mailboxes, \
     (SELECT COUNT(*) FROM mailboxes m WHERE m.order_id = o.id AND m.state <> 'activating') AS activated, \
     (SELECT COUNT(*) FROM attempts a WHERE a.order_id = o.id AND a.state IN ('pending', 'unknown')) AS unknown_payments, \
     COALESCE(d.posted_cents, 0) AS deposit_cents \
     FROM orders o JOIN parties p ON p.id = o.party_id LEFT JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id WHERE o.id = $1",
    OrderRow
);
sql!(
    LINES = "SELECT l.product_code, pr.name AS product_name, l.price_id, x.valid_from_at, l.quantity, l.years, l.unit_net_cents, l.net_cents, l.vat_bp, l.vat_cents, l.gross_cents \
     FROM order_lines l JOIN products pr ON pr.code = l.product_code JOIN prices x ON x.id = l.price_id WHERE l.order_id = $1 ORDER BY l.position",
    LineRow
);
sql!(
    MAILBOXES = "SELECT om.id, om.position, om.address, om.domain, om.plan_code, om.holder_kind, om.holder_id, om.holder_tax_key, om.holder_name, om.password_email, om.password_hash, om.mailbox_id, \
     m.state AS mailbox_state FROM order_mailboxes om LEFT JOIN mailboxes m ON m.id = om.mailbox_id WHERE om.order_id = $1 ORDER BY om.position",
    OrderMailboxRow
);
sql!(
    /// The first ones that a renewal is for.
    RENEWED = "SELECT m.id, m.address, m.login_id, (SELECT COUNT(*) FROM order_services x WHERE x.order_id = $1) AS of_all FROM order_services s JOIN mailboxes m ON m.id = s.mailbox_id \
     WHERE s.order_id = $1 ORDER BY s.service_id LIMIT $2",
    ServedRow
);
sql!(
    /// The one that an add-on or a top-up is for.
    FOR_ONE = "SELECT m.id, m.address, m.login_id, CAST(1 AS BIGINT) AS of_all FROM orders o JOIN mailboxes m ON m.id = o.mailbox_id WHERE o.id = $1",
    ServedRow
);
sql!(
    ACCEPTANCES = "SELECT a.kind, a.text_version, t.locale, a.at FROM acceptances a \
     LEFT JOIN legal_texts t ON t.kind = a.kind AND t.version = a.text_version AND t.sha256 = a.text_sha256 \
     WHERE a.order_id = $1 ORDER BY a.kind, t.locale DESC",
    AcceptanceRow
);
sql!(
    PAY = "SELECT o.id AS order_id, o.version, o.number, o.state, o.party_id, o.login_id, o.years, o.gross_cents, o.payment_method, o.placed_at, p.email, p.locale, \
     om.id AS order_mailbox_id, om.address, om.domain, om.plan_code, om.holder_kind, om.holder_id, om.holder_tax_key, om.holder_name, om.password_email, om.password_hash, \
     pr.space_mib, pr.archive_mib \
     FROM orders o JOIN parties p ON p.id = o.party_id JOIN order_mailboxes om ON om.order_id = o.id JOIN products pr ON pr.code = om.plan_code \
     WHERE o.id = $1 ORDER BY om.position",
    PayRow
);
sql!(
    SET_PAID = "UPDATE orders SET version = version + 1, state = $3, state_at = $4, paid_at = $4 WHERE id = $1 AND version = $2"
);
sql!(
    COMPLETE = "UPDATE orders SET version = version + 1, state = $3, state_at = $4, paid_at = $4, closed_at = $4 WHERE id = $1 AND version = $2"
);
sql!(SET_STATE = "UPDATE orders SET version = version + 1, state = $3, state_at = $4 WHERE id = $1 AND version = $2");
sql!(
    SET_CLOSED = "UPDATE orders SET version = version + 1, state = $3, state_at = $4, closed_at = $4 WHERE id = $1 AND version = $2"
);
sql!(SET_MAILBOX = "UPDATE order_mailboxes SET mailbox_id = $2 WHERE id = $1");
sql!(
    LATEST = "SELECT o.id, o.number, o.kind, o.state, o.placed_at, o.gross_cents, \
     (SELECT COUNT(*) FROM order_mailboxes om WHERE om.order_id = o.id) AS mailboxes \
     FROM orders o WHERE o.login_id = $1 ORDER BY o.placed_at DESC, o.id DESC LIMIT $2",
    OrderListRow
);

/// An order that did not come out of a cart.
pub struct NewSettled<'a> {
    pub id: OrderId,
    pub number: &'a str,
    pub kind: &'static str,
    pub state: &'static str,
    pub party: PartyId,
    pub login: LoginId,
    /// The mailbox whose holder ordered.
    pub mailbox: Option<domain::id::MailboxId>,
    pub years: i64,
    pub net: Money,
    pub vat: Money,
    pub payment_method: &'static str,
    pub billing: &'a str,
    pub at: Timestamp,
    pub paid: bool,
    pub closed: bool,
}
/// Adds it to a batch.
pub fn insert_settled<'a>(batch: &mut Batch<'a>, o: &NewSettled<'a>) {
    let row = args![
        o.id,
        o.number,
        o.kind,
        o.state,
        o.party,
        o.login,
        o.years,
        o.net,
        o.vat,
        o.net + o.vat,
        o.payment_method,
        o.billing,
        o.at,
        o.paid.then_some(o.at),
        o.closed.then_some(o.at),
        o.mailbox
    ];
    batch.add(&INSERT_SETTLED, row, 1);
}

/// What confirming the cart of this cookie must know.
pub async fn to_place(
    q: &mut impl Query,
    token_hash: &[u8],
    login: LoginId,
    price_list: &str,
    locale: &str,
    now: Timestamp,
) -> Result<Option<PlaceRow>> {
    q.opt(&PLACE, args![token_hash, login, price_list, locale, now]).await
}

/// One order.
pub async fn by_id(q: &mut impl Query, id: OrderId) -> Result<Option<OrderRow>> {
    q.opt(&BY_ID, args![id]).await
}

/// Its lines.
pub async fn lines(q: &mut impl Query, id: OrderId) -> Result<Vec<LineRow>> {
    q.all(&LINES, args![id]).await
}

/// Its mailboxes, with the state of those that exist.
pub async fn mailboxes(q: &mut impl Query, id: OrderId) -> Result<Vec<OrderMailboxRow>> {
    q.all(&MAILBOXES, args![id]).await
}

/// The first mailboxes that a renewal is for.
pub async fn renewed(q: &mut impl Query, id: OrderId, limit: i64) -> Result<Vec<ServedRow>> {
    q.all(&RENEWED, args![id, limit]).await
}
/// The mailbox that an add-on or a top-up is for.
pub async fn for_one(q: &mut impl Query, id: OrderId) -> Result<Option<ServedRow>> {
    q.opt(&FOR_ONE, args![id]).await
}

/// What was accepted with it.
pub async fn acceptances(q: &mut impl Query, id: OrderId) -> Result<Vec<AcceptanceRow>> {
    q.all(&ACCEPTANCES, args![id]).await
}

/// One row a mailbox, each with the order: what a payment must know.
pub async fn to_pay(q: &mut impl Query, id: OrderId) -> Result<Vec<PayRow>> {
    q.all(&PAY, args![id]).await
}

/// The last orders of a login.
pub async fn latest(q: &mut impl Query, login: LoginId, limit: i64) -> Result<Vec<OrderListRow>> {
    q.all(&LATEST, args![login, limit]).await
}

/// Moves an order that nobody moved meanwhile.
///
/// # Errors
/// `WrongRows` when its version is another one.
pub async fn set_state(tx: &mut WriteTx, id: OrderId, version: i64, state: &str, at: Timestamp) -> Result<()> {
    tx.exactly_one(&SET_STATE, args![id, version, state, at]).await
}

/// Adds to a batch that an order was paid and needs nothing else.
pub fn complete<'a>(batch: &mut Batch<'a>, id: OrderId, version: i64, state: &'a str, paid_at: Timestamp) {
    batch.add(&COMPLETE, args![id, version, state, paid_at], 1);
}

/// Closes an order that nobody moved meanwhile.
///
/// # Errors
/// `WrongRows` when its version is another one.
pub async fn set_closed(tx: &mut WriteTx, id: OrderId, version: i64, state: &str, at: Timestamp) -> Result<()> {
    tx.exactly_one(&SET_CLOSED, args![id, version, state, at]).await
}
