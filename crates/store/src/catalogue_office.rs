//! Catalogue, price lists and agreements as operators see and change them: dated, never in the past.

use domain::{
    id::{OperatorId, PriceId},
    money::Money,
    time::{Date, Timestamp},
};

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A price list.
    pub struct ListRow { pub code: String, pub name: String, pub channel: String, pub addon_rule: Option<String>, pub version: i64 }
}
row! {
    /// A dated price of a product.
    pub struct DatedPriceRow {
        pub id: PriceId,
        pub price_list: String,
        pub product_code: String,
        pub product_name: String,
        /// `mailbox_plan` or `addon`.
        pub product_kind: String,
        pub valid_from_at: Timestamp,
        pub net_cents: Money,
        pub vat_bp: i64,
    }
}
row! {
    /// Whom a new price concerns.
    pub struct ImpactRow {
        /// Mailboxes or add-ons that have the product now.
        pub holding: i64,
        /// Of these, those whose renewal falls into the asked days.
        pub renewals: i64,
        /// What they renew: mailboxes × years, or GB.
        pub units: i64,
    }
}
row! {
    /// An agreement.
    pub struct AgreementLineRow {
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
        pub mailbox_quota: Option<i64>,
        /// Name of the body's registry record.
        pub body_record: Option<String>,
    }
}
row! {
    /// A change of an agreement.
    pub struct VersionRow {
        pub from_day: Date,
        pub valid_until_day: Option<Date>,
        pub purchases: bool,
        pub renewals: bool,
        pub price_list: String,
        pub renewal_kind: String,
        pub years: i64,
        pub mailbox_quota: Option<i64>,
        pub made_at: Timestamp,
        pub begun_at: Option<Timestamp>,
    }
}
row! {
    /// What an agreement has, by plan.
    pub struct PlanLoadRow { pub plan_code: String, pub mailboxes: i64, pub renewals: i64 }
}
row! {
    /// The add-ons under an agreement.
    pub struct AddonLoadRow { pub active: i64, pub free: i64 }
}

sql!(LISTS = "SELECT code, name, channel, addon_rule, version FROM price_lists ORDER BY channel DESC, code", ListRow);
sql!(
    PRICES = "SELECT x.id, x.price_list, x.product_code, p.name AS product_name, p.kind AS product_kind, x.valid_from_at, x.net_cents, x.vat_bp \
     FROM prices x JOIN products p ON p.code = x.product_code ORDER BY x.price_list, p.position, p.code, x.valid_from_at DESC",
    DatedPriceRow
);
sql!(
    PRICES_OF = "SELECT x.id, x.price_list, x.product_code, p.name AS product_name, p.kind AS product_kind, x.valid_from_at, x.net_cents, x.vat_bp \
     FROM prices x JOIN products p ON p.code = x.product_code WHERE x.price_list = $1 AND x.product_code = $2 ORDER BY x.valid_from_at DESC",
    DatedPriceRow
);
sql!(CARTS = "SELECT COUNT(*) FROM carts WHERE plan_code = $1 AND order_id IS NULL AND expires_at > $2", i64);
sql!(
    RETAIL_IMPACT = "SELECT COUNT(*) AS holding, \
     CAST(COALESCE(SUM(CASE WHEN t.end_day >= $2 AND t.end_day < $3 THEN 1 ELSE 0 END), 0) AS BIGINT) AS renewals, \
     CAST(COALESCE(SUM(CASE WHEN t.end_day >= $2 AND t.end_day < $3 THEN t.years ELSE 0 END), 0) AS BIGINT) AS units \
     FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id \
     WHERE m.plan_code = $1 AND m.state IN ('activating', 'active', 'expired') AND NOT EXISTS (SELECT 1 FROM agreement_mailboxes g WHERE g.mailbox_id = m.id)",
    ImpactRow
);
sql!(
    AGREEMENT_IMPACT = "SELECT COUNT(*) AS holding, \
     CAST(COALESCE(SUM(CASE WHEN t.end_day >= $3 AND t.end_day < $4 THEN 1 ELSE 0 END), 0) AS BIGINT) AS renewals, \
     CAST(COALESCE(SUM(CASE WHEN t.end_day >= $3 AND t.end_day < $4 THEN a.years ELSE 0 END), 0) AS BIGINT) AS units \
     FROM agreements a JOIN agreement_mailboxes g ON g.agreement_code = a.code JOIN mailboxes m ON m.id = g.mailbox_id JOIN terms t ON t.mailbox_id = m.id \
     WHERE a.price_list = $1 AND m.plan_code = $2 AND m.state IN ('activating', 'active', 'expired')",
    ImpactRow
);
sql!(
    ADDON_IMPACT = "SELECT COUNT(*) AS holding, \
     CAST(COALESCE(SUM(CASE WHEN end_day >= $3 AND end_day < $4 THEN 1 ELSE 0 END), 0) AS BIGINT) AS renewals, \
     CAST(COALESCE(SUM(CASE WHEN end_day >= $3 AND end_day < $4 THEN gb ELSE 0 END), 0) AS BIGINT) AS units \
     FROM addons WHERE price_list = $1 AND service = $2 AND state = 'active'",
    ImpactRow
);
sql!(
    AGREEMENTS = "SELECT a.code, a.body_name, a.domain, a.valid_from_day, a.valid_until_day, a.purchases, a.renewals, a.price_list, a.renewal_kind, a.years, a.mailbox_quota, p.display_name AS body_record \
     FROM agreements a LEFT JOIN parties p ON p.id = a.body_party_id ORDER BY a.code",
    AgreementLineRow
);
sql!(
    AGREEMENT = "SELECT a.code, a.body_name, a.domain, a.valid_from_day, a.valid_until_day, a.purchases, a.renewals, a.price_list, a.renewal_kind, a.years, a.mailbox_quota, p.display_name AS body_record \
     FROM agreements a LEFT JOIN parties p ON p.id = a.body_party_id WHERE a.code = $1",
    AgreementLineRow
);
sql!(
    VERSIONS = "SELECT from_day, valid_until_day, purchases, renewals, price_list, renewal_kind, years, mailbox_quota, made_at, begun_at FROM agreement_versions \
     WHERE agreement_code = $1 ORDER BY from_day DESC",
    VersionRow
);
sql!(
    LOAD = "SELECT m.plan_code, COUNT(*) AS mailboxes, CAST(SUM(CASE WHEN t.end_day >= $2 AND t.end_day < $3 THEN 1 ELSE 0 END) AS BIGINT) AS renewals \
     FROM agreement_mailboxes g JOIN mailboxes m ON m.id = g.mailbox_id JOIN terms t ON t.mailbox_id = m.id \
     WHERE g.agreement_code = $1 AND m.state IN ('activating', 'active', 'expired') GROUP BY m.plan_code ORDER BY m.plan_code",
    PlanLoadRow
);
sql!(
    ADDON_LOAD = "SELECT COUNT(*) AS active, CAST(COALESCE(SUM(CASE WHEN d.free THEN 1 ELSE 0 END), 0) AS BIGINT) AS free \
     FROM addons d JOIN agreement_mailboxes g ON g.mailbox_id = d.mailbox_id WHERE g.agreement_code = $1 AND d.state = 'active'",
    AddonLoadRow
);
sql!(
    INSERT_VERSION = "INSERT INTO agreement_versions (agreement_code, from_day, valid_until_day, purchases, renewals, price_list, renewal_kind, years, mailbox_quota, made_at, operator_id, begun_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)"
);
sql!(
    /// The last version whose day has come.
    BEGIN = "UPDATE agreements SET (valid_until_day, purchases, renewals, price_list, renewal_kind, years, mailbox_quota) = \
     (SELECT v.valid_until_day, v.purchases, v.renewals, v.price_list, v.renewal_kind, v.years, v.mailbox_quota FROM agreement_versions v \
     WHERE v.agreement_code = $1 AND v.from_day <= $2 ORDER BY v.from_day DESC LIMIT 1) \
     WHERE code = $1 AND EXISTS (SELECT 1 FROM agreement_versions v WHERE v.agreement_code = $1 AND v.from_day <= $2 AND v.begun_at IS NULL)"
);
sql!(
    BEGUN =
        "UPDATE agreement_versions SET begun_at = $3 WHERE agreement_code = $1 AND from_day <= $2 AND begun_at IS NULL"
);
sql!(DOMAINS = "SELECT name FROM mail_domains WHERE served ORDER BY position, name", String);

/// The domains that are served, sold to everybody or not.
pub async fn domains(q: &mut impl Query) -> Result<Vec<String>> {
    q.all(&DOMAINS, args![]).await
}
/// Whether mailboxes can stand on this domain.
pub async fn served_domain(q: &mut impl Query, name: &str) -> Result<bool> {
    Ok(domains(q).await?.iter().any(|d| d == name))
}
/// All price lists.
pub async fn lists(q: &mut impl Query) -> Result<Vec<ListRow>> {
    q.all(&LISTS, args![]).await
}
/// All prices, by list and product, the latest first.
pub async fn prices(q: &mut impl Query) -> Result<Vec<DatedPriceRow>> {
    q.all(&PRICES, args![]).await
}
/// The prices of a product in a list, the latest first.
pub async fn prices_of(q: &mut impl Query, list: &str, product: &str) -> Result<Vec<DatedPriceRow>> {
    q.all(&PRICES_OF, args![list, product]).await
}
/// Carts with this plan that are not confirmed yet.
pub async fn open_carts(q: &mut impl Query, plan: &str, now: Timestamp) -> Result<i64> {
    q.one(&CARTS, args![plan, now]).await
}
/// Whom a new price of a plan concerns that is sold to everybody; renewals from the first day to before the second.
pub async fn retail_impact(q: &mut impl Query, plan: &str, days: (Date, Date)) -> Result<ImpactRow> {
    q.one(&RETAIL_IMPACT, args![plan, days.0, days.1]).await
}
/// The same for a plan of the list of agreements.
pub async fn agreement_impact(q: &mut impl Query, list: &str, plan: &str, days: (Date, Date)) -> Result<ImpactRow> {
    q.one(&AGREEMENT_IMPACT, args![list, plan, days.0, days.1]).await
}
/// The same for an add-on.
pub async fn addon_impact(q: &mut impl Query, list: &str, service: &str, days: (Date, Date)) -> Result<ImpactRow> {
    q.one(&ADDON_IMPACT, args![list, service, days.0, days.1]).await
}
/// All agreements.
pub async fn agreements(q: &mut impl Query) -> Result<Vec<AgreementLineRow>> {
    q.all(&AGREEMENTS, args![]).await
}
/// One of them.
pub async fn agreement(q: &mut impl Query, code: &str) -> Result<Option<AgreementLineRow>> {
    q.opt(&AGREEMENT, args![code]).await
}
/// The changes of an agreement, the latest first.
pub async fn versions(q: &mut impl Query, code: &str) -> Result<Vec<VersionRow>> {
    q.all(&VERSIONS, args![code]).await
}
/// The mailboxes of an agreement by plan, and how many end from the first day to before the second.
pub async fn load(q: &mut impl Query, code: &str, days: (Date, Date)) -> Result<Vec<PlanLoadRow>> {
    q.all(&LOAD, args![code, days.0, days.1]).await
}
/// The add-ons of its mailboxes.
pub async fn addon_load(q: &mut impl Query, code: &str) -> Result<AddonLoadRow> {
    q.one(&ADDON_LOAD, args![code]).await
}

/// A change of an agreement to be kept.
#[derive(Clone, Debug)]
pub struct NewVersion {
    pub agreement: String,
    pub from: Date,
    pub until: Option<Date>,
    pub purchases: bool,
    pub renewals: bool,
    pub price_list: String,
    pub renewal_kind: String,
    pub years: i64,
    pub mailbox_quota: Option<i64>,
}

/// Keeps a change.
///
/// # Errors
/// `Duplicate` when another one begins on the same day.
pub async fn insert_version(
    tx: &mut WriteTx,
    v: &NewVersion,
    at: Timestamp,
    operator: Option<OperatorId>,
) -> Result<()> {
    let row = args![
        &v.agreement,
        v.from,
        v.until,
        v.purchases,
        v.renewals,
        &v.price_list,
        &v.renewal_kind,
        v.years,
        v.mailbox_quota,
        at,
        operator
    ];
    tx.exactly_one(&INSERT_VERSION, row).await
}

/// Puts in force what has begun by this day; answers whether anything had.
pub async fn begin_versions(tx: &mut WriteTx, agreement: &str, day: Date, at: Timestamp) -> Result<bool> {
    let changed = tx.run(&BEGIN, args![agreement, day]).await?;
    tx.run(&BEGUN, args![agreement, day, at]).await?;
    Ok(changed == 1)
}
