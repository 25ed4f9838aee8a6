//! A customer renews a mailbox by hand (domain notes 6.2): years, conditions, an order that waits for its payment.

use domain::{
    actor::Actor,
    audit::AuditLine,
    bank,
    id::{MailboxId, OrderId, OrderLineId},
    mailbox::termination::bars_renewal,
    money::Money,
    order::{cart::years_allowed, machine::OrderRules, pricing::Quote},
    renewal::{Way, calendar, machine::ObligationState},
    time::Date,
};
use render::{Locale, notices::orders::OrderPlaced};
use serde_json::json;
use store::{
    Batch, Query, WriteTx, counters, legal, mailboxes,
    placing::NewAcceptance,
    renewals::{self as rows, DueRow, NewExtra, NewRenewal},
};

use super::{
    billing,
    choose_plan::{Choice, Offered, against, gross, offered_row},
    facts, order_number,
    prices::{Prices, Trouble},
};
use crate::{
    Cx, FieldProblem, Problem, audit, effects, effects::chase_order::ChaseOrder, notice::Notice,
    use_cases::orders::place_order::payment_methods,
};

/// What the customer confirms.
#[derive(Clone, Debug)]
pub struct PlaceRenewal {
    pub mailbox: MailboxId,
    pub years: i64,
    /// Plan and extra space.
    pub choice: Choice,
    /// What the choice takes away is known.
    pub accept_losses: bool,
    pub payment_method: String,
    /// The total that stood above the button, VAT included.
    pub shown: Money,
    pub accept_conditions: bool,
    pub accept_unfair_terms: bool,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// What a mailbox can be renewed for.
#[derive(Clone, Debug)]
pub struct Renewable {
    pub address: String,
    pub plan_name: String,
    pub end: Date,
    /// One price for each number of years that stays within the horizon.
    pub quotes: Vec<Quote>,
    /// The methods that are in time for it.
    pub methods: Vec<&'static str>,
    /// The last day for it, when only immediate methods still are.
    pub immediate_until: Option<Date>,
}

/// Whether and for how much the acting login may renew a mailbox by hand, today.
///
/// # Errors
/// `NotFound`; `renewal-auto-on`, `renewal-pending`, `renewal-too-late`, `renewal-horizon`, `renewal-charging`,
/// `renewal-parked`, `renewal-ended`, `renewal-noticed`.
pub async fn renewable(cx: &Cx, mailbox: MailboxId) -> Result<Renewable, Problem> {
    let q = &mut cx.store();
    let row = own(q, cx, mailbox).await?;
    renewable_row(q, cx, &row).await
}

/// The obligation of the acting login's mailbox.
pub(crate) async fn own(q: &mut impl Query, cx: &Cx, mailbox: MailboxId) -> Result<DueRow, Problem> {
    let Actor::Login { login, .. } = cx.actor else { return Err(Problem::not_found()) };
    let card = mailboxes::card(q, mailbox).await?.filter(|m| m.login_id == login).ok_or_else(Problem::not_found)?;
    let row = rows::of_service(q, mailbox.uuid(), calendar::period_start(card.end_day)).await?;
    row.ok_or_else(|| Problem::refused("renewal-ended"))
}

pub(super) async fn renewable_row(q: &mut impl Query, cx: &Cx, row: &DueRow) -> Result<Renewable, Problem> {
    let (today, end) = (cx.now().date(), row.term_end);
    if bars_renewal(row.notice, row.agreement_list.is_some(), end, today) {
        return Err(Problem::refused("renewal-noticed"));
    }
    let facts = facts(row, end)?;
    let refused = match facts.state {
        ObligationState::Open if !rows::pending(q, row.service_id).await?.is_empty() => Some("renewal-pending"),
        ObligationState::Open if facts.way.by_itself() => Some("renewal-auto-on"),
        // The body of an agreement renews it, or its holder in his own area.
        ObligationState::Open if facts.way == Way::Body || row.agreement_list.is_some() => {
            return Err(Problem::not_found());
        }
        ObligationState::Open => None,
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
    let prices = Prices::at(q, cx, cx.now()).await?;
    let quotes: Result<Vec<Quote>, Trouble> = (1..=domain::order::cart::MAX_YEARS)
        .filter(|years| calendar::within_horizon(today, calendar::renewed_end(end, *years)))
        .map(|years| prices.plan(row.agreement_list.as_deref(), &row.plan_code, years))
        .collect();
    let quotes = quotes.map_err(|_| Problem::refused("plan-not-on-sale"))?;
    if quotes.is_empty() {
        return Err(Problem::refused("renewal-horizon"));
    }
    let immediate_until = calendar::only_immediate(end, today).then_some(calendar::last_renewal_day(end));
    let mut methods = payment_methods(cx.settings());
    methods.retain(|m| immediate_until.is_none() || *m != bank::GATEWAY);
    let (address, plan_name) = (row.address.clone(), row.plan_name.clone());
    Ok(Renewable { address, plan_name, end, quotes, methods, immediate_until })
}

/// Places the order. A second one for the same period is refused: one of two tabs wins.
///
/// # Errors
/// Those of [`renewable`]; `invalid` with the fields `years`, `plan`, `extra_gb`, `losses`, `method`, `conditions`,
/// `unfair_terms`; `price-changed` with both totals.
pub async fn place_renewal(cx: &Cx, input: PlaceRenewal) -> Result<OrderId, Problem> {
    check(cx, &input)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| place(tx, &cx_in, &input).await).await
}

fn check(cx: &Cx, input: &PlaceRenewal) -> Result<(), Problem> {
    let mut wrong = Vec::new();
    if !years_allowed(input.years) {
        wrong.push(FieldProblem::new("years", "years-range"));
    }
    if !payment_methods(cx.settings()).contains(&input.payment_method.as_str()) {
        wrong.push(FieldProblem::new("method", "method-missing"));
    }
    if !input.accept_conditions {
        wrong.push(FieldProblem::new("conditions", "conditions-not-accepted"));
    }
    if !input.accept_unfair_terms {
        wrong.push(FieldProblem::new("unfair_terms", "unfair-terms-not-accepted"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(wrong)) }
}

async fn place(tx: &mut WriteTx, cx: &Cx, input: &PlaceRenewal) -> Result<OrderId, Problem> {
    let row = own(tx, cx, input.mailbox).await?;
    let found = offered_row(tx, cx, &row, &input.choice).await?;
    let priced = found.priced(input.years);
    let (quote, extra) = priced.ok_or_else(|| Problem::invalid_field("years", "renewal-horizon"))?;
    let mut wrong = against(&found, input.accept_losses);
    if !found.methods.contains(&input.payment_method.as_str()) {
        wrong.push(FieldProblem::new("method", "method-too-slow"));
    }
    if !wrong.is_empty() {
        return Err(Problem::invalid(wrong));
    }
    let total = gross(quote, extra);
    if total != input.shown {
        return Err(Problem::refused("price-changed")
            .with("shown", input.shown.as_cents())
            .with("now", total.as_cents()));
    }
    let extra = found.extra_gb.map(|gb| NewExtra { gb, line: extra.map(|q| (cx.new_id(), q.clone())) });
    let now = cx.now();
    let number = order_number(cx, counters::take(tx, "order", 1, 1).await?.start);
    let (id, line): (OrderId, OrderLineId) = (cx.new_id(), cx.new_id());
    let schedule = OrderRules::default().schedule;
    // Never beyond the last day on which it can be renewed (domain notes 6.5).
    let pay_by = schedule.expires_at(now).min(calendar::last_renewal_day(found.end).at(23, 59));
    let billing = billing(&row);
    let conditions = text(tx, cx, "conditions").await?;
    let unfair = text(tx, cx, "unfair_terms").await?;
    let accepted = |kind, (version, sha256): &(String, Vec<u8>)| (kind, version.clone(), sha256.clone());
    let accepted = [accepted("conditions", &conditions), accepted("unfair_terms", &unfair)];
    let mut batch = Batch::new();
    let new = NewRenewal {
        id,
        number: &number,
        line,
        party: row.party_id,
        login: row.login_id,
        mailbox: row.mailbox_id,
        period_start: row.period_start,
        quote,
        new_plan: found.new_plan(),
        extra: extra.as_ref(),
        payment_method: &input.payment_method,
        billing: &billing,
        at: now,
        pay_by,
    };
    rows::insert_order(&mut batch, &new);
    for (kind, version, sha256) in &accepted {
        let acceptance = NewAcceptance {
            kind,
            text_version: version,
            text_sha256: sha256,
            ip: input.ip.as_deref(),
            user_agent: input.user_agent.as_deref(),
        };
        rows::accept(&mut batch, id, now, &acceptance);
    }
    tx.batch(batch).await?;
    if let Some((days, at)) = schedule.reminders(now).into_iter().next() {
        effects::enqueue(tx, cx, &[ChaseOrder { order: id, days }.at(at)]).await?;
    }
    tell(tx, cx, &row, &found, input, (id, &number), pay_by.date()).await?;
    let details = json!({
        "mailbox": row.mailbox_id, "gross_cents": total, "years": input.years, "plan": found.new_plan(), "extra_gb": found.extra_gb,
    });
    audit::record(tx, cx, &AuditLine::new("renewal.ordered", "order", id.uuid(), details)).await?;
    Ok(id)
}

/// Version and hash of the text in force, in the customer's language.
async fn text(tx: &mut WriteTx, cx: &Cx, kind: &'static str) -> Result<(String, Vec<u8>), Problem> {
    let missing = || Problem::broken("the catalogue has no conditions in force");
    let locale = cx.locale.code();
    let version = legal::versions(tx, kind, cx.now()).await?.into_iter().find(|v| v.locale == locale);
    let version = version.ok_or_else(missing)?.version;
    let text = legal::text(tx, kind, &version, locale).await?.ok_or_else(missing)?;
    Ok((version, text.sha256))
}

async fn tell(
    tx: &mut WriteTx,
    cx: &Cx,
    row: &DueRow,
    found: &Offered,
    input: &PlaceRenewal,
    (order, number): (OrderId, &str),
    pay_by: Date,
) -> Result<(), Problem> {
    let Some((quote, extra)) = found.priced(input.years) else { return Err(Problem::not_found()) };
    let sum = |of: fn(&Quote) -> Money| of(quote) + extra.map_or(Money::ZERO, of);
    let bank = cx.settings().bank.as_ref().filter(|_| input.payment_method == bank::GATEWAY);
    let context = OrderPlaced {
        number: number.into(),
        order: order.to_string(),
        plan: found.name(),
        years: quote.years,
        addresses: vec![row.address.clone()],
        net: sum(|q| q.net),
        vat: sum(|q| q.vat),
        gross: sum(|q| q.gross),
        pay_by,
        immediate_until: found.immediate_until,
        transfer: bank.map(|b| b.instructions(number)),
    };
    let mail = Notice::mail(&row.email, Locale::from_tag(&row.locale), ("order", order.uuid()), &context);
    mail.once(format!("order:{order}:placed")).enqueue(tx, cx).await
}
