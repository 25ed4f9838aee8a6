//! What can be added to the mailbox: the comparison, and the purchase with its live total.

use app::{
    queries::holder_area,
    rows::{BuyerRow, OfferRow},
    use_cases::addons::buy_addon::{BuyAddon, buy_addon, price},
};
use axum::extract::RawQuery;
use domain::{
    addon::{Service, by_gb},
    money::Money,
    wallet::shortfall,
};
use render::{
    Form, Msg, Tone,
    pages::{
        Bill,
        holder_area::{AddonTotal, Compare, NewAddon, Offer},
    },
};

use super::{Member, asked, form_key, refused};
use crate::{
    Answer, FormData,
    answer::{mendable, with_problem},
};

fn offer(o: &OfferRow) -> Offer {
    let price = o.price();
    Offer {
        service: o.service.clone(),
        net: price.unit_net,
        gross: price.unit_gross(),
        have_gb: o.have_gb,
        max_gb: o.max_gb,
        by_gb: by_gb(&o.service),
    }
}

fn rule(buyer: &BuyerRow) -> String {
    buyer.addon_rule.clone().unwrap_or_else(|| "three_months".into())
}

/// How many are meant: of what is not counted in GB one, whatever stands in the field of another service.
fn amount(service: &str, typed: i64) -> i64 {
    Service::parse(service).map_or(typed, |s| s.amount(typed))
}

pub(super) async fn compare(member: Member) -> Answer {
    let (buyer, offers) = holder_area::shop(&member.visit.cx, member.row.mailbox_id).await?;
    member.visit.page(&Compare {
        credit: member.credit(),
        rule: rule(&buyer),
        address: buyer.address,
        plan: buyer.plan_name,
        rows: offers.iter().map(offer).collect(),
    })
}

/// One GB of the first service, or what a purchase that was blocked had asked for.
pub(super) async fn ask(member: Member, RawQuery(query): RawQuery) -> Answer {
    let asked = asked(query);
    let gb = asked.some("gb").unwrap_or("1").to_owned();
    let form = Form::new().with("service", asked.get("service")).with("gb", gb);
    page(&member, form, form_key(&member.visit)).await
}

pub(super) async fn buy(member: Member, form: FormData) -> Answer {
    let visit = &member.visit;
    let key = form.get("key").to_owned();
    if !form.has("confirm") {
        return page(&member, form.shown(), key).await;
    }
    let input = BuyAddon {
        mailbox: member.row.mailbox_id,
        service: form.get("service").into(),
        gb: amount(form.get("service"), form.number("gb").unwrap_or(0)),
        shown: Money::cents(form.number("shown").unwrap_or(-1)),
        have_gb: form.number("have").unwrap_or(-1),
        key: key.clone(),
    };
    match buy_addon(&visit.cx, input).await {
        Ok(_) => {
            let free = form.get("shown") == "0";
            let said = Msg::new(if free { "area-activated" } else { "area-bought" });
            visit.go_saying("/mailbox/card", Tone::Ok, said)
        }
        // The page says what is lacking, and the way to it.
        Err(problem) if problem.is("credit-short") => page(&member, form.shown(), key).await,
        Err(problem) if mendable(&problem) => page(&member, refused(form.shown(), &problem), form_key(visit)).await,
        Err(problem) => Err(problem.into()),
    }
}

async fn page(member: &Member, form: Form, key: String) -> Answer {
    let visit = &member.visit;
    let (buyer, offers) = holder_area::shop(&visit.cx, member.row.mailbox_id).await?;
    let chosen = form.value("service").to_owned();
    let found = offers.iter().find(|o| o.service == chosen).or(offers.first());
    let (mut form, mut total) = (form, None);
    let chosen_by_gb = found.is_none_or(|o| by_gb(&o.service));
    let mobile_needed = buyer.mobile.is_none() && found.is_some_and(|o| o.service == Service::SmsNotice.as_str());
    if let Some(offer) = found {
        form = form.with("service", offer.service.clone());
        let gb = amount(&offer.service, form.value("gb").trim().parse().unwrap_or(0));
        match price(&visit.cx, &buyer, offer, gb) {
            Ok(quote) => total = Some((offer, quote)),
            Err(problem) if mendable(&problem) && !form.has_errors() => form = with_problem(form, &problem),
            Err(problem) if mendable(&problem) => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    let total = total.and_then(|(offer, quote)| {
        let service = Service::parse(&offer.service)?;
        let available = buyer.available();
        let missing = shortfall(quote.gross, available);
        Some(AddonTotal {
            service: offer.service.clone(),
            gb: quote.gb,
            bill: Bill::of_addon(&quote, service, visit.locale),
            free: quote.is_free(),
            until: quote.until,
            renewal: buyer.validity().may_renew(quote.until).then_some(quote.renewal_gross),
            have_gb: offer.have_gb,
            missing,
            credit_after: available - quote.gross,
        })
    });
    visit.page(&NewAddon {
        credit: member.credit(),
        offers: offers.iter().map(offer).collect(),
        rule: rule(&buyer),
        address: buyer.address,
        chosen_by_gb,
        mobile_needed,
        key,
        total,
        form,
    })
}
