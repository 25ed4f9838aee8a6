//! A new registered e-mail: it replaces the old one only after a code sent to it came back (domain
//! notes 1.8). It is shared by all logins of the record.

use domain::{
    audit::AuditLine,
    id::{Id, PartyId, Subject},
    ident::{EmailAddress, EmailRefusal, email},
    time::{DAY_US, MINUTE_US},
};
use render::{
    Locale,
    notices::profile::{ConfirmNewEmail, EmailReplaced},
};
use serde_json::{Value, json};
use store::parties;

use super::{
    change_contacts::{kill_links_of_party, note},
    recover_username::within,
};
use crate::{Cx, FieldProblem, Problem, audit, notice::Notice, rate_limit::Limit, tokens};

const GOOD_FOR_US: i64 = 30 * MINUTE_US;
const TRIES: i64 = 5;
/// Codes sent for one record.
const PER_RECORD: Limit = Limit::new(6, DAY_US);

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct TypedEmail {
    pub email: String,
    pub again: String,
}

fn subject(party: PartyId) -> Id<Subject> {
    party.cast()
}

fn read(typed: &TypedEmail) -> Result<EmailAddress, Problem> {
    EmailAddress::parse_twice(&typed.email, &typed.again).map_err(|e| {
        let field = if e == EmailRefusal::Differs { "email_again" } else { "email" };
        Problem::invalid(vec![FieldProblem::new(field, e.code())])
    })
}

/// Sends a code to the new address. An earlier code is good no more.
///
/// # Errors
/// A wrong address; `email-same`; too many codes in a day.
pub async fn request_email_change(cx: &Cx, party: PartyId, typed: TypedEmail) -> Result<(), Problem> {
    let new = read(&typed)?;
    let row = parties::by_id(&mut cx.store(), party.uuid()).await?.ok_or_else(Problem::not_found)?;
    if row.email_key == new.key() {
        return Err(Problem::invalid_field("email", "email-same"));
    }
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        if !within(tx, &cx2, &format!("change-email:{}", row.id), PER_RECORD).await? {
            return Err(Problem::too_many((DAY_US / 1_000_000) as u32));
        }
        tokens::revoke_all(tx, &cx2, tokens::CHANGE_EMAIL, subject(party)).await?;
        let data = json!({ "email": new.as_str() });
        let until = cx2.now().plus_us(GOOD_FOR_US);
        let token = tokens::issue(tx, &cx2, tokens::CHANGE_EMAIL, subject(party), &data, until).await?;
        let context = ConfirmNewEmail { name: row.display_name.clone(), code: String::new(), valid_until: until };
        let locale = Locale::parse(&row.locale).unwrap_or_default();
        Notice::mail(new.as_str(), locale, ("party", row.id), &context)
            .with_code(token, tokens::CHANGE_EMAIL)
            .enqueue(tx, &cx2)
            .await?;
        audit::record(tx, &cx2, &AuditLine::new("party.email_change_asked", "party", row.id, json!({}))).await
    })
    .await
}

/// The address that waits for its code.
///
/// # Errors
/// When the store cannot be read.
pub async fn pending_email(cx: &Cx, party: PartyId) -> Result<Option<String>, Problem> {
    let live = tokens::latest(&mut cx.store(), cx, tokens::CHANGE_EMAIL, subject(party)).await?;
    Ok(live.and_then(|l| l.data.get("email").and_then(Value::as_str).map(str::to_owned)))
}

/// Takes the new address over; links sent to the old one die, both addresses are told.
///
/// # Errors
/// `code-wrong`; `code-gone` when no code waits (expired, or five wrong ones).
pub async fn confirm_email_change(cx: &Cx, party: PartyId, code: String) -> Result<(), Problem> {
    if code.trim().is_empty() {
        return Err(Problem::invalid_field("code", "code-missing"));
    }
    let cx2 = cx.clone();
    let right = cx
        .write(async move |tx| {
            let live = tokens::latest(tx, &cx2, tokens::CHANGE_EMAIL, subject(party)).await?;
            let live = live.ok_or_else(|| Problem::refused("code-gone"))?;
            if !tokens::try_code(tx, &cx2, tokens::CHANGE_EMAIL, live.id, &code, TRIES).await? {
                return Ok(false);
            }
            tokens::spend(tx, &cx2, live.id).await?;
            let typed = live.data.get("email").and_then(Value::as_str).unwrap_or_default();
            let new = EmailAddress::parse(typed).map_err(|e| Problem::broken(format!("kept address: {e}")))?;
            replace(tx, &cx2, party, &new).await?;
            Ok(true)
        })
        .await?;
    if right { Ok(()) } else { Err(Problem::invalid_field("code", "code-wrong")) }
}

async fn replace(tx: &mut store::WriteTx, cx: &Cx, party: PartyId, new: &EmailAddress) -> Result<(), Problem> {
    let row = parties::by_id(tx, party.uuid()).await?.ok_or_else(Problem::not_found)?;
    parties::set_email(tx, row.id, new.as_str(), &new.key(), cx.now().micros()).await?;
    kill_links_of_party(tx, cx, row.id).await?;
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    for to in [row.email.as_str(), new.as_str()] {
        let context = EmailReplaced { name: row.display_name.clone(), new: email::masked(new.as_str()), at: cx.now() };
        Notice::mail(to, locale, ("party", row.id), &context).enqueue(tx, cx).await?;
    }
    note(tx, cx).await?;
    audit::record(tx, cx, &AuditLine::new("party.changed", "party", row.id, json!({ "fields": ["email"] }))).await
}
