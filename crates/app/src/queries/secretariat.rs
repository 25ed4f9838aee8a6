//! What the secretariat of a body reads: its own agreements, and nothing of anybody else's.

use domain::{
    actor::Actor,
    id::{MailboxId, MemberImportId, PartyId},
};
use store::{
    lists::From,
    member_imports::{self as imports, ImportLineRow, MemberImportRow, PlanCountRow},
    secretariat::{self as rows, BodyAgreementRow, BodyFilter, BodyMailboxRow, CountsRow, PlanNameRow},
};

use super::{mailboxes::EXPIRING_DAYS, orders::Page};
use crate::{Cx, Problem};

/// Mailboxes on one page of the list.
pub const PAGE: u64 = 50;

/// Whose desk it is: the registry record of the login.
///
/// # Errors
/// `NotFound` to everybody who is no provider account.
pub(crate) fn body(cx: &Cx) -> Result<PartyId, Problem> {
    match cx.actor {
        Actor::Login { party, .. } => Ok(party),
        _ => Err(Problem::not_found()),
    }
}

/// The agreements of the body with their counts.
///
/// # Errors
/// `NotFound` when the account is that of no body with agreements.
pub async fn agreements(cx: &Cx) -> Result<Vec<(BodyAgreementRow, CountsRow)>, Problem> {
    let found = rows::of_body(&mut cx.store(), body(cx)?).await?;
    if found.is_empty() {
        return Err(Problem::not_found());
    }
    let mut out = Vec::with_capacity(found.len());
    for agreement in found {
        let counts = counts(cx, &agreement).await?;
        out.push((agreement, counts));
    }
    Ok(out)
}

/// One agreement of the body.
///
/// # Errors
/// `NotFound` when it is another body's or not there.
pub async fn agreement(cx: &Cx, code: &str) -> Result<BodyAgreementRow, Problem> {
    rows::one_of_body(&mut cx.store(), body(cx)?, code).await?.ok_or_else(Problem::not_found)
}

/// Its mailboxes; what ends soon is counted up to [`EXPIRING_DAYS`] from today. It goes along all of them: only for pages
/// that tell it.
///
/// # Errors
/// When the store cannot be read.
pub async fn counts(cx: &Cx, agreement: &BodyAgreementRow) -> Result<CountsRow, Problem> {
    let soon = cx.now().date().plus_days(EXPIRING_DAYS);
    Ok(rows::counts(&mut cx.store(), &agreement.code, soon).await?)
}

/// The plans that its price list has.
///
/// # Errors
/// When the store cannot be read.
pub async fn plans(cx: &Cx, agreement: &BodyAgreementRow) -> Result<Vec<PlanNameRow>, Problem> {
    Ok(rows::plans(&mut cx.store(), &agreement.price_list).await?)
}

/// A page of the mailboxes of an agreement, by address.
///
/// # Errors
/// `NotFound` as [`agreement`].
pub async fn mailboxes(
    cx: &Cx,
    code: &str,
    filter: &BodyFilter,
    from: From<(&str, MailboxId)>,
) -> Result<Page<BodyMailboxRow>, Problem> {
    agreement(cx, code).await?;
    let found = rows::mailboxes(&mut cx.store(), code, filter, from, PAGE).await?;
    Ok(Page::of(found, &from, PAGE))
}

/// Up to `limit` mailboxes of the filtered list, for export.
///
/// # Errors
/// `NotFound` as [`agreement`].
pub async fn export(
    cx: &Cx,
    code: &str,
    filter: &BodyFilter,
    from: From<(&str, MailboxId)>,
    limit: u64,
) -> Result<Vec<BodyMailboxRow>, Problem> {
    agreement(cx, code).await?;
    Ok(rows::mailboxes(&mut cx.store(), code, filter, from, limit - 1).await?)
}

/// A member's mailbox.
///
/// # Errors
/// `NotFound` when it stands under no agreement of the body of this code.
pub async fn mailbox(cx: &Cx, code: &str, id: MailboxId) -> Result<BodyMailboxRow, Problem> {
    agreement(cx, code).await?;
    rows::mailbox(&mut cx.store(), id, code).await?.ok_or_else(Problem::not_found)
}

/// Files of members on the page of the upload.
const IMPORTS: i64 = 10;

/// The last files of members.
///
/// # Errors
/// `NotFound` as [`agreement`].
pub async fn imports(cx: &Cx, code: &str) -> Result<Vec<MemberImportRow>, Problem> {
    agreement(cx, code).await?;
    Ok(imports::of_agreement(&mut cx.store(), code, IMPORTS).await?)
}

/// What a file of members would make: how many mailboxes of which plan, and its first lines. The caller knows that the
/// file is the body's.
///
/// # Errors
/// When the store cannot be read.
pub async fn import_preview(
    cx: &Cx,
    id: MemberImportId,
    lines: i64,
) -> Result<(Vec<PlanCountRow>, Vec<ImportLineRow>), Problem> {
    let q = &mut cx.store();
    Ok((imports::plans(q, id).await?, imports::lines(q, id, 0, lines).await?))
}

/// Lines of a file after this one with which something is wrong; the caller knows that the file is the body's.
///
/// # Errors
/// When the store cannot be read.
pub async fn import_faults(cx: &Cx, id: MemberImportId, after: i64, limit: i64) -> Result<Vec<ImportLineRow>, Problem> {
    Ok(imports::faults(&mut cx.store(), id, after, limit).await?)
}
