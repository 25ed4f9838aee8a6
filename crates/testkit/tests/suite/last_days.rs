//! The last ten days in which an expired mailbox can be renewed: only methods that register the payment at once.

use app::use_cases::{
    renewals::{
        choose_plan::Choice,
        place_renewal::{PlaceRenewal, place_renewal},
    },
    transfers::book_by_hand::book_by_hand,
};
use domain::{
    id::{MailboxId, OrderId},
    money::Money,
    time::Date,
};
use store::sql;
use testkit::{
    TestApp,
    builders::{self, Customer},
};

use crate::{
    people::signed_in,
    transfers::{by_hand, ordered, shop, state},
};

sql!(STATES = "SELECT state FROM mailboxes", String);
sql!(ONE = "SELECT id FROM mailboxes", MailboxId);
sql!(RENEWAL = "SELECT id FROM orders WHERE kind = 'renewal'", OrderId);
sql!(MANUAL = "UPDATE obligations SET way = 'manual', due_day = period_start + 90 WHERE state = 'open'");

fn day(iso: &str) -> Date {
    Date::parse_iso(iso).expect("a date")
}

/// A mailbox that ended on 1 October 2027: day 80 is 20 December, the last one the 30th.
async fn expired(app: &TestApp, on: &str) -> (Customer, MailboxId) {
    let customer = shop(app).await;
    let (order, _) = ordered(app, &customer, "giulia").await;
    builders::pay(app, order).await;
    app.settle().await;
    app.cx.write(async move |tx| Ok(tx.run(&MANUAL, &[]).await?)).await.expect("renewed by hand");
    app.clock.set(day(on).at(9, 0));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    let mailbox = app.cx.store().one(&ONE, &[]).await.expect("one mailbox");
    (customer, mailbox)
}
fn by_transfer(mailbox: MailboxId) -> PlaceRenewal {
    PlaceRenewal {
        mailbox,
        choice: Choice::default(),
        accept_losses: false,
        years: 1,
        payment_method: "bank_transfer".into(),
        shown: Money::cents(1208),
        accept_conditions: true,
        accept_unfair_terms: true,
        ip: None,
        user_agent: None,
    }
}

/// The text of the last mail to the customer, in one line.
async fn last_mail(app: &TestApp) -> String {
    let mail = app.mailer.to("customer100001@example.org", "").pop().expect("something was told");
    mail.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn from_day_eighty_on_a_transfer_is_neither_offered_nor_taken() {
    let app = TestApp::new().await;
    let (customer, mailbox) = expired(&app, "2027-12-20").await;
    let mut browser = signed_in(&app, customer.login).await;
    let page = browser.get(&format!("/account/mailboxes/{mailbox}/renew")).await;
    page.must_have("entro il 30 dicembre 2027").must_have("Un bonifico registrato dopo quel giorno");
    assert!(!page.attrs("input[name=method]", "value").contains(&"bank_transfer".to_owned()));
    let tampered = [("method", "bank_transfer"), ("conditions", "yes"), ("unfair_terms", "yes"), ("confirm", "1")];
    let told = browser.submit(&page, "/renew", &tampered).await;
    assert_eq!(told.status, 422);
    told.must_have("Il bonifico arriverebbe tardi per questa casella");
    let refused = place_renewal(&customer.cx, by_transfer(mailbox)).await.expect_err("too slow");
    assert_eq!(refused.fields[0].code, "method-too-slow");
    let placed = browser.submit(&page, "/renew", &tampered[1..]).await;
    placed.must_have("entro il 30 dicembre 2027");
    assert!(!placed.has("Preferisci il bonifico?") && !placed.has("IBAN"));
    app.settle().await;
    let mail = last_mail(&app).await;
    assert!(mail.contains("paga con un metodo immediato, carta o PayPal, entro il 30 dicembre 2027"), "{mail}");
    app.finish().await;
}

#[tokio::test]
async fn an_order_that_waits_for_a_transfer_is_paid_otherwise_or_by_its_number() {
    for quick in [false, true] {
        let app = TestApp::new().await;
        let (customer, mailbox) = expired(&app, "2027-12-19").await;
        let order = place_renewal(&customer.cx, by_transfer(mailbox)).await.expect("day 79");
        app.settle().await;
        let mut browser = signed_in(&app, customer.login).await;
        let path = format!("/order/payment/{order}");
        browser.get(&path).await.must_have("IBAN");
        app.clock.set(day("2027-12-20").at(9, 0));
        let mut browser = signed_in(&app, customer.login).await;
        browser.get(&format!("/account/orders/{order}")).await.must_have("entro il 30 dicembre 2027");
        let page = browser.get(&path).await;
        page.must_have("entro il 30 dicembre 2027").must_have("Un bonifico registrato dopo quel giorno");
        assert!(!page.has("IBAN"), "{}", page.text());
        if quick {
            let mut anybody = app.browser();
            let ask = anybody.get("/pay").await;
            let number = state(&app, order).await.number;
            let numbers = [("number", number.as_str()), ("tax_number", "BNCGLI85A41H501F")];
            let known = anybody.submit(&ask, "/pay", &numbers).await;
            let bank = anybody.submit(&known, "/pay/start", &[("means", "card")]).await;
            builders::approve(&app, &bank.path).await;
        } else {
            let bank = browser.submit(&page, &path, &[("means", "card")]).await;
            builders::approve(&app, &bank.path).await;
        }
        app.settle().await;
        assert_eq!(state(&app, order).await.state, "completed");
        assert_eq!(app.cx.store().all(&STATES, &[]).await, Ok(vec!["active".to_owned()]));
        app.finish().await;
    }
}

#[tokio::test]
async fn the_reminder_says_so_and_a_transfer_after_day_ninety_is_credit() {
    let app = TestApp::new().await;
    let (customer, mailbox) = expired(&app, "2027-12-18").await;
    let order = place_renewal(&customer.cx, by_transfer(mailbox)).await.expect("day 78");
    app.clock.set(day("2027-12-21").at(12, 0));
    app.settle().await;
    let mail = last_mail(&app).await;
    assert!(mail.contains("entro il 30 dicembre 2027. Un bonifico registrato dopo quel giorno arriva tardi"), "{mail}");
    app.clock.set(day("2027-12-31").at(1, 0));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    assert_eq!(state(&app, order).await.state, "cancelled");
    let number = state(&app, app.cx.store().one(&RENEWAL, &[]).await.expect("one")).await.number;
    book_by_hand(&app.cx, &by_hand(&number, "12,08", "CRO12345")).await.expect("it is booked");
    app.settle().await;
    assert_eq!(app.cx.store().all(&STATES, &[]).await, Ok(vec!["cancelled".to_owned()]), "no silent return");
    let told = last_mail(&app).await;
    assert!(told.contains("credito"), "{told}");
    app.finish().await;
}
