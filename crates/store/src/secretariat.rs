//! What the secretariat of a body sees: its agreements, and its members' mailboxes without anything that is theirs
//! alone (credit, passwords, contacts).

use domain::{
    agreement::{RenewalKind, Validity},
    id::{MailboxId, PartyId},
    renewal::{ServiceKind, Way, calendar},
    time::Date,
};
use sea_query::{Expr, Order};

use crate::{
    EngineKind, P, Query, Result, WriteTx, args,
    lists::{From, List, beside, contains, small},
    row, sql,
};

row! {
    /// An agreement of the body.
    pub struct BodyAgreementRow {
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
    }
}
row! {
    /// How many mailboxes an agreement has.
    pub struct CountsRow {
        /// Those that live.
        pub mailboxes: i64,
        /// Of these, those that end by the asked day or have ended.
        pub ending: i64,
    }
}
impl BodyAgreementRow {
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
    /// A member's mailbox in the list and on its page.
    pub struct BodyMailboxRow {
        pub id: MailboxId,
        pub address: String,
        pub holder_name: String,
        pub holder_tax_key: String,
        pub plan_code: String,
        pub plan_name: String,
        pub state: String,
        pub start_day: Date,
        pub end_day: Date,
        pub years: i64,
        pub renewal_kind: String,
        /// Its holder gave notice for the end of the period.
        pub notice: bool,
    }
}
row! {
    /// A plan that stands in a price list.
    pub struct PlanNameRow { pub code: String, pub name: String }
}

macro_rules! agreement {
    ($condition:literal) => {
        concat!(
            "SELECT a.code, a.body_name, a.domain, a.valid_from_day, a.valid_until_day, a.purchases, a.renewals, a.price_list, a.renewal_kind, a.years, a.mailbox_quota FROM agreements a WHERE a.body_party_id = $1",
            $condition
        )
    };
}
sql!(OF_BODY = agreement!(" ORDER BY a.code"), BodyAgreementRow);
sql!(ONE_OF_BODY = agreement!(" AND a.code = $2"), BodyAgreementRow);
// As in the notices of expiry: SQLite asks of each end only whether it is an exception.
macro_rules! counts {
    ($index:literal, $ending:literal) => {
        concat!(
            "SELECT (SELECT COUNT(*) FROM mailboxes m",
            $index,
            " WHERE m.agreement_code = $1 AND m.state IN ('activating', 'active', 'expired')) AS mailboxes, \
             (SELECT COUNT(*) FROM terms t WHERE t.agreement_code = $1 AND t.end_day <= $2 AND ",
            $ending,
            ") AS ending"
        )
    };
}
sql!(
    /// Both along an index that holds what is asked.
    COUNTS = sqlite counts!(
        " INDEXED BY mailboxes_agreement_state",
        "NOT EXISTS (SELECT 1 FROM mailboxes x INDEXED BY mailboxes_gone WHERE x.id = t.mailbox_id AND x.state NOT IN ('active','expired'))"
    ),
    postgres counts!("", "EXISTS (SELECT 1 FROM mailboxes x WHERE x.id = t.mailbox_id AND x.state IN ('active','expired'))"),
    CountsRow
);
sql!(
    ENDING_UP_TO =
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM terms WHERE agreement_code = $1 AND end_day <= $2 LIMIT $3) found",
    i64
);
sql!(
    MAILBOX = "SELECT m.id, m.address, m.holder_name, m.holder_tax_key, m.plan_code, p.name AS plan_name, m.state, t.start_day, t.end_day, t.years, g.renewal_kind, t.notice \
     FROM agreement_mailboxes g JOIN mailboxes m ON m.id = g.mailbox_id JOIN products p ON p.code = m.plan_code JOIN terms t ON t.mailbox_id = m.id \
     WHERE g.mailbox_id = $1 AND g.agreement_code = $2",
    BodyMailboxRow
);
sql!(
    PLANS = "SELECT p.code, p.name FROM products p WHERE p.kind = 'mailbox_plan' AND EXISTS (SELECT 1 FROM prices x WHERE x.price_list = $1 AND x.product_code = p.code) ORDER BY p.position, p.code",
    PlanNameRow
);
sql!(
    SET_RENEWAL = "UPDATE agreement_mailboxes SET renewal_kind = $3 WHERE mailbox_id = $1 AND agreement_code = $2 AND renewal_kind <> $3"
);
sql!(SET_AUTO_RENEW = "UPDATE terms SET auto_renew = $2 WHERE mailbox_id = $1");
sql!(
    /// What is parked too: it may be open again.
    SET_WAY = "UPDATE obligations SET way = $3, due_day = $4 WHERE service_id = $1 AND period_start = $2 AND state IN ('open', 'parked')"
);

/// The agreements of a body.
pub async fn of_body(q: &mut impl Query, body: PartyId) -> Result<Vec<BodyAgreementRow>> {
    q.all(&OF_BODY, args![body]).await
}

/// One of them.
pub async fn one_of_body(q: &mut impl Query, body: PartyId, code: &str) -> Result<Option<BodyAgreementRow>> {
    q.opt(&ONE_OF_BODY, args![body, code]).await
}

/// How many mailboxes an agreement has, and how many of them end by a day.
pub async fn counts(q: &mut impl Query, agreement: &str, ending_by: Date) -> Result<CountsRow> {
    q.one(&COUNTS, args![agreement, ending_by]).await
}

/// A mailbox of an agreement.
pub async fn mailbox(q: &mut impl Query, id: MailboxId, agreement: &str) -> Result<Option<BodyMailboxRow>> {
    q.opt(&MAILBOX, args![id, agreement]).await
}

/// The plans of a price list.
pub async fn plans(q: &mut impl Query, list: &str) -> Result<Vec<PlanNameRow>> {
    q.all(&PLANS, args![list]).await
}

/// Says who renews a mailbox that is paid until `end`, and where the money for it will come from; 0 when it is so
/// already.
///
/// # Errors
/// The store's.
pub async fn set_renewal(
    tx: &mut WriteTx,
    id: MailboxId,
    agreement: &str,
    kind: RenewalKind,
    (way, end): (Way, Date),
) -> Result<u64> {
    let changed = tx.run(&SET_RENEWAL, args![id, agreement, kind.as_str()]).await?;
    if changed == 1 {
        tx.exactly_one(&SET_AUTO_RENEW, args![id, kind == RenewalKind::ByBody]).await?;
        let due = calendar::first_due(ServiceKind::Mailbox, way, end);
        tx.run(&SET_WAY, args![id, calendar::period_start(end), way.as_str(), due]).await?;
    }
    Ok(changed)
}

/// Which members' mailboxes are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyFilter {
    /// Part of the address or of the member's name, or the beginning of a fiscal code.
    pub search: String,
    pub state: Option<String>,
    pub plan: Option<String>,
    pub renewal: Option<String>,
    /// Active or expired ones whose period ends by this day.
    pub ending_by: Option<Date>,
}

/// So many rows are found first and sorted; where there are more, enough of them stand on every stretch of the list.
const FEW: i64 = 2_000;

/// By what the rows of a page are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Along {
    /// All of the agreement, in the order of the list.
    Addresses,
    /// Those of a renewal type, in the same order.
    Kind,
    /// The few that end by a day.
    Ends,
}

/// A page of the mailboxes of an agreement, by address; one row more than `limit` tells that there are others.
pub async fn mailboxes(
    q: &mut impl Query,
    agreement: &str,
    filter: &BodyFilter,
    from: From<(&str, MailboxId)>,
    limit: u64,
) -> Result<Vec<BodyMailboxRow>> {
    let few = match filter.ending_by {
        Some(day) => q.one(&ENDING_UP_TO, args![agreement, day, FEW + 1]).await? <= FEW,
        None => false,
    };
    let along = match (few, &filter.renewal) {
        (true, _) => Along::Ends,
        (false, Some(_)) => Along::Kind,
        (false, None) => Along::Addresses,
    };
    let search = contains(&filter.search);
    let (text, args) = mailboxes_text((q.engine(), along), agreement, filter, &search, from, limit);
    q.all_text(&text, &args).await
}

fn mailboxes_text<'a>(
    (engine, along): (EngineKind, Along),
    agreement: &'a str,
    filter: &'a BodyFilter,
    search: &'a str,
    from: From<(&'a str, MailboxId)>,
    limit: u64,
) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 12] = [
        "m.id",
        "m.address",
        "m.holder_name",
        "m.holder_tax_key",
        "m.plan_code",
        "p.name AS plan_name",
        "m.state",
        "t.start_day",
        "t.end_day",
        "t.years",
        "g.renewal_kind",
        "t.notice",
    ];
    let mut list = List::new(&COLUMNS, "mailboxes", "m");
    list.join("products", "p", "p.code = m.plan_code");
    list.join("terms", "t", "t.mailbox_id = m.id");
    list.join("agreement_mailboxes", "g", "g.mailbox_id = m.id");
    let (whose, address, id) = match along {
        Along::Addresses => ("m.agreement_code = ?", "m.address", "m.id"),
        Along::Kind => ("g.agreement_code = ?", "g.address", "g.mailbox_id"),
        Along::Ends => ("t.agreement_code = ?", "m.address", "m.id"),
    };
    list.only(whose, [P::T(agreement)]);
    if search.len() > 2 {
        let columns = ["m.address".to_owned(), small(engine, "m.holder_name"), small(engine, "m.holder_tax_key")];
        let like = columns.map(|c| format!("{c} LIKE ? ESCAPE '\\'")).join(" OR ");
        // Of a fiscal code its beginning.
        list.only(&format!("({like})"), [P::T(search), P::T(search), P::T(&search[1..])]);
    }
    let (state, plan) = (beside(engine, "m.state"), beside(engine, "m.plan_code"));
    let words = [(&*state, &filter.state), (&*plan, &filter.plan), ("g.renewal_kind", &filter.renewal)];
    for (column, value) in words {
        if let Some(value) = value {
            list.only(&format!("{column} = ?"), [P::T(value)]);
        }
    }
    if let Some(day) = filter.ending_by {
        let end = if along == Along::Ends { "t.end_day <= ?" } else { "t.end_day + 0 <= ?" };
        list.only(end, [day.into()]);
        list.only(&format!("{state} IN ('active', 'expired')"), []);
    }
    if let Some((last, its_id)) = from.key() {
        let sign = if from.backwards() { "<" } else { ">" };
        list.only(&format!("({address}, {id}) {sign} (?, ?)"), [P::T(last), its_id.into()]);
    }
    let order = if from.backwards() { Order::Desc } else { Order::Asc };
    list.select.order_by_expr(Expr::cust(address), order.clone());
    list.select.order_by_expr(Expr::cust(id), order).limit(limit + 1);
    list.done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lists_test, testing};

    async fn plan(along: Along, filter: &BodyFilter) -> Vec<String> {
        let db = testing::fresh(EngineKind::Sqlite).await;
        let from = From::After(("a@b", MailboxId::from_uuid(uuid::Uuid::nil())));
        let (text, args) = mailboxes_text((EngineKind::Sqlite, along), "ORDGEO", filter, "%rossi%", from, 25);
        let plan: Vec<(i64, i64, i64, String)> =
            db.store.clone().all_text(&format!("EXPLAIN QUERY PLAN {text}"), &args).await.unwrap();
        plan.into_iter().map(|row| row.3).collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_page_of_members_is_read_along_its_index() {
        let all = BodyFilter {
            search: "rossi".into(),
            state: Some("active".into()),
            plan: Some("standard".into()),
            renewal: Some("by_body".into()),
            ending_by: Some(Date::from_days(20_000)),
        };
        let none = BodyFilter::default();
        for (along, filter, index) in [
            (Along::Addresses, &none, "mailboxes_agreement (agreement_code=? AND (address,id)>(?,?))"),
            (Along::Addresses, &all, "mailboxes_agreement (agreement_code=? AND (address,id)>(?,?))"),
            (
                Along::Kind,
                &all,
                "agreement_mailboxes_kind (agreement_code=? AND renewal_kind=? AND (address,mailbox_id)>(?,?))",
            ),
            (Along::Ends, &all, "terms_agreement (agreement_code=? AND end_day<?)"),
        ] {
            let plan = plan(along, filter).await;
            assert!(plan[0].contains(index), "{plan:?}");
            // The few are sorted, the many stand in their order.
            assert_eq!(plan.iter().any(|step| step.contains("TEMP B-TREE")), along == Along::Ends, "{plan:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_counted_stands_in_the_index() {
        let db = testing::fresh(EngineKind::Sqlite).await;
        let text = format!("EXPLAIN QUERY PLAN {}", COUNTS.statement.sqlite);
        let plan: Vec<(i64, i64, i64, String)> =
            db.store.clone().all_text(&text, args!["ORDGEO", Date::from_days(20_000)]).await.unwrap();
        let searches: Vec<_> = plan.into_iter().map(|row| row.3).filter(|step| step.starts_with("SEARCH")).collect();
        assert_eq!(searches.len(), 3);
        assert!(searches.iter().all(|step| step.contains("USING COVERING INDEX")), "{searches:?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_page_of_members_is_read_along_its_index_on_postgres() {
        let db = lists_test::many_on_postgres().await;
        let filter = BodyFilter { ending_by: Some(Date::from_days(20_010)), ..BodyFilter::default() };
        let kind = BodyFilter { renewal: Some("by_body".into()), ..BodyFilter::default() };
        for (along, filter, index) in [
            (Along::Addresses, &BodyFilter::default(), "mailboxes_agreement"),
            (Along::Addresses, &filter, "mailboxes_agreement"),
            (Along::Kind, &kind, "agreement_mailboxes_kind"),
            (Along::Ends, &filter, "terms_agreement"),
        ] {
            let (text, args) = mailboxes_text((EngineKind::Postgres, along), "A1", filter, "%%", From::Start, 25);
            let told: Vec<String> = db.store.clone().all_text(&format!("EXPLAIN {text}"), &args).await.unwrap();
            assert!(told.iter().any(|step| step.contains(index)), "{index}: {told:#?}");
            let whole = |s: &String| s.contains("Seq Scan on mailboxes") || s.contains("Seq Scan on terms");
            assert!(!told.iter().any(whole), "{told:#?}");
        }
    }
}
