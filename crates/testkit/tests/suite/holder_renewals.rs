//! Renewals and add-ons on the side of the holder of a mailbox under an agreement, and what operators see of them.

use domain::{id::MailboxId, operator::Role};
use store::sql;
use testkit::{TestApp, browser::Browser, builders};

use crate::{
    office::enrolled,
    renewals::{
        PLAN_COSTS, WALLET, body_renews, buy, by_holder, change, counted, credit, day, end, night, owed, texts,
    },
};

const ADDRESS: &str = "mario.rossi@pec.ordine.example.it";

sql!(FREE = "UPDATE prices SET net_cents = 0 WHERE product_code = 'standard'");
sql!(SEEN = "SELECT action FROM audit_lines WHERE action = 'office.renewals_seen'", String);

pub async fn sign_in(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let fields = [("username", ADDRESS), ("password", builders::MEMBER_PASSWORD)];
    let home = browser.submit(&page, "/login", &fields).await;
    assert_eq!(home.path, "/mailbox", "{}", home.text());
    browser
}

#[tokio::test]
async fn the_holder_sees_what_his_credit_will_pay_and_what_it_lacks() {
    let app = by_holder("2027-02-28").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2028-01-10").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    change(&app, &PLAN_COSTS).await;
    credit(&app, mailbox, 1000).await;
    app.settle().await;
    let before = owed(&app).await;
    let mut browser = sign_in(&app).await;
    let page = browser.get("/mailbox/renewals").await;
    // The mailbox seven days before its end, and the add-on with it: not on the last day.
    assert_eq!(page.texts("main li b").iter().filter(|t| t.contains("21/2/2028")).count(), 2, "{}", page.text());
    page.must_have("€12,20").must_have("Mancano €2,20 di credito").must_have("€3,05");
    page.must_have("Segue la casella: se lei non si rinnova");
    page.must_have("€15,25").must_have("mancano €5,25");
    credit(&app, mailbox, 525).await;
    let enough = browser.get("/mailbox/renewals").await;
    assert!(!enough.text().contains("Mancano") && !enough.text().contains("Segue la casella"), "{}", enough.text());
    assert_eq!(owed(&app).await, before, "looking changes nothing");
    // What was foretold comes.
    assert_eq!(night(&app, "2028-02-20").await, counted(&[]));
    assert_eq!(night(&app, "2028-02-21").await, counted(&[("renewed", 2)]));
    assert_eq!(texts(&app, &WALLET).await, ["0"]);
    end(app).await;
}

#[tokio::test]
async fn what_the_body_pays_is_told_without_its_price() {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    change(&app, &PLAN_COSTS).await;
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    app.settle().await;
    let mut browser = sign_in(&app).await;
    let page = browser.get("/mailbox/renewals").await;
    page.must_have("Paga l’ente della convenzione")
        .must_have("1/10/2027")
        .must_have("€3,05")
        .must_have("Mancano €3,05");
    assert!(!page.text().contains("€12,20"), "{}", page.text());
    change(&app, &FREE).await;
    // Renewed early with too little credit: the last try is on the day after the old end.
    body_renews(&app, mailbox).await;
    browser.get("/mailbox/renewals").await.must_have("2/10/2027").must_have("Mancano €3,05");
    end(app).await;
}

#[tokio::test]
async fn operators_see_the_same_of_a_customer_and_of_a_mailbox() {
    let app = by_holder("2027-02-28").await;
    let (mailbox, _) = builders::member(&app, "mario.rossi").await;
    change(&app, &PLAN_COSTS).await;
    app.settle().await;
    app.clock.set(day("2028-01-10").at(9, 0));
    let mut viewer = enrolled(&app, "viewer", Role::Viewer).await;
    let found = viewer.get("/office/search?kind=mailboxes&q=mario").await;
    let href = format!("/office/mailboxes/{mailbox}/renewals");
    assert!(found.attrs("a", "href").contains(&href), "{:?}", found.attrs("a", "href"));
    let one = viewer.get(&href).await;
    one.must_have(ADDRESS).must_have("21/2/2028").must_have("€12,20").must_have("Mancano €12,20");
    let all = one.attrs("a", "href").into_iter().find(|h| h.starts_with("/office/customers/")).expect("all of them");
    viewer.get(&all).await.must_have(ADDRESS).must_have("€12,20").must_have("Prova a vuoto");
    let customers = viewer.get("/office/search?kind=customers&q=Mario").await;
    assert!(customers.attrs("a", "href").contains(&all), "{:?}", customers.attrs("a", "href"));
    assert_eq!(texts(&app, &SEEN).await.len(), 2, "each look is in the audit");
    let nobody = MailboxId::from_uuid(uuid::Uuid::nil());
    for path in [format!("/office/mailboxes/{nobody}/renewals"), "/office/customers/x/renewals".into()] {
        assert_eq!(viewer.get(&path).await.status, http::StatusCode::NOT_FOUND, "{path}");
    }
    let mut browser = sign_in(&app).await;
    assert_eq!(browser.get(&href).await.status, http::StatusCode::FORBIDDEN, "a holder has no business there");
    end(app).await;
}
