//! What must hold of money however it arrives: by a card, through PayPal, by a bank transfer. Told twice, in the wrong
//! order, or not at all and found later, an order is paid once and every cent is in the books.
//!
//! A means joins by implementing [`Arrivals`], over the whole platform, and by running
//! [`arrivals_conformance!`](crate::arrivals_conformance) in a test file.

use app::use_cases::orders::cancel_order::cancel_order;
use async_trait::async_trait;
use domain::{
    id::OrderId,
    ledger::{AccountKey, AccountKind},
};

use super::payment::RawEvent;
use crate::{
    TestApp,
    builders::{self, Customer},
};

/// What tells the platform that money came.
#[derive(Clone, Debug)]
pub enum News {
    /// Posted by a gateway.
    Event(RawEvent),
    /// A file of the bank.
    Statement(Vec<u8>),
}

/// A means of payment with the platform around it.
#[async_trait]
pub trait Arrivals: Send + Sync {
    fn app(&self) -> &TestApp;
    fn customer(&self) -> &Customer;
    /// The customer pays the order; answers what tells so, oldest first. Nothing is told yet.
    async fn pay(&self, order: OrderId) -> Vec<News>;
    /// It arrives; what was here before may be refused as such.
    async fn tell(&self, news: &News);
    /// The worker does what is due.
    async fn work(&self);
    /// What finds money that nobody told of: the gateway is asked, or a later statement holds it.
    async fn find(&self);
    /// What the customer has paid is taken only while it is wanted.
    fn takes_when_told(&self) -> bool {
        false
    }
}

/// The price of the sample's smallest plan, in cents.
const PRICE: i64 = 1208;

async fn order(a: &dyn Arrivals, name: &str) -> OrderId {
    let order = builders::order(a.customer(), &[name], "pec.example.it").await;
    a.work().await;
    order
}
async fn state(a: &dyn Arrivals, order: OrderId) -> String {
    store::orders::by_id(&mut a.app().cx.store(), order).await.expect("readable").expect("there").state
}
/// Everything is in the books, and this much became credit.
async fn books(a: &dyn Arrivals, credit: i64) {
    let checks = app::books::prove(&a.app().cx).await.expect("the books are read");
    assert!(checks.iter().all(|c| c.ok), "{checks:?}");
    let key = AccountKey::of(AccountKind::ExcessCredit, a.customer().party);
    let held = store::ledger::balance(&mut a.app().cx.store(), &key).await.expect("readable").posted_cents.as_cents();
    assert_eq!(held, credit, "cents of credit");
}

pub async fn told_twice(a: &dyn Arrivals) {
    let order = order(a, "due.volte").await;
    let news = a.pay(order).await;
    for _ in 0..2 {
        for one in &news {
            a.tell(one).await;
            a.tell(one).await;
        }
        a.work().await;
        assert_eq!(state(a, order).await, "completed");
    }
    books(a, 0).await;
}

pub async fn told_at_once(a: &dyn Arrivals) {
    let order = order(a, "insieme").await;
    let news = a.pay(order).await;
    for one in &news {
        tokio::join!(a.tell(one), a.tell(one), a.tell(one));
    }
    a.work().await;
    assert_eq!(state(a, order).await, "completed");
    books(a, 0).await;
}

pub async fn told_in_the_wrong_order(a: &dyn Arrivals) {
    let (first, second) = (order(a, "prima").await, order(a, "seconda").await);
    let mut news = a.pay(first).await;
    news.extend(a.pay(second).await);
    for one in news.iter().rev() {
        a.tell(one).await;
        a.work().await;
    }
    assert_eq!((state(a, first).await.as_str(), state(a, second).await.as_str()), ("completed", "completed"));
    books(a, 0).await;
}

pub async fn lost_and_found(a: &dyn Arrivals) {
    let order = order(a, "persa").await;
    let lost = a.pay(order).await;
    a.work().await;
    assert_eq!(state(a, order).await, "awaiting_payment", "nobody has told it");
    a.find().await;
    a.work().await;
    assert_eq!(state(a, order).await, "completed");
    // What was lost arrives after all.
    for one in &lost {
        a.tell(one).await;
    }
    a.find().await;
    a.work().await;
    assert_eq!(state(a, order).await, "completed");
    books(a, 0).await;
}

pub async fn told_after_the_order_was_cancelled(a: &dyn Arrivals) {
    let order = order(a, "annullata").await;
    let news = a.pay(order).await;
    cancel_order(&a.customer().cx, order).await.expect("nothing is known to be paid");
    a.work().await;
    for one in news.iter().chain(&news) {
        a.tell(one).await;
    }
    a.work().await;
    assert_eq!(state(a, order).await, "cancelled", "never a silent activation");
    books(a, if a.takes_when_told() { 0 } else { PRICE }).await;
}

/// The suite as tests of a module of the calling file: `arrivals_conformance!(name, expression making the means)`.
#[macro_export]
macro_rules! arrivals_conformance {
    ($means:ident, $made:expr) => {
        $crate::arrivals_conformance!(@ $means, $made;
            told_twice, told_at_once, told_in_the_wrong_order, lost_and_found, told_after_the_order_was_cancelled);
    };
    (@ $means:ident, $made:expr; $($case:ident),*) => {
        mod $means {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let means = $made.await;
                    $crate::conformance::arrivals::$case(&means).await;
                }
            )*
        }
    };
}
