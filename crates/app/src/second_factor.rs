//! The second factor of operators: codes of six digits that change every thirty seconds (RFC 6238).
//!
//! The secret of an authenticator app is derived from the server's secret and a random seed: the database
//! holds the seed alone, which opens nothing.

use domain::{id::OperatorId, time::Timestamp};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, TOTP};

use crate::{Cx, Problem};

/// Bytes of a seed.
pub const SEED_LEN: usize = 16;
/// Bytes of the secret, as long as the digest of the codes.
const SECRET_LEN: usize = 20;
const STEP_S: u64 = 30;
const DIGITS: usize = 6;

/// The secret shared with one authenticator app.
pub struct SecondFactor(TOTP);

impl SecondFactor {
    /// The one of this operator and seed.
    ///
    /// # Errors
    /// When the brand or the username cannot stand in the app's address: a mistake in the configuration.
    pub fn of(cx: &Cx, operator: OperatorId, username: &str, seed: &[u8]) -> Result<Self, Problem> {
        let data: Vec<u8> = operator.uuid().as_bytes().iter().chain(seed).copied().collect();
        let secret = cx.core().secret.derive("operator-second-factor", &data)[..SECRET_LEN].to_vec();
        let issuer = cx.settings().brand.replace(':', " ");
        // No tolerance here: the neighbouring steps are looked at one by one, to know which one was taken.
        TOTP::new(Algorithm::SHA1, DIGITS, 0, STEP_S, secret, Some(issuer), username.to_owned())
            .map(Self)
            .map_err(Problem::broken)
    }
    /// The step whose code was typed: the one of `now`, or a neighbour for a telephone whose clock is off by
    /// half a minute. Steps up to `taken` do not count: a code that was seen opens nothing.
    pub fn accepts(&self, typed: &str, now: Timestamp, taken: Option<i64>) -> Option<i64> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let step = step_of(now);
        [step, step - 1, step + 1]
            .into_iter()
            .filter(|s| *s >= 0 && taken.is_none_or(|t| *s > t))
            .find(|s| self.at_step(*s).as_bytes().ct_eq(digits.as_bytes()).into())
    }
    /// The code of this moment.
    pub fn code(&self, now: Timestamp) -> String {
        self.at_step(step_of(now))
    }
    /// The code of this moment, or the next one when this was taken already.
    pub fn next_code(&self, now: Timestamp, taken: Option<i64>) -> String {
        let step = step_of(now);
        self.at_step(if taken.is_some_and(|t| t >= step) { step + 1 } else { step })
    }
    fn at_step(&self, step: i64) -> String {
        self.0.generate(step.max(0) as u64 * STEP_S)
    }
    /// The address that an authenticator app reads from the drawing.
    pub fn uri(&self) -> String {
        self.0.get_url()
    }
    /// The secret as a person types it, in groups of four.
    pub fn typed_secret(&self) -> String {
        let text = self.0.get_secret_base32();
        let groups: Vec<&str> = text.as_bytes().chunks(4).filter_map(|g| std::str::from_utf8(g).ok()).collect();
        groups.join(" ")
    }
}

fn step_of(now: Timestamp) -> i64 {
    now.micros().div_euclid(1_000_000 * STEP_S as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the examples of RFC 6238, appendix B.
    fn rfc() -> SecondFactor {
        let secret = b"12345678901234567890".to_vec();
        let totp = TOTP::new(Algorithm::SHA1, DIGITS, 0, STEP_S, secret, Some("Brand".into()), "sara".into());
        SecondFactor(totp.expect("twenty bytes"))
    }
    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(rfc().code(at(seconds)), code);
        }
    }

    #[test]
    fn neighbours_count_and_nothing_counts_twice() {
        let factor = rfc();
        let now = at(1_234_567_890);
        let step = step_of(now);
        for offset in [-1, 0, 1] {
            assert_eq!(factor.accepts(&factor.at_step(step + offset), now, None), Some(step + offset));
        }
        for offset in [-2, 2] {
            assert_eq!(factor.accepts(&factor.at_step(step + offset), now, None), None);
        }
        assert_eq!(factor.accepts("005 924", now, Some(step - 1)), Some(step), "blanks do not count");
        assert_eq!(factor.accepts("005924", now, Some(step)), None, "taken before");
        for bad in ["", "5924", "0059240", "abcdef", "00592٤"] {
            assert_eq!(factor.accepts(bad, now, None), None, "{bad:?}");
        }
    }

    #[test]
    fn apps_can_read_the_address() {
        let uri = rfc().uri();
        assert!(uri.starts_with("otpauth://totp/Brand:sara?"), "{uri}");
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{uri}");
        assert_eq!(rfc().typed_secret(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
