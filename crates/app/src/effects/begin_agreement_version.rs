//! The day of a change of an agreement has come: it is put in force. Nothing outside is called.

use domain::{effect::EffectRequest, time::Date};
use ports::{PortError, Ports};
use serde::{Deserialize, Serialize};
use store::{WriteTx, catalogue_office as rows};
use uuid::Uuid;

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BeginAgreementVersion {
    pub agreement: String,
    pub from: Date,
}
impl BeginAgreementVersion {
    /// The row that asks for it, at the first moment of the day.
    pub fn asked(&self) -> EffectRequest {
        let key = format!("agreement-version:{}:{}", self.agreement, self.from.iso());
        self.request(("agreement", Uuid::nil()), Some(key), self.from.start())
    }
}

impl Effect for BeginAgreementVersion {
    const KIND: &'static str = "begin_agreement_version";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, _cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        Ok(Prepared::Go(()))
    }

    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        // Of several whose days have come the last one counts, whichever row runs first.
        rows::begin_versions(tx, &self.agreement, cx.now().date(), cx.now()).await?;
        Ok(())
    }
}
