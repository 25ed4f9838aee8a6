//! When an unpaid order is remembered and when it is given up.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The days of domain notes 2.8, configurable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpaidSchedule {
    /// Days after placing on which a reminder goes out.
    pub reminder_days: Vec<i64>,
    /// Days after placing on which the order expires and its names are free again.
    pub expiry_days: i64,
}
impl Default for UnpaidSchedule {
    fn default() -> Self {
        Self { reminder_days: vec![3, 10, 25], expiry_days: 30 }
    }
}
impl UnpaidSchedule {
    /// Each reminder with its day number, in order.
    pub fn reminders(&self, placed_at: Timestamp) -> Vec<(i64, Timestamp)> {
        self.reminder_days.iter().map(|days| (*days, same_time_after(placed_at, *days))).collect()
    }
    /// The moment from which the order is expired.
    pub fn expires_at(&self, placed_at: Timestamp) -> Timestamp {
        same_time_after(placed_at, self.expiry_days)
    }
}

/// So many local dates later at the same wall-clock minute: days are counted on the calendar
/// of Rome, never in hours (domain notes 10.11).
fn same_time_after(at: Timestamp, days: i64) -> Timestamp {
    let (hour, minute, _) = at.clock_time();
    at.date().plus_days(days as i32).at(hour, minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_calendar_days_across_the_hour_change() {
        // Placed in summer time; on 25 October 2026 the clock goes back.
        let placed = Timestamp::parse_rfc3339("2026-10-20T08:15:42Z").unwrap();
        let s = UnpaidSchedule::default();
        let text: Vec<_> = s.reminders(placed).into_iter().map(|(d, t)| format!("{d} {}", t.rfc3339())).collect();
        assert_eq!(text, ["3 2026-10-23T08:15:00Z", "10 2026-10-30T09:15:00Z", "25 2026-11-14T09:15:00Z"]);
        assert_eq!(s.expires_at(placed).rfc3339(), "2026-11-19T09:15:00Z");
    }

    #[test]
    fn nothing_is_due_before_it_was_placed() {
        let placed = Timestamp::parse_rfc3339("2026-03-26T01:30:00Z").unwrap();
        let s = UnpaidSchedule::default();
        let mut last = placed;
        for (_, at) in s.reminders(placed) {
            assert!(at > last);
            last = at;
        }
        assert!(s.expires_at(placed) > last);
    }
}
