//! Everything that happened to an order, for operators: payments, audit, effects, messages, each along an index.

use domain::{
    id::{AttemptId, EffectId, OrderId, PartyId},
    money::Money,
    time::Timestamp,
};

use sea_query::{Expr, Order};
use uuid::Uuid;

use crate::{
    P, Query, Result, args,
    lists::{From, List},
    row, sql,
};

row! {
    /// Who ordered.
    pub struct BuyerRow { pub party_id: PartyId, pub display_name: String, pub tax_key: String, pub email: String, pub username: String }
}
row! {
    /// A payment or refund of an order.
    pub struct PaymentRow {
        pub id: AttemptId,
        pub kind: String,
        pub gateway: String,
        pub reference: Option<String>,
        pub state: String,
        pub amount_cents: Money,
        pub received_cents: Option<Money>,
        pub failure_code: Option<String>,
        pub created_at: Timestamp,
        pub finished_at: Option<Timestamp>,
        pub payer: Option<String>,
        pub payer_account: Option<String>,
    }
}
row! {
    /// A line of the audit with the name of who acted.
    pub struct ActedRow { pub id: Uuid, pub at: Timestamp, pub actor_kind: String, pub actor: Option<String>, pub action: String, pub details: String }
}
row! {
    /// An effect.
    pub struct EffectRow {
        pub id: EffectId,
        pub kind: String,
        pub state: String,
        pub run_at: Timestamp,
        pub attempts: i64,
        pub last_error: Option<String>,
        pub created_at: Timestamp,
    }
}
row! {
    /// A message.
    pub struct SentRow { pub id: Uuid, pub at: Timestamp, pub channel: String, pub recipient: String, pub subject: String, pub outcome: String }
}
row! {
    /// Money that goes back by a bank transfer which somebody has to make.
    pub struct OutgoingRow {
        pub id: AttemptId,
        pub order_id: OrderId,
        pub number: String,
        pub display_name: String,
        pub amount_cents: Money,
        pub created_at: Timestamp,
        pub payer_account: Option<String>,
    }
}

/// The order itself, its payments, its mailboxes and the bank's movements for it.
macro_rules! subjects {
    () => {
        "(SELECT o.id FROM orders o WHERE o.id = $1 UNION ALL SELECT a.id FROM attempts a WHERE a.order_id = $1 \
         UNION ALL SELECT om.id FROM order_mailboxes om WHERE om.order_id = $1 \
         UNION ALL SELECT b.id FROM bank_movements b WHERE b.order_id = $1)"
    };
}

sql!(
    BUYER = "SELECT p.id AS party_id, p.display_name, p.tax_key, p.email, l.username FROM orders o JOIN parties p ON p.id = o.party_id JOIN logins l ON l.id = o.login_id WHERE o.id = $1",
    BuyerRow
);
sql!(
    PAYMENTS = "SELECT a.id, a.kind, a.gateway, COALESCE(b.reference, a.gateway_ref) AS reference, a.state, a.amount_cents, a.received_cents, a.failure_code, a.created_at, a.finished_at, \
     b.payer, b.payer_account FROM attempts a LEFT JOIN bank_movements b ON b.order_id = a.order_id AND b.attempt_id = COALESCE(a.refunds_id, a.id) \
     WHERE a.order_id = $1 AND a.created_at <= $2 AND (a.created_at, a.id) < ($2, $3) ORDER BY a.created_at DESC, a.id DESC LIMIT $4",
    PaymentRow
);
sql!(
    AUDIT = concat!(
        "SELECT l.id, l.at, l.actor_kind, COALESCE(op.username, lg.username) AS actor, l.action, l.details FROM audit_lines l \
         LEFT JOIN operators op ON op.id = l.actor_id LEFT JOIN logins lg ON lg.id = l.actor_id WHERE l.subject_id IN ",
        subjects!(),
        " AND l.at <= $2 AND (l.at, l.id) < ($2, $3) AND l.action <> 'office.order_seen' ORDER BY l.at DESC, l.id DESC LIMIT $4"
    ),
    ActedRow
);
sql!(
    EFFECTS = concat!(
        "SELECT e.id, e.kind, e.state, e.run_at, e.attempts, e.last_error, e.created_at FROM effects e WHERE e.subject_id IN ",
        subjects!(),
        " AND e.created_at <= $2 AND (e.created_at, e.id) < ($2, $3) ORDER BY e.created_at DESC, e.id DESC LIMIT $4"
    ),
    EffectRow
);
sql!(
    SENT = concat!(
        "SELECT m.id, m.at, m.channel, m.recipient, m.subject, m.outcome FROM messages m WHERE m.subject_id IN ",
        subjects!(),
        " AND m.at <= $2 AND (m.at, m.id) < ($2, $3) ORDER BY m.at DESC, m.id DESC LIMIT $4"
    ),
    SentRow
);
sql!(
    OUTGOING_COUNT = "SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM attempts WHERE gateway = 'bank_transfer' AND kind = 'refund' AND state = 'pending' LIMIT $1) found",
    i64
);

/// Who ordered.
pub async fn buyer(q: &mut impl Query, order: OrderId) -> Result<Option<BuyerRow>> {
    q.opt(&BUYER, args![order]).await
}
/// A place in a list that has the newest first: everything behind this moment and identifier is older.
pub type Place = (Timestamp, Uuid);
/// Before the newest.
pub const NEWEST: Place = (Timestamp::from_micros(i64::MAX), Uuid::max());

/// The payments and refunds of an order behind a place, the newest first.
pub async fn payments(q: &mut impl Query, order: OrderId, after: Place, limit: i64) -> Result<Vec<PaymentRow>> {
    q.all(&PAYMENTS, args![order, after.0, after.1, limit]).await
}
/// What was done to it and by whom.
pub async fn audit(q: &mut impl Query, order: OrderId, after: Place, limit: i64) -> Result<Vec<ActedRow>> {
    q.all(&AUDIT, args![order, after.0, after.1, limit]).await
}
/// Its effects.
pub async fn effects(q: &mut impl Query, order: OrderId, after: Place, limit: i64) -> Result<Vec<EffectRow>> {
    q.all(&EFFECTS, args![order, after.0, after.1, limit]).await
}
/// The messages about it.
pub async fn sent(q: &mut impl Query, order: OrderId, after: Place, limit: i64) -> Result<Vec<SentRow>> {
    q.all(&SENT, args![order, after.0, after.1, limit]).await
}
/// A page of the transfers that somebody has to make, the oldest first; one row more than `limit` tells that there are
/// others.
pub async fn outgoing(q: &mut impl Query, from: From<(Timestamp, AttemptId)>, limit: u64) -> Result<Vec<OutgoingRow>> {
    let (text, args) = outgoing_text(None, from, limit);
    q.all_text(&text, &args).await
}
/// One of them.
pub async fn outgoing_one(q: &mut impl Query, id: AttemptId) -> Result<Option<OutgoingRow>> {
    let (text, args) = outgoing_text(Some(id), From::Start, 1);
    Ok(q.all_text(&text, &args).await?.into_iter().next())
}

fn outgoing_text<'a>(one: Option<AttemptId>, from: From<(Timestamp, AttemptId)>, limit: u64) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 7] = [
        "a.id",
        "a.order_id",
        "o.number",
        "p.display_name",
        "a.amount_cents",
        "a.created_at",
        "(SELECT b.payer_account FROM bank_movements b WHERE b.order_id = a.order_id AND b.attempt_id = a.refunds_id) AS payer_account",
    ];
    let mut list = List::new(&COLUMNS, "attempts", "a");
    list.join("orders", "o", "o.id = a.order_id");
    list.join("parties", "p", "p.id = o.party_id");
    // The words of the partial index.
    list.only("a.gateway = 'bank_transfer' AND a.kind = 'refund' AND a.state = 'pending'", []);
    if let Some(id) = one {
        list.only("a.id = ?", [id.into()]);
    }
    if let Some((at, last)) = from.key() {
        let sign = if from.backwards() { "<" } else { ">" };
        list.only(&format!("(a.created_at, a.id) {sign} (?, ?)"), [at.into(), last.into()]);
    }
    let order = if from.backwards() { Order::Desc } else { Order::Asc };
    list.select.order_by_expr(Expr::cust("a.created_at"), order.clone());
    list.select.order_by_expr(Expr::cust("a.id"), order).limit(limit + 1);
    list.done()
}

/// How many there are, counted up to `limit`.
pub async fn outgoing_count(q: &mut impl Query, limit: i64) -> Result<i64> {
    q.one(&OUTGOING_COUNT, args![limit]).await
}
