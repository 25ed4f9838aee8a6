//! A renewal with another plan or other extra space: what is asked, what is refused, and what the payment changes.

use app::{
    reconcilers,
    use_cases::renewals::{
        auto_renew::set_auto_renew,
        choose_plan::{Choice, offered},
        place_renewal::{PlaceRenewal, place_renewal},
    },
};
use domain::{
    id::{MailboxId, OrderId},
    money::Money,
    renewal::plan_change::Fit,
};
use http::StatusCode;
use store::sql;
use testkit::{TestApp, browser::Browser, builders};

use crate::renewals::{card_customer, change, day, end, in_days, night, owed, signed_in, texts};

const ADDRESS: &str = "giulia@pec.example.it";
const ACCEPTED: [(&str, &str); 3] = [("conditions", "yes"), ("unfair_terms", "yes"), ("confirm", "1")];

sql!(THEIRS = "SELECT id FROM mailboxes WHERE address = 'marco@pec.example.it'", MailboxId);
sql!(WITH_PASSWORD = "UPDATE mailboxes SET password_hash = 'kept elsewhere'");
sql!(ONE_MAILBOX = "SELECT id FROM mailboxes", MailboxId);
sql!(
    PLAN = "SELECT plan_code || ' ' || CAST(space_mib AS TEXT) || '+' || CAST(extra_space_mib AS TEXT) || ' ' || CAST(archive_mib AS TEXT) FROM mailboxes",
    String
);
sql!(TERMS = "SELECT CAST(end_day AS TEXT) FROM terms", String);
sql!(WAITING = "SELECT id FROM orders WHERE kind = 'renewal' AND state = 'awaiting_payment'", OrderId);
sql!(
    RENEWALS = "SELECT state || ' ' || CAST(gross_cents AS TEXT) FROM orders WHERE kind = 'renewal' ORDER BY placed_at, number",
    String
);
sql!(
    LINES = "SELECT l.product_code || ' ' || CAST(l.quantity AS TEXT) || ' ' || CAST(l.gross_cents AS TEXT) FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.kind = 'renewal' ORDER BY o.placed_at, o.number, l.position",
    String
);
sql!(
    SENDS = "SELECT CASE WHEN may_receive THEN 'receives' ELSE '' END || CASE WHEN may_send THEN ' sends' ELSE '' END || ' ' || CAST(quota_bytes / 1048576 AS TEXT) FROM mail_accounts",
    String
);
sql!(
    FALLS = "SELECT CAST(space_mib + extra_space_mib AS TEXT) || ' ' || CAST(until_day AS TEXT) FROM space_falls",
    String
);
sql!(EXTRA = "SELECT CAST(gb AS TEXT) || ' ' || CAST(end_day AS TEXT) || ' ' || state FROM addons ORDER BY id", String);
sql!(TO_PRO = "UPDATE mailboxes SET plan_code = 'pro', space_mib = 2048, archive_mib = 3072");
sql!(TO_PREMIUM = "UPDATE mailboxes SET plan_code = 'premium', space_mib = 2048, archive_mib = 8192");
sql!(WITHDRAW = "UPDATE products SET sold_until_day = 10 WHERE code = 'pro'");
sql!(DEARER = "UPDATE prices SET net_cents = 3000 WHERE product_code = 'pro'");
sql!(
    SELL_EXTRA = "INSERT INTO dated_offers (price_list, plan_code, service, from_day, max_gb, made_at) SELECT 'retail', code, 'extra_space', 0, 5, 0 FROM products WHERE code IN ('standard', 'pro')"
);

/// A bought mailbox that is renewed by hand, a month before its end on 1 October 2027.
async fn by_hand(app: &TestApp) -> (builders::Customer, MailboxId, Browser) {
    let (customer, _) = card_customer(app, "approve").await;
    let mailbox = app.cx.store().one(&ONE_MAILBOX, &[]).await.expect("it is there");
    set_auto_renew(&customer.cx, mailbox, false).await.expect("it is on");
    app.clock.set(day("2027-09-01").at(10, 0));
    app.settle().await;
    let browser = signed_in(app, &customer).await;
    (customer, mailbox, browser)
}

/// The mailbox holds so much, and the mail servers have said so.
async fn holds(app: &TestApp, mib: i64) {
    app.plane.set_used_kib(ADDRESS, mib * 1024);
    count(app).await;
}

/// The next pass over what lies in the mailboxes.
async fn count(app: &TestApp) {
    app.clock.advance_us(6 * domain::time::HOUR_US);
    reconcilers::usage::pass(&app.cx).await.expect("a pass");
    app.settle().await;
    reconcilers::usage::pass(&app.cx).await.expect("a pass");
    app.settle().await;
}

async fn pay(app: &TestApp, customer: &builders::Customer) {
    let order = app.cx.store().one(&WAITING, &[]).await.expect("an order waits");
    builders::pay_by_card(app, customer, order).await;
    app.settle().await;
}

fn renewal(mailbox: MailboxId, plan: &str, cents: i64) -> PlaceRenewal {
    PlaceRenewal {
        mailbox,
        years: 1,
        choice: Choice { plan: Some(plan.into()), extra_gb: None },
        accept_losses: true,
        payment_method: "card".into(),
        shown: Money::cents(cents),
        accept_conditions: true,
        accept_unfair_terms: true,
        ip: None,
        user_agent: None,
    }
}

fn subjects(app: &TestApp, begin: &str) -> usize {
    app.mailer.sent().iter().filter(|m| m.subject.starts_with(begin)).count()
}

#[tokio::test]
async fn a_renewal_that_is_cancelled_or_runs_out_speaks_of_terms_and_not_of_names() {
    let app = TestApp::new().await;
    let (customer, mailbox, mut browser) = by_hand(&app).await;
    place_renewal(&customer.cx, renewal(mailbox, "standard", 1208)).await.expect("it is placed");
    let order = app.cx.store().one(&WAITING, &[]).await.expect("it waits");
    let path = format!("/account/orders/{order}");
    let page = browser.get(&path).await;
    page.must_have(ADDRESS).must_have("Scadenza dell’ordine");
    let sure = browser.get(&format!("{path}/cancel")).await;
    sure.must_have(ADDRESS).must_have("resta quella di adesso");
    let cancelled = browser.submit(&sure, "/cancel", &[]).await;
    for page in [&page, &sure, &cancelled] {
        assert!(!page.has("nomi"), "{}", page.text());
    }
    // A month is enough for the reminders of a second one and for its end.
    place_renewal(&customer.cx, renewal(mailbox, "standard", 1208)).await.expect("it is placed");
    for _ in 0..35 {
        app.clock.advance_us(domain::time::DAY_US);
        app.settle().await;
    }
    let told = |words: &str| {
        let sent = app.mailer.sent();
        let texts: Vec<_> = sent.iter().filter(|m| m.subject.contains(words)).map(|m| m.text.clone()).collect();
        assert!(texts.iter().all(|t| t.contains("scadenza") && !t.contains("nomi")), "{texts:?}");
        texts.len()
    };
    assert_eq!(told(" annullato"), 1);
    assert!(told("Paga l’ordine") > 0);
    assert_eq!(told(" scaduto"), 1);
    end(app).await;
}

#[tokio::test]
async fn a_larger_plan_is_chosen_on_the_page_and_given_by_the_payment() {
    let app = TestApp::new().await;
    let (customer, mailbox, mut browser) = by_hand(&app).await;
    let renew = format!("/account/mailboxes/{mailbox}/renew");
    let page = browser.get(&renew).await;
    page.must_have("€12,08").must_have("piano attuale");
    assert!(!page.has("Che cosa perdi"));
    let unknown = browser.submit(&page, "/renew", &[("plan", "gold"), ("update", "1")]).await;
    unknown.must_have("Questo piano non è più in vendita");
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sure = [ACCEPTED.as_slice(), &[("plan", "gold")]].concat();
    assert_eq!(browser.submit(&page, "/renew", &sure).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(texts(&app, &RENEWALS).await.is_empty());
    let pro = browser.submit(&page, "/renew", &[("plan", "pro"), ("years", "2"), ("update", "1")]).await;
    pro.must_have("€58,56").must_have("2 anni × €24,00");
    assert!(!pro.has("Che cosa perdi"), "nothing is lost");
    // Confirmed without having looked at the new price: it is told.
    let blind = [ACCEPTED.as_slice(), &[("plan", "pro")]].concat();
    browser.submit(&page, "/renew", &blind).await.must_have("€29,28");
    let placed = browser.submit(&pro, "/renew", &ACCEPTED).await;
    assert!(placed.path.starts_with("/order/payment/"), "{} {}", placed.path, placed.text());
    // The second tab: one order for one period.
    browser.submit(&pro, "/renew", &ACCEPTED).await.must_have("Un ordine di rinnovo attende già il pagamento");
    assert_eq!(texts(&app, &PLAN).await, ["standard 1024+0 0"], "nothing before the payment");
    placed.must_have(ADDRESS);
    assert!(!placed.has("nomi"), "no name is at stake");
    pay(&app, &customer).await;
    browser.get(&placed.path).await.must_have("La casella è rinnovata");
    assert_eq!(texts(&app, &PLAN).await, ["pro 2048+0 3072"]);
    assert_eq!(texts(&app, &LINES).await, ["pro 1 5856"]);
    assert_eq!(texts(&app, &TERMS).await, ["2029-10-01"].map(in_days));
    assert_eq!(app.plane.spec(ADDRESS).expect("it is there").quota_kib, 2048 * 1024, "the mail servers follow");
    assert_eq!((subjects(&app, "Piano Pro per"), subjects(&app, "Rinnovo fino al")), (1, 1));
    let mut browser = signed_in(&app, &customer).await;
    browser.get(&format!("/account/mailboxes/{mailbox}")).await.must_have("Pro");
    // The next period is charged at the new plan.
    set_auto_renew(&customer.cx, mailbox, true).await.expect("there is a method");
    assert_eq!(night(&app, "2029-09-24").await.get("charging"), Some(&1));
    assert_eq!(texts(&app, &RENEWALS).await, ["completed 5856", "completed 5856"]);
    end(app).await;
}

#[tokio::test]
async fn a_smaller_plan_asks_what_lies_in_the_mailbox_and_tells_what_is_lost() {
    let app = TestApp::new().await;
    let (customer, mailbox, mut browser) = by_hand(&app).await;
    change(&app, &TO_PRO).await;
    let renew = format!("/account/mailboxes/{mailbox}/renew");
    // Nobody has said lately what lies in it: the mail servers are asked, and nothing is sold before.
    let page = browser.get(&renew).await;
    let asked = browser.submit(&page, "/renew", &[("plan", "standard"), ("update", "1")]).await;
    asked.must_have("lo stiamo chiedendo al server di posta");
    let refused = place_renewal(&customer.cx, renewal(mailbox, "standard", 1208)).await;
    assert_eq!(refused.expect_err("unknown").to_string(), "invalid plan:plan-usage-unknown");
    app.plane.set_used_kib(ADDRESS, 1500 * 1024);
    app.settle().await;
    let full = browser.submit(&page, "/renew", &[("plan", "standard"), ("update", "1")]).await;
    full.must_have("finché ne restano al massimo 1 GB").must_have("Nella casella ci sono 1,46 GB");
    let sure = [ACCEPTED.as_slice(), &[("losses", "yes")]].concat();
    let still = browser.submit(&full, "/renew", &sure).await;
    assert_eq!(still.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(texts(&app, &RENEWALS).await.is_empty());
    // Messages are deleted, but nobody has confirmed the losses.
    holds(&app, 1024).await;
    let mut browser = signed_in(&app, &customer).await;
    let page = browser.get(&renew).await;
    let fits = browser.submit(&page, "/renew", &[("plan", "standard"), ("update", "1")]).await;
    fits.must_have("l’archivio di 3 GB si chiude").must_have("da 2 GB a 1 GB").must_have("SMS").must_have("più utenti");
    assert!(!fits.has("al massimo 1 GB"));
    browser.submit(&fits, "/renew", &ACCEPTED).await.must_have("Conferma di aver letto che cosa perdi");
    assert!(texts(&app, &RENEWALS).await.is_empty());
    let placed = browser.submit(&fits, "/renew", &sure).await;
    assert!(placed.path.starts_with("/order/payment/"), "{} {}", placed.path, placed.text());
    assert_eq!(texts(&app, &PLAN).await, ["pro 2048+0 3072"]);
    pay(&app, &customer).await;
    // The servers were asked once more, and it fits.
    assert_eq!(texts(&app, &PLAN).await, ["standard 1024+0 0"]);
    assert!(texts(&app, &FALLS).await.is_empty());
    assert_eq!(app.plane.spec(ADDRESS).expect("it is there").quota_kib, 1024 * 1024);
    assert_eq!((subjects(&app, "Piano Standard per"), subjects(&app, &format!("{ADDRESS}: fai spazio"))), (1, 0));
    end(app).await;
}

#[tokio::test]
async fn what_grew_before_the_payment_keeps_its_space_for_a_while_and_nothing_is_deleted() {
    let app = TestApp::new().await;
    let (customer, mailbox, _) = by_hand(&app).await;
    change(&app, &TO_PREMIUM).await;
    change(&app, &WITH_PASSWORD).await;
    holds(&app, 500).await;
    place_renewal(&customer.cx, renewal(mailbox, "standard", 1208)).await.expect("it fits");
    app.clock.set(day("2027-09-20").at(10, 0));
    app.plane.set_used_kib(ADDRESS, 1500 * 1024);
    pay(&app, &customer).await;
    // Renewed with what was paid; the space stays, a month at least.
    assert_eq!(texts(&app, &PLAN).await, ["standard 2048+0 0"]);
    assert_eq!(texts(&app, &TERMS).await, ["2028-10-01"].map(in_days));
    assert_eq!(texts(&app, &FALLS).await, ["1024 2027-10-20"].map(in_days));
    assert_eq!(texts(&app, &SENDS).await, ["receives sends 2048"]);
    let kept = "giulia@pec.example.it: fai spazio entro il 20/10/2027";
    assert_eq!(subjects(&app, kept), 1);
    let card = format!("/account/mailboxes/{mailbox}");
    signed_in(&app, &customer).await.get(&card).await.must_have("in ogni caso dopo il 20/10/2027");
    count(&app).await;
    assert_eq!(subjects(&app, kept), 1, "told once");
    // Renewing it once more asks nothing about its space: it loses none by it.
    let again = offered(&customer.cx, mailbox, &Choice::default()).await.expect("it can be renewed");
    assert_eq!((again.fit, again.losses.len()), (Fit::Fits, 0));
    app.clock.set(day("2027-10-20").at(23, 0));
    assert_eq!(reconcilers::space::pass(&app.cx).await.expect("a pass"), 0, "the last day counts");
    app.clock.set(day("2027-10-21").at(0, 5));
    assert_eq!(reconcilers::space::pass(&app.cx).await.expect("a pass"), 1);
    assert_eq!(reconcilers::space::pass(&app.cx).await.expect("a pass"), 0);
    count(&app).await;
    assert_eq!(texts(&app, &SENDS).await, ["receives 1024"], "full: it receives and does not send");
    assert_eq!(subjects(&app, "giulia@pec.example.it è piena"), 1);
    holds(&app, 700).await;
    assert_eq!(texts(&app, &SENDS).await, ["receives sends 1024"]);
    end(app).await;
}

#[tokio::test]
async fn silent_servers_keep_the_space_until_they_answer() {
    let app = TestApp::new().await;
    let (customer, mailbox, _) = by_hand(&app).await;
    change(&app, &TO_PRO).await;
    holds(&app, 500).await;
    place_renewal(&customer.cx, renewal(mailbox, "standard", 1208)).await.expect("it fits");
    app.plane.faults.set_down(true);
    pay(&app, &customer).await;
    assert_eq!(texts(&app, &PLAN).await, ["standard 2048+0 0"]);
    // It gets more before they answer: there is nothing left to take away.
    app.plane.faults.set_down(false);
    place_renewal(&customer.cx, renewal(mailbox, "pro", 2928)).await.expect("more is no question");
    pay(&app, &customer).await;
    count(&app).await;
    assert_eq!(texts(&app, &PLAN).await, ["pro 2048+0 3072"]);
    assert!(texts(&app, &FALLS).await.is_empty());
    assert_eq!(texts(&app, &TERMS).await, ["2029-10-01"].map(in_days));
    end(app).await;
}

#[tokio::test]
async fn what_is_withdrawn_is_not_sold_and_what_was_sold_is_given() {
    let app = TestApp::new().await;
    let (customer, mailbox, mut browser) = by_hand(&app).await;
    let page = browser.get(&format!("/account/mailboxes/{mailbox}/renew")).await;
    let pro = browser.submit(&page, "/renew", &[("plan", "pro"), ("update", "1")]).await;
    change(&app, &DEARER).await;
    browser.submit(&pro, "/renew", &ACCEPTED).await.must_have("€36,60").must_have("€29,28");
    place_renewal(&customer.cx, renewal(mailbox, "pro", 3660)).await.expect("the price of today");
    change(&app, &WITHDRAW).await;
    // It was sold: the payment gives it.
    pay(&app, &customer).await;
    assert_eq!(texts(&app, &PLAN).await, ["pro 2048+0 3072"]);
    // Its own plan is renewed for as long as it has a price; others cannot come to it any more.
    let own = offered(&customer.cx, mailbox, &Choice::default()).await.expect("its own");
    assert_eq!(own.plans.iter().map(|o| o.plan.code.as_str()).collect::<Vec<_>>(), ["standard", "pro", "premium"]);
    let marco = builders::customer(&app, 654_321, "RSSMRC80A01H501O").await;
    let order = builders::order(&marco, &["marco"], "pec.example.it").await;
    builders::pay_by_card(&app, &marco, order).await;
    app.settle().await;
    let theirs = app.cx.store().one(&THEIRS, &[]).await.expect("it is there");
    set_auto_renew(&marco.cx, theirs, false).await.expect("it is on");
    let refused = place_renewal(&marco.cx, renewal(theirs, "pro", 3660)).await;
    assert_eq!(refused.expect_err("withdrawn").to_string(), "invalid plan:plan-not-on-sale");
    // Somebody else's mailbox is not there.
    assert!(place_renewal(&marco.cx, renewal(mailbox, "premium", 4758)).await.expect_err("not his").is("not-found"));
    let mut browser = signed_in(&app, &marco).await;
    let page = browser.get(&format!("/account/mailboxes/{theirs}/renew")).await;
    assert_eq!(page.attrs("input[name=plan]", "value"), ["standard", "premium"]);
    let (csrf, other) =
        (page.attrs("input[name=csrf]", "value").remove(0), format!("/account/mailboxes/{mailbox}/renew"));
    let stolen = browser.post(&other, &[("csrf", &csrf), ("plan", "premium"), ("update", "1")]).await;
    assert_eq!((browser.get(&other).await.status, stolen.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    app.settle().await;
    end(app).await;
}

/// Extra space costs 5.00 a year beside the plans that are sold to everybody.
async fn sell_extra(app: &TestApp) {
    app::fixtures::load_agreement(&app.cx).await.expect("the agreement loads");
    assert_eq!(change(app, &SELL_EXTRA).await, 2);
    let cx = app.cx.clone();
    let done = app.cx.write(async move |tx| {
        let price = store::catalogue::NewPrice {
            id: cx.new_id(),
            list: "retail",
            plan: "extra_space",
            valid_from: day("2026-01-01").start(),
            unit_net: Money::cents(500),
            vat_bp: 2200,
        };
        Ok(store::catalogue::put_price(tx, &price).await?)
    });
    assert_eq!(done.await.expect("a price"), 1);
}

#[tokio::test]
async fn extra_space_makes_it_fit_and_is_renewed_or_given_up_with_the_mailbox() {
    let app = TestApp::new().await;
    let (customer, mailbox, _) = by_hand(&app).await;
    sell_extra(&app).await;
    change(&app, &TO_PRO).await;
    change(&app, &WITH_PASSWORD).await;
    holds(&app, 1500).await;
    let mut browser = signed_in(&app, &customer).await;
    let page = browser.get(&format!("/account/mailboxes/{mailbox}/renew")).await;
    let bare = browser.submit(&page, "/renew", &[("plan", "standard"), ("update", "1")]).await;
    bare.must_have("prendi almeno 1 GB di spazio extra");
    for wrong in ["2", "-1", "abc", "99999999999999999999"] {
        let much = browser.submit(&bare, "/renew", &[("extra_gb", wrong), ("update", "1")]).await;
        much.must_have("Scrivi un numero di GB da 0 a 1");
    }
    let one = browser.submit(&bare, "/renew", &[("extra_gb", "1"), ("update", "1")]).await;
    one.must_have("€18,18").must_have("1 GB × 1 anno × €5,00");
    assert!(!one.has("prendi almeno") && !one.has("da 2 GB a 1 GB"));
    let sure = [ACCEPTED.as_slice(), &[("losses", "yes")]].concat();
    let placed = browser.submit(&one, "/renew", &sure).await;
    assert!(placed.path.starts_with("/order/payment/"), "{} {}", placed.path, placed.text());
    pay(&app, &customer).await;
    assert_eq!(texts(&app, &PLAN).await, ["standard 1024+1024 0"]);
    assert_eq!(texts(&app, &LINES).await, ["standard 1 1208", "extra_space 1 610"]);
    assert_eq!(texts(&app, &EXTRA).await, ["1 2028-10-01 active"].map(in_days));
    assert_eq!(owed(&app).await[0], "addon from 2028-10-02 due 2028-10-02 by manual open");
    // The stored card pays for both.
    set_auto_renew(&customer.cx, mailbox, true).await.expect("there is a method");
    assert_eq!(night(&app, "2028-09-24").await.get("charging"), Some(&1));
    assert_eq!(texts(&app, &RENEWALS).await, ["completed 1818", "completed 1818"]);
    assert_eq!(texts(&app, &EXTRA).await, ["1 2029-10-01 active"].map(in_days));
    // Fewer GB only when it fits (domain notes 5.5).
    set_auto_renew(&customer.cx, mailbox, false).await.expect("it is on");
    holds(&app, 1500).await;
    let none = |accept_losses| PlaceRenewal {
        choice: Choice { plan: None, extra_gb: Some(0) },
        accept_losses,
        ..renewal(mailbox, "standard", 1208)
    };
    let refused = place_renewal(&customer.cx, none(true)).await;
    assert_eq!(refused.expect_err("too full").to_string(), "invalid plan:plan-needs-extra");
    holds(&app, 800).await;
    assert!(place_renewal(&customer.cx, none(false)).await.is_err(), "it is a loss");
    place_renewal(&customer.cx, none(true)).await.expect("it fits");
    pay(&app, &customer).await;
    assert_eq!(texts(&app, &PLAN).await, ["standard 1024+0 0"]);
    assert_eq!(texts(&app, &EXTRA).await, ["1 2029-10-01 ended"].map(in_days));
    assert_eq!(texts(&app, &SENDS).await, ["receives sends 1024"]);
    end(app).await;
}

sql!(
    GIVE_SMS = "INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) \
     SELECT m.order_id, m.id, 'sms_notice', 1, t.start_day, t.end_day, FALSE, 'active', 'retail', m.order_id FROM mailboxes m JOIN terms t ON t.mailbox_id = m.id"
);
sql!(
    OWE_SMS = "INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries) \
     SELECT id, end_day + 1, 'addon', mailbox_id, end_day + 1, 'wallet', 'open', 0 FROM addons"
);
sql!(WATCH_SMS = "INSERT INTO sms_notices (mailbox_id, due_at, told_unread) SELECT id, 0, 0 FROM mailboxes");
sql!(SMS = "SELECT service || ' ' || state FROM addons", String);
sql!(WATCHED = "SELECT CAST(told_unread AS TEXT) FROM sms_notices", String);
sql!(WHY = "SELECT reason FROM obligations WHERE state = 'lapsed'", String);

#[tokio::test]
async fn text_messages_end_under_a_plan_that_has_none() {
    let app = TestApp::new().await;
    let (customer, mailbox, _) = by_hand(&app).await;
    for step in [&TO_PRO, &GIVE_SMS, &OWE_SMS, &WATCH_SMS] {
        change(&app, step).await;
    }
    holds(&app, 10).await;
    place_renewal(&customer.cx, renewal(mailbox, "standard", 1208)).await.expect("it fits");
    assert_eq!(texts(&app, &SMS).await, ["sms_notice active"], "until the payment");
    pay(&app, &customer).await;
    assert_eq!(texts(&app, &SMS).await, ["sms_notice ended"]);
    assert_eq!(texts(&app, &WHY).await, ["plan-changed"]);
    app.plane.set_unread(ADDRESS, 3);
    let told = app.sms.sent().len();
    app.clock.set(day("2027-09-03").at(10, 0));
    assert_eq!(reconcilers::unread::pass(&app.cx).await.expect("a pass"), 1);
    app.settle().await;
    assert_eq!((app.sms.sent().len(), texts(&app, &WATCHED).await.len()), (told, 0));
    app.finish().await;
}
