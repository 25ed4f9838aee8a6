//! The pages of an order under rough use: two tabs, a changed price, texts that are none, bodies too large.

use app::{Problem, fixtures};
use axum::http::{Method, StatusCode};
use domain::{money::Money, time::Timestamp};
use store::catalogue::{NewPrice, put_price};
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::people::signed_in;

const CONFIRM: [(&str, &str); 5] =
    [("years", "1"), ("method", "card"), ("conditions", "yes"), ("unfair_terms", "yes"), ("confirm", "1")];

/// A customer with one name in the cart, at the last step.
async fn at_review(app: &TestApp, name: &str) -> (builders::Customer, Browser, Page) {
    fixtures::load_catalogue(&app.cx).await.unwrap();
    let customer = builders::customer(app, 100_950, "RSSMRA80A01H501U").await;
    let mut browser = signed_in(app, customer.login).await;
    let shop = browser.get("/").await;
    browser.submit(&shop, "/order/start", &[("plan", "standard"), ("quantity", "1")]).await;
    let import = browser.get("/order/import").await;
    let lines = format!("nome;dominio;email\n{name};pec.example.it;io@example.org");
    let review = browser.submit(&import, "/order/import/lines", &[("lines", &lines)]).await;
    assert_eq!(review.path, "/order/review", "{}", review.text());
    (customer, browser, review)
}

#[tokio::test]
async fn two_tabs_confirm_one_cart_and_get_one_order() {
    let app = TestApp::new().await;
    let (_, mut browser, review) = at_review(&app, "due.schede").await;
    let mut other = browser.clone();
    let first = browser.submit(&review, "/order/review", &CONFIRM).await;
    let second = other.submit(&review, "/order/review", &CONFIRM).await;
    assert!(first.path.starts_with("/order/payment/"), "{}", first.path);
    assert_eq!(first.path, second.path);
}

#[tokio::test]
async fn a_price_that_changed_meanwhile_is_shown_before_it_binds() {
    let app = TestApp::new().await;
    let (_, mut browser, review) = at_review(&app, "prezzo.nuovo").await;
    review.must_have("€12,08");
    let (cx, valid_from): (_, Timestamp) = (app.cx.clone(), app.cx.now());
    app.cx
        .write(async move |tx| {
            let list = &cx.settings().retail_price_list;
            let (id, unit_net) = (cx.new_id(), Money::cents(1500));
            Ok::<_, Problem>(
                put_price(tx, &NewPrice { id, list, plan: "standard", valid_from, unit_net, vat_bp: 2200 }).await?,
            )
        })
        .await
        .unwrap();
    let told = browser.submit(&review, "/order/review", &CONFIRM).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.must_have("€12,08").must_have("€18,30");
    let placed = browser.submit(&told, "/order/review", &CONFIRM).await;
    placed.must_have("€18,30");
}

#[tokio::test]
async fn what_is_no_name_is_refused_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let (_, mut browser, _) = at_review(&app, "prima.casella").await;
    let long = "a".repeat(10_000);
    for bad in [long.as_str(), "nome\u{200b}nascosto", "\u{202e}rovescio", "a\u{feff}b", "<script>", "=1+1"] {
        let names = browser.get("/order/names").await;
        let page = browser.submit(&names, "/order/names", &[("name-1", bad)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.chars().take(20).collect::<String>());
        assert!(!page.body.contains("<script>\""), "what was typed is text");
    }
    browser.get("/order/names").await.must_have("Scegli");
    assert_eq!(browser.get("/order/names").await.attrs("#name-1", "value"), ["prima.casella"], "the cart is as it was");
    let form = "application/x-www-form-urlencoded";
    for path in
        ["/order/names", "/order/holders", "/order/review", "/order/start", "/order/import/lines", "/order/resume"]
    {
        let mut send =
            async |kind: &str, body: Vec<u8>| browser.send(Method::POST, path, Some(kind), body).await.status;
        assert_eq!(send(form, b"name-1=%00".to_vec()).await, StatusCode::UNPROCESSABLE_ENTITY, "NUL: {path}");
        assert_eq!(send(form, b"name-1=%FF%FE".to_vec()).await, StatusCode::UNPROCESSABLE_ENTITY, "UTF-8: {path}");
        assert_eq!(send("application/json", b"{}".to_vec()).await, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}");
        assert_eq!(send(form, vec![b'a'; 300 * 1024]).await, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(send(form, b"name-1=a".to_vec()).await, StatusCode::FORBIDDEN, "no token: {path}");
    }
}

#[tokio::test]
async fn a_profile_goes_only_when_no_mailbox_needs_it() {
    let app = TestApp::new().await;
    let (_, mut browser, _) = at_review(&app, "mia.casella").await;
    let import = browser.get("/order/import").await;
    let lines = "nome;dominio;codice_fiscale;nome_titolare;cognome_titolare;indirizzo;cap;comune;provincia;email;cellulare\n\
                 casella.anna;pec.example.it;RSSNNA90E47Z110T;Anna;Rossi;Via Roma 1;00184;Roma;RM;a@example.org;3331234567";
    browser.submit(&import, "/order/import/lines", &[("lines", lines)]).await.must_have("Anna Rossi");
    let book = browser.get("/account/holders").await;
    let card = book.attrs("table tbody th a", "href")[0].clone();
    let ask = browser.get(&format!("{card}/delete")).await;
    ask.must_have("Eliminare il profilo di Anna Rossi?");
    browser.submit(&ask, "/delete", &[]).await;
    assert!(!browser.get("/account/holders").await.has("Anna Rossi"));
    assert_eq!(browser.get(&card).await.status, StatusCode::NOT_FOUND);
    // The cart that meant it says so, and keeps the rest.
    let review = browser.get("/order/review").await;
    let told = browser.submit(&review, "/order/review", &CONFIRM).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.must_have("casella.anna");
}
