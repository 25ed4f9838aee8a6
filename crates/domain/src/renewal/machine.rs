//! What is owed for one period of a service, and what moves it (domain notes 6.2, 6.3, 5.5).

use super::{ServiceKind, Way, calendar};
use crate::time::Date;

/// Where an obligation stands; the words are those of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObligationState {
    /// Nothing is under way: the night looks at it on its due day.
    Open,
    /// A charge is under way, whose outcome is not known yet. Nobody asks for a second one.
    Running,
    /// The period is paid. Final.
    Met,
    /// The service ended without it. Final, but for an add-on whose mailbox is renewed late.
    Lapsed,
    /// Its history does not make sense: nobody is billed until an operator has looked at it.
    Parked,
}
impl ObligationState {
    pub const ALL: [ObligationState; 5] = [Self::Open, Self::Running, Self::Met, Self::Lapsed, Self::Parked];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Running => "running",
            Self::Met => "met",
            Self::Lapsed => "lapsed",
            Self::Parked => "parked",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
}

/// What must be known of an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub kind: ServiceKind,
    pub way: Way,
    pub state: ObligationState,
    /// Last day of the period before the one that is owed.
    pub end: Date,
    pub tries: i64,
}

/// What happens to an obligation, on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObligationEvent {
    /// The stored method is being charged.
    ChargeAsked,
    /// The charge came to nothing.
    ChargeFailed,
    /// The credit was not enough.
    CreditShort,
    /// The period was paid, whichever way.
    Paid,
    /// It can no longer be renewed, or the service was given up.
    Ended,
    /// It cannot be judged.
    Park,
    /// An operator has looked at it.
    Unpark,
    /// The money shall come from elsewhere.
    WayChanged(Way),
    /// The holder gave notice: nobody is asked for the next period.
    NoticeGiven,
    /// The notice is taken back: the money comes from here again.
    NoticeTakenBack(Way),
}
impl ObligationEvent {
    pub const ALL: [ObligationEvent; 10] = [
        Self::ChargeAsked,
        Self::ChargeFailed,
        Self::CreditShort,
        Self::Paid,
        Self::Ended,
        Self::Park,
        Self::Unpark,
        Self::WayChanged(Way::Manual),
        Self::NoticeGiven,
        Self::NoticeTakenBack(Way::Card),
    ];
    /// The word of the golden table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChargeAsked => "charge_asked",
            Self::ChargeFailed => "charge_failed",
            Self::CreditShort => "credit_short",
            Self::Paid => "paid",
            Self::Ended => "ended",
            Self::Park => "park",
            Self::Unpark => "unpark",
            Self::WayChanged(_) => "way_changed",
            Self::NoticeGiven => "notice_given",
            Self::NoticeTakenBack(_) => "notice_taken_back",
        }
    }
}

/// What a step decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub next: ObligationState,
    pub way: Way,
    /// When the night looks at it next.
    pub due: Date,
    pub tries: i64,
}

/// Why an event does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the period is paid")]
    AlreadyPaid,
    #[error("the service has ended")]
    Ended,
    #[error("a charge is under way")]
    ChargeUnderWay,
    #[error("no charge is under way")]
    NothingUnderWay,
    #[error("an operator has to look at it first")]
    Parked,
    #[error("it is not parked")]
    NotParked,
    #[error("nothing is charged for it by itself")]
    NotByItself,
}
impl Refusal {
    /// The stable code towards people.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyPaid => "renewal-already-paid",
            Self::Ended => "renewal-ended",
            Self::ChargeUnderWay => "renewal-charging",
            Self::NothingUnderWay => "renewal-not-charging",
            Self::Parked => "renewal-parked",
            Self::NotParked => "renewal-not-parked",
            Self::NotByItself => "renewal-not-by-itself",
        }
    }
}

/// Judges an event that happens on `day`. Total: see `docs/machines/obligation.md`.
///
/// # Errors
/// [`Refusal`] by name.
pub fn step(facts: &Facts, event: ObligationEvent, day: Date) -> Result<Step, Refusal> {
    use {ObligationEvent as E, ObligationState as S, Refusal as R};
    let to = |next, due| Step { next, way: facts.way, due, tries: facts.tries };
    let again = Step {
        next: S::Open,
        way: facts.way,
        due: calendar::next_due(facts.kind, facts.end, facts.tries + 1, day),
        tries: facts.tries + 1,
    };
    match (event, facts.state) {
        (_, S::Met) => Err(R::AlreadyPaid),
        // An add-on that ended since its mailbox was not renewed comes back with it.
        (E::Paid, S::Lapsed) if facts.kind == ServiceKind::Addon => Ok(to(S::Met, day)),
        (_, S::Lapsed) => Err(R::Ended),
        (E::Paid, _) => Ok(to(S::Met, day)),
        (E::Ended, S::Running) => Err(R::ChargeUnderWay),
        (E::Ended, _) => Ok(to(S::Lapsed, day)),
        (E::ChargeAsked, S::Open) if matches!(facts.way, Way::Card | Way::Paypal) => Ok(to(S::Running, day)),
        (E::ChargeAsked, S::Open) => Err(R::NotByItself),
        (E::ChargeAsked | E::WayChanged(_) | E::NoticeGiven | E::NoticeTakenBack(_), S::Running) => {
            Err(R::ChargeUnderWay)
        }
        (E::ChargeFailed, S::Running) => Ok(again),
        (E::CreditShort, S::Open) if facts.way == Way::Wallet => Ok(again),
        (E::CreditShort, S::Open) => Err(R::NotByItself),
        (E::ChargeFailed, S::Open) => Err(R::NothingUnderWay),
        (E::CreditShort, S::Running) => Err(R::ChargeUnderWay),
        (E::WayChanged(way), S::Open) => {
            let first = calendar::first_due(facts.kind, way, facts.end);
            let due = if first <= day && way.by_itself() {
                // The next day of the calendar, not one that is past.
                calendar::next_due(facts.kind, facts.end, facts.tries, day)
            } else {
                first
            };
            // Tries are those of the period: switching gives no new ones.
            Ok(Step { next: S::Open, way, due, tries: facts.tries })
        }
        (E::NoticeGiven, S::Open | S::Parked) => {
            // What its body pays for stays the body's: the body is told not to.
            let way = if facts.way == Way::Body { Way::Body } else { Way::Manual };
            Ok(Step { way, ..to(facts.state, calendar::first_due(facts.kind, way, facts.end)) })
        }
        (E::NoticeTakenBack(way), S::Open | S::Parked) => {
            let (way, due) = calendar::resumed(facts.kind, way, facts.end, facts.tries, day);
            Ok(Step { way, ..to(facts.state, due) })
        }
        (E::Park, S::Open | S::Running) => Ok(to(S::Parked, day)),
        // Whoever was charged four times is not charged again for having been looked at.
        (E::Unpark, S::Parked)
            if matches!(facts.way, Way::Card | Way::Paypal) && facts.tries >= calendar::MOST_TRIES =>
        {
            Ok(to(S::Open, calendar::next_due(facts.kind, facts.end, facts.tries, day)))
        }
        (E::Unpark, S::Parked) => Ok(to(S::Open, day)),
        (E::Unpark, S::Open | S::Running) => Err(R::NotParked),
        (_, S::Parked) => Err(R::Parked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{golden, table};

    fn day(iso: &str) -> Date {
        Date::parse_iso(iso).unwrap()
    }

    #[test]
    fn the_table_is_the_documented_one() {
        let rows: Vec<(String, Facts)> = [(ServiceKind::Mailbox, Way::Card), (ServiceKind::Addon, Way::Wallet)]
            .into_iter()
            .flat_map(|(kind, way)| {
                ObligationState::ALL.into_iter().map(move |state| {
                    let facts = Facts { kind, way, state, end: day("2027-03-30"), tries: 0 };
                    (format!("{} by {}, {}", kind.as_str(), way.as_str(), state.as_str()), facts)
                })
            })
            .collect();
        let rows: Vec<(&str, Facts)> = rows.iter().map(|(name, facts)| (name.as_str(), *facts)).collect();
        let events = ObligationEvent::ALL.map(|e| (e.as_str(), e));
        let intro = "What is owed for one period of a service (`crates/domain/src/renewal/machine.rs`). Here the running period \
            ends on 30 March 2027, the event happens on the 23rd, and «due» is when the night looks next.";
        let text =
            table("Obligation", intro, &rows, &events, |facts, event| match step(&facts, event, day("2027-03-23")) {
                Ok(s) if s.next == ObligationState::Open => {
                    format!("{}, due {}, {} tries", s.next.as_str(), s.due.iso(), s.tries)
                }
                Ok(s) => s.next.as_str().to_owned(),
                Err(refusal) => format!("refused: {refusal}"),
            });
        golden("obligation.md", &text);
    }

    #[test]
    fn four_tries_and_then_rest() {
        let mut facts = Facts {
            kind: ServiceKind::Mailbox,
            way: Way::Card,
            state: ObligationState::Running,
            end: day("2027-03-30"),
            tries: 0,
        };
        let mut due = Vec::new();
        let mut today = day("2027-03-23");
        for _ in 0..4 {
            let step = step(&facts, ObligationEvent::ChargeFailed, today).unwrap();
            due.push(step.due.iso());
            facts.tries = step.tries;
            today = step.due;
        }
        assert_eq!(due, ["2027-03-25", "2027-03-27", "2027-03-29", "2027-06-29"]);
        assert_eq!(facts.tries, 4);
    }

    #[test]
    fn what_is_switched_on_late_is_tried_on_the_next_day_of_the_calendar() {
        let facts = Facts {
            kind: ServiceKind::Mailbox,
            way: Way::Manual,
            state: ObligationState::Open,
            end: day("2027-03-30"),
            tries: 3,
        };
        let on = |today| step(&facts, ObligationEvent::WayChanged(Way::Card), day(today)).unwrap();
        assert_eq!((on("2027-01-01").due, on("2027-01-01").tries), (day("2027-03-23"), 3));
        assert_eq!(on("2027-03-26").due, day("2027-03-27"));
        let off = step(&Facts { way: Way::Card, ..facts }, ObligationEvent::WayChanged(Way::Manual), day("2027-03-26"));
        assert_eq!(off.unwrap().due, day("2027-06-29"));
    }

    /// On a clock that went back the days of the calendar come again, the tries do not.
    #[test]
    fn there_is_no_fifth_try_on_a_day_that_comes_twice() {
        let tried = Facts {
            kind: ServiceKind::Mailbox,
            way: Way::Card,
            state: ObligationState::Open,
            end: day("2027-03-30"),
            tries: 4,
        };
        let on = step(&Facts { way: Way::Manual, ..tried }, ObligationEvent::WayChanged(Way::Card), day("2027-03-28"));
        assert_eq!(on.unwrap().due, day("2027-06-29"));
        let back = step(&tried, ObligationEvent::NoticeTakenBack(Way::Card), day("2027-03-28")).unwrap();
        assert_eq!((back.way, back.due), (Way::Manual, day("2027-06-29")));
        let last = Facts { state: ObligationState::Running, tries: 3, ..tried };
        let failed = step(&last, ObligationEvent::ChargeFailed, day("2027-03-28")).unwrap();
        assert_eq!((failed.due, failed.tries), (day("2027-06-29"), 4));
        let parked = Facts { state: ObligationState::Parked, ..tried };
        let looked_at = |facts| step(&facts, ObligationEvent::Unpark, day("2027-03-28")).unwrap().due;
        assert_eq!(looked_at(parked), day("2027-06-29"));
        assert_eq!(looked_at(Facts { tries: 3, ..parked }), day("2027-03-28"));
    }

    #[test]
    fn a_notice_stops_the_charge_and_its_way_back_finds_the_next_one() {
        let facts = Facts {
            kind: ServiceKind::Mailbox,
            way: Way::Card,
            state: ObligationState::Open,
            end: day("2027-03-30"),
            tries: 1,
        };
        let given = step(&facts, ObligationEvent::NoticeGiven, day("2027-03-24")).unwrap();
        assert_eq!((given.way, given.due, given.tries), (Way::Manual, day("2027-06-29"), 1));
        let body = step(&Facts { way: Way::Body, ..facts }, ObligationEvent::NoticeGiven, day("2027-03-24")).unwrap();
        assert_eq!(body.way, Way::Body);
        let parked = Facts { state: ObligationState::Parked, ..facts };
        let given = step(&parked, ObligationEvent::NoticeGiven, day("2027-03-24")).unwrap();
        assert_eq!((given.next, given.way), (ObligationState::Parked, Way::Manual), "whatever it was parked for");
        let back = |way, on| {
            let facts = Facts { way: Way::Manual, ..facts };
            step(&facts, ObligationEvent::NoticeTakenBack(way), day(on)).map(|s| (s.way, s.due, s.tries))
        };
        assert_eq!(back(Way::Card, "2027-01-10"), Ok((Way::Card, day("2027-03-23"), 1)));
        assert_eq!(back(Way::Card, "2027-03-26"), Ok((Way::Card, day("2027-03-27"), 1)));
        assert_eq!(back(Way::Paypal, "2027-03-29"), Ok((Way::Manual, day("2027-06-29"), 1)), "too late for a charge");
        assert_eq!(back(Way::Wallet, "2027-03-30"), Ok((Way::Wallet, day("2027-03-31"), 1)), "credit is there at once");
        assert_eq!(back(Way::Body, "2027-03-30"), Ok((Way::Body, day("2027-06-29"), 1)));
        let running = Facts { state: ObligationState::Running, ..facts };
        assert_eq!(step(&running, ObligationEvent::NoticeGiven, day("2027-03-24")), Err(Refusal::ChargeUnderWay));
    }

    proptest::proptest! {
        #[test]
        fn final_states_stay_and_no_try_lies_in_the_past(state in 0usize..5, event in 0usize..10, way in 0usize..5, today in 20_000i32..21_000, end in 20_000i32..21_000) {
            let (state, way) = (ObligationState::ALL[state], Way::ALL[way]);
            let facts = Facts { kind: ServiceKind::Mailbox, way, state, end: Date::from_days(end), tries: 1 };
            let today = Date::from_days(today);
            match step(&facts, ObligationEvent::ALL[event], today) {
                Ok(s) => {
                    proptest::prop_assert!(!matches!(state, ObligationState::Met | ObligationState::Lapsed));
                    proptest::prop_assert!(s.tries <= 1 || s.due > today || end + 90 < today.days());
                }
                Err(_) => proptest::prop_assert!(true),
            }
        }
    }
}
