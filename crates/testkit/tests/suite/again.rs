//! «Acquista di nuovo»: the former holder buys a mailbox that is gone again, and nobody else does.

use app::use_cases::{
    mailboxes::give_notice::{GiveNotice, give_notice},
    orders::buy_again::{again, buy_again},
};
use domain::{id::MailboxId, mailbox::termination::Kind, time::Date};
use store::{args, sql};
use testkit::{
    TestApp,
    builders::{self, Customer},
};

use crate::people::signed_in;

sql!(END_SALE = "UPDATE products SET sold_until_day = 1 WHERE code = 'standard'");
sql!(RESUME_SALE = "UPDATE products SET sold_until_day = NULL WHERE code = 'standard'");
sql!(CLOSE_DOMAIN = "UPDATE mail_domains SET on_sale = FALSE WHERE name = 'pec.example.it'");
sql!(OPEN_DOMAIN = "UPDATE mail_domains SET on_sale = TRUE WHERE name = 'pec.example.it'");
sql!(LIVING = "SELECT COUNT(*) FROM mailboxes WHERE address = 'giulia@pec.example.it' AND state = 'active'", i64);
sql!(
    TO_PROFILE = "UPDATE mailboxes SET holder_kind = 'profile', holder_id = $1, holder_tax_key = $2, holder_name = 'Mario Rossi'"
);
sql!(KEEP_FOR = "UPDATE addresses SET holder_tax_key = $1");

/// A mailbox that was removed since nobody renewed it.
async fn removed(app: &TestApp) -> (Customer, MailboxId) {
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    let giulia = builders::customer(app, 123_456, "BNCGLI90E45Z110X").await;
    let order = builders::order(&giulia, &["giulia"], "pec.example.it").await;
    let mailbox = builders::pay(app, order).await[0];
    app.settle().await;
    let given = GiveNotice {
        mailbox,
        kind: Kind::AtOnce,
        address: "giulia@pec.example.it".into(),
        content_saved: true,
        end: Date::parse_iso("2027-10-01"),
        ip: None,
        user_agent: None,
    };
    give_notice(&giulia.cx, given).await.expect("it is closed");
    app.settle().await;
    (giulia, mailbox)
}
async fn change(app: &TestApp, sql: &'static store::Sql) {
    app.cx.write(async move |tx| Ok(tx.run(sql, &[]).await?)).await.expect("it is written");
}

#[tokio::test]
async fn the_former_holder_gets_it_back_empty() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = removed(&app).await;
    let mut browser = signed_in(&app, giulia.login).await;
    let list = browser.get("/account/mailboxes?state=terminated").await;
    let card = format!("/account/mailboxes/{mailbox}");
    assert!(list.attrs("main a", "href").contains(&card), "the list finds it");
    let page = browser.get(&card).await;
    page.must_have("L’indirizzo è riservato a Giulia Bianchi").must_have("la casella arriva vuota");
    let review = browser.submit(&page, "/again", &[]).await;
    assert_eq!(review.path, "/order/review");
    review.must_have("giulia").must_have("Standard").must_have("La casella arriva vuota");
    let accepted = [("conditions", "yes"), ("unfair_terms", "yes"), ("confirm", "1")];
    let payment = browser.submit(&review, "/order/review", &accepted).await;
    assert!(payment.path.starts_with("/order/payment/"), "{} {}", payment.path, payment.text());
    // It is held by the order now: a second one is not begun.
    browser.get(&card).await.must_have("in un ordine che attende il pagamento");
    assert_eq!(buy_again(&giulia.cx, mailbox).await.expect_err("it is held").code, "again-taken");
    let order = payment.path.trim_start_matches("/order/payment/").parse().expect("an order");
    builders::pay_by_card(&app, &giulia, order).await;
    app.settle().await;
    assert_eq!(app.cx.store().one(&LIVING, &[]).await, Ok(1));
    assert_eq!(again(&giulia.cx, mailbox).await.expect_err("it lives").code, "again-taken");
    app.finish().await;
}

#[tokio::test]
async fn nobody_else_and_nothing_that_is_not_sold() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = removed(&app).await;
    let other = builders::customer(&app, 123_457, "RSSMRA80A01H501U").await;
    for cx in [&other.cx, &app.cx] {
        assert_eq!(buy_again(cx, mailbox).await.expect_err("not theirs").code, "not-found");
    }
    let code = async || again(&giulia.cx, mailbox).await.err().map(|p| p.code);
    assert_eq!(code().await, None);
    change(&app, &END_SALE).await;
    assert_eq!(code().await, Some("again-plan"));
    let mut browser = signed_in(&app, giulia.login).await;
    browser.get(&format!("/account/mailboxes/{mailbox}")).await.must_have("Il piano di prima non è più in vendita");
    change(&app, &RESUME_SALE).await;
    change(&app, &CLOSE_DOMAIN).await;
    assert_eq!(code().await, Some("again-domain"));
    change(&app, &OPEN_DOMAIN).await;
    // It belonged to somebody who is not in the book.
    let key = "RSSMRA79B11C566R";
    let moved = app.cx.write(async move |tx| Ok(tx.run(&TO_PROFILE, args![None::<uuid::Uuid>, key]).await?)).await;
    moved.expect("it is written");
    assert_eq!(code().await, Some("again-not-former"));
    let order = builders::order(&giulia, &["altra"], "pec.example.it").await;
    let living = builders::pay(&app, order).await[0];
    assert_eq!(again(&giulia.cx, living).await.expect_err("it lives").code, "again-lives");
    app.settle().await;
    app.finish().await;
}

#[tokio::test]
async fn a_profile_of_the_book_gets_its_own_back() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = removed(&app).await;
    let typed = domain::party::Typed::from_pairs(builders::MEMBER);
    let holder =
        app::use_cases::holders::new_holder::new_holder(&giulia.cx, domain::party::SubjectKind::Person, &typed);
    let (holder, key) = (holder.await.expect("it is saved"), "RSSMRA79B11C566R");
    let moved = app.cx.write(async move |tx| {
        tx.run(&TO_PROFILE, args![Some(holder.uuid()), key]).await?;
        Ok(tx.run(&KEEP_FOR, args![key]).await?)
    });
    moved.await.expect("it is written");
    let mut browser = signed_in(&app, giulia.login).await;
    let page = browser.get(&format!("/account/mailboxes/{mailbox}")).await;
    browser.submit(&page, "/again", &[]).await.must_have("Mario Rossi");
    // Back to the names: the name is still his, in this row.
    let names = browser.get("/order/names").await;
    let on = browser.submit(&names, "/order/names", &[]).await;
    assert_eq!(on.path, "/order/holders", "{}", on.text());
    let mut other = app.browser();
    let shop = other.get("/?name=giulia&domain=pec.example.it").await;
    shop.must_have("già");
    app.finish().await;
}
