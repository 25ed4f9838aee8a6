//! Says whose registry record stands for the body of an agreement: its logins become the body's secretariat.

use domain::{actor::Actor, audit::AuditLine, id::PartyId};
use serde_json::json;
use store::{agreements as rows, parties};

use crate::{Cx, Problem, audit};

/// Names the body by its fiscal code or VAT number.
///
/// # Errors
/// `invalid` with the field `body` when no such record is registered, or one of a person; `NotFound` without such an
/// agreement; `Forbidden` to customers.
pub async fn name_body(cx: &Cx, agreement: &str, tax_key: &str) -> Result<(), Problem> {
    if !matches!(cx.actor, Actor::System | Actor::Operator { .. }) {
        return Err(Problem::forbidden());
    }
    let (cx_in, agreement) = (cx.clone(), agreement.to_owned());
    let key = tax_key.split_whitespace().collect::<String>().to_uppercase();
    cx.write(async move |tx| {
        let known = parties::by_tax_key(tx, &key).await?;
        let Some(party) = known.map(|p| PartyId::from_uuid(p.id)) else {
            return Err(Problem::invalid_field("body", "body-unknown"));
        };
        if rows::name_body(tx, &agreement, party).await? == 0 {
            return Err(Problem::not_found());
        }
        let details = json!({ "agreement": agreement });
        audit::record(tx, &cx_in, &AuditLine::new("agreement.body_named", "party", party.uuid(), details)).await
    })
    .await
}
