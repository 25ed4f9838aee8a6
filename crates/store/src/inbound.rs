//! Events that came in from outside, as they came.

use domain::{
    id::{AttemptId, InboundId},
    time::Timestamp,
};

use crate::{Query, Result, WriteTx, args, row, sql};

/// An event to be kept.
pub struct NewEvent<'a> {
    pub id: InboundId,
    pub source: &'a str,
    pub event_id: &'a str,
    pub kind: &'a str,
    pub attempt: Option<AttemptId>,
    pub body: &'a [u8],
    pub received_at: Timestamp,
    pub outcome: &'a str,
}
row! {
    /// An event as operators see it.
    pub struct EventRow {
        pub id: InboundId,
        pub source: String,
        pub event_id: String,
        pub kind: String,
        pub attempt_id: Option<AttemptId>,
        pub received_at: Timestamp,
        pub outcome: String,
    }
}

sql!(
    INSERT = "INSERT INTO inbound_events (id, source, event_id, kind, attempt_id, body, received_at, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
     ON CONFLICT (source, event_id) DO NOTHING"
);
sql!(
    ORPHANS = "SELECT id, source, event_id, kind, attempt_id, received_at, outcome FROM inbound_events WHERE attempt_id IS NULL ORDER BY id DESC LIMIT $1",
    EventRow
);

/// Keeps an event; false when it is there already.
pub async fn insert(tx: &mut WriteTx, e: &NewEvent<'_>) -> Result<bool> {
    let args = args![e.id, e.source, e.event_id, e.kind, e.attempt, e.body, e.received_at, e.outcome];
    Ok(tx.run(&INSERT, args).await? == 1)
}
/// The newest events about nothing that we know.
pub async fn orphans(q: &mut impl Query, limit: i64) -> Result<Vec<EventRow>> {
    q.all(&ORPHANS, args![limit]).await
}
