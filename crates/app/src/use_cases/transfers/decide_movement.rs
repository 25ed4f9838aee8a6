//! What an operator decides about a movement that found no order.

use domain::{audit::AuditLine, id::MovementId, ident::Text, operator::Permission};
use serde_json::json;
use store::{
    WriteTx,
    bank::{self as rows, Decided, MovementRow},
};

use super::{book, named};
use crate::{Cx, Problem, audit, use_cases::operators::authorise};

/// Longest note.
const NOTE_MAX: usize = 300;

/// The choice, as typed.
#[derive(Clone, Debug)]
pub enum Choice {
    /// It pays this order.
    Book { order: String },
    /// Nobody knows what it is for.
    Leave { note: String },
    /// It went back by a transfer that the operator has made; the note says which.
    GiveBack { note: String },
}

/// Carries the choice out. `version` is that of the page: what somebody else decided meanwhile stays.
///
/// # Errors
/// `NotFound`; `movement-decided` when it needs no decision any more; `invalid` with the fields `order`, `note`;
/// `Forbidden`.
pub async fn decide_movement(cx: &Cx, id: MovementId, version: i64, choice: Choice) -> Result<(), Problem> {
    authorise(cx, Permission::MoveMoney)?;
    let inner = cx.clone();
    cx.write(async move |tx| {
        let movement = rows::movement(tx, id).await?.ok_or_else(Problem::not_found)?;
        let open = matches!(movement.state.as_str(), "unmatched" | "unknown");
        if !open || movement.version != version {
            return Err(Problem::conflict("movement-decided"));
        }
        carry_out(tx, &inner, &movement, &choice).await
    })
    .await
}

async fn carry_out(tx: &mut WriteTx, cx: &Cx, movement: &MovementRow, choice: &Choice) -> Result<(), Problem> {
    let (state, action, note) = match choice {
        Choice::Book { order } => {
            let order = named(tx, order.trim()).await?;
            return book(tx, cx, movement, &order, None).await;
        }
        Choice::Leave { note } => ("unknown", "movement.left", note),
        Choice::GiveBack { note } => ("given_back", "movement.given_back", note),
    };
    let note = Text::line(note, NOTE_MAX).map_err(|e| Problem::invalid_field("note", e.code()))?.into_string();
    let decided =
        Decided { state, reason_code: movement.reason_code.as_deref(), note: Some(&note), ..Decided::default() };
    rows::decide(tx, movement.id, movement.version, &decided).await?;
    audit::record(tx, cx, &AuditLine::new(action, "movement", movement.id.uuid(), json!({}))).await
}
