//! An operator has looked at a parked obligation: the next night judges it again.

use domain::{
    actor::Actor,
    audit::AuditLine,
    operator::Permission,
    renewal::machine::{ObligationEvent, step},
    time::Date,
};
use serde_json::json;
use store::renewals as rows;
use uuid::Uuid;

use super::facts;
use crate::{Cx, Problem, audit, use_cases::operators::authorise};

/// Opens it again, due at once.
///
/// # Errors
/// `NotFound`; `renewal-not-parked`, `renewal-already-paid`, `renewal-ended`; `Forbidden` without the permission.
pub async fn unpark(cx: &Cx, service: Uuid, period_start: Date) -> Result<(), Problem> {
    if cx.actor != Actor::System {
        authorise(cx, Permission::RunNight)?;
    }
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let cx = &cx_in;
        let row = rows::of_service(tx, service, period_start).await?.ok_or_else(Problem::not_found)?;
        let facts = facts(&row, period_start.plus_days(-1))?;
        let decided = step(&facts, ObligationEvent::Unpark, cx.now().date())
            .map_err(|refusal| Problem::refused(refusal.code()))?;
        rows::unpark(tx, service, period_start, decided.due).await?;
        let details = json!({ "service": service, "period": period_start.iso(), "reason": row.reason });
        audit::record(tx, cx, &AuditLine::new("renewal.unparked", "mailbox", row.mailbox_id.uuid(), details)).await
    })
    .await
}
