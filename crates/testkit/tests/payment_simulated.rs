//! The simulated gateway passes the suite for gateways, and keeps what only it promises.

use domain::id::AttemptId;
use ports::payment::{PlayGateway, TruthState};
use testkit::{
    conformance::{
        payment::{PaymentBench, open_price},
        simulated_bench::SimulatedBench,
    },
    payment_conformance,
};

payment_conformance!(async { SimulatedBench::new() });

async fn state(bench: &SimulatedBench, attempt: AttemptId) -> TruthState {
    let truth = bench.gateway().look_up(&testkit::conformance::payment::about(attempt)).await;
    truth.expect("the gateway answers").state
}

#[tokio::test]
async fn delayed_is_processing_until_its_time_and_tells_then() {
    let bench = SimulatedBench::new();
    let attempt = open_price(&bench).await;
    bench.simulated().choose(attempt, "delay").expect("open");
    assert!(matches!(state(&bench, attempt).await, TruthState::Processing { .. }));
    assert!(bench.simulated().drain().is_empty());
    assert!(bench.simulated().choose(attempt, "approve").is_err(), "it is decided already");
    bench.advance(90);
    assert!(matches!(state(&bench, attempt).await, TruthState::Succeeded { .. }));
    assert_eq!(bench.simulated().drain().len(), 1);
}

#[tokio::test]
async fn moods_tell_twice_never_or_not_at_all() {
    for (choice, events) in [("approve", 1), ("repeat", 2), ("reorder", 2), ("silent", 0), ("never_answer", 0)] {
        let bench = SimulatedBench::new();
        let attempt = open_price(&bench).await;
        bench.simulated().choose(attempt, choice).expect("open");
        assert_eq!(bench.simulated().drain().len(), events, "{choice}");
        let paid = matches!(state(&bench, attempt).await, TruthState::Succeeded { .. });
        assert_eq!(paid, choice != "never_answer", "{choice}");
        assert_eq!(bench.simulated().choose(attempt, "approve").is_ok(), choice == "never_answer", "{choice}");
    }
}

#[tokio::test]
async fn the_page_offers_what_is_open_and_refuses_the_rest() {
    let bench = SimulatedBench::new();
    let attempt = open_price(&bench).await;
    let page = |b: &SimulatedBench| b.simulated().page(attempt).expect("there is a page");
    assert!(page(&bench).choices.contains(&"approve"));
    assert!(bench.simulated().choose(attempt, "authenticate").is_err());
    assert!(bench.simulated().choose(attempt, "<script>").is_err());
    bench.simulated().choose(attempt, "challenge").expect("open");
    assert_eq!(page(&bench).choices, ["authenticate", "fail_authentication"]);
    bench.simulated().choose(attempt, "authenticate").expect("open");
    assert!(page(&bench).choices.is_empty());
    assert!(bench.simulated().page(AttemptId::from_uuid(uuid::Uuid::nil())).is_none());
}
