//! The nightly run: its nights, the place of each step, what came of the rows, and the sets that its steps move.

use domain::time::{Date, Timestamp};
use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// One night.
    pub struct NightRow { pub day: Date, pub state: String, pub begun_at: Timestamp, pub ended_at: Option<Timestamp> }
}
row! {
    /// One step of a night.
    pub struct StepRow {
        pub step: String,
        pub after_day: Date,
        pub after_id: Uuid,
        pub pages: i64,
        pub due: Option<i64>,
        pub seen: i64,
        pub worked_us: i64,
        pub ended_at: Option<Timestamp>,
    }
}
row! {
    /// How often a step came to an outcome.
    pub struct OutcomeRow { pub step: String, pub outcome: String, pub count: i64 }
}
row! {
    /// A service that a step looks at, in the step's order.
    pub struct DueRow { pub day: Date, pub id: Uuid, pub address: String }
}

sql!(LATEST = "SELECT day, state, begun_at, ended_at FROM nights ORDER BY day DESC LIMIT 1", NightRow);
sql!(NIGHT = "SELECT day, state, begun_at, ended_at FROM nights WHERE day = $1", NightRow);
sql!(LIST = "SELECT day, state, begun_at, ended_at FROM nights WHERE day < $1 ORDER BY day DESC LIMIT $2", NightRow);
sql!(DONE_BEFORE = "SELECT day FROM nights WHERE day < $1 AND state = 'done' ORDER BY day DESC LIMIT 1", Date);
sql!(OPEN = "INSERT INTO nights (day, state, begun_at) VALUES ($1, 'running', $2) ON CONFLICT (day) DO NOTHING");
sql!(
    OPEN_STEP = "INSERT INTO night_steps (day, position, step, after_day, after_id, pages, seen, worked_us) VALUES ($1, $2, $3, $4, $5, 0, 0, 0)"
);
sql!(
    SUPERSEDE =
        "UPDATE nights SET state = 'superseded', ended_at = $2 WHERE day < $1 AND state IN ('running','paused')"
);
sql!(SET_STATE = "UPDATE nights SET state = $3 WHERE day = $1 AND state = $2");
sql!(CLOSE = "UPDATE nights SET state = 'done', ended_at = $2 WHERE day = $1 AND state = 'running'");
sql!(
    STEPS = "SELECT step, after_day, after_id, pages, due, seen, worked_us, ended_at FROM night_steps WHERE day = $1 ORDER BY position",
    StepRow
);
sql!(
    TAKE = "UPDATE night_steps SET pages = pages + 1 WHERE day = $1 AND step = $2 AND pages = $3 AND ended_at IS NULL"
);
sql!(
    ADVANCE = "UPDATE night_steps SET after_day = $3, after_id = $4, due = $5, seen = seen + $6, worked_us = worked_us + $7, ended_at = $8 WHERE day = $1 AND step = $2"
);
sql!(
    COUNT_OUTCOME = "INSERT INTO night_outcomes (day, step, outcome, count) VALUES ($1, $2, $3, $4) ON CONFLICT (day, step, outcome) DO UPDATE SET count = night_outcomes.count + excluded.count"
);
sql!(OUTCOMES = "SELECT step, outcome, count FROM night_outcomes WHERE day = $1 ORDER BY step, outcome", OutcomeRow);

// A cross join keeps SQLite at the days, which are few, and a state that is no column is found by no index: the one of
// states looks good wherever statistics say that few are in it.
sql!(
    /// Active mailboxes whose paid period ended on one of the days from $1 to before $2.
    ENDED_COUNT = "SELECT COUNT(*) AS count FROM terms t CROSS JOIN mailboxes m WHERE m.id = t.mailbox_id AND t.end_day >= $1 AND t.end_day < $2 AND m.state || '' = 'active'", i64
);
sql!(
    ENDED = "SELECT t.end_day AS day, t.mailbox_id AS id, m.address FROM terms t CROSS JOIN mailboxes m \
     WHERE m.id = t.mailbox_id AND t.end_day >= $1 AND (t.end_day, t.mailbox_id) > ($1, $2) AND t.end_day < $3 AND m.state || '' = 'active' ORDER BY t.end_day, t.mailbox_id LIMIT $4",
    DueRow
);
// The same audit line as the machine writes for one mailbox; a test compares them.
sql!(EXPIRE_AUDIT =
    sqlite "INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace) \
     SELECT CAST($5 || unhex(printf('%012x', ROW_NUMBER() OVER (ORDER BY t.end_day, t.mailbox_id))) AS BLOB), $6, 'system', 'mailbox.expired', 'mailbox', m.id, \
     '{\"from\":\"active\",\"to\":\"expired\"}', $7 FROM terms t CROSS JOIN mailboxes m \
     WHERE m.id = t.mailbox_id AND t.end_day >= $1 AND (t.end_day, t.mailbox_id) > ($1, $2) AND t.end_day <= $3 AND (t.end_day, t.mailbox_id) <= ($3, $4) AND m.state || '' = 'active'",
    postgres "INSERT INTO audit_lines (id, at, actor_kind, action, subject_kind, subject_id, details, trace) \
     SELECT CAST(encode($5, 'hex') || lpad(to_hex(ROW_NUMBER() OVER (ORDER BY t.end_day, t.mailbox_id)), 12, '0') AS UUID), $6, 'system', 'mailbox.expired', 'mailbox', m.id, \
     '{\"from\":\"active\",\"to\":\"expired\"}', $7 FROM terms t CROSS JOIN mailboxes m \
     WHERE m.id = t.mailbox_id AND t.end_day >= $1 AND (t.end_day, t.mailbox_id) > ($1, $2) AND t.end_day <= $3 AND (t.end_day, t.mailbox_id) <= ($3, $4) AND m.state || '' = 'active'"
);
sql!(
    EXPIRE = "UPDATE mailboxes SET state = 'expired', state_at = $5, version = version + 1 WHERE id IN \
     (SELECT m.id FROM terms t CROSS JOIN mailboxes m WHERE m.id = t.mailbox_id AND m.state || '' = 'active' \
     AND t.end_day >= $1 AND t.end_day <= $3 AND (t.end_day, t.mailbox_id) > ($1, $2) AND (t.end_day, t.mailbox_id) <= ($3, $4))"
);
sql!(
    /// Expired mailboxes whose paid period ended on one of the days from $1 to before $2.
    GRACE_COUNT = "SELECT COUNT(*) AS count FROM terms t CROSS JOIN mailboxes m WHERE m.id = t.mailbox_id AND t.end_day >= $1 AND t.end_day < $2 AND m.state || '' = 'expired'", i64
);
sql!(
    GRACE_OVER = "SELECT t.end_day AS day, t.mailbox_id AS id, m.address FROM terms t CROSS JOIN mailboxes m \
     WHERE m.id = t.mailbox_id AND t.end_day >= $1 AND (t.end_day, t.mailbox_id) > ($1, $2) AND t.end_day < $3 AND m.state || '' = 'expired' ORDER BY t.end_day, t.mailbox_id LIMIT $4",
    DueRow
);

/// A stretch of rows in the order (day, identifier): after the first, up to the second.
pub type Stretch = ((Date, Uuid), (Date, Uuid));

/// The night of the latest date there is.
pub async fn latest(q: &mut impl Query) -> Result<Option<NightRow>> {
    q.opt(&LATEST, args![]).await
}
/// The night of this date.
pub async fn night(q: &mut impl Query, day: Date) -> Result<Option<NightRow>> {
    q.opt(&NIGHT, args![day]).await
}
/// Nights before a date, the latest first.
pub async fn list(q: &mut impl Query, before: Date, limit: i64) -> Result<Vec<NightRow>> {
    q.all(&LIST, args![before, limit]).await
}
/// The last finished night before a date.
pub async fn done_before(q: &mut impl Query, day: Date) -> Result<Option<Date>> {
    q.opt(&DONE_BEFORE, args![day]).await
}
/// Begins a night with its steps, which start after `start`; earlier ones that are not finished are left to it.
pub async fn open(tx: &mut WriteTx, day: Date, steps: &[&str], start: (Date, Uuid), now: Timestamp) -> Result<()> {
    if tx.run(&OPEN, args![day, now]).await? == 0 {
        return Ok(());
    }
    tx.run(&SUPERSEDE, args![day, now]).await?;
    for (position, step) in steps.iter().enumerate() {
        tx.run(&OPEN_STEP, args![day, position as i64, *step, start.0, start.1]).await?;
    }
    Ok(())
}
/// Moves a night from one state to another; false when it stands elsewhere.
pub async fn set_state(tx: &mut WriteTx, day: Date, from: &str, to: &str) -> Result<bool> {
    Ok(tx.run(&SET_STATE, args![day, from, to]).await? == 1)
}
/// Everything of this night is done.
pub async fn close(tx: &mut WriteTx, day: Date, now: Timestamp) -> Result<u64> {
    tx.run(&CLOSE, args![day, now]).await
}
/// The steps of a night in their order.
pub async fn steps(q: &mut impl Query, day: Date) -> Result<Vec<StepRow>> {
    q.all(&STEPS, args![day]).await
}
/// Takes the next page of a step, which is its `pages`-th; false when somebody else did.
pub async fn take(tx: &mut WriteTx, day: Date, step: &str, pages: i64) -> Result<bool> {
    Ok(tx.run(&TAKE, args![day, step, pages]).await? == 1)
}
/// Where a step stands after a page.
pub struct Advance<'a> {
    pub step: &'a str,
    pub after: (Date, Uuid),
    pub due: i64,
    pub seen: i64,
    pub worked_us: i64,
    /// When the step was finished, if it was.
    pub ended_at: Option<Timestamp>,
}
/// Keeps it.
pub async fn advance(tx: &mut WriteTx, day: Date, a: &Advance<'_>) -> Result<()> {
    let ended = a.ended_at.map(Timestamp::micros);
    tx.exactly_one(&ADVANCE, args![day, a.step, a.after.0, a.after.1, a.due, a.seen, a.worked_us, ended]).await
}
/// Adds to what came of a step's rows.
pub async fn count_outcome(tx: &mut WriteTx, day: Date, step: &str, outcome: &str, count: i64) -> Result<()> {
    tx.exactly_one(&COUNT_OUTCOME, args![day, step, outcome, count]).await
}
/// What came of the rows of a night.
pub async fn outcomes(q: &mut impl Query, day: Date) -> Result<Vec<OutcomeRow>> {
    q.all(&OUTCOMES, args![day]).await
}

/// Active mailboxes whose paid period ended on one of these days.
pub async fn ended_count(q: &mut impl Query, from: Date, before: Date) -> Result<i64> {
    q.one(&ENDED_COUNT, args![from, before]).await
}
/// The same mailboxes after a place, in their order.
pub async fn ended(q: &mut impl Query, after: (Date, Uuid), before: Date, limit: i64) -> Result<Vec<DueRow>> {
    q.all(&ENDED, args![after.0, after.1, before, limit]).await
}
/// Lets the active mailboxes of a stretch of terms expire, with an audit line each; answers how many.
/// `ids` is the head of the lines' identifiers.
pub async fn expire(tx: &mut WriteTx, s: Stretch, ids: &[u8; 10], now: Timestamp, trace: &str) -> Result<u64> {
    let ((a, b), (c, d)) = s;
    tx.run(&EXPIRE_AUDIT, args![a, b, c, d, ids, now, trace]).await?;
    tx.run(&EXPIRE, args![a, b, c, d, now]).await
}
/// Expired mailboxes whose paid period ended on one of these days.
pub async fn grace_count(q: &mut impl Query, from: Date, before: Date) -> Result<i64> {
    q.one(&GRACE_COUNT, args![from, before]).await
}
/// The same mailboxes after a place, in their order.
pub async fn grace_over(q: &mut impl Query, after: (Date, Uuid), before: Date, limit: i64) -> Result<Vec<DueRow>> {
    q.all(&GRACE_OVER, args![after.0, after.1, before, limit]).await
}
