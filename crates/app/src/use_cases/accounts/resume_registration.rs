//! Continues a registration from the mailed link: the username waits for its password.

use domain::{
    id::{LoginId, RegistrationId},
    login::DROP_AFTER_US,
    time::Timestamp,
};
use store::{logins, parties, registrations as rows};

use super::registration::{Draft, Step};
use crate::{Cx, Problem, secrets::sha256, sessions, tokens};

/// Whether the link still opens; looking changes nothing, since mail scanners look too.
///
/// # Errors
/// When the store cannot be read.
pub async fn may_resume(cx: &Cx, token: &str) -> Result<bool, Problem> {
    Ok(tokens::find(&mut cx.store(), cx, tokens::RESUME_REGISTRATION, token).await?.is_ok())
}

/// Spends the link and answers the secret of the registration's cookie.
///
/// # Errors
/// `link-dead` when it was used or its day is over.
pub async fn resume_registration(cx: &Cx, token: String) -> Result<String, Problem> {
    let fresh = sessions::new_secret(cx);
    let new_id: RegistrationId = cx.new_id();
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let live = tokens::find(tx, &cx2, tokens::RESUME_REGISTRATION, &token).await?;
        let live = live.map_err(|_| Problem::refused("link-dead"))?;
        tokens::spend(tx, &cx2, live.id).await?;
        let login: LoginId = live.subject.cast();
        let row = logins::with_party(tx, login.uuid()).await?.filter(|l| l.state == "incomplete");
        let row = row.ok_or_else(|| Problem::refused("link-dead"))?;
        // Whoever opened the link reads that e-mail.
        let now = cx2.now().micros();
        parties::confirm_email(tx, row.party_id, &row.email_key, now).await?;
        let hash = sha256(fresh.as_bytes());
        match rows::by_login(tx, login.uuid()).await? {
            Some(known) => rows::set_token(tx, known.id, &hash).await?,
            None => {
                let (step, draft) = (Step::Credentials.as_str(), Draft::default().to_json());
                let expires_at = Timestamp::from_micros(row.created_at).plus_us(DROP_AFTER_US).micros();
                rows::insert(tx, new_id.uuid(), &hash, step, &draft, None, now, expires_at).await?;
                rows::set_login(tx, new_id.uuid(), login.uuid(), step, &draft, expires_at).await?;
            }
        }
        Ok(fresh.clone())
    })
    .await
}
