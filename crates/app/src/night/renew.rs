//! What is owed for the next period of each service: paid out of the credit, charged, or lapsed (domain notes 5.5, 6.3).

use domain::time::Date;
use store::{ReadTx, WriteTx, renewals as rows};

use super::{Cursor, Line, PageDone, Planned};
use crate::{
    Cx, Problem,
    use_cases::renewals::{
        due_page::{due_page, foresee},
        prices::Prices,
    },
};

/// How many obligations are due.
///
/// # Errors
/// The store's.
pub async fn due(tx: &mut ReadTx, day: Date) -> Result<i64, Problem> {
    Ok(rows::waiting(tx, day).await?)
}

/// Does a page of them.
///
/// # Errors
/// The store's.
pub async fn page(tx: &mut WriteTx, cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<PageDone, Problem> {
    let done = due_page(tx, cx, day, after.key(), limit).await?;
    let next = done.next.map(|(day, id)| Cursor { day, id });
    Ok(PageDone { next, seen: done.seen, outcomes: done.settled.counts.into_iter().collect() })
}

/// Names what would come of a page.
///
/// # Errors
/// The store's.
pub async fn plan(tx: &mut ReadTx, cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<Planned, Problem> {
    let due = rows::due(tx, day, after.key(), limit).await?;
    let next = due.last().filter(|_| due.len() as i64 >= limit);
    let next = next.map(|o| Cursor { day: o.due_day, id: o.service_id });
    let prices = Prices::at(tx, cx, day.start()).await?;
    let foreseen = foresee(&due, &prices, day);
    let line = |(row, told): (&rows::DueRow, (&'static str, Option<domain::money::Money>))| Line {
        service: row.service_id,
        name: row.address.clone(),
        day: row.due_day,
        outcome: told.0,
        amount: told.1,
    };
    Ok(Planned { next, lines: due.iter().zip(foreseen).map(line).collect() })
}
