//! The rows of a night's renewals, written set by set in one transaction with nothing around the engine.
// tidy: allow(clock) benchmarks are stopwatches

use std::time::{Duration, Instant};

use rusqlite::{Connection, ToSql, params};

/// The texts that the product wrote for one renewal, so that both sides write rows of the same size.
pub struct Texts {
    billing: String,
    message: String,
    payload: String,
    details: String,
}
impl Texts {
    /// Read from a database in which the product has renewed.
    pub fn of(c: &Connection) -> Self {
        let one = |text: &str| c.query_row(text, [], |r| r.get(0)).expect("a renewal has all of its rows");
        Self {
            billing: one("SELECT billing FROM orders WHERE kind = 'renewal' LIMIT 1"),
            message: one("SELECT message FROM operations WHERE kind = 'renewal' LIMIT 1"),
            payload: one("SELECT payload FROM effects WHERE kind = 'send_notice' LIMIT 1"),
            details: one("SELECT details FROM audit_lines WHERE action = 'renewal.paid' LIMIT 1"),
        }
    }
}

/// What the raw program did.
pub struct Night {
    pub renewed: u64,
    pub took: Duration,
}

/// Identifiers of sixteen bytes that grow with the row: `n` is its number, `k` which of its identifiers.
macro_rules! id {
    ($k:literal) => {
        concat!("unhex(printf('019fffffffff7000%016x', n * 16 + ", $k, "))")
    };
}

/// Every set in its turn: `?1` is the moment, `?2` its text, `?3` the day.
const SETS: &[&str] = &[
    concat!(
        "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, paid_at, closed_at, mailbox_id) SELECT ",
        id!(1),
        ", 1, printf('2030-%06d', n), 'renewal', 'completed', ?1, party, login, 1, net, vat, net + vat, 'wallet', ?2, ?1, ?1, ?1, ?1, mailbox FROM due"
    ),
    concat!(
        "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) SELECT ",
        id!(2),
        ", ",
        id!(1),
        ", 1, 'standard', price, 1, 1, net, net, 2200, vat, net + vat FROM due"
    ),
    concat!(
        "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at, entry, balance_cents) SELECT ",
        id!(3),
        ", 'purchase', ",
        id!(1),
        ", 0, wallet, -net - vat, ?1, 1, posted - net - vat FROM due"
    ),
    concat!(
        "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at) SELECT ",
        id!(4),
        ", 'purchase', ",
        id!(1),
        ", 1, (SELECT id FROM ledger_accounts WHERE kind = 'revenue'), net, ?1 FROM due"
    ),
    concat!(
        "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at) SELECT ",
        id!(5),
        ", 'purchase', ",
        id!(1),
        ", 2, (SELECT id FROM ledger_accounts WHERE kind = 'vat'), vat, ?1 FROM due"
    ),
    "UPDATE ledger_accounts SET posted_cents = posted_cents - due.net - due.vat, entries = entries + 1 FROM due WHERE ledger_accounts.id = due.wallet",
    concat!(
        "INSERT INTO operations (id, party_id, mailbox_id, at, kind, outcome, message, amount_cents, order_id) SELECT ",
        id!(6),
        ", party, mailbox, ?1, 'renewal', 'ok', ?2, net + vat, ",
        id!(1),
        " FROM due"
    ),
    concat!(
        "INSERT INTO effects (id, kind, subject_kind, subject_id, payload, dedup_key, state, run_at, attempts, trace, created_at) SELECT ",
        id!(7),
        ", 'send_notice', 'order', ",
        id!(1),
        ", ?2, 'order:' || n || ':renewed', 'ready', ?1, 0, 'night', ?1 FROM due"
    ),
    concat!(
        "INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace) SELECT ",
        id!(8),
        ", ?1, 'system', 'renewal.paid', 'order', ",
        id!(1),
        ", ?2, 'night' FROM due"
    ),
    concat!(
        "UPDATE obligations SET state = 'met', order_id = ",
        id!(1),
        ", settled_day = ?3 FROM due WHERE obligations.service_id = due.mailbox AND obligations.period_start = due.end_day + 1"
    ),
    "INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries) SELECT mailbox, end_day + 366, 'mailbox', mailbox, end_day + 358, 'wallet', 'open', 0 FROM due",
    "UPDATE terms SET end_day = due.end_day + 365 FROM due WHERE terms.mailbox_id = due.mailbox",
];

/// Renews everything that the credit pays for on `day`.
pub fn run(c: Connection, day: i32, texts: &Texts) -> Night {
    c.execute_batch(
        "PRAGMA synchronous=FULL; PRAGMA cache_size=-131072; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY",
    )
    .expect("pragmas");
    let at = i64::from(day) * 86_400_000_000;
    let own = "INSERT INTO ledger_accounts (id, kind, owner_id, guarded, posted_cents, held_cents) VALUES (unhex(?1), ?2, zeroblob(16), 0, 0, 0) ON CONFLICT DO NOTHING";
    for (id, kind) in [("00000000000070008000000000000001", "revenue"), ("00000000000070008000000000000002", "vat")] {
        c.execute(own, params![id, kind]).expect("an account");
    }
    let began = Instant::now();
    c.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    let due = "CREATE TEMP TABLE due AS SELECT row_number() OVER () AS n, o.mailbox_id AS mailbox, m.party_id AS party, m.login_id AS login, t.end_day, w.id AS wallet, w.posted_cents AS posted, \
               x.id AS price, x.net_cents AS net, x.net_cents * 22 / 100 AS vat \
               FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id JOIN terms t ON t.mailbox_id = o.mailbox_id \
               JOIN ledger_accounts w ON w.kind = 'customer_credit' AND w.owner_id = m.party_id \
               JOIN prices x ON x.product_code = 'standard' AND x.price_list = 'retail' \
               WHERE o.state = 'open' AND o.due_day <= ?1 AND w.posted_cents - w.held_cents >= x.net_cents * 122 / 100";
    let renewed =
        c.execute(due, [day]).and_then(|_| c.query_row("SELECT COUNT(*) FROM due", [], |r| r.get::<_, i64>(0)));
    let by_set = |set: &str| match () {
        () if set.contains("INTO orders") => &texts.billing,
        () if set.contains("INTO operations") => &texts.message,
        () if set.contains("INTO effects") => &texts.payload,
        () => &texts.details,
    };
    for set in SETS {
        let mut statement = c.prepare(set).unwrap_or_else(|e| panic!("{set}: {e}"));
        let values: [&dyn ToSql; 3] = [&at, by_set(set), &day];
        for (n, value) in (1..=statement.parameter_count()).zip(values) {
            statement.raw_bind_parameter(n, value).expect("a value");
        }
        statement.raw_execute().unwrap_or_else(|e| panic!("{set}: {e}"));
    }
    c.execute_batch("COMMIT").expect("there is room");
    Night { renewed: renewed.expect("what is due is found") as u64, took: began.elapsed() }
}
