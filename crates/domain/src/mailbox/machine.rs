//! The states of a mailbox and what moves them (domain notes 4.4, 6.5). Pure: the use case loads the
//! facts, asks [`step`], and writes what it answers.

use serde_json::json;

use super::GRACE_DAYS;
use crate::{audit::AuditLine, id::MailboxId, time::Date};

/// Where a mailbox stands; the words are those of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailboxState {
    /// Paid for, not yet made on the servers.
    Activating,
    Active,
    /// The paid period is over: it reads and receives, it does not send.
    Expired,
    /// Not renewed in time: its content is gone. Final.
    Cancelled,
    /// Given up at once by its holder. Final.
    Terminated,
}
impl MailboxState {
    pub const ALL: [MailboxState; 5] = [
        MailboxState::Activating,
        MailboxState::Active,
        MailboxState::Expired,
        MailboxState::Cancelled,
        MailboxState::Terminated,
    ];
    /// The word the store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            MailboxState::Activating => "activating",
            MailboxState::Active => "active",
            MailboxState::Expired => "expired",
            MailboxState::Cancelled => "cancelled",
            MailboxState::Terminated => "terminated",
        }
    }
    /// Reads the store's word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
    /// Whether the mailbox exists, or is about to.
    pub fn lives(self) -> bool {
        matches!(self, MailboxState::Activating | MailboxState::Active | MailboxState::Expired)
    }
}

/// What the machine must know of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailboxFacts {
    pub id: MailboxId,
    pub state: MailboxState,
    /// Last day of the paid period.
    pub term_end: Date,
}

/// What happens to a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxEvent {
    /// The servers have it.
    Made,
    /// The servers would not make it after all tries.
    NotMade,
    /// Its holder chose a password.
    PasswordSet,
    /// The last day of the paid period is over.
    TermEnded,
    /// A new period is paid that reaches into the future.
    Renewed,
    /// The days in which it could be renewed are over.
    GraceEnded,
    /// Its holder gives it up at once.
    Terminated,
}
impl MailboxEvent {
    pub const ALL: [MailboxEvent; 7] = [
        MailboxEvent::Made,
        MailboxEvent::NotMade,
        MailboxEvent::PasswordSet,
        MailboxEvent::TermEnded,
        MailboxEvent::Renewed,
        MailboxEvent::GraceEnded,
        MailboxEvent::Terminated,
    ];
    /// The word of the golden table and of the logs.
    pub fn as_str(self) -> &'static str {
        match self {
            MailboxEvent::Made => "made",
            MailboxEvent::NotMade => "not_made",
            MailboxEvent::PasswordSet => "password_set",
            MailboxEvent::TermEnded => "term_ended",
            MailboxEvent::Renewed => "renewed",
            MailboxEvent::GraceEnded => "grace_ended",
            MailboxEvent::Terminated => "terminated",
        }
    }
}

/// What must be done beside the new state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxTask {
    /// Its order moves on, and its account is told that it can be used.
    TellActivated,
    /// Its order waits for an operator.
    TellNotMade,
    /// Everything on the servers is removed.
    RemoveContent,
    /// Its address may be bought again, by the same holder only.
    ReleaseAddress,
    /// Open sessions of the mailbox end.
    EndSessions,
}

/// What a step decides.
#[derive(Clone, Debug, PartialEq)]
pub struct MailboxStep {
    pub next: MailboxState,
    pub tasks: Vec<MailboxTask>,
    pub audit: AuditLine,
}

/// Why an event does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailboxRefusal {
    #[error("the mailbox is gone for good")]
    Gone,
    #[error("the mailbox was made before")]
    AlreadyMade,
    #[error("the mailbox has not been made yet")]
    NotMadeYet,
    #[error("it is too early for that")]
    TooEarly,
    #[error("the paid period is not over")]
    NotExpired,
}
impl MailboxRefusal {
    /// The code of the problem that a person sees.
    pub fn code(self) -> &'static str {
        match self {
            MailboxRefusal::Gone => "mailbox-gone",
            MailboxRefusal::AlreadyMade => "mailbox-already-made",
            MailboxRefusal::NotMadeYet => "mailbox-not-made-yet",
            MailboxRefusal::TooEarly => "mailbox-too-early",
            MailboxRefusal::NotExpired => "mailbox-not-expired",
        }
    }
}

/// What becomes of a mailbox.
///
/// # Errors
/// Why the event does not apply in this state, on this day.
pub fn step(facts: &MailboxFacts, event: MailboxEvent, today: Date) -> Result<MailboxStep, MailboxRefusal> {
    use MailboxEvent as E;
    use MailboxRefusal as R;
    use MailboxState as S;
    let over = |days: i32| today.days() > facts.term_end.days() + days;
    let gone = || vec![MailboxTask::EndSessions, MailboxTask::RemoveContent, MailboxTask::ReleaseAddress];
    let (next, tasks) = match (facts.state, event) {
        (S::Cancelled | S::Terminated, _) => return Err(R::Gone),
        (S::Activating, E::Made) => (S::Active, vec![MailboxTask::TellActivated]),
        (S::Activating, E::NotMade) => (S::Activating, vec![MailboxTask::TellNotMade]),
        (S::Active | S::Expired, E::Made | E::NotMade) => return Err(R::AlreadyMade),
        // A password chosen before the activation is kept and counts from then on.
        (state, E::PasswordSet) => (state, vec![MailboxTask::EndSessions]),
        (S::Activating, E::TermEnded | E::Renewed | E::GraceEnded) => return Err(R::NotMadeYet),
        (S::Active, E::TermEnded) if !over(0) => return Err(R::TooEarly),
        (S::Active, E::TermEnded) => (S::Expired, vec![]),
        (S::Expired, E::TermEnded) => (S::Expired, vec![]),
        (S::Active, E::Renewed) => (S::Active, vec![]),
        (S::Expired, E::Renewed) if over(0) => return Err(R::TooEarly),
        (S::Expired, E::Renewed) => (S::Active, vec![]),
        (S::Active, E::GraceEnded) => return Err(R::NotExpired),
        (S::Expired, E::GraceEnded) if !over(GRACE_DAYS) => return Err(R::TooEarly),
        (S::Expired, E::GraceEnded) => (S::Cancelled, gone()),
        (_, E::Terminated) => (S::Terminated, gone()),
    };
    let details = json!({ "from": facts.state.as_str(), "to": next.as_str() });
    let audit = AuditLine::new(action(event), "mailbox", facts.id.uuid(), details);
    Ok(MailboxStep { next, tasks, audit })
}

fn action(event: MailboxEvent) -> &'static str {
    match event {
        MailboxEvent::Made => "mailbox.activated",
        MailboxEvent::NotMade => "mailbox.activation_failed",
        MailboxEvent::PasswordSet => "mailbox.password_changed",
        MailboxEvent::TermEnded => "mailbox.expired",
        MailboxEvent::Renewed => "mailbox.renewed",
        MailboxEvent::GraceEnded => "mailbox.cancelled",
        MailboxEvent::Terminated => "mailbox.terminated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mailbox::rights, time::Timestamp};

    fn facts(state: MailboxState) -> MailboxFacts {
        MailboxFacts {
            id: MailboxId::new(Timestamp::from_micros(0), [1; 10]),
            state,
            term_end: Date::new(2026, 10, 1).unwrap(),
        }
    }

    #[test]
    fn the_table_is_the_one_in_the_docs() {
        let later = Date::new(2027, 1, 15).unwrap();
        let states = MailboxState::ALL.map(|s| (s.as_str(), s));
        let events = MailboxEvent::ALL.map(|e| (e.as_str(), e));
        let intro = "States and events of a mailbox (domain notes 4.4, 6.5). The paid period ended on 1 October 2026; it is \
                     15 January 2027, after the days in which it could be renewed; for `renewed` the new period ends in the future.";
        let mut text = crate::machine::table("Mailbox", intro, &states, &events, |state, event| {
            let mut facts = facts(state);
            if event == MailboxEvent::Renewed {
                facts.term_end = later.plus_years(1);
            }
            match step(&facts, event, later) {
                Ok(s) => std::iter::once(s.next.as_str().to_owned())
                    .chain(s.tasks.iter().map(|t| format!("{t:?}")))
                    .collect::<Vec<_>>()
                    .join(", "),
                Err(refusal) => format!("refused: {}", refusal.code()),
            }
        });
        text += "\nWho may do what with it:\n\n| state | password | full | sign in | receive | send |\n| --- | --- | --- | --- | --- | --- |\n";
        for state in MailboxState::ALL {
            for (has, full) in [(false, false), (true, false), (true, true)] {
                let r = rights(state, has, full);
                let yes = |b: bool| if b { "yes" } else { "no" };
                let [login, receive, send] = [r.login, r.receive, r.send].map(yes);
                let row = [state.as_str(), yes(has), yes(full), login, receive, send];
                text += &format!("| {} |\n", row.join(" | "));
            }
        }
        crate::machine::golden("mailbox.md", &text);
    }

    #[test]
    fn the_last_day_of_a_period_still_counts() {
        let day = |y, m, d| Date::new(y, m, d).unwrap();
        let at = |state, event, today| step(&facts(state), event, today).map(|s| s.next);
        let (active, expired) = (MailboxState::Active, MailboxState::Expired);
        assert_eq!(at(active, MailboxEvent::TermEnded, day(2026, 10, 1)), Err(MailboxRefusal::TooEarly));
        assert_eq!(at(active, MailboxEvent::TermEnded, day(2026, 10, 2)), Ok(expired));
        // Day 90 after the end can still be used to renew; 30 December is it.
        assert_eq!(at(expired, MailboxEvent::GraceEnded, day(2026, 12, 30)), Err(MailboxRefusal::TooEarly));
        assert_eq!(at(expired, MailboxEvent::GraceEnded, day(2026, 12, 31)), Ok(MailboxState::Cancelled));
        assert_eq!(at(expired, MailboxEvent::Renewed, day(2026, 10, 1)), Ok(active));
        assert_eq!(at(expired, MailboxEvent::Renewed, day(2026, 10, 2)), Err(MailboxRefusal::TooEarly));
    }

    #[test]
    fn words_of_the_store_are_read_back() {
        for state in MailboxState::ALL {
            assert_eq!(MailboxState::parse(state.as_str()), Some(state));
        }
        assert_eq!(MailboxState::parse("Active"), None);
    }
}
