//! Notice of termination («disdetta»): the holder gives a mailbox up, at the end of what is paid or at once, and may take
//! it back as long as the mailbox runs (domain notes 2.10).

use super::{GRACE_DAYS, MailboxState};
use crate::{renewal::machine::ObligationState, time::Date};

/// When a mailbox ends by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With the last day that is paid: afterwards it reads and receives as every expired one.
    AtEnd,
    /// Now, with everything in it.
    AtOnce,
}
impl Kind {
    pub const ALL: [Kind; 2] = [Self::AtEnd, Self::AtOnce];
    /// The word in the store and in the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtEnd => "at_end",
            Self::AtOnce => "at_once",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// Who gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// The account whose subject holds the mailbox.
    HoldersAccount,
    /// An account that bought the mailbox for somebody else.
    OtherAccount,
    /// Whoever knows the mailbox's password.
    Mailbox,
}

/// What must be known of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub giver: Giver,
    pub state: MailboxState,
    /// Last day of the paid period.
    pub end: Date,
    /// Notice was given for this day.
    pub noticed: bool,
    /// What is owed for the next period.
    pub renewal: Option<ObligationState>,
    /// A payment for the next period is under way whose outcome nobody knows.
    pub paying: bool,
    /// The body of an agreement has ordered the next period.
    pub ordered_by_body: bool,
}

/// Why there is no notice, or no way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotHolder,
    /// Content is not destroyed on the word of a mailbox's password alone.
    AccountOnly,
    Activating,
    Gone,
    Already,
    /// It has expired: without a renewal it ends by itself.
    Expired,
    Charging,
    Paying,
    OrderedByBody,
    /// There is nothing to take back.
    None,
    /// The period is over.
    TooLate,
}
impl Refusal {
    pub const ALL: [Self; 11] = [
        Self::NotHolder,
        Self::AccountOnly,
        Self::Activating,
        Self::Gone,
        Self::Already,
        Self::Expired,
        Self::Charging,
        Self::Paying,
        Self::OrderedByBody,
        Self::None,
        Self::TooLate,
    ];
    /// The code of the problem that a person sees.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotHolder => "termination-not-holder",
            Self::AccountOnly => "termination-account-only",
            Self::Activating => "termination-activating",
            Self::Gone => "termination-gone",
            Self::Already => "termination-already",
            Self::Expired => "termination-expired",
            Self::Charging => "termination-charging",
            Self::Paying => "termination-paying",
            Self::OrderedByBody => "termination-ordered-by-body",
            Self::None => "termination-none",
            Self::TooLate => "termination-too-late",
        }
    }
}

/// The last day on which a mailbox that ends on `end` is read and receives.
pub const fn reads_until(end: Date) -> Date {
    end.plus_days(GRACE_DAYS)
}

/// Whether notice may be given on this day.
///
/// # Errors
/// Why not.
pub fn give(facts: &Facts, kind: Kind, today: Date) -> Result<(), Refusal> {
    use {Kind as K, MailboxState as S};
    if facts.giver == Giver::OtherAccount {
        return Err(Refusal::NotHolder);
    }
    match (facts.state, kind) {
        (S::Activating, _) => return Err(Refusal::Activating),
        (S::Cancelled | S::Terminated, _) => return Err(Refusal::Gone),
        (_, K::AtOnce) if facts.giver == Giver::Mailbox => return Err(Refusal::AccountOnly),
        (_, K::AtEnd) if facts.noticed => return Err(Refusal::Already),
        // The night may not have come yet.
        (_, K::AtEnd) if facts.state == S::Expired || today > facts.end => return Err(Refusal::Expired),
        _ => {}
    }
    match facts.renewal {
        Some(ObligationState::Running) => Err(Refusal::Charging),
        _ if facts.paying => Err(Refusal::Paying),
        _ if facts.ordered_by_body => Err(Refusal::OrderedByBody),
        _ => Ok(()),
    }
}

/// Whether it may be taken back on this day: as long as the mailbox runs, its last day included.
///
/// # Errors
/// Why not.
pub fn take_back(facts: &Facts, today: Date) -> Result<(), Refusal> {
    match facts.giver {
        Giver::OtherAccount => Err(Refusal::NotHolder),
        _ if !facts.state.lives() => Err(Refusal::Gone),
        _ if !facts.noticed => Err(Refusal::None),
        _ if today > facts.end => Err(Refusal::TooLate),
        _ => Ok(()),
    }
}

/// Whether a notice keeps the customer from renewing by hand. Until the end he takes it back instead; afterwards the
/// mailbox is as any other that was not renewed (domain notes 2.10, 6.5), unless others pay for it.
pub fn bars_renewal(noticed: bool, under_agreement: bool, end: Date, today: Date) -> bool {
    noticed && (under_agreement || today <= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(m: i8, d: i8) -> Date {
        Date::new(2026, m, d).unwrap()
    }
    fn facts() -> Facts {
        Facts {
            giver: Giver::HoldersAccount,
            state: MailboxState::Active,
            end: day(10, 31),
            noticed: false,
            renewal: Some(ObligationState::Open),
            paying: false,
            ordered_by_body: false,
        }
    }

    #[test]
    fn the_last_day_still_counts() {
        let noticed = Facts { noticed: true, ..facts() };
        assert_eq!(give(&facts(), Kind::AtEnd, day(10, 31)), Ok(()));
        assert_eq!(give(&facts(), Kind::AtEnd, day(11, 1)), Err(Refusal::Expired));
        assert_eq!(take_back(&noticed, day(10, 31)), Ok(()));
        assert_eq!(take_back(&noticed, day(11, 1)), Err(Refusal::TooLate));
        assert!(bars_renewal(true, false, day(10, 31), day(10, 31)));
        assert!(!bars_renewal(true, false, day(10, 31), day(11, 1)));
        assert!(bars_renewal(true, true, day(10, 31), day(11, 1)), "others pay for it");
        assert!(!bars_renewal(false, true, day(10, 31), day(10, 1)));
        assert_eq!(reads_until(day(10, 2)), day(12, 31));
    }

    #[test]
    fn every_state_has_an_answer() {
        for state in MailboxState::ALL {
            let facts = Facts { state, ..facts() };
            let expected = match state {
                MailboxState::Activating => [Err(Refusal::Activating); 2],
                MailboxState::Active => [Ok(()); 2],
                MailboxState::Expired => [Err(Refusal::Expired), Ok(())],
                MailboxState::Cancelled | MailboxState::Terminated => [Err(Refusal::Gone); 2],
            };
            assert_eq!(Kind::ALL.map(|kind| give(&facts, kind, day(10, 1))), expected, "{state:?}");
            let back = take_back(&Facts { noticed: true, ..facts }, day(10, 1));
            assert_eq!(back.is_ok(), state.lives(), "{state:?}");
        }
        assert_eq!(take_back(&facts(), day(10, 1)), Err(Refusal::None));
    }

    #[test]
    fn who_may_and_what_stands_in_the_way() {
        let both = |facts: &Facts| Kind::ALL.map(|kind| give(facts, kind, day(10, 1)).err());
        let other = Facts { giver: Giver::OtherAccount, noticed: true, ..facts() };
        assert_eq!(both(&other), [Some(Refusal::NotHolder); 2]);
        assert_eq!(take_back(&other, day(10, 1)), Err(Refusal::NotHolder));
        let mailbox = Facts { giver: Giver::Mailbox, ..facts() };
        assert_eq!(both(&mailbox), [None, Some(Refusal::AccountOnly)]);
        let noticed = Facts { noticed: true, ..facts() };
        assert_eq!(both(&noticed), [Some(Refusal::Already), None], "at once is still possible");
        let charging = Facts { renewal: Some(ObligationState::Running), ..facts() };
        assert_eq!(both(&charging), [Some(Refusal::Charging); 2]);
        assert_eq!(both(&Facts { paying: true, ..facts() }), [Some(Refusal::Paying); 2]);
        assert_eq!(both(&Facts { ordered_by_body: true, ..facts() }), [Some(Refusal::OrderedByBody); 2]);
        for renewal in [None, Some(ObligationState::Parked), Some(ObligationState::Lapsed)] {
            assert_eq!(both(&Facts { renewal, ..facts() }), [None; 2]);
        }
    }

    #[test]
    fn words_are_read_back() {
        assert!(Kind::ALL.into_iter().all(|k| Kind::parse(k.as_str()) == Some(k)));
        assert_eq!(Kind::parse("later"), None);
    }
}
