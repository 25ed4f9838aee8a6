//! The method that is used first.

use domain::{audit::AuditLine, id::MethodId};
use serde_json::json;
use store::{Batch, methods as rows};

use super::{acting, own};
use crate::{Cx, Problem, audit};

/// Lets new services of the acting login renew with this method, unless they were paid with another.
///
/// # Errors
/// `NotFound` when there is no such method of this login; `Forbidden`.
pub async fn prefer_method(cx: &Cx, method: MethodId) -> Result<(), Problem> {
    let login = acting(cx)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        own(tx, login, method).await?;
        let mut batch = Batch::new();
        rows::prefer(&mut batch, login, method);
        tx.batch(batch).await?;
        audit::record(tx, &cx_in, &AuditLine::new("method.preferred", "method", method.uuid(), json!({}))).await
    })
    .await
}
