//! «Avviso SMS»: bought, told once a day, and never at night, twice, or to nobody.

use app::{
    Cx, reconcilers,
    use_cases::{
        accounts::change_contacts::{TypedContacts, change_contacts},
        addons::{
            bring_back::{BringBack, bring_back},
            buy_addon::{BuyAddon, buy_addon},
        },
        mailboxes::give_notice::{GiveNotice, give_notice},
    },
};
use domain::{
    id::{AddonId, MailboxId, PartyId},
    mailbox::termination::Kind,
    money::Money,
    operator::Role,
};
use http::StatusCode;
use store::sql;
use testkit::{TestApp, browser::Browser, builders, fakes::Fault};

use crate::{
    office::enrolled,
    renewals::{body_renews, change, counted, credit, day, end, in_days, night, texts},
};

const ADDRESS: &str = "mario.rossi@pec.ordine.example.it";
const MOBILE: &str = "+393331112233";
const NEW: &str = "/mailbox/addons/new";

sql!(
    ADDONS = "SELECT service || ' ' || CAST(gb AS TEXT) || ' ' || CAST(end_day AS TEXT) || ' ' || state FROM addons ORDER BY id",
    String
);
sql!(WATCHED = "SELECT CAST(told_unread AS TEXT) FROM sms_notices", String);
sql!(WALLET = "SELECT CAST(posted_cents AS TEXT) FROM ledger_accounts WHERE kind = 'customer_credit'", String);
sql!(AUDIT = "SELECT action FROM audit_lines WHERE action = 'addon.bought'", String);
sql!(ONE_ADDON = "SELECT id FROM addons", AddonId);
sql!(VERSION = "SELECT version FROM parties WHERE id = $1", i64);
sql!(FORGET = "DELETE FROM sms_notices");
sql!(SUSPEND = "UPDATE mailboxes SET state = 'expired'");

/// A member with a Pro mailbox until 1 October 2027; on this day, at ten in the morning.
async fn member(today: &str, cents: i64) -> (TestApp, MailboxId, Cx) {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member_of_plan(&app, "mario.rossi", "pro").await;
    app.clock.set(day(today).at(10, 0));
    if cents > 0 {
        credit(&app, mailbox, cents).await;
    }
    app.settle().await;
    (app, mailbox, holder)
}

fn wish(mailbox: MailboxId, shown: i64, have_gb: i64, key: &str) -> BuyAddon {
    let (service, key) = ("sms_notice".into(), format!("form-key-{key}"));
    BuyAddon { mailbox, service, gb: 1, shown: Money::cents(shown), have_gb, key }
}

/// The same with the add-on, which is free in the last three months.
async fn with_notice(today: &str, cents: i64) -> (TestApp, MailboxId, Cx) {
    let (app, mailbox, holder) = member(today, cents).await;
    buy_addon(&holder, wish(mailbox, 0, 0, "1")).await.expect("it is free");
    app.settle().await;
    (app, mailbox, holder)
}

/// So many lie unread at that time, and the reconciler passes; answers what was told in all.
async fn at(app: &TestApp, iso: &str, (hour, minute): (i8, i8), unread: i64) -> usize {
    app.clock.set(day(iso).at(hour, minute));
    app.plane.set_unread(ADDRESS, unread);
    pass(app).await
}

async fn pass(app: &TestApp) -> usize {
    while reconcilers::unread::pass(&app.cx).await.expect("a pass") > 0 {
        app.settle().await;
    }
    app.settle().await;
    told(app, MOBILE)
}

fn told(app: &TestApp, to: &str) -> usize {
    app.sms.sent().iter().filter(|m| m.to == to && m.text.contains("nella PEC")).count()
}

async fn sign_in(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let fields = [("username", ADDRESS), ("password", builders::MEMBER_PASSWORD)];
    browser.submit(&page, "/login", &fields).await;
    browser
}

async fn party(app: &TestApp, mailbox: MailboxId) -> PartyId {
    let row = store::agreements::member(&mut app.cx.store(), mailbox).await.expect("readable");
    row.expect("a member").party_id
}

/// The holder's numbers are others from now on.
async fn numbers(app: &TestApp, mailbox: MailboxId, mobile: &str, phone: &str) {
    let party = party(app, mailbox).await;
    let version = app.cx.store().one(&VERSION, &[party.into()]).await.expect("a record");
    let typed = TypedContacts { phone: phone.into(), mobile: mobile.into(), locale: "it".into(), version };
    change_contacts(&app.cx.by(domain::actor::Actor::Mailbox { mailbox }), party, typed).await.expect("saved");
    app.settle().await;
}

#[tokio::test]
async fn it_is_bought_once_without_a_number_of_gigabytes() {
    let (app, mailbox, holder) = member("2026-11-02", 1000).await;
    let mut browser = sign_in(&app).await;
    let compare = browser.get("/mailbox/addons/compare").await;
    compare.must_have("Avviso SMS").must_have("Non attivo").must_have("€7,32");
    let page = browser.get(NEW).await;
    page.must_have("Avviso SMS: €6,00 all’anno, IVA esclusa").must_have("Quantità in GB");
    // Without scripts the field of the other service is still there.
    let priced = browser.submit(&page, NEW, &[("service", "sms_notice"), ("gb", "3"), ("update", "1")]).await;
    priced.must_have("€7,32").must_have("1 anno × €6,00").must_have("€2,68");
    assert!(!priced.has("Quantità in GB") && !priced.has("1 GB"), "{}", priced.text());
    let done = browser.submit(&priced, NEW, &[("confirm", "1")]).await;
    assert_eq!(done.path, "/mailbox/card", "{}", done.text());
    done.must_have("Avviso SMS").must_have("Avvisi al numero +39•••••••233").must_have("1/10/2027");
    assert_eq!(texts(&app, &WALLET).await, ["268"]);
    assert_eq!(texts(&app, &AUDIT).await.len(), 1);
    browser.get("/mailbox/operations").await.must_have("Avviso SMS fino al 1/10/2027.");
    browser.get("/mailbox/credit/statement").await.must_have("Avviso SMS");
    browser.get("/mailbox/renewals").await.must_have("Avviso SMS").must_have("Mancano €4,64");
    browser.get("/mailbox/addons/compare").await.must_have("Attivo");
    let twice = browser.submit(&page, NEW, &[("service", "sms_notice"), ("update", "1")]).await;
    twice.must_have("Il servizio è già attivo.");
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    let more = buy_addon(&holder, wish(mailbox, 732, 1, "9")).await;
    assert!(more.is_err_and(|p| p.fields.iter().any(|f| f.code == "addon-runs")));
    let two = buy_addon(&holder, BuyAddon { gb: 2, ..wish(mailbox, 1464, 0, "8") }).await;
    assert!(two.is_err());
    app.settle().await;
    let mail = app.mailer.sent().into_iter().rev().find(|m| m.to == "mario.rossi@example.it").expect("a mail");
    assert!(mail.text.contains("Avviso SMS") && mail.text.contains("1 anno × €6,00"), "{}", mail.text);
    assert!(!mail.text.contains("GB"), "{}", mail.text);
    end(app).await;
}

#[tokio::test]
async fn what_lacks_credit_is_resumed_and_a_standard_mailbox_has_none() {
    let (app, ..) = member("2026-11-02", 0).await;
    let mut browser = sign_in(&app).await;
    let page = browser.get(&format!("{NEW}?service=sms_notice")).await;
    page.must_have("mancano €7,32");
    browser.get("/mailbox/credit?service=sms_notice&gb=1").await.must_have("Importo mancante: €7,32");
    end(app).await;
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    let none = buy_addon(&holder, wish(mailbox, 732, 0, "1")).await;
    assert!(none.is_err_and(|p| p.fields.iter().any(|f| f.code == "addon-unknown")));
    app.finish().await;
}

#[tokio::test]
async fn once_a_day_and_not_at_night() {
    let (app, ..) = with_notice("2027-08-02", 0).await;
    assert_eq!(at(&app, "2027-08-02", (10, 1), 0).await, 0, "nothing lies unread");
    assert_eq!(at(&app, "2027-08-02", (11, 0), 2).await, 0, "asked every hour");
    assert_eq!(at(&app, "2027-08-02", (11, 2), 2).await, 1);
    let text = app.sms.last_to(MOBILE).expect("it is told").text;
    assert_eq!(text, format!("Postacerta Demo: 2 messaggi da leggere nella PEC {ADDRESS}"));
    assert_eq!(at(&app, "2027-08-02", (12, 3), 3).await, 1, "once a day");
    assert_eq!(at(&app, "2027-08-02", (23, 0), 4).await, 1);
    assert_eq!(at(&app, "2027-08-03", (7, 59), 4).await, 1, "still asleep");
    assert_eq!(at(&app, "2027-08-03", (8, 0), 4).await, 2);
    assert_eq!(at(&app, "2027-08-04", (9, 0), 4).await, 2, "the same four are no news");
    assert_eq!(at(&app, "2027-08-04", (11, 0), 0).await, 2, "read");
    assert_eq!(at(&app, "2027-08-05", (9, 0), 1).await, 3, "and one more");
    end(app).await;
}

#[tokio::test]
async fn two_workers_and_an_answer_that_is_lost_tell_once() {
    let (app, ..) = with_notice("2027-08-02", 0).await;
    app.plane.set_unread(ADDRESS, 2);
    app.clock.advance_us(domain::time::MINUTE_US);
    let (one, two) = tokio::join!(reconcilers::unread::pass(&app.cx), reconcilers::unread::pass(&app.cx));
    assert_eq!(one.expect("a pass") + two.expect("a pass"), 1, "asked about by one of them");
    app.sms.faults.push(Fault::AnswerLost);
    app.settle().await;
    app.clock.advance_us(domain::time::MINUTE_US);
    app.settle().await;
    let keys: Vec<_> = app.sms.sent().into_iter().filter(|m| m.to == MOBILE).map(|m| m.key).collect();
    assert_eq!((keys.len(), keys.first()), (2, keys.last()), "the same message again, under the same key");
    end(app).await;
}

#[tokio::test]
async fn servers_that_are_down_are_asked_again_and_an_evening_is_the_end_of_it() {
    let (app, ..) = with_notice("2027-08-02", 0).await;
    app.plane.faults.set_down(true);
    assert_eq!(at(&app, "2027-08-02", (10, 1), 2).await, 0);
    app.plane.faults.set_down(false);
    assert_eq!(at(&app, "2027-08-02", (10, 15), 2).await, 0, "not yet");
    app.sms.faults.set_down(true);
    assert_eq!(at(&app, "2027-08-02", (10, 17), 2).await, 0, "the provider of text messages is down");
    app.sms.faults.set_down(false);
    app.clock.set(day("2027-08-02").at(20, 0));
    app.settle().await;
    assert_eq!(told(&app, MOBILE), 0, "what could not go by day does not ring in the evening");
    assert_eq!(at(&app, "2027-08-03", (9, 0), 3).await, 1);
    end(app).await;
}

#[tokio::test]
async fn one_mailbox_that_cannot_be_opened_keeps_no_other_untold() {
    let (app, ..) = with_notice("2027-08-02", 0).await;
    let (other, holder) = builders::member_of_plan(&app, "mario.verdi", "pro").await;
    credit(&app, other, 1000).await;
    buy_addon(&holder, wish(other, 732, 0, "2")).await.expect("the credit is enough");
    app.plane.set_unread("mario.verdi@pec.ordine.example.it", 2);
    app.plane.faults.push(Fault::Unavailable);
    assert_eq!(at(&app, "2027-08-02", (10, 1), 2).await, 1, "the one that was asked second");
    assert_eq!(at(&app, "2027-08-02", (10, 17), 2).await, 2);
    end(app).await;
}

#[tokio::test]
async fn doctor_sees_one_that_is_paid_for_and_silent() {
    let (app, ..) = with_notice("2027-08-02", 0).await;
    let silent = async || {
        let all = app::queries::checks::all(&app.cx).await.expect("the checks run");
        all.into_iter().find(|c| c.name == "addons.sms").is_some_and(|c| !c.ok)
    };
    assert!(!silent().await);
    change(&app, &FORGET).await;
    assert!(silent().await);
    app.finish().await;
}

#[tokio::test]
async fn operators_sell_it_once_or_not_at_all() {
    let (app, ..) = member("2026-11-02", 0).await;
    let mut desk = enrolled(&app, "listini", Role::Admin).await;
    desk.get("/office/catalogue").await.must_have("Avviso SMS").must_have("si vende").must_have("€6,00 per anno");
    let offer = "/office/catalogue/offer";
    let page = desk.get(&format!("{offer}?list=ordgeo&plan=pro&service=sms_notice")).await;
    page.must_have("Oggi si vende.");
    let twice = desk.submit(&page, offer, &[("from", "2026-12-01"), ("max_gb", "2")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    twice.must_have("una casella lo ha una volta sola");
    let gone = desk.submit(&page, offer, &[("from", "2026-12-01"), ("max_gb", "0")]).await;
    gone.must_have("dal 1/12/2026 non si vende più");
    assert!(!gone.has(" GB"), "{}", gone.text());
    app.finish().await;
}

#[tokio::test]
async fn a_number_is_needed_and_the_present_one_is_told() {
    let (app, mailbox, holder) = member("2027-08-02", 0).await;
    numbers(&app, mailbox, "", "0612345678").await;
    let refused = buy_addon(&holder, wish(mailbox, 0, 0, "1")).await;
    assert!(refused.is_err_and(|p| p.fields.iter().any(|f| f.code == "addon-mobile-needed")));
    let mut browser = sign_in(&app).await;
    let page = browser.get(NEW).await;
    let wrong = browser.submit(&page, NEW, &[("service", "sms_notice"), ("confirm", "1")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.must_have("aggiungilo in «I tuoi dati»");
    assert!(wrong.attrs("#total a", "href").contains(&"/mailbox/data".to_owned()), "{}", wrong.text());
    assert!(wrong.body.contains("value=\"sms_notice\" selected"), "what was chosen stays");
    assert!(!wrong.body.contains("name=\"confirm\""));
    numbers(&app, mailbox, "3331112233", "").await;
    buy_addon(&holder, wish(mailbox, 0, 0, "2")).await.expect("it is free");
    assert_eq!(at(&app, "2027-08-03", (9, 0), 1).await, 1);
    // Without a number nobody is told, and the card says so.
    numbers(&app, mailbox, "", "0612345678").await;
    assert_eq!(at(&app, "2027-08-04", (9, 0), 2).await, 1);
    sign_in(&app).await.get("/mailbox/card").await.must_have("Nessun avviso: manca il cellulare");
    numbers(&app, mailbox, "3334445566", "").await;
    at(&app, "2027-08-04", (10, 1), 2).await;
    assert_eq!((told(&app, MOBILE), told(&app, "+393334445566")), (1, 1));
    end(app).await;
}

#[tokio::test]
async fn it_follows_its_mailbox_ends_without_credit_and_comes_back() {
    let (app, mailbox, holder) = with_notice("2027-08-02", 0).await;
    body_renews(&app, mailbox).await;
    assert_eq!(night(&app, "2027-10-02").await, counted(&[("lapsed", 1), ("short", 1)]));
    assert_eq!(texts(&app, &ADDONS).await, ["sms_notice 1 2027-10-01 ended"].map(in_days));
    assert_eq!(at(&app, "2027-10-02", (10, 0), 5).await, 0, "switched off");
    assert_eq!(texts(&app, &WATCHED).await, Vec::<String>::new());
    let mail = app.mailer.sent().into_iter().rev().find(|m| m.subject.contains("credito")).expect("a mail");
    assert!(mail.text.contains("Avviso SMS") && !mail.text.contains("GB"), "{}", mail.text);
    credit(&app, mailbox, 1000).await;
    let addon = app.cx.store().one(&ONE_ADDON, &[]).await.expect("it is there");
    let mut browser = sign_in(&app).await;
    let page = browser.get(&format!("/mailbox/addons/{addon}/back")).await;
    page.must_have("€7,32").must_have("1 anno × €6,00");
    assert!(!page.has("contenuti") && !page.has("Lo spazio"), "it holds nothing");
    let back = BringBack { mailbox, addon, shown: Money::cents(732), key: "form-key-3".into() };
    bring_back(&holder, back).await.expect("the credit is enough");
    assert_eq!(texts(&app, &ADDONS).await, ["sms_notice 1 2028-10-01 active"].map(in_days));
    assert_eq!(at(&app, "2027-10-03", (9, 0), 5).await, 1, "told again");
    // The next renewal, with the mailbox and out of the credit.
    credit(&app, mailbox, 464).await;
    body_renews(&app, mailbox).await;
    assert_eq!(texts(&app, &ADDONS).await, ["sms_notice 1 2029-10-01 active"].map(in_days));
    assert_eq!(texts(&app, &WALLET).await, ["0"]);
    sign_in(&app).await.get("/mailbox/operations").await.must_have("Avviso SMS rinnovato fino al 1/10/2029.");
    end(app).await;
}

#[tokio::test]
async fn after_the_expiry_and_while_the_mailbox_does_not_work_nobody_is_told() {
    let (app, ..) = with_notice("2027-08-02", 0).await;
    change(&app, &SUSPEND).await;
    assert_eq!(at(&app, "2027-08-02", (10, 1), 2).await, 0);
    assert_eq!(texts(&app, &WATCHED).await, ["0"], "it may work again");
    end(app).await;
    let (app, ..) = with_notice("2027-08-02", 0).await;
    app.clock.set(day("2027-10-02").at(9, 0));
    // The night has not passed yet: the last day counts, not whether somebody has tidied up.
    assert_eq!(at(&app, "2027-10-02", (9, 0), 2).await, 0);
    app.worker.reconcile_all().await.expect("the night runs");
    app.settle().await;
    assert_eq!(at(&app, "2027-10-02", (11, 0), 2).await, 0);
    assert_eq!(texts(&app, &WATCHED).await, Vec::<String>::new());
    app.finish().await;
}

#[tokio::test]
async fn a_notice_of_termination_leaves_it_until_the_end() {
    let (app, mailbox, holder) = with_notice("2027-08-02", 0).await;
    let given = GiveNotice {
        mailbox,
        kind: Kind::AtEnd,
        address: ADDRESS.into(),
        content_saved: true,
        end: Some(day("2027-10-01")),
        ip: None,
        user_agent: None,
    };
    give_notice(&holder, given).await.expect("it is given");
    assert_eq!(at(&app, "2027-08-03", (9, 0), 2).await, 1);
    assert_eq!(at(&app, "2027-10-01", (9, 0), 3).await, 2, "the last day");
    app.settle().await;
    app.finish().await;
}
