//! Withdrawal from a contract in two steps: the statement, then «Conferma il recesso».

use app::{
    Problem,
    queries::withdrawals,
    use_cases::orders::withdraw::{Open, Statement, check, withdraw, withdrawable},
};
use axum::extract::Path;
use domain::{id::OrderId, money::Money, order::withdrawal::refund_due};
use render::{
    Form, Msg, Tone,
    pages::withdrawal::{OpenOrder, Withdraw, Withdrawals},
};

use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem, words},
};

pub(super) async fn list(customer: Customer) -> Answer {
    let found = withdrawals::open(&customer.visit.cx, customer.login).await?;
    let orders = found
        .into_iter()
        .map(|(o, last_day)| OpenOrder {
            id: o.id.to_string(),
            number: o.number,
            placed: o.placed_at.date(),
            last_day,
            gross: o.gross_cents,
        })
        .collect();
    customer.visit.page(&Withdrawals { orders })
}

pub(super) async fn ask(customer: Customer, Path(id): Path<String>) -> Answer {
    let id: OrderId = id.parse().map_err(|_| Problem::not_found())?;
    match withdrawable(&customer.visit.cx, customer.login, id).await {
        Ok(open) => {
            let form = Form::new().with("name", open.name.clone()).with("email", open.order.email.clone());
            page(&customer, &open, form, false)
        }
        Err(problem) => refused(&customer, id, problem),
    }
}

pub(super) async fn submit(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let id: OrderId = id.parse().map_err(|_| Problem::not_found())?;
    let visit = &customer.visit;
    let open = match withdrawable(&visit.cx, customer.login, id).await {
        Ok(open) => open,
        Err(problem) => return refused(&customer, id, problem),
    };
    let statement = Statement {
        order: id,
        name: form.get("name").into(),
        email: form.get("email").into(),
        content_saved: form.some("saved").is_some(),
        ip: Some(visit.ip.clone()).filter(|ip| !ip.is_empty()),
        user_agent: Some(visit.user_agent.clone()).filter(|ua| !ua.is_empty()),
    };
    if let Err(problem) = check(&statement, open.ends_mailboxes) {
        return page(&customer, &open, with_problem(form.shown(), &problem), false);
    }
    if !form.has("confirm") {
        return page(&customer, &open, form.shown(), true);
    }
    match withdraw(&visit.cx, statement).await {
        Ok(()) => {
            let said = Msg::new("withdrawal-done").arg("number", open.order.number);
            visit.go_saying(&format!("/account/orders/{id}"), Tone::Ok, said)
        }
        Err(problem) if mendable(&problem) => page(&customer, &open, with_problem(form.shown(), &problem), false),
        Err(problem) => Err(problem.into()),
    }
}

/// The order says why there is no withdrawal.
fn refused(customer: &Customer, id: OrderId, problem: Problem) -> Answer {
    if !mendable(&problem) {
        return Err(problem.into());
    }
    customer.visit.go_saying(&format!("/account/orders/{id}"), Tone::Warn, words(&problem))
}

fn page(customer: &Customer, open: &Open, form: Form, confirm: bool) -> Answer {
    let today = customer.visit.cx.now().date();
    customer.visit.page(&Withdraw {
        id: open.order.id.to_string(),
        number: open.order.number.clone(),
        placed: open.order.placed_at.date(),
        last_day: open.last_day,
        addresses: open.addresses.clone(),
        refund: (open.refund > Money::ZERO).then_some(open.refund),
        refund_due: refund_due(today),
        ends_mailboxes: open.ends_mailboxes,
        confirm,
        form,
    })
}
