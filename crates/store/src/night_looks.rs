//! What came of each obligation that a night looked at: the lists of an outcome, the obligations of some mailboxes, and
//! the end of a charge that a night asked for.
//!
//! What the credit paid is told by the obligation itself, which a night has no time to write down once more; everything
//! else is a row of `night_obligations`.

use domain::{
    id::{AttemptId, OrderId},
    money::Money,
    time::{Date, Timestamp},
};
use sea_query::{Expr, Order};
use uuid::Uuid;

use crate::{
    Batch, P, Query, Result, WriteTx, args,
    lists::{From, List},
    row, sql,
};

/// The word of what the credit paid.
pub const RENEWED: &str = "renewed";

row! {
    /// An obligation and what came of it.
    pub struct LookRow {
        pub outcome: String,
        pub service_id: Uuid,
        pub period_start: Date,
        /// `mailbox` or `addon`.
        pub service_kind: String,
        pub address: String,
        pub holder_name: String,
        pub addon_name: Option<String>,
        pub reason: Option<String>,
        pub next_day: Option<Date>,
        pub order_id: Option<OrderId>,
        pub order_number: Option<String>,
        pub gross_cents: Option<Money>,
    }
}

/// A night: its day, and from when to when it was at work.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub day: Date,
    pub begun_at: Timestamp,
    /// Nothing while it is at work.
    pub ended_at: Option<Timestamp>,
}
impl Span {
    fn until(&self) -> Timestamp {
        self.ended_at.unwrap_or(Timestamp::from_micros(i64::MAX))
    }
}

/// The columns of [`LookRow`] behind the first, and where they stand.
macro_rules! columns {
    ($outcome:literal, $reason:literal, $next:literal) => {
        [
            $outcome,
            "o.service_id",
            "o.period_start",
            "o.service_kind",
            "m.address",
            "m.holder_name",
            "(SELECT s.name FROM addons d JOIN products s ON s.code = d.service WHERE d.id = o.service_id) AS addon_name",
            $reason,
            $next,
            "o.order_id",
            "(SELECT r.number FROM orders r WHERE r.id = o.order_id) AS order_number",
            "(SELECT r.gross_cents FROM orders r WHERE r.id = o.order_id) AS gross_cents",
        ]
    };
}

sql!(
    /// The obligations of the first mailboxes whose address begins so, with what a night made of them.
    SEARCH = "SELECT CASE WHEN n.day IS NULL THEN 'renewed' ELSE n.outcome END AS outcome, o.service_id, o.period_start, o.service_kind, v.address, v.holder_name, \
     (SELECT p.name FROM addons d JOIN products p ON p.code = d.service WHERE d.id = o.service_id) AS addon_name, n.reason, n.next_day, o.order_id, r.number AS order_number, r.gross_cents \
     FROM (SELECT m.id, m.address, m.holder_name, m.id AS service_id FROM mailboxes m WHERE m.id IN (SELECT f.id FROM mailboxes f WHERE f.address >= $2 AND f.address < $3 ORDER BY f.address LIMIT $4) \
     UNION ALL SELECT m.id, m.address, m.holder_name, a.id AS service_id FROM mailboxes m JOIN addons a ON a.mailbox_id = m.id WHERE m.id IN (SELECT f.id FROM mailboxes f WHERE f.address >= $2 AND f.address < $3 ORDER BY f.address LIMIT $4)) AS v \
     JOIN obligations o ON o.service_id = v.service_id LEFT JOIN orders r ON r.id = o.order_id \
     LEFT JOIN night_obligations n ON n.day = $1 AND n.outcome IN ('charging', 'charged', 'failed', 'short', 'not-renewed', 'lapsed', 'parked', 'waiting') AND n.service_id = o.service_id AND n.period_start = o.period_start \
     WHERE n.day IS NOT NULL OR (o.settled_day = $1 AND o.state = 'met' AND o.way = 'wallet' AND r.payment_method = 'wallet' AND r.placed_at >= $5 AND r.placed_at <= $6) \
     ORDER BY v.address, o.service_kind DESC, o.service_id, o.period_start",
    LookRow
);
sql!(
    CHARGED = "UPDATE night_obligations SET outcome = 'charged', reason = NULL, next_day = NULL WHERE attempt_id = $1"
);
sql!(
    CHARGE_FAILED = "UPDATE night_obligations SET outcome = 'failed', reason = $2, next_day = $3 WHERE attempt_id = $1"
);

/// A page of the obligations that came to an outcome in a night; one row more than `limit` tells that there are others.
pub async fn of_outcome(
    q: &mut impl Query,
    span: Span,
    outcome: &str,
    from: From<(Uuid, Date)>,
    limit: u64,
) -> Result<Vec<LookRow>> {
    let (text, args) = of_outcome_text(span, outcome, from, limit);
    q.all_text(&text, &args).await
}

fn of_outcome_text<'a>(span: Span, outcome: &'a str, from: From<(Uuid, Date)>, limit: u64) -> (String, Vec<P<'a>>) {
    let (mut list, keys) = if outcome == RENEWED {
        let columns = columns!("'renewed' AS outcome", "o.reason", "CAST(NULL AS BIGINT) AS next_day");
        let mut list = List::new(&columns, "obligations", "o");
        // The words of the partial index; what was paid beside the night, with a mailbox renewed by hand, is left out.
        list.only("o.state = 'met' AND o.way = 'wallet' AND o.settled_day = ?", [span.day.into()]);
        list.only(
            "EXISTS (SELECT 1 FROM orders w WHERE w.id = o.order_id AND w.payment_method = 'wallet' AND w.placed_at >= ? AND w.placed_at <= ?)",
            [span.begun_at.into(), span.until().into()],
        );
        (list, ["o.service_id", "o.period_start"])
    } else {
        let columns = columns!("n.outcome", "n.reason", "n.next_day");
        let mut list = List::new(&columns, "night_obligations", "n");
        list.join("obligations", "o", "o.service_id = n.service_id AND o.period_start = n.period_start");
        list.only("n.day = ? AND n.outcome = ?", [span.day.into(), P::T(outcome)]);
        (list, ["n.service_id", "n.period_start"])
    };
    list.join("mailboxes", "m", "m.id = o.mailbox_id");
    if let Some((service, period)) = from.key() {
        let sign = if from.backwards() { "<" } else { ">" };
        list.only(&format!("({}, {}) {sign} (?, ?)", keys[0], keys[1]), [service.into(), period.into()]);
    }
    let order = if from.backwards() { Order::Desc } else { Order::Asc };
    for key in keys {
        list.select.order_by_expr(Expr::cust(key), order.clone());
    }
    list.select.limit(limit + 1);
    list.done()
}

/// What came of the obligations of the first `mailboxes` whose address begins so.
pub async fn search(q: &mut impl Query, span: Span, address: &str, mailboxes: i64) -> Result<Vec<LookRow>> {
    let end = crate::desk_search::after(address);
    q.all(&SEARCH, args![span.day, address, &end, mailboxes, span.begun_at, span.until()]).await
}

/// A charge that a night asked for has taken the money; nothing when no night did.
pub async fn charged(tx: &mut WriteTx, attempt: AttemptId) -> Result<()> {
    let mut batch = Batch::new();
    batch.add_any(&CHARGED, args![attempt]);
    tx.later(batch).await
}
/// A charge that a night asked for came to nothing, and is tried again on `next`; 0 when no night did.
pub async fn charge_failed(tx: &mut WriteTx, attempt: AttemptId, reason: &str, next: Option<Date>) -> Result<u64> {
    tx.run(&CHARGE_FAILED, args![attempt, reason, next]).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EngineKind, bank, desk_order, effects, testing};

    /// A text, its values, and the index it goes along on both engines.
    type Asked = (String, String, Vec<P<'static>>, [&'static str; 2]);

    fn asked() -> Vec<Asked> {
        let span = Span { day: Date::from_days(20_100), begun_at: Timestamp::from_micros(0), ended_at: None };
        let on = || From::After((Uuid::nil(), span.day));
        let back = || From::Before((Uuid::nil(), span.day));
        let met = ["obligations_met"; 2];
        let looks = ["USING PRIMARY KEY", "night_obligations_pkey"];
        let mut all: Vec<Asked> = Vec::new();
        for (outcome, from, index) in
            [(RENEWED, on(), met), (RENEWED, back(), met), ("short", on(), looks), ("short", back(), looks)]
        {
            let (text, args) = of_outcome_text(span, outcome, from, 50);
            all.push((text.clone(), text, args, index));
        }
        let mut constant = |statement: &crate::Statement, values: &[P<'static>], index| {
            all.push((statement.sqlite.into(), statement.postgres.into(), values.to_vec(), index));
        };
        let (order, at) = (Uuid::nil(), i64::MAX);
        // A few mailboxes, as fifty are beside a million.
        constant(&SEARCH.statement, args![span.day, "x1", "x2", 5, 0, at], ["mailboxes_any_address"; 2]);
        constant(&CHARGED.statement, args![order], ["night_obligations_attempt"; 2]);
        let list = args![order, at, order, 101];
        constant(&desk_order::PAYMENTS.statement, list, ["attempts_order"; 2]);
        constant(&desk_order::AUDIT.statement, list, ["audit_lines_subject"; 2]);
        constant(&desk_order::EFFECTS.statement, list, ["effects_subject"; 2]);
        constant(&desk_order::SENT.statement, list, ["messages_subject"; 2]);
        constant(&bank::STATEMENTS.statement, args![at, order, 21], ["bank_statements_taken"; 2]);
        constant(&effects::STUCK_AFTER.statement, args![0, order, 101], ["effects_stuck"; 2]);
        all
    }

    #[tokio::test]
    async fn each_list_goes_along_an_index() {
        let db = testing::fresh(EngineKind::Sqlite).await;
        for (text, _, values, [index, _]) in asked() {
            let plan: Vec<(i64, i64, i64, String)> =
                db.store.all_text(&format!("EXPLAIN QUERY PLAN {text}"), &values).await.unwrap();
            let told: Vec<_> = plan.into_iter().map(|(_, _, _, step)| step).collect();
            assert!(told.iter().any(|step| step.contains(index)), "{index}: {told:#?}\n{text}");
            // Only what another step has put together is read whole.
            let whole = told.iter().any(|step| step.starts_with("SCAN") && step != "SCAN v");
            assert!(!whole, "{told:#?}\n{text}");
        }
    }

    /// Enough rows for PostgreSQL to prefer an index, with nothing that they refer to.
    const MANY: &str = "SET session_replication_role = replica; \
        INSERT INTO mailboxes (id, version, address, domain, plan_code, state, state_at, party_id, login_id, order_id, holder_kind, holder_tax_key, holder_name, contact_email, space_mib, extra_space_mib, archive_mib, requested_at) \
        SELECT gen_random_uuid(), 1, 'x' || n, 'd', 'p', 'active', 0, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'account', 'T', 'X', 'x', 1, 0, 0, n FROM generate_series(1, 20000) n; \
        INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries, order_id, settled_day) \
        SELECT id, 20100 + requested_at % 300, 'mailbox', id, 20100, 'wallet', 'met', 0, order_id, 20000 + requested_at % 300 FROM mailboxes; \
        INSERT INTO night_obligations (day, outcome, service_id, period_start, attempt_id) \
        SELECT 20000 + requested_at % 300, CASE WHEN requested_at % 2 = 0 THEN 'short' ELSE 'charging' END, id, 20100 + requested_at % 300, order_id FROM mailboxes; \
        INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at) \
        SELECT order_id, 1, 'x' || requested_at, 'renewal', 'completed', 0, id, id, 1, 1, 0, 1, 'wallet', '{}', requested_at, 0 FROM mailboxes; \
        INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) SELECT gen_random_uuid(), id, 'extra_space', 1, 1, 1, FALSE, 'active', 'l', id FROM mailboxes; \
        INSERT INTO attempts (id, version, order_id, kind, gateway, gateway_ref, state, amount_cents, created_at, checks, quick) SELECT gen_random_uuid(), 1, id, 'checkout', 's', address, 'succeeded', 1, requested_at, 0, FALSE FROM mailboxes; \
        INSERT INTO effects (id, kind, subject_kind, subject_id, payload, state, run_at, attempts, trace, created_at, finished_at) SELECT gen_random_uuid(), 'k', 'order', id, '{}', CASE WHEN requested_at % 10 = 0 THEN 'stuck' ELSE 'done' END, 0, 0, 't', requested_at, requested_at FROM mailboxes; \
        INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace) SELECT gen_random_uuid(), requested_at, 'system', 'a', 'order', id, '{}', 't' FROM mailboxes; \
        INSERT INTO messages (id, effect_id, channel, template, locale, recipient, subject, subject_id, outcome, detail, at) SELECT gen_random_uuid(), id, 'email', 't', 'it', 'r', 's', id, 'sent', '', requested_at FROM mailboxes; \
        INSERT INTO bank_statements (id, account, reference, file_sha256, movements, taken_at) SELECT gen_random_uuid(), 'a', address, '', 0, requested_at FROM mailboxes; \
        ANALYZE";

    #[tokio::test]
    async fn each_list_goes_along_an_index_on_postgres() {
        let db = testing::fresh(EngineKind::Postgres).await;
        let (client, connection) = tokio_postgres::connect(&db.address(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(MANY).await.unwrap();
        for (_, text, values, [_, index]) in asked() {
            let told: Vec<String> = db.store.all_text(&format!("EXPLAIN {text}"), &values).await.unwrap();
            assert!(told.iter().any(|step| step.contains(index)), "{index}: {told:#?}\n{text}");
            for table in [
                "mailboxes",
                "obligations",
                "night_obligations",
                "orders",
                "attempts",
                "effects",
                "audit_lines",
                "messages",
            ] {
                let whole = format!("Seq Scan on {table}");
                assert!(!told.iter().any(|s| s.contains(&whole)), "{told:#?}\n{text}");
            }
        }
    }
}
