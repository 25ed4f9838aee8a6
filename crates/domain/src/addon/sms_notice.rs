//! «Avviso SMS»: when the holder of a mailbox is told by a text message that messages lie unread in it.
//!
//! The sources name the service and sell it (domain notes 5.1: PRO+SMS, [G-PARTNER], [G-SUPP]); no page that was read
//! says when a message goes. All of this is therefore our decision (D): docs/decisions/2026-11-29-sms-notice.md.

use crate::time::{Date, HOUR_US, MINUTE_US, Timestamp};

/// From this hour, Europe/Rome, a holder may be told (D).
const FROM_HOUR: i8 = 8;
/// From this hour he is left alone (D).
const UNTIL_HOUR: i8 = 20;
/// After so long the mail servers are asked again, while holders may be told (D).
const AGAIN_US: i64 = HOUR_US;
/// The same after they did not answer.
const RETRY_US: i64 = 15 * MINUTE_US;
/// The same when nothing came of the request at all.
pub const LEASE_US: i64 = HOUR_US;

/// What a holder was told of his mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Unread messages that he knows of: those of the last text message, or fewer since he has read some.
    pub unread: i64,
    /// The day of the last text message.
    pub day: Option<Date>,
}

/// What follows from what the mail servers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// A text message goes now.
    pub tell: bool,
    pub told: Told,
    /// When the servers are asked again.
    pub again: Timestamp,
}

/// Whether holders may be told at this moment: not in the evening, not at night.
pub fn awake(now: Timestamp) -> bool {
    (FROM_HOUR..UNTIL_HOUR).contains(&now.clock_time().0)
}

/// The moment after which a text message of this day comes too late: one that could not go waits no longer.
pub fn good_until(day: Date) -> Timestamp {
    day.at(UNTIL_HOUR, 0)
}

/// What comes of `unread` messages. He is told when there are more than he knows of, at most once a day (D). What
/// he has read he knows of, so that the next message is news again, also where others stay unread for ever.
pub fn judge(before: Told, unread: i64, now: Timestamp) -> Verdict {
    let today = now.date();
    let known = before.unread.min(unread).max(0);
    let tell = unread > known && before.day != Some(today) && awake(now);
    let told = if tell { Told { unread, day: Some(today) } } else { Told { unread: known, ..before } };
    Verdict { tell, told, again: again(now) }
}

/// When the servers are asked the next time.
pub fn again(now: Timestamp) -> Timestamp {
    next_awake(now.plus_us(AGAIN_US))
}
/// The same after they did not answer.
pub fn after_silence(now: Timestamp) -> Timestamp {
    next_awake(now.plus_us(RETRY_US))
}

/// This moment, or the morning after it.
fn next_awake(at: Timestamp) -> Timestamp {
    let (day, hour) = (at.date(), at.clock_time().0);
    match hour {
        ..FROM_HOUR => day.at(FROM_HOUR, 0),
        FROM_HOUR..UNTIL_HOUR => at,
        UNTIL_HOUR.. => day.plus_days(1).at(FROM_HOUR, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> Date {
        Date::parse_iso(iso).unwrap()
    }
    fn at(hour: i8, minute: i8) -> Timestamp {
        day("2026-11-30").at(hour, minute)
    }
    const NOTHING: Told = Told { unread: 0, day: None };

    /// Asked at each of these, with so many unread: the numbers that were told.
    fn story(asked: &[(Timestamp, i64)]) -> Vec<i64> {
        let mut told = NOTHING;
        let mut texts = Vec::new();
        for (now, unread) in asked {
            let verdict = judge(told, *unread, *now);
            told = verdict.told;
            texts.extend(verdict.tell.then_some(*unread));
        }
        texts
    }

    #[test]
    fn once_a_day_and_only_what_is_news() {
        assert_eq!(story(&[(at(9, 0), 0), (at(10, 0), 2), (at(11, 0), 3)]), [2], "once a day");
        let next = |hour| day("2026-12-01").at(hour, 0);
        assert_eq!(story(&[(at(9, 0), 2), (next(9), 2), (next(10), 2)]), [2], "the same two are no news");
        assert_eq!(story(&[(at(9, 0), 2), (next(9), 3)]), [2, 3]);
        assert_eq!(story(&[(at(9, 0), 2), (at(10, 0), 0), (next(9), 1)]), [2, 1], "what was read is news again");
        assert_eq!(story(&[(at(9, 0), 2), (at(10, 0), 0), (at(11, 0), 1), (next(8), 1)]), [2, 1], "told the next day");
        // Nine stay unread for ever: he has looked all the same.
        assert_eq!(story(&[(at(9, 0), 12), (at(10, 0), 9), (next(9), 10)]), [12, 10]);
        assert_eq!(judge(NOTHING, -1, at(9, 0)).told, NOTHING, "nonsense is nothing");
    }

    #[test]
    fn not_in_the_evening_and_not_at_night() {
        for (hour, minute, told) in [(7, 59, false), (8, 0, true), (19, 59, true), (20, 0, false), (3, 0, false)] {
            let verdict = judge(NOTHING, 1, at(hour, minute));
            assert_eq!(verdict.tell, told, "{hour}:{minute}");
            assert_eq!(verdict.told, if told { Told { unread: 1, day: Some(at(9, 0).date()) } } else { NOTHING });
        }
        assert_eq!(again(at(9, 0)), at(10, 0));
        assert_eq!(again(at(19, 30)), day("2026-12-01").at(8, 0));
        assert_eq!(again(at(5, 0)), at(8, 0));
        assert_eq!((after_silence(at(9, 0)), good_until(at(9, 0).date())), (at(9, 15), at(20, 0)));
    }

    #[test]
    fn the_hours_are_those_of_rome() {
        // The night in which summer time begins, and the one in which it ends.
        for (iso, utc_hour) in [("2027-03-28", 6), ("2027-10-31", 7)] {
            let morning = Timestamp::parse_rfc3339(&format!("{iso}T0{utc_hour}:00:00Z")).unwrap();
            assert!(awake(morning) && !awake(morning.plus_seconds(-1)), "{iso}");
            assert_eq!(again(day(iso).start()), morning, "{iso}");
        }
    }
}
