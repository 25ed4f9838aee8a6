//! What is recorded of each change.

use serde_json::Value;
use uuid::Uuid;

/// One line of the audit: what happened to which thing. Who, when and the trace are added by
/// the use case that writes it. `details` never holds secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditLine {
    /// A dotted verb in the past tense: `order.placed`, `login.password_changed`.
    pub action: &'static str,
    /// Kind of the thing: `order`, `login`, `mailbox`, …
    pub subject_kind: &'static str,
    pub subject_id: Uuid,
    /// A JSON object with the facts that matter; names of changed fields rather than personal data.
    pub details: Value,
}
impl AuditLine {
    pub fn new(action: &'static str, subject_kind: &'static str, subject_id: Uuid, details: Value) -> Self {
        Self { action, subject_kind, subject_id, details }
    }
}
