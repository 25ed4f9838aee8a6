//! Mailboxes that come to a step of their notices are told, each step once (domain notes 6.1).

use domain::{
    renewal::notices::{Segment, segments},
    time::Date,
};
use store::{
    Query, ReadTx, WriteTx,
    expiry_notices::{self as rows, Asking, Look, NamedRow, ToldRow},
    night,
};

use super::{Cursor, Line, PageDone, Planned};
use crate::{Cx, Problem};

/// The segments that are not done, the first of them from the place on.
pub(super) async fn rest(q: &mut impl Query, day: Date, after: Cursor) -> Result<Vec<(Segment, Look)>, Problem> {
    let last = night::done_before(q, day).await?;
    let rest = segments(day, last).into_iter().filter(|s| s.to >= after.day).map(|s| {
        (s, Look { after: after.not_before(s.from).key(), to: s.to, asked: s.asked, told: s.told, ending: s.ending })
    });
    Ok(rest.collect())
}
/// Where the next page begins: behind the last of a full one, else with the next segment.
pub(super) fn next(full: Option<(Date, uuid::Uuid)>, rest: &[(Segment, Look)]) -> Option<Cursor> {
    match full {
        Some((day, id)) => Some(Cursor { day, id }),
        None => rest.get(1).map(|(s, _)| Cursor::START.not_before(s.from)),
    }
}
pub(super) fn last(told: &[ToldRow]) -> Option<(Date, uuid::Uuid)> {
    told.iter().map(|r| (r.day, r.id)).max()
}
pub(super) fn planned(named: Vec<NamedRow>, limit: i64, rest: &[(Segment, Look)]) -> Planned {
    let full = named.last().filter(|_| named.len() as i64 >= limit).map(|r| (r.day, r.id));
    let line = |r: NamedRow| Line { service: r.id, name: r.address, day: r.day, outcome: "told", amount: None };
    Planned { next: next(full, rest), lines: named.into_iter().map(line).collect() }
}

/// How many there are.
///
/// # Errors
/// The store's.
pub async fn due(tx: &mut ReadTx, day: Date) -> Result<i64, Problem> {
    let mut due = 0;
    for (_, look) in rest(tx, day, Cursor::START).await? {
        due += rows::mailboxes_due(tx, &look).await?;
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
    let told = rows::tell_mailboxes(tx, look, limit, day).await?;
    ask(tx, cx, "mailbox", look, &told, day).await?;
    Ok(done(&told, limit, &rest))
}

pub(super) async fn ask(
    tx: &mut WriteTx,
    cx: &Cx,
    kind: &str,
    look: &Look,
    told: &[ToldRow],
    day: Date,
) -> Result<(), Problem> {
    let Some(to) = last(told) else { return Ok(()) };
    let asking = Asking { kind, ids: &cx.page_ids(), trace: &cx.trace, now: cx.now() };
    let asked = rows::ask(tx, (look.after, to), day, &asking).await?;
    if asked != told.len() as u64 {
        return Err(Problem::broken(format!("{} are told, and {asked} messages are asked for", told.len())));
    }
    Ok(())
}
pub(super) fn done(told: &[ToldRow], limit: i64, rest: &[(Segment, Look)]) -> PageDone {
    let seen = told.len() as i64;
    let full = last(told).filter(|_| seen >= limit);
    PageDone { next: next(full, rest), seen, outcomes: vec![("told", seen)] }
}

/// Names them.
///
/// # Errors
/// The store's.
pub async fn plan(tx: &mut ReadTx, _cx: &Cx, day: Date, after: Cursor, limit: i64) -> Result<Planned, Problem> {
    let rest = rest(tx, day, after).await?;
    let Some((_, look)) = rest.first() else { return Ok(Planned::default()) };
    let named = rows::mailboxes_named(tx, look, limit).await?;
    Ok(planned(named, limit, &rest))
}
