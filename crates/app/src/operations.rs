//! «Esito operazioni» of what a mailbox holder does besides buying: written in the transaction of the deed.

use domain::id::{MailboxId, OperationId};
use render::Msg;
use store::{Batch, WriteTx, agreements, operations as rows};

use crate::{Cx, Problem};

/// Notes a deed that succeeded; only mailboxes under agreements have the list (domain notes 4.1).
///
/// # Errors
/// When the store cannot be written.
pub(crate) async fn done(
    tx: &mut WriteTx,
    cx: &Cx,
    mailbox: MailboxId,
    kind: &'static str,
    key: &str,
) -> Result<(), Problem> {
    let Some(member) = agreements::member(tx, mailbox).await? else { return Ok(()) };
    let (id, message): (OperationId, _) = (cx.new_id(), serde_json::to_string(&Msg::new(key)));
    let message = message.expect("a sentence is plain data");
    let row = rows::NewOperation {
        id,
        party: member.party_id,
        mailbox,
        at: cx.now(),
        kind,
        outcome: "ok",
        message: &message,
        amount: None,
        order: None,
    };
    let mut batch = Batch::new();
    rows::insert(&mut batch, &row);
    Ok(tx.batch(batch).await?)
}
