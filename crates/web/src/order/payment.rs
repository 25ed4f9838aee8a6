//! Step 4: the order waits for its payment, or has it.

use app::{Problem, queries};
use axum::extract::{Path, RawQuery};
use domain::id::OrderId;
use render::{Form, pages::wizard::Payment};

use crate::{Answer, Customer, customer::words::order_state, form};

pub(super) async fn show(customer: Customer, Path(order): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let id: OrderId = order.parse().map_err(|_| Problem::not_found())?;
    let view = queries::orders::order(&customer.visit.cx, customer.login, id).await?;
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    customer.visit.page(&Payment {
        order: id.to_string(),
        number: view.row.number,
        state: order_state(&view.row.state).into(),
        gross: view.row.gross_cents,
        pay_by: view.row.pay_by_at.date(),
        method: view.row.payment_method,
        addresses: view.mailboxes.into_iter().map(|m| m.address).collect(),
        waiting: view.row.unknown_payments > 0,
        failed: asked.has("failed"),
        form: Form::new(),
    })
}
