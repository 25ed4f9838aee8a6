//! Makes a paid mailbox exist on the mail servers, then calls it active; later makes them have it as it should be again.

use domain::{
    id::MailboxId,
    mailbox::{MailboxEvent, MailboxState},
};
use ports::{PortError, Ports, plane::MailboxSpec};
use serde::{Deserialize, Serialize};
use store::{WriteTx, mailbox_life as rows};

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, use_cases::mailboxes::move_on};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Provision {
    pub mailbox: MailboxId,
}

/// The mailbox as the servers should have it; one being activated, as it will be then.
pub(crate) fn spec(row: &rows::PlaneRow) -> MailboxSpec {
    MailboxSpec {
        address: row.address.clone(),
        quota_kib: row.space_mib * 1024,
        login: true,
        receive: true,
        send: row.state != MailboxState::Expired.as_str(),
    }
}

impl Effect for Provision {
    const KIND: &'static str = "provision";
    type Plan = MailboxSpec;
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<MailboxSpec>, Problem> {
        let row = rows::plane(&mut cx.store(), self.mailbox).await?.ok_or_else(Problem::not_found)?;
        match MailboxState::parse(&row.state) {
            Some(state) if state.lives() => Ok(Prepared::Go(spec(&row))),
            _ => Ok(Prepared::AlreadyDone),
        }
    }

    async fn perform(&self, plan: &MailboxSpec, ports: &Ports, _run: &Run) -> Result<(), PortError> {
        ports.plane.ensure(plan).await
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        move_on::apply(tx, cx, self.mailbox, MailboxEvent::Made).await
    }

    async fn on_stuck(&self, tx: &mut WriteTx, cx: &Cx, _reason: &str) -> Result<(), Problem> {
        move_on::apply(tx, cx, self.mailbox, MailboxEvent::NotMade).await
    }
}
