//! The door in front of requests that anybody may send: a proof of work, or patience.

use domain::time::MINUTE_US;

use super::{
    captcha,
    patience::{self, WAIT_S, Worth},
};
use crate::{
    Cx, Problem,
    rate_limit::{self, Limit},
};

/// Requests a minute without any proof, so that a first try needs neither scripts nor waiting.
const UNPROVEN: Limit = Limit::new(1, MINUTE_US);
/// Requests a minute by who waited.
const WAITED: Limit = Limit::new(6, MINUTE_US);
/// Marks a ticket of [`patience`] among proofs.
pub const WAITED_MARK: &str = "waited:";

/// Lets through who solved the challenge or waited; who did neither gets through once a minute.
///
/// # Errors
/// `captcha-wrong` for a bad or spent solution, `captcha-needed` with the seconds left to wait.
pub async fn prove_work(cx: &Cx, proof: Option<&str>, what: &str, ip: &str) -> Result<(), Problem> {
    prove_at(cx, proof, (what, ip), &format!("{what}:{ip}")).await
}

/// The same for a door that counts by something else than the address: `bucket`.
pub(crate) async fn prove_at(
    cx: &Cx,
    proof: Option<&str>,
    (what, ip): (&str, &str),
    bucket: &str,
) -> Result<(), Problem> {
    let left = match proof {
        Some(text) => match text.strip_prefix(WAITED_MARK) {
            None => return captcha::accept(cx, text).await,
            Some(ticket) => match patience::worth(cx, ticket, what, ip) {
                Worth::Good => {
                    rate_limit::hit(cx, format!("waited-{bucket}"), WAITED).await?;
                    return patience::spend(cx, ticket.to_owned()).await;
                }
                Worth::Later(left) => left,
                Worth::Nothing => WAIT_S,
            },
        },
        None => WAIT_S,
    };
    rate_limit::hit(cx, format!("slow-{bucket}"), UNPROVEN).await.map_err(|p| match p.is("too-many") {
        true => Problem::refused("captcha-needed").with("seconds", left),
        false => p,
    })
}
