//! The proof of who has no scripts: a ticket that a page hands out and that counts once it is some seconds old.
//!
//! It costs a person a short wait and a program the same wait for each try; together with the limits of
//! [`super::prove_work`] a thousand tickets fetched at once open no more doors than six a minute. Nothing is
//! kept until a ticket is spent.

use domain::time::{MINUTE_US, SECOND_US, Timestamp};
use store::client_keys;
use subtle::ConstantTimeEq;

use crate::{Cx, Problem};

/// How old a ticket must be. Filling a form in takes a person about as long.
pub const WAIT_S: i64 = 15;
const GOOD_FOR_US: i64 = 30 * MINUTE_US;

/// What a ticket is worth now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// Old enough.
    Good,
    /// In so many seconds.
    Later(i64),
    /// Not ours, for another door or address, or too old.
    Nothing,
}

/// A new ticket for one kind of door and one address.
pub fn ticket(cx: &Cx, what: &str, ip: &str) -> String {
    let body = format!("{}.{}", cx.now().micros(), hex::encode(cx.random::<8>()));
    let seal = seal(cx, &body, what, ip);
    format!("{body}.{seal}")
}

fn seal(cx: &Cx, body: &str, what: &str, ip: &str) -> String {
    hex::encode(&cx.core().secret.derive("patience", format!("{what}\n{ip}\n{body}").as_bytes())[..16])
}

/// Judges a ticket without spending it.
pub fn worth(cx: &Cx, ticket: &str, what: &str, ip: &str) -> Worth {
    let Some((body, given)) = ticket.rsplit_once('.').filter(|_| ticket.len() < 120) else { return Worth::Nothing };
    let made = body.split('.').next().and_then(|t| t.parse().ok()).map(Timestamp::from_micros);
    let Some(made) = made.filter(|_| bool::from(seal(cx, body, what, ip).as_bytes().ct_eq(given.as_bytes()))) else {
        return Worth::Nothing;
    };
    let age = cx.now().since(made);
    match WAIT_S - age.div_euclid(SECOND_US) {
        _ if !(0..GOOD_FOR_US).contains(&age) => Worth::Nothing,
        left if left > 0 => Worth::Later(left),
        _ => Worth::Good,
    }
}

/// Spends a good ticket: it opens one door once.
///
/// # Errors
/// `captcha-wrong` when it was spent before.
pub async fn spend(cx: &Cx, ticket: String) -> Result<(), Problem> {
    let now = cx.now().micros();
    let fresh = cx.write(async move |tx| Ok(client_keys::claim(tx, "patience", &ticket, "", now).await?)).await?;
    if fresh { Ok(()) } else { Err(Problem::refused("captcha-wrong")) }
}
