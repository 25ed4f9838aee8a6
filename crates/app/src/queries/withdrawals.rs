//! Withdrawals as customers and operators see them.

use domain::{
    id::{LoginId, OrderId},
    order::withdrawal::{DAYS, last_day},
    time::Date,
};
use store::withdrawals as rows;

use crate::{Cx, Problem};

/// Orders of a login within the days of withdrawal, each with its last day.
///
/// # Errors
/// When the store cannot be read.
pub async fn open(cx: &Cx, login: LoginId) -> Result<Vec<(rows::RecentRow, Date)>, Problem> {
    let since = cx.now().date().plus_days(-DAYS).start();
    let found = rows::recent(&mut cx.store(), login, since).await?;
    Ok(found.into_iter().map(|o| (o.clone(), last_day(o.placed_at.date()))).collect())
}

/// The withdrawal from an order, if there was one.
///
/// # Errors
/// When the store cannot be read.
pub async fn of_order(cx: &Cx, order: OrderId) -> Result<Option<rows::WithdrawalRow>, Problem> {
    Ok(rows::of_order(&mut cx.store(), order).await?)
}

/// The newest withdrawals, for operators.
///
/// # Errors
/// When the store cannot be read.
pub async fn newest(cx: &Cx, limit: i64) -> Result<Vec<rows::WithdrawalRow>, Problem> {
    Ok(rows::newest(&mut cx.store(), limit).await?)
}
