//! Begins a registration, or gives another kind to the one under way.

use domain::{id::RegistrationId, party::SubjectKind};
use store::registrations as rows;

use super::registration::{self, Draft, KEPT_US, Step};
use crate::{Cx, Problem, secrets::sha256, sessions};

/// Answers the secret of the registration's cookie: that of `known` while it may go on, else a new
/// one. `next` is a path of this site to which the person returns at the end.
///
/// # Errors
/// When the store cannot be written.
pub async fn start_registration(
    cx: &Cx,
    known: Option<String>,
    kind: SubjectKind,
    next: Option<String>,
) -> Result<String, Problem> {
    let fresh = sessions::new_secret(cx);
    let id: RegistrationId = cx.new_id();
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let now = cx2.now();
        if let Some(secret) = &known
            && let Some(found) = registration::find(tx, &cx2, secret).await?
            && found.login.is_none()
        {
            let mut draft = found.draft;
            if draft.kind != Some(kind) {
                // Another kind asks other fields; what both know stays filled in.
                draft.kind = Some(kind);
                draft.data_done = false;
            }
            let step = draft.first_open().as_str();
            rows::save(tx, found.id.uuid(), found.version, step, &draft.to_json()).await?;
            return Ok(secret.clone());
        }
        let draft = Draft { kind: Some(kind), ..Draft::default() };
        let expires_at = now.plus_us(KEPT_US).micros();
        let hash = sha256(fresh.as_bytes());
        let (step, json) = (Step::Data.as_str(), draft.to_json());
        rows::insert(tx, id.uuid(), &hash, step, &json, next.as_deref(), now.micros(), expires_at).await?;
        Ok(fresh.clone())
    })
    .await
}
