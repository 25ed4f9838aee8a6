//! The end of a recovery without the old e-mail: its day is over and nobody stopped it. The new address takes the
//! place of the old one and gets the link for a new password (domain notes 1.7).

use domain::{
    audit::AuditLine,
    id::{LoginId, TokenId},
    ident::{EmailAddress, email},
    time::HOUR_US,
};
use ports::{PortError, Ports};
use render::{
    Locale,
    notices::{profile::EmailReplaced, recover::ResetPasswordLink},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Query, WriteTx, parties, recovery};

use super::{Effect, Prepared, Run};
use crate::{
    Cx, Problem, audit,
    notice::Notice,
    tokens::{self, Live},
    use_cases::accounts::change_contacts::kill_links_of_party,
};

/// How long the link for the new password is good.
const LINK_GOOD_FOR_US: i64 = 3 * HOUR_US;

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FinishRecovery {
    pub login: LoginId,
    /// The waiting that must not have been stopped.
    pub token: TokenId,
}

impl FinishRecovery {
    /// The waiting, if it still stands.
    async fn waiting(&self, q: &mut impl Query, cx: &Cx) -> Result<Option<Live>, Problem> {
        let live = tokens::latest(q, cx, tokens::RECOVER_STOP, self.login.cast()).await?;
        Ok(live.filter(|l| l.id == self.token))
    }
}

impl Effect for FinishRecovery {
    const KIND: &'static str = "finish_recovery";
    type Plan = ();
    type Outcome = ();

    async fn prepare(&self, cx: &Cx, _run: &Run) -> Result<Prepared<()>, Problem> {
        Ok(match self.waiting(&mut cx.store(), cx).await? {
            Some(_) => Prepared::Go(()),
            None => Prepared::AlreadyDone,
        })
    }
    async fn perform(&self, _plan: &(), _ports: &Ports, _run: &Run) -> Result<(), PortError> {
        Ok(())
    }
    async fn record(&self, tx: &mut WriteTx, cx: &Cx, _run: &Run, _outcome: &()) -> Result<(), Problem> {
        let Some(live) = self.waiting(tx, cx).await? else { return Ok(()) };
        let Some(row) = recovery::account(tx, self.login.uuid()).await? else { return Ok(()) };
        tokens::spend(tx, cx, live.id).await?;
        let typed = live.data.get("email").and_then(Value::as_str).unwrap_or_default();
        let new = EmailAddress::parse(typed).map_err(|e| Problem::broken(format!("kept address: {e}")))?;
        parties::set_email(tx, row.party_id, new.as_str(), &new.key(), cx.now().micros()).await?;
        kill_links_of_party(tx, cx, row.party_id).await?;
        let locale = Locale::parse(&row.locale).unwrap_or_default();
        let told = EmailReplaced { name: row.display_name.clone(), new: email::masked(new.as_str()), at: cx.now() };
        Notice::mail(&row.email, locale, ("party", row.party_id), &told).enqueue(tx, cx).await?;
        let valid_until = cx.now().plus_us(LINK_GOOD_FOR_US);
        let by = json!({ "by": "question" });
        let token = tokens::issue(tx, cx, tokens::RESET_PASSWORD, self.login.cast(), &by, valid_until).await?;
        let context =
            ResetPasswordLink { name: row.display_name, username: row.username, valid_until, link: String::new() };
        Notice::mail(new.as_str(), locale, ("login", row.id), &context)
            .with_link(token, tokens::RESET_PASSWORD, "/recover/password/{token}")
            .enqueue(tx, cx)
            .await?;
        let details = json!({ "fields": ["email"], "by": "recovery" });
        audit::record(tx, cx, &AuditLine::new("party.changed", "party", row.party_id, details)).await
    }
}
