//! Questions whose answer must be «no rows»: the proof of the books. Each is bounded, so that a
//! broken ledger does not fill the memory of who looks at it.

use domain::money::Money;
use uuid::Uuid;

use crate::{Query, Result, row, sql};

row! {
    /// Something that does not add up: which, what was expected, what is there (in cents, or counts).
    pub struct OddRow { pub what: String, pub id: Uuid, pub expected: i64, pub found: i64 }
}
row! {
    /// How much the proof covers.
    pub struct CoverRow { pub transfers: i64, pub accounts: i64 }
}
row! {
    /// The balance of the platform's accounts of one kind.
    pub struct KindRow { pub kind: String, pub balance: Money }
}

sql!(
    UNBALANCED = "SELECT cause_kind AS what, cause_id AS id, CAST(0 AS BIGINT) AS expected, CAST(SUM(amount_cents) AS BIGINT) AS found FROM transfers \
     GROUP BY cause_kind, cause_id HAVING SUM(amount_cents) <> 0 ORDER BY cause_id LIMIT 20",
    OddRow
);
sql!(
    BALANCES = "SELECT a.kind AS what, a.id, CAST(COALESCE(SUM(t.amount_cents), 0) AS BIGINT) AS expected, a.posted_cents AS found \
     FROM ledger_accounts a LEFT JOIN transfers t ON t.account_id = a.id WHERE a.guarded GROUP BY a.id, a.kind, a.posted_cents \
     HAVING a.posted_cents <> COALESCE(SUM(t.amount_cents), 0) ORDER BY a.id LIMIT 20",
    OddRow
);
sql!(
    RUNNING = "SELECT kind AS what, id, CAST(0 AS BIGINT) AS expected, posted_cents AS found FROM ledger_accounts WHERE NOT guarded AND (posted_cents <> 0 OR held_cents <> 0) \
     ORDER BY id LIMIT 20",
    OddRow
);
sql!(
    HELD = "SELECT a.kind AS what, a.id, CAST(COALESCE(SUM(h.amount_cents), 0) AS BIGINT) AS expected, a.held_cents AS found \
     FROM ledger_accounts a LEFT JOIN holds h ON h.account_id = a.id AND h.state = 'pending' GROUP BY a.id, a.kind, a.held_cents \
     HAVING a.held_cents <> COALESCE(SUM(h.amount_cents), 0) ORDER BY a.id LIMIT 20",
    OddRow
);
sql!(
    NEGATIVE = "SELECT kind AS what, id, held_cents AS expected, posted_cents AS found FROM ledger_accounts WHERE guarded AND posted_cents < held_cents ORDER BY id LIMIT 20",
    OddRow
);
sql!(
    STATEMENTS = "SELECT 'line ' || CAST(s.place AS TEXT) AS what, s.id, s.expected, COALESCE(s.found, 0) AS found FROM (SELECT t.id, t.entry, t.balance_cents AS found, \
     CAST(SUM(t.amount_cents) OVER (PARTITION BY t.account_id ORDER BY t.entry) AS BIGINT) AS expected, ROW_NUMBER() OVER (PARTITION BY t.account_id ORDER BY t.entry) AS place \
     FROM transfers t JOIN ledger_accounts a ON a.id = t.account_id WHERE a.guarded) AS s WHERE s.entry IS NULL OR s.entry <> s.place OR s.found <> s.expected ORDER BY s.id LIMIT 20",
    OddRow
);
sql!(
    /// Paid by a gateway, or out of a wallet; a top-up earns nothing.
    PAID_TWICE = "SELECT o.number AS what, o.id, o.gross_cents AS expected, CAST(SUM(t.amount_cents) AS BIGINT) AS found \
     FROM transfers t JOIN ledger_accounts l ON l.id = t.account_id AND l.kind IN ('revenue', 'vat') LEFT JOIN attempts a ON t.cause_kind = 'payment' AND a.id = t.cause_id \
     JOIN orders o ON o.id = CASE WHEN t.cause_kind = 'purchase' THEN t.cause_id ELSE a.order_id END GROUP BY o.id, o.number, o.gross_cents HAVING SUM(t.amount_cents) <> o.gross_cents ORDER BY o.id LIMIT 20",
    OddRow
);
// The inner question is asked once, not once for each order.
sql!(
    PAID_WITHOUT_MONEY = "SELECT o.number AS what, o.id, o.gross_cents AS expected, CAST(0 AS BIGINT) AS found FROM orders o LEFT JOIN \
     (SELECT a.order_id FROM transfers t JOIN ledger_accounts l ON l.id = t.account_id AND l.kind IN ('revenue', 'customer_credit') JOIN attempts a ON a.id = t.cause_id \
     WHERE t.cause_kind = 'payment' UNION SELECT t.cause_id FROM transfers t WHERE t.cause_kind = 'purchase') AS paid ON paid.order_id = o.id WHERE o.paid_at IS NOT NULL AND o.gross_cents > 0 AND paid.order_id IS NULL ORDER BY o.id LIMIT 20",
    OddRow
);
sql!(
    MONEY_WITHOUT_PAID = "SELECT o.number AS what, o.id, CAST(0 AS BIGINT) AS expected, t.amount_cents AS found FROM transfers t \
     JOIN ledger_accounts l ON l.id = t.account_id AND l.kind IN ('revenue', 'customer_credit') LEFT JOIN attempts a ON a.id = t.cause_id AND t.cause_kind = 'payment' \
     JOIN orders o ON o.id = CASE WHEN t.cause_kind = 'purchase' THEN t.cause_id ELSE a.order_id END WHERE o.paid_at IS NULL ORDER BY o.id LIMIT 20",
    OddRow
);
sql!(
    ATTEMPT_WITHOUT_ENTRY = "SELECT a.state AS what, a.id, a.amount_cents AS expected, CAST(0 AS BIGINT) AS found FROM attempts a WHERE a.state = 'succeeded' \
     AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.cause_kind IN ('payment', 'refund') AND t.cause_id = a.id) ORDER BY a.id LIMIT 20",
    OddRow
);
sql!(
    ENTRY_WITHOUT_ATTEMPT = "SELECT t.cause_kind AS what, t.cause_id AS id, CAST(0 AS BIGINT) AS expected, t.amount_cents AS found FROM transfers t \
     WHERE t.cause_kind IN ('payment', 'refund') AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.id = t.cause_id AND a.state = 'succeeded') ORDER BY t.id LIMIT 20",
    OddRow
);
sql!(
    OVER_REFUNDED = "SELECT a.gateway AS what, a.id, COALESCE(a.received_cents, a.amount_cents) AS expected, CAST(SUM(r.amount_cents) AS BIGINT) AS found \
     FROM attempts r JOIN attempts a ON a.id = r.refunds_id WHERE r.state = 'succeeded' GROUP BY a.id, a.gateway, a.received_cents, a.amount_cents \
     HAVING SUM(r.amount_cents) > COALESCE(a.received_cents, a.amount_cents) ORDER BY a.id LIMIT 20",
    OddRow
);
sql!(
    BOOKED_WITHOUT_PAYMENT = "SELECT m.reference AS what, m.id, m.amount_cents AS expected, COALESCE(a.received_cents, CAST(0 AS BIGINT)) AS found FROM bank_movements m \
     LEFT JOIN attempts a ON a.id = m.attempt_id AND a.state = 'succeeded' AND a.order_id = m.order_id WHERE m.state = 'booked' \
     AND (a.received_cents IS NULL OR a.received_cents <> m.amount_cents) ORDER BY m.id LIMIT 20",
    OddRow
);
sql!(
    TRANSFER_WITHOUT_MOVEMENT = "SELECT a.gateway AS what, a.id, CAST(0 AS BIGINT) AS expected, a.amount_cents AS found FROM attempts a WHERE a.gateway = 'bank_transfer' AND a.kind <> 'refund' \
     AND a.state = 'succeeded' AND NOT EXISTS (SELECT 1 FROM bank_movements m WHERE m.attempt_id = a.id AND m.state = 'booked') ORDER BY a.id LIMIT 20",
    OddRow
);
sql!(
    COVER = "SELECT (SELECT COUNT(*) FROM transfers) AS transfers, (SELECT COUNT(*) FROM ledger_accounts) AS accounts",
    CoverRow
);
sql!(
    TOTALS = "SELECT l.kind, CAST(SUM(t.amount_cents) AS BIGINT) AS balance FROM transfers t JOIN ledger_accounts l ON l.id = t.account_id GROUP BY l.kind ORDER BY l.kind",
    KindRow
);

/// Entries whose transfers do not sum to zero.
pub async fn unbalanced(q: &mut impl Query) -> Result<Vec<OddRow>> {
    q.all(&UNBALANCED, &[]).await
}
/// Accounts whose balance or holds are not those of their rows; the platform's own carry none.
pub async fn wrong_balances(q: &mut impl Query) -> Result<Vec<OddRow>> {
    let mut odd = q.all(&BALANCES, &[]).await?;
    odd.extend(q.all(&RUNNING, &[]).await?);
    odd.extend(q.all(&STATEMENTS, &[]).await?);
    odd.extend(q.all(&HELD, &[]).await?);
    Ok(odd)
}
/// Customers' accounts below what is held.
pub async fn negative(q: &mut impl Query) -> Result<Vec<OddRow>> {
    q.all(&NEGATIVE, &[]).await
}
/// Orders for which another amount than their price was taken as payment.
pub async fn paid_twice(q: &mut impl Query) -> Result<Vec<OddRow>> {
    q.all(&PAID_TWICE, &[]).await
}
/// Orders that are paid without money, or not paid with it.
pub async fn orders_against_money(q: &mut impl Query) -> Result<Vec<OddRow>> {
    let mut odd = q.all(&PAID_WITHOUT_MONEY, &[]).await?;
    odd.extend(q.all(&MONEY_WITHOUT_PAID, &[]).await?);
    Ok(odd)
}
/// Attempts that succeeded without an entry, entries without such an attempt.
pub async fn attempts_against_entries(q: &mut impl Query) -> Result<Vec<OddRow>> {
    let mut odd = q.all(&ATTEMPT_WITHOUT_ENTRY, &[]).await?;
    odd.extend(q.all(&ENTRY_WITHOUT_ATTEMPT, &[]).await?);
    Ok(odd)
}
/// Movements of the bank that are booked without their payment, payments by transfer without their movement.
pub async fn movements_against_payments(q: &mut impl Query) -> Result<Vec<OddRow>> {
    let mut odd = q.all(&BOOKED_WITHOUT_PAYMENT, &[]).await?;
    odd.extend(q.all(&TRANSFER_WITHOUT_MOVEMENT, &[]).await?);
    Ok(odd)
}
/// Payments of which more went back than came.
pub async fn over_refunded(q: &mut impl Query) -> Result<Vec<OddRow>> {
    q.all(&OVER_REFUNDED, &[]).await
}
/// How much there is to prove.
pub async fn cover(q: &mut impl Query) -> Result<CoverRow> {
    q.one(&COVER, &[]).await
}
/// The balance of each kind of account.
pub async fn totals(q: &mut impl Query) -> Result<Vec<KindRow>> {
    q.all(&TOTALS, &[]).await
}
