//! What must be true every night, whatever happened in the day.

use std::fmt;

use domain::{id::AttemptId, time::Timestamp};
use ports::payment::{PlayGateway, TruthState};
use store::{Sql, args, row, sql};

use crate::year::Year;

row! {
    pub struct SettledRow { pub id: AttemptId, pub finished_at: Timestamp }
}

sql!(
    /// Living mailboxes whose period nobody can tell.
    WITHOUT_TERM = "SELECT m.address FROM mailboxes m LEFT JOIN terms t ON t.mailbox_id = m.id WHERE m.state IN ('activating', 'active', 'expired') AND t.mailbox_id IS NULL ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Living mailboxes of orders that nobody has paid.
    WITHOUT_PAYMENT = "SELECT m.address || ' of ' || o.number || ' ' || o.state FROM mailboxes m JOIN orders o ON o.id = m.order_id WHERE m.state IN ('activating', 'active', 'expired') \
     AND (o.paid_at IS NULL OR o.state IN ('awaiting_payment', 'cancelled', 'expired_unpaid')) ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Mailboxes that can send though their term was over when the last night was run.
    OVER = "SELECT m.address || ' ' || m.state FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id JOIN (SELECT MAX(day) AS day FROM nights WHERE state = 'done') n ON t.end_day < n.day WHERE m.state = 'active' ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Mailboxes that are kept longer than 90 days after their term.
    KEPT = "SELECT m.address || ' ' || m.state FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id JOIN (SELECT MAX(day) AS day FROM nights WHERE state = 'done') n ON t.end_day + 91 < n.day WHERE m.state = 'expired' ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Add-ons that outlive their mailbox's term, or of an order that is not settled.
    ADDONS = "SELECT m.address || ' ' || a.service FROM addons a JOIN mailboxes m ON m.id = a.mailbox_id JOIN orders o ON o.id = a.order_id LEFT JOIN terms t ON t.mailbox_id = m.id \
     WHERE a.state = 'active' AND (o.state <> 'completed' OR t.end_day IS NULL OR a.end_day > t.end_day) ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Mailboxes that have another space than was bought.
    SPACE = "SELECT m.address || ' has ' || CAST(m.extra_space_mib AS TEXT) FROM mailboxes m LEFT JOIN \
     (SELECT mailbox_id, CAST(SUM(gb) AS BIGINT) * 1024 AS mib FROM addons WHERE service = 'extra_space' AND state = 'active' GROUP BY mailbox_id) a ON a.mailbox_id = m.id \
     WHERE m.state IN ('active', 'expired') AND m.extra_space_mib <> COALESCE(a.mib, 0) ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// Orders whose state is not that of their money.
    STATES = "SELECT number || ' ' || kind || ' ' || state FROM orders WHERE (paid_at IS NULL) <> (state IN ('awaiting_payment', 'cancelled', 'expired_unpaid')) ORDER BY number LIMIT 5",
    String
);
sql!(
    /// Orders that wait though the whole price has come for them.
    WAIT_PAID = "SELECT o.number FROM orders o JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id WHERE o.state = 'awaiting_payment' AND d.posted_cents >= o.gross_cents ORDER BY o.number LIMIT 5",
    String
);
sql!(
    /// A part that came for an order which needs it no more.
    DEPOSIT_LEFT = "SELECT o.number || ' ' || o.state FROM orders o JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id WHERE o.state <> 'awaiting_payment' AND d.posted_cents <> 0 ORDER BY o.number LIMIT 5",
    String
);
sql!(
    /// One mailbox, paid by two orders.
    SERVED_TWICE = "SELECT MIN(address) FROM order_mailboxes WHERE mailbox_id IS NOT NULL GROUP BY mailbox_id HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// One top-up, credited twice, or credited and given up.
    TOP_UPS = "SELECT o.number || ' ' || o.state FROM orders o LEFT JOIN (SELECT a.order_id, COUNT(*) AS entries FROM transfers t JOIN ledger_accounts l ON l.id = t.account_id AND l.kind = 'customer_credit' JOIN attempts a ON a.id = t.cause_id \
     WHERE t.cause_kind = 'payment' GROUP BY a.order_id) c ON c.order_id = o.id WHERE o.kind = 'topup' AND COALESCE(c.entries, 0) <> CASE WHEN o.state = 'completed' THEN 1 ELSE 0 END ORDER BY o.number LIMIT 5",
    String
);
sql!(
    /// Nothing that the world outside does leaves an effect for an operator.
    STUCK = "SELECT kind || ': ' || COALESCE(last_error, '-') FROM effects WHERE state = 'stuck' ORDER BY id LIMIT 5",
    String
);
sql!(
    /// Living services whose next period nobody will look at, or which stand in it twice.
    OBLIGATIONS = "SELECT s.what FROM (SELECT 'mailbox ' || m.address AS what, m.id, t.end_day FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id WHERE m.state IN ('active', 'expired') \
     UNION ALL SELECT a.service || ' of ' || m.address, a.id, a.end_day FROM addons a JOIN mailboxes m ON m.id = a.mailbox_id WHERE a.state = 'active') AS s \
     LEFT JOIN obligations o ON o.service_id = s.id AND o.state IN ('open', 'running', 'parked') AND o.period_start = s.end_day + 1 WHERE o.service_id IS NULL ORDER BY s.what LIMIT 5",
    String
);
sql!(
    /// Obligations beyond the one of the next period.
    OTHER_PERIOD = "SELECT m.address || ' ' || o.service_kind || ' ' || o.state FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id LEFT JOIN terms t ON t.mailbox_id = m.id LEFT JOIN addons a ON a.id = o.service_id \
     WHERE o.state IN ('open', 'running') AND o.period_start <> COALESCE(a.end_day, t.end_day) + 1 ORDER BY m.address LIMIT 5",
    String
);
sql!(
    /// One service and period, paid by two orders.
    PERIOD_TWICE = "SELECT m.address || ' ' || CAST(s.period_start AS TEXT) FROM order_services s JOIN orders o ON o.id = s.order_id JOIN mailboxes m ON m.id = s.mailbox_id \
     WHERE o.paid_at IS NOT NULL AND o.state <> 'cancelled' GROUP BY m.address, s.service_id, s.period_start HAVING COUNT(*) > 1 ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// What was renewed without an order that is paid.
    MET_UNPAID = "SELECT m.address || ' ' || o.service_kind || ' ' || COALESCE(r.number || ' ' || r.state, 'without an order') FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id LEFT JOIN orders r ON r.id = o.order_id \
     WHERE o.state = 'met' AND r.paid_at IS NULL ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// A stored method asked more often than on the days of the rule (domain notes 6.3).
    FIFTH_CHARGE = "SELECT m.address || ' ' || CAST(s.period_start AS TEXT) FROM order_services s JOIN mailboxes m ON m.id = s.mailbox_id JOIN attempts a ON a.order_id = s.order_id \
     WHERE a.kind = 'off_session' GROUP BY m.address, s.service_id, s.period_start HAVING COUNT(*) > 4 ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Add-ons that go on though their term was over when the last night was run.
    ADDON_OVER = "SELECT m.address || ' ' || a.service FROM addons a JOIN mailboxes m ON m.id = a.mailbox_id JOIN (SELECT MAX(day) AS day FROM nights WHERE state = 'done') n ON a.end_day < n.day WHERE a.state = 'active' ORDER BY 1 LIMIT 5",
    String
);
sql!(
    /// Accounts that were parked, and nobody knows why.
    NO_REASON = "SELECT m.address || ' ' || o.service_kind FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id WHERE o.state = 'parked' AND (o.reason IS NULL OR o.reason = '') ORDER BY m.address LIMIT 5",
    String
);
sql!(
    SETTLED = "SELECT id, finished_at FROM attempts WHERE gateway = 'simulated' AND state = 'succeeded' AND finished_at > $1 ORDER BY finished_at, id LIMIT 1000",
    SettledRow
);
sql!(
    UNBOOKED =
        "SELECT id FROM attempts WHERE gateway = 'simulated' AND state NOT IN ('succeeded', 'failed') ORDER BY id",
    AttemptId
);
sql!(
    TAKEN = "SELECT COUNT(*) FROM attempts WHERE gateway = 'simulated' AND kind <> 'refund' AND state = 'succeeded'",
    i64
);
sql!(
    GIVEN = "SELECT COUNT(*) FROM attempts WHERE gateway = 'simulated' AND kind = 'refund' AND state = 'succeeded'",
    i64
);
sql!(
    COUNTS = "SELECT CAST((SELECT COUNT(*) FROM mailboxes) AS TEXT) || ' mailboxes, ' || CAST((SELECT COUNT(*) FROM orders) AS TEXT) || ' orders, ' || CAST((SELECT COUNT(*) FROM addons) AS TEXT) || ' add-ons, ' || CAST((SELECT COUNT(*) FROM obligations WHERE state = 'met') AS TEXT) || ' renewals, ' || CAST((SELECT COUNT(*) FROM obligations WHERE state = 'parked') AS TEXT) || ' parked, ' || CAST((SELECT COUNT(*) FROM transfers) AS TEXT) || ' transfers'",
    String
);

const NIGHTLY: [(&str, &Sql<String>); 19] = [
    ("living mailboxes without a term", &WITHOUT_TERM),
    ("living mailboxes that nobody paid", &WITHOUT_PAYMENT),
    ("active mailboxes whose term is over", &OVER),
    ("mailboxes kept beyond their 90 days", &KEPT),
    ("add-ons without a paid or free term", &ADDONS),
    ("mailboxes with another space than was bought", &SPACE),
    ("orders whose state is not that of their money", &STATES),
    ("orders that wait though they are paid", &WAIT_PAID),
    ("parts of a price that are left with a closed order", &DEPOSIT_LEFT),
    ("mailboxes paid by two orders", &SERVED_TWICE),
    ("top-ups not credited once", &TOP_UPS),
    ("stuck effects", &STUCK),
    ("living services without an obligation for their next period", &OBLIGATIONS),
    ("obligations for another period than the next", &OTHER_PERIOD),
    ("periods that were paid twice", &PERIOD_TWICE),
    ("renewals without a paid order", &MET_UNPAID),
    ("periods charged more than four times", &FIFTH_CHARGE),
    ("active add-ons whose term is over", &ADDON_OVER),
    ("parked accounts without a reason", &NO_REASON),
];

/// What was proved so far.
#[derive(Default)]
pub struct Verdict {
    nights: usize,
    /// Payments up to here were compared with the gateway.
    seen_until: i64,
    settled: usize,
    counts: String,
}
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} nights proved, {} payments compared, {}", self.nights, self.settled, self.counts)
    }
}

impl Year {
    /// The proof of a night.
    pub async fn judge(&mut self) {
        let books = app::books::prove(self.cx()).await.unwrap_or_else(|e| self.fail(&format!("the books: {e}")));
        if let Some(check) = books.iter().find(|c| !c.ok) {
            self.fail(&format!("{}: {}", check.name, check.detail));
        }
        for (what, statement) in NIGHTLY {
            let found = self.cx().store().all(statement, &[]).await.unwrap_or_else(|e| self.fail(&e.to_string()));
            if !found.is_empty() {
                self.fail(&format!("{what}: {found:?}"));
            }
        }
        let out_of_term = store::checks::out_of_term(&mut self.cx().store()).await.expect("readable");
        if out_of_term > 0 {
            self.fail(&format!("{out_of_term} obligations do not begin where their service ends"));
        }
        self.compare_with_the_gateway().await;
        self.verdict.nights += 1;
    }

    /// What we believe to have been paid, was paid.
    async fn compare_with_the_gateway(&mut self) {
        let since = self.verdict.seen_until;
        let settled = self.cx().store().all(&SETTLED, args![since]).await.expect("readable");
        for row in settled {
            if !self.paid_there(row.id) {
                self.fail(&format!("{} is booked and never moved", row.id));
            }
            self.verdict.seen_until = row.finished_at.micros();
            self.verdict.settled += 1;
        }
    }
    fn paid_there(&self, attempt: AttemptId) -> bool {
        let page = self.house.outside.gateway.page(attempt);
        page.is_some_and(|p| matches!(p.state, TruthState::Succeeded { .. }))
    }

    /// The end of a year: everything that the gateway took is booked, and every check of the doctor holds.
    pub async fn judge_all(&mut self) {
        self.judge().await;
        let checks = app::queries::checks::all(self.cx()).await.expect("readable");
        if let Some(check) = checks.iter().find(|c| !c.ok && c.name != "withdrawals.refunds") {
            self.fail(&format!("{}: {}", check.name, check.detail));
        }
        let store = self.cx().store();
        for attempt in store.all(&UNBOOKED, &[]).await.expect("readable") {
            if self.paid_there(attempt) {
                self.fail(&format!("{attempt} was paid and is not booked"));
            }
        }
        let booked = (store.one(&TAKEN, &[]).await.expect("readable"), store.one(&GIVEN, &[]).await.expect("readable"));
        let moved = self.house.outside.gateway.moved();
        if booked != (moved.0 as i64, moved.1 as i64) {
            self.fail(&format!("the gateway moved money {moved:?} times, the books say {booked:?}"));
        }
        self.verdict.counts = store.one(&COUNTS, &[]).await.expect("readable");
    }
}
