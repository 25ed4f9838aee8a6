//! Renewals that the body pays: which mailboxes, the sum and how it comes about, one order.

use app::{
    queries::secretariat as queries,
    use_cases::{
        agreements::renew_members::{Owed, RenewMembers, owed, renew_members},
        orders::place_order::payment_methods,
    },
};
use axum::extract::{Path, RawQuery};
use domain::money::Money;
use render::{
    Form, Msg,
    pages::{Bill, secretariat::Renewals},
};

use super::{agreement_line, members::member_line};
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem, words},
    form,
};

/// Mailboxes that the page names.
const FIRST: usize = 10;
/// Choices of the page; nothing is all.
const WITHIN: [i32; 3] = [30, 60, 90];

fn within(asked: &FormData) -> Option<i32> {
    match asked.get("within") {
        "all" => None,
        word => Some(word.parse().ok().filter(|d| WITHIN.contains(d)).unwrap_or(90)),
    }
}

pub(super) async fn show(customer: Customer, Path(code): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    page(&customer, &code, within(&asked), Form::new()).await
}

async fn page(customer: &Customer, code: &str, within: Option<i32>, form: Form) -> Answer {
    let visit = &customer.visit;
    let today = visit.cx.now().date();
    let agreement = queries::agreement(&visit.cx, code).await?;
    let owed = owed(&visit.cx, code, within).await?;
    let mut first = Vec::new();
    for m in owed.mailboxes.iter().take(FIRST) {
        first.push(member_line(queries::mailbox(&visit.cx, code, m.id).await?, today));
    }
    let late = owed.immediate_until.is_some();
    let methods = payment_methods(visit.cx.settings()).into_iter().filter(|m| !late || *m != domain::bank::GATEWAY);
    visit.page(&Renewals {
        agreement: agreement_line(agreement, today),
        within: within.map_or("all".to_owned(), |d| d.to_string()),
        count: owed.mailboxes.len() as i64,
        years: owed.years,
        left_out: owed.left_out,
        bill: bill(&owed, visit.locale),
        shown: owed.gross().as_cents(),
        methods: methods.map(Into::into).collect(),
        immediate_until: owed.immediate_until,
        first,
        form,
    })
}

/// One derivation of all lines: each was rounded by itself.
fn bill(owed: &Owed, locale: render::Locale) -> Option<Bill> {
    let mut bills = owed.lines.iter().map(|(name, quote)| Bill::of(quote, name, locale));
    let first = bills.next()?;
    Some(bills.fold(first, |mut all, one| {
        all.lines.extend(one.lines);
        all.net += one.net;
        all.vat += one.vat;
        all.gross += one.gross;
        all.vat_exact = None;
        all
    }))
}

pub(super) async fn order(customer: Customer, Path(code): Path<String>, form: FormData) -> Answer {
    let visit = &customer.visit;
    let asked = RenewMembers {
        agreement: code.clone(),
        within: within(&form),
        payment_method: form.get("method").into(),
        count: form.number("count").unwrap_or(0),
        shown: Money::cents(form.number("shown").unwrap_or(-1)),
    };
    let free = asked.shown == Money::ZERO;
    match renew_members(&visit.cx, asked).await {
        Ok(order) if free => {
            visit.go_saying(&format!("/account/orders/{order}"), render::Tone::Ok, Msg::new("body-renewed-free"))
        }
        Ok(order) => visit.go(&format!("/order/payment/{order}")),
        // The second click: the order is there already.
        Err(p) if p.is("renewals-none") => {
            visit.go_saying(&format!("/account/agreements/{code}"), render::Tone::Info, words(&p))
        }
        Err(p) if mendable(&p) => page(&customer, &code, within(&form), with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}
