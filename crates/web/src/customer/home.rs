//! The first page of the customer area.

use app::{queries::mailboxes, use_cases::orders::cart};
use render::pages::customer::{Begun, Home};

use super::words::{mailbox_line, order_line};
use crate::{Answer, Customer};

pub(super) async fn show(customer: Customer) -> Answer {
    let Customer { visit, login, party } = customer;
    let home = mailboxes::home(&visit.cx, login, party).await?;
    let today = visit.cx.now().date();
    let begun = match cart::left_open(&visit.cx).await? {
        Some(left) => cart::offers(&visit.cx)
            .await?
            .into_iter()
            .find(|o| o.plan.code == left.plan)
            .map(|offer| Begun { quantity: left.quantity(), plan: offer.plan.name, until: left.expires.date() }),
        None => None,
    };
    let c = &home.counts;
    visit.page(&Home {
        begun,
        name: visit.signed_in.as_ref().map(|s| s.name.clone()).unwrap_or_default(),
        mailboxes: c.active + c.activating + c.expired,
        activating: c.activating,
        expiring: c.expiring,
        expired: c.expired,
        unpaid_orders: c.unpaid_orders,
        holders: c.holders,
        first: home.mailboxes.into_iter().map(|m| mailbox_line(m, today)).collect(),
        orders: home.orders.into_iter().map(order_line).collect(),
    })
}
