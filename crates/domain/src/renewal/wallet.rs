//! Renewals out of the holder's credit: one by one, oldest first, each all or nothing (domain notes 5.5).

use crate::money::Money;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Paid; so much credit is left.
    Paid { left: Money },
    /// Nothing was taken; so much is missing.
    Short { missing: Money },
}

/// Takes `due` out of `available`, wholly or not at all.
pub fn take(due: Money, available: Money) -> Taken {
    if due <= available { Taken::Paid { left: available - due } } else { Taken::Short { missing: due - available } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_all_or_nothing() {
        let m = Money::cents;
        let mut left = m(700);
        let outcomes: Vec<Taken> = [m(305), m(610), m(305), m(0)]
            .into_iter()
            .map(|due| {
                let taken = take(due, left);
                if let Taken::Paid { left: rest } = taken {
                    left = rest;
                }
                taken
            })
            .collect();
        assert_eq!(
            outcomes,
            [
                Taken::Paid { left: m(395) },
                Taken::Short { missing: m(215) },
                Taken::Paid { left: m(90) },
                Taken::Paid { left: m(90) },
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn never_below_zero(due in 0i64..10_000, available in 0i64..10_000) {
            match take(Money::cents(due), Money::cents(available)) {
                Taken::Paid { left } => proptest::prop_assert_eq!(left.as_cents(), available - due),
                Taken::Short { missing } => proptest::prop_assert!(missing.as_cents() > 0 && missing.as_cents() == due - available),
            }
        }
    }
}
