//! A holder renews his mailbox by hand, out of his credit (domain notes 4.2, 6.2): what the night would do, at once.

use domain::{
    actor::Actor,
    id::MailboxId,
    mailbox::termination::bars_renewal,
    money::Money,
    order::{cart::MAX_YEARS, pricing::Quote},
    renewal::{
        Way, calendar,
        machine::ObligationState,
        wallet::{Taken, take},
    },
    time::Date,
    wallet::shortfall,
};
use store::{
    Query, WriteTx, client_keys, mailboxes,
    renewals::{self as rows, DueRow},
};

use super::{
    facts,
    prices::{Prices, Trouble},
    wallet::settle,
};
use crate::{Cx, Problem};

/// Most add-ons of a mailbox that are told.
const MOST: i64 = 200;

/// An add-on that comes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Follower {
    pub service: String,
    pub gb: i64,
    pub gross: Money,
    /// The credit reaches for it, after what stands before it.
    pub covered: bool,
}

/// Renewing for a number of years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub quote: Quote,
    pub until: Date,
    /// The oldest first.
    pub addons: Vec<Follower>,
    /// What the credit lacks for the mailbox; zero when it is enough.
    pub missing: Money,
    /// The same for the mailbox with all its add-ons.
    pub missing_in_all: Money,
    /// What is left once everything that is covered is paid.
    pub left: Money,
}

/// What a mailbox can be renewed for out of the credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByCredit {
    pub address: String,
    pub plan_name: String,
    pub end: Date,
    /// For how many years it was renewed last.
    pub usual_years: i64,
    /// What may be spent.
    pub held: Money,
    /// One for each number of years that stays within the horizon.
    pub choices: Vec<Choice>,
}

/// Whether and for how much the acting mailbox may be renewed by hand, today.
///
/// # Errors
/// `NotFound` when its holder does not renew it; `renewal-body-order`, `renewal-too-late`, `renewal-horizon`,
/// `renewal-charging`, `renewal-parked`, `renewal-already-paid`, `renewal-ended`, `renewal-agreement-closed`.
pub async fn renewable_with_credit(cx: &Cx, mailbox: MailboxId) -> Result<ByCredit, Problem> {
    let q = &mut cx.store();
    let row = own_by_credit(q, cx, mailbox).await?;
    let prices = Prices::at(q, cx, cx.now()).await?;
    look(q, cx, &row, &prices).await
}

/// What the acting mailbox owes, when its holder renews it.
pub(crate) async fn own_by_credit(q: &mut impl Query, cx: &Cx, mailbox: MailboxId) -> Result<DueRow, Problem> {
    if cx.actor != (Actor::Mailbox { mailbox }) {
        return Err(Problem::not_found());
    }
    let card = mailboxes::card(q, mailbox).await?.ok_or_else(Problem::not_found)?;
    let row = rows::of_service(q, mailbox.uuid(), calendar::period_start(card.end_day)).await?;
    let row = row.ok_or_else(|| Problem::refused("renewal-ended"))?;
    let of_holder = matches!(Way::parse(&row.way), Some(Way::Wallet | Way::Manual));
    if row.agreement_list.is_some() && of_holder { Ok(row) } else { Err(Problem::not_found()) }
}

async fn look(q: &mut impl Query, cx: &Cx, row: &DueRow, prices: &Prices) -> Result<ByCredit, Problem> {
    let (today, end) = (cx.now().date(), row.term_end);
    if bars_renewal(row.notice, true, end, today) {
        return Err(Problem::refused("renewal-noticed"));
    }
    let refused = match facts(row, end)?.state {
        ObligationState::Open if rows::pending(q, row.service_id).await?.is_empty() => None,
        // The body had begun to renew it.
        ObligationState::Open => Some("renewal-body-order"),
        ObligationState::Running => Some("renewal-charging"),
        ObligationState::Parked => Some("renewal-parked"),
        ObligationState::Met => Some("renewal-already-paid"),
        ObligationState::Lapsed => Some("renewal-ended"),
    };
    if let Some(code) = refused {
        return Err(Problem::refused(code));
    }
    if today > calendar::last_renewal_day(end) {
        return Err(Problem::refused("renewal-too-late"));
    }
    let followers = rows::followers(q, row.mailbox_id, MOST).await?;
    let mut choices = Vec::new();
    for years in (1..=MAX_YEARS).filter(|n| calendar::within_horizon(today, calendar::renewed_end(end, *n))) {
        choices.push(choice(row, &followers, prices, years)?);
    }
    if choices.is_empty() {
        return Err(Problem::refused("renewal-horizon"));
    }
    Ok(ByCredit {
        address: row.address.clone(),
        plan_name: row.plan_name.clone(),
        end,
        usual_years: row.years,
        held: row.available(),
        choices,
    })
}

/// As [`settle`] would judge it, line by line.
fn choice(row: &DueRow, followers: &[DueRow], prices: &Prices, years: i64) -> Result<Choice, Problem> {
    let renewal = prices.renewal(&DueRow { years, ..row.clone() }).map_err(told)?;
    let held = row.available();
    let mut left = match take(renewal.quote.gross, held) {
        Taken::Paid { left } => left,
        Taken::Short { .. } => held,
    };
    let missing = shortfall(renewal.quote.gross, held);
    let (mut addons, mut sum) = (Vec::new(), renewal.quote.gross);
    for addon in followers.iter().filter(|a| a.addon_end.is_some_and(|end| end < renewal.until)) {
        // What has no price is left to an operator by the renewal itself.
        let Ok(follows) = prices.renewal(&DueRow { term_end: renewal.until, ..addon.clone() }) else { continue };
        let gross = follows.quote.gross;
        let covered = match take(gross, left) {
            Taken::Paid { left: rest } if missing == Money::ZERO => {
                left = rest;
                true
            }
            _ => false,
        };
        sum += gross;
        let service = addon.addon_service.clone().unwrap_or_default();
        addons.push(Follower { service, gb: addon.gb.unwrap_or_default(), gross, covered });
    }
    let missing_in_all = shortfall(sum, held);
    Ok(Choice { quote: renewal.quote, until: renewal.until, addons, missing, missing_in_all, left })
}

/// Why there is no price, to the holder.
pub(crate) fn told(trouble: Trouble) -> Problem {
    Problem::refused(match trouble {
        Trouble::Park(_) => "renewal-parked",
        Trouble::End(_) => "renewal-ended",
        Trouble::AgreementClosed => "renewal-agreement-closed",
    })
}

/// What the holder confirms.
#[derive(Clone, Debug)]
pub struct RenewWithCredit {
    pub mailbox: MailboxId,
    pub years: i64,
    /// The total that stood above the button, VAT included.
    pub shown: Money,
    /// The end that stood there: a second tab is noticed by it.
    pub end: Date,
    /// Key of the form: sent twice, it counts once.
    pub key: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewed {
    pub until: Date,
    /// Add-ons that the credit did not reach for.
    pub short: i64,
}

/// Renews it at once; its add-ons follow, the oldest first, as far as the credit goes.
///
/// # Errors
/// Those of [`renewable_with_credit`]; `invalid` with the field `years`; `renewal-moved` when it was renewed
/// meanwhile; `price-changed` with both totals; `credit-short` with what is lacking.
pub async fn renew_with_credit(cx: &Cx, input: RenewWithCredit) -> Result<Renewed, Problem> {
    if !(8..=64).contains(&input.key.len()) {
        return Err(Problem::conflict("renewal-moved"));
    }
    let cx_in = cx.clone();
    cx.write(async move |tx| run(tx, &cx_in, &input).await).await
}

async fn run(tx: &mut WriteTx, cx: &Cx, input: &RenewWithCredit) -> Result<Renewed, Problem> {
    let row = own_by_credit(tx, cx, input.mailbox).await?;
    let scope = format!("renewal:{}", input.mailbox);
    if let Some(before) = client_keys::result(tx, &scope, &input.key).await? {
        let until = Date::parse_iso(&before).ok_or_else(|| Problem::broken("result of a renewal"))?;
        return Ok(Renewed { until, short: 0 });
    }
    if row.term_end != input.end {
        return Err(Problem::conflict("renewal-moved"));
    }
    let prices = Prices::at(tx, cx, cx.now()).await?;
    let found = look(tx, cx, &row, &prices).await?;
    let choice = found.choices.into_iter().find(|c| c.quote.years == input.years);
    let choice = choice.ok_or_else(|| Problem::invalid_field("years", "renewal-horizon"))?;
    let gross = choice.quote.gross;
    if gross != input.shown {
        let changed = Problem::refused("price-changed").with("shown", input.shown.as_cents());
        return Err(changed.with("now", gross.as_cents()));
    }
    if choice.missing > Money::ZERO {
        return Err(Problem::refused("credit-short").with("missing", choice.missing.as_cents()));
    }
    let due = [DueRow { years: input.years, ..row }];
    let settled = settle(tx, cx, cx.now().date(), &prices, &due).await?;
    if settled.mailboxes != [input.mailbox] {
        return Err(Problem::broken("a renewal that was priced was not made"));
    }
    client_keys::claim(tx, &scope, &input.key, &choice.until.iso(), cx.now().micros()).await?;
    Ok(Renewed { until: choice.until, short: settled.counts.get("short").copied().unwrap_or_default() })
}
