//! A page of what is due: the credit pays set-wise, stored methods are charged by effects, what can no longer be
//! renewed lapses.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    money::Money,
    renewal::{
        ServiceKind, Way, calendar,
        wallet::{Taken, take},
    },
    time::Date,
};
use store::{
    WriteTx, night_looks,
    renewals::{self as rows, DueRow, RenewalPage},
};
use uuid::Uuid;

use super::{
    charge,
    leave_out::leave_out,
    prices::{Prices, Trouble},
    wallet::{self, Settled},
};
use crate::{Cx, Problem};

/// What came of a page, and where the next one begins.
pub struct DuePage {
    /// Nothing when everything has been seen.
    pub next: Option<(Date, Uuid)>,
    pub seen: i64,
    pub settled: Settled,
}

/// Does what is due on `day` behind `after`, at most `limit` of it. Everything is written in `tx`, guarded by the
/// states of the obligations: a page that is repeated finds nothing left to do.
///
/// # Errors
/// The store's; `Rerun` when something was moved meanwhile.
pub async fn due_page(
    tx: &mut WriteTx,
    cx: &Cx,
    day: Date,
    after: (Date, Uuid),
    limit: i64,
) -> Result<DuePage, Problem> {
    let due = rows::due(tx, day, after, limit).await?;
    let next = due.last().filter(|_| due.len() as i64 == limit).map(|o| (o.due_day, o.service_id));
    let seen = due.len() as i64;
    if due.is_empty() {
        return Ok(DuePage { next, seen, settled: Settled::default() });
    }
    let prices = Prices::at(tx, cx, day.start()).await?;
    let (mut by_wallet, mut charges, mut over, mut early) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in due {
        match course(&row, day) {
            Course::Wallet => by_wallet.push(row),
            Course::Charge => charges.push(row),
            Course::Over => over.push(row),
            Course::TooEarly(due) => early.push((row, due)),
        }
    }
    let mut settled = wallet::settle(tx, cx, day, &prices, &by_wallet).await?;
    for row in &charges {
        let looked = charge::ask(tx, cx, day, &prices, row).await?;
        settled.count(looked.outcome);
        settled.looked.push(looked);
    }
    lapse(tx, cx, day, &over, &early, &mut settled).await?;
    rows::write_looked(tx, day, &last_of_each(&settled.looked)).await?;
    Ok(DuePage { next, seen, settled })
}

/// What [`due_page`] would do of these rows, and what would be charged: the same rules, and nothing is written.
pub fn foresee(due: &[DueRow], prices: &Prices, day: Date) -> Vec<(&'static str, Option<Money>)> {
    let mut wallets: HashMap<_, Money> = HashMap::new();
    let told = |row: &DueRow| match (course(row, day), prices.renewal(row)) {
        (Course::Over, _) | (_, Err(Trouble::End(_))) => ("lapsed", None),
        (Course::TooEarly(_), _) => ("waiting", None),
        (_, Err(Trouble::Park(_))) => ("parked", None),
        (_, Err(Trouble::AgreementClosed)) => ("not-renewed", None),
        (Course::Charge, Ok(renewal)) => ("charging", Some(renewal.quote.gross)),
        (Course::Wallet, Ok(renewal)) => {
            let left = wallets.entry(row.wallet()).or_insert_with(|| row.available());
            match take(renewal.quote.gross, *left) {
                Taken::Paid { left: rest } => {
                    *left = rest;
                    ("renewed", Some(renewal.quote.gross))
                }
                Taken::Short { .. } => ("short", Some(renewal.quote.gross)),
            }
        }
    };
    due.iter().map(told).collect()
}

enum Course {
    Wallet,
    Charge,
    /// The days in which it could be renewed are over.
    Over,
    TooEarly(Date),
}

fn course(row: &DueRow, day: Date) -> Course {
    let mailbox = row.service_kind == ServiceKind::Mailbox.as_str();
    if mailbox && day > calendar::last_renewal_day(row.term_end) {
        return Course::Over;
    }
    match Way::parse(&row.way) {
        Some(Way::Card | Way::Paypal) if mailbox => Course::Charge,
        Some(Way::Wallet) | None => Course::Wallet,
        Some(way) if mailbox => {
            Course::TooEarly(calendar::first_due(ServiceKind::Mailbox, way, row.term_end).max(day.plus_days(1)))
        }
        Some(_) => Course::Wallet,
    }
}

/// What is over lapses, and its unpaid order goes on without it; one whose payment is under way waits for it.
async fn lapse(
    tx: &mut WriteTx,
    cx: &Cx,
    day: Date,
    over: &[DueRow],
    early: &[(DueRow, Date)],
    settled: &mut Settled,
) -> Result<(), Problem> {
    let mut page = RenewalPage::default();
    let mut orders = BTreeSet::new();
    for row in over {
        let pending = rows::pending(tx, row.service_id).await?;
        if pending.iter().any(|p| p.unknown_payments > 0) {
            let next = day.plus_days(1);
            page.later.push(again(row, next));
            settled.look(row, "waiting", None, Some(next));
            settled.count("waiting");
            continue;
        }
        orders.extend(pending.iter().map(|p| p.id));
        let (service, period) = (row.service_id, row.period_start);
        page.closed.push(rows::Closed { service, period, state: "lapsed", reason: "not-renewed" });
        settled.look(row, "lapsed", Some("not-renewed"), None);
        settled.count("lapsed");
    }
    for (row, due) in early {
        page.later.push(again(row, *due));
        settled.look(row, "waiting", None, Some(*due));
    }
    rows::write_obligations(tx, &page, day).await?;
    let system = cx.by(domain::actor::Actor::System);
    for order in orders {
        leave_out(tx, &system, order).await?;
    }
    Ok(())
}

/// An add-on that was judged by itself and once more behind its mailbox is told by what came last. What the credit paid
/// needs no row: the obligation says so.
fn last_of_each(looked: &[rows::Looked]) -> Vec<rows::Looked> {
    let mut last: BTreeMap<_, &rows::Looked> = BTreeMap::new();
    for l in looked {
        last.insert((l.service, l.period), l);
    }
    last.into_values().filter(|l| l.outcome != night_looks::RENEWED).cloned().collect()
}

fn again(row: &DueRow, due: Date) -> rows::TriedAgain {
    rows::TriedAgain { service: row.service_id, period: row.period_start, tries: row.tries, due }
}
