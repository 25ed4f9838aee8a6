//! Operators and the figures of their first page.

use domain::{id::OperatorId, operator::Permission, operator::Role, time::Timestamp};
use store::{bank, desk, desk_order, operators as rows};

use crate::{Cx, Problem, use_cases::operators::authorise};

/// Counting stops here: the page says «more than».
pub const COUNT_LIMIT: i64 = 1000;

/// An operator in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub operator: OperatorId,
    pub username: String,
    pub name: String,
    pub role: Option<Role>,
    pub blocked: bool,
    /// Has signed in once, and so has a password and an app of their own.
    pub enrolled: bool,
    pub last_login_at: Option<Timestamp>,
}

/// All operators by username.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn list(cx: &Cx) -> Result<Vec<Listed>, Problem> {
    authorise(cx, Permission::ManageOperators)?;
    Ok(rows::all(&mut cx.store()).await?.into_iter().map(listed).collect())
}

/// One of them.
///
/// # Errors
/// Forbidden; not found.
pub async fn one(cx: &Cx, operator: OperatorId) -> Result<Listed, Problem> {
    authorise(cx, Permission::ManageOperators)?;
    let row = rows::by_id(&mut cx.store(), operator.uuid()).await?;
    row.map(listed).ok_or_else(Problem::not_found)
}

fn listed(row: rows::OperatorRow) -> Listed {
    Listed {
        operator: OperatorId::from_uuid(row.id),
        role: Role::parse(&row.role),
        blocked: row.state == "blocked",
        enrolled: row.enrolled_at.is_some(),
        last_login_at: row.last_login_at.map(Timestamp::from_micros),
        username: row.username,
        name: row.display_name,
    }
}

/// What waits for somebody. Each figure stops at [`COUNT_LIMIT`] and one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    pub orders_awaiting_payment: i64,
    pub orders_in_activation: i64,
    pub orders_failed: i64,
    pub mailboxes_active: i64,
    pub mailboxes_expired: i64,
    pub movements_unmatched: i64,
    pub refunds_outgoing: i64,
    pub effects_waiting: i64,
    pub effects_stuck: i64,
}

/// The figures of now.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn figures(cx: &Cx) -> Result<Figures, Problem> {
    authorise(cx, Permission::See)?;
    let mut store = cx.store();
    let limit = COUNT_LIMIT + 1;
    let effects = super::effects::counts(cx).await?;
    let effect = |state: &str| effects.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
    Ok(Figures {
        orders_awaiting_payment: desk::orders(&mut store, "awaiting_payment", limit).await?,
        orders_in_activation: desk::orders(&mut store, "activating", limit).await?,
        orders_failed: desk::orders(&mut store, "activation_failed", limit).await?,
        mailboxes_active: desk::mailboxes(&mut store, "active", limit).await?,
        mailboxes_expired: desk::mailboxes(&mut store, "expired", limit).await?,
        refunds_outgoing: desk_order::outgoing_count(&mut store, limit).await?,
        movements_unmatched: bank::count(&mut store, "unmatched", limit).await?,
        effects_waiting: effect("ready") + effect("running"),
        effects_stuck: effect("stuck"),
    })
}
