//! What customers notice of a night that is at work on the same file: orders, and pages.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use domain::id::MailboxId;

use crate::{
    client::{self, Connection},
    logins::read_pages,
    measure::{Figure, Stolen, ms, percentile},
    night,
    place::{form_tokens, shown_cents},
    seed::{self, Bed},
    server::Server,
    size,
};

/// Browsers that order in turn, and how often one of them does.
const BROWSERS: u64 = 16;
const EVERY: Duration = Duration::from_millis(5);
/// Pages that are read without a night, after as many that warm the caches.
const IDLE: u64 = 600;

/// The night as a process; killed when it is dropped before its end.
struct Night(Child);
impl Night {
    fn start(bed: &Bed) -> Self {
        Self(night::night(&bed.database()).spawn().expect("the program starts"))
    }
    /// Whether it is still at work; a night that fails is no night.
    fn at_work(&mut self) -> bool {
        match self.0.try_wait().expect("a child can be looked at") {
            None => true,
            Some(status) => {
                assert!(status.success(), "the night failed: see night.log");
                false
            }
        }
    }
}
impl Drop for Night {
    fn drop(&mut self) {
        // Gone already is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An order placed through HTTP every few milliseconds while the night is at work.
pub async fn purchases() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let bed = night::prepared("d", size::due()).await;
    bed.carts(BROWSERS, (size::due() / 2).max(4_000));
    bed.sessions(BROWSERS, 1);
    let store = bed.store().await;
    let cx = seed::cx(store.clone());
    let (shown, tokens) = (shown_cents(&cx).await, form_tokens(&cx, BROWSERS));
    store.close().await;
    let server = Server::product(&bed.database()).await;
    let next = Arc::new(AtomicU64::new(0));
    let mut night = Night::start(&bed);
    let over = Arc::new(AtomicBool::new(false));
    let began = Instant::now();
    let browsers = (0..BROWSERS).map(|b| {
        let (next, over, token, port) = (next.clone(), over.clone(), tokens[b as usize].clone(), server.port);
        tokio::spawn(async move { order(port, b, began, shown, &token, &next, &over).await })
    });
    let browsers: Vec<_> = browsers.collect();
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    while night.at_work() {
        tick.tick().await;
    }
    over.store(true, Relaxed);
    let mut latencies = Vec::new();
    for browser in browsers {
        latencies.extend(browser.await.expect("a browser came to the end"));
    }
    night::must_have_renewed(&bed.connection(), size::due());
    let p99 = percentile(&mut latencies, 0.99);
    eprintln!("purchase_during_night: {} orders in {:.1} s", latencies.len(), began.elapsed().as_secs_f64());
    vec![Figure::new("purchase_during_night", "sqlite", p99, "ms").taking(&mut latencies).stolen(stolen.percent())]
}

/// One browser's orders. What waits for an answer is counted from the moment at which it should have been asked.
async fn order(
    port: u16,
    browser: u64,
    began: Instant,
    shown: i64,
    token: &str,
    next: &AtomicU64,
    over: &AtomicBool,
) -> Vec<f64> {
    let mut connection = Connection::open(port).await.expect("the server accepts");
    let mut latencies = Vec::new();
    let mut at = began + EVERY * browser as u32;
    while !over.load(Relaxed) {
        // tidy: allow(sleep) an order is due at its moment, whatever happens
        tokio::time::sleep_until(at.into()).await;
        // Carts of this browser's login, one after the other.
        let cart = next.fetch_add(1, Relaxed) / BROWSERS * BROWSERS + browser;
        let cookies = format!("cl_session={}; cl_cart={}", seed::session_secret(browser), seed::cart_secret(cart));
        let body =
            format!("csrf={token}&version=1&years=1&method=card&shown={shown}&conditions=1&unfair_terms=1&confirm=1");
        let answer = connection.ask(&client::post("/order/review", &cookies, "", &body), true).await;
        let answer = answer.expect("the server answers");
        assert_eq!(answer.status, 303, "{}", answer.text);
        latencies.push(ms(at));
        at += EVERY * BROWSERS as u32;
    }
    latencies
}

/// A mailbox card read every five milliseconds while the night is at work, beside the same without it.
pub async fn pages() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let bed = night::prepared("d", size::due()).await;
    bed.sessions(1, 1);
    let server = Server::product(&bed.database()).await;
    let page = client::get(
        &format!("/account/mailboxes/{}", MailboxId::from_uuid(seed::mailbox(0))),
        &format!("cl_session={}", seed::session_secret(0)),
    );
    read_pages(server.port, &page, async |c| c < IDLE).await;
    let mut idle = read_pages(server.port, &page, async |c| c < IDLE).await;
    let night = std::sync::Mutex::new(Night::start(&bed));
    let at_work = async |_| night.lock().expect("nobody panics with it").at_work();
    let mut busy = read_pages(server.port, &page, at_work).await;
    night::must_have_renewed(&bed.connection(), size::due());
    let (calm, rough) = (percentile(&mut idle, 0.99), percentile(&mut busy, 0.99));
    vec![
        Figure::new("page_during_night", "sqlite", rough, "ms")
            .against(calm, rough / calm)
            .taking(&mut busy)
            .stolen(stolen.percent()),
    ]
}
