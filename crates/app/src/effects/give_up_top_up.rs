//! Ends a top-up that nobody paid in time: its card page is closed, its outcome is «KO».

use domain::{id::OrderId, order::OrderState, time::HOUR_US, wallet::machine::TopUpEvent};
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::{WriteTx, wallet as rows};

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, use_cases::wallet::end_top_up};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GiveUpTopUp {
    pub order: OrderId,
}

impl Effect for GiveUpTopUp {
    const KIND: &'static str = "give_up_top_up";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        let row = rows::top_up(&mut cx.store(), self.order).await?.ok_or_else(Problem::not_found)?;
        if row.state != OrderState::AwaitingPayment.as_str() {
            return Ok(Prepared::AlreadyDone);
        }
        // While the bank is silent nothing may be undone: look again later.
        if row.unknown_payments > 0 {
            return Ok(Prepared::NotYet(cx.now().plus_us(HOUR_US)));
        }
        Ok(Prepared::Go(()))
    }

    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        end_top_up::closed(tx, cx, self.order, TopUpEvent::TimeOver).await
    }
}
