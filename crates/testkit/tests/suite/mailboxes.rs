//! Passwords and life of mailboxes, through the use cases and the pages.

use app::use_cases::mailboxes::{
    ChangePassword, LinkPage, RequestReset, ResetPage, ResetPassword, SetFirstPassword, change_password,
    first_password::NewPassword, look_at_link, look_at_reset, request_reset, resend_link, resend_own_link,
    reset_password, set_first_password,
};
use domain::{
    actor::Actor,
    id::{MailboxId, OrderId},
    mailbox::{MailboxState, rights},
    time::{DAY_US, HOUR_US, MINUTE_US},
};
use store::mailbox_life;
use testkit::{
    TestApp,
    builders::{self, Customer},
    fakes::Fault,
};

store::sql!(
    /// Rows that a request may leave behind, the work it asks for aside.
    WRITTEN = "SELECT (SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM rate_limits) + 1000 * (SELECT COUNT(*) FROM effects) \
     + 1000000 * (SELECT COUNT(*) FROM tokens)",
    i64
);

const TAX: &str = "BNCGLI80A41F205X";
const ADDRESS: &str = "anna.verdi@pec.example.it";
const CONTACT: &str = "anna.verdi@example.org";
const FIRST: &str = "Ponte-sul-lago-7";
const SECOND: &str = "Vento-di-mare-8";

fn pair(password: &str) -> NewPassword {
    NewPassword { password: password.into(), again: password.into() }
}

/// A customer with one mailbox ordered, its link sent.
async fn ordered() -> (TestApp, Customer, OrderId) {
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(&app, 100_001, TAX).await;
    let order = builders::order(&customer, &["anna.verdi"], "pec.example.it").await;
    app.settle().await;
    (app, customer, order)
}
/// The same with the mailbox active and its password chosen.
async fn active() -> (TestApp, Customer, MailboxId) {
    let (app, customer, order) = ordered().await;
    let mailbox = builders::pay(&app, order).await[0];
    app.settle().await;
    let token = link(&app, "/password/");
    set_first_password(&app.cx, SetFirstPassword { token, new: pair(FIRST) }).await.expect("set");
    (app, customer, mailbox)
}
/// The token of the newest link to the contact.
fn link(app: &TestApp, path: &str) -> String {
    let sent = app.mailer.sent();
    let mail = sent.iter().rev().find(|m| m.to == CONTACT && m.text.contains(path)).expect("a mail with such a link");
    let (_, rest) = mail.text.split_once(path).expect("the link");
    rest.split_whitespace().next().expect("its token").to_owned()
}
fn links_sent(app: &TestApp, path: &str) -> usize {
    app.mailer.sent().iter().filter(|m| m.to == CONTACT && m.text.contains(path)).count()
}
async fn hash(app: &TestApp, id: MailboxId) -> Option<String> {
    let owner = mailbox_life::owner(&mut app.cx.store(), id).await.expect("read").expect("there");
    owner.password_hash.or(owner.waiting_hash)
}
async fn set(app: &TestApp, token: &str, password: &str) -> Result<bool, String> {
    let input = SetFirstPassword { token: token.into(), new: pair(password) };
    set_first_password(&app.cx, input).await.map(|s| s.usable).map_err(|p| p.to_string())
}
fn reset(app: &TestApp, address: &str, tax_code: &str) -> impl Future<Output = Result<String, String>> {
    let cx = app.cx.clone();
    // Without scripts one address of the network gets through once a minute: each try has its own here.
    let ip = uuid::Builder::from_random_bytes(cx.random()).into_uuid().to_string();
    let input = RequestReset { address: address.into(), tax_code: tax_code.into(), ip, proof: None };
    async move { request_reset(&cx, input).await.map(|r| r.masked).map_err(|p| p.to_string()) }
}

#[tokio::test]
async fn a_password_chosen_before_the_payment_waits_and_then_counts() {
    let (app, _, order) = ordered().await;
    let token = link(&app, "/password/");
    let page = LinkPage::Choose { address: ADDRESS.into() };
    for _ in 0..3 {
        assert_eq!(look_at_link(&app.cx, &token).await.unwrap(), page, "looking changes nothing");
    }
    assert_eq!(set(&app, &token, FIRST).await, Ok(false), "stored, not yet usable");
    assert_eq!(set(&app, &token, SECOND).await, Err("token-used".into()), "once only");
    assert_eq!(look_at_link(&app.cx, &token).await.unwrap(), LinkPage::Used { address: ADDRESS.into() });
    let mailbox = builders::pay(&app, order).await[0];
    let kept = hash(&app, mailbox).await.expect("it moved into the mailbox");
    assert!(app.cx.hashing().verify(FIRST, Some(&kept)).await.unwrap());
    app.settle().await;
    assert_eq!(app.plane.spec(ADDRESS).map(|s| s.quota_kib), Some(1024 * 1024));
    assert_eq!(app.mailer.to("customer100001@example.org", "").len(), 3, "placed, paid, activated");
    app.finish().await;
}

#[tokio::test]
async fn a_link_ends_after_seven_days_and_can_be_sent_again() {
    let (app, customer, order) = ordered().await;
    let old = link(&app, "/password/");
    app.clock.advance_us(7 * DAY_US - MINUTE_US);
    assert!(matches!(look_at_link(&app.cx, &old).await.unwrap(), LinkPage::Choose { .. }));
    app.clock.advance_us(MINUTE_US);
    assert_eq!(look_at_link(&app.cx, &old).await.unwrap(), LinkPage::Expired { address: ADDRESS.into() });
    assert_eq!(set(&app, &old, FIRST).await, Err("token-expired".into()));
    resend_link(&app.cx, &old).await.unwrap();
    assert!(resend_link(&app.cx, &old).await.unwrap_err().is("too-many"), "not twice within a minute");
    app.settle().await;
    let new = link(&app, "/password/");
    assert_ne!(new, old);
    app.clock.advance_us(MINUTE_US);
    let mailbox: MailboxId = builders::pay(&app, order).await[0];
    let stranger = builders::customer(&app, 100_002, "RSSMRA85T10A562S").await;
    assert!(resend_own_link(&stranger.cx, mailbox).await.unwrap_err().is("not-found"));
    resend_own_link(&customer.cx, mailbox).await.unwrap();
    app.settle().await;
    assert_eq!(set(&app, &new, FIRST).await, Err("token-used".into()), "only the last link counts");
    assert_eq!(set(&app, &link(&app, "/password/"), FIRST).await, Ok(true));
    app.clock.advance_us(MINUTE_US);
    assert!(resend_own_link(&customer.cx, mailbox).await.unwrap_err().is("password-set-already"));
    for nonsense in ["", "x", &"A".repeat(43), &"é".repeat(43), &"A".repeat(10_000)] {
        assert_eq!(look_at_link(&app.cx, nonsense).await.unwrap(), LinkPage::Unknown);
        assert_eq!(set(&app, nonsense, FIRST).await, Err("token-unknown".into()));
    }
}

#[tokio::test]
async fn a_cancelled_order_leaves_its_link_without_use() {
    let (app, customer, order) = ordered().await;
    let token = link(&app, "/password/");
    app::use_cases::orders::cancel_order::cancel_order(&customer.cx, order).await.unwrap();
    assert_eq!(look_at_link(&app.cx, &token).await.unwrap(), LinkPage::Gone);
    assert_eq!(set(&app, &token, FIRST).await, Err("mailbox-gone".into()));
}

#[tokio::test]
async fn every_criterion_missed_is_named() {
    let (app, ..) = ordered().await;
    let token = link(&app, "/password/");
    let of = async |password: &str, again: &str| {
        let new = NewPassword { password: password.into(), again: again.into() };
        let refused = set_first_password(&app.cx, SetFirstPassword { token: token.clone(), new }).await.unwrap_err();
        let mut codes: Vec<String> = refused.fields.into_iter().map(|f| format!("{} {}", f.field, f.code)).collect();
        codes.sort();
        codes
    };
    assert_eq!(of("", "").await, ["password password-missing"]);
    assert_eq!(of("Ponte-sul-lago-7", "Ponte-sul-lago-8").await, ["password_again password-differs"]);
    assert_eq!(of("Anna.verdi-7", "Anna.verdi-7").await, ["password password-personal"], "the mailbox's own name");
    assert!(of("Xx-bncgli80a41f205x-7", "Xx-bncgli80a41f205x-7").await.contains(&"password password-personal".into()));
    let short = of("a", "a").await;
    for code in ["length", "uppercase", "digit", "special"] {
        assert!(short.contains(&format!("password password-{code}")), "{code} in {short:?}");
    }
    assert!(of("Perché-no-77", "Perché-no-77").await.contains(&"password password-characters".into()));
    assert!(of(&"Ab1-".repeat(2500), "x").await.contains(&"password password-length".into()));
    assert!(matches!(look_at_link(&app.cx, &token).await.unwrap(), LinkPage::Choose { .. }), "the link is not used up");
}

#[tokio::test]
async fn a_reset_answers_everybody_alike_and_mails_only_the_holder() {
    let (app, ..) = active().await;
    let mails = app.mailer.sent().len();
    let right = reset(&app, ADDRESS, TAX).await.unwrap();
    assert_eq!(right, "a•••••i@e•••••.org");
    let wrong = reset(&app, ADDRESS, "RSSMRA85T10A562S").await.unwrap();
    let nobody = reset(&app, "nobody@pec.example.it", TAX).await.unwrap();
    for answer in [&wrong, &nobody] {
        assert!(answer.contains("•••••") && answer.contains('@') && *answer != right, "{answer}");
    }
    assert_eq!(wrong, reset(&app, ADDRESS, "RSSMRA85T10A562S").await.unwrap(), "the same at every try");
    app.settle().await;
    assert_eq!(app.mailer.sent().len(), mails + 1);
    assert_eq!(reset(&app, "", TAX).await.unwrap_err(), "invalid address:mailbox-address-missing");
    assert_eq!(
        reset(&app, "a@b\r\nBcc: x@y.z", " ").await.unwrap_err(),
        "invalid address:mailbox-address-missing tax_code:holder-tax-code-missing"
    );
    // Blanks and small letters are as people write.
    assert_eq!(reset(&app, " ANNA.verdi@pec.example.it ", "bnc gli 80a41 f205x").await.unwrap(), right);
    app.settle().await;
    app.finish().await;
}

#[tokio::test]
async fn a_reset_writes_the_same_for_a_mailbox_that_is_not_there() {
    let (app, ..) = active().await;
    let written = async || app.cx.store().one(&WRITTEN, store::args![]).await.unwrap();
    let mut grown = Vec::new();
    for (address, tax_code) in [(ADDRESS, TAX), (ADDRESS, "RSSMRA85T10A562S"), ("nobody@pec.example.it", TAX)] {
        let before = written().await;
        reset(&app, address, tax_code).await.unwrap();
        grown.push(written().await - before);
    }
    assert!(grown[0] > 0 && grown.iter().all(|g| *g == grown[0]), "{grown:?}");
    app.settle().await;
    assert_eq!(links_sent(&app, "/mailbox/recover/"), 1);
    app.finish().await;
}

#[tokio::test]
async fn the_mailboxes_of_one_holder_get_sixty_reset_links_a_day() {
    let (app, customer, _) = active().await;
    let names: Vec<String> = (0..64).map(|n| format!("ufficio.{n}")).collect();
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    let order = builders::order(&customer, &named, "pec.example.it").await;
    builders::pay(&app, order).await;
    app.settle().await;
    let links = async || app.mailer.sent().iter().filter(|m| m.text.contains("/mailbox/recover/")).count();
    let answers = async |range: std::ops::Range<usize>| {
        for name in &names[range] {
            assert!(reset(&app, &format!("{name}@pec.example.it"), TAX).await.unwrap().contains("•••••"), "{name}");
        }
        app.settle().await;
    };
    answers(0..62).await;
    assert_eq!(links().await, 60, "the others get the same answer and no mail");
    app.clock.advance_us(DAY_US);
    answers(62..64).await;
    assert_eq!(links().await, 62);
    app.finish().await;
}

#[tokio::test]
async fn a_reset_link_works_once_for_three_hours_and_no_other_is_sent_meanwhile() {
    let (app, customer, mailbox) = active().await;
    let before = links_sent(&app, "/mailbox/recover/");
    reset(&app, ADDRESS, TAX).await.unwrap();
    app.settle().await;
    let token = link(&app, "/mailbox/recover/");
    app.clock.advance_us(3 * HOUR_US - MINUTE_US);
    reset(&app, ADDRESS, TAX).await.unwrap();
    app.settle().await;
    assert_eq!(links_sent(&app, "/mailbox/recover/"), before + 1, "the first one still counts");
    assert!(matches!(look_at_reset(&app.cx, &token).await.unwrap(), ResetPage::Choose { .. }));
    let input = |password: &str| ResetPassword { token: token.clone(), new: pair(password) };
    assert_eq!(
        reset_password(&app.cx, input(FIRST)).await.unwrap_err().to_string(),
        "invalid password:password-reused"
    );
    reset_password(&app.cx, input(SECOND)).await.unwrap();
    let kept = hash(&app, mailbox).await.unwrap();
    assert!(app.cx.hashing().verify(SECOND, Some(&kept)).await.unwrap());
    assert!(reset_password(&app.cx, input("Altra-cosa-9")).await.unwrap_err().is("token-used"));
    assert_eq!(look_at_reset(&app.cx, &token).await.unwrap(), ResetPage::Dead);
    app.settle().await;
    assert_eq!(app.mailer.to(CONTACT, "Password modificata").len(), 1);
    // Another after it was used; it ends by itself.
    app.clock.advance_us(HOUR_US);
    reset(&app, ADDRESS, TAX).await.unwrap();
    app.settle().await;
    let late = link(&app, "/mailbox/recover/");
    app.clock.advance_us(3 * HOUR_US);
    let input = ResetPassword { token: late, new: pair("Altra-cosa-9") };
    assert!(reset_password(&customer.cx, input).await.unwrap_err().is("token-expired"));
    app.finish().await;
}

#[tokio::test]
async fn the_last_five_passwords_do_not_come_back() {
    let (app, customer, mailbox) = active().await;
    let change = async |old: &str, new: &str| {
        app.clock.advance_us(HOUR_US);
        let input = ChangePassword { mailbox, old: old.into(), new: pair(new), keep: None };
        change_password(&customer.cx, input).await.map_err(|p| p.to_string())
    };
    let many: Vec<String> = (1..=5).map(|n| format!("Nuova-parola-{n}")).collect();
    let mut old = FIRST;
    for new in &many {
        assert_eq!(change(old, FIRST).await, Err("invalid password:password-reused".into()), "before {new}");
        change(old, new).await.unwrap();
        old = new;
    }
    assert_eq!(change(old, &many[0]).await, Err("invalid password:password-reused".into()));
    change(old, FIRST).await.expect("six changes ago is allowed again");
    app.settle().await;
    app.finish().await;
}

#[tokio::test]
async fn only_who_may_changes_a_password_and_the_old_one_is_asked() {
    let (app, customer, mailbox) = active().await;
    let input = |old: &str| ChangePassword { mailbox, old: old.into(), new: pair(SECOND), keep: None };
    let stranger = builders::customer(&app, 100_002, "RSSMRA85T10A562S").await;
    let other = app.cx.by(Actor::Mailbox { mailbox: app.cx.new_id() });
    for cx in [&app.cx.by(Actor::Visitor), &stranger.cx, &other] {
        assert!(change_password(cx, input(FIRST)).await.unwrap_err().is("not-found"));
    }
    let wrong = change_password(&customer.cx, input("Sbagliata-1")).await.unwrap_err();
    assert_eq!(wrong.to_string(), "invalid old_password:password-wrong");
    for _ in 0..9 {
        change_password(&customer.cx, input("Sbagliata-1")).await.unwrap_err();
    }
    assert!(change_password(&customer.cx, input(FIRST)).await.unwrap_err().is("too-many"), "no guessing");
    app.clock.advance_us(15 * MINUTE_US);
    change_password(&app.cx.by(Actor::Mailbox { mailbox }), input(FIRST)).await.expect("the mailbox itself may");
    app.settle().await;
    app.finish().await;
}

#[tokio::test]
async fn servers_that_are_down_delay_an_activation_and_lose_none() {
    let (app, _, order) = ordered().await;
    app.plane.faults.set_down(true);
    let mailbox = builders::pay(&app, order).await[0];
    app.settle().await;
    let state = async || mailbox_life::plane(&mut app.cx.store(), mailbox).await.unwrap().unwrap().state;
    assert_eq!(state().await, "activating");
    app.clock.advance_us(HOUR_US);
    app.plane.faults.set_down(false);
    app.plane.faults.push(Fault::AnswerLost);
    app.settle().await;
    assert_eq!(state().await, "activating", "the answer was lost: not known to be made");
    app.clock.advance_us(HOUR_US);
    app.settle().await;
    assert_eq!(state().await, "active");
    app.finish().await;
}

#[tokio::test]
async fn a_forgotten_activation_is_asked_for_again() {
    let (app, _, order) = ordered().await;
    let mailbox = builders::pay(&app, order).await[0];
    let cx = app.cx.clone();
    let key = format!("provision:{mailbox}");
    let gone = cx.write(async move |tx| Ok(store::effects::cancel_by_key(tx, &key, 0).await?)).await;
    assert!(gone.unwrap());
    app.settle().await;
    app.worker.reconcile_all().await.unwrap();
    assert!(app.plane.spec(ADDRESS).is_none(), "not at once");
    app.clock.advance_us(16 * MINUTE_US);
    app.worker.reconcile_all().await.unwrap();
    app.settle().await;
    assert!(app.plane.spec(ADDRESS).is_some());
    app.finish().await;
}

#[tokio::test]
async fn the_calendar_expires_and_cancels() {
    let (app, _, mailbox) = active().await;
    let state = async || mailbox_life::plane(&mut app.cx.store(), mailbox).await.unwrap().unwrap().state;
    let day = async |days: i64| {
        app.clock.advance_us(days * DAY_US);
        app.worker.reconcile_all().await.unwrap();
        app.settle().await;
    };
    day(365).await;
    assert_eq!(state().await, "active", "the last day counts");
    day(1).await;
    assert_eq!(state().await, "expired");
    day(89).await;
    assert_eq!(state().await, "expired");
    assert!(app.plane.spec(ADDRESS).is_some());
    day(1).await;
    assert_eq!(state().await, "cancelled");
    assert!(app.plane.spec(ADDRESS).is_none(), "its content is removed");
    assert!(mailbox_life::for_reset(&mut app.cx.store(), ADDRESS).await.unwrap().is_none());
}

#[tokio::test]
async fn the_mail_servers_view_says_what_the_rules_say() {
    let app = TestApp::new().await;
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(&app, 100_001, TAX).await;
    let order = builders::order(&customer, &["anna.verdi", "bruno"], "pec.example.it").await;
    app.settle().await;
    set(&app, &link(&app, "/password/"), FIRST).await.expect("one has a password");
    let boxes = builders::pay(&app, order).await;
    for state in MailboxState::ALL {
        let cases = [(ADDRESS, true, false), (ADDRESS, true, true), ("bruno@pec.example.it", false, false)];
        for (address, has_password, full) in cases {
            let (now, word, boxes) = (app.cx.now(), state.as_str(), boxes.clone());
            let seen = app.cx.write(async move |tx| {
                for id in &boxes {
                    let row = mailbox_life::plane(tx, *id).await?.expect("there");
                    if row.address == address {
                        mailbox_life::set_state(tx, *id, &row.state, word, now).await?;
                        store::usage::watch(tx, *id, now).await?;
                        let used_kib = row.space_mib * 1024 - i64::from(!full);
                        let told = store::usage::Counted { used_kib, at: now, due: now, told_percent: 0 };
                        store::usage::counted(tx, *id, &told).await?;
                    }
                }
                Ok(mailbox_life::seen_by_servers(tx, address).await?)
            });
            let got = seen.await.unwrap().map_or((false, false, false), |s| (s.may_login, s.may_receive, s.may_send));
            let expected = rights(state, has_password, full);
            assert_eq!(got, (expected.login, expected.receive, expected.send), "{state:?} {has_password} {full}");
        }
    }
}

#[tokio::test]
async fn the_pages_of_a_first_password() {
    let (app, _, order) = ordered().await;
    let token = link(&app, "/password/");
    let mut person = app.browser();
    let page = person.get(&format!("/password/{token}")).await;
    page.must_have("Crea la password della casella").must_have(ADDRESS);
    let wrong = person.submit(&page, "/password/", &[("password", "breve"), ("password_again", "diversa")]).await;
    assert_eq!(wrong.status, 422);
    assert!(!wrong.body.contains("breve"), "a password is never sent back");
    let done = person.submit(&wrong, "/password/", &[("password", FIRST), ("password_again", FIRST)]).await;
    done.must_have("La password è conservata").must_have("non si può ancora usare");
    person.get(&format!("/password/{token}")).await.must_have("Hai già creato la password");
    builders::pay(&app, order).await;
    app.settle().await;
    person.get("/password/nonsense").await.must_have("Il collegamento non è valido");
    let other = app.browser().get(&format!("/password/{token}?lang=en")).await;
    other.must_have("You have created the password already");
    app.finish().await;
}

#[tokio::test]
async fn a_mailbox_signs_in_to_its_own_card_and_changes_its_password() {
    let (app, ..) = active().await;
    let mut holder = app.browser();
    let page = holder.get("/login").await;
    let card = holder.submit(&page, "/login", &[("username", ADDRESS), ("password", FIRST)]).await;
    assert_eq!(card.path, "/mailbox");
    card.must_have(ADDRESS).must_have("Standard").must_have("Giulia Bianchi");
    let other = holder.get("/account").await;
    assert_eq!(other.status, 403, "a mailbox sees nothing of the account");
    let mut elsewhere = app.browser();
    let page = elsewhere.get("/login").await;
    elsewhere.submit(&page, "/login", &[("username", ADDRESS), ("password", FIRST)]).await.must_have(ADDRESS);

    let change = holder.get("/mailbox/password").await;
    let fields = |old| [("old_password", old), ("password", SECOND), ("password_again", SECOND)];
    let wrong = holder.submit(&change, "/mailbox/password", &fields("Sbagliata-1")).await;
    assert_eq!(wrong.status, 422);
    let done = holder.submit(&wrong, "/mailbox/password", &fields(FIRST)).await;
    done.must_have("Password della casella cambiata.");
    assert_eq!(done.path, "/mailbox", "the session in which it was done stays");
    assert_ne!(elsewhere.get("/mailbox").await.path, "/mailbox", "the others end");
    let page = elsewhere.get("/login").await;
    let refused = elsewhere.submit(&page, "/login", &[("username", ADDRESS), ("password", FIRST)]).await;
    assert_eq!(refused.status, 422);
    app.settle().await;
    app.finish().await;
}

#[tokio::test]
async fn the_pages_of_a_reset() {
    let (app, ..) = active().await;
    let mut person = app.browser();
    let page = person.get("/mailbox/recover").await;
    let empty = person.submit(&page, "/mailbox/recover", &[]).await;
    assert_eq!(empty.status, 422);
    empty.must_have("Scrivi l’indirizzo intero della casella");
    let sent = person.submit(&empty, "/mailbox/recover", &[("address", ADDRESS), ("tax_code", TAX)]).await;
    sent.must_have("Controlla la tua e-mail").must_have("a•••••i@e•••••.org");
    app.settle().await;
    let path = format!("/mailbox/recover/{}", link(&app, "/mailbox/recover/"));
    let choose = person.get(&path).await;
    let reused = person.submit(&choose, "/mailbox/recover/", &[("password", FIRST), ("password_again", FIRST)]).await;
    assert_eq!(reused.status, 422);
    let to = person.post(&path, &[("password", SECOND), ("password_again", SECOND)]).await;
    assert_eq!(to.status, 403, "without the form's token nothing is done");
    person.submit(&reused, "/mailbox/recover/", &[("password", SECOND), ("password_again", SECOND)]).await;
    person.get(&path).await.must_have("Il collegamento non vale più");
    for path in ["/mailbox/password", "/account/mailboxes/mbx_x/password"] {
        let page = app.browser().send(http::Method::GET, path, None, Vec::new()).await;
        assert_ne!(page.status, 200, "{path} is not for visitors");
    }
}
