//! Operators change prices and agreements: from a day on, seen before confirmed, noticed when somebody was quicker.

use app::{
    fixtures::{self, AGREEMENT},
    use_cases::{
        addons::buy_addon::{BuyAddon, buy_addon},
        orders::{
            assign_holders::{RowHolder, assign_holders},
            cart,
            check_name::TypedName,
            place_order::{PlaceOrder, place_order},
            set_names::set_names,
            start_cart::{StartCart, start_cart},
        },
    },
};
use axum::http::StatusCode;
use domain::{money::Money, operator::Role, order::cart::HolderChoice, time::DAY_US};
use store::sql;
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::office::enrolled;

sql!(
    AUDIT = "SELECT action FROM audit_lines WHERE action LIKE 'price.%' OR action LIKE 'agreement.%' ORDER BY at, id",
    String
);
sql!(ADDONS = "SELECT service || ' ' || state FROM addons", String);
sql!(MAILBOXES = "SELECT COUNT(*) FROM mailboxes", i64);

const PRICE: &str = "/office/catalogue/price";

fn day(app: &TestApp, days: i32) -> String {
    app.cx.now().date().plus_days(days).iso()
}

async fn look(desk: &mut Browser, product: &str, from: &str, net: &str) -> Page {
    let page = desk.get(&format!("{PRICE}?list=retail&product={product}")).await;
    desk.submit(&page, PRICE, &[("from", from), ("net", net)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_is_set_from_a_day_on_and_never_backwards() {
    let app = TestApp::new().await;
    fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(&app, 100_820, "RSSMRA80A01H501U").await;
    let order = builders::order(&customer, &["anna.una", "anna.due"], "pec.example.it").await;
    builders::pay(&app, order).await;
    app.settle().await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    desk.get("/office/catalogue").await.must_have("Standard").must_have("€9,90").must_have("niente");
    for (from, net, words) in [
        (day(&app, 0), "10", "già passato o è troppo presto"),
        (day(&app, -30), "10", "già passato o è troppo presto"),
        ("domani".into(), "10", "giorno"),
        (day(&app, 10), "molto", "importo"),
        (day(&app, 10), "-1", "importo"),
    ] {
        let told = look(&mut desk, "standard", &from, net).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{from} {net}");
        assert!(told.text().to_lowercase().contains(words), "{from} {net}: {}", told.text());
    }
    let from = day(&app, 10);
    let preview = look(&mut desk, "standard", &from, "10,90").await;
    // Both renew within 13 months, a euro more each.
    preview.must_have("da €9,90 a €10,90").must_have("€2,00");
    // Another tab was quicker.
    let other = look(&mut desk, "standard", &day(&app, 20), "11").await;
    desk.submit(&other, PRICE, &[("choice", "confirm")]).await.must_have("Il nuovo prezzo di Standard");
    let late = desk.submit(&preview, PRICE, &[("choice", "confirm")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    late.must_have("Qualcuno ha cambiato il listino");
    let preview = look(&mut desk, "standard", &from, "10,90").await;
    // Its price holds for ten days only, and nothing renews in them.
    preview.must_have("€0,00");
    desk.submit(&preview, PRICE, &[("choice", "confirm")]).await.must_have("Il nuovo prezzo di Standard");
    look(&mut desk, "standard", &from, "12").await.must_have("c’è già un prezzo");
    let shop = app.browser().get("/").await;
    assert!(shop.has("€9,90") && !shop.has("€10,90"), "not before its day");
    app.clock.advance_us(10 * DAY_US);
    app.browser().get("/").await.must_have("€10,90");
    assert_eq!(app.cx.store().all(&AUDIT, &[]).await.expect("readable"), ["price.set", "price.set"]);
    let mut viewer = enrolled(&app, "vista", Role::Viewer).await;
    assert!(!viewer.get("/office/catalogue").await.has("Nuovo prezzo"));
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_cart_is_counted_and_notices_the_new_price() {
    let app = TestApp::new().await;
    fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(&app, 100_821, "RSSMRA80A01H501U").await;
    let cx = &customer.cx;
    let start = StartCart { plan: "standard".into(), quantity: 1, token: None };
    let token = start_cart(cx, start).await.expect("a cart begins");
    let typed = TypedName { name: "anna.una".into(), domain: "pec.example.it".into() };
    set_names(cx, &token, &[typed]).await.expect("the name is free");
    let row = RowHolder { holder: Some(HolderChoice::Account), password_email: "a@example.org".into() };
    assign_holders(cx, &token, &[row]).await.expect("the holder is taken");
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let preview = look(&mut desk, "standard", &day(&app, 1), "10,90").await;
    let facts = preview.texts("dl div").join("|");
    assert!(facts.contains("Carrelli aperti1 "), "{facts}");
    desk.submit(&preview, PRICE, &[("choice", "confirm")]).await.must_have("Il nuovo prezzo");
    app.clock.advance_us(DAY_US);
    let open = cart::open(cx, &token).await.expect("the cart is there");
    let confirm = |shown| PlaceOrder {
        token: token.clone(),
        version: open.version,
        years: 1,
        payment_method: "card".into(),
        shown: Money::cents(shown),
        accept_conditions: true,
        accept_unfair_terms: true,
        ip: None,
        user_agent: None,
    };
    let refused = place_order(cx, confirm(1208)).await.expect_err("another price");
    assert!(refused.is("price-changed"), "{refused}");
    place_order(cx, confirm(1330)).await.expect("the new price was shown");
    app.settle().await;
}

async fn change(desk: &mut Browser, fields: &[(&str, &str)]) -> Page {
    let page = desk.get(&format!("/office/agreements/{AGREEMENT}")).await;
    desk.submit(&page, &format!("/agreements/{AGREEMENT}"), fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agreement_closes_while_its_members_have_free_add_ons() {
    let app = TestApp::new().await;
    builders::body(&app).await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.advance_us(300 * DAY_US);
    let wish = |have_gb, key: &str| BuyAddon {
        mailbox,
        service: "extra_space".into(),
        gb: 1,
        shown: Money::ZERO,
        have_gb,
        key: key.into(),
    };
    buy_addon(&holder, wish(0, "form-key-1")).await.expect("free in the last three months");
    app.settle().await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let from = day(&app, 5);
    let fields = [
        ("from", from.as_str()),
        ("until", ""),
        ("price_list", "ordgeo"),
        ("renewal_kind", "by_body"),
        ("years", "2"),
        ("quota", "10"),
    ];
    let past = day(&app, -1);
    change(&mut desk, &[("from", past.as_str()), ("quota", "-3")])
        .await
        .must_have("troppo presto")
        .must_have("numero intero");
    // The ticked boxes of the form stay ticked: only what is typed is replaced, so the change closes by leaving them out.
    let page = desk.get(&format!("/office/agreements/{AGREEMENT}")).await;
    let token = page.attrs("input[name=csrf]", "value")[0].clone();
    let mut closing = vec![("csrf", token.as_str())];
    closing.extend(fields);
    let preview = desk.post(&format!("/office/agreements/{AGREEMENT}"), &closing).await;
    preview.must_have("1 servizio aggiuntivo è gratuito").must_have("1 casella non si potrà più rinnovare");
    desk.submit(&preview, "/agreements/", &[("choice", "confirm")]).await.must_have("cambia dal");
    // The same form once more: somebody has changed it, if only ourselves.
    let again = desk.submit(&preview, "/agreements/", &[("choice", "confirm")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.must_have("già una modifica");
    buy_addon(&holder, wish(1, "form-key-2")).await.expect("open until its day comes");
    app.settle().await;
    app.clock.advance_us(5 * DAY_US);
    app.settle().await;
    let refused = buy_addon(&holder, wish(2, "form-key-3")).await.expect_err("closed");
    assert!(refused.is("agreement-closed"), "{refused}");
    let kept = app.cx.store().all(&ADDONS, &[]).await.expect("readable");
    assert!(!kept.is_empty() && kept.iter().all(|a| a == "extra_space active"), "what was free stays: {kept:?}");
    let mut desk = enrolled(&app, "conti.due", Role::Accounting).await;
    let page = desk.get(&format!("/office/agreements/{AGREEMENT}")).await;
    page.must_have("2 anni").must_have("In vigore o passata");
    let audit = app.cx.store().all(&AUDIT, &[]).await.expect("readable");
    assert!(audit.contains(&"agreement.changed".to_owned()), "{audit:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_agreement_finds_its_body() {
    let app = TestApp::new().await;
    let body = builders::body(&app).await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let page = desk.get("/office/agreements/new").await;
    let from = day(&app, 0);
    let typed = |code: &'static str| {
        [
            ("code", code),
            ("body_name", "Ordine degli Altri"),
            ("domain", "pec.ordine.example.it"),
            ("price_list", "ordgeo"),
            ("renewal_kind", "by_holder"),
        ]
    };
    let with_day = |code| typed(code).into_iter().chain([("from", from.as_str())]).collect::<Vec<_>>();
    desk.submit(&page, "/agreements/new", &with_day("a b")).await.must_have("da 3 a 24 lettere");
    desk.submit(&page, "/agreements/new", &with_day(AGREEMENT)).await.must_have("Questo codice c’è già");
    desk.submit(&page, "/agreements/new", &typed("ALTRI")).await.must_have("giorno");
    let made = desk.submit(&page, "/agreements/new", &with_day("ALTRI")).await;
    assert_eq!(made.path, "/office/agreements/ALTRI", "{}", made.text());
    made.must_have("Nessuno vede ancora");
    desk.submit(&made, "/body", &[("body", "97043210588")]).await.must_have("non è registrato nessuno");
    desk.submit(&made, "/body", &[("body", builders::BODY_CODE)]).await.must_have("sono la segreteria di ALTRI");
    let mut secretariat = crate::people::signed_in(&app, body.login).await;
    secretariat.get("/account/agreements").await.must_have("ALTRI").must_have(AGREEMENT);
    assert_eq!(app.cx.store().one(&MAILBOXES, &[]).await.expect("readable"), 0);
}
