//! The messages of renewals: to the account of a bought mailbox, to the reference e-mail of the holder under an
//! agreement (domain notes 7.7). Both are the e-mail of the registry record.

use domain::{addon::by_gb, effect::EffectRequest, id::OrderId, money::Money, time::Date};
use render::{
    Mail, Msg,
    notices::renewals::{RenewalFailed, RenewalShort, ServiceRenewed},
};
use store::renewals::{DueRow, ServiceRow};
use uuid::Uuid;

use super::{
    choose_plan::named,
    prices::Renewal,
    wallet::{back, what},
};
use crate::{
    Cx,
    effects::{
        Effect,
        send_notice::{Channel, SendNotice},
    },
};

fn mail<M: Mail>(
    cx: &Cx,
    subject: (&'static str, Uuid),
    key: Option<String>,
    (to, locale): (&str, &str),
    context: &M,
) -> EffectRequest {
    let notice = SendNotice {
        channel: Channel::Email,
        template: M::NAME.into(),
        locale: locale.into(),
        to: to.into(),
        subject_id: subject.1,
        data: serde_json::to_value(context).expect("a mail's context is plain data"),
        secret: None,
        good_until: None,
    };
    notice.request(subject, key, cx.now())
}

/// What is renewed, in words.
pub(super) fn service(row: &DueRow) -> Msg {
    match row.gb {
        Some(gb) => Msg::new(format!("addon-{}-gb", what(row))).arg("gb", gb),
        None => Msg::new("renewal-plan").arg("plan", row.plan_name.clone()),
    }
}

/// A service was renewed out of the credit.
pub(super) fn renewed_by_credit(
    cx: &Cx,
    row: &DueRow,
    renewal: &Renewal,
    (order, number): (OrderId, &str),
    left: Money,
) -> EffectRequest {
    let q = &renewal.quote;
    let context = ServiceRenewed {
        number: number.into(),
        link: format!("/mailbox/orders/{order}"),
        address: row.address.clone(),
        service: service(row),
        how: Msg::new("renewal-how").arg("quantity", q.quantity).arg("years", q.years).arg("unit", q.unit_net),
        gross: Some(q.gross),
        until: renewal.until,
        credit: Some(left),
        back: back(row),
        once: row.addon_service.as_deref().is_some_and(|service| !by_gb(service)),
    };
    mail(cx, ("order", order.uuid()), Some(format!("order:{order}:renewed")), (&row.email, &row.locale), &context)
}

/// The credit was not enough; `ended`: the service is switched off.
pub(super) fn credit_short(cx: &Cx, row: &DueRow, renewal: &Renewal, missing: Money, ended: bool) -> EffectRequest {
    let context = RenewalShort {
        address: row.address.clone(),
        service: service(row),
        needed: renewal.quote.gross,
        held: renewal.quote.gross - missing,
        missing,
        end: renewal.end,
        ended,
    };
    let key = format!("short:{}:{}:{}:{ended}", row.service_id, row.period_start.iso(), row.tries);
    mail(cx, ("mailbox", row.mailbox_id.uuid()), Some(key), (&row.email, &row.locale), &context)
}

/// A mailbox was renewed by an order; without the price when somebody else paid.
pub(super) fn renewed_by_order(
    cx: &Cx,
    row: &ServiceRow,
    (order, number): (OrderId, &str),
    gross: Option<Money>,
    until: Date,
) -> EffectRequest {
    let area = if row.under_agreement { "mailbox" } else { "account" };
    let link = match (row.under_agreement, gross) {
        (true, None) => "/mailbox/card".to_owned(),
        _ => format!("/{area}/orders/{order}"),
    };
    let context = ServiceRenewed {
        number: number.into(),
        link,
        address: row.address.clone(),
        service: Msg::new("renewal-plan").arg("plan", named(&row.plan_name, row.extra_gb)),
        how: Msg::new("renewal-years").arg("years", row.years),
        gross,
        until,
        credit: None,
        back: false,
        once: false,
    };
    let key = format!("order:{order}:renewed:{}", row.service_id);
    mail(cx, ("order", order.uuid()), Some(key), (&row.email, &row.locale), &context)
}

/// A charge came to nothing; `next` is the day of the next try.
pub(super) fn charge_failed(
    cx: &Cx,
    row: &DueRow,
    (order, number, gross): (OrderId, &str, Money),
    reason: &str,
    next: Option<Date>,
) -> EffectRequest {
    let context = RenewalFailed {
        number: number.into(),
        order: order.to_string(),
        address: row.address.clone(),
        gross,
        reason: if reason == "no-method" { "no-method" } else { "declined" }.into(),
        next,
        end: row.term_end,
    };
    let key = format!("order:{order}:charge-failed:{}", row.tries);
    mail(cx, ("order", order.uuid()), Some(key), (&row.email, &row.locale), &context)
}
