//! A movement of a statement looks for its order: by the number in the reason, and by nothing else.

use domain::{
    audit::AuditLine,
    bank::remittance::{Named, order_number},
    id::MovementId,
};
use serde_json::json;
use store::{
    WriteTx,
    bank::{self as rows, Decided},
};

use super::{book, by_card_only};
use crate::{Cx, Problem, audit};

/// Books the movement, or leaves it to an operator with the reason why. One that was decided about is left alone.
///
/// # Errors
/// When the store cannot be read or written, or the order was moved meanwhile.
pub async fn match_movement(tx: &mut WriteTx, cx: &Cx, id: MovementId) -> Result<(), Problem> {
    let Some(movement) = rows::movement(tx, id).await?.filter(|m| m.state == "new") else { return Ok(()) };
    let why = match order_number(&movement.reason) {
        Named::One(number) => match rows::order_by_number(tx, &number).await? {
            Some(order) if by_card_only(&order) => "card_only",
            Some(order) => return book(tx, cx, &movement, &order, None).await,
            None => "no_such_order",
        },
        Named::Several => "several_orders",
        Named::Nothing => "no_number",
    };
    let decided = Decided { state: "unmatched", reason_code: Some(why), ..Decided::default() };
    rows::decide(tx, id, movement.version, &decided).await?;
    let line = AuditLine::new("movement.unmatched", "movement", id.uuid(), json!({ "why": why }));
    audit::record(tx, cx, &line).await
}
