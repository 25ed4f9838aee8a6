//! Renewing a mailbox by hand, switching automatic renewal, and what will be charged and when.

use app::{
    Problem,
    queries::{
        self,
        renewals::{self, MONTHS},
    },
    use_cases::{
        orders::place_order::payment_methods,
        renewals::{
            auto_renew::set_auto_renew,
            place_renewal::{PlaceRenewal, place_renewal, renewable},
        },
    },
};
use axum::extract::Path;
use domain::{id::MailboxId, money::Money, renewal::calendar};
use render::{
    Form, Msg, Tone,
    pages::{
        Bill,
        holder_renewals::CreditSum,
        renewals::{AutoRenew, Coming, ComingLine, Renew},
        wizard::YearChoice,
    },
};

use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
    customer::billing,
};

fn mailbox(id: &str) -> Result<MailboxId, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

pub(super) async fn ask(customer: Customer, Path(id): Path<String>) -> Answer {
    let methods = payment_methods(customer.visit.cx.settings());
    page(&customer, mailbox(&id)?, Form::new().with("years", "1").with("method", methods[0])).await
}

pub(super) async fn submit(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let id = mailbox(&id)?;
    if !form.has("confirm") {
        return page(&customer, id, form.shown()).await;
    }
    let visit = &customer.visit;
    let input = PlaceRenewal {
        mailbox: id,
        years: form.number("years").unwrap_or(0),
        payment_method: form.get("method").into(),
        shown: Money::cents(form.number("shown").unwrap_or(-1)),
        accept_conditions: form.has("conditions"),
        accept_unfair_terms: form.has("unfair_terms"),
        ip: Some(visit.ip.clone()).filter(|ip| !ip.is_empty()),
        user_agent: Some(visit.user_agent.clone()).filter(|ua| !ua.is_empty()),
    };
    match place_renewal(&visit.cx, input).await {
        Ok(order) => visit.go(&format!("/order/payment/{order}")),
        Err(problem) if problem.is("price-changed") => {
            let money = |name: &str| Money::cents(problem.args.get(name).and_then(|v| v.parse().ok()).unwrap_or(0));
            let said = Msg::problem("price-changed").arg("shown", money("shown")).arg("now", money("now"));
            page(&customer, id, form.shown().with_problem(said)).await
        }
        Err(problem) if mendable(&problem) => page(&customer, id, with_problem(form.shown(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

/// Where it cannot be renewed by hand the card says why.
async fn page(customer: &Customer, id: MailboxId, form: Form) -> Answer {
    let visit = &customer.visit;
    let found = match renewable(&visit.cx, id).await {
        Ok(found) => found,
        Err(problem) if mendable(&problem) => {
            return visit.go_saying(&format!("/account/mailboxes/{id}"), Tone::Err, Msg::problem(problem.code));
        }
        Err(problem) => return Err(problem.into()),
    };
    let account = queries::shop::account(&visit.cx, customer.party).await?;
    let asked = form.value("years").parse().unwrap_or(1);
    let chosen = found.quotes.iter().find(|q| q.years == asked).unwrap_or(&found.quotes[0]);
    let years = found
        .quotes
        .iter()
        .map(|q| YearChoice {
            years: q.years,
            end: calendar::renewed_end(found.end, q.years),
            net: q.net,
            gross: q.gross,
        })
        .collect();
    visit.page(&Renew {
        id: id.to_string(),
        address: found.address,
        end: found.end,
        billing: billing::of_account(&account),
        years,
        chosen: chosen.years,
        methods: payment_methods(visit.cx.settings()).into_iter().map(String::from).collect(),
        bill: Bill::of(chosen, &found.plan_name, visit.locale),
        plan: found.plan_name,
        form,
    })
}

pub(super) async fn ask_switch(customer: Customer, Path(id): Path<String>) -> Answer {
    switch_page(&customer, mailbox(&id)?, Form::new()).await
}

/// The form says which way, so that a second tab does not switch it back.
pub(super) async fn switch(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let (id, on) = (mailbox(&id)?, form.get("on") == "1");
    let visit = &customer.visit;
    match set_auto_renew(&visit.cx, id, on).await {
        Ok(()) => {
            let said = Msg::new(if on { "auto-renew-done-on" } else { "auto-renew-done-off" });
            visit.go_saying(&format!("/account/mailboxes/{id}"), Tone::Ok, said)
        }
        Err(problem) if mendable(&problem) => switch_page(&customer, id, with_problem(form.shown(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

async fn switch_page(customer: &Customer, id: MailboxId, form: Form) -> Answer {
    let visit = &customer.visit;
    let card = queries::mailboxes::card(&visit.cx, customer.login, id).await?;
    if !renewals::doings(&visit.cx, id).await?.switch {
        return Err(Problem::not_found().into());
    }
    let (id, address) = (id.to_string(), card.address);
    visit.page(&AutoRenew { id, address, on: card.auto_renew, end: card.end_day, form })
}

pub(super) async fn coming(customer: Customer) -> Answer {
    let visit = &customer.visit;
    let ahead = renewals::coming(&visit.cx, customer.login).await?;
    let until = visit.cx.now().date().plus_months(MONTHS);
    let href = |c: &renewals::Coming| Some(format!("/account/mailboxes/{}", c.mailbox));
    visit.page(&Coming { rows: coming_lines(ahead.rows, href), until, more: ahead.more })
}

/// The lines of a page, each with the page of its mailbox where there is one.
pub(crate) fn coming_lines(
    rows: Vec<renewals::Coming>,
    href: impl Fn(&renewals::Coming) -> Option<String>,
) -> Vec<ComingLine> {
    let line = |c: renewals::Coming| ComingLine {
        href: href(&c),
        address: c.address,
        service: match &c.addon {
            Some((word, gb)) => Msg::new(format!("addon-{word}-gb")).arg("gb", *gb),
            None => Msg::new("renewal-plan").arg("plan", c.plan.clone()),
        },
        day: c.day,
        way: c.way.as_str().into(),
        how: c
            .quote
            .as_ref()
            .map(|q| Msg::new("renewal-how").arg("quantity", q.quantity).arg("years", q.years).arg("unit", q.unit_net)),
        gross: c.quote.map(|q| q.gross),
        until: c.until,
        method: c.method,
        missing: c.missing,
        trouble: c.trouble.map(str::to_owned),
    };
    rows.into_iter().map(line).collect()
}

pub(crate) fn credit_sum(c: renewals::CreditAhead) -> CreditSum {
    CreditSum { needed: c.needed, held: c.held, short: c.short }
}
