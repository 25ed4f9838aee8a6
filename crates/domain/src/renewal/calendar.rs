//! The dates of a renewal. All are civil dates of Europe/Rome: a night with 23 or 25 hours moves none of them
//! (domain notes 10.11).

use super::{ServiceKind, Way};
use crate::time::Date;

/// Charges are tried so many days before the last day of the period (domain notes 6.3).
pub const TRIES: [i32; 4] = [7, 5, 3, 1];
/// No period has more tries.
pub const MOST_TRIES: i64 = TRIES.len() as i64;
/// So many days after its end a mailbox can still be renewed (domain notes 6.2).
pub const GRACE_DAYS: i32 = 90;
/// From so many days after its end on a mailbox is renewed by immediate methods alone: money that travels would come too
/// late (domain notes 6.5).
pub const IMMEDIATE_FROM_DAYS: i32 = 80;
/// The end of a mailbox never lies further ahead (domain notes 6.2).
pub const HORIZON_YEARS: i32 = 6;

/// First day of the period that follows one with this last day.
pub const fn period_start(end: Date) -> Date {
    end.plus_days(1)
}

/// The end after a renewal: old end plus years, also when it comes late, clamped to the end of the month (domain
/// notes 6.2, 10.10).
pub fn renewed_end(end: Date, years: i64) -> Date {
    end.plus_years(years.clamp(0, 100) as i32)
}

/// Whether a renewal on `today` to `end` stays within the horizon.
pub fn within_horizon(today: Date, end: Date) -> bool {
    end <= today.plus_years(HORIZON_YEARS)
}

/// The last day on which a mailbox with this end can be renewed.
pub const fn last_renewal_day(end: Date) -> Date {
    end.plus_days(GRACE_DAYS)
}

/// Whether `today` a mailbox with this end can be renewed by at least a year.
pub fn renewable(end: Date, today: Date) -> bool {
    today <= last_renewal_day(end) && within_horizon(today, renewed_end(end, 1))
}

/// Whether only methods that register the payment at once are taken today for a mailbox with this end.
pub fn only_immediate(end: Date, today: Date) -> bool {
    today >= end.plus_days(IMMEDIATE_FROM_DAYS)
}

/// When the night first looks at the obligation of a service with this last day.
pub const fn first_due(kind: ServiceKind, way: Way, end: Date) -> Date {
    match kind {
        ServiceKind::Mailbox if way.by_itself() => end.plus_days(-TRIES[0]),
        ServiceKind::Mailbox => last_renewal_day(end).plus_days(1),
        // With its mailbox; otherwise it has ended by then.
        ServiceKind::Addon => period_start(end),
    }
}

/// When it is looked at after `day`, once so many tries came to nothing: the next day of the calendar; after the last
/// one, and after the last try, when it can no longer be renewed. A clock that went back would have each day come twice.
pub fn next_due(kind: ServiceKind, end: Date, tries: i64, day: Date) -> Date {
    let rest = last_renewal_day(end).plus_days(1);
    match kind {
        ServiceKind::Mailbox if tries >= MOST_TRIES => rest,
        ServiceKind::Mailbox => {
            TRIES.into_iter().map(|before| end.plus_days(-before)).find(|due| *due > day).unwrap_or(rest)
        }
        ServiceKind::Addon => period_start(end),
    }
}

/// Where the money comes from, and when it is looked at, once a notice of termination is taken back on `day`. A charge
/// whose last day has passed leaves the renewal to a person; credit is looked at in the next night.
pub fn resumed(kind: ServiceKind, way: Way, end: Date, tries: i64, day: Date) -> (Way, Date) {
    let first = first_due(kind, way, end);
    if first > day || !way.by_itself() {
        return (way, first);
    }
    match (way, next_due(kind, end, tries, day)) {
        (_, next) if next <= end => (way, next),
        (Way::Wallet, _) => (way, day.plus_days(1)),
        (_, never) => (Way::Manual, never),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> Date {
        Date::parse_iso(iso).unwrap()
    }

    #[test]
    fn ends_follow_the_old_end_and_clamp() {
        for (end, years, renewed) in [
            ("2027-03-30", 1, "2028-03-30"),
            ("2028-02-29", 1, "2029-02-28"),
            ("2028-02-29", 4, "2032-02-29"),
            ("2027-02-28", 1, "2028-02-28"),
        ] {
            assert_eq!(renewed_end(day(end), years), day(renewed), "{end} + {years}");
        }
        assert_eq!(period_start(day("2027-12-31")), day("2028-01-01"));
    }

    #[test]
    fn due_days_are_counted_on_dates() {
        let due = |kind, way, end: &str| first_due(kind, way, day(end));
        assert_eq!(due(ServiceKind::Mailbox, Way::Card, "2027-03-30"), day("2027-03-23"));
        // Summer time begins on 28 March 2027 and ends on 31 October.
        assert_eq!(due(ServiceKind::Mailbox, Way::Wallet, "2027-03-29"), day("2027-03-22"));
        assert_eq!(due(ServiceKind::Mailbox, Way::Paypal, "2027-11-03"), day("2027-10-27"));
        assert_eq!(due(ServiceKind::Mailbox, Way::Manual, "2027-03-30"), day("2027-06-29"));
        assert_eq!(due(ServiceKind::Mailbox, Way::Body, "2027-03-30"), day("2027-06-29"));
        assert_eq!(due(ServiceKind::Addon, Way::Wallet, "2028-02-29"), day("2028-03-01"));
    }

    #[test]
    fn from_day_eighty_on_only_what_is_immediate() {
        let end = day("2026-10-01");
        assert!(!only_immediate(end, day("2026-12-19")) && only_immediate(end, day("2026-12-20")));
        assert!(only_immediate(end, last_renewal_day(end)));
    }

    #[test]
    fn six_years_ahead_and_no_day_more() {
        let today = day("2026-11-22");
        assert!(within_horizon(today, day("2032-11-22")) && !within_horizon(today, day("2032-11-23")));
        assert!(within_horizon(day("2028-02-29"), day("2034-02-28")));
        assert_eq!(last_renewal_day(day("2026-11-22")), day("2027-02-20"));
        assert!(renewable(day("2026-11-22"), day("2027-02-20")) && !renewable(day("2026-11-22"), day("2027-02-21")));
        assert!(renewable(day("2031-11-22"), today) && !renewable(day("2031-11-23"), today));
    }
}
