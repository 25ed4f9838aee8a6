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

sql!(
    PRICES_OF = "SELECT product_code || ' ' || CAST(net_cents AS TEXT) || ' ' || CAST(vat_bp AS TEXT) FROM prices WHERE price_list = $1 ORDER BY product_code, valid_from_at",
    String
);
sql!(
    OFFERS_OF = "SELECT plan_code || ' ' || service || ' ' || CAST(max_gb AS TEXT) FROM dated_offers WHERE price_list = $1 ORDER BY plan_code, service, from_day",
    String
);
sql!(
    CHANGES = "SELECT action FROM audit_lines WHERE action LIKE 'price%' OR action LIKE 'offer.%' OR action LIKE 'product.%' OR action LIKE 'agreement.%' ORDER BY at, id",
    String
);
sql!(MEMBERS_LIST = "SELECT price_list FROM agreements WHERE code = 'ORDGEO'", String);

async fn texts(app: &TestApp, list: &str) -> (Vec<String>, Vec<String>) {
    let q = app.cx.store();
    let prices = q.all(&PRICES_OF, store::args![list]).await.expect("readable");
    (prices, q.all(&OFFERS_OF, store::args![list]).await.expect("readable"))
}

async fn new_list(desk: &mut Browser, fields: &[(&str, &str)]) -> Page {
    let page = desk.get("/office/catalogue/new").await;
    desk.submit(&page, "/catalogue/new", fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_copied_with_what_is_in_force_on_a_day() {
    let app = TestApp::new().await;
    builders::body(&app).await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    // Two changes of the list that is copied: one has come by the day, one has not.
    for (from, net) in [(10, "2,80"), (30, "9")] {
        let page = desk.get(&format!("{PRICE}?list=ordgeo&product=extra_space")).await;
        let preview = desk.submit(&page, PRICE, &[("from", &day(&app, from)), ("net", net)]).await;
        desk.submit(&preview, PRICE, &[("choice", "confirm")]).await.must_have("Il nuovo prezzo");
    }
    let (on, past) = (day(&app, 10), day(&app, -1));
    let copy = |code: &'static str, rule: &'static str, day: &'static str| {
        [
            ("code", code),
            ("name", "Periti"),
            ("channel", "agreement"),
            ("addon_rule", rule),
            ("copy_of", "ordgeo"),
            ("day", day),
        ]
    };
    new_list(&mut desk, &copy("1a", "monthly", ""))
        .await
        .must_have("con una lettera all’inizio")
        .must_have("Scrivi una data");
    new_list(&mut desk, &[("code", "periti"), ("name", "P"), ("channel", "all"), ("addon_rule", "never")])
        .await
        .must_have("da 2 a 80 caratteri")
        .must_have("Scegli per chi")
        .must_have("Scegli una regola");
    let mut fields = copy("periti", "monthly", "");
    fields[5].1 = &past;
    new_list(&mut desk, &fields).await.must_have("già passato");
    fields[5].1 = &on;
    fields[4].1 = "nessuno";
    new_list(&mut desk, &fields).await.must_have("Questo listino non c’è");
    fields[4].1 = "ordgeo";
    fields[3].1 = "";
    new_list(&mut desk, &fields).await.must_have("scegli la regola");
    assert_eq!(texts(&app, "periti").await, (vec![], vec![]), "nothing half-made stays");
    fields[3].1 = "monthly";
    new_list(&mut desk, &fields).await.must_have("Il listino periti c’è, con 6 prezzi e 6 offerte");
    new_list(&mut desk, &fields).await.must_have("Questo codice c’è già");
    let (prices, offers) = texts(&app, "periti").await;
    assert_eq!(
        prices,
        [
            "extra_archive 300 2200",
            "extra_space 280 2200",
            "legal_storage 400 2200",
            "pro 0 2200",
            "sms_notice 600 2200",
            "standard 0 2200"
        ]
    );
    assert_eq!(offers, texts(&app, "ordgeo").await.1);
    let mut viewer = enrolled(&app, "vista", Role::Viewer).await;
    let seen = viewer.get("/office/catalogue").await;
    seen.must_have("Periti").must_have("dal ");
    assert!(!seen.has("Nuovo listino") && !seen.has("Ritira"), "who only looks changes nothing");
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_list_is_named_filled_and_offered_step_by_step() {
    let app = TestApp::new().await;
    builders::body(&app).await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let fields =
        [("code", "VUOTO"), ("name", " Listino   vuoto "), ("channel", "agreement"), ("addon_rule", "three_months")];
    new_list(&mut desk, &fields)
        .await
        .must_have("Il listino vuoto c’è, con 0 prezzi e 0 offerte")
        .must_have("Il listino è vuoto");
    // Two tabs rename it.
    let tabs = [desk.get("/office/catalogue/lists/vuoto").await, desk.get("/office/catalogue/lists/vuoto").await];
    desk.submit(&tabs[0], "/lists/vuoto", &[("name", "Periti")]).await.must_have("Il listino ora si chiama Periti");
    let late = desk.submit(&tabs[1], "/lists/vuoto", &[("name", "Geometri")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    late.must_have("Qualcuno ha cambiato il listino").must_have("Rinomina Periti");
    assert_eq!(desk.get("/office/catalogue/lists/nessuno").await.status, StatusCode::NOT_FOUND);
    // An add-on cannot be offered before it has a price; the first price may begin today.
    let today = day(&app, 0);
    let offer = async |desk: &mut Browser, from: &str, gb: &str| {
        let page = desk.get("/office/catalogue/offer?list=vuoto").await;
        let typed = [("plan", "standard"), ("service", "extra_space"), ("from", from), ("max_gb", gb)];
        desk.submit(&page, "/catalogue/offer", &typed).await
    };
    offer(&mut desk, &today, "5").await.must_have("aggiungi prima il prezzo");
    offer(&mut desk, &today, "0").await.must_have("non c’è niente da togliere");
    offer(&mut desk, &today, "-1").await.must_have("numero intero da 0");
    let page = desk.get(&format!("{PRICE}?list=vuoto")).await;
    let preview = desk.submit(&page, PRICE, &[("product", "extra_space"), ("from", &today), ("net", "2")]).await;
    preview.must_have("È il suo primo prezzo");
    desk.submit(&preview, PRICE, &[("choice", "confirm")]).await.must_have("Il nuovo prezzo di Spazio extra inbox");
    let preview = offer(&mut desk, &today, "5").await;
    preview.must_have("Finora non si vende");
    desk.submit(&preview, "/catalogue/offer", &[("choice", "confirm")]).await.must_have("fino a 5 GB");
    assert_eq!(
        texts(&app, "vuoto").await,
        (vec!["extra_space 200 2200".to_owned()], vec!["standard extra_space 5".to_owned()])
    );
    // A list that sells no add-ons offers none.
    let refused = desk.get("/office/catalogue/offer?list=retail").await;
    let typed = [("plan", "standard"), ("service", "extra_space"), ("from", today.as_str()), ("max_gb", "1")];
    desk.submit(&refused, "/catalogue/offer", &typed).await.must_have("non vende servizi aggiuntivi");
    assert_eq!(desk.get("/office/catalogue/offer?list=nessuno").await.status, StatusCode::NOT_FOUND);
    let audit = app.cx.store().all(&CHANGES, &[]).await.expect("readable");
    assert_eq!(audit[1..], ["price_list.made", "price_list.renamed", "price.set", "offer.set"]);
    app.settle().await;
}

fn wish(mailbox: domain::id::MailboxId, gb: i64, have_gb: i64, key: &str) -> BuyAddon {
    BuyAddon { mailbox, service: "extra_space".into(), gb, shown: Money::ZERO, have_gb, key: format!("form-key-{key}") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_bounds_what_is_bought_and_not_what_is_renewed() {
    let app = TestApp::new().await;
    builders::body(&app).await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.advance_us(300 * DAY_US);
    buy_addon(&holder, wish(mailbox, 3, 0, "1")).await.expect("free in the last three months");
    app.settle().await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let at = "/office/catalogue/offer?list=ordgeo&plan=standard&service=extra_space";
    let page = desk.get(at).await;
    page.must_have("Oggi fino a 5 GB");
    let from = day(&app, 2);
    let typed = [("from", from.as_str()), ("max_gb", "2")];
    for (from, words) in [(day(&app, 0), "troppo presto"), ("mai".into(), "Scrivi una data")] {
        let told = desk.submit(&page, "/catalogue/offer", &[("from", from.as_str()), ("max_gb", "2")]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        told.must_have(words).must_have("Oggi fino a 5 GB");
    }
    let preview = desk.submit(&page, "/catalogue/offer", &typed).await;
    let facts = preview.texts("dl div").join("|");
    assert_eq!(
        facts,
        "Convenzioni con questo listino1|Caselle Standard1|Caselle che hanno già il servizio1 con 1 servizio attivo|Caselle con più di 2 GB1|Di queste, si rinnovano nei prossimi 13 mesi1"
    );
    preview.must_have("Chi ha di più lo tiene");
    // Somebody else plans another one meanwhile.
    let other = desk.submit(&page, "/catalogue/offer", &[("from", &day(&app, 9)), ("max_gb", "0")]).await;
    other.must_have("non si vende più").must_have("Caselle che lo tengono");
    desk.submit(&other, "/catalogue/offer", &[("choice", "confirm")]).await.must_have("non si vende più");
    let late = desk.submit(&preview, "/catalogue/offer", &[("choice", "confirm")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    late.must_have("Qualcuno ha cambiato il listino");
    let preview = desk.submit(&late, "/catalogue/offer", &[]).await;
    let set = desk.submit(&preview, "/catalogue/offer", &[("choice", "confirm")]).await;
    set.must_have("L’offerta di Spazio extra inbox per Standard cambia dal");
    let again = desk.submit(&preview, "/catalogue/offer", &[("choice", "confirm")]).await;
    again.must_have("c’è già un’offerta");
    buy_addon(&holder, wish(mailbox, 1, 3, "2")).await.expect("until its day the old limit holds");
    app.settle().await;
    app.clock.advance_us(2 * DAY_US);
    let refused = buy_addon(&holder, wish(mailbox, 1, 4, "3")).await.expect_err("more than the limit already");
    assert_eq!(refused.to_string(), "invalid gb:addon-no-room");
    app.clock.advance_us(7 * DAY_US);
    let refused = buy_addon(&holder, wish(mailbox, 1, 4, "4")).await.expect_err("no longer sold");
    assert_eq!(refused.to_string(), "invalid service:addon-unknown");
    let kept = app.cx.store().all(&ADDONS, &[]).await.expect("readable");
    assert_eq!(kept, ["extra_space active", "extra_space active"], "what was bought stays");
    assert_eq!(
        texts(&app, "ordgeo").await.1.into_iter().filter(|o| o.starts_with("standard extra_space")).collect::<Vec<_>>(),
        ["standard extra_space 5", "standard extra_space 2", "standard extra_space 0"]
    );
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_planned_is_taken_back_until_its_day() {
    let app = TestApp::new().await;
    builders::body(&app).await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let from = day(&app, 3);
    let back = "/office/catalogue/take-back";
    // A price, taken back from two tabs.
    let preview = look(&mut desk, "standard", &from, "10,90").await;
    desk.submit(&preview, PRICE, &[("choice", "confirm")]).await.must_have("Ritira");
    let price = format!("{back}?list=retail&product=standard&from={from}");
    let tabs = [desk.get(&price).await, desk.get(&price).await];
    tabs[0].must_have("Standard di Retail a €10,90");
    desk.submit(&tabs[0], "/take-back", &[]).await.must_have("Ritirato");
    desk.submit(&tabs[1], "/take-back", &[]).await.must_have("Non è più in programma");
    desk.get(&price).await.must_have("Non è più in programma");
    // What is in force is not, whatever the address says.
    for (query, status) in [
        (format!("list=retail&product=standard&from={}", day(&app, 0)), StatusCode::OK),
        ("list=retail&product=standard&from=2025-09-01".into(), StatusCode::OK),
        ("list=retail&product=standard&from=oggi".into(), StatusCode::NOT_FOUND),
        ("list=ordgeo&plan=standard&service=extra_space&from=1970-01-01".into(), StatusCode::OK),
    ] {
        let told = desk.get(&format!("{back}?{query}")).await;
        assert_eq!(told.status, status, "{query}");
        assert!(status != StatusCode::OK || told.has("Non è più in programma"), "{query}: {}", told.text());
    }
    // An offer.
    let page = desk.get("/office/catalogue/offer?list=ordgeo&plan=standard&service=extra_space").await;
    let preview = desk.submit(&page, "/catalogue/offer", &[("from", &from), ("max_gb", "9")]).await;
    desk.submit(&preview, "/catalogue/offer", &[("choice", "confirm")]).await.must_have("fino a 9 GB");
    let page = desk.get(&format!("{back}?list=ordgeo&plan=standard&service=extra_space&from={from}")).await;
    page.must_have("fino a 9 GB in tutto");
    assert!(!desk.submit(&page, "/take-back", &[]).await.must_have("Ritirato").has("fino a 9 GB"));
    // A change of an agreement; planned anew for the same day it begins all the same.
    let change = async |desk: &mut Browser, list: &str| {
        let page = desk.get(&format!("/office/agreements/{AGREEMENT}")).await;
        let preview =
            desk.submit(&page, &format!("/agreements/{AGREEMENT}"), &[("from", &from), ("price_list", list)]).await;
        desk.submit(&preview, "/agreements/", &[("choice", "confirm")]).await
    };
    let fields = [
        ("code", "altri"),
        ("name", "Altri"),
        ("channel", "agreement"),
        ("addon_rule", "monthly"),
        ("copy_of", "ordgeo"),
        ("day", &day(&app, 0)),
    ];
    new_list(&mut desk, &fields).await.must_have("Il listino altri c’è");
    change(&mut desk, "ordgeo").await.must_have("Ritira questa modifica");
    let page = desk.get(&format!("/office/agreements/{AGREEMENT}/take-back?from={from}")).await;
    let gone = desk.submit(&page, "/take-back", &[]).await;
    assert!(!gone.must_have("Ritirato").has("In programma"), "{}", gone.text());
    desk.submit(&page, "/take-back", &[]).await.must_have("Non è più in programma");
    change(&mut desk, "altri").await.must_have("In programma");
    app.settle().await;
    app.clock.advance_us(3 * DAY_US);
    app.settle().await;
    assert_eq!(app.cx.store().all(&MEMBERS_LIST, &[]).await.expect("readable"), ["altri"]);
    desk = enrolled(&app, "conti.due", Role::Accounting).await;
    desk.get(&format!("/office/agreements/{AGREEMENT}/take-back?from={from}"))
        .await
        .must_have("Non è più in programma");
    app.browser().get("/").await.must_have("€9,90");
    let audit = app.cx.store().all(&CHANGES, &[]).await.expect("readable");
    let taken: Vec<_> = audit.iter().filter(|a| a.ends_with("taken_back")).collect();
    assert_eq!(taken, ["price.taken_back", "offer.taken_back", "agreement.change_taken_back"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_day_of_an_agreement_stays() {
    let app = TestApp::new().await;
    builders::body(&app).await;
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    let page = desk.get("/office/agreements/new").await;
    let from = day(&app, 5);
    let typed = [
        ("code", "FUTURA"),
        ("body_name", "Ordine Futuro"),
        ("domain", "pec.ordine.example.it"),
        ("price_list", "ordgeo"),
        ("renewal_kind", "by_holder"),
        ("from", from.as_str()),
    ];
    let made = desk.submit(&page, "/agreements/new", &typed).await;
    assert!(!made.must_have("In programma").has("Ritira"), "{}", made.text());
    desk.get(&format!("/office/agreements/FUTURA/take-back?from={from}")).await.must_have("chiudila con una modifica");
    assert_eq!(
        desk.get(&format!("/office/agreements/NESSUNA/take-back?from={from}")).await.status,
        StatusCode::NOT_FOUND
    );
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn products_are_sold_between_their_days() {
    let app = TestApp::new().await;
    builders::body(&app).await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.advance_us(300 * DAY_US);
    let mut desk = enrolled(&app, "conti", Role::Accounting).await;
    desk.get("/office/catalogue/products").await.must_have("Spazio extra inbox").must_have("In vendita");
    let at = "/office/catalogue/products/standard";
    let (page, other) = (desk.get(at).await, desk.get(at).await);
    let (past, tomorrow) = (day(&app, -1), day(&app, 1));
    desk.submit(&page, at, &[("name", "x"), ("from", &tomorrow), ("until", &past)])
        .await
        .must_have("da 2 a 80 caratteri")
        .must_have("il primo giorno non cambia")
        .must_have("già passato");
    let today = day(&app, 0);
    let saved = desk.submit(&page, at, &[("name", "Base"), ("until", &today)]).await;
    saved.must_have("Base: le modifiche sono salvate");
    desk.submit(&other, at, &[("name", "Altro")]).await.must_have("Qualcuno ha cambiato il listino");
    app.browser().get("/").await.must_have("Base");
    let space = "/office/catalogue/products/extra_space";
    let page = desk.get(space).await;
    desk.submit(&page, space, &[("until", &today)]).await.must_have("le modifiche sono salvate");
    buy_addon(&holder, wish(mailbox, 1, 0, "1")).await.expect("its last day counts");
    app.clock.advance_us(DAY_US);
    assert!(!app.browser().get("/").await.has("Base"), "no longer sold");
    let refused = buy_addon(&holder, wish(mailbox, 1, 1, "2")).await.expect_err("no longer sold");
    assert_eq!(refused.to_string(), "invalid service:addon-unknown");
    let mut desk = enrolled(&app, "conti.due", Role::Accounting).await;
    desk.get("/office/catalogue/products").await.must_have("Finita");
    // It may be sold again, and keeps its past.
    let page = desk.get(space).await;
    desk.submit(&page, space, &[("until", "")]).await.must_have("senza fine");
    buy_addon(&holder, wish(mailbox, 1, 1, "3")).await.expect("sold again");
    assert_eq!(desk.get("/office/catalogue/products/nessuno").await.status, StatusCode::NOT_FOUND);
    let audit = app.cx.store().all(&CHANGES, &[]).await.expect("readable");
    assert_eq!(audit.iter().filter(|a| *a == "product.changed").count(), 3);
    app.settle().await;
}
