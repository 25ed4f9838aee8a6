//! PayPal's adapter passes the suite for gateways against a fake of the documented API.

use domain::money::Money;
use ports::{
    PortError,
    payment::{AttemptKind, ChargeSaved, EventRefusal, OpenPayment, Payer, Question, TruthState},
};
use testkit::{
    conformance::payment::{Card, Fault, PaymentBench, about, open_price},
    payment_conformance,
    peers::paypal::PaypalBench,
};

payment_conformance!(PaypalBench::start());

fn payment(attempt: domain::id::AttemptId) -> OpenPayment {
    OpenPayment {
        attempt,
        amount: Money::cents(1208),
        description: "Ordine 2026-000001".into(),
        payer: Payer {
            party: domain::id::PartyId::from_uuid(uuid::Uuid::from_u128(1)),
            customer: None,
            email: "anna.verdi@example.com".into(),
            name: "Anna Verdi".into(),
        },
        save_method: true,
        return_url: "http://127.0.0.1/return".into(),
        language: "it".into(),
    }
}

/// A paid first payment, and a charge of its stored account that is about to be made.
async fn stored(bench: &PaypalBench) -> ChargeSaved {
    let attempt = open_price(bench).await;
    let opened = bench.gateway().open(&payment(attempt)).await;
    // The suite's own payment has the same attempt and amount, so this is its page again.
    let opened = opened.expect("the fake opens it");
    bench.pay(&opened, Card::Good).await;
    let truth = bench.gateway().look_up(&Question { reference: Some(opened.reference), ..about(attempt) }).await;
    let truth = truth.expect("the fake answers");
    let later = domain::id::AttemptId::from_uuid(uuid::Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0077));
    ChargeSaved {
        attempt: later,
        amount: Money::cents(1208),
        description: "Rinnovo".into(),
        customer: truth.customer.expect("known"),
        method: truth.method.expect("kept").reference,
    }
}

#[tokio::test]
async fn a_lost_charge_is_found_when_keys_are_forgotten_and_never_made_twice() {
    let bench = PaypalBench::start().await;
    let charge = stored(&bench).await;
    bench.arm(Fault::LostAnswer).await;
    let lost = bench.gateway().charge_saved(&charge).await;
    assert!(matches!(lost, Err(PortError::OutcomeUnknown(_))), "{lost:?}");
    let q = Question { kind: AttemptKind::Charge, ..about(charge.attempt) };
    let soon = bench.gateway().look_up(&q).await.expect("found under its key");
    bench.peer().hours_pass();
    let late = bench.gateway().look_up(&q).await.expect("found in the list");
    assert_eq!((soon.state.clone(), soon.reference.clone()), (late.state, late.reference));
    assert_eq!(soon.state, TruthState::Succeeded { amount: Money::cents(1208) });
    assert_eq!(bench.charges().await, 2, "the first payment and one charge");
}

#[tokio::test]
async fn what_is_not_wanted_any_more_is_not_taken() {
    let bench = PaypalBench::start().await;
    let attempt = open_price(&bench).await;
    let opened = bench.gateway().open(&payment(attempt)).await.expect("the same page");
    bench.pay(&opened, Card::Good).await;
    let q = Question { reference: Some(opened.reference), ..about(attempt) };
    let unwanted = bench.gateway().look_up(&Question { wanted: false, ..q.clone() }).await.expect("it answers");
    assert_eq!((unwanted.state, bench.charges().await), (TruthState::Closed, 0));
    assert_eq!(bench.gateway().close(&q).await.expect("it answers").state, TruthState::Closed);
    assert_eq!(bench.charges().await, 0);
}

#[tokio::test]
async fn another_currency_is_never_money() {
    let bench = PaypalBench::start().await;
    let attempt = open_price(&bench).await;
    let opened = bench.gateway().open(&payment(attempt)).await.expect("the same page");
    bench.pay(&opened, Card::Good).await;
    bench.peer().tell_amount("12.08", "USD");
    let q = Question { reference: Some(opened.reference), ..about(attempt) };
    for _ in 0..2 {
        let truth = bench.gateway().look_up(&q).await.expect("it answers");
        assert!(matches!(truth.state, TruthState::Processing { .. }), "{truth:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_taken_any_more_is_replaced() {
    let bench = PaypalBench::start().await;
    let attempt = open_price(&bench).await;
    bench.peer().revoke_tokens();
    assert!(bench.gateway().open(&payment(attempt)).await.is_ok());
    let wrong = adapters::payment::paypal::PaypalSettings { secret: "wrong".into(), ..bench.peer().settings() };
    let stranger = adapters::payment::paypal::Paypal::new(wrong).expect("an HTTP client");
    let refused = ports::payment::PaymentGateway::open(&stranger, &payment(attempt)).await;
    assert!(matches!(refused, Err(PortError::Unavailable(_))), "nothing was done: {refused:?}");
}

#[tokio::test]
async fn the_certificate_is_fetched_once_and_never_for_nonsense() {
    let bench = PaypalBench::start().await;
    let events = bench.gateway().events();
    let body = br#"{"id":"WH-1","event_type":"CHECKOUT.ORDER.APPROVED","resource":{"id":"O"}}"#;
    let mut elsewhere = bench.sign(body, bench.now());
    elsewhere.insert("paypal-cert-url", "http://127.0.0.1:1/v1/notifications/certs/CERT-1".parse().unwrap());
    assert_eq!(events.verify(&elsewhere, body, bench.now()).await, Err(EventRefusal::Forged));
    let old = bench.sign(body, bench.now().plus_days(-1));
    assert_eq!(events.verify(&old, body, bench.now()).await, Err(EventRefusal::Stale));
    assert_eq!(bench.peer().certificates(), 0);
    for _ in 0..3 {
        assert!(events.verify(&bench.sign(body, bench.now()), body, bench.now()).await.is_ok());
    }
    assert_eq!(bench.peer().certificates(), 1);
    let mut missing = bench.sign(body, bench.now());
    let url = missing["paypal-cert-url"].to_str().unwrap().replace("CERT-1", "CERT-2");
    missing.insert("paypal-cert-url", url.parse().unwrap());
    assert_eq!(events.verify(&missing, body, bench.now()).await, Err(EventRefusal::Unproven), "it may come again");
}
