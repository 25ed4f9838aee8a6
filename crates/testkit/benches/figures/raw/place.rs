//! The rows of one placed order, written again and again with nothing around the engine.
//!
//! Which rows they are is read from an order that the product has placed, so both sides write the same.

use std::collections::HashMap;

use rusqlite::{Connection, types::Value};
use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};
use uuid::Uuid;

/// Tables that an order writes, and the column by which its rows are found.
const TABLES: &[(&str, &str)] = &[
    ("orders", "id"),
    ("order_lines", "order_id"),
    ("order_mailboxes", "order_id"),
    ("addresses", "order_id"),
    ("acceptances", "order_id"),
    ("effects", "subject_id"),
    ("audit_lines", "subject_id"),
];

/// A value of the order that was read, and what the next order has in its place.
#[derive(Clone, Debug)]
enum Slot {
    Same(Value),
    /// The n-th identifier of the order.
    Id(usize),
    /// A text that is unique: it gets a number at its end.
    Unique(String),
}

/// One row to insert.
struct Insert {
    text: String,
    slots: Vec<Slot>,
}

/// The writes of one order.
pub struct Template {
    inserts: Vec<Insert>,
    ids: usize,
    /// Identifier of the order among the ids, for the cart.
    order: usize,
}

impl Template {
    /// From the rows of an order.
    fn of(order: Uuid, rows: Vec<(&'static str, Vec<Value>)>, marks: impl Fn(usize) -> String) -> Self {
        let mut ids: HashMap<Vec<u8>, usize> = HashMap::new();
        // The first column of every table but two is the row's own identifier; so is the cart.
        for (table, values) in &rows {
            if let (Value::Blob(b), false) = (&values[0], matches!(*table, "acceptances" | "addresses")) {
                let next = ids.len();
                ids.entry(b.clone()).or_insert(next);
            }
        }
        let inserts = rows.into_iter().map(|(table, values)| {
            let places: Vec<_> = (1..=values.len()).map(&marks).collect();
            let cart = (table == "orders").then_some(8);
            let slots = values.into_iter().enumerate().map(|(column, v)| match v {
                Value::Blob(b) if cart == Some(column) => {
                    let next = ids.len();
                    Slot::Id(*ids.entry(b).or_insert(next))
                }
                Value::Blob(b) if ids.contains_key(&b) => Slot::Id(ids[&b]),
                Value::Text(t) if t.contains("@pec.example.it") && !t.starts_with('{') => Slot::Unique(t),
                Value::Text(t) if table == "orders" && column == 2 => Slot::Unique(t),
                Value::Text(t) if table == "effects" && column == 5 => Slot::Unique(t),
                v => Slot::Same(v),
            });
            Insert { text: format!("INSERT INTO {table} VALUES ({})", places.join(", ")), slots: slots.collect() }
        });
        let inserts = inserts.collect();
        let order = ids[order.as_bytes().as_slice()];
        Self { inserts, ids: ids.len(), order }
    }
    /// Identifiers for the next order.
    fn fresh(&self, serial: u64) -> Vec<Uuid> {
        let time = 0x019f_0000_0000_u128 + u128::from(serial);
        (0..self.ids as u128)
            .map(|k| Uuid::from_u128(time << 80 | 7 << 76 | 0b10 << 62 | u128::from(serial) << 8 | k))
            .collect()
    }
    pub fn rows(&self) -> usize {
        self.inserts.len() + 1
    }
}

/// On SQLite, through statements prepared once.
pub struct Lite {
    connection: Connection,
    template: Template,
    serial: u64,
}

impl Lite {
    /// Over a database in which the product has placed `order`.
    pub fn new(connection: Connection, order: Uuid) -> Self {
        connection
            .execute_batch("PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON")
            .expect("pragmas");
        connection.set_prepared_statement_cache_capacity(64);
        // As the product: without it a statement is prepared again for each value, once there are statistics.
        connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).expect("a switch");
        let mut rows = Vec::new();
        for (table, column) in TABLES {
            let text = format!(
                "SELECT * FROM {table} WHERE {column} = ?1 OR ('{column}' = 'subject_id' AND {column} IN (SELECT id FROM order_mailboxes WHERE order_id = ?1))"
            );
            let mut select = connection.prepare(&text).expect("the schema is ours");
            let width = select.column_count();
            let found = select
                .query_map([order.into_bytes()], |r| (0..width).map(|i| r.get(i)).collect::<Result<Vec<Value>, _>>());
            rows.extend(found.expect("rows").map(|r| (*table, r.expect("a row"))));
        }
        let template = Template::of(order, rows, |n| format!("?{n}"));
        Self { connection, template, serial: 0 }
    }
    pub fn rows(&self) -> usize {
        self.template.rows()
    }
    /// Places these carts in one transaction: each is read, closed, and its order written.
    pub fn place(&mut self, carts: &[(Vec<u8>, [u8; 32])]) {
        let c = &self.connection;
        let run = |text: &str| c.prepare_cached(text).and_then(|mut s| s.execute([])).expect("a transaction");
        run("BEGIN IMMEDIATE");
        for cart in carts {
            self.serial += 1;
            order(c, &self.template, self.serial, cart);
        }
        run("COMMIT");
    }
}

fn order(c: &Connection, template: &Template, serial: u64, (cart, token): &(Vec<u8>, [u8; 32])) {
    let mut read =
        c.prepare_cached("SELECT version, mailboxes, plan_code FROM carts WHERE token_hash = ?1").expect("a statement");
    let version: i64 = read.query_row([token], |r| r.get(0)).expect("the cart is there");
    let ids = template.fresh(serial);
    for insert in &template.inserts {
        let mut statement = c.prepare_cached(&insert.text).expect("a statement");
        for (n, slot) in (1..).zip(&insert.slots) {
            match slot {
                Slot::Same(v) => statement.raw_bind_parameter(n, v),
                Slot::Id(k) => statement.raw_bind_parameter(n, ids[*k].as_bytes()),
                Slot::Unique(t) => statement.raw_bind_parameter(n, format!("{t}{serial}")),
            }
            .expect("a value");
        }
        assert_eq!(statement.raw_execute().expect("a row"), 1);
    }
    let mut close = c
        .prepare_cached("UPDATE carts SET order_id = ?3, version = version + 1, updated_at = ?4 WHERE id = ?1 AND version = ?2 AND order_id IS NULL")
        .expect("a statement");
    let at = 1_790_000_000_000_000_i64;
    let closed = close.execute(rusqlite::params![cart, version, ids[template.order].as_bytes(), at]);
    assert_eq!(closed.expect("a row"), 1);
}

/// A value as PostgreSQL takes it.
#[derive(Debug)]
enum Bound {
    Text(String),
    Number(i64),
    Flag(bool),
    Bytes(Vec<u8>),
    Id(Uuid),
    Null,
}
impl Bound {
    fn as_sql(&self) -> &(dyn ToSql + Sync) {
        match self {
            Bound::Text(v) => v,
            Bound::Number(v) => v,
            Bound::Flag(v) => v,
            Bound::Bytes(v) => v,
            Bound::Id(v) => v,
            Bound::Null => &None::<NullOfAny>,
        }
    }
}
/// NULL of whatever type the column has.
#[derive(Debug)]
enum NullOfAny {}
impl ToSql for NullOfAny {
    fn to_sql(
        &self,
        _: &Type,
        _: &mut bytes::BytesMut,
    ) -> Result<tokio_postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self {}
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    tokio_postgres::types::to_sql_checked!();
}

/// On PostgreSQL, every statement of an order in one flight with BEGIN and COMMIT.
pub struct Postgres {
    client: Client,
    template: Template,
    statements: Vec<tokio_postgres::Statement>,
    close: tokio_postgres::Statement,
}

impl Postgres {
    pub async fn new(client: Client, order: Uuid) -> Self {
        let mut rows = Vec::new();
        for (table, column) in TABLES {
            let text = format!(
                "SELECT * FROM {table} WHERE {column} = $1 OR ('{column}' = 'subject_id' AND {column} IN (SELECT id FROM order_mailboxes WHERE order_id = $1))"
            );
            for row in client.query(&text, &[&order]).await.expect("rows") {
                rows.push((*table, (0..row.len()).map(|i| value(&row, i)).collect()));
            }
        }
        let template = Template::of(order, rows, |n| format!("${n}"));
        let mut statements = Vec::new();
        for insert in &template.inserts {
            statements.push(client.prepare(&insert.text).await.expect("a statement"));
        }
        let close = "UPDATE carts SET order_id = $2, version = version + 1 WHERE token_hash = $1 AND version = 1 AND order_id IS NULL";
        let close = client.prepare(close).await.expect("a statement");
        Self { client, template, statements, close }
    }
    pub fn rows(&self) -> usize {
        self.template.rows()
    }
    pub async fn place(&self, serial: u64, token: &[u8; 32]) {
        let ids = self.template.fresh(serial);
        let bound: Vec<Vec<Bound>> = std::iter::zip(&self.template.inserts, &self.statements)
            .map(|(insert, s)| {
                std::iter::zip(&insert.slots, s.params()).map(|(v, t)| bind(v, t, &ids, serial)).collect()
            })
            .collect();
        let parameters: Vec<Vec<&(dyn ToSql + Sync)>> =
            bound.iter().map(|row| row.iter().map(Bound::as_sql).collect()).collect();
        let writes = futures_util::future::join_all(
            std::iter::zip(&self.statements, &parameters).map(|(s, row)| self.client.execute(s, row)),
        );
        let token = token.as_slice();
        let close: [&(dyn ToSql + Sync); 2] = [&token, &ids[self.template.order]];
        let (begun, written, closed, committed) = tokio::join!(
            biased;
            // Not serializable as the product's: that would be run again after a conflict, and raw never is.
            self.client.batch_execute("BEGIN"),
            writes,
            self.client.execute(&self.close, &close),
            self.client.batch_execute("COMMIT"),
        );
        begun.expect("a transaction");
        assert!(written.into_iter().all(|w| w.expect("a row") == 1));
        assert_eq!(closed.expect("the cart"), 1);
        committed.expect("a commit");
    }
}

fn value(row: &tokio_postgres::Row, i: usize) -> Value {
    let kind = row.columns()[i].type_();
    let read = match *kind {
        Type::UUID => row.get::<_, Option<Uuid>>(i).map(|v| Value::Blob(v.into_bytes().into())),
        Type::BYTEA => row.get::<_, Option<Vec<u8>>>(i).map(Value::Blob),
        Type::INT8 => row.get::<_, Option<i64>>(i).map(Value::Integer),
        Type::BOOL => row.get::<_, Option<bool>>(i).map(|v| Value::Integer(v.into())),
        _ => row.get::<_, Option<String>>(i).map(Value::Text),
    };
    read.unwrap_or(Value::Null)
}

fn bind(slot: &Slot, kind: &Type, ids: &[Uuid], serial: u64) -> Bound {
    match slot {
        Slot::Id(k) => Bound::Id(ids[*k]),
        Slot::Unique(t) => Bound::Text(format!("{t}{serial}")),
        Slot::Same(Value::Null) => Bound::Null,
        Slot::Same(Value::Text(t)) => Bound::Text(t.clone()),
        Slot::Same(Value::Integer(v)) if *kind == Type::BOOL => Bound::Flag(*v != 0),
        Slot::Same(Value::Integer(v)) => Bound::Number(*v),
        Slot::Same(Value::Blob(b)) if *kind == Type::UUID => Bound::Id(Uuid::from_slice(b).expect("16 bytes")),
        Slot::Same(Value::Blob(b)) => Bound::Bytes(b.clone()),
        Slot::Same(Value::Real(_)) => unreachable!("no table has one"),
    }
}
