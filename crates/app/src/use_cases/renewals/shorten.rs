//! An unpaid renewal order names mailboxes that can no longer be renewed: their time is over, or they ended while a
//! payment was under way, which lasts as long as its gateway is silent. It goes on for the others, at their price.

use std::collections::BTreeMap;

use domain::{audit::AuditLine, id::OrderId, money::Money, order::pricing};
use serde_json::json;
use store::{WriteTx, orders, renewals as rows};

use super::renewed::owed;
use crate::{Cx, Problem, audit};

/// What an unpaid renewal order still renews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    All,
    /// Some of it, at this price; `ended` are the addresses that it renewed before.
    Part {
        net: Money,
        vat: Money,
        ended: Vec<String>,
    },
    Nothing,
}

/// Takes out of an unpaid order what it can no longer renew. Whoever pays calls it first, so that what is left of the
/// money is the payer's credit.
///
/// # Errors
/// `Rerun` when the order was moved meanwhile.
pub(crate) async fn shorten(tx: &mut WriteTx, cx: &Cx, order: OrderId) -> Result<Left, Problem> {
    let services = rows::of_order(tx, order).await?;
    let (still, over): (Vec<_>, Vec<_>) = services.iter().partition(|s| owed(s));
    if still.is_empty() {
        return Ok(Left::Nothing);
    }
    if over.is_empty() {
        return Ok(Left::All);
    }
    let mut fewer: BTreeMap<&str, i64> = BTreeMap::new();
    for s in &over {
        *fewer.entry(s.plan_code.as_str()).or_default() += 1;
    }
    let lines = orders::lines(tx, order).await?;
    let (mut net, mut vat, mut shorter) = (Money::ZERO, Money::ZERO, Vec::new());
    for l in &lines {
        let priced = match fewer.remove(l.product_code.as_str()) {
            Some(gone) => {
                let quantity = l.quantity - gone;
                let (net, vat) = pricing::line(l.unit_net_cents, quantity, l.years, l.vat_bp);
                shorter.push((l.product_code.as_str(), quantity, net, vat));
                (net, vat)
            }
            None => (l.net_cents, l.vat_cents),
        };
        net += priced.0;
        vat += priced.1;
    }
    if !fewer.is_empty() || shorter.iter().any(|(_, quantity, ..)| *quantity < 0) {
        return Err(Problem::broken("a renewal order names mailboxes that no line of it sells"));
    }
    let without: Vec<_> = over.iter().map(|s| s.service_id).collect();
    let before: Money = lines.iter().map(|l| l.gross_cents).sum();
    rows::shorten(tx, &rows::Shortened { order, net, vat, without: &without, lines: &shorter }).await?;
    let details = json!({ "ended": without, "from_cents": before.as_cents(), "to_cents": (net + vat).as_cents() });
    audit::record(tx, cx, &AuditLine::new("order.shortened", "order", order.uuid(), details)).await?;
    Ok(Left::Part { net, vat, ended: over.iter().map(|s| s.address.clone()).collect() })
}
