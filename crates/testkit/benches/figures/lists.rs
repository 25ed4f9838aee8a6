//! Lists over a million rows answer as those over ten: what a night searches, and the pages that people turn.
// tidy: allow(clock) benchmarks are stopwatches

use std::time::Instant;

use app::fixtures::AGREEMENT;
use domain::{
    id::{MailboxId, OrderId},
    time::Date,
};
use rusqlite::params;
use store::renewals;

use crate::{
    client::{self, Connection},
    measure::{Dice, Figure, Stolen, ms, percentile},
    members::{self, today},
    seed::{self, Bed},
    server::Server,
    size,
};

/// How often each is asked for.
const ASKED: u64 = 1_000;
/// The first answers, which warm the caches, are not counted.
const WARMING: u64 = 100;
/// The customer that is a body with members.
const BODY: u64 = 2;
/// Mailboxes and orders of the login whose lists are turned, when there are enough; and those of a large company, for
/// what goes along all that a login has.
const MANY: u64 = 50_000;
const COMPANY: u64 = 5_000;

/// The night's own question: a page of what is due while it is alone and beside others, from anywhere on; and the same
/// for as few rows as a person sees.
pub async fn due_search() -> Vec<Figure> {
    let bed = Bed::copy("q").await;
    let store = bed.store().await;
    let mut figures = Vec::new();
    for (name, limit) in
        [("due_search_2000", app::night::PAGE), ("due_search", app::night::PAGE_BESIDE_OTHERS), ("due_search_100", 100)]
    {
        let stolen = Stolen::watch();
        let mut latencies = due_pages(&store, limit).await;
        let p99 = percentile(&mut latencies, 0.99);
        figures.push(Figure::new(name, "sqlite", p99, "ms").taking(&mut latencies).stolen(stolen.percent()));
    }
    store.close().await;
    figures
}

async fn due_pages(store: &store::Store, limit: i64) -> Vec<f64> {
    let mut dice = Dice::new(3);
    // Everything is due by then; the first due day of the seed is that of what ends tomorrow.
    let (first, last) = (today() + 92, Date::from_days(today() + 1000));
    let mut latencies = Vec::new();
    for n in 0..size::for_turns(ASKED) {
        let after = (Date::from_days(first + dice.below(320) as i32), seed::mailbox(dice.below(size::mailboxes())));
        let at = Instant::now();
        let rows = renewals::due(&mut store.clone(), last, after, limit).await.expect("a read");
        if n >= WARMING {
            latencies.push(ms(at));
        }
        assert_eq!(rows.len() as i64, limit, "there is a page behind every place");
        assert!(rows.iter().all(|r| (r.due_day, r.service_id) > after));
        assert!(rows.windows(2).all(|w| (w[0].due_day, w[0].service_id) < (w[1].due_day, w[1].service_id)));
    }
    latencies
}

/// The lists of a login with very many mailboxes and orders, that of a body with as many members, and the search of the
/// back office.
pub async fn pages() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let bed = Bed::copy("q").await;
    let many = gather(&bed, 0, 0, MANY.min(size::logins() / 2));
    let company = gather(&bed, 1, many.count, COMPANY.min(size::logins() / 8));
    let left = size::logins() - many.count - company.count;
    let under = Many { from: many.count + company.count, count: MANY.min(left), first_placed: 0 };
    members::of_body(&bed, BODY, under.from, under.count);
    bed.sessions(BODY + 1, 1);
    operator(&bed);
    let server = Server::product(&bed.database()).await;
    let mut figures = Vec::new();
    let lists: [(&'static str, &str, Path, &Many); 8] = [
        ("list_mailboxes", &seed::session_secret(0), mailboxes, &many),
        ("list_mailboxes_rare", &seed::session_secret(0), rare_mailboxes, &many),
        ("list_mailboxes_text", &seed::session_secret(1), mailboxes_by_text, &company),
        ("list_mailboxes_text_50k", &seed::session_secret(0), mailboxes_by_text, &many),
        ("list_members", &seed::session_secret(BODY), members_of_body, &under),
        ("list_members_text", &seed::session_secret(BODY), members_by_text, &under),
        ("list_orders", &seed::session_secret(0), orders, &many),
        ("list_search", &seed::session_secret(OPERATOR), search, &many),
    ];
    for (name, session, path, many) in lists {
        let mut dice = Dice::new(5);
        let mut connection = Connection::open(server.port).await.expect("the server accepts");
        let mut latencies = Vec::new();
        for n in 0..size::for_turns(ASKED) {
            let path = path(&mut dice, many);
            let at = Instant::now();
            let answer = connection.ask(&client::get(&path, &format!("cl_session={session}")), true).await;
            let (answer, took) = (answer.expect("the server answers"), ms(at));
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            assert!(answer.text.matches("<tr").count() > 4, "{path} has rows: {}", answer.text);
            if n >= WARMING {
                latencies.push(took);
            }
        }
        let p99 = percentile(&mut latencies, 0.99);
        figures.push(Figure::new(name, "sqlite", p99, "ms").taking(&mut latencies).stolen(stolen.percent()));
    }
    figures
}

/// A place in the list: behind any of its rows.
fn mailboxes(dice: &mut Dice, many: &Many) -> String {
    let day = today() + 1 + dice.below(330) as i32;
    let after = format!("after={day}.{}", MailboxId::from_uuid(seed::mailbox(2 * dice.below(many.count))));
    match dice.below(3) {
        0 => "/account/mailboxes".to_owned(),
        1 => format!("/account/mailboxes?{after}"),
        _ => format!("/account/mailboxes?state=active&sort=-end&{after}"),
    }
}

/// A part of an address: a handful among all.
fn mailboxes_by_text(dice: &mut Dice, many: &Many) -> String {
    format!("/account/mailboxes?q=rossi{:06}", (2 * many.from + dice.below(2 * many.count)) / 10)
}

/// What few of them are: those whose holder gave notice, and those of a state that hardly any is in.
fn rare_mailboxes(dice: &mut Dice, _: &Many) -> String {
    let order = if dice.below(2) == 0 { "" } else { "&sort=-end" };
    match dice.below(2) {
        0 => format!("/account/mailboxes?state=noticed{order}"),
        _ => format!("/account/mailboxes?state=terminated{order}"),
    }
}

/// A place in the list of an agreement, and each of its filters.
fn members_of_body(dice: &mut Dice, many: &Many) -> String {
    let n = 2 * (many.from + dice.below(many.count - 60));
    let id = MailboxId::from_uuid(seed::mailbox(n));
    let after = format!("after={id}.{}", seed::address(n).replace('@', "%40"));
    let list = format!("/account/agreements/{AGREEMENT}");
    match dice.below(6) {
        0 => list,
        1 => format!("{list}?{after}"),
        2 => format!("{list}?state=active&plan=standard&{after}"),
        3 => format!("{list}?renewal=by_body"),
        4 => format!("{list}?ending=30"),
        _ => format!("{list}?ending=90&renewal=by_body"),
    }
}
fn members_by_text(dice: &mut Dice, many: &Many) -> String {
    let n = (2 * many.from + dice.below(2 * many.count)) / 10;
    format!("/account/agreements/{AGREEMENT}?q=rossi{n:06}")
}

fn orders(dice: &mut Dice, many: &Many) -> String {
    // The newest come first: some are left behind every place.
    let n = dice.below(many.count - 30) + 30;
    let after = format!("after={}.{}", many.first_placed + n as i64, OrderId::from_uuid(seed::order(n)));
    match dice.below(3) {
        0 => "/account/orders".to_owned(),
        1 => format!("/account/orders?{after}"),
        _ => format!("/account/orders?state=completed&{after}"),
    }
}

fn search(dice: &mut Dice, many: &Many) -> String {
    match dice.below(4) {
        0 => "/office/search?q=Giulia".to_owned(),
        1 => format!("/office/search?q=mario.rossi{:06}@", dice.below(many.count) / 10).replace('@', "&kind=mailboxes"),
        2 => format!("/office/search?q=2025-{:05}&kind=orders", dice.below(many.count) / 100),
        _ => format!("/office/search?q=&kind=orders&party={}", domain::id::PartyId::from_uuid(seed::party(0))),
    }
}

/// Makes the address of a page of a list.
type Path = fn(&mut Dice, &Many) -> String;

/// What a customer has then: of so many others, from this one on.
struct Many {
    from: u64,
    count: u64,
    /// When the first of the orders was placed, each of the others a microsecond later.
    first_placed: i64,
}

/// Gives mailboxes and orders of many customers to one.
fn gather(bed: &Bed, customer: u64, from: u64, count: u64) -> Many {
    let c = bed.connection();
    c.execute_batch("BEGIN").expect("nobody else writes");
    let (party, login) = (seed::party(customer), seed::login(customer));
    for n in from..from + count {
        let (mailbox, order) = (seed::mailbox(2 * n), seed::order(n));
        let ids = params![party.as_bytes(), login.as_bytes(), mailbox.as_bytes()];
        let run = |text: &str, values: &[&dyn rusqlite::ToSql]| {
            let done = c.prepare_cached(text).and_then(|mut s| s.execute(values)).expect("the schema is ours");
            assert_eq!(done, 1, "{text}");
        };
        run("UPDATE mailboxes SET party_id = ?1, login_id = ?2 WHERE id = ?3", ids);
        run("UPDATE terms SET login_id = ?1 WHERE mailbox_id = ?2", params![login.as_bytes(), mailbox.as_bytes()]);
        match n % 1_000 {
            0 => run("UPDATE mailboxes SET state = 'terminated' WHERE id = ?1", params![mailbox.as_bytes()]),
            1 => run("UPDATE terms SET notice = 1 WHERE mailbox_id = ?1", params![mailbox.as_bytes()]),
            _ => {}
        }
        let ids = params![party.as_bytes(), login.as_bytes(), order.as_bytes()];
        run("UPDATE orders SET party_id = ?1, login_id = ?2 WHERE id = ?3", ids);
    }
    c.execute_batch("COMMIT; ANALYZE").expect("there is room");
    seed::fold(&c);
    let placed = "SELECT placed_at FROM orders WHERE id = ?1";
    let first_placed = c.query_row(placed, [seed::order(from).as_bytes()], |r| r.get(0)).expect("it is there");
    Many { from, count, first_placed }
}

/// The number of the operator's session, after those of customers.
const OPERATOR: u64 = 900_000;

fn operator(bed: &Bed) {
    let c = bed.connection();
    let (id, now) = (seed::operator(), seed::now());
    let text = "INSERT INTO operators (id, version, username, display_name, role, state, password_hash, created_at, enrolled_at) VALUES (?1, 1, 'bench', 'Bench', 'admin', 'active', 'none', ?2, ?2)";
    c.execute(text, params![id.as_bytes(), now]).expect("a row");
    let text = "INSERT INTO sessions (id, token_hash, kind, operator_id, created_at, seen_at, expires_at, step_up_until, ip, user_agent) VALUES (?1, ?2, 'operator', ?1, ?3, ?3, ?4, ?3, '127.0.0.1', 'bench')";
    let token = app::secrets::sha256(seed::session_secret(OPERATOR).as_bytes());
    c.execute(text, params![id.as_bytes(), token, now, now + domain::time::DAY_US / 2]).expect("a row");
}
