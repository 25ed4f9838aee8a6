//! The texts that people accept: the page shows what the order has recorded, for ever.

use app::{fixtures, secrets::sha256};
use axum::http::{Method, StatusCode};
use domain::time::DAY_US;
use store::catalogue::{NewLegalText, put_legal_text};
use store::{args, sql};
use testkit::{TestApp, builders};

sql!(ACCEPTED_HASH = "SELECT text_sha256 FROM acceptances WHERE order_id = $1 AND kind = $2", Vec<u8>);

async fn publish(app: &TestApp, version: &str, locale: &str, body: &str, in_days: i64) {
    let (version, locale, body) = (version.to_owned(), locale.to_owned(), body.to_owned());
    let valid_from = app.cx.now().plus_us(in_days * DAY_US);
    app.cx
        .write(async move |tx| {
            let text = NewLegalText {
                kind: "conditions",
                version: &version,
                locale: &locale,
                title: "Condizioni",
                body: &body,
                sha256: &sha256(body.as_bytes()),
                valid_from,
            };
            Ok(put_legal_text(tx, &text).await?)
        })
        .await
        .expect("the text is new");
}

#[tokio::test]
async fn the_page_shows_the_text_whose_hash_the_order_keeps() {
    let app = TestApp::new().await;
    fixtures::load_catalogue(&app.cx).await.unwrap();
    let customer = builders::customer(&app, 100_777, "RSSMRA80A01H501U").await;
    let order = builders::order(&customer, &["legale.uno"], fixtures::DOMAINS[0]).await;
    // New terms come into force: the order keeps those that were accepted.
    publish(&app, "2026-11", "it", "1. Nuove. Tutto nuovo <b>&</b> diverso.", 1).await;
    let mut browser = app.browser();
    browser.get("/legal/terms").await.must_have("2026-01");
    assert_eq!(browser.get("/legal/terms/2026-11/it").await.status, StatusCode::NOT_FOUND, "not in force yet");
    app.advance_days(2).await;
    let page = browser.get("/legal/terms").await;
    page.must_have("Tutto nuovo <b>&</b> diverso.").must_have("Versione 2026-11");
    assert!(!page.body.contains("<b>&"), "a text is text, not markup");

    let mut browser = crate::people::signed_in(&app, customer.login).await;
    let page = browser.get(&format!("/account/orders/{order}")).await;
    let links = page.attrs("#accepted ~ dl a", "href");
    assert_eq!(links, ["/legal/terms/2026-01/it", "/legal/unfair-terms/2026-01/it"]);
    for (kind, link) in ["conditions", "unfair_terms"].iter().zip(&links) {
        let shown = browser.get(link).await;
        let file = browser.send(Method::GET, &format!("{link}.txt"), None, vec![]).await;
        let hash = shown.texts(".cl-hash")[0].clone();
        let recorded = accepted_hash(&app, order.uuid(), kind).await;
        assert_eq!(hash, recorded, "{link}");
        let of_file: String = sha256(file.body.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(of_file, recorded, "the file is the text of the hash");
        // The page says every word of it, in its order.
        let words = shown.texts("article p").join(" ");
        for paragraph in file.body.split("\n\n") {
            assert!(words.contains(paragraph), "«{paragraph}» is not on {link}");
        }
    }
    browser.get(&links[0]).await.must_have("Questa versione non è più in vigore");
    assert_eq!(app::queries::legal::altered(&app.cx).await.unwrap(), Vec::<String>::new());
}

async fn accepted_hash(app: &TestApp, order: uuid::Uuid, kind: &str) -> String {
    let hash = app.cx.store().one(&ACCEPTED_HASH, args![order, kind]).await.expect("the acceptance is there");
    hash.iter().map(|b| format!("{b:02x}")).collect()
}

#[tokio::test]
async fn texts_that_are_not_there_and_languages_that_lack_are_met() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    // Nothing is published yet: no dead page, a plain 404.
    assert_eq!(browser.get("/legal/terms").await.status, StatusCode::NOT_FOUND);
    browser.get("/legal/accessibility").await.must_have("WCAG 2.2");
    fixtures::load_catalogue(&app.cx).await.unwrap();
    publish(&app, "2026-12", "it", "1. Solo. In italiano.", 0).await;
    browser.headers.push(("accept-language".into(), "en".into()));
    let page = browser.get("/legal/terms").await;
    page.must_have("In italiano.").must_have("All versions");
    assert_eq!(page.attrs("article", "lang"), ["it"]);
    for wrong in [
        "/legal/conditions",
        "/legal/terms/2026-12/en",
        "/legal/terms/2026-01/de",
        "/legal/terms/x%27--/it",
        "/legal/terms/2026-01/it.pdf",
        "/legal/../etc/it/passwd",
    ] {
        assert_eq!(browser.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}
