//! `/pay`: an order is paid by its number and its customer's tax number, without signing in.

use app::{
    Problem,
    queries::payments::Standing,
    use_cases::payments::{
        Means, open_quick,
        quick::{Asked, Known, came_back, known_order, needs_proof, paying},
    },
};
use axum::extract::{Path, RawQuery};
use domain::{id::AttemptId, order::OrderState};
use render::{
    Form,
    pages::{
        Challenge,
        quick::{QuickAsk, QuickOrder, QuickWait},
        wizard::Payment,
    },
};

use super::leave;
use crate::{
    Answer, FormData, Visit,
    accounts::{asks_proof, proof},
    answer::{mendable, see_other, with_problem},
    customer::words::order_state,
};

pub(super) async fn ask(visit: Visit) -> Answer {
    form(&visit, Form::new()).await
}

async fn form(visit: &Visit, form: Form) -> Answer {
    let asked = needs_proof(&visit.cx, form.value("number"), &visit.ip).await?;
    let challenge = if asked { asks_proof(visit, "quick", &form) } else { Challenge::default() };
    visit.page(&QuickAsk { form, challenge })
}

fn asked(visit: &Visit, form: &FormData) -> Asked {
    Asked {
        number: form.get("number").into(),
        tax_number: form.get("tax_number").into(),
        proof: proof(form),
        ip: visit.ip.clone(),
    }
}

/// Number, amount and state, for who knows both numbers.
pub(super) async fn show(visit: Visit, data: FormData) -> Answer {
    match known_order(&visit.cx, &asked(&visit, &data)).await {
        Ok(known) => visit.page(&order(&visit, known, data.get("tax_number"), Form::new())),
        Err(problem) if mendable(&problem) => form(&visit, with_problem(data.shown(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

fn order(visit: &Visit, known: Known, tax_number: &str, form: Form) -> QuickOrder {
    QuickOrder {
        payable: known.state == OrderState::AwaitingPayment.as_str(),
        number: known.number,
        due: known.due,
        state: order_state(&known.state).into(),
        tax_number: tax_number.trim().to_owned(),
        paypal: Means::Paypal.gateway(visit.cx.settings()).is_some(),
        form,
    }
}

/// Off to the bank; both numbers are asked again, so that the page itself is no key.
pub(super) async fn start(visit: Visit, data: FormData) -> Answer {
    let means = Means::parse(data.get("means")).unwrap_or(Means::Card);
    let asked = asked(&visit, &data);
    let problem = match open_quick(&visit.cx, visit.state.ports()?, &asked, means).await {
        Ok(to) => return visit.go(&to),
        Err(problem) => problem,
    };
    let of_order = ["payment-unavailable", "payment-under-way", "order-already-paid", "order-not-payable"];
    if !of_order.iter().any(|code| problem.is(code)) {
        return match mendable(&problem) {
            true => form(&visit, with_problem(data.shown(), &problem)).await,
            false => Err(problem.into()),
        };
    }
    let known = known_order(&visit.cx, &Asked { proof: None, ..asked }).await?;
    visit.page(&order(&visit, known, data.get("tax_number"), with_problem(Form::new(), &problem)))
}

/// The page that the browser comes back to.
pub(super) async fn wait(visit: Visit, Path(attempt): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let attempt: AttemptId = attempt.parse().map_err(|_| Problem::not_found())?;
    if query.is_some_and(|q| q.split('&').any(|part| part == "back=1")) {
        came_back(&visit.cx, attempt).await?;
        return Ok(see_other(&format!("/pay/{attempt}")));
    }
    let found = paying(&visit.cx, attempt).await?;
    let mut page = QuickWait {
        attempt: attempt.to_string(),
        number: found.number,
        due: found.due,
        standing: "waiting".into(),
        go_on: None,
        failed: None,
    };
    let over = match found.standing {
        Standing::Waiting => false,
        Standing::AtGateway { url } => {
            page.go_on = Some(url);
            false
        }
        Standing::Failed { code } => {
            page.failed = Some(Payment::failure(&code).to_owned());
            page.standing = "failed".into();
            true
        }
        Standing::Nothing => {
            page.standing = "failed".into();
            page.failed = Some(Payment::failure("").to_owned());
            true
        }
        Standing::Paid => {
            page.standing = "paid".into();
            true
        }
        Standing::Closed => {
            page.standing = "closed".into();
            true
        }
    };
    // What is over is not asked about any more: the whole page is shown, and it does not look again.
    if over && visit.fragment {
        return Ok(leave(true, see_other(&format!("/pay/{attempt}"))));
    }
    visit.page(&page)
}
