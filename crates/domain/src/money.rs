//! Money in cents of euro, and the one place where it is rounded.

use std::{fmt, iter::Sum, ops};

use serde::{Deserialize, Serialize};

/// An amount in cents of euro; may be negative in ledgers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    pub const ZERO: Money = Money(0);
    /// An amount of so many cents.
    pub const fn cents(cents: i64) -> Self {
        Self(cents)
    }
    /// The amount in cents.
    pub const fn as_cents(self) -> i64 {
        self.0
    }
    /// `self × num / den`, rounded half away from zero: the only rounding of the platform
    /// (VAT, proportions). 9.90 at 22 % is 12.078 and becomes 12.08 (domain notes 2.1).
    ///
    /// # Panics
    /// If `den` is not positive.
    pub const fn times_ratio(self, num: i64, den: i64) -> Money {
        assert!(den > 0);
        let exact = self.0 as i128 * num as i128;
        let (den, half) = (den as i128, den as i128 / 2);
        let rounded = if exact >= 0 { (exact + half) / den } else { (exact - half) / den };
        Money(rounded as i64)
    }
    /// VAT on this net amount, at a rate in basis points (2200 = 22 %).
    pub const fn vat(self, rate_bp: i64) -> Money {
        Money((self.times_ratio(10_000 + rate_bp, 10_000)).0 - self.0)
    }
}
impl ops::Add for Money {
    type Output = Money;
    fn add(self, o: Money) -> Money {
        Money(self.0 + o.0)
    }
}
impl ops::AddAssign for Money {
    fn add_assign(&mut self, o: Money) {
        self.0 += o.0;
    }
}
impl ops::Sub for Money {
    type Output = Money;
    fn sub(self, o: Money) -> Money {
        Money(self.0 - o.0)
    }
}
impl ops::Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}
impl ops::Mul<i64> for Money {
    type Output = Money;
    fn mul(self, n: i64) -> Money {
        Money(self.0 * n)
    }
}
impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(iter: I) -> Money {
        iter.fold(Money::ZERO, ops::Add::add)
    }
}
impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, abs) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}€{}.{:02}", abs / 100, abs % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn vat_rounds_half_up() {
        assert_eq!(Money::cents(990).vat(2200), Money::cents(218));
        assert_eq!(Money::cents(250).vat(2200), Money::cents(55));
        assert_eq!(Money::cents(750).vat(2200), Money::cents(165));
        assert_eq!(Money::cents(292).vat(2200), Money::cents(64));
        assert_eq!(Money::cents(-990).vat(2200), Money::cents(-218));
    }
}
