//! What was planned and has not begun is taken back: a price, an offer, a change of an agreement. What is in force is
//! corrected by a newer one, since somebody has seen it.

use domain::{audit::AuditLine, operator::Permission, time::Date};
use serde_json::{Value, json};
use store::{Query, WriteTx, catalogue_office as rows, offers, price_lists};
use uuid::Uuid;

use crate::{Cx, Problem, audit, use_cases::operators::authorise};

/// Something that is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    Price { list: String, product: String },
    Offer { list: String, plan: String, service: String },
    Agreement { code: String },
}

/// What a plan says, in the words of those who made it.
#[derive(Clone, Debug)]
pub enum PlannedFound {
    Price(rows::DatedPriceRow),
    Offer(offers::DatedOfferRow),
    Agreement(rows::VersionRow),
}

/// Whether the first day of an agreement may be taken back: its row holds those terms already.
pub(crate) fn founding(agreement: &rows::AgreementLineRow, from: Date) -> bool {
    agreement.valid_from_day == from
}

/// Finds what begins on a later day.
///
/// # Errors
/// `planned-gone` when it has begun, or was taken back already; `version-founding` for the first day of an agreement;
/// `Forbidden`.
pub async fn planned(cx: &Cx, what: &Planned, from: Date) -> Result<PlannedFound, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    find(&mut cx.store(), cx, what, from).await
}

async fn find(q: &mut impl Query, cx: &Cx, what: &Planned, from: Date) -> Result<PlannedFound, Problem> {
    let gone = || Problem::refused("planned-gone");
    if from <= cx.now().date() {
        return Err(gone());
    }
    match what {
        Planned::Price { list, product } => {
            let known = rows::prices_of(q, list, product).await?;
            let one = known.into_iter().find(|p| p.valid_from_at.date() == from && p.valid_from_at > cx.now());
            one.map(PlannedFound::Price).ok_or_else(gone)
        }
        Planned::Offer { list, plan, service } => {
            let known = offers::of(q, (list, plan, service)).await?;
            known.into_iter().find(|o| o.from_day == from).map(PlannedFound::Offer).ok_or_else(gone)
        }
        Planned::Agreement { code } => {
            let agreement = rows::agreement(q, code).await?.ok_or_else(Problem::not_found)?;
            if founding(&agreement, from) {
                return Err(Problem::refused("version-founding"));
            }
            let known = rows::versions(q, code).await?;
            let one = known.into_iter().find(|v| v.from_day == from && v.begun_at.is_none());
            one.map(PlannedFound::Agreement).ok_or_else(gone)
        }
    }
}

/// Takes it back.
///
/// # Errors
/// As [`planned`].
pub async fn take_back(cx: &Cx, what: Planned, from: Date) -> Result<(), Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let cx = &cx_in;
        let found = find(tx, cx, &what, from).await?;
        let (gone, line) = remove(tx, cx, &what, from, &found).await?;
        if gone == 0 {
            return Err(Problem::refused("planned-gone"));
        }
        audit::record(tx, cx, &line).await
    })
    .await
}

/// The rows that went, and what is recorded of it: all that they said.
async fn remove(
    tx: &mut WriteTx,
    cx: &Cx,
    what: &Planned,
    from: Date,
    found: &PlannedFound,
) -> Result<(u64, AuditLine), Problem> {
    let today = cx.now().date();
    let line = |action, kind, id, details: Value| AuditLine::new(action, kind, id, details);
    Ok(match (what, found) {
        (Planned::Price { list, product }, PlannedFound::Price(p)) => {
            let details = json!({ "list": list, "product": product, "from": from.iso(), "net_cents": p.net_cents });
            let gone = price_lists::take_back_price(tx, p.id, cx.now()).await?;
            (gone, line("price.taken_back", "price", p.id.uuid(), details))
        }
        (Planned::Offer { list, plan, service }, PlannedFound::Offer(o)) => {
            let details =
                json!({ "list": list, "plan": plan, "service": service, "from": from.iso(), "max_gb": o.max_gb });
            let gone = offers::take_back(tx, (list, plan, service), from, today).await?;
            (gone, line("offer.taken_back", "offer", Uuid::nil(), details))
        }
        (Planned::Agreement { code }, PlannedFound::Agreement(v)) => {
            let details = json!({
                "agreement": code,
                "from": from.iso(),
                "until": v.valid_until_day.map(|d| d.iso()),
                "purchases": v.purchases,
                "renewals": v.renewals,
                "price_list": v.price_list,
                "renewal_kind": v.renewal_kind,
                "years": v.years,
                "quota": v.mailbox_quota,
            });
            // The effect that would have begun it finds nothing to begin.
            let gone = price_lists::take_back_version(tx, code, from, today).await?;
            (gone, line("agreement.change_taken_back", "agreement", Uuid::nil(), details))
        }
        _ => return Err(Problem::broken("something else was found than was asked for")),
    })
}
