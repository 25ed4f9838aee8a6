//! The proof of a night: what must be true whatever happened in the day.

use std::fmt;

use domain::{
    id::AttemptId,
    money::Money,
    time::{MINUTE_US, Timestamp},
};
use ports::payment::{PlayGateway, TruthState};
use store::{Sql, args, row, sql};

use crate::{
    notices::Told,
    paypal,
    rules::{LASTING, NIGHTLY},
    year::Year,
};

row! {
    pub struct SettledRow { pub id: AttemptId, pub gateway: String, pub amount: Money, pub finished_at: Timestamp }
}
row! {
    pub struct OpenRow { pub id: AttemptId, pub gateway: String }
}

sql!(
    SETTLED = "SELECT id, gateway, COALESCE(received_cents, amount_cents) AS amount, finished_at FROM attempts WHERE gateway IN ('simulated', 'paypal') AND state = 'succeeded' AND finished_at > $1 ORDER BY finished_at, id LIMIT 1000",
    SettledRow
);
sql!(
    /// Payments and storings of methods whose outcome should have been asked about.
    FORGOTTEN = "SELECT 'payment ' || state AS what FROM attempts WHERE check_at < $1 UNION ALL SELECT 'method ' || state FROM method_setups WHERE check_at < $1 LIMIT 5",
    String
);
sql!(
    UNBOOKED = "SELECT id, gateway FROM attempts WHERE gateway IN ('simulated', 'paypal') AND state NOT IN ('succeeded', 'failed') ORDER BY id",
    OpenRow
);
sql!(
    TAKEN = "SELECT COUNT(*) FROM attempts WHERE gateway IN ('simulated', 'paypal') AND kind <> 'refund' AND state = 'succeeded'",
    i64
);
sql!(
    GIVEN = "SELECT COUNT(*) FROM attempts WHERE gateway IN ('simulated', 'paypal') AND kind = 'refund' AND state = 'succeeded'",
    i64
);
sql!(
    COUNTS = "SELECT CAST((SELECT COUNT(*) FROM mailboxes) AS TEXT) || ' mailboxes, ' || CAST((SELECT COUNT(*) FROM orders) AS TEXT) || ' orders, ' || CAST((SELECT COUNT(*) FROM addons) AS TEXT) || ' add-ons, ' || CAST((SELECT COUNT(*) FROM obligations WHERE state = 'met') AS TEXT) || ' renewals, ' || CAST((SELECT COUNT(*) FROM obligations WHERE state = 'parked') AS TEXT) || ' parked, ' || CAST((SELECT COUNT(*) FROM transfers) AS TEXT) || ' transfers'",
    String
);

/// What was proved so far.
pub struct Verdict {
    nights: usize,
    /// Payments up to here were compared with the gateway.
    seen_until: i64,
    /// The clock of the last proof.
    pub judged_at: Timestamp,
    settled: usize,
    /// What people were told, and what they still have to be told.
    pub told: Told,
    counts: String,
}
impl Verdict {
    pub fn new(begin: Timestamp) -> Self {
        Self { nights: 0, seen_until: 0, judged_at: begin, settled: 0, told: Told::default(), counts: String::new() }
    }
}
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { nights, settled, told, counts, .. } = self;
        write!(f, "{nights} nights proved, {settled} payments compared, {} notices of expiry read, {counts}", told.read)
    }
}

impl Year {
    /// The proof of a night.
    pub async fn judge(&mut self) {
        let books = app::books::prove(self.cx()).await.unwrap_or_else(|e| self.fail(&format!("the books: {e}")));
        if let Some(check) = books.iter().find(|c| !c.ok) {
            self.fail(&format!("{}: {}", check.name, check.detail));
        }
        self.judge_rules(&NIGHTLY).await;
        if self.verdict.nights % 7 == 6 {
            self.judge_rules(&LASTING).await;
        }
        let out_of_term = store::checks::out_of_term(&mut self.cx().store()).await.expect("readable");
        if out_of_term > 0 {
            self.fail(&format!("{out_of_term} obligations do not begin where their service ends"));
        }
        let since = self.house.now().plus_us(-10 * MINUTE_US);
        let forgotten = self.cx().store().all(&FORGOTTEN, args![since]).await.expect("readable");
        if self.asked && !forgotten.is_empty() {
            self.fail(&format!("outcomes that nobody asked for: {forgotten:?}"));
        }
        self.compare_with_the_gateways().await;
        self.judge_terms().await;
        self.judge_letters().await;
        self.verdict.judged_at = self.house.now();
        self.verdict.nights += 1;
    }

    async fn judge_rules(&self, rules: &[(&str, &'static Sql<String>)]) {
        for (what, statement) in rules {
            let found = self.cx().store().all(statement, &[]).await.unwrap_or_else(|e| self.fail(&e.to_string()));
            if !found.is_empty() {
                self.fail(&format!("{what}: {found:?}"));
            }
        }
    }

    /// What we believe to have been paid, was paid.
    async fn compare_with_the_gateways(&mut self) {
        let since = self.verdict.seen_until;
        let settled = self.cx().store().all(&SETTLED, args![since]).await.expect("readable");
        for row in settled {
            if self.paid_there(row.id, &row.gateway) != Some(row.amount) {
                self.fail(&format!("{row:?} is booked and never moved"));
            }
            self.verdict.seen_until = row.finished_at.micros();
            self.verdict.settled += 1;
        }
    }
    fn paid_there(&self, attempt: AttemptId, gateway: &str) -> Option<Money> {
        let state = match gateway {
            paypal::NAME => self.house.outside.paypal.state(attempt),
            _ => self.house.outside.gateway.page(attempt).map(|p| p.state),
        };
        match state {
            Some(TruthState::Succeeded { amount }) => Some(amount),
            _ => None,
        }
    }

    /// The end of a year: everything that the gateway took is booked, and every check of the doctor holds.
    pub async fn judge_all(&mut self) {
        self.judge().await;
        self.judge_rules(&LASTING).await;
        let checks = app::queries::checks::all(self.cx()).await.expect("readable");
        if let Some(check) = checks.iter().find(|c| !c.ok && c.name != "withdrawals.refunds") {
            self.fail(&format!("{}: {}", check.name, check.detail));
        }
        let store = self.cx().store();
        for open in store.all(&UNBOOKED, &[]).await.expect("readable") {
            if self.paid_there(open.id, &open.gateway).is_some() {
                self.fail(&format!("{} was paid and is not booked", open.id));
            }
        }
        let booked = (store.one(&TAKEN, &[]).await.expect("readable"), store.one(&GIVEN, &[]).await.expect("readable"));
        let (cards, paypal) = (self.house.outside.gateway.moved(), self.house.outside.paypal.moved());
        let moved = ((cards.0 + paypal.0) as i64, (cards.1 + paypal.1) as i64);
        if booked != moved {
            self.fail(&format!("the gateways moved money {moved:?} times, the books say {booked:?}"));
        }
        self.verdict.counts = store.one(&COUNTS, &[]).await.expect("readable");
    }
}
