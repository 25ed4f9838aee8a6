//! The pages around a payment, as somebody without scripts walks them.

use app::use_cases::orders::cancel_order::cancel_order;
use domain::{actor::Actor, id::OrderId};
use http::StatusCode;
use testkit::{
    TestApp,
    browser::{Browser, Page},
    builders,
};

use crate::people;

struct Walk {
    app: TestApp,
    browser: Browser,
    customer: builders::Customer,
    order: OrderId,
}

impl Walk {
    async fn begin() -> Self {
        let app = TestApp::new().await;
        app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
        let anna = people::anna(&app).await;
        let actor = Actor::Login { login: anna.login, party: anna.party };
        let customer = builders::Customer {
            cx: app.cx.by(actor),
            party: anna.party,
            login: anna.login,
            tax_key: people::FISCAL_CODE.into(),
        };
        let order = builders::order(&customer, &["anna.rossi"], "pec.example.it").await;
        let browser = people::signed_in(&app, anna.login).await;
        Self { app, browser, customer, order }
    }
    fn payment(&self) -> String {
        format!("/order/payment/{}", self.order)
    }
    /// Presses «pay» and answers the page of the bank.
    async fn pay_at_the_bank(&mut self) -> Page {
        let page = self.browser.get(&self.payment()).await;
        assert_eq!(page.status, StatusCode::OK);
        let bank = self.browser.submit(&page, &self.payment(), &[]).await;
        assert!(bank.path.starts_with("/demo/gateway/pay_"), "{}", bank.path);
        bank
    }
    async fn choose(&mut self, bank: &Page, choice: &str) -> Page {
        self.browser.submit(bank, "/demo/gateway/", &[("choice", choice)]).await
    }
    async fn look_again(&mut self) -> Page {
        self.browser.get(&format!("{}/wait", self.payment())).await
    }
    async fn tell_and_work(&self) {
        for posted in self.app.gateway.drain() {
            let event = (&self.app.cx, "simulated", posted.headers(), posted.body);
            let verifier = ports::payment::PaymentGateway::events(self.app.gateway.as_ref());
            app::use_cases::payments::accept_event::accept_event(event.0, event.1, verifier, &event.2, event.3)
                .await
                .expect("the event is ours");
        }
        self.app.settle().await;
    }
}

#[tokio::test]
async fn pays_with_a_challenge_and_waits_for_the_bank() {
    let mut walk = Walk::begin().await;
    let bank = walk.pay_at_the_bank().await;
    bank.must_have("La banca di prova").must_have("12,08");
    let challenge = walk.choose(&bank, "challenge").await;
    challenge.must_have("confermare che sei tu");
    let waiting = walk.choose(&challenge, "authenticate").await;
    assert!(waiting.path.ends_with("/wait"), "{}", waiting.path);
    assert!(!waiting.has("Il pagamento è riuscito"), "coming back proves nothing");
    walk.tell_and_work().await;
    let done = walk.look_again().await;
    assert_eq!(done.path, walk.payment(), "the waiting page leads on by itself");
    done.must_have("anna.rossi@pec.example.it");
    assert!(done.attrs("form", "action").iter().all(|a| !a.contains("/order/payment/")), "nothing left to pay");
}

#[tokio::test]
async fn a_paid_order_is_watched_until_its_mailboxes_live() {
    let mut walk = Walk::begin().await;
    walk.app.plane.faults.set_down(true);
    let bank = walk.pay_at_the_bank().await;
    walk.choose(&bank, "approve").await;
    walk.tell_and_work().await;
    let making = walk.look_again().await;
    assert_eq!(making.path, walk.payment());
    making.must_have("Pagamento registrato").must_have("Stiamo attivando");
    assert!(!making.has("hai ricevuto"), "no link is promised that was not sent");
    assert!(making.body.contains("http-equiv=\"refresh\""), "without scripts it asks by itself");
    assert_eq!(making.attrs("#standing", "hx-trigger"), ["every 2s"]);
    let order = making.attrs(".cl-actions a.cl-quiet", "href").pop().expect("the order's own page");
    let seen = walk.browser.get(&order).await;
    assert_eq!(seen.attrs("#order", "hx-get"), [order.as_str()], "it watches too");
    assert!(seen.body.contains("http-equiv=\"refresh\""));
    walk.app.plane.faults.set_down(false);
    walk.app.clock.advance_us(600_000_000);
    walk.app.settle().await;
    let made = walk.browser.get(&walk.payment()).await;
    made.must_have("La casella è attiva").must_have("hai ricevuto");
    assert!(!made.body.contains("http-equiv=\"refresh\"") && made.attrs("#standing", "hx-trigger").is_empty());
    let seen = walk.browser.get(&order).await;
    assert!(!seen.body.contains("http-equiv=\"refresh\"") && seen.attrs("#order", "hx-get").is_empty());
}

#[tokio::test]
async fn says_why_a_card_was_declined_and_offers_another_try() {
    let mut walk = Walk::begin().await;
    let bank = walk.pay_at_the_bank().await;
    walk.choose(&bank, "decline_funds").await;
    walk.tell_and_work().await;
    let page = walk.look_again().await;
    page.must_have("Sulla carta non c’è abbastanza denaro");
    let again = walk.pay_at_the_bank().await;
    assert_ne!(again.path, bank.path, "a new try has a page of its own");
}

#[tokio::test]
async fn waits_while_the_bank_is_silent() {
    let mut walk = Walk::begin().await;
    let bank = walk.pay_at_the_bank().await;
    walk.choose(&bank, "never_answer").await;
    walk.app.clock.advance_us(30_000_000);
    walk.app.worker.reconcile_all().await.expect("the reconcilers run");
    walk.app.settle().await;
    let page = walk.look_again().await;
    page.must_have("La banca non ha ancora risposto");
    assert!(page.body.contains("http-equiv=\"refresh\""), "without scripts it asks by itself");
    let part = walk.browser.get(&walk.payment()).await;
    part.must_have("La banca");
    assert!(part.attrs("form", "action").iter().all(|a| !a.contains("/order/payment/")), "no second payment offered");
}

#[tokio::test]
async fn strangers_old_orders_and_old_buttons_get_clear_answers() {
    let mut walk = Walk::begin().await;
    let bank = walk.pay_at_the_bank().await;
    let mut stranger = Browser::new(walk.app.router.clone());
    let path = format!("{}/wait", walk.payment());
    assert!(stranger.get(&path).await.path.starts_with("/login"), "asked to sign in");
    for nonsense in ["/order/payment/ord_x/wait", "/order/payment/card/pay_x", "/demo/gateway/pay_x"] {
        assert_eq!(walk.browser.get(nonsense).await.status, StatusCode::NOT_FOUND, "{nonsense}");
    }
    let forged = walk.browser.post(&bank.path, &[("choice", "approve")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN, "a form without its token");
    let open = walk.browser.get(&walk.payment()).await;
    cancel_order(&walk.customer.cx, walk.order).await.expect("nothing is under way");
    walk.app.settle().await;
    let late = walk.browser.submit(&open, &walk.payment(), &[]).await;
    assert_eq!(
        (late.status, late.path.as_str()),
        (StatusCode::OK, walk.payment().as_str()),
        "the page says it is closed"
    );
    let dead = walk.choose(&bank, "approve").await;
    assert_eq!(dead.path, walk.payment(), "a button of a closed page changes nothing");
    assert_eq!(walk.app.gateway.moved(), (0, 0));
}
