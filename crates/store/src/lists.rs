//! The filterable lists of the customer area. Their text is made at run time by sea-query, their
//! values stay bound by number; pages go by keyset, so that the millionth row costs what the first does.

use domain::{
    id::{LoginId, MailboxId, OperationId, OrderId, PartyId},
    time::{Date, Timestamp},
};
use sea_query::{Expr, JoinType, Order, PostgresQueryBuilder, Query as Text, SelectStatement};

use crate::{EngineKind, P, Query, Result, mailboxes::MailboxListRow, operations::OperationRow, orders::OrderListRow};

/// From where a page goes on, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From<K> {
    Start,
    /// Rows after this one.
    After(K),
    /// Rows before this one, for the way back.
    Before(K),
}
impl<K: Copy> From<K> {
    pub(crate) fn key(self) -> Option<K> {
        match self {
            From::Start => None,
            From::After(k) | From::Before(k) => Some(k),
        }
    }
    pub(crate) fn backwards(self) -> bool {
        matches!(self, From::Before(_))
    }
}

/// A text being made, with its values.
pub(crate) struct List<'a> {
    pub(crate) select: SelectStatement,
    args: Vec<P<'a>>,
}
impl<'a> List<'a> {
    pub(crate) fn new(columns: &[&'static str], table: &'static str, short: &'static str) -> Self {
        let mut select = Text::select();
        select.exprs(columns.iter().map(|c| Expr::cust(*c))).from_as(table, short);
        Self { select, args: Vec::new() }
    }
    pub(crate) fn join(&mut self, table: &'static str, short: &'static str, on: &'static str) {
        self.select.join_as(JoinType::InnerJoin, table, short, Expr::cust(on));
    }
    /// A condition whose `?` become the numbers of its values.
    pub(crate) fn only(&mut self, condition: &str, values: impl IntoIterator<Item = P<'a>>) {
        let mut pieces = condition.split('?');
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for (value, piece) in values.into_iter().zip(pieces) {
            self.args.push(value);
            text += &format!("${}{piece}", self.args.len());
        }
        self.select.and_where(Expr::cust(text));
    }
    /// The text and its values. What sea-query holds may not cross an await.
    pub(crate) fn done(self) -> (String, Vec<P<'a>>) {
        (self.select.to_string(PostgresQueryBuilder), self.args)
    }
}

/// `%marco\_1%`: found anywhere, with the signs of LIKE taken literally.
pub(crate) fn contains(typed: &str) -> String {
    let mut out = String::from("%");
    for c in typed.trim().chars().flat_map(char::to_lowercase) {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('%');
    out
}

/// A column that no index of its own is taken for: another one holds it, in the order of the list.
pub(crate) fn beside(engine: EngineKind, column: &str) -> String {
    match engine {
        EngineKind::Sqlite => format!("+{column}"),
        EngineKind::Postgres => format!("{column} || ''"),
    }
}
/// A column in small letters, to be compared by LIKE: that of SQLite takes large and small ones of ASCII for the same.
pub(crate) fn small(engine: EngineKind, column: &str) -> String {
    match engine {
        EngineKind::Sqlite => column.to_owned(),
        EngineKind::Postgres => format!("LOWER({column})"),
    }
}

/// Which mailboxes are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailboxFilter {
    /// Part of the address or of the holder's name.
    pub search: String,
    pub state: Option<String>,
    pub plan: Option<String>,
    /// `account` for the own ones, `profile` for those of other holders.
    pub holder_kind: Option<String>,
    /// Living ones whose holder gave notice.
    pub noticed: bool,
    /// Active ones whose period ends by this day.
    pub expiring_by: Option<Date>,
    /// The last to expire first.
    pub descending: bool,
}
impl MailboxFilter {
    /// Adds what is asked of the rows of mailboxes; answers whether anything is.
    fn narrow<'a>(&'a self, engine: EngineKind, list: &mut List<'a>, search: &'a str) -> bool {
        let searched = search.len() > 2;
        if searched {
            let name = small(engine, "m.holder_name");
            let like = format!("(m.address LIKE ? ESCAPE '\\' OR {name} LIKE ? ESCAPE '\\')");
            list.only(&like, [P::T(search), P::T(search)]);
        }
        let words = [("m.state", &self.state), ("m.plan_code", &self.plan), ("m.holder_kind", &self.holder_kind)];
        let mut any = searched;
        for (column, value) in words {
            if let Some(value) = value {
                list.only(&format!("{} = ?", beside(engine, column)), [P::T(value)]);
                any = true;
            }
        }
        any
    }
}

/// So many rows are found first and sorted; where there are more, enough of them stand on every stretch of the list.
const FEW: usize = 1_000;

/// A page of the mailboxes of a login, by the end of their period; one row more than `limit`
/// tells that there are others.
pub async fn mailboxes(
    q: &mut impl Query,
    login: LoginId,
    filter: &MailboxFilter,
    from: From<(Date, MailboxId)>,
    limit: u64,
) -> Result<Vec<MailboxListRow>> {
    let (engine, search) = (q.engine(), contains(&filter.search));
    let mut few = Vec::new();
    if let Some((text, args)) = wanted_text(engine, login, filter, &search) {
        few = q.all_text::<MailboxId>(&text, &args).await?;
        if few.is_empty() {
            return Ok(Vec::new());
        }
        if few.len() > FEW {
            few.clear();
        }
    }
    let (text, args) = mailboxes_text(engine, (login, &few), filter, &search, from, limit);
    q.all_text(&text, &args).await
}

/// Those that are wanted, up to one more than are [`FEW`], along the index that holds what is asked; nothing when all are.
fn wanted_text<'a>(
    engine: EngineKind,
    login: LoginId,
    filter: &'a MailboxFilter,
    search: &'a str,
) -> Option<(String, Vec<P<'a>>)> {
    let mut list = List::new(&["m.id"], "mailboxes", "m");
    list.only("m.login_id = ?", [login.into()]);
    if !filter.narrow(engine, &mut list, search) {
        return None;
    }
    list.select.limit(FEW as u64 + 1);
    Some(list.done())
}

/// `few` are the only ones that are wanted; without any, all may be.
fn mailboxes_text<'a>(
    engine: EngineKind,
    (login, few): (LoginId, &[MailboxId]),
    filter: &'a MailboxFilter,
    search: &'a str,
    from: From<(Date, MailboxId)>,
    limit: u64,
) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 10] = [
        "m.id",
        "m.address",
        "m.plan_code",
        "p.name AS plan_name",
        "m.state",
        "m.holder_name",
        "m.holder_kind",
        "t.end_day",
        "t.auto_renew",
        "t.notice",
    ];
    let mut list = List::new(&COLUMNS, "terms", "t");
    list.join("mailboxes", "m", "m.id = t.mailbox_id");
    list.join("products", "p", "p.code = m.plan_code");
    match few {
        [] => list.only("t.login_id = ?", [login.into()]),
        few => {
            let marks = vec!["?"; few.len()].join(", ");
            list.only(&format!("t.mailbox_id IN ({marks})"), few.iter().map(|id| (*id).into()));
        }
    }
    filter.narrow(engine, &mut list, search);
    let state = beside(engine, "m.state");
    if filter.noticed {
        list.only(&format!("t.notice AND {state} IN ('active', 'expired')"), []);
    }
    if let Some(day) = filter.expiring_by {
        list.only(&format!("{state} = 'active' AND t.end_day <= ?"), [day.into()]);
    }
    let falling = filter.descending != from.backwards();
    if let Some((day, id)) = from.key() {
        let sign = if falling { "<" } else { ">" };
        list.only(&format!("(t.end_day, t.mailbox_id) {sign} (?, ?)"), [day.into(), id.into()]);
    }
    let order = if falling { Order::Desc } else { Order::Asc };
    list.select.order_by_expr(Expr::cust("t.end_day"), order.clone());
    list.select.order_by_expr(Expr::cust("t.mailbox_id"), order).limit(limit + 1);
    list.done()
}

/// Which orders are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Part of the number.
    pub search: String,
    pub state: Option<String>,
    /// Placed on this day or later, and on this day or earlier.
    pub placed_from: Option<Date>,
    pub placed_until: Option<Date>,
}

/// A page of the orders of a login, the newest first; one row more than `limit` tells that there are others.
pub async fn orders(
    q: &mut impl Query,
    login: LoginId,
    filter: &OrderFilter,
    from: From<(Timestamp, OrderId)>,
    limit: u64,
) -> Result<Vec<OrderListRow>> {
    let search = contains(&filter.search);
    let (text, args) = orders_text(q.engine(), login, filter, &search, from, limit);
    q.all_text(&text, &args).await
}

fn orders_text<'a>(
    engine: EngineKind,
    login: LoginId,
    filter: &'a OrderFilter,
    search: &'a str,
    from: From<(Timestamp, OrderId)>,
    limit: u64,
) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 7] = [
        "o.id",
        "o.number",
        "o.kind",
        "o.state",
        "o.placed_at",
        "o.gross_cents",
        "(SELECT COUNT(*) FROM order_mailboxes om WHERE om.order_id = o.id) AS mailboxes",
    ];
    let mut list = List::new(&COLUMNS, "orders", "o");
    list.only("o.login_id = ?", [login.into()]);
    if search.len() > 2 {
        list.only("o.number LIKE ? ESCAPE '\\'", [P::T(search)]);
    }
    if let Some(state) = &filter.state {
        list.only(&format!("{} = ?", beside(engine, "o.state")), [P::T(state)]);
    }
    if let Some(day) = filter.placed_from {
        list.only("o.placed_at >= ?", [day.start().into()]);
    }
    if let Some(day) = filter.placed_until {
        list.only("o.placed_at < ?", [day.plus_days(1).start().into()]);
    }
    if let Some((at, id)) = from.key() {
        let sign = if from.backwards() { ">" } else { "<" };
        list.only(&format!("(o.placed_at, o.id) {sign} (?, ?)"), [at.into(), id.into()]);
    }
    let order = if from.backwards() { Order::Asc } else { Order::Desc };
    list.select.order_by_expr(Expr::cust("o.placed_at"), order.clone());
    list.select.order_by_expr(Expr::cust("o.id"), order).limit(limit + 1);
    list.done()
}

/// Which outcomes are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationFilter {
    pub kind: Option<String>,
    pub outcome: Option<String>,
    /// On this day or later, and on this day or earlier.
    pub from: Option<Date>,
    pub until: Option<Date>,
}

/// A page of the outcomes of a holder, the newest first; one row more than `limit` tells that there are others.
pub async fn operations(
    q: &mut impl Query,
    party: PartyId,
    filter: &OperationFilter,
    from: From<(Timestamp, OperationId)>,
    limit: u64,
) -> Result<Vec<OperationRow>> {
    let (text, args) = operations_text(party, filter, from, limit);
    q.all_text(&text, &args).await
}

fn operations_text(
    party: PartyId,
    filter: &OperationFilter,
    from: From<(Timestamp, OperationId)>,
    limit: u64,
) -> (String, Vec<P<'_>>) {
    const COLUMNS: [&str; 8] =
        ["p.id", "p.at", "m.address", "p.kind", "p.outcome", "p.message", "p.amount_cents", "p.order_id"];
    let mut list = List::new(&COLUMNS, "operations", "p");
    list.join("mailboxes", "m", "m.id = p.mailbox_id");
    list.only("p.party_id = ?", [party.into()]);
    for (column, value) in [("p.kind = ?", &filter.kind), ("p.outcome = ?", &filter.outcome)] {
        if let Some(value) = value {
            list.only(column, [P::T(value)]);
        }
    }
    if let Some(day) = filter.from {
        list.only("p.at >= ?", [day.start().into()]);
    }
    if let Some(day) = filter.until {
        list.only("p.at < ?", [day.plus_days(1).start().into()]);
    }
    if let Some((at, id)) = from.key() {
        let sign = if from.backwards() { ">" } else { "<" };
        list.only(&format!("(p.at, p.id) {sign} (?, ?)"), [at.into(), id.into()]);
    }
    let order = if from.backwards() { Order::Asc } else { Order::Desc };
    list.select.order_by_expr(Expr::cust("p.at"), order.clone());
    list.select.order_by_expr(Expr::cust("p.id"), order).limit(limit + 1);
    list.done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EngineKind, lists_test, testing};

    async fn plan((text, args): (String, Vec<P<'_>>)) -> Vec<String> {
        let db = testing::fresh(EngineKind::Sqlite).await;
        let plan: Vec<(i64, i64, i64, String)> =
            db.store.clone().all_text(&format!("EXPLAIN QUERY PLAN {text}"), &args).await.unwrap();
        plan.into_iter().map(|row| row.3).collect()
    }

    fn narrow() -> MailboxFilter {
        let word = |w: &str| Some(w.to_owned());
        let filter = MailboxFilter { search: "rossi".into(), state: word("active"), ..MailboxFilter::default() };
        MailboxFilter { plan: word("standard"), holder_kind: word("account"), noticed: true, ..filter }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn lists_are_read_along_an_index_that_holds_what_they_ask() {
        let (login, party) = (LoginId::from_uuid(uuid::Uuid::nil()), PartyId::from_uuid(uuid::Uuid::nil()));
        let (day, at) = (Date::from_days(20_000), Timestamp::from_micros(5));
        let (filter, from) = (narrow(), From::After((day, MailboxId::from_uuid(uuid::Uuid::nil()))));
        let lite = EngineKind::Sqlite;
        let wanted = plan(wanted_text(lite, login, &filter, "%rossi%").expect("something is asked")).await;
        assert_eq!(wanted, ["SEARCH m USING COVERING INDEX mailboxes_login (login_id=?)"]);
        let all = plan(mailboxes_text(lite, (login, &[]), &filter, "%rossi%", from, 25)).await;
        assert!(all[0].contains("terms_login (login_id=? AND (end_day,mailbox_id)>(?,?))"), "{all:?}");
        assert!(!all.iter().any(|step| step.contains("TEMP B-TREE")), "{all:?}");
        let two = [MailboxId::from_uuid(uuid::Uuid::nil()), MailboxId::from_uuid(uuid::Uuid::max())];
        let few = plan(mailboxes_text(lite, (login, &two), &filter, "%rossi%", from, 25)).await;
        // Of a mailbox and its period it matters little which comes first.
        assert!(
            few[..2].iter().all(|step| step.ends_with("_1 (id=?)") || step.ends_with("_1 (mailbox_id=?)")),
            "{few:?}"
        );
        let word = |w: &str| Some(w.to_owned());
        let asked = OrderFilter { search: "17".into(), state: word("completed"), ..OrderFilter::default() };
        let from = From::After((at, OrderId::from_uuid(uuid::Uuid::nil())));
        let orders = plan(orders_text(lite, login, &asked, "%17%", from, 25)).await;
        assert!(orders[0].contains("orders_login (login_id=? AND (placed_at,id)<(?,?))"), "{orders:?}");
        let asked = OperationFilter { kind: word("top_up"), outcome: word("ok"), ..OperationFilter::default() };
        let from = From::After((at, OperationId::from_uuid(uuid::Uuid::nil())));
        let operations = plan(operations_text(party, &asked, from, 25)).await;
        assert!(operations[0].contains("operations_party (party_id=? AND (at,id)<(?,?))"), "{operations:?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_mailboxes_of_a_customer_go_along_an_index_on_postgres() {
        let db = lists_test::many_on_postgres().await;
        let (login, filter) = (lists_test::login(1), narrow());
        let (pg, few) = (EngineKind::Postgres, [MailboxId::from_uuid(uuid::Uuid::from_u128(1))]);
        for ((text, args), index) in [
            (wanted_text(pg, login, &filter, "%rossi%").expect("something is asked"), "mailboxes_login"),
            (mailboxes_text(pg, (login, &[]), &filter, "%rossi%", From::Start, 25), "terms_login"),
            (mailboxes_text(pg, (login, &few), &filter, "%rossi%", From::Start, 25), "terms_pkey"),
        ] {
            let told: Vec<String> = db.store.clone().all_text(&format!("EXPLAIN {text}"), &args).await.unwrap();
            assert!(told.iter().any(|step| step.contains(index)), "{index}: {told:#?}");
            let whole = |s: &String| s.contains("Seq Scan on mailboxes") || s.contains("Seq Scan on terms");
            assert!(!told.iter().any(whole), "{told:#?}");
        }
    }

    #[test]
    fn signs_of_like_are_literal() {
        assert_eq!(contains(" Mario_50% "), "%mario\\_50\\%%");
        assert_eq!(contains("a\\b"), "%a\\\\b%");
        assert_eq!(contains("  "), "%%");
    }

    #[test]
    fn values_are_numbered_in_their_order() {
        let mut list = List::new(&["a"], "t", "t");
        list.only("a = ?", [P::I(1)]);
        list.only("(b, c) > (?, ?)", [P::I(2), P::I(3)]);
        let (text, args) = list.done();
        assert!(text.contains("a = $1") && text.contains("(b, c) > ($2, $3)"), "{text}");
        assert_eq!(args, [P::I(1), P::I(2), P::I(3)]);
    }
}
