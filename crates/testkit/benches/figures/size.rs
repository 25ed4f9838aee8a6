//! How large a run is: as in the docs, or smaller by the environment, to see that the figures work.

use std::{sync::LazyLock, time::Duration};

static MAILBOXES: LazyLock<u64> = LazyLock::new(|| from("CERALACCA_BENCH_MAILBOXES", 1_000_000));
static DUE: LazyLock<u64> = LazyLock::new(|| from("CERALACCA_BENCH_DUE", 100_000));
static TURN_MS: LazyLock<u64> = LazyLock::new(|| from("CERALACCA_BENCH_TURN_MS", 3_000));

/// Every name read here: the measured program knows none of them and would refuse them.
pub const NAMES: [&str; 3] = ["CERALACCA_BENCH_MAILBOXES", "CERALACCA_BENCH_DUE", "CERALACCA_BENCH_TURN_MS"];

fn from(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => usual,
    }
}

/// Mailboxes of the usual database: two of each customer.
pub fn mailboxes() -> u64 {
    (*MAILBOXES).max(10_000) / 2 * 2
}
pub fn logins() -> u64 {
    mailboxes() / 2
}
/// What is due in a night, scattered over all.
pub fn due() -> u64 {
    (*DUE).clamp(100, mailboxes() / 4)
}
/// How long one side is measured before the other has its turn.
pub fn turn() -> Duration {
    Duration::from_millis((*TURN_MS).max(100))
}
/// What is enough for the usual turns, in turns of this run.
pub fn for_turns(usual: u64) -> u64 {
    (usual * (*TURN_MS).max(100) / 3_000).max(1_000)
}
