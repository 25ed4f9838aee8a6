//! Step 3: everything on one page, then the button that binds.

use std::collections::HashMap;

use app::{
    Problem, queries,
    use_cases::orders::{
        cart,
        place_order::{PlaceOrder, payment_methods, place_order},
    },
};
use axum::http::HeaderMap;
use domain::{
    money::Money,
    order::{
        cart::{HolderChoice, MAX_YEARS, Step, years_allowed},
        pricing::quote,
        schedule::UnpaidSchedule,
    },
};
use render::{
    Form, Msg,
    pages::{
        Bill,
        wizard::{Review, ReviewRow, YearChoice},
    },
};

use super::{Open, not_before, open, path};
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
    customer::billing,
};

pub(super) async fn show(customer: Customer, headers: HeaderMap) -> Answer {
    let open = open(&customer, &headers).await?;
    if let Some(away) = not_before(&customer, &open.cart, Step::Review) {
        return away;
    }
    let form = Form::new()
        .with("years", open.cart.years.to_string())
        .with("method", payment_methods(customer.visit.cx.settings())[0]);
    page(&customer, &open, form).await
}

pub(super) async fn submit(customer: Customer, headers: HeaderMap, form: FormData) -> Answer {
    let open = open(&customer, &headers).await?;
    if !form.has("confirm") {
        return page(&customer, &open, form.shown()).await;
    }
    let visit = &customer.visit;
    let input = PlaceOrder {
        token: open.token.clone(),
        version: form.number("version").unwrap_or(0),
        years: form.number("years").unwrap_or(0),
        payment_method: form.get("method").into(),
        shown: Money::cents(form.number("shown").unwrap_or(-1)),
        accept_conditions: form.has("conditions"),
        accept_unfair_terms: form.has("unfair_terms"),
        ip: Some(visit.ip.clone()).filter(|ip| !ip.is_empty()),
        user_agent: Some(visit.user_agent.clone()).filter(|ua| !ua.is_empty()),
    };
    match place_order(&visit.cx, input).await {
        Ok(placed) => visit.go(&format!("/order/payment/{}", placed.order)),
        Err(problem) if problem.is("cart-incomplete") => {
            visit.go(path(domain::order::cart::open_step(&open.cart.mailboxes)))
        }
        Err(problem) if mendable(&problem) => page(&customer, &open, refused(form.shown(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

/// The form with the problem; a changed price is told with both totals.
fn refused(form: Form, problem: &Problem) -> Form {
    if !problem.is("price-changed") {
        return with_problem(form, problem);
    }
    let money = |name: &str| Money::cents(problem.args.get(name).and_then(|v| v.parse().ok()).unwrap_or(0));
    form.with_problem(Msg::problem("price-changed").arg("shown", money("shown")).arg("now", money("now")))
}

async fn page(customer: &Customer, open: &Open, form: Form) -> Answer {
    let (cx, cart) = (&customer.visit.cx, &open.cart);
    let chosen = form.value("years").parse().ok().filter(|y| years_allowed(*y)).unwrap_or(1);
    let (offer, quoted) = cart::price(cx, cart, chosen).await?;
    let account = queries::shop::account(cx, customer.party).await?;
    let book: HashMap<_, _> =
        queries::holders::choices(cx, customer.party).await?.into_iter().map(|h| (h.id, h.display_name)).collect();
    let rows = (1..)
        .zip(&cart.mailboxes)
        .map(|(n, m)| ReviewRow {
            n,
            address: m.address().unwrap_or_default(),
            holder: match m.holder {
                Some(HolderChoice::Profile { id }) => book.get(&id.uuid()).cloned().unwrap_or_default(),
                _ => account.display_name.clone(),
            },
            email: m.password_email.clone(),
        })
        .collect();
    let today = cx.now().date();
    let years = (1..=MAX_YEARS)
        .map(|y| {
            let q = quote(&offer.price, cart.quantity(), y);
            YearChoice { years: y, end: today.plus_years(y as i32), net: q.net, gross: q.gross }
        })
        .collect();
    customer.visit.page(&Review {
        bill: Bill::of(&quoted, &offer.plan.name, customer.visit.locale),
        plan: offer.plan.name,
        rows,
        billing: billing::of_account(&account),
        years,
        chosen,
        methods: payment_methods(cx.settings()).into_iter().map(String::from).collect(),
        price_since: offer.price.valid_from.date(),
        version: cart.version,
        pay_by: UnpaidSchedule::default().expires_at(cx.now()).date(),
        form,
    })
}
