//! A stored method is used no more: its services renew by hand from now on, and the gateway forgets it.

use domain::{audit::AuditLine, id::MethodId};
use render::notices::methods::MethodChanged;
use serde_json::json;
use store::{Batch, WriteTx, methods as rows};

use super::{acting, own, tell, told};
use crate::{
    Cx, Problem, audit,
    effects::{self, Effect, detach_method::DetachMethod},
};

/// Removes it; a second click finds nothing to do.
///
/// # Errors
/// `NotFound` when there is no such method of this login; `Forbidden`.
pub async fn remove_method(cx: &Cx, method: MethodId) -> Result<(), Problem> {
    let login = acting(cx)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let cx = &cx_in;
        let row = own(tx, login, method).await?;
        let owner = rows::owner(tx, login, &row.gateway).await?.ok_or_else(Problem::not_found)?;
        let services = told(tx, login, method).await?;
        let details = json!({ "services": services.len() });
        let mut batch = Batch::new();
        rows::end_services(&mut batch, login, method);
        rows::remove(&mut batch, method);
        tx.batch(batch).await?;
        if let Some(next) = rows::kept(tx, login, 1).await?.first() {
            let mut batch = Batch::new();
            rows::prefer(&mut batch, login, next.id);
            tx.batch(batch).await?;
        }
        detach(tx, cx, method).await?;
        audit::record(tx, cx, &AuditLine::new("method.removed", "method", method.uuid(), details)).await?;
        let mail = MethodChanged { kind: "removed".into(), method: row.label, before: None, services };
        // One that is stored again is another removal.
        tell(tx, cx, &owner, mail, format!("method:{method}:removed:{}", cx.now().micros())).await
    })
    .await
}

/// Has the gateway forget a method that was removed.
pub(super) async fn detach(tx: &mut WriteTx, cx: &Cx, method: MethodId) -> Result<(), Problem> {
    let request = DetachMethod { method }.request(("method", method.uuid()), None, cx.now());
    effects::enqueue(tx, cx, &[request]).await
}
