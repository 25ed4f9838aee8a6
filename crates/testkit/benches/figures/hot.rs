//! One wallet that very many pay with at the same time: nobody is refused, and it never gives more than it has.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use domain::money::Money;

use crate::{
    addons::{Counter, MOST_GB, Sold, pg_members},
    measure::{Figure, Rounds, Stolen, together},
    members,
    place::connect,
    raw::addon::GROSS_CENTS,
    seed::{self, Bed},
    size,
};

const ROUNDS: usize = 5;
/// What the wallet still pays for when it is emptied.
const LAST: i64 = 100;
/// What is left then: less than another purchase.
const REST_CENTS: i64 = 1;

/// What is in a wallet.
enum Wallet {
    Lite(Bed),
    Postgres(tokio_postgres::Client),
}
impl Wallet {
    async fn balance(&self) -> Money {
        match self {
            Wallet::Lite(bed) => members::balance(&bed.connection(), seed::party(0)).0,
            Wallet::Postgres(c) => {
                let text = "SELECT posted_cents FROM ledger_accounts WHERE id = $1";
                let row = c.query_one(text, &[&members::wallet(seed::party(0))]).await.expect("the wallet is there");
                Money::cents(row.get(0))
            }
        }
    }
    /// Leaves so much in it, past the books: what follows is no part of them.
    async fn leave(&self, cents: i64) {
        let id = members::wallet(seed::party(0));
        match self {
            Wallet::Lite(bed) => {
                let text = "UPDATE ledger_accounts SET posted_cents = ?2 WHERE id = ?1";
                let c = bed.connection();
                c.busy_timeout(Duration::from_secs(5)).expect("a setting");
                assert_eq!(c.execute(text, rusqlite::params![id.as_bytes(), cents]).expect("a row"), 1);
            }
            Wallet::Postgres(c) => {
                let text = "UPDATE ledger_accounts SET posted_cents = $2 WHERE id = $1";
                assert_eq!(c.execute(text, &[&id, &cents]).await.expect("a row"), 1);
            }
        }
    }
}

/// On both engines.
pub async fn both() -> Vec<Figure> {
    vec![on_sqlite().await, on_postgres().await]
}

async fn on_sqlite() -> Figure {
    let stolen = Stolen::watch();
    let count = (size::mailboxes() / 2).min(size::for_turns(50_000));
    let bed = Bed::copy("w").await;
    members::one_with_many(&bed, count, enough(count));
    let store = bed.store().await;
    let counter = Counter::open(seed::cx(store.clone()), count);
    let figure = spend("sqlite", &counter, 64, &Wallet::Lite(bed), enough(count), &stolen).await;
    store.close().await;
    figure
}

async fn on_postgres() -> Figure {
    const CONNECTIONS: u64 = 8;
    let stolen = Stolen::watch();
    let count = size::for_turns(20_000);
    let (db, counter) = pg_members(count, CONNECTIONS as usize, true, enough(count)).await;
    let wallet = Wallet::Postgres(connect(&db).await);
    spend("postgres", &counter, CONNECTIONS, &wallet, enough(count), &stolen).await
}

/// Credit for everything that can be bought.
fn enough(mailboxes: u64) -> i64 {
    (mailboxes * MOST_GB) as i64 * GROSS_CENTS
}

async fn spend(
    engine: &'static str,
    counter: &Arc<Counter>,
    customers: u64,
    wallet: &Wallet,
    credit: i64,
    stolen: &Stolen,
) -> Figure {
    counter.check_price(members::mailbox(0)).await;
    let mut rounds = Rounds::default();
    let (bought, short) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let one = {
        let (counter, bought, short) = (counter.clone(), bought.clone(), short.clone());
        move || {
            let (counter, bought, short) = (counter.clone(), bought.clone(), short.clone());
            async move {
                match counter.buy().await {
                    Sold::Bought(_) => bought.fetch_add(1, Relaxed),
                    Sold::CreditShort => short.fetch_add(1, Relaxed),
                    Sold::Refused(why) => panic!("nobody is refused: {why}"),
                };
            }
        }
    };
    for _ in 0..ROUNDS {
        rounds.add_alone(together(customers, size::turn(), one.clone()).await);
    }
    eprintln!("hot_wallet: {:?}", counter.cx.store().stats());
    assert_eq!(short.load(Relaxed), 0, "there is credit for all");
    let spent = bought.swap(0, Relaxed) as i64 * GROSS_CENTS;
    assert_eq!(wallet.balance().await, Money::cents(credit - spent), "every purchase is debited once");
    // To the end of the credit: each is paid or refused, and the balance never falls below nothing.
    wallet.leave(LAST * GROSS_CENTS + REST_CENTS).await;
    while bought.load(Relaxed) + short.load(Relaxed) < 2 * LAST as u64 {
        together(customers, Duration::from_millis(20), one.clone()).await;
    }
    assert_eq!(bought.load(Relaxed), LAST as u64, "it pays for what it has");
    assert!(short.load(Relaxed) >= LAST as u64, "and for no more");
    assert_eq!(wallet.balance().await, Money::cents(REST_CENTS));
    rounds.alone("hot_wallet", engine, "purchases/s").stolen(stolen.percent())
}
