//! Stretches of time as ISO 8601 writes them: `P30D`, `P1Y6M`, `PT12H`.

use crate::time::{HOUR_US, MINUTE_US, SECOND_US, Timestamp};

/// Calendar months and days, and a rest of exact time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Period {
    pub months: i32,
    pub days: i32,
    /// Microseconds.
    pub rest_us: i64,
}

impl Period {
    /// Reads `P[nY][nM][nW][nD][T[nH][nM][nS]]`, whole numbers only; `None` for anything else and for
    /// more than a hundred years.
    pub fn parse(text: &str) -> Option<Period> {
        let (date, time) = match text.strip_prefix('P')?.split_once('T') {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (text.strip_prefix('P')?, ""),
        };
        if date.is_empty() && time.is_empty() {
            return None;
        }
        let mut period = Period::default();
        for (count, unit) in parts(date, "YMWD")? {
            match unit {
                'Y' => period.months += count * 12,
                'M' => period.months += count,
                'W' => period.days += count * 7,
                _ => period.days += count,
            }
        }
        for (count, unit) in parts(time, "HMS")? {
            let each = match unit {
                'H' => HOUR_US,
                'M' => MINUTE_US,
                _ => SECOND_US,
            };
            period.rest_us += i64::from(count) * each;
        }
        (period.months <= 1200 && period.days <= 36_600).then_some(period)
    }

    /// The moment this much after `start`, at the same time of day in Europe/Rome.
    pub fn after(self, start: Timestamp) -> Timestamp {
        let date = start.date();
        let of_day = start.since(date.start());
        date.plus_months(self.months).plus_days(self.days).start().plus_us(of_day + self.rest_us)
    }
}

/// Numbers with their units, each unit at most once and in the order of `units`.
fn parts(text: &str, units: &str) -> Option<Vec<(i32, char)>> {
    let mut found = Vec::new();
    let (mut digits, mut allowed) = (String::new(), units);
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let at = allowed.find(c)?;
        allowed = &allowed[at + 1..];
        let count: i32 = digits.parse().ok().filter(|n| *n <= 100_000)?;
        found.push((count, c));
        digits.clear();
    }
    digits.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read() {
        let of = |months, days, rest_us| Some(Period { months, days, rest_us });
        assert_eq!(Period::parse("P30D"), of(0, 30, 0));
        assert_eq!(Period::parse("P1Y6M2W3D"), of(18, 17, 0));
        assert_eq!(Period::parse("PT12H30M5S"), of(0, 0, 12 * HOUR_US + 30 * MINUTE_US + 5 * SECOND_US));
        assert_eq!(Period::parse("P1DT1H"), of(0, 1, HOUR_US));
        for bad in [
            "",
            "P",
            "PT",
            "30D",
            "P30",
            "P-1D",
            "P1.5D",
            "P1D1Y",
            "P1D1D",
            "PT1D",
            "P1DT",
            "P99999Y",
            "p1d",
            "P١D",
            "P99999999999D",
        ] {
            assert_eq!(Period::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_time_of_day_stays() {
        let start = Timestamp::parse_rfc3339("2026-10-01T07:12:05Z").unwrap();
        let after = |p: &str| Period::parse(p).unwrap().after(start).rfc3339();
        // Rome leaves summer time on 25 October: nine o'clock stays nine o'clock.
        assert_eq!(after("P30D"), "2026-10-31T08:12:05Z");
        assert_eq!(after("P1M"), "2026-11-01T08:12:05Z");
        assert_eq!(after("PT1H"), "2026-10-01T08:12:05Z");
    }
}
