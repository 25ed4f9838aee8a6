//! Works off some lines of a file of members and asks for the next ones. Nothing outside is called: the rows make each
//! handful of lines a transaction of its own, which is taken up again after a crash.

use std::sync::Arc;

use domain::{effect::EffectRequest, id::MemberImportId, time::Timestamp};
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::{WriteTx, member_imports as rows};

use super::{Effect, Prepared, Run};
use crate::{
    Cx, Problem, effects,
    use_cases::agreements::work_off_members::{PAGE, Ready, make_ready, work_off},
};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportMembers {
    pub import: MemberImportId,
    /// The last line that was worked off when this was asked for.
    pub after: i64,
}
impl ImportMembers {
    /// The row that asks for it.
    pub fn asked(&self, at: Timestamp) -> EffectRequest {
        let key = format!("import-members:{}:{}", self.import, self.after);
        self.request(("member_import", self.import.uuid()), Some(key), at)
    }
}

/// The lines that are to be made, and under which agreement.
#[derive(Clone)]
pub struct Plan {
    agreement: String,
    ready: Arc<Vec<Ready>>,
}

impl Effect for ImportMembers {
    const KIND: &'static str = "import_members";
    type Plan = Plan;
    type Outcome = Plan;

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<Plan>, Problem> {
        let q = &mut cx.store();
        let found = rows::by_id(q, self.import).await?;
        let Some(found) = found.filter(|f| f.state == "running" && f.last_line == self.after) else {
            return Ok(Prepared::AlreadyDone);
        };
        let waiting = rows::waiting(q, self.import, self.after, PAGE).await?;
        let ready = make_ready(cx, &found.agreement_code, waiting).await?;
        Ok(Prepared::Go(Plan { agreement: found.agreement_code, ready: Arc::new(ready) }))
    }

    async fn perform(&self, plan: &Plan, _ports: &Ports, _run: &Run) -> Result<Plan, PortError> {
        Ok(plan.clone())
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, plan: &Plan) -> Result<(), Problem> {
        match work_off(tx, cx, self.import, self.after, (&plan.agreement, &plan.ready)).await? {
            Some(after) => {
                let next = Self { import: self.import, after };
                effects::enqueue(tx, cx, &[next.asked(cx.now())]).await
            }
            None => Ok(()),
        }
    }
}
