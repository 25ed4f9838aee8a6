//! What is owed for the next period of each service, and how it is renewed.

use std::collections::BTreeMap;

use app::{
    Cx,
    problem::ProblemKind,
    queries::checks,
    use_cases::{
        addons::buy_addon::{BuyAddon, buy_addon},
        orders::mark_paid::{MarkPaid, mark_paid},
        payments::{Means, ask_now::ask_now, open_checkout},
        renewals::{
            auto_renew::set_auto_renew,
            choose_plan::Choice,
            due_page::due_page,
            place_renewal::{PlaceRenewal, place_renewal},
            prices::Prices,
            unpark::unpark,
        },
        transfers::book_by_hand::book_by_hand,
    },
};
use domain::{
    actor::Actor,
    id::{LoginId, MailboxId, OrderId, PartyId, TransferId},
    ledger::{AccountKey, AccountKind, CauseKind, Entry, Leg},
    money::Money,
    operator::Role,
    time::Date,
};
use store::{
    Batch, Sql, agreements, ledger,
    renewals::{self, NewRenewal},
    row, sql,
};
use testkit::{TestApp, browser::Browser, builders};
use uuid::Uuid;

use crate::transfers::by_hand;

row! {
    struct Owed { kind: String, starts: Date, due: Date, way: String, state: String }
}
sql!(
    OWED = "SELECT service_kind AS kind, period_start AS starts, due_day AS due, way, state FROM obligations ORDER BY service_kind, period_start, due_day, service_id",
    Owed
);
sql!(FORGET = "DELETE FROM obligations WHERE service_kind = 'addon'");
sql!(SHIFT = "UPDATE terms SET end_day = end_day + 1");

sql!(TERM_OF = "SELECT end_day FROM terms WHERE mailbox_id = $1", Date);
sql!(
    ADDONS = "SELECT CAST(gb AS TEXT) || ' ' || CAST(end_day AS TEXT) || ' ' || state || CASE WHEN free THEN ' free' ELSE ' paid' END FROM addons ORDER BY id",
    String
);
sql!(WALLET = "SELECT CAST(posted_cents AS TEXT) FROM ledger_accounts WHERE kind = 'customer_credit'", String);
sql!(QUOTA = "SELECT CAST(quota_bytes / 1073741824 AS TEXT) FROM mail_accounts", String);
sql!(
    OUTCOMES = "SELECT kind || ' ' || outcome || ' ' || CAST(amount_cents AS TEXT) AS line FROM operations WHERE kind = 'renewal' ORDER BY line",
    String
);
sql!(TERMS = "SELECT CAST(end_day AS TEXT) FROM terms", String);
sql!(REASONS = "SELECT reason FROM obligations WHERE state = 'parked'", String);
sql!(ORDER_STATES = "SELECT kind || ' ' || state FROM orders ORDER BY placed_at, number", String);
sql!(MAILBOX_STATES = "SELECT state FROM mailboxes", String);
sql!(ONE_MAILBOX = "SELECT id FROM mailboxes", MailboxId);
sql!(RENEWAL_ORDER = "SELECT id FROM orders WHERE kind = 'renewal'", OrderId);
sql!(DEARER = "UPDATE prices SET net_cents = 300 WHERE product_code = 'extra_space'");
sql!(PLAN_COSTS = "UPDATE prices SET net_cents = 1000 WHERE product_code = 'standard'");
sql!(
    FORGET_PRICE =
        "UPDATE prices SET valid_from_at = 9000000000000000 WHERE product_code = 'standard' AND price_list <> 'retail'"
);
sql!(KNOW_PRICE = "UPDATE prices SET valid_from_at = 0 WHERE product_code = 'standard' AND price_list <> 'retail'");
sql!(CLOSE_AGREEMENT = "UPDATE agreements SET renewals = FALSE");
sql!(BY_HOLDER = "UPDATE agreements SET renewal_kind = 'by_holder'");
sql!(REMOVE_METHODS = "UPDATE methods SET state = 'removed'");

pub fn day(iso: &str) -> Date {
    Date::parse_iso(iso).expect("a date")
}

pub async fn owed(app: &TestApp) -> Vec<String> {
    let rows = app.cx.store().all(&OWED, &[]).await.expect("obligations are read");
    rows.iter()
        .map(|o| format!("{} from {} due {} by {} {}", o.kind, o.starts.iso(), o.due.iso(), o.way, o.state))
        .collect()
}

/// The checks of `doctor` about renewals that do not hold.
async fn wrong(app: &TestApp) -> Vec<&'static str> {
    let all = checks::all(&app.cx).await.expect("the checks run");
    all.into_iter().filter(|c| !c.ok && c.name.starts_with("renewals.")).map(|c| c.name).collect()
}

fn free_gigabyte(mailbox: MailboxId) -> BuyAddon {
    let (service, key) = ("extra_space".to_owned(), "form-key-1".to_owned());
    BuyAddon { mailbox, service, gb: 1, shown: Money::ZERO, have_gb: 0, key }
}

#[tokio::test]
async fn a_sale_opens_what_is_owed_next() {
    let app = TestApp::new().await;
    app.clock.set(day("2027-02-28").at(9, 0));
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    let giulia = builders::customer(&app, 123_456, "BNCGLI90E45Z110X").await;
    let order = builders::order(&giulia, &["uno", "due"], "pec.example.it").await;
    builders::pay(&app, order).await;
    app.settle().await;
    // In the last three months an add-on is free; what it owes at the renewal is owed all the same.
    app.clock.set(day("2028-01-10").at(9, 0));
    buy_addon(&holder, free_gigabyte(mailbox)).await.expect("it is free");
    app.settle().await;
    assert_eq!(
        owed(&app).await,
        [
            "addon from 2028-02-29 due 2028-02-29 by wallet open",
            "mailbox from 2028-02-29 due 2028-02-21 by card open",
            "mailbox from 2028-02-29 due 2028-02-21 by card open",
            "mailbox from 2028-02-29 due 2028-05-29 by body open",
        ]
    );
    assert!(wrong(&app).await.is_empty());
    app.finish().await;
}

#[tokio::test]
async fn doctor_sees_a_service_that_owes_nothing_and_a_term_that_moved() {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-09-01").at(9, 0));
    buy_addon(&holder, free_gigabyte(mailbox)).await.expect("it is free");
    app.settle().await;
    assert!(wrong(&app).await.is_empty());
    let done = app.cx.write(async move |tx| Ok(tx.run(&FORGET, &[]).await?)).await;
    assert_eq!((done.expect("it is deleted"), wrong(&app).await), (1, vec!["renewals.owed"]));
    let done = app.cx.write(async move |tx| Ok(tx.run(&SHIFT, &[]).await?)).await;
    assert_eq!(done.expect("it is moved"), 1);
    assert_eq!(wrong(&app).await, ["renewals.owed", "renewals.terms"]);
}

/// Does what is due on a day, in pages of two, as the night does.
pub async fn night(app: &TestApp, iso: &str) -> BTreeMap<&'static str, i64> {
    let today = day(iso);
    if app.cx.now().date() < today {
        app.clock.set(today.at(0, 10));
    }
    let (mut after, mut counts) = ((Date::from_days(0), Uuid::nil()), BTreeMap::new());
    loop {
        let cx = app.cx.clone();
        let page = app.cx.write_bulk(async move |tx| due_page(tx, &cx, today, after, 2).await).await;
        let page = page.expect("the page is done");
        for (word, n) in page.settled.counts {
            *counts.entry(word).or_default() += n;
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    app.settle().await;
    counts
}

pub fn counted(words: &[(&'static str, i64)]) -> BTreeMap<&'static str, i64> {
    words.iter().copied().collect()
}

pub async fn texts(app: &TestApp, sql: &'static Sql<String>) -> Vec<String> {
    app.cx.store().all(sql, &[]).await.expect("rows are read")
}

pub async fn change(app: &TestApp, sql: &'static Sql) -> u64 {
    app.cx.write(async move |tx| Ok(tx.run(sql, &[]).await?)).await.expect("it is written")
}

pub async fn credit(app: &TestApp, mailbox: MailboxId, cents: i64) {
    let (cx, amount) = (app.cx.clone(), Money::cents(cents));
    let done = app.cx.write(async move |tx| {
        let row = agreements::member(tx, mailbox).await?.expect("a member");
        let leg = |account, amount| Leg { account, amount };
        let legs = vec![
            leg(AccountKey::of(AccountKind::CustomerCredit, row.party_id), amount),
            leg(AccountKey::own(AccountKind::Lapsed), -amount),
        ];
        let cause: TransferId = cx.new_id();
        let entry = Entry::new(CauseKind::Correction, cause.uuid(), legs).expect("it balances");
        let mut batch = Batch::new();
        ledger::post(&mut batch, &entry, cx.now(), || cx.new_id());
        Ok(tx.batch(batch).await?)
    });
    done.await.expect("the entry is posted");
}

/// The body renews a member's mailbox and its order is paid.
pub async fn body_renews(app: &TestApp, mailbox: MailboxId) {
    let row = agreements::member(&mut app.cx.store(), mailbox).await.expect("readable").expect("a member");
    let order = ordered(app, mailbox, row.party_id, row.login_id).await;
    let cx = app.cx.clone();
    let done = app.cx.write(async move |tx| mark_paid(tx, &cx, order, cx.now()).await).await;
    assert!(matches!(done.expect("it is paid"), MarkPaid::Paid { .. }));
    app.settle().await;
}

/// An order that renews a mailbox, whatever waits for its payment already.
async fn ordered(app: &TestApp, mailbox: MailboxId, party: PartyId, login: LoginId) -> OrderId {
    let cx = app.cx.clone();
    let done = app.cx.write(async move |tx| {
        let end = tx.one(&TERM_OF, &[mailbox.into()]).await?;
        let service = renewals::of_service(tx, mailbox.uuid(), end.plus_days(1)).await?.expect("it owes");
        let prices = Prices::at(tx, &cx, cx.now()).await?;
        let quote = prices.plan(service.agreement_list.as_deref(), "standard", 1).expect("a price");
        let id: OrderId = cx.new_id();
        let new = NewRenewal {
            id,
            number: &format!("body-{id}"),
            line: cx.new_id(),
            party,
            login,
            mailbox,
            period_start: end.plus_days(1),
            quote: &quote,
            new_plan: None,
            extra: None,
            payment_method: "agreement",
            billing: "{}",
            at: cx.now(),
            pay_by: cx.now(),
        };
        let mut batch = Batch::new();
        renewals::insert_order(&mut batch, &new);
        tx.batch(batch).await?;
        Ok(id)
    });
    done.await.expect("it is placed")
}

pub async fn buy(holder: &Cx, mailbox: MailboxId, gb: i64, have_gb: i64, shown: i64, key: &str) {
    let (service, key) = ("extra_space".to_owned(), format!("form-key-{key}"));
    let wish = BuyAddon { mailbox, service, gb, shown: Money::cents(shown), have_gb, key };
    buy_addon(holder, wish).await.expect("it is bought");
}

/// Books, renewals and effects are in order.
pub async fn end(app: TestApp) {
    assert!(wrong(&app).await.is_empty(), "{:?}: {:?}", wrong(&app).await, owed(&app).await);
    let books = app::books::prove(&app.cx).await.expect("the books can be read");
    assert!(books.iter().all(|c| c.ok), "the books are wrong: {books:?}");
    app.finish().await;
}

#[tokio::test]
async fn addons_follow_their_mailbox_oldest_first_and_each_wholly() {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    // Free in the last three months; 3.05 and 6.10 at the renewal.
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    app.clock.set(day("2027-08-01").at(9, 5));
    buy(&holder, mailbox, 2, 1, 0, "2").await;
    credit(&app, mailbox, 400).await;
    app.settle().await;
    // Renewed early by the body: tried at that moment, not at the old end (domain notes 10.15).
    body_renews(&app, mailbox).await;
    assert_eq!(texts(&app, &ADDONS).await, ["1 2028-10-01 active paid", "2 2027-10-01 active free"].map(in_days));
    assert_eq!(texts(&app, &WALLET).await, ["95"]);
    assert_eq!(texts(&app, &QUOTA).await, ["4"], "what runs until its end is not taken away before");
    assert_eq!(texts(&app, &OUTCOMES).await, ["renewal ko 610", "renewal ok 0", "renewal ok 305"]);
    // On the day after its end it is tried once more, and switched off.
    assert_eq!(night(&app, "2027-10-01").await, counted(&[]));
    assert_eq!(night(&app, "2027-10-02").await, counted(&[("lapsed", 1), ("short", 1)]));
    assert_eq!(texts(&app, &QUOTA).await, ["2"]);
    assert_eq!(texts(&app, &WALLET).await, ["95"]);
    assert_eq!(night(&app, "2027-10-02").await, counted(&[]), "the same night again finds nothing to do");
    let subjects: Vec<String> = app.mailer.sent().into_iter().map(|m| m.subject).collect();
    assert!(subjects.iter().any(|s| s.starts_with("Rinnovo fino al")), "{subjects:?}");
    assert!(subjects.iter().any(|s| s.starts_with("Servizio disattivato")), "{subjects:?}");
    end(app).await;
}

#[tokio::test]
async fn credit_that_came_in_time_keeps_the_addon_and_prices_are_those_of_the_day() {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    app.settle().await;
    body_renews(&app, mailbox).await;
    assert_eq!(texts(&app, &OUTCOMES).await, ["renewal ko 305", "renewal ok 0"]);
    // The price changes between the notice and the renewal: that of the day is taken.
    change(&app, &DEARER).await;
    credit(&app, mailbox, 366).await;
    assert_eq!(night(&app, "2027-10-02").await, counted(&[("renewed", 1)]));
    assert_eq!(texts(&app, &WALLET).await, ["0"]);
    assert_eq!(texts(&app, &ADDONS).await, ["1 2028-10-01 active paid"].map(in_days));
    assert_eq!(texts(&app, &QUOTA).await, ["2"]);
    end(app).await;
}

#[tokio::test]
async fn a_mailbox_of_the_holder_is_renewed_by_his_credit_with_its_addons() {
    let app = by_holder("2027-02-28").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2028-01-10").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    assert_eq!(owed(&app).await[1], "mailbox from 2028-02-29 due 2028-02-21 by wallet open");
    assert_eq!(night(&app, "2028-02-20").await, counted(&[]));
    // The plan costs 12.20 here, the add-on 3.05.
    change(&app, &PLAN_COSTS).await;
    credit(&app, mailbox, 1000).await;
    assert_eq!(night(&app, "2028-02-21").await, counted(&[("short", 1)]));
    credit(&app, mailbox, 600).await;
    assert_eq!(night(&app, "2028-02-22").await, counted(&[]), "the next try is five days before");
    assert_eq!(night(&app, "2028-02-23").await, counted(&[("renewed", 2)]));
    assert_eq!(texts(&app, &WALLET).await, ["75"]);
    assert_eq!(texts(&app, &TERMS).await, ["2029-02-28"].map(in_days));
    assert_eq!(
        owed(&app).await[2..],
        [
            "mailbox from 2028-02-29 due 2028-02-23 by wallet met",
            "mailbox from 2029-03-01 due 2029-02-21 by wallet open"
        ]
    );
    end(app).await;
}

#[tokio::test]
async fn what_makes_no_sense_is_parked_and_a_closed_agreement_renews_nothing() {
    let app = by_holder("2026-10-01").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    credit(&app, mailbox, 5000).await;
    change(&app, &FORGET_PRICE).await;
    assert_eq!(night(&app, "2027-09-24").await, counted(&[("parked", 1)]));
    assert_eq!(texts(&app, &REASONS).await, ["no-price"]);
    assert_eq!(texts(&app, &WALLET).await, ["5000"], "nobody is billed");
    change(&app, &KNOW_PRICE).await;
    let mut viewer = crate::office::enrolled(&app, "viewer", Role::Viewer).await;
    let seen = viewer.get("/office/night/parked").await;
    seen.must_have("mario.rossi").must_have("Nessun prezzo in vigore");
    assert!(seen.attrs("main form", "action").is_empty(), "who only looks has no buttons");
    let watching = app.cx.by(Actor::Operator { operator: app.cx.new_id(), role: Role::Viewer });
    let refused = unpark(&watching, mailbox.uuid(), day("2027-10-02")).await;
    assert_eq!(refused.expect_err("it takes the permission").kind, ProblemKind::Forbidden);
    let mut chief = crate::office::enrolled(&app, "chief", Role::Admin).await;
    let page = chief.get("/office/night/parked").await;
    chief.submit(&page, "/parked", &[]).await.must_have("lo giudica di nuovo").must_have("Niente è fermo");
    chief.submit(&page, "/parked", &[]).await.must_have("non attende alcun controllo");
    change(&app, &CLOSE_AGREEMENT).await;
    assert_eq!(night(&app, "2027-09-25").await, counted(&[("not-renewed", 1)]));
    // The free add-on ends with the mailbox, and nothing was taken for either.
    assert_eq!(night(&app, "2027-10-02").await, counted(&[("lapsed", 1)]));
    assert_eq!(texts(&app, &WALLET).await, ["5000"]);
    assert_eq!(texts(&app, &QUOTA).await, ["1"]);
    assert_eq!(night(&app, "2027-12-31").await, counted(&[("lapsed", 1)]));
    end(app).await;
}

#[tokio::test]
async fn a_purchase_and_a_renewal_in_the_same_second_with_credit_for_one() {
    let app = TestApp::new().await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    app.settle().await;
    body_renews(&app, mailbox).await;
    credit(&app, mailbox, 305).await;
    app.clock.set(day("2027-10-02").at(0, 10));
    let cx = app.cx.clone();
    let today = day("2027-10-02");
    let nothing = (Date::from_days(0), Uuid::nil());
    let renewal = app.cx.write_bulk(async move |tx| due_page(tx, &cx, today, nothing, 100).await.map(|p| p.settled));
    let (service, key) = ("legal_storage".to_owned(), "form-key-9".to_owned());
    let wish = BuyAddon { mailbox, service, gb: 1, shown: Money::cents(305), have_gb: 0, key };
    let (renewed, bought) = tokio::join!(renewal, buy_addon(&holder, wish));
    let renewed = renewed.expect("the night goes on").counts;
    match bought {
        Ok(_) => assert_eq!(renewed, counted(&[("lapsed", 1), ("short", 1)])),
        Err(refused) => {
            assert!(refused.is("credit-short") || refused.is("price-changed"), "{refused}");
            assert_eq!(renewed, counted(&[("renewed", 1)]));
        }
    }
    app.settle().await;
    assert_eq!(texts(&app, &WALLET).await, ["0"], "one of the two had the money");
    end(app).await;
}

#[tokio::test]
async fn the_stored_card_is_charged_once_seven_days_before() {
    let app = TestApp::new().await;
    let (_, order) = card_customer(&app, "approve").await;
    assert_eq!(night(&app, "2027-09-23").await, counted(&[]));
    assert_eq!(night(&app, "2027-09-24").await, counted(&[("charging", 1)]));
    assert_eq!(texts(&app, &TERMS).await, ["2028-10-01"].map(in_days));
    assert_eq!(texts(&app, &ORDER_STATES).await, ["purchase completed", "renewal completed"]);
    assert_eq!(night(&app, "2027-09-24").await, counted(&[]));
    assert_eq!(night(&app, "2027-09-26").await, counted(&[]));
    assert_eq!(app.gateway.moved().0, 2, "one purchase and one renewal");
    assert_eq!(owed(&app).await[1], "mailbox from 2028-10-02 due 2028-09-24 by card open");
    assert!(app.mailer.sent().iter().any(|m| m.subject.starts_with("Rinnovo fino al")));
    let _ = order;
    end(app).await;
}

#[tokio::test]
async fn a_refused_card_is_tried_four_times_and_leaves_an_order_that_can_be_paid() {
    let app = TestApp::new().await;
    let (customer, _) = card_customer(&app, "approve_then_decline").await;
    for (date, tries) in [("2027-09-24", 1), ("2027-09-26", 2), ("2027-09-28", 3), ("2027-09-30", 4)] {
        assert_eq!(night(&app, date).await, counted(&[("charging", 1)]), "{date}");
        let failed = app.mailer.sent().iter().filter(|m| m.subject.starts_with("Rinnovo automatico non")).count();
        assert_eq!(failed, tries, "a mail at each failure");
        assert_eq!(texts(&app, &ORDER_STATES).await, ["purchase completed", "renewal awaiting_payment"], "one order");
    }
    assert_eq!(night(&app, "2027-10-01").await, counted(&[]), "four tries, no more");
    assert_eq!(texts(&app, &TERMS).await, ["2027-10-01"].map(in_days));
    // Paid by hand, after the end: from the old end on.
    app.clock.set(day("2027-11-15").at(10, 0));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    assert_eq!(texts(&app, &MAILBOX_STATES).await, ["expired"]);
    let order = app.cx.store().one(&RENEWAL_ORDER, &[]).await.expect("the order is there");
    builders::pay_by_card(&app, &customer, order).await;
    app.settle().await;
    assert_eq!(texts(&app, &TERMS).await, ["2028-10-01"].map(in_days));
    assert_eq!(texts(&app, &MAILBOX_STATES).await, ["active"], "it may send again at once");
    assert_eq!(texts(&app, &ORDER_STATES).await, ["purchase completed", "renewal completed"]);
    end(app).await;
}

#[tokio::test]
async fn who_switches_off_and_on_between_two_tries_is_charged_on_the_next_day_and_not_more_often() {
    let app = TestApp::new().await;
    let (customer, _) = card_customer(&app, "approve_then_decline").await;
    let mailbox = app.cx.store().one(&ONE_MAILBOX, &[]).await.expect("it is there");
    for (tries, date) in (1..).zip(["2027-09-24", "2027-09-26", "2027-09-28", "2027-09-30"]) {
        assert_eq!(night(&app, date).await, counted(&[("charging", 1)]), "{date}");
        let failed = app.mailer.sent().iter().filter(|m| m.subject.starts_with("Rinnovo automatico non")).count();
        assert_eq!(failed, tries, "the bank was asked, and said no");
        set_auto_renew(&customer.cx, mailbox, false).await.expect("it is on");
        let on = set_auto_renew(&customer.cx, mailbox, true).await;
        assert_eq!(on.is_ok(), tries < 4, "after the last day it is too late: {on:?}");
    }
    assert_eq!(night(&app, "2027-10-01").await, counted(&[]), "four tries, no more");
    end(app).await;
}

#[tokio::test]
async fn a_payment_by_hand_ends_the_tries_and_nobody_pays_twice() {
    let app = TestApp::new().await;
    let (customer, _) = card_customer(&app, "approve_then_decline").await;
    assert_eq!(night(&app, "2027-09-24").await, counted(&[("charging", 1)]));
    let order = app.cx.store().one(&RENEWAL_ORDER, &[]).await.expect("the order is there");
    builders::pay_by_card(&app, &customer, order).await;
    app.settle().await;
    assert_eq!(texts(&app, &TERMS).await, ["2028-10-01"].map(in_days));
    assert_eq!(night(&app, "2027-09-26").await, counted(&[]));
    assert_eq!(night(&app, "2027-09-30").await, counted(&[]));
    assert_eq!(app.gateway.moved().0, 2);
    end(app).await;
}

/// Two payments of an order are under way when another order pays for its period: both become credit.
#[tokio::test]
async fn what_comes_for_a_period_that_is_paid_is_credit_while_another_payment_is_under_way() {
    let app = TestApp::new().await;
    let (customer, _) = card_customer(&app, "approve").await;
    let mailbox = app.cx.store().one(&ONE_MAILBOX, &[]).await.expect("it is there");
    set_auto_renew(&customer.cx, mailbox, false).await.expect("it is on");
    app.clock.set(day("2027-09-20").at(10, 0));
    let order = place_renewal(&customer.cx, by_card(mailbox)).await.expect("it can be renewed");
    let url = open_checkout(&customer.cx, &app.ports, order, Means::Card).await.expect("a payment is opened");
    builders::play(&app, &url, "never_answer").await;
    ask_now(&customer.cx, order).await.expect("the customer comes back");
    app.settle().await;
    let other = ordered(&app, mailbox, customer.party, customer.login).await;
    builders::pay_by_card(&app, &customer, other).await;
    app.settle().await;
    assert_eq!(texts(&app, &TERMS).await, ["2028-10-01"].map(in_days));
    let number = store::orders::by_id(&mut app.cx.store(), order).await.expect("readable").expect("it is there").number;
    book_by_hand(&app.cx, &by_hand(&number, "12,08", "REF-1")).await.expect("it is booked, as credit");
    app.settle().await;
    let states = ["purchase completed", "renewal awaiting_payment", "renewal completed"];
    assert_eq!(texts(&app, &ORDER_STATES).await, states, "the bank may still say yes");
    builders::play(&app, &url, "approve").await;
    app.settle().await;
    assert_eq!(
        texts(&app, &ORDER_STATES).await,
        ["purchase completed", "renewal cancelled", "renewal completed"],
        "nothing is under way any more"
    );
    assert_eq!(texts(&app, &TERMS).await, ["2028-10-01"].map(in_days), "one of three was taken for it");
    end(app).await;
}

#[tokio::test]
async fn without_a_method_the_customer_is_told_and_the_last_day_closes_the_order() {
    let app = TestApp::new().await;
    let giulia = builders::customer(&app, 123_456, "BNCGLI90E45Z110X").await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    let order = builders::order(&giulia, &["giulia"], "pec.example.it").await;
    builders::pay_by_card(&app, &giulia, order).await;
    app.settle().await;
    change(&app, &REMOVE_METHODS).await;
    assert_eq!(night(&app, "2027-09-24").await, counted(&[("failed", 1)]));
    assert_eq!(texts(&app, &ORDER_STATES).await, ["purchase completed", "renewal awaiting_payment"]);
    assert_eq!(night(&app, "2027-09-30").await, counted(&[("failed", 1)]));
    assert_eq!(night(&app, "2027-12-30").await, counted(&[]), "the last day on which it could be paid");
    app.clock.set(day("2027-12-31").at(0, 10));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    assert_eq!(texts(&app, &ORDER_STATES).await, ["purchase completed", "renewal cancelled"]);
    assert_eq!(texts(&app, &MAILBOX_STATES).await, ["cancelled"]);
    end(app).await;
}

/// The agreement lets its members renew themselves; on this day.
pub async fn by_holder(iso: &str) -> TestApp {
    let app = TestApp::new().await;
    app.clock.set(day(iso).at(9, 0));
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    app::fixtures::load_agreement(&app.cx).await.expect("the agreement loads");
    assert_eq!(change(&app, &BY_HOLDER).await, 1);
    app
}

/// A mailbox of 1 October 2026, paid by a card that behaves so.
pub(crate) async fn card_customer(app: &TestApp, choice: &str) -> (builders::Customer, OrderId) {
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    let giulia = builders::customer(app, 123_456, "BNCGLI90E45Z110X").await;
    let order = builders::order(&giulia, &["giulia"], "pec.example.it").await;
    let url = open_checkout(&giulia.cx, &app.ports, order, Means::Card).await.expect("a payment is opened");
    builders::play(app, &url, choice).await;
    app.settle().await;
    assert_eq!(texts(app, &TERMS).await, ["2027-10-01"].map(in_days));
    (giulia, order)
}

fn by_card(mailbox: MailboxId) -> PlaceRenewal {
    PlaceRenewal {
        mailbox,
        years: 1,
        choice: Choice::default(),
        accept_losses: false,
        payment_method: "card".into(),
        shown: Money::cents(1208),
        accept_conditions: true,
        accept_unfair_terms: true,
        ip: None,
        user_agent: None,
    }
}

/// Dates as the store keeps them.
pub fn in_days(text: &str) -> String {
    text.split(' ')
        .map(|w| Date::parse_iso(w).map_or(w.to_owned(), |d| d.days().to_string()))
        .collect::<Vec<_>>()
        .join(" ")
}

pub(crate) async fn signed_in(app: &TestApp, customer: &builders::Customer) -> Browser {
    let mut browser = app.browser();
    let secret = builders::session(&app.cx, customer.login).await;
    browser.set_cookie("cl_session", &secret);
    browser
}

#[tokio::test]
async fn a_mailbox_is_renewed_by_hand_once_and_counts_from_its_old_end() {
    let app = TestApp::new().await;
    let (customer, _) = card_customer(&app, "approve").await;
    let mailbox = app.cx.store().one(&ONE_MAILBOX, &[]).await.expect("it is there");
    let mut browser = signed_in(&app, &customer).await;
    let (card, renew) = (format!("/account/mailboxes/{mailbox}"), format!("/account/mailboxes/{mailbox}/renew"));
    // Hidden while automatic renewal is on, and refused by its address (domain notes 6.2).
    let page = browser.get(&card).await;
    assert!(!page.attrs("a", "href").contains(&renew), "the button is hidden");
    browser.get(&renew).await.must_have("Il rinnovo automatico è attivo: disattivalo");
    browser.get("/account/renewals").await.must_have("24/9/2027").must_have("€12,08").must_have("1/10/2028");
    let file = browser.get("/account/renewals.csv").await.body;
    assert!(file.starts_with('\u{feff}') && file.lines().count() == 2, "{file}");
    assert!(file.contains("2027-09-24;") && file.contains(";12,08;") && file.contains(";2028-10-01;"), "{file}");
    let ask = browser.get(&format!("{card}/auto-renew")).await;
    browser.submit(&ask, "/auto-renew", &[]).await.must_have("Il rinnovo automatico è disattivato");
    // The second tab asks for the same: nothing happens twice.
    browser.submit(&ask, "/auto-renew", &[]).await;
    assert_eq!(owed(&app).await, ["mailbox from 2027-10-02 due 2027-12-31 by manual open"]);
    assert_eq!(night(&app, "2027-09-24").await, counted(&[]));
    // Late, after the end.
    app.clock.set(day("2027-10-20").at(10, 0));
    app.worker.run_night().await.expect("the night runs");
    let mut browser = signed_in(&app, &customer).await;
    assert!(browser.get(&card).await.attrs("a", "href").contains(&renew));
    let page = browser.get(&renew).await;
    page.must_have("1/10/2028").must_have("1/10/2032");
    let two = browser.submit(&page, "/renew", &[("years", "2"), ("update", "1")]).await;
    two.must_have("€24,16");
    let bare = browser.submit(&two, "/renew", &[("confirm", "1")]).await;
    assert_eq!(bare.status, http::StatusCode::UNPROCESSABLE_ENTITY);
    let accepted = [("conditions", "yes"), ("unfair_terms", "yes"), ("confirm", "1")];
    // A price that is not the one that stood there is told.
    let stale = [accepted.as_slice(), &[("shown", "1")]].concat();
    browser.submit(&two, "/renew", &stale).await.must_have("€24,16");
    let placed = browser.submit(&two, "/renew", &accepted).await;
    assert!(placed.path.starts_with("/order/payment/"), "{} {}", placed.path, placed.text());
    browser.submit(&two, "/renew", &accepted).await.must_have("Un ordine di rinnovo attende già il pagamento");
    let page = browser.get(&card).await;
    assert!(!page.attrs("a", "href").contains(&renew), "the button is gone while the order waits");
    let order = app.cx.store().one(&RENEWAL_ORDER, &[]).await.expect("the order is there");
    builders::pay_by_card(&app, &customer, order).await;
    app.settle().await;
    assert_eq!(texts(&app, &TERMS).await, ["2029-10-01"].map(in_days));
    assert_eq!(texts(&app, &MAILBOX_STATES).await, ["active"]);
    let subjects: Vec<String> = app.mailer.sent().into_iter().map(|m| m.subject).collect();
    assert!(subjects.iter().any(|s| s.starts_with("Disattivazione rinnovo automatico per il servizio")));
    end(app).await;
}

#[tokio::test]
async fn automatic_renewal_needs_a_method_and_time_and_cancels_what_waits_unpaid() {
    let app = TestApp::new().await;
    let (customer, _) = card_customer(&app, "approve").await;
    let mailbox = app.cx.store().one(&ONE_MAILBOX, &[]).await.expect("it is there");
    set_auto_renew(&customer.cx, mailbox, false).await.expect("it is on");
    app.clock.set(day("2027-09-20").at(10, 0));
    let renewal = by_card(mailbox);
    let far = PlaceRenewal { years: 9, ..renewal.clone() };
    assert!(place_renewal(&customer.cx, far).await.is_err());
    assert!(place_renewal(&app.cx, renewal.clone()).await.expect_err("nobody's").is("not-found"));
    place_renewal(&customer.cx, renewal).await.expect("it can be renewed");
    set_auto_renew(&customer.cx, mailbox, true).await.expect("there is a method");
    app.settle().await;
    // The charge takes the place of the order that waits (domain notes 10.6).
    assert_eq!(night(&app, "2027-09-24").await, counted(&[("charging", 1)]));
    assert_eq!(
        texts(&app, &ORDER_STATES).await,
        ["purchase completed", "renewal cancelled", "renewal completed"],
        "one of the two was paid"
    );
    assert_eq!(app.gateway.moved().0, 2);
    assert_eq!(texts(&app, &TERMS).await, ["2028-10-01"].map(in_days));
    set_auto_renew(&customer.cx, mailbox, false).await.expect("it is on");
    app.clock.set(day("2028-09-30").at(10, 0));
    let late = set_auto_renew(&customer.cx, mailbox, true).await;
    assert!(late.expect_err("the last day of the calendar has passed").is("auto-renew-too-late"));
    change(&app, &REMOVE_METHODS).await;
    let bare = set_auto_renew(&customer.cx, mailbox, true).await;
    assert!(bare.expect_err("no method").is("auto-renew-no-method"));
    app.settle().await;
    end(app).await;
}

sql!(LOOKED = "SELECT outcome || ' ' || CAST(day AS TEXT) FROM night_obligations ORDER BY day, outcome", String);

/// The night of a date as the worker runs it, and its effects.
async fn whole_night(app: &TestApp, iso: &str) {
    app.clock.set(day(iso).at(0, 10));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
}
fn looks_of(iso: &str) -> String {
    format!("/office/night/{iso}/obligations")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_tells_what_came_of_each_obligation_and_keeps_it() {
    let app = TestApp::new().await;
    card_customer(&app, "approve_then_decline").await;
    app::fixtures::load_agreement(&app.cx).await.expect("the agreement loads");
    change(&app, &BY_HOLDER).await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    change(&app, &PLAN_COSTS).await;
    app.settle().await;
    app.clock.set(day("2027-09-24").at(0, 10));
    app.worker.run_night().await.expect("the night runs");
    let mut desk = crate::office::enrolled(&app, "uno", Role::Viewer).await;
    let asked = desk.get(&looks_of("2027-09-24")).await;
    let cells = asked.texts("tbody tr").join("|");
    assert!(cells.contains("Addebito richiesto") && cells.contains("Credito insufficiente"), "{cells}");
    app.settle().await;
    let first = desk.get(&looks_of("2027-09-24")).await;
    let cells = first.texts("tbody tr").join("|");
    assert!(cells.contains("Addebito non riuscito") && cells.contains("26/9/2027"), "{cells}");
    assert!(!cells.contains("Addebito richiesto"), "the bank has answered: {cells}");
    desk.get("/office/night").await.must_have("Che cosa è stato di ogni rinnovo");
    credit(&app, mailbox, 1220 + 305).await;
    whole_night(&app, "2027-09-26").await;
    let mut desk = crate::office::enrolled(&app, "due", Role::Viewer).await;
    let second = desk.get(&looks_of("2027-09-26")).await;
    assert_eq!(second.texts("tbody tr").len(), 3, "{}", second.text());
    let told = second.texts("tbody tr").join("|");
    assert!(told.contains("Rinnovato con il credito") && told.contains("28/9/2027"), "{told}");
    // What an earlier night said stays, whatever came later.
    assert_eq!(desk.get(&looks_of("2027-09-24")).await.texts("tbody tr").join("|"), cells);
    // Order and mailbox are a step away.
    let order = second.attrs("tbody a[href^='/office/orders/']", "href").remove(0);
    assert!(desk.get(&order).await.status.is_success());
    let found = second.attrs("tbody th a", "href").remove(0);
    desk.get(&found).await.must_have("giulia");
    let filtered = async |desk: &mut Browser, query: &str| {
        let page = desk.get(&format!("{}?{query}", looks_of("2027-09-26"))).await;
        assert!(page.status.is_success(), "{query}: {}", page.text());
        page.texts("tbody th").join("|")
    };
    assert_eq!(filtered(&mut desk, "outcome=failed").await, "giulia@pec.example.itCasella");
    assert_eq!(filtered(&mut desk, "outcome=short").await, "");
    assert_eq!(filtered(&mut desk, "outcome=nonsense&after=x.y.z").await.split('|').count(), 3);
    let mario = "mario.rossi@pec.ordine.example.itCasella|mario.rossi@pec.ordine.example.itSpazio extra inbox";
    assert_eq!(filtered(&mut desk, "q=Mario.").await, mario);
    assert_eq!(filtered(&mut desk, "q=Mario.&outcome=failed").await, "");
    assert_eq!(filtered(&mut desk, "q=nessuno%25").await, "");
    let csv = desk.get(&format!("{}.csv?outcome=renewed", looks_of("2027-09-26"))).await;
    assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
    assert!(csv.body.contains(";Rinnovato con il credito;") && csv.body.contains(";12,20"), "{}", csv.body);
    assert_eq!(desk.get("/office/night/2020-01-01/obligations").await.status, 404);
    assert_eq!(desk.get("/office/night/x/obligations.csv").await.status, 404);
    walked(&app, day("2027-09-26")).await;
    end(app).await;
}

/// The list of all outcomes, row by row, there and back.
async fn walked(app: &TestApp, night: Date) {
    use app::{
        night::looks::{OUTCOMES, page},
        rows::From,
    };
    let chief = app.cx.by(Actor::Operator { operator: app.cx.new_id(), role: Role::Viewer });
    let place = |r: &app::rows::LookRow| {
        (OUTCOMES.iter().position(|o| *o == r.outcome).expect("a known word"), r.service_id, r.period_start)
    };
    let (mut from, mut there) = (From::Start, Vec::new());
    while let Some(row) = page(&chief, night, None, from, 1).await.expect("a page").rows.pop() {
        from = From::After(place(&row));
        there.push(place(&row));
    }
    assert_eq!(there.len(), 3);
    let (mut from, mut back) = (From::Before(there[2]), vec![there[2]]);
    while let Some(row) = page(&chief, night, None, from, 1).await.expect("a page").rows.pop() {
        from = From::Before(place(&row));
        back.insert(0, place(&row));
    }
    assert_eq!(there, back);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_parked_stays_told_and_what_the_day_renews_is_not_the_nights() {
    let app = by_holder("2026-10-01").await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-08-01").at(9, 0));
    buy(&holder, mailbox, 1, 0, 0, "1").await;
    credit(&app, mailbox, 5000).await;
    app.settle().await;
    change(&app, &FORGET_PRICE).await;
    whole_night(&app, "2027-09-24").await;
    change(&app, &KNOW_PRICE).await;
    let chief = app.cx.by(Actor::Operator { operator: app.cx.new_id(), role: Role::Admin });
    unpark(&chief, mailbox.uuid(), day("2027-10-02")).await.expect("it was parked");
    // Renewed by hand in the daytime: its add-on is paid by the credit, and no night did that.
    app.clock.set(day("2027-09-24").at(10, 0));
    body_renews(&app, mailbox).await;
    assert_eq!(texts(&app, &ADDONS).await, ["1 2028-10-01 active paid"].map(in_days));
    let mut desk = crate::office::enrolled(&app, "uno", Role::Viewer).await;
    let page = desk.get(&looks_of("2027-09-24")).await;
    assert_eq!(page.texts("tbody tr").len(), 1, "{}", page.text());
    page.must_have("Nessun prezzo in vigore");
    let found = desk.get(&format!("{}?q=mario", looks_of("2027-09-24"))).await.texts("tbody tr").join("|");
    assert!(found.contains("Fermo per un controllo") && !found.contains("Rinnovato"), "{found}");
    // Two years later nobody asks any more.
    app.clock.set(day("2029-09-25").at(10, 0));
    app.worker.reconcile_all().await.expect("it is swept");
    assert!(!texts(&app, &LOOKED).await.contains(&in_days("parked 2027-09-24")));
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_charge_that_took_the_money_and_one_without_a_method_are_told() {
    let app = TestApp::new().await;
    card_customer(&app, "approve").await;
    whole_night(&app, "2027-09-24").await;
    assert_eq!(texts(&app, &LOOKED).await, ["charged 2027-09-24"].map(in_days));
    change(&app, &REMOVE_METHODS).await;
    whole_night(&app, "2028-09-24").await;
    let mut desk = crate::office::enrolled(&app, "uno", Role::Viewer).await;
    desk.get(&looks_of("2028-09-24")).await.must_have("Nessun metodo di pagamento").must_have("26/9/2028");
    // Its days go by: over, and told with the reason.
    app.clock.set(day("2028-12-31").at(0, 10));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    let told = texts(&app, &LOOKED).await;
    assert!(told.iter().any(|l| l.starts_with("lapsed")), "{told:?}");
    end(app).await;
}
