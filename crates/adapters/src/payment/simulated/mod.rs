//! A gateway that only pretends: for the demonstration, where a person plays the bank on a page,
//! and for tests, where the test does. In memory, deterministic, optionally kept in a file.
//!
//! It can approve, decline, ask a challenge, delay, tell things twice or in the wrong order, tell
//! nothing, never answer, and lose the answer to a call that it has carried out. Production
//! refuses to start with it (`GatewayInfo::simulated`).

mod play;
mod state;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use domain::{money::Money, time::Timestamp};
use http::HeaderMap;
use ports::{
    PortError,
    payment::{
        AttemptKind, ChargeSaved, EventRefusal, EventVerifier, GatewayEvent, GatewayInfo, OpenPayment, OpenSetup,
        Opened, PayerStep, PaymentGateway, PlayGateway, Question, Refund, Truth, TruthState,
    },
};

pub use self::play::deliver;
use self::state::{Book, Item, Mood};
use super::signature;

/// Header of the signature on its events.
pub const SIGNATURE_HEADER: &str = "simulated-signature";

/// How the simulated gateway is set up.
#[derive(Clone)]
pub struct SimulatedSettings {
    /// Address before `/{attempt}` of the page where a person plays the bank.
    pub page_base: String,
    pub webhook_secret: String,
    /// Keeps what happened over a restart.
    pub file: Option<PathBuf>,
    /// The business clock: the demonstration moves it.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// What goes wrong with the next call that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call is carried out and its answer lost.
    LostAnswer,
    /// The call does not arrive.
    Unavailable,
}

/// An event as it is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub signature: String,
    pub body: Vec<u8>,
}
impl Posted {
    /// The headers that go with it.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let value = self.signature.parse().expect("a signature is ASCII");
        headers.insert(SIGNATURE_HEADER, value);
        headers
    }
}

/// The gateway.
pub struct Simulated {
    settings: SimulatedSettings,
    book: Mutex<Book>,
    faults: Mutex<Vec<Fault>>,
}

impl Simulated {
    /// Opens it, with what its file remembers; a file that cannot be read is started afresh.
    pub fn new(settings: SimulatedSettings) -> Self {
        let kept = settings.file.as_ref().and_then(|f| std::fs::read(f).ok());
        let book = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { settings, book: Mutex::new(book), faults: Mutex::default() }
    }

    /// Another gateway that remembers the same.
    pub fn twin(&self, settings: SimulatedSettings) -> Self {
        Self { settings, book: Mutex::new(self.book().clone()), faults: Mutex::default() }
    }

    /// Arms a fault for the next call that changes something.
    pub fn fail_next(&self, fault: Fault) {
        self.faults.lock().unwrap_or_else(|e| e.into_inner()).push(fault);
    }

    /// How many times money was taken, and given back.
    pub fn moved(&self) -> (usize, usize) {
        let book = self.book();
        let taken = book.items.iter().filter(|i| i.kind != AttemptKind::Refund && i.paid() && i.amount > Money::ZERO);
        (taken.count(), book.items.iter().filter(|i| i.kind == AttemptKind::Refund).count())
    }

    /// The events that are due, signed now; they are not told again.
    pub fn drain(&self) -> Vec<Posted> {
        let now = self.now();
        let due = self.change(|book| book.take_due(now));
        let sign = |body: String| Posted {
            signature: signature::sign(&self.settings.webhook_secret, body.as_bytes(), now),
            body: body.into_bytes(),
        };
        due.into_iter().map(sign).collect()
    }

    fn now(&self) -> Timestamp {
        (self.settings.clock)()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn change<T>(&self, what: impl FnOnce(&mut Book) -> T) -> T {
        let mut book = self.book();
        let result = what(&mut book);
        if let Some(file) = &self.settings.file {
            let text = serde_json::to_vec(&*book).expect("the book is plain data");
            let fresh = file.with_extension("new");
            let kept = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, file));
            if let Err(e) = kept {
                tracing::warn!(error = %e, "the simulated gateway could not keep its file");
            }
        }
        result
    }

    /// Carries a call out unless a fault stops it, or loses the answer.
    fn call<T>(&self, what: impl FnOnce(&mut Book) -> Result<T, PortError>) -> Result<T, PortError> {
        let fault = self.faults.lock().unwrap_or_else(|e| e.into_inner()).pop();
        if fault == Some(Fault::Unavailable) {
            return Err(PortError::unavailable("simulated: does not arrive"));
        }
        let answer = self.change(what);
        if fault == Some(Fault::LostAnswer) {
            return Err(PortError::outcome_unknown("simulated: the answer is lost"));
        }
        answer
    }

    fn open_page(&self, item: Item) -> Result<Opened, PortError> {
        let url = format!("{}/{}", self.settings.page_base.trim_end_matches('/'), item.attempt);
        self.call(|book| {
            let item = book.once(item)?;
            let opened = Opened {
                reference: item.reference.clone(),
                customer: item.customer.clone(),
                next: PayerStep::Redirect { url },
            };
            Ok(opened)
        })
    }
}

#[async_trait]
impl PaymentGateway for Simulated {
    fn describe(&self) -> GatewayInfo {
        GatewayInfo {
            name: "simulated",
            simulated: true,
            saves_methods: true,
            takes_when_told: false,
            page_lifetime_s: 24 * 3600,
            page_origins: Vec::new(),
        }
    }

    async fn open(&self, p: &OpenPayment) -> Result<Opened, PortError> {
        let mut item = Item::new(AttemptKind::Payment, p.attempt, p.amount);
        item.customer = Some(state::customer_of(&p.payer));
        item.description.clone_from(&p.description);
        item.return_url.clone_from(&p.return_url);
        item.save = p.save_method;
        self.open_page(item)
    }

    async fn save_method(&self, s: &OpenSetup) -> Result<Opened, PortError> {
        let mut item = Item::new(AttemptKind::Setup, s.attempt, Money::ZERO);
        item.customer = Some(state::customer_of(&s.payer));
        item.return_url.clone_from(&s.return_url);
        item.save = true;
        self.open_page(item)
    }

    async fn charge_saved(&self, c: &ChargeSaved) -> Result<Truth, PortError> {
        let now = self.now();
        let mut item = Item::new(AttemptKind::Charge, c.attempt, c.amount);
        item.customer = Some(c.customer.clone());
        item.description.clone_from(&c.description);
        self.call(|book| {
            let known = book.items.iter().any(|i| i.method.as_ref().is_some_and(|m| m.reference == c.method));
            if !known {
                return Err(PortError::refused("not_found", format!("no method {}", c.method)));
            }
            let fresh = book.find(c.attempt).is_none();
            let reference = book.once(item)?.reference.clone();
            if fresh {
                book.play(&reference, Mood::of_method(&c.method), now);
            }
            Ok(book.truth(&reference, now))
        })
    }

    async fn refund(&self, r: &Refund) -> Result<Truth, PortError> {
        let now = self.now();
        let mut item = Item::new(AttemptKind::Refund, r.attempt, r.amount);
        item.of_reference = Some(r.of_reference.clone());
        self.call(|book| {
            let fresh = book.find(r.attempt).is_none();
            if fresh {
                book.may_refund(&r.of_reference, r.amount)?;
            }
            let reference = book.once(item)?.reference.clone();
            if fresh {
                book.play(&reference, Mood::Approve, now);
            }
            Ok(book.truth(&reference, now))
        })
    }

    async fn look_up(&self, q: &Question) -> Result<Truth, PortError> {
        let now = self.now();
        let book = self.book();
        let found = match &q.reference {
            Some(reference) => Some(reference.clone()),
            None => book.find(q.attempt).map(|i| i.reference.clone()),
        };
        Ok(found.map_or_else(state::absent, |reference| book.truth(&reference, now)))
    }

    async fn close(&self, q: &Question) -> Result<Truth, PortError> {
        let now = self.now();
        self.call(|book| {
            let reference = match (&q.reference, book.find(q.attempt)) {
                (Some(reference), _) => reference.clone(),
                (None, Some(item)) => item.reference.clone(),
                (None, None) => return Ok(state::absent()),
            };
            let open = matches!(
                book.truth(&reference, now).state,
                TruthState::AwaitingPayer | TruthState::Challenge | TruthState::Failed { .. }
            );
            if open {
                book.play(&reference, Mood::Close, now);
            }
            Ok(book.truth(&reference, now))
        })
    }

    async fn forget(&self, method: &str) -> Result<(), PortError> {
        self.call(|book| {
            for item in &mut book.items {
                item.method = item.method.take().filter(|m| m.reference != method);
            }
            Ok(())
        })
    }

    fn events(&self) -> &dyn EventVerifier {
        self
    }

    fn play(&self) -> Option<&dyn PlayGateway> {
        Some(self)
    }
}

#[async_trait]
impl EventVerifier for Simulated {
    async fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<GatewayEvent, EventRefusal> {
        let header = headers.get(SIGNATURE_HEADER).and_then(|h| h.to_str().ok());
        signature::verify(std::slice::from_ref(&self.settings.webhook_secret), header, body, 300, now)?;
        let event: serde_json::Value = serde_json::from_slice(body).map_err(|_| EventRefusal::Malformed)?;
        let word = |key: &str| event[key].as_str().map(str::to_owned);
        let (Some(id), Some(kind)) = (word("id"), word("kind")) else { return Err(EventRefusal::Malformed) };
        let attempt = event["attempt"].as_str().and_then(|a| a.parse().ok());
        Ok(GatewayEvent { id, kind, attempt, reference: word("reference") })
    }
}
