//! Credit of earlier payments: money that no order could use. It pays other orders for twelve months, and is lost
//! afterwards (domain notes 2.7); not the prepaid credit of a wallet, which never expires.

use crate::{money::Money, time::Date};

/// The word of the payments that are made with it, beside the names of gateways.
pub const GATEWAY: &str = "credit";
/// How long it is good for.
pub const MONTHS: i32 = 12;
/// So many days before some of it is lost, its owner is told.
pub const WARNED_DAYS: i32 = 30;

/// The last day of what came on `day`.
pub fn last_day(day: Date) -> Date {
    day.plus_months(MONTHS)
}

/// What is lost of `available` when `recent` came within the twelve months: what came first is used first.
pub fn lapsing(available: Money, recent: Money) -> Money {
    (available - recent).max(Money::ZERO)
}

/// The last day of what is lost first. `came` are days and amounts, the newest first; `None` when nothing is left.
pub fn first_end(available: Money, came: &[(Date, Money)]) -> Option<Date> {
    let mut left = available;
    let mut oldest = None;
    for (day, amount) in came {
        if left <= Money::ZERO {
            break;
        }
        left = left - *amount;
        oldest = Some(*day);
    }
    oldest.map(last_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(cents: i64) -> Money {
        Money::cents(cents)
    }
    fn day(iso: &str) -> Date {
        Date::parse_iso(iso).unwrap()
    }

    #[test]
    fn what_came_first_is_used_first_and_lost_first() {
        assert_eq!(lapsing(m(500), m(500)), m(0));
        assert_eq!(lapsing(m(500), m(200)), m(300));
        assert_eq!(lapsing(m(500), m(0)), m(500));
        // Part of what came lately was used: nothing older is left.
        assert_eq!(lapsing(m(100), m(200)), m(0));
        let came = [(day("2026-09-01"), m(200)), (day("2026-02-28"), m(300))];
        assert_eq!(first_end(m(500), &came), Some(day("2027-02-28")));
        assert_eq!(first_end(m(201), &came), Some(day("2027-02-28")));
        assert_eq!(first_end(m(200), &came), Some(day("2027-09-01")));
        assert_eq!(first_end(m(0), &came), None);
    }

    #[test]
    fn months_end_with_the_month() {
        assert_eq!(last_day(day("2028-02-29")), day("2029-02-28"));
    }
}
