//! Forms prove that they were opened in the browser that sends them: a token bound to the session
//! (or to the visitor's cookie), and the `Origin` of the request besides.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use subtle::ConstantTimeEq;

use crate::AppState;

const LENGTH: usize = 16;

fn proof(state: &AppState, binding: &str) -> [u8; LENGTH] {
    let digest = state.cx.core().secret.derive("csrf", binding.as_bytes());
    std::array::from_fn(|i| digest[i])
}

/// A token for the forms of this session. It looks different each time, so that compression
/// does not reveal it bit by bit.
pub fn token(state: &AppState, binding: &str) -> String {
    let mask: [u8; LENGTH] = state.cx.random();
    let proof = proof(state, binding);
    let bytes: [u8; 2 * LENGTH] =
        std::array::from_fn(|i| if i < LENGTH { mask[i] } else { mask[i - LENGTH] ^ proof[i - LENGTH] });
    BASE64.encode(bytes)
}

/// Was this token made for this session?
pub fn holds(state: &AppState, binding: &str, token: &str) -> bool {
    let Ok(bytes) = BASE64.decode(token) else { return false };
    if bytes.len() != 2 * LENGTH || binding.is_empty() {
        return false;
    }
    let given: [u8; LENGTH] = std::array::from_fn(|i| bytes[i] ^ bytes[i + LENGTH]);
    given.ct_eq(&proof(state, binding)).into()
}

/// Does the request come from our own pages? Browsers say so by `Origin` or `Sec-Fetch-Site`; a
/// program that says nothing must still show the token.
pub(crate) fn same_origin(state: &AppState, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &axum::http::HeaderValue| v.to_str().ok());
    if let Some(origin) = headers.get(header::ORIGIN) {
        let Ok(origin) = origin.to_str() else { return false };
        let host = origin.split_once("://").map(|(_, host)| host);
        return origin == state.origin || (host.is_some() && host == text(header::HOST));
    }
    matches!(text(header::HeaderName::from_static("sec-fetch-site")), None | Some("same-origin" | "none"))
}
