//! A PayPal in the process of the test, written from the documented API: Orders v2, Payments v2, payment tokens v3,
//! the list of transactions, signed events. It does what a test tells it to: decline, ask for the payer again, lose
//! answers, refuse calls, tell other amounts.

mod book;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
};

use adapters::payment::paypal::{Paypal as Adapter, PaypalSettings};
use async_trait::async_trait;
use axum::{
    Json, Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{id::AttemptId, time::Timestamp};
use http::{HeaderMap, Method};
use http_body_util::BodyExt;
use ports::payment::{Opened, PaymentGateway};
use ring::{rand::SystemRandom, signature::RSA_PKCS1_SHA256, signature::RsaKeyPair};
use serde_json::{Value, json};

pub use self::book::Mood;
use self::book::{Answer, Book, missing};
use crate::conformance::payment::{Card, Fault, PaymentBench, RawEvent};

const CLIENT: &str = "client-of-the-tests";
const SECRET: &str = "secret-of-the-tests";
const WEBHOOK: &str = "8PT597110X687430L";
/// Signs the events of the fake; of no use anywhere else.
const KEY: &str = include_str!("key.pem");
const CERTIFICATE: &str = include_str!("certificate.pem");

/// The fake.
pub struct Paypal {
    base: String,
    book: Mutex<Book>,
    faults: Mutex<Vec<Fault>>,
    /// Tokens handed out; only the newest is good.
    tokens: AtomicUsize,
    certificates: AtomicUsize,
    key: RsaKeyPair,
}

impl Paypal {
    /// Opens on a free port.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn open() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port has an address");
        let der: String = KEY.lines().filter(|l| !l.starts_with("-----")).collect();
        let der = STANDARD.decode(der).expect("the key is PEM");
        let paypal = Arc::new(Self {
            base: format!("http://{address}"),
            book: Mutex::default(),
            faults: Mutex::default(),
            tokens: AtomicUsize::new(0),
            certificates: AtomicUsize::new(0),
            key: RsaKeyPair::from_pkcs8(&der).expect("an RSA key"),
        });
        let router = Router::new().fallback(answer).with_state(paypal.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        paypal
    }

    /// What the adapter needs to talk to it.
    pub fn settings(&self) -> PaypalSettings {
        PaypalSettings {
            api_base: self.base.clone(),
            client_id: CLIENT.into(),
            secret: SECRET.into(),
            webhook_id: WEBHOOK.into(),
            certificates: format!("{}/v1/notifications/certs", self.base),
            pages: "https://paypal.test".into(),
            brand: "Ceralacca".into(),
            timeout_ms: 10_000,
            tolerance_s: 300,
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("nobody panics with the book")
    }
    /// The payer approves an order or a set-up; stored accounts behave as `later`.
    pub fn approve(&self, reference: &str, now: Mood, later: Mood) {
        self.book().approve(reference, now, later);
    }
    /// Makes the next call that moves something go wrong.
    pub fn fail_next(&self, fault: Fault) {
        self.faults.lock().expect("nobody panics with the faults").push(fault);
    }
    /// The next capture is told with another amount.
    pub fn tell_amount(&self, value: &str, currency: &str) {
        self.book().odd_amount = Some(json!({ "value": value, "currency_code": currency }));
    }
    /// Later: the list of transactions is complete, and keys are forgotten.
    pub fn hours_pass(&self) {
        let mut book = self.book();
        book.list();
        book.forget_keys();
    }
    /// Tokens handed out so far are not taken any more.
    pub fn revoke_tokens(&self) {
        self.tokens.fetch_add(1, Ordering::SeqCst);
    }
    /// How many times money was taken.
    pub fn charges(&self) -> usize {
        self.book().charges()
    }
    /// Accounts stored for a customer.
    pub fn stored(&self, customer: &str) -> usize {
        self.book().stored(customer)
    }
    /// How often the certificate was fetched.
    pub fn certificates(&self) -> usize {
        self.certificates.load(Ordering::SeqCst)
    }
    /// The events told since the last time, oldest first, signed at this moment.
    pub fn events(&self, at: Timestamp) -> Vec<RawEvent> {
        let told = std::mem::take(&mut self.book().told);
        told.into_iter().map(|event| self.event(&event, at)).collect()
    }
    fn event(&self, event: &Value, at: Timestamp) -> RawEvent {
        let body = event.to_string().into_bytes();
        RawEvent { headers: self.sign(&body, at), body }
    }
    /// The headers of an event with this body.
    pub fn sign(&self, body: &[u8], at: Timestamp) -> HeaderMap {
        let (id, time) = ("b3c4d5e6-0000-11f0-9e2b-5f1d2c3b4a59", at.rfc3339());
        let signed = format!("{id}|{time}|{WEBHOOK}|{}", crc32fast::hash(body));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("it signs");
        let url = format!("{}/v1/notifications/certs/CERT-1", self.base);
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("paypal-transmission-id", id),
            ("paypal-transmission-time", &time),
            ("paypal-transmission-sig", &STANDARD.encode(signature)),
            ("paypal-auth-algo", "SHA256withRSA"),
            ("paypal-cert-url", &url),
        ] {
            headers.insert(name, value.parse().expect("ASCII"));
        }
        headers
    }

    fn hand_out_token(&self, headers: &HeaderMap) -> Response {
        let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}")));
        if headers.get("authorization").and_then(|h| h.to_str().ok()) != Some(basic.as_str()) {
            return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" }))).into_response();
        }
        let n = self.tokens.fetch_add(1, Ordering::SeqCst) + 1;
        Json(json!({ "access_token": format!("A{n}"), "token_type": "Bearer", "expires_in": 32_400 })).into_response()
    }
    fn knows(&self, headers: &HeaderMap) -> bool {
        let good = format!("Bearer A{}", self.tokens.load(Ordering::SeqCst));
        headers.get("authorization").and_then(|h| h.to_str().ok()) == Some(good.as_str())
    }

    fn post(&self, path: &[&str], body: &Value, key: &str) -> Answer {
        // An order without a payer moves nothing yet.
        let moves = path.last() != Some(&"orders") || body["payment_source"].is_object();
        let fault = if moves { self.faults.lock().expect("nobody panics with the faults").pop() } else { None };
        if fault == Some(Fault::Unavailable) {
            return (StatusCode::TOO_MANY_REQUESTS, json!({ "name": "RATE_LIMIT_REACHED" }));
        }
        let done = self.book().post(path, body, key);
        if fault == Some(Fault::LostAnswer) {
            return (StatusCode::INTERNAL_SERVER_ERROR, json!({ "name": "INTERNAL_SERVER_ERROR" }));
        }
        done
    }
}

async fn answer(State(paypal): State<Arc<Paypal>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return StatusCode::BAD_REQUEST.into_response() };
    let path: Vec<&str> = parts.uri.path().split('/').filter(|p| !p.is_empty()).collect();
    match path.as_slice() {
        ["v1", "oauth2", "token"] => return paypal.hand_out_token(&parts.headers),
        ["v1", "notifications", "certs", "CERT-1"] => {
            paypal.certificates.fetch_add(1, Ordering::SeqCst);
            return CERTIFICATE.into_response();
        }
        _ if !paypal.knows(&parts.headers) => {
            return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_token" }))).into_response();
        }
        _ => {}
    }
    let (status, value) = match parts.method {
        Method::GET => {
            let query = parts.uri.query().unwrap_or_default().as_bytes();
            let query: HashMap<String, String> = form_urlencoded::parse(query).into_owned().collect();
            paypal.book().get(&path, &query)
        }
        Method::DELETE => paypal.book().delete(&path),
        Method::POST => {
            let key = parts.headers.get("paypal-request-id").and_then(|k| k.to_str().ok()).unwrap_or_default();
            let body: Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
            paypal.post(&path, &body, key)
        }
        _ => missing(),
    };
    if value.is_null() { status.into_response() } else { (status, Json(value)).into_response() }
}

/// PayPal's adapter in front of the fake.
pub struct PaypalBench {
    gateway: Adapter,
    peer: Arc<Paypal>,
    events: Mutex<Vec<RawEvent>>,
}

impl PaypalBench {
    pub async fn start() -> Self {
        let peer = Paypal::open().await;
        Self { gateway: Adapter::new(peer.settings()).expect("an HTTP client"), peer, events: Mutex::default() }
    }
    /// The fake behind it.
    pub fn peer(&self) -> &Paypal {
        &self.peer
    }
}

#[async_trait]
impl PaymentBench for PaypalBench {
    fn gateway(&self) -> &dyn PaymentGateway {
        &self.gateway
    }
    fn now(&self) -> Timestamp {
        // Whole seconds, as the header of an event tells them.
        Timestamp::from_micros(1_790_000_000_000_000)
    }
    async fn pay(&self, opened: &Opened, card: Card) {
        let (now, later) = match card {
            Card::Good => (Mood::Good, Mood::Good),
            Card::Declined => (Mood::Declined, Mood::Declined),
            Card::Challenged => (Mood::ActionRequired, Mood::Good),
            Card::LaterDeclined => (Mood::Good, Mood::Declined),
            Card::LaterChallenged => (Mood::Good, Mood::ActionRequired),
        };
        self.peer.approve(&opened.reference, now, later);
    }
    async fn authenticate(&self, opened: &Opened, accept: bool) {
        let now = if accept { Mood::Good } else { Mood::Declined };
        self.peer.approve(&opened.reference, now, Mood::Good);
    }
    /// PayPal tells no more than that the means of payment was refused.
    fn failed_challenge(&self) -> &'static str {
        "card_declined"
    }
    async fn arm(&self, fault: Fault) {
        self.peer.fail_next(fault);
    }
    async fn event_for(&self, attempt: AttemptId) -> RawEvent {
        let fresh = self.peer.events(self.now());
        let all = {
            let mut events = self.events.lock().expect("no test panics while it holds this");
            events.extend(fresh);
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
        self.pay(opened, Card::Good).await;
        let approved = self.event_for(attempt).await;
        let question = crate::conformance::payment::about(attempt);
        let question = ports::payment::Question { reference: Some(opened.reference.clone()), ..question };
        self.gateway.look_up(&question).await.expect("the fake answers");
        vec![self.event_for(attempt).await, approved]
    }
    fn sign(&self, body: &[u8], at: Timestamp) -> HeaderMap {
        self.peer.sign(body, at)
    }
    async fn charges(&self) -> usize {
        self.peer.charges()
    }
}
