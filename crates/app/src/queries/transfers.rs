//! Movements and statements of the provider's bank account, for operators.

use domain::{
    id::{MovementId, StatementId},
    operator::Permission,
    time::Timestamp,
};
use store::{
    bank::{self as rows, AwaitedRow, MovementRow, StatementRow},
    desk_order,
    lists::From,
};

use super::orders::Page;
use crate::{Cx, Problem, use_cases::operators::authorise};

/// Movements on one page.
pub const PAGE: u64 = 50;
/// Statements on one page.
const STATEMENTS: i64 = 20;

/// The states of a movement, those that want somebody first.
pub const STATES: [&str; 6] = ["unmatched", "new", "booked", "aside", "unknown", "given_back"];

/// A page of movements, the newest first, of one state or of all.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn movements(
    cx: &Cx,
    state: Option<&str>,
    from: From<(Timestamp, MovementId)>,
) -> Result<Page<MovementRow>, Problem> {
    authorise(cx, Permission::See)?;
    let found = rows::movements(&mut cx.store(), state, from, PAGE).await?;
    Ok(Page::of(found, &from, PAGE))
}

/// One movement.
///
/// # Errors
/// Forbidden; `NotFound`.
pub async fn movement(cx: &Cx, id: MovementId) -> Result<MovementRow, Problem> {
    authorise(cx, Permission::See)?;
    rows::movement(&mut cx.store(), id).await?.ok_or_else(Problem::not_found)
}

/// The newest orders that wait for a transfer.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn awaited(cx: &Cx, limit: i64) -> Result<Vec<AwaitedRow>, Problem> {
    authorise(cx, Permission::See)?;
    Ok(rows::awaited(&mut cx.store(), limit).await?)
}

/// Statements behind a place, the newest first, and whether there are more.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn statements(
    cx: &Cx,
    after: Option<(Timestamp, StatementId)>,
) -> Result<(Vec<StatementRow>, bool), Problem> {
    authorise(cx, Permission::See)?;
    let after = after.map_or(desk_order::NEWEST, |(at, id)| (at, id.uuid()));
    let mut found = rows::statements(&mut cx.store(), after, STATEMENTS + 1).await?;
    let more = found.len() as i64 > STATEMENTS;
    found.truncate(STATEMENTS as usize);
    Ok((found, more))
}
