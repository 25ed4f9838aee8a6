//! `/office/search`: one box for customers, mailboxes, orders and payments.

use app::{
    queries::search::{Kind, search},
    rows::{From, HitRow},
};
use axum::extract::RawQuery;
use domain::id::{MailboxId, OrderId, PartyId};
use render::pages::{
    Pager,
    desk::{Hit, Search},
};
use uuid::Uuid;

use crate::{
    Answer, FormData, Operator,
    customer::words::{mailbox_state, order_state},
    form,
    visit::form_encoded,
};

const PAGE: &str = "/office/search";

/// `identifier.text`, as the pager's links carry it.
fn position(text: &str) -> Option<(String, Uuid)> {
    let (id, key) = text.split_once('.')?;
    Some((key.to_owned(), Uuid::try_parse(id).ok()?))
}

fn address(kind: Kind, typed: &str, party: Option<PartyId>) -> String {
    let party = party.map(|p| format!("&party={p}")).unwrap_or_default();
    format!("{PAGE}?kind={}&q={}{party}", kind.as_str(), form_encoded(typed))
}

pub(super) async fn show(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    let asked: FormData = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let typed = asked.get("q");
    let kind = Kind::parse(asked.get("kind")).unwrap_or_else(|| Kind::guess(typed));
    let party: Option<PartyId> = asked.get("party").parse().ok();
    let from = match (position(asked.get("after")), position(asked.get("before"))) {
        (Some(key), _) => From::After(key),
        (_, Some(key)) => From::Before(key),
        _ => From::Start,
    };
    let found = search(&operator.visit.cx, kind, typed, party, from).await?;
    let here = address(kind, typed, party);
    let link = |name: &str, row: Option<&HitRow>| {
        row.map(|r| format!("{here}&{name}={}.{}", r.id.simple(), form_encoded(&r.key)))
    };
    let pager = Pager {
        rows: found.page.rows.len() as i64,
        newer: link("before", found.page.rows.first().filter(|_| found.page.newer)),
        older: link("after", found.page.rows.last().filter(|_| found.page.older)),
    };
    let today = operator.visit.cx.now().date();
    operator.visit.page(&Search {
        kind: kind.as_str().into(),
        kinds: Kind::ALL.map(|k| (k.as_str().to_owned(), address(k, typed, party))).into(),
        asked: !typed.is_empty() || party.is_some(),
        customer: found.customer.map(|c| (c.display_name, c.tax_key, c.email)),
        rows: found.page.rows.into_iter().map(|r| hit(kind, r, today)).collect(),
        pager,
        form: asked.shown(),
    })
}

fn hit(kind: Kind, row: HitRow, today: domain::time::Date) -> Hit {
    let orders = address(Kind::Orders, "", Some(row.party_id));
    let order = row.order_id.map(|id: OrderId| format!("/office/orders/{id}"));
    Hit {
        href: order.unwrap_or_else(|| orders.clone()),
        title: row.title,
        whose: row.whose,
        customer: orders,
        coming: match kind {
            Kind::Customers => Some(format!("/office/customers/{}/renewals", row.party_id)),
            Kind::Mailboxes => Some(format!("/office/mailboxes/{}/renewals", MailboxId::from_uuid(row.id))),
            Kind::Orders | Kind::Payments => None,
        },
        state: match kind {
            Kind::Orders => order_state(&row.state).to_owned(),
            Kind::Mailboxes => mailbox_state(&row.state, today.plus_years(1), today).to_owned(),
            Kind::Customers | Kind::Payments => row.state,
        },
        amount: row.amount_cents,
        at: row.at,
    }
}
