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
    P, Query, Result, WriteTx, args,
    lists::{From, List, contains},
    row, sql,
};

row! {
    /// An agreement of the body with its counts.
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
        /// Mailboxes that live.
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
            "SELECT a.code, a.body_name, a.domain, a.valid_from_day, a.valid_until_day, a.purchases, a.renewals, a.price_list, a.renewal_kind, a.years, a.mailbox_quota, ",
            "(SELECT COUNT(*) FROM agreement_mailboxes g JOIN mailboxes m ON m.id = g.mailbox_id WHERE g.agreement_code = a.code AND m.state IN ('activating', 'active', 'expired')) AS mailboxes, ",
            "(SELECT COUNT(*) FROM agreement_mailboxes g JOIN mailboxes m ON m.id = g.mailbox_id JOIN terms t ON t.mailbox_id = g.mailbox_id WHERE g.agreement_code = a.code AND m.state IN ('active', 'expired') AND t.end_day <= $2) AS ending ",
            "FROM agreements a WHERE a.body_party_id = $1",
            $condition
        )
    };
}
sql!(OF_BODY = agreement!(" ORDER BY a.code"), BodyAgreementRow);
sql!(ONE_OF_BODY = agreement!(" AND a.code = $3"), BodyAgreementRow);
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

/// The agreements of a body; `ending_by` is the day for their counts.
pub async fn of_body(q: &mut impl Query, body: PartyId, ending_by: Date) -> Result<Vec<BodyAgreementRow>> {
    q.all(&OF_BODY, args![body, ending_by]).await
}

/// One of them.
pub async fn one_of_body(
    q: &mut impl Query,
    body: PartyId,
    code: &str,
    ending_by: Date,
) -> Result<Option<BodyAgreementRow>> {
    q.opt(&ONE_OF_BODY, args![body, ending_by, code]).await
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
    /// Part of the address or of the member's name, or a fiscal code.
    pub search: String,
    pub state: Option<String>,
    pub plan: Option<String>,
    pub renewal: Option<String>,
    /// Active or expired ones whose period ends by this day.
    pub ending_by: Option<Date>,
}

/// A page of the mailboxes of an agreement, by address; one row more than `limit` tells that there are others.
pub async fn mailboxes(
    q: &mut impl Query,
    agreement: &str,
    filter: &BodyFilter,
    from: From<(&str, MailboxId)>,
    limit: u64,
) -> Result<Vec<BodyMailboxRow>> {
    let search = contains(&filter.search);
    let (text, args) = mailboxes_text(agreement, filter, &search, from, limit);
    q.all_text(&text, &args).await
}

fn mailboxes_text<'a>(
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
    let mut list = List::new(&COLUMNS, "agreement_mailboxes", "g");
    list.join("mailboxes", "m", "m.id = g.mailbox_id");
    list.join("products", "p", "p.code = m.plan_code");
    list.join("terms", "t", "t.mailbox_id = g.mailbox_id");
    list.only("g.agreement_code = ?", [P::T(agreement)]);
    if search.len() > 2 {
        let like = "(g.address LIKE ? ESCAPE '\\' OR LOWER(m.holder_name) LIKE ? ESCAPE '\\' OR LOWER(m.holder_tax_key) LIKE ? ESCAPE '\\')";
        list.only(like, [P::T(search), P::T(search), P::T(search)]);
    }
    let words =
        [("m.state = ?", &filter.state), ("m.plan_code = ?", &filter.plan), ("g.renewal_kind = ?", &filter.renewal)];
    for (column, value) in words {
        if let Some(value) = value {
            list.only(column, [P::T(value)]);
        }
    }
    if let Some(day) = filter.ending_by {
        list.only("m.state IN ('active', 'expired') AND t.end_day <= ?", [day.into()]);
    }
    if let Some((address, id)) = from.key() {
        let sign = if from.backwards() { "<" } else { ">" };
        list.only(&format!("(g.address, g.mailbox_id) {sign} (?, ?)"), [P::T(address), id.into()]);
    }
    let order = if from.backwards() { Order::Desc } else { Order::Asc };
    list.select.order_by_expr(Expr::cust("g.address"), order.clone());
    list.select.order_by_expr(Expr::cust("g.mailbox_id"), order).limit(limit + 1);
    list.done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EngineKind, testing};

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_page_of_members_is_read_along_its_index() {
        let db = testing::fresh(EngineKind::Sqlite).await;
        let from = From::After(("a@b", MailboxId::from_uuid(uuid::Uuid::nil())));
        let filter = BodyFilter::default();
        let (text, args) = mailboxes_text("ORDGEO", &filter, "%%", from, 25);
        let plan: Vec<(i64, i64, i64, String)> =
            db.store.clone().all_text(&format!("EXPLAIN QUERY PLAN {text}"), &args).await.unwrap();
        let plan: Vec<_> = plan.into_iter().map(|row| row.3).collect();
        assert!(
            plan[0].contains("agreement_mailboxes_address (agreement_code=? AND (address,mailbox_id)>(?,?))"),
            "{plan:?}"
        );
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:?}");
    }
}
