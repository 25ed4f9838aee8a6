//! A gateway for cards behind the few calls that charging a stored one makes, which answers after a fixed time. It lives
//! outside the measured processes and knows what it took, whoever asked for it.
// tidy: allow(clock) benchmarks are stopwatches
// tidy: allow(sleep) its answers take as long as those of a bank

use std::{
    collections::HashMap,
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Form, Json, Router,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

type Fields = HashMap<String, String>;

/// What it took.
#[derive(Default)]
struct Book {
    /// Answers by the key of the call: a call that is repeated is carried out once.
    keys: HashMap<String, usize>,
    charges: Vec<Value>,
    /// The first and the last charge.
    span: Option<(Instant, Instant)>,
}

pub struct Gateway {
    address: String,
    answers_after: Duration,
    book: Mutex<Book>,
}

impl Gateway {
    pub async fn open(answers_after: Duration) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("a bound port has an address"));
        let gateway = Arc::new(Self { address, answers_after, book: Mutex::default() });
        let calls = Router::new()
            .route("/v1/payment_intents", get(list).post(charge))
            .route("/v1/payment_intents/{id}", get(one))
            .with_state(gateway.clone());
        tokio::spawn(async move { axum::serve(listener, calls).await });
        gateway
    }
    /// Lets a program charge here.
    pub fn configure(&self, command: &mut Command) {
        command
            .env("CERALACCA_PAYMENT_CARD_GATEWAY", "stripe")
            .env("CERALACCA_PAYMENT_STRIPE_URL", &self.address)
            .env("CERALACCA_PAYMENT_STRIPE_KEY", "sk_of_the_benchmarks")
            .env("CERALACCA_PAYMENT_STRIPE_PUBLISHABLE_KEY", "pk_of_the_benchmarks")
            .env("CERALACCA_PAYMENT_STRIPE_WEBHOOK_SECRET", "whsec_of_the_benchmarks");
    }
    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().expect("nobody panics with the book")
    }
    pub fn count(&self) -> usize {
        self.book().charges.len()
    }
    /// The attempts that were charged, and how long that took from the first to the last.
    pub fn charged(&self) -> (Vec<String>, Duration) {
        let book = self.book();
        let attempt = |c: &Value| c["metadata"]["attempt"].as_str().unwrap_or_default().to_owned();
        let span = book.span.map_or(Duration::ZERO, |(first, last)| last - first);
        (book.charges.iter().map(attempt).collect(), span)
    }
}

async fn charge(State(gateway): State<Arc<Gateway>>, headers: HeaderMap, Form(form): Form<Fields>) -> Response {
    let field = |name: &str| form.get(name).cloned().unwrap_or_default();
    let key = headers.get("idempotency-key").and_then(|k| k.to_str().ok()).unwrap_or_default().to_owned();
    assert!(!key.is_empty(), "a charge has a key");
    let answer = {
        let mut book = gateway.book();
        let now = Instant::now();
        book.span = Some((book.span.map_or(now, |(first, _)| first), now));
        let next = book.charges.len();
        let at = *book.keys.entry(key).or_insert(next);
        if at == next {
            let cents: i64 = field("amount").parse().expect("an amount in cents");
            book.charges.push(json!({
                "object": "payment_intent", "id": format!("pi_{}", field("metadata[attempt]")), "status": "succeeded", "currency": "eur",
                "amount": cents, "amount_received": cents, "customer": field("customer"),
                "payment_method": field("payment_method"), "metadata": { "attempt": field("metadata[attempt]") },
            }));
        }
        book.charges[at].clone()
    };
    tokio::time::sleep(gateway.answers_after).await;
    Json(answer).into_response()
}

async fn list(State(gateway): State<Arc<Gateway>>, Query(query): Query<Fields>) -> Json<Value> {
    let customer = query.get("customer").cloned().unwrap_or_default();
    let found: Vec<Value> = gateway.book().charges.iter().filter(|c| c["customer"] == customer).cloned().collect();
    Json(json!({ "object": "list", "data": found, "has_more": false }))
}

async fn one(State(gateway): State<Arc<Gateway>>, Path(id): Path<String>) -> Response {
    match gateway.book().charges.iter().find(|c| c["id"] == id) {
        Some(charge) => Json(charge.clone()).into_response(),
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}
