//! Closes an opened payment at its gateway, and applies how it stands then: a customer who was
//! quicker has paid.

use domain::id::AttemptId;
use ports::{PortError, Ports, payment::Truth};
use serde::{Deserialize, Serialize};
use store::{WriteTx, payments as rows};

use super::{Effect, Prepared, Run, confirm_payment::Plan};
use crate::{
    Cx, Problem,
    use_cases::payments::{
        apply_status::{News, apply},
        question,
    },
};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClosePayment {
    pub attempt: AttemptId,
}

impl Effect for ClosePayment {
    const KIND: &'static str = "close_payment";
    type Plan = Plan;
    type Outcome = Truth;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Plan>, Problem> {
        let row = rows::attempt(&mut cx.store(), self.attempt).await?.ok_or_else(Problem::not_found)?;
        if row.state == "succeeded" {
            return Ok(Prepared::AlreadyDone);
        }
        Ok(Prepared::Go(Plan { question: question(&row)?, gateway: row.gateway }))
    }

    async fn perform(&self, plan: &Plan, ports: &Ports, _run: &Run) -> Result<Truth, PortError> {
        ports.gateway(&plan.gateway)?.close(&plan.question).await
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, truth: &Truth) -> Result<(), Problem> {
        apply(tx, cx, self.attempt, &News::Truth(truth.clone())).await.map(drop)
    }
}
