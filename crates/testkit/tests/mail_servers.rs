//! The main promise on real mail servers: what is bought can be used within a second of its payment, and not
//! before. Dovecot and Postfix are the system's own programs, on SQLite and on PostgreSQL.
// tidy: allow(clock) measures the second within which a mailbox must work

use std::{sync::Arc, time::Instant};

use adapters::plane::probe::{Target, prove_delivery, prove_login};
use app::{
    conversations::open_checkout::open_checkout,
    hashing::{Hashing, Options},
    use_cases::{
        addons::buy_addon::{BuyAddon, buy_addon},
        mailboxes::{
            ChangePassword, SetFirstPassword, change_password, first_password::NewPassword, move_on, probe,
            set_first_password,
        },
        wallet::start_top_up::{StartTopUp, start_top_up},
    },
    worker::Worker,
};
use domain::{
    id::MailboxId,
    mailbox::MailboxEvent,
    time::{HOUR_US, MINUTE_US},
};
use ports::{Ports, plane::MailboxPlane};
use store::{EngineKind, mailbox_life};
use testkit::{TestApp, builders, peers::mail_servers::MailServers};

store::sql!(LONGER = "UPDATE terms SET end_day = end_day + 366 WHERE mailbox_id = $1");
store::sql!(
    OWED_LATER = "UPDATE obligations SET way = 'manual', period_start = period_start + $2, due_day = period_start + $2 + 90 WHERE service_id = $1"
);
store::sql!(SMALL = "UPDATE mailboxes SET space_mib = 1 WHERE address = $1");

const ANNA: &str = "anna.verdi@pec.example.it";
const BRUNO: &str = "bruno-neri_2@pec.example.it";
const FIRST: &str = "Ponte-sul-lago-7";
const SECOND: &str = "Vento-di-mare-8";

struct Bench {
    app: TestApp,
    worker: Worker,
    servers: Arc<MailServers>,
}

impl Bench {
    async fn new(engine: EngineKind) -> Self {
        let app = TestApp::on(engine).await;
        app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
        let servers = Arc::new(MailServers::start(&app.db).await);
        let ports = Ports { plane: Arc::new(servers.plane()), ..app.ports.clone() };
        let worker = Worker::new(app.cx.clone(), ports);
        Self { app, worker, servers }
    }
    /// Talks to the servers on a thread that may wait.
    async fn ask<T: Send + 'static>(&self, f: impl FnOnce(&MailServers) -> T + Send + 'static) -> T {
        let servers = self.servers.clone();
        tokio::task::spawn_blocking(move || f(&servers)).await.expect("no panic in the client")
    }
    async fn settle(&self) {
        self.worker.drain().await.expect("the worker reads and writes");
    }
    /// The token of the newest link to this address.
    fn link_to(&self, to: &str) -> String {
        let mail = self.app.mailer.last_to(to).unwrap_or_else(|| panic!("a mail to {to}"));
        let (_, rest) = mail.text.split_once("/password/").expect("a link in the mail");
        rest.split_whitespace().next().expect("a token").to_owned()
    }
    async fn first_password(&self, local: &str, password: &str) -> bool {
        let new = NewPassword { password: password.into(), again: password.into() };
        let input = SetFirstPassword { token: self.link_to(&format!("{local}@example.org")), new };
        set_first_password(&self.app.cx, input).await.expect("the password is taken").usable
    }
}

/// Before the payment nothing of the mailbox can be used, also with its password chosen.
async fn nothing_before_the_payment(bench: &Bench) {
    assert!(!bench.first_password("anna.verdi", FIRST).await, "the password waits");
    bench
        .ask(|s| {
            assert!(!s.may_login(ANNA, FIRST));
            assert_eq!(s.submit(ANNA, FIRST, ANNA, ANNA, "early@x").0, 535);
            assert_eq!(s.smtp("a@elsewhere.example", ANNA, "early@x").0, 550);
            assert_eq!(s.lmtp(ANNA, "early@x").0, 550);
        })
        .await;
}

async fn everything_after_it(bench: &Bench, quota_kib: i64) {
    bench
        .ask(move |s| {
            assert!(!s.may_login(ANNA, "Ponte-sul-lago-8"), "a wrong password");
            assert!(!s.may_login(ANNA, "ponte-sul-lago-7"), "capitals count in passwords");
            assert!(s.may_login("Anna.Verdi@PEC.example.it", FIRST), "but not in addresses");
            let mut imap = s.imap();
            assert!(imap.login(ANNA, FIRST).unwrap());
            assert_eq!(imap.quota_kib().unwrap(), (0, quota_kib));
            assert_eq!(s.lmtp(ANNA, "lmtp@x").0, 250);
            assert!(s.arrives(ANNA, FIRST, "lmtp@x"));
            assert_eq!(s.smtp("a@elsewhere.example", "ANNA.verdi@pec.example.it", "smtp@x").0, 250);
            assert!(s.arrives(ANNA, FIRST, "smtp@x"), "{}", s.logs());
            assert_eq!(s.submit(ANNA, FIRST, ANNA, ANNA, "sub@x").0, 250);
            assert!(s.arrives(ANNA, FIRST, "sub@x"), "{}", s.logs());
            assert_eq!(s.submit_starttls(ANNA, FIRST, ANNA, "starttls@x").0, 250);
            assert!(s.arrives(ANNA, FIRST, "starttls@x"), "{}", s.logs());
            assert_eq!(s.pop3_messages(ANNA, FIRST), Some(4));
            assert_eq!(s.pop3_messages(ANNA, "wrong"), None);
        })
        .await;
}

/// What lies unread, for the text messages: asked of the servers themselves.
async fn unread_is_counted(bench: &Bench) {
    let unread = async || bench.servers.plane().unread(ANNA).await.expect("doveadm answers");
    let before = unread().await.expect("the mailbox is there");
    bench
        .ask(|s| {
            assert_eq!(s.lmtp(ANNA, "unread@x").0, 250);
            assert!(s.arrives(ANNA, FIRST, "unread@x"));
        })
        .await;
    assert_eq!(unread().await, Some(before + 1));
    bench
        .ask(|s| {
            let mut imap = s.imap();
            assert!(imap.login(ANNA, FIRST).unwrap());
            let number = imap.wait_for("unread@x").expect("it lies there");
            imap.command(&format!("STORE {number} +FLAGS (\\Seen)")).expect("the server answers");
        })
        .await;
    assert_eq!(unread().await, Some(before), "it was read");
    let nobody = bench.servers.plane().unread("nobody@pec.example.it").await;
    assert_eq!(nobody.expect("doveadm answers"), None, "nobody there");
}

async fn nobody_sends_under_another_name(bench: &Bench) {
    bench
        .ask(|s| {
            assert_eq!(s.submit(ANNA, FIRST, BRUNO, ANNA, "forged@x").0, 553, "a customer's address");
            assert_eq!(s.submit(ANNA, FIRST, "x@elsewhere.example", ANNA, "forged@x").0, 553);
            assert_eq!(s.submit(ANNA, FIRST, "", ANNA, "forged@x").0, 554, "the empty sender");
            assert_eq!(s.submit(ANNA, "wrong", ANNA, ANNA, "forged@x").0, 535);
            assert_eq!(s.smtp(ANNA, "x@elsewhere.example", "relay@x").0, 554, "no open relay");
            assert_eq!(s.smtp("a@b.example", "nobody@pec.example.it", "nobody@x").0, 550);
            for never in ["o'neill@pec.example.it", "anna.verdi+x@pec.example.it"] {
                assert!(!s.may_login(never, FIRST), "{never}");
                assert_eq!(s.smtp("a@b.example", never, "never@x").0, 550, "{never}");
            }
        })
        .await;
}

async fn a_new_password_works_at_once(bench: &Bench, customer: &builders::Customer, anna: MailboxId) {
    let new = NewPassword { password: SECOND.into(), again: SECOND.into() };
    let change = ChangePassword { mailbox: anna, old: FIRST.into(), new, keep: None };
    change_password(&customer.cx, change).await.expect("the password is changed");
    bench
        .ask(|s| {
            assert!(!s.may_login(ANNA, FIRST), "the old one ended");
            assert!(s.may_login(ANNA, SECOND), "the new one counts");
            assert_eq!(s.submit(ANNA, FIRST, ANNA, ANNA, "old@x").0, 535);
        })
        .await;
}

/// The largest hash that the platform may be configured for must pass the servers' memory limit.
async fn a_hash_of_64_mib_passes(bench: &Bench, anna: MailboxId) {
    let costly = Hashing::start(Options { slots: 1, memory_kib: 65_536, ..Options::default() });
    let hash = costly.hash("Costa-molta-memoria-9", [9; 16]).await.expect("hashed");
    let now = bench.app.cx.now();
    let set = bench.app.cx.write(async move |tx| Ok(mailbox_life::set_password(tx, anna, &hash, now).await?));
    set.await.expect("written");
    bench.ask(|s| assert!(s.may_login(ANNA, "Costa-molta-memoria-9"), "{}", s.logs())).await;
}

/// A renewal counts at once: nothing is copied to the servers.
async fn renewed_it_sends_within_a_second(bench: &Bench, anna: MailboxId, password: &'static str) {
    let cx = bench.app.cx.clone();
    // tidy: allow(clock) a stopwatch
    let renewed = Instant::now();
    let done = bench.app.cx.write(async move |tx| {
        tx.exactly_one(&LONGER, store::args![anna]).await?;
        tx.exactly_one(&OWED_LATER, store::args![anna, 366]).await?;
        move_on::apply(tx, &cx, anna, MailboxEvent::Renewed).await
    });
    done.await.expect("it is renewed");
    bench.ask(move |s| assert_eq!(s.submit(ANNA, password, ANNA, ANNA, "renewed@x").0, 250, "{}", s.logs())).await;
    let took = renewed.elapsed();
    println!("from the renewal to the first message sent {} ms", took.as_millis());
    assert!(took.as_millis() < 1000, "{took:?}");
    bench.app.clock.advance_us(366 * domain::time::DAY_US);
    bench.worker.reconcile_all().await.expect("the night runs");
    bench.ask(move |s| assert_eq!(s.submit(ANNA, password, ANNA, ANNA, "again@x").0, 554, "expired again")).await;
}

async fn expiry_and_end(bench: &Bench, anna: MailboxId, password: &'static str) {
    // Nobody pays for it by itself.
    let by_hand = bench.app.cx.write(async move |tx| Ok(tx.exactly_one(&OWED_LATER, store::args![anna, 0]).await?));
    by_hand.await.expect("its card is not charged");
    bench.app.clock.advance_us(366 * domain::time::DAY_US);
    bench.worker.reconcile_all().await.expect("reconcilers run");
    bench.settle().await;
    bench
        .ask(move |s| {
            assert!(s.may_login(ANNA, password), "expired: reads");
            assert_eq!(s.smtp("a@elsewhere.example", ANNA, "expired@x").0, 250, "expired: receives");
            assert!(s.arrives(ANNA, password, "expired@x"), "{}", s.logs());
            let (code, words) = s.submit(ANNA, password, ANNA, ANNA, "expired-sub@x");
            assert_eq!(code, 554, "expired: does not send");
            assert!(words.contains("expired"), "and is told why: {words}");
            assert_eq!(s.submit(ANNA, password, "", ANNA, "expired-sub@x").0, 554);
        })
        .await;
    renewed_it_sends_within_a_second(bench, anna, password).await;
    let kept = bench.ask(|s| s.messages_on_disk("anna.verdi")).await;
    assert!(kept >= 6, "its messages lie on the disk: {kept}");
    bench.app.clock.advance_us(91 * domain::time::DAY_US);
    bench.worker.reconcile_all().await.expect("reconcilers run");
    bench.settle().await;
    bench
        .ask(move |s| {
            assert!(!s.may_login(ANNA, password), "cancelled");
            assert_eq!(s.smtp("a@elsewhere.example", ANNA, "gone@x").0, 550);
            assert_eq!(s.lmtp(ANNA, "gone@x").0, 550);
            assert_eq!(s.submit(ANNA, password, ANNA, ANNA, "gone@x").0, 535);
        })
        .await;
    let usage = bench.servers.plane().usage(ANNA).await.expect("doveadm answers").expect("still seen by doveadm");
    assert_eq!((usage.used_kib, usage.messages), (0, 0), "its content is gone");
    assert_eq!(bench.ask(|s| s.messages_on_disk("anna.verdi")).await, 0, "from the disk too");
}

async fn the_promise(engine: EngineKind) {
    let bench = Bench::new(engine).await;
    let customer = builders::customer(&bench.app, 100_001, "BNCGLI80A41F205X").await;
    let order = builders::order(&customer, &["anna.verdi", "bruno-neri_2"], "pec.example.it").await;
    bench.settle().await;
    nothing_before_the_payment(&bench).await;

    builders::pay_by_card(&bench.app, &customer, order).await;
    // tidy: allow(clock) a stopwatch
    let paid = Instant::now();
    bench.settle().await;
    bench.ask(|s| assert!(s.may_login(ANNA, FIRST), "{}", s.logs())).await;
    let took = paid.elapsed();
    println!("{engine:?}: from the webhook to the first sign-in {} ms", took.as_millis());
    assert!(took.as_millis() < 1000, "{took:?}");

    everything_after_it(&bench, 1024 * 1024).await;
    unread_is_counted(&bench).await;
    nobody_sends_under_another_name(&bench).await;
    bench
        .ask(|s| {
            assert!(!s.may_login(BRUNO, ""), "no password chosen yet");
            assert_eq!(s.smtp("a@elsewhere.example", BRUNO, "waits@x").0, 250, "but it receives");
        })
        .await;
    assert!(bench.first_password("bruno-neri_2", FIRST).await, "active already");
    bench.ask(|s| assert!(s.arrives(BRUNO, FIRST, "waits@x"), "{}", s.logs())).await;

    let mut q = bench.app.cx.store();
    let anna = mailbox_life::for_reset(&mut q, ANNA).await.expect("read").expect("it lives").id;
    a_new_password_works_at_once(&bench, &customer, anna).await;
    a_hash_of_64_mib_passes(&bench, anna).await;
    expiry_and_end(&bench, anna, "Costa-molta-memoria-9").await;
    bench.app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_bought_works_on_sqlite() {
    the_promise(EngineKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_bought_works_on_postgres() {
    the_promise(EngineKind::Postgres).await;
}

/// What `ceralacca doctor` does, and what it says when the servers read another database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_probe_proves_the_servers() {
    let bench = Bench::new(EngineKind::Sqlite).await;
    let open = probe::open(&bench.app.cx).await.expect("a probe");
    let target = bench.servers.target();
    let (user, password) = (open.address.clone(), open.password.clone());
    bench
        .ask(move |_| {
            prove_login(&target, &user, &password).unwrap();
            prove_delivery(&target, &user, &password, "doctor@x").unwrap();
            let refused = prove_login(&target, "probe--0@pec.example.it", &password).unwrap_err();
            assert!(refused.contains("do the servers read this database?"), "{refused}");
            let nobody = Target { imap_port: 1, ..target };
            assert!(prove_login(&nobody, &user, &password).is_err());
        })
        .await;
    probe::close(&bench.app.cx, &open).await.expect("removed");
}

/// A full mailbox is read and receives, but cannot send until there is room in it (domain notes 4.4).
async fn a_full_one_cannot_send(engine: EngineKind) {
    let bench = Bench::new(engine).await;
    let customer = builders::customer(&bench.app, 100_001, "BNCGLI80A41F205X").await;
    let order = builders::order(&customer, &["anna.verdi"], "pec.example.it").await;
    bench.settle().await;
    bench.first_password("anna.verdi", FIRST).await;
    builders::pay_by_card(&bench.app, &customer, order).await;
    bench.settle().await;
    // One MiB is soon full.
    let small = bench.app.cx.write(async |tx| Ok(tx.exactly_one(&SMALL, store::args![ANNA]).await?));
    small.await.expect("its space is small");
    let counted = async |after: i64| {
        bench.app.clock.advance_us(after);
        bench.worker.reconcile_all().await.expect("the reconcilers run");
        bench.settle().await;
    };
    bench
        .ask(|s| {
            assert_eq!(s.submit(ANNA, FIRST, ANNA, ANNA, "room@x").0, 250);
            let text = format!("Subject: full\r\n\r\n{}", ("x".repeat(70) + "\r\n").repeat(200 * 1024 / 72));
            for _ in 0..6 {
                let (code, words) = s.lmtp_session().send("a@elsewhere.example", ANNA, &text).unwrap();
                assert_eq!(code, 250, "it receives beyond its space: {words}");
            }
        })
        .await;
    counted(6 * HOUR_US + MINUTE_US).await;
    bench
        .ask(|s| {
            let (code, words) = s.submit(ANNA, FIRST, ANNA, "x@pec.example.it", "full@x");
            assert_eq!(code, 554, "full: does not send");
            assert!(words.contains("full"), "and is told why: {words}");
            assert!(s.may_login(ANNA, FIRST), "full: reads");
            assert_eq!(s.smtp("a@elsewhere.example", ANNA, "more@x").0, 250, "full: receives");
            let mut imap = s.imap();
            assert!(imap.login(ANNA, FIRST).unwrap());
            for command in ["SELECT INBOX", "STORE 1:* +FLAGS.SILENT (\\Deleted)", "EXPUNGE"] {
                let done = imap.command(command).unwrap().pop().unwrap();
                assert!(done.starts_with("OK"), "{command}: {done}");
            }
        })
        .await;
    assert_eq!(bench.app.mailer.to("customer100001@example.org", "è piena e non può spedire").len(), 1);
    counted(11 * MINUTE_US).await;
    bench.ask(|s| assert_eq!(s.submit(ANNA, FIRST, ANNA, ANNA, "room-again@x").0, 250, "{}", s.logs())).await;
    bench.app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_mailbox_cannot_send_on_sqlite() {
    a_full_one_cannot_send(EngineKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_mailbox_cannot_send_on_postgres() {
    a_full_one_cannot_send(EngineKind::Postgres).await;
}

/// A full mailbox takes no more from its owner but still receives, up to twice its space (domain notes 4.4).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_mailbox_still_receives() {
    let bench = Bench::new(EngineKind::Sqlite).await;
    let cx = bench.app.cx.clone();
    // The probe's space is one MiB: small enough to fill.
    let probe = probe::open(&cx).await.expect("a probe");
    let (user, password) = (probe.address.clone(), probe.password.clone());
    bench
        .ask(move |s| {
            let line = "x".repeat(70) + "\r\n";
            let fill = |n: usize| format!("Subject: full\r\n\r\n{}", line.repeat(n * 1024 / 72));
            let mut imap = s.imap();
            assert!(imap.login(&user, &password).unwrap());
            let mut lmtp_until_refused = 0;
            while lmtp_until_refused < 20 {
                let mut lmtp = s.lmtp_session();
                let (code, words) = lmtp.send("a@elsewhere.example", &user, &fill(200)).unwrap();
                if code != 250 {
                    assert_eq!(code, 552, "{words}");
                    break;
                }
                lmtp_until_refused += 1;
            }
            let (used, limit) = imap.quota_kib().unwrap();
            assert_eq!(limit, 1024);
            assert!(used > 1024 && used <= 2048, "it received beyond its space: {used}");
            assert!((6..=10).contains(&lmtp_until_refused), "{lmtp_until_refused}");
            imap.command("SELECT INBOX").unwrap();
            let copied = imap.command("COPY 1 Trash").unwrap().pop().unwrap();
            assert!(copied.starts_with("NO [OVERQUOTA]"), "its owner puts nothing more into it: {copied}");
            assert_eq!(s.smtp("a@elsewhere.example", &user, "small@x").0, 250, "a small one still fits");
        })
        .await;
    probe::close(&cx, &probe).await.expect("the probe is removed");
    let (user, password) = (probe.address, probe.password);
    bench.ask(move |s| assert!(!s.may_login(&user, &password), "the probe is gone")).await;
}

/// The old guide's example: the GB bought on 01/10/2016 with €8,48 of credit is there at once (domain notes 5.3).
async fn space_bought_with_credit(engine: EngineKind) {
    const ROSSI: &str = "mario.rossi@pec.ordine.example.it";
    let bench = Bench::new(engine).await;
    let day = |iso: &str| domain::time::Date::parse_iso(iso).expect("a date").at(9, 0);
    bench.app.clock.set(day("2016-03-30"));
    let given = builders::give(&bench.app, "mario.rossi").await;
    bench.settle().await;
    let holder = bench.app.cx.by(domain::actor::Actor::Mailbox { mailbox: given });
    let (amount, key) = ("8,48".to_owned(), "form-key-1".to_owned());
    let asked = StartTopUp { mailbox: given, amount, wanted: None, key };
    let order = start_top_up(&holder, asked).await.expect("the top-up begins");
    let page = open_checkout(&holder, &bench.app.ports, order, app::use_cases::payments::Means::Card)
        .await
        .expect("the gateway opens a page");
    builders::approve(&bench.app, &page).await;
    bench.settle().await;

    bench.app.clock.set(day("2016-10-01"));
    let quota = |s: &MailServers| {
        let mut imap = s.imap();
        assert!(imap.login(ROSSI, builders::MEMBER_PASSWORD).unwrap(), "{}", s.logs());
        imap.quota_kib().unwrap().1
    };
    assert_eq!(bench.ask(quota).await, 1024 * 1024);
    let (service, shown) = ("extra_space".to_owned(), domain::money::Money::cents(305));
    let wish = BuyAddon { mailbox: given, service, gb: 1, shown, have_gb: 0, key: "form-key-2".into() };
    buy_addon(&holder, wish).await.expect("the credit is enough");
    // Nothing is left to be done: the servers read what the purchase wrote.
    assert_eq!(bench.ask(quota).await, 2 * 1024 * 1024);
    let member = app::queries::holder_area::member(&holder).await.expect("read").expect("under the agreement");
    assert_eq!(member.posted_cents, domain::money::Money::cents(543));
    bench.settle().await;
    bench.app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn space_bought_with_credit_is_there_at_once_on_sqlite() {
    space_bought_with_credit(EngineKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn space_bought_with_credit_is_there_at_once_on_postgres() {
    space_bought_with_credit(EngineKind::Postgres).await;
}
