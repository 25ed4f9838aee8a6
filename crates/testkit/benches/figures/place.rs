//! Confirmed orders: through the use case and through HTTP, beside the raw rows.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use app::{
    Cx,
    use_cases::orders::{
        cart,
        place_order::{PlaceOrder, place_order},
    },
};
use domain::{
    actor::Actor,
    id::{LoginId, PartyId},
    money::Money,
};
use store::{EngineKind, Options, testing};

use crate::{
    client,
    measure::{Figure, Pass, Rounds, Stolen, pass, together},
    raw::{
        place::ACT,
        rows::{Given, Lite, Postgres},
    },
    seed::{self, Bed},
    server::{SECRET, Server},
    size,
};

const ROUNDS: usize = 5;
/// Customers at once.
const CUSTOMERS: u64 = 64;
/// What a group of the raw program holds.
pub const GROUP: usize = 32;

/// Enough carts for every round.
fn carts() -> u64 {
    size::for_turns(400_000)
}

/// What the customers confirm, one cart after the other.
struct Shop {
    cx: Cx,
    next: AtomicU64,
    shown: Money,
    /// The login, with its registry record, of each cart in turn.
    owners: Vec<(LoginId, PartyId)>,
}

impl Shop {
    async fn open(cx: Cx, owners: Vec<(LoginId, PartyId)>) -> Arc<Self> {
        let shop = Self { cx, next: AtomicU64::new(0), shown: Money::ZERO, owners };
        let first = cart::open(&shop.of(0), &seed::cart_secret(0)).await.expect("the first cart");
        let (_, quote) = cart::price(&shop.cx, &first, 1).await.expect("a price");
        Arc::new(Self { shown: quote.gross, ..shop })
    }
    fn of(&self, cart: u64) -> Cx {
        let (login, party) = self.owners[(cart % self.owners.len() as u64) as usize];
        self.cx.by(Actor::Login { login, party })
    }
    async fn confirm(&self) -> uuid::Uuid {
        let n = self.next.fetch_add(1, Relaxed);
        let order = PlaceOrder {
            token: seed::cart_secret(n),
            version: 1,
            years: 1,
            payment_method: "card".into(),
            shown: self.shown,
            accept_conditions: true,
            accept_unfair_terms: true,
            ip: Some("127.0.0.1".into()),
            user_agent: Some("bench".into()),
        };
        let placed = place_order(&self.of(n), order).await.expect("the order is placed");
        assert!(!placed.already, "carts are used once");
        placed.order.uuid()
    }
}

/// `customers` confirm one order after the other; each is answered when it is durable.
async fn confirm(shop: &Arc<Shop>, customers: u64) -> Pass {
    let shop = shop.clone();
    let one = move || {
        let shop = shop.clone();
        async move {
            shop.confirm().await;
        }
    };
    together(customers, size::turn(), one).await
}

/// The raw side on SQLite, over a copy in which the product has placed one order.
struct RawLite {
    _bed: Bed,
    program: Lite,
    carts: std::vec::IntoIter<Given>,
}

impl RawLite {
    async fn open() -> Self {
        let bed = Bed::copy("r").await;
        bed.carts(CUSTOMERS, carts());
        let store = bed.store().await;
        let shop = Shop::open(seed::cx(store.clone()), owners(&bed)).await;
        let order = shop.confirm().await;
        store.close().await;
        let c = bed.connection();
        let carts: Vec<Given> = {
            let mut all = c.prepare("SELECT token_hash FROM carts WHERE order_id IS NULL ORDER BY id").expect("carts");
            let rows = all.query_map([], |r| Ok(vec![r.get(0)?])).expect("rows");
            rows.collect::<Result<_, _>>().expect("rows")
        };
        Self { program: Lite::new(c, &ACT, order, &vec![]), carts: carts.into_iter(), _bed: bed }
    }
    fn turn(&mut self, group: usize) -> Pass {
        pass(size::turn(), || {
            let carts: Vec<_> = self.carts.by_ref().take(group).collect();
            assert_eq!(carts.len(), group, "enough carts");
            self.program.write(&carts);
            group as u64
        })
    }
}

fn owners(bed: &Bed) -> Vec<(LoginId, PartyId)> {
    let c = bed.connection();
    let mut all = c.prepare("SELECT id, party_id FROM logins ORDER BY number LIMIT ?1").expect("logins");
    let rows = all.query_map([CUSTOMERS as i64], |r| Ok((r.get::<_, [u8; 16]>(0)?, r.get::<_, [u8; 16]>(1)?)));
    let rows: Vec<_> = rows.expect("rows").collect::<Result<_, _>>().expect("rows");
    let id = uuid::Uuid::from_bytes;
    rows.into_iter().map(|(l, p)| (LoginId::from_uuid(id(l)), PartyId::from_uuid(id(p)))).collect()
}

/// One customer, or many that share commits, on SQLite.
async fn on_sqlite(name: &'static str, customers: u64, group: usize) -> Vec<Figure> {
    let stolen = Stolen::watch();
    let mut raw = RawLite::open().await;
    let bed = Bed::copy("p").await;
    bed.carts(CUSTOMERS, carts());
    let store = bed.store().await;
    let shop = Shop::open(seed::cx(store.clone()), owners(&bed)).await;
    eprintln!("{name}: {} rows an order", raw.program.rows());
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let theirs = raw.turn(group);
        rounds.add(theirs, confirm(&shop, customers).await);
    }
    eprintln!("{:?}", store.stats());
    store.close().await;
    vec![rounds.figure(name, "sqlite", "orders/s").stolen(stolen.percent())]
}

/// One customer after the other; every order has a commit of its own.
pub async fn one_by_one() -> Vec<Figure> {
    on_sqlite("place_order_one", 1, 1).await
}
/// 64 customers who share commits.
pub async fn at_once() -> Vec<Figure> {
    on_sqlite("place_order_64", CUSTOMERS, GROUP).await
}

/// 64 browsers at `ceralacca serve`: session, CSRF token, one POST for each order.
pub async fn by_http() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let mut raw = RawLite::open().await;
    let bed = Bed::copy("h").await;
    bed.carts(CUSTOMERS, carts());
    bed.sessions(CUSTOMERS, 1);
    let store = bed.store().await;
    let cx = seed::cx(store.clone());
    let shown = Shop::open(cx.clone(), owners(&bed)).await.shown.as_cents();
    let tokens = form_tokens(&cx, CUSTOMERS);
    store.close().await;
    let server = Server::product(&bed.database()).await;
    let next: Arc<Vec<AtomicU64>> = Arc::new((0..CUSTOMERS).map(|_| AtomicU64::new(0)).collect());
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let theirs = raw.turn(GROUP);
        let (next, tokens) = (next.clone(), tokens.clone());
        let request = move |c: usize, _| {
            let cart = next[c].fetch_add(1, Relaxed) * CUSTOMERS + c as u64;
            let cookies = format!("cl_session={}; cl_cart={}", seed::session_secret(c as u64), seed::cart_secret(cart));
            let body = format!(
                "csrf={}&version=1&years=1&method=card&shown={shown}&conditions=1&unfair_terms=1&confirm=1",
                tokens[c]
            );
            Some(client::post("/order/review", &cookies, "", &body))
        };
        rounds.add(theirs, client::load(server.port, CUSTOMERS as usize, size::turn(), 303, request).await);
    }
    vec![rounds.figure("place_order_http", "sqlite", "orders/s").stolen(stolen.percent())]
}

/// What the first cart costs, as its page shows it; the owner does not matter for that.
pub async fn shown_cents(cx: &Cx) -> i64 {
    let owner = (LoginId::from_uuid(seed::login(0)), PartyId::from_uuid(seed::party(0)));
    Shop::open(cx.clone(), vec![owner]).await.shown.as_cents()
}

/// Tokens of the forms of the first sessions, as the pages would have them.
pub fn form_tokens(cx: &Cx, sessions: u64) -> Arc<Vec<String>> {
    debug_assert!(SECRET.len() >= 32);
    let state = web::AppState::without_sessions(cx.clone());
    Arc::new((0..sessions).map(|n| web::csrf::token(&state, &seed::session_secret(n))).collect())
}

/// Eight connections on PostgreSQL, beside the same rows sent in one flight each.
pub async fn on_postgres() -> Vec<Figure> {
    const CONNECTIONS: u64 = 8;
    let carts = size::for_turns(40_000);
    let stolen = Stolen::watch();
    let options = Options { connections: CONNECTIONS as usize, ..Options::default() };
    let mut sides = Vec::new();
    for _ in 0..2 {
        let db = testing::fresh_with(EngineKind::Postgres, options.clone()).await;
        let cx = seed::cx(db.store.clone());
        app::fixtures::load_catalogue(&cx).await.expect("the sample catalogue");
        let owners = fill_postgres(&db, carts).await;
        sides.push((Shop::open(cx, owners).await, db));
    }
    let (shop, _kept) = sides.pop().expect("two");
    let (raw_shop, raw_db) = sides.pop().expect("two");
    let order = raw_shop.confirm().await;
    let mut programs = Vec::new();
    for _ in 0..CONNECTIONS {
        programs.push(Arc::new(Postgres::new(connect(&raw_db).await, &ACT, order, &vec![]).await));
    }
    eprintln!("place_order_8: {} rows an order", programs[0].rows());
    let serial = Arc::new(AtomicU64::new(1));
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let token = |n| vec![app::secrets::sha256(seed::cart_secret(n).as_bytes()).to_vec()];
        let theirs = Postgres::turn(&programs, &serial, size::turn(), token).await;
        rounds.add(theirs, confirm(&shop, CONNECTIONS).await);
    }
    vec![rounds.figure("place_order_8", "postgres", "orders/s").stolen(stolen.percent())]
}

pub async fn connect(db: &testing::TestDb) -> tokio_postgres::Client {
    let (client, connection) =
        tokio_postgres::connect(&db.address(), tokio_postgres::NoTls).await.expect("the server answers");
    tokio::spawn(connection);
    client
}

/// Customers and carts; the server hashes and counts by itself.
async fn fill_postgres(db: &testing::TestDb, carts: u64) -> Vec<(LoginId, PartyId)> {
    let client = connect(db).await;
    let rows = seed::cart_rows("g", 424_242).replace('\'', "''");
    let now = seed::now();
    let text = format!(
        "INSERT INTO parties (id, version, kind, tax_key, display_name, first_name, last_name, fiscal_code, email, email_key, locale, details, created_at, updated_at) \
         SELECT ('00000000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid, 1, 'person', 'TAX' || n, 'Giulia Bianchi', 'Giulia', 'Bianchi', 'TAX' || n, 'c' || n || '@example.org', 'c' || n || '@example.org', 'it', '{{}}', {now}, {now} FROM generate_series(0, {last}) n; \
         INSERT INTO logins (id, version, party_id, number, username, state, created_at) \
         SELECT ('00000000-0000-7000-8002-' || lpad(to_hex(n), 12, '0'))::uuid, 1, ('00000000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid, 200000 + n, (200000 + n) || '@ceralacca.example', 'active', {now} FROM generate_series(0, {last}) n; \
         INSERT INTO carts (id, version, token_hash, login_id, plan_code, quantity, years, mailboxes, draft, created_at, updated_at, expires_at) \
         SELECT ('00000000-0000-7000-8006-' || lpad(to_hex(n), 12, '0'))::uuid, 1, sha256(('c' || lpad(n::text, 42, '0'))::bytea), ('00000000-0000-7000-8002-' || lpad(to_hex(n % {customers}), 12, '0'))::uuid, 'standard', 1, 1, replace('{rows}', '424242', n::text), '{{}}', {now}, {now}, {now} + 2592000000000 FROM generate_series(0, {carts}) n; ANALYZE",
        last = CUSTOMERS - 1,
        customers = CUSTOMERS,
    );
    client.batch_execute(&text).await.expect("the schema is ours");
    let id = |kind: u8, n: u64| {
        uuid::Uuid::from_u128(0x0000_0000_0000_7000_8000 << 48 | u128::from(kind) << 48 | u128::from(n))
    };
    (0..CUSTOMERS).map(|n| (LoginId::from_uuid(id(2, n)), PartyId::from_uuid(id(1, n)))).collect()
}
