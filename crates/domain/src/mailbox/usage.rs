//! How full a mailbox is, as the mail servers last told.

use crate::time::{DAY_US, HOUR_US, MINUTE_US};

/// After so long a mailbox is counted again.
pub const AGAIN_US: i64 = 6 * HOUR_US;
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
    use super::percent;

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
