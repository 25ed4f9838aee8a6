//! Stored methods of payment: add, replace, prefer, remove; what happens to the services, and who hears of it.

use std::sync::Arc;

use adapters::payment::paypal::Paypal as Adapter;
use app::{
    Settings,
    queries::methods::{Kept, Standing, methods, setup},
    use_cases::{
        methods::{ask_setup::ask_setup, open_setup, prefer_method::prefer_method, remove_method::remove_method},
        payments::{Means, accept_event::accept_event, charge_saved::charge_saved},
    },
    worker::Worker,
};
use axum::http::StatusCode;
use domain::id::AttemptId;
use ports::payment::{PaymentGateway, PlayGateway};
use testkit::{
    TestApp,
    app::engine,
    builders::{self, Customer},
    conformance::payment::Fault,
    peers::paypal::{Mood, Paypal},
};

use crate::{
    people::signed_in,
    transfers::{mails, shop},
};

/// A customer with a mailbox that renews with the card it was paid with.
async fn renewing(app: &TestApp) -> Customer {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi"], "pec.example.it").await;
    builders::pay_by_card(app, &customer, order).await;
    app.settle().await;
    customer
}
async fn kept(customer: &Customer) -> Vec<Kept> {
    methods(&customer.cx, customer.login).await.expect("methods are read")
}
fn named(url: &str) -> AttemptId {
    url.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("a set-up in {url}"))
}
async fn begin(app: &TestApp, customer: &Customer, replaces: Option<domain::id::MethodId>) -> AttemptId {
    named(&open_setup(&customer.cx, &app.ports, Means::Card, replaces).await.expect("the gateway opens a page"))
}

store::sql!(OWED = "SELECT way || ' ' || state FROM obligations ORDER BY way", String);

async fn owed(app: &TestApp) -> Vec<String> {
    app.cx.store().all(&OWED, &[]).await.expect("obligations are read")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_adds_replaces_and_removes_without_scripts() {
    let app = TestApp::new().await;
    let customer = renewing(&app).await;
    let mut browser = signed_in(&app, customer.login).await;
    let page = browser.get("/account/methods").await;
    page.must_have("Rinnova da sola questa casella").must_have("contratti.bianchi").must_have("Valida fino al");
    let first = kept(&customer).await.remove(0);
    // Another card in its place.
    let page = browser.get("/account/methods").await;
    let csrf = page.attrs("input[name=csrf]", "value").pop().expect("a token");
    let id = first.row.id.to_string();
    let form = [("csrf", csrf.as_str()), ("means", "card"), ("replaces", id.as_str())];
    let bank = browser.post("/account/methods", &form).await;
    let setup_id = named(&bank.path);
    let again = browser.post("/account/methods", &form).await;
    assert_eq!(named(&again.path), setup_id, "pressing twice is the same page");
    app.gateway.choose(setup_id, "approve").expect("the bank says yes");
    let back = browser.get(&format!("/account/methods/setup/{setup_id}?back=1")).await;
    back.must_have("Salviamo il metodo");
    app.settle().await;
    browser.get(&format!("/account/methods/setup/{setup_id}")).await.must_have("Metodo salvato");
    let now = kept(&customer).await;
    assert_eq!((now.len(), now[0].services.len()), (1, 1), "its services have moved");
    assert_ne!(now[0].row.id, first.row.id);
    assert_eq!(owed(&app).await, ["card open"]);
    assert!(mails(&app).iter().any(|s| s.starts_with("Metodo di pagamento sostituito")), "{:?}", mails(&app));
    let order = builders::order(&customer, &["amministrazione"], "pec.example.it").await;
    let gone = charge_saved(&app.cx, order, first.row.id).await.expect_err("it was removed");
    assert!(gone.is("method-unusable"));
    assert!(app.gateway.forget(&first.row.gateway_ref).await.is_ok());

    let path = format!("/account/methods/{}/remove", now[0].row.id);
    let ask = browser.get(&path).await;
    ask.must_have("Il rinnovo automatico di questa casella si spegne").must_have("contratti.bianchi");
    let done = browser.submit(&ask, &path, &[]).await;
    done.must_have("Metodo rimosso").must_have("Non hai metodi salvati");
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "a second tab finds nothing");
    app.settle().await;
    assert_eq!(owed(&app).await, ["manual open"]);
    assert!(mails(&app).iter().any(|s| s.starts_with("Metodo di pagamento rimosso")));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_stored_changes_nothing() {
    let app = TestApp::new().await;
    let customer = renewing(&app).await;
    let first = kept(&customer).await.remove(0).row.id;
    let declined = begin(&app, &customer, Some(first)).await;
    app.gateway.choose(declined, "decline").expect("the bank says no");
    ask_setup(&customer.cx, declined).await.expect("asked");
    app.settle().await;
    assert!(matches!(setup(&customer.cx, declined).await, Ok(Standing::Failed { .. })));
    assert_eq!(kept(&customer).await[0].row.id, first);
    assert_eq!(owed(&app).await, ["card open"]);
    // Nobody comes back, and the event tells it twice.
    let added = begin(&app, &customer, None).await;
    app.gateway.choose(added, "repeat").expect("the bank says yes");
    for event in app.gateway.drain() {
        let verifier = app.gateway.events();
        accept_event(&app.cx, "simulated", verifier, &event.headers(), event.body).await.expect("a real event");
    }
    app.settle().await;
    assert_eq!(setup(&customer.cx, added).await, Ok(Standing::Stored));
    assert_eq!(kept(&customer).await.len(), 2);
    assert_eq!(mails(&app).iter().filter(|s| s.starts_with("Nuovo metodo di pagamento")).count(), 1);
    let second = kept(&customer).await.into_iter().find(|m| m.row.id != first).expect("stored").row.id;
    prefer_method(&customer.cx, second).await.expect("it is ours");
    assert_eq!(kept(&customer).await[0].row.id, second, "the preferred one first");
    // What belongs to others is not found.
    let stranger = builders::customer(&app, 100_002, "RSSMRA80A01H501U").await;
    for refused in [
        remove_method(&stranger.cx, first).await.unwrap_err(),
        prefer_method(&stranger.cx, first).await.unwrap_err(),
        ask_setup(&stranger.cx, added).await.unwrap_err(),
        open_setup(&stranger.cx, &app.ports, Means::Card, Some(first)).await.unwrap_err(),
        setup(&stranger.cx, added).await.unwrap_err(),
    ] {
        assert!(refused.is("not-found"), "{refused}");
    }
    assert!(remove_method(&app.cx, first).await.unwrap_err().is("forbidden"));
    let paypal = open_setup(&customer.cx, &app.ports, Means::Paypal, None).await.unwrap_err();
    assert!(paypal.is("not-found"), "it is not offered");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paypal_account_takes_the_place_of_a_card_and_is_forgotten_there() {
    let peer = Paypal::open().await;
    let app = TestApp::with(engine(), None, Settings { paypal: true, ..Settings::default() }).await;
    let customer = renewing(&app).await;
    let mut ports = app.ports.clone();
    ports.gateways.insert("paypal", Arc::new(Adapter::new(peer.settings()).expect("an HTTP client")));
    let worker = Worker::new(app.cx.clone(), ports.clone());
    let card = kept(&customer).await.remove(0).row.id;
    let url = open_setup(&customer.cx, &ports, Means::Paypal, Some(card)).await.expect("PayPal opens it");
    peer.approve(url.rsplit('=').next().expect("PayPal's page"), Mood::Good, Mood::Good);
    // The token is made and the answer lost: the reconciler finds it under its key.
    peer.fail_next(Fault::LostAnswer);
    for _ in 0..3 {
        app.clock.advance_us(300_000_000);
        worker.reconcile_all().await.expect("the reconcilers run");
        worker.drain().await.expect("the worker works");
    }
    let now = kept(&customer).await;
    assert_eq!((now.len(), now[0].row.label.as_str(), now[0].services.len()), (1, "PayPal an…@example.com", 1));
    assert_eq!(owed(&app).await, ["paypal open"]);
    let row = store::payments::method(&mut app.cx.store(), now[0].row.id).await.expect("read").expect("there");
    assert_eq!(peer.stored(&row.gateway_customer), 1);
    remove_method(&customer.cx, row.id).await.expect("it is ours");
    worker.drain().await.expect("the worker works");
    assert_eq!(peer.stored(&row.gateway_customer), 0, "PayPal has forgotten it");
}

store::sql!(MOVE = "UPDATE obligations SET state = $1, reason = 'no-price'");

/// What is being charged may fail, and what is parked may be looked at again: neither is charged to another method then.
#[tokio::test]
async fn removing_a_method_ends_what_is_parked_or_being_charged_too() {
    for state in ["parked", "running"] {
        let app = TestApp::new().await;
        let customer = renewing(&app).await;
        let moved = app.cx.write(async move |tx| Ok(tx.run(&MOVE, store::args![state]).await?)).await;
        assert_eq!(moved.expect("it is written"), 1);
        let card = kept(&customer).await.remove(0).row.id;
        remove_method(&customer.cx, card).await.expect("it is ours");
        assert_eq!(owed(&app).await, [format!("manual {state}")]);
        app.settle().await;
        app.finish().await;
    }
}
