//! On which days a service is told that it ends (domain notes 6.1). Days are civil dates of Europe/Rome, counted from the
//! last day of the paid period.

use super::Way;
use crate::time::Date;

/// Steps of a service that somebody has to renew, or to hold credit for.
pub const ASKED: [i32; 12] = [-90, -60, -30, -15, -7, -3, -1, 0, 7, 30, 60, 83];
/// Steps of a service that is renewed by itself or by its body: twice before, then as long as it was not.
pub const TOLD: [i32; 7] = [-30, -10, 0, 7, 30, 60, 83];
/// Steps of a mailbox whose holder gave notice: what still helps is when it ends and when its content goes.
pub const ENDING: [i32; 3] = [-7, 0, 83];
/// The last day on which something can be told: afterwards the service is gone.
const LAST: i32 = super::calendar::GRACE_DAYS;

impl Way {
    /// The notices that a service gets.
    pub const fn notices(self) -> &'static [i32] {
        match self {
            Way::Manual | Way::Wallet => &ASKED,
            Way::Card | Way::Paypal | Way::Body => &TOLD,
        }
    }
    /// The latest step whose day has come when `today` is so many days after the end.
    pub fn notice_at(self, days_after_end: i32) -> Option<i32> {
        latest(self.notices(), days_after_end)
    }
}

/// The same for a mailbox whose holder gave notice.
pub fn ending_at(days_after_end: i32) -> Option<i32> {
    latest(&ENDING, days_after_end)
}

fn latest(steps: &[i32], days_after_end: i32) -> Option<i32> {
    steps.iter().copied().rfind(|step| *step <= days_after_end).filter(|_| days_after_end <= LAST)
}

/// Services whose period ends on one of these days, and the step that they have come to since the last night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub from: Date,
    pub to: Date,
    /// Step of those that are asked for something.
    pub asked: Option<i32>,
    /// Step of those that are only told.
    pub told: Option<i32>,
    /// Step of those whose holder gave notice.
    pub ending: Option<i32>,
}
impl Segment {
    fn steps(&self) -> [Option<i32>; 3] {
        [self.asked, self.told, self.ending]
    }
}

/// All of a night in the order of the days, after the last night that was done. Whoever passed several steps meanwhile
/// has come to the latest of them only.
pub fn segments(day: Date, last_night: Option<Date>) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    for after in (ASKED[0]..=LAST).rev() {
        let end = day.plus_days(-after);
        let new = |step: &i32| last_night.is_none_or(|last| end.plus_days(*step) > last);
        let step = |steps: &[i32]| latest(steps, after).filter(new);
        let here = Segment { from: end, to: end, asked: step(&ASKED), told: step(&TOLD), ending: step(&ENDING) };
        match found.last_mut() {
            Some(open) if open.to.plus_days(1) == end && open.steps() == here.steps() => open.to = end,
            _ if here.steps() == [None; 3] => {}
            _ => found.push(here),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    #[test]
    fn a_night_after_the_last_one_has_one_day_for_each_step() {
        let day = d("2026-03-31");
        let found = segments(day, Some(day.plus_days(-1)));
        assert!(found.iter().all(|s| s.from == s.to));
        let mut steps: Vec<i32> = ASKED.iter().chain(&TOLD).copied().collect();
        steps.sort_unstable();
        steps.dedup();
        let days: Vec<i32> = found.iter().rev().map(|s| day.days_since(s.from)).collect();
        assert_eq!(days, steps);
        // Ten days before the end only those are told who have nothing to do.
        let ten = found.iter().find(|s| day.days_since(s.from) == -10).unwrap();
        assert_eq!((ten.asked, ten.told, ten.ending), (None, Some(-10), None));
        let ending: Vec<i32> = found.iter().rev().filter_map(|s| s.ending).collect();
        assert_eq!(ending, ENDING);
    }

    #[test]
    fn missed_nights_leave_the_latest_step_only() {
        let day = d("2026-05-01");
        let found = segments(day, Some(day.plus_days(-6)));
        let of = |after: i32| found.iter().find(|s| s.from <= day.plus_days(-after) && day.plus_days(-after) <= s.to);
        // It ends tomorrow: −7 and −3 were missed, −1 is what is told.
        assert_eq!(of(-1).unwrap().asked, Some(-1));
        assert_eq!(of(-2).unwrap().asked, Some(-3));
        assert_eq!(of(-6).unwrap().asked, Some(-7));
        assert_eq!(of(-8).and_then(|s| s.asked), None, "−15 was told in time");
        assert_eq!(of(1).unwrap().asked, Some(0));
        assert!(found.windows(2).all(|w| w[0].to < w[1].from), "each day in one segment, in order");
    }

    #[test]
    fn the_first_night_tells_everybody_where_he_stands() {
        let day = d("2026-05-01");
        let found = segments(day, None);
        assert_eq!(found.first().map(|s| (s.from, s.asked)), Some((day.plus_days(-90), Some(83))));
        assert_eq!(found.last().map(|s| (s.to, s.asked, s.told)), Some((day.plus_days(90), Some(-90), None)));
    }

    #[test]
    fn steps_by_the_way_of_the_money() {
        assert_eq!(Way::Manual.notice_at(-91), None);
        assert_eq!(Way::Manual.notice_at(-8), Some(-15));
        assert_eq!(Way::Card.notice_at(-8), Some(-10));
        assert_eq!(Way::Body.notice_at(-31), None);
        assert_eq!(Way::Wallet.notice_at(90), Some(83));
        assert_eq!(Way::Wallet.notice_at(91), None);
        assert_eq!([-8, -7, 0, 60, 83, 91].map(ending_at), [None, Some(-7), Some(0), Some(0), Some(83), None]);
    }
}
