//! The page to which the gateway sends the browser back. What it shows comes from our database:
//! the address proves nothing.

use app::{
    queries::payments::{Standing, waiting},
    use_cases::payments::ask_now::ask_now,
};
use axum::{
    extract::{Path, RawQuery},
    http::{HeaderName, StatusCode, header},
    response::Response,
};
use domain::id::OrderId;
use render::pages::payments::Wait;

use crate::{Answer, Customer, answer};

/// Waits while the bank is silent; otherwise on to the page of the order's payment.
pub(super) async fn wait(customer: Customer, Path(order): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let order: OrderId = order.parse().map_err(|_| app::Problem::not_found())?;
    let visit = customer.visit;
    // Back from the gateway, whatever it added to the address: asked once, and never again by looking.
    if query.is_some_and(|q| q.split('&').any(|part| part == "back=1")) {
        ask_now(&visit.cx, order).await?;
        return Ok(answer::see_other(&format!("/order/payment/{order}/wait")));
    }
    let found = waiting(&visit.cx, order).await?;
    let page = match found.standing {
        Standing::Waiting => Wait { order: order.to_string(), number: found.number, gross: found.gross, go_on: None },
        Standing::AtGateway { url } => {
            Wait { order: order.to_string(), number: found.number, gross: found.gross, go_on: Some(url) }
        }
        Standing::Nothing | Standing::Failed { .. } | Standing::Paid | Standing::Closed => {
            return Ok(leave(visit.fragment, answer::see_other(&format!("/order/payment/{order}"))));
        }
    };
    visit.page(&page)
}

/// Off to another page (a redirect with its cookies), also when only a part of this one was asked for.
pub(crate) fn leave(fragment: bool, mut away: Response) -> Response {
    if fragment && let Some(to) = away.headers_mut().remove(header::LOCATION) {
        *away.status_mut() = StatusCode::OK;
        away.headers_mut().insert(HeaderName::from_static("hx-redirect"), to);
    }
    away
}
