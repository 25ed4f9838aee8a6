//! The Stripe emulator `localstripe`, started by `tests/peers/localstripe/start.sh`.
// tidy: allow(clock) the emulator signs with the clock of the machine

use std::{path::Path, process::Stdio, time::Duration};

use adapters::payment::{
    signature,
    stripe::{CardEntry, Stripe, StripeSettings},
};
use async_trait::async_trait;
use axum::{Router, body::Bytes, extract::State, routing::post};
use domain::{id::AttemptId, time::Timestamp};
use http::HeaderMap;
use ports::payment::{Opened, PaymentGateway};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::{Mutex, mpsc},
    time::timeout,
};

use crate::conformance::payment::{Card, Fault, PaymentBench, RawEvent};

const SECRET_KEY: &str = "sk_test_ceralacca";
const PUBLISHABLE_KEY: &str = "pk_test_ceralacca";
const WEBHOOK_SECRET: &str = "whsec_ceralacca";
/// The first start installs the emulator.
const START_LIMIT: Duration = Duration::from_secs(300);
/// The emulator posts its events after a second.
const EVENT_LIMIT: Duration = Duration::from_secs(20);

/// A running emulator; it ends with this value.
pub struct Localstripe {
    /// Kept for its standard input: when that closes, the emulator ends.
    _process: Child,
    base: String,
    http: reqwest::Client,
}

impl Localstripe {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When it cannot be installed or started: a test that needs it must fail then.
    pub async fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/localstripe/start.sh");
        let mut command = Command::new(script);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("the launcher of the Stripe emulator starts");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is a pipe")).lines();
        let line = timeout(START_LIMIT, lines.next_line()).await.expect("the emulator starts in time");
        let line = line.expect("its output is text").expect("the emulator says that it is ready");
        let port: u16 = line.strip_prefix("ready ").and_then(|p| p.parse().ok()).expect("it tells its port");
        Self { _process: process, base: format!("http://127.0.0.1:{port}"), http: reqwest::Client::new() }
    }

    /// The address to configure as `payment.stripe_url`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What the adapter needs to talk to it.
    pub fn settings(&self) -> StripeSettings {
        StripeSettings {
            api_base: self.base.clone(),
            secret_key: SECRET_KEY.into(),
            publishable_key: PUBLISHABLE_KEY.into(),
            webhook_secrets: vec!["whsec_older".into(), WEBHOOK_SECRET.into()],
            card_entry: CardEntry::CardFields { script_url: format!("{}/js.stripe.com/v3/", self.base) },
            timeout_ms: 10_000,
            tolerance_s: 300,
        }
    }

    /// Has events posted to this address.
    pub async fn post_events_to(&self, url: &str) {
        self.call("/_config/webhooks/tests", &[("url", url), ("secret", WEBHOOK_SECRET)]).await;
    }

    /// A signature header as the emulator makes it.
    pub fn sign(&self, body: &[u8], at: Timestamp) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("stripe-signature", signature::sign(WEBHOOK_SECRET, body, at).parse().expect("ASCII"));
        headers
    }

    /// The customer fills in the card with this number; a decline is an answer like another.
    pub async fn pay(&self, reference: &str, card_number: &str) {
        let card = [
            ("type", "card"),
            ("card[number]", card_number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2034"),
            ("card[cvc]", "123"),
        ];
        let method = self.call("/v1/payment_methods", &card).await;
        let method = method["id"].as_str().expect("a payment method has an identifier");
        if reference.starts_with("seti_") {
            let path = format!("/v1/setup_intents/{reference}/confirm");
            let intent = self.call(&path, &[("payment_method", method)]).await;
            if intent["status"] == "requires_action" {
                // The emulator takes a second confirmation for the customer's authentication.
                self.call(&path, &[("use_stripe_sdk", "true")]).await;
            }
        } else {
            self.call(&format!("/v1/payment_intents/{reference}"), &[("payment_method", method)]).await;
            self.call(&format!("/v1/payment_intents/{reference}/confirm"), &[]).await;
        }
    }

    /// The customer answers the challenge.
    pub async fn authenticate(&self, reference: &str, accept: bool) {
        let intent = self.get(&format!("/v1/payment_intents/{reference}")).await;
        let secret = intent["client_secret"].as_str().expect("an intent has a client secret");
        let form = [("client_secret", secret), ("success", if accept { "true" } else { "false" })];
        self.call(&format!("/v1/payment_intents/{reference}/_authenticate"), &form).await;
    }

    /// Makes the next call go wrong whose path matches.
    pub async fn fault(&self, kind: &str, path: &str) {
        let fault = json!({"kind": kind, "path": path, "n": 1});
        let sent = self.http.post(format!("{}/_fault", self.base)).json(&fault).send().await;
        assert!(sent.is_ok_and(|a| a.status().is_success()), "the fault is armed");
    }

    /// How many charges succeeded.
    pub async fn charges(&self) -> usize {
        let all = self.get("/v1/charges?limit=100").await;
        let charges = all["data"].as_array().expect("a list has data");
        charges.iter().filter(|c| c["status"] == "succeeded" && c["captured"] == true).count()
    }

    async fn call(&self, path: &str, form: &[(&str, &str)]) -> Value {
        // An empty form would be sent without a type, which the emulator reads as JSON.
        let mut form = form.to_vec();
        form.push(("key", PUBLISHABLE_KEY));
        let request = self.http.post(format!("{}{path}", self.base)).bearer_auth(SECRET_KEY).form(&form);
        let body = request.send().await.expect("the emulator answers").bytes().await.expect("a whole answer");
        serde_json::from_slice(&body).unwrap_or_default()
    }
    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(SECRET_KEY);
        request.send().await.expect("the emulator answers").json().await.expect("JSON")
    }
}

/// Stripe's adapter in front of the emulator.
pub struct StripeBench {
    gateway: Stripe,
    peer: Localstripe,
    events: Mutex<mpsc::UnboundedReceiver<RawEvent>>,
}

impl StripeBench {
    pub async fn start() -> Self {
        let peer = Localstripe::start().await;
        let (tx, rx) = mpsc::unbounded_channel();
        let intake = |State(tx): State<mpsc::UnboundedSender<RawEvent>>, headers: HeaderMap, body: Bytes| async move {
            // Nobody listening any more is the end of the test.
            let _ = tx.send(RawEvent { headers, body: body.to_vec() });
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port has an address");
        let router = Router::new().route("/", post(intake)).with_state(tx);
        tokio::spawn(async move { axum::serve(listener, router).await });
        peer.post_events_to(&format!("http://{address}/")).await;
        Self { gateway: Stripe::new(peer.settings()).expect("an HTTP client"), peer, events: Mutex::new(rx) }
    }
    /// The emulator behind it.
    pub fn peer(&self) -> &Localstripe {
        &self.peer
    }
}

#[async_trait]
impl PaymentBench for StripeBench {
    fn gateway(&self) -> &dyn PaymentGateway {
        &self.gateway
    }
    fn now(&self) -> Timestamp {
        // The emulator signs with the machine's clock.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        Timestamp::from_micros(i64::try_from(now.as_micros()).expect("before the year 290,000"))
    }
    async fn pay(&self, opened: &Opened, card: Card) {
        let number = match card {
            Card::Good => "4242424242424242",
            Card::Declined | Card::LaterDeclined => "4000000000000341",
            Card::Challenged | Card::LaterChallenged => "4000002500003155",
        };
        self.peer.pay(&opened.reference, number).await;
    }
    async fn authenticate(&self, opened: &Opened, accept: bool) {
        self.peer.authenticate(&opened.reference, accept).await;
    }
    /// The emulator detaches, and charges what is detached all the same, which the real service refuses.
    async fn forgot(&self, method: &str) -> Option<bool> {
        Some(self.peer.get(&format!("/v1/payment_methods/{method}")).await["customer"].is_null())
    }
    async fn arm(&self, fault: Fault) {
        let kind = match fault {
            Fault::LostAnswer => "lost_reply",
            Fault::Unavailable => "rate429",
        };
        self.peer.fault(kind, "(payment_intents|refunds)$").await;
    }
    async fn event_for(&self, attempt: AttemptId) -> RawEvent {
        let mut events = self.events.lock().await;
        loop {
            let event = timeout(EVENT_LIMIT, events.recv()).await.expect("an event in time").expect("the intake lives");
            let read = self.gateway.events().verify(&event.headers, &event.body, self.now()).await;
            if read.is_ok_and(|e| e.attempt == Some(attempt)) {
                return event;
            }
        }
    }
    async fn pay_out_of_order(&self, attempt: AttemptId, opened: &Opened) -> Vec<RawEvent> {
        self.pay(opened, Card::Good).await;
        let success = self.event_for(attempt).await;
        // The emulator tells only the end of a payment; the real service tells stages too, in any
        // order. An earlier stage comes last here, signed with the same secret.
        let earlier = json!({
            "id": "evt_earlier",
            "type": "payment_intent.processing",
            "data": {"object": {
                "object": "payment_intent",
                "id": opened.reference,
                "status": "processing",
                "metadata": {"attempt": attempt.to_string()},
            }},
        });
        let body = earlier.to_string().into_bytes();
        vec![success, RawEvent { headers: self.peer.sign(&body, self.now()), body }]
    }
    fn sign(&self, body: &[u8], at: Timestamp) -> HeaderMap {
        self.peer.sign(body, at)
    }
    async fn charges(&self) -> usize {
        self.peer.charges().await
    }
}
