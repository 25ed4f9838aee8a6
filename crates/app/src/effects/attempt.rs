//! What the effects about a payment attempt share: what they read, and how they write what the gateway said.

use domain::{id::AttemptId, payment::machine::AttemptState};
use ports::{
    PortError, Ports,
    payment::{PaymentGateway, Question, Truth, TruthState},
};
use store::{
    WriteTx,
    payments::{self as rows, AttemptRow},
};

use super::{Effect, Prepared, Run, confirm_payment::ConfirmPayment, enqueue};
use crate::{
    Cx, Problem,
    use_cases::payments::{
        apply_status::{News, apply},
        question, state_of,
    },
};

/// Whom to call, with what, and how to ask about it.
pub struct Plan<C> {
    gateway: String,
    pub(super) question: Question,
    pub(super) call: C,
}

/// Reads the attempt, and what to call with out of its row; nothing is to do when it is `over`.
pub(super) async fn plan<C>(
    cx: &Cx,
    attempt: AttemptId,
    over: fn(AttemptState) -> bool,
    call: impl FnOnce(&AttemptRow) -> Result<C, Problem>,
) -> Result<Prepared<Plan<C>>, Problem> {
    let row = rows::attempt(&mut cx.store(), attempt).await?.ok_or_else(Problem::not_found)?;
    if over(state_of(&row.state)?) {
        return Ok(Prepared::AlreadyDone);
    }
    let (question, call) = (question(&row)?, call(&row)?);
    Ok(Prepared::Go(Plan { gateway: row.gateway, question, call }))
}

/// One that failed is still asked about and closed: money that moved after all is not lost.
pub(super) fn paid(state: AttemptState) -> bool {
    state == AttemptState::Succeeded
}

impl<C> Plan<C> {
    pub(super) fn gateway<'a>(&self, ports: &'a Ports) -> Result<&'a dyn PaymentGateway, PortError> {
        ports.gateway(&self.gateway)
    }
    /// What came of an earlier try. A gateway forgets keys after some time: from the second try on, whoever moves
    /// money looks first.
    pub(super) async fn earlier(&self, ports: &Ports, run: &Run) -> Result<Option<Truth>, PortError> {
        if run.attempts <= 1 {
            return Ok(None);
        }
        let truth = self.gateway(ports)?.look_up(&self.question).await?;
        Ok((truth.state != TruthState::Absent).then_some(truth))
    }
}

pub(super) async fn told(tx: &mut WriteTx, cx: &Cx, attempt: AttemptId, truth: &Truth) -> Result<(), Problem> {
    apply(tx, cx, attempt, &News::Truth(truth.clone())).await.map(drop)
}

/// The gateway said no for good.
pub(super) async fn refused(
    tx: &mut WriteTx,
    cx: &Cx,
    attempt: AttemptId,
    code: &str,
    reason: &str,
) -> Result<(), Problem> {
    let news = News::Refused { code: code.into(), detail: reason.into() };
    apply(tx, cx, attempt, &news).await.map(drop)
}

/// An operator gave the call up: the customer may pay in another way, and what was held is free. The gateway is asked
/// once more, for money that moved in silence.
pub(super) async fn given_up(tx: &mut WriteTx, cx: &Cx, attempt: AttemptId) -> Result<(), Problem> {
    refused(tx, cx, attempt, "unavailable", "given up by an operator").await?;
    let key = format!("confirm:{attempt}:given-up");
    let request = ConfirmPayment { attempt }.request(("attempt", attempt.uuid()), Some(key), cx.now());
    enqueue(tx, cx, &[request]).await
}
