//! A body renews its members' mailboxes with one order in its own name (domain notes 4.1, 5.5).

use std::collections::BTreeMap;

use domain::{
    actor::Actor,
    audit::AuditLine,
    bank,
    id::{LoginId, OrderId, OrderLineId, PartyId},
    money::Money,
    order::{
        machine::OrderRules,
        pricing::{Quote, quote},
    },
    renewal::calendar::{last_renewal_day, only_immediate, renewed_end, within_horizon},
    time::Date,
};
use serde_json::json;
use store::{
    Query, WriteTx,
    body_renewals::{self as rows, NewBodyRenewal, OwedRow},
    catalogue, secretariat,
    secretariat::BodyAgreementRow,
};

use crate::{
    Cx, Problem, audit,
    effects::{self, chase_order::ChaseOrder},
    queries::secretariat::body,
    use_cases::orders::{mark_paid::mark_paid, place_order::payment_methods},
};

/// What the body would pay now.
#[derive(Clone, Debug)]
pub struct Owed {
    pub mailboxes: Vec<OwedRow>,
    /// One line a plan, with the name of the plan.
    pub lines: Vec<(String, Quote)>,
    pub years: i64,
    /// Mailboxes that end by the day and are not renewed: the agreement does not renew them, or they would be paid
    /// too far ahead.
    pub left_out: i64,
    /// The last day for the one that ended first, when only immediate methods are in time for it (domain notes 6.5).
    pub immediate_until: Option<Date>,
}
impl Owed {
    /// The sum, VAT included.
    pub fn gross(&self) -> Money {
        self.lines.iter().fold(Money::ZERO, |sum, (_, q)| sum + q.gross)
    }
}

/// The mailboxes that end within so many days, all of them without a number, and what their renewal costs today.
///
/// # Errors
/// `plan-not-on-sale` when a plan has no price; `NotFound` when the agreement is not this body's.
pub async fn owed(cx: &Cx, agreement: &str, within: Option<i32>) -> Result<Owed, Problem> {
    let party = body(cx)?;
    read(&mut cx.store(), cx, party, agreement, within).await.map(|(_, owed)| owed)
}

async fn read(
    q: &mut impl Query,
    cx: &Cx,
    party: PartyId,
    code: &str,
    within: Option<i32>,
) -> Result<(BodyAgreementRow, Owed), Problem> {
    let (now, today) = (cx.now(), cx.now().date());
    let until = within.map_or(Date::from_days(i32::MAX / 2), |days| today.plus_days(days));
    let agreement = secretariat::one_of_body(q, party, code).await?.ok_or_else(Problem::not_found)?;
    let found = rows::owed(q, code, until).await?;
    let (validity, years, all) = (agreement.validity(), agreement.years, found.len());
    let renewed = |m: &OwedRow| validity.may_renew(m.end_day) && within_horizon(today, renewed_end(m.end_day, years));
    let mailboxes: Vec<_> = found.into_iter().filter(renewed).collect();
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for m in &mailboxes {
        *counts.entry(&m.plan_code).or_default() += 1;
    }
    let prices = catalogue::prices(q, &agreement.price_list, now).await?;
    let plans = catalogue::plans(q).await?;
    let mut lines = Vec::new();
    for plan in plans {
        if let Some(count) = counts.get(plan.code.as_str()) {
            let price = domain::catalogue::price_in_force(&prices, &plan.code, now)
                .ok_or_else(|| Problem::refused("plan-not-on-sale"))?;
            lines.push((plan.name, quote(price, *count, years)));
        }
    }
    let left_out = (all - mailboxes.len()) as i64;
    let first = mailboxes.iter().map(|m| m.end_day).min().filter(|end| only_immediate(*end, today));
    let immediate_until = first.map(last_renewal_day);
    Ok((agreement, Owed { mailboxes, lines, years, left_out, immediate_until }))
}

/// What the secretariat confirms.
#[derive(Clone, Debug)]
pub struct RenewMembers {
    pub agreement: String,
    pub within: Option<i32>,
    pub payment_method: String,
    /// What the page showed: how many mailboxes, for how much.
    pub count: i64,
    pub shown: Money,
}

/// Places the order. What costs nothing is renewed at once.
///
/// # Errors
/// `invalid` with the field `method`; `renewals-none`; `renewals-changed` when there are other mailboxes or another sum
/// than the page showed; `NotFound` when the agreement is not this body's.
pub async fn renew_members(cx: &Cx, input: RenewMembers) -> Result<OrderId, Problem> {
    let Actor::Login { login, party } = cx.actor else { return Err(Problem::not_found()) };
    if !payment_methods(cx.settings()).contains(&input.payment_method.as_str()) {
        return Err(Problem::invalid_field("method", "method-missing"));
    }
    let (year, _, _) = cx.now().date().ymd();
    let number = format!("{year}-{:06}", cx.next_number("order").await?);
    let work = Work { cx: cx.clone(), input, number, login, party };
    cx.write(async move |tx| work.place(tx).await).await
}

struct Work {
    cx: Cx,
    input: RenewMembers,
    number: String,
    login: LoginId,
    party: PartyId,
}
impl Work {
    async fn place(&self, tx: &mut WriteTx) -> Result<OrderId, Problem> {
        let (cx, input, now) = (&self.cx, &self.input, self.cx.now());
        let (agreement, owed) = read(tx, cx, self.party, &input.agreement, input.within).await?;
        if owed.mailboxes.is_empty() {
            return Err(Problem::refused("renewals-none"));
        }
        if input.payment_method == bank::GATEWAY && owed.immediate_until.is_some() {
            return Err(Problem::invalid_field("method", "method-too-slow"));
        }
        if owed.mailboxes.len() as i64 != input.count || owed.gross() != input.shown {
            return Err(Problem::conflict("renewals-changed"));
        }
        let payer = rows::payer(tx, self.party).await?.ok_or_else(Problem::not_found)?;
        let billing = json!({
            "kind": payer.kind,
            "name": payer.display_name,
            "fiscal_code": payer.fiscal_code,
            "vat_number": payer.vat_number,
            "email": payer.email,
            "details": serde_json::from_str::<serde_json::Value>(&payer.details).unwrap_or_default(),
        });
        let id: OrderId = cx.new_id();
        let lines: Vec<_> = owed.lines.iter().map(|(_, q)| (cx.new_id::<domain::id::OrderLine>(), q.clone())).collect();
        let lines: Vec<(OrderLineId, Quote)> = lines;
        let schedule = OrderRules::default().schedule;
        let order = NewBodyRenewal {
            id,
            number: &self.number,
            party: self.party,
            login: self.login,
            lines: &lines,
            years: owed.years,
            payment_method: &input.payment_method,
            billing: &billing.to_string(),
            at: now,
            pay_by: schedule.expires_at(now),
            mailboxes: &owed.mailboxes,
        };
        rows::insert(tx, &order).await?;
        let details =
            json!({ "agreement": agreement.code, "mailboxes": owed.mailboxes.len(), "gross_cents": owed.gross() });
        audit::record(tx, cx, &AuditLine::new("agreement.renewal_ordered", "order", id.uuid(), details)).await?;
        if owed.gross() == Money::ZERO {
            mark_paid(tx, cx, id, now).await?;
        } else if let Some((days, at)) = schedule.reminders(now).into_iter().next() {
            effects::enqueue(tx, cx, &[ChaseOrder { order: id, days }.at(at)]).await?;
        }
        Ok(id)
    }
}
