//! A notice of termination is taken back while the mailbox runs: the next period is paid as it would have been, if there is
//! still time for it (domain notes 2.10).

use domain::{
    audit::AuditLine,
    id::MailboxId,
    mailbox::termination::{Giver, Refusal, take_back},
    renewal::{Way, machine::ObligationEvent},
};
use render::{Locale, notices::terminations::TerminationTakenBack};
use serde_json::json;
use store::{
    WriteTx,
    terminations::{self as rows, Owed},
};

use super::give_notice::{Looked, look, owed_from_now_on, recipients};
use crate::{Cx, Problem, audit, notice::Notice, operations, use_cases::renewals::charge::usable_method};

/// Takes it back. A second click finds nothing to take back, and that is fine.
///
/// # Errors
/// `NotFound`; `termination-too-late`, `termination-gone`, `termination-not-holder`.
pub async fn take_back_notice(cx: &Cx, mailbox: MailboxId) -> Result<(), Problem> {
    let cx_in = cx.clone();
    let done = cx.write(async move |tx| run(tx, &cx_in, mailbox).await).await;
    match done {
        Err(p) if p.is(Refusal::None.code()) => Ok(()),
        other => other,
    }
}

async fn run(tx: &mut WriteTx, cx: &Cx, mailbox: MailboxId) -> Result<(), Problem> {
    let looked = look(tx, cx, mailbox).await?;
    let today = cx.now().date();
    take_back(&looked.facts, today).map_err(|refusal| Problem::refused(refusal.code()))?;
    let given = rows::given(tx, mailbox).await?.ok_or_else(|| Problem::refused(Refusal::None.code()))?;
    let former = Way::parse(&given.former_way).ok_or_else(|| Problem::broken("way of an obligation"))?;
    let way = still_there(tx, &looked, former).await?;
    let owed = owed_from_now_on(&looked, ObligationEvent::NoticeTakenBack(way), today)?;
    let way = owed.map_or(Way::Manual, |(_, way, _)| Way::parse(way).unwrap_or(Way::Manual));
    let charged = !matches!(former, Way::Card | Way::Paypal) || way.by_itself();
    let marked = owed.as_ref().map(|(start, way, due)| Owed { period_start: *start, way, due: *due });
    rows::mark(tx, mailbox, false, given.former_auto && charged, marked).await?;
    rows::close(tx, mailbox, "taken_back", cx.now()).await?;
    let details = json!({ "notice": given.id, "way": way.as_str() });
    audit::record(tx, cx, &AuditLine::new("mailbox.notice_taken_back", "mailbox", mailbox.uuid(), details)).await?;
    operations::done(tx, cx, mailbox, "renewal", "operation-notice-taken-back").await?;
    let by_mailbox = looked.facts.giver == Giver::Mailbox;
    for (to, in_holder_area) in recipients(&looked.row, by_mailbox) {
        let context = TerminationTakenBack {
            mailbox: mailbox.to_string(),
            address: looked.row.address.clone(),
            end: looked.row.end_day,
            way: way.as_str().into(),
            charge_day: owed.map(|(_, _, due)| due).filter(|_| way.by_itself()),
            in_holder_area,
        };
        let subject = ("mailbox", mailbox.uuid());
        let mail = Notice::mail(to, Locale::from_tag(&looked.row.locale), subject, &context);
        mail.once(format!("termination:{}:back:{to}", given.id)).enqueue(tx, cx).await?;
    }
    Ok(())
}

/// The way as it was, with the stored method that there is now; by hand when there is none any more.
async fn still_there(tx: &mut WriteTx, looked: &Looked, former: Way) -> Result<Way, Problem> {
    let Some(owed) = looked.owed.as_ref().filter(|_| matches!(former, Way::Card | Way::Paypal)) else {
        return Ok(former);
    };
    Ok(match usable_method(tx, owed).await? {
        None => Way::Manual,
        Some(method) if method.gateway == Way::Paypal.as_str() => Way::Paypal,
        Some(_) => Way::Card,
    })
}
