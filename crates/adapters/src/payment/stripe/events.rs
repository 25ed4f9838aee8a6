//! Events posted by Stripe.

use async_trait::async_trait;
use domain::time::Timestamp;
use http::HeaderMap;
use ports::payment::{EventRefusal, EventVerifier, GatewayEvent};
use serde_json::Value;

use super::words::id_of;
use crate::payment::signature;

pub(super) struct Events {
    pub(super) secrets: Vec<String>,
    pub(super) tolerance_s: i64,
}

#[async_trait]
impl EventVerifier for Events {
    async fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<GatewayEvent, EventRefusal> {
        let header = headers.get("Stripe-Signature").and_then(|h| h.to_str().ok());
        signature::verify(&self.secrets, header, body, self.tolerance_s, now)?;
        let event: Value = serde_json::from_slice(body).map_err(|_| EventRefusal::Malformed)?;
        let word = |key: &str| event[key].as_str().map(str::to_owned);
        let (Some(id), Some(kind)) = (word("id"), word("type")) else { return Err(EventRefusal::Malformed) };
        let object = &event["data"]["object"];
        let attempt = object["metadata"]["attempt"].as_str().or_else(|| object["client_reference_id"].as_str());
        // A charge or dispute names the payment that it belongs to.
        let reference = match object["object"].as_str() {
            Some("charge" | "dispute") => id_of(&object["payment_intent"]),
            _ => id_of(object),
        };
        Ok(GatewayEvent { id, kind, attempt: attempt.and_then(|a| a.parse().ok()), reference })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(body: &str) -> Result<GatewayEvent, EventRefusal> {
        let now = Timestamp::from_micros(5_000_000);
        let events = Events { secrets: vec!["s".into()], tolerance_s: 300 };
        let mut headers = HeaderMap::new();
        let value = signature::sign("s", body.as_bytes(), now);
        headers.insert("stripe-signature", value.parse().expect("ASCII"));
        events.verify(&headers, body.as_bytes(), now).await
    }

    #[tokio::test]
    async fn what_an_event_is_about() {
        let attempt = domain::id::AttemptId::from_uuid(Default::default());
        let e = read(&format!(
            r#"{{"id":"evt_1","type":"payment_intent.succeeded","data":{{"object":{{"object":"payment_intent","id":"pi_1","metadata":{{"attempt":"{attempt}"}}}}}}}}"#
        ))
        .await;
        let expected = GatewayEvent {
            id: "evt_1".into(),
            kind: "payment_intent.succeeded".into(),
            attempt: Some(attempt),
            reference: Some("pi_1".into()),
        };
        assert_eq!(e, Ok(expected));
        let charge = read(
            r#"{"id":"evt_2","type":"charge.refunded","data":{"object":{"object":"charge","id":"ch_1","payment_intent":"pi_1"}}}"#,
        )
        .await;
        assert_eq!(charge.map(|e| (e.attempt, e.reference)), Ok((None, Some("pi_1".into()))));
    }

    #[tokio::test]
    async fn signed_nonsense_is_malformed() {
        for body in ["", "[]", "{}", "\u{0}", r#"{"id":1,"type":"x"}"#, r#"{"id":"evt"}"#] {
            assert_eq!(read(body).await, Err(EventRefusal::Malformed), "{body}");
        }
        assert!(
            read(r#"{"id":"evt","type":"t","data":{"object":{"metadata":{"attempt":"<script>"}}}}"#)
                .await
                .is_ok_and(|e| e.attempt.is_none())
        );
    }
}
