//! A night of renewals out of the credit, over a million mailboxes, beside the same rows written set-wise.
// tidy: allow(clock) benchmarks are stopwatches

use std::{process::Stdio, time::Duration};

use domain::{
    id::PartyId,
    ledger::{AccountKey, AccountKind},
    time::Timestamp,
};
use rusqlite::{Connection, params};

use crate::{
    measure::{Figure, Stolen, memory},
    raw::night as raw,
    seed::{self, Bed},
    server,
};

/// What is due in the night, scattered over the million; a tenth of it in the smaller night.
const DUE: u64 = 100_000;
const FEW: u64 = DUE / 10;
/// What each wallet holds.
const CREDIT_CENTS: i64 = 100_000;

/// Renewals out of the credit; the memory of the process with ten times as much due is beside it.
pub async fn wallet() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let (few, few_mib) = product(FEW).await;
    drop(few);
    let (bed, mib) = product(DUE).await;
    let ours = worked(&bed.connection());
    let texts = raw::Texts::of(&bed.connection());
    drop(bed);
    let bed = prepared(DUE).await;
    let theirs = raw::run(bed.connection(), today(), &texts);
    assert_eq!(theirs.renewed, DUE, "the raw program renews the same");
    let rate = DUE as f64 / ours.as_secs_f64();
    let raw_rate = DUE as f64 / theirs.took.as_secs_f64();
    vec![
        Figure::new("night_wallet", "sqlite", rate, "renewals/s")
            .against(raw_rate, rate / raw_rate)
            .holding(mib)
            .stolen(stolen.percent()),
        Figure::new("night_wallet_memory", "sqlite", mib, "MiB").against(few_mib, mib / few_mib),
    ]
}

fn today() -> i32 {
    Timestamp::from_micros(seed::now()).date().days()
}

/// A copy in which so many mailboxes are renewed by their holders' credit tonight.
async fn prepared(due: u64) -> Bed {
    let bed = Bed::copy("g").await;
    let mut c = bed.connection();
    let tx = c.transaction().expect("nobody else writes");
    {
        let prepare = |text| tx.prepare(text).expect("the schema is ours");
        let mut term = prepare("UPDATE terms SET end_day = ?2 WHERE mailbox_id = ?1");
        let mut owed = prepare(
            "UPDATE obligations SET period_start = ?2 + 1, due_day = ?2 - 7, way = 'wallet' WHERE service_id = ?1",
        );
        let mut wallet = prepare(
            "INSERT INTO ledger_accounts (id, kind, owner_id, guarded, posted_cents, held_cents) VALUES (?1, 'customer_credit', ?2, 1, ?3, 0)",
        );
        let end = today() + 7;
        for n in (0..due).map(|n| n * (seed::MAILBOXES / due) + 3) {
            let (mailbox, party) = (seed::mailbox(n).into_bytes(), seed::party(n / 2));
            term.execute(params![mailbox, end]).expect("a row");
            owed.execute(params![mailbox, end]).expect("a row");
            let account = AccountKey::of(AccountKind::CustomerCredit, PartyId::from_uuid(party)).id().uuid();
            wallet.execute(params![account.into_bytes(), party.into_bytes(), CREDIT_CENTS]).expect("a row");
        }
    }
    tx.commit().expect("there is room");
    c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("nobody reads");
    bed
}

/// `ceralacca admin night run` on such a copy; answers it with the most memory that the process had of its own.
async fn product(due: u64) -> (Bed, f64) {
    let bed = prepared(due).await;
    let log = std::fs::File::create(bed.database().with_file_name("night.log")).expect("the folder is writable");
    let mut command = server::program(&bed.database(), 1);
    command.args(["admin", "night", "run"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let mut child = command.spawn().expect("the program starts");
    let (mut most, mut tick) = (0.0_f64, tokio::time::interval(Duration::from_millis(20)));
    let status = loop {
        tick.tick().await;
        most = most.max(memory(child.id(), "RssAnon"));
        if let Some(status) = child.try_wait().expect("a child can be looked at") {
            break status;
        }
    };
    assert!(status.success(), "see {}", bed.database().with_file_name("night.log").display());
    let renewed: i64 = bed
        .connection()
        .query_row("SELECT count FROM night_outcomes WHERE step = 'renew' AND outcome = 'renewed'", [], |r| r.get(0))
        .expect("the night has an outcome");
    assert_eq!(renewed as u64, due, "everything due is renewed");
    (bed, most)
}

/// How long the step of the renewals was at work.
fn worked(c: &Connection) -> Duration {
    let us = c.query_row("SELECT worked_us FROM night_steps WHERE step = 'renew'", [], |r| r.get::<_, i64>(0));
    Duration::from_micros(us.expect("the step was run") as u64)
}
