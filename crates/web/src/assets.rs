//! Style sheets, scripts and fonts, built by `make assets` and embedded in the binary. Their names
//! carry a hash of their content, so browsers may keep them for ever.

use std::{collections::HashMap, sync::LazyLock};

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::RustEmbed;

use crate::AppState;

/// Each content has an address of its own.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "assets/dist"]
#[allow_missing = true]
struct Dist;

static MANIFEST: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let file = Dist::get("manifest.json");
    file.and_then(|f| serde_json::from_slice(&f.data).ok()).unwrap_or_default()
});

/// Are the assets there? Without them pages work but look bare: `make assets` builds them.
pub fn built() -> bool {
    !MANIFEST.is_empty()
}

/// The address of each file by its plain name, for the renderer.
pub fn addresses() -> HashMap<String, String> {
    if !built() {
        tracing::warn!("no style sheets and scripts are embedded: run `make assets` and build again");
    }
    MANIFEST.iter().map(|(name, hashed)| (name.clone(), format!("/assets/{hashed}"))).collect()
}

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/assets/{*path}", get(serve))
}

async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Response {
    if let Some(sheet) = render::Wax::sheet(&path) {
        let kept = [(header::CONTENT_TYPE, kind(&path)), (header::CACHE_CONTROL, FOR_EVER)];
        return (kept, sheet).into_response();
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let packed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(name, _)| accepted.contains(name))
        .find_map(|(name, ending)| Some((name, Dist::get(&format!("{path}{ending}"))?)));
    let (encoding, file) = match packed {
        Some((encoding, file)) => (Some(encoding), file),
        None => match Dist::get(&path).filter(|_| !path.ends_with(".br") && !path.ends_with(".gz")) {
            Some(file) => (None, file),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    let mut response = file.data.into_owned().into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(&path)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "ico" => "image/x-icon",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}
