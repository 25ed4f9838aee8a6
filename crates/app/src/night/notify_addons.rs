//! Add-ons that come to a step of their notices: their holder is told, each step once (domain notes 6.1). They are paid
//! with credit, so somebody has to hold it; once over they are over, so nothing is told afterwards.

use domain::time::Date;
use store::{ReadTx, WriteTx, expiry_notices as rows};

use super::{
    Cursor, PageDone, Planned,
    notify::{self, ask, done, planned},
};
use crate::{Cx, Problem};

/// The segments before the end in which somebody is asked.
async fn rest(
    q: &mut impl store::Query,
    day: Date,
    after: Cursor,
) -> Result<Vec<(domain::renewal::notices::Segment, rows::Look)>, Problem> {
    let mut rest = notify::rest(q, day, after).await?;
    rest.retain(|(s, _)| s.asked.is_some_and(|step| step <= 0));
    Ok(rest)
}

/// How many there are.
///
/// # Errors
/// The store's.
pub async fn due(tx: &mut ReadTx, day: Date) -> Result<i64, Problem> {
    let mut due = 0;
    for (_, look) in rest(tx, day, Cursor::START).await? {
        due += rows::addons_due(tx, &look).await?;
    }
    Ok(due)
}

/// Two statements: who is told, and an effect each.
///
/// # Errors
/// The store's.
pub async fn page(tx: &mut WriteTx, cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<PageDone, Problem> {
    let rest = rest(tx, day, after).await?;
    let Some((_, look)) = rest.first() else { return Ok(PageDone::default()) };
    let told = rows::tell_addons(tx, look, limit, day).await?;
    ask(tx, cx, "addon", look, &told, day).await?;
    Ok(done(&told, limit, &rest))
}

/// Names them.
///
/// # Errors
/// The store's.
pub async fn plan(tx: &mut ReadTx, _cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<Planned, Problem> {
    let rest = rest(tx, day, after).await?;
    let Some((_, look)) = rest.first() else { return Ok(Planned::default()) };
    let named = rows::addons_named(tx, look, limit).await?;
    Ok(planned(named, limit, &rest))
}
