//! The registry record in the customer area: edits, conflicts, the proven e-mail, consents, further
//! logins (domain notes 1.6, 1.8).

use domain::time::MINUTE_US;
use testkit::TestApp;

use crate::people::{EMAIL, MOBILE, PASSWORD, anna, sessions_of, signed_in};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_the_record_and_is_for_its_owner() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    let page = browser.get("/account/profile").await;
    for words in
        ["Anna", "Rossi", "RSSNNA90E47Z110T", "Via dei Serpenti 12", "00184 Roma (RM)", MOBILE, &person.username]
    {
        page.must_have(words);
    }
    let stranger = app.browser().send(http::Method::GET, "/account/profile", None, vec![]).await;
    assert_eq!(stranger.redirect(), Some("/login?next=/account/profile"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_edits_at_once_the_second_sees_the_difference() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let (mut one, mut two) = (signed_in(&app, person.login).await, signed_in(&app, person.login).await);
    let path = "/account/profile/contacts";
    let (first, second) = (one.get(path).await, two.get(path).await);
    let saved = one.submit(&first, path, &[("phone", "06 4991 2345")]).await;
    saved.must_have("Dati salvati").must_have("+390649912345");
    let late = two.submit(&second, path, &[("mobile", "347 1234567")]).await;
    assert_eq!(late.status, 422);
    late.must_have("I dati sono cambiati mentre scrivevi").must_have("+390649912345");
    // The page now knows the newer version: the same button saves.
    let done = two.submit(&late, path, &[("phone", "06 4991 2345")]).await;
    done.must_have("+393471234567").must_have("+390649912345");
    app.settle().await;
    assert!(app.mailer.last_to(EMAIL).is_some_and(|m| m.subject == "I tuoi dati sono cambiati"));
    assert!(app.sms.last_to(MOBILE).is_some(), "the old mobile is told");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contacts_are_refused_with_reasons() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    let path = "/account/profile/contacts";
    let page = browser.get(path).await;
    for (fields, words) in [
        (vec![("mobile", "06 4991 2345")], "Questo è un numero fisso"),
        (vec![("mobile", "")], "cellulare"),
        (vec![("phone", "٠٦٤٩٩١٢٣٤٥")], "Il numero di telefono contiene lettere"),
    ] {
        let answer = browser.submit(&page, path, &fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        answer.must_have(words);
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_changes_and_locked_data_do_not() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    let path = "/account/profile/address";
    let page = browser.get(path).await;
    let wrong = browser.submit(&page, path, &[("municipality", "Milano")]).await;
    wrong.must_have("Questo comune è in un’altra provincia.");
    let fields = [("municipality", "MILANO"), ("province", "MI"), ("postal_code", "20121")];
    browser.submit(&page, path, &fields).await.must_have("20121 Milano (MI)");
    // A forged field changes nothing.
    let mut pairs: Vec<(&str, &str)> =
        vec![("last_name", "Bianchi"), ("fiscal_code", "RCCMNL83S18D969H"), ("version", "2")];
    let page = browser.get(path).await;
    let csrf = page.attrs("form[action*=address] input[name=csrf]", "value").remove(0);
    pairs.extend([("csrf", csrf.as_str()), ("street", "Via Nuova"), ("street_number", "1"), ("country", "IT")]);
    pairs.extend(fields);
    browser.post(path, &pairs).await.must_have("Via Nuova 1").must_have("Rossi").must_have("RSSNNA90E47Z110T");
    app.settle().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_email_counts_only_after_its_code() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    // A link to the old address must die with it.
    app::use_cases::accounts::reset_password::request_password_reset(
        &app.cx,
        &person.username,
        app::use_cases::accounts::reset_password::Way::Email,
        "192.0.2.7",
    )
    .await
    .unwrap();
    app.settle().await;
    let text = app.mailer.last_to(EMAIL).unwrap().text;
    let link = text[text.find("/recover/password/").unwrap()..].split_whitespace().next().unwrap().to_owned();
    let page = browser.get("/account/profile/email").await;
    let fields = [("email", "nuova@example.it"), ("email_again", "nuova@example.it")];
    let code_page = browser.submit(&page, "/account/profile/email", &fields).await;
    code_page.must_have("nuova@example.it");
    app.settle().await;
    browser.get("/account/profile").await.must_have(EMAIL).must_have("Manca il codice");
    let text = app.mailer.last_to("nuova@example.it").expect("the code came").text;
    let code = text.lines().map(str::trim).find(|l| l.len() == 6 && l.bytes().all(|b| b.is_ascii_digit())).unwrap();
    let wrong = if code == "111111" { "111112" } else { "111111" };
    let refused = browser.submit(&code_page, "/email/code", &[("code", wrong)]).await;
    assert_eq!(refused.status, 422);
    let done = browser.submit(&code_page, "/email/code", &[("code", code)]).await;
    done.must_have("E-mail cambiata").must_have("nuova@example.it");
    app.settle().await;
    assert!(
        app.mailer.last_to(EMAIL).is_some_and(|m| m.subject == "L’e-mail registrata è cambiata"),
        "the old is told"
    );
    browser.get(&link).await.must_have("Questo collegamento non vale più");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn header_injection_in_an_address_goes_nowhere() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    let page = browser.get("/account/profile/email").await;
    let evil = "x@example.it\r\nBcc: y@example.it";
    let fields = [("email", evil), ("email_again", evil)];
    let answer = browser.submit(&page, "/account/profile/email", &fields).await;
    assert_eq!(answer.status, 422);
    app.settle().await;
    assert!(app.mailer.sent().is_empty());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_to_a_consent_is_kept() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    let page = browser.get("/account/consents").await;
    assert!(page.attrs("main input[checked]", "name").is_empty(), "nothing is ticked beforehand");
    browser.submit(&page, "/account/consents", &[("marketing", "yes")]).await.must_have("Preferenze salvate");
    app.clock.advance_us(MINUTE_US);
    let page = browser.get("/account/consents").await;
    assert_eq!(page.attrs("main input[checked]", "name"), ["marketing"]);
    browser.submit(&page, "/account/consents", &[]).await;
    browser.submit(&page, "/account/consents", &[("!marketing", "")]).await;
    let rows = store::consents::latest(&mut app.cx.store(), person.party.uuid()).await.unwrap();
    let last: Vec<_> = rows.iter().map(|r| (r.kind.as_str(), r.given)).collect();
    assert_eq!(last, [("marketing", false)], "what was never asked is not written");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn confirming_twice_makes_one_login() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    let page = browser.get("/account/logins/new").await;
    let password = "Scoglio+4azzurro";
    let fields = [("password", password), ("password_again", password)];
    let confirm = browser.submit(&page, "/account/logins/new", &fields).await;
    confirm.must_have("Creare un nuovo nome utente?");
    let usernames = async || app::queries::profile::accounts(&app.cx, person.party).await.unwrap();
    assert_eq!(usernames().await.len(), 1, "leaving the confirmation creates nothing");
    let first = browser.submit(&confirm, "/account/logins/confirm", &[]).await;
    let second = browser.submit(&confirm, "/account/logins/confirm", &[]).await;
    assert_eq!(first.texts("#new-username"), second.texts("#new-username"));
    let all = usernames().await;
    assert_eq!(all.len(), 2);
    first.must_have(&all[1].username);
    app.settle().await;
    let mails = app.mailer.to(EMAIL, "Nuova login creata");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains(&all[1].username));
    // The datum changed through one is seen through the other.
    let mut other = signed_in(&app, all[1].login).await;
    other.get("/account/profile").await.must_have(&person.username).must_have("Via dei Serpenti 12");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_confirmations_at_the_same_moment_make_one_login() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    use app::use_cases::accounts::new_login::{create_login, prepare_login};
    let key = prepare_login(&app.cx, person.party, "Scoglio+4azzurro", "Scoglio+4azzurro").await.unwrap();
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (cx, key, party) = (app.cx.clone(), key.clone(), person.party);
            tokio::spawn(async move { create_login(&cx, party, key).await })
        })
        .collect();
    let mut names = std::collections::BTreeSet::new();
    for t in tries {
        names.insert(t.await.unwrap().expect("every press answers the username"));
    }
    assert_eq!(names.len(), 1);
    assert_eq!(app::queries::profile::accounts(&app.cx, person.party).await.unwrap().len(), 2);
    app.settle().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_has_twenty_logins_at_most_and_keys_are_its_own() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    use app::use_cases::accounts::new_login::{create_login, prepare_login};
    let word = "Scoglio+4azzurro";
    for _ in 1..20 {
        let key = prepare_login(&app.cx, person.party, word, word).await.unwrap();
        create_login(&app.cx, person.party, key).await.unwrap();
    }
    let full = prepare_login(&app.cx, person.party, word, word).await.unwrap_err();
    assert!(full.is("too-many-logins"), "{full}");
    let strange = create_login(&app.cx, person.party, "x".repeat(43)).await.unwrap_err();
    assert!(strange.is("new-login-gone"), "{strange}");
    app.settle().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_password_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    signed_in(&app, person.login).await;
    let page = browser.get("/account/password").await;
    let new = "Scoglio+4azzurro";
    let wrong = [("present_password", "no"), ("password", new), ("password_again", new)];
    let refused = browser.submit(&page, "/account/password", &wrong).await;
    assert_eq!(refused.status, 422);
    assert_eq!(sessions_of(&app, person.login).await, 2);
    let right = [("present_password", PASSWORD), ("password", new), ("password_again", new)];
    browser.submit(&page, "/account/password", &right).await.must_have("Password cambiata");
    assert_eq!(sessions_of(&app, person.login).await, 1, "the one that asked stays");
    app.settle().await;
    app.finish().await;
}
