//! A body's file of members: taken whole or refused whole, confirmed by the one who uploaded it, then worked off.

use domain::{actor::Actor, agreement::has_room, audit::AuditLine, id::MemberImportId, time::DAY_US};
use serde_json::json;
use store::{
    member_imports::{self as rows, MemberImportRow, NewImport},
    secretariat::BodyAgreementRow,
};

use super::member_sheet::judge;
pub use super::member_sheet::{COLUMNS, Fault, MEMBERS};
use crate::{
    Cx, FieldProblem, Problem, audit,
    effects::{self, import_members::ImportMembers},
    queries::secretariat as queries,
    use_cases::orders::import_sheet::{rows as read, text},
};

/// How long a file that was checked may wait for its confirmation: the register moves on.
const GOOD_FOR_US: i64 = 7 * DAY_US;

/// Reads a file and judges it whole. Nothing is made: the answer is where the faults, or what would be made, are shown.
///
/// # Errors
/// `invalid` at `lines` when the file cannot be read, or asks for more mailboxes than the agreement has left
/// (`members-quota`); `agreement-closed`; `NotFound` when the agreement is not this body's.
pub async fn upload_members(cx: &Cx, agreement: &str, file: &[u8]) -> Result<MemberImportId, Problem> {
    let Actor::Login { login, .. } = cx.actor else { return Err(Problem::not_found()) };
    let agreement = queries::agreement(cx, agreement).await?;
    if !agreement.validity().may_buy(cx.now().date()) {
        return Err(Problem::refused("agreement-closed"));
    }
    let read_text = text(file, &MEMBERS)?;
    let sheet = read(&read_text.text, &MEMBERS)?;
    let members = sheet.len() as i64;
    room(cx, &agreement, members).await?;
    let plans = queries::plans(cx, &agreement).await?;
    let judged = judge(cx, &agreement, &plans, &sheet).await?;
    let (id, at): (MemberImportId, _) = (cx.new_id(), cx.now());
    cx.write_bulk(async move |tx| {
        let state = if judged.wrong == 0 { "checked" } else { "refused" };
        let (agreement, windows, failed) = (agreement.code.as_str(), read_text.windows, judged.wrong);
        let new = NewImport { id, agreement, login, state, windows, members, failed, at };
        if judged.wrong == 0 {
            rows::insert(tx, &new, &judged.lines).await?;
        } else {
            // Nobody asks for the lines that were right.
            let wrong: Vec<_> = judged.lines.iter().filter(|l| l.faults.is_some()).cloned().collect();
            rows::insert(tx, &new, &wrong).await?;
        }
        Ok(id)
    })
    .await
}

/// Whether so many more fit.
async fn room(cx: &Cx, agreement: &BodyAgreementRow, more: i64) -> Result<(), Problem> {
    let Some(most) = agreement.mailbox_quota else { return Ok(()) };
    let mailboxes = queries::counts(cx, agreement).await?.mailboxes;
    if has_room(mailboxes + more - 1, Some(most)) {
        return Ok(());
    }
    let left = (most - mailboxes).max(0);
    Err(Problem::invalid(vec![FieldProblem::new("lines", "members-quota").with("members", more).with("room", left)]))
}

/// A file of an agreement of this body.
///
/// # Errors
/// `NotFound` when it is another's.
pub async fn member_import(cx: &Cx, agreement: &str, id: MemberImportId) -> Result<MemberImportRow, Problem> {
    queries::agreement(cx, agreement).await?;
    let found = rows::by_id(&mut cx.store(), id).await?;
    found.filter(|f| f.agreement_code == agreement).ok_or_else(Problem::not_found)
}

/// Begins to make the mailboxes of a file; confirming twice begins once.
///
/// # Errors
/// `members-old`, `agreement-closed`; `invalid` (`members-quota`); `NotFound`.
pub async fn confirm_members(cx: &Cx, agreement: &str, id: MemberImportId) -> Result<(), Problem> {
    let found = member_import(cx, agreement, id).await?;
    let agreement = queries::agreement(cx, agreement).await?;
    let (now, cx_in) = (cx.now(), cx.clone());
    if found.state == "checked" {
        if found.created_at.plus_us(GOOD_FOR_US) < now {
            return Err(Problem::refused("members-old"));
        }
        if !agreement.validity().may_buy(now.date()) {
            return Err(Problem::refused("agreement-closed"));
        }
        room(cx, &agreement, found.members).await?;
    }
    cx.write(async move |tx| {
        if rows::set_state(tx, id, ("checked", "running"), None).await? == 0 {
            return Ok(());
        }
        effects::enqueue(tx, &cx_in, &[ImportMembers { import: id, after: 0 }.asked(now)]).await?;
        let details = json!({ "agreement": found.agreement_code, "members": found.members });
        let line = AuditLine::new("members.confirmed", "member_import", id.uuid(), details);
        audit::record(tx, &cx_in, &line).await
    })
    .await
}

/// Drops a file that was checked.
///
/// # Errors
/// `NotFound`.
pub async fn drop_members(cx: &Cx, agreement: &str, id: MemberImportId) -> Result<(), Problem> {
    member_import(cx, agreement, id).await?;
    let now = cx.now();
    cx.write(async move |tx| {
        rows::set_state(tx, id, ("checked", "dropped"), Some(now)).await?;
        Ok(())
    })
    .await
}
