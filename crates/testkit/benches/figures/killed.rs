//! A night that is killed again and again ends as one that is not: compared row by row.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use rusqlite::{Connection, types::Value};

use crate::{
    measure::{Dice, Figure, Stolen},
    night,
    seed::Bed,
    size,
};

const KILLS: u32 = 10;
/// How a step was cut into pages: they are shorter after each start, and while somebody else writes.
const CUTS: [&str; 3] = ["pages", "after_day", "after_id"];
/// Columns that differ by nature: moments of the machine's clock, and how long something took. Identifiers are compared
/// by what they stand for.
const TIMES: &[&str] = &[
    "at",
    "run_at",
    "created_at",
    "updated_at",
    "begun_at",
    "ended_at",
    "state_at",
    "placed_at",
    "pay_by_at",
    "paid_at",
    "closed_at",
    "finished_at",
    "worked_us",
];

pub async fn ten_times() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let (mailboxes, due) = (size::mailboxes() / 5, size::due() / 5);
    let whole = Bed::copy_of("g", mailboxes).await;
    night::prepare(&whole, due, mailboxes, 3);
    let broken = whole.twin();
    let before = new_ids(&whole.connection());
    let began = Instant::now();
    night::run(&whole.database()).await;
    let undisturbed = began.elapsed();
    night::must_have_renewed(&whole.connection(), due);
    let took = kill_again_and_again(&broken, undisturbed).await;
    let rows = must_be_equal(&whole.connection(), &broken.connection(), &before);
    eprintln!(
        "night_killed: {rows} rows are equal; {:.1} s undisturbed, {:.1} s with {KILLS} kills",
        undisturbed.as_secs_f64(),
        took.as_secs_f64()
    );
    let (ours, theirs) = (took.as_secs_f64(), undisturbed.as_secs_f64());
    vec![Figure::new("night_killed", "sqlite", ours, "s").against(theirs, ours / theirs).stolen(stolen.percent())]
}

/// Starts the night, kills it at a moment by chance, starts it again; the last one may end. Answers how long all took.
async fn kill_again_and_again(bed: &Bed, undisturbed: Duration) -> Duration {
    let dice = &mut Dice::new(u64::from(std::process::id()));
    let began = Instant::now();
    for kill in 1..=KILLS {
        let mut child = night::night(&bed.database()).spawn().expect("the program starts");
        // In all, about two thirds of the night are lived through.
        let most = (undisturbed.as_millis() as u64 * 2 / 15).max(2);
        // tidy: allow(sleep) the process is killed at a moment by chance, and nothing of it rings here
        tokio::time::sleep(Duration::from_millis(1 + dice.below(most))).await;
        let ended = child.try_wait().expect("a child can be looked at");
        assert!(ended.is_none(), "kill {kill} came too late: {ended:?}");
        child.kill().expect("a child can be killed");
        child.wait().expect("a child can be waited for");
    }
    night::run(&bed.database()).await;
    began.elapsed()
}

fn tables(c: &Connection) -> Vec<String> {
    let text = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    let mut all = c.prepare(text).expect("a schema");
    let names = all.query_map([], |r| r.get(0)).expect("rows");
    names.collect::<Result<_, _>>().expect("names")
}

/// Identifiers of the orders that are there, by what they stand for.
fn new_ids(c: &Connection) -> HashMap<Vec<u8>, String> {
    let text = "SELECT id, kind || ' of ' || hex(COALESCE(mailbox_id, id)) FROM orders";
    let mut all = c.prepare(text).expect("the schema is ours");
    let rows = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("rows")
}

/// Compares all tables; answers how many rows are equal.
fn must_be_equal(whole: &Connection, broken: &Connection, before: &HashMap<Vec<u8>, String>) -> usize {
    let orders = [whole, broken].map(|c| {
        let mut all = new_ids(c);
        all.retain(|id, _| !before.contains_key(id));
        all
    });
    let mut rows = 0;
    for table in tables(whole) {
        let (left, right) = (contents(whole, &table, &orders[0]), contents(broken, &table, &orders[1]));
        assert_eq!(left.len(), right.len(), "rows of {table}");
        if let Some((a, b)) = left.iter().zip(&right).find(|(a, b)| a != b) {
            panic!("{table} differs: \n{a}\n{b}");
        }
        rows += left.len();
    }
    rows
}

/// The rows of a table as texts in their order, without moments and without identifiers that were drawn by chance.
fn contents(c: &Connection, table: &str, orders: &HashMap<Vec<u8>, String>) -> Vec<String> {
    let mut all = c.prepare(&format!("SELECT * FROM {table}")).expect("the schema is ours");
    let names: Vec<String> = all.column_names().map(str::to_owned).collect();
    let own_id = drawn(table);
    let mut found = all.query([]).expect("rows");
    let mut rows = Vec::new();
    while let Some(row) = found.next().expect("a row") {
        let values: Vec<(&String, Value)> =
            names.iter().enumerate().map(|(i, n)| (n, row.get(i).expect("a value"))).collect();
        let left_out =
            |n: &str| TIMES.contains(&n) || own_id && n == "id" || table == "night_steps" && CUTS.contains(&n);
        let kept = values.iter().filter(|(n, _)| !left_out(n));
        let words: Vec<String> = kept.map(|(n, v)| format!("{n}={}", word(v, &values, orders))).collect();
        rows.push(words.join(" "));
    }
    rows.sort_unstable();
    rows
}

/// Tables whose new rows have an identifier by chance, which nothing else names.
fn drawn(table: &str) -> bool {
    matches!(table, "orders" | "order_lines" | "transfers" | "operations" | "effects" | "audit_lines")
}

fn word(value: &Value, row: &[(&String, Value)], orders: &HashMap<Vec<u8>, String>) -> String {
    match value {
        Value::Blob(b) => orders.get(b).cloned().unwrap_or_else(|| hex(b)),
        Value::Text(t) => {
            // Orders that the row names are named by its texts too.
            let named = row.iter().filter_map(|(_, v)| match v {
                Value::Blob(b) => Some((hex(b), orders.get(b)?)),
                _ => None,
            });
            named.fold(t.clone(), |text, (id, label)| text.replace(&id, label).replace(&hyphened(&id), label))
        }
        other => format!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The same with hyphens, as some texts have it.
fn hyphened(hex: &str) -> String {
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    parts.map(|(from, to)| hex.get(from..to).unwrap_or_default()).join("-")
}
