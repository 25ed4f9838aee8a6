//! The messages of an order, as effects that ride with its other writes.

use domain::{bank, effect::EffectRequest, id::OrderId, money::Money, order::pricing::Quote, time::Date};
use render::{
    Mail,
    notices::orders::{
        MailboxActive, OrderCancelled, OrderCredit, OrderExpired, OrderPaid, OrderPartCredited, OrderPlaced,
        OrderReminder,
    },
    notices::withdrawal::WithdrawalReceived,
};
use store::{
    mailboxes::CardRow,
    orders::{OrderRow, PayRow, PlaceRow},
};

use crate::{
    Cx,
    effects::{
        Effect,
        send_notice::{Channel, SendNotice},
    },
    use_cases::{agreements::give_mailbox::BY_AGREEMENT, renewals::RENEWAL},
};

/// A mail about an order, to the e-mail of the account (domain notes 7.7). `once` names it among
/// the order's messages: a second request for it is dropped.
fn mail<M: Mail>(cx: &Cx, order: OrderId, once: &str, to: &str, locale: &str, context: &M) -> EffectRequest {
    let notice = SendNotice {
        channel: Channel::Email,
        template: M::NAME.into(),
        locale: locale.into(),
        to: to.into(),
        subject_id: order.uuid(),
        data: serde_json::to_value(context).expect("a mail's context is plain data"),
        secret: None,
        good_until: None,
    };
    notice.request(("order", order.uuid()), Some(format!("order:{order}:{once}")), cx.now())
}

pub(super) fn placed(
    cx: &Cx,
    order: OrderId,
    number: &str,
    cart: &PlaceRow,
    quote: &Quote,
    method: &str,
    addresses: Vec<String>,
) -> EffectRequest {
    let schedule = domain::order::schedule::UnpaidSchedule::default();
    let context = OrderPlaced {
        number: number.into(),
        order: order.to_string(),
        plan: cart.plan_name.clone(),
        years: quote.years,
        addresses,
        net: quote.net,
        vat: quote.vat,
        gross: quote.gross,
        pay_by: schedule.expires_at(cx.now()).date(),
        immediate_until: None,
        transfer: cx.settings().bank.as_ref().filter(|_| method == bank::GATEWAY).map(|b| b.instructions(number)),
    };
    mail(cx, order, "placed", &cart.email, &cart.locale, &context)
}

pub(super) fn reminder(cx: &Cx, order: &OrderRow, days: i64, immediate_until: Option<Date>) -> EffectRequest {
    let context = OrderReminder {
        number: order.number.clone(),
        order: order.id.to_string(),
        renewal: order.kind == RENEWAL,
        due: order.gross_cents - order.deposit_cents,
        placed: order.placed_at.date(),
        pay_by: order.pay_by_at.date(),
        immediate_until,
    };
    mail(cx, order.id, &format!("reminder-{days}"), &order.email, &order.locale, &context)
}

pub(super) fn paid(cx: &Cx, order: &PayRow, rows: &[PayRow], auto_renew: bool) -> EffectRequest {
    let context = OrderPaid {
        number: order.number.clone(),
        order: order.order_id.to_string(),
        gross: order.gross_cents,
        years: order.years,
        addresses: rows.iter().map(|r| r.address.clone()).collect(),
        auto_renew,
    };
    mail(cx, order.order_id, "paid", &order.email, &order.locale, &context)
}

pub(super) fn cancelled(cx: &Cx, order: &OrderRow) -> EffectRequest {
    let renewal = order.kind == RENEWAL;
    let context = OrderCancelled { number: order.number.clone(), order: order.id.to_string(), renewal };
    mail(cx, order.id, "cancelled", &order.email, &order.locale, &context)
}

pub(super) fn expired(cx: &Cx, order: &OrderRow) -> EffectRequest {
    let context = OrderExpired {
        number: order.number.clone(),
        order: order.id.to_string(),
        renewal: order.kind == RENEWAL,
        placed: order.placed_at.date(),
    };
    mail(cx, order.id, "expired", &order.email, &order.locale, &context)
}

pub(super) fn credit(cx: &Cx, order: &PayRow, amount: Money) -> EffectRequest {
    let context = OrderCredit { number: order.number.clone(), order: order.order_id.to_string(), amount };
    // Each late payment is told, so the moment is part of the name.
    let once = format!("credit-{}", cx.now().micros());
    mail(cx, order.order_id, &once, &order.email, &order.locale, &context)
}

/// What had come for an order that was closed is credit now.
pub(super) fn part_credited(cx: &Cx, order: &OrderRow, amount: Money, expired: bool) -> EffectRequest {
    let context = OrderPartCredited {
        number: order.number.clone(),
        order: order.id.to_string(),
        amount,
        expired,
        renewal: order.kind == RENEWAL,
    };
    mail(cx, order.id, "part-credited", &order.email, &order.locale, &context)
}

pub(super) fn activated(cx: &Cx, order: &OrderRow, card: &CardRow) -> EffectRequest {
    let context = MailboxActive {
        number: order.number.clone(),
        mailbox: card.id.to_string(),
        address: card.address.clone(),
        end: card.end_day,
        password_email: card.contact_email.clone(),
        has_password: card.password_changed_at.is_some(),
        in_holder_area: order.payment_method == BY_AGREEMENT,
    };
    mail(cx, order.id, &format!("active-{}", card.id), &order.email, &order.locale, &context)
}

/// The acknowledgement goes to the address that the consumer gave in his statement.
pub(super) fn withdrawn(cx: &Cx, order: &OrderRow, to: &str, received: WithdrawalReceived) -> EffectRequest {
    mail(cx, order.id, "withdrawn", to, &order.locale, &received)
}
