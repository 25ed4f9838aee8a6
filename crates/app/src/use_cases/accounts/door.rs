//! The limits in front of every password: by target, by person and by address; after some failures a proof.

use domain::time::MINUTE_US;

use super::captcha;
use crate::{
    Cx, Problem,
    rate_limit::{self, Limit},
    secrets::sha256,
};

/// After so many failures for one target a proof of work is wanted.
const EASY_FOR_TARGET: i64 = 3;
/// The same for one address, behind which may be an office.
const EASY_FOR_ADDRESS: i64 = 20;
/// Beyond these nothing helps until the quarter of an hour is over.
const PER_TARGET: Limit = Limit::new(30, 15 * MINUTE_US);
const PER_ADDRESS: Limit = Limit::new(200, 15 * MINUTE_US);
/// Tries a minute of who cannot do the proof of work (no scripts).
const UNPROVEN: Limit = Limit::new(1, MINUTE_US);

/// One kind of sign-in («login», «office») towards one target from one address.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    target: String,
    address: String,
}

impl Door {
    /// `name` is hashed, so that the table of limits holds no names.
    pub(crate) fn new(kind: &str, name: &str, ip: &str) -> Self {
        let name = hex::encode(&sha256(name.as_bytes())[..16]);
        Self { target: format!("{kind}:{name}"), address: format!("{kind}-ip:{ip}") }
    }
    /// Must the next try carry a proof?
    pub(crate) async fn asks_proof(&self, cx: &Cx) -> Result<bool, Problem> {
        let mut store = cx.store();
        Ok(rate_limit::count(&mut store, cx, &self.address, PER_ADDRESS).await? >= EASY_FOR_ADDRESS
            || rate_limit::count(&mut store, cx, &self.target, PER_TARGET).await? >= EASY_FOR_TARGET)
    }
    /// Lets a try through.
    ///
    /// # Errors
    /// Too many failures; `captcha-needed`, `captcha-wrong`.
    pub(crate) async fn pass(&self, cx: &Cx, captcha: Option<&str>) -> Result<(), Problem> {
        self.within(cx).await?;
        if !self.asks_proof(cx).await? {
            return Ok(());
        }
        if let Some(payload) = captcha {
            return captcha::accept(cx, payload).await;
        }
        // Without scripts there is no proof of work: one try a minute is allowed instead.
        rate_limit::hit(cx, format!("{}-slow", self.target), UNPROVEN)
            .await
            .map_err(|p| if p.is("too-many") { Problem::refused("captcha-needed") } else { p })
    }
    /// Refuses when there were too many failures, whatever is proven.
    ///
    /// # Errors
    /// Too many failures.
    pub(crate) async fn within(&self, cx: &Cx) -> Result<(), Problem> {
        for (bucket, limit) in self.counted() {
            if rate_limit::count(&mut cx.store(), cx, &bucket, limit).await? >= limit.max {
                return Err(Problem::too_many(limit.retry_after_s(cx.now())));
            }
        }
        Ok(())
    }
    /// Counts a failure.
    pub(crate) async fn failed(&self, cx: &Cx) -> Result<(), Problem> {
        rate_limit::note(cx, self.counted()).await
    }
    fn counted(&self) -> Vec<(String, Limit)> {
        vec![(self.target.clone(), PER_TARGET), (self.address.clone(), PER_ADDRESS)]
    }
}
