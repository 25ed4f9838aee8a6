//! What is owed for the next period of each service: one row for each service and period.

use domain::{
    id::MailboxId,
    renewal::{ServiceKind, Way, calendar},
    time::Date,
};
use uuid::Uuid;

use crate::{Batch, Result, WriteTx, args, sql};

sql!(
    INSERT = "INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries) VALUES ($1, $2, $3, $4, $5, $6, 'open', 0)"
);
sql!(
    /// A mailbox that ends takes its add-ons along. The services come first and alone: by pairs SQLite would go along all
    /// that is owed.
    LAPSE_ALL = "UPDATE obligations SET state = 'lapsed', reason = $2, settled_day = $3 \
     WHERE service_id IN (SELECT mailbox_id FROM terms WHERE mailbox_id = $1 UNION ALL SELECT id FROM addons WHERE mailbox_id = $1) AND state IN ('open', 'running', 'parked') \
     AND (service_id, period_start) IN (SELECT mailbox_id, end_day + 1 FROM terms WHERE mailbox_id = $1 UNION ALL SELECT id, end_day + 1 FROM addons WHERE mailbox_id = $1)"
);
sql!(END_ADDONS = "UPDATE addons SET state = 'ended' WHERE mailbox_id = $1 AND state = 'active'");

/// Adds to a batch what a service will owe after `end`.
pub fn open(batch: &mut Batch<'_>, kind: ServiceKind, service: Uuid, mailbox: MailboxId, way: Way, end: Date) {
    let due = calendar::first_due(kind, way, end);
    let row = args![service, calendar::period_start(end), kind.as_str(), mailbox, due, way.as_str()];
    batch.add(&INSERT, row, 1);
}

/// A mailbox has ended for good: nothing is owed for it or its add-ons any more.
///
/// # Errors
/// The store's.
pub async fn lapse(tx: &mut WriteTx, mailbox: MailboxId, reason: &str, today: Date) -> Result<()> {
    let mut batch = Batch::new();
    batch.add_any(&LAPSE_ALL, args![mailbox, reason, today]);
    batch.add_any(&END_ADDONS, args![mailbox]);
    tx.batch(batch).await
}
