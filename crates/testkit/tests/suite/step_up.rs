//! Dangerous acts ask for the password again when it was given more than ten minutes ago, and lose nothing that
//! was typed.

use domain::time::MINUTE_US;
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::people::{PASSWORD, anna, in_mailbox, sessions_of, signed_in};

/// A browser that signed in eleven minutes ago.
async fn stale(app: &TestApp, login: domain::id::LoginId) -> Browser {
    let browser = signed_in(app, login).await;
    app.clock.advance_us(11 * MINUTE_US);
    browser
}

fn asks(page: &Page) {
    page.must_have("Conferma la password");
    assert_eq!(page.texts(".cl-brand span span"), ["Area clienti"], "in the area of who is signed in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_goes_on_after_the_password() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = stale(&app, person.login).await;
    let form = browser.get("/account/profile/email").await;
    let fields = [("email", "nuova+1@example.it"), ("email_again", "nuova+1@example.it")];
    let asked = browser.submit(&form, "/account/profile/email", &fields).await;
    asks(&asked);
    app.settle().await;
    assert!(app.mailer.sent().is_empty(), "nothing was done yet");
    for wrong in ["", "Sbagliata-1x"] {
        let refused = browser.submit(&asked, "/account/profile/email", &[("step_up_password", wrong)]).await;
        assert_eq!(refused.status, 422);
        assert!(!refused.body.contains("Sbagliata"), "a password is never written into a page");
        asks(&refused);
    }
    let done = browser.submit(&asked, "/account/profile/email", &[("step_up_password", PASSWORD)]).await;
    assert_eq!(done.path, "/account/profile/email/code");
    done.must_have("nuova+1@example.it");
    // For ten minutes nothing more is asked.
    let again = browser.submit(&form, "/account/profile/email", &fields).await;
    assert_eq!(again.path, "/account/profile/email/code");
    app.settle().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_dangerous_act_asks() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = stale(&app, person.login).await;
    signed_in(&app, person.login).await;
    let csrf = browser.get("/account/sessions").await.attrs("main input[name=csrf]", "value").remove(0);
    let contacts = [("mobile", "347 1234567"), ("locale", "it"), ("version", "1")];
    let acts: [(&str, &[(&str, &str)]); 6] = [
        ("/account/profile/contacts", &contacts),
        ("/account/profile/email", &[("email", "x@example.it"), ("email_again", "x@example.it")]),
        ("/account/profile/question", &[("secret_question", "Chi?"), ("secret_answer", "Io")]),
        ("/account/sessions/close", &[("session", "ses_x")]),
        ("/account/sessions/close-others", &[]),
        ("/account/logins/confirm", &[("key", "x")]),
    ];
    for (path, fields) in acts {
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        let page = browser.post(path, &all).await;
        asks(&page);
        let form = page.form(path);
        assert_eq!((form.action.as_str(), form.method.as_str()), (path, "post"));
        for (name, value) in fields {
            let kept = page.attrs(&format!("main input[type=hidden][name={name}]"), "value");
            assert_eq!(kept, [*value], "{path}: {name}");
        }
    }
    assert_eq!(sessions_of(&app, person.login).await, 2, "none was closed");
    // Pages on which passwords are typed ask before anything is typed.
    let asked = browser.get("/account/logins/new").await;
    asks(&asked);
    let page = browser.submit(&asked, "/account/confirm", &[("step_up_password", PASSWORD)]).await;
    assert_eq!(page.path, "/account/logins/new");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_moves_number_and_email_with_the_mailbox_password() {
    let app = TestApp::new().await;
    builders::member(&app, "mario.rossi").await;
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let fields = [("username", "mario.rossi@pec.ordine.example.it"), ("password", builders::MEMBER_PASSWORD)];
    browser.submit(&page, "/login", &fields).await;
    let form = browser.get("/mailbox/data").await;
    app.clock.advance_us(11 * MINUTE_US);
    let asked = browser.submit(&form, "/mailbox/data/contacts", &[("mobile", "3391112233")]).await;
    asked.must_have("Conferma la password");
    assert_eq!(asked.texts(".cl-brand span span"), ["Area della casella"]);
    let emails = [("email", "nuova@example.it"), ("email_again", "nuova@example.it")];
    browser.submit(&form, "/mailbox/data/email", &emails).await.must_have("Conferma la password");
    assert!(app.mailer.to("nuova@example.it", "").is_empty(), "nothing was done yet");
    let password = [("step_up_password", builders::MEMBER_PASSWORD)];
    let saved = browser.submit(&asked, "/mailbox/data/contacts", &password).await;
    saved.must_have("Dati salvati.").must_have("3391112233");
    app.settle().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_session_is_no_way_to_guess() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = stale(&app, person.login).await;
    let page = browser.get("/account/confirm?next=/account/profile").await;
    for n in 0..30 {
        let answer = browser.submit(&page, "/account/confirm", &[("step_up_password", "Sbagliata-1x")]).await;
        answer.must_have("La password non è quella");
        assert_eq!(answer.status, 422, "try {n}");
    }
    let over = browser.submit(&page, "/account/confirm", &[("step_up_password", PASSWORD)]).await;
    over.must_have("troppe");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_confirms_in_its_own_area() {
    let app = TestApp::new().await;
    let mut browser = in_mailbox(&app).await;
    app.clock.advance_us(11 * MINUTE_US);
    let page = browser.get("/account/confirm?next=/mailbox").await;
    assert_eq!(page.texts(".cl-brand span span"), ["Area della casella"]);
    let fields = [("step_up_password", crate::people::MAILBOX_PASSWORD)];
    assert_eq!(browser.submit(&page, "/account/confirm", &fields).await.path, "/mailbox");
    app.finish().await;
}
