//! How amounts, dates and numbers are written (direction: amounts without a space, minus U+2212,
//! dates day first, always the time of Europe/Rome).

use domain::{
    money::Money,
    time::{Date, Timestamp},
};

use crate::Locale;

const MONTHS: [[&str; 12]; 2] = [
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];
const GIB: u64 = 1024 * 1024 * 1024;
const MIB: u64 = 1024 * 1024;

fn grouped(n: u64, separator: char) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

impl Locale {
    const fn marks(self) -> (char, char) {
        match self {
            Locale::It => ('.', ','),
            Locale::En => (',', '.'),
        }
    }
    /// `€1.284,00` or `€1,284.00`; negative amounts start with U+2212.
    pub fn money(self, amount: Money) -> String {
        let (thousands, decimal) = self.marks();
        let cents = amount.as_cents();
        let abs = cents.unsigned_abs();
        let sign = if cents < 0 { "\u{2212}" } else { "" };
        format!("{sign}€{}{decimal}{:02}", grouped(abs / 100, thousands), abs % 100)
    }
    /// `1.284` or `1,284`.
    pub fn integer(self, n: i64) -> String {
        let sign = if n < 0 { "\u{2212}" } else { "" };
        format!("{sign}{}", grouped(n.unsigned_abs(), self.marks().0))
    }
    /// A percentage given in basis points: `22%`, `2,5%`.
    pub fn percent_bp(self, bp: i64) -> String {
        let (whole, rest) = (bp / 100, (bp % 100).abs());
        let decimal = self.marks().1;
        match rest {
            0 => format!("{whole}%"),
            r if r % 10 == 0 => format!("{whole}{decimal}{}%", r / 10),
            r => format!("{whole}{decimal}{r:02}%"),
        }
    }
    /// `1/10/2026`.
    pub fn date(self, date: Date) -> String {
        let (y, m, d) = date.ymd();
        // By hand: a page has dozens of dates.
        let mut out = String::with_capacity(10);
        for n in [d, m] {
            let digit = |n: i8| char::from(b'0' + n as u8);
            if n >= 10 {
                out.push(digit(n / 10));
            }
            out.extend([digit(n % 10), '/']);
        }
        out + &y.to_string()
    }
    /// `8 ottobre 2026`.
    pub fn long_date(self, date: Date) -> String {
        let (y, m, d) = date.ymd();
        format!("{d} {} {y}", MONTHS[self.index()][(m - 1) as usize])
    }
    /// `09:12`, in Europe/Rome.
    pub fn time(self, at: Timestamp) -> String {
        let (h, m, _) = at.clock_time();
        format!("{h:02}:{m:02}")
    }
    /// `1/10/2026, 09:12`.
    pub fn date_time(self, at: Timestamp) -> String {
        format!("{}, {}", self.date(at.date()), self.time(at))
    }
    /// `1/10/2026, 09:12:07`, only for receipts.
    pub fn date_time_seconds(self, at: Timestamp) -> String {
        format!("{}:{:02}", self.date_time(at), at.clock_time().2)
    }
    /// A size in bytes as people read it: `0,87 GB`, `12 MB`, `3 kB`.
    pub fn size(self, bytes: u64) -> String {
        let scaled = |unit: u64, name: &str| {
            let hundredths = (u128::from(bytes) * 100 + u128::from(unit) / 2) / u128::from(unit);
            let (whole, rest) = ((hundredths / 100) as u64, hundredths % 100);
            let decimal = self.marks().1;
            let digits = match rest {
                0 => String::new(),
                r if r % 10 == 0 => format!("{decimal}{}", r / 10),
                r => format!("{decimal}{r:02}"),
            };
            format!("{}{digits} {name}", grouped(whole, self.marks().0))
        };
        match bytes {
            b if b >= GIB / 10 => scaled(GIB, "GB"),
            b if b >= MIB => format!("{} MB", (b + MIB / 2) / MIB),
            0 => "0 MB".into(),
            b => format!("{} kB", b.div_ceil(1024)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        assert_eq!(Locale::It.money(Money::cents(848)), "€8,48");
        assert_eq!(Locale::En.money(Money::cents(848)), "€8.48");
        assert_eq!(Locale::It.money(Money::cents(128_400)), "€1.284,00");
        assert_eq!(Locale::En.money(Money::cents(123_456_789)), "€1,234,567.89");
        assert_eq!(Locale::It.money(Money::cents(-396)), "\u{2212}€3,96");
        assert_eq!(Locale::It.money(Money::cents(5)), "€0,05");
        assert_eq!(Locale::It.integer(-1000), "\u{2212}1.000");
        assert_eq!(Locale::It.percent_bp(2200), "22%");
        assert_eq!(Locale::It.percent_bp(250), "2,5%");
    }
    #[test]
    fn moments_are_of_rome() {
        let at = Timestamp::parse_rfc3339("2026-10-01T07:12:05Z").expect("a valid moment");
        assert_eq!(Locale::It.date_time(at), "1/10/2026, 09:12");
        assert_eq!(Locale::It.date(Date::from_days(20_727 + 88)), "28/12/2026");
        assert_eq!(Locale::It.date_time_seconds(at), "1/10/2026, 09:12:05");
        assert_eq!(Locale::It.long_date(at.date()), "1 ottobre 2026");
        assert_eq!(Locale::En.long_date(at.date()), "1 October 2026");
    }
    #[test]
    fn sizes() {
        assert_eq!(Locale::It.size(GIB), "1 GB");
        assert_eq!(Locale::It.size(GIB * 87 / 100), "0,87 GB");
        assert_eq!(Locale::En.size(GIB * 11 / 10), "1.1 GB");
        assert_eq!(Locale::It.size(12 * MIB), "12 MB");
        assert_eq!(Locale::It.size(1), "1 kB");
        assert_eq!(Locale::It.size(0), "0 MB");
    }
}
