//! The worker, notices, tokens, limits and the audit chain.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use app::{
    Ports, Problem, Settings, audit,
    effects::{self, Effect, send_notice},
    rate_limit::{self, Limit},
    tokens,
    worker::Worker,
};
use domain::{
    audit::AuditLine,
    id::{Id, Subject},
    time::{DAY_US, HOUR_US, MINUTE_US},
};
use ports::{PortError, mail::Mailer};
use render::{Mail, notices::orders::OrderReminder};
use serde_json::json;
use store::{args, sql};
use testkit::{TestApp, fakes::Fault};
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

fn notice(to: &str) -> send_notice::SendNotice {
    let sample = OrderReminder::samples().remove(0);
    send_notice::SendNotice {
        channel: send_notice::Channel::Email,
        template: OrderReminder::NAME.into(),
        locale: "it".into(),
        to: to.into(),
        subject_id: Uuid::nil(),
        data: serde_json::to_value(&sample).unwrap(),
        secret: None,
        good_until: None,
    }
}

async fn enqueue(app: &TestApp, effect: &send_notice::SendNotice, key: Option<&str>) {
    let request = effect.request(("party", Uuid::nil()), key.map(str::to_owned), app.cx.now());
    let cx = app.cx.clone();
    app.cx.write(async move |tx| effects::enqueue(tx, &cx, std::slice::from_ref(&request)).await).await.unwrap();
}

#[tokio::test]
async fn a_notice_goes_once_however_often_it_is_asked_for() {
    let app = TestApp::new().await;
    enqueue(&app, &notice("a@example.it"), Some("k")).await;
    enqueue(&app, &notice("a@example.it"), Some("k")).await;
    app.settle().await;
    assert_eq!(app.mailer.sent().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_mail_server_that_is_down_for_a_day_loses_nothing() {
    let app = TestApp::new().await;
    app.mailer.faults.set_down(true);
    enqueue(&app, &notice("a@example.it"), None).await;
    for _ in 0..30 {
        app.settle().await;
        app.clock.advance_us(HOUR_US);
    }
    assert!(app.mailer.sent().is_empty());
    app.mailer.faults.set_down(false);
    app.clock.advance_us(HOUR_US);
    app.settle().await;
    assert_eq!(app.mailer.sent().len(), 1);
    app.finish().await;
}

/// A mail system that takes its time, and counts the calls under way.
struct Slow {
    under_way: AtomicUsize,
    most: AtomicUsize,
    answers: Semaphore,
}
#[async_trait::async_trait]
impl Mailer for Slow {
    async fn send(&self, _: &ports::mail::Mail) -> Result<String, PortError> {
        self.most.fetch_max(self.under_way.fetch_add(1, SeqCst) + 1, SeqCst);
        self.answers.acquire().await.expect("it stays open").forget();
        self.under_way.fetch_sub(1, SeqCst);
        Ok("250 taken".into())
    }
}

sql!(IN_STATE = "SELECT COUNT(*) FROM effects WHERE state = $1", i64);

async fn until(app: &TestApp, state: &str, count: i64) {
    let there = async {
        while app.cx.store().one(&IN_STATE, args![state]).await.expect("readable") != count {
            tokio::task::yield_now().await;
        }
    };
    let found = tokio::time::timeout(std::time::Duration::from_secs(20), there).await;
    found.unwrap_or_else(|_| panic!("{count} are never {state}"));
}

#[tokio::test]
async fn as_many_calls_as_configured_are_under_way_and_the_rest_is_left_at_the_end() {
    let settings = Settings { calls_at_once: 3, ..Settings::default() };
    let app = TestApp::with(testkit::app::engine(), None, settings).await;
    for n in 0..60 {
        enqueue(&app, &notice("a@example.it"), Some(&format!("k{n}"))).await;
    }
    let slow = Arc::new(Slow { under_way: AtomicUsize::new(0), most: AtomicUsize::new(0), answers: Semaphore::new(0) });
    let worker = Worker::new(app.cx.clone(), Ports { mailer: slow.clone(), ..app.ports.clone() });
    let (stop, stopped) = watch::channel(false);
    let working = tokio::spawn(async move { worker.run(stopped).await });
    until(&app, "running", 24).await;
    slow.answers.add_permits(8);
    until(&app, "done", 8).await;
    until(&app, "running", 24).await;
    while slow.under_way.load(SeqCst) != 3 {
        tokio::task::yield_now().await;
    }
    stop.send_replace(true);
    // What waits for its turn is given back, what was called is not.
    until(&app, "running", 3).await;
    until(&app, "ready", 49).await;
    slow.answers.add_permits(3);
    working.await.expect("it ends by itself");
    assert_eq!((slow.most.load(SeqCst), slow.under_way.load(SeqCst)), (3, 0));
    app.settle().await;
    assert_eq!(app.mailer.sent().len(), 49, "another worker goes on");
    app.finish().await;
}

#[tokio::test]
async fn a_claim_lasts_as_long_as_its_holder_renews_it() {
    let app = TestApp::new().await;
    enqueue(&app, &notice("a@example.it"), None).await;
    let due = app.cx.now().micros();
    let seen = app.cx.store().write(async move |tx| -> store::Result<_> {
        let row = store::effects::claim(tx, "one", 100, due, 1).await?.remove(0).id;
        let mine = store::effects::renew(tx, row, "one", 200).await?;
        let early = store::effects::release_expired(tx, 150).await?;
        let others = store::effects::renew(tx, row, "two", 900).await?;
        let late = store::effects::release_expired(tx, 201).await?;
        let gone = store::effects::renew(tx, row, "one", 900).await?;
        Ok((mine, early, others, late, gone))
    });
    assert_eq!(seen.await, Ok((true, 0, false, 1, false)), "renewed, kept, not by another, let go, not taken back");
    app.settle().await;
    assert_eq!(app.mailer.sent().len(), 1, "whoever is next does it");
    app.finish().await;
}

#[tokio::test]
async fn what_a_day_without_mail_server_held_back_arrives_once_each() {
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    let customer = testkit::builders::customer(&app, 100_001, "BNCGLI85A41H501F").await;
    app.mailer.faults.set_down(true);
    let order = testkit::builders::order(&customer, &["anna.uno", "anna.due"], "pec.example.it").await;
    testkit::builders::pay_by_card(&app, &customer, order).await;
    for _ in 0..24 {
        app.settle().await;
        app.clock.advance_us(HOUR_US);
    }
    assert!(app.plane.spec("anna.uno@pec.example.it").is_some(), "the mailbox works meanwhile");
    assert!(app.mailer.sent().is_empty());
    app.mailer.faults.set_down(false);
    app.clock.advance_us(HOUR_US);
    app.settle().await;
    let mut subjects: Vec<_> = app.mailer.sent().into_iter().map(|m| (m.to, m.subject)).collect();
    // Order placed, paid, two links for passwords, two mailboxes active.
    assert_eq!(subjects.len(), 6, "{subjects:?}");
    subjects.sort();
    subjects.dedup();
    assert_eq!(subjects.len(), 6, "each once: {subjects:?}");
    app.finish().await;
}

#[tokio::test]
async fn a_lost_answer_repeats_the_mail_under_the_same_message_id() {
    let app = TestApp::new().await;
    app.mailer.faults.push(Fault::AnswerLost);
    enqueue(&app, &notice("a@example.it"), None).await;
    app.settle().await;
    app.clock.advance_us(MINUTE_US);
    app.settle().await;
    let sent = app.mailer.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].message_id, sent[1].message_id);
}

#[tokio::test]
async fn a_refused_mail_is_stuck_until_an_operator_retries_it() {
    let app = TestApp::new().await;
    app.mailer.faults.push(Fault::Refused);
    enqueue(&app, &notice("nobody@example.it"), None).await;
    app.settle().await;
    let stuck = store::effects::stuck(&mut app.cx.store(), 10).await.unwrap();
    assert_eq!(stuck.len(), 1);
    assert!(stuck[0].last_error.as_deref().unwrap().contains("fault"));
    let (id, now) = (stuck[0].id, app.cx.now().micros());
    assert!(app.cx.write(async move |tx| Ok(store::effects::retry(tx, id, now).await?)).await.unwrap());
    app.settle().await;
    assert_eq!(app.mailer.sent().len(), 1);
    app.finish().await;
}

#[tokio::test]
async fn a_refused_use_case_leaves_nothing_behind() {
    let app = TestApp::new().await;
    let effect = notice("a@example.it").request(("party", Uuid::nil()), None, app.cx.now());
    let cx = app.cx.clone();
    let refused: Result<(), Problem> = app
        .cx
        .write(async move |tx| {
            effects::enqueue(tx, &cx, std::slice::from_ref(&effect)).await?;
            Err(Problem::refused("test"))
        })
        .await;
    assert!(refused.unwrap_err().is("test"));
    app.settle().await;
    assert!(app.mailer.sent().is_empty());
}

#[tokio::test]
async fn a_link_opens_once_and_not_after_its_time() {
    let app = TestApp::new().await;
    let subject: Id<Subject> = app.cx.new_id();
    let (cx, until) = (app.cx.clone(), app.cx.now().plus_us(DAY_US));
    let issue = async move |tx: &mut store::WriteTx| {
        tokens::issue(tx, &cx, tokens::FIRST_PASSWORD, subject, &json!({"n": 1}), until).await
    };
    let id = app.cx.write(issue).await.unwrap();
    let secret = tokens::link_secret(&app.cx, tokens::FIRST_PASSWORD, id);
    let look = async |kind, secret: &str| tokens::find(&mut app.cx.store(), &app.cx, kind, secret).await.unwrap();

    let live = look(tokens::FIRST_PASSWORD, &secret).await.unwrap();
    assert_eq!((live.subject, live.data["n"].as_i64()), (subject, Some(1)));
    assert_eq!(look(tokens::RESET_PASSWORD, &secret).await.unwrap_err(), tokens::Dead::Unknown);
    assert_eq!(look(tokens::FIRST_PASSWORD, "short").await.unwrap_err(), tokens::Dead::Unknown);

    let spend = |id| {
        let cx = app.cx.clone();
        app.cx.write(async move |tx| tokens::spend(tx, &cx, id).await)
    };
    spend(id).await.unwrap();
    assert!(spend(id).await.unwrap_err().is("token-used"));
    assert_eq!(look(tokens::FIRST_PASSWORD, &secret).await.unwrap_err(), tokens::Dead::Used);

    let cx = app.cx.clone();
    let again = app
        .cx
        .write(async move |tx| tokens::issue(tx, &cx, tokens::FIRST_PASSWORD, subject, &json!({}), until).await)
        .await
        .unwrap();
    app.clock.advance_us(2 * DAY_US);
    let late = tokens::link_secret(&app.cx, tokens::FIRST_PASSWORD, again);
    assert_eq!(look(tokens::FIRST_PASSWORD, &late).await.unwrap_err(), tokens::Dead::Expired);
}

#[tokio::test]
async fn five_wrong_codes_close_the_token() {
    let app = TestApp::new().await;
    let subject: Id<Subject> = app.cx.new_id();
    let (cx, until) = (app.cx.clone(), app.cx.now().plus_minutes(10));
    let id = app
        .cx
        .write(async move |tx| tokens::issue(tx, &cx, tokens::CHANGE_EMAIL, subject, &json!({}), until).await)
        .await
        .unwrap();
    let good = tokens::code(&app.cx, tokens::CHANGE_EMAIL, id);
    let wrong = if good == "000000" { "000001" } else { "000000" };
    let try_code = |typed: &'static str| {
        let cx = app.cx.clone();
        app.cx.write(async move |tx| tokens::try_code(tx, &cx, tokens::CHANGE_EMAIL, id, typed, 5).await)
    };
    for _ in 0..5 {
        assert!(tokens::latest(&mut app.cx.store(), &app.cx, tokens::CHANGE_EMAIL, subject).await.unwrap().is_some());
        assert!(!try_code(wrong).await.unwrap());
    }
    assert!(tokens::latest(&mut app.cx.store(), &app.cx, tokens::CHANGE_EMAIL, subject).await.unwrap().is_none());
}

#[tokio::test]
async fn a_limit_counts_the_refused_tries_and_opens_again() {
    let app = TestApp::new().await;
    let limit = Limit::new(3, HOUR_US);
    for _ in 0..3 {
        rate_limit::hit(&app.cx, "t:1".into(), limit).await.unwrap();
    }
    assert!(rate_limit::hit(&app.cx, "t:1".into(), limit).await.unwrap_err().is("too-many"));
    rate_limit::hit(&app.cx, "t:2".into(), limit).await.unwrap();
    app.clock.advance_us(HOUR_US);
    rate_limit::hit(&app.cx, "t:1".into(), limit).await.unwrap();
}

#[tokio::test]
async fn the_audit_chain_shows_an_altered_line() {
    let app = TestApp::new().await;
    for n in 0..5 {
        let cx = app.cx.clone();
        let line = AuditLine::new("test.done", "party", Uuid::nil(), json!({ "n": n }));
        app.cx.write(async move |tx| audit::record(tx, &cx, &line).await).await.unwrap();
    }
    assert_eq!(audit::seal(&app.cx, 3).await.unwrap(), 3);
    assert_eq!(audit::seal(&app.cx, 3).await.unwrap(), 2);
    assert_eq!(audit::seal(&app.cx, 3).await.unwrap(), 0);
    assert_eq!(audit::verify(&app.cx).await.unwrap(), Ok(5));
    store::sql!(TAMPER = "UPDATE audit_lines SET details = '{}' WHERE seq = 3");
    app.cx.write(async move |tx| Ok(tx.exactly_one(&TAMPER, &[]).await?)).await.unwrap();
    assert_eq!(audit::verify(&app.cx).await.unwrap(), Err(3));
}
