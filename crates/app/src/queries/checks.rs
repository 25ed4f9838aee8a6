//! The checks of `ceralacca doctor` that the database answers by itself.

use domain::time::MINUTE_US;
use store::{checks as rows, terminations};

use crate::{Cx, Problem, audit, books, use_cases::catalogue::load::lacking};

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Dotted name; those of the books begin with `books.`.
    pub name: &'static str,
    pub ok: bool,
    /// For a person: what was counted, or what is wrong.
    pub detail: String,
}
impl Check {
    pub fn fine(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: true, detail: detail.into() }
    }
    pub fn wrong(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: false, detail: detail.into() }
    }
    /// Fine when nothing was found.
    fn none(name: &'static str, found: i64, what: &str) -> Self {
        Self { name, ok: found == 0, detail: format!("{found} {what}") }
    }
}

/// Longest time that an effect may be due without having been taken, microseconds.
const LATE_US: i64 = 15 * MINUTE_US;

/// Orphaned events that are told one by one.
const ORPHANS: i64 = 5;

/// Schema, books, orders, effects, events, withdrawals, texts, catalogue, audit; in this order.
///
/// # Errors
/// When the store cannot be read at all.
pub async fn all(cx: &Cx) -> Result<Vec<Check>, Problem> {
    let pending = cx.store().pending_migrations().await?;
    if !pending.is_empty() {
        let detail = format!("{} migrations wait, the first is {}: run `ceralacca migrate`", pending.len(), pending[0]);
        return Ok(vec![Check::wrong("database.schema", detail)]);
    }
    let mut found = vec![Check::fine("database.schema", "up to date")];
    found.extend(records(cx).await?);
    found.extend(effects(cx).await?);
    found.push(orphans(cx).await?);
    let overdue = store::withdrawals::overdue(&mut cx.store(), cx.now().date()).await?;
    found.push(Check::none("withdrawals.refunds", overdue, "withdrawals wait for their money beyond the 14 days"));
    let altered = super::legal::altered(cx).await?;
    found.push(match altered.as_slice() {
        [] => Check::fine("legal.texts", "the texts are those that were accepted"),
        some => Check::wrong("legal.texts", format!("changed after they were published: {}", some.join(", "))),
    });
    found.push(shop(cx).await?);
    found.push(match audit::verify(cx).await? {
        Ok(lines) => Check::fine("audit.chain", format!("{lines} lines hold")),
        Err(line) => Check::wrong("audit.chain", format!("line {line} is not the one that was written")),
    });
    Ok(found)
}

async fn records(cx: &Cx) -> Result<Vec<Check>, Problem> {
    let q = &mut cx.store();
    let mut found = books::prove(cx).await?;
    found.extend([
        Check::none("books.once", rows::twice_served(q).await?, "places of an order were served twice"),
        Check::none("orders.served", rows::unserved(q).await?, "completed orders lack a mailbox"),
        Check::none(
            "mailboxes.register",
            rows::out_of_register(q).await?,
            "mailboxes are not in the register of addresses",
        ),
        Check::none("addons.sms", rows::unwatched(q).await?, "add-ons «avviso SMS» tell nobody"),
        Check::none("agreements.lists", rows::unsaid(q).await?, "members' mailboxes are not in the list of their body"),
        Check::none("renewals.owed", rows::unrenewed(q).await?, "services have no obligation for their next period"),
        Check::none(
            "renewals.notices",
            terminations::charged(q).await? + terminations::unflagged(q).await?,
            "notices of termination do not stop the renewal",
        ),
        Check::none("renewals.terms", rows::out_of_term(q).await?, "obligations do not begin where their service ends"),
    ]);
    Ok(found)
}

/// Whether people can buy. A provider that sells under agreements alone has no shop, and needs the texts all the same.
async fn shop(cx: &Cx) -> Result<Check, Problem> {
    const NAME: &str = "catalogue.sells";
    const HINT: &str =
        "`ceralacca admin catalogue FILE` loads one, `ceralacca admin catalogue-example DIR` writes one to begin with";
    let agreements = store::catalogue_office::agreements(&mut cx.store()).await?.len();
    let lacking = lacking(cx).await?;
    let told = lacking.all().collect::<Vec<_>>().join("; ");
    Ok(match (told.as_str(), lacking.texts.is_empty() && agreements > 0) {
        ("", _) => Check::fine(NAME, "people can buy"),
        (told, true) => Check::fine(NAME, format!("{agreements} agreements, and no shop: {told}")),
        (told, false) => Check::wrong(NAME, format!("{told}: {HINT}")),
    })
}

/// Events that a gateway sent about payments that are not ours. Nothing is wrong here, so the check holds; but money
/// may have moved for another installation, or for a database that was put back to an older state.
async fn orphans(cx: &Cx) -> Result<Check, Problem> {
    let found = store::inbound::orphans(&mut cx.store(), ORPHANS + 1).await?;
    let many = if found.len() as i64 > ORPHANS { " and older ones" } else { "" };
    let told: Vec<String> = found
        .iter()
        .take(ORPHANS as usize)
        .map(|e| format!("{} {} {} of {}", e.source, e.kind, e.event_id, e.received_at.rfc3339()))
        .collect();
    Ok(Check::fine(
        "payments.orphans",
        match told.as_slice() {
            [] => "every event was about a payment of ours".to_owned(),
            told => format!("events about no payment of ours: {}{many}", told.join(", ")),
        },
    ))
}

async fn effects(cx: &Cx) -> Result<Vec<Check>, Problem> {
    let q = &mut cx.store();
    let stuck = store::effects::counts(q).await?.into_iter().find(|c| c.state == "stuck").map_or(0, |c| c.count);
    let late = rows::late_effects(q, cx.now().plus_us(-LATE_US).micros()).await?;
    Ok(vec![
        Check::none("effects.stuck", stuck, "effects are stuck: `ceralacca admin effects` shows them"),
        Check::none("effects.late", late, "effects have been due for 15 minutes: is a worker running?"),
    ])
}
