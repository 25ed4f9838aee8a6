//! The wallet («credito residuo») of a mailbox holder: amounts of a top-up, and what is lacking for a purchase.

pub mod machine;

use crate::money::Money;

/// Least and most of one top-up (domain notes 4.2).
pub const LEAST: Money = Money::cents(5_00);
pub const MOST: Money = Money::cents(50_000);
/// Amounts that are one click away.
pub const QUICK: [Money; 4] = [Money::cents(5_00), Money::cents(10_00), Money::cents(20_00), Money::cents(50_00)];
/// How long a purchase that lacked credit is kept, in minutes.
pub const KEPT_MINUTES: i64 = 60;

/// Why an amount is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountRefusal {
    #[error("not an amount of money")]
    NotAnAmount,
    #[error("below the least or above the most")]
    OutOfRange,
}

/// Reads an amount in euro as people type it: `8,48`, `8.48`, `€ 20`, `20`; at most two decimals
/// (domain notes 10.19).
///
/// # Errors
/// [`AmountRefusal`] by name.
pub fn read_amount(typed: &str) -> Result<Money, AmountRefusal> {
    let typed = typed.trim().trim_start_matches('€').trim_end_matches('€').trim();
    let (whole, decimals) = typed.split_once([',', '.']).unwrap_or((typed, "00"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
        return Err(AmountRefusal::NotAnAmount);
    }
    if whole.len() > 6 {
        return Err(AmountRefusal::OutOfRange);
    }
    let cents = |s: &str| s.parse::<i64>().map_err(|_| AmountRefusal::NotAnAmount);
    let part = if decimals.len() == 1 { cents(decimals)? * 10 } else { cents(decimals)? };
    let amount = Money::cents(cents(whole)? * 100 + part);
    if (LEAST..=MOST).contains(&amount) { Ok(amount) } else { Err(AmountRefusal::OutOfRange) }
}

/// What is lacking to pay `due` out of `available`; zero when it is enough.
pub fn shortfall(due: Money, available: Money) -> Money {
    if due > available { due - available } else { Money::ZERO }
}

/// The top-up proposed for something that is lacking («importo mancante»): at least the least one, at most the most.
pub fn proposed(missing: Money) -> Money {
    missing.clamp(LEAST, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        let read = |s: &str| read_amount(s).map(Money::as_cents);
        for (typed, cents) in
            [("8,48", 848), ("8.48", 848), (" 20 ", 2000), ("€ 5,5", 550), ("500,00 €", 50_000), ("5", 500)]
        {
            assert_eq!(read(typed), Ok(cents), "{typed}");
        }
        for bad in ["", "€", "abc", "1.000,00", "5,", ",50", "5,000", "-5", "+5", "5e1", "٥", "5 0", "1'000"] {
            assert_eq!(read(bad), Err(AmountRefusal::NotAnAmount), "{bad:?}");
        }
        for out in ["4,99", "0", "500,01", "999999999999999999999"] {
            assert_eq!(read(out), Err(AmountRefusal::OutOfRange), "{out}");
        }
    }

    #[test]
    fn what_is_lacking_is_proposed_within_the_limits() {
        let m = Money::cents;
        assert_eq!(shortfall(m(915), m(848)), m(67));
        assert_eq!(shortfall(m(305), m(848)), Money::ZERO);
        assert_eq!([proposed(m(67)), proposed(m(1234)), proposed(m(90_000))], [LEAST, m(1234), MOST]);
    }
}
