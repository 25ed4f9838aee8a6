//! Orders paid through PayPal, against a fake of its API: the whole way from the button to the books.

use std::sync::Arc;

use adapters::payment::paypal::Paypal as Adapter;
use app::{
    Ports, Settings,
    use_cases::payments::{
        Means,
        accept_event::{Accepted, accept_event},
        ask_now::ask_now,
        charge_saved::charge_saved,
        open_checkout,
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
    conformance::payment::{Fault, RawEvent},
    peers::paypal::{Mood, Paypal},
};

struct Till {
    app: TestApp,
    ports: Ports,
    worker: Worker,
    peer: Arc<Paypal>,
    customer: Customer,
}

impl Till {
    async fn open() -> Self {
        let peer = Paypal::open().await;
        let settings = Settings { paypal: true, ..Settings::default() };
        let app = TestApp::with(engine(), None, settings).await;
        app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
        let customer = builders::customer(&app, 100_001, "BNCGLI85A41H501F").await;
        let mut ports = app.ports.clone();
        ports.gateways.insert("paypal", Arc::new(Adapter::new(peer.settings()).expect("an HTTP client")));
        let worker = Worker::new(app.cx.clone(), ports.clone());
        Self { app, ports, worker, peer, customer }
    }
    async fn order(&self, name: &str) -> OrderId {
        builders::order(&self.customer, &[name], "pec.example.it").await
    }
    /// Opens the payment; answers PayPal's name for it.
    async fn begin(&self, order: OrderId) -> String {
        let url = open_checkout(&self.customer.cx, &self.ports, order, Means::Paypal).await.expect("PayPal opens it");
        url.strip_prefix("https://paypal.test/checkoutnow?token=").expect("PayPal's page").to_owned()
    }
    fn events(&self) -> Vec<RawEvent> {
        self.peer.events(self.app.cx.now())
    }
    async fn take(&self, event: &RawEvent) -> Result<Accepted, app::Problem> {
        let verifier = self.ports.gateways["paypal"].events();
        accept_event(&self.app.cx, "paypal", verifier, &event.headers, event.body.clone()).await
    }
    async fn work(&self) {
        self.worker.drain().await.expect("the worker reads and writes");
    }
    async fn chase(&self, seconds: i64) {
        self.app.clock.advance_us(seconds * 1_000_000);
        self.worker.reconcile_all().await.expect("the reconcilers run");
        self.work().await;
    }
    async fn state(&self, order: OrderId) -> String {
        let found = store::orders::by_id(&mut self.app.cx.store(), order).await.expect("orders are read");
        found.expect("the order is there").state
    }
    async fn attempt(&self, order: OrderId) -> AttemptId {
        let found = store::payments::waiting(&mut self.app.cx.store(), order).await.expect("read");
        found.and_then(|row| row.attempt_id).expect("an attempt")
    }
    async fn methods(&self) -> Vec<store::payments::MethodRow> {
        store::payments::methods_of(&mut self.app.cx.store(), self.customer.login).await.expect("methods are read")
    }
    async fn books_are_right(&self) {
        let checks = app::books::prove(&self.app.cx).await.expect("the books are read");
        assert!(checks.iter().all(|c| c.ok), "{checks:?}");
    }
}

#[tokio::test]
async fn an_approval_its_events_repeated_and_out_of_order_and_the_account_renews() {
    let till = Till::open().await;
    let order = till.order("con.paypal").await;
    let reference = till.begin(order).await;
    assert_eq!(till.begin(order).await, reference, "pressing twice is the same page");
    till.peer.approve(&reference, Mood::Good, Mood::Good);
    assert_eq!(till.peer.charges(), 0, "what is approved is not taken yet");
    let approved = till.events().remove(0);
    let attempt = till.attempt(order).await;
    assert_eq!(till.take(&approved).await, Ok(Accepted::Queued(attempt)));
    assert_eq!(till.take(&approved).await, Ok(Accepted::Duplicate));
    till.work().await;
    assert_eq!((till.state(order).await.as_str(), till.peer.charges()), ("completed", 1));
    let captured = till.events().remove(0);
    assert_eq!(till.take(&captured).await, Ok(Accepted::Queued(attempt)), "the end is told after the end");
    till.work().await;
    assert_eq!(till.peer.charges(), 1);

    let method = till.methods().await.remove(0);
    assert_eq!((method.label.as_str(), method.expires_day), ("PayPal an…@example.com", None));
    assert!(!method.gateway_customer.is_empty(), "PayPal named its customer only now");
    let renewal = till.order("senza.cliente").await;
    till.peer.fail_next(Fault::LostAnswer);
    charge_saved(&till.app.cx, renewal, method.id).await.expect("the charge is asked for");
    till.work().await;
    assert_eq!((till.state(renewal).await.as_str(), till.peer.charges()), ("awaiting_payment", 2));
    till.chase(60).await;
    assert_eq!((till.state(renewal).await.as_str(), till.peer.charges()), ("completed", 2), "found, not made again");
    let second = till.order("stesso.cliente").await;
    let reference = till.begin(second).await;
    till.peer.approve(&reference, Mood::Good, Mood::Good);
    till.chase(60).await;
    assert_eq!(till.peer.stored(&method.gateway_customer), 2, "accounts of one person stay together");
    till.books_are_right().await;
}

#[tokio::test]
async fn coming_back_asks_at_once_and_a_capture_whose_answer_is_lost_is_found() {
    let till = Till::open().await;
    let order = till.order("torna.subito").await;
    let reference = till.begin(order).await;
    ask_now(&till.customer.cx, order).await.expect("asked");
    till.work().await;
    assert_eq!(till.state(order).await, "awaiting_payment", "came back without approving");
    till.app.clock.advance_us(10_000_000);
    till.peer.approve(&reference, Mood::Good, Mood::Good);
    till.peer.fail_next(Fault::LostAnswer);
    for _ in 0..2 {
        ask_now(&till.customer.cx, order).await.expect("twice at once is once");
    }
    till.work().await;
    assert_eq!((till.state(order).await.as_str(), till.peer.charges()), ("awaiting_payment", 1));
    till.chase(3600).await;
    assert_eq!((till.state(order).await.as_str(), till.peer.charges()), ("completed", 1));

    let attempt = till.attempt(order).await;
    refund_order(&till.app.cx, attempt, Money::cents(208)).await.expect("a part goes back");
    till.peer.fail_next(Fault::LostAnswer);
    till.work().await;
    till.chase(3600).await;
    assert_eq!(refund_order(&till.app.cx, attempt, Money::cents(1001)).await.unwrap_err().code, "refund-too-much");
    let stranger = builders::customer(&till.app, 100_002, "RSSMRA80A01H501U").await;
    assert_eq!(ask_now(&stranger.cx, order).await.unwrap_err().code, "not-found");
    till.books_are_right().await;
}

#[tokio::test]
async fn of_two_tabs_one_pays_and_the_other_takes_nothing() {
    let till = Till::open().await;
    let order = till.order("due.schede").await;
    let reference = till.begin(order).await;
    // The other tab pays by card meanwhile.
    builders::pay_by_card(&till.app, &till.customer, order).await;
    till.work().await;
    assert_eq!(till.state(order).await, "completed");
    till.peer.approve(&reference, Mood::Good, Mood::Good);
    for event in till.events() {
        till.take(&event).await.expect("a real event");
    }
    till.work().await;
    till.chase(3600).await;
    assert_eq!(till.peer.charges(), 0, "approved, but not wanted any more");

    let cancelled = till.order("annullata").await;
    let reference = till.begin(cancelled).await;
    app::use_cases::orders::cancel_order::cancel_order(&till.customer.cx, cancelled).await.expect("cancelled");
    till.work().await;
    till.peer.approve(&reference, Mood::Good, Mood::Good);
    for event in till.events() {
        till.take(&event).await.expect("a real event");
    }
    till.work().await;
    assert_eq!((till.state(cancelled).await.as_str(), till.peer.charges()), ("cancelled", 0));
    till.books_are_right().await;
}

#[tokio::test]
async fn a_wrong_amount_stays_due_and_a_wrong_currency_is_no_money() {
    let till = Till::open().await;
    let order = till.order("manca.qualcosa").await;
    let reference = till.begin(order).await;
    till.peer.approve(&reference, Mood::Good, Mood::Good);
    till.peer.tell_amount("1.00", "EUR");
    till.chase(60).await;
    assert_eq!(till.state(order).await, "awaiting_payment", "a shortfall stays due on the same order");
    till.books_are_right().await;

    let foreign = till.order("altra.valuta").await;
    let reference = till.begin(foreign).await;
    till.peer.approve(&reference, Mood::Good, Mood::Good);
    till.peer.tell_amount("12.08", "USD");
    till.chase(60).await;
    till.chase(3600).await;
    assert_eq!(till.state(foreign).await, "awaiting_payment");
    till.books_are_right().await;
}

#[tokio::test]
async fn declines_forgeries_and_events_about_nothing() {
    let till = Till::open().await;
    let order = till.order("rifiutata").await;
    let reference = till.begin(order).await;
    till.peer.approve(&reference, Mood::Declined, Mood::Good);
    let approved = till.events().remove(0);
    till.take(&approved).await.expect("a real event");
    till.work().await;
    assert_eq!((till.state(order).await.as_str(), till.peer.charges()), ("awaiting_payment", 0));
    let again = till.begin(order).await;
    assert_ne!(again, reference, "another try is another attempt");

    let mut forged = approved.clone();
    forged.body.push(b' ');
    assert_eq!(till.take(&forged).await.unwrap_err().code, "event_forged");
    till.app.clock.advance_us(600_000_000);
    assert_eq!(till.take(&approved).await.unwrap_err().code, "event_stale");
    let body = br#"{"id":"WH-9","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"X"}}"#.to_vec();
    let unknown = RawEvent { headers: till.peer.sign(&body, till.app.cx.now()), body };
    assert_eq!(till.take(&unknown).await, Ok(Accepted::Orphan));
    let top_up = open_checkout(&till.customer.cx, &till.app.ports, order, Means::Paypal).await;
    assert_eq!(top_up.unwrap_err().code, "payment-unavailable", "configured, and not there");
}
