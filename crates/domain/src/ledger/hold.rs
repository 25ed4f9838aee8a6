//! Holds: money of a customer that is promised for something and cannot be spent meanwhile.

use crate::time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldState {
    Pending,
    /// Turned into transfers.
    Posted,
    /// Given up: the money is free again.
    Voided,
    /// Not used in time: the money is free again.
    Expired,
}
impl HoldState {
    pub const ALL: [HoldState; 4] = [Self::Pending, Self::Posted, Self::Voided, Self::Expired];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Posted => "posted",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HoldEvent {
    Post,
    Void,
    /// Its time may be over.
    Look,
}
impl HoldEvent {
    pub const ALL: [HoldEvent; 3] = [Self::Post, Self::Void, Self::Look];
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Void => "void",
            Self::Look => "look (past its time)",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldRefusal {
    /// It was already decided the other way.
    #[error("the hold is over")]
    Over,
}

/// What happens to a hold. Posting and voiding are harmless to repeat. A hold past its time that
/// is still pending can be posted: the work it was for has succeeded, and the money is there.
///
/// # Errors
/// [`HoldRefusal::Over`] when it was decided otherwise before.
pub fn step(
    state: HoldState,
    event: HoldEvent,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<HoldState, HoldRefusal> {
    use {HoldEvent as E, HoldState as S};
    match (state, event) {
        (S::Pending | S::Posted, E::Post) => Ok(S::Posted),
        (S::Pending | S::Voided, E::Void) => Ok(S::Voided),
        // Free already; giving up what is free is no contradiction.
        (S::Expired, E::Void) => Ok(S::Expired),
        (S::Pending, E::Look) if now >= expires_at => Ok(S::Expired),
        (state, E::Look) => Ok(state),
        (S::Voided | S::Expired, E::Post) | (S::Posted, E::Void) => Err(HoldRefusal::Over),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_table() {
        let (expires, now) = (Timestamp::from_micros(1), Timestamp::from_micros(2));
        let text = crate::machine::table(
            "Holds of the ledger",
            "Source: `crates/domain/src/ledger/hold.rs`.",
            &HoldState::ALL.map(|s| (s.as_str(), s)),
            &HoldEvent::ALL.map(|e| (e.as_str(), e)),
            |s, e| match step(s, e, expires, now) {
                Ok(next) if next == s => format!("{} (no change)", s.as_str()),
                Ok(next) => next.as_str().to_owned(),
                Err(refusal) => format!("✗ {refusal}"),
            },
        );
        crate::machine::golden("hold.md", &text);
    }

    #[test]
    fn holds_only_expire_after_their_time() {
        let at = Timestamp::from_micros;
        assert_eq!(step(HoldState::Pending, HoldEvent::Look, at(5), at(4)), Ok(HoldState::Pending));
        assert_eq!(step(HoldState::Pending, HoldEvent::Look, at(5), at(5)), Ok(HoldState::Expired));
        assert_eq!(HoldState::parse("posted"), Some(HoldState::Posted));
    }
}
