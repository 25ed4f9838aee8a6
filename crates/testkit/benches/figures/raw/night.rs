//! The rows of a night's renewals, written set by set in one transaction with nothing around the engine.
// tidy: allow(clock) benchmarks are stopwatches

use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio_postgres::Client;

/// The texts that the product wrote for one renewal, so that both sides write rows of the same size.
pub struct Texts {
    billing: String,
    message: String,
    payload: String,
    details: String,
}
/// Where they stand, in the order of the fields.
const TEXTS: [&str; 4] = [
    "SELECT billing FROM orders WHERE kind = 'renewal' AND payment_method = 'wallet' LIMIT 1",
    "SELECT message FROM operations WHERE kind = 'renewal' LIMIT 1",
    "SELECT payload FROM effects WHERE kind = 'send_notice' LIMIT 1",
    "SELECT details FROM audit_lines WHERE action = 'renewal.paid' LIMIT 1",
];
impl Texts {
    fn from([billing, message, payload, details]: [String; 4]) -> Self {
        Self { billing, message, payload, details }
    }
    /// Read from a database in which the product has renewed.
    pub fn of(c: &Connection) -> Self {
        Self::from(TEXTS.map(|text| c.query_row(text, [], |r| r.get(0)).expect("a renewal has all of its rows")))
    }
    /// The same on PostgreSQL.
    pub async fn of_postgres(c: &Client) -> Self {
        let mut found = Vec::new();
        for text in TEXTS {
            found.push(c.query_one(text, &[]).await.expect("a renewal has all of its rows").get(0));
        }
        Self::from(found.try_into().expect("as many as were asked for"))
    }
}

/// What the raw program did.
pub struct Night {
    pub renewed: u64,
    pub took: Duration,
}

/// How the engines write an identifier that grows with the row (`n` is its number, `K` which of its identifiers).
#[derive(Clone, Copy)]
enum Dialect {
    Lite,
    Postgres,
}

const OWN: &str = "INSERT INTO ledger_accounts (id, kind, owner_id, guarded, posted_cents, held_cents) VALUES (OWN1, 'revenue', NOBODY, FALSE, 0, 0), (OWN2, 'vat', NOBODY, FALSE, 0, 0) ON CONFLICT DO NOTHING";

/// Everything that the credit pays for on the day.
const DUE: &str = "CREATE TEMP TABLE due AS SELECT row_number() OVER () AS n, o.mailbox_id AS mailbox, m.party_id AS party, m.login_id AS login, t.end_day, w.id AS wallet, w.posted_cents AS posted, \
     x.id AS price, x.net_cents AS net, x.net_cents * 22 / 100 AS vat \
     FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id JOIN terms t ON t.mailbox_id = o.mailbox_id \
     JOIN ledger_accounts w ON w.kind = 'customer_credit' AND w.owner_id = m.party_id \
     JOIN prices x ON x.product_code = 'standard' AND x.price_list = 'retail' \
     WHERE o.state = 'open' AND o.way = 'wallet' AND o.due_day <= DAY AND w.posted_cents - w.held_cents >= x.net_cents * 122 / 100";

/// Every set in its turn. `AT` is the moment, `DAY` the day, `ID1` to `ID8` are identifiers, capitals else texts.
const SETS: &[&str] = &[
    "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, paid_at, closed_at, mailbox_id) \
     SELECT ID1, 1, '2030-' || n, 'renewal', 'completed', AT, party, login, 1, net, vat, net + vat, 'wallet', BILLING, AT, AT, AT, AT, mailbox FROM due",
    "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) \
     SELECT ID2, ID1, 1, 'standard', price, 1, 1, net, net, 2200, vat, net + vat FROM due",
    "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at, entry, balance_cents) \
     SELECT ID3, 'purchase', ID1, 0, wallet, -net - vat, AT, 1, posted - net - vat FROM due",
    "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at) \
     SELECT ID4, 'purchase', ID1, 1, (SELECT id FROM ledger_accounts WHERE kind = 'revenue'), net, AT FROM due",
    "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at) \
     SELECT ID5, 'purchase', ID1, 2, (SELECT id FROM ledger_accounts WHERE kind = 'vat'), vat, AT FROM due",
    "UPDATE ledger_accounts SET posted_cents = posted_cents - due.net - due.vat, entries = entries + 1 FROM due WHERE ledger_accounts.id = due.wallet",
    "INSERT INTO operations (id, party_id, mailbox_id, at, kind, outcome, message, amount_cents, order_id) \
     SELECT ID6, party, mailbox, AT, 'renewal', 'ok', MESSAGE, net + vat, ID1 FROM due",
    "INSERT INTO effects (id, kind, subject_kind, subject_id, payload, dedup_key, state, run_at, attempts, trace, created_at) \
     SELECT ID7, 'send_notice', 'order', ID1, PAYLOAD, 'order:' || n || ':renewed', 'ready', AT, 0, 'night', AT FROM due",
    "INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace) \
     SELECT ID8, AT, 'system', 'renewal.paid', 'order', ID1, DETAILS, 'night' FROM due",
    "UPDATE obligations SET state = 'met', order_id = ID1, settled_day = DAY FROM due WHERE obligations.service_id = due.mailbox AND obligations.period_start = due.end_day + 1",
    "INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries) \
     SELECT mailbox, end_day + 366, 'mailbox', mailbox, end_day + 358, 'wallet', 'open', 0 FROM due",
    "UPDATE terms SET end_day = due.end_day + 365 FROM due WHERE terms.mailbox_id = due.mailbox",
];

/// What is due by card, and what nobody renews any more.
const DUE_MIXED: &[&str] = &[
    "CREATE TEMP TABLE cards AS SELECT row_number() OVER () + 10000000 AS n, o.mailbox_id AS mailbox, m.party_id AS party, m.login_id AS login, t.end_day, h.id AS method, h.gateway_customer AS customer, \
     x.id AS price, x.net_cents AS net, x.net_cents * 22 / 100 AS vat \
     FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id JOIN terms t ON t.mailbox_id = o.mailbox_id JOIN methods h ON h.id = t.method_id \
     JOIN prices x ON x.product_code = 'standard' AND x.price_list = 'retail' WHERE o.state = 'open' AND o.way = 'card' AND o.due_day <= DAY",
    "CREATE TEMP TABLE lapsing AS SELECT service_id, period_start FROM obligations WHERE state = 'open' AND way = 'manual' AND due_day <= DAY",
];
const SETS_MIXED: &[&str] = &[
    "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, mailbox_id) \
     SELECT ID1, 1, '2030-' || n, 'renewal', 'awaiting_payment', AT, party, login, 1, net, vat, net + vat, 'card', BILLING, AT, AT, mailbox FROM cards",
    "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) \
     SELECT ID2, ID1, 1, 'standard', price, 1, 1, net, net, 2200, vat, net + vat FROM cards",
    "INSERT INTO order_services (order_id, service_id, mailbox_id, period_start, years) SELECT ID1, mailbox, mailbox, end_day + 1, 1 FROM cards",
    "INSERT INTO attempts (id, version, order_id, kind, gateway, state, amount_cents, method_id, gateway_customer, created_at, check_at, checks) \
     SELECT ID3, 1, ID1, 'off_session', 'stripe', 'created', net + vat, method, customer, AT, AT, 0 FROM cards",
    "UPDATE obligations SET state = 'running', order_id = ID1 FROM cards WHERE obligations.service_id = cards.mailbox AND obligations.period_start = cards.end_day + 1",
    "INSERT INTO effects (id, kind, subject_kind, subject_id, payload, dedup_key, state, run_at, attempts, trace, created_at) \
     SELECT ID4, 'charge_method', 'attempt', ID3, '{\"attempt\":\"pay_019f0000000070008000000000000000\"}', 'renew:' || n || ':0', 'ready', AT, 0, 'night', AT FROM cards",
    "INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace) \
     SELECT ID5, AT, 'system', 'renewal.ordered', 'order', ID1, DETAILS, 'night' FROM cards",
    "INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace) \
     SELECT ID6, AT, 'system', 'payment.charge_asked', 'attempt', ID3, DETAILS, 'night' FROM cards",
    "UPDATE obligations SET state = 'lapsed', reason = 'not-renewed', settled_day = DAY FROM lapsing WHERE obligations.service_id = lapsing.service_id AND obligations.period_start = lapsing.period_start",
];

impl Dialect {
    fn id(self, k: u8) -> String {
        match self {
            Dialect::Lite => format!("unhex(printf('019fffffffff7000%016x', n * 16 + {k}))"),
            Dialect::Postgres => format!("CAST('019fffffffff7000' || lpad(to_hex(n * 16 + {k}), 16, '0') AS UUID)"),
        }
    }
    fn fixed(self, n: u8) -> String {
        match self {
            Dialect::Lite => format!("unhex('000000000000700080000000000000{n:02}')"),
            Dialect::Postgres => format!("CAST('000000000000700080000000000000{n:02}' AS UUID)"),
        }
    }
    /// A statement in this engine's words.
    fn write(self, text: &str, day: i32, texts: &Texts) -> String {
        let quoted = |t: &str| format!("'{}'", t.replace('\'', "''"));
        let nobody = match self {
            Dialect::Lite => "zeroblob(16)",
            Dialect::Postgres => "CAST('00000000000000000000000000000000' AS UUID)",
        };
        let mut text = text.replace("OWN1", &self.fixed(1)).replace("OWN2", &self.fixed(2)).replace("NOBODY", nobody);
        for k in 1..=8 {
            text = text.replace(&format!("ID{k}"), &self.id(k));
        }
        let at = i64::from(day) * 86_400_000_000;
        text = text.replace("DAY", &day.to_string()).replace(" AT", &format!(" {at}"));
        // One text in each, and last: what stands in it is no place for anything.
        let all = [
            ("BILLING", &texts.billing),
            ("MESSAGE", &texts.message),
            ("PAYLOAD", &texts.payload),
            ("DETAILS", &texts.details),
        ];
        match all.into_iter().find(|(name, _)| text.contains(name)) {
            Some((name, value)) => text.replace(name, &quoted(value)),
            None => text,
        }
    }
}

/// Renews everything that the credit pays for on `day`.
pub fn run(c: &Connection, day: i32, texts: &Texts) -> Night {
    run_sets(c, day, texts, &[], &[])
}

/// The same with what is charged to cards, and what is over.
pub fn run_mixed(c: &Connection, day: i32, texts: &Texts) -> Night {
    run_sets(c, day, texts, DUE_MIXED, SETS_MIXED)
}

fn run_sets(c: &Connection, day: i32, texts: &Texts, more_due: &[&str], more: &[&str]) -> Night {
    c.execute_batch(
        "PRAGMA synchronous=FULL; PRAGMA cache_size=-131072; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY",
    )
    .expect("pragmas");
    let write = |text: &str| Dialect::Lite.write(text, day, texts);
    c.execute_batch(&write(OWN)).expect("accounts");
    let began = Instant::now();
    c.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    let mut renewed = 0;
    for (due, name) in [DUE].iter().chain(more_due).zip(["due", "cards", "lapsing"]) {
        c.execute_batch(&write(due)).expect("what is due is found");
        renewed += c.query_row(&format!("SELECT COUNT(*) FROM {name}"), [], |r| r.get::<_, i64>(0)).expect("a count");
    }
    for set in SETS.iter().chain(more) {
        c.execute_batch(&write(set)).unwrap_or_else(|e| panic!("{set}: {e}"));
    }
    c.execute_batch("COMMIT").expect("there is room");
    let took = began.elapsed();
    Night { renewed: renewed as u64, took }
}

/// The same on PostgreSQL.
pub async fn run_postgres(c: &Client, day: i32, texts: &Texts) -> Night {
    let write = |text: &str| Dialect::Postgres.write(text, day, texts);
    c.batch_execute(&write(OWN)).await.expect("accounts");
    let began = Instant::now();
    c.batch_execute("BEGIN").await.expect("a transaction");
    c.batch_execute(&write(DUE)).await.expect("what is due is found");
    c.batch_execute("ANALYZE due").await.expect("it is ours");
    let renewed: i64 = c.query_one("SELECT COUNT(*) FROM due", &[]).await.expect("a count").get(0);
    for set in SETS {
        c.batch_execute(&write(set)).await.unwrap_or_else(|e| panic!("{set}: {e}"));
    }
    c.batch_execute("COMMIT").await.expect("a commit");
    Night { renewed: renewed as u64, took: began.elapsed() }
}
