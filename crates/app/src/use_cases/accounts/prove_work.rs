//! The door in front of requests that anybody may send: a proof of work, or patience.

use domain::time::MINUTE_US;

use super::captcha;
use crate::{
    Cx, Problem,
    rate_limit::{self, Limit},
};

/// Requests a minute from one address without a proof of work: for browsers without scripts.
const UNPROVEN: Limit = Limit::new(1, MINUTE_US);

/// Lets through who solved the challenge; who has no scripts gets through once a minute.
///
/// # Errors
/// `captcha-wrong` for a bad or spent solution, `captcha-needed` for a second try within the minute.
pub async fn prove_work(cx: &Cx, payload: Option<&str>, what: &str, ip: &str) -> Result<(), Problem> {
    match payload {
        Some(payload) => captcha::accept(cx, payload).await,
        None => rate_limit::hit(cx, format!("{what}-slow:{ip}"), UNPROVEN)
            .await
            .map_err(|p| if p.is("too-many") { Problem::refused("captcha-needed") } else { p }),
    }
}
