//! A catalogue loaded from a file: what is there stays, what is dated begins on a day to come, all of it or nothing.

use app::{
    fixtures,
    use_cases::catalogue::load::{
        Addon, Came, Catalogue, Lacking, List, ListOffer, ListPrice, Loaded, Text, lacking, load, look,
    },
};
use domain::{
    actor::Actor,
    addon::{Service, Strategy},
    catalogue::{CertifiedDomain, Plan},
    legal::TextKind,
    money::Money,
    operator::Role,
    time::Date,
};
use store::sql;
use testkit::{TestApp, builders};

sql!(LOADS = "SELECT details FROM audit_lines WHERE action = 'catalogue.loaded' ORDER BY at, id", String);
sql!(PRODUCTS = "SELECT code FROM products ORDER BY kind DESC, position, code", String);
sql!(TEXTS = "SELECT COUNT(*) FROM legal_texts", i64);

fn plan(code: &str, position: i64, from: Date) -> Plan {
    Plan {
        code: code.into(),
        name: code.to_uppercase(),
        position,
        space_mib: 4096,
        max_space_mib: None,
        archive_mib: 0,
        archive_extendable: false,
        sms_notice: false,
        multi_user: false,
        legal_storage: false,
        sold_from: from,
        sold_until: None,
    }
}
fn price(product: &str, from: Date, cents: i64) -> ListPrice {
    ListPrice { product: product.into(), from, net: Money::cents(cents), vat_bp: 2200 }
}
fn retail(prices: Vec<ListPrice>) -> List {
    List {
        code: "retail".into(),
        name: "Retail".into(),
        channel: "retail".into(),
        rule: None,
        prices,
        offers: Vec::new(),
    }
}
fn text(kind: TextKind, version: &str, locale: &str, from: Date) -> Text {
    let body = format!("{} {version} {locale}", kind.as_str());
    Text { kind, version: version.into(), locale: locale.into(), title: "Testo".into(), body, from }
}
fn domain(name: &str, on_sale: bool) -> CertifiedDomain {
    CertifiedDomain { name: name.into(), position: 1, on_sale }
}

async fn loaded(app: &TestApp, file: &Catalogue) -> Loaded {
    let looked = look(&app.cx, file).await.expect("readable").expect("nothing is wrong");
    let came = load(&app.cx, file.clone()).await.expect("writable").expect("nothing is wrong");
    assert_eq!(looked.lines, came.lines, "what is told before is what comes");
    assert_eq!(looked.lacking, came.lacking);
    assert_eq!(lacking(&app.cx).await.expect("readable"), came.lacking, "and what is missing is what is read later");
    came
}
async fn refused(app: &TestApp, file: &Catalogue) -> String {
    let looked = look(&app.cx, file).await.expect("readable").expect_err("something is wrong");
    let came = load(&app.cx, file.clone()).await.expect("an answer").expect_err("something is wrong");
    assert_eq!(looked, came);
    came.join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_sells_once_all_is_there() {
    let app = TestApp::new().await;
    let today = app.cx.now().date();
    let empty = lacking(&app.cx).await.expect("readable");
    assert_eq!((empty.texts.len(), empty.shop.len()), (5, 2), "{empty:?}");
    // A file for each part, as they are ready.
    let texts = TextKind::ALL.map(|kind| text(kind, "1", "it", today)).to_vec();
    let came = loaded(&app, &Catalogue { texts: texts.clone(), ..Catalogue::default() }).await;
    assert_eq!((came.lacking.texts.len(), came.lacking.shop.len()), (0, 2));
    let later = plan("gold", 1, today.plus_days(1));
    let file = Catalogue {
        plans: vec![later],
        domains: vec![domain("pec.example.it", false)],
        lists: vec![retail(vec![price("gold", today, 1000)])],
        ..Catalogue::default()
    };
    let came = loaded(&app, &file).await;
    assert_eq!(came.lacking.shop.len(), 2, "sold from tomorrow on, on a domain that is not on sale");
    let file = Catalogue { domains: vec![domain("pec.example.it", true)], ..Catalogue::default() };
    let came = loaded(&app, &file).await;
    assert_eq!(came.lines.iter().map(|l| l.came).collect::<Vec<_>>(), [Came::Changed]);
    assert_eq!(came.lacking.shop, ["the price list `retail` has no price in force of a plan on sale"]);
    app.clock.advance_us(domain::time::DAY_US);
    assert_eq!(lacking(&app.cx).await.expect("readable"), Lacking::default());
    app.browser().get("/").await.must_have("GOLD").must_have("€12,20");
    assert_eq!(
        app.cx.store().all(&LOADS, &[]).await.expect("readable").len(),
        3,
        "a line for each that changed something"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_there_stays_and_what_is_new_begins_on_a_day_to_come() {
    let app = TestApp::new().await;
    fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
    let (today, tomorrow) = (app.cx.now().date(), app.cx.now().date().plus_days(1));
    let texts = app.cx.store().one(&TEXTS, &[]).await.expect("a count");
    let wrong = Catalogue {
        plans: vec![plan("gold", 1, today), plan("gold", 2, today)],
        lists: vec![List {
            offers: vec![ListOffer { plan: "gold".into(), service: Service::ExtraSpace, from: today, max_gb: 5 }],
            ..retail(vec![
                price("standard", Date::parse_iso("2025-09-01").expect("a day"), 991),
                price("standard", today, 1000),
                price("silver", today, 1000),
            ])
        }],
        texts: vec![
            text(TextKind::Conditions, "2026-01", "it", today),
            text(TextKind::Conditions, "2", "en", tomorrow),
            text(TextKind::Marketing, "2", "it", tomorrow),
            text(TextKind::Marketing, "2", "en", today),
            text(TextKind::Withdrawal, "2", "it", today),
        ],
        ..Catalogue::default()
    };
    let told = refused(&app, &wrong).await;
    for part in [
        "plan `gold` is in the file twice",
        "price of `standard` in `retail` from 2025-09-01: there is another price from that day",
        "a price is in force, so a new one begins tomorrow at the earliest",
        "price of `silver`",
        "price list `retail` has offers of add-ons but no `addon_rule`",
        "text `conditions` 2026-01 in `it` is there with other words",
        "text `conditions` 2 in `en`: the Italian text of this version is missing",
        "text `marketing` 2 in `en`: its languages begin on different days",
        "text `withdrawal` 2 in `it`: a version is in force",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert_eq!(app.cx.store().one(&TEXTS, &[]).await, Ok(texts), "nothing was written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_new_is_added() {
    let app = TestApp::new().await;
    fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
    let (today, tomorrow) = (app.cx.now().date(), app.cx.now().date().plus_days(1));
    let monthly = List {
        code: "soci".into(),
        name: "Soci".into(),
        channel: "agreement".into(),
        rule: Some(Strategy::Monthly),
        prices: vec![price("gold", today, 0), price("extra_space", today, 200)],
        offers: vec![ListOffer { plan: "gold".into(), service: Service::ExtraSpace, from: today, max_gb: 5 }],
    };
    let file = Catalogue {
        // Another Standard than the one that people have; Gold before the others.
        plans: vec![plan("gold", 1, today), plan("standard", 2, today)],
        addons: vec![Addon { service: Service::ExtraSpace, name: "Spazio".into(), sold_from: today }],
        lists: vec![retail(vec![price("standard", tomorrow, 1100), price("gold", today, 5000)]), monthly],
        texts: vec![text(TextKind::Marketing, "2", "it", tomorrow), text(TextKind::Marketing, "2", "en", tomorrow)],
        ..Catalogue::default()
    };
    let came = loaded(&app, &file).await;
    let kept: Vec<&str> = came.lines.iter().filter(|l| l.came == Came::Kept).map(|l| l.what.as_str()).collect();
    assert_eq!(kept, ["plan `standard`"]);
    assert_eq!(came.lines.iter().filter(|l| l.came == Came::New).count(), 10);
    let products = app.cx.store().all(&PRODUCTS, &[]).await.expect("readable");
    assert_eq!(products, ["gold", "standard", "pro", "premium", "extra_space"]);
    app.browser().get("/").await.must_have("GOLD").must_have("€12,08");
    app.clock.advance_us(domain::time::DAY_US);
    app.browser().get("/").await.must_have("€13,42");
    let again = loaded(&app, &file).await;
    assert!(again.lines.iter().all(|l| matches!(l.came, Came::There | Came::Kept)), "{again:?}");
    let audit = app.cx.store().all(&LOADS, &[]).await.expect("readable");
    assert_eq!(audit.len(), 1, "what changed nothing leaves no line");
    assert!(audit[0].contains("plan `gold`") && !audit[0].contains("standard`\""), "{}", audit[0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_may() {
    let app = TestApp::new().await;
    let customer = builders::customer(&app, 100_820, "RSSMRA80A01H501U").await;
    let operator = domain::id::OperatorId::from_uuid(uuid::Uuid::from_u128(7));
    let viewer = app.cx.by(Actor::Operator { operator, role: Role::Viewer });
    for cx in [&customer.cx, &viewer] {
        let refused = load(cx, Catalogue::default()).await.expect_err("forbidden");
        assert_eq!(refused.kind, app::problem::ProblemKind::Forbidden);
    }
}
