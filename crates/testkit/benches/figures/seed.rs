//! One million mailboxes, or as many as are asked for, made once for each state of the schema; every benchmark works
//! on a copy.
// tidy: allow(clock) the served program lives in the real time

use std::{
    fs::File,
    ops::Range,
    path::{Path, PathBuf},
};

use app::{
    Cx, Settings,
    fixtures::{load_agreement, load_catalogue},
    hashing::Hashing,
    secrets::ServerSecret,
};
use domain::{
    order::cart::{CartMailbox, HolderChoice},
    time::{DAY_US, Timestamp},
};
use rusqlite::{Connection, params};
use store::{DatabaseUrl, Options, Store};
use uuid::Uuid;

use crate::{server::SECRET, size};

pub const PASSWORD: &str = "la password di prova";
/// Raise it when this file writes other rows.
const VERSION: u32 = 3;
/// Customers written in one transaction.
const LOGINS_AT_ONCE: usize = 500_000;

/// An identifier that grows with its number, as those of the product grow with time.
fn id(kind: u8, n: u64) -> Uuid {
    let time = 0x0190_0000_0000_u128 + u128::from(n);
    Uuid::from_u128(time << 80 | 7 << 76 | u128::from(kind) << 64 | 0b10 << 62 | u128::from(n))
}
pub fn login(n: u64) -> Uuid {
    id(2, n)
}
pub fn mailbox(n: u64) -> Uuid {
    id(4, n)
}
pub fn party(n: u64) -> Uuid {
    id(1, n)
}
pub fn order(n: u64) -> Uuid {
    id(3, n)
}
pub fn operator() -> Uuid {
    id(9, 0)
}
/// A stored card of the owner of mailbox `n`.
pub fn card(n: u64) -> Uuid {
    id(8, n)
}
/// The secret of the cookie of a session.
pub fn session_secret(n: u64) -> String {
    format!("{n:043}")
}
/// The secret of the cookie of a cart.
pub fn cart_secret(n: u64) -> String {
    format!("c{n:042}")
}
pub fn username(n: u64) -> String {
    format!("{}@ceralacca.example", 200_000 + n)
}

/// The context of the product on a store.
pub fn cx(store: Store) -> Cx {
    let renderer = render::Renderer::new(render::Options::default()).expect("the templates compile");
    Cx::system(store, ServerSecret::new(SECRET.as_bytes()), Settings::default(), renderer.into())
}

/// A copy of the million of one's own; removed when dropped.
pub struct Bed {
    folder: tempfile::TempDir,
    tag: &'static str,
}

impl Bed {
    pub async fn copy(tag: &'static str) -> Self {
        Self::copy_of(tag, size::mailboxes()).await
    }
    /// A copy of a database with so many mailboxes.
    pub async fn copy_of(tag: &'static str, mailboxes: u64) -> Self {
        let million = made(mailboxes).await;
        let folder = tempfile::tempdir_in(bench_folder()).expect("the target folder is writable");
        let bed = Self { folder, tag };
        std::fs::copy(million, bed.database()).expect("there is room on the disk");
        settle(&bed.database());
        bed
    }
    /// A database with so many mailboxes that is not kept for another time: it would be too large.
    pub async fn once(tag: &'static str, mailboxes: u64) -> Self {
        let (empty, _kept) = empty().await;
        let folder = tempfile::tempdir_in(bench_folder()).expect("the target folder is writable");
        let bed = Self { folder, tag };
        make(&empty, &bed.database(), mailboxes).await;
        bed
    }
    /// Another one that holds the same now.
    pub fn twin(&self) -> Self {
        fold(&self.connection());
        let folder = tempfile::tempdir_in(bench_folder()).expect("the target folder is writable");
        let twin = Self { folder, tag: self.tag };
        std::fs::copy(self.database(), twin.database()).expect("there is room on the disk");
        settle(&twin.database());
        twin
    }
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("bench.db")
    }
    pub fn connection(&self) -> Connection {
        let c = Connection::open(self.database()).expect("the file is there");
        c.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536").expect("pragmas");
        c
    }
    pub async fn store(&self) -> Store {
        let url = DatabaseUrl::Sqlite(self.database());
        Store::open(&url, Options::default()).await.expect("the file opens")
    }
    /// `count` open carts with one mailbox each; cart `n` belongs to login `n % logins`.
    pub fn carts(&self, logins: u64, count: u64) {
        self.put_carts(count, |n| Some(login(n % logins)));
    }
    /// `count` open carts as they are before anybody signs in.
    pub fn carts_of_nobody(&self, count: u64) {
        self.put_carts(count, |_| None);
    }
    fn put_carts(&self, count: u64, owner: impl Fn(u64) -> Option<Uuid>) {
        let mut c = self.connection();
        let tx = c.transaction().expect("nobody else writes");
        {
            let text = "INSERT INTO carts (id, version, token_hash, login_id, plan_code, quantity, years, shown_price_id, mailboxes, draft, order_id, created_at, updated_at, expires_at) \
                        VALUES (?1, 1, ?2, ?3, 'standard', 1, 1, NULL, ?4, '{}', NULL, ?5, ?5, ?6)";
            let mut insert = tx.prepare(text).expect("the schema is ours");
            let now = now();
            for n in 0..count {
                let hash = app::secrets::sha256(cart_secret(n).as_bytes());
                let row = params![
                    id(6, n).into_bytes(),
                    hash,
                    owner(n).map(Uuid::into_bytes),
                    cart_rows(self.tag, n),
                    now,
                    now + 30 * DAY_US
                ];
                insert.execute(row).expect("a row");
            }
        }
        tx.commit().expect("there is room");
        fold(&c);
    }
    /// Sessions of `count` logins, spread over all: session `n` is that of login `n * step`. Answers the step.
    pub fn sessions(&self, count: u64, step: u64) {
        let mut c = self.connection();
        let tx = c.transaction().expect("nobody else writes");
        {
            let text = "INSERT INTO sessions (id, token_hash, kind, login_id, created_at, seen_at, expires_at, step_up_until, ip, user_agent) \
                        VALUES (?1, ?2, 'login', ?3, ?4, ?4, ?5, ?4, '127.0.0.1', 'bench')";
            let mut insert = tx.prepare(text).expect("the schema is ours");
            let now = now();
            for n in 0..count {
                let hash = app::secrets::sha256(session_secret(n).as_bytes());
                let row = params![id(7, n).into_bytes(), hash, login(n * step).into_bytes(), now, now + DAY_US / 2];
                insert.execute(row).expect("a row");
            }
        }
        tx.commit().expect("there is room");
        fold(&c);
    }
}

/// What a cart of one mailbox holds.
pub fn cart_rows(tag: &str, n: u64) -> String {
    let row = CartMailbox {
        local: format!("nuova.{tag}{n:07}"),
        domain: "pec.example.it".into(),
        holder: Some(HolderChoice::Account),
        password_email: "giulia.bianchi@example.org".into(),
    };
    serde_json::to_string(&[row]).expect("plain values")
}

pub fn now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    Timestamp::from_micros(now.as_micros() as i64).micros()
}

/// Moves the log into the file, and that to the disk. A thread of a store that is ending may still be at it: then it
/// says so, and moves nothing.
pub fn fold(c: &Connection) {
    for _ in 0..600 {
        let busy = c.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get::<_, bool>(0));
        if !busy.expect("a pragma") {
            return settle(Path::new(c.path().expect("it is a file")));
        }
        // tidy: allow(sleep) the thread that ends tells nobody when it has
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("somebody reads all the time: the log cannot be moved into the file");
}

/// Waits until what was prepared is on the disk: else the first commit that is measured waits for hundreds of MiB of it.
fn settle(database: &Path) {
    File::open(database).and_then(|f| f.sync_all()).expect("the disk takes it");
}

pub fn bench_folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    let folder = target.join("bench");
    std::fs::create_dir_all(&folder).expect("the target folder is writable");
    folder
}

/// A database with the sample catalogue and agreement alone, and its folder.
async fn empty() -> (PathBuf, store::testing::TestDb) {
    let fresh = store::testing::fresh(store::EngineKind::Sqlite).await;
    let cx = cx(fresh.store.clone());
    load_catalogue(&cx).await.expect("the sample catalogue");
    load_agreement(&cx).await.expect("the sample agreement");
    let path = fresh.folder().expect("a SQLite database has a folder").join("test.db");
    fresh.store.close().await;
    fold(&Connection::open(&path).expect("the file is there"));
    (path, fresh)
}

/// The file with so many mailboxes, made if it is not there.
async fn made(mailboxes: u64) -> PathBuf {
    let (empty, _kept) = empty().await;
    let small = Connection::open(&empty).expect("the file is there");
    let schema: String =
        small.query_row("SELECT group_concat(sql, ';') FROM sqlite_master", [], |r| r.get(0)).expect("a schema");
    let hash = app::secrets::sha256(format!("{VERSION} {mailboxes} {schema}").as_bytes());
    let name: String = hash[..6].iter().map(|b| format!("{b:02x}")).collect();
    let path = bench_folder().join(format!("million-{name}.db"));
    if !path.exists() {
        drop(small);
        let draft = path.with_extension("draft");
        make(&empty, &draft, mailboxes).await;
        std::fs::rename(&draft, &path).expect("the same folder");
    }
    path
}

async fn make(empty: &Path, path: &Path, mailboxes: u64) {
    eprintln!("making {mailboxes} mailboxes");
    std::fs::copy(empty, path).expect("there is room on the disk");
    let password = Hashing::start(app::hashing::Options::default()).hash(PASSWORD, [9; 16]).await;
    fill(path, mailboxes, &password.expect("a hash"));
}

fn fill(path: &Path, count: u64, password: &str) {
    let mut c = Connection::open(path).expect("the file is there");
    c.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-1048576; PRAGMA temp_store=MEMORY")
        .expect("pragmas");
    let retail = "SELECT id, net_cents FROM prices WHERE product_code = 'standard' AND price_list = 'retail'";
    let (price, net): (Vec<u8>, i64) =
        c.query_row(retail, [], |r| Ok((r.get(0)?, r.get(1)?))).expect("the sample catalogue has a price");
    // In parts, so that the log of the largest stays small.
    for first in (0..count / 2).step_by(LOGINS_AT_ONCE) {
        let logins = first..(count / 2).min(first + LOGINS_AT_ONCE as u64);
        let tx = c.transaction().expect("nobody else writes");
        people(&tx, logins.clone(), password);
        orders(&tx, logins.clone(), &price, net);
        mailboxes(&tx, 2 * logins.start..2 * logins.end, password);
        tx.commit().expect("there is room");
        fold(&c);
    }
    c.execute_batch("ANALYZE").expect("statistics");
    fold(&c);
}

fn people(tx: &rusqlite::Transaction<'_>, logins: Range<u64>, password: &str) {
    let at = now() - 400 * DAY_US;
    let mut p = tx
        .prepare("INSERT INTO parties (id, version, kind, tax_key, display_name, first_name, last_name, fiscal_code, email, email_key, locale, details, created_at, updated_at) VALUES (?1, 1, 'person', ?2, 'Giulia Bianchi', 'Giulia', 'Bianchi', ?2, ?3, ?3, 'it', '{}', ?4, ?4)")
        .expect("the schema is ours");
    let mut l = tx
        .prepare("INSERT INTO logins (id, version, party_id, number, username, state, password_hash, created_at) VALUES (?1, 1, ?2, ?3, ?4, 'active', ?5, ?6)")
        .expect("the schema is ours");
    for n in logins {
        let email = format!("cliente{n}@example.org");
        p.execute(params![party(n).into_bytes(), format!("TAX{n:013}"), email, at]).expect("a row");
        let (number, name) = (200_000 + n as i64, username(n));
        l.execute(params![login(n).into_bytes(), party(n).into_bytes(), number, name, password, at]).expect("a row");
    }
}

fn orders(tx: &rusqlite::Transaction<'_>, logins: Range<u64>, price: &[u8], net: i64) {
    let at = now() - 300 * DAY_US;
    let (vat, gross) = (net * 22 / 100, net + net * 22 / 100);
    let mut o = tx
        .prepare("INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, paid_at) VALUES (?1, 4, ?2, 'purchase', 'completed', ?3, ?4, ?5, 1, ?6, ?7, ?8, 'card', '{}', ?3, ?3, ?3)")
        .expect("the schema is ours");
    let mut line = tx
        .prepare("INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) VALUES (?1, ?2, 1, 'standard', ?3, 2, 1, ?4, ?4, 2200, ?5, ?6)")
        .expect("the schema is ours");
    for n in logins {
        let (order, number) = (id(3, n), format!("2025-{n:07}"));
        let row = params![
            order.into_bytes(),
            number,
            at + n as i64,
            party(n).into_bytes(),
            login(n).into_bytes(),
            net,
            vat,
            gross
        ];
        o.execute(row).expect("a row");
        line.execute(params![id(5, n).into_bytes(), order.into_bytes(), price, net, vat, gross]).expect("a row");
    }
}

fn mailboxes(tx: &rusqlite::Transaction<'_>, numbers: Range<u64>, password: &str) {
    let (at, day) = (now() - 300 * DAY_US, (now() / DAY_US) as i32);
    let mut m = tx
        .prepare("INSERT INTO mailboxes (id, version, address, domain, plan_code, state, state_at, party_id, login_id, order_id, holder_kind, holder_tax_key, holder_name, password_hash, password_changed_at, contact_email, space_mib, extra_space_mib, archive_mib, requested_at, activated_at) VALUES (?1, 3, ?2, 'pec.example.it', 'standard', 'active', ?3, ?4, ?5, ?6, 'account', ?7, 'Giulia Bianchi', ?8, ?3, 'giulia.bianchi@example.org', 1024, 0, 0, ?3, ?3)")
        .expect("the schema is ours");
    let mut t = tx
        .prepare("INSERT INTO terms (mailbox_id, login_id, start_day, end_day, years, auto_renew) VALUES (?1, ?2, ?3, ?4, 1, 0)")
        .expect("the schema is ours");
    let mut owed = tx
        .prepare("INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries) VALUES (?1, ?2, 'mailbox', ?1, ?3, 'manual', 'open', 0)")
        .expect("the schema is ours");
    let mut a = tx
        .prepare("INSERT INTO addresses (address, state, holder_tax_key, order_id, mailbox_id, changed_at) VALUES (?1, 'assigned', ?2, ?3, ?4, ?5)")
        .expect("the schema is ours");
    let mut dice = crate::measure::Dice::new(7 + numbers.start);
    for n in numbers {
        let owner = n / 2;
        let (address, tax) = (address(n), format!("TAX{owner:013}"));
        let (box_id, login, order) = (mailbox(n), login(owner), id(3, owner));
        let row = params![
            box_id.into_bytes(),
            address,
            at,
            party(owner).into_bytes(),
            login.into_bytes(),
            order.into_bytes(),
            tax,
            password
        ];
        m.execute(row).expect("a row");
        let end = day + 1 + dice.below(365) as i32;
        t.execute(params![box_id.into_bytes(), login.into_bytes(), end - 365, end]).expect("a row");
        owed.execute(params![box_id.into_bytes(), end + 1, end + 91]).expect("a row");
        a.execute(params![address, tax, order.into_bytes(), box_id.into_bytes(), at]).expect("a row");
    }
}

/// The address of a mailbox of the million.
pub fn address(n: u64) -> String {
    format!("mario.rossi{n:07}@pec.example.it")
}
