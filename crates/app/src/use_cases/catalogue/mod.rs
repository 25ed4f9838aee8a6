//! Catalogue, price lists and agreements, changed by operators: from a day on, never backwards, seen before confirmed.

pub mod change_agreement;
pub mod change_product;
pub mod load;
pub mod new_list;
pub mod rename_list;
pub mod set_offer;
pub mod set_price;
pub mod take_back;

use domain::{actor::Actor, id::OperatorId, time::Date};

use crate::Cx;

/// Renewals are looked at so far ahead.
pub(crate) const AHEAD_MONTHS: i32 = 13;

/// A day as it was typed, today or later.
fn read_day(text: &str, today: Date, least: i32, field: &'static str) -> Result<Date, crate::FieldProblem> {
    let day = Date::parse_iso(text.trim()).ok_or_else(|| crate::FieldProblem::new(field, "day-bad"))?;
    if day < today.plus_days(least) { Err(crate::FieldProblem::new(field, "day-past")) } else { Ok(day) }
}

/// A name as people read it.
///
/// # Errors
/// `name-length` for the field `name`.
pub fn read_name(text: &str) -> Result<String, crate::FieldProblem> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let good = (2..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if good { Ok(name) } else { Err(crate::FieldProblem::new("name", "name-length")) }
}

/// Whether a plan or a list can have this code: it stands in addresses, files and agreements.
pub fn good_code(code: &str) -> bool {
    (3..=24).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && code.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
}

/// Who acts, when it is an operator.
fn operator(cx: &Cx) -> Option<OperatorId> {
    match cx.actor {
        Actor::Operator { operator, .. } => Some(operator),
        _ => None,
    }
}
