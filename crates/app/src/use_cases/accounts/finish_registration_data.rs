//! «Avanti con la registrazione»: the record and its username come into being.

use domain::{
    audit::AuditLine,
    id::{ConsentId, Id, LoginId, PartyId},
    login::DROP_AFTER_US,
    party::{self, Contacts, SubjectData},
    time::{HOUR_US, MINUTE_US},
};
use render::{
    Locale,
    notices::accounts::{AlreadyRegistered, ResumeRegistration},
};
use serde_json::json;
use store::{WriteTx, consents, logins, parties, registrations};
use uuid::Uuid;

use super::registration::{self, Draft, Registration, Step, refused};
use crate::{
    Cx, Problem, audit,
    effects::{self, Effect, drop_incomplete_login::DropIncompleteLogin, remind_registration::RemindRegistration},
    notice::Notice,
    rate_limit::{self, Limit},
    tokens,
};

/// Records that one address may begin.
const PER_ADDRESS: Limit = Limit::new(30, HOUR_US);
/// When a person who saw the username and left is reminded.
const REMIND_AFTER_US: i64 = 30 * MINUTE_US;

/// What became of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// The username is there: on to the password.
    Credentials,
    /// The fiscal code or VAT number is registered. Nothing else is said; the known e-mail is told.
    Known,
}

/// Writes record, username and consents, once for each registration however often it is sent.
///
/// # Errors
/// `registration-gone`; `registration-incomplete` when a page is not answered; too many from one address.
pub async fn finish_registration_data(cx: &Cx, secret: String, ip: String) -> Result<Finished, Problem> {
    let found = registration::must(&mut cx.store(), cx, &secret).await?;
    if found.login.is_some() {
        return Ok(Finished::Credentials);
    }
    // Checked again as a whole: a draft is old by up to a day, and pages came one by one.
    check(cx, &found.draft)?;
    rate_limit::hit(cx, format!("register-ip:{ip}"), PER_ADDRESS).await?;
    let number = cx.next_number("login").await?;
    let (party, login): (PartyId, LoginId) = (cx.new_id(), cx.new_id());
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let found = registration::must(tx, &cx2, &secret).await?;
        if found.login.is_some() {
            return Ok(Finished::Credentials);
        }
        let (data, contacts) = check(&cx2, &found.draft)?;
        let known = parties::known(tx, data.tax_key()).await?;
        if let Some(known) = &known
            && (known.completed || known.incomplete_login.is_some())
        {
            tell_known(tx, &cx2, known).await?;
            return Ok(Finished::Known);
        }
        // A record whose only usernames were dropped belongs to nobody: its data are written anew.
        let party = known.map_or(party, |k| PartyId::from_uuid(k.id));
        let new = NewRecord { party, login, number, data, contacts, ip: &ip };
        create(tx, &cx2, &found, new).await?;
        Ok(Finished::Credentials)
    })
    .await
}

fn check(cx: &Cx, draft: &Draft) -> Result<(SubjectData, Contacts), Problem> {
    let (Some(kind), Step::Check) = (draft.kind, draft.first_open()) else {
        return Err(Problem::refused("registration-incomplete"));
    };
    let data = party::check_subject(kind, &draft.typed, cx.now().date()).map_err(refused)?;
    let contacts = party::check_contacts(&draft.typed).map_err(refused)?;
    Ok((data, contacts))
}

struct NewRecord<'a> {
    party: PartyId,
    login: LoginId,
    number: i64,
    data: SubjectData,
    contacts: Contacts,
    ip: &'a str,
}

async fn create(tx: &mut WriteTx, cx: &Cx, found: &Registration, new: NewRecord<'_>) -> Result<(), Problem> {
    write_party(tx, cx, &found.draft, &new).await?;
    let now = cx.now();
    let username = format!("{}@{}", new.number, cx.settings().realm);
    let (login_id, party_id) = (new.login.uuid(), new.party.uuid());
    logins::insert(tx, login_id, party_id, (new.number, &username), "incomplete", None, now.micros()).await?;
    write_consents(tx, cx, &found.draft, &new).await?;
    // The data live in the record now; the registration only leads to it.
    let drop_at = now.plus_us(DROP_AFTER_US);
    let (id, step) = (found.id.uuid(), Step::Credentials.as_str());
    registrations::set_login(tx, id, new.login.uuid(), step, &Draft::default().to_json(), drop_at.micros()).await?;
    let subject = ("login", new.login.uuid());
    let requests = [
        DropIncompleteLogin { login: new.login }.request(subject, Some(format!("drop:{}", new.login)), drop_at),
        RemindRegistration { login: new.login }.request(
            subject,
            Some(format!("remind:{}", new.login)),
            now.plus_us(REMIND_AFTER_US),
        ),
    ];
    effects::enqueue(tx, cx, &requests).await?;
    let details = json!({ "kind": new.data.kind.as_str(), "number": new.number });
    audit::record(tx, cx, &AuditLine::new("party.registered", "party", new.party.uuid(), details)).await
}

async fn write_party(tx: &mut WriteTx, cx: &Cx, draft: &Draft, new: &NewRecord<'_>) -> Result<(), Problem> {
    let (data, contacts) = (&new.data, &new.contacts);
    let (display_name, email_key) = (data.display_name(), contacts.email_key());
    let details = data.details_json();
    let row = parties::NewParty {
        id: new.party.uuid(),
        kind: data.kind.as_str(),
        tax_key: data.tax_key(),
        display_name: &display_name,
        first_name: &data.first_name,
        last_name: &data.last_name,
        organisation: data.organisation.as_deref(),
        fiscal_code: data.fiscal_code.as_deref(),
        vat_number: data.vat_number.as_deref(),
        email: &contacts.email,
        email_key: &email_key,
        phone: contacts.phone.as_deref(),
        mobile: contacts.mobile.as_deref(),
        locale: cx.locale.code(),
        secret_question: draft.secret_question.as_deref(),
        secret_answer_hash: draft.secret_answer_hash.as_deref(),
        details: &details,
        now: cx.now().micros(),
    };
    let written = if parties::by_id(tx, new.party.uuid()).await?.is_some() {
        parties::replace(tx, &row).await
    } else {
        parties::insert(tx, &row).await
    };
    written.map_err(|e| match e {
        // Somebody else registered the same data at this moment: look again.
        e if e.is_duplicate_of("parties.tax_key") => store::Error::Conflict.into(),
        e => e.into(),
    })
}

async fn write_consents(tx: &mut WriteTx, cx: &Cx, draft: &Draft, new: &NewRecord<'_>) -> Result<(), Problem> {
    let answers = draft.consents.as_ref().ok_or_else(|| Problem::refused("registration-incomplete"))?;
    for (kind, given, text_version) in [
        ("privacy_notice", true, &answers.privacy_version),
        ("marketing", answers.marketing, &answers.marketing_version),
    ] {
        let id: ConsentId = cx.new_id();
        let row = consents::NewConsent {
            id: id.uuid(),
            party_id: new.party.uuid(),
            login_id: Some(new.login.uuid()),
            kind,
            given,
            text_version,
            at: answers.at.micros(),
            ip: Some(new.ip).filter(|ip| !ip.is_empty()),
        };
        consents::insert(tx, &row).await?;
    }
    Ok(())
}

/// Tells the registered e-mail, once a day: of the try, or how to go on when the username waits for
/// its password. The page is the same in both cases.
async fn tell_known(tx: &mut WriteTx, cx: &Cx, known: &parties::KnownRow) -> Result<(), Problem> {
    let locale = Locale::parse(&known.locale).unwrap_or_default();
    let day = cx.now().date().iso();
    match known.incomplete_login {
        Some(login) if !known.completed => {
            send_resume_link(tx, cx, login, &known.email, locale, &known.first_name, &day).await?;
        }
        _ => {
            let context = AlreadyRegistered { first_name: known.first_name.clone(), at: cx.now() };
            let notice = Notice::mail(&known.email, locale, ("party", known.id), &context);
            notice.once(format!("already-registered:{}:{day}", known.id)).enqueue(tx, cx).await?;
        }
    }
    audit::record(tx, cx, &AuditLine::new("party.registered_again", "party", known.id, json!({}))).await
}

/// The mailed link that continues a registration; one for each `occasion`.
pub(crate) async fn send_resume_link(
    tx: &mut WriteTx,
    cx: &Cx,
    login: Uuid,
    email: &str,
    locale: Locale,
    first_name: &str,
    occasion: &str,
) -> Result<(), Problem> {
    let Some(row) = logins::by_id(tx, login).await? else { return Ok(()) };
    let expires_at = domain::time::Timestamp::from_micros(row.created_at).plus_us(DROP_AFTER_US);
    let context =
        ResumeRegistration { first_name: first_name.into(), username: row.username, expires_at, link: String::new() };
    let token =
        tokens::issue(tx, cx, tokens::RESUME_REGISTRATION, Id::from_uuid(login), &json!({}), expires_at).await?;
    Notice::mail(email, locale, ("login", login), &context)
        .with_link(token, tokens::RESUME_REGISTRATION, "/register/resume/{token}")
        .once(format!("resume:{login}:{occasion}"))
        .enqueue(tx, cx)
        .await
}
