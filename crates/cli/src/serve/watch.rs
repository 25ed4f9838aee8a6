//! Around every request: an identifier, a span, a count, and one log line if it failed.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

use super::metrics::Requests;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Takes a decent identifier from the proxy in front, or makes one.
fn request_id(given: Option<&HeaderValue>) -> String {
    let decent = |t: &&str| (8..=64).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    match given.and_then(|v| v.to_str().ok()).filter(decent) {
        Some(text) => text.to_owned(),
        None => {
            // The process, by chance, and its requests, counted: no system call for each.
            static PROCESS: LazyLock<u64> = LazyLock::new(|| {
                use app::secrets::Random;
                let mut bytes = [0u8; 8];
                app::secrets::SystemRandom.fill(&mut bytes);
                u64::from_le_bytes(bytes) >> 16
            });
            static COUNT: AtomicU64 = AtomicU64::new(0);
            format!("{:012x}{:08x}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed) as u32)
        }
    }
}

struct InFlight<'a>(&'a Requests);
impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What the middleware keeps.
#[derive(Clone)]
pub struct Watch {
    pub requests: Arc<Requests>,
    /// Proxies in front whose word on the client's address counts.
    pub proxies: usize,
}

/// Leaves of `X-Forwarded-For` the one address that the outermost of our proxies saw; nothing when there
/// is no proxy, for then anybody could have written it.
fn forwarded(headers: &mut HeaderMap, proxies: usize) {
    let given = headers.remove("x-forwarded-for");
    let text = given.as_ref().and_then(|v| v.to_str().ok()).unwrap_or_default();
    let client = proxies.checked_sub(1).and_then(|n| text.rsplit(',').nth(n)).map(str::trim);
    if let Some(value) = client.and_then(|c| HeaderValue::from_str(c).ok()) {
        headers.insert("x-forwarded-for", value);
    }
}

/// The middleware. Routes are named by their pattern: addresses may hold tokens.
pub async fn watch(State(watch): State<Watch>, mut request: Request, next: Next) -> Response {
    let requests = watch.requests;
    forwarded(request.headers_mut(), watch.proxies);
    let id = request_id(request.headers().get(REQUEST_ID));
    let value = HeaderValue::from_str(&id).expect("letters, digits and dashes are a header value");
    request.headers_mut().insert(REQUEST_ID, value.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", |m| m.as_str()).to_owned();
    let span = tracing::info_span!("request", request_id = %id, method = %method, route = %route);
    // tidy: allow(clock) measures how long the answer takes
    let began = Instant::now();
    requests.in_flight.fetch_add(1, Ordering::Relaxed);
    let _guard = InFlight(&requests);
    async {
        let mut response = next.run(request).await;
        let (status, took) = (response.status(), began.elapsed());
        requests.count(method.as_str(), &route, status.as_u16(), took);
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), took_ms = took.as_millis() as u64, "request failed");
        } else {
            tracing::debug!(status = status.as_u16(), took_ms = took.as_millis() as u64, "request answered");
        }
        response.headers_mut().insert(REQUEST_ID, value);
        response
    }
    .instrument(span)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_of_others_are_checked() {
        let given = |t: &'static str| request_id(Some(&HeaderValue::from_static(t)));
        assert_eq!(given("abcd-1234"), "abcd-1234");
        for bad in ["short", "has space in it", "semi;colon-xx", ""] {
            assert_ne!(given(bad), bad);
            assert_eq!(given(bad).len(), 20);
        }
        assert_ne!(request_id(None), request_id(None));
    }

    #[test]
    fn only_our_proxies_are_believed() {
        let left = |given: &'static str, proxies| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(given));
            forwarded(&mut headers, proxies);
            headers.get("x-forwarded-for").map(|v| v.to_str().unwrap().to_owned())
        };
        assert_eq!(left("6.6.6.6", 0), None);
        assert_eq!(left("6.6.6.6, 1.2.3.4", 1).as_deref(), Some("1.2.3.4"));
        assert_eq!(left("6.6.6.6, 1.2.3.4, 10.0.0.1", 2).as_deref(), Some("1.2.3.4"));
        assert_eq!(left("1.2.3.4", 3), None);
    }
}
