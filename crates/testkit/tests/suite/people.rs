//! A registered person for tests that begin after registration.

use domain::id::{LoginId, PartyId};
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
