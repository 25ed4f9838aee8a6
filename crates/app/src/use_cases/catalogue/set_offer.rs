//! How many GB of an add-on a list sells in all for a mailbox of a plan, from a day on. Who has more keeps it: the
//! offer bounds what is bought, not what is renewed.

use domain::{addon::Service, audit::AuditLine, operator::Permission, time::Date};
use serde_json::json;
use store::{
    Query, catalogue,
    catalogue_office::{self as rows, ListRow},
    offers::{self, DatedOfferRow, OfferImpactRow},
    price_lists::{self, ProductRow},
};
use uuid::Uuid;

use super::{AHEAD_MONTHS, operator, read_day};
use crate::{Cx, FieldProblem, Problem, audit, use_cases::operators::authorise};

/// Most GB that an offer may have; of what is not counted in GB, one.
const MOST_GB: i64 = 10_000;

/// An offer as it was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedOffer {
    pub list: String,
    pub plan: String,
    pub service: String,
    pub from: String,
    pub max_gb: String,
}

/// What an offer would change.
#[derive(Clone, Debug)]
pub struct OfferImpact {
    pub list: ListRow,
    pub plan: ProductRow,
    pub service: ProductRow,
    /// The one before it; none when it is not sold yet.
    pub old: Option<DatedOfferRow>,
    pub from: Date,
    /// None is no longer sold.
    pub max_gb: i64,
    pub agreements: i64,
    /// Counts of today, and the renewals of the next 13 months of those that have more than `max_gb`.
    pub found: OfferImpactRow,
    /// What was looked at.
    pub seen: String,
}

/// Looks at the impact; nothing is changed.
///
/// # Errors
/// `invalid` with the fields `plan`, `service` (a price of it in the list on the day), `from` (tomorrow at the earliest
/// where something is sold already, and a day that has no offer of its own), `max_gb`; `NotFound` without the list, `Forbidden`.
pub async fn look_at_offer(cx: &Cx, typed: &TypedOffer) -> Result<OfferImpact, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    look(&mut cx.store(), cx, typed).await
}

async fn look(q: &mut impl Query, cx: &Cx, typed: &TypedOffer) -> Result<OfferImpact, Problem> {
    let today = cx.now().date();
    let list = rows::lists(q).await?.into_iter().find(|l| l.code == typed.list).ok_or_else(Problem::not_found)?;
    if list.addon_rule.is_none() {
        return Err(Problem::refused("list-without-rule"));
    }
    let products = price_lists::products(q).await?;
    let known = |kind: &str, code: &str| products.iter().find(|p| p.kind == kind && p.code == code).cloned();
    let plan = known("mailbox_plan", &typed.plan).ok_or_else(|| FieldProblem::new("plan", "offer-plan"));
    // What no program knows how to give cannot be sold.
    let service = known("addon", &typed.service).filter(|s| Service::parse(&s.code).is_some());
    let service = service.ok_or_else(|| FieldProblem::new("service", "offer-service"));
    let key = (typed.list.as_str(), typed.plan.as_str(), typed.service.as_str());
    let history = offers::of(q, key).await?;
    let sold = history.iter().any(|o| o.from_day <= today);
    let from = read_day(&typed.from, today, i32::from(sold), "from");
    let max_gb = typed.max_gb.trim().parse().ok().filter(|n| (0..=MOST_GB).contains(n));
    let max_gb = max_gb.ok_or_else(|| FieldProblem::new("max_gb", "offer-gb").with("most", MOST_GB));
    let max_gb = max_gb.and_then(|n: i64| match Service::parse(&typed.service) {
        Some(service) if service.most(n) < n => Err(FieldProblem::new("max_gb", "offer-once")),
        _ => Ok(n),
    });
    let (plan, service, from, max_gb) = match (plan, service, from, max_gb) {
        (Ok(plan), Ok(service), Ok(from), Ok(max_gb)) => (plan, service, from, max_gb),
        (plan, service, from, max_gb) => {
            let wrong = [plan.err(), service.err(), from.err(), max_gb.err()];
            return Err(Problem::invalid(wrong.into_iter().flatten().collect()));
        }
    };
    if history.iter().any(|o| o.from_day == from) {
        return Err(Problem::invalid_field("from", "offer-day-taken"));
    }
    let old = history.iter().find(|o| o.from_day < from).cloned();
    if max_gb == 0 && old.as_ref().is_none_or(|o| o.max_gb == 0) {
        return Err(Problem::invalid_field("max_gb", "offer-not-sold"));
    }
    let prices = catalogue::prices(q, &typed.list, from.start()).await?;
    if max_gb > 0 && !prices.iter().any(|p| p.plan == typed.service) {
        return Err(Problem::invalid_field("service", "offer-without-price"));
    }
    let days = (from, today.plus_months(AHEAD_MONTHS));
    let found = if typed.list == cx.settings().retail_price_list {
        offers::retail_impact(q, key, max_gb, days).await?
    } else {
        offers::agreement_impact(q, key, max_gb, days).await?
    };
    let agreements = offers::agreements(q, &typed.list).await?;
    let latest = history.iter().map(|o| o.made_at.micros()).max().unwrap_or(0);
    let seen = format!("{}.{latest}", history.len());
    Ok(OfferImpact { list, plan, service, old, from, max_gb, agreements, found, seen })
}

/// Sets the offer that was looked at.
///
/// # Errors
/// As [`look_at_offer`]; `catalogue-changed` when the offers are no longer those that were shown.
pub async fn set_offer(cx: &Cx, typed: TypedOffer, seen: String) -> Result<(), Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let cx = &cx_in;
        let impact = look(tx, cx, &typed).await?;
        if impact.seen != seen {
            return Err(Problem::conflict("catalogue-changed"));
        }
        let key = (typed.list.as_str(), typed.plan.as_str(), typed.service.as_str());
        if offers::put(tx, key, (impact.from, impact.max_gb), cx.now(), operator(cx)).await? == 0 {
            return Err(Problem::invalid_field("from", "offer-day-taken"));
        }
        let details = json!({
            "list": typed.list,
            "plan": typed.plan,
            "service": typed.service,
            "from": impact.from.iso(),
            "max_gb": impact.max_gb,
            "before_gb": impact.old.map(|o| o.max_gb),
        });
        audit::record(tx, cx, &AuditLine::new("offer.set", "offer", Uuid::nil(), details)).await
    })
    .await
}
