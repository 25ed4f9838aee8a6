//! The first step of an order, as the page's script and as a browser without scripts see it.

use app::fixtures;
use testkit::{TestApp, browser::Browser, builders};

use crate::people::signed_in;

/// «Controlla» of the first row.
async fn check(browser: &mut Browser, csrf: &str, name: &str) -> testkit::browser::Page {
    let domain = fixtures::DOMAINS[0];
    let fields =
        [("csrf", csrf), ("name-1", name), ("domain-1", domain), ("name-2", ""), ("domain-2", domain), ("check", "1")];
    browser.post("/order/names", &fields).await
}

#[tokio::test]
async fn the_script_gets_the_very_row_that_the_page_shows() {
    let app = TestApp::new().await;
    fixtures::load_catalogue(&app.cx).await.unwrap();
    let other = builders::customer(&app, 100_901, "BNCGLI85M41H501T").await;
    builders::order(&other, &["studio.preso"], fixtures::DOMAINS[0]).await;
    let customer = builders::customer(&app, 100_900, "RSSMRA80A01H501U").await;
    let mut browser = signed_in(&app, customer.login).await;
    let shop = browser.get("/").await;
    let names = browser.submit(&shop, "/order/start", &[("plan", "standard"), ("quantity", "2")]).await;
    let csrf = names.attrs("input[name=csrf]", "value")[0].clone();
    for (name, sign) in [("studio.libero", "cl-ok-msg"), ("studio.preso", "cl-alternatives"), ("nicolò", "cl-wrong")] {
        let page = check(&mut browser, &csrf, name).await;
        browser.headers = vec![("hx-request".into(), "true".into())];
        let row = check(&mut browser, &csrf, name).await;
        browser.headers.clear();
        assert!(row.body.trim_start().starts_with("<fieldset") && row.body.contains(sign), "{}", row.body);
        assert!(page.body.contains(row.body.trim()), "{name}: the page shows another row");
        assert!(!row.body.contains("<html"), "the row alone");
    }
    // A script that asks for a row that is not there gets the page.
    browser.headers = vec![("hx-request".into(), "true".into())];
    let fields = [("csrf", csrf.as_str()), ("name-1", "studio.libero"), ("check", "7")];
    assert!(browser.post("/order/names", &fields).await.body.contains("<html"));
}
