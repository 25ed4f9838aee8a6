//! Bank transfers: instructions, booking by hand and from a statement file, what is short, too much or too late.

use app::{
    queries::transfers::{movement, movements},
    rows::From,
    use_cases::{
        orders::cancel_order::cancel_order,
        transfers::{
            book_by_hand::{Typed, book_by_hand},
            decide_movement::{Choice, decide_movement},
            take_statement::{MAX_BYTES, Taken, take_statement},
        },
    },
};
use axum::http::{Method, StatusCode};
use domain::{
    actor::Actor,
    id::{OperatorId, OrderId, PartyId},
    ledger::{AccountKey, AccountKind},
    money::Money,
    operator::Role,
};
use testkit::{
    TestApp,
    builders::{self, Customer},
};

use crate::{office::enrolled, people::signed_in};

const IBAN: &str = "IT60X0542811101000000123456";
const DOMAIN: &str = "pec.example.it";

/// A statement file with these transfers to us: reference, amount, reason.
pub fn statement(id: &str, lines: &[(&str, &str, &str)]) -> Vec<u8> {
    let entry = |(reference, amount, reason): &(&str, &str, &str)| {
        format!(
            "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <ValDt><Dt>2026-10-01</Dt></ValDt><AcctSvcrRef>{reference}</AcctSvcrRef>\
             <NtryDtls><TxDtls><RmtInf><Ustrd>{reason}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    };
    let entries: String = lines.iter().map(entry).collect();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>{id}</Id>\
         <Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"
    )
    .into_bytes()
}

pub async fn shop(app: &TestApp) -> Customer {
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
    builders::customer(app, 100_001, "BNCGLI85A41H501F").await
}

pub async fn ordered(app: &TestApp, customer: &Customer, name: &str) -> (OrderId, String) {
    let id = builders::order(customer, &[name], DOMAIN).await;
    app.settle().await;
    (id, state(app, id).await.number)
}

pub async fn state(app: &TestApp, id: OrderId) -> store::orders::OrderRow {
    store::orders::by_id(&mut app.cx.store(), id).await.expect("readable").expect("there")
}

async fn credit(app: &TestApp, party: PartyId) -> i64 {
    let key = AccountKey::of(AccountKind::ExcessCredit, party);
    store::ledger::balance(&mut app.cx.store(), &key).await.expect("readable").posted_cents.as_cents()
}

pub fn by_hand(order: &str, amount: &str, reference: &str) -> Typed {
    Typed {
        order: order.into(),
        amount: amount.into(),
        value_day: "2026-10-01".into(),
        reference: reference.into(),
        payer: "Giulia Bianchi".into(),
    }
}

/// The subjects of the mails that went out since the last look.
pub fn mails(app: &TestApp) -> Vec<String> {
    app.mailer.sent().into_iter().map(|m| m.subject).collect()
}

pub async fn proved(app: TestApp) {
    let books = app::books::prove(&app.cx).await.expect("the books can be read");
    assert!(books.iter().all(|c| c.ok), "the books are wrong: {books:?}");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_is_chosen_told_and_booked_by_hand() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    let mut browser = signed_in(&app, customer.login).await;
    let page = browser.get(&format!("/order/payment/{id}")).await;
    page.must_have("Preferisci il bonifico?").must_have("IT60 X054 2811 1010 0000 0123 456");
    assert_eq!(page.texts("#transfer-reason"), [number.as_str()], "only the order number");
    let paid = book_by_hand(&app.cx, &by_hand(&number, "12,08", "cro 12345")).await.expect("it is booked");
    app.settle().await;
    let row = state(&app, paid).await;
    assert_eq!((row.state.as_str(), row.payment_method.as_str()), ("completed", "bank_transfer"));
    let again = book_by_hand(&app.cx, &by_hand(&number, "12,08", "CRO12345")).await.expect_err("the same movement");
    assert_eq!(again.fields[0].code, "movement-known");
    assert_eq!(credit(&app, customer.party).await, 0);
    // Another movement for an order that is paid stays with the customer.
    book_by_hand(&app.cx, &by_hand(&number, "12,08", "CRO67890")).await.expect("it is booked");
    app.settle().await;
    assert_eq!(credit(&app, customer.party).await, 1208);
    assert!(mails(&app).iter().any(|s| s.contains("è diventato credito")), "{:?}", mails(&app));
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_short_stays_due_and_what_is_too_much_is_credit() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    book_by_hand(&app.cx, &by_hand(&number, "5,00", "REF-1")).await.expect("it is booked");
    app.settle().await;
    assert_eq!(state(&app, id).await.state, "awaiting_payment");
    assert!(mails(&app).iter().any(|s| s.contains("mancano €7,08")), "{:?}", mails(&app));
    let mut browser = signed_in(&app, customer.login).await;
    let page = browser.get(&format!("/order/payment/{id}")).await;
    page.must_have("Mancano €7,08").must_have("È arrivato €5,00");
    assert_eq!(page.texts("#transfer-reason"), [format!("integrazione {number}")]);
    browser.get(&format!("/account/orders/{id}")).await.must_have("Mancano €7,08").must_have("Paga €7,08");
    // By card only the rest is asked for.
    let url = app::conversations::open_checkout::open_checkout(
        &customer.cx,
        &app.ports,
        id,
        app::use_cases::payments::Means::Card,
    )
    .await
    .expect("a page");
    let bank = browser.get(&url).await;
    bank.must_have("€7,08");
    book_by_hand(&app.cx, &by_hand(&number, "10,00", "REF-2")).await.expect("it is booked");
    app.settle().await;
    assert_eq!(state(&app, id).await.state, "completed");
    assert_eq!(credit(&app, customer.party).await, 292);
    let open = store::payments::open_of_order(&mut app.cx.store(), id).await.expect("readable");
    assert!(open.is_empty(), "the bank's page takes no second payment");
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_of_a_closed_order_is_credit_and_so_is_what_comes_later() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    book_by_hand(&app.cx, &by_hand(&number, "5", "REF-1")).await.expect("it is booked");
    cancel_order(&customer.cx, id).await.expect("it can be cancelled");
    app.settle().await;
    assert_eq!(credit(&app, customer.party).await, 500);
    assert!(mails(&app).iter().any(|s| s.contains("chiuso: quello che avevi pagato è un credito")));
    assert!(!mails(&app).iter().any(|s| s.contains("annullato")), "one mail tells both");
    book_by_hand(&app.cx, &by_hand(&number, "7.08", "REF-2")).await.expect("it is booked");
    app.settle().await;
    assert_eq!(credit(&app, customer.party).await, 1208);
    assert_eq!(state(&app, id).await.state, "cancelled", "never a silent activation");
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_books_what_it_names_and_leaves_the_rest_to_a_person() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (first, one) = ordered(&app, &customer, "contratti.bianchi").await;
    let (second, two) = ordered(&app, &customer, "amministrazione").await;
    book_by_hand(&app.cx, &by_hand(&one, "1,00", "HAND1")).await.expect("it is booked");
    let both = format!("{one} e {two}");
    let lines = [
        ("HAND1", "1.00", one.as_str()),
        ("TRN1", "11.08", one.as_str()),
        ("TRN2", "24.16", both.as_str()),
        ("TRN3", "9.99", "ordine 2026-999999"),
        ("TRN4", "9.99", "grazie"),
        ("TRN4", "9.99", "grazie"),
        ("TRN4", "1.11", "altro"),
    ];
    let file = statement("S1", &lines);
    let taken = take_statement(&app.cx, file.clone()).await.expect("it is ours");
    assert_eq!(taken, Taken { movements: 5, repeated: 2, aside: 0 });
    app.settle().await;
    assert_eq!(state(&app, first).await.state, "completed");
    assert_eq!(state(&app, second).await.state, "awaiting_payment");
    let open = movements(&app.cx, Some("unmatched"), From::Start).await.expect("readable").rows;
    let mut whys: Vec<_> = open.iter().map(|m| m.reason_code.clone().unwrap_or_default()).collect();
    whys.sort();
    assert_eq!(whys, ["no_number", "no_such_order", "same_reference", "several_orders"]);
    for again in [file, statement("S1", &lines[..1])] {
        let refused = take_statement(&app.cx, again).await.expect_err("it was here");
        assert_eq!(refused.fields[0].code, "statement-known");
    }
    let later = take_statement(&app.cx, statement("S2", &lines[1..2])).await.expect("another statement");
    assert_eq!(later, Taken { movements: 0, repeated: 1, aside: 0 });
    // A person decides; two tabs decide once.
    let m = open.iter().find(|m| m.reason_code.as_deref() == Some("several_orders")).expect("there");
    let book = || Choice::Book { order: two.clone() };
    decide_movement(&app.cx, m.id, m.version, book()).await.expect("it is booked");
    let late = decide_movement(&app.cx, m.id, m.version, book()).await.expect_err("decided");
    assert!(late.is("movement-decided"));
    app.settle().await;
    assert_eq!(state(&app, second).await.state, "completed");
    assert_eq!(credit(&app, customer.party).await, 1208);
    let m = open.iter().find(|m| m.reason_code.as_deref() == Some("no_number")).expect("there");
    let note = || Choice::Leave { note: "  ".into() };
    assert_eq!(decide_movement(&app.cx, m.id, m.version, note()).await.expect_err("why?").fields[0].field, "note");
    let leave = Choice::Leave { note: "chiesto alla banca".into() };
    decide_movement(&app.cx, m.id, m.version, leave).await.expect("it is left");
    let left = movement(&app.cx, m.id).await.expect("there");
    decide_movement(&app.cx, m.id, left.version, Choice::GiveBack { note: "CRO 77".into() }).await.expect("given back");
    let back = movement(&app.cx, m.id).await.expect("there");
    assert_eq!((back.state.as_str(), back.note.as_deref()), ("given_back", Some("CRO 77")));
    let over = decide_movement(&app.cx, m.id, back.version, book()).await.expect_err("it is over");
    assert!(over.is("movement-decided"));
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_files_and_two_operators_at_once_book_once() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (id, number) = ordered(&app, &customer, "contratti.bianchi").await;
    let file = |id| statement(id, &[("TRN1", "12.08", number.as_str())]);
    let typed = by_hand(&number, "12,08", "TRN1");
    let (a, b, c) = tokio::join!(
        take_statement(&app.cx, file("S1")),
        take_statement(&app.cx, file("S1")),
        book_by_hand(&app.cx, &typed)
    );
    app.settle().await;
    assert!(a.is_ok() || b.is_ok() || c.is_ok());
    assert_eq!(state(&app, id).await.state, "completed");
    assert_eq!(credit(&app, customer.party).await, 0, "{a:?} {b:?} {c:?}");
    proved(app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_moves_money_may() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (_, number) = ordered(&app, &customer, "contratti.bianchi").await;
    let operator =
        |role| app.cx.by(Actor::Operator { operator: OperatorId::from_uuid(uuid::Uuid::from_u128(1)), role });
    for cx in [customer.cx.clone(), operator(Role::Viewer), operator(Role::Support)] {
        assert!(book_by_hand(&cx, &by_hand(&number, "12,08", "R-1")).await.unwrap_err().is("forbidden"));
        assert!(take_statement(&cx, statement("S", &[])).await.unwrap_err().is("forbidden"));
        let leave = Choice::Leave { note: "x".into() };
        assert!(decide_movement(&cx, cx.new_id(), 1, leave).await.unwrap_err().is("forbidden"));
    }
    assert!(movements(&customer.cx, None, From::Start).await.unwrap_err().is("forbidden"));
    let wrong = Typed { order: "2026-777777".into(), ..by_hand("", "-1", "§") };
    let fields = |p: app::Problem| p.fields.into_iter().map(|f| f.code).collect::<Vec<_>>();
    let cx = operator(Role::Accounting);
    let refused = book_by_hand(&cx, &wrong).await.map(|_| ()).map_err(fields);
    assert_eq!(refused, Err(vec!["amount-bad".into(), "reference-bad".into()]));
    let unknown =
        Typed { amount: "1".into(), reference: "R-1".into(), value_day: "2027-10-01".into(), ..wrong.clone() };
    assert_eq!(book_by_hand(&cx, &unknown).await.map_err(fields), Err(vec!["day-future".into()]));
    let unknown = Typed { value_day: "2026-10-01".into(), ..unknown };
    assert_eq!(book_by_hand(&cx, &unknown).await.map_err(fields), Err(vec!["order-unknown".into()]));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desk_books_uploads_and_decides() {
    let app = TestApp::new().await;
    let customer = shop(&app).await;
    let (first, one) = ordered(&app, &customer, "contratti.bianchi").await;
    let (_, two) = ordered(&app, &customer, "amministrazione").await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    desk.get("/office/transfers").await.must_have("Nessun movimento");
    let page = desk.get("/office/transfers/book").await;
    let fields = [("order", two.as_str()), ("amount", "12,08"), ("value_day", "2026-10-01"), ("reference", "CRO 1")];
    desk.submit(&page, "/transfers/book", &fields).await.must_have("Bonifico registrato sull’ordine");
    desk.submit(&page, "/transfers/book", &fields).await.must_have("già registrato");
    let page = desk.get("/office/transfers/statement").await;
    let csrf = page.attrs("input[name=csrf]", "value").pop().expect("a token");
    let reason = format!("Ordine n° {}", one.replace('-', " "));
    let long = "x".repeat(300_000);
    let file = statement("S1", &[("TRN1", "12.08", &reason), ("TRN2", "5.00", &long)]);
    let send = async |desk: &mut testkit::browser::Browser, file: &[u8]| {
        let mut body = format!("--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"s.xml\"\r\nContent-Type: application/xml\r\n\r\n").into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--B--\r\n");
        desk.send(Method::POST, "/office/transfers/statement", Some("multipart/form-data; boundary=B"), body).await
    };
    let sent = send(&mut desk, &file).await;
    assert_eq!((sent.status, sent.redirect()), (StatusCode::SEE_OTHER, Some("/office/transfers")), "{}", sent.body);
    app.settle().await;
    assert_eq!(state(&app, first).await.state, "completed");
    send(&mut desk, &file).await.must_have("già stato caricato");
    send(&mut desk, b"").await.must_have("Scegli il file");
    send(&mut desk, b"<a>").await.must_have("non è XML leggibile");
    let huge = send(&mut desk, &vec![b' '; MAX_BYTES + 1]).await;
    huge.must_have("troppo grande");
    assert_eq!(send(&mut desk, &vec![b' '; MAX_BYTES + 128 * 1024]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    desk.get("/office").await.must_have("Bonifici da abbinare");
    let list = desk.get("/office/transfers?state=unmatched").await;
    let link = list.attrs("a[href^='/office/transfers/mov_']", "href").pop().expect("one waits");
    let open = desk.get(&link).await;
    desk.submit(&open, "/book", &[("order", "2026-0")]).await.must_have("Non c’è un ordine");
    desk.submit(&open, "/close", &[("choice", "leave"), ("note", "sconosciuto")])
        .await
        .must_have("tra gli sconosciuti");
    desk.submit(&open, "/book", &[("order", two.as_str())]).await.must_have("già deciso");
    // Who only looks has no buttons.
    let mut viewer = enrolled(&app, "viewer", Role::Viewer).await;
    assert!(viewer.get(&link).await.attrs("main form", "action").is_empty());
    assert_eq!(Money::ZERO.as_cents(), credit(&app, customer.party).await);
    proved(app).await;
}

store::sql!(SPOIL_MOVEMENT = "UPDATE bank_movements SET amount_cents = amount_cents + 1");
store::sql!(SPOIL_TRANSFER = "UPDATE bank_movements SET state = 'unmatched', attempt_id = NULL");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_movement_that_was_tampered_with_is_noticed() {
    for statement in [&SPOIL_MOVEMENT, &SPOIL_TRANSFER] {
        let app = TestApp::new().await;
        let customer = shop(&app).await;
        let (_, number) = ordered(&app, &customer, "contratti.bianchi").await;
        book_by_hand(&app.cx, &by_hand(&number, "12,08", "REF-1")).await.expect("it is booked");
        app.settle().await;
        app.cx.write(async move |tx| Ok(tx.run(statement, &[]).await.map(drop)?)).await.expect("it is spoilt");
        let books = app::books::prove(&app.cx).await.expect("the books can be read");
        let wrong: Vec<_> = books.iter().filter(|c| !c.ok).map(|c| c.name).collect();
        assert_eq!(wrong, ["books.transfers_in"]);
    }
}
