//! Has the gateway forget a stored method that was removed.

use domain::id::MethodId;
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::{WriteTx, payments as rows};

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DetachMethod {
    pub method: MethodId,
}

impl Effect for DetachMethod {
    const KIND: &'static str = "detach_method";
    type Plan = (String, String);
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Self::Plan>, Problem> {
        let row = rows::method(&mut cx.store(), self.method).await?.ok_or_else(Problem::not_found)?;
        // Stored again meanwhile: it stays.
        if row.state != "removed" {
            return Ok(Prepared::AlreadyDone);
        }
        Ok(Prepared::Go((row.gateway, row.gateway_ref)))
    }

    async fn perform(&self, (gateway, method): &Self::Plan, ports: &Ports, _run: &Run) -> Result<(), PortError> {
        ports.gateway(gateway)?.forget(method).await
    }

    async fn record(&self, _tx: &mut WriteTx, _cx: &Cx, _run: &Run, (): &()) -> Result<(), Problem> {
        Ok(())
    }
}
