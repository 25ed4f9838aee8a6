//! Rows of the effects: the outbox and the timers of the platform.

use uuid::Uuid;

use crate::{Batch, P, Query, Result, WriteTx, args, row, sql};

/// A row to be written.
pub struct NewEffect<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub subject_kind: &'a str,
    pub subject_id: Uuid,
    pub payload: &'a str,
    pub dedup_key: Option<&'a str>,
    pub run_at: i64,
    pub trace: &'a str,
    pub created_at: i64,
}

row! {
    /// A row that a worker holds.
    pub struct ClaimedRow {
        pub id: Uuid,
        pub kind: String,
        pub payload: String,
        pub attempts: i64,
        pub run_at: i64,
        pub trace: String,
    }
}
row! {
    /// What a row asks for.
    pub struct AskedRow { pub kind: String, pub payload: String }
}
row! {
    /// Whether there is anything.
    pub struct OneRow { pub one: i64 }
}
row! {
    /// A row as operators see it.
    pub struct EffectRow {
        pub id: Uuid,
        pub kind: String,
        pub subject_kind: String,
        pub subject_id: Uuid,
        pub state: String,
        pub run_at: i64,
        pub attempts: i64,
        pub last_error: Option<String>,
        pub created_at: i64,
        pub finished_at: Option<i64>,
    }
}
row! {
    /// How many rows a state has.
    pub struct CountRow { pub state: String, pub count: i64 }
}

sql!(
    INSERT = "INSERT INTO effects (id, kind, subject_kind, subject_id, payload, dedup_key, state, run_at, attempts, trace, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'ready', $7, 0, $8, $9) ON CONFLICT (dedup_key) DO NOTHING"
);
sql!(
    ANY_DUE = "SELECT CAST(1 AS BIGINT) AS one WHERE EXISTS (SELECT 1 FROM effects WHERE state = 'ready' AND run_at <= $1) OR EXISTS (SELECT 1 FROM effects WHERE state = 'running' AND lease_until < $2)",
    OneRow
);
sql!(CLAIM =
    sqlite "UPDATE effects SET state = 'running', attempts = attempts + 1, lease_owner = $1, lease_until = $2 WHERE id IN (SELECT id FROM effects WHERE state = 'ready' AND run_at <= $3 ORDER BY run_at, id LIMIT $4) RETURNING id, kind, payload, attempts, run_at, trace",
    postgres "UPDATE effects SET state = 'running', attempts = attempts + 1, lease_owner = $1, lease_until = $2 WHERE id IN (SELECT id FROM effects WHERE state = 'ready' AND run_at <= $3 ORDER BY run_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) RETURNING id, kind, payload, attempts, run_at, trace",
    ClaimedRow);
sql!(ASKED = "SELECT kind, payload FROM effects WHERE id = $1", AskedRow);
sql!(
    RELEASE = "UPDATE effects SET state = 'ready', lease_owner = NULL, lease_until = NULL WHERE state = 'running' AND lease_until < $1"
);
// A row that is held is found by its identifier: by the state PostgreSQL would go along all that are at work, and conflict
// with everybody who claims or ends one.
sql!(RENEW = "UPDATE effects SET lease_until = $3 WHERE id = $1 AND lease_owner = $2 AND state || '' = 'running'");
sql!(
    DONE = "UPDATE effects SET state = 'done', finished_at = $3, lease_owner = NULL, lease_until = NULL, last_error = NULL WHERE id = $1 AND lease_owner = $2 AND state || '' = 'running'"
);
sql!(
    STUCK = "UPDATE effects SET state = 'stuck', finished_at = $4, last_error = $3, lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2 AND state || '' = 'running'"
);
sql!(
    POSTPONE = "UPDATE effects SET state = 'ready', run_at = $3, last_error = COALESCE($4, last_error), lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2 AND state || '' = 'running'"
);
// Counted as tried once: what calls outside looks first whether an earlier call was carried out.
sql!(
    RETRY = "UPDATE effects SET state = 'ready', run_at = $2, attempts = 1, finished_at = NULL WHERE id = $1 AND state = 'stuck'"
);
sql!(
    GIVE_UP = "UPDATE effects SET state = 'cancelled', finished_at = $2 WHERE id = $1 AND state IN ('ready', 'stuck')"
);
sql!(
    CANCEL_BY_KEY = "UPDATE effects SET state = 'cancelled', finished_at = $2 WHERE dedup_key = $1 AND state = 'ready'"
);
sql!(
    STUCK_LIST = "SELECT id, kind, subject_kind, subject_id, state, run_at, attempts, last_error, created_at, finished_at FROM effects WHERE state = 'stuck' ORDER BY finished_at, id LIMIT $1",
    EffectRow
);
sql!(
    STUCK_AFTER = "SELECT id, kind, subject_kind, subject_id, state, run_at, attempts, last_error, created_at, finished_at FROM effects WHERE state = 'stuck' AND finished_at >= $1 AND (finished_at, id) > ($1, $2) ORDER BY finished_at, id LIMIT $3",
    EffectRow
);
sql!(
    STUCK_ONE = "SELECT id, kind, subject_kind, subject_id, state, run_at, attempts, last_error, created_at, finished_at FROM effects WHERE id = $1 AND state = 'stuck'",
    EffectRow
);
sql!(
    BY_SUBJECT = "SELECT id, kind, subject_kind, subject_id, state, run_at, attempts, last_error, created_at, finished_at FROM effects WHERE subject_id = $1 ORDER BY created_at, id LIMIT 200",
    EffectRow
);
sql!(
    /// Each state by its own index: those that are done are many, and asked for at every look at the metrics.
    COUNTS = "SELECT 'ready' AS state, COUNT(*) AS count FROM effects WHERE state = 'ready' UNION ALL SELECT 'running', COUNT(*) FROM effects WHERE state = 'running' \
     UNION ALL SELECT 'stuck', COUNT(*) FROM effects WHERE state = 'stuck'",
    CountRow
);

sql!(
    DUE_KINDS = "SELECT kind FROM effects WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at, id LIMIT 100",
    String
);

/// The kinds of rows that are due, oldest first, at most 100.
pub async fn due_kinds(q: &mut impl Query, now: i64) -> Result<Vec<String>> {
    q.all(&DUE_KINDS, args![now]).await
}
/// Writes a row; one whose key is taken is dropped.
pub async fn insert(tx: &mut WriteTx, e: &NewEffect<'_>) -> Result<()> {
    let key = e.dedup_key.map_or(P::N, P::T);
    let row = args![e.id, e.kind, e.subject_kind, e.subject_id, e.payload, key, e.run_at, e.trace, e.created_at];
    let mut batch = Batch::new();
    batch.add_any(&INSERT, row);
    tx.later(batch).await
}
/// Is anything due at `now`, or held by a lease that ended before `real_now`?
pub async fn any_due(q: &mut impl Query, now: i64, real_now: i64) -> Result<bool> {
    Ok(q.opt(&ANY_DUE, args![now, real_now]).await?.is_some())
}
/// Takes up to `limit` due rows for `owner`.
pub async fn claim(tx: &mut WriteTx, owner: &str, lease_until: i64, now: i64, limit: i64) -> Result<Vec<ClaimedRow>> {
    let mut rows = tx.all(&CLAIM, args![owner, lease_until, now, limit]).await?;
    rows.sort_by_key(|r| (r.run_at, r.id));
    Ok(rows)
}
/// What a row asks for.
pub async fn asked(q: &mut impl Query, id: Uuid) -> Result<Option<AskedRow>> {
    q.opt(&ASKED, args![id]).await
}
/// Makes rows ready again whose holder has gone.
pub async fn release_expired(tx: &mut WriteTx, real_now: i64) -> Result<u64> {
    tx.run(&RELEASE, args![real_now]).await
}
/// Lengthens a claim; false when somebody else holds the row now.
pub async fn renew(tx: &mut WriteTx, id: Uuid, owner: &str, lease_until: i64) -> Result<bool> {
    Ok(tx.run(&RENEW, args![id, owner, lease_until]).await? == 1)
}
/// Closes a row; false when somebody else holds it now.
pub async fn mark_done(tx: &mut WriteTx, id: Uuid, owner: &str, now: i64) -> Result<bool> {
    Ok(tx.run(&DONE, args![id, owner, now]).await? == 1)
}
/// Parks a row for an operator; false when somebody else holds it now.
pub async fn mark_stuck(tx: &mut WriteTx, id: Uuid, owner: &str, reason: &str, now: i64) -> Result<bool> {
    Ok(tx.run(&STUCK, args![id, owner, reason, now]).await? == 1)
}
/// Gives a row back for a later time.
pub async fn postpone(tx: &mut WriteTx, id: Uuid, owner: &str, run_at: i64, error: Option<&str>) -> Result<u64> {
    tx.run(&POSTPONE, args![id, owner, run_at, error.map_or(P::N, P::T)]).await
}
/// An operator lets a stuck row be tried again.
pub async fn retry(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<bool> {
    Ok(tx.run(&RETRY, args![id, now]).await? == 1)
}
/// An operator gives a row up.
pub async fn give_up(tx: &mut WriteTx, id: Uuid, now: i64) -> Result<bool> {
    Ok(tx.run(&GIVE_UP, args![id, now]).await? == 1)
}
/// Takes a future row back, known by its key; false when it was gone or done.
pub async fn cancel_by_key(tx: &mut WriteTx, dedup_key: &str, now: i64) -> Result<bool> {
    Ok(tx.run(&CANCEL_BY_KEY, args![dedup_key, now]).await? == 1)
}
/// The stuck rows behind a place, the oldest first.
pub async fn stuck_after(q: &mut impl Query, after: (i64, Uuid), limit: i64) -> Result<Vec<EffectRow>> {
    q.all(&STUCK_AFTER, args![after.0, after.1, limit]).await
}
/// One of them.
pub async fn stuck_one(q: &mut impl Query, id: Uuid) -> Result<Option<EffectRow>> {
    q.opt(&STUCK_ONE, args![id]).await
}
/// The oldest stuck rows.
pub async fn stuck(q: &mut impl Query, limit: i64) -> Result<Vec<EffectRow>> {
    q.all(&STUCK_LIST, args![limit]).await
}
/// All rows about one thing, oldest first, at most 200.
pub async fn by_subject(q: &mut impl Query, subject_id: Uuid) -> Result<Vec<EffectRow>> {
    q.all(&BY_SUBJECT, args![subject_id]).await
}
/// Rows by state, for metrics.
pub async fn counts(q: &mut impl Query) -> Result<Vec<CountRow>> {
    q.all(&COUNTS, args![]).await
}
