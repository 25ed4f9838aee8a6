//! The steps of an order. Everybody signs in before the first one; the cart comes along.

mod holders;
mod import;
mod names;
mod payment;
mod review;

use app::{
    Problem,
    use_cases::orders::cart::{self, Cart},
};
use axum::{
    Router,
    http::{HeaderMap, header},
    routing::{get, post},
};
use domain::order::cart::{Step, open_step};
use render::{
    Msg, Tone,
    pages::{Bill, wizard::Side},
};

use crate::{
    Answer, AppState, Customer, FormData, Refusal,
    shop::{self, cart_token},
};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/order/resume", post(resume))
        .route("/order/names", get(names::show).post(names::submit))
        .route("/order/import", get(import::show))
        .route("/order/import/lines", get(import::show).post(import::lines))
        .route("/order/import/file", get(import::show).post(import::file))
        .route("/order/import/template.csv", get(import::template))
        .route("/order/holders", get(holders::show).post(holders::submit))
        .route("/order/review", get(review::show).post(review::submit))
        .route("/order/payment/{order}", get(payment::show).post(payment::pay))
}

/// «Salva ed esci»: what is right is kept, and the home page has the way back.
fn left(customer: &Customer) -> Answer {
    customer.visit.go_saying("/account", Tone::Ok, Msg::new("wizard-left"))
}

/// Takes up the order that this customer left last, on whichever browser.
async fn resume(customer: Customer, headers: HeaderMap, _: FormData) -> Answer {
    let visit = &customer.visit;
    match cart::resume(&visit.cx, cart_token(&headers)).await {
        Ok(token) => {
            let cart = cart::open(&visit.cx, &token).await?;
            let mut response = visit.go(path(open_step(&cart.mailboxes)))?;
            response.headers_mut().append(header::SET_COOKIE, shop::cart_cookie(&token, &visit.state));
            Ok(response)
        }
        Err(problem) if problem.is("cart-missing") => visit.go("/"),
        Err(problem) => Err(problem.into()),
    }
}

/// The open cart of a request.
struct Open {
    token: String,
    cart: Cart,
}

/// The cart of this browser, taken over by the customer who has just signed in. Without one the
/// shop is the place to be; a confirmed one leads to its payment.
async fn open(customer: &Customer, headers: &HeaderMap) -> Result<Open, Refusal> {
    let visit = &customer.visit;
    let away = |to: &str| visit.go(to).map_or_else(|r| r, |response| Refusal::Other(Box::new(response)));
    let Some(token) = cart_token(headers) else { return Err(away("/")) };
    let Some(mut cart) = cart::find(&visit.cx, token).await? else { return Err(away("/")) };
    if let Some(order) = cart.order {
        return Err(away(&format!("/order/payment/{order}")));
    }
    if cart.login.is_none() {
        cart::adopt(&visit.cx, token).await?;
        cart = cart::open(&visit.cx, token).await?;
    }
    Ok(Open { token: token.to_owned(), cart })
}

/// The address of a step.
pub(crate) fn path(step: Step) -> &'static str {
    match step {
        Step::Names => "/order/names",
        Step::Holders => "/order/holders",
        Step::Review => "/order/review",
    }
}

/// Sends back to the first unfinished step before this one.
fn not_before(customer: &Customer, cart: &Cart, step: Step) -> Option<Answer> {
    let reached = open_step(&cart.mailboxes);
    (reached < step).then(|| customer.visit.go(path(reached)))
}

/// What stands at the side.
async fn side(customer: &Customer, cart: &Cart) -> Result<Side, Problem> {
    let (offer, quote) = cart::price(&customer.visit.cx, cart, cart.years).await?;
    let bill = Bill::of(&quote, &offer.plan.name, customer.visit.locale);
    Ok(Side { plan: offer.plan.name, quantity: quote.quantity, years: quote.years, bill })
}
