//! Forms as they arrive: raw text by name, refused only when it cannot be text at all.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};

use crate::{AppState, Refusal, answer::plain, csrf, frame::Frame};

/// At most so many fields; the longest page (99 mailboxes) stays far below.
const MAX_FIELDS: usize = 2000;

/// The fields of a submitted form, in their order. Extracting it checks the origin and the token.
#[derive(Clone, Debug, Default)]
pub struct FormData(Vec<(String, String)>);

impl FormData {
    /// From pairs, for tests and prefilled pages.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
    /// The first value of a field, without blanks around it; empty when it is absent.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }
    /// The first value exactly as sent (passwords).
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }
    /// The trimmed value, or nothing when it is empty.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|v| !v.is_empty())
    }
    /// All values of a field (checkboxes of a group).
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    /// Was this field sent at all: a ticked box, a pressed button?
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }
    /// A whole number, if the field holds one.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.get(name).parse().ok()
    }
    /// All pairs.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
    /// The same as a form to be shown again: without the token and without any password.
    pub fn shown(&self) -> render::Form {
        render::Form::from_pairs(self.pairs().filter(|(n, _)| !is_secret(n)))
    }
    /// What a page in between may carry along: no token and no password.
    pub(crate) fn carried(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs().filter(|(n, _)| !is_secret(n))
    }
}

/// Fields that are never written into a page again.
fn is_secret(name: &str) -> bool {
    matches!(name, "csrf" | "altcha" | "pin" | "code") || name.contains("password")
}

impl FromRequest<AppState> for FormData {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let frame = Frame::around(&parts);
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().is_some_and(|k| k.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
            return Err(plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type"));
        }
        if !csrf::same_origin(state, &parts.headers) {
            return Err(plain(StatusCode::FORBIDDEN, "form-expired"));
        }
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await.map_err(|e| {
            match axum::response::IntoResponse::into_response(e).status() {
                StatusCode::PAYLOAD_TOO_LARGE => plain(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
                _ => plain(StatusCode::BAD_REQUEST, "bad-request"),
            }
        })?;
        let form = parse(&body).ok_or_else(|| plain(StatusCode::UNPROCESSABLE_ENTITY, "bad-text"))?;
        if !csrf::holds(state, frame.binding(), form.raw("csrf")) {
            return Err(plain(StatusCode::FORBIDDEN, "form-expired"));
        }
        Ok(form)
    }
}

/// The fields of a query or a body; `None` when it is not UTF-8, holds control characters or too many fields.
pub fn parse(encoded: &[u8]) -> Option<FormData> {
    let mut pairs = Vec::new();
    for piece in encoded.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
        if pairs.len() == MAX_FIELDS {
            return None;
        }
        let at = piece.iter().position(|b| *b == b'=').unwrap_or(piece.len());
        let value = piece.get(at + 1..).unwrap_or_default();
        pairs.push((decoded(&piece[..at])?, decoded(value)?));
    }
    Some(FormData(pairs))
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'+' => out.push(b' '),
            b'%' => {
                let hex = std::str::from_utf8(bytes.get(i + 1..i + 3)?).ok()?;
                out.push(u8::from_str_radix(hex, 16).ok()?);
                i += 2;
            }
            b => out.push(b),
        }
        i += 1;
    }
    let text = String::from_utf8(out).ok()?;
    let stray = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    (!text.contains(stray)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        let form = parse(b"a=1+2&b=%C3%A8&c&a=3&d=%20x%20&").expect("plain text");
        assert_eq!(form.get("a"), "1 2");
        assert_eq!(form.all("a").collect::<Vec<_>>(), ["1 2", "3"]);
        assert_eq!(form.get("b"), "è");
        assert!(form.has("c") && !form.has("e"));
        assert_eq!((form.get("d"), form.raw("d")), ("x", " x "));
        assert_eq!(form.number::<i64>("a"), None);
    }
    #[test]
    fn what_is_not_text_is_refused() {
        for bad in ["a=%00", "a=%FF", "a=%C3", "a=%4", "a=%zz", "a=%1B", "%00=a", "a=%C2%85"] {
            assert!(parse(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(parse(b"a=\xff").is_none());
        assert!(parse("a=%0D%0A%09".as_bytes()).is_some());
        assert!(parse("a=1&".repeat(MAX_FIELDS + 1).as_bytes()).is_none());
    }
    #[test]
    fn passwords_are_never_shown_again() {
        let form = parse(b"csrf=t&password=p&new_password=q&email=e").expect("plain text").shown();
        assert_eq!(["csrf", "password", "new_password"].map(|n| form.value(n).to_owned()), ["", "", ""]);
        assert_eq!(form.value("email"), "e");
    }
}
