//! Registration from the first page to the first session (domain notes 1.1–1.3), for persons who
//! use no scripts, who come back, who press twice, and who are registered already.

use domain::time::{DAY_US, HOUR_US, MINUTE_US};
use testkit::{
    TestApp,
    browser::{Browser, Page},
};

const EMAIL: &str = "mario@example.it";
const PASSWORD: &str = "Ponte-sul-lago7";
const DATA: &[(&str, &str)] = &[
    ("first_name", "Mario"),
    ("last_name", "Rossi"),
    ("fiscal_code", "rssmra80a01h501u"),
    ("birth_date", "1/1/1980"),
    ("birth_place", "Roma"),
    ("sex", "M"),
    ("street", "Via Appia Nuova"),
    ("street_number", "12"),
    ("postal_code", "00183"),
    ("municipality", "Roma"),
    ("province", "RM"),
];
const CONTACTS: &[(&str, &str)] = &[("email", EMAIL), ("email_again", EMAIL), ("mobile", "333 1234567")];
const CONSENTS: &[(&str, &str)] = &[("privacy_notice", "yes"), ("marketing", "no")];

async fn start(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    browser.submit(&page, "/register", &[("type", "person")]).await
}

/// Up to the page that shows all answers.
async fn to_check(browser: &mut Browser, path: &str) -> Page {
    let page = start(browser, path).await;
    let page = browser.submit(&page, "/register/data", DATA).await;
    assert_eq!(page.path, "/register/contacts", "{}", page.text());
    let page = browser.submit(&page, "/register/contacts", CONTACTS).await;
    assert_eq!(page.path, "/register/consents", "{}", page.text());
    let page = browser.submit(&page, "/register/consents", CONSENTS).await;
    assert_eq!(page.path, "/register/check", "{}", page.text());
    page
}

async fn register(browser: &mut Browser) -> Page {
    let page = to_check(browser, "/register").await;
    let page = browser.submit(&page, "/register/check", &[]).await;
    assert_eq!(page.path, "/register/credentials", "{}", page.text());
    browser.submit(&page, "/register/credentials", &[("password", PASSWORD), ("password_again", PASSWORD)]).await
}

fn username(page: &Page) -> String {
    page.texts("#username-shown").first().expect("the username is shown").clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_registers_inside_an_order_and_returns_to_it() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let page = to_check(&mut browser, "/register?next=/order/names").await;
    page.must_have("Mario").must_have("rssmra80a01h501u");
    let page = browser.submit(&page, "/register/check", &[]).await;
    let shown = username(&page);
    assert!(shown.ends_with("@ceralacca.example"), "{shown}");
    assert_eq!(page.attrs("input[autocomplete=username]", "value"), std::slice::from_ref(&shown));
    assert_eq!(app.mailer.sent().len(), 0, "nothing is confirmed before the password");
    let weak =
        browser.submit(&page, "/register/credentials", &[("password", "corta"), ("password_again", "Corta")]).await;
    assert_eq!(weak.status, 422);
    weak.must_have("Le due password sono diverse.");
    assert!(!weak.body.contains("value=\"corta\""), "a password is never sent back");
    assert_eq!(username(&weak), shown, "the username stays");
    let done =
        browser.submit(&weak, "/register/credentials", &[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    assert_eq!((done.path.as_str(), done.status.as_u16()), ("/register/done", 200), "{}", done.text());
    done.must_have(&shown);
    assert_eq!(done.attrs("a.btn-primary", "href"), ["/order/names"]);
    app.settle().await;
    let mails = app.mailer.to(EMAIL, "Conferma iscrizione");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains(&shown), "{}", mails[0].text);
    browser.get("/account/sessions").await.must_have("Questo browser");
    let consents = consents(&app).await;
    assert_eq!(consents, [("marketing".to_owned(), false), ("privacy_notice".to_owned(), true)]);
    app.advance_days(2).await;
    assert_eq!(app.mailer.sent().len(), 1, "no reminder, and the account is not dropped");
    app.finish().await;
}

async fn consents(app: &TestApp) -> Vec<(String, bool)> {
    let known = store::parties::by_tax_key(&mut app.cx.store(), "RSSMRA80A01H501U").await.unwrap().unwrap();
    let rows = store::consents::latest(&mut app.cx.store(), known.id).await.unwrap();
    rows.into_iter().map(|c| (c.kind, c.given)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_ticked_beforehand_and_nothing_is_skipped() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let page = start(&mut browser, "/register").await;
    assert_eq!(page.path, "/register/data");
    // Pages that are not open yet lead to the one that is.
    for path in ["/register/contacts", "/register/check", "/register/credentials"] {
        assert_eq!(browser.get(path).await.path, "/register/data", "{path}");
    }
    let page = browser.submit(&page, "/register/data", DATA).await;
    let page = browser.submit(&page, "/register/contacts", CONTACTS).await;
    assert_eq!(page.attrs("input[checked]", "name"), Vec::<String>::new());
    let refused = browser.submit(&page, "/register/consents", &[]).await;
    assert_eq!(refused.status, 422);
    refused.must_have("Conferma di aver letto").must_have("Scegli se vuoi ricevere offerte");
    // A stranger's browser sees none of it.
    assert_eq!(app.browser().get("/register/check").await.path, "/register");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn altro_asks_which_body_on_a_page_of_its_own() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let page = browser.get("/register").await;
    let none = browser.submit(&page, "/register", &[]).await;
    assert_eq!(none.status, 422);
    let sub = browser.submit(&page, "/register", &[("type", "other")]).await;
    assert_eq!(sub.status, 200, "{}", sub.text());
    let none = browser.submit(&sub, "/register", &[]).await;
    assert_eq!(none.status, 422, "a body must be chosen");
    let data = browser.submit(&sub, "/register", &[("kind", "public_body")]).await;
    data.must_have("Codice univoco ufficio");
    assert!(!data.has("Data di nascita"), "not shown for public bodies");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_data_lead_to_recovery_and_reveal_nothing() {
    let app = TestApp::new().await;
    register(&mut app.browser()).await;
    app.settle().await;
    for _ in 0..2 {
        let mut other = app.browser();
        let page = to_check(&mut other, "/register").await;
        let known = other.submit(&page, "/register/check", &[]).await;
        assert_eq!(known.path, "/register/known");
        known.must_have("Questi dati sono già registrati");
        assert!(!known.body.contains("@ceralacca.example") && !known.body.contains(EMAIL), "{}", known.text());
        assert_eq!(known.attrs("a.btn-primary", "href"), ["/recover/username"]);
    }
    app.settle().await;
    assert_eq!(app.mailer.to(EMAIL, "Qualcuno ha provato").len(), 1, "told once a day");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pressing_twice_makes_one_account() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let check = to_check(&mut browser, "/register").await;
    let (mut tab, mut third) = (browser.clone(), browser.clone());
    let first = browser.submit(&check, "/register/check", &[]).await;
    let second = tab.submit(&check, "/register/check", &[]).await;
    assert_eq!(username(&first), username(&second));
    let fields = [("password", PASSWORD), ("password_again", PASSWORD)];
    let done = browser.submit(&first, "/register/credentials", &fields).await;
    let again = tab.submit(&second, "/register/credentials", &fields).await;
    assert_eq!((done.path.as_str(), again.path.as_str()), ("/register/done", "/register/done"));
    let other = [("password", "Altra-parola-9x"), ("password_again", "Altra-parola-9x")];
    let late = third.submit(&second, "/register/credentials", &other).await;
    assert_eq!(late.status, 422, "another password is not taken");
    app.settle().await;
    assert_eq!(app.mailer.to(EMAIL, "Conferma iscrizione").len(), 1);
    app.clock.advance_us(DAY_US);
    app.settle().await;
    app.finish().await;
}

fn resume_link(app: &TestApp) -> String {
    let mail = app.mailer.last_to(EMAIL).expect("a mail came");
    let at = mail.text.find("/register/resume/").expect("the mail has a link");
    mail.text[at..].split_whitespace().next().expect("the link ends").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_finished_registration_is_resumed_by_a_mailed_link() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let check = to_check(&mut browser, "/register").await;
    let shown = username(&browser.submit(&check, "/register/check", &[]).await);
    app.clock.advance_us(31 * MINUTE_US);
    app.settle().await;
    let link = resume_link(&app);
    let mut elsewhere = app.browser();
    for _ in 0..2 {
        let page = elsewhere.get(&link).await;
        page.must_have("manca la password");
        assert!(!page.body.contains(&shown), "a scanner that follows the link learns nothing");
    }
    let page = elsewhere.get(&link).await;
    let credentials = elsewhere.submit(&page, "/register/resume", &[]).await;
    assert_eq!(username(&credentials), shown);
    let dead = app.browser().get(&link).await;
    dead.must_have("già stato usato");
    let done = elsewhere
        .submit(&credentials, "/register/credentials", &[("password", PASSWORD), ("password_again", PASSWORD)])
        .await;
    assert_eq!(done.path, "/register/done");
    app.advance_days(1).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_username_is_dropped_and_its_number_never_returns() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let check = to_check(&mut browser, "/register").await;
    let first = username(&browser.submit(&check, "/register/check", &[]).await);
    app.clock.advance_us(23 * HOUR_US);
    app.settle().await;
    assert_eq!(username(&browser.get("/register/credentials").await), first, "not yet");
    app.clock.advance_us(2 * HOUR_US);
    app.settle().await;
    assert_eq!(browser.get("/register/credentials").await.path, "/register");
    let mut again = app.browser();
    let check = to_check(&mut again, "/register").await;
    let second = username(&again.submit(&check, "/register/check", &[]).await);
    assert_ne!(first, second);
    app.advance_days(2).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_is_answered_at_its_field_and_kept() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let page = start(&mut browser, "/register").await;
    let long = "x".repeat(10_000);
    for (field, value, words) in [
        ("first_name", "Ma\u{202e}oir", "direzione"),
        ("last_name", long.as_str(), "troppo lungo"),
        ("fiscal_code", "RSSMRA80A01H501X", "errore di battitura"),
        ("birth_date", "31/02/1980", "giorno/mese/anno"),
        ("postal_code", "1", "CAP"),
    ] {
        let mut fields: Vec<(&str, &str)> = DATA.iter().copied().filter(|(n, _)| *n != field).collect();
        fields.push((field, value));
        let answer = browser.submit(&page, "/register/data", &fields).await;
        assert_eq!(answer.status, 422, "{field}");
        let said = answer.texts(&format!("#{field}-error")).join(" ");
        assert!(said.contains(words), "{field}: {said}");
        assert_eq!(answer.attrs("#street", "value"), ["Via Appia Nuova"], "the rest stays filled in");
    }
    let page = browser.submit(&page, "/register/data", DATA).await;
    let header = "mario@example.it\r\nBcc: all@example.it";
    let answer = browser
        .submit(&page, "/register/contacts", &[("email", header), ("email_again", header), ("mobile", "3331234567")])
        .await;
    assert_eq!(answer.status, 422);
    let pec = [("email", "mario@pec.it"), ("email_again", "mario@pec.it"), ("mobile", "3331234567")];
    let warned = browser.submit(&page, "/register/contacts", &pec).await;
    assert_eq!(warned.status, 200, "a warning is no error");
    let passed = browser.submit(warned.must_have("sembra una casella PEC"), "/register/contacts", &[]).await;
    assert_eq!(passed.path, "/register/consents");
    assert_eq!(app.mailer.sent().len(), 0);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_leads_to_no_other_site() {
    let app = TestApp::new().await;
    for next in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let mut browser = app.browser();
        let page = browser.get(&format!("/register?next={next}")).await;
        assert!(!page.texts("form").is_empty());
        assert_eq!(page.attrs("input[name=next]", "value"), Vec::<String>::new(), "{next}");
    }
    app.finish().await;
}
