//! Credit of earlier payments comes to its end: its owner is told a month before, then what is left of it is lost
//! (domain notes 2.7).

use domain::{
    audit::AuditLine,
    id::PartyId,
    ledger::rules,
    money::Money,
    payment::credit::{MONTHS, lapsing},
    time::{Date, Timestamp},
};
use ports::{PortError, Ports};
use render::{Locale, notices::payments::CreditEnds};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Batch, Query, WriteTx, excess, ledger, parties};

use super::{Effect, Prepared, Run, enqueue};
use crate::{Cx, Problem, audit, notice::Notice};

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LapseCredit {
    pub party: PartyId,
    /// The last day of what came twelve months before.
    pub end: Date,
    /// The owner was told; now it is lost.
    pub warned: bool,
}

impl LapseCredit {
    /// What is left of that which came up to twelve months before the end.
    async fn left(&self, q: &mut impl Query) -> Result<Money, Problem> {
        let since: Timestamp = self.end.plus_months(-MONTHS).plus_days(1).start().plus_us(-1);
        let available = excess::available(q, self.party).await?;
        Ok(lapsing(available, excess::came_since(q, self.party, since).await?))
    }

    async fn warn(&self, tx: &mut WriteTx, cx: &Cx, amount: Money) -> Result<(), Problem> {
        let owner = parties::by_id(tx, self.party.uuid()).await?.ok_or_else(Problem::not_found)?;
        let mail = CreditEnds { amount, until: self.end };
        let subject = ("party", self.party.uuid());
        let notice = Notice::mail(&owner.email, Locale::from_tag(&owner.locale), subject, &mail);
        notice.once(format!("credit:{}:{}:told", self.party, self.end.iso())).enqueue(tx, cx).await?;
        let lapse = LapseCredit { warned: true, ..self.clone() };
        let key = format!("credit:{}:{}:lapse", self.party, self.end.iso());
        enqueue(tx, cx, &[lapse.request(subject, Some(key), self.end.plus_days(1).start())]).await
    }
}

impl Effect for LapseCredit {
    const KIND: &'static str = "lapse_credit";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        let left = self.left(&mut cx.store()).await?;
        Ok(if left > Money::ZERO { Prepared::Go(()) } else { Prepared::AlreadyDone })
    }

    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, run: &Run, _outcome: &()) -> Result<(), Problem> {
        let amount = self.left(tx).await?;
        if amount <= Money::ZERO {
            return Ok(());
        }
        if !self.warned {
            return self.warn(tx, cx, amount).await;
        }
        let mut batch = Batch::new();
        ledger::post(&mut batch, &rules::credit_lapsed(run.id, self.party, amount), cx.now(), || cx.new_id());
        tx.batch(batch).await?;
        let details = json!({ "amount_cents": amount.as_cents(), "until": self.end.iso() });
        audit::record(tx, cx, &AuditLine::new("credit.lapsed", "party", self.party.uuid(), details)).await
    }
}
