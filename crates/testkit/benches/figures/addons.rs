//! Add-ons bought with credit through the use case, beside the raw rows.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use app::{
    Cx,
    use_cases::addons::buy_addon::{self, BuyAddon, buy_addon},
};
use domain::{actor::Actor, id::MailboxId, money::Money};
use store::{Options, addons as rows, testing::TestDb};

use crate::{
    measure::{Figure, Pass, Rounds, Stolen, pass, together},
    members, pgseed,
    place::{GROUP, connect},
    raw::{
        addon::{ACT, GROSS_CENTS},
        rows::{Given, Lite, Postgres},
    },
    seed::{self, Bed},
    size,
};

const ROUNDS: usize = 5;
const SERVICE: &str = "extra_space";
/// Most GB that a mailbox of the sample agreement may have.
pub const MOST_GB: u64 = 5;

/// Where holders buy one GB after the other, scattered: every mailbox its first one, then every mailbox its second.
pub struct Counter {
    pub cx: Cx,
    mailboxes: u64,
    next: AtomicU64,
}

/// What came of one purchase.
#[derive(Debug)]
pub enum Sold {
    Bought(uuid::Uuid),
    CreditShort,
    /// Anything else that was refused.
    Refused(String),
}

impl Counter {
    pub fn open(cx: Cx, mailboxes: u64) -> Arc<Self> {
        Arc::new(Self { cx, mailboxes, next: AtomicU64::new(0) })
    }
    /// The price that the raw rows have too.
    pub async fn check_price(&self, mailbox: MailboxId) {
        let mut store = self.cx.store();
        let buyer = rows::buyer(&mut store, mailbox).await.expect("a read").expect("it is under the agreement");
        let offers = rows::offers(&mut store, &buyer, self.cx.now()).await.expect("a read");
        let offer = offers.iter().find(|o| o.service == SERVICE).expect("it is sold");
        let quote = buy_addon::price(&self.cx, &buyer, offer, 1).expect("it has a price");
        assert_eq!(quote.gross, Money::cents(GROSS_CENTS), "paid for a year");
    }
    pub async fn buy(&self) -> Sold {
        let n = self.next.fetch_add(1, Relaxed);
        let have_gb = n / self.mailboxes;
        assert!(have_gb < MOST_GB, "there are enough mailboxes");
        let mailbox = members::mailbox(members::turn_of(n, self.mailboxes));
        let input = BuyAddon {
            mailbox,
            service: SERVICE.into(),
            gb: 1,
            shown: Money::cents(GROSS_CENTS),
            have_gb: have_gb as i64,
            key: format!("bench{n:011}"),
        };
        match buy_addon(&self.cx.by(Actor::Mailbox { mailbox }), input).await {
            Ok(bought) => {
                assert!(!bought.already, "forms are sent once");
                Sold::Bought(bought.order.uuid())
            }
            Err(p) if p.is("credit-short") => Sold::CreditShort,
            Err(p) => Sold::Refused(p.to_string()),
        }
    }
    /// Buys what must be sold.
    async fn must_buy(&self) -> uuid::Uuid {
        match self.buy().await {
            Sold::Bought(order) => order,
            other => panic!("it is sold: {other:?}"),
        }
    }
}

async fn buy(counter: &Arc<Counter>, holders: u64) -> Pass {
    let counter = counter.clone();
    let one = move || {
        let counter = counter.clone();
        async move {
            counter.must_buy().await;
        }
    };
    together(holders, size::turn(), one).await
}

/// A database in which each of `count` holders has one mailbox under the agreement, and credit.
async fn members_only(tag: &'static str, count: u64) -> Bed {
    let bed = Bed::copy(tag).await;
    members::each_with_credit(&bed, count);
    bed
}

/// The raw side on SQLite, over a copy in which the product has sold one add-on.
struct RawLite {
    _bed: Bed,
    program: Lite,
    holders: std::ops::Range<u64>,
    count: u64,
}
impl RawLite {
    async fn open(count: u64) -> Self {
        let bed = members_only("r", count).await;
        let store = bed.store().await;
        let counter = Counter::open(seed::cx(store.clone()), count);
        counter.check_price(members::mailbox(0)).await;
        let order = counter.must_buy().await;
        store.close().await;
        let program = Lite::new(bed.connection(), &ACT, order, &members::given(0));
        Self { program, holders: 1..count, count, _bed: bed }
    }
    fn turn(&mut self, group: usize) -> Pass {
        pass(size::turn(), || {
            let turns = self.holders.by_ref().take(group);
            let acts: Vec<Given> = turns.map(|n| members::given(members::turn_of(n, self.count))).collect();
            assert_eq!(acts.len(), group, "enough holders");
            self.program.write(&acts);
            group as u64
        })
    }
}

async fn on_sqlite(name: &'static str, holders: u64, group: usize) -> Vec<Figure> {
    let stolen = Stolen::watch();
    let count = size::logins().min(size::for_turns(250_000));
    let mut raw = RawLite::open(count).await;
    let bed = members_only("p", count).await;
    let store = bed.store().await;
    let counter = Counter::open(seed::cx(store.clone()), count);
    eprintln!("{name}: {} rows a purchase", raw.program.rows());
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let theirs = raw.turn(group);
        rounds.add(theirs, buy(&counter, holders).await);
    }
    store.close().await;
    vec![rounds.figure(name, "sqlite", "purchases/s").stolen(stolen.percent())]
}

/// One holder after the other; every purchase has a commit of its own.
pub async fn one_by_one() -> Vec<Figure> {
    on_sqlite("addon_credit_one", 1, 1).await
}
/// 64 holders who share commits.
pub async fn at_once() -> Vec<Figure> {
    on_sqlite("addon_credit_64", 64, GROUP).await
}

/// Holders on PostgreSQL: each with credit of his own, or all the first one's.
pub async fn pg_members(mailboxes: u64, connections: usize, shared: bool, cents: i64) -> (TestDb, Arc<Counter>) {
    let options = Options { connections, ..Options::default() };
    let db = pgseed::filled(2 * mailboxes, options).await;
    members::on_postgres(&db, mailboxes, shared, cents).await;
    let counter = Counter::open(seed::cx(db.store.clone()), mailboxes);
    (db, counter)
}

/// Eight connections on PostgreSQL, beside the same rows sent in one flight each.
pub async fn on_postgres() -> Vec<Figure> {
    const CONNECTIONS: u64 = 8;
    let stolen = Stolen::watch();
    let count = size::for_turns(60_000);
    let (raw_db, raw_counter) = pg_members(count, CONNECTIONS as usize, false, members::CREDIT_CENTS).await;
    raw_counter.check_price(members::mailbox(0)).await;
    let order = raw_counter.must_buy().await;
    let mut programs = Vec::new();
    for _ in 0..CONNECTIONS {
        programs.push(Arc::new(Postgres::new(connect(&raw_db).await, &ACT, order, &members::given(0)).await));
    }
    let (_db, counter) = pg_members(count, CONNECTIONS as usize, false, members::CREDIT_CENTS).await;
    eprintln!("addon_credit_8: {} rows a purchase", programs[0].rows());
    let serial = Arc::new(AtomicU64::new(1));
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        let given = move |n| members::given(members::turn_of(n, count));
        let theirs = Postgres::turn(&programs, &serial, size::turn(), given).await;
        assert!(serial.load(Relaxed) < count, "enough holders");
        rounds.add(theirs, buy(&counter, CONNECTIONS).await);
    }
    eprintln!("{:?}", counter.cx.store().stats());
    vec![rounds.figure("addon_credit_8", "postgres", "purchases/s").stolen(stolen.percent())]
}
