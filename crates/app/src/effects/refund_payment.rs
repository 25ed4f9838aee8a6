//! Gives money back through the gateway that took it.

use domain::{id::AttemptId, payment::machine::AttemptState};
use ports::{
    PortError, Ports,
    payment::{Refund, Truth},
};
use serde::{Deserialize, Serialize};
use store::WriteTx;

use super::{Effect, Prepared, Run, attempt};
use crate::{Cx, Problem};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefundPayment {
    /// The attempt of the refund itself.
    pub attempt: AttemptId,
}

impl Effect for RefundPayment {
    const KIND: &'static str = "refund_payment";
    const SILENCE_DECIDES_NOTHING: bool = true;
    type Plan = attempt::Plan<Refund>;
    type Outcome = Truth;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Self::Plan>, Problem> {
        attempt::plan(cx, self.attempt, AttemptState::is_final, |row| {
            let Some(of_reference) = row.of_reference.clone() else {
                return Err(Problem::broken("a refund of a payment that the gateway never named"));
            };
            Ok(Refund { attempt: row.id, of_reference, amount: row.amount_cents })
        })
        .await
    }

    async fn perform(&self, plan: &Self::Plan, ports: &Ports, run: &Run) -> Result<Truth, PortError> {
        match plan.earlier(ports, run).await? {
            Some(truth) => Ok(truth),
            None => plan.gateway(ports)?.refund(&plan.call).await,
        }
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, truth: &Truth) -> Result<(), Problem> {
        attempt::told(tx, cx, self.attempt, truth).await
    }

    async fn on_stuck(&self, tx: &mut WriteTx, cx: &Cx, reason: &str) -> Result<(), Problem> {
        attempt::refused(tx, cx, self.attempt, "refused", reason).await
    }

    async fn on_given_up(&self, tx: &mut WriteTx, cx: &Cx) -> Result<(), Problem> {
        attempt::given_up(tx, cx, self.attempt).await
    }
}
