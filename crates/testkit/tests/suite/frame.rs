//! What surrounds every page: headers, language, forms from elsewhere, texts that are none, refusals as pages.

use axum::{
    Router,
    http::{HeaderMap, Method, StatusCode},
    routing::{get, post},
};
use render::{Msg, Tone};
use testkit::{TestApp, browser::Browser, browser::Page};
use web::{Answer, AppState, FormData, Visit};

/// Pages that only a test has, inside the real frame.
async fn echo(visit: Visit, form: FormData) -> Answer {
    visit.go_saying(&format!("/support?said={}", form.get("text").len()), Tone::Ok, Msg::new("nav-orders"))
}
async fn slow_store() -> Answer {
    Err(app::Problem::busy(7).into())
}
async fn breaks() -> Answer {
    panic!("on purpose")
}

async fn browser() -> (TestApp, Browser) {
    let app = TestApp::new().await;
    let state = AppState::without_sessions(app.cx.clone());
    let routes = Router::new()
        .route("/test/echo", post(echo))
        .route("/test/busy", get(slow_store))
        .route("/test/panic", get(breaks))
        .merge(web::public::routes());
    let browser = Browser::new(web::router::framed(routes, state));
    (app, browser)
}

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// A page of the site's look: brand, one heading, a way on.
fn dressed(page: &Page, status: StatusCode, heading: &str) {
    assert_eq!(page.status, status, "{}", page.body);
    assert_eq!(header(&page.headers, "content-type"), "text/html; charset=utf-8");
    assert_eq!(page.texts("h1"), [heading]);
    assert!(page.has("Postacerta Demo"));
    assert!(page.attrs("main a", "href").contains(&"/".to_owned()));
}

/// The token of this visitor, from any page: it is the same secret behind every form.
async fn token(state: &AppState, browser: &mut Browser) -> String {
    browser.get("/support").await;
    let visitor = browser.cookies()["cl_visitor"].clone();
    web::csrf::token(state, &visitor)
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let (_app, mut browser) = browser().await;
    for path in ["/support", "/nowhere", "/test/busy"] {
        let page = browser.get(path).await;
        let policy = header(&page.headers, "content-security-policy");
        assert!(policy.starts_with("default-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"));
        assert_eq!(header(&page.headers, "x-content-type-options"), "nosniff");
        assert_eq!(header(&page.headers, "referrer-policy"), "same-origin");
        assert!(!page.headers.contains_key("strict-transport-security"), "only over HTTPS");
    }
}

#[tokio::test]
async fn language_by_header_by_choice_and_by_cookie() {
    let (_app, mut browser) = browser().await;
    assert_eq!(browser.get("/support").await.texts("h1"), ["Assistenza"]);
    browser.headers.push(("accept-language".into(), "en-GB,en;q=0.8".into()));
    assert_eq!(browser.get("/support").await.texts("h1"), ["Support"]);
    assert_eq!(browser.get("/support?lang=it").await.texts("h1"), ["Assistenza"]);
    assert_eq!(browser.get("/support").await.texts("h1"), ["Assistenza"], "the choice is kept");
    assert_eq!(browser.get("/support?lang=xx").await.texts("h1"), ["Assistenza"]);
}

#[tokio::test]
async fn a_form_is_accepted_only_from_its_own_page() {
    let (app, mut browser) = browser().await;
    let state = AppState::without_sessions(app.cx.clone());
    let token = token(&state, &mut browser).await;
    let body = |t: &str| format!("csrf={t}&text=hello").into_bytes();
    let sent = browser.clone().send(Method::POST, "/test/echo", FORM, body(&token)).await;
    assert_eq!((sent.status, sent.redirect()), (StatusCode::SEE_OTHER, Some("/support?said=5")));

    for wrong in ["", "x", &"A".repeat(43), &token[1..]] {
        let page = browser.clone().send(Method::POST, "/test/echo", FORM, body(wrong)).await;
        dressed(&page, StatusCode::FORBIDDEN, "Il modulo è scaduto");
    }
    let mut elsewhere = browser.clone();
    elsewhere.headers.push(("origin".into(), "https://evil.example".into()));
    let page = elsewhere.send(Method::POST, "/test/echo", FORM, body(&token)).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);

    let mut stranger = browser.clone();
    stranger.set_cookie("cl_visitor", "AAAAAAAAAAAAAAAAAAAAAA");
    let page = stranger.send(Method::POST, "/test/echo", FORM, body(&token)).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "another browser's token");
    stranger.forget_cookie("cl_visitor");
    let page = stranger.send(Method::POST, "/test/echo", FORM, body(&token)).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "no cookie at all");
}

#[tokio::test]
async fn what_was_done_is_said_once() {
    let (app, mut browser) = browser().await;
    let state = AppState::without_sessions(app.cx.clone());
    let token = token(&state, &mut browser).await;
    let page = browser.post("/test/echo", &[("csrf", &token), ("text", "x")]).await;
    assert_eq!(page.texts(".cl-flash p"), ["Ordini"]);
    assert!(browser.get("/support").await.texts(".cl-flash").is_empty());
    browser.set_cookie("cl_flash", "bm9uc2Vuc2U");
    assert_eq!(browser.get("/support").await.status, StatusCode::OK, "nonsense in a cookie is dropped");
}

#[tokio::test]
async fn texts_that_are_none_are_refused_clearly() {
    let (app, mut browser) = browser().await;
    let state = AppState::without_sessions(app.cx.clone());
    let token = token(&state, &mut browser).await;
    for bad in ["%00", "%FF%FE", "a%1Bb", "%C3%28"] {
        let body = format!("csrf={token}&text={bad}").into_bytes();
        let page = browser.send(Method::POST, "/test/echo", FORM, body).await;
        dressed(&page, StatusCode::UNPROCESSABLE_ENTITY, "Il testo inviato non si legge");
    }
    let page = browser.send(Method::POST, "/test/echo", Some("application/json"), b"{}".to_vec()).await;
    dressed(&page, StatusCode::UNSUPPORTED_MEDIA_TYPE, "Questo tipo di invio non si può usare");
    let page = browser.send(Method::POST, "/test/echo", None, b"a=b".to_vec()).await;
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = format!("csrf={token}&text={}", "x".repeat(300 * 1024)).into_bytes();
    let page = browser.send(Method::POST, "/test/echo", FORM, long).await;
    dressed(&page, StatusCode::PAYLOAD_TOO_LARGE, "L’invio è troppo grande");
    let odd = format!("csrf={token}&text=%E2%80%AE%E2%80%8B").into_bytes();
    let page = browser.send(Method::POST, "/test/echo", FORM, odd).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "right-to-left marks are text: their field judges them");
}

#[tokio::test]
async fn refusals_are_pages() {
    let (_app, mut browser) = browser().await;
    dressed(&browser.get("/nowhere").await, StatusCode::NOT_FOUND, "Questa pagina non c’è");
    dressed(&browser.get("/legal/nothing").await, StatusCode::NOT_FOUND, "Questa pagina non c’è");
    dressed(&browser.get("/test/echo").await, StatusCode::METHOD_NOT_ALLOWED, "Qui non si può inviare");
    dressed(&browser.get("/test/panic").await, StatusCode::INTERNAL_SERVER_ERROR, "Si è rotto qualcosa da noi");
    let busy = browser.get("/test/busy").await;
    dressed(&busy, StatusCode::SERVICE_UNAVAILABLE, "In questo momento siamo molto occupati");
    assert_eq!(header(&busy.headers, "retry-after"), "7");
    let raw = browser.get("/legal/%FF").await;
    assert!(raw.status.is_client_error() && raw.texts("h1").len() == 1, "{}", raw.status);
    let asset = browser.get("/assets/none.css").await;
    assert_eq!(asset.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_sheet_of_another_wax_is_served_from_here() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let sheet = browser.get("/assets/brand-1B4B82.css").await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert_eq!(header(&sheet.headers, "content-type"), "text/css; charset=utf-8");
    assert!(header(&sheet.headers, "cache-control").contains("immutable"));
    assert!(sheet.body.contains("--cl-wax:#1B4B82"), "{}", sheet.body);
    // The policy lets pages load it, and nothing inside them.
    let policy = browser.get("/support").await;
    let policy = header(&policy.headers, "content-security-policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe-inline"), "{policy}");
    for none in ["/assets/brand-FFFFFF.css", "/assets/brand-1B4B8.css", "/assets/brand-%7D*%7B.css"] {
        assert_eq!(browser.get(none).await.status, StatusCode::NOT_FOUND, "{none}");
    }
}
