//! What price lists sell beside mailboxes, each offer from a day on, and whom a change of one concerns.

use domain::{
    id::OperatorId,
    time::{Date, Timestamp},
};

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// So many GB of an add-on in all for a mailbox of a plan, from a day on.
    pub struct DatedOfferRow {
        pub price_list: String,
        pub plan_code: String,
        pub plan_name: String,
        pub service: String,
        pub service_name: String,
        pub from_day: Date,
        /// None is no longer sold.
        pub max_gb: i64,
        pub made_at: Timestamp,
    }
}
row! {
    /// Whom an offer concerns.
    pub struct OfferImpactRow {
        /// Mailboxes of the plan to which the list sells.
        pub mailboxes: i64,
        /// Of these, those that have the add-on, and how many of it there are.
        pub holding: i64,
        pub addons: i64,
        /// Mailboxes that have more than the asked GB, and those of them that end on the asked days.
        pub above: i64,
        pub renewals: i64,
    }
}

macro_rules! offers {
    ($rest:literal) => {
        concat!(
            "SELECT o.price_list, o.plan_code, p.name AS plan_name, o.service, s.name AS service_name, o.from_day, o.max_gb, o.made_at \
             FROM dated_offers o JOIN products p ON p.code = o.plan_code JOIN products s ON s.code = o.service ",
            $rest
        )
    };
}
sql!(ALL = offers!("ORDER BY o.price_list, p.position, p.code, s.position, s.code, o.from_day DESC"), DatedOfferRow);
sql!(
    OF = offers!("WHERE o.price_list = $1 AND o.plan_code = $2 AND o.service = $3 ORDER BY o.from_day DESC"),
    DatedOfferRow
);

/// The counts over the mailboxes `x` that another text finds.
macro_rules! impact {
    ($gb:literal, $from:literal, $until:literal, $mailboxes:literal) => {
        concat!(
            "SELECT COUNT(*) AS mailboxes, CAST(COALESCE(SUM(CASE WHEN x.gb > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS holding, \
             CAST(COALESCE(SUM(x.addons), 0) AS BIGINT) AS addons, CAST(COALESCE(SUM(CASE WHEN x.gb > ", $gb, " THEN 1 ELSE 0 END), 0) AS BIGINT) AS above, \
             CAST(COALESCE(SUM(CASE WHEN x.gb > ", $gb, " AND x.end_day >= ", $from, " AND x.end_day < ", $until, " THEN 1 ELSE 0 END), 0) AS BIGINT) AS renewals \
             FROM (SELECT m.id, t.end_day, CAST(COALESCE(SUM(d.gb), 0) AS BIGINT) AS gb, COUNT(d.id) AS addons FROM ",
            $mailboxes,
            " AND m.state IN ('activating', 'active', 'expired') GROUP BY m.id, t.end_day) AS x"
        )
    };
}
sql!(
    AGREEMENT_IMPACT = impact!(
        "$4",
        "$5",
        "$6",
        "agreements a JOIN agreement_mailboxes g ON g.agreement_code = a.code JOIN mailboxes m ON m.id = g.mailbox_id JOIN terms t ON t.mailbox_id = m.id \
         LEFT JOIN addons d ON d.mailbox_id = m.id AND d.service = $3 AND d.state = 'active' WHERE a.price_list = $1 AND m.plan_code = $2"
    ),
    OfferImpactRow
);
sql!(
    RETAIL_IMPACT = impact!(
        "$3",
        "$4",
        "$5",
        "mailboxes m JOIN terms t ON t.mailbox_id = m.id LEFT JOIN addons d ON d.mailbox_id = m.id AND d.service = $2 AND d.state = 'active' \
         WHERE m.plan_code = $1 AND NOT EXISTS (SELECT 1 FROM agreement_mailboxes g WHERE g.mailbox_id = m.id)"
    ),
    OfferImpactRow
);
sql!(AGREEMENTS = "SELECT COUNT(*) FROM agreements WHERE price_list = $1", i64);
sql!(
    PUT = "INSERT INTO dated_offers (price_list, plan_code, service, from_day, max_gb, made_at, operator_id) VALUES ($1, $2, $3, $4, $5, $6, $7) \
     ON CONFLICT (price_list, plan_code, service, from_day) DO NOTHING"
);
sql!(
    /// What is in force in a list on a day, into another that has nothing yet.
    COPY = "INSERT INTO dated_offers (price_list, plan_code, service, from_day, max_gb, made_at, operator_id) \
     SELECT $2, o.plan_code, o.service, CAST($3 AS BIGINT), o.max_gb, CAST($4 AS BIGINT), $5 FROM dated_offers o WHERE o.price_list = $1 AND o.max_gb > 0 AND o.from_day = \
     (SELECT MAX(v.from_day) FROM dated_offers v WHERE v.price_list = o.price_list AND v.plan_code = o.plan_code AND v.service = o.service AND v.from_day <= $3)"
);
sql!(
    TAKE_BACK = "DELETE FROM dated_offers WHERE price_list = $1 AND plan_code = $2 AND service = $3 AND from_day = $4 AND from_day > $5"
);

/// An offer's list, plan and add-on.
pub type OfferKey<'a> = (&'a str, &'a str, &'a str);

/// All offers with their history, by list, plan and add-on, the latest first.
pub async fn all(q: &mut impl Query) -> Result<Vec<DatedOfferRow>> {
    q.all(&ALL, args![]).await
}
/// The history of one, the latest first.
pub async fn of(q: &mut impl Query, (list, plan, service): OfferKey<'_>) -> Result<Vec<DatedOfferRow>> {
    q.all(&OF, args![list, plan, service]).await
}
/// Agreements that stand under a list.
pub async fn agreements(q: &mut impl Query, list: &str) -> Result<i64> {
    q.one(&AGREEMENTS, args![list]).await
}
/// Whom an offer of a list of agreements concerns, when it is `max_gb`; renewals from the first day to before the second.
pub async fn agreement_impact(
    q: &mut impl Query,
    (list, plan, service): OfferKey<'_>,
    max_gb: i64,
    days: (Date, Date),
) -> Result<OfferImpactRow> {
    q.one(&AGREEMENT_IMPACT, args![list, plan, service, max_gb, days.0, days.1]).await
}
/// The same for the list of everybody.
pub async fn retail_impact(
    q: &mut impl Query,
    (_, plan, service): OfferKey<'_>,
    max_gb: i64,
    days: (Date, Date),
) -> Result<OfferImpactRow> {
    q.one(&RETAIL_IMPACT, args![plan, service, max_gb, days.0, days.1]).await
}
/// Keeps an offer; 0 when there is one from that very day.
pub async fn put(
    tx: &mut WriteTx,
    (list, plan, service): OfferKey<'_>,
    (from, max_gb): (Date, i64),
    at: Timestamp,
    operator: Option<OperatorId>,
) -> Result<u64> {
    tx.run(&PUT, args![list, plan, service, from, max_gb, at, operator]).await
}
/// Copies what a list sells on a day into a new one; answers how many offers there were.
pub async fn copy(
    tx: &mut WriteTx,
    (source, list): (&str, &str),
    day: Date,
    at: Timestamp,
    operator: Option<OperatorId>,
) -> Result<u64> {
    tx.run(&COPY, args![source, list, day, at, operator]).await
}
/// Takes back an offer that begins after `today`; 0 when there is none.
pub async fn take_back(tx: &mut WriteTx, (list, plan, service): OfferKey<'_>, from: Date, today: Date) -> Result<u64> {
    tx.run(&TAKE_BACK, args![list, plan, service, from, today]).await
}
