//! What the simulated gateway remembers, and how its moods play out.

use domain::{
    id::AttemptId,
    money::Money,
    time::{SECOND_US, Timestamp},
};
use ports::{
    PortError,
    payment::{AttemptKind, Payer, SavedMethod, Truth, TruthState},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How long a delayed bank takes, in seconds.
const DELAY_S: i64 = 90;

/// How the bank behaves towards one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Approve,
    /// Approves, and the stored card will be declined for lack of money later.
    ApproveThenDecline,
    /// Approves, and the bank will want the customer at each later charge.
    ApproveThenChallenge,
    Decline(&'static str),
    Challenge,
    /// Approves after a while.
    Delay,
    /// Approves and tells it twice.
    Repeat,
    /// Approves and tells the beginning after the end.
    Reorder,
    /// Approves and tells nobody.
    Silent,
    /// Never comes to an end.
    NeverAnswer,
    Close,
}
impl Mood {
    /// What charging this stored card comes to.
    pub(super) fn of_method(reference: &str) -> Mood {
        match reference.split('_').nth(1) {
            Some("poor") => Mood::Decline("insufficient_funds"),
            Some("strict") => Mood::Decline("authentication_required"),
            _ => Mood::Approve,
        }
    }
    fn card(self) -> &'static str {
        match self {
            Mood::ApproveThenDecline => "poor",
            Mood::ApproveThenChallenge => "strict",
            _ => "good",
        }
    }
}

/// One attempt as the gateway knows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) reference: String,
    pub(super) kind: AttemptKind,
    pub(super) attempt: AttemptId,
    pub(super) amount: Money,
    pub(super) customer: Option<String>,
    pub(super) description: String,
    pub(super) return_url: String,
    pub(super) save: bool,
    pub(super) of_reference: Option<String>,
    pub(super) method: Option<SavedMethod>,
    pub(super) state: TruthState,
    /// The state is only seen from this moment on.
    pub(super) seen_from: Option<Timestamp>,
}
impl Item {
    pub(super) fn new(kind: AttemptKind, attempt: AttemptId, amount: Money) -> Self {
        Self {
            reference: format!("sim_{}", attempt.uuid().simple()),
            kind,
            attempt,
            amount,
            customer: None,
            description: String::new(),
            return_url: String::new(),
            save: false,
            of_reference: None,
            method: None,
            state: TruthState::AwaitingPayer,
            seen_from: None,
        }
    }
    pub(super) fn paid(&self) -> bool {
        matches!(self.state, TruthState::Succeeded { .. })
    }
}

/// An event still to be posted.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Telling {
    body: String,
    due: Timestamp,
}

/// Everything it remembers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Book {
    pub(super) items: Vec<Item>,
    events: Vec<Telling>,
    told: u64,
}

pub(super) fn customer_of(payer: &Payer) -> String {
    payer.customer.clone().unwrap_or_else(|| format!("simcus_{}", payer.party.uuid().simple()))
}

pub(super) fn absent() -> Truth {
    Truth { reference: None, state: TruthState::Absent, method: None, customer: None }
}

impl Book {
    pub(super) fn find(&self, attempt: AttemptId) -> Option<&Item> {
        self.items.iter().find(|i| i.attempt == attempt)
    }

    fn by_reference(&self, reference: &str) -> Option<&Item> {
        self.items.iter().find(|i| i.reference == reference)
    }

    /// Keeps a new item; the same attempt again finds the one that is there.
    pub(super) fn once(&mut self, item: Item) -> Result<&Item, PortError> {
        match self.items.iter().position(|i| i.attempt == item.attempt) {
            Some(at) if self.items[at].amount != item.amount || self.items[at].kind != item.kind => {
                Err(PortError::outcome_unknown("simulated: this key was used for something else"))
            }
            Some(at) => Ok(&self.items[at]),
            None => {
                self.items.push(item);
                Ok(&self.items[self.items.len() - 1])
            }
        }
    }

    pub(super) fn may_refund(&self, reference: &str, amount: Money) -> Result<(), PortError> {
        let paid = match self.by_reference(reference).map(|i| &i.state) {
            Some(TruthState::Succeeded { amount }) => *amount,
            _ => return Err(PortError::refused("not_paid", format!("{reference} was not paid"))),
        };
        let refunds = self.items.iter().filter(|i| i.of_reference.as_deref() == Some(reference));
        let back: Money = refunds.map(|i| i.amount).sum();
        if amount > paid - back {
            return Err(PortError::refused("over_refund", format!("{amount:?} of {:?}", paid - back)));
        }
        Ok(())
    }

    pub(super) fn truth(&self, reference: &str, now: Timestamp) -> Truth {
        let Some(item) = self.by_reference(reference) else { return absent() };
        let hidden = item.seen_from.is_some_and(|from| now < from);
        let state = if hidden { TruthState::Processing { detail: "delayed".to_owned() } } else { item.state.clone() };
        Truth {
            reference: Some(item.reference.clone()),
            method: item.method.clone().filter(|_| matches!(state, TruthState::Succeeded { .. })),
            customer: item.customer.clone(),
            state,
        }
    }

    /// Plays a mood out on an item that is still open; does nothing to one that is paid.
    pub(super) fn play(&mut self, reference: &str, mood: Mood, now: Timestamp) {
        let Some(at) = self.items.iter().position(|i| i.reference == reference && !i.paid()) else { return };
        let item = &mut self.items[at];
        let success = TruthState::Succeeded { amount: item.amount };
        item.state = match mood {
            Mood::Decline(code) => TruthState::Failed { code: code.to_owned(), detail: "simulated".to_owned() },
            Mood::Challenge => TruthState::Challenge,
            Mood::NeverAnswer => TruthState::Processing { detail: "silence".to_owned() },
            Mood::Close => TruthState::Closed,
            _ => success,
        };
        if item.paid() && item.save {
            item.method = Some(stored_card(mood, item.attempt));
        }
        if mood == Mood::Delay {
            item.seen_from = Some(now.plus_seconds(DELAY_S));
        }
        self.tell(at, mood, now);
    }

    fn tell(&mut self, at: usize, mood: Mood, now: Timestamp) {
        let word = match self.items[at].state {
            TruthState::Succeeded { .. } => "succeeded",
            TruthState::Failed { .. } => "failed",
            TruthState::Closed => "closed",
            TruthState::Challenge => "challenge",
            _ => "processing",
        };
        match mood {
            Mood::Silent | Mood::NeverAnswer => {}
            Mood::Delay => self.event(at, word, now.plus_us(DELAY_S * SECOND_US)),
            Mood::Repeat => {
                self.event(at, word, now);
                self.events.extend(self.events.last().cloned());
            }
            Mood::Reorder => {
                self.event(at, word, now);
                self.event(at, "processing", now);
            }
            _ => self.event(at, word, now),
        }
    }

    fn event(&mut self, at: usize, word: &str, due: Timestamp) {
        self.told += 1;
        let item = &self.items[at];
        let body = json!({
            "id": format!("simevt_{}_{}", self.told, item.attempt.uuid().simple()),
            "kind": format!("payment.{word}"),
            "attempt": item.attempt.to_string(),
            "reference": item.reference,
        });
        self.events.push(Telling { body: body.to_string(), due });
    }

    pub(super) fn take_due(&mut self, now: Timestamp) -> Vec<String> {
        let (due, later): (Vec<_>, Vec<_>) = self.events.drain(..).partition(|e| e.due <= now);
        self.events = later;
        due.into_iter().map(|e| e.body).collect()
    }
}

fn stored_card(mood: Mood, attempt: AttemptId) -> SavedMethod {
    SavedMethod {
        reference: format!("simcard_{}_{}", mood.card(), attempt.uuid().simple()),
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
        expires: Some((2034, 12)),
        network_transaction: Some(format!("simnet_{}", attempt.uuid().simple())),
    }
}
