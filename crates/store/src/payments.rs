//! Attempts to pay and to give back, stored methods.

use domain::{
    id::{AttemptId, LoginId, MailboxId, MethodId, OrderId, PartyId},
    money::Money,
    time::{Date, Timestamp},
};

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// An attempt with its order, its customer and what is needed to ask its gateway: one read.
    pub struct AttemptRow {
        pub id: AttemptId,
        pub version: i64,
        pub order_id: OrderId,
        pub kind: String,
        pub gateway: String,
        pub gateway_ref: Option<String>,
        pub state: String,
        pub amount_cents: Money,
        pub failure_code: Option<String>,
        pub detail: Option<String>,
        pub continue_url: Option<String>,
        pub card_form: Option<String>,
        pub gateway_customer: Option<String>,
        pub created_at: Timestamp,
        pub check_at: Option<Timestamp>,
        pub checks: i64,
        pub order_number: String,
        pub order_state: String,
        pub order_kind: String,
        pub mailbox_id: Option<MailboxId>,
        pub net_cents: Money,
        pub vat_cents: Money,
        pub gross_cents: Money,
        /// What came for the order before, while it waits for the rest.
        pub deposit_cents: Money,
        pub party_id: PartyId,
        pub login_id: LoginId,
        pub display_name: String,
        pub email: String,
        pub locale: String,
        pub refunds_id: Option<AttemptId>,
        pub of_reference: Option<String>,
        pub method_ref: Option<String>,
        pub hold_state: Option<String>,
        pub hold_expires_at: Option<Timestamp>,
        /// Paid by somebody who is not signed in.
        pub quick: bool,
    }
}
row! {
    /// What opening a payment must know of the order, with its newest attempt.
    pub struct PayableRow {
        pub id: OrderId,
        pub number: String,
        pub kind: String,
        pub mailbox_id: Option<MailboxId>,
        pub state: String,
        pub gross_cents: Money,
        pub deposit_cents: Money,
        pub party_id: PartyId,
        pub login_id: LoginId,
        pub display_name: String,
        pub email: String,
        pub customer: Option<String>,
        pub attempt_id: Option<AttemptId>,
        pub attempt_kind: Option<String>,
        pub attempt_state: Option<String>,
        pub attempt_gateway: Option<String>,
        pub attempt_created_at: Option<Timestamp>,
        pub continue_url: Option<String>,
        pub attempt_quick: Option<bool>,
    }
}
row! {
    /// An order as somebody sees it who knows its number and its customer's tax number.
    pub struct QuickRow {
        pub id: OrderId,
        pub number: String,
        pub state: String,
        pub gross_cents: Money,
        pub deposit_cents: Money,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
    }
}
row! {
    /// What the page shows that waits for the bank.
    pub struct WaitRow {
        pub id: OrderId,
        pub number: String,
        pub mailbox_id: Option<MailboxId>,
        pub state: String,
        pub login_id: LoginId,
        pub gross_cents: Money,
        pub deposit_cents: Money,
        pub attempt_id: Option<AttemptId>,
        pub attempt_state: Option<String>,
        pub attempt_detail: Option<String>,
        pub failure_code: Option<String>,
        pub continue_url: Option<String>,
        pub attempt_created_at: Option<Timestamp>,
    }
}
row! {
    /// A stored method.
    pub struct MethodRow {
        pub id: MethodId,
        pub login_id: LoginId,
        pub gateway: String,
        pub gateway_customer: String,
        pub gateway_ref: String,
        pub label: String,
        pub expires_day: Option<Date>,
        pub state: String,
    }
}
row! {
    /// A payment of an order, and what may still go back of it.
    pub struct RefundableRow { pub id: AttemptId, pub gateway: String, pub created_at: Timestamp, pub left_cents: Money }
}
row! {
    /// An attempt whose time to be asked about has come.
    pub struct DueRow { pub id: AttemptId, pub version: i64, pub checks: i64 }
}

sql!(
    ATTEMPT = "SELECT a.id, a.version, a.order_id, a.kind, a.gateway, a.gateway_ref, a.state, a.amount_cents, a.failure_code, a.detail, a.continue_url, a.card_form, \
     a.gateway_customer, a.created_at, a.check_at, a.checks, o.number AS order_number, o.state AS order_state, o.kind AS order_kind, o.mailbox_id, o.net_cents, o.vat_cents, o.gross_cents, \
     COALESCE(d.posted_cents, 0) AS deposit_cents, o.party_id, o.login_id, p.display_name, p.email, p.locale, a.refunds_id, r.gateway_ref AS of_reference, m.gateway_ref AS method_ref, \
     h.state AS hold_state, h.expires_at AS hold_expires_at, a.quick \
     FROM attempts a JOIN orders o ON o.id = a.order_id JOIN parties p ON p.id = o.party_id \
     LEFT JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id \
     LEFT JOIN attempts r ON r.id = a.refunds_id LEFT JOIN methods m ON m.id = a.method_id \
     LEFT JOIN holds h ON h.cause_kind = 'refund' AND h.cause_id = a.id WHERE a.id = $1",
    AttemptRow
);
sql!(BY_REFERENCE = "SELECT id FROM attempts WHERE gateway = $1 AND gateway_ref = $2", AttemptId);
sql!(KNOWN = "SELECT id FROM attempts WHERE id = $1 AND gateway = $2", AttemptId);
sql!(
    PAYABLE = "SELECT o.id, o.number, o.kind, o.mailbox_id, o.state, o.gross_cents, COALESCE(d.posted_cents, 0) AS deposit_cents, o.party_id, o.login_id, p.display_name, p.email, c.customer, \
     a.id AS attempt_id, a.kind AS attempt_kind, a.state AS attempt_state, a.gateway AS attempt_gateway, a.created_at AS attempt_created_at, a.continue_url, a.quick AS attempt_quick \
     FROM orders o JOIN parties p ON p.id = o.party_id LEFT JOIN gateway_customers c ON c.party_id = o.party_id AND c.gateway = $2 \
     LEFT JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id \
     LEFT JOIN attempts a ON a.order_id = o.id AND a.kind <> 'refund' AND a.state IN ('created', 'opened', 'pending', 'unknown') \
     WHERE o.id = $1 ORDER BY a.created_at DESC, a.id DESC LIMIT 1",
    PayableRow
);
// Credit is asked for and paid inside the mailbox's own area.
sql!(
    QUICK = "SELECT o.id, o.number, o.state, o.gross_cents, COALESCE(d.posted_cents, 0) AS deposit_cents, p.fiscal_code, p.vat_number FROM orders o \
     JOIN parties p ON p.id = o.party_id LEFT JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id WHERE o.number = $1 AND o.kind <> 'topup'",
    QuickRow
);
sql!(
    WAIT = "SELECT o.id, o.number, o.mailbox_id, o.state, o.login_id, o.gross_cents, COALESCE(d.posted_cents, 0) AS deposit_cents, a.id AS attempt_id, a.state AS attempt_state, a.detail AS attempt_detail, a.failure_code, \
     a.continue_url, a.created_at AS attempt_created_at FROM orders o \
     LEFT JOIN ledger_accounts d ON d.kind = 'order_deposit' AND d.owner_id = o.id LEFT JOIN attempts a ON a.order_id = o.id AND a.kind <> 'refund' \
     AND a.gateway NOT IN ('bank_transfer', 'credit') WHERE o.id = $1 ORDER BY a.created_at DESC, a.id DESC LIMIT 1",
    WaitRow
);
sql!(
    OPEN_OF_ORDER = "SELECT id FROM attempts WHERE order_id = $1 AND kind <> 'refund' AND state IN ('created', 'opened', 'pending', 'unknown') ORDER BY created_at, id",
    AttemptId
);
sql!(DUE = "SELECT id, version, checks FROM attempts WHERE check_at <= $1 ORDER BY check_at, id LIMIT $2", DueRow);
sql!(
    ASKED =
        "UPDATE attempts SET version = version + 1, checks = checks + 1, check_at = $3 WHERE id = $1 AND version = $2"
);
sql!(
    INSERT = "INSERT INTO attempts (id, version, order_id, kind, refunds_id, gateway, state, amount_cents, method_id, gateway_customer, created_at, check_at, checks, quick) \
     VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)"
);
sql!(
    OPENED = "UPDATE attempts SET version = version + 1, state = $3, gateway_ref = $4, gateway_customer = $5, continue_url = $6, card_form = $7, check_at = $8, detail = NULL \
     WHERE id = $1 AND version = $2"
);
sql!(
    MOVE = "UPDATE attempts SET version = version + 1, state = $3, gateway_ref = COALESCE($4, gateway_ref), gateway_customer = COALESCE($5, gateway_customer), \
     failure_code = $6, detail = $7, check_at = $8, finished_at = $9, received_cents = $10, method_id = COALESCE($11, method_id) WHERE id = $1 AND version = $2"
);
sql!(
    CUSTOMER = "INSERT INTO gateway_customers (party_id, gateway, customer, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (party_id, gateway) DO NOTHING"
);
sql!(
    METHOD_BY_REF = "SELECT id, login_id, gateway, gateway_customer, gateway_ref, label, expires_day, state FROM methods WHERE gateway = $1 AND gateway_ref = $2",
    MethodRow
);
sql!(
    METHOD = "SELECT id, login_id, gateway, gateway_customer, gateway_ref, label, expires_day, state FROM methods WHERE id = $1",
    MethodRow
);
sql!(
    METHODS_OF_LOGIN = "SELECT id, login_id, gateway, gateway_customer, gateway_ref, label, expires_day, state FROM methods WHERE login_id = $1 AND state = 'usable' ORDER BY preferred DESC, created_at DESC, id",
    MethodRow
);
sql!(
    INSERT_METHOD = "INSERT INTO methods (id, login_id, gateway, gateway_customer, gateway_ref, label, expires_day, state, created_at, network_ref) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'usable', $8, $9)"
);
sql!(
    RENEW_WITH = "UPDATE terms SET method_id = $2 WHERE mailbox_id IN (SELECT id FROM mailboxes WHERE order_id = $1) AND auto_renew"
);
// What became credit is not the order's any more, and neither are refunds out of that credit (those with a hold).
sql!(
    REFUNDABLE = "SELECT a.id, a.gateway, a.created_at, CAST(COALESCE(a.received_cents, a.amount_cents) \
     - COALESCE((SELECT SUM(t.amount_cents) FROM transfers t JOIN ledger_accounts l ON l.id = t.account_id AND l.kind = 'excess_credit' WHERE t.cause_kind = 'payment' AND t.cause_id = a.id), 0) \
     - COALESCE((SELECT SUM(r.amount_cents) FROM attempts r WHERE r.order_id = a.order_id AND r.refunds_id = a.id AND r.state <> 'failed' \
     AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.cause_kind = 'refund' AND h.cause_id = r.id)), 0) AS BIGINT) AS left_cents \
     FROM attempts a JOIN orders o ON o.id = a.order_id WHERE a.order_id = $1 AND a.kind <> 'refund' AND a.state = 'succeeded' AND o.paid_at IS NOT NULL \
     ORDER BY a.created_at, a.id",
    RefundableRow
);

/// An attempt with everything around it.
pub async fn attempt(q: &mut impl Query, id: AttemptId) -> Result<Option<AttemptRow>> {
    q.opt(&ATTEMPT, args![id]).await
}
/// The attempt that an event is about: by our identifier if it is of this gateway, else by the gateway's name for it.
pub async fn of_event(
    q: &mut impl Query,
    gateway: &str,
    attempt: Option<AttemptId>,
    reference: Option<&str>,
) -> Result<Option<AttemptId>> {
    if let Some(id) = attempt
        && let Some(known) = q.opt(&KNOWN, args![id, gateway]).await?
    {
        return Ok(Some(known));
    }
    match reference {
        Some(reference) => q.opt(&BY_REFERENCE, args![gateway, reference]).await,
        None => Ok(None),
    }
}
/// The order to be paid, its customer at this gateway, and its newest attempt that is not over.
pub async fn payable(q: &mut impl Query, order: OrderId, gateway: &str) -> Result<Option<PayableRow>> {
    q.opt(&PAYABLE, args![order, gateway]).await
}
/// The order and its newest attempt, as the waiting page shows them.
pub async fn waiting(q: &mut impl Query, order: OrderId) -> Result<Option<WaitRow>> {
    q.opt(&WAIT, args![order]).await
}
/// The order of this number, as a quick payment sees it.
pub async fn quick(q: &mut impl Query, number: &str) -> Result<Option<QuickRow>> {
    q.opt(&QUICK, args![number]).await
}
/// The attempts of an order that are not over.
pub async fn open_of_order(q: &mut impl Query, order: OrderId) -> Result<Vec<AttemptId>> {
    q.all(&OPEN_OF_ORDER, args![order]).await
}
/// Attempts to be asked about, oldest first.
pub async fn due(q: &mut impl Query, now: Timestamp, limit: i64) -> Result<Vec<DueRow>> {
    q.all(&DUE, args![now, limit]).await
}
/// Notes that an attempt is being asked about, and when to ask next; false when it moved meanwhile.
pub async fn asked(tx: &mut WriteTx, due: &DueRow, next: Timestamp) -> Result<bool> {
    Ok(tx.run(&ASKED, args![due.id, due.version, next]).await? == 1)
}

/// A new attempt.
pub struct NewAttempt<'a> {
    pub id: AttemptId,
    pub order: OrderId,
    pub kind: &'a str,
    pub refunds: Option<AttemptId>,
    pub gateway: &'a str,
    pub state: &'a str,
    pub amount: Money,
    pub method: Option<MethodId>,
    pub customer: Option<&'a str>,
    pub created_at: Timestamp,
    /// When to ask its gateway; never where nobody can be asked.
    pub check_at: Option<Timestamp>,
    /// Paid by somebody who is not signed in: keeps no method, switches no renewal on.
    pub quick: bool,
}
/// Adds a new attempt to a batch.
pub fn insert<'a>(batch: &mut Batch<'a>, a: &NewAttempt<'a>) {
    let args = args![
        a.id,
        a.order,
        a.kind,
        a.refunds,
        a.gateway,
        a.state,
        a.amount,
        a.method,
        a.customer,
        a.created_at,
        a.check_at,
        a.quick
    ];
    batch.add(&INSERT, args, 1);
}

/// What the gateway answered to an opening.
pub struct OpenedAttempt<'a> {
    pub id: AttemptId,
    pub version: i64,
    pub state: &'a str,
    pub reference: &'a str,
    pub customer: Option<&'a str>,
    pub continue_url: &'a str,
    pub card_form: Option<&'a str>,
    pub check_at: Option<Timestamp>,
}
/// Adds that change to a batch; an attempt that moved meanwhile loses the transaction.
pub fn opened<'a>(batch: &mut Batch<'a>, o: &OpenedAttempt<'a>) {
    let args = args![o.id, o.version, o.state, o.reference, o.customer, o.continue_url, o.card_form, o.check_at];
    batch.add(&OPENED, args, 1);
}

/// A step of an attempt.
#[derive(Default)]
pub struct Moved<'a> {
    pub state: &'a str,
    /// Kept as it was when `None`.
    pub reference: Option<&'a str>,
    /// Kept as it was when `None`.
    pub customer: Option<&'a str>,
    pub failure_code: Option<&'a str>,
    pub detail: Option<&'a str>,
    pub check_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub received: Option<Money>,
    /// Kept as it was when `None`.
    pub method: Option<MethodId>,
}
/// Adds a step to a batch; an attempt that moved meanwhile loses the transaction.
pub fn moved<'a>(batch: &mut Batch<'a>, id: AttemptId, version: i64, m: &Moved<'a>) {
    let args = args![
        id,
        version,
        m.state,
        m.reference,
        m.customer,
        m.failure_code,
        m.detail,
        m.check_at,
        m.finished_at,
        m.received,
        m.method
    ];
    batch.add(&MOVE, args, 1);
}
/// Adds who a party is at a gateway; the first answer stays.
pub fn customer<'a>(batch: &mut Batch<'a>, party: PartyId, gateway: &'a str, customer: &'a str, now: Timestamp) {
    batch.add_any(&CUSTOMER, args![party, gateway, customer, now]);
}

/// The stored method that the gateway knows by this name.
pub async fn method_by_ref(q: &mut impl Query, gateway: &str, reference: &str) -> Result<Option<MethodRow>> {
    q.opt(&METHOD_BY_REF, args![gateway, reference]).await
}
/// A stored method.
pub async fn method(q: &mut impl Query, id: MethodId) -> Result<Option<MethodRow>> {
    q.opt(&METHOD, args![id]).await
}
/// The usable methods of a login: the preferred one, then the newest first.
pub async fn methods_of(q: &mut impl Query, login: LoginId) -> Result<Vec<MethodRow>> {
    q.all(&METHODS_OF_LOGIN, args![login]).await
}

/// A method to be stored.
pub struct NewMethod<'a> {
    pub id: MethodId,
    pub login: LoginId,
    pub gateway: &'a str,
    pub customer: &'a str,
    pub reference: &'a str,
    pub label: &'a str,
    pub expires: Option<Date>,
    pub created_at: Timestamp,
    pub network_ref: Option<&'a str>,
}
/// Adds a stored method to a batch.
pub fn insert_method<'a>(batch: &mut Batch<'a>, m: &NewMethod<'a>) {
    let args =
        args![m.id, m.login, m.gateway, m.customer, m.reference, m.label, m.expires, m.created_at, m.network_ref];
    batch.add(&INSERT_METHOD, args, 1);
}
/// Adds to a batch that the mailboxes of an order that renew by themselves do so with this method.
pub fn renew_with(batch: &mut Batch<'_>, order: OrderId, method: MethodId) {
    batch.add_any(&RENEW_WITH, args![order, method]);
}
/// The payments of a paid order, each with what of it has neither gone back nor become credit.
pub async fn refundable(q: &mut impl Query, order: OrderId) -> Result<Vec<RefundableRow>> {
    q.all(&REFUNDABLE, args![order]).await
}
