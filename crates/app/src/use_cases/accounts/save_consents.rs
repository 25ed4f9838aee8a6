//! «Consensi e Preferenze»: every answer is kept with the version of its text; service messages
//! go whatever the choices (domain notes 1.8).

use domain::{
    audit::AuditLine,
    id::{ConsentId, LoginId, PartyId},
    time::Timestamp,
};
use serde_json::json;
use store::consents;

use super::save_registration_step::text_version;
use crate::{Cx, Problem, audit};

/// What may be answered here, in the order of the page.
pub const KINDS: [&str; 4] = ["marketing", "guides", "surveys", "profiling"];

/// One question and its last answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub kind: &'static str,
    pub given: bool,
    /// `None` when it was never asked.
    pub at: Option<Timestamp>,
}

/// The last answers, and when the privacy notice was acknowledged.
///
/// # Errors
/// When the store cannot be read.
pub async fn answers(cx: &Cx, party: PartyId) -> Result<(Vec<Answer>, Option<(String, Timestamp)>), Problem> {
    let rows = consents::latest(&mut cx.store(), party.uuid()).await?;
    let find = |kind: &str| rows.iter().find(|r| r.kind == kind);
    let answers = KINDS.map(|kind| {
        let row = find(kind);
        Answer { kind, given: row.is_some_and(|r| r.given), at: row.map(|r| Timestamp::from_micros(r.at)) }
    });
    let notice = find("privacy_notice").map(|r| (r.text_version.clone(), Timestamp::from_micros(r.at)));
    Ok((answers.into(), notice))
}

/// Keeps the answers that differ from the last ones; answers how many.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn save_consents(
    cx: &Cx,
    (party, login): (PartyId, LoginId),
    given: Vec<&'static str>,
    ip: String,
) -> Result<usize, Problem> {
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let rows = consents::latest(tx, party.uuid()).await?;
        let mut changed = Vec::new();
        for kind in KINDS {
            let yes = given.contains(&kind);
            let last = rows.iter().find(|r| r.kind == kind);
            if last.map_or(!yes, |r| r.given == yes) {
                continue;
            }
            let version = text_version(tx, &cx2, kind).await?;
            let id: ConsentId = cx2.new_id();
            let row = consents::NewConsent {
                id: id.uuid(),
                party_id: party.uuid(),
                login_id: Some(login.uuid()),
                kind,
                given: yes,
                text_version: &version,
                at: cx2.now().micros(),
                ip: Some(ip.as_str()).filter(|ip| !ip.is_empty()),
            };
            consents::insert(tx, &row).await?;
            changed.push((kind, yes));
        }
        if !changed.is_empty() {
            let details = json!({ "answers": changed });
            audit::record(tx, &cx2, &AuditLine::new("party.consents_changed", "party", party.uuid(), details)).await?;
        }
        Ok(changed.len())
    })
    .await
}
