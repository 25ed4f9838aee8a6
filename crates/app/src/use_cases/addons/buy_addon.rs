//! Buys an add-on out of the credit: debit, order, outcome and the quota that the mail servers read, in one
//! transaction. What is free takes the same way.

use domain::{
    actor::Actor,
    addon::{
        AddonRefusal, Service, Strategy, Unit, check_amount, must_pay,
        pricing::{AddonQuote, Ask, quote},
    },
    audit::AuditLine,
    effect::EffectRequest,
    id::{AddonId, MailboxId, OperationId, OrderId, OrderLineId},
    ledger::rules::bought_with_credit,
    wallet::shortfall,
};
use render::{Mail, Msg, notices::addons::AddonBought, pages::Bill};
use serde_json::json;
use store::{
    WriteTx,
    addons::{self as rows, BuyerRow, OfferRow, PlaceRow},
};

use crate::{
    Cx, Problem,
    effects::{
        Effect,
        send_notice::{Channel, SendNotice},
    },
    problem::ProblemKind,
    use_cases::orders::texts::{EffectText, LineText},
};

/// MiB of one GB, as plans and quotas count.
const MIB_PER_GB: i64 = 1024;

/// What the holder confirms.
#[derive(Clone, Debug)]
pub struct BuyAddon {
    pub mailbox: MailboxId,
    pub service: String,
    pub gb: i64,
    /// The total that stood above the button, VAT included.
    pub shown: domain::money::Money,
    /// GB of this add-on that the mailbox had when the page was shown: a second tab is noticed by it.
    pub have_gb: i64,
    /// Key of the form: sent twice, it counts once.
    pub key: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    pub order: OrderId,
    /// The same form had been sent before.
    pub already: bool,
}

/// The price of so many GB of an offer for this mailbox today; of what is not counted in GB, of one.
///
/// # Errors
/// `invalid` with the field `gb` (`addon-amount`, `addon-no-room`) or `service` (`addon-runs`, `addon-mobile-needed`);
/// `agreement-closed`, `addon-mailbox-ended`, `addon-mailbox-inactive`.
pub fn price(cx: &Cx, buyer: &BuyerRow, offer: &OfferRow, gb: i64) -> Result<AddonQuote, Problem> {
    let today = cx.now().date();
    if !buyer.validity().may_buy(today) {
        return Err(Problem::refused("agreement-closed"));
    }
    let service = Service::parse(&offer.service).ok_or_else(unknown)?;
    let refused = |refusal| match refusal {
        AddonRefusal::MailboxEnded => Problem::refused("addon-mailbox-ended"),
        AddonRefusal::Amount { room_gb: 0 } if service.unit() == Unit::One => {
            Problem::invalid_field("service", "addon-runs")
        }
        AddonRefusal::Amount { room_gb: 0 } => Problem::invalid_field("gb", "addon-no-room"),
        AddonRefusal::Amount { room_gb } => {
            Problem::invalid(vec![crate::FieldProblem::new("gb", "addon-amount").with("room", room_gb)])
        }
    };
    check_amount(service, gb, offer.have_gb, offer.max_gb).map_err(refused)?;
    // It would be paid for and tell nobody.
    if service == Service::SmsNotice && buyer.mobile.is_none() {
        return Err(Problem::invalid_field("service", "addon-mobile-needed"));
    }
    let word = buyer.addon_rule.as_deref().unwrap_or_default();
    let strategy = Strategy::parse(word).ok_or_else(|| Problem::broken("a price list sells add-ons without a rule"))?;
    let ask = Ask {
        price: &offer.price(),
        strategy,
        today,
        expiry: buyer.end_day,
        gb,
        must_pay: must_pay(offer.former(), today),
        renewal_years: buyer.years,
    };
    let quote = quote(&ask).map_err(refused)?;
    if buyer.state == "active" { Ok(quote) } else { Err(Problem::refused("addon-mailbox-inactive")) }
}

/// Buys it.
///
/// # Errors
/// As [`price`]; `invalid` with the field `service`; `price-changed` with both totals; `addon-changed` when the
/// mailbox got more of it meanwhile; `credit-short` with what is lacking; `NotFound` to others.
pub async fn buy_addon(cx: &Cx, input: BuyAddon) -> Result<Bought, Problem> {
    match cx.actor {
        Actor::Mailbox { mailbox } if mailbox == input.mailbox => {}
        _ => return Err(Problem::not_found()),
    }
    let service = Service::parse(&input.service).ok_or_else(unknown)?;
    if !(8..=64).contains(&input.key.len()) {
        return Err(Problem::conflict("addon-changed"));
    }
    let (year, _, _) = cx.now().date().ymd();
    let number = format!("{year}-{:06}", cx.next_number("order").await?);
    let form = (format!("addon:{}", input.mailbox), input.key.clone());
    let seen = place(cx, input.mailbox, &form).await?;
    if let Some(before) = &seen.before {
        return bought_before(before);
    }
    let (mailbox, wallet) = (input.mailbox, seen.party_id);
    let work = Work { cx: cx.clone(), input, service, number, seen, scope: form.0.clone() };
    // Many mailboxes may share a wallet.
    let done = cx.write_in_turn(wallet.uuid(), async move |tx| work.run(tx).await).await;
    match done {
        // Sent twice at the same time, a form is refused for what its first sending changed.
        Err(p) if matches!(p.kind, ProblemKind::Invalid | ProblemKind::Refused | ProblemKind::Conflict) => {
            place(cx, mailbox, &form).await?.before.map_or(Err(p), |before| bought_before(&before))
        }
        done => done,
    }
}

async fn place(cx: &Cx, mailbox: MailboxId, (scope, key): &(String, String)) -> Result<PlaceRow, Problem> {
    rows::place(&mut cx.store(), mailbox, (scope, key)).await?.ok_or_else(Problem::not_found)
}

/// What the same form has bought.
fn bought_before(order: &str) -> Result<Bought, Problem> {
    Ok(Bought { order: order.parse().map_err(Problem::broken)?, already: true })
}

fn unknown() -> Problem {
    Problem::invalid_field("service", "addon-unknown")
}

struct Work {
    cx: Cx,
    input: BuyAddon,
    service: Service,
    number: String,
    /// The mailbox before the transaction.
    seen: PlaceRow,
    /// Of the key of its form.
    scope: String,
}

impl Work {
    async fn run(&self, tx: &mut WriteTx) -> Result<Bought, Problem> {
        let (cx, input) = (&self.cx, &self.input);
        let found = rows::for_purchase(tx, &self.seen, self.service, cx.now()).await?;
        let buyer = found.buyer.ok_or_else(Problem::not_found)?;
        let offer = found.offer.ok_or_else(unknown)?;
        if offer.have_gb != input.have_gb {
            return Err(Problem::conflict("addon-changed"));
        }
        let quote = price(cx, &buyer, &offer, input.gb)?;
        if quote.gross != input.shown {
            return Err(Problem::refused("price-changed")
                .with("shown", input.shown.as_cents())
                .with("now", quote.gross.as_cents()));
        }
        let missing = shortfall(quote.gross, buyer.available());
        if missing.as_cents() > 0 {
            return Err(Problem::refused("credit-short").with("missing", missing.as_cents()));
        }
        let order: OrderId = cx.new_id();
        self.write(tx, &buyer, &quote, order).await?;
        Ok(Bought { order, already: false })
    }

    async fn write(&self, tx: &mut WriteTx, b: &BuyerRow, q: &AddonQuote, order: OrderId) -> Result<(), Problem> {
        let (cx, word) = (&self.cx, self.service.as_str());
        let (line, addon, operation): (OrderLineId, AddonId, OperationId) = (cx.new_id(), cx.new_id(), cx.new_id());
        let (kind, key) = match q.is_free() {
            true => ("activation", format!("operation-activated-{word}")),
            false => ("addon_purchase", format!("operation-bought-{word}")),
        };
        let said = Msg::new(key).arg("gb", q.gb).arg("until", q.until);
        let message = serde_json::to_string(&said).expect("a sentence is plain data");
        let entry = (!q.is_free()).then(|| bought_with_credit(order, b.party_id, q.net, q.vat));
        let mail = self.mail(b, q, order);
        let wish = EffectText::new(cx, &mail);
        let details =
            json!({ "mailbox": b.mailbox_id, "service": word, "gb": q.gb, "gross_cents": q.gross.as_cents() });
        let audited = AuditLine::new("addon.bought", "order", order.uuid(), details);
        let audited = LineText::new(cx, &audited);
        let purchase = rows::NewPurchase {
            buyer: b,
            order,
            number: &self.number,
            line,
            addon,
            service: self.service,
            quote: q,
            space_mib: if self.service == Service::ExtraSpace { q.gb * MIB_PER_GB } else { 0 },
            billing: &billing(b),
            at: cx.now(),
            entry: entry.as_ref(),
            operation,
            operation_kind: kind,
            message: &message,
            effects: &[wish.row()],
            audit: audited.row(),
            form: (&self.scope, &self.input.key, &order.to_string()),
        };
        match rows::buy(tx, &purchase, || cx.new_id()).await {
            Err(e) if e.is_duplicate_of("client_keys.scope,key") => Err(Problem::conflict("addon-changed")),
            done => Ok(done?),
        }
    }

    /// The mail with the price explained, to the reference e-mail of the record (S4).
    fn mail(&self, b: &BuyerRow, q: &AddonQuote, order: OrderId) -> EffectRequest {
        let locale = render::Locale::from_tag(&b.locale);
        let bill = Bill::of_addon(q, self.service, locale);
        let context = AddonBought {
            number: self.number.clone(),
            order: order.to_string(),
            address: b.address.clone(),
            service: self.service.as_str().into(),
            gb: q.gb,
            how: bill.lines[0].detail.clone().unwrap_or_default(),
            net: q.net,
            vat: q.vat,
            gross: q.gross,
            free: q.is_free(),
            until: q.until,
            renewal: b.validity().may_renew(q.until).then_some(q.renewal_gross),
            credit: b.available() - q.gross,
        };
        let notice = SendNotice {
            channel: Channel::Email,
            template: AddonBought::NAME.into(),
            locale: b.locale.clone(),
            to: b.email.clone(),
            subject_id: order.uuid(),
            data: serde_json::to_value(&context).expect("a mail's context is plain data"),
            secret: None,
            good_until: None,
        };
        notice.request(("order", order.uuid()), Some(format!("order:{order}:addon")), self.cx.now())
    }
}

/// Add-ons are invoiced to the holder of the mailbox (domain notes 4.2).
pub(crate) fn billing(b: &BuyerRow) -> String {
    json!({
        "name": b.display_name,
        "fiscal_code": b.fiscal_code,
        "vat_number": b.vat_number,
        "email": b.email,
        "details": serde_json::from_str::<serde_json::Value>(&b.details).unwrap_or_default(),
    })
    .to_string()
}
