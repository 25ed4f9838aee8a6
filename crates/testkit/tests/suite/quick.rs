//! Payment by order number, without signing in: what is told, to whom, and what does not follow.

use axum::http::StatusCode;
use domain::id::AttemptId;
use ports::payment::PlayGateway;
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::{
    people::signed_in,
    transfers::{mails, ordered, proved, shop, state},
};

const TAX: &str = "BNCGLI85A41H501F";

async fn look(browser: &mut Browser, number: &str, tax: &str) -> Page {
    let page = browser.get("/pay").await;
    browser.submit(&page, "/pay", &[("number", number), ("tax_number", tax)]).await
}
fn attempt(page: &Page) -> AttemptId {
    let found = page.path.rsplit('/').next().and_then(|id| id.parse().ok());
    found.unwrap_or_else(|| panic!("an attempt in {}", page.path))
}

store::sql!(RENEWALS = "SELECT COUNT(*) AS count FROM terms WHERE auto_renew OR method_id IS NOT NULL", i64);
store::sql!(KEPT = "SELECT COUNT(*) AS count FROM methods", i64);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_knows_both_numbers_pays_and_nothing_renews() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (order, number) = ordered(&app, &customer, "contratti.bianchi").await;
    assert!(app.mailer.sent().iter().any(|m| m.text.contains("/pay")), "the mail of the order leads there");
    let mut browser = app.browser();
    browser.get("/login").await.must_have("Paga un ordine senza accedere");
    let page = look(&mut browser, &format!(" {number} "), "bncgli85a41 h501f").await;
    page.must_have("€12,08").must_have("In attesa di pagamento");
    for personal in ["Bianchi", "contratti", "example.org"] {
        assert!(!page.body.contains(personal), "{personal} is told");
    }
    let bank = browser.submit(&page, "/pay/start", &[("means", "card")]).await;
    let first = attempt(&bank);
    // A second tab, pressed twice, comes to the same page.
    let again = look(&mut browser, &number, TAX).await;
    assert_eq!(attempt(&browser.submit(&again, "/pay/start", &[("means", "card")]).await), first);
    let told = app.gateway.page(first).expect("the bank knows it");
    assert!(told.return_url.ends_with(&format!("/pay/{first}?back=1")), "{}", told.return_url);
    app.gateway.choose(first, "approve").expect("the bank says yes");
    browser.get(&format!("/pay/{first}?back=1")).await.must_have("Aspettiamo la risposta");
    app.settle().await;
    let done = browser.get(&format!("/pay/{first}")).await;
    done.must_have("Pagamento registrato");
    assert!(!done.body.contains("contratti"));
    let row = state(&app, order).await;
    assert_eq!((row.state.as_str(), row.payment_method.as_str()), ("completed", "quick"));
    assert_eq!(app.cx.store().one(&RENEWALS, &[]).await.expect("read"), 0, "nothing renews by itself");
    assert_eq!(app.cx.store().one(&KEPT, &[]).await.expect("read"), 0, "nothing is stored");
    look(&mut browser, &number, TAX).await.must_have("nulla da pagare");
    let mut own = signed_in(&app, customer.login).await;
    own.get(&format!("/account/orders/{order}")).await.must_have("Pagamento veloce");
    assert!(!mails(&app).is_empty());
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mismatch_is_one_answer_and_guessing_is_slow() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (_, number) = ordered(&app, &customer, "contratti.bianchi").await;
    let mut browser = app.browser();
    let mut answers = Vec::new();
    for (n, tax) in [(number.as_str(), "RSSMRA80A01H501U"), ("2026-999999", TAX), ("<script>", "'; --")] {
        let page = look(&mut browser, n, tax).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.must_have("Non troviamo un ordine con questi due numeri");
        answers.push(page.texts(".cl-summary").join(" "));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    look(&mut browser, "", "").await.must_have("Scrivi il numero dell’ordine");
    // After three failures for a number, knowing the right answer needs a proof too.
    for _ in 0..2 {
        look(&mut browser, &number, "RSSMRA80A01H501U").await;
    }
    let mut refused = false;
    for _ in 0..3 {
        refused |= look(&mut browser, &number, TAX).await.status != StatusCode::OK;
    }
    assert!(refused, "guessing goes on without a proof");
    // The page of a payment that was begun by its customer is nobody's who only knows its address.
    builders::pay_by_card(&app, &customer, ordered(&app, &customer, "amministrazione").await.0).await;
    for nonsense in ["/pay/x", "/pay/pay_01980000000070008000000000000001"] {
        assert_eq!(browser.get(nonsense).await.status, StatusCode::NOT_FOUND);
    }
    app.settle().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_customers_own_page_and_a_quick_one_do_not_mix() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (order, number) = ordered(&app, &customer, "contratti.bianchi").await;
    let mut own = signed_in(&app, customer.login).await;
    let page = own.get(&format!("/order/payment/{order}")).await;
    let first = attempt(&own.submit(&page, &format!("/order/payment/{order}"), &[("means", "card")]).await);
    let mut stranger = app.browser();
    assert_eq!(stranger.get(&format!("/pay/{first}")).await.status, StatusCode::NOT_FOUND);
    let page = look(&mut stranger, &number, TAX).await;
    let second = attempt(&stranger.submit(&page, "/pay/start", &[("means", "card")]).await);
    assert_ne!(first, second, "the customer's page knows more than a stranger may see");
    // While the bank works on one, the other is not begun.
    app.gateway.choose(second, "never_answer").expect("the bank is slow");
    stranger.get(&format!("/pay/{second}?back=1")).await;
    app.settle().await;
    let page = own.get(&format!("/order/payment/{order}")).await;
    page.must_have("non pagare di nuovo");
    app.gateway.choose(second, "approve").expect("at last");
    app.gateway.choose(first, "approve").expect("the other tab pays too");
    app.clock.advance_us(3_600_000_000);
    app.worker.reconcile_all().await.expect("the reconcilers run");
    app.settle().await;
    assert_eq!(state(&app, order).await.state, "completed");
    proved(app).await;
}
