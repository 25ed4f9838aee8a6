//! The limits in front of every password: by target, by person and by address; after some failures a proof.

use domain::time::MINUTE_US;

use super::prove_work::prove_at;
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
/// Failures at all logins of one person together.
const PER_PERSON: Limit = Limit::new(60, 15 * MINUTE_US);

/// One kind of sign-in («login», «office») towards one target from one address.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    kind: &'static str,
    ip: String,
    target: String,
    address: String,
    person: Option<String>,
}

impl Door {
    /// `name` is hashed, so that the table of limits holds no names.
    pub(crate) fn new(kind: &'static str, name: &str, ip: &str) -> Self {
        let name = hex::encode(&sha256(name.as_bytes())[..16]);
        let (target, address) = (format!("{kind}:{name}"), format!("{kind}-ip:{ip}"));
        Self { kind, ip: ip.to_owned(), target, address, person: None }
    }
    /// The door of somebody known: failures at one's other logins count too.
    pub(crate) fn of(mut self, person: Option<uuid::Uuid>) -> Self {
        self.person = person.map(|p| format!("{}-person:{p}", self.kind));
        self
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
    pub(crate) async fn pass(&self, cx: &Cx, proof: Option<&str>) -> Result<(), Problem> {
        self.within(cx).await?;
        if !self.asks_proof(cx).await? {
            return Ok(());
        }
        prove_at(cx, proof, (self.kind, &self.ip), &self.target).await
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
        let mut counted = vec![(self.target.clone(), PER_TARGET), (self.address.clone(), PER_ADDRESS)];
        counted.extend(self.person.clone().map(|p| (p, PER_PERSON)));
        counted
    }
}
