//! The simulated gateway with everybody around it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use adapters::payment::{
    signature,
    simulated::{self, SIGNATURE_HEADER, Simulated, SimulatedSettings},
};
use async_trait::async_trait;
use domain::{id::AttemptId, time::Timestamp};
use http::HeaderMap;
use ports::payment::{Opened, PaymentGateway, PlayGateway};

use super::payment::{Card, Fault, PaymentBench, RawEvent};

const SECRET: &str = "whsec_simulated";

/// A fresh simulated gateway; the test's own clock moves only by [`SimulatedBench::advance`].
pub struct SimulatedBench {
    gateway: Simulated,
    clock: Arc<AtomicI64>,
    events: Mutex<Vec<RawEvent>>,
}

impl SimulatedBench {
    pub fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(1_790_000_000_000_000));
        let hand = clock.clone();
        let settings = SimulatedSettings {
            page_base: "http://127.0.0.1/demo/gateway".into(),
            webhook_secret: SECRET.into(),
            file: None,
            clock: Arc::new(move || Timestamp::from_micros(hand.load(Ordering::SeqCst))),
        };
        Self { gateway: Simulated::new(settings), clock, events: Mutex::default() }
    }
    /// Moves the clock on.
    pub fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
    fn attempt(opened: &Opened) -> AttemptId {
        let digits = opened.reference.strip_prefix("sim_").expect("a reference of this gateway");
        format!("pay_{digits}").parse().expect("the reference holds the attempt")
    }
    fn choose(&self, opened: &Opened, choice: &str) {
        self.gateway.choose(Self::attempt(opened), choice).expect("the choice is open");
    }
    /// The gateway itself, for choices that only it has.
    pub fn simulated(&self) -> &Simulated {
        &self.gateway
    }
}
impl Default for SimulatedBench {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl PaymentBench for SimulatedBench {
    fn gateway(&self) -> &dyn PaymentGateway {
        &self.gateway
    }
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.clock.load(Ordering::SeqCst))
    }
    async fn pay(&self, opened: &Opened, card: Card) {
        let choice = match card {
            Card::Good => "approve",
            Card::Declined => "decline",
            Card::Challenged => "challenge",
            Card::LaterDeclined => "approve_then_decline",
            Card::LaterChallenged => "approve_then_challenge",
        };
        self.choose(opened, choice);
    }
    async fn authenticate(&self, opened: &Opened, accept: bool) {
        self.choose(opened, if accept { "authenticate" } else { "fail_authentication" });
    }
    async fn arm(&self, fault: Fault) {
        self.gateway.fail_next(match fault {
            Fault::LostAnswer => simulated::Fault::LostAnswer,
            Fault::Unavailable => simulated::Fault::Unavailable,
        });
    }
    async fn event_for(&self, attempt: AttemptId) -> RawEvent {
        let all = {
            let mut events = self.events.lock().expect("no test panics while it holds this");
            events.extend(self.gateway.drain().into_iter().map(|p| RawEvent { headers: p.headers(), body: p.body }));
            events.clone()
        };
        for (at, event) in all.iter().enumerate() {
            let read = self.gateway.events().verify(&event.headers, &event.body, self.now()).await;
            if read.is_ok_and(|e| e.attempt == Some(attempt)) {
                return self.events.lock().expect("as above").remove(at);
            }
        }
        panic!("no event about {attempt} was posted");
    }
    async fn pay_out_of_order(&self, attempt: AttemptId, opened: &Opened) -> Vec<RawEvent> {
        self.choose(opened, "reorder");
        vec![self.event_for(attempt).await, self.event_for(attempt).await]
    }
    fn sign(&self, body: &[u8], at: Timestamp) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(SIGNATURE_HEADER, signature::sign(SECRET, body, at).parse().expect("ASCII"));
        headers
    }
    async fn charges(&self) -> usize {
        self.gateway.moved().0
    }
}
