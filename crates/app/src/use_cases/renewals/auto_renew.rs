//! Automatic renewal is switched on or off (domain notes 6.3): with the stored method of the login, told by mail.

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

use super::{charge::usable_method, facts, place_renewal::own, prices::Prices};
use crate::{Cx, Problem, audit, notice::Notice};

/// Switches it for a mailbox of the acting login. Asking for what is so already changes nothing.
///
/// # Errors
/// `NotFound`; `auto-renew-no-method`, `auto-renew-too-late`, `renewal-noticed`; `renewal-charging`, `renewal-parked`, `renewal-ended`.
pub async fn set_auto_renew(cx: &Cx, mailbox: MailboxId, on: bool) -> Result<(), Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| run(tx, &cx_in, mailbox, on).await).await
}

async fn run(tx: &mut WriteTx, cx: &Cx, mailbox: MailboxId, on: bool) -> Result<(), Problem> {
    let row = own(tx, cx, mailbox).await?;
    let facts = facts(&row, row.term_end)?;
    if facts.way.by_itself() == on {
        return Ok(());
    }
    if row.notice {
        return Err(Problem::refused("renewal-noticed"));
    }
    // The body of an agreement and the holder, in his own area, decide on its mailboxes.
    if row.agreement_list.is_some() || !matches!(facts.way, Way::Manual | Way::Card | Way::Paypal) {
        return Err(Problem::not_found());
    }
    let method = match on {
        false => None,
        true => {
            let usable = usable_method(tx, &row).await?;
            Some(usable.ok_or_else(|| Problem::refused("auto-renew-no-method"))?)
        }
    };
    let way = match &method {
        None => Way::Manual,
        Some(m) if m.gateway == Way::Paypal.as_str() => Way::Paypal,
        Some(_) => Way::Card,
    };
    let decided = step(&facts, ObligationEvent::WayChanged(way), cx.now().date())
        .map_err(|refusal| Problem::refused(refusal.code()))?;
    if on && decided.due > row.term_end {
        return Err(Problem::refused("auto-renew-too-late"));
    }
    rows::set_way(tx, &row, way.as_str(), decided.due, method.as_ref().map(|m| m.id)).await?;
    let prices = Prices::at(tx, cx, cx.now()).await?;
    let context = AutoRenewChanged {
        mailbox: mailbox.to_string(),
        address: row.address.clone(),
        on,
        end: row.term_end,
        day: on.then_some(decided.due),
        gross: prices.renewal(&row).ok().filter(|_| on).map(|r| r.quote.gross),
        method: method.map(|m| m.label),
        credit: None,
    };
    let mail = Notice::mail(&row.email, Locale::from_tag(&row.locale), ("mailbox", mailbox.uuid()), &context);
    mail.enqueue(tx, cx).await?;
    let action = if on { "renewal.switched_on" } else { "renewal.switched_off" };
    audit::record(tx, cx, &AuditLine::new(action, "mailbox", mailbox.uuid(), json!({}))).await
}
