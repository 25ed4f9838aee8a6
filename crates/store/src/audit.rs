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
// Left to itself SQLite takes the unique index of the numbers, in which all lines without one are alike: it reads and
// sorts the whole backlog for each page of it.
sql!(UNSEALED =
    sqlite "SELECT id, at, actor_kind, actor_id, action, subject_kind, subject_id, details, trace FROM audit_lines INDEXED BY audit_lines_unsealed WHERE seq IS NULL ORDER BY id LIMIT $1",
    postgres "SELECT id, at, actor_kind, actor_id, action, subject_kind, subject_id, details, trace FROM audit_lines WHERE seq IS NULL ORDER BY id LIMIT $1",
    LineRow);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DatabaseUrl, EngineKind, Store, testing};

    /// What a page of the backlog is found by: its index, in the order of that index.
    async fn must_go_along(store: &Store, explain: &str, text: &str) {
        let told: Vec<String> = match store.engine() {
            EngineKind::Postgres => store.all_text(&format!("{explain} {text}"), args![256]).await.unwrap(),
            EngineKind::Sqlite => {
                let steps: Vec<(i64, i64, i64, String)> =
                    store.all_text(&format!("{explain} {text}"), args![256]).await.unwrap();
                steps.into_iter().map(|(.., step)| step).collect()
            }
        };
        assert!(told.iter().any(|step| step.contains("audit_lines_unsealed")), "{told:#?}");
        assert!(!told.iter().any(|step| step.contains("ORDER BY") || step.contains("Sort")), "{told:#?}");
    }

    #[tokio::test]
    async fn a_page_of_the_backlog_does_not_read_the_backlog() {
        let db = testing::fresh(EngineKind::Sqlite).await;
        must_go_along(&db.store, "EXPLAIN QUERY PLAN", UNSEALED.statement.sqlite).await;
        let DatabaseUrl::Sqlite(path) = &db.url else { unreachable!("made on SQLite") };
        let sealed = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000) \
            INSERT INTO audit_lines SELECT randomblob(16), n, 's', NULL, 'a', 'm', randomblob(16), '', '', CASE WHEN n < 1900 THEN n END, NULL FROM c; ANALYZE";
        rusqlite::Connection::open(path).unwrap().execute_batch(sealed).unwrap();
        let store = Store::open(&db.url, crate::Options::default()).await.unwrap();
        must_go_along(&store, "EXPLAIN QUERY PLAN", UNSEALED.statement.sqlite).await;
    }

    #[tokio::test]
    async fn nor_on_postgres() {
        let db = testing::fresh(EngineKind::Postgres).await;
        let (client, connection) = tokio_postgres::connect(&db.address(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let lines = "INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace, seq) \
            SELECT gen_random_uuid(), n, 's', 'a', 'm', gen_random_uuid(), '', '', CASE WHEN n < 10000 THEN n END FROM generate_series(1, 20000) n; ANALYZE audit_lines";
        client.batch_execute(lines).await.unwrap();
        must_go_along(&db.store, "EXPLAIN", UNSEALED.statement.postgres).await;
    }
}
