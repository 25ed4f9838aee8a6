//! The crash matrix: the whole way from the order to the mailbox, with each phase of each effect
//! failing once, ends as the undisturbed one does.

use std::{collections::BTreeMap, sync::Arc};

use app::{
    Settings,
    conversations::open_checkout::open_checkout,
    effects::{Phase, Registry},
    use_cases::payments::accept_event::accept_event,
};
use domain::{
    id::AttemptId,
    time::{HOUR_US, MINUTE_US},
};
use ports::payment::{PaymentGateway, PlayGateway};
use testkit::{TestApp, app::engine, builders, crash::Saboteur};

store::sql!(ORDER_STATES = "SELECT state FROM orders ORDER BY number", String);
store::sql!(MAILBOX_STATES = "SELECT state FROM mailboxes ORDER BY address", String);
store::sql!(ATTEMPT_STATES = "SELECT state FROM attempts ORDER BY id", String);
store::sql!(LEGS = "SELECT COUNT(*) FROM transfers", i64);
store::sql!(NOTICES = "SELECT template FROM messages ORDER BY template, recipient", String);

/// What must come out alike however often something failed.
#[derive(Debug, PartialEq)]
struct World {
    orders: Vec<String>,
    mailboxes: Vec<String>,
    attempts: Vec<String>,
    transfer_legs: i64,
    /// Messages recorded, by template: a repeated send is recorded once.
    notices: BTreeMap<String, usize>,
    /// How many different messages were handed over, repetitions not counted.
    message_ids: usize,
    money_taken: usize,
    planes: Vec<bool>,
}

const DOMAIN: &str = "pec.example.it";
const NAMES: [&str; 2] = ["contratti.bianchi", "amministrazione"];

async fn deliver_events(app: &TestApp) {
    for event in app.gateway.drain() {
        let verifier = app.gateway.events();
        accept_event(&app.cx, "simulated", verifier, &event.headers(), event.body).await.expect("the event is ours");
    }
}

async fn story(saboteur: Arc<Saboteur>) -> World {
    let app = TestApp::with(engine(), Some(saboteur), Settings::default()).await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
    let customer = builders::customer(&app, 100_001, "BNCGLI85A41H501F").await;
    let order = builders::order(&customer, &NAMES, DOMAIN).await;
    app.settle().await;
    let page = open_checkout(&customer.cx, &app.ports, order).await.expect("the gateway opens a page");
    let attempt: AttemptId =
        page.rsplit('/').next().expect("a path").parse().expect("the page is named after the attempt");
    app.gateway.choose(attempt, "approve").expect("the bank says yes");
    deliver_events(&app).await;
    for step in [0, MINUTE_US, MINUTE_US, HOUR_US, 6 * HOUR_US] {
        app.clock.advance_us(step);
        app.settle().await;
        deliver_events(&app).await;
    }
    let world = look(&app).await;
    let books = app::books::prove(&app.cx).await.expect("the books can be read");
    assert!(books.iter().all(|c| c.ok), "the books are wrong: {books:?}");
    app.finish().await;
    world
}

async fn look(app: &TestApp) -> World {
    let store = app.cx.store();
    let mut notices = BTreeMap::new();
    for template in store.all(&NOTICES, &[]).await.unwrap() {
        *notices.entry(template).or_default() += 1;
    }
    let mut ids: Vec<_> = app.mailer.sent().into_iter().map(|m| m.message_id).collect();
    ids.sort();
    ids.dedup();
    World {
        orders: store.all(&ORDER_STATES, &[]).await.unwrap(),
        mailboxes: store.all(&MAILBOX_STATES, &[]).await.unwrap(),
        attempts: store.all(&ATTEMPT_STATES, &[]).await.unwrap(),
        transfer_legs: store.one(&LEGS, &[]).await.unwrap(),
        notices,
        message_ids: ids.len(),
        money_taken: app.gateway.moved().0,
        planes: NAMES.iter().map(|n| app.plane.spec(&format!("{n}@{}", DOMAIN)).is_some()).collect(),
    }
}

#[tokio::test]
async fn each_phase_of_each_effect_may_fail() {
    let watching = Arc::new(Saboteur::watching());
    let expected = story(watching.clone()).await;
    assert_eq!(expected.orders, ["completed"]);
    assert_eq!(expected.mailboxes, ["active", "active"]);
    assert_eq!(expected.money_taken, 1);
    assert_eq!(expected.planes, [true, true]);

    let reached = watching.reached();
    for ((kind, phase), times) in &reached {
        let saboteur = Arc::new(Saboteur::at(kind, *phase));
        let world = story(saboteur.clone()).await;
        assert!(saboteur.struck(), "{kind} never reached {phase:?}");
        assert_eq!(world, expected, "after {kind} failed at {phase:?}");
        let again = saboteur.reached()[&(kind.clone(), *phase)];
        assert!(again > *times, "{kind} was not repeated after it failed at {phase:?}");
        println!("reached {kind} {phase:?}: {again} times, failed once");
    }
    // Effects that this way does not pass have a story of their own: none may be forgotten here.
    let passed: Vec<&str> =
        Registry::all().kinds().into_iter().filter(|k| reached.keys().any(|(r, _)| r == k)).collect();
    for kind in ["send_notice", "provision", "confirm_payment"] {
        assert!(passed.contains(&kind), "{kind} is not on the way any more: {passed:?}");
        for phase in Phase::ALL {
            assert!(reached.contains_key(&(kind.to_owned(), phase)), "{kind} never reached {phase:?}");
        }
    }
}
