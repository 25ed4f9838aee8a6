//! Renewals: what is due is paid out of the credit, by the stored method, by hand, or by the body of an agreement.

pub mod auto_by_credit;
pub mod auto_renew;
mod change_plan;
pub mod charge;
pub mod choose_plan;
pub mod due_page;
pub(crate) mod leave_out;
mod notices;
pub mod place_renewal;
pub mod prices;
pub mod renew_with_credit;
pub mod renewed;
pub(crate) mod shorten;
pub mod unpark;
pub mod wallet;

/// Kind of the orders that renew.
pub(crate) const RENEWAL: &str = "renewal";

use domain::{
    id::OrderId,
    renewal::{
        ServiceKind, Way, calendar,
        machine::{Facts, ObligationState},
    },
    time::Date,
};
use store::{
    Query,
    renewals::{self as rows, DueRow},
};

use crate::{Cx, Problem};

/// What the machine must know of an obligation.
pub(crate) fn facts(row: &DueRow, end: Date) -> Result<Facts, Problem> {
    let broken = || Problem::broken("words of an obligation");
    Ok(Facts {
        kind: ServiceKind::parse(&row.service_kind).ok_or_else(broken)?,
        way: Way::parse(&row.way).ok_or_else(broken)?,
        state: ObligationState::parse(&row.state).ok_or_else(broken)?,
        end,
        tries: row.tries,
    })
}

/// The last day on which a renewal order can be paid, once only immediate methods are in time for it (domain notes 6.5).
/// The mailbox that ended first decides.
pub(crate) async fn immediate_until(
    q: &mut impl Query,
    order: OrderId,
    kind: &str,
    today: Date,
) -> Result<Option<Date>, Problem> {
    if kind != RENEWAL {
        return Ok(None);
    }
    let end = rows::first_end(q, order).await?.filter(|end| calendar::only_immediate(*end, today));
    Ok(end.map(calendar::last_renewal_day))
}

/// `2026-004318` for a number of the series.
pub(crate) fn order_number(cx: &Cx, n: i64) -> String {
    let (year, _, _) = cx.now().date().ymd();
    format!("{year}-{n:06}")
}

/// Who is invoiced for what a holder pays (domain notes 4.2).
pub(crate) fn billing(row: &DueRow) -> String {
    serde_json::json!({
        "name": row.display_name,
        "fiscal_code": row.fiscal_code,
        "vat_number": row.vat_number,
        "email": row.email,
        "details": serde_json::from_str::<serde_json::Value>(&row.details).unwrap_or_default(),
    })
    .to_string()
}
