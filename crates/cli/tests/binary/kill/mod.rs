//! `kill -9` of the real binary under load, again and again: no confirmed order is lost, nobody is charged twice,
//! and `ceralacca doctor` finds the books right after each. The bank lives in this process, outside the killed one.
//!
//! `CERALACCA_TEST_KILLS` says how often (20 when it is not set), `CERALACCA_TEST_SEED` repeats the chances of a run.
// tidy: allow(clock) measures how long settling takes

mod crowd;
pub mod verdict;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use store::EngineKind;
use testkit::{
    dice::Dice,
    peers::bank::{Bank, Manners},
};

use self::{crowd::Crowd, verdict::Verdict};
use crate::house::{self, Build, House, pause};

/// People who buy at the same time.
const PEOPLE: usize = 8;
const MANNERS: Manners = Manners { refused: 2, lost: 4, untold: 12, untold_off_session: 60 };
/// At the end everything has settled within this time. Leases of the last killed process end within it, and
/// payments that were never told are asked about.
const SETTLED_WITHIN: Duration = Duration::from_secs(240);

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

async fn storm(engine: EngineKind) {
    let kills = number("CERALACCA_TEST_KILLS", 20);
    let seed = number("CERALACCA_TEST_SEED", u64::from(std::process::id()));
    println!("kill -9 on {engine:?}: {kills} kills, CERALACCA_TEST_SEED={seed}");
    let dice = Dice::new(seed);
    let port = house::free_port();
    let bank = Bank::open(format!("http://127.0.0.1:{port}/hooks/stripe"), MANNERS, seed ^ 0xba).await;
    let mut house = House::build(Build::of(engine, port, &bank)).await;
    let cx = house.enter().await;
    app::fixtures::load_catalogue(&cx).await.expect("the sample catalogue loads");
    let crowd = Arc::new(Crowd::gather(&cx, PEOPLE, seed ^ 0xc0).await);
    house.leave(cx).await;
    let mut verdict = Verdict::default();
    house.start().await;
    let people = crowd.clone().set_off(&house.address(), &bank);
    for _ in 0..kills {
        // Some lives end while the first things are done.
        let life = if dice.percent(40) { 20 + dice.roll(300) } else { 100 + dice.roll(1_400) };
        house.live_for(Duration::from_millis(life)).await;
        house.kill();
        verdict.doctor(&house.doctor());
        let cx = house.enter().await;
        verdict.look(&cx, &bank, &crowd).await;
        verdict.sow(&cx, &dice).await;
        house.leave(cx).await;
        verdict.restarts.push(house.start().await);
    }
    crowd.go_home();
    for person in people {
        person.await.expect("nobody panics");
    }
    bank.calm_down();
    house.kill();
    let cx = house.enter().await;
    verdict::hurry(&cx).await;
    house.leave(cx).await;
    house.start().await;
    let settled = settle(&mut house, &bank).await;
    house.kill();
    verdict.doctor(&house.doctor());
    let cx = house.enter().await;
    verdict.look(&cx, &bank, &crowd).await;
    verdict.end(&cx, &bank).await;
    house.leave(cx).await;
    println!("{}", verdict.report(engine, kills, settled, &crowd, &bank));
    verdict.must_be_clean();
}

/// Waits until nothing is left to do; answers how long that took.
async fn settle(house: &mut House, bank: &Bank) -> Duration {
    let began = Instant::now();
    let cx = house.enter().await;
    loop {
        let open = verdict::unsettled(&cx, bank).await;
        if open.is_empty() {
            house.leave(cx).await;
            return began.elapsed();
        }
        house.must_live();
        assert!(began.elapsed() < SETTLED_WITHIN, "not settled: {open:?}\n{}", house.log());
        pause(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    storm(EngineKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    storm(EngineKind::Postgres).await;
}
