//! Agreements of professional bodies, what their price lists offer, and the mailboxes given under them.

use domain::{
    agreement::Validity,
    id::{LoginId, MailboxId, OrderLineId, PartyId},
    money::Money,
    order::pricing::Quote,
    renewal::{ServiceKind, Way},
    time::Date,
};
use uuid::Uuid;

use crate::{
    Batch, Query, Result, WriteTx, addresses, args, audit, effects, mailboxes, obligations, orders, orders::NewSettled,
    placing, row, sql,
};

row! {
    /// An agreement.
    pub struct AgreementRow {
        pub code: String,
        pub body_name: String,
        pub domain: String,
        pub valid_from_day: Date,
        pub valid_until_day: Option<Date>,
        pub purchases: bool,
        pub renewals: bool,
        pub price_list: String,
        pub renewal_kind: String,
        pub years: i64,
        pub invoiced: String,
        pub mailbox_quota: Option<i64>,
        /// How many of its mailboxes live: counted only where there is a quota.
        pub mailboxes: i64,
    }
}
impl AgreementRow {
    /// When it is in force, and for what.
    pub fn validity(&self) -> Validity {
        Validity {
            from: self.valid_from_day,
            until: self.valid_until_day,
            purchases: self.purchases,
            renewals: self.renewals,
        }
    }
}
row! {
    /// A mailbox under an agreement, as the area of its holder needs it on each page.
    pub struct MemberRow {
        pub mailbox_id: MailboxId,
        pub address: String,
        pub party_id: PartyId,
        pub login_id: LoginId,
        pub body_name: String,
        /// Of the holder's record.
        pub mobile: Option<String>,
        pub posted_cents: Money,
        pub held_cents: Money,
        /// The record has a provider account that somebody uses: its data are changed there.
        pub has_account: bool,
    }
}
row! {
    /// A line of the holder's mailboxes.
    pub struct MemberMailboxRow {
        pub id: MailboxId,
        pub address: String,
        pub state: String,
        pub plan_name: String,
        pub end_day: Date,
        pub notice: bool,
        pub renewal_kind: String,
    }
}

sql!(
    BY_CODE = "SELECT a.code, a.body_name, a.domain, a.valid_from_day, a.valid_until_day, a.purchases, a.renewals, a.price_list, a.renewal_kind, a.years, a.invoiced, a.mailbox_quota, \
     CASE WHEN a.mailbox_quota IS NULL THEN 0 ELSE (SELECT COUNT(*) FROM mailboxes m WHERE m.agreement_code = a.code AND m.state IN ('activating', 'active', 'expired')) END AS mailboxes \
     FROM agreements a WHERE a.code = $1",
    AgreementRow
);
sql!(
    MEMBER = "SELECT m.id AS mailbox_id, m.address, m.party_id, m.login_id, a.body_name, p.mobile, COALESCE(w.posted_cents, 0) AS posted_cents, COALESCE(w.held_cents, 0) AS held_cents, \
     EXISTS (SELECT 1 FROM logins l WHERE l.party_id = m.party_id AND l.state IN ('active', 'blocked')) AS has_account \
     FROM mailboxes m JOIN parties p ON p.id = m.party_id JOIN agreement_mailboxes g ON g.mailbox_id = m.id JOIN agreements a ON a.code = g.agreement_code \
     LEFT JOIN ledger_accounts w ON w.kind = 'customer_credit' AND w.owner_id = m.party_id WHERE m.id = $1",
    MemberRow
);
sql!(
    OF_HOLDER = "SELECT m.id, m.address, m.state, p.name AS plan_name, t.end_day, t.notice, g.renewal_kind \
     FROM mailboxes m JOIN agreement_mailboxes g ON g.mailbox_id = m.id JOIN products p ON p.code = m.plan_code JOIN terms t ON t.mailbox_id = m.id \
     WHERE m.party_id = $1 ORDER BY m.address LIMIT $2",
    MemberMailboxRow
);
sql!(
    LOGIN_OF = "SELECT m.login_id FROM mailboxes m JOIN agreement_mailboxes g ON g.mailbox_id = m.id WHERE m.party_id = $1 ORDER BY m.requested_at LIMIT 1",
    LoginId
);
sql!(
    PUT = "INSERT INTO agreements (code, body_name, body_party_id, domain, valid_from_day, valid_until_day, purchases, renewals, price_list, renewal_kind, years, invoiced, mailbox_quota) \
     VALUES ($1, $2, NULL, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (code) DO NOTHING"
);
sql!(
    PUT_LIST = "INSERT INTO price_lists (code, name, channel, addon_rule) VALUES ($1, $2, 'agreement', $3) ON CONFLICT (code) DO NOTHING"
);
sql!(
    PUT_SERVICE = "INSERT INTO products (code, kind, position, name, space_mib, max_space_mib, archive_mib, archive_extendable, sms_notice, multi_user, legal_storage, sold_from_day, sold_until_day) \
     VALUES ($1, 'addon', $2, $3, 0, NULL, 0, FALSE, FALSE, FALSE, FALSE, $4, NULL) ON CONFLICT (code) DO NOTHING"
);
sql!(
    /// As long as anybody remembers.
    PUT_OFFER = "INSERT INTO dated_offers (price_list, plan_code, service, from_day, max_gb, made_at) VALUES ($1, $2, $3, 0, $4, 0) ON CONFLICT (price_list, plan_code, service, from_day) DO NOTHING"
);
sql!(
    INSERT_MAILBOX =
        "INSERT INTO agreement_mailboxes (mailbox_id, agreement_code, renewal_kind, address) VALUES ($1, $2, $3, $4)"
);
sql!(NAME_BODY = "UPDATE agreements SET body_party_id = $2 WHERE code = $1");

/// The agreement with this code.
pub async fn by_code(q: &mut impl Query, code: &str) -> Result<Option<AgreementRow>> {
    q.opt(&BY_CODE, args![code]).await
}

/// The mailbox with its holder and his credit; nothing when it is under no agreement.
pub async fn member(q: &mut impl Query, mailbox: MailboxId) -> Result<Option<MemberRow>> {
    q.opt(&MEMBER, args![mailbox]).await
}

/// The mailboxes of a holder under agreements.
pub async fn of_holder(q: &mut impl Query, party: PartyId, limit: i64) -> Result<Vec<MemberMailboxRow>> {
    q.all(&OF_HOLDER, args![party, limit]).await
}

/// The login under which the holder's mailboxes of agreements stand, if he has any.
pub async fn login_of(q: &mut impl Query, party: PartyId) -> Result<Option<LoginId>> {
    q.opt(&LOGIN_OF, args![party]).await
}

/// An agreement to be written.
#[derive(Debug)]
pub struct NewAgreement<'a> {
    pub code: &'a str,
    pub body_name: &'a str,
    pub domain: &'a str,
    pub validity: Validity,
    pub price_list: &'a str,
    pub renewal_kind: &'a str,
    pub years: i64,
    pub invoiced: &'a str,
    pub mailbox_quota: Option<i64>,
}

/// Adds an agreement, unless its code is known.
pub async fn put(tx: &mut WriteTx, a: &NewAgreement<'_>) -> Result<u64> {
    let v = &a.validity;
    let row = args![
        a.code,
        a.body_name,
        a.domain,
        v.from,
        v.until,
        v.purchases,
        v.renewals,
        a.price_list,
        a.renewal_kind,
        a.years,
        a.invoiced,
        a.mailbox_quota
    ];
    tx.run(&PUT, row).await
}

/// Adds the price list of an agreement with its rule for add-ons, unless its code is known.
pub async fn put_list(tx: &mut WriteTx, code: &str, name: &str, addon_rule: &str) -> Result<u64> {
    tx.run(&PUT_LIST, args![code, name, addon_rule]).await
}

/// Adds an add-on to the catalogue, unless it is known.
pub async fn put_service(tx: &mut WriteTx, code: &str, position: i64, name: &str, since: Date) -> Result<u64> {
    tx.run(&PUT_SERVICE, args![code, position, name, since]).await
}

/// Lets a list sell so many GB of an add-on in all for a mailbox of this plan, unless it does already.
pub async fn put_offer(tx: &mut WriteTx, list: &str, plan: &str, service: &str, max_gb: i64) -> Result<u64> {
    tx.run(&PUT_OFFER, args![list, plan, service, max_gb]).await
}

/// Says whose registry record stands for the body: its logins are its secretariat.
pub async fn name_body(tx: &mut WriteTx, code: &str, party: PartyId) -> Result<u64> {
    tx.run(&NAME_BODY, args![code, party]).await
}

/// A mailbox to be given to a member of the body, with the order that it comes from.
pub struct NewMember<'a> {
    pub mailbox: MailboxId,
    pub agreement: &'a str,
    pub renewal_kind: &'a str,
    pub address: &'a str,
    /// The address was this holder's before: its entry is taken over instead of written.
    pub again: bool,
    pub domain: &'a str,
    pub holder_tax_key: &'a str,
    pub holder_name: &'a str,
    /// Where the link for the first password goes, and first security contact.
    pub email: &'a str,
    /// Set when the password was handed out already.
    pub password_hash: Option<&'a str>,
    pub space_mib: i64,
    pub archive_mib: i64,
    /// What the order's line says of the plan; nothing is due to be paid by card.
    pub quote: &'a Quote,
    pub line: OrderLineId,
    pub start: Date,
    pub end: Date,
    pub auto_renew: bool,
    /// How the mailbox will be renewed.
    pub way: Way,
    pub order: NewSettled<'a>,
    pub effects: &'a [effects::NewEffect<'a>],
    pub audit: audit::NewLine<'a>,
}

/// Writes the order of a member's mailbox and the mailbox, ready to be made on the mail servers.
///
/// # Errors
/// `Duplicate` of `addresses.address` when the name is taken.
pub async fn give(tx: &mut WriteTx, n: &NewMember<'_>) -> Result<()> {
    let (o, q) = (&n.order, n.quote);
    let mut batch = Batch::new();
    orders::insert_settled(&mut batch, o);
    let line =
        args![n.line, o.id, &q.plan, q.price_id, q.quantity, q.years, q.unit_net, q.net, q.vat_bp, q.vat, q.gross];
    batch.add(&orders::INSERT_LINE, line, 1);
    let holder = "account";
    let place = args![
        n.mailbox,
        o.id,
        1,
        n.address,
        n.domain,
        &q.plan,
        holder,
        None::<Uuid>,
        n.holder_tax_key,
        n.holder_name,
        n.email
    ];
    batch.add(&orders::INSERT_MAILBOX, place, 1);
    let hold = if n.again { &addresses::HOLD_AGAIN } else { &addresses::HOLD };
    batch.add(hold, args![n.address, n.holder_tax_key, o.id, o.at], 1);
    let mailbox = args![
        n.mailbox,
        n.address,
        n.domain,
        &q.plan,
        o.at,
        o.party,
        o.login,
        o.id,
        holder,
        None::<Uuid>,
        n.holder_tax_key,
        n.holder_name,
        n.password_hash,
        n.password_hash.map(|_| o.at),
        n.email,
        n.space_mib,
        n.archive_mib,
        o.at,
        n.agreement
    ];
    batch.add(&mailboxes::INSERT, mailbox, 1);
    let term = args![n.mailbox, o.login, n.start, n.end, q.years, n.auto_renew, n.agreement];
    batch.add(&mailboxes::INSERT_TERM, term, 1);
    obligations::open(&mut batch, ServiceKind::Mailbox, n.mailbox.uuid(), n.mailbox, n.way, n.end);
    batch.add(&orders::SET_MAILBOX, args![n.mailbox, n.mailbox], 1);
    batch.add(&addresses::ASSIGN, args![n.address, o.id, n.mailbox, o.at], 1);
    batch.add(&INSERT_MAILBOX, args![n.mailbox, n.agreement, n.renewal_kind, n.address], 1);
    placing::add_common(&mut batch, n.effects, &n.audit);
    tx.batch(batch).await
}
