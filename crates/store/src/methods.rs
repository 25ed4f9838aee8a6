//! Stored methods as customers look after them, and the storing of one without a payment.

use domain::{
    id::{AttemptId, LoginId, MailboxId, MethodId, PartyId},
    time::{Date, Timestamp},
};

use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// A usable method on the page of its login.
    pub struct KeptRow {
        pub id: MethodId,
        pub gateway: String,
        pub gateway_ref: String,
        pub label: String,
        pub expires_day: Option<Date>,
        pub preferred: bool,
        pub created_at: Timestamp,
    }
}
row! {
    /// A service that renews by itself with a method.
    pub struct ServiceRow { pub method_id: Option<MethodId>, pub id: MailboxId, pub address: String, pub end_day: Date }
}
row! {
    /// A set-up with what is needed to call its gateway.
    pub struct SetupRow {
        pub id: AttemptId,
        pub version: i64,
        pub login_id: LoginId,
        pub gateway: String,
        pub gateway_ref: Option<String>,
        pub gateway_customer: Option<String>,
        pub replaces_id: Option<MethodId>,
        pub state: String,
        pub failure_code: Option<String>,
        pub continue_url: Option<String>,
        pub card_form: Option<String>,
        pub created_at: Timestamp,
        pub checks: i64,
        pub party_id: PartyId,
        pub display_name: String,
        pub email: String,
        pub locale: String,
        /// The gateway's customer, from an earlier payment.
        pub customer: Option<String>,
    }
}
row! {
    /// A set-up whose time to be asked about has come.
    pub struct DueSetup { pub id: AttemptId, pub version: i64, pub checks: i64 }
}
row! {
    /// Whom a login belongs to, for a set-up and for mails.
    pub struct OwnerRow {
        pub party_id: PartyId,
        pub display_name: String,
        pub email: String,
        pub locale: String,
        pub customer: Option<String>,
    }
}

sql!(
    KEPT = "SELECT id, gateway, gateway_ref, label, expires_day, preferred, created_at FROM methods WHERE login_id = $1 AND state = 'usable' \
     ORDER BY preferred DESC, created_at DESC, id LIMIT $2",
    KeptRow
);
sql!(
    SERVICES = "SELECT t.method_id, m.id, m.address, t.end_day FROM terms t JOIN mailboxes m ON m.id = t.mailbox_id \
     WHERE t.login_id = $1 AND t.auto_renew AND t.method_id IS NOT NULL AND m.state IN ('activating', 'active', 'expired') ORDER BY t.end_day, m.id LIMIT $2",
    ServiceRow
);
sql!(
    SETUP = "SELECT s.id, s.version, s.login_id, s.gateway, s.gateway_ref, s.gateway_customer, s.replaces_id, s.state, s.failure_code, s.continue_url, s.card_form, \
     s.created_at, s.checks, p.id AS party_id, p.display_name, p.email, p.locale, c.customer FROM method_setups s JOIN logins l ON l.id = s.login_id \
     JOIN parties p ON p.id = l.party_id LEFT JOIN gateway_customers c ON c.party_id = p.id AND c.gateway = s.gateway WHERE s.id = $1",
    SetupRow
);
sql!(
    OPEN_SETUP = "SELECT id FROM method_setups WHERE login_id = $1 AND gateway = $2 AND created_at > $3 AND state IN ('opened', 'pending', 'unknown') ORDER BY created_at DESC, id DESC LIMIT 1",
    AttemptId
);
sql!(
    OWNER = "SELECT p.id AS party_id, p.display_name, p.email, p.locale, c.customer FROM logins l JOIN parties p ON p.id = l.party_id \
     LEFT JOIN gateway_customers c ON c.party_id = p.id AND c.gateway = $2 WHERE l.id = $1",
    OwnerRow
);
sql!(
    INSERT_SETUP = "INSERT INTO method_setups (id, version, login_id, gateway, gateway_customer, replaces_id, state, created_at, check_at, checks) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, 0)"
);
sql!(
    OPENED_SETUP = "UPDATE method_setups SET version = version + 1, state = $3, gateway_ref = $4, gateway_customer = COALESCE($5, gateway_customer), continue_url = $6, card_form = $7, check_at = $8 WHERE id = $1 AND version = $2"
);
sql!(
    MOVE_SETUP = "UPDATE method_setups SET version = version + 1, state = $3, gateway_ref = COALESCE(gateway_ref, $4), failure_code = $5, check_at = $6 WHERE id = $1 AND version = $2"
);
sql!(KNOWN_SETUP = "SELECT id FROM method_setups WHERE id = $1 AND gateway = $2", AttemptId);
sql!(SETUP_BY_REF = "SELECT id FROM method_setups WHERE gateway = $1 AND gateway_ref = $2", AttemptId);
sql!(
    DUE_SETUPS = "SELECT id, version, checks FROM method_setups WHERE check_at <= $1 ORDER BY check_at, id LIMIT $2",
    DueSetup
);
sql!(
    ASKED_SETUP = "UPDATE method_setups SET version = version + 1, checks = checks + 1, check_at = $3 WHERE id = $1 AND version = $2"
);
sql!(USABLE_AGAIN = "UPDATE methods SET state = 'usable', login_id = $2 WHERE id = $1");
sql!(REMOVE = "UPDATE methods SET state = 'removed', preferred = FALSE WHERE id = $1 AND state = 'usable'");
sql!(PREFER = "UPDATE methods SET preferred = (id = $2) WHERE login_id = $1 AND state = 'usable'");
sql!(MOVE_SERVICES = "UPDATE terms SET method_id = $3 WHERE login_id = $1 AND method_id = $2");
sql!(END_SERVICES = "UPDATE terms SET auto_renew = FALSE, method_id = NULL WHERE login_id = $1 AND method_id = $2");
sql!(
    /// What is owed by itself for the services of a method is owed in another way from now on, also what is being charged
    /// at the moment, or parked: it may be open again.
    OWE = "UPDATE obligations SET way = $3, due_day = CASE WHEN $3 = 'manual' THEN period_start + 90 ELSE due_day END \
     WHERE service_kind = 'mailbox' AND state IN ('open', 'running', 'parked') AND way IN ('card', 'paypal') AND service_id IN (SELECT mailbox_id FROM terms WHERE login_id = $1 AND method_id = $2)"
);

/// The usable methods of a login, the preferred one first.
pub async fn kept(q: &mut impl Query, login: LoginId, limit: i64) -> Result<Vec<KeptRow>> {
    q.all(&KEPT, args![login, limit]).await
}
/// The services of a login that renew by themselves, the next to end first.
pub async fn services(q: &mut impl Query, login: LoginId, limit: i64) -> Result<Vec<ServiceRow>> {
    q.all(&SERVICES, args![login, limit]).await
}
/// A set-up.
pub async fn setup(q: &mut impl Query, id: AttemptId) -> Result<Option<SetupRow>> {
    q.opt(&SETUP, args![id]).await
}
/// The newest set-up of a login at a gateway that began after a moment and is not over.
pub async fn open_setup(
    q: &mut impl Query,
    login: LoginId,
    gateway: &str,
    after: Timestamp,
) -> Result<Option<AttemptId>> {
    q.opt(&OPEN_SETUP, args![login, gateway, after]).await
}
/// Whom a login belongs to, and who that is at a gateway.
pub async fn owner(q: &mut impl Query, login: LoginId, gateway: &str) -> Result<Option<OwnerRow>> {
    q.opt(&OWNER, args![login, gateway]).await
}
/// The set-up that an event is about.
pub async fn setup_of_event(
    q: &mut impl Query,
    gateway: &str,
    id: Option<AttemptId>,
    reference: Option<&str>,
) -> Result<Option<AttemptId>> {
    if let Some(id) = id
        && let Some(known) = q.opt(&KNOWN_SETUP, args![id, gateway]).await?
    {
        return Ok(Some(known));
    }
    match reference {
        Some(reference) => q.opt(&SETUP_BY_REF, args![gateway, reference]).await,
        None => Ok(None),
    }
}
/// Set-ups to be asked about, oldest first.
pub async fn due_setups(q: &mut impl Query, now: Timestamp, limit: i64) -> Result<Vec<DueSetup>> {
    q.all(&DUE_SETUPS, args![now, limit]).await
}
/// Notes that a set-up is being asked about; false when it moved meanwhile.
pub async fn asked_setup(tx: &mut WriteTx, due: &DueSetup, next: Timestamp) -> Result<bool> {
    Ok(tx.run(&ASKED_SETUP, args![due.id, due.version, next]).await? == 1)
}

/// A set-up that begins.
pub struct NewSetup<'a> {
    pub id: AttemptId,
    pub login: LoginId,
    pub gateway: &'a str,
    pub customer: Option<&'a str>,
    pub replaces: Option<MethodId>,
    pub state: &'a str,
    pub created_at: Timestamp,
    pub check_at: Option<Timestamp>,
}
/// Adds it to a batch.
pub fn insert_setup<'a>(batch: &mut Batch<'a>, s: &NewSetup<'a>) {
    let args = args![s.id, s.login, s.gateway, s.customer, s.replaces, s.state, s.created_at, s.check_at];
    batch.add(&INSERT_SETUP, args, 1);
}
/// What the gateway answered to the opening of a set-up.
pub struct OpenedSetup<'a> {
    pub state: &'a str,
    pub reference: &'a str,
    pub customer: Option<&'a str>,
    pub continue_url: &'a str,
    pub card_form: Option<&'a str>,
    pub check_at: Option<Timestamp>,
}
/// Adds that change to a batch; a set-up that moved meanwhile loses the transaction.
pub fn opened_setup<'a>(batch: &mut Batch<'a>, id: AttemptId, version: i64, o: &OpenedSetup<'a>) {
    let args = args![id, version, o.state, o.reference, o.customer, o.continue_url, o.card_form, o.check_at];
    batch.add(&OPENED_SETUP, args, 1);
}
/// Adds a step of a set-up to a batch; one that moved meanwhile loses the transaction.
pub fn moved_setup<'a>(
    batch: &mut Batch<'a>,
    (id, version): (AttemptId, i64),
    state: &'a str,
    reference: Option<&'a str>,
    failure: Option<&'a str>,
    check_at: Option<Timestamp>,
) {
    batch.add(&MOVE_SETUP, args![id, version, state, reference, failure, check_at], 1);
}

/// Adds to a batch that a method which was removed is used again.
pub fn usable_again(batch: &mut Batch<'_>, method: MethodId, login: LoginId) {
    batch.add(&USABLE_AGAIN, args![method, login], 1);
}
/// Adds to a batch that a method is used no more.
pub fn remove(batch: &mut Batch<'_>, method: MethodId) {
    batch.add(&REMOVE, args![method], 1);
}
/// Adds to a batch that a login uses this method first.
pub fn prefer(batch: &mut Batch<'_>, login: LoginId, method: MethodId) {
    batch.add_any(&PREFER, args![login, method]);
}
/// Adds to a batch that the services of one method renew with another, and in its way (`card`, `paypal`).
pub fn move_services<'a>(batch: &mut Batch<'a>, login: LoginId, from: MethodId, to: MethodId, way: &'a str) {
    batch.add_any(&OWE, args![login, from, way]);
    batch.add_any(&MOVE_SERVICES, args![login, from, to]);
}
/// Adds to a batch that the services of a method renew by hand from now on.
pub fn end_services(batch: &mut Batch<'_>, login: LoginId, method: MethodId) {
    batch.add_any(&OWE, args![login, method, "manual"]);
    batch.add_any(&END_SERVICES, args![login, method]);
}
