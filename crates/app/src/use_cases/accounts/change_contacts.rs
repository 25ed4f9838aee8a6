//! Telephone, mobile and language of a registry record: shared by all its logins, editable at once
//! (domain notes 1.8).

use domain::{
    actor::Actor,
    audit::AuditLine,
    id::{LoginId, PartyId},
    ident::Phone,
};
use render::{
    Locale,
    notices::profile::{DataChanged, MobileReplaced},
};
use serde_json::json;
use store::{WriteTx, logins, parties};
use uuid::Uuid;

use super::new_password::kill_links;
use crate::{Cx, FieldProblem, Problem, audit, notice::Notice, operations};

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct TypedContacts {
    pub phone: String,
    pub mobile: String,
    pub locale: String,
    /// Version of the record that the form showed.
    pub version: i64,
}

struct Contacts {
    phone: Option<String>,
    mobile: Option<String>,
    locale: Locale,
}

fn read(typed: &TypedContacts) -> Result<Contacts, Problem> {
    let mut wrong = Vec::new();
    let mut number = |field: &str, raw: &str, mobile: bool| {
        let parse = if mobile { Phone::parse_mobile } else { Phone::parse };
        let some = (!raw.trim().is_empty()).then(|| parse(raw));
        some.and_then(|p| p.map_err(|e| wrong.push(FieldProblem::new(field, e.code()))).ok())
            .map(|p| p.as_str().to_owned())
    };
    let mobile = number("mobile", &typed.mobile, true);
    let phone = number("phone", &typed.phone, false);
    if typed.mobile.trim().is_empty() && typed.phone.trim().is_empty() {
        wrong.push(FieldProblem::new("mobile", "contact-phone-needed"));
    }
    let locale = Locale::parse(&typed.locale).unwrap_or_default();
    if wrong.is_empty() { Ok(Contacts { phone, mobile, locale }) } else { Err(Problem::invalid(wrong)) }
}

/// Replaces telephone numbers and language.
///
/// # Errors
/// Wrong numbers field by field; `profile-changed-meanwhile` when another login changed
/// the record since the form was shown.
pub async fn change_contacts(cx: &Cx, party: PartyId, typed: TypedContacts) -> Result<(), Problem> {
    let contacts = read(&typed)?;
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let row = parties::by_id(tx, party.uuid()).await?.ok_or_else(Problem::not_found)?;
        let changed = changed(&row, &contacts);
        if changed.is_empty() {
            return Ok(());
        }
        let new = (contacts.phone.as_deref(), contacts.mobile.as_deref(), contacts.locale.code());
        if parties::set_contacts(tx, row.id, typed.version, new, cx2.now().micros()).await? != 1 {
            return Err(Problem::conflict("profile-changed-meanwhile"));
        }
        if changed.contains(&"mobile") {
            kill_links_of_party(tx, &cx2, row.id).await?;
            warn_old_mobile(tx, &cx2, &row).await?;
        }
        tell(tx, &cx2, &row, &changed).await
    })
    .await
}

fn changed(row: &parties::PartyRow, new: &Contacts) -> Vec<&'static str> {
    let mut fields = Vec::new();
    for (field, differs) in [
        ("phone", row.phone != new.phone),
        ("mobile", row.mobile != new.mobile),
        ("locale", row.locale != new.locale.code()),
    ] {
        if differs {
            fields.push(field);
        }
    }
    fields
}

/// Links sent to a contact that is gone open nothing (domain notes 10.5).
pub(crate) async fn kill_links_of_party(tx: &mut WriteTx, cx: &Cx, party: Uuid) -> Result<(), Problem> {
    for login in logins::of_party(tx, party).await? {
        kill_links(tx, cx, LoginId::from_uuid(login.id)).await?;
    }
    Ok(())
}

async fn warn_old_mobile(tx: &mut WriteTx, cx: &Cx, row: &parties::PartyRow) -> Result<(), Problem> {
    let Some(old) = &row.mobile else { return Ok(()) };
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    Notice::sms(old, locale, ("party", row.id), &MobileReplaced {}).enqueue(tx, cx).await
}

/// A holder who did it from his mailbox finds it among his outcomes.
pub(crate) async fn note(tx: &mut WriteTx, cx: &Cx) -> Result<(), Problem> {
    match cx.actor {
        Actor::Mailbox { mailbox } => operations::done(tx, cx, mailbox, "data_change", "operation-data-changed").await,
        _ => Ok(()),
    }
}

/// «Dati modificati», to the registered e-mail, and the audit line; names of fields, no values.
pub(crate) async fn tell(tx: &mut WriteTx, cx: &Cx, row: &parties::PartyRow, changed: &[&str]) -> Result<(), Problem> {
    let locale = Locale::parse(&row.locale).unwrap_or_default();
    let fields = changed.iter().map(|f| (*f).to_owned()).collect();
    let context = DataChanged { name: row.display_name.clone(), fields, at: cx.now() };
    Notice::mail(&row.email, locale, ("party", row.id), &context).enqueue(tx, cx).await?;
    note(tx, cx).await?;
    audit::record(tx, cx, &AuditLine::new("party.changed", "party", row.id, json!({ "fields": changed }))).await
}
