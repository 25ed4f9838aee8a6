//! Cookies: read by name, written with the attributes that all of ours have.

use axum::http::{HeaderMap, HeaderValue, header};

/// Session secret of somebody signed in.
pub const SESSION: &str = "cl_session";
/// The same where the installation is reached by HTTPS.
pub const SESSION_SECURE: &str = "__Host-cl_session";
/// Random binding of the forms of somebody who has not signed in.
pub const VISITOR: &str = "cl_visitor";
/// Chosen language.
pub const LANGUAGE: &str = "cl_lang";
/// Result of the last action.
pub const FLASH: &str = "cl_flash";

/// The value of a cookie, if it is sent.
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    find(headers.get_all(header::COOKIE), name)
}

/// The same among the values of the header.
pub fn find<'a>(values: impl IntoIterator<Item = &'a HeaderValue>, name: &str) -> Option<&'a str> {
    values
        .into_iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// A cookie for the whole site, out of the reach of scripts. `max_age_s` of `None` lasts until the browser closes.
pub fn set(name: &str, value: &str, max_age_s: Option<i64>, secure: bool) -> HeaderValue {
    let age = max_age_s.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}"))
        .expect("cookie values are ours: letters, digits, dashes, dots")
}

/// Takes a cookie away.
pub fn remove(name: &str, secure: bool) -> HeaderValue {
    set(name, "", Some(0), secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; cl_session=abc;cl_sessionx=no"));
        headers.append(header::COOKIE, HeaderValue::from_static("cl_lang=en"));
        assert_eq!(get(&headers, SESSION), Some("abc"));
        assert_eq!(get(&headers, LANGUAGE), Some("en"));
        assert_eq!(get(&headers, "cl_sess"), None);
    }
    #[test]
    fn attributes() {
        assert_eq!(set("a", "b", None, false), "a=b; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(set("a", "b", Some(9), true), "a=b; Path=/; HttpOnly; SameSite=Lax; Max-Age=9; Secure");
    }
}
