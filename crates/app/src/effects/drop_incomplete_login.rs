//! A username whose password was never chosen is dropped after a day; its number is never given again.

use domain::{
    audit::AuditLine,
    id::LoginId,
    login::{DROP_AFTER_US, LoginEvent, LoginRefusal, LoginState, step},
    time::Timestamp,
};
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{WriteTx, logins, registrations, sessions};

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, audit};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropIncompleteLogin {
    pub login: LoginId,
}

impl Effect for DropIncompleteLogin {
    const KIND: &'static str = "drop_incomplete_login";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        let row = logins::by_id(&mut cx.store(), self.login.uuid()).await?;
        let Some(row) = row.filter(|r| r.state == LoginState::Incomplete.as_str()) else {
            return Ok(Prepared::AlreadyDone);
        };
        let due = Timestamp::from_micros(row.created_at).plus_us(DROP_AFTER_US);
        Ok(if cx.now() < due { Prepared::NotYet(due) } else { Prepared::Go(()) })
    }
    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }
    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        let Some(row) = logins::by_id(tx, self.login.uuid()).await? else { return Ok(()) };
        let state = LoginState::parse(&row.state).ok_or_else(|| Problem::broken("a login with an unknown state"))?;
        let made = Timestamp::from_micros(row.created_at);
        let dropped = match step(state, LoginEvent::WaitedTooLong, made, cx.now()) {
            Ok(step) => step,
            // The password was chosen at the last moment.
            Err(LoginRefusal::AlreadyCompleted | LoginRefusal::Ended) => return Ok(()),
            Err(refusal) => return Err(Problem::broken(refusal.code())),
        };
        logins::set_state(tx, row.id, row.version, dropped.next.as_str()).await?;
        sessions::close_all_of_login(tx, row.id).await?;
        registrations::remove_of_login(tx, row.id).await?;
        audit::record(tx, cx, &AuditLine::new(dropped.audit, "login", row.id, json!({}))).await
    }
}
