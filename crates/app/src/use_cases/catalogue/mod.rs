//! Catalogue, price lists and agreements, changed by operators: from a day on, never backwards, seen before confirmed.

pub mod change_agreement;
pub mod set_price;

use domain::time::Date;

/// Renewals are looked at so far ahead.
pub(crate) const AHEAD_MONTHS: i32 = 13;

/// A day as it was typed, today or later.
fn read_day(text: &str, today: Date, least: i32, field: &'static str) -> Result<Date, crate::FieldProblem> {
    let day = Date::parse_iso(text.trim()).ok_or_else(|| crate::FieldProblem::new(field, "day-bad"))?;
    if day < today.plus_days(least) { Err(crate::FieldProblem::new(field, "day-past")) } else { Ok(day) }
}
