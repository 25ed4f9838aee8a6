//! Signing in: the rate beside raw Argon2id, and a storm.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use domain::id::MailboxId;

use crate::{
    client::{self, Connection},
    measure::{Figure, Pass, Rounds, Stolen, memory, ms, percentile},
    raw::argon,
    seed::{self, Bed},
    server::Server,
    size,
};

const ROUNDS: usize = 3;
const STORM: u64 = 200;
const STORMS: u64 = 3;
/// Pages that are read without a storm: of fewer, the slowest hundredth would go by chance.
const IDLE: u64 = 2_000;

/// The form of `/login`, with the visitor's cookie and token that the page would have set.
fn sign_in(tokens: &[String], n: u64) -> Vec<u8> {
    let visitor = n % tokens.len() as u64;
    let cookies = format!("cl_visitor={}", seed::session_secret(visitor));
    let body = format!(
        "csrf={}&username={}&password={}&next=",
        tokens[visitor as usize],
        seed::username(n % size::logins()),
        seed::PASSWORD.replace(' ', "+")
    );
    client::post("/login", &cookies, "", &body)
}

async fn installation() -> (Bed, Server, Arc<Vec<String>>) {
    let bed = Bed::copy("l").await;
    bed.sessions(1, 1);
    let store = bed.store().await;
    let tokens = crate::place::form_tokens(&seed::cx(store.clone()), STORM);
    store.close().await;
    let server = Server::product(&bed.database()).await;
    (bed, server, tokens)
}

/// As many sign-ins as the cores hash.
pub async fn rate() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let (_bed, server, tokens) = installation().await;
    let next = Arc::new(AtomicU64::new(1));
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let raw = tokio::task::spawn_blocking(|| argon::rate(size::turn())).await.expect("hashes");
        let (next, tokens) = (next.clone(), tokens.clone());
        let request = move |_, _| Some(sign_in(&tokens, next.fetch_add(1, Relaxed)));
        let ours = client::load(server.port, 16, size::turn(), 303, request).await;
        rounds.add(Pass { rate: raw, latencies: vec![] }, ours);
    }
    vec![rounds.figure("logins", "sqlite", "logins/s").stolen(stolen.percent())]
}

/// 200 people sign in within the same moment, three times; meanwhile somebody reads pages.
pub async fn storm() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let (_bed, server, tokens) = installation().await;
    let page = client::get(
        &format!("/account/mailboxes/{}", MailboxId::from_uuid(seed::mailbox(0))),
        &format!("cl_session={}", seed::session_secret(0)),
    );
    // The caches and the allocator have seen pages before.
    read_pages(server.port, &page, async |c| c < 500).await;
    let mut idle = read_pages(server.port, &page, async |c| c < IDLE).await;
    let before = memory(server.pid(), "VmRSS");
    let (mut busy, mut took) = (Vec::new(), 0.0);
    for storm in 1..=STORMS {
        let left = Arc::new(AtomicU64::new(STORM));
        let began = Instant::now();
        let people = sign_in_at_once(&server, &tokens, storm * 1_000, &left);
        busy.extend(read_pages(server.port, &page, async |_| left.load(Relaxed) > 0).await);
        for person in people {
            person.await.expect("somebody came in");
        }
        took += began.elapsed().as_secs_f64() / STORMS as f64;
    }
    let grown = memory(server.pid(), "VmHWM") - before;
    let (calm, rough) = (percentile(&mut idle, 0.99), percentile(&mut busy, 0.99));
    vec![
        Figure::new("login_storm", "sqlite", STORM as f64 / took, "logins/s").holding(grown).stolen(stolen.percent()),
        Figure::new("login_storm_page_p99", "sqlite", rough, "ms")
            .against(calm, rough / calm)
            .taking(&mut busy)
            .stolen(stolen.percent()),
    ]
}

/// `left` counts down to the last one who came in.
fn sign_in_at_once(
    server: &Server,
    tokens: &[String],
    first: u64,
    left: &Arc<AtomicU64>,
) -> Vec<tokio::task::JoinHandle<()>> {
    let person = |n| {
        let (port, request, left) = (server.port, sign_in(tokens, first + n), left.clone());
        tokio::spawn(async move {
            let mut c = Connection::open(port).await.expect("the server accepts");
            let answer = c.ask(&request, true).await.expect("the server answers");
            assert_eq!(answer.status, 303, "{}", answer.text);
            left.fetch_sub(1, Relaxed);
        })
    };
    (0..STORM).map(person).collect()
}

/// Reads the page every five milliseconds while `go_on(pages read)`; the latencies in milliseconds.
pub async fn read_pages(port: u16, page: &[u8], go_on: impl AsyncFn(u64) -> bool) -> Vec<f64> {
    let mut c = Connection::open(port).await.expect("the server accepts");
    let mut pace = tokio::time::interval(Duration::from_millis(5));
    let mut latencies = Vec::new();
    while go_on(latencies.len() as u64).await {
        pace.tick().await;
        let at = Instant::now();
        let answer = c.ask(page, false).await.expect("the server answers");
        assert_eq!(answer.status, 200);
        latencies.push(ms(at));
    }
    latencies
}
