//! Stripe's hosted page, against a stand-in for the few calls that it needs: the emulator has none.

use std::sync::{Arc, Mutex};

use adapters::payment::stripe::{CardEntry, Stripe, StripeSettings};
use axum::{
    Json, Router,
    extract::{Request, State},
};
use domain::{
    id::{AttemptId, PartyId},
    money::Money,
};
use http_body_util::BodyExt;
use ports::payment::{AttemptKind, OpenPayment, Payer, PayerStep, PaymentGateway, Question, Refund, TruthState};
use serde_json::{Value, json};
use testkit::peers::bank::{Bank, Manners};

/// What was asked, and how the page stands.
#[derive(Default)]
struct StandIn {
    calls: Vec<String>,
    session: Value,
}
type Shared = Arc<Mutex<StandIn>>;

async fn answer(State(shared): State<Shared>, request: Request) -> Json<Value> {
    let (parts, body) = request.into_parts();
    let form = body.collect().await.expect("a whole body").to_bytes();
    let key = parts.headers.get("idempotency-key").map(|k| k.to_str().expect("ASCII")).unwrap_or_default();
    let mut s = shared.lock().expect("nobody panics with it");
    s.calls.push(format!("{} {} {key} {}", parts.method, parts.uri, String::from_utf8_lossy(&form)));
    let session = s.session.clone();
    Json(match (parts.method.as_str(), parts.uri.path()) {
        ("POST", "/v1/customers") => json!({ "id": "cus_1" }),
        ("POST", "/v1/checkout/sessions") => json!({ "id": "cs_1", "url": "https://checkout.stripe.com/c/pay/cs_1" }),
        ("POST", "/v1/checkout/sessions/cs_1/expire") => {
            s.session["status"] = "expired".into();
            s.session.clone()
        }
        ("GET", "/v1/checkout/sessions") => json!({ "data": [session] }),
        ("POST", "/v1/refunds") => {
            json!({ "object": "refund", "id": "re_1", "status": "succeeded", "amount": 1208, "currency": "eur" })
        }
        _ => session,
    })
}

async fn stand_in() -> (Shared, Stripe) {
    let shared = Shared::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound port has an address");
    let router = Router::new().fallback(answer).with_state(shared.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let settings = StripeSettings {
        api_base: format!("http://{address}/"),
        secret_key: "sk_test_1".into(),
        publishable_key: "pk_test_1".into(),
        webhook_secrets: vec!["whsec_1".into()],
        card_entry: CardEntry::HostedPage,
        timeout_ms: 5_000,
        tolerance_s: 300,
    };
    (shared, Stripe::new(settings).expect("an HTTP client"))
}

fn set(shared: &Shared, session: Value) {
    shared.lock().expect("nobody panics with it").session = session;
}
fn calls(shared: &Shared) -> Vec<String> {
    shared.lock().expect("nobody panics with it").calls.clone()
}

#[tokio::test]
async fn leads_to_the_hosted_page_and_back() {
    let (shared, stripe) = stand_in().await;
    let attempt = AttemptId::from_uuid(uuid::Uuid::from_u128(7));
    let payment = OpenPayment {
        attempt,
        amount: Money::cents(1208),
        description: "Ordine 2026-000001".into(),
        payer: Payer {
            party: PartyId::from_uuid(uuid::Uuid::from_u128(1)),
            customer: None,
            email: "anna@example.it".into(),
            name: "Anna".into(),
        },
        save_method: true,
        return_url: "https://shop.example.it/back".into(),
        language: "it".into(),
    };
    let opened = stripe.open(&payment).await.expect("it opens");
    assert_eq!(opened.next, PayerStep::Redirect { url: "https://checkout.stripe.com/c/pay/cs_1".into() });
    let asked = calls(&shared).join("\n");
    for part in [
        &format!("{attempt}-open") as &str,
        "unit_amount%5D=1208",
        "locale=it",
        "setup_future_usage%5D=off_session",
        "success_url=https%3A%2F%2Fshop.example.it%2Fback",
    ] {
        assert!(asked.contains(part), "{part} is missing in\n{asked}");
    }
    let question = Question {
        attempt,
        kind: AttemptKind::Payment,
        reference: Some("cs_1".into()),
        customer: Some("cus_1".into()),
        of_reference: None,
        amount: domain::money::Money::cents(1208),
        wanted: true,
    };
    let open = json!({
        "object": "checkout.session", "id": "cs_1", "status": "open", "customer": "cus_1",
        "metadata": { "attempt": attempt.to_string() },
    });
    set(&shared, open.clone());
    assert_eq!(stripe.look_up(&question).await.expect("it answers").state, TruthState::AwaitingPayer);
    let unnamed = Question { reference: None, ..question.clone() };
    assert_eq!(stripe.look_up(&unnamed).await.expect("it answers").reference.as_deref(), Some("cs_1"));
    assert_eq!(stripe.close(&question).await.expect("it closes").state, TruthState::Closed);
    assert!(calls(&shared).iter().any(|c| c.contains("/cs_1/expire")));

    let mut paid = open;
    paid["status"] = "complete".into();
    paid["payment_intent"] = json!({
        "object": "payment_intent", "id": "pi_1", "status": "succeeded", "amount_received": 1208, "currency": "eur",
        "setup_future_usage": "off_session",
        "payment_method": { "id": "pm_1", "card": { "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034 } },
    });
    set(&shared, paid);
    let truth = stripe.look_up(&question).await.expect("it answers");
    assert_eq!(truth.state, TruthState::Succeeded { amount: Money::cents(1208) });
    assert_eq!(truth.reference.as_deref(), Some("cs_1"), "known by the name that it was opened with");
    assert_eq!(truth.method.map(|m| m.reference).as_deref(), Some("pm_1"));

    let refund = Refund { attempt, of_reference: "cs_1".into(), amount: Money::cents(1208) };
    stripe.refund(&refund).await.expect("it gives back");
    assert!(calls(&shared).last().is_some_and(|c| c.contains("payment_intent=pi_1")), "the payment, not the page");
}

#[tokio::test]
async fn an_attempt_is_found_among_hundreds_of_later_ones() {
    let manners = Manners { refused: 0, lost: 0, untold: 100, untold_off_session: 100 };
    let bank = Bank::open("http://127.0.0.1:9/nobody-listens".into(), manners, 1).await;
    let settings = StripeSettings {
        api_base: bank.base().into(),
        secret_key: "sk_test_1".into(),
        publishable_key: "pk_test_1".into(),
        webhook_secrets: vec!["whsec_1".into()],
        card_entry: CardEntry::CardFields { script_url: "http://127.0.0.1:9/fields.js".into() },
        timeout_ms: 5_000,
        tolerance_s: 300,
    };
    let stripe = Arc::new(Stripe::new(settings).expect("an HTTP client"));
    let attempt = |n: u128| AttemptId::from_uuid(uuid::Uuid::from_u128(n));
    let open = |n: u128| OpenPayment {
        attempt: attempt(n),
        amount: Money::cents(1208),
        description: format!("Ordine {n}"),
        payer: Payer {
            party: PartyId::from_uuid(uuid::Uuid::from_u128(1)),
            customer: Some("cus_1".into()),
            email: "anna@example.it".into(),
            name: "Anna".into(),
        },
        save_method: false,
        return_url: "https://shop.example.it/back".into(),
        language: "it".into(),
    };
    let payments: Vec<_> = (1..=230).map(open).collect();
    // The first one is the oldest of the list; the others come in any order.
    stripe.open(&payments[0]).await.expect("it opens");
    let mut rest = tokio::task::JoinSet::new();
    for payment in payments.into_iter().skip(1) {
        let stripe = stripe.clone();
        rest.spawn(async move { stripe.open(&payment).await });
    }
    assert!(rest.join_all().await.iter().all(Result::is_ok));
    let question = |n: u128| Question {
        attempt: attempt(n),
        kind: AttemptKind::Payment,
        reference: None,
        customer: Some("cus_1".into()),
        of_reference: None,
        amount: domain::money::Money::cents(1208),
        wanted: true,
    };
    let truth = stripe.look_up(&question(1)).await.expect("it answers");
    assert_eq!(truth.reference.as_deref(), Some("pi_1"), "on the third page");
    assert_eq!(stripe.look_up(&question(1_000)).await.expect("it answers").state, TruthState::Absent);
}
