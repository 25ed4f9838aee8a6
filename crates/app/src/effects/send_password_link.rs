//! Sends the link by which a new mailbox gets its first password, to the address given in the order.

use domain::id::OrderMailboxId;
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::WriteTx;

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, use_cases::mailboxes::first_password};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendPasswordLink {
    pub order_mailbox: OrderMailboxId,
}

/// Issuing a token is a write, and placing an order of 99 mailboxes has enough of those: so it is done
/// here, and the mail itself is a `send_notice` of its own.
impl Effect for SendPasswordLink {
    const KIND: &'static str = "send_password_link";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        match first_password::wanted(&mut cx.store(), self.order_mailbox.cast()).await? {
            Some(_) => Ok(Prepared::Go(())),
            None => Ok(Prepared::AlreadyDone),
        }
    }

    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, run: &Run, _outcome: &()) -> Result<(), Problem> {
        match first_password::wanted(tx, self.order_mailbox.cast()).await? {
            Some(owner) => first_password::send(tx, cx, &owner, Some(run.key())).await,
            None => Ok(()),
        }
    }
}
