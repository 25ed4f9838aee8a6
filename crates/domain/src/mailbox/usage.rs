//! How full a mailbox is, as the mail servers last told.

use crate::time::{DAY_US, HOUR_US, MINUTE_US};

/// After so long a mailbox is counted again.
const AGAIN_US: i64 = 6 * HOUR_US;
/// The same when it is nearly full or full: its holder may send again once it is seen that he made space.
const AGAIN_NEARLY_FULL_US: i64 = 10 * MINUTE_US;
/// Percent of the space at which its holder is told (domain notes 6.5).
pub const TOLD_AT: [i64; 3] = [70, 90, 100];
/// So many percent below one of them it may be told anew.
const CALM: i64 = 5;

/// When a mailbox with so many percent used is counted again.
pub const fn again_us(percent: i64) -> i64 {
    if percent >= TOLD_AT[1] { AGAIN_NEARLY_FULL_US } else { AGAIN_US }
}
/// What its holder was told so far, and what he is told when so many percent are used: the second above the first means
/// a message.
pub fn told(percent: i64, told_so_far: i64) -> i64 {
    let reached = |percent: i64| TOLD_AT.into_iter().rfind(|at| *at <= percent).unwrap_or(0);
    // Around a mark it is not told again and again.
    reached(percent).max(told_so_far.min(reached(percent + CALM)))
}
/// The same after the servers did not answer.
pub const RETRY_US: i64 = 15 * MINUTE_US;
/// The same when nothing came of the request at all.
pub const LEASE_US: i64 = HOUR_US;
/// What was told longer ago is not shown: it would be taken for what is.
pub const GOOD_FOR_US: i64 = DAY_US;

/// Percent of the space that is used, rounded down, so that 100 means full; may be more.
pub fn percent(used_kib: i64, space_kib: i64) -> i64 {
    match space_kib {
        ..=0 => 0,
        space => (i128::from(used_kib.max(0)) * 100 / i128::from(space)) as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::{again_us, percent, told};

    #[test]
    fn each_mark_is_told_once_until_there_is_room_again() {
        let mut so_far = 0;
        let mut mails = Vec::new();
        for used in [10, 69, 70, 75, 68, 71, 92, 100, 104, 97, 100, 89, 91, 60, 72] {
            let now = told(used, so_far);
            if now > so_far {
                mails.push((used, now));
            }
            so_far = now;
        }
        assert_eq!(mails, [(70, 70), (92, 90), (100, 100), (72, 70)]);
        assert!(again_us(90) < again_us(89));
    }

    #[test]
    fn a_hundred_means_full() {
        assert_eq!(percent(0, 1024), 0);
        assert_eq!(percent(1023, 1024), 99);
        assert_eq!(percent(1024, 1024), 100);
        assert_eq!(percent(2048, 1024), 200);
        assert_eq!(percent(5, 0), 0);
        assert_eq!(percent(-5, 10), 0);
    }
}
