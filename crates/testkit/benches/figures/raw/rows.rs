//! The rows of one act of the product, written again and again with nothing around the engine.
//!
//! Which rows they are is read from an act that the product has carried out, so both sides write the same.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use rusqlite::{Connection, types::Value};
use tokio_postgres::{
    Client,
    types::{ToSql, Type},
};
use uuid::Uuid;

use crate::measure::Pass;

/// What the next act has of its own: whose it is.
pub type Given = Vec<Vec<u8>>;

/// Which rows an act writes.
pub struct Act {
    /// Tables into which it inserts, and how its rows are found there: `?1` is its order.
    pub tables: &'static [(&'static str, &'static str)],
    /// What it reads before it writes, by one of the given values. On PostgreSQL nothing is read.
    pub reads: &'static [(&'static str, usize)],
    /// Rows that it changes.
    pub updates: &'static [(&'static str, &'static [Part])],
}
/// A parameter of such a change.
pub enum Part {
    Given(usize),
    /// The order.
    Order,
    Number(i64),
}

/// A value of the act that was read, and what the next one has in its place.
#[derive(Clone, Debug)]
enum Slot {
    Same(Value),
    /// The n-th identifier of the act.
    Id(usize),
    /// A text that is unique: it gets a number at its end.
    Unique(String),
    Given(usize),
}

/// One row to write.
struct Write {
    text: String,
    slots: Vec<Slot>,
}

/// The writes of one act.
struct Template {
    writes: Vec<Write>,
    ids: usize,
}

/// A row with the names of its columns.
type Row = (&'static str, Vec<(String, Value)>);

impl Template {
    /// From the rows of an act that was done with `given`.
    fn of(act: &Act, order: Uuid, given: &Given, rows: Vec<Row>, mark: char) -> Self {
        let mut ids: HashMap<Vec<u8>, usize> = HashMap::new();
        for (name, value) in rows.iter().flat_map(|(_, columns)| columns) {
            if let (Value::Blob(b), "id" | "cart_id") = (value, name.as_str()) {
                let next = ids.len();
                ids.entry(b.clone()).or_insert(next);
            }
        }
        let slot = |table: &str, (name, v): (String, Value)| match v {
            Value::Blob(b) if ids.contains_key(&b) => Slot::Id(ids[&b]),
            Value::Blob(b) => match given.iter().position(|g| *g == b) {
                Some(n) => Slot::Given(n),
                None => Slot::Same(Value::Blob(b)),
            },
            Value::Text(t) if is_unique(table, &name, &t) => Slot::Unique(t),
            v => Slot::Same(v),
        };
        let inserts = rows.into_iter().map(|(table, columns)| {
            let places: Vec<_> = (1..=columns.len()).map(|n| format!("{mark}{n}")).collect();
            let slots = columns.into_iter().map(|c| slot(table, c)).collect();
            Write { text: format!("INSERT INTO {table} VALUES ({})", places.join(", ")), slots }
        });
        let updates = act.updates.iter().map(|(text, parts)| {
            let slots = parts.iter().map(|part| match part {
                Part::Given(n) => Slot::Given(*n),
                Part::Order => Slot::Id(ids[order.as_bytes().as_slice()]),
                Part::Number(n) => Slot::Same(Value::Integer(*n)),
            });
            Write { text: text.replace('?', &mark.to_string()), slots: slots.collect() }
        });
        Self { writes: inserts.chain(updates).collect(), ids: ids.len() }
    }
    /// Identifiers for the next act.
    fn fresh(&self, serial: u64) -> Vec<Uuid> {
        let time = 0x019f_0000_0000_u128 + u128::from(serial);
        (0..self.ids as u128)
            .map(|k| Uuid::from_u128(time << 80 | 7 << 76 | 0b10 << 62 | u128::from(serial) << 8 | k))
            .collect()
    }
}

/// Whether no two rows may have this text.
fn is_unique(table: &str, column: &str, text: &str) -> bool {
    matches!((table, column), ("orders", "number") | ("effects", "dedup_key") | ("client_keys", "key"))
        || (text.contains("@pec.example.it") && !text.starts_with('{'))
}

/// On SQLite, through statements prepared once.
pub struct Lite {
    connection: Connection,
    reads: &'static [(&'static str, usize)],
    template: Template,
    serial: u64,
}

impl Lite {
    /// Over a database in which the product has done the act of `order` with `given`.
    pub fn new(connection: Connection, act: &'static Act, order: Uuid, given: &Given) -> Self {
        connection
            .execute_batch("PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON")
            .expect("pragmas");
        connection.set_prepared_statement_cache_capacity(64);
        // As the product: without it a statement is prepared again for each value, once there are statistics.
        connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).expect("a switch");
        let mut rows = Vec::new();
        for (table, found) in act.tables {
            let mut select = connection.prepare(&format!("SELECT * FROM {table} WHERE {found}")).expect("our schema");
            let names: Vec<String> = select.column_names().map(str::to_owned).collect();
            let row = |r: &rusqlite::Row<'_>| {
                names.iter().enumerate().map(|(i, name)| Ok((name.clone(), r.get(i)?))).collect::<Result<Vec<_>, _>>()
            };
            let found = select.query_map([order.into_bytes()], row).expect("rows");
            rows.extend(found.map(|r| (*table, r.expect("a row"))));
        }
        let template = Template::of(act, order, given, rows, '?');
        Self { connection, reads: act.reads, template, serial: 0 }
    }
    pub fn rows(&self) -> usize {
        self.template.writes.len()
    }
    /// Does these acts in one transaction: each reads what it must know, and writes its rows.
    pub fn write(&mut self, acts: &[Given]) {
        let c = &self.connection;
        let run = |text: &str| c.prepare_cached(text).and_then(|mut s| s.execute([])).expect("a transaction");
        run("BEGIN IMMEDIATE");
        for given in acts {
            self.serial += 1;
            self.one(given);
        }
        run("COMMIT");
    }
    fn one(&self, given: &Given) {
        for (text, n) in self.reads {
            let mut read = self.connection.prepare_cached(text).expect("a statement");
            read.query_row([&given[*n]], |r| r.get::<_, Value>(0)).expect("it is there");
        }
        let ids = self.template.fresh(self.serial);
        for write in &self.template.writes {
            let mut statement = self.connection.prepare_cached(&write.text).expect("a statement");
            for (n, slot) in (1..).zip(&write.slots) {
                match slot {
                    Slot::Same(v) => statement.raw_bind_parameter(n, v),
                    Slot::Id(k) => statement.raw_bind_parameter(n, ids[*k].as_bytes()),
                    Slot::Unique(t) => statement.raw_bind_parameter(n, format!("{t}{}", self.serial)),
                    Slot::Given(k) => statement.raw_bind_parameter(n, &given[*k]),
                }
                .expect("a value");
            }
            assert_eq!(statement.raw_execute().expect("a row"), 1, "{}", write.text);
        }
    }
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

/// On PostgreSQL, every statement of an act in one flight with BEGIN and COMMIT.
pub struct Postgres {
    client: Client,
    template: Template,
    statements: Vec<tokio_postgres::Statement>,
}

impl Postgres {
    /// As [`Lite::new`].
    pub async fn new(client: Client, act: &'static Act, order: Uuid, given: &Given) -> Self {
        let mut rows: Vec<Row> = Vec::new();
        for (table, found) in act.tables {
            let text = format!("SELECT * FROM {table} WHERE {}", found.replace('?', "$"));
            for row in client.query(&text, &[&order]).await.expect("rows") {
                let columns = row.columns().iter().enumerate();
                rows.push((*table, columns.map(|(i, c)| (c.name().to_owned(), value(&row, i))).collect()));
            }
        }
        let template = Template::of(act, order, given, rows, '$');
        let mut statements = Vec::new();
        for write in &template.writes {
            statements.push(client.prepare(&write.text).await.expect("a statement"));
        }
        Self { client, template, statements }
    }
    pub fn rows(&self) -> usize {
        self.template.writes.len()
    }
    async fn write(&self, serial: u64, given: &Given) {
        let ids = self.template.fresh(serial);
        let bound: Vec<Vec<Bound>> = std::iter::zip(&self.template.writes, &self.statements)
            .map(|(write, s)| {
                std::iter::zip(&write.slots, s.params()).map(|(v, t)| bind(v, t, &ids, serial, given)).collect()
            })
            .collect();
        let parameters: Vec<Vec<&(dyn ToSql + Sync)>> =
            bound.iter().map(|row| row.iter().map(Bound::as_sql).collect()).collect();
        let writes = futures_util::future::join_all(
            std::iter::zip(&self.statements, &parameters).map(|(s, row)| self.client.execute(s, row)),
        );
        let (begun, written, committed) = tokio::join!(
            biased;
            // Not serializable as the product's: that would be run again after a conflict, and raw never is.
            self.client.batch_execute("BEGIN"),
            writes,
            self.client.batch_execute("COMMIT"),
        );
        begun.expect("a transaction");
        assert!(written.into_iter().all(|w| w.expect("a row") == 1));
        committed.expect("a commit");
    }
    /// Every connection does one act after the other; act `n` has `given(n)`.
    pub async fn turn(
        programs: &[Arc<Postgres>],
        serial: &Arc<AtomicU64>,
        length: Duration,
        given: impl Fn(u64) -> Given + Clone + Send + 'static,
    ) -> Pass {
        let began = Instant::now();
        let turns = programs.iter().map(|program| {
            let (program, serial, given) = (program.clone(), serial.clone(), given.clone());
            tokio::spawn(async move {
                let mut done = 0u64;
                while began.elapsed() < length {
                    let n = serial.fetch_add(1, Relaxed);
                    program.write(n, &given(n)).await;
                    done += 1;
                }
                done
            })
        });
        let turns: Vec<_> = turns.collect();
        let mut done = 0;
        for turn in turns {
            done += turn.await.expect("a connection came to the end");
        }
        Pass { rate: done as f64 / began.elapsed().as_secs_f64(), latencies: vec![] }
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

fn bind(slot: &Slot, kind: &Type, ids: &[Uuid], serial: u64, given: &Given) -> Bound {
    let bytes = |b: &[u8]| match Uuid::from_slice(b) {
        Ok(id) if *kind == Type::UUID => Bound::Id(id),
        _ => Bound::Bytes(b.to_vec()),
    };
    match slot {
        Slot::Id(k) => Bound::Id(ids[*k]),
        Slot::Unique(t) => Bound::Text(format!("{t}{serial}")),
        Slot::Given(k) => bytes(&given[*k]),
        Slot::Same(Value::Null) => Bound::Null,
        Slot::Same(Value::Text(t)) => Bound::Text(t.clone()),
        Slot::Same(Value::Integer(v)) if *kind == Type::BOOL => Bound::Flag(*v != 0),
        Slot::Same(Value::Integer(v)) => Bound::Number(*v),
        Slot::Same(Value::Blob(b)) => bytes(b),
        Slot::Same(Value::Real(_)) => unreachable!("no table has one"),
    }
}
