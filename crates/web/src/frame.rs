//! What happens around every page: language, cookies, security headers, a limit of time, and
//! refusals dressed as pages.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use render::{Flash, Locale};

use crate::{
    AppState,
    answer::{Undressed, read_flash},
    cookies, dress,
};

/// An answer that takes longer is given up; the person is told.
const PATIENCE: Duration = Duration::from_secs(25);
const YEAR_S: i64 = 365 * 24 * 3600;

/// What the cookies and headers of a request say.
#[derive(Clone, Default)]
pub(crate) struct Frame {
    pub locale: Locale,
    /// Session secret of the cookie, not yet looked up.
    pub session: Option<String>,
    /// Random value of somebody without a session.
    pub visitor: String,
    pub flash: Option<Flash>,
    pub trace: Arc<str>,
    pub ip: String,
}
impl Frame {
    /// What was put around the request; of routes without a frame it knows nobody.
    pub(crate) fn around(parts: &Parts) -> Arc<Frame> {
        parts.extensions.get::<Arc<Frame>>().cloned().unwrap_or_default()
    }
    /// To what the forms of this person are bound.
    pub(crate) fn binding(&self) -> &str {
        self.session.as_deref().unwrap_or(&self.visitor)
    }
}

/// The middleware of all pages.
pub(crate) async fn frame(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let asked = asked_language(&request);
    let (frame, new_visitor) = read(&state, &request, asked);
    let frame = Arc::new(frame);
    let path = request.uri().path().to_owned();
    let get = request.method() == Method::GET || request.method() == Method::HEAD;
    request.extensions_mut().insert(frame.clone());
    let response = match tokio::time::timeout(PATIENCE, app::in_one_moment(next.run(request))).await {
        Ok(response) => response,
        Err(_) => Undressed { name: "timeout", words: None }.response(StatusCode::SERVICE_UNAVAILABLE),
    };
    let mut response = dress::dress(&state, &frame, &path, response).await;
    let page = dress::is_html(response.headers());
    let headers = response.headers_mut();
    if page {
        if new_visitor {
            headers.append(header::SET_COOKIE, cookies::set(cookies::VISITOR, &frame.visitor, None, state.secure));
        }
        if frame.flash.is_some() && get {
            headers.append(header::SET_COOKIE, cookies::remove(cookies::FLASH, state.secure));
        }
        if let Some(locale) = asked {
            let cookie = cookies::set(cookies::LANGUAGE, locale.code(), Some(YEAR_S), state.secure);
            headers.append(header::SET_COOKIE, cookie);
        }
        let kept = if frame.session.is_some() { "no-store" } else { "no-cache" };
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(kept));
        headers.insert(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    }
    secure(&state, headers);
    response
}

fn read(state: &AppState, request: &Request, asked: Option<Locale>) -> (Frame, bool) {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let locale = asked
        .or_else(|| Locale::parse(cookies::get(headers, cookies::LANGUAGE)?))
        .or_else(|| Locale::from_accept_language(text("accept-language")?))
        .unwrap_or_default();
    let sound =
        |v: &&str| (16..=200).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    let session = cookies::get(headers, state.session_cookie()).filter(sound).map(str::to_owned);
    let visitor = cookies::get(headers, cookies::VISITOR).filter(sound).map(str::to_owned);
    let new_visitor = session.is_none() && visitor.is_none();
    let visitor =
        visitor.unwrap_or_else(|| if new_visitor { BASE64.encode(state.cx.random::<16>()) } else { String::new() });
    let flash = cookies::get(headers, cookies::FLASH).and_then(read_flash);
    let trace: Arc<str> = text("x-request-id").unwrap_or("-").into();
    (Frame { locale, session, visitor, flash, trace, ip: client_ip(headers, request) }, new_visitor)
}

/// `?lang=en` on any page.
fn asked_language(request: &Request) -> Option<Locale> {
    if request.method() != Method::GET {
        return None;
    }
    request.uri().query()?.split('&').find_map(|pair| Locale::parse(pair.strip_prefix("lang=")?))
}

/// The address of the client: that of the connection, or the last one that the proxy in front added.
fn client_ip(headers: &HeaderMap, request: &Request) -> String {
    let forwarded = headers.get("x-forwarded-for").and_then(|v| v.to_str().ok());
    let last = forwarded.and_then(|f| f.rsplit(',').next()).map(str::trim);
    match last.and_then(|ip| ip.parse::<std::net::IpAddr>().ok()) {
        Some(ip) => ip.to_string(),
        None => request
            .extensions()
            .get::<axum::extract::ConnectInfo<std::net::SocketAddr>>()
            .map(|c| c.0.ip().to_string())
            .unwrap_or_default(),
    }
}

fn secure(state: &AppState, headers: &mut HeaderMap) {
    // At once instead of as it grows.
    headers.reserve(8);
    let mut put = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(header::REFERRER_POLICY, "same-origin");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if state.secure {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| state.content_policy.clone());
}
