//! Proof of work in the format of ALTCHA: nobody has to read crooked letters, no third party is asked.
//!
//! The server gives a salt and a hash; the browser looks for the number whose hash it is. The
//! challenge is signed and expires, so nothing is kept until a solution is spent. Clock and secret
//! are the installation's, so that a moved clock and a restart change nothing for who is solving.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::time::{MINUTE_US, SECOND_US};
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{WriteTx, client_keys};
use subtle::ConstantTimeEq;

use crate::{Cx, Problem};

/// The number to be found is below this: a second of a telephone, a tenth of a computer.
pub const MAX_NUMBER: u64 = 50_000;
/// How long a challenge may be answered.
const GOOD_FOR_US: i64 = 10 * MINUTE_US;
const ALGORITHM: &str = "SHA-256";

/// What the browser is asked, as JSON.
#[derive(Debug, Clone, Serialize)]
pub struct Challenge {
    pub algorithm: &'static str,
    pub challenge: String,
    pub maxnumber: u64,
    pub salt: String,
    pub signature: String,
}

#[derive(Deserialize)]
struct Solution {
    algorithm: String,
    challenge: String,
    number: u64,
    salt: String,
    signature: String,
}

/// A new challenge.
pub fn challenge(cx: &Cx) -> Challenge {
    let expires = cx.now().plus_us(GOOD_FOR_US).micros() / SECOND_US;
    // The ampersand ends the salt: without it digits could move from the number into the salt.
    let salt = format!("{}?expires={expires}&", hex::encode(cx.random::<12>()));
    let number = u64::from_le_bytes(cx.random::<8>()) % MAX_NUMBER;
    let challenge = hash(&salt, number);
    let signature = sign(cx, &challenge);
    Challenge { algorithm: ALGORITHM, challenge, maxnumber: MAX_NUMBER, salt, signature }
}

/// A solution that is right and may be spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solved {
    challenge: String,
}

/// Checks a solution as the form sent it: base64 of JSON. `None` for anything else than a right one.
pub fn check(cx: &Cx, payload: &str) -> Option<Solved> {
    if payload.len() > 2_000 {
        return None;
    }
    let solution: Solution = serde_json::from_slice(&STANDARD.decode(payload.trim()).ok()?).ok()?;
    let expires: i64 = solution.salt.strip_suffix('&')?.rsplit_once("?expires=")?.1.parse().ok()?;
    let good = solution.algorithm == ALGORITHM
        && solution.number < MAX_NUMBER
        && expires > cx.now().micros() / SECOND_US
        && same(&hash(&solution.salt, solution.number), &solution.challenge)
        && same(&sign(cx, &solution.challenge), &solution.signature);
    good.then_some(Solved { challenge: solution.challenge })
}

/// Spends a solution: it opens one door once.
///
/// # Errors
/// `captcha-wrong` when it was spent before.
pub async fn spend(tx: &mut WriteTx, cx: &Cx, solved: &Solved) -> Result<(), Problem> {
    if client_keys::claim(tx, "captcha", &solved.challenge, "", cx.now().micros()).await? {
        Ok(())
    } else {
        Err(Problem::refused("captcha-wrong"))
    }
}

/// [`check`] and [`spend`] at once.
///
/// # Errors
/// `captcha-wrong` for a wrong, expired or spent solution.
pub async fn accept(cx: &Cx, payload: &str) -> Result<(), Problem> {
    let solved = check(cx, payload).ok_or_else(|| Problem::refused("captcha-wrong"))?;
    let cx2 = cx.clone();
    cx.write(async move |tx| spend(tx, &cx2, &solved).await).await
}

fn hash(salt: &str, number: u64) -> String {
    hex::encode(Sha256::digest(format!("{salt}{number}")))
}
fn sign(cx: &Cx, challenge: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key(cx).as_bytes()).expect("any length is a key");
    mac.update(challenge.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}
fn key(cx: &Cx) -> String {
    hex::encode(cx.core().secret.derive("captcha", b"key"))
}
fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
