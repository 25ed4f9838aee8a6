//! An add-on that ended since the credit was short comes back on request, for the current year (domain notes 5.5): its
//! content was kept, and what it gives is there again at once.

use domain::{
    actor::Actor,
    addon::{
        Service, check_amount,
        comeback::{Lapsed, comes_back},
        pricing::AddonQuote,
    },
    id::{AddonId, MailboxId},
    money::Money,
    renewal::{calendar, machine::ObligationState},
    time::Date,
    wallet::shortfall,
};
use store::{
    Query, WriteTx, addons, client_keys,
    renewals::{self as rows, DueRow},
};

use crate::{
    Cx, Problem,
    use_cases::renewals::{prices::Prices, renew_with_credit::told, wallet::settle},
};

/// What an add-on that ended costs to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comeback {
    pub address: String,
    pub service: String,
    /// When it ended, and the last day on which it may come back.
    pub end: Date,
    pub last_day: Date,
    pub quote: AddonQuote,
    /// What may be spent, and what that lacks.
    pub held: Money,
    pub missing: Money,
}

/// The price of an add-on of the acting mailbox that shall come back.
///
/// # Errors
/// `NotFound`; `addon-runs`, `addon-ended`, `addon-too-late`, `addon-mailbox-ended`, `addon-mailbox-inactive`,
/// `addon-no-room`, `addon-mobile-needed`; `renewal-parked`, `renewal-agreement-closed`.
pub async fn comeback(cx: &Cx, mailbox: MailboxId, addon: AddonId) -> Result<Comeback, Problem> {
    let q = &mut cx.store();
    let prices = Prices::at(q, cx, cx.now()).await?;
    Ok(look(q, cx, &prices, mailbox, addon).await?.0)
}

/// With the row that is renewed: it ends when the current year does.
async fn look(
    q: &mut impl Query,
    cx: &Cx,
    prices: &Prices,
    mailbox: MailboxId,
    addon: AddonId,
) -> Result<(Comeback, DueRow), Problem> {
    if cx.actor != (Actor::Mailbox { mailbox }) {
        return Err(Problem::not_found());
    }
    let own = addons::one(q, mailbox, addon).await?.ok_or_else(Problem::not_found)?;
    let row = rows::of_service(q, addon.uuid(), calendar::period_start(own.end_day)).await?;
    let row = row.ok_or_else(|| Problem::refused("addon-ended"))?;
    let state = ObligationState::parse(&row.state).ok_or_else(|| Problem::broken("state of an obligation"))?;
    let reason = row.reason.as_deref().unwrap_or_default();
    let lapsed = Lapsed { state, reason, end: own.end_day, mailbox_end: row.term_end };
    let until = comes_back(&lapsed, cx.now().date()).map_err(|refusal| Problem::refused(refusal.code()))?;
    if row.mailbox_state != "active" {
        return Err(Problem::refused("addon-mailbox-inactive"));
    }
    let buyer = addons::buyer(q, mailbox).await?.ok_or_else(Problem::not_found)?;
    let offers = addons::offers(q, &buyer, cx.now()).await?;
    if own.service == Service::SmsNotice.as_str() && buyer.mobile.is_none() {
        return Err(Problem::refused("addon-mobile-needed"));
    }
    // Since it ended the plan may have changed, or more of it may have been bought.
    let offer = offers.iter().find(|o| o.service == own.service).ok_or_else(|| Problem::refused("addon-ended"))?;
    let service = Service::parse(&own.service).ok_or_else(|| Problem::broken("word of an add-on"))?;
    check_amount(service, own.gb, offer.have_gb, offer.max_gb).map_err(|_| Problem::refused("addon-no-room"))?;
    let row = DueRow { term_end: until, ..row };
    let renewal = prices.renewal(&row).map_err(told)?;
    let held = row.available();
    let found = Comeback {
        address: row.address.clone(),
        service: own.service,
        end: own.end_day,
        last_day: calendar::last_renewal_day(own.end_day),
        missing: shortfall(renewal.quote.gross, held),
        quote: AddonQuote::of_years(&renewal.quote, until),
        held,
    };
    Ok((found, row))
}

/// What the holder confirms.
#[derive(Clone, Debug)]
pub struct BringBack {
    pub mailbox: MailboxId,
    pub addon: AddonId,
    /// The total that stood above the button, VAT included.
    pub shown: Money,
    /// Key of the form: sent twice, it counts once.
    pub key: String,
}

/// Brings it back, paid out of the credit.
///
/// # Errors
/// As [`comeback`]; `price-changed` with both totals; `credit-short` with what is lacking.
pub async fn bring_back(cx: &Cx, input: BringBack) -> Result<(), Problem> {
    if !(8..=64).contains(&input.key.len()) {
        return Err(Problem::conflict("addon-changed"));
    }
    let cx_in = cx.clone();
    cx.write(async move |tx| run(tx, &cx_in, &input).await).await
}

async fn run(tx: &mut WriteTx, cx: &Cx, input: &BringBack) -> Result<(), Problem> {
    let scope = format!("addon-back:{}:{}", input.mailbox, input.addon);
    if client_keys::result(tx, &scope, &input.key).await?.is_some() {
        return Ok(());
    }
    let prices = Prices::at(tx, cx, cx.now()).await?;
    let (found, row) = look(tx, cx, &prices, input.mailbox, input.addon).await?;
    let gross = found.quote.gross;
    if gross != input.shown {
        let changed = Problem::refused("price-changed").with("shown", input.shown.as_cents());
        return Err(changed.with("now", gross.as_cents()));
    }
    if found.missing > Money::ZERO {
        return Err(Problem::refused("credit-short").with("missing", found.missing.as_cents()));
    }
    let settled = settle(tx, cx, cx.now().date(), &prices, &[row]).await?;
    if settled.counts.get("renewed") != Some(&1) {
        return Err(Problem::broken("an add-on that was priced did not come back"));
    }
    client_keys::claim(tx, &scope, &input.key, &found.quote.until.iso(), cx.now().micros()).await?;
    Ok(())
}
