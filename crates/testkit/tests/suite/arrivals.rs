//! Cards (simulated and Stripe), PayPal and bank transfers pass the suite for money that arrives.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use adapters::payment::{paypal::Paypal as PaypalAdapter, stripe::Stripe};
use app::{
    Ports, Settings,
    clock::{Clock, SystemClock},
    queries::payments::card_form,
    use_cases::{
        payments::{Means, accept_event::accept_event, open_checkout},
        transfers::take_statement::take_statement,
    },
    worker::Worker,
};
use async_trait::async_trait;
use domain::id::{AttemptId, OrderId};
use ports::payment::PlayGateway;
use testkit::{
    TestApp,
    app::engine,
    arrivals_conformance,
    builders::{self, Customer},
    conformance::{
        arrivals::{Arrivals, News},
        payment::{PaymentBench, RawEvent},
    },
    peers::{
        localstripe::StripeBench,
        paypal::{Mood, Paypal},
    },
};

arrivals_conformance!(simulated, Gateway::simulated());
arrivals_conformance!(stripe, Gateway::stripe());
arrivals_conformance!(paypal, Gateway::paypal());
arrivals_conformance!(bank_transfer, Transfers::new());

#[allow(clippy::large_enum_variant, reason = "there is one for each test")]
enum Peer {
    Simulated,
    Stripe(StripeBench),
    Paypal(Arc<Paypal>),
}

/// Orders paid through a gateway.
struct Gateway {
    app: TestApp,
    ports: Ports,
    worker: Worker,
    customer: Customer,
    peer: Peer,
}

impl Gateway {
    async fn simulated() -> Self {
        Self::open(Peer::Simulated, Settings::default()).await
    }
    async fn stripe() -> Self {
        let settings = Settings { card_gateway: "stripe".into(), ..Settings::default() };
        let gateway = Self::open(Peer::Stripe(StripeBench::start().await), settings).await;
        // The emulator signs its events with the machine's clock.
        gateway.app.clock.advance_us(SystemClock.now().since(gateway.app.cx.now()));
        gateway
    }
    async fn paypal() -> Self {
        Self::open(Peer::Paypal(Paypal::open().await), Settings { paypal: true, ..Settings::default() }).await
    }
    async fn open(peer: Peer, settings: Settings) -> Self {
        let app = TestApp::with(engine(), None, settings).await;
        app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
        let customer = builders::customer(&app, 100_001, "BNCGLI85A41H501F").await;
        let mut ports = app.ports.clone();
        match &peer {
            Peer::Simulated => {}
            Peer::Stripe(bench) => {
                let stripe = Stripe::new(bench.peer().settings()).expect("an HTTP client");
                ports.gateways.insert("stripe", Arc::new(stripe));
            }
            Peer::Paypal(peer) => {
                let paypal = PaypalAdapter::new(peer.settings()).expect("an HTTP client");
                ports.gateways.insert("paypal", Arc::new(paypal));
            }
        }
        let worker = Worker::new(app.cx.clone(), ports.clone());
        Self { app, ports, worker, customer, peer }
    }
    fn name(&self) -> &'static str {
        match self.peer {
            Peer::Simulated => "simulated",
            Peer::Stripe(_) => "stripe",
            Peer::Paypal(_) => "paypal",
        }
    }
}

#[async_trait]
impl Arrivals for Gateway {
    fn app(&self) -> &TestApp {
        &self.app
    }
    fn customer(&self) -> &Customer {
        &self.customer
    }
    async fn pay(&self, order: OrderId) -> Vec<News> {
        let means = if matches!(self.peer, Peer::Paypal(_)) { Means::Paypal } else { Means::Card };
        let url = open_checkout(&self.customer.cx, &self.ports, order, means).await.expect("the gateway opens it");
        let events = match &self.peer {
            Peer::Simulated => {
                let attempt: AttemptId = url.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an attempt");
                self.app.gateway.choose(attempt, "reorder").expect("the bank says yes");
                let posted = self.app.gateway.drain().into_iter();
                posted.map(|p| RawEvent { headers: p.headers(), body: p.body }).collect()
            }
            Peer::Stripe(bench) => {
                let attempt: AttemptId = url.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an attempt");
                let form = card_form(&self.customer.cx, attempt).await.expect("the page has its fields");
                let reference = form.client_secret.split("_secret_").next().expect("a client secret").to_owned();
                bench.peer().pay(&reference, "4242424242424242").await;
                vec![bench.event_for(attempt).await]
            }
            Peer::Paypal(peer) => {
                peer.approve(url.rsplit('=').next().expect("PayPal's page"), Mood::Good, Mood::Good);
                peer.events(self.app.cx.now())
            }
        };
        events.into_iter().map(News::Event).collect()
    }
    async fn tell(&self, news: &News) {
        let News::Event(event) = news else { panic!("a gateway posts events") };
        let verifier = self.ports.gateways[self.name()].events();
        let taken = accept_event(&self.app.cx, self.name(), verifier, &event.headers, event.body.clone()).await;
        // While the certificate is fetched for one, the others are asked to come again; old ones are not believed.
        assert!(taken.is_ok() || taken.as_ref().is_err_and(|e| e.is("busy") || e.is("event_stale")));
    }
    async fn work(&self) {
        self.worker.drain().await.expect("the worker reads and writes");
    }
    async fn find(&self) {
        self.app.clock.advance_us(60_000_000);
        self.worker.reconcile_all().await.expect("the reconcilers run");
    }
    fn takes_when_told(&self) -> bool {
        self.ports.gateways[self.name()].describe().takes_when_told
    }
}

/// Orders paid by bank transfer, told by the bank's statement files.
struct Transfers {
    app: TestApp,
    customer: Customer,
    /// The movements of the account so far: reference and reason.
    movements: Mutex<Vec<(String, String)>>,
    statements: AtomicUsize,
}

impl Transfers {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let customer = crate::transfers::shop(&app).await;
        Self { app, customer, movements: Mutex::default(), statements: AtomicUsize::new(0) }
    }
    fn statement(&self, movements: &[(String, String)]) -> News {
        let id = format!("S{}", self.statements.fetch_add(1, Ordering::SeqCst));
        let lines: Vec<_> = movements.iter().map(|(r, n)| (r.as_str(), "12.08", n.as_str())).collect();
        News::Statement(crate::transfers::statement(&id, &lines))
    }
}

#[async_trait]
impl Arrivals for Transfers {
    fn app(&self) -> &TestApp {
        &self.app
    }
    fn customer(&self) -> &Customer {
        &self.customer
    }
    /// One movement, in the statement of the day and again in the next one.
    async fn pay(&self, order: OrderId) -> Vec<News> {
        let number = crate::transfers::state(&self.app, order).await.number;
        let movement = {
            let mut all = self.movements.lock().expect("no test panics while it holds this");
            let movement = (format!("TRN{}", all.len()), number);
            all.push(movement.clone());
            [movement]
        };
        vec![self.statement(&movement), self.statement(&movement)]
    }
    async fn tell(&self, news: &News) {
        let News::Statement(file) = news else { panic!("a bank sends files") };
        let taken = take_statement(&self.app.cx, file.clone()).await;
        let known = taken.as_ref().is_err_and(|e| e.fields.iter().any(|f| f.code == "statement-known"));
        assert!(taken.is_ok() || known, "{taken:?}");
    }
    async fn work(&self) {
        self.app.settle().await;
    }
    /// A later statement that holds the movements of the lost one.
    async fn find(&self) {
        let all = self.movements.lock().expect("no test panics while it holds this").clone();
        self.tell(&self.statement(&all)).await;
    }
}
