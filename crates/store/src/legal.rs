//! The texts that people accept, in all their versions.

use domain::time::Timestamp;

use crate::{Query, Result, args, row, sql};

row! {
    /// One version of a text in one language.
    pub struct TextRow {
        pub kind: String,
        pub version: String,
        pub locale: String,
        pub title: String,
        pub body: String,
        pub sha256: Vec<u8>,
        pub valid_from_at: Timestamp,
    }
}
row! {
    /// A version of a text, without its words.
    pub struct VersionRow {
        pub version: String,
        pub locale: String,
        pub valid_from_at: Timestamp,
    }
}

sql!(
    VERSIONS = "SELECT version, locale, valid_from_at FROM legal_texts WHERE kind = $1 AND valid_from_at <= $2 \
     ORDER BY valid_from_at DESC, version DESC, locale DESC",
    VersionRow
);
sql!(
    TEXT = "SELECT kind, version, locale, title, body, sha256, valid_from_at FROM legal_texts \
     WHERE kind = $1 AND version = $2 AND locale = $3",
    TextRow
);
sql!(
    ALL = "SELECT kind, version, locale, title, body, sha256, valid_from_at FROM legal_texts ORDER BY kind, version, locale",
    TextRow
);

/// All versions that are or were in force, the newest first, Italian before English.
pub async fn versions(q: &mut impl Query, kind: &str, now: Timestamp) -> Result<Vec<VersionRow>> {
    q.all(&VERSIONS, args![kind, now]).await
}

/// One version in one language.
pub async fn text(q: &mut impl Query, kind: &str, version: &str, locale: &str) -> Result<Option<TextRow>> {
    q.opt(&TEXT, args![kind, version, locale]).await
}

/// Every text there is, for the check that none was changed.
pub async fn all(q: &mut impl Query) -> Result<Vec<TextRow>> {
    q.all(&ALL, args![]).await
}
