//! The secret question: changed in the profile, and the way back for who no longer has the registered e-mail.

use app::use_cases::accounts::{
    change_question::change_question,
    recover_by_question::{self as steps, Asked},
};
use domain::time::{DAY_US, HOUR_US, MINUTE_US};
use testkit::{
    TestApp,
    browser::{Browser, Page},
};

use crate::people::{EMAIL, FISCAL_CODE, MOBILE, PASSWORD, Person, anna, signed_in};

const QUESTION: &str = "In che via abitava la nonna?";
const ANSWER: &str = "Via dell’Olmo 3";
const NEW: &str = "nuova@example.org";

async fn with_question(app: &TestApp) -> Person {
    let person = anna(app).await;
    change_question(&app.cx, person.party, QUESTION, ANSWER).await.expect("the question is set");
    app.settle().await;
    person
}

/// The six digits of the last message.
fn digits(text: &str) -> String {
    let mut words = text.split(|c: char| !c.is_ascii_digit());
    words.rfind(|w| w.len() == 6).expect("a code of six digits").to_owned()
}

/// A recovery that waits for its day to end, through the use cases.
pub async fn waiting(app: &TestApp, person: &Person, new: &str) {
    change_question(&app.cx, person.party, QUESTION, ANSWER).await.expect("the question is set");
    let asked = Asked { username: person.username.clone(), tax_code: FISCAL_CODE.into(), ip: "192.0.2.1".into() };
    let first = steps::answer(&app.cx, &asked, ANSWER).await.expect("the answer is right");
    let second = steps::name_address(&app.cx, first, new, new).await.expect("a code is sent");
    for _ in 0..2 {
        app.settle().await;
        app.clock.advance_us(MINUTE_US);
    }
    let code = digits(&app.mailer.last_to(new).expect("the code came").text);
    let third = steps::prove_address(&app.cx, second, &code).await.expect("the code is right");
    for _ in 0..2 {
        app.settle().await;
        app.clock.advance_us(MINUTE_US);
    }
    let code = digits(&app.sms.last_to(MOBILE).expect("the code came").text);
    steps::prove_mobile(&app.cx, third, &code).await.expect("the code is right");
}

/// Who and tax code on the first page; the page of the question. Another minute for each, since no proof of
/// work is solved.
async fn asked(app: &TestApp, browser: &mut Browser, username: &str, tax_code: &str) -> Page {
    app.clock.advance_us(MINUTE_US);
    let page = browser.get("/recover/question").await;
    browser.submit(&page, "/recover/question", &[("username", username), ("tax_code", tax_code)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_back_by_pages() {
    let app = TestApp::new().await;
    let person = with_question(&app).await;
    let mut browser = app.browser();
    browser.get("/recover").await.must_have("Rispondi alla tua domanda segreta");
    let page = asked(&app, &mut browser, &person.username, "rss nna 90e47 z110t").await;
    page.must_have(QUESTION);
    let wrong = browser.submit(&page, "/answer", &[("secret_answer", "Via dei Pini 4")]).await;
    assert_eq!(wrong.status, 422);
    wrong.must_have("non corrispondono").must_have(QUESTION);
    assert!(wrong.attrs("[name=secret_answer]", "value").iter().all(String::is_empty), "an answer is never sent back");
    let page = browser.submit(&wrong, "/answer", &[("secret_answer", " via DELL'olmo, 3")]).await;
    page.must_have("La tua nuova e-mail");
    let same = browser.submit(&page, "/address/", &[("email", EMAIL), ("email_again", EMAIL)]).await;
    assert_eq!(same.status, 422);
    let codes = browser.submit(&page, "/address/", &[("email", NEW), ("email_again", NEW)]).await;
    codes.must_have(NEW);
    app.settle().await;
    let code = digits(&app.mailer.last_to(NEW).expect("the code came").text);
    let bad = if code == "111111" { "111112" } else { "111111" };
    assert_eq!(browser.submit(&codes, "/email/", &[("code", bad)]).await.status, 422);
    let mobile = browser.submit(&codes, "/email/", &[("code", &code)]).await;
    mobile.must_have("•••••••567");
    app.settle().await;
    let code = digits(&app.sms.last_to(MOBILE).expect("the code came").text);
    let done = browser.submit(&mobile, "/mobile/", &[("code", &code)]).await;
    done.must_have("Tra 24 ore");
    app.settle().await;
    assert!(app.mailer.last_to(EMAIL).is_some_and(|m| m.text.contains("/recover/stop/")), "the old one is told");
    app.clock.advance_us(23 * HOUR_US);
    app.settle().await;
    assert!(!app.mailer.last_to(NEW).expect("mail").text.contains("/recover/password/"), "not before the day is over");
    app.clock.advance_us(2 * HOUR_US);
    app.settle().await;
    let mail = app.mailer.last_to(NEW).expect("the link came").text;
    let link = mail[mail.find("/recover/password/").expect("a link")..].split_whitespace().next().unwrap();
    let page = browser.get(link).await;
    let fields = [("password", "Scoglio+4azzurro"), ("password_again", "Scoglio+4azzurro")];
    assert_eq!(browser.submit(&page, "/recover/password/", &fields).await.path, "/login");
    app.settle().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_old_address_stops_it() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    waiting(&app, &person, NEW).await;
    app.settle().await;
    let mail = app.mailer.last_to(EMAIL).expect("told").text;
    let link = mail[mail.find("/recover/stop/").expect("a link")..].split_whitespace().next().unwrap().to_owned();
    let mut browser = app.browser();
    let page = browser.get(&link).await;
    page.must_have("Vuoi fermare");
    browser.get(&link).await.must_have("Vuoi fermare");
    browser.submit(&page, "/recover/stop/", &[]).await.must_have("Richiesta fermata");
    browser.submit(&page, "/recover/stop/", &[]).await.must_have("niente da fermare");
    app.clock.advance_us(2 * DAY_US);
    app.settle().await;
    let row = store::parties::by_id(&mut app.cx.store(), person.party.uuid()).await.unwrap().unwrap();
    assert_eq!(row.email, EMAIL);
    assert!(!app.mailer.last_to(NEW).expect("the code").text.contains("/recover/password/"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_password_stops_it_too() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    waiting(&app, &person, NEW).await;
    let mut browser = signed_in(&app, person.login).await;
    let page = browser.get("/account/password").await;
    let new = "Scoglio+4azzurro";
    let fields = [("present_password", PASSWORD), ("password", new), ("password_again", new)];
    browser.submit(&page, "/account/password", &fields).await.must_have("Password cambiata");
    app.clock.advance_us(2 * DAY_US);
    app.settle().await;
    let row = store::parties::by_id(&mut app.cx.store(), person.party.uuid()).await.unwrap().unwrap();
    assert_eq!(row.email, EMAIL);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_tells_who_has_a_question() {
    let app = TestApp::new().await;
    let person = with_question(&app).await;
    let mut browser = app.browser();
    // Unknown, or with another's tax code: a usual question, the same each time.
    let strangers =
        [("999999", FISCAL_CODE), (person.username.as_str(), "BNCGLI80A41F205X"), ("999999", "BNCGLI80A41F205X")];
    for (username, tax_code) in strangers {
        app.clock.advance_us(HOUR_US);
        let first = asked(&app, &mut browser, username, tax_code).await;
        let second = asked(&app, &mut browser, username, tax_code).await;
        assert_eq!(first.status, 200);
        assert_eq!(first.texts("main label"), second.texts("main label"));
        assert!(!first.has(QUESTION));
        let before = app.cx.hashing().figures().done;
        let refused = browser.submit(&first, "/answer", &[("secret_answer", ANSWER)]).await;
        assert_eq!(app.cx.hashing().figures().done - before, 1, "the same work");
        refused.must_have("non corrispondono");
    }
    app.clock.advance_us(DAY_US);
    // Three wrong answers, and a day of rest: for who has a question and for who does not exist.
    for username in [person.username.as_str(), "888888"] {
        app.clock.advance_us(HOUR_US);
        let page = asked(&app, &mut browser, username, FISCAL_CODE).await;
        for n in 0..3 {
            let wrong = browser.submit(&page, "/answer", &[("secret_answer", "sbagliata")]).await;
            wrong.must_have("non corrispondono");
            assert_eq!(wrong.status, 422, "{n}");
        }
        browser.submit(&page, "/answer", &[("secret_answer", ANSWER)]).await.must_have("troppe volte");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_steps_open_nothing() {
    let app = TestApp::new().await;
    with_question(&app).await;
    let mut browser = app.browser();
    for step in ["address", "email", "mobile"] {
        for secret in ["x", &"A".repeat(43)] {
            let page = browser.get(&format!("/recover/question/{step}/{secret}")).await;
            assert_eq!(page.path, "/recover/question", "{step}");
        }
    }
    browser.get("/recover/stop/x").await.must_have("niente da fermare");
    let page = browser.get("/recover/question").await;
    let empty = browser.submit(&page, "/recover/question", &[("username", ""), ("tax_code", "")]).await;
    assert_eq!(empty.status, 422);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_question_is_changed_in_the_profile() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    browser.get("/account/profile").await.must_have("Non impostata");
    let path = "/account/profile/question";
    let page = browser.get(path).await;
    for (question, answer, words) in [
        (QUESTION, "", "scrivi anche la risposta"),
        ("", ANSWER, "scrivi anche la domanda"),
        ("", "", "Questo dato serve"),
        ("La nonna abitava in via dell'olmo 3?", ANSWER, "non sta già nella domanda"),
        (QUESTION, "x!", "almeno 3 lettere"),
    ] {
        let fields = [("secret_question", question), ("secret_answer", answer)];
        let wrong = browser.submit(&page, path, &fields).await;
        assert_eq!(wrong.status, 422, "{question} {answer}");
        wrong.must_have(words);
    }
    let fields = [("secret_question", QUESTION), ("secret_answer", ANSWER)];
    browser.submit(&page, path, &fields).await.must_have("Domanda segreta salvata").must_have("Impostata");
    let row = store::parties::by_id(&mut app.cx.store(), person.party.uuid()).await.unwrap().unwrap();
    assert!(row.secret_answer_hash.is_some_and(|h| h.starts_with("$argon2id$")), "only a hash is kept");
    app.settle().await;
    assert!(app.mailer.last_to(EMAIL).is_some_and(|m| m.text.contains("Domanda segreta")), "the owner is told");
    let page = browser.get(path).await;
    assert!(!page.body.contains("Olmo"), "the answer is never shown");
    let csrf = page.attrs("main input[name=csrf]", "value").remove(0);
    browser.post(path, &[("csrf", &csrf), ("remove", "yes")]).await.must_have("Domanda segreta tolta");
    app.settle().await;
    app.finish().await;
}
