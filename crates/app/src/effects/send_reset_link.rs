//! Sends the link by which the password of a mailbox is reset (domain notes 7.4).

use domain::id::MailboxId;
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::WriteTx;

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, use_cases::mailboxes::reset_password};

/// Payload of the effect. A request that named no mailbox asks for it as well, with an identifier that nothing has:
/// whoever asks waits for the same work.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendResetLink {
    pub mailbox: MailboxId,
}

impl Effect for SendResetLink {
    const KIND: &'static str = "send_reset_link";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        match reset_password::wanted(&mut cx.store(), cx, self.mailbox).await? {
            Some(_) => Ok(Prepared::Go(())),
            None => Ok(Prepared::AlreadyDone),
        }
    }

    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        match reset_password::wanted(tx, cx, self.mailbox).await? {
            Some(owner) => reset_password::send(tx, cx, &owner).await,
            None => Ok(()),
        }
    }
}
