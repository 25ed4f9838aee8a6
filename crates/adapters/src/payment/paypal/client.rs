//! Calls to PayPal's API: JSON out, JSON in, a token of limited life, and what each failure means.
// tidy: allow(clock) how long a token may still be used is a stopwatch's question

use std::time::{Duration, Instant};

use ports::PortError;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::sync::Mutex;

use super::{PaypalSettings, words};

/// Answers longer than this are not read to the end, in bytes.
const LONGEST_ANSWER: usize = 8 << 20;
/// A token is renewed so long before its end.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);

struct Token {
    text: String,
    until: Instant,
}

pub(super) struct Client {
    http: reqwest::Client,
    base: String,
    client_id: String,
    secret: String,
    /// One asks for a token, the others wait for it.
    token: Mutex<Option<Token>>,
}

impl Client {
    pub(super) fn new(settings: &PaypalSettings) -> Result<Self, PortError> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_millis(settings.timeout_ms))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("ceralacca")
            .build()
            .map_err(PortError::unavailable)?;
        Ok(Self {
            http,
            base: settings.api_base.trim_end_matches('/').to_owned(),
            client_id: settings.client_id.clone(),
            secret: settings.secret.clone(),
            token: Mutex::default(),
        })
    }

    /// Changes something. The same `key` is carried out once, as long as PayPal remembers it (six hours).
    pub(super) async fn post(&self, path: &str, body: &Value, key: &str) -> Result<Value, PortError> {
        let request = |token: &str| {
            let request = self.request(Method::POST, path, token);
            request.header("PayPal-Request-Id", key).header("Prefer", "return=representation").json(body)
        };
        let (status, body) = self.send(request, PortError::outcome_unknown).await?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|e| PortError::outcome_unknown(format!("answer: {e}")));
        }
        Err(refusal(status.as_u16(), &body))
    }

    /// Asks. `None` when there is no such thing.
    pub(super) async fn find(&self, path: &str, query: &[(&str, String)]) -> Result<Option<Value>, PortError> {
        let request = |token: &str| self.request(Method::GET, path, token).query(query);
        // A question changes nothing: however it fails, it can be asked again.
        let (status, body) = self.send(request, PortError::unavailable).await?;
        match status.as_u16() {
            200..300 => {
                serde_json::from_slice(&body).map(Some).map_err(|e| PortError::unavailable(format!("answer: {e}")))
            }
            404 => Ok(None),
            other => Err(PortError::unavailable(refusal(other, &body))),
        }
    }

    /// Removes; what is not there is removed.
    pub(super) async fn delete(&self, path: &str) -> Result<(), PortError> {
        let request = |token: &str| self.request(Method::DELETE, path, token);
        let (status, body) = self.send(request, PortError::outcome_unknown).await?;
        if status.is_success() || status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        Err(refusal(status.as_u16(), &body))
    }

    fn request(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(token)
    }

    /// Sends; once more with a new token when the old one is not taken any more, since then nothing was done.
    async fn send(
        &self,
        request: impl Fn(&str) -> RequestBuilder,
        lost: fn(String) -> PortError,
    ) -> Result<(StatusCode, Vec<u8>), PortError> {
        let mut refused = None;
        loop {
            let token = self.token(refused.as_deref()).await?;
            let answer = match request(&token).send().await {
                Ok(answer) => answer,
                // Without a connection nothing can have arrived.
                Err(e) if e.is_connect() || e.is_builder() => return Err(PortError::unavailable(e.without_url())),
                Err(e) => return Err(lost(e.without_url().to_string())),
            };
            let status = answer.status();
            if status == StatusCode::UNAUTHORIZED && refused.is_none() {
                refused = Some(token);
                continue;
            }
            return Ok((status, read(answer).await.map_err(lost)?));
        }
    }

    /// A token that still lives and is not the one that was just refused.
    async fn token(&self, refused: Option<&str>) -> Result<String, PortError> {
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|t| t.until > Instant::now() && Some(t.text.as_str()) != refused) {
            return Ok(token.text.clone());
        }
        let request = self.http.post(format!("{}/v1/oauth2/token", self.base));
        let request = request.basic_auth(&self.client_id, Some(&self.secret));
        let answer = request.form(&[("grant_type", "client_credentials")]).send().await;
        let answer = answer.map_err(|e| PortError::unavailable(e.without_url()))?;
        let status = answer.status();
        let body = read(answer).await.map_err(PortError::unavailable)?;
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let (Some(text), Some(life_s)) = (told["access_token"].as_str(), told["expires_in"].as_u64()) else {
            return Err(PortError::unavailable(format!("no token: {status} {}", told["error"])));
        };
        let life = Duration::from_secs(life_s.min(24 * 3600)).saturating_sub(TOKEN_MARGIN);
        *kept = Some(Token { text: text.to_owned(), until: Instant::now() + life });
        Ok(text.to_owned())
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
    let error: Value = serde_json::from_slice(body).unwrap_or_default();
    let word = |thing: &Value, key: &str| thing[key].as_str().unwrap_or_default().to_owned();
    let issue = word(&error["details"][0], "issue");
    let detail = format!("{status} {} {issue} {}", word(&error, "name"), word(&error, "debug_id"));
    match status {
        // An earlier call with this key is still at work: it may have charged.
        409 => PortError::outcome_unknown(detail),
        422 if words::may_have_moved(&issue) => PortError::outcome_unknown(detail),
        // Wrong keys, missing permissions and too many calls: nothing was done, and it can be mended.
        401 | 403 | 429 => PortError::unavailable(detail),
        400 | 404 | 405 | 422 => PortError::refused(words::refusal(&issue, status), detail),
        _ => PortError::outcome_unknown(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_says_what_is_known() {
        let kind = |status, issue: &str| {
            let body = format!(r#"{{"name":"UNPROCESSABLE_ENTITY","details":[{{"issue":"{issue}"}}]}}"#);
            match refusal(status, body.as_bytes()) {
                PortError::Refused(r) => r.code,
                PortError::Unavailable(_) => "unavailable",
                PortError::OutcomeUnknown(_) => "unknown",
            }
        };
        assert_eq!(kind(500, ""), "unknown");
        assert_eq!(kind(302, ""), "unknown");
        assert_eq!(kind(409, ""), "unknown");
        assert_eq!(kind(422, "ORDER_COMPLETION_IN_PROGRESS"), "unknown");
        assert_eq!(kind(422, "DUPLICATE_INVOICE_ID"), "unknown", "an order of this attempt may be paid");
        assert_eq!((kind(401, ""), kind(403, ""), kind(429, "")), ("unavailable", "unavailable", "unavailable"));
        assert_eq!(kind(422, "INSTRUMENT_DECLINED"), "card_declined");
        assert_eq!(kind(422, "PAYER_ACTION_REQUIRED"), words::PAYER_ACTION);
        assert_eq!(kind(422, "AGREEMENT_ALREADY_CANCELLED"), "method_unusable");
        assert_eq!(kind(422, "REFUND_AMOUNT_EXCEEDED"), "over_refund");
        assert_eq!(kind(422, "A_WORD_OF_TOMORROW"), "bad_request");
        assert_eq!(kind(404, ""), "not_found");
        assert!(matches!(refusal(400, b"\xff not JSON"), PortError::Refused(_)));
    }
}
