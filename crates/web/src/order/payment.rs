//! Step 4: the order waits for its payment, or has it.

use app::{
    Problem,
    queries::{
        self,
        payments::{Standing, excess, waiting},
    },
    use_cases::payments::{Means, open_checkout, use_credit::use_credit},
};
use axum::extract::Path;
use domain::{id::OrderId, money::Money, payment::credit};
use render::{
    Form, Msg, Tone,
    pages::wizard::{Payment, UsableCredit},
};

use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
    customer::words::{order_state, served},
};

pub(super) async fn show(customer: Customer, Path(order): Path<String>) -> Answer {
    let id: OrderId = order.parse().map_err(|_| Problem::not_found())?;
    let page = page(&customer, id, Form::new()).await?;
    customer.visit.page(&page)
}

/// Off to the bank. Nothing is charged by this request itself, so pressing twice is harmless.
pub(super) async fn pay(customer: Customer, Path(order): Path<String>, form: FormData) -> Answer {
    let id: OrderId = order.parse().map_err(|_| Problem::not_found())?;
    let visit = &customer.visit;
    if form.get("means") == credit::GATEWAY {
        return with_credit(&customer, id, Money::cents(form.number("credit").unwrap_or(-1))).await;
    }
    let means = Means::parse(form.get("means")).unwrap_or(Means::Card);
    match open_checkout(&visit.cx, visit.state.ports()?, id, means).await {
        Ok(to) => visit.go(&to),
        // Paid or closed meanwhile, in another tab: the page says so by itself.
        Err(problem) if problem.is("order-already-paid") || problem.is("order-not-payable") => {
            visit.go(&format!("/order/payment/{id}"))
        }
        Err(problem) if mendable(&problem) => {
            let page = page(&customer, id, with_problem(Form::new(), &problem)).await?;
            visit.page(&page)
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Credit of earlier payments pays as much as there is; the page then says what is missing, or that it is paid.
async fn with_credit(customer: &Customer, id: OrderId, shown: Money) -> Answer {
    let visit = &customer.visit;
    let here = format!("/order/payment/{id}");
    match use_credit(&visit.cx, id, shown).await {
        Ok(_) => visit.go_saying(&here, Tone::Ok, Msg::new("credit-used").arg("amount", shown)),
        Err(problem) if problem.is("order-already-paid") || problem.is("order-not-payable") => visit.go(&here),
        Err(problem) if mendable(&problem) => {
            let page = page(customer, id, with_problem(Form::new(), &problem)).await?;
            visit.page(&page)
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn page(customer: &Customer, id: OrderId, form: Form) -> Result<Payment, Problem> {
    let view = queries::orders::order(&customer.visit.cx, customer.login, id).await?;
    let standing = waiting(&customer.visit.cx, id).await?.standing;
    let row = &view.row;
    let received = Some(row.deposit_cents).filter(|d| *d > Money::ZERO);
    let reason = match received {
        Some(_) => format!("integrazione {}", row.number),
        None => row.number.clone(),
    };
    // What would come too late is not offered (domain notes 6.5).
    let bank = customer.visit.cx.settings().bank.as_ref().filter(|_| view.immediate_until.is_none());
    let transfer = bank.map(|bank| bank.instructions(&reason));
    let due = row.gross_cents - row.deposit_cents;
    let credit = excess(&customer.visit.cx, customer.party).await?.map(|e| {
        let used = e.available.min(due);
        UsableCredit { held: e.available, used, whole: used == due, until: e.until }
    });
    Ok(Payment {
        due,
        credit: credit.filter(|c| c.used > Money::ZERO),
        received,
        transfer,
        immediate_until: view.immediate_until,
        order: id.to_string(),
        served: served(&view, customer.login),
        number: view.row.number,
        kind: view.row.kind,
        state: order_state(&view.row.state).into(),
        pay_by: view.row.pay_by_at.date(),
        method: view.row.payment_method,
        paypal: Means::Paypal.gateway(customer.visit.cx.settings()).is_some(),
        addresses: view.mailboxes.into_iter().map(|m| m.address).collect(),
        waiting: standing == Standing::Waiting,
        failed: match standing {
            Standing::Failed { code } => Some(Payment::failure(&code).to_owned()),
            _ => None,
        },
        form,
    })
}
