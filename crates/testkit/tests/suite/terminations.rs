//! Notice of termination: given, taken back, in time and too late, by whom; and that nobody is charged meanwhile.

use app::{
    Problem,
    queries::{checks, secretariat, terminations},
    use_cases::{
        agreements::{
            change_renewal::change_renewal,
            renew_members::{RenewMembers, owed, renew_members},
        },
        mailboxes::{
            give_notice::{GiveNotice, give_notice},
            take_back_notice::take_back_notice,
        },
        payments::{Means, open_checkout},
        renewals::{
            auto_renew::set_auto_renew,
            choose_plan::Choice,
            place_renewal::{PlaceRenewal, place_renewal},
        },
    },
};
use domain::{
    id::{MailboxId, OrderId},
    mailbox::termination::Kind,
    money::Money,
    operator::Role,
    time::{DAY_US, Date, MINUTE_US},
};
use store::{Sql, args, sql};
use testkit::{
    TestApp,
    builders::{self, Customer},
};

use crate::{
    office::enrolled,
    people::{MAILBOX, PASSWORD, anna, in_mailbox, signed_in},
};

sql!(
    OWED = "SELECT way || ' ' || state || ' ' || CAST(due_day AS TEXT) FROM obligations ORDER BY period_start",
    String
);
sql!(NOTICES = "SELECT kind || ' ' || given_by || ' ' || state FROM terminations ORDER BY given_at, id", String);
sql!(
    TERM = "SELECT CAST(end_day AS TEXT) || CASE WHEN notice THEN ' noticed' ELSE '' END || CASE WHEN auto_renew THEN ' auto' ELSE '' END FROM terms",
    String
);
sql!(STATES = "SELECT state FROM mailboxes", String);
sql!(ORDERS = "SELECT kind || ' ' || state FROM orders ORDER BY placed_at, number", String);
sql!(REGISTER = "SELECT state FROM addresses", String);
sql!(LINES = "SELECT action FROM audit_lines WHERE action LIKE 'mailbox.notice%' ORDER BY id", String);
sql!(STEPS = "SELECT CAST(step AS TEXT) FROM notices_sent WHERE service_id = $1 ORDER BY step", String);
sql!(RUN = "UPDATE obligations SET state = 'running' WHERE state = 'open'");
sql!(STOP = "UPDATE obligations SET state = 'open' WHERE state = 'running'");
sql!(PEND = "UPDATE attempts SET state = 'pending' WHERE state = 'opened'");
sql!(UNPEND = "UPDATE attempts SET state = 'opened' WHERE state = 'pending'");
sql!(
    GIVE_TO =
        "UPDATE mailboxes SET holder_kind = 'profile', holder_tax_key = '00743110157', holder_name = 'Officine Rossi'"
);
sql!(BY_HOLDER = "UPDATE agreements SET renewal_kind = 'by_holder'");
sql!(FORGET_METHODS = "UPDATE methods SET state = 'removed'");
sql!(PLAN_COSTS = "UPDATE prices SET net_cents = 1000 WHERE product_code = 'standard'");
sql!(RENEWAL = "SELECT id FROM orders WHERE kind = 'renewal' ORDER BY placed_at, number LIMIT 1", OrderId);

fn day(iso: &str) -> Date {
    Date::parse_iso(iso).expect("a date")
}
async fn texts(app: &TestApp, sql: &'static Sql<String>) -> Vec<String> {
    app.cx.store().all(sql, &[]).await.expect("rows are read")
}
async fn change(app: &TestApp, sql: &'static Sql) -> u64 {
    app.cx.write(async move |tx| Ok(tx.run(sql, &[]).await?)).await.expect("it is written")
}
/// What is owed, with the day as people write it.
async fn owes(app: &TestApp) -> Vec<String> {
    let shown = |text: String| {
        let (head, days) = text.rsplit_once(' ').expect("a day");
        format!("{head} {}", Date::from_days(days.parse().expect("a number")).iso())
    };
    texts(app, &OWED).await.into_iter().map(shown).collect()
}
async fn term(app: &TestApp) -> String {
    let text = texts(app, &TERM).await.remove(0);
    let (days, flags) = text.split_once(' ').unwrap_or((&text, ""));
    format!("{} {flags}", Date::from_days(days.parse().expect("a number")).iso()).trim().to_owned()
}
async fn night(app: &TestApp, iso: &str) {
    app.clock.set(day(iso).at(1, 0));
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
}
async fn end(app: TestApp) {
    let all = checks::all(&app.cx).await.expect("the checks run");
    // Some mailboxes of these tests were given without money.
    let wrong: Vec<_> = all.into_iter().filter(|c| !c.ok && c.name != "books.paid").collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    app.finish().await;
}

/// A mailbox until 1 October 2027, paid by a card that is kept.
async fn bought(app: &TestApp) -> (Customer, MailboxId) {
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    let giulia = builders::customer(app, 123_456, "BNCGLI90E45Z110X").await;
    let order = builders::order(&giulia, &["giulia"], "pec.example.it").await;
    builders::pay_by_card(app, &giulia, order).await;
    app.settle().await;
    let id = only(app).await;
    (giulia, id)
}
sql!(ONE = "SELECT id FROM mailboxes", MailboxId);
async fn only(app: &TestApp) -> MailboxId {
    app.cx.store().one(&ONE, &[]).await.expect("one mailbox")
}

fn notice(mailbox: MailboxId, kind: Kind, address: &str, end: &str) -> GiveNotice {
    GiveNotice {
        mailbox,
        kind,
        address: address.into(),
        content_saved: true,
        end: Some(day(end)),
        ip: None,
        user_agent: None,
    }
}
fn at_end(mailbox: MailboxId) -> GiveNotice {
    notice(mailbox, Kind::AtEnd, "giulia@pec.example.it", "2027-10-01")
}
fn refused(done: Result<(), Problem>) -> &'static str {
    done.expect_err("it is refused").code
}

#[tokio::test]
async fn it_is_given_on_its_page_and_nobody_is_charged_any_more() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = bought(&app).await;
    app.clock.set(day("2027-08-01").at(9, 0));
    let mut browser = signed_in(&app, giulia.login).await;
    let (card, page) = (format!("/account/mailboxes/{mailbox}"), format!("/account/mailboxes/{mailbox}/terminate"));
    assert!(browser.get(&card).await.attrs("main a", "href").contains(&page));
    let ask = browser.get(&page).await;
    ask.must_have("1 ottobre 2027").must_have("30/12/2027").must_have("Salva adesso i messaggi");
    // What is wrong is asked again, with what was typed.
    let again = browser.submit(&ask, "/terminate", &[("address", "giulia@pec.example.com")]).await;
    assert_eq!(again.status, 422);
    again.must_have("L’indirizzo non è quello della casella").must_have("Conferma di aver salvato i contenuti");
    assert_eq!(again.attrs("#address", "value"), ["giulia@pec.example.com"]);
    let filled = [("address", " Giulia@PEC.example.it "), ("saved", "yes")];
    browser.submit(&again, "/terminate", &[filled[0], filled[1], ("kind", "never")]).await.must_have("Scegli quando");
    assert!(texts(&app, &NOTICES).await.is_empty(), "nothing so far");
    let done = browser.submit(&again, "/terminate", &filled).await;
    assert_eq!(done.path, card);
    done.must_have("la casella termina il 1/10/2027").must_have("Disdetta: termina il 1/10/2027");
    done.must_have("Disdetta data il 1/8/2027").must_have("Ritira la disdetta");
    // The other tab confirms too.
    assert_eq!(browser.submit(&ask, "/terminate", &filled).await.path, card);
    app.settle().await;
    assert_eq!(texts(&app, &NOTICES).await, ["at_end login given"]);
    assert_eq!(texts(&app, &LINES).await, ["mailbox.notice_given"]);
    assert_eq!(owes(&app).await, ["manual open 2027-12-31"]);
    assert_eq!(term(&app).await, "2027-10-01 noticed");
    let mails =
        app.mailer.to("customer123456@example.org", "Disdetta ricevuta: giulia@pec.example.it termina il 1/10/2027");
    assert_eq!(mails.len(), 1);
    for words in ["1/8/2027, 09:00:00", "Legge e riceve fino al: 30/12/2027", "/terminate"] {
        assert!(mails[0].text.contains(words), "«{words}» is not in\n{}", mails[0].text);
    }
    // Nothing is to come, nothing can be renewed or switched on, and each page says why.
    browser.get("/account/renewals").await.must_have("Nessun addebito in arrivo");
    browser.get(&format!("{card}/renew")).await.must_have("ritirala prima di rinnovare");
    assert_eq!(refused(set_auto_renew(&giulia.cx, mailbox, true).await), "renewal-noticed");
    browser.get("/account/mailboxes?state=noticed").await.must_have("giulia").must_have("Con disdetta");
    assert!(browser.get("/account/mailboxes.csv?state=noticed").await.body.contains("(Con disdetta)"));
    let mut operator = enrolled(&app, "anna.operatrice", Role::Support).await;
    let order = store::mailboxes::card(&mut app.cx.store(), mailbox).await.expect("read").expect("there").order_id;
    operator
        .get(&format!("/office/orders/{order}"))
        .await
        .must_have("Alla scadenza del 1/10/2027")
        .must_have("in corso");
    let mut today = day("2027-08-02");
    while today <= day("2027-12-31") {
        night(&app, &today.iso()).await;
        today = today.plus_days(1);
    }
    assert_eq!(app.gateway.moved().0, 1, "the first payment only");
    let steps = app.cx.store().all(&STEPS, args![mailbox.uuid()]).await.expect("read");
    assert_eq!(steps, ["-7", "0", "83"]);
    let gone = app.mailer.to("customer123456@example.org", "giulia@pec.example.it è stata cancellata");
    assert!(gone[0].text.contains("terminata il 1/10/2027 per disdetta"), "{}", gone[0].text);
    assert_eq!(texts(&app, &STATES).await, ["cancelled"]);
    assert_eq!(texts(&app, &NOTICES).await, ["at_end login done"]);
    assert_eq!(texts(&app, &REGISTER).await, ["released"]);
    end(app).await;
}

#[tokio::test]
async fn taken_back_in_time_it_is_charged_as_before() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = bought(&app).await;
    give_notice(&giulia.cx, at_end(mailbox)).await.expect("it is given");
    app.clock.set(day("2027-09-22").at(9, 0));
    let mut browser = signed_in(&app, giulia.login).await;
    let page = browser.get(&format!("/account/mailboxes/{mailbox}/terminate")).await;
    page.must_have("Fino a quel giorno compreso puoi ritirare");
    let card = browser.submit(&page, "/terminate/back", &[]).await;
    card.must_have("La disdetta è ritirata").must_have("Rinnovo automatico attivo");
    // The second tab finds nothing to do.
    browser.submit(&page, "/terminate/back", &[]).await.must_have("Rinnovo automatico attivo");
    app.settle().await;
    assert_eq!(app.mailer.to("customer123456@example.org", "Disdetta ritirata").len(), 1);
    assert_eq!(owes(&app).await, ["card open 2027-09-24"]);
    night(&app, "2027-09-24").await;
    assert_eq!(term(&app).await, "2028-10-01 auto");
    assert_eq!(texts(&app, &LINES).await, ["mailbox.notice_given", "mailbox.notice_taken_back"]);
    // Given again for the new period, it is another notice; the page of the old one is too old.
    assert_eq!(refused(give_notice(&giulia.cx, at_end(mailbox)).await), "termination-changed");
    give_notice(&giulia.cx, notice(mailbox, Kind::AtEnd, "giulia@pec.example.it", "2028-10-01")).await.expect("given");
    app.settle().await;
    assert_eq!(texts(&app, &NOTICES).await, ["at_end login taken_back", "at_end login given"]);
    end(app).await;
}

#[tokio::test]
async fn taken_back_on_the_last_day_it_is_renewed_by_hand_and_a_day_later_not_at_all() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = bought(&app).await;
    give_notice(&giulia.cx, at_end(mailbox)).await.expect("it is given");
    app.clock.set(day("2027-10-01").at(23, 50));
    take_back_notice(&giulia.cx, mailbox).await.expect("it is the last day");
    app.settle().await;
    assert_eq!(owes(&app).await, ["manual open 2027-12-31"], "no charge is in time any more");
    let mail = app.mailer.to("customer123456@example.org", "Disdetta ritirata").remove(0);
    assert!(mail.text.contains("rinnovala a mano entro il 1/10/2027"), "{}", mail.text);
    give_notice(&giulia.cx, at_end(mailbox)).await.expect("it is given again");
    night(&app, "2027-10-02").await;
    assert_eq!(refused(take_back_notice(&giulia.cx, mailbox).await), "termination-too-late");
    // It has expired as any other, and can be renewed for ninety days: that overtakes the notice.
    let mut browser = signed_in(&app, giulia.login).await;
    let card = format!("/account/mailboxes/{mailbox}");
    browser.get(&card).await.must_have("Se hai cambiato idea puoi ancora rinnovarla fino a quel giorno");
    let ask = browser.get(&format!("{card}/renew")).await;
    let accepted = [("conditions", "yes"), ("unfair_terms", "yes"), ("confirm", "1")];
    browser.submit(&ask, "/renew", &accepted).await.must_have("€12,08");
    let order = app.cx.store().one(&RENEWAL, &[]).await.expect("the order is there");
    builders::pay_by_card(&app, &giulia, order).await;
    app.settle().await;
    assert_eq!(texts(&app, &STATES).await, ["active"]);
    assert!(term(&app).await.starts_with("2028-10-01"));
    assert!(!term(&app).await.contains("noticed"));
    assert_eq!(texts(&app, &NOTICES).await, ["at_end login taken_back", "at_end login renewed"]);
    end(app).await;
}

#[tokio::test]
async fn a_method_that_is_gone_leaves_the_renewal_to_a_person() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = bought(&app).await;
    give_notice(&giulia.cx, at_end(mailbox)).await.expect("it is given");
    change(&app, &FORGET_METHODS).await;
    take_back_notice(&giulia.cx, mailbox).await.expect("it runs");
    app.settle().await;
    assert_eq!(owes(&app).await, ["manual open 2027-12-31"]);
    assert_eq!(term(&app).await, "2027-10-01");
    end(app).await;
}

#[tokio::test]
async fn a_charge_or_a_payment_under_way_comes_first_and_what_waits_unpaid_is_cancelled() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = bought(&app).await;
    app.clock.set(day("2027-09-01").at(9, 0));
    let mut browser = signed_in(&app, giulia.login).await;
    change(&app, &RUN).await;
    let page = browser.get(&format!("/account/mailboxes/{mailbox}/terminate")).await;
    let filled = [("address", "giulia@pec.example.it"), ("saved", "yes")];
    let told = browser.submit(&page, "/terminate", &filled).await;
    assert_eq!(told.status, 422);
    told.must_have("Un addebito di rinnovo è in corso");
    assert_eq!(told.attrs("#address", "value"), ["giulia@pec.example.it"]);
    change(&app, &STOP).await;
    set_auto_renew(&giulia.cx, mailbox, false).await.expect("it is on");
    let renewal = PlaceRenewal {
        mailbox,
        choice: Choice::default(),
        accept_losses: false,
        years: 1,
        payment_method: "card".into(),
        shown: Money::cents(1208),
        accept_conditions: true,
        accept_unfair_terms: true,
        ip: None,
        user_agent: None,
    };
    let order = place_renewal(&giulia.cx, renewal).await.expect("it is placed");
    let url = open_checkout(&giulia.cx, &app.ports, order, Means::Card).await.expect("a page");
    change(&app, &PEND).await;
    assert_eq!(refused(give_notice(&giulia.cx, at_end(mailbox)).await), "termination-paying");
    change(&app, &UNPEND).await;
    give_notice(&giulia.cx, at_end(mailbox)).await.expect("nothing is under way");
    assert_eq!(texts(&app, &ORDERS).await, ["purchase completed", "renewal cancelled"]);
    // Who still pays on the open page gets his money back or as credit, and the mailbox ends all the same.
    builders::play(&app, &url, "approve").await;
    app.settle().await;
    assert_eq!(term(&app).await, "2027-10-01 noticed");
    end(app).await;
}

#[tokio::test]
async fn only_the_holder_gives_it() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = bought(&app).await;
    let other = builders::customer(&app, 123_457, "RSSMRA80A01H501U").await;
    assert_eq!(refused(give_notice(&other.cx, at_end(mailbox)).await), "not-found");
    assert_eq!(refused(take_back_notice(&other.cx, mailbox).await), "not-found");
    assert_eq!(refused(give_notice(&app.cx, at_end(mailbox)).await), "not-found");
    change(&app, &GIVE_TO).await;
    let mut browser = signed_in(&app, giulia.login).await;
    let card = format!("/account/mailboxes/{mailbox}");
    let seen = browser.get(&card).await;
    seen.must_have("La disdetta spetta al titolare");
    assert!(!seen.attrs("main a", "href").contains(&format!("{card}/terminate")));
    browser.get(&format!("{card}/terminate")).await.must_have("lettera raccomandata");
    assert_eq!(refused(give_notice(&giulia.cx, at_end(mailbox)).await), "termination-not-holder");
    assert!(texts(&app, &NOTICES).await.is_empty());
    end(app).await;
}

#[tokio::test]
async fn whoever_has_the_mailbox_gives_it_for_the_end_only_and_everybody_is_told() {
    let app = TestApp::new().await;
    let mut browser = in_mailbox(&app).await;
    browser.get("/mailbox").await.must_have("Disdetta");
    let page = browser.get("/mailbox/terminate").await;
    assert!(page.attrs("input[name=kind]", "value").iter().all(|k| k == "at_end"), "it cannot be closed at once");
    let filled = [("address", MAILBOX), ("saved", "yes")];
    let told = browser.submit(&page, "/mailbox/terminate", &[filled[0], filled[1], ("kind", "at_once")]).await;
    told.must_have("La chiusura immediata si chiede dall’account");
    // After ten minutes the password is asked again, and what was typed goes on.
    app.clock.advance_us(11 * MINUTE_US);
    let asked = browser.submit(&page, "/mailbox/terminate", &filled).await;
    asked.must_have("Conferma la password");
    assert!(texts(&app, &NOTICES).await.is_empty());
    let done =
        browser.submit(&asked, "/mailbox/terminate", &[("step_up_password", crate::people::MAILBOX_PASSWORD)]).await;
    assert_eq!(done.path, "/mailbox");
    done.must_have("Disdetta: termina il 1/10/2027");
    app.settle().await;
    assert_eq!(texts(&app, &NOTICES).await, ["at_end mailbox given"]);
    for to in ["customer100777@example.org", "anna.rossi@example.org"] {
        assert_eq!(app.mailer.to(to, "Disdetta ricevuta").len(), 1, "{to}");
    }
    let page = browser.get("/mailbox/terminate").await;
    browser.submit(&page, "/mailbox/terminate/back", &[]).await.must_have("La disdetta è ritirata");
    app.settle().await;
    assert_eq!(texts(&app, &NOTICES).await, ["at_end mailbox taken_back"]);
    end(app).await;
}

#[tokio::test]
async fn at_once_it_is_gone_and_the_password_is_asked_before() {
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    let person = anna(&app).await;
    let cx = app.cx.by(domain::actor::Actor::Login { login: person.login, party: person.party });
    let customer =
        Customer { cx, party: person.party, login: person.login, tax_key: crate::people::FISCAL_CODE.into() };
    let order = builders::order(&customer, &["giulia"], "pec.example.it").await;
    builders::pay(&app, order).await;
    app.settle().await;
    let mailbox = only(&app).await;
    let mut browser = signed_in(&app, person.login).await;
    app.clock.advance_us(11 * MINUTE_US);
    let page = browser.get(&format!("/account/mailboxes/{mailbox}/terminate")).await;
    page.must_have("puoi recedere dal contratto e riavere quello che hai pagato");
    let filled = [("kind", "at_once"), ("address", "giulia@pec.example.it"), ("saved", "yes")];
    let asked = browser.submit(&page, "/terminate", &filled).await;
    asked.must_have("Conferma la password");
    assert_eq!(texts(&app, &STATES).await, ["active"]);
    let done = browser.submit(&asked, "/terminate", &[("step_up_password", PASSWORD)]).await;
    done.must_have("La casella è chiusa").must_have("Acquista di nuovo");
    browser.submit(&page, "/terminate", &filled).await.must_have("La casella non esiste più");
    app.settle().await;
    assert_eq!(texts(&app, &STATES).await, ["terminated"]);
    assert_eq!(texts(&app, &REGISTER).await, ["released"]);
    assert_eq!(texts(&app, &NOTICES).await, ["at_once login done"]);
    assert_eq!(app.mailer.to(crate::people::EMAIL, "Disdetta immediata").len(), 1);
    assert_eq!(refused(take_back_notice(&customer.cx, mailbox).await), "termination-gone");
    end(app).await;
}

#[tokio::test]
async fn what_is_under_notice_or_has_expired_can_still_be_closed_at_once() {
    let app = TestApp::new().await;
    let (giulia, mailbox) = bought(&app).await;
    give_notice(&giulia.cx, at_end(mailbox)).await.expect("it is given");
    night(&app, "2027-10-02").await;
    assert_eq!(texts(&app, &STATES).await, ["expired"]);
    give_notice(&giulia.cx, at_end(mailbox)).await.expect("it was given: nothing changes");
    assert_eq!(texts(&app, &NOTICES).await, ["at_end login given"]);
    let once = notice(mailbox, Kind::AtOnce, "giulia@pec.example.it", "2027-10-01");
    give_notice(&giulia.cx, once).await.expect("it lives");
    app.settle().await;
    assert_eq!(texts(&app, &STATES).await, ["terminated"]);
    assert_eq!(texts(&app, &NOTICES).await, ["at_end login done", "at_once login done"]);
    end(app).await;
}

#[tokio::test]
async fn a_body_does_not_renew_what_its_member_gave_up() {
    let app = TestApp::new().await;
    let body = builders::body(&app).await;
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    app.clock.set(day("2027-08-01").at(9, 0));
    let code = app::fixtures::AGREEMENT;
    let count = async || owed(&body.cx, code, None).await.expect("it is its agreement").mailboxes.len();
    let given = notice(mailbox, Kind::AtEnd, "mario.rossi@pec.ordine.example.it", "2027-10-01");
    assert_eq!(count().await, 1);
    give_notice(&holder, given.clone()).await.expect("the holder gives it");
    app.settle().await;
    assert_eq!((count().await, owes(&app).await), (0, vec!["body open 2027-12-31".to_owned()]));
    assert!(secretariat::mailbox(&body.cx, code, mailbox).await.expect("its member").notice);
    let mut desk = signed_in(&app, body.login).await;
    desk.get(&format!("/account/agreements/{code}/members/{mailbox}"))
        .await
        .must_have("Disdetta: termina il 1/10/2027");
    let changed = change_renewal(&body.cx, code, mailbox, "by_holder").await;
    assert_eq!(refused(changed), "renewal-noticed-member");
    let mail = app.mailer.to("mario.rossi@example.it", "Disdetta ricevuta").remove(0);
    assert!(mail.text.contains("/mailbox/terminate"), "{}", mail.text);
    take_back_notice(&holder, mailbox).await.expect("it runs");
    assert_eq!(count().await, 1);
    // What the body has ordered comes first: its order holds others too.
    change(&app, &PLAN_COSTS).await;
    let renew = RenewMembers {
        agreement: code.into(),
        within: None,
        payment_method: "card".into(),
        count: 1,
        shown: owed(&body.cx, code, None).await.expect("it is its agreement").gross(),
    };
    renew_members(&body.cx, renew).await.expect("it is ordered");
    assert_eq!(refused(give_notice(&holder, given).await), "termination-ordered-by-body");
    let standing = terminations::standing(&holder, mailbox).await.expect("its own");
    assert!(standing.given.is_none());
    app.settle().await;
    end(app).await;
}

#[tokio::test]
async fn the_credit_of_a_member_is_not_touched_and_serves_again_the_day_after() {
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the catalogue loads");
    app::fixtures::load_agreement(&app.cx).await.expect("the agreement loads");
    assert_eq!(change(&app, &BY_HOLDER).await, 1);
    let (mailbox, holder) = builders::member(&app, "mario.rossi").await;
    let given = notice(mailbox, Kind::AtEnd, "mario.rossi@pec.ordine.example.it", "2027-10-01");
    give_notice(&holder, given).await.expect("the holder gives it");
    for before in (0..=7).rev() {
        night(&app, &day("2027-10-01").plus_days(-before).iso()).await;
    }
    assert_eq!(texts(&app, &ORDERS).await.len(), 1, "nothing was renewed");
    take_back_notice(&holder, mailbox).await.expect("it is the last day");
    assert_eq!(owes(&app).await, ["wallet open 2027-10-02"]);
    app.settle().await;
    app.clock.advance_us(DAY_US);
    app.worker.run_night().await.expect("the night runs");
    app.settle().await;
    // The plan costs nothing here: whatever looks at it renews it.
    assert_eq!((term(&app).await.as_str(), texts(&app, &STATES).await), ("2028-10-01", vec!["active".to_owned()]));
    end(app).await;
}
