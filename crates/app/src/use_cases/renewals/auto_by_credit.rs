//! A holder says whether his credit renews the mailbox by itself (domain notes 6.3), told by mail.

use domain::{
    audit::AuditLine,
    id::MailboxId,
    renewal::{
        Way,
        machine::{ObligationEvent, step},
    },
};
use render::{Locale, notices::renewals::AutoRenewChanged};
use serde_json::json;
use store::{WriteTx, renewals as rows};

use super::{facts, prices::Prices, renew_with_credit::own_by_credit};
use crate::{Cx, Problem, audit, notice::Notice};

/// Switches it for the acting mailbox. Asking for what is so already changes nothing.
///
/// # Errors
/// `NotFound` when its holder does not renew it; `auto-renew-too-late`, `renewal-noticed`; `renewal-parked`, `renewal-already-paid`,
/// `renewal-ended`.
pub async fn set_auto_by_credit(cx: &Cx, mailbox: MailboxId, on: bool) -> Result<(), Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| run(tx, &cx_in, mailbox, on).await).await
}

async fn run(tx: &mut WriteTx, cx: &Cx, mailbox: MailboxId, on: bool) -> Result<(), Problem> {
    let row = own_by_credit(tx, cx, mailbox).await?;
    let facts = facts(&row, row.term_end)?;
    if facts.way.by_itself() == on {
        return Ok(());
    }
    if row.notice {
        return Err(Problem::refused("renewal-noticed"));
    }
    let way = if on { Way::Wallet } else { Way::Manual };
    let decided = step(&facts, ObligationEvent::WayChanged(way), cx.now().date())
        .map_err(|refusal| Problem::refused(refusal.code()))?;
    if on && decided.due > row.term_end {
        return Err(Problem::refused("auto-renew-too-late"));
    }
    rows::set_way_alone(tx, &row, way.as_str(), decided.due).await?;
    let prices = Prices::at(tx, cx, cx.now()).await?;
    let context = AutoRenewChanged {
        mailbox: mailbox.to_string(),
        address: row.address.clone(),
        on,
        end: row.term_end,
        day: on.then_some(decided.due),
        gross: prices.renewal(&row).ok().filter(|_| on).map(|r| r.quote.gross),
        method: None,
        credit: Some(row.available()),
    };
    let mail = Notice::mail(&row.email, Locale::from_tag(&row.locale), ("mailbox", mailbox.uuid()), &context);
    mail.enqueue(tx, cx).await?;
    let action = if on { "renewal.switched_on" } else { "renewal.switched_off" };
    audit::record(tx, cx, &AuditLine::new(action, "mailbox", mailbox.uuid(), json!({ "way": way.as_str() }))).await
}
