//! Moments in UTC, civil dates of Europe/Rome, and the calendar rules between them.

use std::fmt;

use jiff::{
    civil,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Serialize};

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A civil date, kept as the number of days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(i32);

pub const SECOND_US: i64 = 1_000_000;
pub const MINUTE_US: i64 = 60 * SECOND_US;
pub const HOUR_US: i64 = 60 * MINUTE_US;
pub const DAY_US: i64 = 24 * HOUR_US;
const DAY_S: i64 = DAY_US / SECOND_US;
const EPOCH: civil::Date = civil::date(1970, 1, 1);

fn rome() -> &'static TimeZone {
    static ROME: std::sync::OnceLock<TimeZone> = std::sync::OnceLock::new();
    ROME.get_or_init(|| TimeZone::get("Europe/Rome").expect("the time zone database is built in"))
}

impl Timestamp {
    pub const fn from_micros(us: i64) -> Self {
        Self(us)
    }
    pub const fn micros(self) -> i64 {
        self.0
    }
    pub const fn plus_us(self, us: i64) -> Self {
        Self(self.0 + us)
    }
    pub const fn plus_seconds(self, n: i64) -> Self {
        Self(self.0 + n * SECOND_US)
    }
    pub const fn plus_minutes(self, n: i64) -> Self {
        Self(self.0 + n * MINUTE_US)
    }
    /// So many times 24 hours later: for technical deadlines, not for calendar rules.
    pub const fn plus_days(self, n: i64) -> Self {
        Self(self.0 + n * DAY_US)
    }
    /// Microseconds from `earlier` to `self`; negative when `earlier` is later.
    pub const fn since(self, earlier: Timestamp) -> i64 {
        self.0 - earlier.0
    }
    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or_default()
    }
    /// Seconds of the wall clock in Europe/Rome, counted as if it had always been so far from UTC as at this moment.
    fn wall_seconds(self) -> i64 {
        let at = self.jiff();
        at.as_microsecond().div_euclid(SECOND_US) + i64::from(rome().to_offset(at).seconds())
    }
    /// The date in Europe/Rome at this moment.
    pub fn date(self) -> Date {
        Date(self.wall_seconds().div_euclid(DAY_S) as i32)
    }
    /// Hour, minute and second in Europe/Rome.
    pub fn clock_time(self) -> (i8, i8, i8) {
        let t = self.wall_seconds().rem_euclid(DAY_S);
        ((t / 3600) as i8, (t / 60 % 60) as i8, (t % 60) as i8)
    }
    /// RFC 3339 in UTC to the second, for machines.
    pub fn rfc3339(self) -> String {
        let seconds = self.jiff().as_microsecond().div_euclid(SECOND_US);
        let (days, rest) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
        let mut out = Date(days as i32).iso();
        for (mark, n) in [('T', rest / 3600), (':', rest / 60 % 60), (':', rest % 60)] {
            out.push(mark);
            push_two(&mut out, n as u16);
        }
        out.push('Z');
        out
    }
    /// Reads RFC 3339.
    pub fn parse_rfc3339(s: &str) -> Option<Self> {
        s.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_microsecond()))
    }
}
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl Date {
    fn of(d: civil::Date) -> Date {
        // Here and below by way of a moment in UTC: a span of days asks more of the calendar library. The first and the
        // last days of its calendar have no such moment.
        match Offset::UTC.to_timestamp(d.to_datetime(civil::Time::midnight())) {
            Ok(midnight) => Date(midnight.as_second().div_euclid(DAY_S) as i32),
            Err(_) => Date(d.since(EPOCH).map(|s| s.get_days()).unwrap_or(0)),
        }
    }
    fn civil(self) -> civil::Date {
        match jiff::Timestamp::from_second(i64::from(self.0) * DAY_S) {
            Ok(midnight) => Offset::UTC.to_datetime(midnight).date(),
            Err(_) => EPOCH.saturating_add(jiff::Span::new().days(self.0.clamp(-5_000_000, 5_000_000))),
        }
    }
    /// A date from year, month and day; `None` when there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        civil::Date::new(year, month, day).ok().map(Self::of)
    }
    pub const fn from_days(days: i32) -> Date {
        Date(days)
    }
    /// Days since 1970-01-01, as the store keeps it.
    pub const fn days(self) -> i32 {
        self.0
    }
    /// Year, month, day.
    pub fn ymd(self) -> (i16, i8, i8) {
        let d = self.civil();
        (d.year(), d.month(), d.day())
    }
    pub const fn plus_days(self, n: i32) -> Date {
        Date(self.0 + n)
    }
    /// Calendar months later (or earlier), clamped to the end of the month: 31 May − 3 is 28 or 29 February.
    pub fn plus_months(self, n: i32) -> Date {
        Self::of(self.civil().saturating_add(jiff::Span::new().months(n)))
    }
    /// Calendar years later, clamped: 29 February + 1 is 28 February (domain notes 10.10).
    pub fn plus_years(self, n: i32) -> Date {
        self.plus_months(n * 12)
    }
    /// Days from `earlier` to `self`.
    pub const fn days_since(self, earlier: Date) -> i32 {
        self.0 - earlier.0
    }
    /// The first moment of this date in Europe/Rome.
    pub fn start(self) -> Timestamp {
        self.at(0, 0)
    }
    /// The moment of this wall-clock time in Europe/Rome (the later one where an hour is skipped).
    pub fn at(self, hour: i8, minute: i8) -> Timestamp {
        // People may ask for the end of the year 9999, whose last hours no timestamp of the library reaches.
        let nearest = if self.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        let at = rome().to_timestamp(self.civil().at(hour, minute, 0, 0)).unwrap_or(nearest);
        Timestamp(at.as_microsecond())
    }
    /// `2026-10-01`.
    pub fn iso(self) -> String {
        let (y, m, d) = self.ymd();
        let Ok(year @ 0..=9999) = u16::try_from(y) else { return format!("{y:04}-{m:02}-{d:02}") };
        let mut out = String::with_capacity(20);
        push_two(&mut out, year / 100);
        push_two(&mut out, year % 100);
        for n in [m, d] {
            out.push('-');
            push_two(&mut out, n as u16);
        }
        out
    }
    /// Reads `2026-10-01`.
    pub fn parse_iso(s: &str) -> Option<Date> {
        if s.len() != 10 { None } else { s.parse::<civil::Date>().ok().map(Self::of) }
    }
}
impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

/// Two digits, by hand: a page has dozens of dates, and the formatter takes longer.
fn push_two(out: &mut String, n: u16) {
    out.extend([n / 10, n % 10].map(|digit| char::from(b'0' + (digit % 10) as u8)));
}

#[cfg(test)]
mod tests {
    use super::*;
    fn d(s: &str) -> Date {
        Date::parse_iso(s).unwrap()
    }
    #[test]
    fn months_clamp() {
        assert_eq!(d("2026-05-31").plus_months(-3), d("2026-02-28"));
        assert_eq!(d("2024-05-31").plus_months(-3), d("2024-02-29"));
        assert_eq!(d("2024-02-29").plus_years(1), d("2025-02-28"));
        assert_eq!(d("2024-02-29").plus_years(4), d("2028-02-29"));
    }
    #[test]
    fn days_are_those_of_rome() {
        let t = Timestamp::parse_rfc3339("2026-06-30T22:30:00Z").unwrap();
        assert_eq!(t.date(), d("2026-07-01"));
        assert_eq!(t.clock_time(), (0, 30, 0));
        assert_eq!(d("2026-07-01").start().rfc3339(), "2026-06-30T22:00:00Z");
        assert_eq!(d("1969-12-31").days(), -1);
        assert_eq!(d("1900-02-28").ymd(), (1900, 2, 28));
    }
    #[test]
    fn the_wall_clock_is_that_of_the_calendar_library() {
        let whole = |us: i64| Timestamp::from_micros(us).jiff().to_zoned(rome().clone());
        // Steps that meet every hour of a day, from 1900 until 2100; microseconds before and behind a second.
        for us in
            (-2_208_988_800_000_000..4_102_444_800_000_000).step_by(13 * HOUR_US as usize + 59 * MINUTE_US as usize + 1)
        {
            let (z, t) = (whole(us), Timestamp::from_micros(us));
            assert_eq!(t.date().ymd(), (z.year(), z.month(), z.day()), "{us}");
            assert_eq!(t.clock_time(), (z.hour(), z.minute(), z.second()), "{us}");
            assert_eq!(Date::of(z.date()), t.date());
            assert_eq!(
                t.date().start().micros(),
                z.date().to_zoned(rome().clone()).unwrap().timestamp().as_microsecond()
            );
        }
        assert_eq!((Date::from_days(i32::MIN).ymd(), Date::from_days(i32::MAX).ymd()), ((-9999, 1, 1), (9999, 12, 31)));
        assert_eq!(d("9999-12-31").plus_days(1).start(), Timestamp(jiff::Timestamp::MAX.as_microsecond()));
        for ymd in [(-9999, 1, 1), (-9999, 1, 2), (-9999, 1, 3), (9999, 12, 29), (9999, 12, 30), (9999, 12, 31)] {
            assert_eq!(Date::new(ymd.0, ymd.1, ymd.2).map(Date::ymd), Some(ymd));
        }
    }
    #[test]
    fn written_for_machines() {
        let day = |n: i32| Date::from_days(n).iso();
        assert_eq!((day(0), day(-1), day(20_727)), ("1970-01-01".into(), "1969-12-31".into(), "2026-10-01".into()));
        assert_eq!((day(-719_528), day(-719_529)), ("0000-01-01".into(), "-001-12-31".into()));
        let at = |us: i64| Timestamp::from_micros(us).rfc3339();
        assert_eq!(at(-1), "1969-12-31T23:59:59Z");
        assert_eq!(at(20_727 * DAY_US + 9 * HOUR_US + 5 * MINUTE_US + 7 * SECOND_US + 999_999), "2026-10-01T09:05:07Z");
        for days in (-800_000..800_000).step_by(97) {
            let (y, m, d) = Date::from_days(days).ymd();
            assert_eq!(day(days), format!("{y:04}-{m:02}-{d:02}"));
        }
    }
}
