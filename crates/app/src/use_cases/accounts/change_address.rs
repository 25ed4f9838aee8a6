//! Address and e-invoice data of a registry record (domain notes 1.8).

use domain::{
    id::PartyId,
    party::{Change, Columns, Field, SubjectData, Typed, change, check_subject},
};
use store::parties;

use super::{change_contacts::tell, registration::refused};
use crate::{Cx, Problem};

/// The data of a record as it was written.
///
/// # Errors
/// When the row was not written by this program.
pub fn subject(row: &parties::PartyRow) -> Result<SubjectData, Problem> {
    let columns = Columns {
        kind: &row.kind,
        first_name: &row.first_name,
        last_name: &row.last_name,
        organisation: row.organisation.as_deref(),
        fiscal_code: row.fiscal_code.as_deref(),
        vat_number: row.vat_number.as_deref(),
    };
    let data = SubjectData::from_columns(columns, &row.details);
    data.ok_or_else(|| Problem::broken(format!("details of {} cannot be read", row.id)))
}

/// Replaces what may be changed at once; other fields of the form are not read.
///
/// # Errors
/// Refused fields; `profile-changed-meanwhile` when another login changed the record since the form was shown.
pub async fn change_address(cx: &Cx, party: PartyId, version: i64, typed: Typed) -> Result<(), Problem> {
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let row = parties::by_id(tx, party.uuid()).await?.ok_or_else(Problem::not_found)?;
        let before = subject(&row)?;
        let mut all = before.to_typed();
        for field in Field::ALL.iter().copied().filter(|f| editable(*f)) {
            all.set(field, typed.get(field));
        }
        let after = check_subject(before.kind, &all, cx2.now().date()).map_err(refused)?;
        let mut changed = Vec::new();
        if after.address != before.address {
            changed.push("address");
        }
        if after.invoicing != before.invoicing {
            changed.push("invoicing");
        }
        if changed.is_empty() {
            return Ok(());
        }
        let details = serde_json::to_string(&after).expect("a subject is plain data");
        if parties::set_details(tx, row.id, version, &details, cx2.now().micros()).await? != 1 {
            return Err(Problem::conflict("profile-changed-meanwhile"));
        }
        tell(tx, &cx2, &row, &changed).await
    })
    .await
}

/// Whether the page of address and invoices edits this field.
pub fn editable(field: Field) -> bool {
    change(field) == Change::Free && !field.is_contact()
}
