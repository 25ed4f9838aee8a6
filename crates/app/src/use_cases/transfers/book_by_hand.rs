//! A transfer that an operator reads on the account's own page, booked by hand.

use domain::{
    bank::{read_amount, read_reference},
    id::{MovementId, OrderId},
    ident::Text,
    money::Money,
    operator::Permission,
    time::Date,
};
use store::{
    Batch,
    bank::{self as rows, NewMovement},
};

use super::{account, book, named};
use crate::{Cx, FieldProblem, Problem, use_cases::operators::authorise};

/// Longest name of a payer.
const PAYER_MAX: usize = 140;

/// What the operator types, as typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub order: String,
    pub amount: String,
    pub value_day: String,
    pub reference: String,
    pub payer: String,
}

/// The same, read.
struct Checked {
    order: String,
    amount: Money,
    value_day: Date,
    reference: String,
    payer: Option<String>,
}

/// Books it on its order.
///
/// # Errors
/// `invalid` with the fields `order`, `amount`, `value_day`, `reference` (also `movement-known`, for one that was
/// taken before), `payer`; `bank-missing`; `Forbidden`.
pub async fn book_by_hand(cx: &Cx, typed: &Typed) -> Result<OrderId, Problem> {
    authorise(cx, Permission::MoveMoney)?;
    let iban = account(cx.settings())?.iban.clone();
    let checked = check(cx, typed)?;
    let inner = cx.clone();
    let id: MovementId = cx.new_id();
    cx.write(async move |tx| {
        let cx = &inner;
        if rows::known(tx, &iban, &checked.reference).await?.is_some() {
            return Err(Problem::invalid_field("reference", "movement-known"));
        }
        let order = named(tx, &checked.order).await?;
        let mut batch = Batch::new();
        let new = NewMovement {
            id,
            account: &iban,
            reference: &checked.reference,
            statement: None,
            state: "new",
            reason_code: None,
            amount: checked.amount,
            currency: "EUR",
            value_day: checked.value_day,
            payer: checked.payer.as_deref(),
            payer_account: None,
            reason: &checked.order,
            taken_at: cx.now(),
        };
        rows::insert_movement(&mut batch, &new);
        tx.batch(batch).await?;
        let movement = rows::movement(tx, id).await?.ok_or_else(Problem::not_found)?;
        book(tx, cx, &movement, &order, None).await?;
        Ok(order.id)
    })
    .await
}

fn check(cx: &Cx, typed: &Typed) -> Result<Checked, Problem> {
    let amount = read_amount(&typed.amount).ok_or_else(|| FieldProblem::new("amount", "amount-bad"));
    let day = Date::parse_iso(typed.value_day.trim()).ok_or_else(|| FieldProblem::new("value_day", "day-bad"));
    // A bank counts money from a later day too, but it does not announce it for the next month.
    let soon = cx.now().date().plus_days(5);
    let day = day.and_then(|d| if d > soon { Err(FieldProblem::new("value_day", "day-future")) } else { Ok(d) });
    let reference = read_reference(&typed.reference).ok_or_else(|| FieldProblem::new("reference", "reference-bad"));
    let payer = match typed.payer.trim() {
        "" => Ok(None),
        name => {
            Text::line(name, PAYER_MAX).map(|n| Some(n.into_string())).map_err(|e| FieldProblem::new("payer", e.code()))
        }
    };
    match (amount, day, reference, payer) {
        (Ok(amount), Ok(value_day), Ok(reference), Ok(payer)) => {
            Ok(Checked { order: typed.order.trim().to_owned(), amount, value_day, reference, payer })
        }
        (amount, day, reference, payer) => Err(Problem::invalid(
            [amount.err(), day.err(), reference.err(), payer.err()].into_iter().flatten().collect(),
        )),
    }
}
