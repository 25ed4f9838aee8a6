//! Signed events: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, the scheme of Stripe,
//! which the simulated gateway shares.

use domain::time::Timestamp;
use hmac::{Hmac, Mac};
use ports::payment::EventRefusal;
use sha2::Sha256;

/// The header's value for this body, signed at this moment.
pub fn sign(secret: &str, body: &[u8], at: Timestamp) -> String {
    let t = at.micros().div_euclid(1_000_000);
    format!("t={t},v1={}", hex::encode(mac(secret, t, body).finalize().into_bytes()))
}

/// Checks the header's value against any of the secrets (two while one is being replaced), and
/// that it was signed at most `tolerance_s` seconds from `now`, in either direction.
///
/// # Errors
/// `Forged` when no signature matches, `Stale` when one does but its time is off.
pub fn verify(
    secrets: &[String],
    header: Option<&str>,
    body: &[u8],
    tolerance_s: i64,
    now: Timestamp,
) -> Result<(), EventRefusal> {
    let header = header.ok_or(EventRefusal::Forged)?;
    let mut signed_at = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", t)) => signed_at = t.parse::<i64>().ok(),
            Some(("v1", hex)) => signatures.extend(hex::decode(hex).ok()),
            // Older schemes and future ones are not for us.
            _ => {}
        }
    }
    let t = signed_at.ok_or(EventRefusal::Forged)?;
    let genuine = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .any(|secret| signatures.iter().any(|s| mac(secret, t, body).verify_slice(s).is_ok()));
    if !genuine {
        return Err(EventRefusal::Forged);
    }
    let age_s = now.micros().div_euclid(1_000_000).saturating_sub(t);
    if age_s.saturating_abs() > tolerance_s { Err(EventRefusal::Stale) } else { Ok(()) }
}

fn mac(secret: &str, t: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(t.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(secrets: &[&str], header: &str, body: &[u8], now_s: i64) -> Result<(), EventRefusal> {
        let secrets: Vec<String> = secrets.iter().map(|s| (*s).to_owned()).collect();
        verify(&secrets, Some(header), body, 300, Timestamp::from_micros(now_s * 1_000_000))
    }

    #[test]
    fn only_what_was_signed_passes() {
        let at = Timestamp::from_micros(1_000 * 1_000_000);
        let header = sign("new", b"{}", at);
        assert_eq!(check(&["new"], &header, b"{}", 1_000), Ok(()));
        assert_eq!(check(&["old", "new"], &header, b"{}", 1_000), Ok(()), "while a secret is replaced both count");
        assert_eq!(check(&["old"], &header, b"{}", 1_000), Err(EventRefusal::Forged));
        assert_eq!(check(&["new"], &header, b"{ }", 1_000), Err(EventRefusal::Forged));
        assert_eq!(check(&["new"], &header, b"{}", 1_300), Ok(()));
        assert_eq!(check(&["new"], &header, b"{}", 1_301), Err(EventRefusal::Stale));
        assert_eq!(check(&["new"], &header, b"{}", 699), Err(EventRefusal::Stale));
        let moved = header.replace("t=1000", "t=1200");
        assert_eq!(check(&["new"], &moved, b"{}", 1_200), Err(EventRefusal::Forged), "the time is signed too");
    }

    #[test]
    fn nonsense_is_forged() {
        for header in ["", "t=", "t=1", "v1=00", "t=1,v1=", "t=1,v1=zz", "t=99999999999999999999,v1=00", "t=1,v0=00,=,"]
        {
            assert_eq!(check(&["s"], header, b"", 1), Err(EventRefusal::Forged), "{header}");
        }
        assert_eq!(verify(&["s".into()], None, b"", 300, Timestamp::from_micros(0)), Err(EventRefusal::Forged));
        let with_empty = sign("", b"", Timestamp::from_micros(0));
        assert_eq!(check(&[""], &with_empty, b"", 0), Err(EventRefusal::Forged), "an unset secret opens nothing");
        let far = sign("s", b"", Timestamp::from_micros(i64::MIN));
        assert_eq!(check(&["s"], &far, b"", 0), Err(EventRefusal::Stale));
    }
}
