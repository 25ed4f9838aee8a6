//! Pages for everybody: legal texts and support. The shop is the area of orders.

use app::{
    Problem,
    queries::legal::{self, LegalText},
};
use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::get,
};
use domain::legal::{TextKind, heading};
use render::{
    Locale,
    pages::public::{Accessibility, Legal, Paragraph, Support, TextVersion},
};

use crate::{Answer, AppState, Visit};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/legal/{text}", get(in_force))
        .route("/legal/{text}/{version}/{language}", get(version))
        .route("/support", get(support))
}

/// Where the words of an accepted text stand.
pub(crate) fn text_address(kind: &str, version: &str, locale: Option<&str>) -> Option<String> {
    let (kind, locale) = (TextKind::parse(kind)?, locale?);
    Some(format!("/legal/{}/{version}/{locale}", kind.slug()))
}

async fn in_force(visit: Visit, Path(text): Path<String>) -> Answer {
    if text == "accessibility" {
        return visit.page(&Accessibility {});
    }
    let kind = TextKind::from_slug(&text).ok_or_else(Problem::not_found)?;
    let found = legal::in_force(&visit.cx, kind, visit.locale).await?;
    visit.page(&page(kind, found))
}

/// A version for ever, as a page (`/it`) or as the text alone (`/it.txt`).
async fn version(visit: Visit, Path((text, version, language)): Path<(String, String, String)>) -> Answer {
    let kind = TextKind::from_slug(&text).ok_or_else(Problem::not_found)?;
    let (code, plain) = match language.strip_suffix(".txt") {
        Some(code) => (code, true),
        None => (language.as_str(), false),
    };
    let locale = Locale::ALL.into_iter().find(|l| l.code() == code).ok_or_else(Problem::not_found)?;
    let found = legal::version(&visit.cx, kind, &version, locale).await?;
    if !plain {
        return visit.page(&page(kind, found));
    }
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], found.text.body).into_response())
}

fn page(kind: TextKind, found: LegalText) -> Legal {
    let LegalText { text, in_force, versions } = found;
    let address = |version: &str, locale: &str| format!("/legal/{}/{version}/{locale}", kind.slug());
    let paragraph = |words: &str| {
        let (head, words) = heading(words);
        Paragraph { head: head.map(Into::into), words: words.into() }
    };
    Legal {
        paragraphs: text.body.split("\n\n").map(paragraph).collect(),
        since: text.valid_from_at.date(),
        in_force,
        sha256: text.sha256.iter().map(|b| format!("{b:02x}")).collect(),
        download: format!("{}.txt", address(&text.version, &text.locale)),
        versions: versions
            .into_iter()
            .map(|v| TextVersion {
                href: address(&v.version, &v.locale),
                here: v.version == text.version && v.locale == text.locale,
                since: v.valid_from_at.date(),
                version: v.version,
                locale: v.locale,
            })
            .collect(),
        title: text.title,
        locale: text.locale,
        version: text.version,
    }
}

async fn support(visit: Visit) -> Answer {
    visit.page(&Support {})
}
