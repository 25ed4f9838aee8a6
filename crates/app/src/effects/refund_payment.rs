//! Gives money back through the gateway that took it.

use domain::id::AttemptId;
use ports::{
    PortError, Ports,
    payment::{Question, Refund, Truth, TruthState},
};
use serde::{Deserialize, Serialize};
use store::{WriteTx, payments as rows};

use super::{Effect, Prepared, Run};
use crate::{
    Cx, Problem,
    use_cases::payments::{
        apply_status::{News, apply},
        question, state_of,
    },
};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefundPayment {
    /// The attempt of the refund itself.
    pub attempt: AttemptId,
}

/// What goes back, and how to find it again.
pub struct Plan {
    gateway: String,
    refund: Refund,
    question: Question,
}

impl Effect for RefundPayment {
    const KIND: &'static str = "refund_payment";
    const SILENCE_DECIDES_NOTHING: bool = true;
    type Plan = Plan;
    type Outcome = Truth;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Plan>, Problem> {
        let row = rows::attempt(&mut cx.store(), self.attempt).await?.ok_or_else(Problem::not_found)?;
        if state_of(&row.state)?.is_final() {
            return Ok(Prepared::AlreadyDone);
        }
        let Some(of_reference) = row.of_reference.clone() else {
            return Err(Problem::broken("a refund of a payment that the gateway never named"));
        };
        let refund = Refund { attempt: row.id, of_reference, amount: row.amount_cents };
        Ok(Prepared::Go(Plan { question: question(&row)?, gateway: row.gateway, refund }))
    }

    async fn perform(&self, plan: &Plan, ports: &Ports, run: &Run) -> Result<Truth, PortError> {
        let gateway = ports.gateway(&plan.gateway)?;
        // A gateway forgets keys after some time: from the second try on, look first.
        if run.attempts > 1 {
            let truth = gateway.look_up(&plan.question).await?;
            if truth.state != TruthState::Absent {
                return Ok(truth);
            }
        }
        gateway.refund(&plan.refund).await
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, truth: &Truth) -> Result<(), Problem> {
        apply(tx, cx, self.attempt, &News::Truth(truth.clone())).await.map(drop)
    }

    async fn on_stuck(&self, tx: &mut WriteTx, cx: &Cx, reason: &str) -> Result<(), Problem> {
        let news = News::Refused { code: "refused".into(), detail: reason.into() };
        apply(tx, cx, self.attempt, &news).await.map(drop)
    }
}
