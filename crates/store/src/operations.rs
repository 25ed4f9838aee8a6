//! «Esito operazioni»: what a mailbox holder did and what became of it, kept 24 months (domain notes 4.1).

use domain::{
    id::{MailboxId, OperationId, OrderId, PartyId},
    money::Money,
    time::Timestamp,
};

use crate::{Batch, args, row, sql};

row! {
    /// A line of the list.
    pub struct OperationRow {
        pub id: OperationId,
        pub at: Timestamp,
        pub address: String,
        pub kind: String,
        pub outcome: String,
        pub message: String,
        pub amount_cents: Option<Money>,
        pub order_id: Option<OrderId>,
    }
}

sql!(
    INSERT = "INSERT INTO operations (id, party_id, mailbox_id, at, kind, outcome, message, amount_cents, order_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
);
sql!(SETTLE = "UPDATE operations SET outcome = $2, message = $3, amount_cents = $4 WHERE order_id = $1");

/// An outcome to be written; `message` is a sentence by its key, as JSON.
pub struct NewOperation<'a> {
    pub id: OperationId,
    pub party: PartyId,
    pub mailbox: MailboxId,
    pub at: Timestamp,
    pub kind: &'a str,
    pub outcome: &'a str,
    pub message: &'a str,
    pub amount: Option<Money>,
    pub order: Option<OrderId>,
}

/// Adds an outcome to a batch.
pub fn insert<'a>(batch: &mut Batch<'a>, o: &NewOperation<'a>) {
    batch.add(&INSERT, args![o.id, o.party, o.mailbox, o.at, o.kind, o.outcome, o.message, o.amount, o.order], 1);
}

/// Writes what became of the operation of an order.
pub fn settle<'a>(batch: &mut Batch<'a>, order: OrderId, outcome: &'a str, message: &'a str, amount: Option<Money>) {
    batch.add(&SETTLE, args![order, outcome, message, amount], 1);
}
