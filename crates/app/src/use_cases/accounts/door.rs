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
/// Failures at all mailboxes of one holder together; the holder may be an office with many people.
const PER_HOLDER: Limit = Limit::new(200, 15 * MINUTE_US);

/// To whom a target belongs, if it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner<'a> {
    /// The registry record behind an account.
    Record(Option<uuid::Uuid>),
    /// The tax key of a mailbox's holder.
    Holder(Option<&'a str>),
}

/// One kind of sign-in («login», «office») towards one target from one address.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    kind: &'static str,
    ip: String,
    target: String,
    address: String,
    person: Option<(String, Limit)>,
}

/// Names are hashed, so that the table of limits holds none.
fn hashed(name: &str) -> String {
    hex::encode(&sha256(name.as_bytes())[..16])
}

impl Door {
    pub(crate) fn new(kind: &'static str, name: &str, ip: &str) -> Self {
        let (target, address) = (format!("{kind}:{}", hashed(name)), format!("{kind}-ip:{ip}"));
        Self { kind, ip: ip.to_owned(), target, address, person: None }
    }
    /// Lets failures at everything of the owner count too. A name that belongs to nobody is counted as its own
    /// owner, so that it costs the same work.
    pub(crate) fn of(mut self, owner: Owner<'_>) -> Self {
        let (key, limit) = match owner {
            Owner::Record(record) => (record.map(|r| r.to_string()), PER_PERSON),
            Owner::Holder(tax_key) => (tax_key.map(str::to_owned), PER_HOLDER),
        };
        self.person = Some((format!("{}-person:{}", self.kind, hashed(key.as_ref().unwrap_or(&self.target))), limit));
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
    /// Refuses when there were too many failures for the target or from the address, whatever is proven.
    ///
    /// # Errors
    /// Too many failures.
    pub(crate) async fn within(&self, cx: &Cx) -> Result<(), Problem> {
        for (bucket, limit) in self.named() {
            if over(cx, &bucket, limit).await? {
                return Err(too_many(cx, limit));
            }
        }
        Ok(())
    }
    /// Were there too many failures at everything of the owner? To a stranger the answer must be that of a wrong
    /// password: only a name that exists shares its owner with others.
    pub(crate) async fn owner_shut(&self, cx: &Cx) -> Result<bool, Problem> {
        match &self.person {
            Some((bucket, limit)) => over(cx, bucket, *limit).await,
            None => Ok(false),
        }
    }
    /// [`Door::within`] and the owner's limit, for somebody who has signed in and may be told.
    ///
    /// # Errors
    /// Too many failures.
    pub(crate) async fn within_all(&self, cx: &Cx) -> Result<(), Problem> {
        self.within(cx).await?;
        if self.owner_shut(cx).await? { Err(too_many(cx, PER_PERSON)) } else { Ok(()) }
    }
    /// Counts a failure.
    pub(crate) async fn failed(&self, cx: &Cx) -> Result<(), Problem> {
        rate_limit::note(cx, self.named().into_iter().chain(self.person.clone()).collect()).await
    }
    fn named(&self) -> [(String, Limit); 2] {
        [(self.target.clone(), PER_TARGET), (self.address.clone(), PER_ADDRESS)]
    }
}

async fn over(cx: &Cx, bucket: &str, limit: Limit) -> Result<bool, Problem> {
    Ok(rate_limit::count(&mut cx.store(), cx, bucket, limit).await? >= limit.max)
}

fn too_many(cx: &Cx, limit: Limit) -> Problem {
    Problem::too_many(limit.retry_after_s(cx.now()))
}
