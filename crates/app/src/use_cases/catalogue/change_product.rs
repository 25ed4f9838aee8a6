//! Name of a plan or an add-on, and the days on which it is sold. Who has it keeps it and renews it at its price.

use domain::{audit::AuditLine, operator::Permission, time::Date};
use serde_json::json;
use store::price_lists::{self as rows, ProductRow};
use uuid::Uuid;

use super::{read_day, read_name};
use crate::{Cx, FieldProblem, Problem, audit, use_cases::operators::authorise};

/// A product as it was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedProduct {
    pub name: String,
    pub from: String,
    pub until: String,
}

/// Changes the product that was shown in this version.
///
/// # Errors
/// `invalid` with the fields `name`, `from` (stays once it is sold), `until` (today or later, and not before `from`);
/// `catalogue-changed` when somebody else was quicker; `NotFound`; `Forbidden`.
pub async fn change_product(cx: &Cx, code: &str, version: i64, typed: TypedProduct) -> Result<(), Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let (cx_in, code) = (cx.clone(), code.to_owned());
    cx.write(async move |tx| {
        let known = rows::product(tx, &code).await?.ok_or_else(Problem::not_found)?;
        if known.version != version {
            return Err(Problem::conflict("catalogue-changed"));
        }
        let (name, days) = read(&known, &typed, cx_in.now().date())?;
        if rows::change_product(tx, (&code, version), &name, days).await? == 0 {
            return Err(Problem::conflict("catalogue-changed"));
        }
        let iso = |day: Option<Date>| day.map(|d| d.iso());
        let details = json!({
            "product": code,
            "name": name,
            "from": days.0.iso(),
            "until": iso(days.1),
            "before": { "name": known.name, "from": known.sold_from_day.iso(), "until": iso(known.sold_until_day) },
        });
        audit::record(tx, &cx_in, &AuditLine::new("product.changed", "product", Uuid::nil(), details)).await
    })
    .await
}

/// What is past stays as it was: only what is still to come is read as a new day.
fn read(known: &ProductRow, typed: &TypedProduct, today: Date) -> Result<(String, (Date, Option<Date>)), Problem> {
    let name = read_name(&typed.name);
    let same = |text: &str, day: Option<Date>| Date::parse_iso(text.trim()).is_some_and(|d| Some(d) == day);
    let from = match () {
        () if same(&typed.from, Some(known.sold_from_day)) => Ok(known.sold_from_day),
        () if known.sold_from_day <= today => Err(FieldProblem::new("from", "product-begun")),
        () => read_day(&typed.from, today, 0, "from"),
    };
    let until = match typed.until.trim() {
        "" => Ok(None),
        text if same(text, known.sold_until_day) => Ok(known.sold_until_day),
        text => read_day(text, today, 0, "until").map(Some),
    };
    match (name, from, until) {
        (Ok(_), Ok(from), Ok(Some(until))) if until < from => Err(Problem::invalid_field("until", "day-order")),
        (Ok(name), Ok(from), Ok(until)) => Ok((name, (from, until))),
        (name, from, until) => {
            Err(Problem::invalid([name.err(), from.err(), until.err()].into_iter().flatten().collect()))
        }
    }
}
