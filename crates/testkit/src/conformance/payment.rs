//! What every payment gateway must do. A gateway joins by implementing [`PaymentBench`], the
//! side that the customer, the bank and the network play, and by running
//! [`payment_conformance!`](crate::payment_conformance) in a test file.

use async_trait::async_trait;
use domain::{
    id::{AttemptId, PartyId},
    money::Money,
    time::Timestamp,
};
use http::HeaderMap;
use ports::{
    PortError,
    payment::{
        AttemptKind, ChargeSaved, DECLINES, EventRefusal, OpenPayment, OpenSetup, Opened, Payer, PaymentGateway,
        Question, Refund, SavedMethod, Truth, TruthState,
    },
};
use uuid::Uuid;

/// A card in the customer's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    Good,
    Declined,
    /// The bank asks for the customer's authentication.
    Challenged,
    /// Can be stored; later charges are declined.
    LaterDeclined,
    /// Can be stored; at later charges the bank wants the customer.
    LaterChallenged,
}

/// What goes wrong with the next call that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Carried out, answer lost.
    LostAnswer,
    /// Not carried out, and known not to be.
    Unavailable,
}

/// An event as it came in.
#[derive(Clone, Debug)]
pub struct RawEvent {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// A gateway with everybody around it.
#[async_trait]
pub trait PaymentBench: Send + Sync {
    fn gateway(&self) -> &dyn PaymentGateway;
    fn now(&self) -> Timestamp;
    /// The customer pays, or stores, with this card.
    async fn pay(&self, opened: &Opened, card: Card);
    /// The customer answers the challenge.
    async fn authenticate(&self, opened: &Opened, accept: bool);
    /// What a failed challenge is called there; not every gateway tells it from a decline.
    fn failed_challenge(&self) -> &'static str {
        "authentication_failed"
    }
    /// Whether the gateway has forgotten a method, where that is seen by asking; what stands in for it may charge the
    /// method all the same.
    async fn forgot(&self, _method: &str) -> Option<bool> {
        None
    }
    /// Makes the next changing call go wrong (the one that opens, charges or refunds).
    async fn arm(&self, fault: Fault);
    /// The next event posted that is about this attempt.
    async fn event_for(&self, attempt: AttemptId) -> RawEvent;
    /// Pays, and returns the events in an order in which success is not the last.
    async fn pay_out_of_order(&self, attempt: AttemptId, opened: &Opened) -> Vec<RawEvent>;
    /// Signs a body as the gateway would at this moment.
    fn sign(&self, body: &[u8], at: Timestamp) -> HeaderMap;
    /// How many times money was taken.
    async fn charges(&self) -> usize;
}

/// 12.08 euro: the price of the smallest plan.
const PRICE: Money = Money::cents(1208);

fn attempt(n: u128) -> AttemptId {
    AttemptId::from_uuid(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + n))
}
fn payer() -> Payer {
    Payer {
        party: PartyId::from_uuid(Uuid::from_u128(1)),
        customer: None,
        email: "anna.verdi@example.com".into(),
        name: "Anna Verdi".into(),
    }
}
fn payment(n: u128, amount: Money) -> OpenPayment {
    OpenPayment {
        attempt: attempt(n),
        amount,
        description: "Ordine 2026-000001".into(),
        payer: payer(),
        save_method: true,
        return_url: "http://127.0.0.1/return".into(),
        language: "it".into(),
    }
}
fn question(n: u128, kind: AttemptKind, opened: Option<&Opened>) -> Question {
    Question {
        attempt: attempt(n),
        kind,
        reference: opened.map(|o| o.reference.clone()),
        customer: opened.and_then(|o| o.customer.clone()),
        of_reference: None,
        amount: PRICE,
        wanted: true,
    }
}
/// Opens an ordinary payment, for tests of one gateway beyond the suite.
pub async fn open_price(b: &dyn PaymentBench) -> AttemptId {
    open(b, 1).await;
    attempt(1)
}
/// The question about an attempt of which nothing else is known.
pub fn about(attempt: AttemptId) -> Question {
    let kind = AttemptKind::Payment;
    Question { attempt, kind, reference: None, customer: None, of_reference: None, amount: PRICE, wanted: true }
}
async fn state(b: &dyn PaymentBench, n: u128, opened: &Opened) -> TruthState {
    let asked = b.gateway().look_up(&question(n, AttemptKind::Payment, Some(opened))).await;
    asked.expect("the gateway answers").state
}
async fn open(b: &dyn PaymentBench, n: u128) -> Opened {
    b.gateway().open(&payment(n, PRICE)).await.expect("the gateway opens a payment")
}
/// Stores a card without paying; returns the gateway's customer and the method.
async fn stored(b: &dyn PaymentBench, n: u128, card: Card) -> (String, SavedMethod) {
    let setup = OpenSetup {
        attempt: attempt(n),
        payer: payer(),
        return_url: "http://127.0.0.1/return".into(),
        language: "it".into(),
    };
    let opened = b.gateway().save_method(&setup).await.expect("the gateway opens a set-up");
    b.pay(&opened, card).await;
    let truth = b.gateway().look_up(&question(n, AttemptKind::Setup, Some(&opened))).await.expect("it answers");
    assert_eq!(truth.state, TruthState::Succeeded { amount: Money::ZERO }, "a stored card costs nothing");
    (truth.customer.expect("a stored method has a customer"), truth.method.expect("the method was kept"))
}
fn charge(n: u128, customer: &str, method: &SavedMethod) -> ChargeSaved {
    ChargeSaved {
        attempt: attempt(n),
        amount: PRICE,
        description: "Rinnovo".into(),
        customer: customer.into(),
        method: method.reference.clone(),
    }
}
fn paid() -> TruthState {
    TruthState::Succeeded { amount: PRICE }
}
fn failed_with(truth: &TruthState) -> &str {
    let TruthState::Failed { code, .. } = truth else { panic!("failed was expected, not {truth:?}") };
    assert!(DECLINES.contains(&code.as_str()), "pages have no words for {code}");
    code
}

pub async fn success(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    assert_eq!(state(b, 1, &opened).await, TruthState::AwaitingPayer);
    assert_eq!(b.charges().await, 0);
    assert_eq!(open(b, 1).await, opened, "opening again is the same page");
    b.pay(&opened, Card::Good).await;
    let truth = b.gateway().look_up(&question(1, AttemptKind::Payment, Some(&opened))).await.expect("it answers");
    assert_eq!(truth.state, paid());
    let method = truth.method.expect("the card was kept for later");
    assert!(!method.last4.is_empty(), "the customer can tell it from others");
    assert_eq!(method.expires.is_some(), method.brand != "paypal", "cards end, accounts do not");
    assert!(opened.customer.is_none() || truth.customer == opened.customer);
    assert!(truth.customer.is_some(), "later charges need it");
    let event = b.event_for(attempt(1)).await;
    let read = b.gateway().events().verify(&event.headers, &event.body, b.now()).await.expect("a real signature");
    assert_eq!(read.attempt, Some(attempt(1)));
    assert_eq!(b.charges().await, 1);
}

pub async fn decline(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    b.pay(&opened, Card::Declined).await;
    failed_with(&state(b, 1, &opened).await);
    assert_eq!(b.charges().await, 0);
    let event = b.event_for(attempt(1)).await;
    assert!(b.gateway().events().verify(&event.headers, &event.body, b.now()).await.is_ok());
}

pub async fn challenge_passed(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    b.pay(&opened, Card::Challenged).await;
    assert_eq!(state(b, 1, &opened).await, TruthState::Challenge);
    assert_eq!(b.charges().await, 0, "not before the customer has authenticated");
    b.authenticate(&opened, true).await;
    assert_eq!(state(b, 1, &opened).await, paid());
    assert_eq!(b.charges().await, 1);
}

pub async fn challenge_failed(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    b.pay(&opened, Card::Challenged).await;
    b.authenticate(&opened, false).await;
    assert_eq!(failed_with(&state(b, 1, &opened).await), b.failed_challenge());
    assert_eq!(b.charges().await, 0);
}

pub async fn open_lost_then_repeated(b: &dyn PaymentBench) {
    b.arm(Fault::LostAnswer).await;
    let lost = b.gateway().open(&payment(1, PRICE)).await;
    assert!(matches!(lost, Err(PortError::OutcomeUnknown(_))), "{lost:?}");
    let opened = open(b, 1).await;
    let by_search = Question { reference: None, ..question(1, AttemptKind::Payment, Some(&opened)) };
    let found = b.gateway().look_up(&by_search).await.expect("it answers");
    if b.gateway().describe().takes_when_told {
        assert_eq!(found.state, TruthState::Absent, "nobody was sent there, so nothing can be taken");
    } else {
        assert_eq!(found.reference.as_deref(), Some(opened.reference.as_str()), "one payment, found without its name");
    }
    b.pay(&opened, Card::Good).await;
    assert_eq!((state(b, 1, &opened).await, b.charges().await), (paid(), 1));
}

pub async fn wrong_amount(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    let other = b.gateway().open(&payment(1, Money::cents(1))).await;
    assert!(other.is_err(), "one attempt has one amount: {other:?}");
    b.pay(&opened, Card::Good).await;
    assert_eq!(state(b, 1, &opened).await, paid(), "the amount told is the one taken");
}

pub async fn off_session(b: &dyn PaymentBench) {
    let (customer, method) = stored(b, 1, Card::Good).await;
    assert_eq!(b.charges().await, 0);
    let first = b.gateway().charge_saved(&charge(2, &customer, &method)).await.expect("it charges");
    assert_eq!(first.state, paid());
    let again = b.gateway().charge_saved(&charge(2, &customer, &method)).await.expect("it answers again");
    assert_eq!((again.state, again.reference), (paid(), first.reference));
    assert_eq!(b.charges().await, 1, "the same attempt charges once");
}

pub async fn off_session_after_a_payment(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    b.pay(&opened, Card::Good).await;
    let truth = b.gateway().look_up(&question(1, AttemptKind::Payment, Some(&opened))).await.expect("it answers");
    let (customer, method) = (truth.customer.expect("known"), truth.method.expect("kept"));
    let charged = b.gateway().charge_saved(&charge(2, &customer, &method)).await.expect("it charges");
    assert_eq!((charged.state, b.charges().await), (paid(), 2));
}

pub async fn off_session_refused(b: &dyn PaymentBench) {
    let (customer, poor) = stored(b, 1, Card::LaterDeclined).await;
    let truth = b.gateway().charge_saved(&charge(2, &customer, &poor)).await.expect("a decline is an answer");
    failed_with(&truth.state);
    let (customer, strict) = stored(b, 3, Card::LaterChallenged).await;
    let truth = b.gateway().charge_saved(&charge(4, &customer, &strict)).await.expect("a decline is an answer");
    assert_eq!(failed_with(&truth.state), "authentication_required");
    assert_eq!(b.charges().await, 0);
    let nobody = SavedMethod { reference: "pm_nobody".into(), ..strict };
    let truth = b.gateway().charge_saved(&charge(5, &customer, &nobody)).await;
    assert!(matches!(truth, Err(PortError::Refused(_))), "{truth:?}");
}

pub async fn timeout_after_charging(b: &dyn PaymentBench) {
    let (customer, method) = stored(b, 1, Card::Good).await;
    b.arm(Fault::LostAnswer).await;
    let lost = b.gateway().charge_saved(&charge(2, &customer, &method)).await;
    assert!(matches!(lost, Err(PortError::OutcomeUnknown(_))), "{lost:?}");
    assert_eq!(b.charges().await, 1, "the bank did charge");
    let q = Question { customer: Some(customer.clone()), ..question(2, AttemptKind::Charge, None) };
    let found = b.gateway().look_up(&q).await.expect("it answers");
    assert_eq!(found.state, paid(), "found by asking, without its name");
    let again = b.gateway().charge_saved(&charge(2, &customer, &method)).await.expect("repeating is harmless");
    assert_eq!((again.state, again.reference), (paid(), found.reference));
    assert_eq!(b.charges().await, 1);
}

pub async fn call_that_never_arrives(b: &dyn PaymentBench) {
    let (customer, method) = stored(b, 1, Card::Good).await;
    b.arm(Fault::Unavailable).await;
    let lost = b.gateway().charge_saved(&charge(2, &customer, &method)).await;
    assert!(matches!(lost, Err(PortError::Unavailable(_))), "{lost:?}");
    let q = Question { customer: Some(customer.clone()), ..question(2, AttemptKind::Charge, None) };
    assert_eq!(b.gateway().look_up(&q).await.expect("it answers").state, TruthState::Absent);
    let again = b.gateway().charge_saved(&charge(2, &customer, &method)).await.expect("it charges");
    assert_eq!((again.state, b.charges().await), (paid(), 1));
}

pub async fn event_twice(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    b.pay(&opened, Card::Good).await;
    let event = b.event_for(attempt(1)).await;
    let verify = || b.gateway().events().verify(&event.headers, &event.body, b.now());
    let (first, second) = (verify().await, verify().await);
    assert!(first.is_ok());
    assert_eq!(first, second, "told twice, it has one identifier");
}

pub async fn events_out_of_order(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    let events = b.pay_out_of_order(attempt(1), &opened).await;
    assert!(events.len() > 1);
    let mut ids = Vec::new();
    for event in &events {
        let read = b.gateway().events().verify(&event.headers, &event.body, b.now()).await.expect("a real signature");
        ids.push(read.id);
        // Whatever an event says, the answer to a question is the newest truth.
        assert_eq!(state(b, 1, &opened).await, paid());
    }
    ids.dedup();
    assert_eq!(ids.len(), events.len(), "different events have different identifiers");
    assert_eq!(b.charges().await, 1);
}

pub async fn event_lost(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    b.pay(&opened, Card::Good).await;
    // Nobody reads the event.
    assert_eq!(state(b, 1, &opened).await, paid());
}

pub async fn refunds(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    let refund =
        |n, cents| Refund { attempt: attempt(n), of_reference: opened.reference.clone(), amount: Money::cents(cents) };
    let early = b.gateway().refund(&refund(2, 100)).await;
    assert!(matches!(early, Err(PortError::Refused(_))), "nothing was paid yet: {early:?}");
    b.pay(&opened, Card::Good).await;
    assert_eq!(state(b, 1, &opened).await, paid());
    let part = b.gateway().refund(&refund(3, 1000)).await.expect("it gives back");
    assert_eq!(part.state, TruthState::Succeeded { amount: Money::cents(1000) });
    let same = b.gateway().refund(&refund(3, 1000)).await.expect("it answers again");
    assert_eq!(same.reference, part.reference, "the same attempt gives back once");
    let over = b.gateway().refund(&refund(4, 209)).await;
    assert!(matches!(&over, Err(PortError::Refused(r)) if r.code == "over_refund"), "{over:?}");
    let rest = b.gateway().refund(&refund(5, 208)).await.expect("it gives back the rest");
    assert_eq!(rest.state, TruthState::Succeeded { amount: Money::cents(208) });
}

pub async fn refund_lost_then_found(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    b.pay(&opened, Card::Good).await;
    assert_eq!(state(b, 1, &opened).await, paid());
    let refund = Refund { attempt: attempt(2), of_reference: opened.reference.clone(), amount: PRICE };
    let q = Question { of_reference: Some(opened.reference.clone()), ..question(2, AttemptKind::Refund, None) };
    assert_eq!(b.gateway().look_up(&q).await.expect("it answers").state, TruthState::Absent);
    b.arm(Fault::LostAnswer).await;
    let lost = b.gateway().refund(&refund).await;
    assert!(matches!(lost, Err(PortError::OutcomeUnknown(_))), "{lost:?}");
    let found = b.gateway().look_up(&q).await.expect("it answers");
    assert_eq!(found.state, paid());
    let named = Question { reference: found.reference.clone(), ..q };
    assert_eq!(b.gateway().look_up(&named).await.expect("it answers"), found);
}

pub async fn closing(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    let close = |n, opened: &Opened| question(n, AttemptKind::Payment, Some(opened));
    let closed: Truth = b.gateway().close(&close(1, &opened)).await.expect("it closes");
    assert_eq!(closed.state, TruthState::Closed);
    assert_eq!(b.gateway().close(&close(1, &opened)).await.expect("it closes").state, TruthState::Closed);
    let second = open(b, 2).await;
    b.pay(&second, Card::Good).await;
    assert_eq!(state(b, 2, &second).await, paid());
    let late = b.gateway().close(&close(2, &second)).await.expect("it answers");
    assert_eq!(late.state, paid(), "who closes too late is told so");
}

pub async fn forgotten(b: &dyn PaymentBench) {
    let (customer, method) = stored(b, 1, Card::Good).await;
    b.gateway().forget(&method.reference).await.expect("it forgets");
    b.gateway().forget(&method.reference).await.expect("forgetting again is harmless");
    if let Some(forgot) = b.forgot(&method.reference).await {
        return assert!(forgot, "it belongs to nobody any more");
    }
    let charge = b.gateway().charge_saved(&charge(2, &customer, &method)).await;
    assert!(!matches!(&charge, Ok(truth) if truth.state == paid()), "{charge:?}");
    assert_eq!(b.charges().await, 0);
}

pub async fn nothing_known(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    let other = Question { attempt: attempt(9), reference: None, ..question(1, AttemptKind::Payment, Some(&opened)) };
    assert_eq!(b.gateway().look_up(&other).await.expect("it answers").state, TruthState::Absent);
}

pub async fn forged_and_replayed(b: &dyn PaymentBench) {
    let opened = open(b, 1).await;
    b.pay(&opened, Card::Good).await;
    let RawEvent { headers, body } = b.event_for(attempt(1)).await;
    let events = b.gateway().events();
    let now = b.now();
    assert!(events.verify(&headers, &body, now).await.is_ok());
    let late = events.verify(&headers, &body, now.plus_minutes(10)).await;
    assert_eq!(late, Err(EventRefusal::Stale), "recorded and played again");
    let mut changed = body.clone();
    changed.push(b' ');
    assert_eq!(events.verify(&headers, &changed, now).await, Err(EventRefusal::Forged));
    assert_eq!(events.verify(&HeaderMap::new(), &body, now).await, Err(EventRefusal::Forged));
    assert!(events.verify(&b.sign(&body, now), &body, now).await.is_ok());
    let future = b.sign(&body, now.plus_minutes(10));
    assert_eq!(events.verify(&future, &body, now).await, Err(EventRefusal::Stale));
    let nonsense = b"\x00\xff not JSON";
    assert_eq!(events.verify(&b.sign(nonsense, now), nonsense, now).await, Err(EventRefusal::Malformed));
}

/// The suite as tests of the calling file: `payment_conformance!(expression making a bench)`.
#[macro_export]
macro_rules! payment_conformance {
    ($bench:expr) => {
        $crate::payment_conformance!(@ $bench;
            success, decline, challenge_passed, challenge_failed, open_lost_then_repeated, wrong_amount,
            off_session, off_session_after_a_payment, off_session_refused, timeout_after_charging,
            call_that_never_arrives, event_twice, events_out_of_order, event_lost, refunds,
            refund_lost_then_found, closing, forgotten, nothing_known, forged_and_replayed);
    };
    (@ $bench:expr; $($case:ident),*) => {$(
        #[tokio::test]
        async fn $case() {
            let bench = $bench.await;
            $crate::conformance::payment::$case(&bench).await;
        }
    )*};
}
