//! Sessions seen and ended from the list of the customer area.

use domain::{
    audit::AuditLine,
    id::{LoginId, SessionId},
    time::{MINUTE_US, Timestamp},
};
use serde_json::json;
use store::sessions as rows;

use crate::{Cx, Problem, audit, sessions::TOUCH_EVERY_US};

/// A session of the list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: SessionId,
    pub opened_at: Timestamp,
    pub seen_at: Timestamp,
    pub ip: String,
    pub user_agent: String,
}

/// The living sessions of an account, last used first.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(cx: &Cx, login: LoginId) -> Result<Vec<Listed>, Problem> {
    let now = cx.now().micros();
    let idle = cx.settings().session_idle_minutes * MINUTE_US + TOUCH_EVERY_US;
    let found = rows::of_login(&mut cx.store(), login.uuid(), now, now - idle).await?;
    let listed = found.into_iter().map(|r| Listed {
        id: SessionId::from_uuid(r.id),
        opened_at: Timestamp::from_micros(r.created_at),
        seen_at: Timestamp::from_micros(r.seen_at),
        ip: r.ip,
        user_agent: r.user_agent,
    });
    Ok(listed.collect())
}

/// Ends one session of this account; one that is gone already is fine.
///
/// # Errors
/// When the store cannot be written.
pub async fn close_session(cx: &Cx, login: LoginId, session: SessionId) -> Result<(), Problem> {
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        if rows::close_of_login(tx, session.uuid(), login.uuid()).await? == 1 {
            let details = json!({ "by": "list", "session": session });
            audit::record(tx, &cx2, &AuditLine::new("session.closed", "login", login.uuid(), details)).await?;
        }
        Ok(())
    })
    .await
}

/// Ends every session of this account but the one that asks; answers how many.
///
/// # Errors
/// When the store cannot be written.
pub async fn close_others(cx: &Cx, login: LoginId, but: SessionId) -> Result<u64, Problem> {
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let closed = rows::close_others_of_login(tx, login.uuid(), but.uuid()).await?;
        if closed > 0 {
            let details = json!({ "by": "list", "count": closed });
            audit::record(tx, &cx2, &AuditLine::new("session.closed", "login", login.uuid(), details)).await?;
        }
        Ok(closed)
    })
    .await
}
