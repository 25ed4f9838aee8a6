//! Notices of expiry: each step once, stopped by a renewal, the latest only after a run was missed.

use std::time::Duration;

use app::{
    night::{
        look,
        run::{Ended, Run, run},
    },
    use_cases::addons::buy_addon::{BuyAddon, buy_addon},
};
use domain::{
    id::MailboxId,
    money::Money,
    time::{DAY_US, Date, Timestamp},
};
use store::sql;
use testkit::{TestApp, builders};

sql!(TERM = "UPDATE terms SET end_day = $2 WHERE mailbox_id = $1");
sql!(WAY = "UPDATE obligations SET period_start = $2, way = $3 WHERE service_id = $1");
sql!(GONE = "UPDATE mailboxes SET state = $2 WHERE id = $1");
sql!(
    TOLD = "SELECT service_id, end_day, step FROM notices_sent ORDER BY service_id, end_day, step",
    (uuid::Uuid, Date, i64)
);
sql!(ASKED = "SELECT COUNT(*) AS count FROM effects WHERE kind = 'remind_expiry'", i64);
sql!(
    SENT = "SELECT subject_id, at, subject FROM messages WHERE template = 'expiry_notice' ORDER BY at, id",
    (uuid::Uuid, Timestamp, String)
);

/// The first day of every test; the mailboxes end so many days later.
async fn mailboxes(app: &TestApp, ends: &[(i32, &'static str)]) -> Vec<MailboxId> {
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(app, 100_001, "BNCGLI80A41F205X").await;
    let names: Vec<String> = (0..ends.len()).map(|n| format!("casella{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let order = builders::order(&customer, &names, "pec.example.it").await;
    let made = builders::pay(app, order).await;
    app.settle().await;
    for (id, (days, way)) in made.iter().zip(ends) {
        ends_on(app, *id, app.cx.now().date().plus_days(*days), way).await;
    }
    made
}
async fn ends_on(app: &TestApp, id: MailboxId, end: Date, way: &'static str) {
    let moved = app.cx.write(async move |tx| {
        tx.exactly_one(&TERM, store::args![id, end]).await?;
        Ok(tx.exactly_one(&WAY, store::args![id, end.plus_days(1), way]).await?)
    });
    moved.await.expect("the period ends then");
}
async fn nights(app: &TestApp, days: i32) {
    for _ in 0..days {
        app.clock.advance_us(DAY_US);
        app.worker.run_night().await.expect("the night runs");
        app.settle().await;
    }
}
/// Which steps a service was told, by the day on which the mail went.
async fn days_told(app: &TestApp, id: uuid::Uuid, end: Date) -> Vec<i32> {
    let sent = app.cx.store().all(&SENT, store::args![]).await.expect("read");
    sent.iter().filter(|(service, ..)| *service == id).map(|(_, at, _)| at.date().days_since(end)).collect()
}
async fn told(app: &TestApp) -> Vec<(uuid::Uuid, Date, i64)> {
    app.cx.store().all(&TOLD, store::args![]).await.expect("read")
}

#[tokio::test]
async fn each_step_is_told_on_its_day_and_once() {
    let app = TestApp::new().await;
    let ways = ["manual", "card", "body", "wallet"];
    let made = mailboxes(&app, &ways.map(|way| (92, way))).await;
    let end = app.cx.now().date().plus_days(92);
    nights(&app, 92 + 92).await;
    let asked = [-90, -60, -30, -15, -7, -3, -1, 0, 7, 30, 60, 83];
    let only_told = [-30, -10, 0, 7, 30, 60, 83];
    assert_eq!(days_told(&app, made[0].uuid(), end).await, asked);
    assert_eq!(days_told(&app, made[1].uuid(), end).await, only_told);
    assert_eq!(days_told(&app, made[2].uuid(), end).await, only_told);
    assert_eq!(days_told(&app, made[3].uuid(), end).await, asked);
    let sent = app.cx.store().all(&SENT, store::args![]).await.expect("read");
    let of =
        |n: usize| sent.iter().filter(|(id, ..)| *id == made[n].uuid()).map(|(_, _, s)| s.as_str()).collect::<Vec<_>>();
    assert_eq!(of(0)[0], "casella00@pec.example.it scade il 1/1/2027");
    assert_eq!(of(0)[11], "casella00@pec.example.it viene cancellata dopo il 1/4/2027");
    assert_eq!(of(1)[1], "casella01@pec.example.it: addebito il 25/12/2026");
    assert_eq!(of(1)[3], "casella01@pec.example.it è scaduta: rinnovala entro il 1/4/2027");
    let mail = app.mailer.sent().into_iter().find(|m| m.subject == of(1)[1]).expect("it went");
    assert_eq!(mail.to, "customer100001@example.org");
    assert!(mail.text.contains("Rinnovo per un anno: €12,08"), "{}", mail.text);
    app.finish().await;
}

#[tokio::test]
async fn a_mailbox_that_is_no_longer_there_is_told_nothing() {
    let app = TestApp::new().await;
    let made = mailboxes(&app, &[(31, "manual"), (31, "card"), (31, "manual"), (31, "card")]).await;
    let (cancelled, activating) = (made[0], made[1]);
    let gone = app.cx.write(async move |tx| {
        tx.exactly_one(&GONE, store::args![cancelled, "cancelled"]).await?;
        Ok(tx.exactly_one(&GONE, store::args![activating, "activating"]).await?)
    });
    gone.await.expect("they are not there");
    nights(&app, 2).await;
    let mut seen: Vec<_> = told(&app).await.into_iter().map(|(id, ..)| id).collect();
    seen.dedup();
    let mut there = [made[2].uuid(), made[3].uuid()];
    there.sort();
    assert_eq!(seen, there);
}

#[tokio::test]
async fn a_renewal_stops_them_and_the_next_period_begins_anew() {
    let app = TestApp::new().await;
    let made = mailboxes(&app, &[(31, "manual")]).await;
    let end = app.cx.now().date().plus_days(31);
    nights(&app, 1).await;
    // The mail waits for its server, and by then the mailbox is renewed.
    app.mailer.faults.set_down(true);
    app.clock.advance_us(15 * DAY_US);
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    assert_eq!(told(&app).await.len(), 2, "−30 and −15");
    ends_on(&app, made[0], end.plus_years(1), "manual").await;
    app.mailer.faults.set_down(false);
    nights(&app, 60).await;
    assert_eq!(days_told(&app, made[0].uuid(), end).await, [-30]);
    nights(&app, 306).await;
    let next = days_told(&app, made[0].uuid(), end.plus_years(1)).await;
    assert_eq!(next[1..], [-90, -60, -30, -15], "{next:?}");
    app.finish().await;
}

#[tokio::test]
async fn missed_nights_tell_the_latest_step_only() {
    let app = TestApp::new().await;
    let made = mailboxes(&app, &[(20, "manual"), (20, "card"), (25, "manual")]).await;
    let end = app.cx.now().date().plus_days(20);
    nights(&app, 1).await;
    assert_eq!(told(&app).await.len(), 3, "where each stands on the first night");
    app.clock.advance_us(17 * DAY_US);
    nights(&app, 1).await;
    assert_eq!(days_told(&app, made[0].uuid(), end).await, [-19, -1], "neither −15 nor −7 nor −3");
    assert_eq!(days_told(&app, made[1].uuid(), end).await, [-19, -1], "−10 is what it has come to");
    assert_eq!(days_told(&app, made[2].uuid(), end).await, [-19, -1]);
    let steps: Vec<i64> = told(&app).await.iter().filter(|t| t.0 == made[1].uuid()).map(|t| t.2).collect();
    assert_eq!(steps, [-30, -10]);
    app.finish().await;
}

#[tokio::test]
async fn a_mail_server_that_is_down_for_days_gets_the_latest_notice_only() {
    let app = TestApp::new().await;
    let made = mailboxes(&app, &[(8, "manual")]).await;
    let end = app.cx.now().date().plus_days(8);
    app.mailer.faults.set_down(true);
    nights(&app, 6).await;
    assert_eq!(told(&app).await.len(), 2, "−7 and −3");
    app.mailer.faults.set_down(false);
    app.clock.advance_us(DAY_US / 4);
    app.settle().await;
    assert_eq!(days_told(&app, made[0].uuid(), end).await, [-2], "one mail, of the latest step");
    app.finish().await;
}

#[tokio::test]
async fn kills_second_runs_and_clocks_that_go_back_tell_nobody_twice() {
    for killed_after in [1, 3, 6, 11] {
        let app = TestApp::new().await;
        let ends: Vec<(i32, &'static str)> =
            (0..9).map(|n| ([-60, -29, 1, 8][n % 4], if n % 2 == 0 { "manual" } else { "card" })).collect();
        mailboxes(&app, &ends).await;
        app.clock.advance_us(DAY_US);
        let today = app.cx.now().date();
        // Expired by the first nights of the run itself, so that what is over is told too.
        for _ in 0..killed_after {
            let how = Run { page: 1, ..Run::default() };
            let mut running = Box::pin(run(&app.cx, today, &how));
            let _ = tokio::time::timeout(Duration::ZERO, &mut running).await;
        }
        assert_eq!(run(&app.cx, today, &Run { page: 2, ..Run::default() }).await, Ok(Ended::Done));
        assert_eq!(told(&app).await.len(), 9, "after {killed_after} pages");
        assert_eq!(app.cx.store().one(&ASKED, store::args![]).await, Ok(9), "a message each");
        assert_eq!(run(&app.cx, today, &Run::default()).await, Ok(Ended::Done));
        app.clock.advance_us(-5 * DAY_US);
        app.worker.run_night().await.expect("nothing is due");
        app.clock.advance_us(6 * DAY_US);
        app.worker.run_night().await.expect("the next night");
        app.settle().await;
        let mut seen: Vec<_> = told(&app).await.into_iter().map(|(id, end, _)| (id, end)).collect();
        seen.dedup();
        assert_eq!(seen.len(), 9);
        assert_eq!(app.cx.store().one(&ASKED, store::args![]).await, Ok(9), "no step came in one day");
        app.finish().await;
    }
}

#[tokio::test]
async fn a_notice_of_the_wallet_says_what_is_needed_held_and_short() {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(Date::parse_iso("2027-07-15").expect("a date").at(9, 0));
    let wish = BuyAddon {
        mailbox,
        service: "extra_space".into(),
        gb: 2,
        shown: Money::ZERO,
        have_gb: 0,
        key: "form-key-1".into(),
    };
    buy_addon(&holder, wish).await.expect("free in the last three months");
    app.settle().await;
    let told = |text: &'static str| app.mailer.sent().into_iter().rev().find(move |m| m.subject.contains(text));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    let mail = told("Servizio aggiuntivo di mario.rossi@pec.ordine.example.it: scade il 1/10/2027").expect("it went");
    assert_eq!(mail.to, "mario.rossi@example.it", "the reference e-mail of the holder");
    for line in ["Serve in tutto: €6,10", "Hai di credito: €0,00", "Manca: €6,10", "/mailbox/credit"] {
        assert!(mail.text.contains(line), "{line} in {}", mail.text);
    }
    let found = look::dry_run(&app.cx, Date::parse_iso("2027-08-02").expect("a date"), |_, _| {}).await.expect("told");
    assert_eq!(found.totals[&("notify_addons", "told")].0, 1, "−60 is next");
    assert_eq!(days_told(&app, mailbox.uuid(), Date::parse_iso("2027-10-01").expect("a date")).await, [] as [i32; 0]);
    app.finish().await;
}
