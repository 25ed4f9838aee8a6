//! What is owed for the next period of each service, and how it is renewed.

use app::{
    queries::checks,
    use_cases::addons::buy_addon::{BuyAddon, buy_addon},
};
use domain::{id::MailboxId, money::Money, time::Date};
use store::{row, sql};
use testkit::{TestApp, builders};

row! {
    struct Owed { kind: String, starts: Date, due: Date, way: String, state: String }
}
sql!(
    OWED = "SELECT service_kind AS kind, period_start AS starts, due_day AS due, way, state FROM obligations ORDER BY service_kind, period_start, due_day, service_id",
    Owed
);
sql!(FORGET = "DELETE FROM obligations WHERE service_kind = 'addon'");
sql!(SHIFT = "UPDATE terms SET end_day = end_day + 1");

fn day(iso: &str) -> Date {
    Date::parse_iso(iso).expect("a date")
}

async fn owed(app: &TestApp) -> Vec<String> {
    let rows = app.cx.store().all(&OWED, &[]).await.expect("obligations are read");
    rows.iter()
        .map(|o| format!("{} from {} due {} by {} {}", o.kind, o.starts.iso(), o.due.iso(), o.way, o.state))
        .collect()
}

/// The checks of `doctor` about renewals that do not hold.
async fn wrong(app: &TestApp) -> Vec<&'static str> {
    let all = checks::all(&app.cx).await.expect("the checks run");
    all.into_iter().filter(|c| !c.ok && c.name.starts_with("renewals.")).map(|c| c.name).collect()
}

fn free_gigabyte(mailbox: MailboxId) -> BuyAddon {
    let (service, key) = ("extra_space".to_owned(), "form-key-1".to_owned());
    BuyAddon { mailbox, service, gb: 1, shown: Money::ZERO, have_gb: 0, key }
}

#[tokio::test]
async fn a_sale_opens_what_is_owed_next() {
    let app = TestApp::new().await;
    app.clock.set(day("2027-02-28").at(9, 0));
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    let giulia = builders::customer(&app, 123_456, "BNCGLI90E45Z110X").await;
    let order = builders::order(&giulia, &["uno", "due"], "pec.example.it").await;
    builders::pay(&app, order).await;
    app.settle().await;
    // In the last three months an add-on is free; what it owes at the renewal is owed all the same.
    app.clock.set(day("2028-01-10").at(9, 0));
    buy_addon(&holder, free_gigabyte(mailbox)).await.expect("it is free");
    app.settle().await;
    assert_eq!(
        owed(&app).await,
        [
            "addon from 2028-02-29 due 2028-02-29 by wallet open",
            "mailbox from 2028-02-29 due 2028-02-21 by card open",
            "mailbox from 2028-02-29 due 2028-02-21 by card open",
            "mailbox from 2028-02-29 due 2028-05-29 by body open",
        ]
    );
    assert!(wrong(&app).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn doctor_sees_a_service_that_owes_nothing_and_a_term_that_moved() {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-09-01").at(9, 0));
    buy_addon(&holder, free_gigabyte(mailbox)).await.expect("it is free");
    app.settle().await;
    assert!(wrong(&app).await.is_empty());
    let done = app.cx.write(async move |tx| Ok(tx.run(&FORGET, &[]).await?)).await;
    assert_eq!((done.expect("it is deleted"), wrong(&app).await), (1, vec!["renewals.owed"]));
    let done = app.cx.write(async move |tx| Ok(tx.run(&SHIFT, &[]).await?)).await;
    assert_eq!(done.expect("it is moved"), 1);
    assert_eq!(wrong(&app).await, ["renewals.owed", "renewals.terms"]);
}
