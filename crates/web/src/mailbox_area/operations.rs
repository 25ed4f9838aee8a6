//! «Esito Operazioni», and the order behind an outcome.

use app::{
    Problem,
    queries::holder_area,
    rows::{From, OperationFilter, OperationRow},
};
use axum::extract::{Path, RawQuery};
use domain::{
    addon::Service,
    id::{OperationId, OrderId},
    time::{Date, Timestamp},
};
use render::{
    Msg,
    pages::{
        Bill, Pager,
        holder_credit::{MemberOrder, OPERATION_KINDS, OperationLine, Operations},
    },
};

use super::{Member, asked};
use crate::{Answer, FormData, customer::words::order_state, visit::form_encoded};

/// A filter out of the query; nonsense is no filter.
fn filter(asked: &FormData) -> OperationFilter {
    let one_of = |name: &str, known: &[&str]| asked.some(name).filter(|v| known.contains(v)).map(str::to_owned);
    let day = |name: &str| asked.some(name).and_then(Date::parse_iso);
    OperationFilter {
        kind: one_of("kind", &OPERATION_KINDS),
        outcome: one_of("outcome", &["running", "ok", "ko"]),
        from: day("from"),
        until: day("until"),
    }
}

/// `1790…000.ope_…`: the place of a row in the list.
fn position(text: &str) -> Option<(Timestamp, OperationId)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_micros(at.parse().ok()?), id.parse().ok()?))
}

fn address(asked: &FormData, name: &str, row: &OperationRow) -> String {
    let kept = asked.pairs().filter(|(n, v)| ["kind", "outcome", "from", "until"].contains(n) && !v.trim().is_empty());
    let mut pairs: Vec<_> = kept.map(|(n, v)| format!("{n}={}", form_encoded(v.trim()))).collect();
    pairs.push(format!("{name}={}.{}", row.at.micros(), row.id));
    format!("/mailbox/operations?{}", pairs.join("&"))
}

pub(super) async fn list(member: Member, RawQuery(query): RawQuery) -> Answer {
    let visit = &member.visit;
    let asked = asked(query);
    let from = match (position(asked.get("after")), position(asked.get("before"))) {
        (Some(key), _) => From::After(key),
        (_, Some(key)) => From::Before(key),
        _ => From::Start,
    };
    let page = holder_area::operations(&visit.cx, member.row.party_id, &filter(&asked), from).await?;
    let pager = Pager {
        rows: page.rows.len() as i64,
        newer: page.rows.first().filter(|_| page.newer).map(|r| address(&asked, "before", r)),
        older: page.rows.last().filter(|_| page.older).map(|r| address(&asked, "after", r)),
    };
    let line = |r: OperationRow| OperationLine {
        at: r.at,
        address: r.address,
        kind: r.kind,
        outcome: r.outcome,
        message: serde_json::from_str(&r.message).unwrap_or_else(|_| Msg::new("area-no")),
        order: r.order_id.map(|id| id.to_string()),
        amount: r.amount_cents,
    };
    visit.page(&Operations {
        credit: member.credit(),
        rows: page.rows.into_iter().map(line).collect(),
        kinds: OPERATION_KINDS.map(String::from).into(),
        pager,
        form: asked.shown(),
    })
}

pub(super) async fn order(member: Member, Path(order): Path<String>) -> Answer {
    let visit = &member.visit;
    let id: OrderId = order.parse().map_err(|_| Problem::not_found())?;
    let found = holder_area::order(&visit.cx, &member.row, id).await?;
    let bill =
        found.addon.and_then(|(service, quote)| Some(Bill::of_addon(&quote, Service::parse(&service)?, visit.locale)));
    let bill = bill.or_else(|| found.plan.map(|(plan, quote)| Bill::of(&quote, &plan, visit.locale)));
    visit.page(&MemberOrder {
        credit: member.credit(),
        number: found.number,
        kind: found.kind,
        state: order_state(&found.state).into(),
        placed: found.placed,
        address: member.row.address.clone(),
        gross: found.gross,
        bill,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form;

    #[test]
    fn nonsense_in_the_query_is_no_filter() {
        let read = |q: &str| filter(&form::parse(q.as_bytes()).expect("a query"));
        assert_eq!(read("kind=x&outcome=OK&from=1/2/2026&until="), OperationFilter::default());
        assert_eq!(read("kind=top_up").kind.as_deref(), Some("top_up"));
        assert_eq!((position("1"), position("x.ope_1")), (None, None));
    }
}
