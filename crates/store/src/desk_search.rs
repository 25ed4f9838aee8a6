//! What operators look for: customers, mailboxes, orders, payments. Exact, or by the beginning of a text, along an
//! index each; pages go by that text and the identifier.

use domain::{
    id::{OrderId, PartyId},
    money::Money,
    time::Timestamp,
};
use sea_query::{Expr, Order};
use uuid::Uuid;

use crate::{
    P, Query, Result, args,
    lists::{From, List},
    row, sql,
};

row! {
    /// Something that was found.
    pub struct HitRow {
        pub id: Uuid,
        /// What the list is sorted by.
        pub key: String,
        pub title: String,
        /// Name of the customer, or the fiscal code of one.
        pub whose: String,
        pub party_id: PartyId,
        pub order_id: Option<OrderId>,
        pub state: String,
        pub amount_cents: Option<Money>,
        pub at: Timestamp,
    }
}
row! {
    /// A customer whose orders or mailboxes are listed.
    pub struct CustomerRow { pub id: PartyId, pub display_name: String, pub tax_key: String, pub email: String }
}

sql!(CUSTOMER = "SELECT id, display_name, tax_key, email FROM parties WHERE id = $1", CustomerRow);

sql!(
    BEGIN_SO =
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM mailboxes WHERE address >= $1 AND address < $2 LIMIT $3) found",
    i64
);

/// How many mailboxes there are whose address begins so, counted up to `limit`.
pub async fn begin_so(q: &mut impl Query, address: &str, limit: i64) -> Result<i64> {
    let end = after(address);
    q.one(&BEGIN_SO, args![address, &end, limit]).await
}

/// A customer.
pub async fn customer(q: &mut impl Query, id: PartyId) -> Result<Option<CustomerRow>> {
    q.opt(&CUSTOMER, args![id]).await
}

/// How customers are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Customers {
    TaxKey(String),
    /// E-mail of the record, or a username.
    Address(String),
    /// The number of a username.
    Number(i64),
    /// How the name begins, in small letters.
    Name(String),
}

/// From where a page goes on: the text and the identifier of its last row.
pub type Key<'a> = From<(&'a str, Uuid)>;

/// Customers by name.
pub async fn customers(q: &mut impl Query, by: &Customers, from: Key<'_>, limit: u64) -> Result<Vec<HitRow>> {
    let end = after(if let Customers::Name(name) = by { name } else { "" });
    let (text, args) = customers_text(by, &end, from, limit);
    q.all_text(&text, &args).await
}

fn customers_text<'a>(by: &'a Customers, end: &'a str, from: Key<'a>, limit: u64) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 9] = [
        "p.id",
        "LOWER(p.display_name) AS key",
        "p.display_name AS title",
        "p.tax_key AS whose",
        "p.id AS party_id",
        "CAST(NULL AS UUID) AS order_id",
        "p.kind AS state",
        "CAST(NULL AS BIGINT) AS amount_cents",
        "p.created_at AS at",
    ];
    let mut list = List::new(&COLUMNS, "parties", "p");
    match by {
        Customers::TaxKey(key) => list.only("p.tax_key = ?", [P::T(key)]),
        Customers::Address(address) => list.only(
            "p.id IN (SELECT e.id FROM parties e WHERE e.email_key = ? UNION SELECT l.party_id FROM logins l WHERE l.username = ?)",
            [P::T(address), P::T(address)],
        ),
        Customers::Number(number) => {
            list.only("p.id IN (SELECT l.party_id FROM logins l WHERE l.number = ?)", [P::I(*number)])
        }
        Customers::Name(name) => list.only(
            "LOWER(p.display_name) >= ? AND LOWER(p.display_name) < ?",
            [P::T(name), P::T(end)],
        ),
    }
    page(list, "LOWER(p.display_name)", "p.id", from, limit)
}

/// Mailboxes whose address begins so, of one customer or of all.
pub async fn mailboxes(
    q: &mut impl Query,
    address: &str,
    party: Option<PartyId>,
    from: Key<'_>,
    limit: u64,
) -> Result<Vec<HitRow>> {
    let end = after(address);
    let (text, args) = mailboxes_text(address, &end, party, from, limit);
    q.all_text(&text, &args).await
}

fn mailboxes_text<'a>(
    address: &'a str,
    end: &'a str,
    party: Option<PartyId>,
    from: Key<'a>,
    limit: u64,
) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 9] = [
        "m.id",
        "m.address AS key",
        "m.address AS title",
        "m.holder_name AS whose",
        "m.party_id",
        "m.order_id",
        "m.state",
        "CAST(NULL AS BIGINT) AS amount_cents",
        "m.requested_at AS at",
    ];
    let mut list = List::new(&COLUMNS, "mailboxes", "m");
    begins(&mut list, "m.address", address, end);
    if let Some(party) = party {
        list.only("m.party_id = ?", [party.into()]);
    }
    page(list, "m.address", "m.id", from, limit)
}

/// Orders whose number begins so, of one customer or of all.
pub async fn orders(
    q: &mut impl Query,
    number: &str,
    party: Option<PartyId>,
    from: Key<'_>,
    limit: u64,
) -> Result<Vec<HitRow>> {
    let end = after(number);
    let (text, args) = orders_text(number, &end, party, from, limit);
    q.all_text(&text, &args).await
}

fn orders_text<'a>(
    number: &'a str,
    end: &'a str,
    party: Option<PartyId>,
    from: Key<'a>,
    limit: u64,
) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 9] = [
        "o.id",
        "o.number AS key",
        "o.number AS title",
        "(SELECT p.display_name FROM parties p WHERE p.id = o.party_id) AS whose",
        "o.party_id",
        "o.id AS order_id",
        "o.state",
        "o.gross_cents AS amount_cents",
        "o.placed_at AS at",
    ];
    let mut list = List::new(&COLUMNS, "orders", "o");
    begins(&mut list, "o.number", number, end);
    if let Some(party) = party {
        list.only("o.party_id = ?", [party.into()]);
    }
    page(list, "o.number", "o.id", from, limit)
}

/// How payments are looked for: by the gateway's name for them or the number of their order, by the bank's reference,
/// by ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payments<'a> {
    pub typed: &'a str,
    pub reference: &'a str,
    pub id: Option<Uuid>,
}

/// Payments by any of their names.
pub async fn payments(q: &mut impl Query, by: &Payments<'_>, from: Key<'_>, limit: u64) -> Result<Vec<HitRow>> {
    let (text, args) = payments_text(by, from, limit);
    q.all_text(&text, &args).await
}

fn payments_text<'a>(by: &Payments<'a>, from: Key<'a>, limit: u64) -> (String, Vec<P<'a>>) {
    const COLUMNS: [&str; 9] = [
        "a.id",
        "o.number AS key",
        "COALESCE(a.gateway_ref, a.gateway) AS title",
        "p.display_name AS whose",
        "o.party_id",
        "o.id AS order_id",
        "a.state",
        "a.amount_cents",
        "a.created_at AS at",
    ];
    let mut list = List::new(&COLUMNS, "attempts", "a");
    list.join("orders", "o", "o.id = a.order_id");
    list.join("parties", "p", "p.id = o.party_id");
    let id = by.id.unwrap_or_default();
    list.only(
        "a.id IN (SELECT x.id FROM attempts x WHERE x.gateway_ref = ? UNION SELECT b.attempt_id FROM bank_movements b WHERE b.reference = ? AND b.attempt_id IS NOT NULL \
         UNION SELECT y.id FROM orders z JOIN attempts y ON y.order_id = z.id WHERE z.number = ? UNION SELECT w.id FROM attempts w WHERE w.id = ?)",
        [P::T(by.typed), P::T(by.reference), P::T(by.typed), id.into()],
    );
    page(list, "o.number", "a.id", from, limit)
}

/// The first text behind all that begin so.
pub(crate) fn after(start: &str) -> String {
    format!("{start}\u{10FFFF}")
}

fn begins<'a>(list: &mut List<'a>, column: &str, start: &'a str, end: &'a str) {
    if !start.is_empty() {
        list.only(&format!("{column} >= ? AND {column} < ?"), [P::T(start), P::T(end)]);
    }
}

fn page<'a>(
    mut list: List<'a>,
    key: &'static str,
    id: &'static str,
    from: Key<'a>,
    limit: u64,
) -> (String, Vec<P<'a>>) {
    if let Some((text, last)) = from.key() {
        let sign = if from.backwards() { "<" } else { ">" };
        list.only(&format!("({key}, {id}) {sign} (?, ?)"), [P::T(text), last.into()]);
    }
    let order = if from.backwards() { Order::Desc } else { Order::Asc };
    list.select.order_by_expr(Expr::cust(key), order.clone());
    list.select.order_by_expr(Expr::cust(id), order).limit(limit + 1);
    list.done()
}

#[cfg(test)]
mod tests {
    use domain::id::PartyId;

    use super::*;
    use crate::{EngineKind, testing};

    /// A search, and its index on SQLite and on PostgreSQL.
    type Asked<'a> = ((String, Vec<P<'a>>), [&'static str; 2]);

    fn asked<'a>(by: &'a [Customers; 4], end: &'a str) -> Vec<Asked<'a>> {
        let party = PartyId::from_uuid(Uuid::nil());
        let on = From::After(("x", Uuid::nil()));
        let [name, tax_key, address, number] = by;
        vec![
            (customers_text(name, end, on, 30), ["parties_name"; 2]),
            (customers_text(tax_key, end, on, 30), ["sqlite_autoindex_parties_2", "parties_tax_key_key"]),
            (customers_text(address, end, on, 30), ["parties_email"; 2]),
            (customers_text(number, end, on, 30), ["sqlite_autoindex_logins_2", "logins_number_key"]),
            (mailboxes_text("x", end, None, on, 30), ["mailboxes_any_address"; 2]),
            (mailboxes_text("", end, Some(party), on, 30), ["mailboxes_party"; 2]),
            (orders_text("x", end, None, on, 30), ["sqlite_autoindex_orders_2", "orders_number_key"]),
            (orders_text("", end, Some(party), on, 30), ["orders_party_number"; 2]),
            (payments_text(&Payments { typed: "x", reference: "x", id: None }, on, 30), ["attempts_reference"; 2]),
        ]
    }
    fn by() -> [Customers; 4] {
        let x = || "x".to_owned();
        [Customers::Name(x()), Customers::TaxKey(x()), Customers::Address(x()), Customers::Number(1)]
    }

    /// Every list goes along its index, so that the millionth row costs what the first does.
    #[tokio::test]
    async fn each_search_goes_along_an_index() {
        let db = testing::fresh(EngineKind::Sqlite).await;
        let (by, end) = (by(), after("x"));
        for ((text, args), [index, _]) in asked(&by, &end) {
            let plan: Vec<(i64, i64, i64, String)> =
                db.store.all_text(&format!("EXPLAIN QUERY PLAN {text}"), &args).await.unwrap();
            let told: Vec<_> = plan.into_iter().map(|(_, _, _, step)| step).collect();
            assert!(told.iter().any(|step| step.contains(index)), "{index}: {told:#?}\n{text}");
            assert!(!told.iter().any(|step| step.starts_with("SCAN")), "{told:#?}\n{text}");
        }
    }

    /// Enough rows for PostgreSQL to prefer an index, with nothing that they refer to.
    const MANY: &str = "SET session_replication_role = replica; \
        INSERT INTO parties (id, version, kind, tax_key, display_name, first_name, last_name, email, email_key, locale, details, created_at, updated_at) \
        SELECT gen_random_uuid(), 1, 'person', 'T' || n, 'Xenia ' || n, 'Xenia', 'Rossi', 'x' || n, 'x' || n, 'it', '{}', n, n FROM generate_series(1, 20000) n; \
        INSERT INTO logins (id, version, party_id, number, username, state, created_at) SELECT gen_random_uuid(), 1, id, created_at, 'x' || created_at, 'active', 0 FROM parties; \
        INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at) \
        SELECT gen_random_uuid(), 1, 'x' || created_at, 'purchase', 'completed', 0, id, id, 1, 1, 0, 1, 'card', '{}', created_at, 0 FROM parties; \
        INSERT INTO mailboxes (id, version, address, domain, plan_code, state, state_at, party_id, login_id, order_id, holder_kind, holder_tax_key, holder_name, contact_email, space_mib, extra_space_mib, archive_mib, requested_at) \
        SELECT gen_random_uuid(), 1, 'x' || placed_at, 'd', 'p', 'active', 0, party_id, party_id, id, 'account', 'T', 'X', 'x', 1, 0, 0, 0 FROM orders; \
        INSERT INTO attempts (id, version, order_id, kind, gateway, gateway_ref, state, amount_cents, created_at, checks) \
        SELECT gen_random_uuid(), 1, id, 'checkout', 'simulated', 'x' || placed_at, 'succeeded', 1, 0, 0 FROM orders; \
        INSERT INTO bank_movements (id, version, account, reference, state, amount_cents, currency, value_day, reason, attempt_id, taken_at) \
        SELECT gen_random_uuid(), 1, 'a', gateway_ref, 'booked', 1, 'EUR', 0, 'r', id, 0 FROM attempts; \
        ANALYZE";

    #[tokio::test]
    async fn each_search_goes_along_an_index_on_postgres() {
        let db = testing::fresh(EngineKind::Postgres).await;
        let (client, connection) = tokio_postgres::connect(&db.address(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(MANY).await.unwrap();
        let (by, end) = (by(), after("x"));
        for ((text, args), [_, index]) in asked(&by, &end) {
            let told: Vec<String> = db.store.all_text(&format!("EXPLAIN {text}"), &args).await.unwrap();
            assert!(told.iter().any(|step| step.contains(index)), "{index}: {told:#?}\n{text}");
            assert!(!told.iter().any(|step| step.contains("Seq Scan")), "{told:#?}\n{text}");
        }
    }
}
