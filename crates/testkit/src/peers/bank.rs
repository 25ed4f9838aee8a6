//! A bank in the process of the test, behind the few calls of Stripe's API that the platform makes: what it took
//! and gave back is known here, whatever becomes of the process that asked for it.
//!
//! It answers slowly, refuses now and then, loses answers to calls that it has carried out, tells some payments
//! several times and late, and some never. Calls with an `Idempotency-Key` are carried out once.
// tidy: allow(clock) events are signed by the clock of the machine
// tidy: allow(sleep) it is slow and late on purpose; nobody waits for its naps

mod book;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use adapters::payment::signature;
use axum::{
    Json, Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::time::Timestamp;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use self::book::Book;
pub use self::book::{Card, Charge};
use crate::dice::Dice;

/// The secret that signs its events.
pub const WEBHOOK_SECRET: &str = "whsec_of_the_bank";
/// How often an event is posted that is not taken, half a second apart.
const TRIES: usize = 6;

/// How it behaves, in percent.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Calls refused as too many, without being carried out.
    pub refused: u64,
    /// Calls carried out whose answer is lost.
    pub lost: u64,
    /// Payments that it never tells by itself.
    pub untold: u64,
    /// The same for charges of stored cards.
    pub untold_off_session: u64,
}

/// What went over the wire.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traffic {
    pub calls: usize,
    pub refused: usize,
    pub lost: usize,
    pub told: usize,
    pub untold: usize,
}

/// The bank.
pub struct Bank {
    base: String,
    hook: String,
    manners: Manners,
    dice: Dice,
    calm: AtomicBool,
    book: Mutex<Book>,
    traffic: Mutex<Traffic>,
    http: reqwest::Client,
}

impl Bank {
    /// Opens on a free port; posts its events to `hook`.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn open(hook: String, manners: Manners, seed: u64) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port has an address");
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build().expect("an HTTP client");
        let bank = Arc::new(Self {
            base: format!("http://{address}"),
            hook,
            manners,
            dice: Dice::new(seed),
            calm: AtomicBool::new(false),
            book: Mutex::default(),
            traffic: Mutex::default(),
            http,
        });
        let router = Router::new().fallback(answer).with_state(bank.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        bank
    }
    /// The address to configure as `payment.stripe_url`.
    pub fn base(&self) -> &str {
        &self.base
    }
    /// From now on it refuses nothing, loses nothing and tells everything.
    pub fn calm_down(&self) {
        self.calm.store(true, Ordering::SeqCst);
    }
    fn mischief(&self, percent: u64) -> bool {
        !self.calm.load(Ordering::SeqCst) && self.dice.percent(percent)
    }
    /// What was taken, in the order in which it was.
    pub fn charges(&self) -> Vec<Charge> {
        self.book().charges()
    }
    pub fn traffic(&self) -> Traffic {
        *self.counted()
    }
    /// The customer fills in a card on the page that holds this client secret.
    ///
    /// # Errors
    /// With the state of the payment when it takes no card: it is paid, or closed.
    pub fn pay(self: &Arc<Self>, client_secret: &str, card: Card) -> Result<(), String> {
        let told = self.book().pay(client_secret, card)?;
        self.tell(told);
        Ok(())
    }

    /// Posts an event, perhaps more than once, perhaps late, perhaps never.
    fn tell(self: &Arc<Self>, event: Value) {
        let off_session = event["data"]["object"]["off_session"] == true;
        if self.mischief(if off_session { self.manners.untold_off_session } else { self.manners.untold }) {
            self.counted().untold += 1;
            return;
        }
        for _ in 0..=self.dice.roll(3) {
            let (bank, event, late) = (self.clone(), event.clone(), self.dice.roll(2_000));
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(late)).await;
                bank.post(event.to_string().into_bytes()).await;
            });
        }
    }
    async fn post(&self, body: Vec<u8>) {
        for _ in 0..TRIES {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros() as i64;
            let signature = signature::sign(WEBHOOK_SECRET, &body, Timestamp::from_micros(now));
            let posted = self.http.post(&self.hook).header("stripe-signature", signature).body(body.clone());
            if posted.send().await.is_ok_and(|answer| answer.status().is_success()) {
                self.counted().told += 1;
                return;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("nobody panics with the book")
    }
    fn counted(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().expect("nobody panics while counting")
    }
}

async fn answer(State(bank): State<Arc<Bank>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(form) = body.collect().await else { return StatusCode::BAD_REQUEST.into_response() };
    tokio::time::sleep(Duration::from_millis(5 + bank.dice.roll(40))).await;
    bank.counted().calls += 1;
    let path: Vec<&str> = parts.uri.path().split('/').filter(|p| !p.is_empty()).skip(1).collect();
    if parts.method == http::Method::GET {
        let query = fields(parts.uri.query().unwrap_or_default().as_bytes());
        let found = bank.book().find(&path, &query);
        return found.map_or_else(|| refuse(StatusCode::NOT_FOUND, "resource_missing"), |f| Json(f).into_response());
    }
    if bank.mischief(bank.manners.refused) {
        bank.counted().refused += 1;
        return refuse(StatusCode::TOO_MANY_REQUESTS, "rate_limit");
    }
    let key = parts.headers.get("idempotency-key").and_then(|k| k.to_str().ok()).unwrap_or_default();
    let (done, told) = bank.book().once(key, &path, &fields(&form.to_bytes()));
    if let Some(event) = told {
        bank.tell(event);
    }
    // Carried out, and the caller does not know it yet.
    tokio::time::sleep(Duration::from_millis(bank.dice.roll(120))).await;
    if bank.mischief(bank.manners.lost) {
        bank.counted().lost += 1;
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "lost");
    }
    match done {
        Ok(value) => Json(value).into_response(),
        Err(code) => refuse(StatusCode::BAD_REQUEST, code),
    }
}

fn refuse(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "error": { "type": "invalid_request_error", "code": code } }))).into_response()
}

fn fields(body: &[u8]) -> HashMap<String, String> {
    form_urlencoded::parse(body).into_owned().collect()
}
