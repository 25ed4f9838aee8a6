//! The texts that people accept: the one in force, and each version that ever was.

use domain::legal::TextKind;
use render::Locale;
use store::legal as rows;

use crate::{Cx, Problem, secrets::sha256};

/// A version of a text with its neighbours.
#[derive(Clone, Debug)]
pub struct LegalText {
    pub text: rows::TextRow,
    /// Is it the one that is accepted today?
    pub in_force: bool,
    /// All versions that are or were in force, the newest first.
    pub versions: Vec<rows::VersionRow>,
}

/// The text of a kind in force, in this language or else in the first one there is.
///
/// # Errors
/// `NotFound` when the provider has published none.
pub async fn in_force(cx: &Cx, kind: TextKind, locale: Locale) -> Result<LegalText, Problem> {
    let versions = rows::versions(&mut cx.store(), kind.as_str(), cx.now()).await?;
    let newest = versions.first().map(|v| v.version.clone()).ok_or_else(Problem::not_found)?;
    let mut same = versions.iter().filter(|v| v.version == newest);
    let first = same.clone().next().map(|v| v.locale.clone()).unwrap_or_default();
    let language = same.find(|v| v.locale == locale.tag()).map_or(first, |v| v.locale.clone());
    read(cx, kind, &newest, &language, versions).await
}

/// A version of a text, in force or not any more.
///
/// # Errors
/// `NotFound` when there is none, or when it is not in force yet.
pub async fn version(cx: &Cx, kind: TextKind, version: &str, locale: Locale) -> Result<LegalText, Problem> {
    let versions = rows::versions(&mut cx.store(), kind.as_str(), cx.now()).await?;
    if !versions.iter().any(|v| v.version == version) {
        return Err(Problem::not_found());
    }
    read(cx, kind, version, locale.tag(), versions).await
}

async fn read(
    cx: &Cx,
    kind: TextKind,
    version: &str,
    locale: &str,
    versions: Vec<rows::VersionRow>,
) -> Result<LegalText, Problem> {
    let text = rows::text(&mut cx.store(), kind.as_str(), version, locale).await?.ok_or_else(Problem::not_found)?;
    let in_force = versions.first().is_some_and(|v| v.version == text.version);
    Ok(LegalText { text, in_force, versions })
}

/// Texts whose words are not those that people accepted: kind, version, language.
///
/// # Errors
/// When the store cannot be read.
pub async fn altered(cx: &Cx) -> Result<Vec<String>, Problem> {
    let all = rows::all(&mut cx.store()).await?;
    let wrong = all.into_iter().filter(|t| t.sha256 != sha256(t.body.as_bytes()));
    Ok(wrong.map(|t| format!("{} {} {}", t.kind, t.version, t.locale)).collect())
}
