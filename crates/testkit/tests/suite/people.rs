//! A registered person for tests that begin after registration.

use app::use_cases::mailboxes::{SetFirstPassword, first_password::NewPassword, set_first_password};
use domain::id::{LoginId, MailboxId, PartyId};
use store::{logins, parties};
use testkit::{TestApp, browser::Browser, builders};

pub const PASSWORD: &str = "Tramonto-7verde";
pub const EMAIL: &str = "anna@example.it";
pub const MOBILE: &str = "+393331234567";
pub const FISCAL_CODE: &str = "RSSNNA90E47Z110T";

/// A record with one active account.
pub struct Person {
    pub party: PartyId,
    pub login: LoginId,
    pub username: String,
}

/// Anna Rossi, with e-mail and mobile.
pub async fn anna(app: &TestApp) -> Person {
    let cx = app.cx.clone();
    let hash = cx.hashing().hash(PASSWORD, [3; 16]).await.expect("the queue is empty");
    let number = cx.next_number("login").await.expect("numbers are there");
    let (party, login): (PartyId, LoginId) = (cx.new_id(), cx.new_id());
    let username = format!("{number}@{}", cx.settings().realm);
    let (name, now) = (username.clone(), cx.now().micros());
    cx.write(async move |tx| {
        parties::insert(tx, &record(party, now)).await?;
        logins::insert(tx, login.uuid(), party.uuid(), (number, &name), "active", Some((&hash, now)), now).await?;
        Ok(logins::remember_password(tx, login.uuid(), &hash, 5, now).await?)
    })
    .await
    .expect("the record is new");
    Person { party, login, username }
}

fn record(party: PartyId, now: i64) -> parties::NewParty<'static> {
    parties::NewParty {
        id: party.uuid(),
        kind: "person",
        tax_key: FISCAL_CODE,
        display_name: "Anna Rossi",
        first_name: "Anna",
        last_name: "Rossi",
        organisation: None,
        fiscal_code: Some(FISCAL_CODE),
        vat_number: None,
        email: EMAIL,
        email_key: EMAIL,
        phone: None,
        mobile: Some(MOBILE),
        locale: "it",
        secret_question: None,
        secret_answer_hash: None,
        details: builders::DETAILS,
        now,
    }
}

/// A browser with an open session of this account.
pub async fn signed_in(app: &TestApp, login: LoginId) -> Browser {
    let secret = builders::session(&app.cx, login).await;
    let mut browser = app.browser();
    browser.set_cookie(web::cookies::SESSION, &secret);
    browser
}

/// How many sessions an account has.
pub async fn sessions_of(app: &TestApp, login: LoginId) -> usize {
    let now = app.cx.now().micros();
    let rows = store::sessions::of_login(&mut app.cx.store(), login.uuid(), now, 0).await;
    rows.expect("sessions are read").len()
}

/// The name and the password of [`in_mailbox`]'s mailbox.
pub const MAILBOX: &str = "anna.rossi@pec.example.it";
pub const MAILBOX_PASSWORD: &str = "Ponte-sul-lago-7";

/// An active mailbox with a password, bought by a customer of its own.
pub async fn mailbox(app: &TestApp) -> MailboxId {
    app::fixtures::load_catalogue(&app.cx).await.expect("the sample catalogue");
    let customer = builders::customer(app, 100_777, "BNCGLI80A41F205X").await;
    let order = builders::order(&customer, &["anna.rossi"], "pec.example.it").await;
    let mailbox = builders::pay(app, order).await[0];
    app.settle().await;
    let sent = app.mailer.sent();
    let mail = sent.iter().rev().find(|m| m.text.contains("/password/")).expect("the link was sent");
    let token = mail.text.split_once("/password/").and_then(|(_, rest)| rest.split_whitespace().next());
    let token = token.expect("the link has its token").to_owned();
    let new = NewPassword { password: MAILBOX_PASSWORD.into(), again: MAILBOX_PASSWORD.into() };
    set_first_password(&app.cx, SetFirstPassword { token, new }).await.expect("the password is set");
    mailbox
}

/// A browser signed in with that mailbox, by the page that everybody uses.
pub async fn in_mailbox(app: &TestApp) -> Browser {
    mailbox(app).await;
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let fields = [("username", MAILBOX), ("password", MAILBOX_PASSWORD)];
    let card = browser.submit(&page, "/login", &fields).await;
    assert_eq!(card.path, "/mailbox", "its own card opens at once: {}", card.text());
    browser
}
