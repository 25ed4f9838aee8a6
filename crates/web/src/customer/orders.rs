//! The list of orders, the page of one, and its cancellation.

use app::{
    Problem, queries,
    queries::orders::OrderView,
    rows::{From, OrderFilter, OrderListRow},
    use_cases::orders::{cancel_order::cancel_order, withdraw::withdrawable},
};
use axum::extract::{Path, RawQuery};
use domain::{
    id::OrderId,
    money::Money,
    time::{Date, Timestamp},
};
use render::{
    Form, Locale, Msg, Tone,
    pages::{
        Bill, Moment, Pager, When,
        customer::{Accepted, CancelOrder, Order, OrderedMailbox, Orders, Withdrawn},
    },
};

use super::{
    billing,
    words::{ORDER_STATES, mailbox_state, order_line, order_state, served},
};
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
    form, public,
    visit::form_encoded,
};

fn position(text: &str) -> Option<(Timestamp, OrderId)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_micros(at.parse().ok()?), id.parse().ok()?))
}

pub(super) async fn list(customer: Customer, RawQuery(query): RawQuery) -> Answer {
    let Customer { visit, login, .. } = customer;
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let filter = OrderFilter {
        search: asked.get("q").chars().take(40).collect(),
        state: asked.some("state").filter(|s| ORDER_STATES.contains(s)).map(str::to_owned),
        placed_from: Date::parse_iso(asked.get("from")),
        placed_until: Date::parse_iso(asked.get("until")),
    };
    let from = match (position(asked.get("after")), position(asked.get("before"))) {
        (Some(key), _) => From::After(key),
        (_, Some(key)) => From::Before(key),
        _ => From::Start,
    };
    let page = queries::orders::list(&visit.cx, login, &filter, from).await?;
    let link = |name: &str, row: Option<&OrderListRow>| {
        row.map(|o| address(&asked, name, &format!("{}.{}", o.placed_at.micros(), o.id)))
    };
    let pager = Pager {
        rows: page.rows.len() as i64,
        newer: link("before", page.rows.first().filter(|_| page.newer)),
        older: link("after", page.rows.last().filter(|_| page.older)),
    };
    visit.page(&Orders {
        any: filter != OrderFilter::default() || from != From::Start || !page.rows.is_empty(),
        rows: page.rows.into_iter().map(order_line).collect(),
        form: asked.shown(),
        states: ORDER_STATES.map(|s| (s.to_owned(), order_state(s).to_owned())).into(),
        pager,
    })
}

fn address(asked: &FormData, name: &str, key: &str) -> String {
    let kept = asked.pairs().filter(|(n, v)| ["q", "state", "from", "until"].contains(n) && !v.trim().is_empty());
    let mut pairs: Vec<String> = kept.map(|(n, v)| format!("{n}={}", form_encoded(v.trim()))).collect();
    pairs.push(format!("{name}={key}"));
    format!("/account/orders?{}", pairs.join("&"))
}

async fn view(customer: &Customer, id: &str) -> Result<OrderView, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    queries::orders::order(&customer.visit.cx, customer.login, id).await
}

pub(super) async fn show(customer: Customer, Path(id): Path<String>) -> Answer {
    let order = view(&customer, &id).await?;
    let visit = &customer.visit;
    let (row, today) = (&order.row, visit.cx.now().date());
    let due = row.state == "awaiting_payment";
    let waiting = due && row.unknown_payments > 0;
    let mailboxes = order.mailboxes.iter().map(|m| OrderedMailbox {
        address: m.address.clone(),
        holder: m.holder_name.clone(),
        email: m.password_email.clone(),
        card: m.mailbox_id.map(|id| id.to_string()),
        state: m.mailbox_state.as_deref().map(|s| mailbox_state(s, today.plus_years(1), today).to_owned()),
    });
    let withdrawn = queries::withdrawals::of_order(&visit.cx, row.id).await?.map(|w| Withdrawn {
        at: w.received_at,
        refund: (w.refund_cents > Money::ZERO).then_some(w.refund_cents),
        due: w.refund_due_day,
        returned: w.returned_cents >= w.refund_cents,
    });
    let withdrawable = match withdrawn {
        Some(_) => false,
        None => withdrawable(&visit.cx, customer.login, row.id).await.is_ok(),
    };
    visit.page(&Order {
        withdrawn,
        withdrawable,
        id: row.id.to_string(),
        number: row.number.clone(),
        kind: row.kind.clone(),
        state: order_state(&row.state).into(),
        placed: row.placed_at,
        pay_by: row.pay_by_at.date(),
        years: row.years,
        due: row.gross_cents - row.deposit_cents,
        received: Some(row.deposit_cents).filter(|d| *d > Money::ZERO),
        method: row.payment_method.clone(),
        payable: due && !waiting,
        immediate_until: order.immediate_until,
        waiting,
        mailboxes: mailboxes.collect(),
        served: served(&order, customer.login),
        bill: bill(&order, visit.locale),
        price_since: order.lines.first().map_or(today, |l| l.valid_from_at.date()),
        billing: billing::of_order(&row.billing),
        accepted: order
            .acceptances
            .iter()
            .map(|a| Accepted {
                kind: a.kind.clone(),
                version: a.text_version.clone(),
                at: a.at,
                text: public::text_address(&a.kind, &a.text_version, a.locale.as_deref()),
            })
            .collect(),
        history: history(&order),
    })
}

/// The derivations of all lines as one bill.
fn bill(order: &OrderView, locale: Locale) -> Bill {
    let mut whole: Option<Bill> = None;
    for (name, quote) in order.quotes() {
        let line = Bill::of(&quote, &name, locale);
        whole = Some(match whole {
            None => line,
            Some(bill) => bill.and(line),
        });
    }
    whole.unwrap_or(Bill {
        lines: vec![],
        net: Money::ZERO,
        vat_rate_bp: 0,
        vat_exact: None,
        vat: Money::ZERO,
        gross: order.row.gross_cents,
    })
}

/// Newest first, what is planned on top.
fn history(order: &OrderView) -> Vec<Moment> {
    let moment = |(action, at): &(String, Timestamp), kind| {
        let word = action.strip_prefix("order.")?;
        // Only a purchase has names to lose.
        let key = match order.row.kind != "purchase" && word == "expired" {
            true => "order-moment-expired-other".to_owned(),
            false => format!("order-moment-{word}"),
        };
        Some(Moment { day: at.date(), kind, words: Msg::new(key) })
    };
    let planned = order.planned.iter().rev().filter_map(|m| moment(m, When::Next));
    planned.chain(order.history.iter().rev().filter_map(|m| moment(m, When::Past))).collect()
}

pub(super) async fn ask_cancel(customer: Customer, Path(id): Path<String>) -> Answer {
    let order = view(&customer, &id).await?;
    cancel_page(&customer, order, Form::new())
}

fn cancel_page(customer: &Customer, order: OrderView, form: Form) -> Answer {
    customer.visit.page(&CancelOrder {
        id: order.row.id.to_string(),
        served: served(&order, customer.login),
        number: order.row.number,
        gross: order.row.gross_cents,
        addresses: order.mailboxes.into_iter().map(|m| m.address).collect(),
        form,
    })
}

pub(super) async fn cancel(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let order = view(&customer, &id).await?;
    let visit = &customer.visit;
    match cancel_order(&visit.cx, order.row.id).await {
        Ok(()) => {
            let said = Msg::new(if order.row.kind == "purchase" { "cancel-done" } else { "cancel-done-other" })
                .arg("number", order.row.number);
            visit.go_saying(&format!("/account/orders/{}", order.row.id), Tone::Ok, said)
        }
        Err(problem) if mendable(&problem) => cancel_page(&customer, order, with_problem(form.shown(), &problem)),
        Err(problem) => Err(problem.into()),
    }
}
