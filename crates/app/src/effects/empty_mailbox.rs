//! Removes everything that a cancelled mailbox holds on the mail servers: who buys the address again
//! finds it empty (domain notes 6.5).

use domain::{id::MailboxId, mailbox::MailboxState};
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::{WriteTx, mailbox_life as rows};

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EmptyMailbox {
    pub mailbox: MailboxId,
}

impl Effect for EmptyMailbox {
    const KIND: &'static str = "empty_mailbox";
    type Plan = String;
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<String>, Problem> {
        let row = rows::plane(&mut cx.store(), self.mailbox).await?.ok_or_else(Problem::not_found)?;
        // Never the content of a mailbox that lives, should the address have been bought again meanwhile.
        let lives_again = rows::for_reset(&mut cx.store(), &row.address).await?.is_some();
        match MailboxState::parse(&row.state) {
            Some(state) if !state.lives() && !lives_again => Ok(Prepared::Go(row.address)),
            _ => Ok(Prepared::AlreadyDone),
        }
    }

    async fn perform(&self, address: &String, ports: &Ports, _run: &Run) -> Result<(), PortError> {
        ports.plane.remove(address).await
    }

    async fn record(&self, _tx: &mut WriteTx, _cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        Ok(())
    }
}
