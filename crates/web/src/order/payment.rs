//! Step 4: the order waits for its payment, or has it.

use app::{
    Problem, queries,
    queries::payments::{Standing, waiting},
    use_cases::payments::open_checkout,
};
use axum::extract::Path;
use domain::id::OrderId;
use render::{Form, pages::wizard::Payment};

use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
    customer::words::order_state,
};

pub(super) async fn show(customer: Customer, Path(order): Path<String>) -> Answer {
    let id: OrderId = order.parse().map_err(|_| Problem::not_found())?;
    page(&customer, id, Form::new()).await
}

/// On to the gateway: the payment is opened there and the customer sent after it.
pub(super) async fn pay(customer: Customer, Path(order): Path<String>, form: FormData) -> Answer {
    let id: OrderId = order.parse().map_err(|_| Problem::not_found())?;
    let visit = &customer.visit;
    match open_checkout(&visit.cx, visit.state.ports()?, id).await {
        Ok(to) => visit.go(&to),
        Err(problem) if mendable(&problem) => page(&customer, id, with_problem(form.shown(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

async fn page(customer: &Customer, id: OrderId, form: Form) -> Answer {
    let view = queries::orders::order(&customer.visit.cx, customer.login, id).await?;
    let standing = waiting(&customer.visit.cx, id).await?.standing;
    customer.visit.page(&Payment {
        order: id.to_string(),
        number: view.row.number,
        state: order_state(&view.row.state).into(),
        gross: view.row.gross_cents,
        pay_by: view.row.pay_by_at.date(),
        method: view.row.payment_method,
        addresses: view.mailboxes.into_iter().map(|m| m.address).collect(),
        waiting: matches!(standing, Standing::Waiting),
        failed: matches!(standing, Standing::Failed { .. }),
        form,
    })
}
