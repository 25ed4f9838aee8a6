//! Pages over one million mailboxes, beside a raw page with one template and one read.

use std::sync::{Arc, Mutex};

use domain::id::MailboxId;

use crate::{
    client,
    measure::{Dice, Figure, Rounds, Stolen},
    place::form_tokens,
    seed::{self, Bed},
    server::Server,
    size,
};

const ROUNDS: usize = 5;
const CONNECTIONS: usize = 64;
/// People signed in, spread over all.
const SESSIONS: u64 = 4096;
fn step() -> u64 {
    size::logins() / SESSIONS
}

/// A customer looks at the card of one of his mailboxes.
pub async fn card() -> Vec<Figure> {
    let cookies = |n: u64| format!("cl_session={}", seed::session_secret(n));
    beside_raw("mailbox_card", move |n, dice, _| {
        let id = MailboxId::from_uuid(seed::mailbox(n * step() * 2 + dice.below(2)));
        client::get(&format!("/account/mailboxes/{id}"), &cookies(n))
    })
    .await
}

/// A customer asks whether a name is free: every second one is taken. The script gets the row alone.
pub async fn name_check() -> Vec<Figure> {
    check("name_check", "HX-Request: true\r\n").await
}
/// The same without scripts: the whole page again.
pub async fn name_check_page() -> Vec<Figure> {
    check("name_check_page", "").await
}

async fn check(name: &'static str, more: &'static str) -> Vec<Figure> {
    beside_raw(name, move |n, dice, token| {
        let cookies = format!("cl_session={}; cl_cart={}", seed::session_secret(n), seed::cart_secret(n));
        let name = match dice.below(2) {
            0 => format!("mario.rossi{:07}", dice.below(size::mailboxes())),
            _ => format!("mario.bianchi{:07}", dice.below(size::mailboxes())),
        };
        let body = format!("csrf={token}&name-1={name}&domain-1=pec.example.it&check=1");
        client::post("/order/names", &cookies, more, &body)
    })
    .await
}

async fn beside_raw(
    name: &'static str,
    request: impl Fn(u64, &mut Dice, &str) -> Vec<u8> + Clone + Send + Sync + 'static,
) -> Vec<Figure> {
    let stolen = Stolen::watch();
    let bed = Bed::copy("n").await;
    bed.sessions(SESSIONS, step());
    // Cart `n` is that of session `n`: nobody owns it before the first request.
    bed.carts_of_nobody(SESSIONS);
    let store = bed.store().await;
    let tokens = form_tokens(&seed::cx(store.clone()), SESSIONS);
    store.close().await;
    let product = Server::product(&bed.database()).await;
    let raw = Server::raw_page(&bed.database()).await;
    let dice = Arc::new(Mutex::new(Dice::new(11)));
    let mut rounds = Rounds::default();
    let mut status = None;
    for _ in 0..ROUNDS {
        let (d, tokens, request) = (dice.clone(), tokens.clone(), request.clone());
        let asked = move |_, _| {
            let mut dice = d.lock().expect("nobody panics with the dice");
            let n = dice.below(SESSIONS);
            Some(request(n, &mut dice, &tokens[n as usize]))
        };
        let d = dice.clone();
        let raw_asked = move |_, _| {
            let id = d.lock().expect("nobody panics with the dice").below(size::mailboxes());
            Some(client::get(&format!("/m?id={id}"), ""))
        };
        if status.is_none() {
            // The first visit of each cart takes it over: that is not what is measured.
            warm(&product, &asked).await;
            status = Some(());
        }
        let theirs = client::load(raw.port, CONNECTIONS, size::turn(), 200, raw_asked).await;
        rounds.add(theirs, client::load_any(product.port, CONNECTIONS, size::turn(), vec![200, 422], asked).await);
    }
    let rss = crate::measure::memory(product.pid(), "VmRSS");
    vec![rounds.figure(name, "sqlite", "pages/s").holding(rss).stolen(stolen.percent())]
}

async fn warm(product: &Server, asked: &impl Fn(usize, u64) -> Option<Vec<u8>>) {
    let mut c = client::Connection::open(product.port).await.expect("the server accepts");
    for n in 0..size::for_turns(20_000) {
        let Some(request) = asked(0, n) else { break };
        let answer = c.ask(&request, n == 0).await.expect("the server answers");
        assert!(matches!(answer.status, 200 | 422), "{}", answer.text);
        if n == 0 {
            eprintln!("an answer has {} bytes", answer.text.len());
        }
    }
}
