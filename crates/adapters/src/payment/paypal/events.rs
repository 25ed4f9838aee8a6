//! Events posted by PayPal: signed with RSA over `transmission|time|webhook|crc32 of the body`, by the certificate
//! that a header names.
//!
//! PayPal documents two ways to check them: by a call for each event, or by the certificate. The certificate is the
//! one that whoever posts nonsense to us cannot turn into a call each: it is fetched from the configured address only,
//! one at a time, and kept. The checksum is no digest, so the signature says that PayPal sent an event like this one;
//! that is enough for a hint to ask.

use std::{sync::Mutex, time::Duration};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::time::Timestamp;
use http::HeaderMap;
use ports::payment::{EventRefusal, EventVerifier, GatewayEvent};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde_json::Value;

/// Certificates remembered; PayPal uses one or two at a time.
const KEPT: usize = 4;
/// Longest certificate that is read, in bytes.
const LONGEST: usize = 64 * 1024;

pub(super) struct Events {
    http: reqwest::Client,
    /// The certificates' addresses begin with this.
    certificates: String,
    webhook: String,
    tolerance_s: i64,
    kept: Mutex<Vec<(String, CertificateDer<'static>)>>,
    /// Held while one is fetched.
    fetching: tokio::sync::Mutex<()>,
}

impl Events {
    pub(super) fn new(certificates: &str, webhook: &str, tolerance_s: i64) -> Result<Self, ports::PortError> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("ceralacca")
            .build()
            .map_err(ports::PortError::unavailable)?;
        let certificates = format!("{}/", certificates.trim_end_matches('/'));
        Ok(Self {
            http,
            certificates,
            webhook: webhook.to_owned(),
            tolerance_s,
            kept: Mutex::default(),
            fetching: Default::default(),
        })
    }

    /// The certificate at an address of PayPal's.
    async fn certificate(&self, url: &str) -> Result<CertificateDer<'static>, EventRefusal> {
        let name = url.strip_prefix(&self.certificates).ok_or(EventRefusal::Forged)?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if name.is_empty() || name.len() > 100 || !name.bytes().all(plain) {
            return Err(EventRefusal::Forged);
        }
        if let Some(known) = self.known(url) {
            return Ok(known);
        }
        // Behind a slow answer nobody queues: PayPal posts again.
        let _alone = self.fetching.try_lock().map_err(|_| EventRefusal::Unproven)?;
        let fetched = self.fetch(url).await.map_err(|cause| {
            tracing::warn!(%cause, "no certificate of PayPal's could be had");
            EventRefusal::Unproven
        })?;
        let mut kept = self.kept.lock().unwrap_or_else(|e| e.into_inner());
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((url.to_owned(), fetched.clone()));
        Ok(fetched)
    }

    fn known(&self, url: &str) -> Option<CertificateDer<'static>> {
        let kept = self.kept.lock().unwrap_or_else(|e| e.into_inner());
        kept.iter().find(|(address, _)| address == url).map(|(_, certificate)| certificate.clone())
    }

    async fn fetch(&self, url: &str) -> Result<CertificateDer<'static>, String> {
        let mut answer = self.http.get(url).send().await.map_err(|e| e.without_url().to_string())?;
        if !answer.status().is_success() {
            return Err(answer.status().to_string());
        }
        let mut pem = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|e| e.without_url().to_string())? {
            if pem.len() + chunk.len() > LONGEST {
                return Err(format!("longer than {LONGEST} bytes"));
            }
            pem.extend_from_slice(&chunk);
        }
        // The first one signs, the others lead to a root.
        let leaf = CertificateDer::from_pem_slice(&pem).map_err(|e| e.to_string())?;
        webpki::EndEntityCert::try_from(&leaf).map_err(|e| e.to_string())?;
        Ok(leaf)
    }
}

#[async_trait]
impl EventVerifier for Events {
    async fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<GatewayEvent, EventRefusal> {
        let header = |name: &str| {
            let text = headers.get(name).and_then(|h| h.to_str().ok());
            text.filter(|t| !t.is_empty() && t.len() <= 1000).ok_or(EventRefusal::Forged)
        };
        let (transmission, time) = (header("paypal-transmission-id")?, header("paypal-transmission-time")?);
        if header("paypal-auth-algo")? != "SHA256withRSA" {
            return Err(EventRefusal::Forged);
        }
        let signature = STANDARD.decode(header("paypal-transmission-sig")?).map_err(|_| EventRefusal::Forged)?;
        let url = header("paypal-cert-url")?;
        // Before anything is fetched: what is old is not worth a call.
        let sent = Timestamp::parse_rfc3339(time).ok_or(EventRefusal::Forged)?;
        if now.since(sent).saturating_abs() > self.tolerance_s.saturating_mul(1_000_000) {
            return Err(EventRefusal::Stale);
        }
        let certificate = self.certificate(url).await?;
        let signed = format!("{transmission}|{time}|{}|{}", self.webhook, crc32fast::hash(body));
        let certificate = webpki::EndEntityCert::try_from(&certificate).map_err(|_| EventRefusal::Forged)?;
        certificate
            .verify_signature(webpki::ring::RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature)
            .map_err(|_| EventRefusal::Forged)?;
        read(body).ok_or(EventRefusal::Malformed)
    }
}

/// What an event is about.
fn read(body: &[u8]) -> Option<GatewayEvent> {
    let event: Value = serde_json::from_slice(body).ok()?;
    let word = |thing: &Value| thing.as_str().map(str::to_owned);
    let resource = &event["resource"];
    let attempt = resource["custom_id"].as_str().or_else(|| resource["purchase_units"][0]["custom_id"].as_str());
    // A capture and a stored token name the order that they belong to.
    let order = [&resource["supplementary_data"]["related_ids"]["order_id"], &resource["metadata"]["order_id"]];
    let reference = order.into_iter().find_map(word).or_else(|| word(&resource["id"]));
    let (id, kind) = (word(&event["id"])?, word(&event["event_type"])?);
    Some(GatewayEvent { id, kind, attempt: attempt.and_then(|a| a.parse().ok()), reference })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_event_is_about() {
        let attempt = domain::id::AttemptId::from_uuid(Default::default());
        let approved = read(
            format!(
                r#"{{"id":"WH-1","event_type":"CHECKOUT.ORDER.APPROVED","resource":{{"id":"O1","purchase_units":[{{"custom_id":"{attempt}"}}]}}}}"#
            )
            .as_bytes(),
        );
        let expected = GatewayEvent {
            id: "WH-1".into(),
            kind: "CHECKOUT.ORDER.APPROVED".into(),
            attempt: Some(attempt),
            reference: Some("O1".into()),
        };
        assert_eq!(approved, Some(expected));
        let captured = read(
            br#"{"id":"WH-2","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"C1","custom_id":"<script>","supplementary_data":{"related_ids":{"order_id":"O1"}}}}"#,
        );
        assert_eq!(captured.map(|e| (e.attempt, e.reference)), Some((None, Some("O1".into()))));
        for nonsense in ["", "[]", "{}", "\u{0}", r#"{"id":1,"event_type":"x"}"#, r#"{"id":"WH"}"#] {
            assert_eq!(read(nonsense.as_bytes()), None, "{nonsense}");
        }
    }

    #[tokio::test]
    async fn no_certificate_is_fetched_from_elsewhere() {
        let events = Events::new("https://paypal.test/certs", "W", 300).expect("a client");
        for url in [
            "https://elsewhere.test/certs/CERT-1",
            "https://paypal.test/certs/",
            "https://paypal.test/certs/../CERT",
            "https://paypal.test/certs/a?b=c",
            "https://paypal.test/certs.evil.test/CERT",
        ] {
            assert_eq!(events.certificate(url).await.err(), Some(EventRefusal::Forged), "{url}");
        }
    }
}
