//! Renewals and add-ons on the side of the holder of a mailbox under an agreement, and what operators see of them.

use app::{
    Cx,
    problem::ProblemKind,
    use_cases::{
        addons::bring_back::{BringBack, bring_back, comeback},
        renewals::{
            auto_by_credit::set_auto_by_credit,
            auto_renew::set_auto_renew,
            due_page::due_page,
            place_renewal::renewable,
            renew_with_credit::{RenewWithCredit, Renewed, renew_with_credit, renewable_with_credit},
        },
    },
};
use domain::{
    actor::Actor,
    id::{AddonId, LoginId, MailboxId, OrderId, PartyId},
    money::Money,
    operator::Role,
    time::Date,
};
use http::StatusCode;
use store::{row, sql};
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};
use uuid::Uuid;

use crate::{
    office::enrolled,
    renewals::{
        ADDONS, CLOSE_AGREEMENT, MAILBOX_STATES, PLAN_COSTS, QUOTA, TERMS, WALLET, body_renews, buy, by_holder, change,
        counted, credit, day, end, in_days, night, owed, texts,
    },
};

const ADDRESS: &str = "mario.rossi@pec.ordine.example.it";

sql!(FREE = "UPDATE prices SET net_cents = 0 WHERE product_code = 'standard'");
sql!(ONE_ADDON = "SELECT id FROM addons ORDER BY id LIMIT 1", AddonId);
sql!(NEWEST_TOPUP = "SELECT order_id FROM topups ORDER BY order_id DESC LIMIT 1", OrderId);
row! { struct OwnerRow { login: LoginId, party: PartyId } }
sql!(OWNER = "SELECT login_id AS login, party_id AS party FROM mailboxes", OwnerRow);
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
    let file = viewer.get(&format!("{all}.csv")).await.body;
    assert!(file.contains(ADDRESS) && file.contains(";12,20;") && file.contains("Mancano €12,20"), "{file}");
    assert_eq!(texts(&app, &SEEN).await.len(), 3, "each look is in the audit");
    let nobody = MailboxId::from_uuid(uuid::Uuid::nil());
    for path in [format!("/office/mailboxes/{nobody}/renewals"), "/office/customers/x/renewals".into()] {
        assert_eq!(viewer.get(&path).await.status, http::StatusCode::NOT_FOUND, "{path}");
    }
    let mut browser = sign_in(&app).await;
    assert_eq!(browser.get(&href).await.status, http::StatusCode::FORBIDDEN, "a holder has no business there");
    end(app).await;
}

/// Tops up from this page with what is missing, and comes back to where it was asked for.
async fn top_up(app: &TestApp, browser: &mut Browser, ask: &str, cents: &str) -> Page {
    let page = browser.get(ask).await;
    let bank = browser.submit(&page, "/mailbox/credit", &[("quick", cents)]).await;
    assert!(bank.path.starts_with("/demo/gateway/"), "{}: {}", bank.path, bank.text());
    builders::approve(app, &bank.path).await;
    app.settle().await;
    let order = app.cx.store().one(&NEWEST_TOPUP, &[]).await.expect("a top-up");
    browser.get(&format!("/mailbox/credit/{order}/wait")).await
}

async fn wallet(app: &TestApp) -> i64 {
    texts(app, &WALLET).await[0].parse().expect("cents")
}

fn wish(mailbox: MailboxId, years: i64, shown: i64, end: &str, key: &str) -> RenewWithCredit {
    RenewWithCredit { mailbox, years, shown: Money::cents(shown), end: day(end), key: format!("form-key-{key}") }
}

#[tokio::test]
async fn a_renewal_by_hand_that_lacks_credit_is_topped_up_and_made_once() {
    let app = by_holder("2027-02-28").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2028-01-10").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    change(&app, &PLAN_COSTS).await;
    credit(&app, mailbox, 1000).await;
    let mut browser = sign_in(&app).await;
    let card = browser.get("/mailbox/card").await;
    assert!(card.attrs("a", "href").contains(&"/mailbox/renew".to_owned()), "{}", card.text());
    let page = browser.get("/mailbox/renew").await;
    page.must_have("€12,20").must_have("28/2/2029").must_have("mancano €2,20").must_have("€3,05");
    page.must_have("Con i servizi aggiuntivi mancano €5,25");
    assert!(page.attrs("button[name=confirm]", "value").is_empty(), "nothing to confirm while credit lacks");
    let forced = renew_with_credit(&holder, wish(mailbox, 1, 1220, "2028-02-28", "0")).await;
    assert!(forced.is_err_and(|p| p.is("credit-short") && p.args["missing"] == "220"));
    let back = top_up(&app, &mut browser, "/mailbox/credit?years=1", "525").await;
    assert_eq!(back.path, "/mailbox/renew?years=1");
    back.must_have("Ricarica riuscita.").must_have("Dopo, del credito restano €0,00");
    let second_tab = browser.get("/mailbox/renew").await;
    let done = browser.submit(&back, "/mailbox/renew", &[("confirm", "1")]).await;
    assert_eq!(done.path, "/mailbox/card", "{}", done.text());
    done.must_have("Casella rinnovata fino al 28/2/2029").must_have("€0,00");
    assert_eq!(texts(&app, &TERMS).await, ["2029-02-28"].map(in_days));
    assert_eq!(texts(&app, &ADDONS).await, ["1 2029-02-28 active paid"].map(in_days));
    // Sent again, and from the other tab, with money for another year.
    credit(&app, mailbox, 5000).await;
    let again = browser.submit(&back, "/mailbox/renew", &[("confirm", "1")]).await;
    assert_eq!(again.path, "/mailbox/card");
    let stale = browser.submit(&second_tab, "/mailbox/renew", &[("confirm", "1")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    stale.must_have("Intanto la casella è stata rinnovata");
    assert_eq!((wallet(&app).await, texts(&app, &TERMS).await), (5000, ["2029-02-28"].map(in_days).to_vec()));
    browser.get("/mailbox/operations?kind=renewal").await.must_have("Casella rinnovata fino al 28/2/2029.");
    assert_eq!(night(&app, "2028-02-21").await, counted(&[]), "the night finds it paid");
    assert!(app.mailer.sent().iter().any(|m| m.subject.starts_with("Rinnovo fino al 28/2/2029")));
    end(app).await;
}

#[tokio::test]
async fn years_count_from_the_old_end_within_the_horizon_and_ninety_days() {
    let app = by_holder("2026-10-01").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    change(&app, &PLAN_COSTS).await;
    credit(&app, mailbox, 100_000).await;
    set_auto_by_credit(&holder, mailbox, false).await.expect("it can be switched");
    app.clock.set(day("2027-10-20").at(10, 0));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    assert_eq!(texts(&app, &MAILBOX_STATES).await, ["expired"]);
    let mut browser = sign_in(&app).await;
    let page = browser.get("/mailbox/renew").await;
    let two = browser.submit(&page, "/mailbox/renew", &[("years", "2"), ("update", "1")]).await;
    two.must_have("€24,40").must_have("1/10/2029");
    let dear = browser.submit(&two, "/mailbox/renew", &[("confirm", "1"), ("shown", "1")]).await;
    assert_eq!(dear.status, StatusCode::UNPROCESSABLE_ENTITY);
    dear.must_have("€0,01").must_have("€24,40");
    browser.submit(&two, "/mailbox/renew", &[("confirm", "1")]).await.must_have("Casella rinnovata fino al 1/10/2029");
    assert_eq!(texts(&app, &TERMS).await, ["2029-10-01"].map(in_days));
    assert_eq!(texts(&app, &MAILBOX_STATES).await, ["active"], "it may send again at once");
    // Six years from 20 October 2027 and no day more.
    let far = renewable_with_credit(&holder, mailbox).await.expect("it can be renewed");
    assert_eq!(far.choices.iter().map(|c| c.until).max(), Some(day("2033-10-01")));
    for years in [0, -1, 5, 9] {
        let refused = renew_with_credit(&holder, wish(mailbox, years, 6100, "2029-10-01", "far")).await;
        assert!(refused.is_err_and(|p| p.fields.iter().any(|f| f.code == "renewal-horizon")), "{years}");
    }
    let renewed = renew_with_credit(&holder, wish(mailbox, 4, 4880, "2029-10-01", "four")).await;
    assert_eq!(renewed, Ok(Renewed { until: day("2033-10-01"), short: 0 }));
    let full = renewable_with_credit(&holder, mailbox).await;
    assert!(full.is_err_and(|p| p.is("renewal-horizon")));
    browser.get("/mailbox/card").await.must_have("La scadenza supererebbe i sei anni");
    app.clock.set(day("2033-12-31").at(10, 0));
    let late = renewable_with_credit(&holder, mailbox).await;
    assert!(late.is_err_and(|p| p.is("renewal-too-late")), "the ninety-first day");
    app.clock.set(day("2033-12-30").at(10, 0));
    change(&app, &CLOSE_AGREEMENT).await;
    let closed = renewable_with_credit(&holder, mailbox).await;
    assert!(closed.is_err_and(|p| p.is("renewal-agreement-closed")));
    let bare = renew_with_credit(&holder, wish(mailbox, 1, 1220, "2033-10-01", "")).await;
    assert!(bare.is_err(), "the agreement renews nothing");
    for other in [app.cx.clone(), app.cx.by(Actor::Mailbox { mailbox: app.cx.new_id() })] {
        let refused = renew_with_credit(&other, wish(mailbox, 1, 1220, "2033-10-01", "x")).await;
        assert_eq!(refused.expect_err("not his").kind, ProblemKind::NotFound);
    }
    app.settle().await;
    end(app).await;
}

#[tokio::test]
async fn by_hand_and_by_the_night_in_the_same_second_pay_one_period() {
    let app = by_holder("2027-02-28").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    change(&app, &PLAN_COSTS).await;
    credit(&app, mailbox, 5000).await;
    app.settle().await;
    let today = day("2028-02-21");
    app.clock.set(today.at(0, 10));
    let (cx, nothing) = (app.cx.clone(), (Date::from_days(0), Uuid::nil()));
    let night = app.cx.write_bulk(async move |tx| due_page(tx, &cx, today, nothing, 100).await.map(|p| p.settled));
    let one = renew_with_credit(&holder, wish(mailbox, 1, 1220, "2028-02-28", "1"));
    let two = renew_with_credit(&holder, wish(mailbox, 1, 1220, "2028-02-28", "2"));
    let (night, one, two) = tokio::join!(night, one, two);
    let by_night = night.expect("the night goes on").counts.get("renewed").copied().unwrap_or_default();
    let by_hand = [&one, &two].iter().filter(|r| r.is_ok()).count() as i64;
    assert_eq!(by_night + by_hand, 1, "{one:?} {two:?}");
    assert!([one, two].into_iter().flat_map(Result::err).all(|p| p.is("renewal-moved")));
    app.settle().await;
    assert_eq!((wallet(&app).await, texts(&app, &TERMS).await), (3780, ["2029-02-28"].map(in_days).to_vec()));
    end(app).await;
}

#[tokio::test]
async fn automatic_renewal_out_of_the_credit_is_the_holders_to_switch() {
    let app = by_holder("2027-02-28").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    change(&app, &PLAN_COSTS).await;
    credit(&app, mailbox, 5000).await;
    app.settle().await;
    let mut browser = sign_in(&app).await;
    browser.get("/mailbox/card").await.must_have("Attivo, con il credito");
    let ask = browser.get("/mailbox/auto-renew").await;
    browser.submit(&ask, "/mailbox/auto-renew", &[]).await.must_have("Il rinnovo automatico è disattivato");
    // The second tab asks for the same: nothing happens twice.
    browser.submit(&ask, "/mailbox/auto-renew", &[]).await;
    app.settle().await;
    let told = |word: &str| app.mailer.sent().iter().filter(|m| m.subject.starts_with(word)).count();
    assert_eq!(told("Disattivazione rinnovo automatico"), 1);
    assert_eq!(owed(&app).await, ["mailbox from 2028-02-29 due 2028-05-29 by manual open"]);
    // Who owns the login of the record cannot put a card on it.
    let owner = app.cx.store().one(&OWNER, &[]).await.expect("it is there");
    let account = app.cx.by(Actor::Login { login: owner.login, party: owner.party });
    for refused in [set_auto_renew(&account, mailbox, true).await.err(), renewable(&account, mailbox).await.err()] {
        assert_eq!(refused.expect("not there").kind, ProblemKind::NotFound);
    }
    app.clock.set(day("2028-01-30").at(0, 10));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    let notice = app.mailer.sent().into_iter().rev().find(|m| m.subject.contains("scade il")).expect("a notice");
    for words in ["€12,20", "€50,00", "Il tuo credito basta"] {
        assert!(notice.text.contains(words), "{words}: {}", notice.text);
    }
    assert_eq!(night(&app, "2028-02-21").await, counted(&[]), "nothing by itself");
    let mut browser = sign_in(&app).await;
    let ask = browser.get("/mailbox/auto-renew").await;
    browser.submit(&ask, "/mailbox/auto-renew", &[]).await.must_have("Il rinnovo automatico è attivo");
    app.settle().await;
    let mail = app.mailer.sent().into_iter().rev().find(|m| m.subject.starts_with("Attivazione")).expect("a mail");
    assert!(mail.text.contains("23/2/2028") && mail.text.contains("€50,00"), "{}", mail.text);
    assert_eq!(night(&app, "2028-02-23").await, counted(&[("renewed", 1)]));
    // The switch stays where it is for the next period, and comes too late after the last try.
    set_auto_by_credit(&holder, mailbox, false).await.expect("it can be switched");
    app.clock.set(day("2029-02-28").at(9, 0));
    let mut browser = sign_in(&app).await;
    let ask = browser.get("/mailbox/auto-renew").await;
    let late = browser.submit(&ask, "/mailbox/auto-renew", &[]).await;
    late.must_have("La scadenza è troppo vicina");
    app.settle().await;
    end(app).await;
}

#[tokio::test]
async fn a_mailbox_of_the_body_is_not_the_holders_to_renew() {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.settle().await;
    let mut browser = sign_in(&app).await;
    let card = browser.get("/mailbox/card").await;
    assert!(!card.attrs("a", "href").iter().any(|h| h == "/mailbox/renew" || h == "/mailbox/auto-renew"));
    for path in ["/mailbox/renew", "/mailbox/auto-renew"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let switched = set_auto_by_credit(&holder, mailbox, false).await;
    assert_eq!(switched.expect_err("the body decides").kind, ProblemKind::NotFound);
    let renewed = renew_with_credit(&holder, wish(mailbox, 1, 0, "2027-10-01", "1")).await;
    assert_eq!(renewed.expect_err("the body renews").kind, ProblemKind::NotFound);
    end(app).await;
}

/// An add-on of one GB that ended on 1 October 2027 since the credit was short; its mailbox was renewed.
async fn lapsed(cents: i64) -> (TestApp, MailboxId, Cx, AddonId) {
    let app = TestApp::new().await;
    app.clock.set(day("2026-10-01").at(9, 0));
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    app.settle().await;
    body_renews(&app, mailbox).await;
    if cents > 0 {
        credit(&app, mailbox, cents).await;
    }
    assert_eq!(night(&app, "2027-10-02").await, counted(&[("lapsed", 1), ("short", 1)]));
    assert_eq!(texts(&app, &QUOTA).await, ["1"]);
    let addon = app.cx.store().one(&ONE_ADDON, &[]).await.expect("it is there");
    (app, mailbox, holder, addon)
}

#[tokio::test]
async fn a_late_top_up_brings_an_addon_back_for_the_current_year() {
    let (app, _, holder, addon) = lapsed(200).await;
    app.clock.set(day("2027-12-30").at(9, 0));
    let mut browser = sign_in(&app).await;
    let card = browser.get("/mailbox/card").await;
    let path = format!("/mailbox/addons/{addon}/back");
    assert!(card.attrs("a", "href").contains(&path), "{}", card.text());
    let page = browser.get(&path).await;
    page.must_have("1/10/2027").must_have("30/12/2027").must_have("1/10/2028").must_have("€3,05");
    page.must_have("1 GB × 1 anno × €2,50").must_have("mancano €1,05");
    let ask = format!("/mailbox/credit?addon={addon}");
    browser.get(&ask).await.must_have("Mancano €1,05").must_have("Importo mancante: €5,00");
    let back = top_up(&app, &mut browser, &ask, "500").await;
    assert_eq!(back.path, path);
    let second_tab = browser.get(&path).await;
    let done = browser.submit(&back, "/back", &[]).await;
    assert_eq!(done.path, "/mailbox/card", "{}", done.text());
    done.must_have("Servizio riattivato").must_have("1 GB base + 1 GB extra");
    assert_eq!((wallet(&app).await, texts(&app, &QUOTA).await), (395, vec!["2".to_owned()]));
    assert_eq!(texts(&app, &ADDONS).await, ["1 2028-10-01 active paid"].map(in_days));
    let again = browser.submit(&back, "/back", &[]).await;
    assert_eq!(again.path, "/mailbox/card");
    browser.submit(&second_tab, "/back", &[]).await.must_have("Il servizio è già attivo");
    assert_eq!((wallet(&app).await, texts(&app, &QUOTA).await), (395, vec!["2".to_owned()]), "once");
    browser.get("/mailbox/operations?kind=renewal").await.must_have("1 GB riattivati fino al 1/10/2028.");
    app.settle().await;
    assert!(app.mailer.sent().iter().any(|m| m.subject.starts_with("Servizio riattivato fino al 1/10/2028")));
    assert!(owed(&app).await.contains(&"addon from 2028-10-02 due 2028-10-02 by wallet open".to_owned()));
    assert!(comeback(&holder, MailboxId::from_uuid(Uuid::nil()), addon).await.is_err(), "another mailbox");
    end(app).await;
}

#[tokio::test]
async fn what_stands_against_a_comeback_is_told_with_what_to_do() {
    let (app, mailbox, holder, addon) = lapsed(0).await;
    credit(&app, mailbox, 5000).await;
    let take = |shown: i64, key: &str| BringBack { mailbox, addon, shown: Money::cents(shown), key: key.into() };
    let changed = bring_back(&holder, take(1, "form-key-1")).await;
    assert!(changed.is_err_and(|p| p.is("price-changed") && p.args["now"] == "305"));
    let mut other = take(305, "form-key-2");
    other.mailbox = app.cx.new_id();
    assert_eq!(bring_back(&holder, other).await.expect_err("not his").kind, ProblemKind::NotFound);
    assert_eq!(bring_back(&app.cx, take(305, "form-key-3")).await.expect_err("nobody").kind, ProblemKind::NotFound);
    let unknown = comeback(&holder, mailbox, app.cx.new_id()).await;
    assert_eq!(unknown.expect_err("not there").kind, ProblemKind::NotFound);
    // The room was taken by a new purchase.
    buy(&holder, mailbox, 5, 0, 1525, "5").await;
    let full = comeback(&holder, mailbox, addon).await;
    assert!(full.is_err_and(|p| p.is("addon-no-room")));
    app.clock.set(day("2027-12-31").at(9, 0));
    let mut browser = sign_in(&app).await;
    let path = format!("/mailbox/addons/{addon}/back");
    let late = browser.get(&path).await;
    assert_eq!(late.path, "/mailbox/card");
    late.must_have("Sono passati più di 90 giorni").must_have("Nuovo Servizio Aggiuntivo");
    assert!(!late.attrs("a", "href").contains(&path), "the link is gone");
    let forced = bring_back(&holder, take(305, "form-key-4")).await;
    assert!(forced.is_err_and(|p| p.is("addon-too-late")));
    assert_eq!(wallet(&app).await, 3475);
    let garbage = browser.get("/mailbox/addons/x/back").await;
    assert_eq!(garbage.status, StatusCode::NOT_FOUND);
    app.settle().await;
    end(app).await;
}

#[tokio::test]
async fn two_comebacks_in_the_same_second_with_credit_for_one() {
    let (app, mailbox, holder, addon) = lapsed(0).await;
    credit(&app, mailbox, 305).await;
    let take = |key: &str| BringBack { mailbox, addon, shown: Money::cents(305), key: key.into() };
    let (one, two) = tokio::join!(bring_back(&holder, take("form-key-1")), bring_back(&holder, take("form-key-2")));
    assert_eq!([&one, &two].iter().filter(|r| r.is_ok()).count(), 1);
    assert!([one, two].into_iter().flat_map(Result::err).all(|p| p.is("addon-runs") || p.is("credit-short")));
    app.settle().await;
    assert_eq!((wallet(&app).await, texts(&app, &QUOTA).await), (0, vec!["2".to_owned()]));
    end(app).await;
}

#[tokio::test]
async fn an_addon_of_a_mailbox_that_is_not_renewed_comes_back_with_it() {
    let app = by_holder("2026-10-01").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    change(&app, &PLAN_COSTS).await;
    set_auto_by_credit(&holder, mailbox, false).await.expect("it can be switched");
    app.clock.set(day("2027-10-20").at(10, 0));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    assert_eq!(texts(&app, &QUOTA).await, ["1"]);
    let addon = app.cx.store().one(&ONE_ADDON, &[]).await.expect("it is there");
    let first = comeback(&holder, mailbox, addon).await;
    assert!(first.is_err_and(|p| p.is("addon-mailbox-ended")), "the mailbox is renewed first");
    credit(&app, mailbox, 1525).await;
    let found = renewable_with_credit(&holder, mailbox).await.expect("it can be renewed");
    let follows: Vec<_> = found.choices[0].addons.iter().map(|a| (a.gross.as_cents(), a.covered)).collect();
    assert_eq!((follows, found.choices[0].left), (vec![(305, true)], Money::ZERO), "foretold");
    let renewed = renew_with_credit(&holder, wish(mailbox, 1, 1220, "2027-10-01", "1")).await;
    assert_eq!(renewed, Ok(Renewed { until: day("2028-10-01"), short: 0 }));
    assert_eq!((wallet(&app).await, texts(&app, &QUOTA).await), (0, vec!["2".to_owned()]));
    app.settle().await;
    end(app).await;
}
