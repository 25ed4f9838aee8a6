//! Credit of earlier payments: it pays orders, wholly or in part, and is lost after twelve months.

use app::use_cases::{
    orders::cancel_order::cancel_order,
    payments::{Means, ask_now::ask_now, open_checkout, refund::refund_order, use_credit::use_credit},
    transfers::book_by_hand::book_by_hand,
};
use domain::{
    id::OrderId,
    ledger::{AccountKey, AccountKind},
    money::Money,
    time::DAY_US,
};
use testkit::{
    TestApp,
    builders::{self, Customer},
};

use crate::{
    people::signed_in,
    transfers::{by_hand, mails, ordered, proved, shop, state},
};

async fn credit(app: &TestApp, customer: &Customer) -> i64 {
    let key = AccountKey::of(AccountKind::ExcessCredit, customer.party);
    store::ledger::balance(&mut app.cx.store(), &key).await.expect("readable").posted_cents.as_cents()
}

/// A customer to whom a transfer for a cancelled order left so much credit.
async fn with_credit(app: &TestApp, euros: &str) -> Customer {
    let customer = shop(app).await;
    let (order, number) = ordered(app, &customer, "cancellata").await;
    cancel_order(&customer.cx, order).await.expect("it can be cancelled");
    book_by_hand(&app.cx, &by_hand(&number, euros, "LATE-1")).await.expect("it is booked");
    app.settle().await;
    customer
}

async fn attempt_of(app: &TestApp, order: OrderId) -> domain::id::AttemptId {
    store::payments::refundable(&mut app.cx.store(), order).await.expect("readable")[0].id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_pays_a_whole_order_from_the_page_and_comes_back_when_that_is_refunded() {
    let app = TestApp::new().await;
    let customer = with_credit(&app, "20,00").await;
    let (order, _) = ordered(&app, &customer, "contratti.bianchi").await;
    let mut browser = signed_in(&app, customer.login).await;
    let page = browser.get(&format!("/order/payment/{order}")).await;
    page.must_have("Hai €20,00 di credito da pagamenti precedenti").must_have("Basta per tutto l’ordine");
    browser.get("/account/methods").await.must_have("Hai €20,00, da usare entro il");
    // What was shown is what is taken.
    let fields = [("means", "credit"), ("credit", "1")];
    let refused = browser.submit(&page, &format!("/order/payment/{order}"), &fields).await;
    refused.must_have("Il tuo credito è cambiato nel frattempo");
    let fields = [("means", "credit"), ("credit", "1208")];
    let paid = browser.submit(&page, &format!("/order/payment/{order}"), &fields).await;
    paid.must_have("€12,08 di credito usati");
    app.settle().await;
    let row = state(&app, order).await;
    assert_eq!((row.state.as_str(), row.payment_method.as_str()), ("completed", "credit"));
    assert_eq!(credit(&app, &customer).await, 792);
    // The button pressed again, in the other tab.
    browser.submit(&page, &format!("/order/payment/{order}"), &fields).await;
    assert_eq!(credit(&app, &customer).await, 792);
    refund_order(&app.cx, attempt_of(&app, order).await, Money::cents(500)).await.expect("it is given back");
    app.settle().await;
    assert_eq!(credit(&app, &customer).await, 1292);
    let again = refund_order(&app.cx, attempt_of(&app, order).await, Money::cents(709)).await;
    assert!(again.expect_err("so much is not left").is("refund-too-much"));
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dearer_order_gets_what_there_is_and_the_card_pays_the_rest() {
    let app = TestApp::new().await;
    let customer = with_credit(&app, "5,00").await;
    let (order, number) = ordered(&app, &customer, "contratti.bianchi").await;
    let mut browser = signed_in(&app, customer.login).await;
    let page = browser.get(&format!("/order/payment/{order}")).await;
    page.must_have("paghi €5,00 con il credito e €7,08 con un altro mezzo");
    let whole = use_credit(&customer.cx, order, Money::cents(500)).await.expect("it is used");
    assert!(!whole);
    let again = use_credit(&customer.cx, order, Money::cents(500)).await.expect_err("there is none left");
    assert!(again.is("credit-changed"));
    app.settle().await;
    let page = browser.get(&format!("/order/payment/{order}")).await;
    page.must_have("Mancano €7,08");
    assert!(!page.body.contains("di credito da pagamenti precedenti"), "none is left");
    assert_eq!(page.texts("#transfer-reason"), [format!("integrazione {number}")]);
    let url = open_checkout(&customer.cx, &app.ports, order, Means::Card).await.expect("a page");
    browser.get(&url).await.must_have("€7,08");
    builders::play(&app, &url, "approve").await;
    app.settle().await;
    let row = state(&app, order).await;
    assert_eq!((row.state.as_str(), row.payment_method.as_str()), ("completed", "card"));
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_kept_from_others_and_from_orders_that_are_not_payable() {
    let app = TestApp::new().await;
    let customer = with_credit(&app, "20,00").await;
    let other = builders::customer(&app, 100_002, "RSSMRA80A01H501U").await;
    let (order, _) = ordered(&app, &customer, "contratti.bianchi").await;
    let amount = Money::cents(1208);
    let theirs = use_credit(&other.cx, order, amount).await.expect_err("not theirs");
    assert_eq!(theirs.kind, app::problem::ProblemKind::NotFound);
    // While the bank is at work nothing else pays.
    let url = open_checkout(&customer.cx, &app.ports, order, Means::Card).await.expect("a page");
    builders::play(&app, &url, "delay").await;
    ask_now(&customer.cx, order).await.expect("it is asked about");
    app.settle().await;
    let waits = use_credit(&customer.cx, order, amount).await.expect_err("a payment is under way");
    assert!(waits.is("payment-under-way"), "{waits:?}");
    app.settle().await;
    let (order, _) = ordered(&app, &customer, "amministrazione").await;
    cancel_order(&customer.cx, order).await.expect("it can be cancelled");
    let closed = use_credit(&customer.cx, order, amount).await.expect_err("closed");
    assert!(closed.is("order-not-payable"));
    // Two tabs at once: one order is paid once.
    let (order, _) = ordered(&app, &customer, "segreteria").await;
    let (a, b) = tokio::join!(use_credit(&customer.cx, order, amount), use_credit(&customer.cx, order, amount));
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
    assert_eq!(credit(&app, &customer).await, 2000 - 1208);
    app.settle().await;
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_told_a_month_before_it_is_lost() {
    let app = TestApp::new().await;
    let customer = with_credit(&app, "20,00").await;
    let (order, _) = ordered(&app, &customer, "contratti.bianchi").await;
    use_credit(&customer.cx, order, Money::cents(1208)).await.expect("it is used");
    app.settle().await;
    let told = |app: &TestApp| mails(app).iter().filter(|s| s.contains("Credito di €7,92")).count();
    app.clock.advance_us(334 * DAY_US);
    app.settle().await;
    assert_eq!(told(&app), 0);
    app.clock.advance_us(2 * DAY_US);
    app.settle().await;
    assert_eq!((told(&app), credit(&app, &customer).await), (1, 792));
    app.clock.advance_us(28 * DAY_US);
    app.settle().await;
    assert_eq!(credit(&app, &customer).await, 792, "its last day is not over");
    app.clock.advance_us(3 * DAY_US);
    app.settle().await;
    assert_eq!(credit(&app, &customer).await, 0);
    app.clock.advance_us(400 * DAY_US);
    app.settle().await;
    assert_eq!((told(&app), credit(&app, &customer).await), (1, 0));
    proved(app).await;
}
