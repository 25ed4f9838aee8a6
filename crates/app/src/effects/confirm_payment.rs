//! Asks a gateway for the truth about an attempt and applies it. The happy way (an event came)
//! and the way out of «unknown» (nothing came) are this one effect.

use domain::id::AttemptId;
use ports::{
    PortError, Ports,
    payment::{Question, Truth},
};
use serde::{Deserialize, Serialize};
use store::{WriteTx, payments as rows};

use super::{Effect, Prepared, Run};
use crate::{
    Cx, Problem,
    use_cases::payments::{
        apply_status::{News, apply},
        question,
    },
};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmPayment {
    pub attempt: AttemptId,
}

/// Whom to ask what.
pub struct Plan {
    pub(super) gateway: String,
    pub(super) question: Question,
}

impl Effect for ConfirmPayment {
    const KIND: &'static str = "confirm_payment";
    type Plan = Plan;
    type Outcome = Truth;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Plan>, Problem> {
        let row = rows::attempt(&mut cx.store(), self.attempt).await?.ok_or_else(Problem::not_found)?;
        // One that failed is asked about as well: money that moved after all is not lost.
        if row.state == "succeeded" {
            return Ok(Prepared::AlreadyDone);
        }
        Ok(Prepared::Go(Plan { question: question(&row)?, gateway: row.gateway }))
    }

    async fn perform(&self, plan: &Plan, ports: &Ports, _run: &Run) -> Result<Truth, PortError> {
        ports.gateway(&plan.gateway)?.look_up(&plan.question).await
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, truth: &Truth) -> Result<(), Problem> {
        apply(tx, cx, self.attempt, &News::Truth(truth.clone())).await.map(drop)
    }
}
