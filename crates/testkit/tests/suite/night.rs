//! The nightly run: killed at any row, run twice, paused, late, and what operators see of it.

use app::{
    Cx,
    night::{
        look,
        run::{Ended, Run, due, run},
    },
    use_cases::{mailboxes::move_on, night},
};
use domain::{
    actor::Actor,
    id::{MailboxId, OperatorId},
    mailbox::MailboxEvent,
    operator::Role,
    time::{DAY_US, Date, HOUR_US, MINUTE_US, Timestamp},
};
use store::sql;
use testkit::{TestApp, builders};

sql!(STATES = "SELECT address, state FROM mailboxes ORDER BY address", (String, String));
sql!(END = "UPDATE terms SET end_day = $2 WHERE mailbox_id = $1");
sql!(OWED = "UPDATE obligations SET period_start = $2, due_day = $3, way = 'manual' WHERE service_id = $1");
sql!(
    LINES = "SELECT actor_kind, action, subject_kind, details FROM audit_lines WHERE action = $1 ORDER BY subject_id",
    (String, String, String, String)
);
sql!(LINE_COUNT = "SELECT COUNT(*) AS count FROM audit_lines WHERE action = $1", i64);

const TAX: &str = "BNCGLI80A41F205X";

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a date")
}
fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).expect("a time")
}

/// So many active mailboxes, whose periods end on the given days.
async fn mailboxes(app: &TestApp, ends: &[&str]) -> Vec<MailboxId> {
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(app, 100_001, TAX).await;
    let names: Vec<String> = (0..ends.len()).map(|n| format!("casella{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let order = builders::order(&customer, &names, "pec.example.it").await;
    let made = builders::pay(app, order).await;
    app.settle().await;
    for (id, end) in made.iter().zip(ends) {
        let (id, end) = (*id, day(end));
        let moved = app.cx.write(async move |tx| {
            tx.exactly_one(&END, store::args![id, end]).await?;
            Ok(tx.exactly_one(&OWED, store::args![id, end.plus_days(1), end.plus_days(91)]).await?)
        });
        moved.await.expect("the period ends then");
    }
    made
}
async fn states(app: &TestApp) -> Vec<String> {
    let rows = app.cx.store().all(&STATES, store::args![]).await.expect("read");
    rows.into_iter().map(|(_, state)| state).collect()
}
async fn counted(app: &TestApp, action: &str) -> i64 {
    app.cx.store().one(&LINE_COUNT, store::args![action]).await.expect("read")
}
/// The end of a test: what the nights asked for is carried out.
async fn ended(app: TestApp) {
    app.settle().await;
    app.finish().await;
}
fn one_row() -> Run<'static> {
    Run { page: 1, ..Run::default() }
}

#[tokio::test]
async fn the_set_expires_as_the_machine_would() {
    let app = TestApp::new().await;
    let made = mailboxes(&app, &["2026-10-01", "2026-09-30"]).await;
    app.clock.advance_us(DAY_US);
    let (cx, first) = (app.cx.clone(), made[0]);
    let one = app.cx.write(async move |tx| move_on::apply(tx, &cx, first, MailboxEvent::TermEnded).await);
    one.await.expect("the machine moves it");
    app.worker.run_night().await.expect("the night runs");
    assert_eq!(states(&app).await, ["expired", "expired"]);
    let lines = app.cx.store().all(&LINES, store::args!["mailbox.expired"]).await.expect("read");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], lines[1], "one line as the other");
    app.worker.reconcile_all().await.expect("the audit is chained");
    ended(app).await;
}

#[tokio::test]
async fn the_last_day_counts_and_the_ninetieth_too() {
    let app = TestApp::new().await;
    mailboxes(&app, &["2026-10-01", "2026-10-02", "2026-10-03"]).await;
    let night = async |to: &str| {
        app.clock.advance_us(at(to).since(app.cx.now()));
        app.worker.run_night().await.expect("the night runs");
        app.settle().await;
        states(&app).await.join(" ")
    };
    // Rome is two hours ahead until 25 October: its 3 October begins at 22:00.
    assert_eq!(night("2026-10-02T21:59:00Z").await, "expired active active");
    assert_eq!(night("2026-10-02T22:09:00Z").await, "expired active active", "ten minutes past midnight");
    assert_eq!(night("2026-10-02T22:10:00Z").await, "expired expired active");
    // One hour ahead afterwards: 30 December begins at 23:00.
    assert_eq!(night("2026-12-29T23:10:00Z").await, "expired expired expired", "day 90 of the first");
    assert_eq!(night("2026-12-30T23:09:00Z").await, "expired expired expired");
    assert_eq!(night("2026-12-30T23:10:00Z").await, "cancelled expired expired");
    assert_eq!(counted(&app, "mailbox.cancelled").await, 1);
    ended(app).await;
}

#[tokio::test]
async fn a_run_killed_at_any_row_goes_on_from_there() {
    let ends = ["2026-10-01"; 7];
    for killed_after in 0..10 {
        let app = TestApp::new().await;
        mailboxes(&app, &ends).await;
        app.clock.advance_us(DAY_US);
        let today = app.cx.now().date();
        // A page of one row and then nothing more: the future is dropped where the process would have died.
        let (stop, stopped) = tokio::sync::watch::channel(false);
        for _ in 0..killed_after {
            let how = Run { stop: Some(&stopped), ..one_row() };
            let mut running = Box::pin(run(&app.cx, today, &how));
            let _ = tokio::time::timeout(std::time::Duration::ZERO, &mut running).await;
        }
        stop.send_replace(false);
        assert_eq!(run(&app.cx, today, &Run { page: 2, ..Run::default() }).await, Ok(Ended::Done));
        assert_eq!(states(&app).await, ["expired"; 7], "killed {killed_after} times");
        assert_eq!(counted(&app, "mailbox.expired").await, 7, "each once");
        let seen = look::night(&app.cx, None).await.expect("read").expect("there");
        assert_eq!((seen.state.as_str(), seen.steps[0].seen, seen.steps[0].due), ("done", 7, Some(7)));
        assert_eq!(seen.steps[0].outcomes, [("expired".to_owned(), 7)]);
        ended(app).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_at_once_take_turns() {
    let app = TestApp::new().await;
    mailboxes(&app, &["2026-10-01"; 12]).await;
    app.clock.advance_us(DAY_US);
    let today = app.cx.now().date();
    let both =
        [app.cx.clone(), app.cx.clone()].map(|cx: Cx| tokio::spawn(async move { run(&cx, today, &one_row()).await }));
    for one in both {
        assert_eq!(one.await.expect("no panic"), Ok(Ended::Done));
    }
    assert_eq!(counted(&app, "mailbox.expired").await, 12);
    let seen = look::night(&app.cx, None).await.expect("read").expect("there");
    assert_eq!(seen.steps[0].seen, 12, "no row was looked at twice");
    assert_eq!(run(&app.cx, today, &one_row()).await, Ok(Ended::Done), "and nothing is left");
    ended(app).await;
}

#[tokio::test]
async fn a_paused_night_waits_and_no_other_begins() {
    let app = TestApp::new().await;
    mailboxes(&app, &["2026-10-01", "2026-10-02"]).await;
    app.clock.advance_us(DAY_US);
    let today = app.cx.now().date();
    let (_stop, stopped) = tokio::sync::watch::channel(true);
    let how = Run { stop: Some(&stopped), ..Run::default() };
    assert_eq!(run(&app.cx, today, &how).await, Ok(Ended::Stopped));
    let operator =
        |role| app.cx.by(Actor::Operator { operator: OperatorId::from_uuid(uuid::Uuid::from_u128(1)), role });
    assert!(night::pause(&operator(Role::Support), today).await.unwrap_err().is("forbidden"));
    night::pause(&operator(Role::Admin), today).await.expect("paused");
    assert!(night::pause(&app.cx, today).await.unwrap_err().is("night-not-running"));
    assert_eq!(run(&app.cx, today, &Run::default()).await, Ok(Ended::Paused));
    app.clock.advance_us(DAY_US);
    assert_eq!(due(&app.cx).await, Ok(None), "not the next night either");
    app.worker.run_night().await.expect("nothing to do");
    assert_eq!(states(&app).await, ["active", "active"]);
    night::resume(&app.cx, today).await.expect("resumed");
    app.worker.run_night().await.expect("the night of today");
    assert_eq!(states(&app).await, ["expired", "expired"], "it finds what the other left");
    let left = look::night(&app.cx, Some(today)).await.expect("read").expect("there");
    assert_eq!(left.state, "superseded");
    assert!(run(&app.cx, today, &Run::default()).await.unwrap_err().is("night-over"));
    ended(app).await;
}

#[tokio::test]
async fn a_clock_that_goes_back_runs_nothing_again() {
    let app = TestApp::new().await;
    mailboxes(&app, &["2026-10-01"]).await;
    app.clock.advance_us(5 * DAY_US);
    app.worker.run_night().await.expect("the night runs");
    app.clock.advance_us(-4 * DAY_US);
    assert_eq!(due(&app.cx).await, Ok(None));
    let tomorrow = app.cx.now().date().plus_days(1);
    assert!(run(&app.cx, tomorrow, &Run::default()).await.unwrap_err().is("night-not-yet"));
    app.clock.advance_us(4 * DAY_US + HOUR_US);
    assert_eq!(due(&app.cx).await, Ok(None), "the night of that date was run");
    app.clock.advance_us(DAY_US);
    assert!(due(&app.cx).await.expect("read").is_some());
    assert_eq!(counted(&app, "mailbox.expired").await, 1);
    ended(app).await;
}

/// The nights of both changes of the clock begin ten minutes after midnight and are one night each.
#[tokio::test]
async fn nights_of_the_clock_change_are_one_each() {
    for (eve, begins) in
        [("2026-10-24T21:00:00Z", "2026-10-24T22:10:00Z"), ("2027-03-27T22:00:00Z", "2027-03-27T23:10:00Z")]
    {
        let app = TestApp::new().await;
        app.clock.advance_us(at(eve).since(app.cx.now()));
        app.worker.run_night().await.expect("the night of the eve");
        app.clock.advance_us(at(begins).since(app.cx.now()) - MINUTE_US);
        assert_eq!(due(&app.cx).await, Ok(None), "{eve}");
        let mut nights = 0;
        for _ in 0..25 {
            app.clock.advance_us(HOUR_US);
            nights += usize::from(due(&app.cx).await.expect("read").is_some());
            app.worker.run_night().await.expect("runs");
        }
        let expected = if eve.starts_with("2026") { 1 } else { 2 };
        assert_eq!(nights, expected, "25 hours later the longer day is still on, the shorter one over");
        ended(app).await;
    }
}

#[tokio::test]
async fn a_dry_run_names_every_outcome_and_writes_nothing() {
    let app = TestApp::new().await;
    mailboxes(&app, &["2026-10-01", "2026-10-02", "2026-12-01"]).await;
    let mut told = Vec::new();
    let found = look::dry_run(&app.cx, day("2026-10-03"), |step, line| {
        told.push(format!("{step} {} {}", line.name, line.outcome))
    });
    let found = found.await.expect("it is told");
    let expected = ["expire casella00@pec.example.it expired", "expire casella01@pec.example.it expired"];
    assert_eq!(told[..2], expected);
    let told_of: Vec<&String> = told.iter().filter(|t| t.starts_with("notify ")).collect();
    assert_eq!(told_of.len(), 3, "{told:?}");
    assert_eq!(found.totals[&("expire", "expired")].0, 2);
    assert_eq!(states(&app).await, ["active"; 3]);
    assert_eq!(look::night(&app.cx, None).await, Ok(None), "no night was begun");
    ended(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_watch_pause_and_try() {
    let app = TestApp::new().await;
    let mut viewer = crate::office::enrolled(&app, "viewer", Role::Viewer).await;
    let mut chief = crate::office::enrolled(&app, "chief", Role::Admin).await;
    viewer.get("/office/night").await.must_have("Nessuna notte finora");
    mailboxes(&app, &["2026-09-30", "2026-10-01"]).await;
    for browser in [&mut viewer, &mut chief] {
        browser.get("/office/night/dry-run").await.must_have("casella00");
    }
    let today = app.cx.now().date();
    let (_stop, stopped) = tokio::sync::watch::channel(true);
    let how = Run { stop: Some(&stopped), ..Run::default() };
    run(&app.cx, today, &how).await.expect("begun");
    let seen = viewer.get("/office/night").await;
    seen.must_have("In corso dal").must_have("Scadenze");
    assert!(seen.body.contains("http-equiv=\"refresh\""), "it asks again without scripts");
    assert!(seen.attrs("main form", "action").is_empty(), "who only looks has no buttons");
    let page = chief.get("/office/night").await;
    chief.submit(&page, "/pause", &[]).await.must_have("La notte è in pausa");
    let again = chief.submit(&page, "/pause", &[]).await;
    again.must_have("Questa notte non è in corso");
    chief.submit(&again, "/resume", &[]).await.must_have("riprende da dove era");
    app.worker.run_night().await.expect("it goes on");
    let done = viewer.get("/office/night").await;
    done.must_have("Finita").must_have("1 di 1").must_have("scadute 1");
    assert_eq!(viewer.get("/office/night/2020-01-01").await.status, 404);
    assert_eq!(viewer.get("/office/night/nonsense").await.status, 404);
    ended(app).await;
}
