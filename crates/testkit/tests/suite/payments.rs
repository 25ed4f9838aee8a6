//! Payments end to end: the real use cases, effects, reconcilers and intake over the simulated
//! gateway.

use adapters::payment::simulated::{Fault, Posted, SIGNATURE_HEADER};
use app::{
    Cx,
    queries::payments::{Standing, waiting},
    use_cases::{
        orders::{
            assign_holders::{RowHolder, assign_holders},
            cancel_order::cancel_order,
            check_name::TypedName,
            place_order::{PlaceOrder, place_order},
            set_names::{NamesOutcome, set_names},
            start_cart::{StartCart, start_cart},
        },
        payments::{Means, charge_saved::charge_saved, open_checkout, refund::refund_order},
    },
};
use axum::{body::Body, http::Request};
use domain::{
    actor::Actor,
    id::{AttemptId, LoginId, OrderId, PartyId},
    ledger::{AccountKey, AccountKind},
    money::Money,
    order::cart::HolderChoice,
};
use http::StatusCode;
use ports::payment::PlayGateway;
use store::{args, row, sql};
use testkit::app::TestApp;
use tower::ServiceExt;

const EMAIL: &str = "anna.verdi@example.com";

row! {
    /// An attempt, as these tests look at it.
    struct SeenRow { id: AttemptId, kind: String, state: String, checks: i64 }
}
sql!(SEEN = "SELECT id, kind, state, checks FROM attempts WHERE order_id = $1 ORDER BY created_at, id", SeenRow);
sql!(ORDER_STATE = "SELECT state FROM orders WHERE id = $1", String);
sql!(EVENTS = "SELECT COUNT(*) FROM inbound_events WHERE outcome = $1", i64);
sql!(TRANSFERS = "SELECT COUNT(*) FROM transfers", i64);
sql!(SPOIL_LEG = "UPDATE transfers SET amount_cents = amount_cents + 1 WHERE leg = 0");
sql!(SPOIL_BALANCE = "UPDATE ledger_accounts SET posted_cents = posted_cents + 1");
sql!(SPOIL_ORDER = "UPDATE orders SET paid_at = NULL");
sql!(SPOIL_ATTEMPT = "UPDATE attempts SET state = 'failed' WHERE state = 'succeeded'");

/// An installation with a catalogue and one customer.
struct Shop {
    app: TestApp,
    /// The context of the customer.
    cx: Cx,
    party: PartyId,
}

impl Shop {
    async fn open() -> Self {
        let app = TestApp::new().await;
        app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
        let (party, login) = customer(&app.cx).await;
        let cx = app.cx.by(Actor::Login { login, party });
        Self { app, cx, party }
    }

    /// An order of one Standard mailbox for a year: 12.08 euro.
    async fn order(&self, name: &str) -> OrderId {
        let cart = StartCart { plan: "standard".into(), quantity: 1, token: None };
        let token = start_cart(&self.cx, cart).await.expect("a cart");
        let names = [TypedName { name: name.into(), domain: "pec.example.it".into() }];
        let named = set_names(&self.cx, &token, &names).await.expect("names");
        assert_eq!(named, NamesOutcome::Saved);
        let holders = [RowHolder { holder: Some(HolderChoice::Account), password_email: EMAIL.into() }];
        assign_holders(&self.cx, &token, &holders).await.expect("holders");
        let cart = app::use_cases::orders::cart::open(&self.cx, &token).await.expect("the cart is open");
        let form = PlaceOrder {
            token,
            version: cart.version,
            years: 1,
            payment_method: "card".into(),
            shown: Money::cents(1208),
            accept_conditions: true,
            accept_unfair_terms: true,
            ip: None,
            user_agent: None,
        };
        place_order(&self.cx, form).await.expect("the order is placed").order
    }

    async fn pay_page(&self, order: OrderId) -> String {
        open_checkout(&self.cx, &self.app.ports, order, Means::Card).await.expect("the gateway opens a page")
    }

    /// The customer opens the page and makes the bank do this.
    async fn play(&self, order: OrderId, choice: &str) -> AttemptId {
        let page = self.pay_page(order).await;
        let attempt = page.rsplit('/').next().and_then(|id| id.parse().ok()).expect("the page names the attempt");
        self.app.gateway.choose(attempt, choice).expect("the choice is open");
        attempt
    }

    /// Posts what the gateway has to tell, as the gateway does; answers the statuses.
    async fn deliver(&self) -> Vec<StatusCode> {
        let mut statuses = Vec::new();
        for posted in self.app.gateway.drain() {
            statuses.push(self.post("simulated", &posted).await);
        }
        statuses
    }

    async fn post(&self, gateway: &str, posted: &Posted) -> StatusCode {
        let request = Request::post(format!("/hooks/{gateway}"))
            .header(SIGNATURE_HEADER, &posted.signature)
            .body(Body::from(posted.body.clone()))
            .expect("a request");
        self.app.router.clone().oneshot(request).await.expect("the router answers").status()
    }

    async fn deliver_and_work(&self) {
        for status in self.deliver().await {
            assert_eq!(status, StatusCode::OK);
        }
        self.app.settle().await;
    }

    /// Time passes, and what is not known is asked about.
    async fn chase(&self, seconds: i64) {
        self.app.clock.advance_us(seconds * 1_000_000);
        self.app.worker.reconcile_all().await.expect("the reconcilers run");
        self.app.settle().await;
    }

    async fn state(&self, order: OrderId) -> String {
        self.cx.store().one(&ORDER_STATE, args![order]).await.expect("the order is there")
    }
    async fn attempts(&self, order: OrderId) -> Vec<SeenRow> {
        self.cx.store().all(&SEEN, args![order]).await.expect("attempts are read")
    }
    async fn attempt_states(&self, order: OrderId) -> Vec<String> {
        self.attempts(order).await.into_iter().map(|a| format!("{} {}", a.kind, a.state)).collect()
    }
    async fn credit(&self) -> (i64, i64) {
        let key = AccountKey::of(AccountKind::ExcessCredit, self.party);
        let b = store::ledger::balance(&mut self.cx.store(), &key).await.expect("balances are read");
        (b.posted_cents.as_cents(), b.held_cents.as_cents())
    }
    fn mails(&self, subject: &str) -> usize {
        self.app.mailer.to(EMAIL, subject).len()
    }
    async fn books_are_right(&self) {
        let wrong: Vec<_> =
            app::books::prove(&self.app.cx).await.expect("the books are read").into_iter().filter(|c| !c.ok).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    async fn failing_books(&self) -> Vec<&'static str> {
        let checks = app::books::prove(&self.app.cx).await.expect("the books are read");
        checks.into_iter().filter(|c| !c.ok).map(|c| c.name).collect()
    }
}

async fn customer(cx: &Cx) -> (PartyId, LoginId) {
    let (party, login): (PartyId, LoginId) = (cx.new_id(), cx.new_id());
    let now = cx.now().micros();
    cx.write(async move |tx| {
        let new = store::parties::NewParty {
            id: party.uuid(),
            kind: "person",
            tax_key: "VRDNNA80A41H501X",
            display_name: "Anna Verdi",
            first_name: "Anna",
            last_name: "Verdi",
            organisation: None,
            fiscal_code: Some("VRDNNA80A41H501X"),
            vat_number: None,
            email: EMAIL,
            email_key: EMAIL,
            phone: None,
            mobile: None,
            locale: "it",
            secret_question: None,
            secret_answer_hash: None,
            details: "{}",
            now,
        };
        store::parties::insert(tx, &new).await?;
        let username = (100_001, "100001@ceralacca.example");
        store::logins::insert(tx, login.uuid(), party.uuid(), username, "active", None, now).await?;
        Ok(())
    })
    .await
    .expect("the customer is written");
    (party, login)
}

#[tokio::test]
async fn a_payment_pays_its_order_once() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    let page = shop.pay_page(order).await;
    assert_eq!(shop.pay_page(order).await, page, "a second click finds the same page");
    assert!(matches!(waiting(&shop.cx, order).await.unwrap().standing, Standing::AtGateway { url } if url == page));
    shop.play(order, "approve").await;
    assert_eq!(shop.state(order).await, "awaiting_payment", "the browser's return proves nothing");
    shop.deliver_and_work().await;
    assert_eq!(shop.state(order).await, "completed");
    assert_eq!(shop.attempt_states(order).await, ["checkout succeeded"]);
    assert_eq!(waiting(&shop.cx, order).await.unwrap().standing, Standing::Paid);
    let Actor::Login { login, .. } = shop.cx.actor else { unreachable!() };
    let methods = store::payments::methods_of(&mut shop.cx.store(), login).await.unwrap();
    assert_eq!(methods.iter().map(|m| m.label.as_str()).collect::<Vec<_>>(), ["Visa 4242"]);
    let again = open_checkout(&shop.cx, &shop.app.ports, order, Means::Card).await.unwrap_err();
    assert_eq!(again.code, "order-already-paid");
    assert_eq!(shop.credit().await, (0, 0));
    shop.books_are_right().await;
}

#[tokio::test]
async fn an_order_of_somebody_else_is_not_there() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    let (party, login) = (shop.cx.new_id(), shop.cx.new_id());
    for actor in [Actor::Login { login, party }, Actor::Visitor] {
        let other = shop.app.cx.by(actor);
        assert_eq!(open_checkout(&other, &shop.app.ports, order, Means::Card).await.unwrap_err().code, "not-found");
        assert_eq!(waiting(&other, order).await.unwrap_err().code, "not-found");
    }
    assert!(shop.attempts(order).await.is_empty());
}

#[tokio::test]
async fn told_twice_or_out_of_order_is_booked_once() {
    for choice in ["repeat", "reorder"] {
        let shop = Shop::open().await;
        let order = shop.order("anna").await;
        shop.play(order, choice).await;
        let posted = shop.app.gateway.drain();
        assert_eq!(posted.len(), 2);
        for one in posted.iter().rev().chain(&posted) {
            assert_eq!(shop.post("simulated", one).await, StatusCode::OK);
        }
        shop.app.settle().await;
        assert_eq!(shop.state(order).await, "completed");
        assert_eq!(shop.cx.store().one(&TRANSFERS, &[]).await.unwrap(), 3, "{choice}");
        shop.books_are_right().await;
    }
}

#[tokio::test]
async fn the_intake_believes_only_signatures_of_now() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    shop.play(order, "approve").await;
    let posted = shop.app.gateway.drain().remove(0);
    let forged = Posted { body: [posted.body.as_slice(), b" "].concat(), ..posted.clone() };
    assert_eq!(shop.post("simulated", &forged).await, StatusCode::BAD_REQUEST);
    let unsigned = Posted { signature: "t=1,v1=00".into(), ..posted.clone() };
    assert_eq!(shop.post("simulated", &unsigned).await, StatusCode::BAD_REQUEST);
    assert_eq!(shop.post("nobody", &posted).await, StatusCode::NOT_FOUND);
    let huge = Posted { body: vec![b' '; 300 * 1024], ..posted.clone() };
    assert_eq!(shop.post("simulated", &huge).await, StatusCode::PAYLOAD_TOO_LARGE);
    shop.app.clock.advance_us(301_000_000);
    assert_eq!(shop.post("simulated", &posted).await, StatusCode::BAD_REQUEST, "played again later");
    for outcome in ["queued", "orphan"] {
        assert_eq!(shop.cx.store().one(&EVENTS, args![outcome]).await.unwrap(), 0);
    }
    shop.app.settle().await;
    assert_eq!(shop.state(order).await, "awaiting_payment");
}

#[tokio::test]
async fn an_event_about_nothing_of_ours_is_kept_and_seen() {
    let shop = Shop::open().await;
    let now = shop.cx.now();
    let body = br#"{"id":"evt_x","kind":"payment.succeeded","attempt":"pay_00000000000000000000000000000000","reference":"sim_x"}"#;
    let signature = adapters::payment::signature::sign("test webhook secret", body, now);
    let posted = Posted { signature, body: body.to_vec() };
    assert_eq!(shop.post("simulated", &posted).await, StatusCode::OK);
    assert_eq!(shop.post("simulated", &posted).await, StatusCode::OK, "once more is the same");
    let orphans = store::inbound::orphans(&mut shop.cx.store(), 10).await.unwrap();
    assert_eq!(orphans.iter().map(|o| o.event_id.as_str()).collect::<Vec<_>>(), ["evt_x"]);
    let checks = app::queries::checks::all(&shop.app.cx).await.expect("checks are made");
    let told = checks.iter().find(|c| c.name == "payments.orphans").expect("doctor tells of it");
    assert!(told.ok && told.detail.contains("simulated payment.succeeded evt_x"), "{told:?}");
    assert!(shop.app.left_due().await.is_empty());
}

#[tokio::test]
async fn a_lost_event_is_found_by_asking() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    shop.play(order, "silent").await;
    assert!(shop.deliver().await.is_empty());
    shop.chase(10).await;
    assert_eq!(shop.state(order).await, "awaiting_payment", "its time to be asked about has not come");
    shop.chase(30).await;
    assert_eq!(shop.state(order).await, "completed");
    shop.books_are_right().await;
}

#[tokio::test]
async fn a_declined_card_leaves_the_order_payable() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    shop.play(order, "decline_funds").await;
    shop.deliver_and_work().await;
    let standing = waiting(&shop.cx, order).await.unwrap().standing;
    assert_eq!(standing, Standing::Failed { code: "insufficient_funds".into() });
    shop.play(order, "approve").await;
    shop.deliver_and_work().await;
    assert_eq!(shop.attempt_states(order).await, ["checkout failed", "checkout succeeded"]);
    assert_eq!(shop.state(order).await, "completed");
    shop.books_are_right().await;
}

#[tokio::test]
async fn a_challenge_is_waited_for() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    let attempt = shop.play(order, "challenge").await;
    shop.deliver_and_work().await;
    assert_eq!(shop.attempt_states(order).await, ["checkout pending"]);
    assert!(matches!(waiting(&shop.cx, order).await.unwrap().standing, Standing::AtGateway { .. }));
    shop.app.gateway.choose(attempt, "authenticate").expect("the bank waits for it");
    shop.deliver_and_work().await;
    assert_eq!(shop.state(order).await, "completed");
}

#[tokio::test]
async fn silence_is_never_taken_for_a_failure() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    let attempt = shop.play(order, "never_answer").await;
    for _ in 0..12 {
        shop.chase(25 * 3600).await;
    }
    let seen = shop.attempts(order).await.remove(0);
    assert_eq!(seen.state, "pending");
    assert!(seen.checks >= 12, "asked {} times", seen.checks);
    let refused = cancel_order(&shop.cx, order).await.unwrap_err();
    assert_eq!(refused.code, "order-outcome-unknown");
    shop.app.gateway.choose(attempt, "approve").expect("the bank wakes up");
    shop.chase(25 * 3600).await;
    assert_eq!(shop.state(order).await, "completed");
    shop.books_are_right().await;
}

#[tokio::test]
async fn the_pauses_between_questions_grow() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    shop.play(order, "never_answer").await;
    let mut asked = Vec::new();
    for _ in 0..60 {
        shop.chase(60).await;
        asked.push(shop.attempts(order).await[0].checks);
    }
    assert!(asked[4] >= 2, "{asked:?}");
    assert!((4..=7).contains(asked.last().unwrap()), "an hour of silence: {asked:?}");
}

#[tokio::test]
async fn a_lost_answer_opens_the_same_page_again() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    shop.app.gateway.fail_next(Fault::LostAnswer);
    let lost = open_checkout(&shop.cx, &shop.app.ports, order, Means::Card).await.unwrap_err();
    assert_eq!(lost.code, "payment-unavailable");
    assert_eq!(shop.attempt_states(order).await, ["checkout unknown"]);
    shop.play(order, "approve").await;
    shop.deliver_and_work().await;
    assert_eq!(shop.attempt_states(order).await, ["checkout succeeded"]);
    assert_eq!(shop.app.gateway.moved(), (1, 0));
    shop.books_are_right().await;
}

#[tokio::test]
async fn a_gateway_that_cannot_be_reached_charges_nothing() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    shop.app.gateway.fail_next(Fault::Unavailable);
    let down = open_checkout(&shop.cx, &shop.app.ports, order, Means::Card).await.unwrap_err();
    assert_eq!(down.code, "payment-unavailable");
    assert_eq!(shop.attempt_states(order).await, ["checkout failed"]);
    shop.play(order, "approve").await;
    shop.deliver_and_work().await;
    assert_eq!(shop.state(order).await, "completed");
}

#[tokio::test]
async fn money_for_a_cancelled_order_is_credit() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    let page = shop.pay_page(order).await;
    cancel_order(&shop.cx, order).await.expect("nothing is under way");
    let attempt: AttemptId = page.rsplit('/').next().unwrap().parse().unwrap();
    // The customer is quicker than the closing of the page.
    shop.app.gateway.choose(attempt, "approve").expect("the page is still open");
    shop.deliver_and_work().await;
    assert_eq!(shop.state(order).await, "cancelled", "never brought back silently");
    assert_eq!(shop.attempt_states(order).await, ["checkout succeeded"]);
    assert_eq!(shop.credit().await, (1208, 0));
    assert_eq!(shop.mails("è diventato credito"), 1);
    shop.books_are_right().await;
}

#[tokio::test]
async fn cancelling_closes_the_page_at_the_gateway() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    let page = shop.pay_page(order).await;
    cancel_order(&shop.cx, order).await.expect("nothing is under way");
    shop.app.settle().await;
    let attempt: AttemptId = page.rsplit('/').next().unwrap().parse().unwrap();
    assert!(shop.app.gateway.choose(attempt, "approve").is_err());
    shop.deliver_and_work().await;
    assert_eq!(shop.attempt_states(order).await, ["checkout failed"]);
    let closed = open_checkout(&shop.cx, &shop.app.ports, order, Means::Card).await.unwrap_err();
    assert_eq!(closed.code, "order-not-payable");
}

#[tokio::test]
async fn the_second_of_two_payments_goes_back() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    let first = shop.pay_page(order).await;
    // Days later the old page is forgotten and a new one opened; then both are paid.
    shop.app.clock.advance_us(26 * 3600 * 1_000_000);
    shop.play(order, "approve").await;
    shop.deliver_and_work().await;
    assert_eq!(shop.state(order).await, "completed");
    let old: AttemptId = first.rsplit('/').next().unwrap().parse().unwrap();
    shop.app.gateway.choose(old, "approve").expect("the old page is still open");
    shop.app.gateway.fail_next(Fault::LostAnswer);
    shop.deliver_and_work().await;
    // The answer to the refund was lost: it is found, not repeated.
    shop.chase(30).await;
    let states = shop.attempt_states(order).await;
    assert_eq!(states, ["checkout succeeded", "checkout succeeded", "refund succeeded"]);
    assert_eq!(shop.app.gateway.moved(), (2, 1));
    assert_eq!(shop.credit().await, (0, 0));
    assert_eq!((shop.mails("era già pagato"), shop.mails("restituito")), (1, 1));
    shop.books_are_right().await;
}

#[tokio::test]
async fn a_refund_gives_back_part_and_never_more() {
    let shop = Shop::open().await;
    let order = shop.order("anna").await;
    let paid = shop.play(order, "approve").await;
    let early = refund_order(&shop.app.cx, paid, Money::cents(100)).await.unwrap_err();
    assert_eq!(early.code, "refund-not-paid");
    shop.deliver_and_work().await;
    refund_order(&shop.app.cx, paid, Money::cents(604)).await.expect("half goes back");
    for too_much in [605, 0, -1, i64::MAX / 2] {
        let refused = refund_order(&shop.app.cx, paid, Money::cents(too_much)).await.unwrap_err();
        assert_eq!(refused.code, "refund-too-much", "{too_much}");
    }
    shop.app.settle().await;
    assert_eq!(shop.attempt_states(order).await, ["checkout succeeded", "refund succeeded"]);
    assert_eq!(shop.app.gateway.moved(), (1, 1));
    shop.books_are_right().await;
}

#[tokio::test]
async fn a_stored_card_is_charged_without_the_customer() {
    let shop = Shop::open().await;
    let first = shop.order("anna").await;
    shop.play(first, "approve").await;
    shop.deliver_and_work().await;
    let Actor::Login { login, .. } = shop.cx.actor else { unreachable!() };
    let method = store::payments::methods_of(&mut shop.cx.store(), login).await.unwrap().remove(0);
    let second = shop.order("anna.seconda").await;
    let asked = charge_saved(&shop.app.cx, second, method.id).await.expect("the charge is asked for");
    assert_eq!(charge_saved(&shop.app.cx, second, method.id).await, Ok(asked), "twice is once");
    shop.app.gateway.fail_next(Fault::LostAnswer);
    shop.app.settle().await;
    assert_eq!(shop.state(second).await, "awaiting_payment");
    shop.chase(30).await;
    assert_eq!(shop.state(second).await, "completed", "charged, the answer lost, found by asking");
    assert_eq!(shop.app.gateway.moved(), (2, 0));
    let over = charge_saved(&shop.app.cx, second, method.id).await.unwrap_err();
    assert_eq!(over.code, "order-not-payable");
    shop.books_are_right().await;
}

#[tokio::test]
async fn a_stored_card_that_is_declined_leaves_the_order_payable() {
    let shop = Shop::open().await;
    let first = shop.order("anna").await;
    shop.play(first, "approve_then_decline").await;
    shop.deliver_and_work().await;
    let Actor::Login { login, .. } = shop.cx.actor else { unreachable!() };
    let method = store::payments::methods_of(&mut shop.cx.store(), login).await.unwrap().remove(0);
    let second = shop.order("anna.seconda").await;
    charge_saved(&shop.app.cx, second, method.id).await.expect("the charge is asked for");
    shop.app.settle().await;
    assert_eq!(shop.attempt_states(second).await, ["off_session failed"]);
    shop.play(second, "approve").await;
    shop.deliver_and_work().await;
    assert_eq!(shop.state(second).await, "completed");
    shop.books_are_right().await;
}

impl Shop {
    /// An order that is to be charged to the card of an earlier one.
    async fn to_charge(&self) -> (OrderId, AttemptId) {
        let first = self.order("anna").await;
        self.play(first, "approve").await;
        self.deliver_and_work().await;
        let Actor::Login { login, .. } = self.cx.actor else { unreachable!() };
        let method = store::payments::methods_of(&mut self.cx.store(), login).await.unwrap().remove(0);
        let second = self.order("anna.seconda").await;
        let attempt = charge_saved(&self.app.cx, second, method.id).await.expect("the charge is asked for");
        (second, attempt)
    }
}

#[tokio::test]
async fn a_charge_still_to_be_made_is_not_taken_for_one_that_failed() {
    let shop = Shop::open().await;
    let (order, _) = shop.to_charge().await;
    // The gateway is asked about the attempt before the call could be made: it has never heard of it.
    for _ in 0..4 {
        shop.app.gateway.fail_next(Fault::Unavailable);
        shop.chase(70).await;
        assert_eq!(shop.attempt_states(order).await, ["off_session created"]);
    }
    shop.chase(3600).await;
    assert_eq!(shop.state(order).await, "completed");
    assert_eq!(shop.app.gateway.moved(), (2, 0));
    shop.books_are_right().await;
}

#[tokio::test]
async fn no_page_is_opened_beside_a_charge_under_way() {
    let shop = Shop::open().await;
    let (order, _) = shop.to_charge().await;
    let shown = shop.pay_page(order).await;
    assert!(shown.ends_with("/wait"), "two calls under one attempt would be two charges: {shown}");
    shop.deliver_and_work().await;
    assert_eq!(shop.state(order).await, "completed");
    assert_eq!(shop.app.gateway.moved(), (2, 0));
}

#[tokio::test]
async fn silence_leaves_a_charge_open_and_an_operator_sees_it() {
    let shop = Shop::open().await;
    let (order, _) = shop.to_charge().await;
    for tries in 1..=app::effects::MAX_ATTEMPTS {
        shop.app.gateway.fail_next(Fault::Unavailable);
        shop.app.settle().await;
        let stuck = store::effects::stuck(&mut shop.cx.store(), 10).await.expect("effects are read");
        assert_eq!(!stuck.is_empty(), tries == app::effects::MAX_ATTEMPTS, "after {tries} tries");
        shop.app.clock.advance_us(3600 * 1_000_000);
    }
    assert_eq!(shop.attempt_states(order).await, ["off_session created"], "nobody said no");
    assert_eq!(shop.state(order).await, "awaiting_payment");
    let stuck = store::effects::stuck(&mut shop.cx.store(), 10).await.expect("effects are read").remove(0);
    assert_eq!((stuck.kind.as_str(), stuck.attempts), ("charge_method", app::effects::MAX_ATTEMPTS));
    assert!(stuck.last_error.is_some_and(|e| e.contains("does not arrive")), "with its reason");
    let checks = app::queries::checks::all(&shop.app.cx).await.expect("checks are made");
    assert!(checks.iter().any(|c| c.name == "effects.stuck" && !c.ok), "the doctor says so: {checks:?}");
    store_retry(&shop, stuck.id).await;
    shop.deliver_and_work().await;
    assert_eq!(shop.state(order).await, "completed");
    assert_eq!(shop.app.gateway.moved(), (2, 0), "charged once, late");
    shop.books_are_right().await;
}

#[tokio::test]
async fn a_charge_that_is_given_up_frees_its_order() {
    let shop = Shop::open().await;
    let (order, _) = shop.to_charge().await;
    shop.app.gateway.fail_next(Fault::Unavailable);
    shop.app.settle().await;
    give_up(&shop, order).await;
    shop.chase(10).await;
    assert_eq!(shop.attempt_states(order).await, ["off_session failed"]);
    shop.play(order, "approve").await;
    shop.deliver_and_work().await;
    assert_eq!(shop.state(order).await, "completed");
    assert_eq!(shop.app.gateway.moved(), (2, 0));
    shop.books_are_right().await;
}

#[tokio::test]
async fn money_that_moved_in_silence_is_found_when_its_charge_is_given_up() {
    let shop = Shop::open().await;
    let (order, _) = shop.to_charge().await;
    shop.app.gateway.fail_next(Fault::LostAnswer);
    shop.app.settle().await;
    assert_eq!(shop.attempt_states(order).await, ["off_session created"]);
    give_up(&shop, order).await;
    shop.app.settle().await;
    assert_eq!(shop.state(order).await, "completed");
    assert_eq!(shop.attempt_states(order).await, ["off_session succeeded"]);
    assert_eq!(shop.app.gateway.moved(), (2, 0));
    shop.books_are_right().await;
}

/// An operator gives up the charge of an order.
async fn give_up(shop: &Shop, order: OrderId) {
    let attempt = shop.attempts(order).await[0].id;
    let rows = store::effects::by_subject(&mut shop.cx.store(), attempt.uuid()).await.expect("effects are read");
    let charge = rows.iter().find(|e| e.kind == "charge_method").expect("it was asked for");
    let id = domain::id::EffectId::from_uuid(charge.id);
    app::use_cases::effects::give_up(&shop.app.cx, id).await.expect("a waiting effect can be given up");
}

async fn store_retry(shop: &Shop, effect: uuid::Uuid) {
    let id = domain::id::EffectId::from_uuid(effect);
    app::use_cases::effects::retry(&shop.app.cx, id).await.expect("a stuck effect can be tried again");
}

#[tokio::test]
async fn spoiled_books_are_noticed() {
    let spoilt: [(&'static store::Sql, &str); 4] = [
        (&SPOIL_LEG, "books.transfers"),
        (&SPOIL_BALANCE, "books.balances"),
        (&SPOIL_ORDER, "books.paid"),
        (&SPOIL_ATTEMPT, "books.attempts"),
    ];
    for (statement, check) in spoilt {
        let shop = Shop::open().await;
        let order = shop.order("anna").await;
        shop.play(order, "approve").await;
        shop.deliver_and_work().await;
        shop.books_are_right().await;
        shop.app.cx.write(async move |tx| Ok(tx.run(statement, &[]).await.map(drop)?)).await.expect("it is spoilt");
        assert!(shop.failing_books().await.contains(&check), "{check} did not notice");
    }
}
