//! The one box of the back office: exact and by the beginning, page by page, audited.

use app::{
    queries::{
        desk,
        search::{Kind, PAGE, search},
    },
    rows::From,
    use_cases::payments::refund_by_operator::{Refund, refund_by_operator},
};
use domain::{money::Money, operator::Role};
use store::sql;
use testkit::{TestApp, builders};

use crate::{
    office::enrolled,
    transfers::{by_hand, ordered, shop},
};

sql!(SEARCHED = "SELECT COUNT(*) FROM audit_lines WHERE action = 'office.searched'", i64);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_found_by_what_is_typed() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    app::use_cases::transfers::book_by_hand::book_by_hand(&app.cx, &by_hand(&number, "12,08", "CRO 77"))
        .await
        .expect("it is booked");
    app.settle().await;
    let mut desk = enrolled(&app, "viewer", Role::Viewer).await;
    let order = format!("/office/orders/{id}");
    let first = async |desk: &mut testkit::browser::Browser, query: &str| {
        let page = desk.get(&format!("/office/search?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        page.attrs("tbody th a", "href").into_iter().next()
    };
    for query in [
        format!("q={number}"),
        format!("q={}", &number[..6]),
        "q=contratti.bianchi@pec.example.it".into(),
        "kind=mailboxes&q=contratti".into(),
        "kind=payments&q=cro77".into(),
        format!("kind=payments&q={number}"),
    ] {
        assert_eq!(first(&mut desk, &query).await.as_ref(), Some(&order), "{query}");
    }
    let orders = format!("/office/search?kind=orders&q=&party={}", customer.party);
    for query in ["q=giulia%20b", "q=BNCGLI85A41H501F", "q=100001", "kind=customers&q=CUSTOMER100001@example.org"] {
        assert_eq!(first(&mut desk, query).await.as_ref(), Some(&orders), "{query}");
    }
    assert_eq!(first(&mut desk, &orders["/office/search?".len()..]).await, Some(order));
    desk.get(&orders).await.must_have("BNCGLI85A41H501F");
    for nothing in
        ["", "q=%25", "q=_", "q=zzz", "kind=payments&q=pi_x", "kind=orders&q=2027-", "q=%F0%9F%92%A9", "after=x&q=a"]
    {
        let found = first(&mut desk, nothing).await;
        assert_eq!(found, None, "{nothing}");
    }
    let lines = app.cx.store().all(&SEARCHED, &[]).await.expect("readable");
    assert_eq!(lines, [19], "each look but the empty one");
    app.finish().await;
}

/// Movements beyond the first page of an order, and refunds beyond the first page of what is to be sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_and_refunds_go_on_behind_the_first_page() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    let many = desk::OUTGOING + 5;
    let book = async |cents: &str, n: u64| {
        let typed = by_hand(&number, cents, &format!("CRO {n}"));
        app::use_cases::transfers::book_by_hand::book_by_hand(&app.cx, &typed).await.expect("it is booked");
    };
    book("12,08", 0).await;
    let payment = store::payments::refundable(&mut app.cx.store(), id).await.expect("readable").remove(0);
    for n in 0..many {
        let refund = Refund {
            order: id,
            payment: payment.id,
            amount: "0,10".into(),
            reason: "sconto".into(),
            left_shown: Money::cents(1208 - 10 * n as i64),
        };
        refund_by_operator(&app.cx, refund).await.expect("some is left");
    }
    let mut office = enrolled(&app, "conti", Role::Accounting).await;
    let first = office.get("/office/refunds").await;
    assert_eq!(first.texts("tbody tr").len() as u64, desk::OUTGOING);
    let on = first.attrs(".cl-pager a[href*=after]", "href").remove(0);
    let second = office.get(&on).await;
    assert_eq!(second.texts("tbody tr").len(), 5);
    let last = second.attrs("tbody a[href^='/office/refunds/']", "href").remove(4);
    office.get(&last).await.must_have(&number);
    let back = second.attrs(".cl-pager a[href*=before]", "href").remove(0);
    assert_eq!(office.get(&back).await.texts("tbody tr").len() as u64, desk::OUTGOING);
    let mut seen = 0;
    let mut at = format!("/office/search?kind=payments&q={number}");
    loop {
        let page = office.get(&at).await;
        seen += page.texts("tbody tr").len() as u64;
        let Some(next) = page.attrs(".cl-pager a[href*=after]", "href").into_iter().next() else { break };
        at = next;
    }
    assert_eq!(seen, many + 1);
    app.settle().await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_go_on_and_back_without_gaps() {
    let app = TestApp::new().await;
    for n in 0..(PAGE as i64 * 2 + 3) {
        builders::customer(&app, 100_001 + n, &format!("BNCGLI85A41H{:03}F", n)).await;
    }
    let (mut seen, mut from, mut last) = (Vec::new(), From::Start, None);
    loop {
        let page = search(&app.cx, Kind::Customers, "giulia", None, from).await.expect("readable").page;
        seen.extend(page.rows.iter().map(|r| r.id));
        let end = page.rows.last().map(|r| (r.key.clone(), r.id)).expect("rows");
        let begin = page.rows.first().map(|r| (r.key.clone(), r.id)).expect("rows");
        if !page.older {
            last = Some(begin).or(last);
            break;
        }
        from = From::After(end);
    }
    assert_eq!(seen.len() as u64, PAGE * 2 + 3);
    let mut once = seen.clone();
    once.dedup();
    assert_eq!(once, seen);
    let back = From::Before(last.expect("a last page"));
    let page = search(&app.cx, Kind::Customers, "giulia", None, back).await.expect("readable").page;
    let ids: Vec<_> = page.rows.iter().map(|r| r.id).collect();
    assert_eq!(ids, seen[PAGE as usize..PAGE as usize * 2]);
    app.finish().await;
}
