//! Follows an unpaid order: reminders after 3, 10 and 25 days, expiry after 30 (domain notes 2.8).
//!
//! One row at a time: each step asks for the next when it has run, so that placing an order
//! writes one row and a paid order leaves only one behind, which finds nothing to do.

use domain::{
    effect::EffectRequest,
    id::OrderId,
    order::{OrderState, machine::OrderRules},
    time::{HOUR_US, Timestamp},
};
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::{WriteTx, orders as rows};

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, use_cases::orders::follow_up};

/// Payload: the order and how many days after placing this step belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChaseOrder {
    pub order: OrderId,
    pub days: i64,
}

impl ChaseOrder {
    /// The row that does this step at `at`.
    pub fn at(self, at: Timestamp) -> EffectRequest {
        let key = format!("chase:{}:{}", self.order, self.days);
        self.request(("order", self.order.uuid()), Some(key), at)
    }
}

impl Effect for ChaseOrder {
    const KIND: &'static str = "chase_order";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        let Some(order) = rows::by_id(&mut cx.store(), self.order).await? else { return Ok(Prepared::AlreadyDone) };
        if order.state != OrderState::AwaitingPayment.as_str() {
            return Ok(Prepared::AlreadyDone);
        }
        // While the bank is silent nothing may be undone: look again later.
        let expiry = self.days >= OrderRules::default().schedule.expiry_days;
        if expiry && order.unknown_payments > 0 {
            return Ok(Prepared::NotYet(cx.now().plus_us(HOUR_US)));
        }
        Ok(Prepared::Go(()))
    }

    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        follow_up::follow_up(tx, cx, self.order, self.days).await
    }
}
