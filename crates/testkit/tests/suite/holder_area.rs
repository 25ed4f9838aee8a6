//! The area of the holder of a mailbox under an agreement: credit, add-ons, outcomes, data.

use app::{
    Cx,
    queries::transfers::movements,
    rows::From,
    use_cases::{
        addons::buy_addon::{BuyAddon, buy_addon},
        payments::{Means, accept_event::accept_event, open_checkout},
        transfers::{
            decide_movement::{Choice, decide_movement},
            take_statement::take_statement,
        },
        wallet::start_top_up::{StartTopUp, start_top_up},
    },
};
use domain::{
    id::{MailboxId, OrderId, TransferId},
    ledger::{AccountKey, AccountKind, CauseKind, Entry, Leg},
    money::Money,
    time::{Date, MINUTE_US},
};
use http::StatusCode;
use ports::payment::{PaymentGateway, PlayGateway};
use store::{Batch, ledger, row, sql};
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::people;

const NAME: &str = "mario.rossi";
const ADDRESS: &str = "mario.rossi@pec.ordine.example.it";

row! { struct QuotaRow { quota_bytes: i64, may_send: bool } }
sql!(QUOTA = "SELECT quota_bytes, may_send FROM mail_accounts WHERE address = $1", QuotaRow);
sql!(END_ADDONS = "UPDATE addons SET state = 'ended'");
sql!(MOVE_TERM = "UPDATE terms SET end_day = $2 WHERE mailbox_id = $1");
sql!(CLOSE = "UPDATE agreements SET purchases = FALSE");
sql!(DEARER = "UPDATE prices SET net_cents = 300 WHERE product_code = 'extra_space'");
sql!(WITHOUT_VAT = "UPDATE prices SET vat_bp = 0 WHERE product_code = 'extra_space'");

fn day(iso: &str) -> Date {
    Date::parse_iso(iso).expect("a date")
}

/// The member of the old guide: mailbox of 30/03/2016, so that it ends on 30/03/2017; on `today`, with this credit.
struct Guide {
    app: TestApp,
    mailbox: MailboxId,
    holder: Cx,
}

impl Guide {
    async fn on(today: &str, credit_cents: i64) -> Self {
        let app = TestApp::new().await;
        app.clock.set(day("2016-03-30").at(9, 0));
        let (mailbox, holder) = builders::member(&app, NAME).await;
        app.clock.set(day(today).at(10, 0));
        let guide = Self { app, mailbox, holder };
        if credit_cents > 0 {
            guide.correct(credit_cents).await;
        }
        guide
    }
    /// An operator's entry.
    async fn correct(&self, cents: i64) {
        let (cx, amount) = (self.app.cx.clone(), Money::cents(cents));
        let party = self.party().await;
        let done = self.app.cx.write(async move |tx| {
            let leg = |account, amount| Leg { account, amount };
            let legs = vec![
                leg(AccountKey::of(AccountKind::CustomerCredit, party), amount),
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
    async fn party(&self) -> domain::id::PartyId {
        let row = store::agreements::member(&mut self.app.cx.store(), self.mailbox).await.expect("it is read");
        row.expect("the mailbox is under the agreement").party_id
    }
    async fn credit(&self) -> i64 {
        let row = store::agreements::member(&mut self.app.cx.store(), self.mailbox).await.expect("it is read");
        row.expect("the mailbox is under the agreement").posted_cents.as_cents()
    }
    async fn quota_gib(&self) -> i64 {
        let row = self.app.cx.store().one(&QUOTA, &[ADDRESS.into()]).await.expect("the servers see it");
        row.quota_bytes >> 30
    }
    async fn sign_in(&self) -> Browser {
        let mut browser = self.app.browser();
        let page = browser.get("/login").await;
        let fields = [("username", ADDRESS), ("password", builders::MEMBER_PASSWORD)];
        let home = browser.submit(&page, "/login", &fields).await;
        assert_eq!(home.path, "/mailbox", "{}", home.text());
        browser
    }
    fn wish(&self, service: &str, gb: i64, shown: i64, have_gb: i64, key: &str) -> BuyAddon {
        let (service, key) = (service.to_owned(), format!("form-key-{key}"));
        BuyAddon { mailbox: self.mailbox, service, gb, shown: Money::cents(shown), have_gb, key }
    }
    async fn end(self) {
        self.app.settle().await;
        let books = app::books::prove(&self.app.cx).await.expect("the books can be read");
        assert!(books.iter().all(|c| c.ok), "the books are wrong: {books:?}");
        self.app.finish().await;
    }
}

async fn choose(browser: &mut Browser, service: &str, gb: &str) -> Page {
    let page = browser.get("/mailbox/addons/new").await;
    browser.submit(&page, "/mailbox/addons/new", &[("service", service), ("gb", gb), ("update", "1")]).await
}

#[tokio::test]
async fn the_old_guide_from_beginning_to_end() {
    let guide = Guide::on("2016-10-01", 848).await;
    let mut browser = guide.sign_in().await;
    let home = browser.get("/mailbox").await;
    assert_eq!(home.texts(".cl-as"), [format!("autenticato come: Mario Rossi · {ADDRESS}")]);
    for words in [ADDRESS, "Il tuo credito residuo", "€8,48", "30/3/2017"] {
        home.must_have(words);
    }
    let card = browser.get("/mailbox/card").await;
    for words in ["Certificato", "Casella PEC Standard", "1 GB base + 0 GB extra", "NO", "30/3/2016"] {
        card.must_have(words);
    }
    card.must_have("Non è stato trovato nessun elemento.");
    assert_eq!(guide.quota_gib().await, 1);
    let priced = choose(&mut browser, "extra_space", "1").await;
    priced.must_have("€3,05").must_have("1 GB × 1 anno × €2,50").must_have("€5,43");
    // The second tab was opened before the purchase.
    let second_tab = choose(&mut browser, "extra_space", "1").await;
    let done = browser.submit(&priced, "/mailbox/addons/new", &[("confirm", "1")]).await;
    assert_eq!(done.path, "/mailbox/card");
    done.must_have("€5,43").must_have("1 GB base + 1 GB extra").must_have("Spazio extra inbox, 1 GB");
    assert_eq!((guide.quota_gib().await, guide.credit().await), (2, 543), "at once");
    let again = browser.submit(&priced, "/mailbox/addons/new", &[("confirm", "1")]).await;
    assert_eq!((again.path.as_str(), guide.credit().await), ("/mailbox/card", 543), "pressed twice, bought once");
    let stale = browser.submit(&second_tab, "/mailbox/addons/new", &[("confirm", "1")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    stale.must_have("Intanto la casella è cambiata");
    assert_eq!(guide.credit().await, 543);
    browser.get("/mailbox/credit/statement").await.must_have("Acquisto").must_have("€5,43").must_have("€8,48");
    let csv = browser.get("/mailbox/credit/statement.csv").await;
    assert!(csv.body.contains(";-3,05;5,43"), "{}", csv.body);
    browser.get("/mailbox/operations").await.must_have("Spazio extra inbox, 1 GB fino al 30/3/2017.").must_have("OK");
    let outcomes = browser.get("/mailbox/operations?outcome=ko").await;
    outcomes.must_have("Non è stato trovato nessun elemento.");
    guide.app.settle().await;
    let mail = guide.app.mailer.sent().into_iter().rev().find(|m| m.to == "mario.rossi@example.it").expect("a mail");
    assert!(mail.text.contains("€3,05") && mail.text.contains("1 GB × 1 anno × €2,50"), "{}", mail.text);
    guide.end().await;
}

#[tokio::test]
async fn in_the_last_three_months_it_is_free_until_the_mailbox_ends() {
    let guide = Guide::on("2017-01-15", 0).await;
    let mut browser = guide.sign_in().await;
    let priced = choose(&mut browser, "extra_space", "1").await;
    priced.must_have("Gratuito").must_have("€3,05");
    let done = browser.submit(&priced, "/mailbox/addons/new", &[("confirm", "1")]).await;
    done.must_have("Servizio attivato gratuitamente").must_have("Attivo, gratuito");
    assert_eq!((guide.quota_gib().await, guide.credit().await), (2, 0));
    guide.app.settle().await;
    let mail = guide.app.mailer.sent().into_iter().rev().find(|m| m.to == "mario.rossi@example.it").expect("a mail");
    assert!(
        mail.text.contains("€0,00") && mail.text.contains("€3,05") && mail.text.contains("30/3/2017"),
        "{}",
        mail.text
    );
    let outcomes = browser.get("/mailbox/operations").await;
    outcomes.must_have("Attivazione gratuita").must_have("€0,00");
    let order = outcomes.attrs("a", "href").into_iter().find(|h| h.starts_with("/mailbox/orders/")).expect("its order");
    browser.get(&order).await.must_have("Gratuito").must_have("€0,00");
    // More of it while it runs is free too; what was not renewed is not free the next year.
    buy_addon(&guide.holder, guide.wish("extra_space", 1, 0, 1, "2")).await.expect("the added GB are free");
    let store = guide.app.cx.clone();
    let mailbox = guide.mailbox;
    let next_year = day("2018-03-30");
    store
        .write(async move |tx| {
            tx.run(&END_ADDONS, &[]).await?;
            Ok(tx.run(&MOVE_TERM, &[mailbox.into(), next_year.into()]).await?)
        })
        .await
        .expect("the night has passed");
    guide.app.clock.set(day("2018-02-01").at(10, 0));
    let asked = buy_addon(&guide.holder, guide.wish("extra_space", 1, 0, 0, "3")).await;
    assert!(asked.is_err_and(|p| p.is("price-changed")), "a year is charged");
    let short = buy_addon(&guide.holder, guide.wish("extra_space", 1, 305, 0, "4")).await;
    assert!(short.is_err_and(|p| p.is("credit-short") && p.args["missing"] == "305"));
    guide.end().await;
}

#[tokio::test]
async fn a_purchase_without_credit_leads_to_a_top_up_and_is_resumed() {
    let guide = Guide::on("2016-10-01", 848).await;
    let mut browser = guide.sign_in().await;
    let priced = choose(&mut browser, "extra_space", "3").await;
    priced.must_have("€9,15").must_have("mancano €0,67");
    assert!(!priced.body.contains("name=\"confirm\""), "nothing to confirm while credit lacks");
    let forced = buy_addon(&guide.holder, guide.wish("extra_space", 3, 915, 0, "1")).await;
    assert!(forced.is_err_and(|p| p.is("credit-short")));
    let page = browser.get("/mailbox/credit?service=extra_space&gb=3").await;
    page.must_have("Importo mancante: €5,00");
    let wrong = browser.submit(&page, "/mailbox/credit", &[("amount", "4,99")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.must_have("tra 5 e 500 euro");
    let bank = browser.submit(&wrong, "/mailbox/credit", &[("quick", "500")]).await;
    assert!(bank.path.starts_with("/demo/gateway/"), "{}", bank.path);
    browser.get("/mailbox/operations").await.must_have("IN CORSO");
    builders::approve(&guide.app, &bank.path).await;
    guide.app.settle().await;
    let order = order_of(&guide).await;
    let back = browser.get(&format!("/mailbox/credit/{order}/wait")).await;
    assert_eq!(back.path, "/mailbox/addons/new?service=extra_space&gb=3");
    back.must_have("Ricarica riuscita.").must_have("€9,15").must_have("€13,48");
    let done = browser.submit(&back, "/mailbox/addons/new", &[("confirm", "1")]).await;
    assert_eq!((done.path.as_str(), guide.credit().await, guide.quota_gib().await), ("/mailbox/card", 433, 4));
    // An hour later the purchase is not kept any more.
    guide.app.clock.advance_us(61 * MINUTE_US);
    let mut browser = guide.sign_in().await;
    let late = browser.get(&format!("/mailbox/credit/{order}/wait")).await;
    assert_eq!(late.path, "/mailbox/credit/statement");
    guide.end().await;
}

sql!(NEWEST_TOPUP = "SELECT order_id FROM topups ORDER BY order_id DESC LIMIT 1", OrderId);
async fn order_of(guide: &Guide) -> OrderId {
    guide.app.cx.store().one(&NEWEST_TOPUP, &[]).await.expect("a top-up")
}

#[tokio::test]
async fn the_price_is_computed_again_and_closed_agreements_sell_nothing() {
    let guide = Guide::on("2016-10-01", 848).await;
    let mut browser = guide.sign_in().await;
    let priced = choose(&mut browser, "extra_space", "1").await;
    let cx = guide.app.cx.clone();
    cx.write(async move |tx| Ok(tx.run(&DEARER, &[]).await?)).await.expect("a dearer price");
    let changed = browser.submit(&priced, "/mailbox/addons/new", &[("confirm", "1")]).await;
    assert_eq!(changed.status, StatusCode::UNPROCESSABLE_ENTITY);
    changed.must_have("€3,05").must_have("€3,66");
    cx.write(async move |tx| Ok(tx.run(&CLOSE, &[]).await?)).await.expect("the agreement closes");
    let closed = browser.submit(&changed, "/mailbox/addons/new", &[("confirm", "1")]).await;
    closed.must_have("La convenzione non è aperta a nuovi acquisti.");
    assert_eq!(guide.credit().await, 848);
    for (gb, code) in [(0, "addon-amount"), (6, "addon-amount"), (-1, "addon-amount")] {
        let wish = guide.wish("legal_storage", gb, 0, 0, "9");
        let refused = buy_addon(&guide.holder, wish).await;
        assert!(refused.is_err_and(|p| p.is("agreement-closed") || p.fields.iter().any(|f| f.code == code)));
    }
    let unknown = buy_addon(&guide.holder, guide.wish("extra_archive", 1, 0, 0, "8")).await;
    assert!(unknown.is_err_and(|p| p.fields.iter().any(|f| f.code == "addon-unknown")), "a Standard has no archive");
    guide.end().await;
}

#[tokio::test]
async fn two_purchases_in_the_same_second_with_credit_for_one() {
    let guide = Guide::on("2016-10-01", 305).await;
    let one = buy_addon(&guide.holder, guide.wish("extra_space", 1, 305, 0, "1"));
    let two = buy_addon(&guide.holder, guide.wish("extra_space", 1, 305, 0, "2"));
    let (one, two) = tokio::join!(one, two);
    let (bought, refused): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
    assert_eq!((bought.len(), guide.credit().await, guide.quota_gib().await), (1, 0, 2));
    assert!(refused[0].as_ref().is_err_and(|p| p.is("addon-changed") || p.is("credit-short")), "{refused:?}");
    guide.end().await;
}

/// Then the books have two legs of it, and no third for the tax.
#[tokio::test]
async fn a_price_without_vat_is_taken_out_of_credit_that_is_there() {
    let guide = Guide::on("2016-10-01", 250).await;
    let cx = guide.app.cx.clone();
    cx.write(async move |tx| Ok(tx.run(&WITHOUT_VAT, &[]).await?)).await.expect("another rate");
    let one = buy_addon(&guide.holder, guide.wish("extra_space", 1, 250, 0, "1"));
    let two = buy_addon(&guide.holder, guide.wish("extra_space", 1, 250, 0, "2"));
    let (one, two) = tokio::join!(one, two);
    let (bought, refused): (Vec<_>, Vec<_>) = [one, two].into_iter().partition(Result::is_ok);
    assert_eq!((bought.len(), guide.credit().await, guide.quota_gib().await), (1, 0, 2));
    assert!(refused[0].as_ref().is_err_and(|p| p.is("addon-changed") || p.is("credit-short")), "{refused:?}");
    guide.end().await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_at_once_buys_once() {
    let guide = Guide::on("2016-10-01", 848).await;
    let send = || buy_addon(&guide.holder, guide.wish("extra_space", 1, 305, 0, "1"));
    let (one, two) = tokio::join!(send(), send());
    let (one, two) = (one.expect("there is credit"), two.expect("it is the same form"));
    assert_eq!((one.order, one.already), (two.order, !two.already));
    assert_eq!((guide.credit().await, guide.quota_gib().await), (848 - 305, 2));
    guide.end().await;
}

/// A card page that was opened for a top-up, by its attempt's address.
async fn opened(guide: &Guide, amount: &str, key: &str) -> (OrderId, String) {
    let asked = StartTopUp { mailbox: guide.mailbox, amount: amount.into(), wanted: None, key: key.into() };
    let order = start_top_up(&guide.holder, asked.clone()).await.expect("the amount is right");
    assert_eq!(start_top_up(&guide.holder, asked).await, Ok(order), "the same form is the same top-up");
    let url =
        open_checkout(&guide.holder, &guide.app.ports, order, Means::Card).await.expect("the gateway opens a page");
    (order, url)
}

#[tokio::test]
async fn an_event_three_times_at_once_tops_up_once() {
    let guide = Guide::on("2016-10-01", 0).await;
    let (order, url) = opened(&guide, "8,48", "form-key-1").await;
    let same = open_checkout(&guide.holder, &guide.app.ports, order, Means::Card).await.expect("it is open already");
    assert_eq!(same, url);
    let attempt = url.rsplit('/').next().expect("a path").parse().expect("an attempt");
    guide.app.gateway.choose(attempt, "approve").expect("the bank says yes");
    let event = guide.app.gateway.drain().remove(0);
    let headers = event.headers();
    let accept = || accept_event(&guide.app.cx, "simulated", guide.app.gateway.events(), &headers, event.body.clone());
    let (first, second, third) = tokio::join!(accept(), accept(), accept());
    assert!([first, second, third].iter().all(Result::is_ok));
    guide.app.settle().await;
    assert_eq!(guide.credit().await, 848);
    guide.app.clock.advance_us(10 * MINUTE_US);
    guide.app.worker.reconcile_all().await.expect("the reconcilers run");
    guide.app.settle().await;
    assert_eq!((guide.credit().await, guide.app.gateway.moved()), (848, (1, 0)));
    let paid = open_checkout(&guide.holder, &guide.app.ports, order, Means::Card).await;
    assert!(paid.is_err_and(|p| p.is("order-already-paid")));
    guide.end().await;
}

#[tokio::test]
async fn a_refused_card_leaves_an_outcome_and_no_entry() {
    let guide = Guide::on("2016-10-01", 0).await;
    let mut browser = guide.sign_in().await;
    let (order, url) = opened(&guide, "20", "form-key-1").await;
    let attempt = url.rsplit('/').next().expect("a path").parse().expect("an attempt");
    guide.app.gateway.choose(attempt, "decline").expect("the bank says no");
    for event in guide.app.gateway.drain() {
        let verifier = guide.app.gateway.events();
        accept_event(&guide.app.cx, "simulated", verifier, &event.headers(), event.body).await.expect("it is ours");
    }
    guide.app.settle().await;
    let told = browser.get(&format!("/mailbox/credit/{order}/wait")).await;
    assert_eq!(told.path, "/mailbox/credit");
    told.must_have("La ricarica non è riuscita");
    browser.get("/mailbox/operations?outcome=ko&kind=top_up").await.must_have("KO").must_have("€20,00");
    browser.get("/mailbox/credit/statement").await.must_have("Nessun movimento");
    assert_eq!(guide.credit().await, 0);
    guide.app.advance_days(2).await;
    guide.end().await;
}

#[tokio::test]
async fn the_holder_edits_everything_but_name_and_fiscal_code() {
    let guide = Guide::on("2016-10-01", 0).await;
    let mut browser = guide.sign_in().await;
    let page = browser.get("/mailbox/data").await;
    page.must_have("Mario").must_have("RSSMRA79B11C566R");
    let names = page.attrs("input, select", "name");
    assert!(!names.iter().any(|n| ["first_name", "last_name", "fiscal_code"].contains(&n.as_str())), "{names:?}");
    let saved = browser.submit(&page, "/mailbox/data/address", &[("street", "Via Milano")]).await;
    saved.must_have("Dati salvati.").must_have("Via Milano").must_have("Mario").must_have("RSSMRA79B11C566R");
    let stale = browser.submit(&page, "/mailbox/data/address", &[("street", "Via Torino")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY, "changed in another tab meanwhile");
    let wrong = browser.submit(&saved, "/mailbox/data/contacts", &[("mobile", "12"), ("phone", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.submit(&wrong, "/mailbox/data/contacts", &[("mobile", "3391112233")]).await.must_have("Dati salvati.");
    let emails = [("email", "nuova@example.it"), ("email_again", "nuova@example.it")];
    let page = browser.get("/mailbox/data").await;
    browser.submit(&page, "/mailbox/data/email", &emails).await.must_have("nuova@example.it");
    browser.get("/mailbox/operations?kind=data_change").await.must_have("I dati di titolarità sono cambiati.");
    let page = browser.get("/mailbox/password").await;
    let words = "Un-altro-ponte-8";
    let old = builders::MEMBER_PASSWORD;
    let fields = [("old_password", old), ("password", words), ("password_again", words)];
    browser.submit(&page, "/mailbox/password", &fields).await;
    browser.get("/mailbox/operations?kind=password").await.must_have("La password della casella è cambiata.");
    guide.app.settle().await;
    guide.end().await;
}

#[tokio::test]
async fn nobody_else_gets_in() {
    let guide = Guide::on("2016-10-01", 848).await;
    let (order, _) = opened(&guide, "5", "form-key-1").await;
    let pages = ["/mailbox/card", "/mailbox/addons/new", "/mailbox/addons/compare", "/mailbox/credit"];
    let more = ["/mailbox/credit/statement", "/mailbox/credit/statement.csv", "/mailbox/operations", "/mailbox/data"];
    let own = [format!("/mailbox/orders/{order}"), format!("/mailbox/credit/{order}/wait")];
    let all: Vec<&str> = pages.iter().chain(&more).copied().chain(own.iter().map(String::as_str)).collect();
    guide.app.clock.set(day("2026-10-01").at(10, 0));
    let mut bought = people::in_mailbox(&guide.app).await;
    let anna = people::anna(&guide.app).await;
    let mut account = people::signed_in(&guide.app, anna.login).await;
    let mut stranger = guide.app.browser();
    for path in all {
        assert_eq!(bought.get(path).await.status, StatusCode::NOT_FOUND, "{path} of a mailbox bought on the site");
        assert_eq!(account.get(path).await.status, StatusCode::FORBIDDEN, "{path} for an account");
        assert!(stranger.get(path).await.path.starts_with("/login"), "{path} for nobody");
    }
    let wish = guide.wish("extra_space", 1, 305, 0, "1");
    let stolen = buy_addon(&guide.app.cx.by(domain::actor::Actor::Visitor), wish).await;
    assert!(stolen.is_err());
    guide.app.settle().await;
}

#[tokio::test]
async fn a_bank_transfer_that_names_a_top_up_waits_for_an_operator() {
    let guide = Guide::on("2016-10-01", 848).await;
    let (order, _) = opened(&guide, "8,48", "form-key-1").await;
    let number = crate::transfers::state(&guide.app, order).await.number;
    let operator = &guide.app.cx;
    let file = crate::transfers::statement("S1", &[("TRN1", "8.48", &number)]);
    take_statement(operator, file).await.expect("it is ours");
    guide.app.settle().await;
    let waiting = movements(operator, Some("unmatched"), From::Start).await.expect("readable").rows;
    assert_eq!(waiting[0].reason_code.as_deref(), Some("card_only"));
    let choice = Choice::Book { order: number };
    let refused = decide_movement(operator, waiting[0].id, waiting[0].version, choice).await.expect_err("card only");
    assert_eq!(refused.fields[0].code, "order-card-only");
    assert_eq!(guide.credit().await, 848);
}
