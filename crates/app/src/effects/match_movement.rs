//! Lets a movement of a statement look for its order. Nothing outside is called: the row makes each movement a
//! transaction of its own, which is taken up again after a crash.

use domain::id::MovementId;
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::WriteTx;

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, use_cases::transfers::match_movement::match_movement};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MatchMovement {
    pub movement: MovementId,
}

impl Effect for MatchMovement {
    const KIND: &'static str = "match_movement";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        let found = store::bank::movement(&mut cx.store(), self.movement).await?;
        Ok(match found {
            Some(m) if m.state == "new" => Prepared::Go(()),
            _ => Prepared::AlreadyDone,
        })
    }

    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        match_movement(tx, cx, self.movement).await
    }
}
