//! The first page of the customer area.

use app::queries::mailboxes;
use render::pages::customer::Home;

use super::words::{mailbox_line, order_line};
use crate::{Answer, Customer};

pub(super) async fn show(customer: Customer) -> Answer {
    let Customer { visit, login, party } = customer;
    let home = mailboxes::home(&visit.cx, login, party).await?;
    let today = visit.cx.now().date();
    let c = &home.counts;
    visit.page(&Home {
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
