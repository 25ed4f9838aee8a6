//! The life of a top-up. One card page, one top-up: after a refusal the holder begins another one, so that no two
//! answers of a bank are ever about the same.

use crate::order::OrderState;

/// Where a top-up stands; the words are those of the orders' states, since a top-up is an order for credit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TopUpState {
    /// The holder is at the bank.
    Waiting,
    /// The credit is there.
    Done,
    /// The bank said no.
    Declined,
    /// Nobody paid in time.
    GivenUp,
}
impl TopUpState {
    pub const ALL: [TopUpState; 4] = [Self::Waiting, Self::Done, Self::Declined, Self::GivenUp];
    /// The order's state that stands for it in the store.
    pub const fn order_state(self) -> OrderState {
        match self {
            Self::Waiting => OrderState::AwaitingPayment,
            Self::Done => OrderState::Completed,
            Self::Declined => OrderState::Cancelled,
            Self::GivenUp => OrderState::ExpiredUnpaid,
        }
    }
    /// Reads the store's word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.order_state().as_str() == word)
    }
}

/// What becomes known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TopUpEvent {
    /// The gateway holds the money.
    Received,
    Declined,
    /// Its time is over.
    TimeOver,
}
impl TopUpEvent {
    pub const ALL: [TopUpEvent; 3] = [Self::Received, Self::Declined, Self::TimeOver];
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Declined => "declined",
            Self::TimeOver => "time over",
        }
    }
}

/// What is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopUpStep {
    /// The money goes into the wallet.
    Credit,
    /// It was credited by another payment: this one goes back the way it came.
    GiveBack,
    /// Nothing was taken; the outcome says so.
    Close(TopUpState),
    /// Known before, or too late to matter.
    Nothing,
}

/// Total: each pair has an answer. Money that moved after a refusal or after the time was over is credited all the
/// same: it was meant for the wallet.
pub const fn step(state: TopUpState, event: TopUpEvent) -> TopUpStep {
    use {TopUpEvent as E, TopUpState as S};
    match (state, event) {
        (S::Waiting | S::Declined | S::GivenUp, E::Received) => TopUpStep::Credit,
        (S::Done, E::Received) => TopUpStep::GiveBack,
        (S::Waiting, E::Declined) => TopUpStep::Close(S::Declined),
        (S::Waiting, E::TimeOver) => TopUpStep::Close(S::GivenUp),
        (S::Done | S::Declined | S::GivenUp, E::Declined | E::TimeOver) => TopUpStep::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_table() {
        let text = crate::machine::table(
            "Top-ups of the wallet",
            "Source: `crates/domain/src/wallet/machine.rs`.",
            &TopUpState::ALL.map(|s| (s.order_state().as_str(), s)),
            &TopUpEvent::ALL.map(|e| (e.as_str(), e)),
            |s, e| match step(s, e) {
                TopUpStep::Credit => "completed · credit the wallet".into(),
                TopUpStep::GiveBack => "completed · give the money back".into(),
                TopUpStep::Close(next) => next.order_state().as_str().into(),
                TopUpStep::Nothing => format!("{} (no change)", s.order_state().as_str()),
            },
        );
        crate::machine::golden("top-up.md", &text);
    }

    #[test]
    fn credited_once_whatever_the_order_of_events() {
        for code in 0..TopUpEvent::ALL.len().pow(5) {
            let (mut state, mut credited, mut received, mut n) = (TopUpState::Waiting, 0, 0, code);
            for _ in 0..5 {
                let event = TopUpEvent::ALL[n % TopUpEvent::ALL.len()];
                n /= TopUpEvent::ALL.len();
                received += i32::from(event == TopUpEvent::Received);
                match step(state, event) {
                    TopUpStep::Credit => {
                        credited += 1;
                        state = TopUpState::Done;
                    }
                    TopUpStep::Close(next) => state = next,
                    TopUpStep::GiveBack | TopUpStep::Nothing => {}
                }
            }
            assert_eq!(credited, received.min(1), "{code}");
        }
        assert!(TopUpState::ALL.into_iter().all(|s| TopUpState::parse(s.order_state().as_str()) == Some(s)));
    }
}
