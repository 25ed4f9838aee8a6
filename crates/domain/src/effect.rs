//! Effects as plain data: what a decision wants done afterwards.

use serde_json::Value;
use uuid::Uuid;

use crate::time::Timestamp;

/// A wish for an effect, written as a row in the transaction that decided it.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectRequest {
    /// Stable name of the effect, for example `send_notice`.
    pub kind: &'static str,
    pub subject_kind: &'static str,
    pub subject_id: Uuid,
    /// The effect's own data; no secrets, since the row is kept.
    pub payload: Value,
    /// A second request with the same key is the same effect; `None` when each request counts.
    pub dedup_key: Option<String>,
    /// Not before this moment.
    pub run_at: Timestamp,
}
