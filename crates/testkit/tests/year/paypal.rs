//! A gateway beside that of the cards, of the other kind: what its payer approves is taken only when we ask for it
//! while we still want it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use adapters::payment::simulated::{Posted, Simulated, SimulatedSettings};
use async_trait::async_trait;
use domain::{id::AttemptId, money::Money};
use ports::{
    PortError,
    payment::{
        AttemptKind, ChargeSaved, EventVerifier, GatewayInfo, OpenPayment, OpenSetup, Opened, PaymentGateway,
        PlayGateway, Question, Refund, Truth, TruthState,
    },
};

pub const NAME: &str = "paypal";

pub struct Paypal {
    book: Simulated,
    /// Approved by their payers, and not taken yet.
    approved: Mutex<BTreeMap<AttemptId, &'static str>>,
}

impl Paypal {
    pub fn new(settings: SimulatedSettings) -> Self {
        Self { book: Simulated::new(settings), approved: Mutex::default() }
    }
    /// Another one that remembers the same.
    pub fn twin(&self, settings: SimulatedSettings) -> Self {
        Self { book: self.book.twin(settings), approved: Mutex::new(self.waiting().clone()) }
    }
    fn waiting(&self) -> MutexGuard<'_, BTreeMap<AttemptId, &'static str>> {
        self.approved.lock().expect("nobody panics with it")
    }
    /// What the payer does on the page; false when it is not open.
    pub fn choose(&self, attempt: AttemptId, mood: &'static str) -> bool {
        let Some(page) = self.book.page(attempt) else { return false };
        if !page.choices.contains(&mood) {
            return false;
        }
        // A method is kept at once.
        if page.amount > Money::ZERO && !mood.starts_with("decline") {
            self.waiting().insert(attempt, mood);
            return true;
        }
        self.book.choose(attempt, mood).is_ok()
    }
    pub fn drain(&self) -> Vec<Posted> {
        self.book.drain()
    }
    pub fn moved(&self) -> (usize, usize) {
        self.book.moved()
    }
    pub fn state(&self, attempt: AttemptId) -> Option<TruthState> {
        self.book.page(attempt).map(|p| p.state)
    }
}

#[async_trait]
impl PaymentGateway for Paypal {
    fn describe(&self) -> GatewayInfo {
        GatewayInfo { name: NAME, takes_when_told: true, ..self.book.describe() }
    }
    async fn open(&self, p: &OpenPayment) -> Result<Opened, PortError> {
        self.book.open(p).await
    }
    async fn save_method(&self, s: &OpenSetup) -> Result<Opened, PortError> {
        self.book.save_method(s).await
    }
    async fn charge_saved(&self, c: &ChargeSaved) -> Result<Truth, PortError> {
        self.book.charge_saved(c).await
    }
    async fn refund(&self, r: &Refund) -> Result<Truth, PortError> {
        self.book.refund(r).await
    }
    async fn look_up(&self, q: &Question) -> Result<Truth, PortError> {
        if q.kind == AttemptKind::Payment
            && q.wanted
            && let Some(mood) = self.waiting().remove(&q.attempt)
        {
            // One that was closed meanwhile takes nothing.
            let _ = self.book.choose(q.attempt, mood);
        }
        self.book.look_up(q).await
    }
    async fn close(&self, q: &Question) -> Result<Truth, PortError> {
        self.waiting().remove(&q.attempt);
        self.book.close(q).await
    }
    async fn forget(&self, method: &str) -> Result<(), PortError> {
        self.book.forget(method).await
    }
    fn events(&self) -> &dyn EventVerifier {
        self.book.events()
    }
}
