//! What an add-on costs until the end of the mailbox's term, and the way to that amount.

use super::{AddonRefusal, Strategy};
use crate::{catalogue::Price, id::PriceId, money::Money, order::pricing::Quote, time::Date, time::Timestamp};

/// In the last so many calendar months of a term an add-on is free (domain notes 5.3, from S4).
const FREE_MONTHS: i32 = 3;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Price of one GB for a year.
    pub price: &'a Price,
    pub strategy: Strategy,
    /// The day of buying, in Europe/Rome.
    pub today: Date,
    /// The last day of the mailbox's term.
    pub expiry: Date,
    pub gb: i64,
    /// See [`super::must_pay`].
    pub must_pay: bool,
    /// For how many years it will be renewed together with the mailbox.
    pub renewal_years: i64,
}

/// The time that is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Nothing: three months or less are left.
    Free,
    /// The years of the term that have more than three months to run, the current one included.
    Years(i64),
    /// One year, although three months or less are left: the last one was free and was not renewed.
    OnceMore,
    /// Started months, as twelfths of the yearly price.
    Months(i64),
}
impl Basis {
    /// Years of the order's line.
    pub const fn years(self) -> i64 {
        match self {
            Self::Free | Self::Months(_) => 0,
            Self::Years(n) => n,
            Self::OnceMore => 1,
        }
    }
    /// Months of the order's line, where months are counted.
    pub const fn months(self) -> Option<i64> {
        match self {
            Self::Months(n) => Some(n),
            Self::Free | Self::Years(_) | Self::OnceMore => None,
        }
    }
    /// The basis of an order's line, years later.
    pub const fn of_line(years: i64, months: Option<i64>) -> Self {
        match (years, months) {
            (_, Some(n)) => Self::Months(n),
            (0, None) => Self::Free,
            (n, None) => Self::Years(n),
        }
    }
}

/// The price, with everything needed to explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddonQuote {
    pub price_id: PriceId,
    /// Since when the price is valid.
    pub valid_from: Timestamp,
    pub gb: i64,
    /// Net price of one GB for a year.
    pub unit_net: Money,
    /// VAT rate in basis points.
    pub vat_bp: i64,
    pub basis: Basis,
    /// Last day of the add-on.
    pub until: Date,
    pub net: Money,
    pub vat: Money,
    pub gross: Money,
    /// What its renewal with the mailbox takes at today's price, VAT included.
    pub renewal_gross: Money,
}
impl AddonQuote {
    /// A renewal of whole years, told as it is sold.
    pub fn of_years(q: &Quote, until: Date) -> Self {
        Self {
            price_id: q.price_id,
            valid_from: q.valid_from,
            gb: q.quantity,
            unit_net: q.unit_net,
            vat_bp: q.vat_bp,
            basis: Basis::Years(q.years),
            until,
            net: q.net,
            vat: q.vat,
            gross: q.gross,
            renewal_gross: Money::ZERO,
        }
    }
    /// It costs nothing now.
    pub fn is_free(&self) -> bool {
        self.basis == Basis::Free
    }
}

/// Prices an add-on; one rounding for the net amount, one for the VAT of the line (domain notes 5.4).
///
/// # Errors
/// [`AddonRefusal::MailboxEnded`] when the term is over.
pub fn quote(ask: &Ask<'_>) -> Result<AddonQuote, AddonRefusal> {
    if ask.today > ask.expiry {
        return Err(AddonRefusal::MailboxEnded);
    }
    let yearly = ask.price.unit_net * ask.gb;
    let basis = match ask.strategy {
        Strategy::Monthly => Basis::Months(started_months(ask.today, ask.expiry)),
        Strategy::ThreeMonths => match billed_years(ask.today, ask.expiry) {
            0 if ask.must_pay => Basis::OnceMore,
            0 => Basis::Free,
            years => Basis::Years(years),
        },
    };
    let net = match basis {
        Basis::Months(months) => yearly.times_ratio(months, 12),
        whole => yearly * whole.years(),
    };
    let vat = net.vat(ask.price.vat_bp);
    let renewal_net = yearly * ask.renewal_years;
    Ok(AddonQuote {
        price_id: ask.price.id,
        valid_from: ask.price.valid_from,
        gb: ask.gb,
        unit_net: ask.price.unit_net,
        vat_bp: ask.price.vat_bp,
        basis,
        until: ask.expiry,
        net,
        vat,
        gross: net + vat,
        renewal_gross: renewal_net + renewal_net.vat(ask.price.vat_bp),
    })
}

/// The years of the term up to `expiry` that have more than three months to run on `today`. Exactly three months
/// count as free: doubt goes to the customer. The threshold of a month's end is a month's end (31 May → 28 or 29
/// February).
fn billed_years(today: Date, expiry: Date) -> i64 {
    let mut years = 0;
    while today < expiry.plus_years(-years).plus_months(-FREE_MONTHS) {
        years += 1;
    }
    i64::from(years)
}

/// Months begun from `today` until the term ends, counted by the day of the month; at least one.
fn started_months(today: Date, expiry: Date) -> i64 {
    let mut months = 1;
    while today.plus_months(months) < expiry {
        months += 1;
    }
    i64::from(months)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> Date {
        Date::parse_iso(iso).unwrap()
    }
    fn price(cents: i64) -> Price {
        let at = Timestamp::from_micros(0);
        let id = PriceId::new(at, [1; 10]);
        Price { id, plan: "extra_space".into(), valid_from: at, unit_net: Money::cents(cents), vat_bp: 2200 }
    }
    fn ask<'a>(price: &'a Price, strategy: Strategy, expiry: &str, today: &str, gb: i64) -> Ask<'a> {
        let (today, expiry) = (day(today), day(expiry));
        Ask { price, strategy, today, expiry, gb, must_pay: false, renewal_years: 1 }
    }
    fn three(expiry: &str, today: &str, gb: i64) -> AddonQuote {
        quote(&ask(&price(250), Strategy::ThreeMonths, expiry, today, gb)).unwrap()
    }
    fn told(q: &AddonQuote) -> (i64, i64, i64) {
        (q.basis.years(), q.net.as_cents(), q.gross.as_cents())
    }

    #[test]
    fn the_worked_table_of_the_three_months_rule() {
        // Domain notes 5.3, row by row: expiry, day of buying, GB, years billed, net, gross.
        for (expiry, today, gb, years, net, gross) in [
            ("2017-03-30", "2016-10-01", 1, 1, 250, 305),
            ("2017-03-30", "2016-12-29", 1, 1, 250, 305),
            ("2017-03-30", "2016-12-30", 1, 0, 0, 0),
            ("2017-03-30", "2017-01-15", 1, 0, 0, 0),
            ("2018-03-30", "2017-01-15", 1, 1, 250, 305),
            ("2018-03-30", "2016-10-01", 1, 2, 500, 610),
            ("2017-03-30", "2016-10-01", 3, 1, 750, 915),
        ] {
            assert_eq!(told(&three(expiry, today, gb)), (years, net, gross), "{expiry} {today} {gb} GB");
        }
        // The seed's holder has 8.48: one GB leaves 5.43, three lack 0.67, and what was free takes 3.05 at renewal.
        let credit = Money::cents(848);
        assert_eq!(credit - three("2017-03-30", "2016-10-01", 1).gross, Money::cents(543));
        assert_eq!(three("2017-03-30", "2016-10-01", 3).gross - credit, Money::cents(67));
        assert_eq!(three("2017-03-30", "2017-01-15", 1).renewal_gross, Money::cents(305));
    }

    #[test]
    fn the_threshold_clamps_to_the_end_of_the_month() {
        for (expiry, paid, free) in [
            // 31 May − 3 months is the last day of February.
            ("2023-05-31", "2023-02-27", "2023-02-28"),
            ("2024-05-31", "2024-02-28", "2024-02-29"),
            // 29 February: three months before is 29 November.
            ("2024-02-29", "2023-11-28", "2023-11-29"),
            // Across the end of the year, and across the night in which summer time begins.
            ("2027-01-31", "2026-10-30", "2026-10-31"),
            ("2027-06-28", "2027-03-27", "2027-03-28"),
        ] {
            assert_eq!(three(expiry, paid, 1).basis, Basis::Years(1), "{expiry} {paid}");
            assert_eq!(three(expiry, free, 1).basis, Basis::Free, "{expiry} {free}");
        }
        // The year before one that ends on 29 February ends on the 28th.
        assert_eq!(three("2024-02-29", "2022-11-27", 1).basis, Basis::Years(2));
        assert_eq!(three("2024-02-29", "2022-11-28", 1).basis, Basis::Years(1));
    }

    #[test]
    fn the_last_day_is_free_and_the_next_is_too_late() {
        assert_eq!(three("2017-03-30", "2017-03-30", 1).basis, Basis::Free);
        let late = quote(&ask(&price(250), Strategy::ThreeMonths, "2017-03-30", "2017-03-31", 1));
        assert_eq!(late, Err(AddonRefusal::MailboxEnded));
    }

    #[test]
    fn who_did_not_renew_pays_a_year() {
        let p = price(250);
        let mut again = ask(&p, Strategy::ThreeMonths, "2018-03-30", "2018-02-01", 2);
        again.must_pay = true;
        let q = quote(&again).unwrap();
        assert_eq!((q.basis, told(&q)), (Basis::OnceMore, (1, 500, 610)));
        // Where he would pay anyway nothing is added.
        again.today = day("2017-10-01");
        assert_eq!(quote(&again).unwrap().basis, Basis::Years(1));
    }

    #[test]
    fn the_three_sums_of_the_monthly_proportion() {
        // Domain notes 5.4, with 5.00 a GB and year.
        for (gb, today, months, net, gross) in
            [(1, "2026-10-01", 7, 292, 356), (2, "2026-12-01", 5, 417, 509), (3, "2026-06-01", 11, 1375, 1678)]
        {
            let q = quote(&ask(&price(500), Strategy::Monthly, "2027-05-01", today, gb)).unwrap();
            assert_eq!((q.basis, q.net.as_cents(), q.gross.as_cents()), (Basis::Months(months), net, gross));
        }
    }

    #[test]
    fn months_are_counted_by_the_day() {
        let months = |today: &str, expiry: &str| started_months(day(today), day(expiry));
        assert_eq!(months("2026-10-01", "2026-11-01"), 1);
        assert_eq!(months("2026-10-01", "2026-11-02"), 2);
        assert_eq!(months("2026-01-31", "2026-02-28"), 1, "the end of a shorter month");
        assert_eq!(months("2026-01-31", "2026-03-01"), 2);
        assert_eq!(months("2026-10-01", "2026-10-01"), 1, "the last day is a month begun");
        assert_eq!(months("2024-02-29", "2027-02-28"), 36);
    }

    #[test]
    fn a_line_of_an_order_tells_its_basis_again() {
        for basis in [Basis::Free, Basis::Years(2), Basis::Months(7)] {
            assert_eq!(Basis::of_line(basis.years(), basis.months()), basis);
        }
        assert_eq!(Basis::of_line(Basis::OnceMore.years(), None), Basis::Years(1));
    }

    proptest::proptest! {
        #[test]
        fn never_more_than_the_term_and_never_backwards(days in 0i32..2000, end in 17_000i32..22_000, gb in 1i64..300) {
            let (p, expiry) = (price(250), Date::from_days(end));
            let at = |today: Date| quote(&Ask { price: &p, strategy: Strategy::ThreeMonths, today, expiry, gb, must_pay: false, renewal_years: 1 });
            let today = expiry.plus_days(-days);
            let (q, later) = (at(today).unwrap(), at(expiry.plus_days(-(days - 1).max(0))).unwrap());
            proptest::prop_assert!(later.gross <= q.gross, "waiting never makes it dearer");
            proptest::prop_assert!(q.basis.years() <= i64::from(days / 365 + 1));
            proptest::prop_assert_eq!(q.gross == Money::ZERO, q.is_free());
        }
    }
}
