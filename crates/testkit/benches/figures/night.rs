//! A night of renewals out of the credit, beside the same rows written set-wise.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use rusqlite::{Connection, params};
use store::{Options, testing};
use tokio_postgres::Client;

use crate::{
    measure::{Figure, Stolen, memory},
    members::{self, CREDIT_CENTS, today},
    pgseed,
    place::connect,
    raw::night as raw,
    seed::{self, Bed},
    server, size,
};

/// Renewals out of the credit, over the usual database; the memory of the process with a tenth as much due is beside it.
pub async fn wallet() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let due = size::due();
    let (few, few_mib) = product(due / 10).await;
    drop(few);
    let (bed, mib) = product(due).await;
    let ours = worked(&bed.connection(), "renew");
    let texts = raw::Texts::of(&bed.connection());
    drop(bed);
    let bed = prepared("g", due).await;
    let theirs = raw::run(&bed.connection(), today(), &texts);
    assert_eq!(theirs.renewed, due, "the raw program renews the same");
    vec![
        beside("night_wallet", "sqlite", due, ours, &theirs).holding(mib).stolen(stolen.percent()),
        Figure::new("night_wallet_memory", "sqlite", mib, "MiB").against(few_mib, mib / few_mib),
    ]
}

/// The same over fifteen times as many mailboxes. One file, on which the raw program renews others afterwards.
pub async fn large() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let (mailboxes, due) = (15 * size::mailboxes(), size::due());
    // 1.5 GB for a million, what the log and the two nights take, and something to spare.
    let needed = mailboxes.div_ceil(1_000_000) * 1_600 + 3_000;
    let free = free_mib(&seed::bench_folder());
    eprintln!("night_15m: {mailboxes} mailboxes take about {needed} MiB of disk; free are {free}");
    assert!(free > needed, "not enough room on the disk: {needed} MiB are needed, {free} are free");
    let bed = Bed::once("g", mailboxes).await;
    prepare(&bed, due, mailboxes, 3);
    let mib = run(&bed.database()).await;
    let c = bed.connection();
    must_have_renewed(&c, due);
    let (ours, texts) = (worked(&c, "renew"), raw::Texts::of(&c));
    prepare(&bed, due, mailboxes, 5);
    let theirs = raw::run(&c, today(), &texts);
    assert_eq!(theirs.renewed, due, "the raw program renews as many");
    vec![beside("night_15m", "sqlite", due, ours, &theirs).holding(mib).stolen(stolen.percent())]
}

/// The same on PostgreSQL, which makes the mailboxes itself.
pub async fn postgres() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let due = size::due();
    let theirs_db = pgseed::filled(size::mailboxes(), Options::default()).await;
    prepare_postgres(&connect(&theirs_db).await, due).await;
    theirs_db.store.close().await;
    let ours_db = testing::twin(&theirs_db, Options::default()).await;
    ours_db.store.close().await;
    let folder = tempfile::tempdir_in(seed::bench_folder()).expect("the target folder is writable");
    let mib = watched(night_on(&ours_db.address(), folder.path()), folder.path()).await;
    let client = connect(&ours_db).await;
    let text = "SELECT count FROM night_outcomes WHERE step = 'renew' AND outcome = 'renewed'";
    let renewed: i64 = client.query_one(text, &[]).await.expect("the night has an outcome").get(0);
    assert_eq!(renewed as u64, due, "everything due is renewed");
    let text = "SELECT worked_us FROM night_steps WHERE step = 'renew'";
    let us: i64 = client.query_one(text, &[]).await.expect("the step was run").get(0);
    let texts = raw::Texts::of_postgres(&client).await;
    let theirs = raw::run_postgres(&connect(&theirs_db).await, today(), &texts).await;
    assert_eq!(theirs.renewed, due, "the raw program renews the same");
    let ours = Duration::from_micros(us as u64);
    vec![beside("night_wallet_pg", "postgres", due, ours, &theirs).holding(mib).stolen(stolen.percent())]
}

pub fn beside(name: &'static str, engine: &'static str, due: u64, ours: Duration, theirs: &raw::Night) -> Figure {
    let rate = due as f64 / ours.as_secs_f64();
    let raw_rate = theirs.renewed as f64 / theirs.took.as_secs_f64();
    Figure::new(name, engine, rate, "renewals/s").against(raw_rate, rate / raw_rate)
}

/// A copy in which so many mailboxes are renewed by their holders' credit tonight.
pub async fn prepared(tag: &'static str, due: u64) -> Bed {
    let bed = Bed::copy(tag).await;
    prepare(&bed, due, size::mailboxes(), 3);
    bed
}

/// Makes every so-and-so-many-th mailbox due, beginning with the number `first`.
pub fn prepare(bed: &Bed, due: u64, mailboxes: u64, first: u64) {
    let c = bed.connection();
    c.execute_batch("BEGIN").expect("nobody else writes");
    for n in (0..due).map(|n| n * (mailboxes / due) + first) {
        let party = seed::party(n / 2);
        ends(&c, n, today() + 7, "wallet", -7);
        members::fill_wallet(&c, party, CREDIT_CENTS);
    }
    c.execute_batch("COMMIT").expect("there is room");
    seed::fold(&c);
}

/// Mailbox `n` ends on a day, and the night looks at what it owes so many days after it.
pub fn ends(c: &Connection, n: u64, end: i32, way: &str, due_after: i32) {
    let mailbox = seed::mailbox(n);
    let term = "UPDATE terms SET end_day = ?2, start_day = ?2 - 365 WHERE mailbox_id = ?1";
    let owed = "UPDATE obligations SET period_start = ?2 + 1, due_day = ?2 + ?4, way = ?3 WHERE service_id = ?1";
    let mut run = c.prepare_cached(term).expect("the schema is ours");
    assert_eq!(run.execute(params![mailbox.as_bytes(), end]).expect("a row"), 1);
    let mut run = c.prepare_cached(owed).expect("the schema is ours");
    assert_eq!(run.execute(params![mailbox.as_bytes(), end, way, due_after]).expect("a row"), 1);
}

async fn prepare_postgres(client: &Client, due: u64) {
    let (end, last) = (today() + 7, due - 1);
    let n = format!("n * {} + 3", size::mailboxes() / due);
    let service = pgseed::mailbox(&n);
    let due = format!("FROM generate_series(0, {last}) n WHERE");
    for text in [
        format!("UPDATE terms SET end_day = {end} {due} mailbox_id = {service}"),
        format!(
            "UPDATE obligations SET period_start = {end} + 1, due_day = {end} - 7, way = 'wallet' {due} service_id = {service}"
        ),
        members::credit(&format!("({n}) / 2"), last, CREDIT_CENTS),
    ] {
        client.batch_execute(&text).await.expect("the schema is ours");
    }
    pgseed::settle(client).await;
}

/// `ceralacca admin night run` on such a copy; answers it with the most memory that the process had of its own.
async fn product(due: u64) -> (Bed, f64) {
    let bed = prepared("g", due).await;
    let mib = run(&bed.database()).await;
    must_have_renewed(&bed.connection(), due);
    (bed, mib)
}

pub fn must_have_renewed(c: &Connection, due: u64) {
    let text = "SELECT count FROM night_outcomes WHERE step = 'renew' AND outcome = 'renewed'";
    let renewed: i64 = c.query_row(text, [], |r| r.get(0)).expect("the night has an outcome");
    assert_eq!(renewed as u64, due, "everything due is renewed");
}

/// The command that runs tonight's night on a SQLite file.
pub fn night(database: &Path) -> Command {
    night_on(&format!("sqlite:{}", database.display()), database.parent().expect("a file stands in a folder"))
}
pub fn night_on(database: &str, folder: &Path) -> Command {
    let log = std::fs::File::create(folder.join("night.log")).expect("the folder is writable");
    let mut command = server::program_on(database, folder, 1);
    command.args(["admin", "night", "run"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command
}

/// Runs the night to its end; answers the most memory that the process had of its own.
pub async fn run(database: &Path) -> f64 {
    watched(night(database), database.parent().expect("a file stands in a folder")).await
}
pub async fn watched(mut command: Command, folder: &Path) -> f64 {
    let mut child = command.spawn().expect("the program starts");
    let (mut most, mut tick) = (0.0_f64, tokio::time::interval(Duration::from_millis(20)));
    let status = loop {
        tick.tick().await;
        most = most.max(memory(child.id(), "RssAnon"));
        if let Some(status) = child.try_wait().expect("a child can be looked at") {
            break status;
        }
    };
    if !status.success() {
        let log = std::fs::read_to_string(folder.join("night.log")).unwrap_or_default();
        panic!("the night failed: {log}");
    }
    most
}

/// How long a step of the night was at work.
pub fn worked(c: &Connection, step: &str) -> Duration {
    let text = "SELECT worked_us FROM night_steps WHERE step = ?1";
    let us: i64 = c.query_row(text, [step], |r| r.get(0)).expect("the step was run");
    Duration::from_micros(us as u64)
}

/// What is free on the disk of a folder, MiB.
fn free_mib(folder: &Path) -> u64 {
    let out = Command::new("df").args(["-Pm"]).arg(folder).output().expect("df runs");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let field = text.lines().nth(1).and_then(|l| l.split_whitespace().nth(3)?.parse().ok());
    field.unwrap_or_else(|| panic!("df says how much is free: {text}"))
}
