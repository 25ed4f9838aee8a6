//! Ways through the platform that pass every effect.

use app::{
    conversations::open_checkout::open_checkout,
    use_cases::{
        accounts::{
            finish_registration_data::finish_registration_data,
            save_registration_step::{Answers, save_registration_step},
            start_registration::start_registration,
        },
        addons::buy_addon::{BuyAddon, buy_addon},
        agreements::import_members::{confirm_members, upload_members},
        catalogue::change_agreement::{TypedTerms, change_agreement, look_at_change},
        mailboxes::{RequestReset, request_reset},
        orders::cancel_order::cancel_order,
        payments::{Means, accept_event::accept_event, charge_saved::charge_saved, refund::refund_order},
        transfers::{book_by_hand::book_by_hand, take_statement::take_statement},
        wallet::start_top_up::{StartTopUp, start_top_up},
    },
};
use domain::{
    id::AttemptId,
    money::Money,
    party::{SubjectKind, Typed},
    time::{DAY_US, HOUR_US, MINUTE_US},
};
use ports::{
    payment::{PaymentGateway, PlayGateway},
    plane::{MailboxPlane, MailboxSpec},
};
use testkit::{
    TestApp,
    builders::{self, Customer},
};

const DOMAIN: &str = "pec.example.it";

async fn shop(app: &TestApp) -> Customer {
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
    builders::customer(app, 100_001, "BNCGLI85A41H501F").await
}

/// What is due is done, what was put off is taken up again, and what the gateway tells arrives.
async fn rest(app: &TestApp) {
    for step in [0, MINUTE_US, MINUTE_US] {
        app.clock.advance_us(step);
        app.settle().await;
        for event in app.gateway.drain() {
            let verifier = app.gateway.events();
            accept_event(&app.cx, "simulated", verifier, &event.headers(), event.body)
                .await
                .expect("the event is ours");
        }
        app.settle().await;
    }
}

/// The same while the gateway's events are lost, so that nothing but the effect itself learns what came of it.
async fn rest_untold(app: &TestApp) {
    for step in [0, MINUTE_US, MINUTE_US] {
        app.clock.advance_us(step);
        app.settle().await;
        drop(app.gateway.drain());
    }
}

/// An order of two mailboxes, paid by card, to working mailboxes.
pub async fn a_purchase(app: &TestApp) {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi", "amministrazione"], DOMAIN).await;
    rest(app).await;
    let page = open_checkout(&customer.cx, &app.ports, order, app::use_cases::payments::Means::Card)
        .await
        .expect("the gateway opens a page");
    let attempt: AttemptId =
        page.rsplit('/').next().expect("a path").parse().expect("the page is named after the attempt");
    app.gateway.choose(attempt, "approve").expect("the bank says yes");
    rest(app).await;
}

/// An order whose payment page was opened and left: reminders, expiry, the page closed.
pub async fn an_order_that_nobody_pays(app: &TestApp) {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    open_checkout(&customer.cx, &app.ports, order, app::use_cases::payments::Means::Card)
        .await
        .expect("the gateway opens a page");
    for days in [0, 3, 7, 16, 5] {
        app.clock.advance_us(days * DAY_US);
        rest(app).await;
    }
}

/// A holder's card page was opened and left: after a day it is closed, and the outcome says so.
pub async fn a_top_up_that_nobody_pays(app: &TestApp) {
    let (mailbox, holder) = builders::member(app, "mario.rossi").await;
    let asked = StartTopUp { mailbox, amount: "5".into(), wanted: None, key: "a-key-of-a-form".into() };
    let order = start_top_up(&holder, asked).await.expect("the amount is right");
    open_checkout(&holder, &app.ports, order, app::use_cases::payments::Means::Card)
        .await
        .expect("the gateway opens a page");
    for days in [0, 1] {
        app.clock.advance_us(days * DAY_US);
        rest(app).await;
    }
}

/// A stored card is charged without the customer, and the money given back.
pub async fn a_stored_card(app: &TestApp) {
    let customer = shop(app).await;
    let first = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    builders::pay_by_card(app, &customer, first).await;
    rest(app).await;
    let methods = store::payments::methods_of(&mut app.cx.store(), customer.login).await.expect("methods are read");
    let second = builders::order(&customer, &["amministrazione"], DOMAIN).await;
    let charge = charge_saved(&app.cx, second, methods[0].id).await.expect("the card is stored");
    rest_untold(app).await;
    refund_order(&app.cx, charge, Money::cents(500)).await.expect("it was charged");
    rest_untold(app).await;
}

/// A stored card gives its place to another, and the gateway forgets it.
pub async fn a_method_replaced(app: &TestApp) {
    let customer = shop(app).await;
    let first = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    builders::pay_by_card(app, &customer, first).await;
    rest(app).await;
    let methods = store::payments::methods_of(&mut app.cx.store(), customer.login).await.expect("methods are read");
    let means = app::use_cases::payments::Means::Card;
    let page = app::use_cases::methods::open_setup(&customer.cx, &app.ports, means, Some(methods[0].id)).await;
    let page = page.expect("the gateway opens a page");
    let setup: AttemptId =
        page.rsplit('/').next().expect("a path").parse().expect("the page is named after the set-up");
    app.gateway.choose(setup, "approve").expect("the bank says yes");
    rest(app).await;
}

/// A statement of the bank with a transfer for the order and one for nothing.
pub async fn a_statement(app: &TestApp) {
    let customer = shop(app).await;
    builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    rest(app).await;
    let lines = [("TRN1", "12.08", "Ordine n. 2026-000001"), ("TRN2", "3.00", "grazie")];
    take_statement(&app.cx, crate::transfers::statement("S1", &lines)).await.expect("the statement is ours");
    rest(app).await;
}

/// A body's file of members, of more lines than one transaction takes.
pub async fn a_file_of_members(app: &TestApp) {
    let body = builders::body(app).await;
    let head = "nome;codice_fiscale;nome_titolare;cognome_titolare;indirizzo;cap;comune;provincia;email;cellulare";
    let line = |n| {
        let code = builders::fiscal_code(n);
        format!("anna.n{n};{code};Anna;Rossi;Via dei Serpenti 12;00184;Roma;RM;anna{n}@example.org;333 1234567")
    };
    let lines: Vec<_> = (0..23).map(line).collect();
    let file = format!("{head}\n{}", lines.join("\n"));
    let import = upload_members(&body.cx, app::fixtures::AGREEMENT, file.as_bytes()).await.expect("the file is right");
    confirm_members(&body.cx, app::fixtures::AGREEMENT, import).await.expect("the agreement is open");
    rest(app).await;
}

/// An agreement gives no new mailboxes from a day on.
pub async fn an_agreement_that_closes(app: &TestApp) {
    builders::body(app).await;
    let code = app::fixtures::AGREEMENT;
    let from = app.cx.now().date().plus_days(2);
    let typed = TypedTerms {
        from: from.iso(),
        purchases: false,
        renewals: true,
        price_list: "ordgeo".into(),
        renewal_kind: "by_body".into(),
        years: 3,
        ..TypedTerms::default()
    };
    let impact = look_at_change(&app.cx, code, &typed).await.expect("the day is to come");
    change_agreement(&app.cx, code.into(), typed, impact.seen).await.expect("nobody else has changed it");
    rest(app).await;
    app.clock.advance_us(2 * DAY_US);
    rest(app).await;
}

/// A username is shown and its password never chosen.
pub async fn a_registration_given_up(app: &TestApp) {
    let data = [
        ("first_name", "Giulia"),
        ("last_name", "Bianchi"),
        ("fiscal_code", "BNCGLI85C52H501R"),
        ("birth_date", "12/3/1985"),
        ("birth_place", "Roma"),
        ("sex", "F"),
        ("street", "Via Appia Nuova"),
        ("street_number", "12"),
        ("postal_code", "00183"),
        ("municipality", "Roma"),
        ("province", "RM"),
        ("country", "IT"),
    ];
    let contacts = [("email", "giulia@example.it"), ("email_again", "giulia@example.it"), ("mobile", "3331234567")];
    let secret = start_registration(&app.cx, None, SubjectKind::Person, None).await.expect("it begins");
    let contacts =
        Answers::Contacts { typed: Typed::from_pairs(contacts), question: String::new(), answer: String::new() };
    let consents = Answers::Consents { privacy: true, marketing: Some(false) };
    for answers in [Answers::Data(Typed::from_pairs(data)), contacts, consents] {
        save_registration_step(&app.cx, secret.clone(), answers).await.expect("the step is right");
    }
    finish_registration_data(&app.cx, secret, "192.0.2.1".into()).await.expect("the username is made");
    for later in [0, 31 * MINUTE_US, 23 * HOUR_US + 30 * MINUTE_US] {
        app.clock.advance_us(later);
        rest(app).await;
    }
}

/// The holder of a mailbox asks for a link, and asks again while it is good; a stranger asks for nothing.
pub async fn a_mailbox_password_forgotten(app: &TestApp) {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    builders::pay_by_card(app, &customer, order).await;
    rest(app).await;
    let asked = [
        ("contratti.bianchi@pec.example.it", "BNCGLI85A41H501F", "192.0.2.1"),
        ("contratti.bianchi@pec.example.it", "BNCGLI85A41H501F", "192.0.2.2"),
        ("contratti.bianchi@pec.example.it", "RSSMRA85T10A562S", "192.0.2.3"),
    ];
    for (address, tax_code, ip) in asked {
        let input = RequestReset { address: address.into(), tax_code: tax_code.into(), ip: ip.into(), proof: None };
        request_reset(&app.cx, input).await.expect("everybody gets the same answer");
        rest(app).await;
    }
}

/// The mail servers give a mailbox less than was bought, until it is counted.
pub async fn a_mailbox_with_another_space(app: &TestApp) {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    builders::pay_by_card(app, &customer, order).await;
    rest(app).await;
    let address = "contratti.bianchi@pec.example.it";
    let spec = app.plane.spec(address).expect("it is made");
    app.plane.ensure(&MailboxSpec { quota_kib: 1, ..spec }).await.expect("the servers are up");
    app.plane.set_used_kib(address, 2048);
    app.worker.reconcile_all().await.expect("the reconcilers run");
    rest(app).await;
}

/// Messages lie unread in a mailbox whose holder is told of them, and the next day one more.
pub async fn messages_that_lie_unread(app: &TestApp) {
    let (mailbox, holder) = builders::member_of_plan(app, "mario.rossi", "pro").await;
    // In the last three months of the term it is free.
    app.clock.advance_us(340 * DAY_US);
    rest(app).await;
    let (service, key) = ("sms_notice".into(), "a-key-of-a-form".into());
    let wish = BuyAddon { mailbox, service, gb: 1, shown: Money::ZERO, have_gb: 0, key };
    buy_addon(&holder, wish).await.expect("the plan has it");
    for (unread, later) in [(2, 0), (3, DAY_US)] {
        app.plane.set_unread("mario.rossi@pec.ordine.example.it", unread);
        app.clock.advance_us(later);
        app.worker.reconcile_all().await.expect("the reconcilers run");
        rest(app).await;
    }
}

/// A mailbox that the stored card renews, seven days before its end.
pub async fn a_renewal_by_card(app: &TestApp) {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    builders::pay_by_card(app, &customer, order).await;
    rest(app).await;
    // Told ten days before, charged seven days before.
    for days in [355, 3] {
        app.clock.advance_us(days * DAY_US);
        app.worker.reconcile_all().await.expect("the reconcilers run");
        rest_untold(app).await;
    }
}

/// A mailbox that is not renewed, its card being refused: expired, cancelled, emptied.
pub async fn a_mailbox_that_ends(app: &TestApp) {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    let page = open_checkout(&customer.cx, &app.ports, order, Means::Card).await.expect("a payment is opened");
    builders::play(app, &page, "approve_then_decline").await;
    rest(app).await;
    for days in [366, 90] {
        app.clock.advance_us(days * DAY_US);
        app.worker.reconcile_all().await.expect("the reconcilers run");
        rest(app).await;
    }
}

pub async fn an_email_that_is_lost(app: &TestApp) {
    let person = crate::people::anna(app).await;
    crate::question::waiting(app, &person, "nuova@example.org").await;
    for later in [0, 23 * HOUR_US, HOUR_US] {
        app.clock.advance_us(later);
        rest(app).await;
    }
}

/// A mailbox whose holder is told that it ends.
pub async fn a_mailbox_that_is_told(app: &TestApp) {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    builders::pay_by_card(app, &customer, order).await;
    rest(app).await;
    app.clock.advance_us(350 * DAY_US);
    app.worker.run_night().await.expect("the night runs");
    rest(app).await;
}

/// A part that came for an order which was cancelled then: told after eleven months, lost after twelve.
pub async fn credit_that_nobody_uses(app: &TestApp) {
    let customer = shop(app).await;
    let order = builders::order(&customer, &["contratti.bianchi"], DOMAIN).await;
    book_by_hand(&app.cx, &crate::transfers::by_hand("2026-000001", "5,00", "REF-1")).await.expect("it is booked");
    cancel_order(&customer.cx, order).await.expect("it can be cancelled");
    for days in [0, 337, 31] {
        app.clock.advance_us(days * DAY_US);
        rest(app).await;
    }
}
