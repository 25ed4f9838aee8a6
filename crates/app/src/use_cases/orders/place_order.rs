//! Confirms a cart: one read, one write. From here on the names are held and the order is binding.

use std::collections::HashMap;

use domain::{
    actor::Actor,
    address::{Availability, availability},
    bank,
    catalogue::Price,
    effect::EffectRequest,
    id::{HolderId, LoginId, OrderId, OrderLineId, OrderMailboxId, PartyId},
    money::Money,
    order::{
        OrderEvent, OrderFacts,
        cart::{CartMailbox, HolderChoice, lacks, years_allowed},
        machine::{OrderEffect, OrderRules, OrderStep, step},
        pricing::{Quote, check_shown, quote},
    },
};
use serde_json::json;
use store::{WriteTx, addresses, holders, orders as rows, placing};

use super::{
    notices,
    texts::{EffectText, LineText},
};
use crate::{
    Cx, FieldProblem, Problem, Settings, effects::chase_order::ChaseOrder, secrets::sha256, use_cases::payments::Means,
};

/// What the customer confirms.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// The cart's cookie.
    pub token: String,
    /// The version of the cart that the page showed.
    pub version: i64,
    pub years: i64,
    pub payment_method: String,
    /// The total that stood above the button, VAT included.
    pub shown: Money,
    pub accept_conditions: bool,
    pub accept_unfair_terms: bool,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// The order that the cart is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub order: OrderId,
    /// The cart had been confirmed before: by a second click or in another tab.
    pub already: bool,
}

/// Methods that can be chosen here, the usual one first.
pub fn payment_methods(settings: &Settings) -> Vec<&'static str> {
    let transfer = settings.bank.as_ref().map(|_| bank::GATEWAY);
    Means::offered(settings).map(Means::as_str).chain(transfer).collect()
}

/// Places the order of a cart.
///
/// Confirming the same cart again answers the same order. Of two customers who confirm the same
/// name one is refused with `name-N`; nothing else of his cart is lost.
///
/// # Errors
/// `invalid` with the fields `conditions`, `unfair_terms`, `years`, `method`, `name-N`, `holder-N`,
/// `email-N`; `price-changed` with both totals; `cart-missing`, `cart-changed`, `cart-incomplete`,
/// `plan-not-on-sale`; `Forbidden` when nobody is signed in.
pub async fn place_order(cx: &Cx, input: PlaceOrder) -> Result<Placed, Problem> {
    let Actor::Login { login, party } = cx.actor else { return Err(Problem::forbidden()) };
    check_form(cx, &input)?;
    let number = order_number(cx).await?;
    let work = Work { cx: cx.clone(), input, number, login, party };
    let first = work.clone();
    match cx.write(async move |tx| first.run(tx, false).await).await {
        // Somebody was faster: with this cart, or with one of its names. Look closely this time.
        Err(p) if p.is(LOST_RACE) => cx.write(async move |tx| work.run(tx, true).await).await,
        done => done,
    }
}

/// Code of the refusal that never leaves this file: a unique key said no.
const LOST_RACE: &str = "lost-race";

fn check_form(cx: &Cx, input: &PlaceOrder) -> Result<(), Problem> {
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

/// `2026-004318`: the year of placing and a number that is never used again.
async fn order_number(cx: &Cx) -> Result<String, Problem> {
    let (year, _, _) = cx.now().date().ymd();
    Ok(format!("{year}-{:06}", cx.next_number("order").await?))
}

#[derive(Clone)]
struct Work {
    cx: Cx,
    input: PlaceOrder,
    number: String,
    login: LoginId,
    party: PartyId,
}

/// What the row of a mailbox needs of its holder.
struct Holder {
    tax_key: String,
    name: String,
}

impl Work {
    /// One try. `careful` reads the register first and names the rows that are taken; without it
    /// the register's key decides, which saves a flight in the usual case.
    async fn run(&self, tx: &mut WriteTx, careful: bool) -> Result<Placed, Problem> {
        let (cx, input) = (&self.cx, &self.input);
        let hash = sha256(input.token.as_bytes());
        let list = &cx.settings().retail_price_list;
        let cart = rows::to_place(tx, &hash, self.login, list, cx.locale.tag(), cx.now()).await?;
        let cart = cart.ok_or_else(|| Problem::refused("cart-missing"))?;
        if cart.cart_login_id.is_some_and(|owner| owner != self.login) || cart.party_id != self.party {
            return Err(Problem::refused("cart-missing"));
        }
        if let Some(order) = cart.order_id {
            return Ok(Placed { order, already: true });
        }
        if cart.version != input.version {
            return Err(Problem::conflict("cart-changed"));
        }
        let typed: Vec<CartMailbox> = serde_json::from_str(&cart.mailboxes).map_err(Problem::broken)?;
        check_complete(&typed)?;
        let quote = self.quote(&cart, typed.len() as i64)?;
        let holders = self.holders(tx, &cart, &typed).await?;
        let again = if careful { self.taken_again(tx, &typed, &holders).await? } else { vec![false; typed.len()] };
        let mailboxes = self.mailboxes(&typed, holders, &again)?;
        self.write(tx, &cart, &quote, &mailboxes).await
    }

    fn quote(&self, cart: &rows::PlaceRow, quantity: i64) -> Result<Quote, Problem> {
        let today = self.cx.now().date();
        let on_sale = cart.sold_from_day <= today && cart.sold_until_day.is_none_or(|last| today <= last);
        let (Some(id), Some(valid_from), Some(unit_net), Some(vat_bp), true) =
            (cart.price_id, cart.valid_from_at, cart.net_cents, cart.vat_bp, on_sale)
        else {
            return Err(Problem::refused("plan-not-on-sale"));
        };
        let price = Price { id, plan: cart.plan_code.clone(), valid_from, unit_net, vat_bp };
        let quote = quote(&price, quantity, self.input.years);
        check_shown(self.input.shown, &quote).map_err(|changed| {
            Problem::refused("price-changed")
                .with("shown", changed.shown.as_cents())
                .with("now", changed.now.as_cents())
        })?;
        Ok(quote)
    }

    /// The holder of each row; profiles are read again, since the book may have changed.
    async fn holders(
        &self,
        tx: &mut WriteTx,
        cart: &rows::PlaceRow,
        typed: &[CartMailbox],
    ) -> Result<Vec<Holder>, Problem> {
        let mut ids: Vec<_> = typed.iter().filter_map(|m| profile(m).map(|id| id.uuid())).collect();
        ids.sort_unstable();
        ids.dedup();
        let book: HashMap<_, _> = if ids.is_empty() {
            HashMap::new()
        } else {
            holders::keys(tx, self.party.uuid(), &ids).await?.into_iter().map(|k| (k.id, k)).collect()
        };
        let mut wrong = Vec::new();
        let mut out = Vec::with_capacity(typed.len());
        for (n, m) in typed.iter().enumerate() {
            let (tax_key, name) = match profile(m) {
                None => (cart.tax_key.clone(), cart.display_name.clone()),
                Some(id) => match book.get(&id.uuid()) {
                    Some(k) => (k.tax_key.clone(), k.display_name.clone()),
                    None => {
                        wrong.push(FieldProblem::new(format!("holder-{}", n + 1), "holder-unknown").with("row", n + 1));
                        continue;
                    }
                },
            };
            out.push(Holder { tax_key, name });
        }
        if wrong.is_empty() { Ok(out) } else { Err(Problem::invalid(wrong)) }
    }

    /// Reads the register: which names come back to their former holder, or which rows are lost.
    async fn taken_again(
        &self,
        tx: &mut WriteTx,
        typed: &[CartMailbox],
        holders: &[Holder],
    ) -> Result<Vec<bool>, Problem> {
        let asked: Vec<String> = typed.iter().filter_map(CartMailbox::address).collect();
        let mut found = HashMap::new();
        for row in addresses::find_many(tx, &asked).await? {
            found.insert(row.address.clone(), row.entry()?);
        }
        let mut wrong = Vec::new();
        let mut again = Vec::with_capacity(asked.len());
        for (n, (address, holder)) in asked.iter().zip(holders).enumerate() {
            let answer = availability(found.get(address), Some(&holder.tax_key));
            again.push(answer == Availability::FreeForFormerHolder);
            if answer == Availability::Taken {
                let field = FieldProblem::new(format!("name-{}", n + 1), "name-lost");
                wrong.push(field.with("row", n + 1).with("address", address));
            }
        }
        if wrong.is_empty() { Ok(again) } else { Err(Problem::invalid(wrong)) }
    }

    fn mailboxes(
        &self,
        typed: &[CartMailbox],
        holders: Vec<Holder>,
        again: &[bool],
    ) -> Result<Vec<placing::NewOrderMailbox>, Problem> {
        let rows = typed.iter().zip(holders).zip(again);
        rows.map(|((m, holder), again)| {
            let id: OrderMailboxId = self.cx.new_id();
            Ok(placing::NewOrderMailbox {
                id,
                address: m.address().ok_or_else(|| Problem::refused("cart-incomplete"))?,
                domain: m.domain.clone(),
                holder_kind: if profile(m).is_some() { "profile" } else { "account" },
                holder_id: profile(m),
                holder_tax_key: holder.tax_key,
                holder_name: holder.name,
                password_email: m.password_email.clone(),
                again: *again,
            })
        })
        .collect()
    }

    async fn write(
        &self,
        tx: &mut WriteTx,
        cart: &rows::PlaceRow,
        quote: &Quote,
        mailboxes: &[placing::NewOrderMailbox],
    ) -> Result<Placed, Problem> {
        let (cx, now) = (&self.cx, self.cx.now());
        let (Some(conditions), Some(conditions_hash), Some(unfair), Some(unfair_hash)) =
            (&cart.conditions_version, &cart.conditions_sha256, &cart.unfair_version, &cart.unfair_sha256)
        else {
            return Err(Problem::broken("the catalogue has no conditions in force"));
        };
        let id: OrderId = cx.new_id();
        let decided = self.decide(id, quote, mailboxes.len() as i64)?;
        let pay_by_at = OrderRules::default().schedule.expires_at(now);
        let accepted = |kind, text_version, text_sha256| placing::NewAcceptance {
            kind,
            text_version,
            text_sha256,
            ip: self.input.ip.as_deref(),
            user_agent: self.input.user_agent.as_deref(),
        };
        let requests = self.requests(id, cart, quote, mailboxes, &decided)?;
        let wishes: Vec<_> = requests.iter().map(|r| EffectText::new(cx, r)).collect();
        let line: OrderLineId = cx.new_id();
        let audit = LineText::new(cx, &decided.audit);
        let order = placing::NewOrder {
            id,
            number: &self.number,
            party: self.party,
            login: self.login,
            cart: cart.cart_id,
            cart_version: cart.version,
            line,
            quote,
            payment_method: &self.input.payment_method,
            billing: &billing(cart).to_string(),
            placed_at: now,
            pay_by_at,
            mailboxes,
            acceptances: &[
                accepted("conditions", conditions.as_str(), conditions_hash.as_slice()),
                accepted("unfair_terms", unfair.as_str(), unfair_hash.as_slice()),
            ],
            effects: &wishes.iter().map(EffectText::row).collect::<Vec<_>>(),
            audit: audit.row(),
        };
        match placing::place(tx, &order).await {
            Ok(()) => Ok(Placed { order: id, already: false }),
            Err(store::Error::Duplicate(_) | store::Error::WrongRows) => Err(Problem::refused(LOST_RACE)),
            Err(e) => Err(e.into()),
        }
    }

    fn decide(&self, id: OrderId, quote: &Quote, mailboxes: i64) -> Result<OrderStep, Problem> {
        let now = self.cx.now();
        let facts = OrderFacts {
            id,
            state: None,
            placed_at: now,
            gross: quote.gross,
            received: Money::ZERO,
            mailboxes,
            activated: 0,
            outcome_unknown: false,
        };
        step(&facts, OrderEvent::Placed, &OrderRules::default(), now).map_err(|r| Problem::refused(r.code()))
    }

    /// The rows that carry out what the machine wishes. Reminders and expiry are one row at a
    /// time: each asks for the next one when it has run.
    fn requests(
        &self,
        id: OrderId,
        cart: &rows::PlaceRow,
        quote: &Quote,
        mailboxes: &[placing::NewOrderMailbox],
        decided: &OrderStep,
    ) -> Result<Vec<EffectRequest>, Problem> {
        let (cx, now) = (&self.cx, self.cx.now());
        let mut out = Vec::new();
        let mut chased = false;
        for wish in &decided.effects {
            match wish {
                OrderEffect::NoticePlaced => {
                    let addresses = mailboxes.iter().map(|m| m.address.clone()).collect();
                    out.push(notices::placed(cx, id, &self.number, cart, quote, &self.input.payment_method, addresses));
                }
                OrderEffect::PasswordLinks => out.extend(mailboxes.iter().map(|m| EffectRequest {
                    kind: "send_password_link",
                    subject_kind: "order_mailbox",
                    subject_id: m.id.uuid(),
                    payload: json!({ "order_mailbox": m.id }),
                    dedup_key: None,
                    run_at: now,
                })),
                OrderEffect::Remind { days, at } if !chased => {
                    chased = true;
                    out.push(ChaseOrder { order: id, days: *days }.at(*at));
                }
                _ => {}
            }
        }
        Ok(out)
    }
}

fn profile(m: &CartMailbox) -> Option<HolderId> {
    match m.holder {
        Some(HolderChoice::Profile { id }) => Some(id),
        _ => None,
    }
}

fn check_complete(rows: &[CartMailbox]) -> Result<(), Problem> {
    match lacks(rows).first() {
        None if !rows.is_empty() => Ok(()),
        _ => Err(Problem::refused("cart-incomplete")),
    }
}

/// Who is invoiced, as it was at this moment: the account's registry record (domain notes 2.2).
fn billing(cart: &rows::PlaceRow) -> serde_json::Value {
    json!({
        "kind": cart.party_kind,
        "name": cart.display_name,
        "fiscal_code": cart.fiscal_code,
        "vat_number": cart.vat_number,
        "email": cart.email,
        "details": serde_json::from_str::<serde_json::Value>(&cart.details).unwrap_or_default(),
    })
}
