//! What came of each obligation that a night looked at, for operators: page by page, outcome by outcome, or by address.

use domain::{audit::AuditLine, operator::Permission, time::Date};
use serde_json::json;
use store::{
    Query,
    lists::From,
    night as nights,
    night_looks::{self as rows, LookRow, Span},
};
use uuid::Uuid;

use crate::{Cx, Problem, audit, queries::orders::Page, use_cases::operators::authorise};

/// Rows on one page.
pub const PAGE: u64 = 50;
/// Mailboxes of one search.
pub const MAILBOXES: usize = 50;
/// Longest text that is looked for.
const TYPED_MAX: usize = 120;

/// The outcomes, those that want somebody first. The list of all goes through them in this order.
pub const OUTCOMES: [&str; 9] =
    ["failed", "short", "parked", "waiting", "charging", "not-renewed", "lapsed", "charged", rows::RENEWED];

/// A place in the list: the outcome by its place above, the service, its period.
pub type Place = (usize, Uuid, Date);

/// The night of a date, or nothing to look at.
async fn span(q: &mut impl Query, day: Date) -> Result<Span, Problem> {
    let night = nights::night(q, day).await?.ok_or_else(Problem::not_found)?;
    Ok(Span { day, begun_at: night.begun_at, ended_at: night.ended_at })
}

/// A page of the obligations of a night, of one outcome or of all.
///
/// # Errors
/// Forbidden; `NotFound` without the night.
pub async fn page(
    cx: &Cx,
    day: Date,
    outcome: Option<&str>,
    from: From<Place>,
    size: u64,
) -> Result<Page<LookRow>, Problem> {
    authorise(cx, Permission::See)?;
    let q = &mut cx.store();
    let span = span(q, day).await?;
    let wanted = |n: &usize| outcome.is_none_or(|o| OUTCOMES[*n] == o);
    let (order, first): (Vec<usize>, usize) = match from {
        From::Start => ((0..OUTCOMES.len()).collect(), 0),
        From::After((n, ..)) => ((n..OUTCOMES.len()).collect(), n),
        From::Before((n, ..)) => ((0..=n).rev().collect(), n),
    };
    let mut found = Vec::new();
    for n in order.into_iter().filter(wanted) {
        let left = (size + 1).saturating_sub(found.len() as u64);
        if left == 0 {
            break;
        }
        let place = match from {
            From::After((_, service, period)) if n == first => From::After((service, period)),
            From::Before((_, service, period)) if n == first => From::Before((service, period)),
            // The end of an outcome that lies before.
            From::Before(_) => From::Before((Uuid::max(), Date::from_days(i32::MAX))),
            _ => From::Start,
        };
        found.extend(rows::of_outcome(q, span, OUTCOMES[n], place, left - 1).await?.into_iter().map(as_told));
    }
    Ok(Page::of(found, &from, size))
}

/// An order that came to stand for the period later is not what this night made of it.
fn as_told(mut row: LookRow) -> LookRow {
    if matches!(row.outcome.as_str(), "short" | "parked" | "not-renewed") {
        (row.order_id, row.order_number, row.gross_cents) = (None, None, None);
    }
    row
}

/// What was found by an address.
pub struct Searched {
    pub rows: Vec<LookRow>,
    /// More mailboxes begin so than were looked at.
    pub more: bool,
}

/// The obligations of the first mailboxes whose address begins so; the look is in the audit.
///
/// # Errors
/// Forbidden; `NotFound` without the night.
pub async fn search(cx: &Cx, day: Date, outcome: Option<&str>, typed: &str) -> Result<Searched, Problem> {
    authorise(cx, Permission::See)?;
    let typed: String = typed.trim().to_lowercase().chars().take(TYPED_MAX).collect();
    let q = &mut cx.store();
    let span = span(q, day).await?;
    let more = store::desk_search::begin_so(q, &typed, MAILBOXES as i64 + 1).await? > MAILBOXES as i64;
    let found = rows::search(q, span, &typed, MAILBOXES as i64).await?.into_iter().map(as_told);
    let found: Vec<LookRow> = found.filter(|r| outcome.is_none_or(|o| r.outcome == o)).collect();
    let inner = cx.clone();
    let details = json!({ "kind": "night", "day": day.iso(), "found": found.len() });
    let line = AuditLine::new("office.searched", "search", cx.actor.uuid().unwrap_or_default(), details);
    cx.write(async move |tx| audit::record(tx, &inner, &line).await).await?;
    Ok(Searched { rows: found, more })
}

/// Keeps in the audit that somebody took the list with him.
///
/// # Errors
/// Forbidden; when the store cannot be written.
pub async fn exported(cx: &Cx, day: Date, lines: u64) -> Result<(), Problem> {
    authorise(cx, Permission::See)?;
    let inner = cx.clone();
    let details = json!({ "day": day.iso(), "lines": lines });
    let line = AuditLine::new("night.exported", "night", Uuid::from_u128(day.days().max(0) as u128), details);
    cx.write(async move |tx| audit::record(tx, &inner, &line).await).await
}
