//! Refusals in the look of the site: whatever has an error status and no page yet gets one.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use render::{Area, Chrome, Msg, pages::public::Message};

use crate::{AppState, answer::Undressed, csrf, frame::Frame};

/// Answers for programs keep their own form.
const FOR_PROGRAMS: [&str; 4] = ["/api/", "/hooks/", "/health/", "/metrics"];

pub(crate) fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"))
}

/// The message that explains a bare status.
fn by_status(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => "forbidden",
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "wrong-type",
        StatusCode::SERVICE_UNAVAILABLE => "busy",
        s if s.is_server_error() => "broken",
        _ => "bad-request",
    }
}

pub(crate) async fn dress(state: &AppState, frame: &Frame, path: &str, response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || FOR_PROGRAMS.iter().any(|p| path.starts_with(p)) {
        return response;
    }
    let undressed = response.extensions().get::<Undressed>().cloned();
    let bare = match response.headers().get(header::CONTENT_TYPE) {
        None => true,
        Some(kind) => kind.as_bytes().starts_with(b"text/plain"),
    };
    if undressed.is_none() && !bare {
        return response;
    }
    let undressed = undressed.unwrap_or(Undressed { name: by_status(status), words: None });
    let chrome = chrome(state, frame, path, status).await;
    let home = match &chrome.who {
        Some(who) if who.area == Area::Office => Area::Office.home(),
        _ => "/",
    };
    let mut message = Message::named(undressed.name).way(home, Msg::new("message-way-home"));
    if let Some(words) = undressed.words {
        message.paragraphs = vec![words];
    }
    if status.is_server_error() && &*frame.trace != "-" {
        message = message.reference(&*frame.trace);
    }
    let html = state.cx.renderer().page(&chrome, &message);
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    match html {
        Ok(html) => {
            let kind = header::HeaderValue::from_static("text/html; charset=utf-8");
            parts.headers.insert(header::CONTENT_TYPE, kind);
            Response::from_parts(parts, Body::from(html))
        }
        Err(problem) => {
            tracing::error!(%problem, "the message page does not render");
            Response::from_parts(parts, Body::from(status.to_string()))
        }
    }
}

/// The frame of who is signed in. When we ourselves are at fault nothing more is asked of the store: the page
/// must come even when that is what broke.
async fn chrome(state: &AppState, frame: &Frame, path: &str, status: StatusCode) -> Chrome {
    let bare = Chrome { demo: state.demo_bar(), ..Chrome::bare(frame.locale) };
    let Some(secret) = frame.session.as_deref().filter(|_| !status.is_server_error()) else { return bare };
    match state.sessions.find(&state.cx, secret).await {
        Ok(Some(signed_in)) => Chrome {
            path: path.to_owned(),
            who: Some(signed_in.who()),
            csrf: csrf::token(state, frame.binding()),
            ..bare
        },
        Ok(None) => bare,
        Err(problem) => {
            tracing::warn!(%problem, "who is signed in is not known on an error page");
            bare
        }
    }
}
