//! Half an hour after a username was shown and left without a password, the way back is mailed.

use domain::{id::LoginId, login::LoginState};
use ports::{PortError, Ports};
use render::Locale;
use serde::{Deserialize, Serialize};
use store::{WriteTx, logins};

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, use_cases::accounts::finish_registration_data::send_resume_link};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemindRegistration {
    pub login: LoginId,
}

impl Effect for RemindRegistration {
    const KIND: &'static str = "remind_registration";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        let row = logins::by_id(&mut cx.store(), self.login.uuid()).await?;
        let waits = row.is_some_and(|r| r.state == LoginState::Incomplete.as_str());
        Ok(if waits { Prepared::Go(()) } else { Prepared::AlreadyDone })
    }
    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }
    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        let row = logins::with_party(tx, self.login.uuid()).await?;
        let Some(row) = row.filter(|r| r.state == LoginState::Incomplete.as_str()) else { return Ok(()) };
        let locale = Locale::parse(&row.locale).unwrap_or_default();
        send_resume_link(tx, cx, row.id, &row.email, locale, &row.first_name, "reminder").await
    }
}
