//! The desk of a body's secretariat: its members' mailboxes, files of members, and nothing for anybody else.

use app::{
    fixtures::AGREEMENT,
    use_cases::{
        agreements::{
            name_body::name_body,
            renew_members::{RenewMembers, owed, renew_members},
        },
        payments::{Means, ask_now::ask_now, open_checkout},
        transfers::book_by_hand::book_by_hand,
    },
};
use axum::http::{Method, StatusCode};
use domain::{
    id::{MailboxId, OrderId},
    money::Money,
    operator::Role,
    time::DAY_US,
};
use store::{args, sql};
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::{
    office::enrolled,
    people::{anna, in_mailbox, signed_in},
    transfers::by_hand,
    walk::{METHODS, ROUTES, knock},
};

sql!(NAME_HOLDER = "UPDATE mailboxes SET holder_name = $2 WHERE id = $1");
sql!(RENEWAL = "SELECT renewal_kind FROM agreement_mailboxes WHERE mailbox_id = $1", String);
sql!(AUTO = "SELECT auto_renew FROM terms WHERE mailbox_id = $1", bool);
sql!(WAY = "SELECT way FROM obligations WHERE service_id = $1", String);
sql!(MAILBOXES = "SELECT COUNT(*) FROM mailboxes", i64);
sql!(STATES = "SELECT state || ' ' || CAST(made AS TEXT) || ' ' || CAST(failed AS TEXT) FROM member_imports", String);
sql!(TYPED = "SELECT COUNT(*) FROM member_import_rows WHERE typed IS NOT NULL", i64);
sql!(CLOSE = "UPDATE agreements SET purchases = FALSE WHERE code = $1");
sql!(QUOTA = "UPDATE agreements SET mailbox_quota = $2 WHERE code = $1");

const PAGE: &str = "/account/agreements/ORDGEO";
const HEAD: &str =
    "nome;codice_fiscale;nome_titolare;cognome_titolare;indirizzo;cap;comune;provincia;email;cellulare;piano";

/// The secretariat in its browser, and a member's mailbox.
async fn desk(app: &TestApp) -> (Browser, MailboxId) {
    let body = builders::body(app).await;
    let (mailbox, _) = builders::member(app, "mario.rossi").await;
    (signed_in(app, body.login).await, mailbox)
}

fn line(n: usize) -> String {
    let code = builders::fiscal_code(n);
    format!("anna.n{n};{code};Anna;Rossi;Via dei Serpenti 12;00184;Roma;RM;anna{n}@example.org;333 1234567;")
}

fn file(lines: impl IntoIterator<Item = String>) -> Vec<u8> {
    let lines: Vec<_> = lines.into_iter().collect();
    format!("{HEAD}\r\n{}\r\n", lines.join("\r\n")).into_bytes()
}

/// Uploads a file as a browser does; answers the page behind the redirect.
async fn upload(browser: &mut Browser, bytes: &[u8]) -> Page {
    let page = browser.get(&format!("{PAGE}/import")).await;
    let token = page.attrs("form[enctype] input[name=csrf]", "value")[0].clone();
    let part =
        |name: &str, rest: &str| format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\n");
    let mut body = format!("{}{token}\r\n", part("csrf", "")).into_bytes();
    body.extend(part("file", "; filename=\"a.csv\"\r\nContent-Type: text/csv").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--XX--\r\n");
    let path = format!("{PAGE}/import");
    let answer = browser.send(Method::POST, &path, Some("multipart/form-data; boundary=XX"), body).await;
    match answer.redirect().map(str::to_owned) {
        Some(to) => browser.get(&to).await,
        None => answer,
    }
}

async fn count(app: &TestApp) -> i64 {
    app.cx.store().one(&MAILBOXES, &[]).await.expect("readable")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_body_sees_its_mailboxes_and_nothing_that_is_the_members_alone() {
    let app = TestApp::new().await;
    let (mut browser, mailbox) = desk(&app).await;
    browser.get("/account").await.must_have("Convenzioni");
    browser.get("/account/agreements").await.must_have(AGREEMENT).must_have("pec.ordine.example.it");
    let list = browser.get(PAGE).await;
    list.must_have("mario.rossi@pec.ordine.example.it").must_have("Mario Rossi").must_have("A carico dell’ente");
    let page = browser.get(&format!("{PAGE}/members/{mailbox}")).await;
    page.must_have("RSSMRA79B11C566R");
    for page in [&list, &page] {
        for secret in ["mario.rossi@example.it", "3331112233", "€", "Via Roma", "assword"] {
            assert!(!page.body.contains(secret), "{secret} is on {}", page.path);
        }
    }
    for (query, found) in [
        ("q=ROSSI", true),
        ("q=rssmra79", true),
        ("q=verdi", false),
        ("state=active", true),
        ("state=expired", false),
        ("renewal=by_holder", false),
        ("plan=standard", true),
        ("ending=30", false),
        ("state=nonsense&ending=7", true),
    ] {
        assert_eq!(browser.get(&format!("{PAGE}?{query}")).await.has("mario.rossi@"), found, "{query}");
    }
    app.cx
        .write(async move |tx| Ok(tx.run(&NAME_HOLDER, args![mailbox, "=HYPERLINK(\"http://x\")"]).await?))
        .await
        .expect("written");
    let csv = browser.get(&format!("{PAGE}/members.csv")).await;
    assert!(csv.body.starts_with('\u{feff}') && csv.body.contains("'=HYPERLINK"), "{}", csv.body);
    assert_eq!(csv.body.lines().count(), 2);
    app.advance_days(300).await;
    assert!(browser.get(&format!("{PAGE}?ending=90")).await.path.starts_with("/login"), "the session has ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_renews_a_mailbox_can_be_changed() {
    let app = TestApp::new().await;
    let (mut browser, mailbox) = desk(&app).await;
    let page = browser.get(&format!("{PAGE}/members/{mailbox}")).await;
    let wrong = browser.submit(&page, "/members/", &[("renewal", "nobody")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (kind, by_itself, way) in
        [("by_holder", false, "wallet"), ("by_holder", false, "wallet"), ("by_body", true, "body")]
    {
        browser.submit(&page, "/members/", &[("renewal", kind)]).await.must_have("Abbiamo salvato");
        assert_eq!(app.cx.store().one(&RENEWAL, args![mailbox]).await.expect("readable"), kind);
        assert_eq!(app.cx.store().one(&AUTO, args![mailbox]).await.expect("readable"), by_itself);
        assert_eq!(app.cx.store().one(&WAY, args![mailbox]).await.expect("readable"), way);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_wrong_line_is_told_and_nothing_is_made() {
    let app = TestApp::new().await;
    let (mut browser, _) = desk(&app).await;
    let mut lines: Vec<String> = (0..3).map(line).collect();
    lines.push(line(0).replace("anna.n0", "anna.n9"));
    lines.push(line(4).replace("anna.n4", "anna.n1"));
    lines.push(line(5).replace("anna.n5", "mario.rossi"));
    lines.push(line(6).replace(&builders::fiscal_code(6), "RSSMRA79B11C566R").replace("Anna", "Mario"));
    lines.push(line(7).replace(&builders::fiscal_code(7), "RSSNNA90E47Z110X"));
    lines.push(line(8).replace("anna8@example.org", "senza-chiocciola").replace("333 1234567", ""));
    lines.push(format!("{}oro", line(9)));
    lines.push(line(10).replace("Via dei Serpenti 12", "=1+1"));
    let page = upload(&mut browser, &file(lines)).await;
    page.must_have("8 righe su 11 sono da correggere");
    let rows = page.texts("table tbody tr");
    for (line, column, words) in [
        ("5", "codice_fiscale", "uguale alla riga 2"),
        ("6", "nome", "uguale alla riga 3"),
        ("7", "nome", "occupata"),
        ("8", "codice_fiscale", "ha già la casella mario.rossi@"),
        ("9", "codice_fiscale", "errore di battitura"),
        ("10", "email", "e-mail"),
        ("10", "cellulare", "cellulare"),
        ("11", "piano", "Standard, Pro"),
        ("12", "indirizzo", "formula"),
    ] {
        let told = rows.iter().any(|r| r.contains(&format!("{line}{column}")) && r.contains(words));
        assert!(told, "line {line}, {column}, «{words}»:\n{}", rows.join("\n"));
    }
    let csv = browser.get(&format!("{}/faults.csv", page.path)).await;
    assert_eq!(csv.body.lines().count(), rows.len() + 1, "{}", csv.body);
    assert!(csv.body.contains("'=1+1"), "{}", csv.body);
    // Nothing can be confirmed that was refused.
    let token = browser.get(&format!("{PAGE}/import")).await.attrs("input[name=csrf]", "value")[0].clone();
    browser.post(&page.path, &[("csrf", &token), ("choice", "confirm")]).await;
    app.settle().await;
    assert_eq!(count(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_are_none_are_refused_whole() {
    let app = TestApp::new().await;
    let (mut browser, _) = desk(&app).await;
    for (bytes, words) in [
        (b"".to_vec(), "Scegli un file"),
        (b"PK\x03\x04".to_vec(), "non è un file CSV"),
        (HEAD.as_bytes().to_vec(), "L’elenco è vuoto"),
        (b"nome;codice_fiscale\na;b".to_vec(), "Manca la colonna «nome_titolare»"),
        (format!("{HEAD};iban\na").into_bytes(), "«iban» non è tra quelle"),
    ] {
        let page = upload(&mut browser, &bytes).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
        page.must_have(words);
    }
    let many = "x;y\n".repeat(10_001);
    upload(&mut browser, format!("{HEAD}\n{many}").as_bytes()).await.must_have("più di 10");
    app.cx.write(async move |tx| Ok(tx.run(&QUOTA, args![AGREEMENT, 3]).await?)).await.expect("written");
    upload(&mut browser, &file((0..3).map(line))).await.must_have("chiede 3 caselle, la convenzione ne ha ancora 2");
    let latin: Vec<u8> = String::from_utf8(file([line(1).replace(";Anna;", ";Nicolò;")]))
        .expect("text")
        .chars()
        .map(|c| c as u8)
        .collect();
    let page = upload(&mut browser, &latin).await;
    page.must_have("non è in UTF-8");
    app.cx.write(async move |tx| Ok(tx.run(&CLOSE, args![AGREEMENT]).await?)).await.expect("written");
    assert!(!browser.get(&format!("{PAGE}/import")).await.has("Controlla il file"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_right_becomes_mailboxes_once() {
    let app = TestApp::new().await;
    let (mut browser, _) = desk(&app).await;
    let mut lines: Vec<String> = (0..45).map(line).collect();
    lines[7] += "pro";
    let page = upload(&mut browser, &[b"\xef\xbb\xbf".as_slice(), &file(lines)].concat()).await;
    page.must_have("45 caselle sono pronte").must_have("anna.n0@").must_have("Crea 45 caselle");
    assert_eq!(count(&app).await, 1, "a preview makes nothing");
    let running = browser.submit(&page, "/imports/", &[("choice", "confirm")]).await;
    running.must_have("Stiamo creando le caselle").must_have("0 caselle su 45");
    // The second tab.
    browser.submit(&page, "/imports/", &[("choice", "confirm")]).await.must_have("Stiamo creando le caselle");
    browser.submit(&page, "/imports/", &[("choice", "drop")]).await;
    app.settle().await;
    browser.get(&page.path).await.must_have("45 caselle su 45").must_have("Caselle create");
    assert_eq!(count(&app).await, 46);
    let links =
        app.mailer.sent().iter().filter(|m| m.to == "anna44@example.org" && m.text.contains("/password/")).count();
    assert_eq!(links, 1, "each has the link for the first password");
    assert_eq!(app.cx.store().one(&TYPED, &[]).await.expect("readable"), 0, "what was typed is gone");
    browser.get(&format!("{PAGE}?q=anna.n7@")).await.must_have("Pro");
    // Pages of fifty, there and back.
    let first = browser.get(PAGE).await;
    assert_eq!(first.texts("tbody tr").len(), 46);
    // The same file again: each member is known.
    upload(&mut browser, &file((0..2).map(line))).await.must_have("2 righe su 2 sono da correggere");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_meanwhile_is_told_line_by_line() {
    let app = TestApp::new().await;
    let (mut browser, _) = desk(&app).await;
    let page = upload(&mut browser, &file((0..25).map(line))).await;
    let old = upload(&mut browser, &file((25..27).map(line))).await;
    browser.submit(&page, "/imports/", &[("choice", "confirm")]).await;
    // Before the work begins somebody else takes a name.
    let mut given = builders::MEMBER.to_vec();
    given[2] = ("fiscal_code", "BNCGLI85C52H501R");
    builders::give(&app, "anna.n3").await;
    app.settle().await;
    let done = browser.get(&page.path).await;
    done.must_have("24 caselle su 25").must_have("1 casella non si è potuta creare");
    assert!(done.texts("tbody tr")[0].contains("5nome"), "{:?}", done.texts("tbody tr"));
    app.clock.advance_us(8 * DAY_US);
    let mut browser = signed_in(&app, login_of(&app).await).await;
    let old = browser.get(&old.path).await;
    let told = browser.submit(&old, "/imports/", &[("choice", "confirm")]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.must_have("Sono passati più di 7 giorni");
    app.settle().await;
}

sql!(BODY_LOGIN = "SELECT l.id FROM logins l JOIN agreements a ON a.body_party_id = l.party_id", domain::id::LoginId);

async fn login_of(app: &TestApp) -> domain::id::LoginId {
    app.cx.store().one(&BODY_LOGIN, &[]).await.expect("the body has one login")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_agreement_stops_the_work_and_says_so() {
    let app = TestApp::new().await;
    let (mut browser, _) = desk(&app).await;
    let page = upload(&mut browser, &file((0..3).map(line))).await;
    browser.submit(&page, "/imports/", &[("choice", "confirm")]).await;
    app.cx.write(async move |tx| Ok(tx.run(&CLOSE, args![AGREEMENT]).await?)).await.expect("written");
    app.settle().await;
    assert_eq!(app.cx.store().one(&STATES, &[]).await.expect("readable"), "done 0 3");
    browser.get(&page.path).await.must_have("0 caselle su 3").must_have("tutta la riga");
    assert_eq!(count(&app).await, 1);
}

/// Paths of the desk with what belongs to the body in their places.
fn paths(mailbox: MailboxId, import: &str) -> Vec<String> {
    let own = ROUTES.iter().map(|(path, _)| *path).filter(|p| p.starts_with("/account/agreements/"));
    own.map(|p| {
        let id = if p.contains("/imports/") { import.to_owned() } else { mailbox.to_string() };
        p.replace("{code}", AGREEMENT).replace("{id}", &id)
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_gets_to_the_desk() {
    let app = TestApp::new().await;
    let (mut browser, mailbox) = desk(&app).await;
    let import = upload(&mut browser, &file((0..2).map(line))).await.path;
    let import = import.rsplit('/').next().expect("a path");
    let person = anna(&app).await;
    // Another body has an agreement of its own.
    let other = builders::customer(&app, 100_701, "97043210588").await;
    builders::agreement(&app, "ALTRI").await;
    name_body(&app.cx, "ALTRI", "97043210588").await.expect("the record is there");
    let mut strangers = vec![
        ("nobody", app.browser(), None),
        ("a customer", signed_in(&app, person.login).await, Some(StatusCode::NOT_FOUND)),
        ("another body", signed_in(&app, other.login).await, Some(StatusCode::NOT_FOUND)),
        ("a mailbox", in_mailbox(&app).await, Some(StatusCode::FORBIDDEN)),
        ("an operator", enrolled(&app, "sara.conti", Role::Admin).await, Some(StatusCode::FORBIDDEN)),
    ];
    let paths = paths(mailbox, import);
    assert_eq!(paths.len(), 8);
    for (who, stranger, status) in &mut strangers {
        for path in &paths {
            for method in METHODS {
                let answer = knock(stranger, &method, path).await;
                let told = format!("{who}: {method} {path} answers {}", answer.status);
                assert!(!answer.body.contains("mario.rossi") && !answer.body.contains("anna.n"), "{told}");
                match status {
                    _ if answer.status == StatusCode::METHOD_NOT_ALLOWED => {}
                    Some(status) => assert_eq!(answer.status, *status, "{told}"),
                    None => assert!(answer.redirect().is_some_and(|to| to.starts_with("/login")), "{told}"),
                }
            }
        }
    }
    // Under its own agreement another body finds nothing of this one.
    let (_, thief, _) = &mut strangers[2];
    for path in paths.iter().filter(|p| p.contains(import) || p.contains(&mailbox.to_string())) {
        let answer = thief.get(&path.replace(AGREEMENT, "ALTRI")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(app.cx.store().one(&RENEWAL, args![mailbox]).await.expect("readable"), "by_body");
    assert_eq!(app.cx.store().one(&STATES, &[]).await.expect("readable"), "checked 0 0");
    for path in &paths {
        let answer = browser.get(path).await;
        assert!(answer.status.is_success(), "{path} answers {}", answer.status);
    }
}

sql!(
    ENDS = "SELECT CAST(t.end_day AS TEXT) || ' ' || o.state FROM terms t JOIN obligations o ON o.service_id = t.mailbox_id AND o.period_start = t.end_day + 1 ORDER BY t.end_day",
    String
);
sql!(MET = "SELECT COUNT(*) FROM obligations WHERE state = 'met'", i64);
sql!(ORDERS = "SELECT COUNT(*) FROM orders WHERE kind = 'renewal'", i64);

/// A price of the sample agreement's list from now on.
async fn price(app: &TestApp, plan: &'static str, cents: i64) {
    let cx = app.cx.clone();
    app.clock.advance_us(1);
    let done = app.cx.write(async move |tx| {
        let price = store::catalogue::NewPrice {
            id: cx.new_id(),
            list: "ordgeo",
            plan,
            valid_from: cx.now(),
            unit_net: Money::cents(cents),
            vat_bp: 2200,
        };
        Ok(store::catalogue::put_price(tx, &price).await?)
    });
    assert_eq!(done.await.expect("written"), 1);
}

/// The secretariat with its member's mailbox and 24 others, 300 days later.
async fn year_over(app: &TestApp) -> (builders::Customer, Browser) {
    let body = builders::body(app).await;
    builders::member(app, "mario.rossi").await;
    let mut browser = signed_in(app, body.login).await;
    let page = upload(&mut browser, &file((0..24).map(line))).await;
    browser.submit(&page, "/imports/", &[("choice", "confirm")]).await;
    app.settle().await;
    app.clock.advance_us(300 * DAY_US);
    app.settle().await;
    let browser = signed_in(app, body.login).await;
    (body, browser)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_body_renews_with_one_order() {
    let app = TestApp::new().await;
    let (body, mut browser) = year_over(&app).await;
    price(&app, "standard", 500).await;
    let path = format!("{PAGE}/renew");
    browser.get(&format!("{path}?within=30")).await.must_have("Nessuna casella da rinnovare");
    let page = browser.get(&format!("{path}?within=90")).await;
    // 25 × 5.00 = 125.00, VAT 27.50.
    page.must_have("25 caselle da rinnovare").must_have("€125,00").must_have("€27,50").must_have("€152,50");
    // Nobody confirms a sum that he has not seen.
    price(&app, "standard", 600).await;
    let told = browser.submit(&page, "/renew", &[("method", "card")]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    told.must_have("sono cambiati mentre leggevi").must_have("€183,00");
    let before = app.cx.store().all(&ENDS, &[]).await.expect("readable");
    let payment = browser.submit(&told, "/renew", &[("method", "bank_transfer")]).await;
    assert!(payment.path.starts_with("/order/payment/"), "{}: {}", payment.path, payment.text());
    payment.must_have("€183,00").must_have("anna.n7@");
    assert!(!payment.has("nomi"), "no name is at stake");
    // The second click orders nothing.
    browser.submit(&told, "/renew", &[("method", "card")]).await.must_have("forse l’ordine c’è già");
    assert_eq!(app.cx.store().one(&ORDERS, &[]).await.expect("readable"), 1);
    assert_eq!(app.cx.store().all(&ENDS, &[]).await.expect("readable"), before, "nothing is pushed before it is paid");
    // Nor does anybody else pay for the period while the order waits.
    let found = browser.get(&format!("{PAGE}?q=anna.n7@")).await;
    let member = browser.get(&found.attrs("tbody th a", "href")[0]).await;
    let refused = browser.submit(&member, "/members/", &[("renewal", "by_holder")]).await;
    refused.must_have("Un ordine di rinnovo attende già il pagamento");
    let order = payment.path.rsplit('/').next().expect("a path").parse().expect("the address names the order");
    builders::pay_by_card(&app, &body, order).await;
    app.settle().await;
    let year = |row: &String| -> i64 { row.split(' ').next().expect("a day").parse().expect("days") };
    let after = app.cx.store().all(&ENDS, &[]).await.expect("readable");
    assert!(before.iter().zip(&after).all(|(b, a)| (365..=366).contains(&(year(a) - year(b)))), "{before:?} {after:?}");
    assert!(after.iter().all(|row| row.ends_with("open")), "{after:?}");
    assert_eq!(app.cx.store().one(&MET, &[]).await.expect("readable"), 25);
    let done = browser.get(&format!("/account/orders/{order}")).await;
    done.must_have("Evaso").must_have("€183,00").must_have("anna.n7@");
    browser.get(&payment.path).await.must_have("Le caselle sono rinnovate");
    browser.get(&format!("{path}?within=90")).await.must_have("Nessuna casella da rinnovare");
    app.finish().await;
}

/// A bank says nothing for months, and a mailbox of the order ends meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_under_a_payment_is_not_paid_for() {
    let app = TestApp::new().await;
    let body = builders::body(&app).await;
    let (first, _) = builders::member(&app, "mario.rossi").await;
    app.clock.advance_us(60 * DAY_US);
    let (second, _) = builders::member(&app, "anna.bianchi").await;
    price(&app, "standard", 700).await;
    app.clock.advance_us(280 * DAY_US);
    let shown = owed(&body.cx, AGREEMENT, None).await.expect("it is its agreement").gross();
    assert_eq!(shown, Money::cents(1708), "2 × 7.00, VAT 3.08");
    let renew =
        RenewMembers { agreement: AGREEMENT.into(), within: None, payment_method: "card".into(), count: 2, shown };
    let order = renew_members(&body.cx, renew).await.expect("it is ordered");
    let url = open_checkout(&body.cx, &app.ports, order, Means::Card).await.expect("a payment is opened");
    builders::play(&app, &url, "never_answer").await;
    ask_now(&body.cx, order).await.expect("the body comes back");
    app.settle().await;
    // The first one's ninety days are over, the other one's are not.
    app.clock.advance_us(120 * DAY_US);
    app.settle().await;
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    let state = async |mailbox| app.cx.store().one(&STATE, args![mailbox]).await.expect("readable");
    assert_eq!((state(first).await.as_str(), state(second).await.as_str()), ("cancelled", "expired"));
    let number = store::orders::by_id(&mut app.cx.store(), order).await.expect("readable").expect("it is there").number;
    book_by_hand(&app.cx, &by_hand(&number, "17,08", "REF-1")).await.expect("it is booked");
    app.settle().await;
    let paid = store::orders::by_id(&mut app.cx.store(), order).await.expect("readable").expect("it is there");
    assert_eq!((paid.state.as_str(), paid.gross_cents), ("completed", Money::cents(854)));
    assert_eq!((state(first).await.as_str(), state(second).await.as_str()), ("cancelled", "active"));
    assert_eq!(app.cx.store().one(&MET, &[]).await.expect("readable"), 1);
    let credit = app.cx.store().one(&EXCESS, args![body.party]).await.expect("readable");
    assert_eq!(credit, Money::cents(854), "the other half is the body's credit");
    let mail = app.mailer.sent().into_iter().find(|m| m.subject.contains("una parte è diventata credito"));
    let mail = mail.expect("the body is told");
    assert!(mail.text.contains("cessate prima del pagamento") && mail.text.contains("€8,54"), "{}", mail.text);
    let mut desk = signed_in(&app, body.login).await;
    let page = desk.get(&format!("/account/orders/{order}")).await;
    assert!(page.has("€8,54") && !page.has("€17,08"), "{}", page.text());
    // The bank says yes after all: it goes back.
    builders::play(&app, &url, "approve").await;
    app.settle().await;
    assert_eq!(app.cx.store().one(&EXCESS, args![body.party]).await.expect("readable"), credit);
    app.finish().await;
}
/// An order for two members, to be paid by transfer, of whom the first one's ninety days end before it is; `part` has
/// come for it by then.
async fn one_of_two_ended(app: &TestApp, part: Option<&str>) -> (builders::Customer, MailboxId, OrderId, String) {
    let body = builders::body(app).await;
    builders::member(app, "mario.rossi").await;
    app.clock.advance_us(60 * DAY_US);
    let (second, _) = builders::member(app, "anna.bianchi").await;
    price(app, "standard", 700).await;
    app.clock.advance_us(372 * DAY_US);
    app.worker.run_night().await.expect("the night runs");
    let shown = owed(&body.cx, AGREEMENT, None).await.expect("it is its agreement").gross();
    let by_transfer = "bank_transfer".into();
    let renew =
        RenewMembers { agreement: AGREEMENT.into(), within: None, payment_method: by_transfer, count: 2, shown };
    let order = renew_members(&body.cx, renew).await.expect("it is ordered");
    let number = store::orders::by_id(&mut app.cx.store(), order).await.expect("readable").expect("it is there").number;
    if let Some(part) = part {
        book_by_hand(&app.cx, &by_hand(&number, part, "REF-1")).await.expect("it is booked");
    }
    app.clock.advance_us(25 * DAY_US);
    app.settle().await;
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    (body, second, order, number)
}

/// One member whose time is over does not let the others wait for another order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unpaid_order_goes_on_without_who_has_ended() {
    let app = TestApp::new().await;
    let (body, second, order, number) = one_of_two_ended(&app, None).await;
    let found = store::orders::by_id(&mut app.cx.store(), order).await.expect("readable").expect("it is there");
    assert_eq!((found.state.as_str(), found.gross_cents), ("awaiting_payment", Money::cents(854)));
    let told = |text: &str| app.mailer.sent().into_iter().filter(|m| m.subject.contains(text)).collect::<Vec<_>>();
    let mails = told("ora devi pagare €8,54");
    let [mail] = mails.as_slice() else { panic!("told once: {mails:?}") };
    for text in ["mario.rossi@", "Nuovo totale, IVA inclusa: €8,54", "la parte in più"] {
        assert!(mail.text.contains(text), "{text}: {}", mail.text);
    }
    assert!(!mail.text.contains("anna.bianchi"), "{}", mail.text);
    assert!(told("annullato").is_empty(), "nothing is cancelled");
    // Another night changes nothing more.
    app.clock.advance_us(DAY_US);
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    assert_eq!(told("ora devi pagare").len(), 1);
    // The former amount comes all the same.
    book_by_hand(&app.cx, &by_hand(&number, "17,08", "REF-2")).await.expect("it is booked");
    app.settle().await;
    let paid = store::orders::by_id(&mut app.cx.store(), order).await.expect("readable").expect("it is there");
    assert_eq!(paid.state, "completed");
    assert_eq!(app.cx.store().one(&STATE, args![second]).await.expect("readable"), "active");
    let credit = app.cx.store().one(&EXCESS, args![body.party]).await.expect("readable");
    assert_eq!(credit, Money::cents(854));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_is_enough_for_who_is_left_pays_the_order() {
    let app = TestApp::new().await;
    let (body, second, order, _) = one_of_two_ended(&app, Some("10,00")).await;
    let paid = store::orders::by_id(&mut app.cx.store(), order).await.expect("readable").expect("it is there");
    assert_eq!((paid.state.as_str(), paid.gross_cents), ("completed", Money::cents(854)));
    assert_eq!((paid.deposit_cents, app.cx.store().one(&MET, &[]).await.expect("readable")), (Money::ZERO, 1));
    assert_eq!(app.cx.store().one(&STATE, args![second]).await.expect("readable"), "active");
    let credit = app.cx.store().one(&EXCESS, args![body.party]).await.expect("readable");
    assert_eq!(credit, Money::cents(146), "10.00 - 8.54");
    let mail = app.mailer.sent().into_iter().find(|m| m.subject.contains("una parte è diventata credito"));
    assert!(mail.expect("the body is told").text.contains("€1,46"));
    assert!(!app.mailer.sent().iter().any(|m| m.subject.contains("ora devi pagare")), "there is nothing to pay");
    app.finish().await;
}

sql!(STATE = "SELECT state FROM mailboxes WHERE id = $1", String);
sql!(EXCESS = "SELECT posted_cents FROM ledger_accounts WHERE kind = 'excess_credit' AND owner_id = $1", Money);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_costs_nothing_is_renewed_at_once_and_members_renew_their_own() {
    let app = TestApp::new().await;
    let (_, mut browser) = year_over(&app).await;
    let found = browser.get(&format!("{PAGE}?q=anna.n7@")).await;
    let member = browser.get(&found.attrs("tbody th a", "href")[0]).await;
    browser.submit(&member, "/members/", &[("renewal", "by_holder")]).await;
    let page = browser.get(&format!("{PAGE}/renew")).await;
    page.must_have("24 caselle da rinnovare");
    let wrong = browser.submit(&page, "/renew", &[("method", "promise")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.submit(&page, "/renew", &[("method", "card")]).await.must_have("la convenzione non prevede un prezzo");
    assert_eq!(app.cx.store().one(&MET, &[]).await.expect("readable"), 24);
    // An agreement that renews no more leaves them out, and says so.
    app.cx.write(async move |tx| Ok(tx.run(&NO_RENEWALS, args![AGREEMENT]).await?)).await.expect("written");
    let page = browser.get(&format!("{PAGE}/renew?within=all")).await;
    page.must_have("24 caselle non si rinnovano ora").must_have("Nessuna casella da rinnovare");
    app.settle().await;
}
sql!(NO_RENEWALS = "UPDATE agreements SET renewals = FALSE WHERE code = $1");
