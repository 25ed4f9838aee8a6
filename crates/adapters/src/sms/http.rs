//! Text messages through any gateway that speaks HTTP, described by configuration instead of code.
//!
//! `{to}`, `{text}`, `{key}` and `{token}` in the address, the headers and the body are replaced, quoted as their place demands: in
//! the address and in a form they are percent-encoded, in JSON each becomes a whole string with its quotes
//! (`{"to":{to}}`), in a header they stand as they are.

use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use ports::{
    PortError,
    sms::{Sms, SmsSender},
};

/// The description of a gateway.
#[derive(Clone, Debug)]
pub struct HttpSmsSettings {
    pub url: String,
    pub method: String,
    /// `Name: value`, one a line.
    pub headers: Vec<String>,
    pub body: String,
    pub token: String,
    /// What the answer's body must hold besides a 2xx status; empty means nothing more.
    pub success_text: String,
    pub timeout: Duration,
}

/// Sends through the gateway described.
pub struct HttpSms {
    http: reqwest::Client,
    settings: HttpSmsSettings,
    method: Method,
    quoting: Quoting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoting {
    Json,
    Percent,
    None,
}

impl HttpSms {
    /// # Errors
    /// In words, when the description cannot work.
    pub fn new(settings: HttpSmsSettings) -> Result<Self, String> {
        let method = settings.method.parse().map_err(|_| format!("`{}` is not an HTTP method", settings.method))?;
        reqwest::Url::parse(&settings.url).map_err(|e| format!("`{}`: {e}", settings.url))?;
        let headers = headers(&settings, &settings.token).map_err(|e| e.to_string())?;
        let kind = headers.get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let quoting = match () {
            () if kind.contains("json") => Quoting::Json,
            () if kind.contains("x-www-form-urlencoded") => Quoting::Percent,
            () => Quoting::None,
        };
        // A redirect would carry number and text elsewhere.
        let http = reqwest::Client::builder().timeout(settings.timeout).redirect(reqwest::redirect::Policy::none());
        Ok(Self { http: http.build().map_err(|e| e.to_string())?, settings, method, quoting })
    }
}

fn headers(settings: &HttpSmsSettings, token: &str) -> Result<HeaderMap, PortError> {
    let mut map = HeaderMap::new();
    for line in &settings.headers {
        let parsed = line.split_once(':').and_then(|(name, value)| {
            let value = value.trim().replace("{token}", token);
            Some((name.trim().parse::<HeaderName>().ok()?, value.parse::<HeaderValue>().ok()?))
        });
        let (name, value) = parsed.ok_or_else(|| PortError::unavailable("a header of the gateway is not one"))?;
        map.append(name, value);
    }
    Ok(map)
}

/// Replaces in one pass, so that a text that holds `{to}` stays as it was written.
fn fill(template: &str, values: &[(&str, &str)], quoting: Quoting) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        out.push_str(before);
        let hit = values.iter().find(|(name, _)| after[1..].strip_prefix(name).is_some_and(|t| t.starts_with('}')));
        match hit {
            Some((name, value)) => {
                out.push_str(&quote(value, quoting));
                rest = &after[name.len() + 2..];
            }
            None => {
                out.push('{');
                rest = &after[1..];
            }
        }
    }
    out + rest
}

fn quote(value: &str, quoting: Quoting) -> String {
    match quoting {
        Quoting::Json => serde_json::Value::from(value).to_string(),
        Quoting::None => value.to_owned(),
        Quoting::Percent => value
            .bytes()
            .map(|b| match b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                true => char::from(b).to_string(),
                false => format!("%{b:02X}"),
            })
            .collect(),
    }
}

#[async_trait]
impl SmsSender for HttpSms {
    async fn send(&self, sms: &Sms) -> Result<String, PortError> {
        let digits = sms.to.strip_prefix('+').unwrap_or("");
        if !(6..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PortError::refused("bad_recipient", "not a number in E.164"));
        }
        let s = &self.settings;
        let values = [("to", &*sms.to), ("text", &sms.text), ("key", &sms.key), ("token", &s.token)];
        let mut request = self
            .http
            .request(self.method.clone(), fill(&s.url, &values, Quoting::Percent))
            .headers(headers(s, &s.token)?);
        if !s.body.is_empty() && self.method != Method::GET {
            request = request.body(fill(&s.body, &values, self.quoting));
        }
        let response = request.send().await.map_err(|e| match e.is_connect() || e.is_builder() {
            true => PortError::unavailable(e.without_url()),
            false => PortError::outcome_unknown(e.without_url()),
        })?;
        let status = response.status();
        let body = response.text().await.map_err(|e| PortError::outcome_unknown(e.without_url()))?;
        let told = format!("{status}: {}", body.chars().take(200).collect::<String>());
        match status.as_u16() {
            200..300 if s.success_text.is_empty() || body.contains(&s.success_text) => Ok(told),
            200..300 => Err(PortError::refused("not_accepted", told)),
            // Our key or our rate: not the message's fault.
            401 | 403 | 407 | 408 | 425 | 429 => Err(PortError::unavailable(told)),
            400..500 => Err(PortError::refused("rejected", told)),
            _ => Err(PortError::unavailable(told)),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    fn settings(port: u16) -> HttpSmsSettings {
        HttpSmsSettings {
            url: format!("http://127.0.0.1:{port}/send?ref={{key}}"),
            method: "POST".into(),
            headers: vec!["Authorization: Bearer {token}".into(), "Content-Type: application/json".into()],
            body: r#"{"to":{to},"text":{text},"opts":{"a":1}}"#.into(),
            token: "geheim".into(),
            success_text: String::new(),
            timeout: Duration::from_secs(5),
        }
    }
    fn sms() -> Sms {
        Sms { key: "k/1".into(), to: "+393331234567".into(), text: "Codice \"{to}\"\nè 123456".into() }
    }
    /// Answers one request; gives back what it heard.
    async fn gateway(answer: &'static str) -> (u16, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
            loop {
                let n = stream.read(&mut buffer).await.unwrap();
                heard.extend_from_slice(&buffer[..n]);
                let text = String::from_utf8_lossy(&heard).into_owned();
                let length = text.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
                let body = text.split_once("\r\n\r\n").map(|(_, b)| b.len());
                if n == 0 || body.is_some_and(|b| b >= length.unwrap_or(0)) {
                    let _ = stream.write_all(answer.as_bytes()).await;
                    return text;
                }
            }
        });
        (port, heard)
    }

    #[tokio::test]
    async fn the_description_becomes_a_request() {
        let (port, heard) = gateway("HTTP/1.1 202 Accepted\r\ncontent-length: 6\r\n\r\nqueued").await;
        let told = HttpSms::new(settings(port)).unwrap().send(&sms()).await.unwrap();
        assert!(told.contains("202") && told.contains("queued"), "{told}");
        let heard = heard.await.unwrap();
        assert!(heard.starts_with("POST /send?ref=k%2F1 HTTP/1.1\r\n"), "{heard}");
        assert!(heard.to_lowercase().contains("authorization: bearer geheim"), "{heard}");
        let body: serde_json::Value = serde_json::from_str(heard.split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(body["to"], "+393331234567");
        assert_eq!(body["text"], "Codice \"{to}\"\nè 123456");
    }

    #[tokio::test]
    async fn answers_say_what_is_known() {
        let of = async |answer: &'static str, success: &str| {
            let (port, _) = gateway(answer).await;
            let settings = HttpSmsSettings { success_text: success.into(), ..settings(port) };
            HttpSms::new(settings).unwrap().send(&sms()).await.unwrap_err()
        };
        let refused = of("HTTP/1.1 422 No\r\ncontent-length: 0\r\n\r\n", "").await;
        assert!(matches!(refused, PortError::Refused(_)), "{refused}");
        for later in ["401 Who", "429 Slow", "500 Oops", "302 Elsewhere"] {
            let answer: &'static str = format!("HTTP/1.1 {later}\r\ncontent-length: 0\r\n\r\n").leak();
            let error = of(answer, "").await;
            assert!(matches!(error, PortError::Unavailable(_)), "{later}: {error}");
        }
        let no = of("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nERR 3", "OK").await;
        assert!(matches!(no, PortError::Refused(_)), "{no}");
        assert!(matches!(of("", "").await, PortError::OutcomeUnknown(_)));
    }

    #[tokio::test]
    async fn a_number_that_is_none_is_refused_before_any_call() {
        let http = HttpSms::new(settings(9)).unwrap();
        for to in ["", "333", "+39 333", "+39333\r\n1", "+٣٩٣٣٣١٢٣٤٥٦٧"] {
            let error = http.send(&Sms { to: to.into(), ..sms() }).await.unwrap_err();
            assert!(matches!(error, PortError::Refused(r) if r.code == "bad_recipient"), "{to}");
        }
    }

    #[test]
    fn a_description_that_cannot_work_is_refused() {
        assert!(HttpSms::new(HttpSmsSettings { url: "nowhere".into(), ..settings(9) }).is_err());
        assert!(HttpSms::new(HttpSmsSettings { method: "A B".into(), ..settings(9) }).is_err());
        assert!(HttpSms::new(HttpSmsSettings { headers: vec!["no colon".into()], ..settings(9) }).is_err());
        assert!(HttpSms::new(HttpSmsSettings { token: "a\r\nb".into(), ..settings(9) }).is_err());
    }
}
