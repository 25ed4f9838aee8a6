//! Takes a profile out of the address book.

use domain::id::HolderId;
use store::holders as rows;

use crate::{Cx, Problem, audit, use_cases::orders::assign_holders::party_of};

/// Deletes a profile that no mailbox and no unpaid order names.
///
/// # Errors
/// `NotFound`; `holder-in-use` with the number of mailboxes.
pub async fn delete_holder(cx: &Cx, id: HolderId) -> Result<(), Problem> {
    let party = party_of(cx)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let uses = rows::uses(tx, id.uuid()).await?;
        if uses > 0 {
            return Err(Problem::refused("holder-in-use").with("mailboxes", uses));
        }
        match rows::delete(tx, party.uuid(), id.uuid()).await {
            Ok(1) => {}
            Ok(_) => return Err(Problem::not_found()),
            // A cancelled mailbox still names it.
            Err(store::Error::Reference(_)) => return Err(Problem::refused("holder-in-use").with("mailboxes", 1)),
            Err(e) => return Err(e.into()),
        }
        let line = domain::audit::AuditLine::new("holder.deleted", "holder", id.uuid(), serde_json::json!({}));
        audit::record(tx, &cx_in, &line).await
    })
    .await
}
