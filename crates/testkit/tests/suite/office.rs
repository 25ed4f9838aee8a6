//! The back office: who gets in, how, and what each role may do there.

use app::{
    sessions,
    use_cases::operators::{create_operator::*, reset_operator::reset_operator, sign_in::code_of},
};
use axum::http::{Method, StatusCode};
use domain::{
    actor::Actor,
    id::{EffectId, OperatorId},
    operator::{Permission, Role},
    time::MINUTE_US,
};
use store::effects as rows;
use testkit::{
    TestApp,
    browser::{Browser, Page},
};

use crate::people::{anna, signed_in};

const OWN: &str = "Tramonto-7verde";

async fn hired(app: &TestApp, username: &str, role: Role) -> Created {
    let typed = NewOperator { username: username.into(), name: "Sara Conti".into(), role: role.as_str().into() };
    create_operator(&app.cx, typed).await.expect("an operator is made")
}

/// The key of the enrolment page, as an authenticator app would take it.
fn app_code(app: &TestApp, page: &Page) -> String {
    let key = page.texts(".cl-enrol .cl-mono").concat().replace(' ', "");
    let totp = totp_rs::Secret::Encoded(key).to_bytes().expect("the key is base32");
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 0, 30, totp, None, "x".into()).expect("a key");
    totp.generate((app.cx.now().micros() / 1_000_000) as u64)
}

async fn password(browser: &mut Browser, username: &str, password: &str) -> Page {
    let page = browser.get("/office/login").await;
    browser.submit(&page, "/office/login", &[("username", username), ("password", password)]).await
}

/// Signs in for the first time; answers the browser on `/office`.
pub async fn enrolled(app: &TestApp, username: &str, role: Role) -> Browser {
    let made = hired(app, username, role).await;
    let mut browser = app.browser();
    let page = password(&mut browser, username, &made.password).await;
    let fields = [("password", OWN), ("password_again", OWN), ("code", &app_code(app, &page))];
    let home = browser.submit(&page, "/office/login/code", &fields).await;
    assert_eq!(home.path, "/office", "{}", home.text());
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_sign_in_sets_password_and_app() {
    let app = TestApp::new().await;
    let made = hired(&app, "sara.conti", Role::Support).await;
    let mut browser = app.browser();
    let page = password(&mut browser, " Sara.Conti ", &made.password).await;
    assert_eq!(page.path, "/office/login/code");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.attrs("svg.cl-qr path", "d").len(), 1, "the drawing needs no script");
    let code = app_code(&app, &page);
    let bare = browser.submit(&page, "/office/login/code", &[("password", "x"), ("password_again", "y")]).await;
    assert_eq!(bare.status, 422);
    bare.must_have("Scrivi il codice").must_have("maiuscola");
    assert_eq!(app_code(&app, &bare), code, "the same key is shown again");
    let wrong = [("password", OWN), ("password_again", OWN), ("code", "000000")];
    browser.submit(&bare, "/office/login/code", &wrong).await.must_have("Il codice non è giusto");
    let right = [("password", OWN), ("password_again", OWN), ("code", code.as_str())];
    let home = browser.submit(&bare, "/office/login/code", &right).await;
    assert_eq!(home.path, "/office");
    assert_eq!(home.texts(".cl-who"), ["Sara Conti · Assistenza"]);
    // Out again, and in with the password of one's own; the one handed out opens nothing.
    let out = browser.submit(&home, "/logout", &[]).await;
    assert_eq!(out.path, "/office/login");
    assert!(browser.get("/office").await.path.starts_with("/office/login?next=/office"));
    password(&mut browser, "sara.conti", &made.password).await.must_have("L’accesso non è riuscito");
    let page = password(&mut browser, "sara.conti", OWN).await;
    assert!(page.attrs("svg.cl-qr", "role").is_empty(), "the key is not shown a second time");
    let taken = browser.submit(&page, "/office/login/code", &[("code", &code)]).await;
    taken.must_have("Il codice non è giusto");
    app.clock.advance_us(MINUTE_US);
    let (code, _) = code_of(&app.cx, "sara.conti").await.expect("the app is connected");
    assert_eq!(browser.submit(&taken, "/office/login/code", &[("code", &code)]).await.path, "/office");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_tells_which_operators_there_are() {
    let app = TestApp::new().await;
    hired(&app, "sara.conti", Role::Viewer).await;
    let before = app.cx.hashing().figures().done;
    let mut browser = app.browser();
    let known = password(&mut browser, "sara.conti", "Sbagliata-1x").await;
    let after_known = app.cx.hashing().figures().done;
    let unknown = password(&mut browser, "nobody", "Sbagliata-1x").await;
    let after_unknown = app.cx.hashing().figures().done;
    assert_eq!((after_known - before, after_unknown - after_known), (1, 1), "the same work");
    assert_eq!(known.texts(".cl-summary"), unknown.texts(".cl-summary"));
    assert_eq!(known.status, unknown.status);
    // A customer's username is no operator, and an operator's opens no account.
    let person = anna(&app).await;
    password(&mut browser, &person.username, OWN).await.must_have("L’accesso non è riuscito");
    let page = browser.get("/login").await;
    let refused = browser.submit(&page, "/login", &[("username", "sara.conti"), ("password", OWN)]).await;
    assert_eq!(refused.status, 422);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_wrong_codes_lead_back_to_the_password() {
    let app = TestApp::new().await;
    let mut browser = enrolled(&app, "sara.conti", Role::Viewer).await;
    app.clock.advance_us(MINUTE_US);
    let mut page = password(&mut browser, "sara.conti", OWN).await;
    for n in 0..4 {
        page = browser.submit(&page, "/office/login/code", &[("code", "000000")]).await;
        assert_eq!(page.status, 422, "try {n}");
    }
    let (code, _) = code_of(&app.cx, "sara.conti").await.expect("the app is connected");
    let over = browser.submit(&page, "/office/login/code", &[("code", "000000")]).await;
    assert_eq!(over.path, "/office/login");
    over.must_have("scrivi di nuovo nome utente e password");
    let late = browser.submit(&page, "/office/login/code", &[("code", &code)]).await;
    assert_eq!(late.path, "/office/login", "the right code comes too late");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_administrator_gives_access_again() {
    let app = TestApp::new().await;
    let mut chief = enrolled(&app, "chief", Role::Admin).await;
    let mut sara = enrolled(&app, "sara.conti", Role::Support).await;
    let list = chief.get("/office/operators").await;
    let resets = list.attrs("a[href$='/reset']", "href");
    assert_eq!(resets.len(), 1, "nobody resets themselves");
    let asked = chief.get(&resets[0]).await;
    asked.must_have("Ridare accesso a sara.conti?");
    let handed = chief.submit(&asked, "/reset", &[]).await;
    let password_out = handed.texts("#operator-password").concat();
    assert!(sara.get("/office").await.path.starts_with("/office/login"), "her sessions have ended");
    password(&mut sara, "sara.conti", OWN).await.must_have("L’accesso non è riuscito");
    let enrol = password(&mut sara, "sara.conti", &password_out).await;
    assert_eq!(enrol.attrs("svg.cl-qr", "role"), ["img"]);
    // Blocked, and let in again.
    let list = chief.get("/office/operators").await;
    let said = chief.submit(&list, "/block", &[]).await;
    said.must_have("Operatore bloccato");
    password(&mut sara, "sara.conti", &password_out).await.must_have("L’accesso non è riuscito");
    chief.submit(&said, "/block", &[]).await.must_have("Operatore sbloccato");
    assert_eq!(password(&mut sara, "sara.conti", &password_out).await.path, "/office/login/code");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_are_made_by_administrators() {
    let app = TestApp::new().await;
    let mut chief = enrolled(&app, "chief", Role::Admin).await;
    let page = chief.get("/office/operators/new").await;
    let wrong = chief.submit(&page, "/operators/new", &[("username", "100001"), ("name", "<b>x</b>")]).await;
    assert_eq!(wrong.status, 422);
    wrong.must_have("con almeno una lettera").must_have("Scegli un ruolo");
    let fields = [("username", "Luca"), ("name", "Luca Conti"), ("role", "accounting")];
    chief.submit(&wrong, "/operators/new", &fields).await.must_have("Password da consegnare");
    chief.submit(&wrong, "/operators/new", &fields).await.must_have("esiste già");
    chief.get("/office/operators").await.must_have("Contabilità").must_have("Primo accesso da fare");
    for forbidden in [Actor::Visitor, actor(Role::Support), actor(Role::Viewer)] {
        let cx = app.cx.by(forbidden);
        assert!(create_operator(&cx, NewOperator::default()).await.unwrap_err().is("forbidden"));
        assert!(reset_operator(&cx, app.cx.new_id()).await.unwrap_err().is("forbidden"));
        assert!(code_of(&cx, "chief").await.unwrap_err().is("forbidden"));
    }
    app.finish().await;
}

fn actor(role: Role) -> Actor {
    Actor::Operator { operator: OperatorId::from_uuid(uuid::Uuid::from_u128(1)), role }
}

/// A stuck effect that nobody has to carry out.
async fn stuck(app: &TestApp, kind: &'static str) -> EffectId {
    let id: EffectId = app.cx.new_id();
    let now = app.cx.now().micros();
    let made = app.cx.write(async move |tx| {
        let row = rows::NewEffect {
            id: id.uuid(),
            kind,
            subject_kind: "order",
            subject_id: id.uuid(),
            payload: "{}",
            dedup_key: None,
            run_at: now,
            trace: "-",
            created_at: now,
        };
        rows::insert(tx, &row).await?;
        rows::claim(tx, "test", now + MINUTE_US, now, 10).await?;
        rows::mark_stuck(tx, id.uuid(), "test", "550 <no such user>", now).await?;
        Ok(())
    });
    made.await.expect("the effect is written");
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stuck_effects_are_decided_about_by_role() {
    let app = TestApp::new().await;
    let mut viewer = enrolled(&app, "viewer", Role::Viewer).await;
    let mut support = enrolled(&app, "support", Role::Support).await;
    let mut chief = enrolled(&app, "chief", Role::Admin).await;
    viewer.get("/office/effects").await.must_have("Niente di bloccato");
    let (first, second) = (stuck(&app, "send_notice").await, stuck(&app, "provision").await);
    viewer.get("/office").await.must_have("Effetti bloccati");
    let seen = viewer.get("/office/effects").await;
    seen.must_have("550 <no such user>");
    assert!(seen.attrs("main form", "action").is_empty(), "who only looks has no buttons");
    let page = support.get("/office/effects").await;
    assert!(page.attrs("a[href$='/give-up']", "href").is_empty());
    support.submit(&page, "/retry", &[("effect", &second.to_string())]).await.must_have("Rimesso in coda");
    support.submit(&page, "/retry", &[("effect", &second.to_string())]).await.must_have("non è più bloccato");
    let asked = chief.get(&format!("/office/effects/{first}/give-up")).await;
    chief.submit(&asked, "/give-up", &[]).await.must_have("non viene più tentato");
    chief.get("/office/effects").await.must_have("Niente di bloccato");
}

/// Every route of the back office, and what it answers to who may open it.
const WALK: &[(&str, &str, Option<Permission>)] = &[
    ("GET", "/office/login", None),
    ("POST", "/office/login", None),
    ("GET", "/office/login/code", None),
    ("POST", "/office/login/code", None),
    ("GET", "/office", Some(Permission::See)),
    ("GET", "/office/effects", Some(Permission::See)),
    ("POST", "/office/effects/retry", Some(Permission::RetryEffects)),
    ("GET", "/office/effects/{id}/give-up", Some(Permission::GiveUpEffects)),
    ("POST", "/office/effects/{id}/give-up", Some(Permission::GiveUpEffects)),
    ("GET", "/office/search", Some(Permission::See)),
    ("GET", "/office/customers/{id}/renewals", Some(Permission::See)),
    ("GET", "/office/customers/{id}/renewals.csv", Some(Permission::See)),
    ("GET", "/office/mailboxes/{id}/renewals", Some(Permission::See)),
    ("GET", "/office/orders/{id}", Some(Permission::See)),
    ("GET", "/office/orders/{id}/refund/{payment}", Some(Permission::MoveMoney)),
    ("POST", "/office/orders/{id}/refund/{payment}", Some(Permission::MoveMoney)),
    ("GET", "/office/refunds", Some(Permission::See)),
    ("GET", "/office/refunds/{id}", Some(Permission::MoveMoney)),
    ("POST", "/office/refunds/{id}", Some(Permission::MoveMoney)),
    ("GET", "/office/transfers", Some(Permission::See)),
    ("GET", "/office/transfers/book", Some(Permission::MoveMoney)),
    ("POST", "/office/transfers/book", Some(Permission::MoveMoney)),
    ("GET", "/office/transfers/statement", Some(Permission::MoveMoney)),
    ("POST", "/office/transfers/statement", Some(Permission::MoveMoney)),
    ("GET", "/office/transfers/{id}", Some(Permission::See)),
    ("POST", "/office/transfers/{id}/book", Some(Permission::MoveMoney)),
    ("POST", "/office/transfers/{id}/close", Some(Permission::MoveMoney)),
    ("GET", "/office/night", Some(Permission::See)),
    ("GET", "/office/night/dry-run", Some(Permission::See)),
    ("GET", "/office/night/parked", Some(Permission::See)),
    ("POST", "/office/night/parked", Some(Permission::RunNight)),
    ("GET", "/office/night/{day}", Some(Permission::See)),
    ("GET", "/office/night/{day}/obligations", Some(Permission::See)),
    ("GET", "/office/night/{day}/obligations.csv", Some(Permission::See)),
    ("POST", "/office/night/{day}/pause", Some(Permission::RunNight)),
    ("POST", "/office/night/{day}/resume", Some(Permission::RunNight)),
    ("GET", "/office/catalogue", Some(Permission::See)),
    ("GET", "/office/catalogue/price", Some(Permission::EditCatalogue)),
    ("POST", "/office/catalogue/price", Some(Permission::EditCatalogue)),
    ("GET", "/office/catalogue/new", Some(Permission::EditCatalogue)),
    ("POST", "/office/catalogue/new", Some(Permission::EditCatalogue)),
    ("GET", "/office/catalogue/offer", Some(Permission::EditCatalogue)),
    ("POST", "/office/catalogue/offer", Some(Permission::EditCatalogue)),
    ("GET", "/office/catalogue/take-back", Some(Permission::EditCatalogue)),
    ("POST", "/office/catalogue/take-back", Some(Permission::EditCatalogue)),
    ("GET", "/office/catalogue/products", Some(Permission::See)),
    ("GET", "/office/catalogue/products/{code}", Some(Permission::EditCatalogue)),
    ("POST", "/office/catalogue/products/{code}", Some(Permission::EditCatalogue)),
    ("GET", "/office/catalogue/lists/{code}", Some(Permission::EditCatalogue)),
    ("POST", "/office/catalogue/lists/{code}", Some(Permission::EditCatalogue)),
    ("GET", "/office/agreements", Some(Permission::See)),
    ("GET", "/office/agreements/new", Some(Permission::EditCatalogue)),
    ("POST", "/office/agreements/new", Some(Permission::EditCatalogue)),
    ("GET", "/office/agreements/{code}", Some(Permission::See)),
    ("POST", "/office/agreements/{code}", Some(Permission::EditCatalogue)),
    ("POST", "/office/agreements/{code}/body", Some(Permission::EditCatalogue)),
    ("GET", "/office/agreements/{code}/take-back", Some(Permission::EditCatalogue)),
    ("POST", "/office/agreements/{code}/take-back", Some(Permission::EditCatalogue)),
    ("GET", "/office/operators", Some(Permission::ManageOperators)),
    ("GET", "/office/operators/new", Some(Permission::ManageOperators)),
    ("POST", "/office/operators/new", Some(Permission::ManageOperators)),
    ("GET", "/office/operators/{id}/reset", Some(Permission::ManageOperators)),
    ("POST", "/office/operators/{id}/reset", Some(Permission::ManageOperators)),
    ("POST", "/office/operators/{id}/block", Some(Permission::ManageOperators)),
];

async fn csrf(browser: &mut Browser) -> String {
    let page = browser.get("/office/login").await;
    page.attrs("input[name=csrf]", "value").pop().expect("every form repeats the token")
}

/// One request, redirects not followed.
async fn knock(browser: &mut Browser, method: &str, path: &str) -> Page {
    let id = match path.split('/').nth(2) {
        Some("effects") => "eff_",
        Some("transfers") => "mov_",
        Some("orders") => "ord_",
        Some("refunds") => "pay_",
        _ => "opr_",
    };
    let path = path.replace("{id}", &format!("{id}0199c0ffee00700080000000000000aa"));
    let path = path.replace("{day}", "2026-10-01").replace("{code}", "ORDGEO");
    let path = path.replace("{payment}", "pay_0199c0ffee00700080000000000000aa");
    if method == "GET" {
        return browser.send(Method::GET, &path, None, vec![]).await;
    }
    let body = format!("csrf={}", csrf(browser).await);
    browser.send(Method::POST, &path, Some("application/x-www-form-urlencoded"), body.into_bytes()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_is_walked_as_everybody() {
    let routes = web::office::ROUTES;
    for route in routes {
        let known = WALK.iter().any(|(m, p, n)| *m == route.method.as_str() && *p == route.path && *n == route.needs);
        assert!(known, "{} {} is not in the walk", route.method, route.path);
    }
    assert_eq!(routes.len(), WALK.len(), "the walk knows routes that are gone");
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mailbox = crate::people::in_mailbox(&app).await;
    let mut outsiders = vec![
        ("nobody", app.browser(), StatusCode::SEE_OTHER),
        ("customer", signed_in(&app, person.login).await, StatusCode::FORBIDDEN),
        ("mailbox", mailbox, StatusCode::FORBIDDEN),
    ];
    for (who, browser, refusal) in &mut outsiders {
        for (method, path, needs) in WALK {
            let answer = knock(browser, method, path).await;
            match needs {
                Some(_) => {
                    assert_eq!(answer.status, *refusal, "{who}: {method} {path}");
                    let to = answer.redirect().unwrap_or("/office/login");
                    assert!(to.starts_with("/office/login"), "{who}: {method} {path} leads to {to}");
                }
                None => assert_ne!(answer.status, StatusCode::FORBIDDEN, "{who}: {method} {path}"),
            }
        }
    }
    for role in Role::ALL {
        let mut browser = enrolled(&app, role.as_str(), role).await;
        for (method, path, needs) in WALK {
            let answer = knock(&mut browser, method, path).await;
            let allowed = needs.is_none_or(|n| role.may(n));
            assert_eq!(answer.status != StatusCode::FORBIDDEN, allowed, "{}: {method} {path}", role.as_str());
            assert!(!answer.status.is_server_error(), "{}: {method} {path}", role.as_str());
            let to = answer.redirect().unwrap_or_default();
            assert!(needs.is_none() || !to.starts_with("/office/login"), "{}: {method} {path}", role.as_str());
        }
    }
}

/// No page of the back office is mounted past the table.
#[test]
fn the_table_holds_every_route() {
    let web = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src");
    let mut folders = vec![std::path::PathBuf::from(web)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("sources are there") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("readable");
                assert!(!text.contains(".route(\"/office"), "{} mounts a route of its own", path.display());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kinds_of_sessions_are_told_apart() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let mut operator = enrolled(&app, "sara.conti", Role::Admin).await;
    let mut customer = signed_in(&app, person.login).await;
    let mut mailbox = crate::people::in_mailbox(&app).await;
    for (path, who) in [("/account", "customer"), ("/mailbox", "mailbox"), ("/office", "operator")] {
        for (name, browser) in [("customer", &mut customer), ("mailbox", &mut mailbox), ("operator", &mut operator)] {
            let page = browser.get(path).await;
            let expected = if name == who { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(page.status, expected, "{name} at {path}");
            // A refusal keeps the header of who is signed in.
            let brand = page.texts(".cl-brand span span").concat();
            let area = match name {
                "customer" => "Area clienti",
                "mailbox" => "Area della casella",
                _ => "Back office",
            };
            assert_eq!(brand, area, "{name} at {path}");
        }
    }
    // The same secret is one session, of one kind.
    let secret = operator.cookies()[web::cookies::SESSION].clone();
    let found = sessions::find(&app.cx, &secret).await.expect("readable").expect("open");
    assert!(matches!(found.actor, Actor::Operator { role: Role::Admin, .. }));
    app.finish().await;
}
