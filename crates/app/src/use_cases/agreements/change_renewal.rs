//! The secretariat says who renews a member's mailbox: the body, or the member (domain notes 4.1).

use domain::{agreement::RenewalKind, audit::AuditLine, id::MailboxId, renewal::Way};
use serde_json::json;
use store::{renewals::pending, secretariat as rows};

use crate::{Cx, Problem, audit, queries::secretariat as queries};

/// Changes it; saying the same again does nothing. Not while an order of the body waits for its payment: the member's
/// credit would pay the same period.
///
/// # Errors
/// `invalid` with the field `renewal`; `renewal-noticed-member` when its holder gave notice; `renewal-pending`; `NotFound`
/// when the mailbox is under no agreement of this body.
pub async fn change_renewal(cx: &Cx, agreement: &str, mailbox: MailboxId, word: &str) -> Result<(), Problem> {
    let Some(kind) = RenewalKind::parse(word) else {
        return Err(Problem::invalid_field("renewal", "renewal-kind"));
    };
    queries::mailbox(cx, agreement, mailbox).await?;
    let (cx_in, agreement) = (cx.clone(), agreement.to_owned());
    cx.write(async move |tx| {
        let found = rows::mailbox(tx, mailbox, &agreement).await?.ok_or_else(Problem::not_found)?;
        if found.notice {
            return Err(Problem::refused("renewal-noticed-member"));
        }
        if rows::set_renewal(tx, mailbox, &agreement, kind, (Way::of_agreement(kind), found.end_day)).await? == 0 {
            return Ok(());
        }
        if !pending(tx, mailbox.uuid()).await?.is_empty() {
            return Err(Problem::refused("renewal-pending"));
        }
        let details = json!({ "renewal": kind.as_str() });
        audit::record(tx, &cx_in, &AuditLine::new("mailbox.renewal_kind", "mailbox", mailbox.uuid(), details)).await
    })
    .await
}
