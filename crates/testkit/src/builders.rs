//! Customers and orders, made through the use cases.

use app::{
    Cx,
    conversations::open_checkout::open_checkout,
    sessions,
    use_cases::agreements::{
        give_mailbox::{GiveMailbox, give_mailbox},
        name_body::name_body,
    },
    use_cases::orders::{
        assign_holders::{RowHolder, assign_holders},
        cart,
        check_name::TypedName,
        mark_paid::{MarkPaid, mark_paid},
        place_order::{PlaceOrder, place_order},
        set_names::{NamesOutcome, set_names},
        start_cart::{StartCart, start_cart},
    },
};
use domain::{
    actor::Actor,
    id::{AttemptId, LoginId, MailboxId, OrderId, PartyId},
    order::cart::HolderChoice,
    party::Typed,
};
use http::Method;
use ports::payment::PlayGateway;
use store::{logins, parties};

use crate::TestApp;

/// What a registry record of a person keeps besides its columns.
pub const DETAILS: &str = r#"{"body_code":null,"birth":{"date":7431,"place":"Francia","sex":"F"},
  "address":{"street":"Via dei Serpenti","number":"12","postal_code":"00184","municipality":"Roma","province":"RM","country":"IT"},
  "invoicing":{"pec":null,"recipient_code":null,"office_code":null}}"#;

/// A customer with one login, without a password of its own.
pub struct Customer {
    /// Acts as this customer.
    pub cx: Cx,
    pub party: PartyId,
    pub login: LoginId,
    pub tax_key: String,
}

/// Makes a customer with this fiscal code; `number` is that of the username.
///
/// # Panics
/// When the store refuses.
pub async fn customer(app: &TestApp, number: i64, tax_key: &str) -> Customer {
    customer_of(&app.cx, number, tax_key).await
}

/// The same in an installation that is no [`TestApp`].
///
/// # Panics
/// When the store refuses.
pub async fn customer_of(installation: &Cx, number: i64, tax_key: &str) -> Customer {
    let (cx, tax) = (installation.clone(), tax_key.to_owned());
    let (party, login): (PartyId, LoginId) = (cx.new_id(), cx.new_id());
    let now = cx.now().micros();
    let made = cx.write(async move |tx| {
        let email = format!("customer{number}@example.org");
        let row = parties::NewParty {
            id: party.uuid(),
            kind: "person",
            tax_key: &tax,
            display_name: "Giulia Bianchi",
            first_name: "Giulia",
            last_name: "Bianchi",
            organisation: None,
            fiscal_code: Some(&tax),
            vat_number: None,
            email: &email,
            email_key: &email,
            phone: None,
            mobile: None,
            locale: "it",
            secret_question: None,
            secret_answer_hash: None,
            details: DETAILS,
            now,
        };
        parties::insert(tx, &row).await?;
        let username = format!("{number}@ceralacca.example");
        Ok(logins::insert(tx, login.uuid(), party.uuid(), (number, &username), "active", None, now).await?)
    });
    made.await.expect("a customer can be made");
    Customer { cx: installation.by(Actor::Login { login, party }), party, login, tax_key: tax_key.into() }
}

/// Opens a session of this login; answers what its cookie holds.
///
/// # Panics
/// When the store refuses.
pub async fn session(cx: &Cx, login: LoginId) -> String {
    let secret = sessions::new_secret(cx);
    let (cx_in, secret_in) = (cx.clone(), secret.clone());
    let client = sessions::Client { ip: "192.0.2.1".into(), user_agent: "test".into() };
    cx.write(async move |tx| sessions::open(tx, &cx_in, sessions::Of::Login(login), &client, &secret_in).await)
        .await
        .expect("a session opens");
    secret
}

/// Orders mailboxes of the plan `standard` for the customer himself, one year. The sample catalogue must be loaded.
/// Answers the order with the identifiers of its mailboxes, in the order of the names.
///
/// # Panics
/// When a use case refuses.
pub async fn order(customer: &Customer, names: &[&str], domain: &str) -> OrderId {
    let cx = &customer.cx;
    let start = StartCart { plan: "standard".into(), quantity: names.len() as i64, token: None };
    let token = start_cart(cx, start).await.expect("a cart begins");
    let typed: Vec<_> = names.iter().map(|n| TypedName { name: (*n).into(), domain: domain.into() }).collect();
    let named = set_names(cx, &token, &typed).await.expect("names are checked");
    assert_eq!(named, NamesOutcome::Saved);
    let rows: Vec<_> = names
        .iter()
        .map(|n| RowHolder { holder: Some(HolderChoice::Account), password_email: format!("{n}@example.org") })
        .collect();
    assign_holders(cx, &token, &rows).await.expect("holders are taken");
    let cart = cart::open(cx, &token).await.expect("the cart is there");
    let (_, quote) = cart::price(cx, &cart, 1).await.expect("a price");
    let confirm = PlaceOrder {
        token,
        version: cart.version,
        years: 1,
        payment_method: "card".into(),
        shown: quote.gross,
        accept_conditions: true,
        accept_unfair_terms: true,
        ip: None,
        user_agent: None,
    };
    place_order(cx, confirm).await.expect("the order is placed").order
}

/// Records that the order was paid; answers its mailboxes.
///
/// # Panics
/// When it is refused.
pub async fn pay(app: &TestApp, order: OrderId) -> Vec<MailboxId> {
    let cx = app.cx.clone();
    let paid = app.cx.write(async move |tx| mark_paid(tx, &cx, order, cx.now()).await).await;
    match paid.expect("a payment is recorded") {
        MarkPaid::Paid { mailboxes } => mailboxes,
        MarkPaid::ToCredit => panic!("the order did not need the money"),
    }
}

/// Pays an order with the simulated gateway as a person and the gateway do: the hosted page, «approve», and the
/// gateway's webhooks over HTTP. The worker still has to act on them.
///
/// # Panics
/// When a step is refused.
pub async fn pay_by_card(app: &TestApp, customer: &Customer, order: OrderId) {
    let url = open_checkout(&customer.cx, &app.ports, order, app::use_cases::payments::Means::Card)
        .await
        .expect("a payment is opened");
    approve(app, &url).await;
}

/// Approves at the page of the simulated gateway, whose webhooks arrive over HTTP.
///
/// # Panics
/// When a step is refused.
pub async fn approve(app: &TestApp, url: &str) {
    play(app, url, "approve").await;
}

/// The same with another choice of that page.
///
/// # Panics
/// When a step is refused.
pub async fn play(app: &TestApp, url: &str, choice: &str) {
    let attempt = url.split(['/', '?']).find_map(|part| part.parse::<AttemptId>().ok());
    let attempt = attempt.unwrap_or_else(|| panic!("an attempt in {url}"));
    app.gateway.choose(attempt, choice).expect("the gateway's page offers it");
    for event in app.gateway.drain() {
        let mut gateway = app.browser();
        gateway.headers = event
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").to_owned()))
            .collect();
        let answer = gateway.send(Method::POST, "/hooks/simulated", Some("application/json"), event.body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// Password of [`member`]'s mailbox.
pub const MEMBER_PASSWORD: &str = "Ponte-sul-lago-7";

/// A member of the sample body with a mailbox `<name>@pec.ordine.example.it`, and a context that acts as the mailbox.
/// The sample catalogue and agreement are loaded.
///
/// # Panics
/// When a use case refuses.
pub async fn member(app: &TestApp, name: &str) -> (MailboxId, Cx) {
    member_of_plan(app, name, "standard").await
}

/// The same with this plan.
///
/// # Panics
/// When a use case refuses.
pub async fn member_of_plan(app: &TestApp, name: &str, plan: &str) -> (MailboxId, Cx) {
    let mailbox = give_plan(app, name, plan).await;
    app.settle().await;
    (mailbox, app.cx.by(Actor::Mailbox { mailbox }))
}

/// The same mailbox before the mail servers know it.
///
/// # Panics
/// When a use case refuses.
pub async fn give(app: &TestApp, name: &str) -> MailboxId {
    give_plan(app, name, "standard").await
}

async fn give_plan(app: &TestApp, name: &str, plan: &str) -> MailboxId {
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
    app::fixtures::load_agreement(&app.cx).await.expect("the sample agreement loads");
    let given = GiveMailbox {
        agreement: app::fixtures::AGREEMENT.into(),
        plan: plan.into(),
        name: name.into(),
        member: Typed::from_pairs(MEMBER),
        password: Some(MEMBER_PASSWORD.into()),
    };
    give_mailbox(&app.cx, given).await.expect("the agreement has room")
}

/// What the body tells of [`member`].
pub const MEMBER: [(&str, &str); 15] = [
    ("first_name", "Mario"),
    ("last_name", "Rossi"),
    ("fiscal_code", "RSSMRA79B11C566R"),
    ("birth_date", "11/2/1979"),
    ("birth_place", "Cesano Maderno"),
    ("sex", "M"),
    ("street", "Via Roma"),
    ("street_number", "1"),
    ("postal_code", "00184"),
    ("municipality", "Roma"),
    ("province", "RM"),
    ("country", "IT"),
    ("email", "mario.rossi@example.it"),
    ("email_again", "mario.rossi@example.it"),
    ("mobile", "3331112233"),
];

/// The `n`th of many valid fiscal codes of an Anna Rossi, each born on another day.
///
/// # Panics
/// Never, for numbers below 15,000.
pub fn fiscal_code(n: usize) -> String {
    let (year, month, day) = (50 + n / 336, n / 28 % 12, 41 + n % 28);
    let begin = format!("RSSNNA{year:02}{}{day}H501", char::from(b"ABCDEHLMPRST"[month]));
    let valid = |last: &char| domain::ident::FiscalCode::parse(&format!("{begin}{last}")).is_ok();
    format!("{begin}{}", ('A'..='Z').find(valid).expect("one letter is right"))
}

/// The registry record of the sample body with its login, and the sample agreement under it.
///
/// # Panics
/// When a use case refuses.
pub async fn body(app: &TestApp) -> Customer {
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue loads");
    app::fixtures::load_agreement(&app.cx).await.expect("the sample agreement loads");
    let body = customer(app, 100_700, BODY_CODE).await;
    name_body(&app.cx, app::fixtures::AGREEMENT, BODY_CODE).await.expect("the record is there");
    body
}

/// Fiscal code of [`body`].
pub const BODY_CODE: &str = "80012340156";

/// An agreement like the sample one under another code; it has no mailboxes yet.
///
/// # Panics
/// When the store refuses.
pub async fn agreement(app: &TestApp, code: &'static str) {
    let like = app::fixtures::AGREEMENT;
    let done = app.cx.write(async move |tx| {
        let sample = store::agreements::by_code(tx, like).await?.expect("the sample agreement is loaded");
        let new = store::agreements::NewAgreement {
            code,
            body_name: &sample.body_name,
            domain: &sample.domain,
            validity: sample.validity(),
            price_list: &sample.price_list,
            renewal_kind: &sample.renewal_kind,
            years: sample.years,
            invoiced: &sample.invoiced,
            mailbox_quota: sample.mailbox_quota,
        };
        Ok(store::agreements::put(tx, &new).await?)
    });
    done.await.expect("the code is free");
}
