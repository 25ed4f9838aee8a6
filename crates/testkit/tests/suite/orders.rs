//! Buying mailboxes: names, holders, confirmation, reminders, expiry, payment; on both engines.

use app::{
    Cx, Problem,
    problem::ProblemKind,
    queries,
    rows::{From, MailboxFilter, OrderFilter},
    use_cases::orders::{
        assign_holders::{RowHolder, assign_holders},
        cancel_order::cancel_order,
        cart,
        check_name::{NameAnswer, TypedName, check_name},
        place_order::{PlaceOrder, Placed, place_order},
        set_names::{NamesOutcome, set_names},
        start_cart::{StartCart, start_cart},
    },
};
use domain::{money::Money, order::cart::HolderChoice};
use store::{args, sql};
use testkit::{
    TestApp,
    builders::{Customer, customer, order, pay},
};

const DOMAIN: &str = "pec.example.it";
const ANNA: &str = "RSSMRA80A01H501U";
const BRUNO: &str = "VRDLGU75B02F205X";

sql!(ADDRESS_STATE = "SELECT state FROM addresses WHERE address = $1", String);
sql!(ORDERS = "SELECT COUNT(*) FROM orders", i64);
sql!(ACCEPTED = "SELECT COUNT(*) FROM acceptances WHERE order_id = $1 AND LENGTH(text_sha256) = 32", i64);
sql!(RELEASE = "UPDATE addresses SET state = 'released' WHERE address = $1");
sql!(RAISE = "UPDATE prices SET net_cents = net_cents + 100 WHERE product_code = 'standard'");

async fn shop() -> TestApp {
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    app
}

fn typed(name: &str) -> TypedName {
    TypedName { name: name.into(), domain: DOMAIN.into() }
}

/// A cart with these names, ready to be confirmed.
async fn ready(who: &Customer, names: &[&str]) -> PlaceOrder {
    let start = StartCart { plan: "standard".into(), quantity: names.len() as i64, token: None };
    let token = start_cart(&who.cx, start).await.expect("a cart");
    let rows: Vec<_> = names.iter().map(|n| typed(n)).collect();
    assert_eq!(set_names(&who.cx, &token, &rows).await, Ok(NamesOutcome::Saved));
    let holders: Vec<_> = names
        .iter()
        .map(|_| RowHolder { holder: Some(HolderChoice::Account), password_email: "me@example.org".into() })
        .collect();
    assign_holders(&who.cx, &token, &holders).await.expect("holders");
    confirmation(&who.cx, token).await
}

async fn confirmation(cx: &Cx, token: String) -> PlaceOrder {
    let open = cart::open(cx, &token).await.expect("the cart is open");
    let (_, quote) = cart::price(cx, &open, 1).await.expect("a price");
    PlaceOrder {
        token,
        version: open.version,
        years: 1,
        payment_method: "card".into(),
        shown: quote.gross,
        accept_conditions: true,
        accept_unfair_terms: true,
        ip: Some("192.0.2.7".into()),
        user_agent: Some("test".into()),
    }
}

async fn address_state(app: &TestApp, local: &str) -> Option<String> {
    let address = format!("{local}@{DOMAIN}");
    let found: Option<String> =
        app.cx.store().opt(&ADDRESS_STATE, args![&address]).await.expect("the register is read");
    found
}

fn fields(problem: &Problem) -> Vec<(&str, &str)> {
    problem.fields.iter().map(|f| (f.field.as_str(), f.code.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_checked_without_holding_it() {
    let app = shop().await;
    let anna = customer(&app, 1, ANNA).await;
    let free = check_name(&app.cx, &typed("Mario.Rossi")).await.expect("an answer");
    assert!(matches!(&free, NameAnswer::Free { local, .. } if local == "mario.rossi"), "{free:?}");
    assert_eq!(address_state(&app, "mario.rossi").await, None);
    order(&anna, &["mario.rossi"], DOMAIN).await;
    match check_name(&app.cx, &typed("mario.rossi")).await.expect("an answer") {
        NameAnswer::Taken { variants, other_domains, .. } => {
            assert_eq!(variants.len(), 3);
            assert_eq!(other_domains, ["mario.rossi@studi.pec.example.it", "mario.rossi@imprese.pec.example.it"]);
        }
        other => panic!("taken: {other:?}"),
    }
    match check_name(&app.cx, &typed("nicolò rossi")).await.expect("an answer") {
        NameAnswer::Invalid { suggestion, .. } => assert_eq!(suggestion.as_deref(), Some("nicolo.rossi")),
        other => panic!("not valid: {other:?}"),
    }
    let elsewhere = TypedName { name: "mario".into(), domain: "evil.example".into() };
    assert!(matches!(check_name(&app.cx, &elsewhere).await, Ok(NameAnswer::Invalid { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_cart_confirmed_twice_is_one_order() {
    let app = shop().await;
    let anna = customer(&app, 1, ANNA).await;
    let form = ready(&anna, &["anna.uno", "anna.due"]).await;
    let (a, b) = tokio::join!(place_order(&anna.cx, form.clone()), place_order(&anna.cx, form.clone()));
    let (a, b) = (a.expect("one tab"), b.expect("the other tab"));
    assert_eq!(a.order, b.order);
    assert!(a.already != b.already, "one of the two found it confirmed");
    let again: Placed = place_order(&anna.cx, form).await.expect("the back button");
    assert_eq!((again.order, again.already), (a.order, true));
    let orders: i64 = app.cx.store().one(&ORDERS, args![]).await.expect("orders are counted");
    assert_eq!(orders, 1);
    let kept: i64 = app.cx.store().one(&ACCEPTED, args![a.order]).await.expect("evidence is read");
    assert_eq!(kept, 2, "both texts, apart, with their hashes");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_confirm_the_same_name_one_keeps_the_rest_of_the_cart() {
    let app = shop().await;
    let (anna, bruno) = (customer(&app, 1, ANNA).await, customer(&app, 2, BRUNO).await);
    let first = ready(&anna, &["studio.rossi"]).await;
    let second = ready(&bruno, &["bruno.verdi", "studio.rossi"]).await;
    let token = second.token.clone();
    place_order(&anna.cx, first).await.expect("the first wins");
    let refused = place_order(&bruno.cx, second).await.expect_err("the name is gone");
    assert_eq!(fields(&refused), [("name-2", "name-lost")]);
    assert_eq!(address_state(&app, "bruno.verdi").await, None, "nothing of the refused order is held");
    let cart = cart::open(&bruno.cx, &token).await.expect("the cart is still open");
    assert_eq!(cart.mailboxes[0].local, "bruno.verdi");
    assert_eq!(
        set_names(&bruno.cx, &token, &[typed("bruno.verdi"), typed("studio.verdi")]).await,
        Ok(NamesOutcome::Saved)
    );
    let form = confirmation(&bruno.cx, token).await;
    place_order(&bruno.cx, form).await.expect("with another name it goes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_price_is_shown_before_it_binds() {
    let app = shop().await;
    let anna = customer(&app, 1, ANNA).await;
    let form = ready(&anna, &["anna.rossi"]).await;
    app.cx.write(async |tx| Ok(tx.run(&RAISE, args![]).await?)).await.expect("the price rises");
    let refused = place_order(&anna.cx, form.clone()).await.expect_err("another price");
    assert!(refused.is("price-changed"), "{refused}");
    assert_eq!((refused.args["shown"].as_str(), refused.args["now"].as_str()), ("1208", "1330"));
    let now = PlaceOrder { shown: Money::cents(1330), ..form };
    place_order(&anna.cx, now).await.expect("seen and confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_is_refused_for_each_thing_that_is_missing() {
    let app = shop().await;
    let anna = customer(&app, 1, ANNA).await;
    let good = ready(&anna, &["anna.rossi"]).await;
    let bad = PlaceOrder {
        years: 6,
        payment_method: "shells".into(),
        accept_conditions: false,
        accept_unfair_terms: false,
        ..good.clone()
    };
    let refused = place_order(&anna.cx, bad).await.expect_err("all wrong");
    let codes: Vec<_> = refused.fields.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(codes, ["years", "method", "conditions", "unfair_terms"]);
    let stale = place_order(&anna.cx, PlaceOrder { version: good.version - 1, ..good.clone() }).await;
    assert_eq!(stale.expect_err("another tab").kind, ProblemKind::Conflict);
    let bruno = customer(&app, 2, BRUNO).await;
    assert!(place_order(&bruno.cx, good.clone()).await.expect_err("not his cart").is("cart-missing"));
    assert_eq!(place_order(&app.cx, good.clone()).await.expect_err("nobody").kind, ProblemKind::Forbidden);
    for n in [0, -1, 100] {
        let start = StartCart { plan: "standard".into(), quantity: n, token: None };
        assert_eq!(start_cart(&anna.cx, start).await.expect_err("out of range").fields[0].code, "quantity-range");
    }
    let empty = StartCart { plan: "standard".into(), quantity: 1, token: None };
    let token = start_cart(&anna.cx, empty).await.expect("a cart");
    let form = confirmation(&anna.cx, token).await;
    assert!(place_order(&anna.cx, form).await.expect_err("no name yet").is("cart-incomplete"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_order_is_remembered_and_given_up_after_thirty_days() {
    let app = shop().await;
    let anna = customer(&app, 1, ANNA).await;
    let placed = order(&anna, &["anna.rossi"], DOMAIN).await;
    app.settle().await;
    assert_eq!(address_state(&app, "anna.rossi").await.as_deref(), Some("held"));
    let reminders = || app.mailer.sent().iter().filter(|m| m.subject.starts_with("Paga l’ordine")).count();
    // The clock goes back on 25 October: the reminder of day 25 comes 25 days and an hour later.
    for (days, expected) in [(3, 1), (7, 2), (16, 3)] {
        app.advance_days(days).await;
        assert_eq!(reminders(), expected, "after {days} more days");
    }
    app.advance_days(6).await;
    let view = queries::orders::order(&anna.cx, anna.login, placed).await.expect("the order");
    assert_eq!(view.row.state, "expired_unpaid");
    assert_eq!(address_state(&app, "anna.rossi").await, None, "the name is free again");
    assert!(cancel_order(&anna.cx, placed).await.expect_err("closed").is("order-closed"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paying_makes_the_mailboxes_and_keeps_their_names() {
    let app = shop().await;
    let anna = customer(&app, 1, ANNA).await;
    let placed = order(&anna, &["anna.uno", "anna.due"], DOMAIN).await;
    assert_eq!(pay(&app, placed).await.len(), 2);
    app.settle().await;
    let view = queries::orders::order(&anna.cx, anna.login, placed).await.expect("the order");
    assert_eq!((view.row.state.as_str(), view.row.activated), ("completed", 2));
    assert_eq!(address_state(&app, "anna.uno").await.as_deref(), Some("assigned"));
    assert!(cancel_order(&anna.cx, placed).await.expect_err("paid").is("order-already-paid"));
    let list = |filter: MailboxFilter| {
        let cx = anna.cx.clone();
        async move { queries::mailboxes::list(&cx, anna.login, &filter, From::Start).await.expect("a list").rows.len() }
    };
    assert_eq!(list(MailboxFilter::default()).await, 2);
    assert_eq!(list(MailboxFilter { search: "DUE".into(), ..MailboxFilter::default() }).await, 1);
    assert_eq!(list(MailboxFilter { search: "%".into(), ..MailboxFilter::default() }).await, 0);
    assert_eq!(list(MailboxFilter { state: Some("expired".into()), ..MailboxFilter::default() }).await, 0);
    assert_eq!(list(MailboxFilter { holder_kind: Some("account".into()), ..MailboxFilter::default() }).await, 2);
    // Nobody else sees any of it.
    let bruno = customer(&app, 2, BRUNO).await;
    let id = view.mailboxes[0].mailbox_id.expect("it exists");
    assert_eq!(
        queries::mailboxes::card(&bruno.cx, bruno.login, id).await.expect_err("his").kind,
        ProblemKind::NotFound
    );
    assert!(queries::orders::order(&bruno.cx, bruno.login, placed).await.is_err());
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_address_comes_back_to_its_former_holder_only() {
    let app = shop().await;
    let (anna, bruno) = (customer(&app, 1, ANNA).await, customer(&app, 2, BRUNO).await);
    let placed = order(&anna, &["anna.rossi"], DOMAIN).await;
    cancel_order(&anna.cx, placed).await.expect("cancelled");
    assert_eq!(address_state(&app, "anna.rossi").await, None);
    let placed = order(&anna, &["anna.rossi"], DOMAIN).await;
    let address = format!("anna.rossi@{DOMAIN}");
    let released = address.clone();
    app.cx
        .write(async move |tx| Ok(tx.run(&RELEASE, args![&released]).await?))
        .await
        .expect("as if cancelled long ago");
    assert!(matches!(check_name(&bruno.cx, &typed("anna.rossi")).await, Ok(NameAnswer::Taken { .. })));
    assert!(matches!(check_name(&anna.cx, &typed("anna.rossi")).await, Ok(NameAnswer::Free { former: true, .. })));
    let form = ready(&anna, &["anna.rossi"]).await;
    let again = place_order(&anna.cx, form).await.expect("her own name").order;
    assert_ne!(again, placed);
    assert_eq!(address_state(&app, "anna.rossi").await.as_deref(), Some("held"));
    cancel_order(&anna.cx, again).await.expect("cancelled");
    assert_eq!(address_state(&app, "anna.rossi").await.as_deref(), Some("released"), "it waits for her again");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_list_go_both_ways() {
    let app = shop().await;
    let anna = customer(&app, 1, ANNA).await;
    for n in 0..queries::orders::PAGE + 5 {
        order(&anna, &[&format!("anna.n{n}")], DOMAIN).await;
    }
    let filter = OrderFilter::default();
    let list = |from| queries::orders::list(&anna.cx, anna.login, &filter, from);
    let first = list(From::Start).await.expect("a page");
    assert_eq!((first.rows.len() as u64, first.newer, first.older), (queries::orders::PAGE, false, true));
    let last = first.rows.last().expect("a row");
    let second = list(From::After((last.placed_at, last.id))).await.expect("a page");
    assert_eq!((second.rows.len(), second.newer, second.older), (5, true, false));
    let top = second.rows.first().expect("a row");
    let back = list(From::Before((top.placed_at, top.id))).await.expect("a page");
    assert_eq!(back.rows, first.rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_works_without_an_account_and_asks_to_sign_in_afterwards() {
    let app = shop().await;
    let mut person = app.browser();
    let page = person.get("/?name=mario.rossi&domain=pec.example.it").await;
    page.must_have("mario.rossi@pec.example.it è libera").must_have("€12,08");
    let wrong = person.submit(&page, "/order/start", &[("plan", "standard"), ("quantity", "100")]).await;
    wrong.must_have("un numero da 1 a 99");
    let go = person.submit(&page, "/order/start", &[("plan", "pro"), ("quantity", "3")]).await;
    assert_eq!(go.path, "/login?next=/order/names", "signing in comes before the names");
    assert!(person.cookies().contains_key("cl_cart"), "the cart waits in the browser");
}
