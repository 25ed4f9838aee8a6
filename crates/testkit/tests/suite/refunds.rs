//! Operators give money of an order back: by card at once, by bank transfer when somebody has made it.

use app::use_cases::{
    orders::withdraw::{Statement, withdraw},
    payments::refund_by_operator::{Refund, refund_by_operator, refund_made},
    transfers::book_by_hand::book_by_hand,
};
use domain::{
    actor::Actor,
    id::{AttemptId, OperatorId, OrderId},
    money::Money,
    operator::Role,
};
use testkit::{TestApp, builders};

use crate::{
    office::enrolled,
    transfers::{by_hand, mails, ordered, proved, shop, state},
};

async fn payment(app: &TestApp, order: OrderId) -> (AttemptId, Money) {
    let found = store::payments::refundable(&mut app.cx.store(), order).await.expect("readable");
    (found[0].id, found[0].left_cents)
}

fn refund(order: OrderId, payment: AttemptId, amount: &str, left: i64) -> Refund {
    Refund {
        order,
        payment,
        amount: amount.into(),
        reason: "richiesta del cliente".into(),
        left_shown: Money::cents(left),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_payment_goes_back_in_parts_and_never_twice() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    builders::pay_by_card(&app, &customer, id).await;
    app.settle().await;
    let (paid, _) = payment(&app, id).await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let page = desk.get(&format!("/office/orders/{id}")).await;
    page.must_have(&number)
        .must_have("Giulia Bianchi")
        .must_have("payment.succeeded")
        .must_have("Conferma dell’ordine");
    let form = desk.get(&format!("/office/orders/{id}/refund/{paid}")).await;
    form.must_have("al massimo €12,08");
    desk.submit(&form, "/refund/", &[("amount", "99"), ("reason", "x")]).await.must_have("Non si può restituire più");
    let typed = [("amount", "5,00"), ("reason", "sconto dimenticato")];
    desk.submit(&form, "/refund/", &typed).await.must_have("Rimborso avviato");
    // The same page again, in another tab or by a second click.
    let stale = desk.submit(&form, "/refund/", &typed).await;
    stale.must_have("già tornato indietro").must_have("al massimo €7,08");
    app.settle().await;
    for event in app.gateway.drain() {
        drop(event);
    }
    assert!(mails(&app).iter().any(|s| s.contains("pagamento restituito")), "{:?}", mails(&app));
    // Two operators at once.
    let (a, b) = tokio::join!(
        refund_by_operator(&app.cx, refund(id, paid, "7,08", 708)),
        refund_by_operator(&app.cx, refund(id, paid, "7,08", 708))
    );
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    app.settle().await;
    assert_eq!(payment(&app, id).await.1, Money::ZERO);
    let over = refund_by_operator(&app.cx, refund(id, paid, "0,01", 0)).await.expect_err("nothing is left");
    assert_eq!(over.fields[0].code, "refund-too-much");
    assert_eq!(app.gateway.moved().1, 2, "the gateway gave back twice, the two parts");
    let again = desk.get(&format!("/office/orders/{id}/refund/{paid}")).await;
    assert_eq!(again.path, format!("/office/orders/{id}"));
    again.must_have("payment.refund_asked");
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_goes_back_when_somebody_has_made_it() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    // More than due: what became credit is not the order's any more.
    book_by_hand(&app.cx, &by_hand(&number, "20,00", "REF-1")).await.expect("it is booked");
    app.settle().await;
    let (paid, left) = payment(&app, id).await;
    assert_eq!(left, Money::cents(1208));
    let back = refund_by_operator(&app.cx, refund(id, paid, "12,08", 1208)).await.expect("it is asked");
    app.settle().await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    desk.get("/office").await.must_have("Rimborsi da fare con un bonifico");
    desk.get(&format!("/office/orders/{id}")).await.must_have("Bonifico da fare");
    let list = desk.get("/office/refunds").await;
    list.must_have(&number).must_have("Da chiedere al cliente");
    let page = desk.get(&format!("/office/refunds/{back}")).await;
    desk.submit(&page, "/refunds/", &[("reference", "?")]).await.must_have("riferimento della banca");
    desk.submit(&page, "/refunds/", &[("reference", "OUT 1")]).await.must_have("Rimborso chiuso");
    desk.submit(&page, "/refunds/", &[("reference", "OUT 2")]).await.must_have("già chiuso");
    desk.get("/office/refunds").await.must_have("Nessun rimborso da fare");
    app.settle().await;
    assert!(mails(&app).iter().any(|s| s.contains("pagamento restituito")));
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_from_an_order_paid_by_transfer_waits_for_the_desk() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    for (amount, reference) in [("5,00", "REF-1"), ("10,00", "REF-2")] {
        book_by_hand(&app.cx, &by_hand(&number, amount, reference)).await.expect("it is booked");
    }
    app.settle().await;
    let statement = Statement {
        order: id,
        name: "Giulia Bianchi".into(),
        email: "giulia@example.org".into(),
        content_saved: true,
        ip: None,
        user_agent: None,
    };
    withdraw(&customer.cx, statement).await.expect("she is a consumer");
    app.settle().await;
    assert_eq!(state(&app, id).await.state, "completed");
    let waiting = app::queries::desk::outgoing(&app.cx, app::rows::From::Start).await.expect("readable").rows;
    let amounts: Vec<_> = waiting.iter().map(|r| r.amount_cents.as_cents()).collect();
    assert_eq!(amounts, [500, 708], "the price, and not what became credit");
    refund_made(&app.cx, waiting[0].id, "OUT1").await.expect("it is told");
    let twice = refund_made(&app.cx, waiting[1].id, "OUT1").await.expect_err("one transfer, one refund");
    assert_eq!(twice.fields[0].code, "movement-known");
    let other = app.cx.by(Actor::Operator { operator: OperatorId::from_uuid(uuid::Uuid::nil()), role: Role::Support });
    for cx in [&other, &customer.cx] {
        assert!(refund_made(cx, waiting[1].id, "OUT2").await.unwrap_err().is("forbidden"));
        let asked = refund(id, waiting[1].id, "1", 1);
        assert!(refund_by_operator(cx, asked).await.unwrap_err().is("forbidden"));
    }
    refund_made(&app.cx, waiting[1].id, "OUT2").await.expect("it is told");
    app.settle().await;
    proved(app).await;
}
