//! Stored cards that a night charges: carried out by `ceralacca worker`, at a gateway that takes its time.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use domain::{id::AttemptId, time::DAY_US};
use rusqlite::{Connection, params};
use store::{Options, testing};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    gateway::Gateway,
    measure::{Figure, Stolen},
    members::{self, CREDIT_CENTS, today},
    night, pgseed,
    place::connect,
    raw::night as raw,
    seed::{self, Bed},
    server, size,
};

/// Calls that one worker has under way at the same time by itself.
const AT_ONCE: usize = 32;
/// Without a charge for so long, something is wrong. What met others too often is put off for a minute at the third time.
const PATIENCE: Duration = Duration::from_secs(150);

/// A night of credit, cards and what nobody renews; then the charges, by one worker.
pub async fn mixed() -> Vec<Figure> {
    const ANSWERS_AFTER: Duration = Duration::from_millis(20);
    let stolen = Stolen::watch();
    let due = size::due() / 10 * 10;
    let bed = mixture(due).await;
    let mib = night::run(&bed.database()).await;
    let c = bed.connection();
    c.busy_timeout(Duration::from_secs(10)).expect("a setting");
    night::must_have_renewed(&c, due * 6 / 10);
    let outcome = "SELECT count FROM night_outcomes WHERE step = 'renew' AND outcome = ?1";
    for (word, tenths) in [("charging", 3), ("lapsed", 1)] {
        let count: i64 = c.query_row(outcome, [word], |r| r.get(0)).expect("the night has an outcome");
        assert_eq!(count as u64, due * tenths / 10, "{word}");
    }
    let ours = night::worked(&c, "renew");
    let theirs = raw::run_mixed(&mixture(due).await.connection(), today(), &raw::Texts::of(&c));
    assert_eq!(theirs.renewed, due, "the raw program does the same");
    let mut figures =
        vec![night::beside("night_mixed", "sqlite", due, ours, &theirs).holding(mib).stolen(stolen.percent())];
    let (charges, half) = (due * 3 / 10, due * 3 / 20);
    // What is told is told later: charges are what is measured. One half of them after the other.
    let later = format!(
        "UPDATE effects SET run_at = run_at + {DAY_US} WHERE state = 'ready' AND (kind <> 'charge_method' OR id IN \
         (SELECT id FROM effects WHERE kind = 'charge_method' ORDER BY id LIMIT {half}))"
    );
    c.execute_batch(&later).expect("the schema is ours");
    let mut taken = HashSet::new();
    let goes = [("night_mixed_charges_16", 16, charges - half, half), ("night_mixed_charges", AT_ONCE, half, 0)];
    for (name, at_once, count, left) in goes {
        let stolen = Stolen::watch();
        let gateway = Gateway::open(ANSWERS_AFTER).await;
        let address = format!("sqlite:{}", bed.database().display());
        let folder = bed.database().parent().expect("a file stands in a folder").join(name);
        let workers = Workers::start(1, at_once, &address, &folder, &gateway);
        let open = async || open_attempts(&c) - left as i64;
        let rate = workers.charged(count, &gateway, open).await;
        drop(workers);
        taken.extend(each_once(&gateway));
        let bound = at_once as f64 / ANSWERS_AFTER.as_secs_f64();
        let figure = Figure::new(name, "sqlite", rate, "charges/s").against(bound, rate / bound);
        figures.push(figure.stolen(stolen.percent()));
        let now = format!(
            "UPDATE effects SET run_at = run_at + {DAY_US} * CASE WHEN kind = 'charge_method' THEN -1 ELSE 1 END WHERE state = 'ready'"
        );
        c.execute_batch(&now).expect("the schema is ours");
    }
    must_be_all(taken, attempts(&c));
    figures
}

/// Of ten that are due, six are paid by credit and three by card; one can no longer be renewed.
async fn mixture(due: u64) -> Bed {
    let bed = Bed::copy("g").await;
    let c = bed.connection();
    c.execute_batch("BEGIN").expect("nobody else writes");
    for k in 0..due {
        let n = k * (size::mailboxes() / due) + 3;
        match k % 10 {
            0..6 => {
                night::ends(&c, n, today() + 7, "wallet", -7);
                members::fill_wallet(&c, seed::party(n / 2), CREDIT_CENTS);
            }
            6..9 => {
                night::ends(&c, n, today() + 7, "card", -7);
                store_card(&c, n);
            }
            _ => {
                night::ends(&c, n, today() - 91, "manual", 91);
                let text = "UPDATE mailboxes SET state = 'expired' WHERE id = ?1";
                assert_eq!(c.execute(text, [seed::mailbox(n).as_bytes()]).expect("a row"), 1);
            }
        }
    }
    c.execute_batch("COMMIT").expect("there is room");
    seed::fold(&c);
    bed
}

fn store_card(c: &Connection, n: u64) {
    let text = "INSERT INTO methods (id, login_id, gateway, gateway_customer, gateway_ref, label, state, created_at) VALUES (?1, ?2, 'stripe', 'cus_' || ?3, 'pm_' || ?3, 'Visa 4242', 'usable', ?4)";
    let (id, login) = (seed::card(n), seed::login(n / 2));
    c.execute(text, params![id.as_bytes(), login.as_bytes(), n as i64, seed::now()]).expect("a row");
    let text = "UPDATE terms SET auto_renew = 1, method_id = ?2 WHERE mailbox_id = ?1";
    assert_eq!(c.execute(text, params![seed::mailbox(n).as_bytes(), id.as_bytes()]).expect("a row"), 1);
}

fn open_attempts(c: &Connection) -> i64 {
    c.query_row("SELECT COUNT(*) FROM attempts WHERE state <> 'succeeded'", [], |r| r.get(0)).expect("a count")
}
fn attempts(c: &Connection) -> Vec<Uuid> {
    let mut all = c.prepare("SELECT id FROM attempts").expect("the schema is ours");
    let rows = all.query_map([], |r| Ok(Uuid::from_bytes(r.get(0)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("rows")
}

/// The attempts that a gateway charged, none of them twice.
fn each_once(gateway: &Gateway) -> HashSet<String> {
    let (charged, _) = gateway.charged();
    let distinct: HashSet<String> = charged.iter().cloned().collect();
    assert_eq!(distinct.len(), charged.len(), "nothing is charged twice");
    distinct
}
fn must_be_all(charged: HashSet<String>, attempts: Vec<Uuid>) {
    let asked: HashSet<String> = attempts.into_iter().map(|id| AttemptId::from_uuid(id).to_string()).collect();
    assert_eq!(charged, asked, "every attempt is charged, and nothing else");
}

/// Processes that carry out effects, until they are dropped.
struct Workers {
    processes: Vec<Child>,
    logs: Vec<PathBuf>,
}
impl Workers {
    fn start(count: usize, at_once: usize, database: &str, folder: &Path, gateway: &Gateway) -> Self {
        // Each with files of its own.
        let own = |n: usize| folder.join(format!("worker-{n}"));
        let one = |n: usize| {
            std::fs::create_dir_all(own(n)).expect("the folder is writable");
            let log = std::fs::File::create(own(n).join("worker.log")).expect("the folder is writable");
            let mut command = server::program_on(database, &own(n), 1);
            gateway.configure(&mut command);
            command.env("CERALACCA_WORKER_CALLS_AT_ONCE", at_once.to_string());
            command.arg("worker").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
            command.spawn().expect("the program starts")
        };
        Self { processes: (0..count).map(one).collect(), logs: (0..count).map(|n| own(n).join("worker.log")).collect() }
    }
    /// Waits until so many charges are made and written; answers how many a second there were.
    async fn charged(&self, count: u64, gateway: &Gateway, open: impl AsyncFn() -> i64) -> f64 {
        let (mut seen, mut since) = (0, Instant::now());
        let mut tick = tokio::time::interval(Duration::from_millis(100));
        loop {
            tick.tick().await;
            let now = gateway.count();
            if now as u64 >= count && open().await == 0 {
                break;
            }
            if now != seen {
                (seen, since) = (now, Instant::now());
            }
            let said = || self.logs.iter().filter_map(|l| std::fs::read_to_string(l).ok()).collect::<String>();
            assert!(since.elapsed() < PATIENCE, "{now} of {count} charges, and then nothing: {}", said());
        }
        let (charged, span) = gateway.charged();
        (charged.len() - 1) as f64 / span.as_secs_f64()
    }
}
impl Drop for Workers {
    fn drop(&mut self) {
        for worker in &mut self.processes {
            // Gone already is as good.
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}

/// One worker and four on PostgreSQL, on the same charges.
pub async fn four_workers() -> Vec<Figure> {
    const ANSWERS_AFTER: Duration = Duration::from_millis(200);
    let stolen = Stolen::watch();
    let charges = (size::due() / 20).max(500);
    let mailboxes = (size::mailboxes() / 5).max(2 * charges);
    let db = pgseed::filled(mailboxes, Options::default()).await;
    cards_on_postgres(&connect(&db).await, charges, mailboxes / 2 / charges).await;
    let folder = tempfile::tempdir_in(seed::bench_folder()).expect("the target folder is writable");
    night::watched(night::night_on(&db.address(), folder.path()), folder.path()).await;
    let later = "UPDATE effects SET run_at = run_at + 86400000000 WHERE kind <> 'charge_method' AND state = 'ready'";
    connect(&db).await.batch_execute(later).await.expect("the schema is ours");
    db.store.close().await;
    let mut rates = Vec::new();
    for workers in [1, 4] {
        let copy = testing::twin(&db, Options::default()).await;
        copy.store.close().await;
        rates.push(carried_out(&copy, workers, charges, ANSWERS_AFTER, &folder.path().join(workers.to_string())).await);
    }
    vec![
        Figure::new("workers_4", "postgres", rates[1], "charges/s")
            .against(rates[0], rates[1] / rates[0])
            .stolen(stolen.percent()),
    ]
}

async fn carried_out(db: &testing::TestDb, workers: usize, charges: u64, after: Duration, folder: &Path) -> f64 {
    let (gateway, client) = (Gateway::open(after).await, connect(db).await);
    let at_work = Workers::start(workers, AT_ONCE, &db.address(), folder, &gateway);
    let open = async || {
        let text = "SELECT COUNT(*) FROM attempts WHERE state <> 'succeeded'";
        client.query_one(text, &[]).await.expect("a count").get(0)
    };
    let rate = at_work.charged(charges, &gateway, open).await;
    drop(at_work);
    // What was run again after a conflict is rolled back before.
    let counted = "SELECT xact_commit, xact_rollback FROM pg_stat_database WHERE datname = current_database()";
    let row = client.query_one(counted, &[]).await.expect("statistics");
    let (commits, rollbacks): (i64, i64) = (row.get(0), row.get(1));
    eprintln!("workers_4: {charges} charges by {workers}: {commits} commits, {rollbacks} rollbacks");
    let rows = client.query("SELECT id FROM attempts", &[]).await.expect("rows");
    must_be_all(each_once(&gateway), rows.iter().map(|r| r.get(0)).collect());
    for (what, text) in [
        ("obligations met", "SELECT COUNT(*) FROM obligations WHERE state = 'met'"),
        ("payments in the books", "SELECT COUNT(DISTINCT cause_id) FROM transfers WHERE cause_kind = 'payment'"),
        ("orders paid", "SELECT COUNT(*) FROM orders WHERE kind = 'renewal' AND state = 'completed'"),
    ] {
        let count: i64 = client.query_one(text, &[]).await.expect("a count").get(0);
        assert_eq!(count as u64, charges, "{what}, by {workers} workers");
    }
    rate
}

/// The first mailbox of every so-and-so-many-th customer is due tonight, and renews with a card.
async fn cards_on_postgres(client: &Client, charges: u64, step: u64) {
    let (end, last, now) = (today() + 7, charges - 1, seed::now());
    let (service, account) = (pgseed::mailbox(&format!("2 * n * {step}")), pgseed::login(&format!("n * {step}")));
    let card = pgseed::id(8, "n");
    let due = format!("FROM generate_series(0, {last}) n WHERE");
    for text in [
        format!(
            "INSERT INTO methods (id, login_id, gateway, gateway_customer, gateway_ref, label, state, created_at) SELECT {card}, {account}, 'stripe', 'cus_' || n, 'pm_' || n, 'Visa 4242', 'usable', {now} FROM generate_series(0, {last}) n"
        ),
        format!("UPDATE terms SET end_day = {end}, auto_renew = TRUE, method_id = {card} {due} mailbox_id = {service}"),
        format!(
            "UPDATE obligations SET period_start = {end} + 1, due_day = {end} - 7, way = 'card' {due} service_id = {service}"
        ),
    ] {
        client.batch_execute(&text).await.expect("the schema is ours");
    }
    pgseed::settle(client).await;
}
