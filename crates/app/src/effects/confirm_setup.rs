//! Asks a gateway for the truth about the storing of a method, as [`super::confirm_payment`] does about a payment.

use domain::{id::AttemptId, money::Money, payment::machine::AttemptState};
use ports::{
    PortError, Ports,
    payment::{AttemptKind, Question, Truth},
};
use serde::{Deserialize, Serialize};
use store::{WriteTx, methods as rows};

use super::{Effect, Prepared, Run};
use crate::{
    Cx, Problem,
    use_cases::{
        methods::apply_setup::apply_setup,
        payments::{apply_status::News, state_of},
    },
};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmSetup {
    pub setup: AttemptId,
}

impl Effect for ConfirmSetup {
    const KIND: &'static str = "confirm_setup";
    type Plan = (String, Question);
    type Outcome = Truth;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Self::Plan>, Problem> {
        let row = rows::setup(&mut cx.store(), self.setup).await?.ok_or_else(Problem::not_found)?;
        let state = state_of(&row.state)?;
        if state == AttemptState::Succeeded {
            return Ok(Prepared::AlreadyDone);
        }
        let question = Question {
            attempt: row.id,
            kind: AttemptKind::Setup,
            reference: row.gateway_ref,
            customer: row.gateway_customer,
            of_reference: None,
            amount: Money::ZERO,
            wanted: state != AttemptState::Failed,
        };
        Ok(Prepared::Go((row.gateway, question)))
    }

    async fn perform(&self, (gateway, q): &Self::Plan, ports: &Ports, _run: &Run) -> Result<Truth, PortError> {
        ports.gateway(gateway)?.look_up(q).await
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, truth: &Truth) -> Result<(), Problem> {
        apply_setup(tx, cx, self.setup, &News::Truth(truth.clone())).await
    }
}
