//! Closes an opened payment at its gateway, and applies how it stands then: a customer who was
//! quicker has paid.

use domain::id::AttemptId;
use ports::{PortError, Ports, payment::Truth};
use serde::{Deserialize, Serialize};
use store::WriteTx;

use super::{Effect, Prepared, Run, attempt};
use crate::{Cx, Problem};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClosePayment {
    pub attempt: AttemptId,
}

impl Effect for ClosePayment {
    const KIND: &'static str = "close_payment";
    type Plan = attempt::Plan<()>;
    type Outcome = Truth;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Self::Plan>, Problem> {
        attempt::plan(cx, self.attempt, attempt::paid, |_| Ok(())).await
    }

    async fn perform(&self, plan: &Self::Plan, ports: &Ports, _run: &Run) -> Result<Truth, PortError> {
        plan.gateway(ports)?.close(&plan.question).await
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, truth: &Truth) -> Result<(), Problem> {
        attempt::told(tx, cx, self.attempt, truth).await
    }
}
