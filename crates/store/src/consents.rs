//! Consents: each answer is kept with the version of its text and its time; the last one counts.

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// One answer.
    pub struct ConsentRow {
        pub kind: String,
        pub given: bool,
        pub text_version: String,
        pub at: i64,
    }
}

sql!(
    INSERT = "INSERT INTO consents (id, party_id, login_id, kind, given, text_version, at, ip) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
);
sql!(
    LATEST = "SELECT c.kind, c.given, c.text_version, c.at FROM consents c WHERE c.party_id = $1 AND NOT EXISTS (SELECT 1 FROM consents n WHERE n.party_id = c.party_id AND n.kind = c.kind AND (n.at > c.at OR (n.at = c.at AND n.id > c.id))) ORDER BY c.kind",
    ConsentRow
);

sql!(
    TEXT_IN_FORCE = "SELECT version FROM legal_texts WHERE kind = $1 AND locale = $2 AND valid_from_at <= $3 ORDER BY valid_from_at DESC, version DESC LIMIT 1",
    String
);

/// An answer to be written.
pub struct NewConsent<'a> {
    pub id: Uuid,
    pub party_id: Uuid,
    pub login_id: Option<Uuid>,
    /// `privacy_notice`, `marketing`, `guides`, `surveys`, `profiling`.
    pub kind: &'a str,
    pub given: bool,
    pub text_version: &'a str,
    pub at: i64,
    pub ip: Option<&'a str>,
}

/// Writes an answer.
pub async fn insert(tx: &mut WriteTx, c: &NewConsent<'_>) -> Result<()> {
    let values = args![c.id, c.party_id, c.login_id, c.kind, c.given, c.text_version, c.at, c.ip];
    tx.exactly_one(&INSERT, values).await
}
/// The last answer of each kind.
pub async fn latest(q: &mut impl Query, party: Uuid) -> Result<Vec<ConsentRow>> {
    q.all(&LATEST, args![party]).await
}
/// The version of a legal text that is in force.
pub async fn text_in_force(q: &mut impl Query, kind: &str, locale: &str, now: i64) -> Result<Option<String>> {
    q.opt(&TEXT_IN_FORCE, args![kind, locale, now]).await
}
