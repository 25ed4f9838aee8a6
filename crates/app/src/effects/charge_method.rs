//! Charges a stored method for an order, without the customer.

use domain::{id::AttemptId, payment::machine::AttemptState};
use ports::{
    PortError, Ports,
    payment::{ChargeSaved, Truth},
};
use serde::{Deserialize, Serialize};
use store::WriteTx;

use super::{Effect, Prepared, Run, attempt};
use crate::{Cx, Problem};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChargeMethod {
    pub attempt: AttemptId,
}

impl Effect for ChargeMethod {
    const KIND: &'static str = "charge_method";
    const SILENCE_DECIDES_NOTHING: bool = true;
    type Plan = attempt::Plan<ChargeSaved>;
    type Outcome = Truth;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Self::Plan>, Problem> {
        attempt::plan(cx, self.attempt, AttemptState::is_final, |row| {
            let (Some(method), Some(customer)) = (row.method_ref.clone(), row.gateway_customer.clone()) else {
                return Err(Problem::broken("a charge without its method"));
            };
            Ok(ChargeSaved {
                attempt: row.id,
                amount: row.amount_cents,
                description: format!("{} {}", cx.settings().brand, row.order_number),
                customer,
                method,
            })
        })
        .await
    }

    async fn perform(&self, plan: &Self::Plan, ports: &Ports, run: &Run) -> Result<Truth, PortError> {
        match plan.earlier(ports, run).await? {
            Some(truth) => Ok(truth),
            None => plan.gateway(ports)?.charge_saved(&plan.call).await,
        }
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, truth: &Truth) -> Result<(), Problem> {
        attempt::told(tx, cx, self.attempt, truth).await
    }

    async fn on_stuck(&self, tx: &mut WriteTx, cx: &Cx, reason: &str) -> Result<(), Problem> {
        attempt::refused(tx, cx, self.attempt, "method_unusable", reason).await
    }

    async fn on_given_up(&self, tx: &mut WriteTx, cx: &Cx) -> Result<(), Problem> {
        attempt::given_up(tx, cx, self.attempt).await
    }
}
