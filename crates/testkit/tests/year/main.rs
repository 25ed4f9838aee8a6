//! A simulated year over 2,000 mailboxes: orders, top-ups, add-ons, renewals by everybody who can pay for them, transfers,
//! refunds, moods of two gateways, notices, processes that end between any two statements, clocks that jump. The books
//! are proved every night, and so is what was told and to whom.
//!
//! A seed says everything: `CERALACCA_TEST_SEED=7 CERALACCA_TEST_YEARS=1 cargo test -p testkit --test year -- --nocapture`
//! is the same year again, to the last identifier. For hundreds of them build it with `--release`: a year takes half as long.

mod bank;
mod cards;
mod deeds;
mod house;
mod methods;
mod night;
mod notices;
mod paypal;
mod renewals;
mod rules;
mod town;
mod verdict;
mod year;

use std::{
    num::NonZero,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use store::EngineKind;
use tokio::runtime::{self, Runtime};

use self::{town::Town, year::Year};

/// Years on SQLite unless `CERALACCA_TEST_YEARS` says how many: a year takes half a minute of processor.
const YEARS: u64 = 20;
/// The same on PostgreSQL, where each statement is a trip.
const YEARS_ON_POSTGRES: u64 = 2;
/// Days that are lived; the clock jumps over some more.
const DAYS: u64 = 365;

fn number(name: &str, or: u64) -> u64 {
    std::env::var(name).map_or(or, |v| v.parse().unwrap_or_else(|_| panic!("{name} is a number, not {v}")))
}

fn runtime() -> Runtime {
    runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// The years of an engine: on each processor one after the other. A year is the same whoever lives beside it.
fn years(engine: EngineKind, usual: u64) {
    let (first, count) = (number("CERALACCA_TEST_SEED", 1), number("CERALACCA_TEST_YEARS", usual));
    let town = runtime().block_on(Town::build(engine));
    let next = AtomicU64::new(first);
    let lanes = thread::available_parallelism().map_or(1, NonZero::get).min(count as usize);
    thread::scope(|scope| {
        for _ in 0..lanes {
            scope.spawn(|| {
                let _last = LastOnPanic(&next);
                while let seed = next.fetch_add(1, Ordering::Relaxed)
                    && seed < first + count
                {
                    println!("{}", runtime().block_on(year(&town, seed)));
                }
            });
        }
    });
}
async fn year(town: &Town, seed: u64) -> String {
    let mut year = Year::begin(town, seed).await;
    for _ in 0..DAYS {
        year.day().await;
    }
    year.end().await
}

/// After a year that went wrong nobody begins another.
struct LastOnPanic<'a>(&'a AtomicU64);
impl Drop for LastOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(u64::MAX / 2, Ordering::Relaxed);
        }
    }
}

#[test]
fn on_sqlite() {
    years(EngineKind::Sqlite, YEARS);
}

#[test]
fn on_postgres() {
    years(EngineKind::Postgres, YEARS_ON_POSTGRES);
}

/// What is printed for a failure is worth something only if it comes again.
#[tokio::test]
async fn a_seed_repeats() {
    let town = Town::build(EngineKind::Sqlite).await;
    let mut told = Vec::new();
    for _ in 0..2 {
        let mut year = Year::begin(&town, 11).await;
        for _ in 0..25 {
            year.day().await;
        }
        told.push(year.story());
    }
    assert!(told[0].1 > 100, "something happened: {told:?}");
    assert_eq!(told[0], told[1]);
}
