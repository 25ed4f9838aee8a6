//! Corrects a profile. Its identity stays: another person is a change of holder.

use domain::{
    id::HolderId,
    party::{Field, SubjectData, Typed, check_contacts, check_subject},
};
use serde_json::json;
use store::holders as rows;

use super::{refused, row};
use crate::{Cx, FieldProblem, Problem, audit, use_cases::orders::assign_holders::party_of};

/// What is to be corrected.
#[derive(Clone, Debug)]
pub struct EditHolder {
    pub id: HolderId,
    /// The version that the form showed.
    pub version: i64,
    pub typed: Typed,
    /// How many mailboxes the customer was told that the correction reaches; `None` when he was not asked yet.
    pub confirmed: Option<i64>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    Saved,
    /// The correction reaches so many mailboxes: nothing was saved, ask first.
    AskFirst {
        mailboxes: i64,
    },
}

/// The identity of a profile, which an edit leaves as it is.
pub const LOCKED: [Field; 4] = [Field::FiscalCode, Field::VatNumber, Field::BodyCode, Field::WithoutVat];

/// Saves a correction, which reaches all mailboxes of the profile.
///
/// # Errors
/// `NotFound`; `invalid` with the names of the fields; `holder-changed` when somebody corrected it
/// meanwhile.
pub async fn edit_holder(cx: &Cx, input: EditHolder) -> Result<Edited, Problem> {
    let party = party_of(cx)?;
    let old = rows::by_id(&mut cx.store(), party.uuid(), input.id.uuid()).await?.ok_or_else(Problem::not_found)?;
    let before: SubjectData = serde_json::from_str(&old.details).map_err(Problem::broken)?;
    let mut typed = input.typed;
    for field in LOCKED {
        typed.set(field, before.to_typed().get(field));
    }
    let (subject, contacts) = match (check_subject(before.kind, &typed, cx.now().date()), check_contacts(&typed)) {
        (Ok(subject), Ok(contacts)) => (subject, contacts),
        (subject, contacts) => {
            let fields = [subject.err(), contacts.err()].into_iter().flatten().flatten().collect();
            return Err(refused(fields));
        }
    };
    if subject.tax_key() != old.tax_key {
        return Err(Problem::invalid(vec![FieldProblem::new("fiscal_code", "holder-identity")]));
    }
    let new = row(input.id, input.version, &subject, contacts)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let mailboxes = rows::uses(tx, new.id).await?;
        if mailboxes > 0 && input.confirmed != Some(mailboxes) {
            return Ok(Edited::AskFirst { mailboxes });
        }
        if rows::update(tx, party.uuid(), &new, cx_in.now().micros()).await? != 1 {
            return Err(Problem::conflict("holder-changed"));
        }
        if new.display_name != old.display_name {
            rows::rename_mailboxes(tx, new.id, &new.display_name).await?;
        }
        let details = json!({ "mailboxes": mailboxes });
        let line = domain::audit::AuditLine::new("holder.corrected", "holder", new.id, details);
        audit::record(tx, &cx_in, &line).await?;
        Ok(Edited::Saved)
    })
    .await
}
