//! Another name for a price list. Its code, which agreements name, stays.

use domain::{audit::AuditLine, operator::Permission};
use serde_json::json;
use store::{catalogue_office as rows, price_lists};
use uuid::Uuid;

use super::read_name;
use crate::{Cx, Problem, audit, use_cases::operators::authorise};

/// Renames the list that was shown in this version.
///
/// # Errors
/// `invalid` with the field `name`; `catalogue-changed` when somebody else was quicker; `NotFound`; `Forbidden`.
pub async fn rename_list(cx: &Cx, code: &str, version: i64, name: &str) -> Result<(), Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let name = read_name(name).map_err(|p| Problem::invalid(vec![p]))?;
    let (cx_in, code) = (cx.clone(), code.to_owned());
    cx.write(async move |tx| {
        let known = rows::lists(tx).await?.into_iter().find(|l| l.code == code).ok_or_else(Problem::not_found)?;
        if price_lists::rename(tx, (&code, version), &name).await? == 0 {
            return Err(Problem::conflict("catalogue-changed"));
        }
        let details = json!({ "list": code, "name": name, "before": known.name });
        audit::record(tx, &cx_in, &AuditLine::new("price_list.renamed", "price_list", Uuid::nil(), details)).await
    })
    .await
}
