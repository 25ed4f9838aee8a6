//! An add-on that ended since the credit was short may come back for a while, for the current year (domain notes 5.5).

use crate::{
    renewal::{calendar, machine::ObligationState},
    time::Date,
};

/// What must be known of an add-on that shall come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapsed<'a> {
    /// Of what it owes for the period after its end.
    pub state: ObligationState,
    /// Why that lapsed.
    pub reason: &'a str,
    /// Last day of the add-on, and of its mailbox.
    pub end: Date,
    pub mailbox_end: Date,
}

/// Why it does not come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComebackRefusal {
    #[error("it runs")]
    Runs,
    #[error("it ended for another reason than missing credit")]
    Ended,
    #[error("too long ago")]
    TooLate,
    #[error("the mailbox has not been renewed")]
    MailboxEnded,
}
impl ComebackRefusal {
    /// The stable code of the refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Runs => "addon-runs",
            Self::Ended => "addon-ended",
            Self::TooLate => "addon-too-late",
            Self::MailboxEnded => "addon-mailbox-ended",
        }
    }
}

/// Whether it may come back on `today`, and until when: for one year after its end, never beyond its mailbox.
///
/// # Errors
/// [`ComebackRefusal`] by name.
pub fn comes_back(lapsed: &Lapsed<'_>, today: Date) -> Result<Date, ComebackRefusal> {
    use ComebackRefusal as R;
    match lapsed.state {
        ObligationState::Lapsed if matches!(lapsed.reason, "credit-short" | "mailbox-not-renewed") => {}
        ObligationState::Lapsed => return Err(R::Ended),
        ObligationState::Open | ObligationState::Running | ObligationState::Met | ObligationState::Parked => {
            return Err(R::Runs);
        }
    }
    if today > calendar::last_renewal_day(lapsed.end) {
        return Err(R::TooLate);
    }
    if lapsed.mailbox_end <= lapsed.end || today > lapsed.mailbox_end {
        return Err(R::MailboxEnded);
    }
    Ok(calendar::renewed_end(lapsed.end, 1).min(lapsed.mailbox_end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> Date {
        Date::parse_iso(iso).unwrap()
    }

    #[test]
    fn within_ninety_days_for_the_current_year() {
        let (end, mailbox_end) = (day("2027-03-30"), day("2028-03-30"));
        let lapsed = Lapsed { state: ObligationState::Lapsed, reason: "credit-short", end, mailbox_end };
        let on = |l: &Lapsed<'_>, iso: &str| comes_back(l, day(iso));
        assert_eq!(on(&lapsed, "2027-03-31"), Ok(day("2028-03-30")));
        assert_eq!(on(&lapsed, "2027-06-28"), Ok(day("2028-03-30")), "the ninetieth day");
        assert_eq!(on(&lapsed, "2027-06-29"), Err(ComebackRefusal::TooLate));
        let years = Lapsed { mailbox_end: day("2030-03-30"), ..lapsed };
        assert_eq!(on(&years, "2027-04-01"), Ok(day("2028-03-30")), "one year, however long the mailbox runs");
        let leap = Lapsed { end: day("2028-02-29"), mailbox_end: day("2029-02-28"), ..lapsed };
        assert_eq!(on(&leap, "2028-03-01"), Ok(day("2029-02-28")));
        let ended = Lapsed { mailbox_end: end, ..lapsed };
        assert_eq!(on(&ended, "2027-04-01"), Err(ComebackRefusal::MailboxEnded));
        assert_eq!(on(&Lapsed { reason: "agreement-closed", ..lapsed }, "2027-04-01"), Err(ComebackRefusal::Ended));
        for state in [ObligationState::Open, ObligationState::Running, ObligationState::Met, ObligationState::Parked] {
            assert_eq!(on(&Lapsed { state, ..lapsed }, "2027-04-01"), Err(ComebackRefusal::Runs));
        }
    }
}
