//! What must be true after each kill, and at the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    time::Duration,
};

use app::{
    Cx,
    use_cases::{
        orders::cancel_order::cancel_order,
        payments::{charge_saved::charge_saved, refund::refund_order},
    },
};
use domain::{
    actor::Actor,
    id::{AttemptId, LoginId, MethodId, OrderId, PartyId},
    money::Money,
};
use store::{EngineKind, row, sql};
use testkit::{
    builders::{self, Customer},
    dice::Dice,
    peers::bank::{Bank, Charge},
};

use super::crowd::{Crowd, DOMAIN};
use crate::house::Check;

row! {
    /// An order, and how far it is.
    struct OrderRow { id: OrderId, login_id: LoginId, party_id: PartyId, state: String }
}
row! {
    struct AttemptRow { id: AttemptId, order_id: OrderId, kind: String, state: String, amount_cents: Money }
}
row! {
    struct MethodRow { id: MethodId, login_id: LoginId, party_id: PartyId }
}
row! {
    struct WorkRow { kind: String, state: String, count: i64 }
}

sql!(ORDERS = "SELECT id, login_id, party_id, state FROM orders ORDER BY number", OrderRow);
sql!(ATTEMPTS = "SELECT id, order_id, kind, state, amount_cents FROM attempts ORDER BY id", AttemptRow);
sql!(
    METHODS = "SELECT m.id, m.login_id, l.party_id FROM methods m JOIN logins l ON l.id = m.login_id WHERE m.state = 'usable' ORDER BY m.created_at, m.id LIMIT 500",
    MethodRow
);
sql!(
    WORK = "SELECT kind, state, COUNT(*) AS count FROM effects WHERE state IN ('running', 'stuck') OR (state = 'ready' AND (run_at <= $1 OR attempts > 0)) GROUP BY kind, state ORDER BY kind, state",
    WorkRow
);
sql!(HURRY = "UPDATE effects SET run_at = $1 WHERE state = 'ready' AND attempts > 0 AND run_at > $1");
sql!(
    CLEARING = "SELECT CAST(COALESCE(SUM(t.amount_cents), 0) AS BIGINT) FROM transfers t JOIN ledger_accounts a ON a.id = t.account_id WHERE a.kind = 'gateway_clearing'",
    i64
);
sql!(
    TWICE_ORDERED =
        "SELECT COUNT(*) FROM (SELECT address FROM order_mailboxes GROUP BY address HAVING COUNT(*) > 1) AS t",
    i64
);
sql!(MESSAGES = "SELECT COUNT(*) FROM messages", i64);

/// Charges of stored cards that are asked for between two lives of the process.
const SOWN: usize = 6;

/// What was put off after a failure is due now. The pauses grow to an hour, and tries that a kill cut short count.
pub async fn hurry(cx: &Cx) {
    let now = cx.now().micros();
    cx.write(async move |tx| Ok(tx.run(&HURRY, store::args![now]).await?)).await.expect("effects are written");
}

/// What is still under way: effects that are due, put off, running or stuck, and charges that are not booked.
pub async fn unsettled(cx: &Cx, bank: &Bank) -> Vec<String> {
    let store = cx.store();
    // Another process writes at this moment: a question that meets it is asked again.
    let (Ok(work), Ok(attempts)) =
        (store.all(&WORK, store::args![cx.now().micros()]).await, store.all(&ATTEMPTS, &[]).await)
    else {
        return vec!["the database does not answer".into()];
    };
    let mut open: Vec<_> = work.iter().map(|w| format!("{} {} {}", w.count, w.kind, w.state)).collect();
    let booked: BTreeSet<_> = attempts.iter().filter(|a| a.state == "succeeded").map(|a| a.id.to_string()).collect();
    let unbooked = |attempt: &String| !booked.contains(attempt);
    for charge in bank.charges() {
        open.extend(Some(charge.attempt).filter(unbooked).map(|a| format!("charge {a} is not booked")));
        let back = charge.refunds.into_iter().map(|r| r.0).filter(unbooked);
        open.extend(back.map(|a| format!("refund {a} is not booked")));
    }
    let asked = attempts.iter().filter(|a| a.kind != "checkout" && !matches!(a.state.as_str(), "succeeded" | "failed"));
    open.extend(asked.map(|a| format!("{} {} is {}", a.kind, a.id, a.state)));
    open
}

#[derive(Default)]
pub struct Verdict {
    pub restarts: Vec<Duration>,
    doctors: usize,
    sown_charges: BTreeSet<AttemptId>,
    sown_refunds: BTreeSet<AttemptId>,
    cancelled: usize,
    orders: usize,
    mailboxes_served: usize,
    messages: i64,
    wrong: BTreeSet<String>,
    lost_orders: BTreeSet<String>,
    double_charges: BTreeSet<String>,
    lost_charges: BTreeSet<String>,
}

impl Verdict {
    /// After a kill: every check of the doctor holds, those of the books and the audit among them.
    pub fn doctor(&mut self, checks: &[Check]) {
        for name in ["books.", "audit.chain"] {
            if !checks.iter().any(|c| c.check.starts_with(name)) {
                self.wrong.insert(format!("the doctor does not look at {name}"));
            }
        }
        self.wrong.extend(checks.iter().filter(|c| !c.ok).map(|c| format!("{}: {}", c.check, c.detail)));
        self.doctors += 1;
    }

    /// Every order that somebody was told of exists; no order was charged twice; the bank took nothing that we do
    /// not know of, and we believe nothing that it did not take.
    pub async fn look(&mut self, cx: &Cx, bank: &Bank, crowd: &Crowd) {
        let orders = cx.store().all(&ORDERS, &[]).await.expect("orders are read");
        let attempts = cx.store().all(&ATTEMPTS, &[]).await.expect("attempts are read");
        let there: BTreeSet<_> = orders.iter().map(|o| o.id.to_string()).collect();
        self.lost_orders.extend(crowd.seen().confirmed.difference(&there).cloned());
        self.orders = there.len();
        let of: BTreeMap<_, _> = attempts.iter().map(|a| (a.id.to_string(), a)).collect();
        let charges = bank.charges();
        let mut taken = BTreeMap::<String, usize>::new();
        for Charge { attempt, cents, .. } in &charges {
            match of.get(attempt) {
                Some(row) => *taken.entry(row.order_id.to_string()).or_default() += 1,
                None => drop(self.lost_charges.insert(format!("{attempt} of {cents} cents"))),
            }
        }
        self.double_charges.extend(taken.into_iter().filter(|(_, n)| *n > 1).map(|(order, n)| format!("{order}: {n}")));
        let truly: BTreeSet<_> =
            charges.iter().flat_map(|c| std::iter::once(&c.attempt).chain(c.refunds.iter().map(|r| &r.0))).collect();
        for row in attempts.iter().filter(|a| a.state == "succeeded" && !truly.contains(&a.id.to_string())) {
            self.wrong.insert(format!("{} {} is booked and never moved", row.kind, row.id));
        }
        if cx.store().one(&TWICE_ORDERED, &[]).await.expect("orders are read") > 0 {
            self.wrong.insert("a purchase became two orders".into());
        }
    }

    /// Work for the next life of the process: stored cards to be charged, money to be given back, orders to be
    /// cancelled whose payment is open.
    pub async fn sow(&mut self, cx: &Cx, dice: &Dice) {
        let methods = cx.store().all(&METHODS, &[]).await.expect("methods are read");
        for _ in 0..SOWN {
            let Some(method) = dice.pick(&methods) else { break };
            let customer = of(cx, method.login_id, method.party_id);
            let name = format!("sown.{}", self.sown_charges.len() + 1);
            let order = builders::order(&customer, &[&name], DOMAIN).await;
            let attempt = charge_saved(cx, order, method.id).await.expect("a stored card can be charged");
            self.sown_charges.insert(attempt);
        }
        let attempts = cx.store().all(&ATTEMPTS, &[]).await.expect("attempts are read");
        let paid: Vec<_> = attempts.iter().filter(|a| a.state == "succeeded" && a.kind != "refund").collect();
        if let Some(payment) = dice.pick(&paid).filter(|_| dice.percent(30)) {
            // Refused when it was chosen before: then nothing is left to give back.
            self.sown_refunds.extend(refund_order(cx, payment.id, payment.amount_cents).await.ok());
        }
        let orders = cx.store().all(&ORDERS, &[]).await.expect("orders are read");
        let opened: BTreeSet<_> = attempts.iter().filter(|a| a.state == "opened").map(|a| a.order_id).collect();
        let waiting: Vec<_> =
            orders.iter().filter(|o| o.state == "awaiting_payment" && opened.contains(&o.id)).collect();
        if let Some(order) = dice.pick(&waiting).filter(|_| dice.percent(30)) {
            let customer = of(cx, order.login_id, order.party_id);
            self.cancelled += usize::from(cancel_order(&customer.cx, order.id).await.is_ok());
        }
    }

    /// When all has settled: what the bank holds is what the ledger says, every order that was charged is served,
    /// and each stored card and each refund that was asked for came to its end.
    pub async fn end(&mut self, cx: &Cx, bank: &Bank) {
        self.wrong.extend(unsettled(cx, bank).await);
        let attempts = cx.store().all(&ATTEMPTS, &[]).await.expect("attempts are read");
        let orders = cx.store().all(&ORDERS, &[]).await.expect("orders are read");
        let states: BTreeMap<_, _> = orders.iter().map(|o| (o.id, o.state.as_str())).collect();
        self.mailboxes_served = states.values().filter(|s| **s == "completed").count();
        for row in &attempts {
            let sown = self.sown_charges.contains(&row.id) || self.sown_refunds.contains(&row.id);
            if sown && row.state != "succeeded" {
                self.wrong.insert(format!("{} {} was asked for and is {}", row.kind, row.id, row.state));
            }
            let state = states.get(&row.order_id).copied().unwrap_or_default();
            if row.state == "succeeded" && !matches!(state, "completed" | "cancelled") {
                self.wrong.insert(format!("order {} was charged and is {state}", row.order_id));
            }
        }
        let held: i64 = bank.charges().iter().map(|c| c.cents - c.refunds.iter().map(|r| r.1).sum::<i64>()).sum();
        let booked = cx.store().one(&CLEARING, &[]).await.expect("the ledger is read");
        if booked != -held {
            self.wrong.insert(format!("the bank holds {held} cents, the ledger says {booked}"));
        }
        self.messages = cx.store().one(&MESSAGES, &[]).await.expect("messages are read");
    }

    /// The numbers of the run.
    pub fn report(&self, engine: EngineKind, kills: u64, settled: Duration, crowd: &Crowd, bank: &Bank) -> String {
        let (seen, charges, traffic) = (crowd.seen(), bank.charges(), bank.traffic());
        let mut restarts: Vec<_> = self.restarts.iter().map(Duration::as_millis).collect();
        restarts.sort_unstable();
        let median = restarts.get(restarts.len() / 2).copied().unwrap_or_default();
        let off_session = charges.iter().filter(|c| c.off_session).count();
        let refunds: usize = charges.iter().map(|c| c.refunds.len()).sum();
        let mut out = String::new();
        let mut line = |text: String| writeln!(out, "{text}").expect("a string takes text");
        line(format!("== {engine:?}: {kills} times kill -9"));
        line(format!("orders confirmed to people {}, lost {}", seen.confirmed.len(), self.lost_orders.len()));
        line(format!("orders in the database {}, completed {}", self.orders, self.mailboxes_served));
        line(format!(
            "charges {} ({off_session} of stored cards), double charges {}, lost charges {}, refunds {refunds}",
            charges.len(),
            self.double_charges.len(),
            self.lost_charges.len()
        ));
        line(format!(
            "asked for between kills: {} charges of stored cards, {} refunds, {} cancellations",
            self.sown_charges.len(),
            self.sown_refunds.len(),
            self.cancelled
        ));
        line(format!("the bank: {traffic:?}"));
        line(format!(
            "people: {} requests without an answer, answers by status {:?}, {} paid, {} declined",
            seen.unanswered,
            BTreeMap::from_iter(&seen.statuses),
            seen.paid,
            seen.declined
        ));
        line(format!(
            "messages sent {}, doctor asked {} times, all checks right: {}",
            self.messages,
            self.doctors,
            self.wrong.is_empty()
        ));
        line(format!("restart: median {median} ms, longest {} ms", restarts.last().copied().unwrap_or_default()));
        line(format!("settled {} s after the last start's customers went home", settled.as_secs()));
        out
    }

    pub fn must_be_clean(&self) {
        assert!(self.wrong.is_empty(), "{:#?}", self.wrong);
        assert!(self.lost_orders.is_empty(), "lost: {:#?}", self.lost_orders);
        assert!(self.lost_charges.is_empty(), "charged for nothing known: {:#?}", self.lost_charges);
        assert!(self.double_charges.is_empty(), "charged twice: {:#?}", self.double_charges);
        assert!(self.orders > 0 && self.mailboxes_served > 0, "nobody bought anything");
    }
}

fn of(cx: &Cx, login: LoginId, party: PartyId) -> Customer {
    Customer { cx: cx.by(Actor::Login { login, party }), party, login, tax_key: String::new() }
}
