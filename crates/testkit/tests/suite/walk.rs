//! Every route of the pages as nobody, as another kind of session, as each role of an operator, and as another customer
//! with the owner's identifiers. The back office has its own walk in `office.rs`, a body's desk in `secretariat.rs`.

use std::collections::BTreeSet;

use app::{
    conversations::open_checkout::open_checkout,
    use_cases::{
        holders::new_holder::new_holder,
        methods::{ask_setup::ask_setup, open_setup},
        payments::Means,
    },
};
use axum::http::{Method, StatusCode};
use domain::{
    id::AttemptId,
    operator::Role,
    party::{SubjectKind, Typed},
};
use ports::payment::PlayGateway;
use store::sql;
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders::{self, Customer},
};

use crate::{
    office::enrolled,
    people::{anna, in_mailbox, signed_in},
    transfers::shop,
};

/// Whom a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    Everybody,
    /// A provider account.
    Account,
    /// A mailbox holder.
    Mailbox,
    /// Whoever pays by card: a provider account, or a mailbox holder who tops up.
    Payer,
}
use For::{Account, Everybody, Mailbox, Payer};

/// Every path, and whom it is for. `{…}` are filled with what belongs to the owner.
pub const ROUTES: &[(&str, For)] = &[
    ("/", Everybody),
    ("/account", Account),
    ("/account/agreements", Account),
    ("/account/agreements/{code}", Account),
    ("/account/agreements/{code}/import", Account),
    ("/account/agreements/{code}/import/template.csv", Account),
    ("/account/agreements/{code}/imports/{id}", Account),
    ("/account/agreements/{code}/imports/{id}/faults.csv", Account),
    ("/account/agreements/{code}/members.csv", Account),
    ("/account/agreements/{code}/members/{id}", Account),
    ("/account/agreements/{code}/renew", Account),
    ("/account/confirm", Everybody),
    ("/account/consents", Account),
    ("/account/holders", Account),
    ("/account/holders/new", Account),
    ("/account/holders/{id}", Account),
    ("/account/holders/{id}/delete", Account),
    ("/account/logins/confirm", Account),
    ("/account/logins/new", Account),
    ("/account/mailboxes", Account),
    ("/account/mailboxes.csv", Account),
    ("/account/mailboxes/{id}", Account),
    ("/account/mailboxes/{id}/again", Account),
    ("/account/mailboxes/{id}/auto-renew", Account),
    ("/account/mailboxes/{id}/password", Account),
    ("/account/mailboxes/{id}/password-link", Account),
    ("/account/mailboxes/{id}/renew", Account),
    ("/account/mailboxes/{id}/terminate", Account),
    ("/account/mailboxes/{id}/terminate/back", Account),
    ("/account/methods", Account),
    ("/account/methods/setup/{id}", Account),
    ("/account/methods/setup/{id}/card", Account),
    ("/account/methods/{id}/prefer", Account),
    ("/account/methods/{id}/remove", Account),
    ("/account/orders", Account),
    ("/account/orders/{id}", Account),
    ("/account/orders/{id}/cancel", Account),
    ("/account/orders/{id}/withdraw", Account),
    ("/account/password", Account),
    ("/account/profile", Account),
    ("/account/profile/address", Account),
    ("/account/profile/contacts", Account),
    ("/account/profile/email", Account),
    ("/account/profile/email/code", Account),
    ("/account/profile/question", Account),
    ("/account/renewals", Account),
    ("/account/renewals.csv", Account),
    ("/account/sessions", Account),
    ("/account/sessions/close", Account),
    ("/account/sessions/close-others", Account),
    ("/account/withdrawal", Account),
    ("/demo/gateway/{attempt}", Everybody),
    ("/hooks/{gateway}", Everybody),
    ("/legal/{text}", Everybody),
    ("/legal/{text}/{version}/{language}", Everybody),
    ("/login", Everybody),
    ("/logout", Everybody),
    ("/mailbox", Mailbox),
    ("/mailbox/addons/compare", Mailbox),
    ("/mailbox/addons/new", Mailbox),
    ("/mailbox/addons/{id}/back", Mailbox),
    ("/mailbox/auto-renew", Mailbox),
    ("/mailbox/card", Mailbox),
    ("/mailbox/credit", Mailbox),
    ("/mailbox/credit/statement", Mailbox),
    ("/mailbox/credit/statement.csv", Mailbox),
    ("/mailbox/credit/{order}/wait", Mailbox),
    ("/mailbox/data", Mailbox),
    ("/mailbox/data/address", Mailbox),
    ("/mailbox/data/contacts", Mailbox),
    ("/mailbox/data/email", Mailbox),
    ("/mailbox/data/email-code", Mailbox),
    ("/mailbox/operations", Mailbox),
    ("/mailbox/orders/{order}", Mailbox),
    ("/mailbox/password", Mailbox),
    ("/mailbox/recover", Everybody),
    ("/mailbox/recover/{token}", Everybody),
    ("/mailbox/renew", Mailbox),
    ("/mailbox/renewals", Mailbox),
    ("/mailbox/terminate", Mailbox),
    ("/mailbox/terminate/back", Mailbox),
    ("/order/holders", Account),
    ("/order/import", Account),
    ("/order/import/file", Account),
    ("/order/import/lines", Account),
    ("/order/import/template.csv", Account),
    ("/order/names", Account),
    ("/order/payment/card/{attempt}", Payer),
    ("/order/payment/{order}", Account),
    ("/order/payment/{order}/wait", Account),
    ("/order/resume", Account),
    ("/order/review", Account),
    ("/order/start", Everybody),
    ("/password/{token}", Everybody),
    ("/password/{token}/again", Everybody),
    ("/pay", Everybody),
    ("/pay/start", Everybody),
    ("/pay/{attempt}", Everybody),
    ("/recover", Everybody),
    ("/recover/password", Everybody),
    ("/recover/password/code", Everybody),
    ("/recover/password/send", Everybody),
    ("/recover/password/{token}", Everybody),
    ("/recover/question", Everybody),
    ("/recover/question/address/{token}", Everybody),
    ("/recover/question/answer", Everybody),
    ("/recover/question/email/{token}", Everybody),
    ("/recover/question/mobile/{token}", Everybody),
    ("/recover/stop/{token}", Everybody),
    ("/recover/username", Everybody),
    ("/register", Everybody),
    ("/register/check", Everybody),
    ("/register/consents", Everybody),
    ("/register/contacts", Everybody),
    ("/register/credentials", Everybody),
    ("/register/data", Everybody),
    ("/register/done", Everybody),
    ("/register/known", Everybody),
    ("/register/resume/{token}", Everybody),
    ("/support", Everybody),
];

/// Paths that the sources mount, but for the office's (a table of its own), the demonstration's and the assets.
fn mounted() -> BTreeSet<String> {
    let web = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src");
    let (mut folders, mut found) = (vec![std::path::PathBuf::from(web)], BTreeSet::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("sources are there") {
            let path = entry.expect("readable").path();
            let name = path.strip_prefix(web).expect("inside").to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !["demo/mod.rs", "assets.rs", "office/mod.rs"].contains(&name.as_str()) {
                let text = std::fs::read_to_string(&path).expect("readable");
                for rest in text.split(".route(").skip(1) {
                    let argument = rest.split(',').next().expect("a path").trim();
                    // The proof of work's challenge holds nothing of anybody.
                    if argument != "CHALLENGE" {
                        found.insert(argument.trim_matches('"').to_owned());
                    }
                }
            }
        }
    }
    found
}

sql!(ORDERS = "SELECT number || state || CAST(version AS TEXT) FROM orders ORDER BY number", String);
sql!(
    MAILBOXES = "SELECT address || state || CAST(version AS TEXT) || COALESCE(password_hash, '-') FROM mailboxes ORDER BY address",
    String
);
sql!(HOLDERS = "SELECT display_name || CAST(version AS TEXT) FROM holders ORDER BY display_name", String);
sql!(ATTEMPTS = "SELECT state || CAST(amount_cents AS TEXT) FROM attempts ORDER BY id", String);

/// What another customer must not change.
async fn owned(app: &TestApp) -> Vec<String> {
    let mut all = Vec::new();
    for statement in [&ORDERS, &MAILBOXES, &HOLDERS, &ATTEMPTS] {
        all.extend(app.cx.store().all(statement, &[]).await.expect("readable"));
    }
    all
}

/// The owner's things, by the beginning of the path and the name of the place.
struct Things(Vec<(&'static str, String)>);
impl Things {
    fn fill(&self, path: &str) -> String {
        let fits = |(start, _): &&(&str, String)| path.starts_with(start);
        let own = self.0.iter().find(fits).map_or("x", |(_, id)| id.as_str());
        let mut out = path.to_owned();
        for place in ["{id}", "{order}", "{attempt}", "{code}"] {
            out = out.replace(place, own);
        }
        for place in ["{token}", "{gateway}", "{text}", "{version}", "{language}"] {
            out = out.replace(place, "x");
        }
        out
    }
}

/// One request with nothing but the token, redirects not followed.
pub async fn knock(browser: &mut Browser, method: &Method, path: &str) -> Page {
    if *method == Method::GET {
        return browser.send(Method::GET, path, None, vec![]).await;
    }
    let page = browser.get("/login").await;
    let csrf = page.attrs("input[name=csrf]", "value").pop().unwrap_or_default();
    let body = format!("csrf={csrf}");
    browser.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.into_bytes()).await
}

pub const METHODS: [Method; 2] = [Method::GET, Method::POST];

#[test]
fn the_walk_knows_every_route() {
    let known: BTreeSet<String> = ROUTES.iter().map(|(path, _)| (*path).to_owned()).collect();
    let mounted = mounted();
    let missing: Vec<_> = mounted.difference(&known).collect();
    let gone: Vec<_> = known.difference(&mounted).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not in the walk: {missing:?}; gone: {gone:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_kinds_of_sessions_are_kept_out() {
    let app = TestApp::new().await;
    let person = anna(&app).await;
    let nowhere = Things(vec![]);
    let mut walkers = vec![
        ("nobody".to_owned(), app.browser(), None),
        ("customer".to_owned(), signed_in(&app, person.login).await, Some(Account)),
        ("mailbox".to_owned(), in_mailbox(&app).await, Some(Mailbox)),
    ];
    for role in Role::ALL {
        walkers.push((role.as_str().to_owned(), enrolled(&app, role.as_str(), role).await, Some(Everybody)));
    }
    for (who, browser, kind) in &mut walkers {
        for (path, whom) in ROUTES {
            for method in METHODS {
                // These two end the walker's own session.
                if path.starts_with("/account/sessions/") || *path == "/logout" {
                    continue;
                }
                let answer = knock(browser, &method, &nowhere.fill(path)).await;
                let told = format!("{who}: {method} {path} answers {}", answer.status);
                assert!(!answer.status.is_server_error() || path.starts_with("/hooks"), "{told}");
                let pays = *whom == Payer && matches!(kind, Some(Account | Mailbox));
                let own = *whom == Everybody || *kind == Some(*whom) || pays;
                if own || answer.status == StatusCode::METHOD_NOT_ALLOWED {
                    assert_ne!(answer.status, StatusCode::FORBIDDEN, "{told}");
                } else if kind.is_none() {
                    assert!(answer.redirect().is_some_and(|to| to.starts_with("/login")), "{told}");
                } else {
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{told}");
                }
            }
        }
    }
}

/// A stored method of a customer, and the storing of another that waits for the bank.
async fn stored(app: &TestApp, owner: &Customer) -> (String, String) {
    let open = async || {
        let page = open_setup(&owner.cx, &app.ports, Means::Card, None).await.expect("a page");
        page.rsplit('/').next().expect("a path").to_owned()
    };
    let first: AttemptId = open().await.parse().expect("named after the set-up");
    app.gateway.choose(first, "approve").expect("the bank says yes");
    ask_setup(&owner.cx, first).await.expect("asked");
    app.settle().await;
    let methods = store::payments::methods_of(&mut app.cx.store(), owner.login).await.expect("methods are read");
    (methods[0].id.to_string(), open().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_customer_gets_nowhere_with_the_owners_identifiers() {
    let app = TestApp::new().await;
    let owner = shop(&app).await;
    let paid = builders::order(&owner, &["casella.segreta"], "pec.example.it").await;
    let mailbox = builders::pay(&app, paid).await[0];
    let open = builders::order(&owner, &["altra.segreta"], "pec.example.it").await;
    let page = open_checkout(&owner.cx, &app.ports, open, Means::Card).await.expect("a page");
    let attempt = page.rsplit('/').next().expect("a path").to_owned();
    app.settle().await;
    let data = [
        ("first_name", "Anna"),
        ("last_name", "Rossi"),
        ("fiscal_code", "RSSNNA90E47Z110T"),
        ("street", "Via dei Serpenti"),
        ("street_number", "12"),
        ("postal_code", "00184"),
        ("municipality", "Roma"),
        ("province", "RM"),
        ("country", "IT"),
        ("birth_date", "7/5/1990"),
        ("birth_place", "Francia"),
        ("sex", "F"),
        ("email", "segreta@example.it"),
        ("email_again", "segreta@example.it"),
        ("mobile", "3331234567"),
    ];
    let holder = new_holder(&owner.cx, SubjectKind::Person, &Typed::from_pairs(data)).await.expect("it is saved");
    let (method, setup) = stored(&app, &owner).await;
    let things = Things(vec![
        ("/account/methods/setup/", setup),
        ("/account/methods/", method),
        ("/account/mailboxes/", mailbox.to_string()),
        ("/account/orders/", open.to_string()),
        ("/account/holders/", holder.to_string()),
        ("/order/payment/card/", attempt),
        ("/order/payment/", open.to_string()),
    ]);
    let other = builders::customer(&app, 100_900, "RSSMRA80A01H501U").await;
    let (mut own, mut thief) = (signed_in(&app, owner.login).await, signed_in(&app, other.login).await);
    // The desk of a body has a walk of its own in `secretariat.rs`.
    let walked = |p: &str| p.contains('{') && !p.starts_with("/account/agreements/");
    let with_ids: Vec<_> = ROUTES.iter().filter(|(p, whom)| matches!(whom, Account | Payer) && walked(p)).collect();
    assert_eq!(with_ids.len(), 20, "routes with identifiers");
    let before = owned(&app).await;
    for (path, _) in &with_ids {
        for method in METHODS {
            let answer = knock(&mut thief, &method, &things.fill(path)).await;
            let told = format!("{method} {path} answers {}", answer.status);
            let kept_out = matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
            let asked_again = answer.redirect().is_some_and(|to| to.starts_with("/account/confirm"));
            assert!(kept_out || asked_again, "{told}: {}", answer.text());
            assert!(!answer.body.to_lowercase().contains("segret"), "{told}");
        }
    }
    let mut holder = in_mailbox(&app).await;
    for path in ["/mailbox/credit/{order}/wait", "/mailbox/orders/{order}", "/order/payment/card/{attempt}"] {
        let path = path.replace("{order}", &open.to_string());
        let answer = knock(&mut holder, &Method::GET, &things.fill(&path)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text());
    }
    let after: Vec<_> = owned(&app).await.into_iter().filter(|row| before.contains(row)).collect();
    assert_eq!(after, before, "nothing of the owner's has changed");
    let no_pages = ["/again", "/back", "password-link", "/card/", "/setup/{id}/card", "/prefer"];
    for (path, _) in with_ids.iter().filter(|(p, _)| !no_pages.iter().any(|part| p.contains(part))) {
        let answer = knock(&mut own, &Method::GET, &things.fill(path)).await;
        assert!(answer.status.is_success() || answer.status.is_redirection(), "{path} answers {}", answer.status);
    }
}
