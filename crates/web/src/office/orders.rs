//! `/office/orders`: the page of an order with everything that happened to it, and its refunds.

use app::{
    Problem,
    queries::desk,
    rows::{DeskPaymentRow, From, OutgoingRow},
    use_cases::payments::refund_by_operator::{Refund, refund_by_operator, refund_made},
};
use axum::extract::{Path, RawQuery};
use domain::{
    bank,
    id::{AttemptId, OrderId},
    money::Money,
    operator::Permission,
    time::Timestamp,
};
use render::{
    Form, Msg, Tone,
    pages::{
        Further, Pager,
        desk::{
            DeskOrder, Happened, NoticeLine, OrderEffectLine, Outgoing, OutgoingLine, PaymentLine, RefundMade,
            RefundPage,
        },
    },
};
use uuid::Uuid;

use crate::{
    Answer, FormData, Operator,
    answer::{mendable, with_problem, words},
    customer::words::order_state,
    form,
};

const REFUNDS: &str = "/office/refunds";

fn order_id(text: &str) -> Result<OrderId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
fn payment_id(text: &str) -> Result<AttemptId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// `moment.identifier`: where a list of the page goes on.
fn place(text: &str) -> Option<(Timestamp, Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_micros(at.parse().ok()?), Uuid::try_parse(id).ok()?))
}

/// Each list goes on by itself: the others begin anew.
fn further(order: &str, name: &str, asked: bool, more: Option<(Timestamp, Uuid)>) -> Further {
    let page = format!("/office/orders/{order}");
    Further {
        start: asked.then(|| format!("{page}#{name}")),
        more: more.map(|(at, id)| format!("{page}?{name}={}.{}#{name}", at.micros(), id.simple())),
    }
}

pub(super) async fn show(operator: Operator, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let asked: FormData = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let from = desk::Places {
        payments: place(asked.get("payments")),
        effects: place(asked.get("effects")),
        history: place(asked.get("history")),
    };
    let order = desk::order(&operator.visit.cx, order_id(&id)?, from).await?;
    let (number, more) = (order.row.id.to_string(), order.more);
    let payments = order.payments.iter().map(|p| line(p, order.left(p.id))).collect();
    let page = DeskOrder {
        id: order.row.id.to_string(),
        number: order.row.number.clone(),
        state: order_state(&order.row.state).into(),
        customer: order.buyer.display_name.clone(),
        tax_key: order.buyer.tax_key.clone(),
        username: order.buyer.username.clone(),
        email: order.buyer.email.clone(),
        coming: format!("/office/customers/{}/renewals", order.row.party_id),
        gross: order.row.gross_cents,
        deposit: Some(order.row.deposit_cents).filter(|d| *d > Money::ZERO),
        method: order.row.payment_method.clone(),
        placed: order.row.placed_at,
        pay_by: order.row.pay_by_at.date(),
        addresses: order.mailboxes.iter().map(|m| m.address.clone()).collect(),
        notices: order
            .notices
            .iter()
            .map(|n| NoticeLine {
                address: n.address.clone(),
                kind: n.kind.clone(),
                state: n.state.clone(),
                by: n.given_by.clone(),
                at: n.given_at,
                end: n.end_day,
            })
            .collect(),
        payments,
        effects: order
            .effects
            .iter()
            .map(|e| OrderEffectLine {
                id: e.id.to_string(),
                kind: e.kind.clone(),
                state: e.state.clone(),
                run_at: e.run_at,
                attempts: e.attempts,
                error: e.last_error.clone(),
            })
            .collect(),
        history: history(&order),
        payments_further: further(&number, "payments", from.payments.is_some(), more.payments),
        effects_further: further(&number, "effects", from.effects.is_some(), more.effects),
        history_further: further(&number, "history", from.history.is_some(), more.history),
        may_move_money: operator.role.may(Permission::MoveMoney),
        may_retry: operator.role.may(Permission::RetryEffects),
    };
    operator.visit.page(&page)
}

fn line(p: &DeskPaymentRow, left: Money) -> PaymentLine {
    let refund = p.kind == "refund";
    PaymentLine {
        id: p.id.to_string(),
        kind: p.kind.clone(),
        gateway: p.gateway.clone(),
        reference: p.reference.clone(),
        state: p.state.clone(),
        amount: p.received_cents.unwrap_or(p.amount_cents),
        at: p.finished_at.unwrap_or(p.created_at),
        failure: p.failure_code.clone(),
        left: Some(left).filter(|l| !refund && *l > Money::ZERO),
        outgoing: refund && p.gateway == bank::GATEWAY && p.state == "pending",
        account: p.payer_account.as_deref().map(bank::grouped_iban),
    }
}

/// Audit and messages in one row, the newest first.
fn history(order: &desk::DeskOrder) -> Vec<Happened> {
    let acted = order.audit.iter().map(|l| Happened {
        at: l.at,
        kind: "audit".into(),
        what: l.action.clone(),
        who: [l.actor_kind.as_str(), l.actor.as_deref().unwrap_or_default()].join(" ").trim().to_owned(),
        details: Some(l.details.clone()).filter(|d| d != "{}").unwrap_or_default(),
    });
    let sent = order.sent.iter().map(|m| Happened {
        at: m.at,
        kind: "message".into(),
        what: m.subject.clone(),
        who: m.recipient.clone(),
        details: format!("{} {}", m.channel, m.outcome),
    });
    let mut all: Vec<Happened> = acted.chain(sent).collect();
    all.sort_by_key(|h| std::cmp::Reverse(h.at));
    all
}

pub(super) async fn ask_refund(operator: Operator, Path((order, payment)): Path<(String, String)>) -> Answer {
    operator.must(Permission::MoveMoney)?;
    refund_page(&operator, order_id(&order)?, payment_id(&payment)?, None).await
}

async fn refund_page(operator: &Operator, order: OrderId, payment: AttemptId, form: Option<Form>) -> Answer {
    let found = desk::order(&operator.visit.cx, order, desk::Places::default()).await?;
    let left = found.left(payment);
    // What may go back is known of every payment, whichever the page shows.
    let back = found.refundable.iter().find(|p| p.id == payment).map(|p| p.gateway.clone());
    let gateway = back.or_else(|| found.payments.iter().find(|p| p.id == payment).map(|p| p.gateway.clone()));
    let gateway = gateway.ok_or_else(Problem::not_found)?;
    if left <= Money::ZERO {
        let said = words(&Problem::refused("refund-not-paid"));
        return operator.visit.go_saying(&format!("/office/orders/{order}"), Tone::Info, said);
    }
    let cents = left.as_cents();
    let whole = Form::new().with("amount", format!("{},{:02}", cents / 100, cents % 100));
    operator.visit.page(&RefundPage {
        order: order.to_string(),
        number: found.row.number,
        payment: payment.to_string(),
        gateway,
        left,
        form: form.unwrap_or(whole),
    })
}

pub(super) async fn refund(
    operator: Operator,
    Path((order, payment)): Path<(String, String)>,
    form: FormData,
) -> Answer {
    operator.must(Permission::MoveMoney)?;
    let (order, payment) = (order_id(&order)?, payment_id(&payment)?);
    operator.visit.step_up(&form).await?;
    let refund = Refund {
        order,
        payment,
        amount: form.get("amount").into(),
        reason: form.get("reason").into(),
        left_shown: Money::cents(form.number("left").unwrap_or(-1)),
    };
    match refund_by_operator(&operator.visit.cx, refund).await {
        Ok(_) => operator.visit.go_saying(&format!("/office/orders/{order}"), Tone::Ok, Msg::new("desk-refund-asked")),
        Err(p) if mendable(&p) => refund_page(&operator, order, payment, Some(with_problem(form.shown(), &p))).await,
        Err(p) => Err(p.into()),
    }
}

fn position(text: &str) -> Option<(Timestamp, AttemptId)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_micros(at.parse().ok()?), id.parse().ok()?))
}

pub(super) async fn outgoing(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    let asked: FormData = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let from = match (position(asked.get("after")), position(asked.get("before"))) {
        (Some(key), _) => From::After(key),
        (_, Some(key)) => From::Before(key),
        _ => From::Start,
    };
    let page = desk::outgoing(&operator.visit.cx, from).await?;
    let link = |name: &str, row: Option<&OutgoingRow>| {
        row.map(|r| format!("{REFUNDS}?{name}={}.{}", r.created_at.micros(), r.id))
    };
    let pager = Pager {
        rows: page.rows.len() as i64,
        newer: link("before", page.rows.first().filter(|_| page.newer)),
        older: link("after", page.rows.last().filter(|_| page.older)),
    };
    operator.visit.page(&Outgoing {
        rows: page.rows.into_iter().map(outgoing_line).collect(),
        pager,
        may_move_money: operator.role.may(Permission::MoveMoney),
    })
}

fn outgoing_line(r: OutgoingRow) -> OutgoingLine {
    OutgoingLine {
        id: r.id.to_string(),
        order: r.order_id.to_string(),
        number: r.number,
        customer: r.display_name,
        amount: r.amount_cents,
        asked: r.created_at,
        account: r.payer_account.as_deref().map(bank::grouped_iban),
    }
}

pub(super) async fn ask_made(operator: Operator, Path(id): Path<String>) -> Answer {
    operator.must(Permission::MoveMoney)?;
    made_page(&operator, payment_id(&id)?, Form::new()).await
}

async fn made_page(operator: &Operator, id: AttemptId, form: Form) -> Answer {
    let line = outgoing_line(desk::outgoing_one(&operator.visit.cx, id).await?);
    operator.visit.page(&RefundMade { line, form })
}

pub(super) async fn made(operator: Operator, Path(id): Path<String>, form: FormData) -> Answer {
    operator.must(Permission::MoveMoney)?;
    let id = payment_id(&id)?;
    operator.visit.step_up(&form).await?;
    match refund_made(&operator.visit.cx, id, form.get("reference")).await {
        Ok(_) => operator.visit.go_saying(REFUNDS, Tone::Ok, Msg::new("desk-refund-was-made")),
        // Somebody else was quicker.
        Err(p) if p.is("refund-over") => operator.visit.go_saying(REFUNDS, Tone::Info, words(&p)),
        Err(p) if mendable(&p) => made_page(&operator, id, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}
