//! A new price from a day on. What was sold keeps its price; carts and renewals take the new one when its day comes.

use domain::{audit::AuditLine, bank::read_amount, id::PriceId, money::Money, operator::Permission, time::Date};
use serde_json::json;
use store::{
    Query,
    catalogue::{self, NewPrice},
    catalogue_office::{self as rows, DatedPriceRow},
    price_lists::{self, ProductRow},
};

use super::{AHEAD_MONTHS, read_day};
use crate::{Cx, FieldProblem, Problem, audit, use_cases::operators::authorise};

/// A price as it was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedPrice {
    pub list: String,
    pub product: String,
    pub from: String,
    pub net: String,
}

/// What a new price would change.
#[derive(Clone, Debug)]
pub struct PriceImpact {
    pub product: ProductRow,
    /// The price before it; none where the list gets its first one of the product.
    pub old: Option<DatedPriceRow>,
    /// In hundredths of a percent.
    pub vat_bp: i64,
    pub from: Date,
    pub net: Money,
    /// Mailboxes or add-ons that have the product now.
    pub holding: i64,
    pub carts: i64,
    /// Renewals of the next 13 months that fall under the new price, and the difference that they make, net.
    pub renewals: i64,
    pub difference: Money,
    /// What was looked at; it is not the same when somebody else has changed the prices.
    pub seen: String,
}

/// Looks at the impact; nothing is changed.
///
/// # Errors
/// `invalid` with the fields `product`, `from` (tomorrow at the earliest where a price is in force, and a day that has no
/// price of its own), `net`; `NotFound` without the list; `Forbidden`.
pub async fn look_at_price(cx: &Cx, typed: &TypedPrice) -> Result<PriceImpact, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    look(&mut cx.store(), cx, typed).await
}

async fn look(q: &mut impl Query, cx: &Cx, typed: &TypedPrice) -> Result<PriceImpact, Problem> {
    let today = cx.now().date();
    if !rows::lists(q).await?.iter().any(|l| l.code == typed.list) {
        return Err(Problem::not_found());
    }
    let known = rows::prices_of(q, &typed.list, &typed.product).await?;
    let (product, from, net) = read(q, typed, &known, today).await?;
    if known.iter().any(|p| p.valid_from_at.date() == from) {
        return Err(Problem::invalid_field("from", "price-day-taken"));
    }
    let before = known.iter().find(|p| p.valid_from_at < from.start());
    let vat_bp = match before.or(known.last()) {
        Some(price) => price.vat_bp,
        None => price_lists::vat_bp(q, &typed.product).await?.ok_or_else(|| Problem::refused("price-without-vat"))?,
    };
    // It holds until the next price that is planned already.
    let next = known.iter().rev().find(|p| p.valid_from_at > from.start()).map(|p| p.valid_from_at.date());
    let end = today.plus_months(AHEAD_MONTHS);
    let days = (from, next.map_or(end, |n| n.min(end)));
    let retail = typed.list == cx.settings().retail_price_list;
    let found = match (product.kind.as_str(), retail) {
        ("addon", _) => rows::addon_impact(q, &typed.list, &typed.product, days).await?,
        (_, true) => rows::retail_impact(q, &typed.product, days).await?,
        (_, false) => rows::agreement_impact(q, &typed.list, &typed.product, days).await?,
    };
    let carts = if retail { rows::open_carts(q, &typed.product, cx.now()).await? } else { 0 };
    let latest = known.first().map(|p| p.id.to_string()).unwrap_or_default();
    Ok(PriceImpact {
        from,
        net,
        vat_bp,
        holding: found.holding,
        carts,
        renewals: found.renewals,
        difference: before.map_or(Money::ZERO, |b| (net - b.net_cents) * found.units),
        seen: format!("{latest}.{}", known.len()),
        old: before.cloned(),
        product,
    })
}

async fn read(
    q: &mut impl Query,
    typed: &TypedPrice,
    known: &[DatedPriceRow],
    today: Date,
) -> Result<(ProductRow, Date, Money), Problem> {
    let product = price_lists::product(q, &typed.product).await?;
    let product = product.ok_or_else(|| FieldProblem::new("product", "product-not-in-list"));
    // The price of today has been shown to people already, if there is one.
    let shown = known.iter().any(|p| p.valid_from_at <= today.start());
    let from = read_day(&typed.from, today, i32::from(shown), "from");
    let net = match typed.net.trim() {
        "0" | "0,00" | "0.00" => Some(Money::ZERO),
        text => read_amount(text),
    };
    let net = net.ok_or_else(|| FieldProblem::new("net", "amount-bad"));
    match (product, from, net) {
        (Ok(product), Ok(from), Ok(net)) => Ok((product, from, net)),
        (product, from, net) => {
            Err(Problem::invalid([product.err(), from.err(), net.err()].into_iter().flatten().collect()))
        }
    }
}

/// Sets the price that was looked at.
///
/// # Errors
/// As [`look_at_price`]; `catalogue-changed` when the prices are no longer those that were shown.
pub async fn set_price(cx: &Cx, typed: TypedPrice, seen: String) -> Result<PriceId, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let cx = &cx_in;
        let impact = look(tx, cx, &typed).await?;
        if impact.seen != seen {
            return Err(Problem::conflict("catalogue-changed"));
        }
        let id: PriceId = cx.new_id();
        let price = NewPrice {
            id,
            list: &typed.list,
            plan: &typed.product,
            valid_from: impact.from.start(),
            unit_net: impact.net,
            vat_bp: impact.vat_bp,
        };
        if catalogue::put_price(tx, &price).await? == 0 {
            return Err(Problem::invalid_field("from", "price-day-taken"));
        }
        let details = json!({
            "list": typed.list,
            "product": typed.product,
            "from": impact.from.iso(),
            "net_cents": impact.net,
            "before_cents": impact.old.map(|o| o.net_cents),
        });
        audit::record(tx, cx, &AuditLine::new("price.set", "price", id.uuid(), details)).await?;
        Ok(id)
    })
    .await
}
