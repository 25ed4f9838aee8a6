//! The life of a provider account («account»): from the shown username to its end.

use crate::time::{HOUR_US, Timestamp};

/// How long a username waits for its first password (domain notes 1.2): 24 hours.
pub const DROP_AFTER_US: i64 = 24 * HOUR_US;

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginState {
    /// The username was shown, the password not chosen yet («da completare»).
    Incomplete,
    Active,
    /// By an operator; its data stay.
    Blocked,
    /// By its owner. Final.
    Closed,
    /// No password within a day. Final; the number is never given again.
    Dropped,
}
impl LoginState {
    pub const ALL: [LoginState; 5] = [Self::Incomplete, Self::Active, Self::Blocked, Self::Closed, Self::Dropped];
    /// The word of the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Closed => "closed",
            Self::Dropped => "dropped",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
    /// Whether its owner may sign in and keep sessions.
    pub const fn may_sign_in(self) -> bool {
        matches!(self, Self::Active)
    }
}

/// What happens to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginEvent {
    /// The first password was chosen.
    Completed,
    /// Another password was chosen.
    PasswordChanged,
    /// The day of the first password is over.
    WaitedTooLong,
    Blocked,
    Unblocked,
    Closed,
}
impl LoginEvent {
    pub const ALL: [LoginEvent; 6] =
        [Self::Completed, Self::PasswordChanged, Self::WaitedTooLong, Self::Blocked, Self::Unblocked, Self::Closed];
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::PasswordChanged => "password_changed",
            Self::WaitedTooLong => "waited_too_long",
            Self::Blocked => "blocked",
            Self::Unblocked => "unblocked",
            Self::Closed => "closed",
        }
    }
}

/// What the use case must do with the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginStep {
    pub next: LoginState,
    /// Action of the audit line.
    pub audit: &'static str,
    /// Every open session of the account ends.
    pub end_sessions: bool,
}

/// Why an event cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginRefusal {
    /// The first password was chosen already.
    AlreadyCompleted,
    /// There is no first password yet.
    NotCompleted,
    /// The day is not over yet.
    TooEarly,
    /// The account is blocked.
    IsBlocked,
    /// The account is not blocked.
    NotBlocked,
    /// The account ended: closed or dropped.
    Ended,
}
impl LoginRefusal {
    pub const ALL: [LoginRefusal; 6] =
        [Self::AlreadyCompleted, Self::NotCompleted, Self::TooEarly, Self::IsBlocked, Self::NotBlocked, Self::Ended];
    /// The stable code; its words stand under `problem-<code>`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyCompleted => "login-already-completed",
            Self::NotCompleted => "login-not-completed",
            Self::TooEarly => "login-too-early",
            Self::IsBlocked => "login-blocked",
            Self::NotBlocked => "login-not-blocked",
            Self::Ended => "login-ended",
        }
    }
}

/// What an event does to an account made at `created_at`.
///
/// # Errors
/// When the event cannot happen in that state.
pub fn step(
    state: LoginState,
    event: LoginEvent,
    created_at: Timestamp,
    now: Timestamp,
) -> Result<LoginStep, LoginRefusal> {
    use {LoginEvent as E, LoginRefusal as R, LoginState as S};
    let go = |next, audit, end_sessions| Ok(LoginStep { next, audit, end_sessions });
    match (state, event) {
        (S::Closed | S::Dropped, _) => Err(R::Ended),
        (S::Incomplete, E::Completed) => go(S::Active, "login.completed", false),
        (S::Active | S::Blocked, E::Completed | E::WaitedTooLong) => Err(R::AlreadyCompleted),
        (S::Incomplete, E::WaitedTooLong) if now < created_at.plus_us(DROP_AFTER_US) => Err(R::TooEarly),
        (S::Incomplete, E::WaitedTooLong) => go(S::Dropped, "login.dropped", true),
        (S::Incomplete, E::PasswordChanged) => Err(R::NotCompleted),
        (S::Active, E::PasswordChanged) => go(S::Active, "login.password_changed", true),
        (S::Blocked, E::PasswordChanged | E::Blocked | E::Closed) => Err(R::IsBlocked),
        // Blocked before its password it could come back active without one.
        (S::Incomplete, E::Blocked) => Err(R::NotCompleted),
        (S::Active, E::Blocked) => go(S::Blocked, "login.blocked", true),
        (S::Blocked, E::Unblocked) => go(S::Active, "login.unblocked", false),
        (S::Incomplete | S::Active, E::Unblocked) => Err(R::NotBlocked),
        (S::Incomplete, E::Closed) => Err(R::NotCompleted),
        (S::Active, E::Closed) => go(S::Closed, "login.closed", true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(state: LoginState, event: LoginEvent) -> String {
        let made = Timestamp::from_micros(1_790_000_000_000_000);
        match step(state, event, made, made.plus_us(DROP_AFTER_US)) {
            Ok(s) => format!("{}{}", s.next.as_str(), if s.end_sessions { ", sessions end" } else { "" }),
            Err(r) => format!("refused: {}", r.code()),
        }
    }

    #[test]
    fn golden_table() {
        let states = LoginState::ALL.map(|s| (s.as_str(), s));
        let events = LoginEvent::ALL.map(|e| (e.as_str(), e));
        let intro = "States and events of a provider account (domain notes 1.2, 1.6, 1.11), 24 hours after its making.";
        let text = crate::machine::table("Provider account", intro, &states, &events, cell);
        crate::machine::golden("login.md", &text);
    }

    #[test]
    fn a_username_waits_a_whole_day() {
        let made = Timestamp::from_micros(1_790_000_000_000_000);
        let early = step(LoginState::Incomplete, LoginEvent::WaitedTooLong, made, made.plus_us(DROP_AFTER_US - 1));
        assert_eq!(early, Err(LoginRefusal::TooEarly));
    }

    #[test]
    fn an_end_is_an_end_and_only_active_signs_in() {
        for event in LoginEvent::ALL {
            for state in [LoginState::Closed, LoginState::Dropped] {
                let made = Timestamp::from_micros(0);
                assert_eq!(step(state, event, made, made), Err(LoginRefusal::Ended));
            }
        }
        assert_eq!(LoginState::ALL.into_iter().filter(|s| s.may_sign_in()).count(), 1);
        assert!(LoginState::ALL.into_iter().all(|s| LoginState::parse(s.as_str()) == Some(s)));
    }
}
