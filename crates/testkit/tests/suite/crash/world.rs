//! The whole state of an installation in words that do not change with identifiers and seconds.

use std::collections::BTreeMap;

use store::{Sql, sql};
use testkit::TestApp;

// Numbers have gaps: what is repeated before it is written takes new ones.
sql!(
    ORDERS = "SELECT CASE WHEN payment_method = 'agreement' THEN 'given' ELSE number END || ' ' || state || ' ' || CAST(gross_cents AS TEXT) FROM orders",
    String
);
sql!(
    PLACES = "SELECT address || ' ' || CASE WHEN mailbox_id IS NULL THEN 'not served' ELSE 'served' END FROM order_mailboxes",
    String
);
sql!(MAILBOXES = "SELECT address || ' ' || state || ' ' || CAST(space_mib AS TEXT) FROM mailboxes", String);
sql!(
    TERMS = "SELECT m.address || ' ' || CAST(t.start_day AS TEXT) || '-' || CAST(t.end_day AS TEXT) FROM terms t JOIN mailboxes m ON m.id = t.mailbox_id",
    String
);
sql!(
    USAGE = "SELECT m.address || ' ' || COALESCE(CAST(u.used_kib AS TEXT), 'not known') FROM mailbox_usage u JOIN mailboxes m ON m.id = u.mailbox_id",
    String
);
sql!(
    SMS_NOTICES = "SELECT m.address || ' ' || CAST(n.told_unread AS TEXT) || ' ' || COALESCE(CAST(n.told_day AS TEXT), 'never') FROM sms_notices n JOIN mailboxes m ON m.id = n.mailbox_id",
    String
);
sql!(ADDRESSES = "SELECT address || ' ' || state FROM addresses", String);
sql!(
    ATTEMPTS = "SELECT o.number || ' ' || a.kind || ' ' || a.state || ' ' || CAST(a.amount_cents AS TEXT) || ' ' || COALESCE(a.failure_code, '-') FROM attempts a JOIN orders o ON o.id = a.order_id",
    String
);
sql!(
    METHODS = "SELECT gateway || ' ' || label || ' ' || state || CASE WHEN preferred THEN ' preferred' ELSE '' END FROM methods",
    String
);
sql!(SETUPS = "SELECT gateway || ' ' || state || ' ' || COALESCE(failure_code, '-') FROM method_setups", String);
sql!(
    TRANSFERS = "SELECT t.cause_kind || ' ' || a.kind || ' ' || CAST(t.leg AS TEXT) || ' ' || CAST(t.amount_cents AS TEXT) FROM transfers t JOIN ledger_accounts a ON a.id = t.account_id",
    String
);
sql!(
    ACCOUNTS =
        "SELECT kind || ' ' || CAST(posted_cents AS TEXT) || ' ' || CAST(held_cents AS TEXT) FROM ledger_accounts",
    String
);
sql!(HOLDS = "SELECT cause_kind || ' ' || state || ' ' || CAST(amount_cents AS TEXT) FROM holds", String);
sql!(MESSAGES = "SELECT template || ' ' || recipient || ' ' || outcome || ' ' || subject FROM messages", String);
sql!(PARTIES = "SELECT tax_key || ' ' || email FROM parties", String);
sql!(LOGINS = "SELECT CASE WHEN state = 'closed' THEN 'nobody' ELSE username END || ' ' || state FROM logins", String);
sql!(REGISTRATIONS = "SELECT step FROM registrations", String);
sql!(
    TOKENS = "SELECT kind || CASE WHEN used_at IS NULL THEN '' ELSE ' used' END || CASE WHEN revoked_at IS NULL THEN '' ELSE ' revoked' END FROM tokens",
    String
);
sql!(MOVEMENTS = "SELECT reference || ' ' || state || ' ' || COALESCE(reason_code, '-') FROM bank_movements", String);
sql!(INBOUND = "SELECT kind || ' ' || outcome FROM inbound_events", String);
sql!(EFFECTS = "SELECT kind || ' ' || subject_kind || ' ' || state FROM effects", String);
sql!(
    OPERATIONS = "SELECT kind || ' ' || outcome || ' ' || CAST(COALESCE(amount_cents, 0) AS TEXT) FROM operations",
    String
);
sql!(ADDONS = "SELECT service || ' ' || CAST(gb AS TEXT) || ' ' || state FROM addons", String);
sql!(
    OBLIGATIONS = "SELECT o.service_kind || ' ' || m.address || ' ' || CAST(o.period_start AS TEXT) || ' ' || CAST(o.due_day AS TEXT) || ' ' || o.way || ' ' || o.state || ' ' || CAST(o.tries AS TEXT) FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id",
    String
);
sql!(
    AGREEMENTS = "SELECT code || CASE WHEN purchases THEN ' true' ELSE ' false' END || CASE WHEN renewals THEN ' true' ELSE ' false' END || ' ' || CAST(years AS TEXT) FROM agreements",
    String
);
sql!(MEMBERS = "SELECT state || ' ' || CAST(made AS TEXT) || ' ' || CAST(failed AS TEXT) FROM member_imports", String);
sql!(AUDIT = "SELECT action || ' ' || subject_kind || ' ' || actor_kind FROM audit_lines", String);

const TABLES: &[(&str, &Sql<String>)] = &[
    ("orders", &ORDERS),
    ("order_mailboxes", &PLACES),
    ("mailboxes", &MAILBOXES),
    ("terms", &TERMS),
    ("mailbox_usage", &USAGE),
    ("sms_notices", &SMS_NOTICES),
    ("addresses", &ADDRESSES),
    ("attempts", &ATTEMPTS),
    ("methods", &METHODS),
    ("method_setups", &SETUPS),
    ("transfers", &TRANSFERS),
    ("ledger_accounts", &ACCOUNTS),
    ("holds", &HOLDS),
    ("messages", &MESSAGES),
    ("parties", &PARTIES),
    ("logins", &LOGINS),
    ("registrations", &REGISTRATIONS),
    ("tokens", &TOKENS),
    ("bank_movements", &MOVEMENTS),
    ("inbound_events", &INBOUND),
    ("effects", &EFFECTS),
    ("operations", &OPERATIONS),
    ("addons", &ADDONS),
    ("obligations", &OBLIGATIONS),
    ("agreements", &AGREEMENTS),
    ("member_imports", &MEMBERS),
    ("audit_lines", &AUDIT),
];

/// Rows by table, each with how often it is there; and what is outside.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct World(BTreeMap<String, usize>);

impl World {
    pub async fn of(app: &TestApp) -> Self {
        let mut world = Self::default();
        for (table, statement) in TABLES {
            for row in app.cx.store().all(statement, &[]).await.expect("the table is read") {
                world.add(format!("{table}: {row}"), 1);
            }
        }
        // A mail that is sent twice carries the same Message-ID: the mailbox shows it once.
        let mut mails: Vec<_> = app.mailer.sent().into_iter().map(|m| (m.message_id, m.to, m.subject)).collect();
        mails.sort();
        mails.dedup();
        for (_, to, subject) in mails {
            world.add(format!("mail: {to} {subject}"), 1);
        }
        // The same key twice is one text message, as far as the provider keeps its word.
        let mut texts: Vec<_> = app.sms.sent().into_iter().map(|m| (m.key, m.to)).collect();
        texts.sort();
        texts.dedup();
        for (_, to) in texts {
            world.add(format!("text message: {to}"), 1);
        }
        let (taken, given_back) = app.gateway.moved();
        world.add("money taken".into(), taken);
        world.add("money given back".into(), given_back);
        for address in app.plane.addresses() {
            let space = app.plane.spec(&address).map_or(0, |s| s.quota_kib);
            world.add(format!("on the mail servers: {address} {space}"), 1);
        }
        world
    }
    fn add(&mut self, row: String, times: usize) {
        *self.0.entry(row).or_default() += times;
    }
    pub fn count(&self, row: &str) -> usize {
        self.0.get(row).copied().unwrap_or_default()
    }
    /// The rows of which there are more here than there, or fewer.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let rows: std::collections::BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        let differs = |row: &&String| self.count(row) != other.count(row);
        rows.into_iter()
            .filter(differs)
            .map(|row| format!("{row}: {} instead of {}", self.count(row), other.count(row)))
            .collect()
    }
}
