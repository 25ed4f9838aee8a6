//! Adds a profile to the address book.

use domain::{
    id::HolderId,
    party::{SubjectKind, Typed, check_contacts, check_subject},
};
use store::holders as rows;

use super::{refused, row};
use crate::{Cx, FieldProblem, Problem, audit, use_cases::orders::assign_holders::party_of};

/// Saves a profile made of what was typed.
///
/// # Errors
/// `invalid` with the names of the fields; `holder-exists` when the book has this fiscal code or
/// VAT number already; `Forbidden` when nobody is signed in.
pub async fn new_holder(cx: &Cx, kind: SubjectKind, typed: &Typed) -> Result<HolderId, Problem> {
    let party = party_of(cx)?;
    let subject = check_subject(kind, typed, cx.now().date());
    let contacts = check_contacts(typed);
    let (subject, contacts) = match (subject, contacts) {
        (Ok(subject), Ok(contacts)) => (subject, contacts),
        (subject, contacts) => {
            let fields = [subject.err(), contacts.err()].into_iter().flatten().flatten().collect();
            return Err(refused(fields));
        }
    };
    let id: HolderId = cx.new_id();
    let new = row(id, 1, &subject, contacts)?;
    let line = domain::audit::AuditLine::new("holder.created", "holder", id.uuid(), serde_json::json!({}));
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        match rows::insert(tx, party.uuid(), &new, cx_in.now().micros()).await {
            Err(store::Error::Duplicate(_)) => return Err(exists(&new)),
            other => other?,
        }
        audit::record(tx, &cx_in, &line).await
    })
    .await?;
    Ok(id)
}

/// The book has this subject already: the field that names it says so.
fn exists(new: &rows::HolderRow) -> Problem {
    let field = if new.fiscal_code.as_deref() == Some(new.tax_key.as_str()) { "fiscal_code" } else { "vat_number" };
    Problem::invalid(vec![FieldProblem::new(field, "holder-exists")])
}
