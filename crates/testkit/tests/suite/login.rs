//! Signing in and out, sessions, limits, proof of work (domain notes 0.2).

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::time::{HOUR_US, MINUTE_US, SECOND_US};
use testkit::{
    TestApp,
    browser::{Browser, Page},
};

store::sql!(BUCKETS = "SELECT COUNT(*) FROM rate_limits", i64);

use crate::people::{PASSWORD, anna, sessions_of, signed_in};

async fn log_in(browser: &mut Browser, username: &str, password: &str) -> Page {
    let page = browser.get("/login").await;
    browser.submit(&page, "/login", &[("username", username), ("password", password)]).await
}

/// The page without what differs at each request.
fn said(page: &Page) -> (u16, Vec<String>) {
    (page.status.as_u16(), page.texts("main h1, main p, main li"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_opens_and_ends() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = app.browser();
    let asked = browser.get("/account/sessions").await;
    assert_eq!(asked.path, "/login?next=/account/sessions");
    let typed = format!("  {} ", person.username.to_uppercase());
    let came = browser.submit(&asked, "/login", &[("username", &typed), ("password", PASSWORD)]).await;
    assert_eq!((came.path.as_str(), came.status.as_u16()), ("/account/sessions", 200), "{}", came.text());
    let secret = browser.cookies()[web::cookies::SESSION].clone();
    let out = browser.submit(&came, "/logout", &[]).await;
    out.must_have("Sei uscito");
    browser.set_cookie(web::cookies::SESSION, &secret);
    assert_eq!(browser.get("/account/sessions").await.path, "/login?next=/account/sessions", "the old secret is dead");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_refusal_does_not_say_which_half_is_wrong() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let realm = app.cx.settings().realm.clone();
    let unknown = format!("999999@{realm}");
    let wrong = log_in(&mut app.browser(), &person.username, "Sbagliata-1x").await;
    let nobody = log_in(&mut app.browser(), &unknown, "Sbagliata-1x").await;
    assert_eq!(said(&wrong), said(&nobody));
    assert_eq!(wrong.status, 422);
    wrong.must_have("L’accesso con l’account non è riuscito");
    let mailbox = log_in(&mut app.browser(), "nessuno@pec.example.it", "Sbagliata-1x").await;
    mailbox.must_have("L’accesso con la casella non è riuscito");
    let neither = log_in(&mut app.browser(), "anna", "Sbagliata-1x").await;
    neither.must_have("Scrivi il nome utente");
    let blank = log_in(&mut app.browser(), &person.username, &format!(" {PASSWORD}")).await;
    assert_eq!(blank.status, 422, "a password is never trimmed");
    for bad in ["\0", "a\r\nb@pec.it", "\u{202e}1@x.it", &"9".repeat(10_000)] {
        assert_eq!(log_in(&mut app.browser(), bad, "x").await.status, 422, "{bad:?}");
    }
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bare_number_is_a_username_and_next_stays_here() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let number = person.username.split('@').next().unwrap().to_owned();
    let mut browser = app.browser();
    let page = browser.get("/login?next=//evil.example").await;
    assert_eq!(page.attrs("main input[name=next]", "value"), Vec::<String>::new());
    let csrf = page.attrs("main input[name=csrf]", "value")[0].clone();
    let fields =
        [("csrf", csrf.as_str()), ("username", &number), ("password", PASSWORD), ("next", "https://evil.example/")];
    let body = fields.map(|(n, v)| format!("{n}={}", web::visit::form_encoded(v))).join("&");
    let kind = Some("application/x-www-form-urlencoded");
    let answer = browser.send(http::Method::POST, "/login", kind, body.into_bytes()).await;
    assert_eq!(answer.redirect(), Some("/account"));
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    app.finish().await;
}

/// Solves as a browser does.
fn solve(challenge: &serde_json::Value) -> String {
    let text = |name: &str| challenge[name].as_str().unwrap().to_owned();
    let (salt, wanted) = (text("salt"), text("challenge"));
    let hash = |n: u64| {
        app::secrets::sha256(format!("{salt}{n}").as_bytes()).iter().map(|b| format!("{b:02x}")).collect::<String>()
    };
    let number = (0..challenge["maxnumber"].as_u64().unwrap()).find(|n| hash(*n) == wanted).expect("it can be solved");
    let solution = serde_json::json!({
        "algorithm": text("algorithm"), "challenge": wanted, "number": number, "salt": salt, "signature": text("signature"),
    });
    STANDARD.encode(solution.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_failures_a_proof_of_work_or_patience_is_wanted() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = app.browser();
    for _ in 0..2 {
        let page = log_in(&mut browser, &person.username, "Sbagliata-1x").await;
        assert!(page.attrs("altcha-widget", "challenge").is_empty());
    }
    let third = log_in(&mut browser, &person.username, "Sbagliata-1x").await;
    assert_eq!(third.attrs("altcha-widget", "challenge"), ["/captcha"]);
    third.must_have("aspettare 15 secondi");
    // Without a solution: one try a minute, and not even the right password more often.
    let slow = log_in(&mut browser, &person.username, "Sbagliata-1x").await;
    slow.must_have("L’accesso con l’account non è riuscito");
    let refused = log_in(&mut browser, &person.username, PASSWORD).await;
    refused.must_have("Hai provato più volte");
    let challenge: serde_json::Value = serde_json::from_str(&browser.get("/captcha").await.body).unwrap();
    let solution = solve(&challenge);
    let with = |password| [("username", person.username.as_str()), ("password", password), ("altcha", &solution)];
    let send = async |browser: &mut Browser, fields: [(&str, &str); 3]| {
        let page = browser.get("/login").await;
        let csrf = page.attrs("main input[name=csrf]", "value")[0].clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        browser.post("/login", &all).await
    };
    let wrong = send(&mut browser, with("Sbagliata-1x")).await;
    wrong.must_have("L’accesso con l’account non è riuscito");
    let replay = send(&mut browser, with(PASSWORD)).await;
    replay.must_have("è già stato usato");
    for forged in ["", "x", "e30=", &STANDARD.encode("{\"algorithm\":\"SHA-256\"}")] {
        let page =
            send(&mut browser, [("username", &person.username), ("password", PASSWORD), ("altcha", forged)]).await;
        assert_eq!(page.status, 422, "{forged}");
    }
    let late: serde_json::Value = serde_json::from_str(&browser.get("/captcha").await.body).unwrap();
    let late = solve(&late);
    app.clock.advance_us(11 * MINUTE_US);
    let expired = send(&mut browser, [("username", &person.username), ("password", PASSWORD), ("altcha", &late)]).await;
    expired.must_have("è scaduto");
    app.clock.advance_us(16 * MINUTE_US);
    assert_eq!(log_in(&mut browser, &person.username, PASSWORD).await.status, 200, "a quarter of an hour later");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_grow_old() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut idle = signed_in(&app, person.login).await;
    let mut busy = signed_in(&app, person.login).await;
    for _ in 0..5 {
        app.clock.advance_us(10 * MINUTE_US);
        assert_eq!(busy.get("/account/sessions").await.path, "/account/sessions");
        // The use is noted off the request's path; a request that meets the note of the one before
        // it leaves that to the next.
        while touched_ago(&app, person.login).await > MINUTE_US {
            busy.get("/account/sessions").await;
        }
    }
    assert!(idle.get("/account/sessions").await.path.starts_with("/login"), "unused for too long");
    app.clock.advance_us(12 * HOUR_US);
    assert!(busy.get("/account/sessions").await.path.starts_with("/login"), "however busy");
    app.finish().await;
}

/// How long ago the last use of any session was noted.
async fn touched_ago(app: &TestApp, login: domain::id::LoginId) -> i64 {
    let now = app.cx.now().micros();
    let rows = store::sessions::of_login(&mut app.cx.store(), login.uuid(), now, 0).await.unwrap();
    now - rows.iter().map(|r| r.seen_at).max().unwrap_or(now)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_are_listed_and_closed_by_their_owner_only() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut here = signed_in(&app, person.login).await;
    let mut there = signed_in(&app, person.login).await;
    let page = here.get("/account/sessions").await;
    let other = page.attrs("input[name=session]", "value");
    assert_eq!(other.len(), 1, "this browser cannot close itself here");
    for nonsense in ["", "ses_x", "ord_00000000000000000000000000000000"] {
        here.submit(&page, "/close", &[("session", nonsense)]).await;
    }
    assert_eq!(sessions_of(&app, person.login).await, 2);
    here.submit(&page, "/account/sessions/close", &[]).await.must_have("Accesso chiuso");
    assert!(there.get("/account/sessions").await.path.starts_with("/login"));
    signed_in(&app, person.login).await;
    let page = here.get("/account/sessions").await;
    here.submit(&page, "close-others", &[]).await.must_have("Un accesso chiuso");
    assert_eq!(sessions_of(&app, person.login).await, 1);
    assert_eq!(here.get("/account/sessions").await.path, "/account/sessions");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_is_asked_again() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    let page = browser.get("/account/confirm?next=/account/sessions").await;
    let wrong = browser.submit(&page, "/account/confirm", &[("step_up_password", "Sbagliata-1x")]).await;
    assert_eq!(wrong.status, 422);
    let right = browser.submit(&wrong, "/account/confirm", &[("step_up_password", PASSWORD)]).await;
    assert_eq!(right.path, "/account/sessions");
    assert!(app.browser().get("/account/confirm").await.path.starts_with("/login"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_a_short_wait_is_the_proof() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut browser = app.browser();
    for _ in 0..4 {
        log_in(&mut browser, &person.username, "Sbagliata-1x").await;
    }
    let fields = [("username", person.username.as_str()), ("password", PASSWORD)];
    // Too quick: the ticket stays the same, so that the wait goes on.
    let page = log_in(&mut browser, &person.username, PASSWORD).await;
    page.must_have("aspetta 15 secondi");
    let ticket = page.attrs("input[name=waited]", "value").remove(0);
    app.clock.advance_us(10 * SECOND_US);
    let page = browser.submit(&page, "/login", &fields).await;
    page.must_have("aspetta 5 secondi");
    assert_eq!(page.attrs("input[name=waited]", "value"), [ticket.as_str()]);
    app.clock.advance_us(5 * SECOND_US);
    // It is bound to the door and to the address.
    let mut elsewhere = app.browser();
    elsewhere.headers.push(("x-forwarded-for".into(), "198.51.100.9".into()));
    let csrf = elsewhere.get("/login").await.attrs("main input[name=csrf]", "value").remove(0);
    let stolen = [("csrf", csrf.as_str()), ("waited", &ticket), fields[0], fields[1]];
    elsewhere.post("/login", &stolen).await.must_have("Hai provato più volte");
    let home = browser.submit(&page, "/login", &fields).await;
    assert_eq!(home.path, "/account", "{}", home.text());
    // Once only.
    let mut again = app.browser();
    let csrf = again.get("/login").await.attrs("main input[name=csrf]", "value").remove(0);
    let spent = [("csrf", csrf.as_str()), ("waited", &ticket), fields[0], fields[1]];
    again.post("/login", &spent).await.must_have("già stato usato");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_at_all_logins_of_a_person_count_together() {
    use app::use_cases::accounts::log_in::{Attempt, log_in};
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let cx = app.cx.clone();
    let (hash, now) = (cx.hashing().hash(PASSWORD, [3; 16]).await.unwrap(), cx.now().micros());
    let names: Vec<String> = (0..3).map(|n| format!("{}@ceralacca.example", 200_001 + n)).collect();
    let (made, party) = (names.clone(), person.party.uuid());
    cx.write(async move |tx| {
        for (n, name) in (200_001..).zip(&made) {
            let id = uuid::Uuid::from_u128(n as u128);
            store::logins::insert(tx, id, party, (n, name), "active", Some((&hash, now)), now).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let try_at = async |n: usize, password: &str| {
        let challenge = app::use_cases::accounts::captcha::challenge(&app.cx);
        let attempt = Attempt {
            identifier: names[n % 3].clone(),
            password: password.into(),
            captcha: Some(solve(&serde_json::to_value(challenge).unwrap())),
            client: app::sessions::Client { ip: format!("192.0.2.{}", n % 250), ..Default::default() },
            ..Default::default()
        };
        log_in(&app.cx, attempt).await.map(|_| ()).map_err(|p| p.code)
    };
    for n in 0..60 {
        assert_eq!(try_at(n, "Sbagliata-1x").await, Err("login-failed-account"), "try {n}");
    }
    // Twenty at each, sixty of one person. «Too many» would tell that the third username is the same person's.
    assert_eq!(try_at(60, PASSWORD).await, Err("login-failed-account"), "not even with the right password");
    app.clock.advance_us(16 * MINUTE_US);
    assert_eq!(try_at(61, PASSWORD).await, Ok(()));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_at_all_mailboxes_of_a_holder_count_together_and_tell_nothing() {
    use app::use_cases::accounts::log_in::{Attempt, log_in};
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = testkit::builders::customer(&app, 100_778, "BNCGLI80A41F205X").await;
    let names: Vec<String> = (0..10).map(|n| format!("ufficio.{n}")).collect();
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    let order = testkit::builders::order(&customer, &named, "pec.example.it").await;
    let boxes = testkit::builders::pay(&app, order).await;
    app.settle().await;
    let (cx, hash) = (app.cx.clone(), app.cx.hashing().hash(PASSWORD, [3; 16]).await.unwrap());
    cx.write(async move |tx| {
        for id in &boxes {
            store::mailbox_life::set_password(tx, *id, &hash, domain::time::Timestamp::from_micros(1)).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let try_at = async |n: usize, address: String, password: &str| {
        let challenge = app::use_cases::accounts::captcha::challenge(&app.cx);
        let attempt = Attempt {
            identifier: address,
            password: password.into(),
            captcha: Some(solve(&serde_json::to_value(challenge).unwrap())),
            client: app::sessions::Client { ip: format!("192.0.2.{}", n % 250), ..Default::default() },
            ..Default::default()
        };
        log_in(&app.cx, attempt).await.map(|_| ()).map_err(|p| p.code)
    };
    let address = |n: usize| format!("{}@pec.example.it", names[n % 10]);
    let buckets = async || app.cx.store().one(&BUCKETS, store::args![]).await.unwrap();
    let mut grown = Vec::new();
    for tried in [address(0), "nobody@pec.example.it".into()] {
        let before = buckets().await;
        assert_eq!(try_at(grown.len(), tried, "Sbagliata-1x").await, Err("login-failed-mailbox"));
        grown.push(buckets().await - before);
    }
    assert_eq!(grown, [3, 3], "target, address and owner, whether it exists or not");
    for n in 1..200 {
        assert_eq!(try_at(n, address(n), "Sbagliata-1x").await, Err("login-failed-mailbox"), "try {n}");
    }
    let closed = try_at(201, address(3), PASSWORD).await;
    assert_eq!(closed, Err("login-failed-mailbox"), "as for an address that nobody has");
    app.clock.advance_us(16 * MINUTE_US);
    assert_eq!(try_at(202, address(3), PASSWORD).await, Ok(()));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_username_costs_the_same_hash_as_a_wrong_password() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    crate::people::mailbox(&app).await;
    let kinds = [(person.username.as_str(), "999999"), (crate::people::MAILBOX, "nobody@pec.example.it")];
    for (known, unknown) in kinds {
        let mut seen = Vec::new();
        for name in [known, unknown] {
            let before = app.cx.hashing().figures().done;
            let page = log_in(&mut app.browser(), name, "Sbagliata-1x").await;
            seen.push((page.status, page.texts(".cl-summary"), app.cx.hashing().figures().done - before));
        }
        assert_eq!(seen[0], seen[1], "{known} and {unknown}");
        assert_eq!(seen[0].2, 1, "one hash");
    }
    app.finish().await;
}
