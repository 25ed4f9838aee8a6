//! Calls to Stripe's API: form out, JSON in, and what each failure means.

use std::time::Duration;

use ports::PortError;
use serde_json::Value;

use super::{StripeSettings, words};

/// Answers longer than this are not read to the end, in bytes.
const LONGEST_ANSWER: usize = 4 << 20;

pub(super) struct Client {
    http: reqwest::Client,
    base: String,
    secret_key: String,
}

impl Client {
    pub(super) fn new(settings: &StripeSettings) -> Result<Self, PortError> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_millis(settings.timeout_ms))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("ceralacca")
            .build()
            .map_err(PortError::unavailable)?;
        let base = settings.api_base.trim_end_matches('/').to_owned();
        Ok(Self { http, base, secret_key: settings.secret_key.clone() })
    }

    /// Changes something. The same `key` with the same form is carried out once.
    pub(super) async fn post(&self, path: &str, form: &[(&str, String)], key: &str) -> Result<Value, PortError> {
        let request = self.http.post(format!("{}{path}", self.base)).header("Idempotency-Key", key).form(form);
        let sent = request.bearer_auth(&self.secret_key).send().await;
        let answer = match sent {
            Ok(answer) => answer,
            // Without a connection nothing can have arrived.
            Err(e) if e.is_connect() || e.is_builder() => return Err(PortError::unavailable(e.without_url())),
            Err(e) => return Err(PortError::outcome_unknown(e.without_url())),
        };
        let status = answer.status().as_u16();
        let body = read(answer).await.map_err(PortError::outcome_unknown)?;
        if (200..300).contains(&status) {
            return serde_json::from_slice(&body).map_err(|e| PortError::outcome_unknown(format!("answer: {e}")));
        }
        Err(refusal(status, &body))
    }

    /// Asks. `None` when there is no such thing.
    pub(super) async fn find(&self, path: &str, query: &[(&str, String)]) -> Result<Option<Value>, PortError> {
        let request = self.http.get(format!("{}{path}", self.base)).query(query).bearer_auth(&self.secret_key);
        // A question changes nothing: however it fails, it can be asked again.
        let answer = request.send().await.map_err(|e| PortError::unavailable(e.without_url()))?;
        let status = answer.status().as_u16();
        let body = read(answer).await.map_err(PortError::unavailable)?;
        match status {
            200..300 => {
                serde_json::from_slice(&body).map(Some).map_err(|e| PortError::unavailable(format!("answer: {e}")))
            }
            404 => Ok(None),
            _ => Err(PortError::unavailable(refusal(status, &body))),
        }
    }
}

async fn read(mut answer: reqwest::Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|e| e.without_url().to_string())? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(format!("the answer is longer than {LONGEST_ANSWER} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What an answer other than 2xx to a change means.
fn refusal(status: u16, body: &[u8]) -> PortError {
    let error = serde_json::from_slice::<Value>(body).unwrap_or_default()["error"].clone();
    let word = |key: &str| error[key].as_str().unwrap_or_default();
    let detail = format!("{status} {} {} {}", word("type"), word("code"), word("message"));
    match status {
        // An earlier call with this key is still at work, or was another call: it may have charged.
        409 => PortError::outcome_unknown(detail),
        400 if word("type") == "idempotency_error" => PortError::outcome_unknown(detail),
        // Wrong or revoked keys and too many calls: nothing was done, and it can be mended.
        401 | 403 | 429 => PortError::unavailable(detail),
        402 => {
            let decline = word("decline_code");
            let code = if decline.is_empty() { word("code") } else { decline };
            PortError::refused(words::decline(code), detail)
        }
        400 | 404 | 405 | 422 => PortError::refused(words::refusal(word("code"), word("message"), status), detail),
        _ => PortError::outcome_unknown(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_says_what_is_known() {
        let kind = |status, body: &str| match refusal(status, body.as_bytes()) {
            PortError::Refused(r) => r.code,
            PortError::Unavailable(_) => "unavailable",
            PortError::OutcomeUnknown(_) => "unknown",
        };
        assert_eq!(kind(500, ""), "unknown");
        assert_eq!(kind(302, "<html>"), "unknown");
        assert_eq!(kind(409, "{}"), "unknown");
        assert_eq!(kind(400, r#"{"error":{"type":"idempotency_error"}}"#), "unknown");
        assert_eq!(kind(401, "{}"), "unavailable");
        assert_eq!(kind(429, "not json"), "unavailable");
        assert_eq!(
            kind(402, r#"{"error":{"code":"card_declined","decline_code":"insufficient_funds"}}"#),
            "insufficient_funds"
        );
        assert_eq!(kind(402, r#"{"error":{"code":"expired_card"}}"#), "expired_card");
        assert_eq!(kind(402, "{}"), "card_declined");
        assert_eq!(kind(400, r#"{"error":{"code":"charge_already_refunded"}}"#), "over_refund");
        assert_eq!(
            kind(
                400,
                r#"{"error":{"message":"Refund amount (€5.00) is greater than unrefunded amount on charge (€1.00)"}}"#
            ),
            "over_refund"
        );
        assert_eq!(kind(400, r#"{"error":{"message":"Received unknown parameter"}}"#), "bad_request");
        assert_eq!(kind(404, "{}"), "not_found");
    }
}
