//! Withdrawal of consumers (Consumer code art. 54-bis): found, stated, confirmed, acknowledged; the money goes back.

use app::{fixtures, queries::withdrawals};
use domain::{id::OrderId, money::Money};
use store::{args, sql};
use testkit::{
    TestApp,
    builders::{self, Customer},
};

use crate::people::signed_in;

sql!(STATES = "SELECT state FROM mailboxes WHERE order_id = $1 ORDER BY address", String);
sql!(MAKE_COMPANY = "UPDATE orders SET billing = $2 WHERE id = $1");
sql!(LINES = "SELECT COUNT(*) FROM audit_lines WHERE subject_id = $1 AND action = 'order.withdrawn'", i64);

async fn bought(app: &TestApp, names: &[&str]) -> (Customer, OrderId) {
    fixtures::load_catalogue(&app.cx).await.unwrap();
    let customer = builders::customer(app, 100_700, "RSSMRA80A01H501U").await;
    let order = builders::order(&customer, names, fixtures::DOMAINS[0]).await;
    (customer, order)
}

/// Pays at the simulated gateway and lets everything that follows happen.
async fn paid(app: &TestApp, customer: &Customer, order: OrderId) {
    builders::pay_by_card(app, customer, order).await;
    app.settle().await;
}

#[tokio::test]
async fn a_consumer_states_confirms_and_gets_his_money_back() {
    let app = TestApp::new().await;
    let (customer, order) = bought(&app, &["recesso.uno", "recesso.due"]).await;
    paid(&app, &customer, order).await;
    let mut browser = signed_in(&app, customer.login).await;
    // It is found from every page, from the list and from the order.
    let home = browser.get("/account").await;
    assert!(home.attrs("footer a", "href").contains(&"/account/withdrawal".to_owned()));
    let list = browser.get("/account/withdrawal").await;
    list.must_have("Recedi dal contratto qui").must_have("15/10/2026");
    let address = format!("/account/orders/{order}/withdraw");
    assert!(browser.get(&format!("/account/orders/{order}")).await.attrs("main a", "href").contains(&address));
    let form = browser.get(&address).await;
    form.must_have("Le 2 caselle si chiudono subito").must_have("recesso.uno");
    // What is missing or wrong is asked again, with what was typed.
    let again = browser.submit(&form, "withdraw", &[("name", "  "), ("email", "nessuno")]).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.attrs("#email", "value"), ["nessuno"]);
    again.must_have("Conferma di aver salvato i contenuti");
    let filled = [("name", "Giulia Bianchi"), ("email", "conferma@example.org"), ("saved", "yes")];
    let check = browser.submit(&again, "withdraw", &filled).await;
    check.must_have("Confermi il recesso?").must_have("conferma@example.org").must_have("€24,16");
    assert!(app.mailer.to("conferma@example.org", "").is_empty(), "nothing happens before the confirmation");
    assert!(withdrawals::of_order(&app.cx, order).await.unwrap().is_none());
    let done = browser.submit(&check, "withdraw", &[("confirm", "1")]).await;
    done.must_have("Recesso ricevuto per l’ordine").must_have("entro il 15 ottobre 2026");
    // The same again, from the page that is still open in another tab.
    browser.submit(&check, "withdraw", &[("confirm", "1")]).await.must_have("Hai già esercitato il recesso");
    app.settle().await;

    let mails = app.mailer.to("conferma@example.org", "");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].subject.contains("Recesso ricevuto"), "{}", mails[0].subject);
    for words in ["Giulia Bianchi", "1/10/2026, 09:00:00", "recesso.due@", "€24,16", "15/10/2026"] {
        assert!(mails[0].text.contains(words), "«{words}» is not in\n{}", mails[0].text);
    }
    assert_eq!(app.cx.store().all(&STATES, args![order]).await.unwrap(), ["terminated", "terminated"]);
    assert_eq!(app.cx.store().one(&LINES, args![order.uuid()]).await.unwrap(), 1);
    app.settle().await;
    let kept = withdrawals::of_order(&app.cx, order).await.unwrap().expect("it is kept");
    assert_eq!((kept.refund_cents, kept.returned_cents), (Money::cents(2416), Money::cents(2416)));
    browser.get(&format!("/account/orders/{order}")).await.must_have("Rimborso di €24,16 effettuato");
    browser.get("/account/withdrawal").await.must_have("Nessun ordine degli ultimi 14 giorni");
    let wrong: Vec<_> = app::queries::checks::all(&app.cx).await.unwrap().into_iter().filter(|c| !c.ok).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    app.finish().await;
}

#[tokio::test]
async fn an_unpaid_order_is_cancelled_by_it() {
    let app = TestApp::new().await;
    let (customer, order) = bought(&app, &["recesso.tre"]).await;
    let mut browser = signed_in(&app, customer.login).await;
    let address = format!("/account/orders/{order}/withdraw");
    let form = browser.get(&address).await;
    let check = browser.submit(&form, "withdraw", &[]).await;
    check.must_have("Non hai pagato nulla");
    let done = browser.submit(&check, "withdraw", &[("confirm", "1")]).await;
    done.must_have("Annullato").must_have("Hai esercitato il recesso");
    app.settle().await;
    assert!(
        app.mailer.to("customer100700@example.org", "Recesso").iter().any(|m| m.text.contains("l’ordine è annullato"))
    );
    app.advance_days(31).await;
    app.finish().await;
}

#[tokio::test]
async fn it_ends_with_the_fourteenth_day_and_is_for_consumers_only() {
    let app = TestApp::new().await;
    let (customer, order) = bought(&app, &["recesso.quattro"]).await;
    let address = format!("/account/orders/{order}/withdraw");
    let somebody = builders::customer(&app, 100_701, "BNCGLI85M41H501T").await;
    let mut other = signed_in(&app, somebody.login).await;
    assert_eq!(other.get(&address).await.status, 404, "an order of somebody else is not there");
    app.advance_days(14).await;
    let mut browser = signed_in(&app, customer.login).await;
    browser.get(&address).await.must_have("Recedi dall’ordine");
    app.advance_days(1).await;
    let mut browser = signed_in(&app, customer.login).await;
    browser.get(&address).await.must_have("Sono passati più di 14 giorni");

    let order = builders::order(&customer, &["recesso.cinque"], fixtures::DOMAINS[0]).await;
    let billing = r#"{"kind":"sole_trader","name":"Bianchi","vat_number":"00743110157"}"#;
    app.cx
        .write(async move |tx| Ok::<_, app::Problem>(tx.run(&MAKE_COMPANY, args![order, billing]).await?))
        .await
        .unwrap();
    let mut browser = signed_in(&app, customer.login).await;
    let address = format!("/account/orders/{order}/withdraw");
    browser.get(&address).await.must_have("vale per le persone fisiche senza partita IVA");
    assert!(!browser.get(&format!("/account/orders/{order}")).await.has("Recedi dal contratto qui"));
}
