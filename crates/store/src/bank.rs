//! The provider's bank account: statements, movements, and the orders that they find.

use domain::{
    id::{AttemptId, MovementId, OperatorId, OrderId, StatementId},
    money::Money,
    time::{Date, Timestamp},
};
use sea_query::{Expr, Order};

use crate::{
    Batch, P, Query, Result, WriteTx, args,
    lists::{From, List},
    row, sql,
};

row! {
    /// A movement as its pages show it and its decisions need it.
    pub struct MovementRow {
        pub id: MovementId,
        pub version: i64,
        pub account: String,
        pub reference: String,
        pub statement_id: Option<StatementId>,
        pub state: String,
        pub reason_code: Option<String>,
        pub note: Option<String>,
        pub amount_cents: Money,
        pub currency: String,
        pub value_day: Date,
        pub payer: Option<String>,
        pub payer_account: Option<String>,
        pub reason: String,
        pub order_id: Option<OrderId>,
        pub order_number: Option<String>,
        pub attempt_id: Option<AttemptId>,
        pub taken_at: Timestamp,
    }
}
row! {
    /// A statement that was taken.
    pub struct StatementRow {
        pub id: StatementId,
        pub account: String,
        pub reference: String,
        pub movements: i64,
        pub made_at: Option<Timestamp>,
        pub taken_at: Timestamp,
        pub booked: i64,
        pub waiting: i64,
        pub fresh: i64,
    }
}
row! {
    /// An order to which money is to be booked.
    pub struct OrderRow { pub id: OrderId, pub number: String, pub kind: String, pub state: String, pub payment_method: String, pub gross_cents: Money }
}

row! {
    /// An order that waits for a transfer.
    pub struct AwaitedRow { pub number: String, pub gross_cents: Money, pub display_name: String }
}

sql!(
    MOVEMENT = "SELECT m.id, m.version, m.account, m.reference, m.statement_id, m.state, m.reason_code, m.note, m.amount_cents, m.currency, m.value_day, m.payer, m.payer_account, \
     m.reason, m.order_id, o.number AS order_number, m.attempt_id, m.taken_at FROM bank_movements m LEFT JOIN orders o ON o.id = m.order_id WHERE m.id = $1",
    MovementRow
);
sql!(KNOWN = "SELECT id FROM bank_movements WHERE account = $1 AND reference = $2", MovementId);
sql!(
    INSERT_MOVEMENT = "INSERT INTO bank_movements (id, version, account, reference, statement_id, state, reason_code, note, amount_cents, currency, value_day, payer, payer_account, reason, order_id, attempt_id, taken_at) \
     VALUES ($1, 1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10, $11, $12, NULL, NULL, $13)"
);
sql!(
    MOVE = "UPDATE bank_movements SET version = version + 1, state = $3, reason_code = $4, note = $5, order_id = $6, attempt_id = $7 WHERE id = $1 AND version = $2"
);
sql!(
    INSERT_STATEMENT = "INSERT INTO bank_statements (id, account, reference, file_sha256, movements, made_at, taken_at, operator_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
);
sql!(STATEMENT_KNOWN = "SELECT taken_at FROM bank_statements WHERE account = $1 AND reference = $2", Timestamp);
sql!(FILE_KNOWN = "SELECT taken_at FROM bank_statements WHERE file_sha256 = $1 ORDER BY taken_at LIMIT 1", Timestamp);
sql!(
    STATEMENTS = "SELECT s.id, s.account, s.reference, s.movements, s.made_at, s.taken_at, \
     (SELECT COUNT(*) FROM bank_movements m WHERE m.statement_id = s.id AND m.state = 'booked') AS booked, \
     (SELECT COUNT(*) FROM bank_movements m WHERE m.statement_id = s.id AND m.state = 'unmatched') AS waiting, \
     (SELECT COUNT(*) FROM bank_movements m WHERE m.statement_id = s.id AND m.state = 'new') AS fresh \
     FROM bank_statements s WHERE s.taken_at <= $1 AND (s.taken_at, s.id) < ($1, $2) ORDER BY s.taken_at DESC, s.id DESC LIMIT $3",
    StatementRow
);
sql!(
    COUNT = "SELECT COUNT(*) AS count FROM (SELECT 1 AS one FROM bank_movements WHERE state = $1 LIMIT $2) found",
    i64
);
sql!(
    ORDER_BY_NUMBER = "SELECT id, number, kind, state, payment_method, gross_cents FROM orders WHERE number = $1",
    OrderRow
);
sql!(
    AWAITED = "SELECT o.number, o.gross_cents, p.display_name FROM orders o JOIN parties p ON p.id = o.party_id \
     WHERE o.state = 'awaiting_payment' AND o.payment_method = 'bank_transfer' ORDER BY o.placed_at DESC, o.id DESC LIMIT $1",
    AwaitedRow
);
sql!(
    SET_METHOD = "UPDATE orders SET version = version + 1, payment_method = $2 WHERE id = $1 AND payment_method <> $2"
);

/// A movement.
pub async fn movement(q: &mut impl Query, id: MovementId) -> Result<Option<MovementRow>> {
    q.opt(&MOVEMENT, args![id]).await
}
/// The movement that the bank calls so, if it was taken before.
pub async fn known(q: &mut impl Query, account: &str, reference: &str) -> Result<Option<MovementId>> {
    q.opt(&KNOWN, args![account, reference]).await
}
/// When a statement of this name was taken.
pub async fn statement_known(q: &mut impl Query, account: &str, reference: &str) -> Result<Option<Timestamp>> {
    q.opt(&STATEMENT_KNOWN, args![account, reference]).await
}
/// When this very file was taken.
pub async fn file_known(q: &mut impl Query, sha256: &[u8]) -> Result<Option<Timestamp>> {
    q.opt(&FILE_KNOWN, args![sha256]).await
}
/// The statements behind a place, the newest first, with what became of their movements.
pub async fn statements(q: &mut impl Query, after: (Timestamp, uuid::Uuid), limit: i64) -> Result<Vec<StatementRow>> {
    q.all(&STATEMENTS, args![after.0, after.1, limit]).await
}
/// Movements in a state, counted up to `limit`.
pub async fn count(q: &mut impl Query, state: &str, limit: i64) -> Result<i64> {
    q.one(&COUNT, args![state, limit]).await
}
/// The order of this number.
pub async fn order_by_number(q: &mut impl Query, number: &str) -> Result<Option<OrderRow>> {
    q.opt(&ORDER_BY_NUMBER, args![number]).await
}
/// An order is paid by other means than were chosen: what follows from the means follows from these.
pub async fn set_method(tx: &mut WriteTx, order: OrderId, method: &str) -> Result<()> {
    tx.run(&SET_METHOD, args![order, method]).await?;
    Ok(())
}

/// The newest orders that wait for a transfer.
pub async fn awaited(q: &mut impl Query, limit: i64) -> Result<Vec<AwaitedRow>> {
    q.all(&AWAITED, args![limit]).await
}

/// A movement to be written.
pub struct NewMovement<'a> {
    pub id: MovementId,
    pub account: &'a str,
    pub reference: &'a str,
    pub statement: Option<StatementId>,
    pub state: &'a str,
    pub reason_code: Option<&'a str>,
    pub amount: Money,
    pub currency: &'a str,
    pub value_day: Date,
    pub payer: Option<&'a str>,
    pub payer_account: Option<&'a str>,
    pub reason: &'a str,
    pub taken_at: Timestamp,
}
/// Adds a movement to a batch; one that the bank calls the same loses the transaction.
pub fn insert_movement<'a>(batch: &mut Batch<'a>, m: &NewMovement<'a>) {
    let args = args![
        m.id,
        m.account,
        m.reference,
        m.statement,
        m.state,
        m.reason_code,
        m.amount,
        m.currency,
        m.value_day,
        m.payer,
        m.payer_account,
        m.reason,
        m.taken_at
    ];
    batch.add(&INSERT_MOVEMENT, args, 1);
}

/// What was decided about a movement.
#[derive(Default)]
pub struct Decided<'a> {
    pub state: &'a str,
    pub reason_code: Option<&'a str>,
    pub note: Option<&'a str>,
    pub order: Option<OrderId>,
    pub attempt: Option<AttemptId>,
}
/// Writes it; a movement that somebody else decided about meanwhile loses the transaction.
///
/// # Errors
/// `WrongRows` when its version is another one.
pub async fn decide(tx: &mut WriteTx, id: MovementId, version: i64, d: &Decided<'_>) -> Result<()> {
    tx.exactly_one(&MOVE, args![id, version, d.state, d.reason_code, d.note, d.order, d.attempt]).await
}

/// A statement to be written.
pub struct NewStatement<'a> {
    pub id: StatementId,
    pub account: &'a str,
    pub reference: &'a str,
    pub file_sha256: &'a [u8],
    pub movements: i64,
    pub made_at: Option<Timestamp>,
    pub taken_at: Timestamp,
    pub operator: Option<OperatorId>,
}
/// Adds a statement to a batch; one that is there already loses the transaction.
pub fn insert_statement<'a>(batch: &mut Batch<'a>, s: &NewStatement<'a>) {
    let args = args![s.id, s.account, s.reference, s.file_sha256, s.movements, s.made_at, s.taken_at, s.operator];
    batch.add(&INSERT_STATEMENT, args, 1);
}

/// A page of movements, the newest first, of one state or of all; one row more than `limit` tells that
/// there are others.
pub async fn movements(
    q: &mut impl Query,
    state: Option<&str>,
    from: From<(Timestamp, MovementId)>,
    limit: u64,
) -> Result<Vec<MovementRow>> {
    let (text, args) = movements_text(state, from, limit);
    q.all_text(&text, &args).await
}

fn movements_text<'a>(state: Option<&'a str>, from: From<(Timestamp, MovementId)>, limit: u64) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 18] = [
        "m.id",
        "m.version",
        "m.account",
        "m.reference",
        "m.statement_id",
        "m.state",
        "m.reason_code",
        "m.note",
        "m.amount_cents",
        "m.currency",
        "m.value_day",
        "m.payer",
        "m.payer_account",
        "m.reason",
        "m.order_id",
        "(SELECT o.number FROM orders o WHERE o.id = m.order_id) AS order_number",
        "m.attempt_id",
        "m.taken_at",
    ];
    let mut list = List::new(&COLUMNS, "bank_movements", "m");
    if let Some(state) = state {
        list.only("m.state = ?", [P::T(state)]);
    }
    if let Some((at, id)) = from.key() {
        let sign = if from.backwards() { ">" } else { "<" };
        list.only(&format!("(m.taken_at, m.id) {sign} (?, ?)"), [at.into(), id.into()]);
    }
    let order = if from.backwards() { Order::Asc } else { Order::Desc };
    list.select.order_by_expr(Expr::cust("m.taken_at"), order.clone());
    list.select.order_by_expr(Expr::cust("m.id"), order).limit(limit + 1);
    list.done()
}
