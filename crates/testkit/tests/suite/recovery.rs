//! Username and password recovered by who cannot sign in (domain notes 1.7): neutral answers, limits,
//! links and codes that open once.

use domain::time::{HOUR_US, MINUTE_US};
use testkit::{TestApp, browser::Page};

use crate::people::{EMAIL, MOBILE, PASSWORD, anna, sessions_of, signed_in};

const NEW: &str = "Scoglio+4azzurro";

/// The link of the last mail to Anna.
fn link(app: &TestApp) -> String {
    let mail = app.mailer.last_to(EMAIL).expect("a mail came");
    let at = mail.text.find("/recover/password/").expect("the mail has a link");
    mail.text[at..].split_whitespace().next().expect("the link ends").to_owned()
}

/// Another address may ask each minute; the tests move on instead of solving proofs of work.
fn next_minute(app: &TestApp) {
    app.clock.advance_us(MINUTE_US);
}

async fn ask_username(app: &TestApp, who: &str) -> Page {
    next_minute(app);
    let mut browser = app.browser();
    let page = browser.get("/recover/username").await;
    let answer = browser.submit(&page, "/recover/username", &[("who", who)]).await;
    app.settle().await;
    answer
}

/// Username typed, way chosen; the answer to the choice.
async fn ask_password(app: &TestApp, username: &str, way: &str) -> Page {
    next_minute(app);
    let mut browser = app.browser();
    let page = browser.get("/recover/password").await;
    let ways = browser.submit(&page, "/recover/password", &[("username", username)]).await;
    assert_eq!(ways.status, 200, "{}", ways.text());
    let answer = browser.submit(&ways, "/recover/password/send", &[("way", way)]).await;
    app.settle().await;
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usernames_go_to_the_registered_address_and_nowhere_else() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let known = ask_username(&app, "Anna@Example.it").await;
    let mail = app.mailer.last_to(EMAIL).expect("the usernames came");
    assert!(mail.text.contains(&person.username), "{}", mail.text);
    let unknown = ask_username(&app, "nobody@example.it").await;
    assert_eq!(app.mailer.sent().len(), 1, "an unknown address gets nothing");
    assert_eq!(known.texts("main"), unknown.texts("main"), "the two answers are the same");
    ask_username(&app, "rssnna90e47z110t").await;
    assert_eq!(app.mailer.sent().len(), 2, "the fiscal code finds the record too");
    let wrong = ask_username(&app, "anna").await;
    assert_eq!(wrong.status, 422);
    wrong.must_have("Scrivi un’e-mail, un codice fiscale o una partita IVA.");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_written_to_three_times_a_day() {
    let app = TestApp::new().await;
    anna(&app).await;
    for _ in 0..5 {
        let answer = ask_username(&app, EMAIL).await;
        assert_eq!(answer.status, 200);
        app.clock.advance_us(HOUR_US);
    }
    assert_eq!(app.mailer.sent().len(), 3);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_asks_five_times_an_hour() {
    let app = TestApp::new().await;
    for n in 0..6 {
        let answer = ask_username(&app, "nobody@example.it").await;
        assert_eq!(answer.status, if n < 5 { 200 } else { 422 }, "request {n}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_try_within_a_minute_wants_the_proof_of_work() {
    let app = TestApp::new().await;
    ask_username(&app, "nobody@example.it").await;
    let mut browser = app.browser();
    let page = browser.get("/recover/username").await;
    let answer = browser.submit(&page, "/recover/username", &[("who", "nobody@example.it")]).await;
    assert_eq!(answer.status, 422);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_sets_a_password_once_and_ends_every_session() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    signed_in(&app, person.login).await;
    ask_password(&app, &person.username, "email").await;
    let link = link(&app);
    let mut browser = app.browser();
    // A mail scanner that opens the link spends nothing.
    browser.get(&link).await;
    let page = browser.get(&link).await;
    let weak = browser.submit(&page, "/recover/password/", &[("password", "corta"), ("password_again", "altra")]).await;
    assert_eq!(weak.status, 422);
    weak.must_have("Usa da 8 a 64 caratteri.").must_have("Le due password sono diverse.");
    let same =
        browser.submit(&page, "/recover/password/", &[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    same.must_have("L’hai già usata");
    assert_eq!(sessions_of(&app, person.login).await, 1);
    browser.submit(&page, "/recover/password/", &[("password", NEW), ("password_again", NEW)]).await;
    app.settle().await;
    assert_eq!(sessions_of(&app, person.login).await, 0);
    assert!(app.mailer.last_to(EMAIL).is_some_and(|m| m.subject == "Password modificata"));
    assert!(app.sms.last_to(MOBILE).is_some_and(|s| s.text.contains("cambiata")));
    let again = browser.submit(&page, "/recover/password/", &[("password", NEW), ("password_again", NEW)]).await;
    again.must_have("Questo collegamento non vale più");
    let row = store::logins::by_username(&mut app.cx.store(), &person.username).await.unwrap().unwrap();
    assert!(app.cx.hashing().verify(NEW, row.password_hash.as_deref()).await.unwrap());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_second_link_while_one_is_good() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let first = ask_password(&app, &person.username, "email").await;
    let second = ask_password(&app, &person.username, "email").await;
    let unknown = ask_password(&app, "999999", "email").await;
    assert_eq!(app.mailer.sent().len(), 1);
    assert_eq!(first.texts("main"), second.texts("main"));
    assert_eq!(first.texts("main"), unknown.texts("main"));
    let link = link(&app);
    app.clock.advance_us(3 * HOUR_US);
    let mut browser = app.browser();
    browser.get(&link).await.must_have("Valeva 3 ore");
    ask_password(&app, &person.username, "email").await;
    assert_eq!(app.mailer.sent().len(), 2, "after three hours there is another");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_usernames_show_masked_contacts_too() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut shown = Vec::new();
    for username in [person.username.as_str(), "777777", "777777"] {
        next_minute(&app);
        let mut browser = app.browser();
        let page = browser.get("/recover/password").await;
        let ways = browser.submit(&page, "/recover/password", &[("username", username)]).await;
        ways.must_have("•••••@•••••.");
        shown.push(ways.texts("small").join(" "));
    }
    assert_eq!(shown[1], shown[2], "what is made up stays the same");
    assert!(!shown[0].contains("example"), "the domain is hidden: {}", shown[0]);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_by_text_message_opens_the_same_page() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let page = ask_password(&app, &person.username, "sms").await;
    let text = app.sms.last_to(MOBILE).expect("the code came").text;
    let code: String =
        text.split_whitespace().find(|w| w.len() == 7 && w.ends_with('.')).expect("six digits")[..6].into();
    let mut browser = app.browser();
    browser.get("/recover").await;
    // The page belongs to another browser: a fresh one fills the same form.
    let start = browser.get("/recover/password").await;
    next_minute(&app);
    let ways = browser.submit(&start, "/recover/password", &[("username", &person.username)]).await;
    let form = browser.submit(&ways, "/recover/password/send", &[("way", "sms")]).await;
    assert_eq!(form.texts("h1"), page.texts("h1"));
    app.settle().await;
    assert_eq!(app.sms.sent().len(), 1, "the first code is still good");
    let wrong = browser.submit(&form, "/recover/password/code", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    let open = browser.submit(&form, "/recover/password/code", &[("code", &code)]).await;
    open.must_have("Scegli una nuova password").must_have(&person.username);
    let spent = browser.submit(&form, "/recover/password/code", &[("code", &code)]).await;
    assert_eq!(spent.status, 422, "a code is good once");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_wrong_codes_kill_the_right_one() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    ask_password(&app, &person.username, "sms").await;
    let text = app.sms.last_to(MOBILE).expect("the code came").text;
    let code: String =
        text.split_whitespace().find(|w| w.len() == 7 && w.ends_with('.')).expect("six digits")[..6].into();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let exchange = app::use_cases::accounts::reset_password::exchange_reset_code;
    for _ in 0..5 {
        assert!(exchange(&app.cx, &person.username, wrong.into(), "192.0.2.9").await.is_err());
    }
    assert!(exchange(&app.cx, &person.username, code, "192.0.2.9").await.is_err());
    app.finish().await;
}
