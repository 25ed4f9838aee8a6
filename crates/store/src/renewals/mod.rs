//! Renewals: what a night finds due, and the writes of whole pages of them.
//!
//! The rules decide row by row in `domain`; what they decided is written by one statement for each table, from rows
//! handed over as one JSON text.

mod orders;
mod plans;
mod sets;

use domain::{
    agreement::Validity,
    id::{AccountId, LoginId, MailboxId, MethodId, OrderId, PartyId, PriceId},
    ledger::{AccountKey, AccountKind},
    money::Money,
    time::{Date, Timestamp},
};
use uuid::Uuid;

pub use self::{
    orders::{
        NewExtra, NewRenewal, PendingRow, ServiceRow, Shortened, accept, begin, first_end, insert as insert_order,
        of_order, pending, set_way, set_way_alone, shorten,
    },
    plans::*,
    sets::*,
};
use crate::{Batch, Query, Result, WriteTx, args, row, sql};

row! {
    /// What is owed, with everything that judging it must know: one read for a page of them.
    pub struct DueRow {
        pub service_id: Uuid,
        pub period_start: Date,
        pub service_kind: String,
        pub mailbox_id: MailboxId,
        pub due_day: Date,
        pub way: String,
        pub state: String,
        pub tries: i64,
        pub reason: Option<String>,
        pub order_id: Option<OrderId>,
        pub order_state: Option<String>,
        pub address: String,
        pub mailbox_state: String,
        pub party_id: PartyId,
        pub login_id: LoginId,
        pub plan_code: String,
        pub plan_name: String,
        pub term_end: Date,
        pub years: i64,
        pub method_id: Option<MethodId>,
        /// Its holder gave notice for the end of the term.
        pub notice: bool,
        pub addon_service: Option<String>,
        pub gb: Option<i64>,
        pub addon_end: Option<Date>,
        pub addon_state: Option<String>,
        pub addon_list: Option<String>,
        pub agreement_list: Option<String>,
        pub valid_from_day: Option<Date>,
        pub valid_until_day: Option<Date>,
        pub renewals: Option<bool>,
        pub display_name: String,
        pub email: String,
        pub locale: String,
        pub fiscal_code: Option<String>,
        pub vat_number: Option<String>,
        pub details: String,
        pub posted_cents: Money,
        pub held_cents: Money,
        /// Lines of the wallet's statement.
        pub entries: i64,
    }
}
impl DueRow {
    /// Last day of the service; `None` for an add-on that is not there.
    pub fn end(&self) -> Option<Date> {
        if self.service_kind == "addon" { self.addon_end } else { Some(self.term_end) }
    }
    /// When the agreement is in force, if the mailbox is under one.
    pub fn validity(&self) -> Option<Validity> {
        Some(Validity {
            from: self.valid_from_day?,
            until: self.valid_until_day,
            purchases: false,
            renewals: self.renewals?,
        })
    }
    /// The holder's wallet.
    pub fn wallet(&self) -> AccountId {
        AccountKey::of(AccountKind::CustomerCredit, self.party_id).id()
    }
    /// What may be spent.
    pub fn available(&self) -> Money {
        self.posted_cents - self.held_cents
    }
}
row! {
    /// Whose a mailbox is.
    pub struct HolderRow { pub party_id: PartyId, pub address: String, pub display_name: String }
}
row! {
    /// An obligation that waits for an operator.
    pub struct ParkedRow {
        pub service_id: Uuid,
        pub period_start: Date,
        pub service_kind: String,
        pub address: String,
        pub holder_name: String,
        pub due_day: Date,
        pub reason: Option<String>,
        pub settled_day: Option<Date>,
    }
}
row! {
    /// A price of a list.
    pub struct PriceRow {
        pub id: PriceId,
        pub price_list: String,
        pub product_code: String,
        pub valid_from_at: Timestamp,
        pub net_cents: Money,
        pub vat_bp: i64,
    }
}

/// The columns of [`DueRow`] and where they stand, but for where obligations are found.
macro_rules! due {
    ($from:expr, $rest:expr) => {
        concat!(
            "SELECT o.service_id, o.period_start, o.service_kind, o.mailbox_id, o.due_day, o.way, o.state, o.tries, o.reason, o.order_id, r.state AS order_state, \
             m.address, m.state AS mailbox_state, m.party_id, m.login_id, m.plan_code, pr.name AS plan_name, t.end_day AS term_end, t.years, t.method_id, t.notice, \
             d.service AS addon_service, d.gb, d.end_day AS addon_end, d.state AS addon_state, d.price_list AS addon_list, \
             a.price_list AS agreement_list, a.valid_from_day, a.valid_until_day, a.renewals, \
             p.display_name, p.email, p.locale, p.fiscal_code, p.vat_number, p.details, \
             COALESCE(w.posted_cents, 0) AS posted_cents, COALESCE(w.held_cents, 0) AS held_cents, COALESCE(w.entries, 0) AS entries FROM ",
            $from,
            " JOIN mailboxes m ON m.id = o.mailbox_id JOIN products pr ON pr.code = m.plan_code JOIN terms t ON t.mailbox_id = o.mailbox_id JOIN parties p ON p.id = m.party_id \
             LEFT JOIN addons d ON d.id = o.service_id LEFT JOIN agreement_mailboxes g ON g.mailbox_id = o.mailbox_id LEFT JOIN agreements a ON a.code = g.agreement_code \
             LEFT JOIN ledger_accounts w ON w.kind = 'customer_credit' AND w.owner_id = m.party_id LEFT JOIN orders r ON r.id = o.order_id ",
            $rest
        )
    };
}

sql!(
    DUE = due!(
        "obligations o",
        "WHERE o.state = 'open' AND o.due_day <= $1 AND (o.due_day, o.service_id) > ($2, $3) ORDER BY o.due_day, o.service_id LIMIT $4"
    ),
    DueRow
);
sql!(
    /// The add-ons of mailboxes that have just been renewed: also those that ended because it came late.
    ADDONS_OF = sqlite due!(
        "json_each($1) AS e JOIN addons b ON b.mailbox_id = unhex(e.value, '-') JOIN obligations o ON o.service_id = b.id AND o.period_start = b.end_day + 1",
        "WHERE b.end_day < t.end_day AND (o.state = 'open' OR (o.state = 'lapsed' AND o.reason = 'mailbox-not-renewed')) ORDER BY b.start_day, b.id"
    ),
    postgres due!(
        "jsonb_array_elements_text(CAST(CAST($1 AS TEXT) AS JSONB)) AS e(value) JOIN addons b ON b.mailbox_id = CAST(e.value AS UUID) JOIN obligations o ON o.service_id = b.id AND o.period_start = b.end_day + 1",
        "WHERE b.end_day < t.end_day AND (o.state = 'open' OR (o.state = 'lapsed' AND o.reason = 'mailbox-not-renewed')) ORDER BY b.start_day, b.id"
    ),
    DueRow
);
/// What is owed for some mailboxes and their add-ons, found by the services: those are few, obligations are many.
macro_rules! owed_for {
    ($tables:literal, $which:literal) => {
        due!(
            concat!(
                "(SELECT y.mailbox_id AS service_id, y.end_day FROM ", $tables, " WHERE ", $which,
                " UNION ALL SELECT x.id, y.end_day FROM ", $tables, " CROSS JOIN addons x WHERE ", $which,
                " AND x.mailbox_id = y.mailbox_id) AS q CROSS JOIN obligations o"
            ),
            "WHERE o.service_id = q.service_id AND o.state IN ('open', 'running', 'parked') ORDER BY q.end_day, o.service_kind DESC, o.service_id LIMIT $2"
        )
    };
}
sql!(OF_LOGIN = owed_for!("terms y", "y.login_id = $1"), DueRow);
sql!(OF_PARTY = owed_for!("mailboxes z CROSS JOIN terms y", "z.party_id = $1 AND y.mailbox_id = z.id"), DueRow);
sql!(
    HOLDER = "SELECT m.party_id, m.address, p.display_name FROM mailboxes m JOIN parties p ON p.id = m.party_id WHERE m.id = $1",
    HolderRow
);
sql!(
    /// The add-ons that come along when their mailbox is renewed, the oldest first.
    FOLLOWERS = due!(
        "addons b CROSS JOIN obligations o",
        "WHERE b.mailbox_id = $1 AND o.service_id = b.id AND o.period_start = b.end_day + 1 AND (o.state = 'open' OR (o.state = 'lapsed' AND o.reason = 'mailbox-not-renewed')) ORDER BY b.start_day, b.id LIMIT $2"
    ),
    DueRow
);
sql!(OF_SERVICE = due!("obligations o", "WHERE o.service_id = $1 AND o.period_start = $2"), DueRow);
sql!(
    UNPARK = "UPDATE obligations SET state = 'open', reason = NULL, settled_day = NULL, due_day = $3 WHERE service_id = $1 AND period_start = $2 AND state = 'parked'"
);
sql!(
    PARKED = "SELECT o.service_id, o.period_start, o.service_kind, m.address, m.holder_name, o.due_day, o.reason, o.settled_day \
     FROM obligations o JOIN mailboxes m ON m.id = o.mailbox_id WHERE o.state = 'parked' AND (o.due_day, o.service_id) > ($1, $2) ORDER BY o.due_day, o.service_id LIMIT $3",
    ParkedRow
);
sql!(WAITING = "SELECT COUNT(*) FROM obligations WHERE state = 'open' AND due_day <= $1", i64);
sql!(
    PRICES = "SELECT id, price_list, product_code, valid_from_at, net_cents, vat_bp FROM prices WHERE valid_from_at <= $1 ORDER BY price_list, product_code, valid_from_at",
    PriceRow
);

/// What is due on `day` behind this place, in the order of the due days.
pub async fn due(q: &mut impl Query, day: Date, after: (Date, Uuid), limit: i64) -> Result<Vec<DueRow>> {
    q.all(&DUE, args![day, after.0, after.1, limit]).await
}
/// How many are due on `day`.
pub async fn waiting(q: &mut impl Query, day: Date) -> Result<i64> {
    q.one(&WAITING, args![day]).await
}
/// What is owed for the add-ons of renewed mailboxes, the oldest first.
pub async fn addons_of(q: &mut impl Query, mailboxes: &[MailboxId]) -> Result<Vec<DueRow>> {
    if mailboxes.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = mailboxes.iter().map(|m| m.uuid()).collect();
    q.all(&ADDONS_OF, args![&json(&ids)]).await
}
/// What a login will owe, by the end of the mailboxes.
pub async fn of_login(q: &mut impl Query, login: LoginId, limit: i64) -> Result<Vec<DueRow>> {
    q.all(&OF_LOGIN, args![login, limit]).await
}
/// What a registry record will owe, by the end of the mailboxes.
pub async fn of_party(q: &mut impl Query, party: PartyId, limit: i64) -> Result<Vec<DueRow>> {
    q.all(&OF_PARTY, args![party, limit]).await
}
/// Whose a mailbox is.
pub async fn holder(q: &mut impl Query, mailbox: MailboxId) -> Result<Option<HolderRow>> {
    q.opt(&HOLDER, args![mailbox]).await
}
/// The add-ons that would come along if a mailbox were renewed, the oldest first.
pub async fn followers(q: &mut impl Query, mailbox: MailboxId, limit: i64) -> Result<Vec<DueRow>> {
    q.all(&FOLLOWERS, args![mailbox, limit]).await
}
/// One obligation.
pub async fn of_service(q: &mut impl Query, service: Uuid, period_start: Date) -> Result<Option<DueRow>> {
    q.opt(&OF_SERVICE, args![service, period_start]).await
}
/// Opens a parked obligation again.
///
/// # Errors
/// `WrongRows` when it is not parked.
pub async fn unpark(tx: &mut WriteTx, service: Uuid, period_start: Date, due: Date) -> Result<()> {
    tx.exactly_one(&UNPARK, args![service, period_start, due]).await
}
/// What waits for an operator behind this place, the longest due first.
pub async fn parked(q: &mut impl Query, after: (Date, Uuid), limit: i64) -> Result<Vec<ParkedRow>> {
    q.all(&PARKED, args![after.0, after.1, limit]).await
}
/// Every price that was in force by `at`; lists and products are few.
pub async fn prices(q: &mut impl Query, at: Timestamp) -> Result<Vec<PriceRow>> {
    q.all(&PRICES, args![at]).await
}

fn json(rows: &impl serde::Serialize) -> String {
    serde_json::to_string(rows).expect("rows are plain data")
}

/// Runs a set-wise write; `rows` that were meant are rows that were changed.
async fn run_all<T: serde::Serialize>(
    tx: &mut WriteTx,
    sql: &'static crate::Sql,
    rows: &[T],
    more: &[crate::P<'_>],
    exact: bool,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let text = json(&rows);
    let mut values = vec![crate::P::T(&text)];
    values.extend_from_slice(more);
    let mut batch = Batch::new();
    match exact {
        true => batch.add(sql, &values, rows.len() as u64),
        false => batch.add_any(sql, &values),
    };
    tx.later(batch).await
}
