//! Five steps of the notices of expiry that fall on one night, beside the raw insert of the same rows.
// tidy: allow(clock) benchmarks are stopwatches

use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::{
    measure::{Figure, Stolen},
    members::today,
    night,
    seed::{self, Bed},
    size,
};

/// The steps: so many days before the end.
const STEPS: [i32; 5] = [90, 60, 30, 15, 7];

/// A copy in which the last night was yesterday's and a part of all mailboxes comes to one of the steps tonight.
async fn prepared(due: u64) -> Bed {
    let bed = Bed::copy("g").await;
    let c = bed.connection();
    c.execute_batch("BEGIN").expect("nobody else writes");
    let done = "INSERT INTO nights (day, state, begun_at, ended_at) VALUES (?1, 'done', 0, 0)";
    c.execute(done, [today() - 1]).expect("a row");
    for n in 0..due {
        let end = today() + STEPS[(n % 5) as usize];
        night::ends(&c, n * (size::mailboxes() / due), end, "manual", 91);
    }
    c.execute_batch("COMMIT").expect("there is room");
    seed::fold(&c);
    bed
}

fn count(c: &Connection, text: &str) -> u64 {
    c.query_row(text, [], |r| r.get::<_, i64>(0)).expect("a count") as u64
}
fn told(c: &Connection) -> (u64, u64) {
    let asked = "SELECT COUNT(*) FROM effects WHERE kind = 'remind_expiry'";
    (count(c, "SELECT COUNT(*) FROM notices_sent"), count(c, asked))
}

pub async fn five_steps() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let due = size::due() + size::due() / 5;
    let bed = prepared(due).await;
    let mib = night::run(&bed.database()).await;
    let c = bed.connection();
    let (rows, asked) = told(&c);
    assert!(rows >= due && asked == rows, "{rows} are told and {asked} messages asked for, of {due}");
    let ours = night::worked(&c, "notify");
    drop(c);
    must_tell_nobody_twice(&bed, rows).await;
    let theirs = raw(&prepared(due).await, &bed);
    let (rate, raw_rate) = (rows as f64 / ours.as_secs_f64(), rows as f64 / theirs.as_secs_f64());
    vec![
        Figure::new("night_notices", "sqlite", rate, "notices/s")
            .against(raw_rate, rate / raw_rate)
            .holding(mib)
            .stolen(stolen.percent()),
    ]
}

/// The night again, and then once more as if nobody knew that there was one.
async fn must_tell_nobody_twice(bed: &Bed, rows: u64) {
    night::run(&bed.database()).await;
    assert_eq!(told(&bed.connection()), (rows, rows), "a night that is over adds nothing");
    let forget = "DELETE FROM night_outcomes; DELETE FROM night_steps; DELETE FROM nights WHERE state = 'done' AND begun_at <> 0";
    bed.connection().execute_batch(forget).expect("the schema is ours");
    night::run(&bed.database()).await;
    let c = bed.connection();
    assert_eq!(told(&c), (rows, rows), "what was told is not told again");
    let seen = "SELECT COALESCE(SUM(count), 0) FROM night_outcomes WHERE outcome = 'told'";
    assert_eq!(count(&c, seen), 0, "the second run found nobody to tell");
}

/// Who was told and an effect each, as the product wrote them, inserted in one transaction.
fn raw(bed: &Bed, product: &Bed) -> Duration {
    let c = bed.connection();
    c.execute_batch("PRAGMA synchronous=FULL; PRAGMA cache_size=-131072; PRAGMA foreign_keys=ON").expect("pragmas");
    c.execute("ATTACH ?1 AS product", params![product.database().to_str().expect("a path is text")]).expect("the file");
    // Read beforehand: what it costs to write is asked for.
    c.execute_batch(
        "PRAGMA temp_store=MEMORY; CREATE TEMP TABLE told AS SELECT * FROM product.notices_sent; \
         CREATE TEMP TABLE asked AS SELECT * FROM product.effects WHERE kind = 'remind_expiry'",
    )
    .expect("the schemas are equal");
    let began = Instant::now();
    c.execute_batch(
        "BEGIN IMMEDIATE; INSERT INTO main.notices_sent SELECT * FROM told; INSERT INTO main.effects SELECT * FROM asked; COMMIT",
    )
    .expect("there is room");
    began.elapsed()
}
