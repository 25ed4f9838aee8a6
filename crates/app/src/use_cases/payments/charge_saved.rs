//! Charging a stored method without the customer (renewals).

use domain::{
    audit::AuditLine,
    id::{AttemptId, MethodId, OrderId},
    order::OrderState,
    payment::machine::{AttemptKind, AttemptState, pause_s},
};
use serde_json::json;
use store::{
    Batch,
    payments::{self as rows, NewAttempt},
};

use crate::{
    Cx, Problem, audit,
    effects::{self, Effect, charge_method::ChargeMethod},
};

/// Asks for an order to be charged to a stored method. A payment of the order that is under way
/// is not doubled: its attempt is answered instead.
///
/// # Errors
/// `NotFound`; `order-not-payable` when the order does not wait for money; `method-unusable`.
pub async fn charge_saved(cx: &Cx, order: OrderId, method: MethodId) -> Result<AttemptId, Problem> {
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let cx = &cx_in;
        let method = rows::method(tx, method).await?.ok_or_else(Problem::not_found)?;
        let row = rows::payable(tx, order, &method.gateway).await?.ok_or_else(Problem::not_found)?;
        if row.state != OrderState::AwaitingPayment.as_str() {
            return Err(Problem::refused("order-not-payable"));
        }
        if method.state != "usable" || method.login_id != row.login_id {
            return Err(Problem::refused("method-unusable"));
        }
        if let Some(under_way) = row.attempt_id {
            return Ok(under_way);
        }
        let id: AttemptId = cx.new_id();
        let mut batch = Batch::new();
        rows::insert(
            &mut batch,
            &NewAttempt {
                id,
                order,
                kind: AttemptKind::OffSession.as_str(),
                refunds: None,
                gateway: &method.gateway,
                state: AttemptState::Created.as_str(),
                amount: row.gross_cents - row.deposit_cents,
                method: Some(method.id),
                customer: Some(&method.gateway_customer),
                created_at: cx.now(),
                check_at: Some(cx.now().plus_seconds(pause_s(1))),
                quick: false,
            },
        );
        tx.batch(batch).await?;
        let effect = ChargeMethod { attempt: id };
        let request = effect.request(("attempt", id.uuid()), Some(format!("charge:{id}")), cx.now());
        effects::enqueue(tx, cx, &[request]).await?;
        let details = json!({ "order": order, "method": method.id });
        audit::record(tx, cx, &AuditLine::new("payment.charge_asked", "attempt", id.uuid(), details)).await?;
        Ok(id)
    })
    .await
}
