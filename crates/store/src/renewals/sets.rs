//! The set-wise writes: one statement for each table, its rows as one JSON text.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;
use uuid::Uuid;

use super::run_all;
use crate::{P, Result, WriteTx, sql};

macro_rules! lite {
    (u $k:ident) => {
        concat!("unhex(e.value ->> '", stringify!($k), "', '-') AS ", stringify!($k))
    };
    (i $k:ident) => {
        concat!("e.value ->> '", stringify!($k), "' AS ", stringify!($k))
    };
    (t $k:ident) => {
        concat!("e.value ->> '", stringify!($k), "' AS ", stringify!($k))
    };
}
macro_rules! pg {
    (u $k:ident) => {
        concat!("CAST(e.value ->> '", stringify!($k), "' AS UUID) AS ", stringify!($k))
    };
    (i $k:ident) => {
        concat!("CAST(e.value ->> '", stringify!($k), "' AS BIGINT) AS ", stringify!($k))
    };
    (t $k:ident) => {
        concat!("e.value ->> '", stringify!($k), "' AS ", stringify!($k))
    };
}
/// A statement over the rows `r` of its first argument: `u` identifiers, `i` numbers, `t` texts. SQLite hands each row on
/// in its binary form: as a text it would be written and read again.
macro_rules! set {
    ($name:ident = $head:literal [$k0:ident $c0:ident $(, $k:ident $c:ident)*] $tail:literal) => {
        sql!(
            $name = sqlite concat!($head, "(SELECT ", lite!($k0 $c0) $(, ", ", lite!($k $c))*, " FROM jsonb_each($1) AS e) AS r", $tail),
            postgres concat!($head, "(SELECT ", pg!($k0 $c0) $(, ", ", pg!($k $c))*, " FROM jsonb_array_elements(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(value)) AS r", $tail)
        );
    };
}

set!(DEBIT = "UPDATE ledger_accounts SET posted_cents = posted_cents - r.total, entries = entries + r.lines FROM "
    [u id, i total, i lines] " WHERE ledger_accounts.id = r.id AND posted_cents - r.total >= held_cents");
set!(ORDERS = "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, paid_at, closed_at, mailbox_id) \
     SELECT r.id, 1, r.number, 'renewal', 'completed', CAST($2 AS BIGINT), r.party, r.login, r.years, r.net, r.vat, r.net + r.vat, 'wallet', r.billing, CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($2 AS BIGINT), CAST($2 AS BIGINT), r.mailbox FROM "
    [u id, t number, u party, u login, u mailbox, i years, i net, i vat, t billing] "");
set!(LINES = "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) \
     SELECT r.id, r.order_id, 1, r.product, r.price, r.quantity, r.years, r.unit, r.net, r.vat_bp, r.vat, r.net + r.vat FROM "
    [u id, u order_id, t product, u price, i quantity, i years, i unit, i net, i vat_bp, i vat] "");
set!(LEGS = "INSERT INTO transfers (id, cause_kind, cause_id, leg, account_id, amount_cents, at, entry, balance_cents) \
     SELECT r.id, 'purchase', r.cause, r.leg, r.account, r.amount, CAST($2 AS BIGINT), r.entry, r.balance FROM "
    [u id, u cause, i leg, u account, i amount, i entry, i balance] "");
set!(OPERATIONS = "INSERT INTO operations (id, party_id, mailbox_id, at, kind, outcome, message, amount_cents, order_id) \
     SELECT r.id, r.party, r.mailbox, CAST($2 AS BIGINT), r.kind, r.outcome, r.message, r.amount, r.order_id FROM "
    [u id, u party, u mailbox, t kind, t outcome, t message, i amount, u order_id] "");
set!(RENEW_ADDONS = "UPDATE addons SET end_day = r.until, free = FALSE, state = 'active' FROM " [u id, i until] " WHERE addons.id = r.id");
set!(RENEW_TERMS = "UPDATE terms SET end_day = r.until, years = r.years, notice = FALSE FROM " [u id, i until, i years] " WHERE terms.mailbox_id = r.id");
set!(REVIVE = "UPDATE mailboxes SET state = 'active', state_at = $2, version = version + 1 FROM " [u id, i until] " WHERE mailboxes.id = r.id AND mailboxes.state || '' = 'expired' AND r.until >= $3");
set!(MET = "UPDATE obligations SET state = 'met', order_id = r.order_id, reason = NULL, settled_day = $2 FROM "
    [u service, i period, u order_id] " WHERE obligations.service_id = r.service AND period_start = r.period AND state <> 'met'");
set!(OPEN = "INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries) \
     SELECT r.service, r.period, r.kind, r.mailbox, r.due, r.way, 'open', 0 FROM "
    [u service, i period, t kind, u mailbox, i due, t way] "");
set!(LATER = "UPDATE obligations SET state = 'open', tries = r.tries, due_day = r.due FROM "
    [u service, i period, i tries, i due] " WHERE obligations.service_id = r.service AND period_start = r.period AND state IN ('open', 'running')");
set!(CLOSE = "UPDATE obligations SET state = r.state, reason = r.reason, settled_day = $2 FROM "
    [u service, i period, t state, t reason] " WHERE obligations.service_id = r.service AND period_start = r.period AND obligations.state IN ('open', 'running', 'parked')");
set!(LOOKED = "INSERT INTO night_obligations (day, outcome, service_id, period_start, reason, next_day, attempt_id) \
     SELECT CAST($2 AS BIGINT), r.outcome, r.service, r.period, r.reason, r.next, r.attempt FROM "
    [t outcome, u service, i period, t reason, i next, u attempt] " WHERE TRUE ON CONFLICT (day, outcome, service_id, period_start) DO NOTHING");
set!(END_ADDONS = "UPDATE addons SET state = 'ended' FROM " [u id] " WHERE addons.id = r.id AND state = 'active'");
set!(ROOM = "UPDATE mailboxes SET extra_space_mib = CASE WHEN extra_space_mib + r.mib > 0 THEN extra_space_mib + r.mib ELSE 0 END, version = version + 1 FROM "
    [u id, i mib] " WHERE mailboxes.id = r.id");
set!(EFFECTS = "INSERT INTO effects (id, kind, subject_kind, subject_id, payload, dedup_key, state, run_at, attempts, trace, created_at) \
     SELECT r.id, r.kind, r.subject_kind, r.subject, r.payload, r.dedup_key, 'ready', r.run_at, 0, r.trace, CAST($2 AS BIGINT) FROM "
    [u id, t kind, t subject_kind, u subject, t payload, t dedup_key, i run_at, t trace] " WHERE TRUE ON CONFLICT (dedup_key) DO NOTHING");
set!(AUDIT = "INSERT INTO audit_lines (id, at, actor_kind, actor_id, action, subject_kind, subject_id, details, trace) \
     SELECT r.id, CAST($2 AS BIGINT), r.actor_kind, r.actor, r.action, r.subject_kind, r.subject, r.details, r.trace FROM "
    [u id, t actor_kind, u actor, t action, t subject_kind, u subject, t details, t trace] "");

/// What leaves a wallet in all.
#[derive(Serialize, Debug)]
pub struct Debit {
    pub id: Uuid,
    pub total: Money,
    /// Lines of its statement.
    pub lines: i64,
}
/// An order that the wallet has paid.
#[derive(Serialize, Debug)]
pub struct PaidRenewal {
    pub id: Uuid,
    pub number: String,
    pub party: Uuid,
    pub login: Uuid,
    pub mailbox: Uuid,
    pub years: i64,
    pub net: Money,
    pub vat: Money,
    pub billing: String,
}
/// Its line.
#[derive(Serialize, Debug)]
pub struct RenewalLine {
    pub id: Uuid,
    pub order_id: Uuid,
    pub product: String,
    pub price: Uuid,
    pub quantity: i64,
    pub years: i64,
    pub unit: Money,
    pub net: Money,
    pub vat_bp: i64,
    pub vat: Money,
}
/// A transfer of its entry; `entry` and `balance` on a wallet only.
#[derive(Serialize, Debug)]
pub struct RenewalLeg {
    pub id: Uuid,
    pub cause: Uuid,
    pub leg: i64,
    pub account: Uuid,
    pub amount: Money,
    pub entry: Option<i64>,
    pub balance: Option<Money>,
}
/// A line of «esito operazioni».
#[derive(Serialize, Debug)]
pub struct Outcome {
    pub id: Uuid,
    pub party: Uuid,
    pub mailbox: Uuid,
    pub kind: &'static str,
    pub outcome: &'static str,
    pub message: String,
    pub amount: Option<Money>,
    pub order_id: Option<Uuid>,
}
/// A new end of an add-on or a term.
#[derive(Serialize, Debug)]
pub struct NewEnd {
    pub id: Uuid,
    pub until: Date,
    /// Of a term: for how long it will be renewed next.
    pub years: i64,
}
/// An obligation that is met.
#[derive(Serialize, Debug)]
pub struct MetBy {
    pub service: Uuid,
    pub period: Date,
    pub order_id: Uuid,
}
/// The next obligation of a service.
#[derive(Serialize, Debug)]
pub struct NextPeriod {
    pub service: Uuid,
    pub period: Date,
    pub kind: &'static str,
    pub mailbox: Uuid,
    pub due: Date,
    pub way: &'static str,
}
/// An obligation that is looked at again.
#[derive(Serialize, Debug)]
pub struct TriedAgain {
    pub service: Uuid,
    pub period: Date,
    pub tries: i64,
    pub due: Date,
}
/// An obligation that nobody will pay, or that waits for an operator.
#[derive(Serialize, Debug)]
pub struct Closed {
    pub service: Uuid,
    pub period: Date,
    pub state: &'static str,
    pub reason: &'static str,
}
/// What came of an obligation that a night looked at, other than that the credit paid it.
#[derive(Serialize, Clone, Debug)]
pub struct Looked {
    /// `charging`, `failed`, `short`, `not-renewed`, `lapsed`, `parked` or `waiting`.
    pub outcome: &'static str,
    pub service: Uuid,
    pub period: Date,
    pub reason: Option<&'static str>,
    /// When it is looked at again.
    pub next: Option<Date>,
    /// The charge that was asked for.
    pub attempt: Option<Uuid>,
}
/// Something named by its identifier.
#[derive(Serialize, Debug)]
pub struct Named {
    pub id: Uuid,
}
/// Space that a mailbox gains or loses.
#[derive(Serialize, Debug)]
pub struct Room {
    pub id: Uuid,
    pub mib: i64,
}
/// An effect that is asked for.
#[derive(Serialize, Debug)]
pub struct AskedEffect {
    pub id: Uuid,
    pub kind: &'static str,
    pub subject_kind: &'static str,
    pub subject: Uuid,
    pub payload: String,
    pub dedup_key: Option<String>,
    pub run_at: Timestamp,
    pub trace: String,
}
/// A line of the audit.
#[derive(Serialize, Debug)]
pub struct Audited {
    pub id: Uuid,
    pub actor_kind: &'static str,
    pub actor: Option<Uuid>,
    pub action: &'static str,
    pub subject_kind: &'static str,
    pub subject: Uuid,
    pub details: String,
    pub trace: String,
}

/// Everything that a page of renewals writes.
#[derive(Default, Debug)]
pub struct RenewalPage {
    pub debits: Vec<Debit>,
    pub orders: Vec<PaidRenewal>,
    pub lines: Vec<RenewalLine>,
    pub legs: Vec<RenewalLeg>,
    pub outcomes: Vec<Outcome>,
    pub addons: Vec<NewEnd>,
    pub terms: Vec<NewEnd>,
    pub met: Vec<MetBy>,
    pub next: Vec<NextPeriod>,
    pub later: Vec<TriedAgain>,
    pub closed: Vec<Closed>,
    pub ended_addons: Vec<Named>,
    pub room: Vec<Room>,
    pub effects: Vec<AskedEffect>,
    pub audit: Vec<Audited>,
}

/// Writes a page: a handful of statements, however many rows it has.
///
/// # Errors
/// `WrongRows` when a wallet has not what it must give, or an obligation was met meanwhile: the page is judged again.
pub async fn write(tx: &mut WriteTx, p: &RenewalPage, day: Date, at: Timestamp) -> Result<()> {
    let (on, now) = ([P::from(day)], [P::from(at)]);
    run_all(tx, &DEBIT, &p.debits, &[], true).await?;
    run_all(tx, &ORDERS, &p.orders, &now, true).await?;
    run_all(tx, &LINES, &p.lines, &[], true).await?;
    run_all(tx, &LEGS, &p.legs, &now, true).await?;
    run_all(tx, &OPERATIONS, &p.outcomes, &now, true).await?;
    run_all(tx, &RENEW_ADDONS, &p.addons, &[], true).await?;
    run_all(tx, &RENEW_TERMS, &p.terms, &[], true).await?;
    run_all(tx, &REVIVE, &p.terms, &[P::from(at), P::from(day)], false).await?;
    run_all(tx, &MET, &p.met, &on, true).await?;
    run_all(tx, &OPEN, &p.next, &[], true).await?;
    run_all(tx, &LATER, &p.later, &[], true).await?;
    run_all(tx, &CLOSE, &p.closed, &on, true).await?;
    run_all(tx, &END_ADDONS, &p.ended_addons, &[], true).await?;
    run_all(tx, &ROOM, &p.room, &[], true).await?;
    run_all(tx, &EFFECTS, &p.effects, &now, false).await?;
    run_all(tx, &AUDIT, &p.audit, &now, true).await
}

/// Writes what came of the obligations of a page of a night: one statement.
///
/// # Errors
/// The store's.
pub async fn write_looked(tx: &mut WriteTx, day: Date, looked: &[Looked]) -> Result<()> {
    run_all(tx, &LOOKED, looked, &[P::from(day)], false).await
}

/// Writes only what a page says of obligations.
///
/// # Errors
/// `WrongRows` when one was moved meanwhile.
pub async fn write_obligations(tx: &mut WriteTx, p: &RenewalPage, day: Date) -> Result<()> {
    run_all(tx, &LATER, &p.later, &[], true).await?;
    run_all(tx, &CLOSE, &p.closed, &[P::from(day)], true).await
}
