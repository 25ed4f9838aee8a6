//! The catalogue that is there, small enough to be held as a whole.

use domain::{
    catalogue::{CertifiedDomain, Plan},
    legal::TextKind,
    time::Date,
};
use store::{
    Query,
    catalogue::{plans, served},
    catalogue_office::{DatedPriceRow, ListRow, lists, prices},
    legal::{self, TextRow},
    offers::{self, DatedOfferRow},
    price_lists::{ProductRow, products},
};

use super::{Addon, Lacking, ListOffer, ListPrice, Text, decide::Step};

/// A price or an offer of a list.
#[derive(Clone, Debug)]
pub(super) struct OfList<T> {
    pub list: String,
    pub one: T,
}

/// A list without what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ListHead {
    pub code: String,
    pub name: String,
    pub channel: String,
    /// The rule's word; none when it sells no add-ons.
    pub rule: Option<String>,
}

/// What is there.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub plans: Vec<Plan>,
    pub addons: Vec<Addon>,
    pub domains: Vec<CertifiedDomain>,
    pub lists: Vec<ListHead>,
    pub prices: Vec<OfList<ListPrice>>,
    pub offers: Vec<OfList<ListOffer>>,
    pub texts: Vec<Text>,
}

fn addon(p: ProductRow) -> Option<Addon> {
    let service = domain::addon::Service::parse(&p.code)?;
    (p.kind == "addon").then_some(Addon { service, name: p.name, sold_from: p.sold_from_day })
}
fn head(l: ListRow) -> ListHead {
    ListHead { code: l.code, name: l.name, channel: l.channel, rule: l.addon_rule }
}
fn price(p: DatedPriceRow) -> OfList<ListPrice> {
    let one = ListPrice { product: p.product_code, from: p.valid_from_at.date(), net: p.net_cents, vat_bp: p.vat_bp };
    OfList { list: p.price_list, one }
}
fn offer(o: DatedOfferRow) -> Option<OfList<ListOffer>> {
    let service = domain::addon::Service::parse(&o.service)?;
    let one = ListOffer { plan: o.plan_code, service, from: o.from_day, max_gb: o.max_gb };
    Some(OfList { list: o.price_list, one })
}
fn text(t: TextRow) -> Option<Text> {
    let kind = TextKind::parse(&t.kind)?;
    let from = t.valid_from_at.date();
    Some(Text { kind, version: t.version, locale: t.locale, title: t.title, body: t.body, from })
}

impl Known {
    pub async fn read(q: &mut impl Query) -> store::Result<Self> {
        Ok(Self {
            plans: plans(q).await?,
            addons: products(q).await?.into_iter().filter_map(addon).collect(),
            domains: served(q).await?,
            lists: lists(q).await?.into_iter().map(head).collect(),
            prices: prices(q).await?.into_iter().map(price).collect(),
            offers: offers::all(q).await?.into_iter().filter_map(offer).collect(),
            texts: legal::all(q).await?.into_iter().filter_map(text).collect(),
        })
    }

    /// As it will be after these steps.
    pub fn with(mut self, steps: &[Step]) -> Self {
        for step in steps.iter().cloned() {
            match step {
                Step::Plan(plan) => self.plans.push(plan),
                Step::Place(..) => {}
                Step::Addon(addon, _) => self.addons.push(addon),
                Step::Domain(domain) => self.domains.push(domain),
                Step::Sale(name, on_sale) => {
                    self.domains.iter_mut().filter(|d| d.name == name).for_each(|d| d.on_sale = on_sale);
                }
                Step::List { code, name, channel, rule } => {
                    let rule = rule.map(|r| r.as_str().to_owned());
                    self.lists.push(ListHead { code, name, channel, rule });
                }
                Step::Price(list, one) => self.prices.push(OfList { list, one }),
                Step::Offer(list, one) => self.offers.push(OfList { list, one }),
                Step::Text(text) => self.texts.push(text),
            }
        }
        self
    }

    /// What is missing on this day before people can register and buy.
    pub fn lacking(&self, retail_list: &str, today: Date) -> Lacking {
        let there = |kind: TextKind| self.texts.iter().any(|t| t.kind == kind && t.locale == "it" && t.from <= today);
        let texts = TextKind::ALL.into_iter().filter(|kind| !there(*kind));
        let texts = texts.map(|kind| format!("no text `{}` in Italian is in force", kind.as_str())).collect();
        let mut shop = Vec::new();
        if !self.domains.iter().any(|d| d.on_sale) {
            shop.push("no certified domain is on sale".to_owned());
        }
        let priced = |plan: &Plan| {
            self.prices.iter().any(|p| p.list == retail_list && p.one.product == plan.code && p.one.from <= today)
        };
        if !self.plans.iter().any(|plan| plan.on_sale(today) && priced(plan)) {
            shop.push(format!("the price list `{retail_list}` has no price in force of a plan on sale"));
        }
        Lacking { texts, shop }
    }
}
