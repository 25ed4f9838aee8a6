//! Space that a renewal took away: it goes as soon as what lies in the mailbox fits, and after its last day in any case.
//! Nothing is deleted: a mailbox with more than its space behaves as full (domain notes 5.5, 6.5).

use domain::audit::AuditLine;
use render::{Locale, notices::renewals::SpaceKept};
use serde_json::json;
use store::{WriteTx, expiry_notices, mailbox_life::PlaneRow, space_falls as rows, usage};

use crate::{
    Cx, Problem, audit,
    effects::{self, Effect, provision::Provision},
    notice::Notice,
};

/// The mail servers have said what lies in a mailbox that gives back space.
///
/// # Errors
/// The store's.
pub async fn counted(tx: &mut WriteTx, cx: &Cx, row: &PlaneRow, used_kib: i64) -> Result<(), Problem> {
    let Some(fall) = rows::of(tx, row.id).await? else { return Ok(()) };
    let stays_mib = fall.space_mib + fall.extra_space_mib;
    if used_kib <= stays_mib * 1024 {
        return lower(tx, cx, &fall).await;
    }
    if fall.told {
        return Ok(());
    }
    rows::told(tx, row.id).await?;
    let Some(holder) = expiry_notices::service(tx, row.id).await? else { return Ok(()) };
    let mail = SpaceKept {
        mailbox: row.id.to_string(),
        address: row.address.clone(),
        used_bytes: used_kib << 10,
        space_bytes: stays_mib << 20,
        until: fall.until_day,
    };
    let locale = Locale::parse(&holder.locale).unwrap_or_default();
    Notice::mail(&holder.email, locale, ("mailbox", row.id.uuid()), &mail).enqueue(tx, cx).await
}

/// The larger space is over.
///
/// # Errors
/// The store's.
pub async fn lower(tx: &mut WriteTx, cx: &Cx, fall: &rows::FallRow) -> Result<(), Problem> {
    let id = fall.mailbox_id;
    rows::lower(tx, fall).await?;
    // Counted anew, so that its holder is told how full it is now.
    usage::put_off(tx, id, cx.now()).await?;
    let wish = Provision { mailbox: id }.request(("mailbox", id.uuid()), None, cx.now());
    effects::enqueue(tx, cx, &[wish]).await?;
    let details = json!({ "space_mib": fall.space_mib, "extra_space_mib": fall.extra_space_mib });
    audit::record(tx, cx, &AuditLine::new("mailbox.space_lowered", "mailbox", id.uuid(), details)).await
}
