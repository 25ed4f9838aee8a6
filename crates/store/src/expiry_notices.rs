//! Notices of expiry: who is told which step, as sets, and what a notice has to say.

use domain::{
    id::MailboxId,
    money::Money,
    time::{Date, Timestamp},
};
use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A service that comes to a step.
    pub struct ToldRow { pub day: Date, pub id: Uuid }
}
row! {
    /// The same with its address and its step, for a dry run.
    pub struct NamedRow { pub day: Date, pub id: Uuid, pub address: String }
}
row! {
    /// A mailbox as its notices tell it.
    pub struct ServiceRow {
        pub mailbox_id: MailboxId,
        pub address: String,
        pub state: String,
        pub plan_code: String,
        pub end_day: Date,
        pub years: i64,
        /// Its holder gave notice for the end of the period.
        pub notice: bool,
        pub way: String,
        /// List and body of its agreement.
        pub price_list: Option<String>,
        pub body_name: Option<String>,
        pub email: String,
        pub locale: String,
        pub posted_cents: Money,
        pub held_cents: Money,
    }
}
row! {
    /// An add-on as its notices tell it.
    pub struct AddonRow {
        pub id: Uuid,
        pub mailbox_id: MailboxId,
        pub service: String,
        pub gb: i64,
        pub end_day: Date,
        pub price_list: String,
    }
}

// A step that nobody has come to is told as 9999.
macro_rules! step_of_mailbox {
    () => {
        "CASE WHEN t.notice THEN CAST($6 AS BIGINT) WHEN o.way NOT IN ('manual','wallet') THEN CAST($5 AS BIGINT) ELSE CAST($4 AS BIGINT) END"
    };
}
// SQLite asks of each end only whether it is an exception: those stand in indexes of their own. PostgreSQL joins all of them.
macro_rules! mailboxes_from {
    (sqlite) => {
        mailboxes_from!(
            "terms t LEFT JOIN obligations o INDEXED BY obligations_charged ON o.service_id = t.mailbox_id AND o.period_start = t.end_day + 1 AND o.way NOT IN ('manual','wallet')",
            "NOT EXISTS (SELECT 1 FROM mailboxes m INDEXED BY mailboxes_gone WHERE m.id = t.mailbox_id AND m.state NOT IN ('active','expired'))"
        )
    };
    (postgres) => {
        mailboxes_from!(
            "terms t CROSS JOIN mailboxes m LEFT JOIN obligations o ON o.service_id = t.mailbox_id AND o.period_start = t.end_day + 1",
            "m.id = t.mailbox_id AND m.state || '' IN ('active','expired')"
        )
    };
    ($tables:literal, $living:literal) => {
        concat!(
            "FROM ", $tables, " WHERE ", $living, " AND t.end_day >= $1 AND (t.end_day, t.mailbox_id) > ($1, $2) AND t.end_day <= $3 AND ", step_of_mailbox!(), " <> 9999 \
             AND NOT EXISTS (SELECT 1 FROM notices_sent n WHERE n.end_day = t.end_day AND n.service_id = t.mailbox_id AND n.step >= ", step_of_mailbox!(), ")"
        )
    };
}
macro_rules! mailboxes_named {
    ($engine:tt) => {
        concat!(
            "SELECT t.end_day AS day, t.mailbox_id AS id, (SELECT a.address FROM mailboxes a WHERE a.id = t.mailbox_id) AS address ",
            mailboxes_from!($engine),
            " ORDER BY t.end_day, t.mailbox_id LIMIT $7"
        )
    };
}
macro_rules! tell_mailboxes {
    ($engine:tt) => {
        concat!(
            "INSERT INTO notices_sent (end_day, service_id, step, sent_day) SELECT t.end_day, t.mailbox_id, ",
            step_of_mailbox!(),
            ", CAST($8 AS BIGINT) ",
            mailboxes_from!($engine),
            " ORDER BY t.end_day, t.mailbox_id LIMIT $7 RETURNING end_day AS day, service_id AS id"
        )
    };
}
macro_rules! addons_from {
    () => {
        "FROM addons a CROSS JOIN mailboxes m CROSS JOIN terms t \
         WHERE m.id = a.mailbox_id AND t.mailbox_id = a.mailbox_id AND NOT t.notice AND a.end_day >= $1 AND (a.end_day, a.id) > ($1, $2) AND a.end_day <= $3 AND a.state = 'active' AND m.state || '' IN ('active','expired') \
         AND NOT EXISTS (SELECT 1 FROM notices_sent n WHERE n.end_day = a.end_day AND n.service_id = a.id AND n.step >= $4)"
    };
}

sql!(MAILBOXES_DUE =
    sqlite concat!("SELECT COUNT(*) AS count ", mailboxes_from!(sqlite)),
    postgres concat!("SELECT COUNT(*) AS count ", mailboxes_from!(postgres)),
    i64
);
sql!(MAILBOXES_NAMED = sqlite mailboxes_named!(sqlite), postgres mailboxes_named!(postgres), NamedRow);
sql!(TELL_MAILBOXES = sqlite tell_mailboxes!(sqlite), postgres tell_mailboxes!(postgres), ToldRow);
sql!(ADDONS_DUE = concat!("SELECT COUNT(*) AS count ", addons_from!()), i64);
sql!(
    ADDONS_NAMED =
        concat!("SELECT a.end_day AS day, a.id, m.address ", addons_from!(), " ORDER BY a.end_day, a.id LIMIT $5"),
    NamedRow
);
sql!(
    TELL_ADDONS = concat!(
        "INSERT INTO notices_sent (end_day, service_id, step, sent_day) SELECT a.end_day, a.id, CAST($4 AS BIGINT), CAST($6 AS BIGINT) ",
        addons_from!(),
        " ORDER BY a.end_day, a.id LIMIT $5 RETURNING end_day AS day, service_id AS id"
    ),
    ToldRow
);
// One effect for each that was told in a stretch by this night: mailboxes or add-ons, which stand there side by side. Its
// identifier has the time and the chance of the page, and the chance of the service: numbers would be counted row by row.
sql!(ASK =
    sqlite "INSERT INTO effects (id, kind, subject_kind, subject_id, payload, state, run_at, attempts, trace, created_at) \
     SELECT CAST($6 || substr(service_id, 9) AS BLOB), 'remind_expiry', $7, service_id, \
     '{\"kind\":\"' || $7 || '\",\"service\":\"' || lower(hex(service_id)) || '\",\"end\":' || end_day || ',\"step\":' || step || '}', 'ready', $8, 0, $9, $8 \
     FROM notices_sent WHERE (end_day, service_id) > ($1, $2) AND (end_day, service_id) <= ($3, $4) AND sent_day = $5 AND EXISTS (SELECT 1 FROM addons a WHERE a.id = service_id) = ($7 = 'addon')",
    postgres "INSERT INTO effects (id, kind, subject_kind, subject_id, payload, state, run_at, attempts, trace, created_at) \
     SELECT CAST(encode($6, 'hex') || substr(replace(CAST(service_id AS TEXT), '-', ''), 17) AS UUID), 'remind_expiry', $7, service_id, \
     '{\"kind\":\"' || $7 || '\",\"service\":\"' || replace(CAST(service_id AS TEXT), '-', '') || '\",\"end\":' || end_day || ',\"step\":' || step || '}', 'ready', $8, 0, $9, $8 \
     FROM notices_sent WHERE (end_day, service_id) > ($1, $2) AND (end_day, service_id) <= ($3, $4) AND sent_day = $5 AND EXISTS (SELECT 1 FROM addons a WHERE a.id = service_id) = ($7 = 'addon')"
);
sql!(
    SERVICE = "SELECT m.id AS mailbox_id, m.address, m.state, m.plan_code, t.end_day, t.years, t.notice, COALESCE(o.way, 'manual') AS way, a.price_list, a.body_name, \
     p.email, p.locale, COALESCE(w.posted_cents, 0) AS posted_cents, COALESCE(w.held_cents, 0) AS held_cents \
     FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id JOIN parties p ON p.id = m.party_id \
     LEFT JOIN obligations o ON o.service_id = m.id AND o.period_start = t.end_day + 1 \
     LEFT JOIN agreement_mailboxes g ON g.mailbox_id = m.id LEFT JOIN agreements a ON a.code = g.agreement_code \
     LEFT JOIN ledger_accounts w ON w.kind = 'customer_credit' AND w.owner_id = m.party_id WHERE m.id = $1",
    ServiceRow
);
sql!(
    ADDON = "SELECT id, mailbox_id, service, gb, end_day, price_list FROM addons WHERE id = $1 AND state = 'active'",
    AddonRow
);
sql!(
    ADDONS = "SELECT id, mailbox_id, service, gb, end_day, price_list FROM addons WHERE mailbox_id = $1 AND state = 'active' ORDER BY end_day, id",
    AddonRow
);

/// Which rows are looked at: after a place, up to a day, with the step of each kind.
pub struct Look {
    pub after: (Date, Uuid),
    pub to: Date,
    pub asked: Option<i32>,
    pub told: Option<i32>,
    pub ending: Option<i32>,
}
impl Look {
    /// The arguments of the statements about mailboxes.
    fn steps(&self) -> [i64; 3] {
        [self.asked, self.told, self.ending].map(step)
    }
}
fn step(step: Option<i32>) -> i64 {
    step.map_or(9999, i64::from)
}

/// Mailboxes that come to a step.
pub async fn mailboxes_due(q: &mut impl Query, l: &Look) -> Result<i64> {
    let [asked, told, ending] = l.steps();
    q.one(&MAILBOXES_DUE, args![l.after.0, l.after.1, l.to, asked, told, ending]).await
}
/// The same by name.
pub async fn mailboxes_named(q: &mut impl Query, l: &Look, limit: i64) -> Result<Vec<NamedRow>> {
    let [asked, told, ending] = l.steps();
    q.all(&MAILBOXES_NAMED, args![l.after.0, l.after.1, l.to, asked, told, ending, limit]).await
}
/// Notes that they are told by this night; answers them, in no order.
pub async fn tell_mailboxes(tx: &mut WriteTx, l: &Look, limit: i64, night: Date) -> Result<Vec<ToldRow>> {
    let [asked, told, ending] = l.steps();
    tx.all(&TELL_MAILBOXES, args![l.after.0, l.after.1, l.to, asked, told, ending, limit, night]).await
}
/// Add-ons that come to a step.
pub async fn addons_due(q: &mut impl Query, l: &Look) -> Result<i64> {
    q.one(&ADDONS_DUE, args![l.after.0, l.after.1, l.to, step(l.asked)]).await
}
/// The same by the address of their mailbox.
pub async fn addons_named(q: &mut impl Query, l: &Look, limit: i64) -> Result<Vec<NamedRow>> {
    q.all(&ADDONS_NAMED, args![l.after.0, l.after.1, l.to, step(l.asked), limit]).await
}
/// Notes that they are told by this night; answers them, in no order.
pub async fn tell_addons(tx: &mut WriteTx, l: &Look, limit: i64, night: Date) -> Result<Vec<ToldRow>> {
    tx.all(&TELL_ADDONS, args![l.after.0, l.after.1, l.to, step(l.asked), limit, night]).await
}
/// How the effects of a stretch are written.
pub struct Asking<'a> {
    pub kind: &'a str,
    /// Head of their identifiers, whose tail is that of the service.
    pub ids: &'a [u8; 8],
    pub trace: &'a str,
    pub now: Timestamp,
}
/// Asks for a message to each that this night told in a stretch; answers how many.
pub async fn ask(tx: &mut WriteTx, s: crate::night::Stretch, night: Date, a: &Asking<'_>) -> Result<u64> {
    let ((d1, i1), (d2, i2)) = s;
    tx.run(&ASK, args![d1, i1, d2, i2, night, a.ids, a.kind, a.now, a.trace]).await
}

/// A mailbox with whom to tell and what he holds.
pub async fn service(q: &mut impl Query, id: MailboxId) -> Result<Option<ServiceRow>> {
    q.opt(&SERVICE, args![id]).await
}
/// An add-on that has not ended.
pub async fn addon(q: &mut impl Query, id: Uuid) -> Result<Option<AddonRow>> {
    q.opt(&ADDON, args![id]).await
}
/// The add-ons of a mailbox that have not ended, those that end first before.
pub async fn addons(q: &mut impl Query, id: MailboxId) -> Result<Vec<AddonRow>> {
    q.all(&ADDONS, args![id]).await
}
