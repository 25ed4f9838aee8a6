//! The life of one attempt to take or give back money.
//!
//! An attempt is never called failed because time has passed: only the gateway can say so. As
//! long as it does not, the attempt is asked about, with growing pauses.

use crate::time::Timestamp;

/// Where an attempt stands. «Challenge» (3-D Secure) is a detail of `Pending`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttemptState {
    /// Ours alone: an effect is going to call the gateway, which may not have heard of it yet.
    Created,
    /// The gateway has it and the customer may pay.
    Opened,
    /// The customer's authentication, the gateway or the bank is at work.
    Pending,
    /// The money moved. Final.
    Succeeded,
    /// The gateway said no, or closed it unpaid. Left only if the gateway says later that the
    /// money did move.
    Failed,
    /// A call was made and its answer lost.
    Unknown,
}
impl AttemptState {
    pub const ALL: [AttemptState; 6] =
        [Self::Created, Self::Opened, Self::Pending, Self::Succeeded, Self::Failed, Self::Unknown];
    /// The word in the store and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Opened => "opened",
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
    /// The gateway has said its last word, as far as we know.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

/// What an attempt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttemptKind {
    /// A payment with the customer present, on the gateway's page.
    Checkout,
    /// A stored method charged without the customer.
    OffSession,
    /// Money given back.
    Refund,
}
impl AttemptKind {
    pub const ALL: [AttemptKind; 3] = [Self::Checkout, Self::OffSession, Self::Refund];
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checkout => "checkout",
            Self::OffSession => "off_session",
            Self::Refund => "refund",
        }
    }
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// What became known about an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttemptEvent {
    /// A call is about to leave: written first, so that a crash during it is seen as `Unknown`.
    CallStarted,
    /// The gateway opened it and told its name for it.
    Opened,
    /// The gateway answered no.
    Refused,
    /// The answer to a call was lost.
    AnswerLost,
    /// Asked, the gateway says: never heard of it.
    Absent,
    /// Asked: waits for the customer.
    AwaitsPayer,
    /// Asked: the bank wants the customer to authenticate.
    Challenge,
    /// Asked: being processed, or a word that we do not know.
    Processing,
    /// Asked: the money moved.
    Succeeded,
    /// Asked: declined.
    Failed,
    /// Asked: closed without payment.
    Closed,
}
impl AttemptEvent {
    pub const ALL: [AttemptEvent; 11] = [
        Self::CallStarted,
        Self::Opened,
        Self::Refused,
        Self::AnswerLost,
        Self::Absent,
        Self::AwaitsPayer,
        Self::Challenge,
        Self::Processing,
        Self::Succeeded,
        Self::Failed,
        Self::Closed,
    ];
    /// A stable word for tables and the audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CallStarted => "call_started",
            Self::Opened => "opened",
            Self::Refused => "refused",
            Self::AnswerLost => "answer_lost",
            Self::Absent => "absent",
            Self::AwaitsPayer => "awaits_payer",
            Self::Challenge => "challenge",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Closed => "closed",
        }
    }
}

/// What a step asks of the use case that takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing to do; the same thing may be told many times.
    Nothing,
    /// Ask the gateway again when the pause is over.
    AskAgain,
    /// Book the money and tell the order: happens once in the life of an attempt.
    Settle,
    /// Tell that it did not work (holds are released, the customer may try again).
    Release,
}

/// The result of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptStep {
    pub next: AttemptState,
    pub consequence: Consequence,
    /// When to ask next; `None` when the attempt is over.
    pub check_at: Option<Timestamp>,
    /// The audit's verb; `None` when nothing new was learnt.
    pub audit: Option<&'static str>,
}

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttemptRefusal {
    /// The gateway contradicts a success that it reported before: a person has to look.
    #[error("the gateway contradicts an earlier success")]
    ContradictsSuccess,
    /// A call for an attempt that is over.
    #[error("the attempt is over")]
    Over,
}

/// Pauses before asking again, in seconds; the last one repeats for ever.
pub const PAUSES_S: [i64; 8] = [20, 60, 120, 300, 900, 3600, 6 * 3600, 24 * 3600];

/// The pause after so many questions.
pub fn pause_s(checks: i64) -> i64 {
    PAUSES_S[usize::try_from(checks).unwrap_or(0).min(PAUSES_S.len() - 1)]
}

/// What happens to an attempt when `event` becomes known; `checks` counts the questions already
/// asked. Total: each pair has an answer.
///
/// # Errors
/// A named refusal when the event cannot be: nothing is changed, and an operator sees it.
pub fn step(
    state: AttemptState,
    event: AttemptEvent,
    checks: i64,
    now: Timestamp,
) -> Result<AttemptStep, AttemptRefusal> {
    use {AttemptEvent as E, AttemptState as S};
    let next = match (state, event) {
        (S::Succeeded, E::CallStarted) | (S::Failed, E::CallStarted) => return Err(AttemptRefusal::Over),
        (S::Succeeded, E::Refused | E::Absent | E::Failed | E::Closed) => {
            return Err(AttemptRefusal::ContradictsSuccess);
        }
        // A success is not forgotten because an older word arrives late.
        (S::Succeeded, _) => S::Succeeded,
        // Money moved after all: believed from every state.
        (_, E::Succeeded) => S::Succeeded,
        (S::Failed, _) => S::Failed,
        (_, E::CallStarted | E::AnswerLost) => S::Unknown,
        (_, E::Refused | E::Failed | E::Closed) => S::Failed,
        // Its effect has still to make the call: not heard of *yet*.
        (S::Created, E::Absent) => S::Created,
        // Not heard of: the call never arrived, and nobody else can make it arrive.
        (S::Unknown, E::Absent) => S::Failed,
        // It was there, now it is not: do not guess.
        (S::Opened | S::Pending, E::Absent) => S::Unknown,
        (S::Pending, E::Opened) => S::Pending,
        (_, E::Opened | E::AwaitsPayer) => S::Opened,
        (_, E::Challenge | E::Processing) => S::Pending,
    };
    Ok(describe(state, next, checks, now))
}

fn describe(state: AttemptState, next: AttemptState, checks: i64, now: Timestamp) -> AttemptStep {
    use AttemptState as S;
    let news = state != next;
    let consequence = match next {
        S::Succeeded if news => Consequence::Settle,
        S::Failed if news => Consequence::Release,
        S::Succeeded | S::Failed => Consequence::Nothing,
        S::Created | S::Opened | S::Pending | S::Unknown => Consequence::AskAgain,
    };
    let audit = match next {
        _ if !news => None,
        S::Created => None,
        S::Opened => Some("payment.opened"),
        S::Pending => Some("payment.pending"),
        S::Succeeded => Some("payment.succeeded"),
        S::Failed => Some("payment.failed"),
        S::Unknown => Some("payment.unknown"),
    };
    let check_at = (consequence == Consequence::AskAgain).then(|| now.plus_seconds(pause_s(checks)));
    AttemptStep { next, consequence, check_at, audit }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(state: AttemptState, event: AttemptEvent) -> String {
        match step(state, event, 0, Timestamp::from_micros(0)) {
            Err(refusal) => format!("✗ {refusal}"),
            Ok(s) => match s.consequence {
                Consequence::Settle => format!("{} · settle", s.next.as_str()),
                Consequence::Release => format!("{} · release", s.next.as_str()),
                Consequence::AskAgain => format!("{} · ask again", s.next.as_str()),
                Consequence::Nothing => format!("{} (no change)", s.next.as_str()),
            },
        }
    }

    #[test]
    fn golden_table() {
        let states = AttemptState::ALL.map(|s| (s.as_str(), s));
        let events = AttemptEvent::ALL.map(|e| (e.as_str(), e));
        let text = crate::machine::table(
            "Payment attempts",
            "Payments, charges of stored methods and refunds share this machine. Source: `crates/domain/src/payment/machine.rs`.",
            &states,
            &events,
            cell,
        );
        crate::machine::golden("payment.md", &text);
    }

    #[test]
    fn settles_once_whatever_the_order_of_events() {
        // Every sequence of four events, from every state: at most one settlement, and none is
        // missed if success is among them and was not refused as a contradiction.
        let now = Timestamp::from_micros(0);
        for start in [AttemptState::Created, AttemptState::Unknown] {
            for code in 0..AttemptEvent::ALL.len().pow(4) {
                let (mut state, mut settled, mut n, mut told) = (start, 0, code, false);
                for _ in 0..4 {
                    let event = AttemptEvent::ALL[n % AttemptEvent::ALL.len()];
                    n /= AttemptEvent::ALL.len();
                    told |= event == AttemptEvent::Succeeded;
                    if let Ok(s) = step(state, event, 0, now) {
                        settled += i32::from(s.consequence == Consequence::Settle);
                        state = s.next;
                    }
                }
                assert_eq!(settled, i32::from(told), "{start:?} {code}");
                assert_eq!(state == AttemptState::Succeeded, told, "{start:?} {code}");
            }
        }
    }

    #[test]
    fn open_attempts_are_always_asked_about_again_and_pauses_grow() {
        for state in AttemptState::ALL {
            for event in AttemptEvent::ALL {
                let Ok(s) = step(state, event, 3, Timestamp::from_micros(0)) else { continue };
                assert_eq!(s.check_at.is_none(), s.next.is_final(), "{state:?} {event:?}");
            }
        }
        assert!(PAUSES_S.is_sorted());
        assert_eq!((pause_s(-1), pause_s(0), pause_s(1_000)), (20, 20, 24 * 3600));
    }

    #[test]
    fn words_are_read_back() {
        for s in AttemptState::ALL {
            assert_eq!(AttemptState::parse(s.as_str()), Some(s));
        }
        for k in AttemptKind::ALL {
            assert_eq!(AttemptKind::parse(k.as_str()), Some(k));
        }
        assert_eq!(AttemptState::parse("challenge"), None);
    }
}
