//! The right of withdrawal of consumers (Consumer code art. 52–59; domain notes on law, B11 and D13).

use super::OrderState;
use crate::time::Date;

/// Days in which a contract for a service can be withdrawn from, counted from its conclusion.
pub const DAYS: i32 = 14;

/// The last day on which a contract concluded on `placed` can be withdrawn from.
pub fn last_day(placed: Date) -> Date {
    placed.plus_days(DAYS)
}

/// The last day on which the money of a withdrawal made on `day` must have gone back.
pub fn refund_due(day: Date) -> Date {
    day.plus_days(DAYS)
}

/// What must be known of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Concluded by a natural person without a VAT number.
    pub consumer: bool,
    pub placed: Date,
    pub state: OrderState,
    pub withdrawn: bool,
}

/// What a withdrawal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// Nothing was paid: the order is cancelled.
    Cancel,
    /// The mailboxes end, and everything that was paid goes back. Nothing is kept for the days of use: the form of
    /// the order does not ask for a start within the term, and only who asked for it pays for those days (art. 57).
    EndAndRefund,
}

/// Why there is no withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithdrawalRefusal {
    /// Who buys for a profession has no such right.
    NotConsumer,
    TooLate,
    /// The order is cancelled or expired: there is no contract to leave.
    NoContract,
    Already,
}
impl WithdrawalRefusal {
    pub const ALL: [Self; 4] = [Self::NotConsumer, Self::TooLate, Self::NoContract, Self::Already];

    /// The code of the problem that a person sees.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotConsumer => "withdrawal-not-consumer",
            Self::TooLate => "withdrawal-too-late",
            Self::NoContract => "withdrawal-no-contract",
            Self::Already => "withdrawal-already",
        }
    }
}

/// Whether the contract can be withdrawn from on this day, and what that does.
///
/// # Errors
/// Why not.
pub fn decide(contract: &Contract, today: Date) -> Result<Withdrawal, WithdrawalRefusal> {
    if contract.withdrawn {
        return Err(WithdrawalRefusal::Already);
    }
    if matches!(contract.state, OrderState::Cancelled | OrderState::ExpiredUnpaid) {
        return Err(WithdrawalRefusal::NoContract);
    }
    if !contract.consumer {
        return Err(WithdrawalRefusal::NotConsumer);
    }
    if today > last_day(contract.placed) {
        return Err(WithdrawalRefusal::TooLate);
    }
    Ok(match contract.state {
        OrderState::AwaitingPayment => Withdrawal::Cancel,
        _ => Withdrawal::EndAndRefund,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(state: OrderState) -> Contract {
        Contract { consumer: true, placed: Date::new(2026, 10, 20).unwrap(), state, withdrawn: false }
    }

    #[test]
    fn fourteen_days_the_last_one_included() {
        let day = |m, d| Date::new(2026, m, d).unwrap();
        // Over the night in which clocks go back: days are counted on the calendar.
        let paid = contract(OrderState::Completed);
        assert_eq!(decide(&paid, day(10, 20)), Ok(Withdrawal::EndAndRefund));
        assert_eq!(decide(&paid, day(11, 3)), Ok(Withdrawal::EndAndRefund));
        assert_eq!(decide(&paid, day(11, 4)), Err(WithdrawalRefusal::TooLate));
        assert_eq!(refund_due(day(11, 3)), day(11, 17));
    }
    #[test]
    fn every_state_has_an_answer() {
        let today = Date::new(2026, 10, 21).unwrap();
        for state in OrderState::ALL {
            let expected = match state {
                OrderState::AwaitingPayment => Ok(Withdrawal::Cancel),
                OrderState::Cancelled | OrderState::ExpiredUnpaid => Err(WithdrawalRefusal::NoContract),
                _ => Ok(Withdrawal::EndAndRefund),
            };
            assert_eq!(decide(&contract(state), today), expected, "{state:?}");
        }
        let paid = contract(OrderState::Paid);
        assert_eq!(decide(&Contract { consumer: false, ..paid }, today), Err(WithdrawalRefusal::NotConsumer));
        assert_eq!(decide(&Contract { withdrawn: true, ..paid }, today), Err(WithdrawalRefusal::Already));
    }
}
