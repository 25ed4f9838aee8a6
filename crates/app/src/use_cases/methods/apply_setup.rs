//! What became known about the storing of a method: when it is stored, it takes the place of the one it replaces.

use domain::{
    audit::AuditLine,
    id::{AttemptId, MethodId},
    payment::machine::{AttemptRefusal, Consequence, step},
};
use ports::payment::SavedMethod;
use render::notices::methods::MethodChanged;
use serde_json::json;
use store::{
    Batch, WriteTx,
    methods::{self as rows, SetupRow},
    payments::{self, NewMethod},
};

use super::{remove_method::detach, tell, told};
use crate::{
    Cx, Problem, audit,
    use_cases::payments::{Means, apply_status::News, last_day, method_label, state_of},
};

/// Applies news to a set-up. News that change nothing write nothing.
///
/// # Errors
/// `NotFound` when there is no such set-up; the store's.
pub async fn apply_setup(tx: &mut WriteTx, cx: &Cx, id: AttemptId, news: &News) -> Result<(), Problem> {
    let row = rows::setup(tx, id).await?.ok_or_else(Problem::not_found)?;
    let state = state_of(&row.state)?;
    let step = match step(state, news.event(), row.checks, cx.now()) {
        Ok(step) => step,
        Err(AttemptRefusal::Over | AttemptRefusal::ContradictsSuccess) => return Ok(()),
    };
    let truth = match news {
        News::Truth(truth) => Some(truth),
        News::Refused { .. } | News::AnswerLost { .. } => None,
    };
    let reference = truth.and_then(|t| t.reference.as_deref());
    if step.next == state && (reference.is_none() || row.gateway_ref.is_some()) {
        return Ok(());
    }
    let failure = news.words().0.filter(|_| step.consequence == Consequence::Release);
    let mut batch = Batch::new();
    rows::moved_setup(&mut batch, (id, row.version), step.next.as_str(), reference, failure, step.check_at);
    tx.batch(batch).await?;
    let (Consequence::Settle, Some(truth)) = (step.consequence, truth) else { return Ok(()) };
    let Some(method) = &truth.method else { return Err(Problem::broken("a method was stored and not named")) };
    store_method(tx, cx, &row, method, truth.customer.as_deref()).await
}

async fn store_method(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &SetupRow,
    method: &SavedMethod,
    customer: Option<&str>,
) -> Result<(), Problem> {
    let first = rows::kept(tx, row.login_id, 1).await?.is_empty();
    let customer = customer.or(row.gateway_customer.as_deref()).unwrap_or_default();
    let label = method_label(method);
    let known = payments::method_by_ref(tx, &row.gateway, &method.reference).await?;
    let id: MethodId = known.as_ref().map_or_else(|| cx.new_id(), |m| m.id);
    let mut batch = Batch::new();
    if known.is_some() {
        rows::usable_again(&mut batch, id, row.login_id);
    } else {
        let new = NewMethod {
            id,
            login: row.login_id,
            gateway: &row.gateway,
            customer,
            reference: &method.reference,
            label: &label,
            expires: method.expires.and_then(|(year, month)| last_day(year, month)),
            created_at: cx.now(),
            network_ref: method.network_transaction.as_deref(),
        };
        payments::insert_method(&mut batch, &new);
    }
    if !customer.is_empty() {
        payments::customer(&mut batch, row.party_id, &row.gateway, customer, cx.now());
    }
    if first {
        rows::prefer(&mut batch, row.login_id, id);
    }
    tx.batch(batch).await?;
    let details = json!({ "setup": row.id, "gateway": row.gateway });
    audit::record(tx, cx, &AuditLine::new("method.stored", "method", id.uuid(), details)).await?;
    replace(tx, cx, row, id, label).await
}

/// The services of the replaced method move to the new one (domain notes 4.5), and the owner is told.
async fn replace(tx: &mut WriteTx, cx: &Cx, row: &SetupRow, id: MethodId, label: String) -> Result<(), Problem> {
    let old = match row.replaces_id.filter(|old| *old != id) {
        Some(old) => payments::method(tx, old).await?.filter(|m| m.state == "usable"),
        None => None,
    };
    let owner = rows::owner(tx, row.login_id, &row.gateway).await?.ok_or_else(Problem::not_found)?;
    let mut mail = MethodChanged { kind: "added".into(), method: label, before: None, services: Vec::new() };
    if let Some(old) = old {
        mail.services = told(tx, row.login_id, old.id).await?;
        mail.kind = "replaced".into();
        mail.before = Some(old.label.clone());
        let kept = rows::kept(tx, row.login_id, 1).await?;
        let mut batch = Batch::new();
        rows::move_services(&mut batch, row.login_id, old.id, id, Means::at(&row.gateway).as_str());
        if kept.first().is_some_and(|m| m.preferred && m.id == old.id) {
            rows::prefer(&mut batch, row.login_id, id);
        }
        rows::remove(&mut batch, old.id);
        tx.batch(batch).await?;
        detach(tx, cx, old.id).await?;
        let details = json!({ "by": id });
        audit::record(tx, cx, &AuditLine::new("method.replaced", "method", old.id.uuid(), details)).await?;
    }
    tell(tx, cx, &owner, mail, format!("method:{id}:setup:{}", row.id)).await
}
