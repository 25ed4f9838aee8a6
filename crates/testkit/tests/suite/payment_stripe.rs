//! Orders paid through Stripe, against the emulator: the whole way from the button to the books.

use std::sync::Arc;

use adapters::payment::stripe::Stripe;
use app::{
    Ports, Settings,
    clock::{Clock, SystemClock},
    queries::payments::card_form,
    use_cases::payments::{
        Means, accept_event::Accepted, accept_event::accept_event, charge_saved::charge_saved, open_checkout,
        refund::refund_order,
    },
    worker::Worker,
};
use domain::{
    id::{AttemptId, OrderId},
    money::Money,
};
use testkit::{
    TestApp,
    app::engine,
    builders::{self, Customer},
    conformance::payment::{PaymentBench, RawEvent},
    peers::localstripe::StripeBench,
};

const GOOD: &str = "4242424242424242";
const DECLINED_AT_CHARGE: &str = "4000000000000341";
const CHALLENGED: &str = "4000002500003155";

struct Till {
    app: TestApp,
    ports: Ports,
    worker: Worker,
    bench: StripeBench,
    customer: Customer,
}

impl Till {
    async fn open() -> Self {
        let bench = StripeBench::start().await;
        let settings = Settings { card_gateway: "stripe".into(), ..Settings::default() };
        let app = TestApp::with(engine(), None, settings).await;
        // The emulator signs its events with the machine's clock.
        app.clock.advance_us(SystemClock.now().since(app.cx.now()));
        app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
        let customer = builders::customer(&app, 100_001, "BNCGLI85A41H501F").await;
        let mut ports = app.ports.clone();
        ports.gateways.insert("stripe", Arc::new(Stripe::new(bench.peer().settings()).expect("an HTTP client")));
        let worker = Worker::new(app.cx.clone(), ports.clone());
        Self { app, ports, worker, bench, customer }
    }
    async fn order(&self, name: &str) -> OrderId {
        builders::order(&self.customer, &[name], "pec.example.it").await
    }
    /// Opens the payment; answers our attempt and Stripe's name for it.
    async fn begin(&self, order: OrderId) -> (AttemptId, String) {
        let path = open_checkout(&self.customer.cx, &self.ports, order, Means::Card).await.expect("Stripe opens it");
        let attempt: AttemptId = path
            .strip_prefix("/order/payment/card/")
            .and_then(|id| id.parse().ok())
            .expect("our page with card fields");
        let form = card_form(&self.customer.cx, attempt).await.expect("the page has its fields");
        let reference = form.client_secret.split("_secret_").next().expect("a client secret").to_owned();
        (attempt, reference)
    }
    async fn take(&self, event: &RawEvent) -> Accepted {
        let verifier = self.ports.gateways["stripe"].events();
        accept_event(&self.app.cx, "stripe", verifier, &event.headers, event.body.clone()).await.expect("a real event")
    }
    async fn work(&self) {
        self.worker.drain().await.expect("the worker reads and writes");
    }
    async fn chase(&self) {
        self.app.clock.advance_us(60_000_000);
        self.worker.reconcile_all().await.expect("the reconcilers run");
        self.work().await;
    }
    async fn state(&self, order: OrderId) -> String {
        let found = store::orders::by_id(&mut self.app.cx.store(), order).await.expect("orders are read");
        found.expect("the order is there").state
    }
    async fn books_are_right(&self) {
        let checks = app::books::prove(&self.app.cx).await.expect("the books are read");
        assert!(checks.iter().all(|c| c.ok), "{checks:?}");
    }
}

#[tokio::test]
async fn a_challenge_then_the_event_twice() {
    let till = Till::open().await;
    let order = till.order("con.sfida").await;
    let (attempt, reference) = till.begin(order).await;
    till.bench.peer().pay(&reference, CHALLENGED).await;
    assert_eq!(till.bench.charges().await, 0);
    till.bench.peer().authenticate(&reference, true).await;
    let event = till.bench.event_for(attempt).await;
    assert_eq!(till.take(&event).await, Accepted::Queued(attempt));
    assert_eq!(till.take(&event).await, Accepted::Duplicate);
    till.work().await;
    assert_eq!(till.state(order).await, "completed");
    till.books_are_right().await;
}

#[tokio::test]
async fn a_declined_card_a_lost_event_a_refund_and_a_stored_card() {
    let till = Till::open().await;
    let order = till.order("rifiutata").await;
    let (declined, reference) = till.begin(order).await;
    till.bench.peer().pay(&reference, DECLINED_AT_CHARGE).await;
    let event = till.bench.event_for(declined).await;
    assert_eq!(till.take(&event).await, Accepted::Queued(declined));
    till.work().await;
    assert_eq!(till.state(order).await, "awaiting_payment");

    let (paid, reference) = till.begin(order).await;
    assert_ne!(paid, declined);
    till.bench.peer().pay(&reference, GOOD).await;
    // Its event is lost: nobody takes it.
    till.chase().await;
    assert_eq!(till.state(order).await, "completed");

    refund_order(&till.app.cx, paid, Money::cents(208)).await.expect("a part goes back");
    till.work().await;
    assert_eq!(refund_order(&till.app.cx, paid, Money::cents(1001)).await.unwrap_err().code, "refund-too-much");

    let method =
        store::payments::methods_of(&mut till.app.cx.store(), till.customer.login).await.expect("read").remove(0);
    assert_eq!(method.label, "Visa 4242");
    let renewal = till.order("senza.cliente").await;
    // The answer to the charge is lost: it is found by asking, and charged once.
    till.bench.arm(testkit::conformance::payment::Fault::LostAnswer).await;
    charge_saved(&till.app.cx, renewal, method.id).await.expect("the charge is asked for");
    till.work().await;
    assert_eq!(till.state(renewal).await, "awaiting_payment");
    till.chase().await;
    assert_eq!(till.state(renewal).await, "completed");
    assert_eq!(till.bench.charges().await, 2);
    till.books_are_right().await;
}
