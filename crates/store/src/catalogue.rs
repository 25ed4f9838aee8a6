//! Plans, dated prices, certified domains and the texts that people accept.

use domain::{
    catalogue::{CertifiedDomain, Plan, Price},
    id::PriceId,
    money::Money,
    time::{Date, Timestamp},
};
use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A row of the catalogue.
    pub struct PlanRow {
        pub code: String,
        pub name: String,
        pub position: i64,
        pub space_mib: i64,
        pub max_space_mib: Option<i64>,
        pub archive_mib: i64,
        pub archive_extendable: bool,
        pub sms_notice: bool,
        pub multi_user: bool,
        pub legal_storage: bool,
        pub sold_from_day: i64,
        pub sold_until_day: Option<i64>,
    }
}
row! {
    /// A row of a price list.
    pub struct PriceRow {
        pub id: Uuid,
        pub product_code: String,
        pub valid_from_at: i64,
        pub net_cents: i64,
        pub vat_bp: i64,
    }
}
row! {
    /// A certified domain.
    pub struct DomainRow {
        pub name: String,
        pub position: i64,
        pub on_sale: bool,
    }
}

sql!(
    PLANS = "SELECT code, name, position, space_mib, max_space_mib, archive_mib, archive_extendable, sms_notice, multi_user, \
     legal_storage, sold_from_day, sold_until_day FROM products WHERE kind = 'mailbox_plan' ORDER BY position, code",
    PlanRow
);
sql!(
    PRICES = "SELECT id, product_code, valid_from_at, net_cents, vat_bp FROM prices \
     WHERE price_list = $1 AND valid_from_at <= $2 ORDER BY product_code, valid_from_at",
    PriceRow
);
sql!(DOMAINS = "SELECT name, position, on_sale FROM mail_domains WHERE on_sale ORDER BY position, name", DomainRow);
sql!(SERVED = "SELECT name, position, on_sale FROM mail_domains WHERE served ORDER BY position, name", DomainRow);

impl From<PlanRow> for Plan {
    fn from(r: PlanRow) -> Plan {
        Plan {
            code: r.code,
            name: r.name,
            position: r.position,
            space_mib: r.space_mib,
            max_space_mib: r.max_space_mib,
            archive_mib: r.archive_mib,
            archive_extendable: r.archive_extendable,
            sms_notice: r.sms_notice,
            multi_user: r.multi_user,
            legal_storage: r.legal_storage,
            sold_from: Date::from_days(r.sold_from_day as i32),
            sold_until: r.sold_until_day.map(|d| Date::from_days(d as i32)),
        }
    }
}
impl From<DomainRow> for CertifiedDomain {
    fn from(r: DomainRow) -> CertifiedDomain {
        CertifiedDomain { name: r.name, position: r.position, on_sale: r.on_sale }
    }
}
impl From<PriceRow> for Price {
    fn from(r: PriceRow) -> Price {
        Price {
            id: PriceId::from_uuid(r.id),
            plan: r.product_code,
            valid_from: Timestamp::from_micros(r.valid_from_at),
            unit_net: Money::cents(r.net_cents),
            vat_bp: r.vat_bp,
        }
    }
}

/// All plans ever sold, in the order of the table; the caller keeps those on sale.
pub async fn plans(q: &mut impl Query) -> Result<Vec<Plan>> {
    Ok(q.all::<PlanRow>(&PLANS, args![]).await?.into_iter().map(Plan::from).collect())
}

/// Prices of a list that are or were in force at `now`.
pub async fn prices(q: &mut impl Query, list: &str, now: Timestamp) -> Result<Vec<Price>> {
    Ok(q.all::<PriceRow>(&PRICES, args![list, now.micros()]).await?.into_iter().map(Price::from).collect())
}

/// The domains on which mailboxes are sold, in their order.
pub async fn domains(q: &mut impl Query) -> Result<Vec<CertifiedDomain>> {
    Ok(q.all::<DomainRow>(&DOMAINS, args![]).await?.into_iter().map(CertifiedDomain::from).collect())
}

/// All domains that are served, on sale or not.
pub async fn served(q: &mut impl Query) -> Result<Vec<CertifiedDomain>> {
    Ok(q.all::<DomainRow>(&SERVED, args![]).await?.into_iter().map(CertifiedDomain::from).collect())
}

/// A price to be written.
#[derive(Debug)]
pub struct NewPrice<'a> {
    pub id: PriceId,
    pub list: &'a str,
    pub plan: &'a str,
    pub valid_from: Timestamp,
    pub unit_net: Money,
    pub vat_bp: i64,
}

/// A text to be written; `sha256` is that of `body`.
#[derive(Debug)]
pub struct NewLegalText<'a> {
    pub kind: &'a str,
    pub version: &'a str,
    pub locale: &'a str,
    pub title: &'a str,
    pub body: &'a str,
    pub sha256: &'a [u8],
    pub valid_from: Timestamp,
}

sql!(
    PUT_PLAN = "INSERT INTO products (code, kind, position, name, space_mib, max_space_mib, archive_mib, archive_extendable, sms_notice, multi_user, legal_storage, sold_from_day, sold_until_day) \
     VALUES ($1, 'mailbox_plan', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (code) DO NOTHING"
);
sql!(
    PUT_PRICE_LIST =
        "INSERT INTO price_lists (code, name, channel) VALUES ($1, $2, 'retail') ON CONFLICT (code) DO NOTHING"
);
sql!(
    PUT_PRICE = "INSERT INTO prices (id, price_list, product_code, valid_from_at, net_cents, vat_bp) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (price_list, product_code, valid_from_at) DO NOTHING"
);
sql!(
    PUT_DOMAIN = "INSERT INTO mail_domains (name, position, on_sale, served) VALUES ($1, $2, $3, TRUE) ON CONFLICT (name) DO NOTHING"
);
sql!(SELL_DOMAIN = "UPDATE mail_domains SET on_sale = $2 WHERE name = $1");
sql!(PLACE_PLAN = "UPDATE products SET position = $2 WHERE code = $1");
sql!(
    PUT_LEGAL_TEXT = "INSERT INTO legal_texts (kind, version, locale, title, body, sha256, valid_from_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
     ON CONFLICT (kind, version, locale) DO NOTHING"
);

/// Adds a plan, unless its code is known.
pub async fn put_plan(tx: &mut WriteTx, p: &Plan) -> Result<u64> {
    let args = args![
        &p.code,
        p.position,
        &p.name,
        p.space_mib,
        p.max_space_mib,
        p.archive_mib,
        p.archive_extendable,
        p.sms_notice,
        p.multi_user,
        p.legal_storage,
        p.sold_from,
        p.sold_until
    ];
    tx.run(&PUT_PLAN, args).await
}

/// Adds a retail price list, unless its code is known.
pub async fn put_price_list(tx: &mut WriteTx, code: &str, name: &str) -> Result<u64> {
    tx.run(&PUT_PRICE_LIST, args![code, name]).await
}

/// Adds a price from a moment on, unless the list has one from that very moment.
pub async fn put_price(tx: &mut WriteTx, p: &NewPrice<'_>) -> Result<u64> {
    tx.run(&PUT_PRICE, args![p.id, p.list, p.plan, p.valid_from, p.unit_net, p.vat_bp]).await
}

/// Adds a certified domain that is served, unless it is known.
pub async fn put_domain(tx: &mut WriteTx, d: &CertifiedDomain) -> Result<u64> {
    tx.run(&PUT_DOMAIN, args![&d.name, d.position, d.on_sale]).await
}

/// Sells mailboxes on a domain to everybody, or no longer; those that are there stay.
pub async fn sell_domain(tx: &mut WriteTx, name: &str, on_sale: bool) -> Result<u64> {
    tx.run(&SELL_DOMAIN, args![name, on_sale]).await
}

/// Gives a plan its place in the comparison.
pub async fn place_plan(tx: &mut WriteTx, code: &str, position: i64) -> Result<u64> {
    tx.run(&PLACE_PLAN, args![code, position]).await
}

/// Adds a text, unless this version of it is known: what people accepted is never changed.
pub async fn put_legal_text(tx: &mut WriteTx, t: &NewLegalText<'_>) -> Result<u64> {
    tx.run(&PUT_LEGAL_TEXT, args![t.kind, t.version, t.locale, t.title, t.body, t.sha256, t.valid_from]).await
}
