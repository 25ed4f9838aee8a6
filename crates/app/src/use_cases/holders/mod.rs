//! The address book: holder profiles of a registry record (domain notes 2.6).

pub mod delete_holder;
pub mod edit_holder;
pub mod new_holder;

use domain::{
    id::HolderId,
    party::{Contacts, SubjectData},
};
use store::holders as rows;

use crate::{FieldProblem, Problem};

/// Refused fields as a problem of the form.
fn refused(fields: Vec<domain::party::FieldRefusal>) -> Problem {
    Problem::invalid(fields.into_iter().map(|r| FieldProblem::new(r.field.name(), r.code)).collect())
}

/// The row of a profile.
pub(crate) fn row(
    id: HolderId,
    version: i64,
    subject: &SubjectData,
    contacts: Contacts,
) -> Result<rows::HolderRow, Problem> {
    Ok(rows::HolderRow {
        id: id.uuid(),
        version,
        kind: subject.kind.as_str().into(),
        tax_key: subject.tax_key().into(),
        display_name: subject.display_name(),
        first_name: subject.first_name.clone(),
        last_name: subject.last_name.clone(),
        organisation: subject.organisation.clone(),
        fiscal_code: subject.fiscal_code.clone(),
        vat_number: subject.vat_number.clone(),
        email: contacts.email,
        phone: contacts.phone,
        mobile: contacts.mobile,
        details: serde_json::to_string(subject).map_err(Problem::broken)?,
    })
}
