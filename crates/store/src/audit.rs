//! Rows of the audit.

use uuid::Uuid;

use crate::{Batch, P, Query, Result, WriteTx, args, row, sql};

/// A line to be written.
pub struct NewLine<'a> {
    pub id: Uuid,
    pub at: i64,
    pub actor_kind: &'a str,
    pub actor_id: Option<Uuid>,
    pub action: &'a str,
    pub subject_kind: &'a str,
    pub subject_id: Uuid,
    pub details: &'a str,
    pub trace: &'a str,
}
row! {
    /// A line without its place in the chain.
    pub struct LineRow {
        pub id: Uuid,
        pub at: i64,
        pub actor_kind: String,
        pub actor_id: Option<Uuid>,
        pub action: String,
        pub subject_kind: String,
        pub subject_id: Uuid,
        pub details: String,
        pub trace: String,
    }
}
row! {
    /// The end of the chain.
    pub struct LastRow { pub seq: i64, pub hash: Vec<u8> }
}
row! {
    /// A chained line.
    pub struct SealedRow {
        pub seq: i64,
        pub hash: Vec<u8>,
        pub id: Uuid,
        pub at: i64,
        pub actor_kind: String,
        pub actor_id: Option<Uuid>,
        pub action: String,
        pub subject_kind: String,
        pub subject_id: Uuid,
        pub details: String,
        pub trace: String,
    }
}
impl SealedRow {
    /// The line alone.
    pub fn line(&self) -> LineRow {
        let s = self;
        LineRow {
            id: s.id,
            at: s.at,
            actor_kind: s.actor_kind.clone(),
            actor_id: s.actor_id,
            action: s.action.clone(),
            subject_kind: s.subject_kind.clone(),
            subject_id: s.subject_id,
            details: s.details.clone(),
            trace: s.trace.clone(),
        }
    }
}

sql!(
    INSERT = "INSERT INTO audit_lines (id, at, actor_kind, actor_id, action, subject_kind, subject_id, details, trace) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
);
sql!(
    LAST = "SELECT seq, hash FROM audit_lines WHERE seq IS NOT NULL AND hash IS NOT NULL ORDER BY seq DESC LIMIT 1",
    LastRow
);
sql!(
    UNSEALED = "SELECT id, at, actor_kind, actor_id, action, subject_kind, subject_id, details, trace FROM audit_lines WHERE seq IS NULL ORDER BY id LIMIT $1",
    LineRow
);
sql!(SEAL = "UPDATE audit_lines SET seq = $2, hash = $3 WHERE id = $1 AND seq IS NULL");
sql!(
    SEALED = "SELECT seq, hash, id, at, actor_kind, actor_id, action, subject_kind, subject_id, details, trace FROM audit_lines WHERE seq > $1 AND seq IS NOT NULL AND hash IS NOT NULL ORDER BY seq LIMIT $2",
    SealedRow
);
sql!(
    BY_SUBJECT = "SELECT id, at, actor_kind, actor_id, action, subject_kind, subject_id, details, trace FROM audit_lines WHERE subject_id = $1 ORDER BY at, id LIMIT 200",
    LineRow
);

/// Writes a line, not chained yet.
pub async fn insert(tx: &mut WriteTx, l: &NewLine<'_>) -> Result<()> {
    let actor = l.actor_id.map_or(P::N, P::U);
    let a = args![l.id, l.at, l.actor_kind, actor, l.action, l.subject_kind, l.subject_id, l.details, l.trace];
    tx.later(Batch::one(&INSERT, a, 1)).await
}
/// The end of the chain; none when it has not begun.
pub async fn last_sealed(q: &mut impl Query) -> Result<Option<LastRow>> {
    q.opt(&LAST, args![]).await
}
/// Lines that are not chained, in the order of their making.
pub async fn unsealed(q: &mut impl Query, limit: i64) -> Result<Vec<LineRow>> {
    q.all(&UNSEALED, args![limit]).await
}
/// Gives a line its place in the chain.
pub async fn seal(tx: &mut WriteTx, id: Uuid, seq: i64, hash: &[u8]) -> Result<()> {
    tx.later(Batch::one(&SEAL, args![id, seq, hash], 1)).await
}
/// Chained lines after a number.
pub async fn sealed_after(q: &mut impl Query, seq: i64, limit: i64) -> Result<Vec<SealedRow>> {
    q.all(&SEALED, args![seq, limit]).await
}
/// What happened to one thing, oldest first, at most 200 lines.
pub async fn by_subject(q: &mut impl Query, subject_id: Uuid) -> Result<Vec<LineRow>> {
    q.all(&BY_SUBJECT, args![subject_id]).await
}
