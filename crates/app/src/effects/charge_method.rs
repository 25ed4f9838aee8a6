//! Charges a stored method for an order, without the customer.

use domain::id::AttemptId;
use ports::{
    PortError, Ports,
    payment::{ChargeSaved, Question, Truth, TruthState},
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
pub struct ChargeMethod {
    pub attempt: AttemptId,
}

/// What to charge, and how to find it again.
pub struct Plan {
    gateway: String,
    charge: ChargeSaved,
    question: Question,
}

impl Effect for ChargeMethod {
    const KIND: &'static str = "charge_method";
    const SILENCE_DECIDES_NOTHING: bool = true;
    type Plan = Plan;
    type Outcome = Truth;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Plan>, Problem> {
        let row = rows::attempt(&mut cx.store(), self.attempt).await?.ok_or_else(Problem::not_found)?;
        if state_of(&row.state)?.is_final() {
            return Ok(Prepared::AlreadyDone);
        }
        let (Some(method), Some(customer)) = (row.method_ref.clone(), row.gateway_customer.clone()) else {
            return Err(Problem::broken("a charge without its method"));
        };
        let charge = ChargeSaved {
            attempt: row.id,
            amount: row.amount_cents,
            description: format!("{} {}", cx.settings().brand, row.order_number),
            customer,
            method,
        };
        Ok(Prepared::Go(Plan { question: question(&row)?, gateway: row.gateway, charge }))
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
        gateway.charge_saved(&plan.charge).await
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, truth: &Truth) -> Result<(), Problem> {
        apply(tx, cx, self.attempt, &News::Truth(truth.clone())).await.map(drop)
    }

    async fn on_stuck(&self, tx: &mut WriteTx, cx: &Cx, reason: &str) -> Result<(), Problem> {
        let news = News::Refused { code: "method_unusable".into(), detail: reason.into() };
        apply(tx, cx, self.attempt, &news).await.map(drop)
    }
}
