//! What of a file is new, what is there already, and what cannot be: data in, data out.

use std::collections::BTreeSet;

use domain::{
    addon::{Service, Strategy},
    catalogue::{CertifiedDomain, Plan},
    time::Date,
};

use super::{Addon, Catalogue, Complaints, Known, List, ListOffer, ListPrice, Text};

/// What came of one part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    New,
    Changed,
    /// The same is there.
    There,
    /// Another one is there under this name, and stays: it is changed in the back office.
    Kept,
}
/// One part of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub what: String,
    pub came: Came,
}

/// Something to be written.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Plan(Plan),
    /// A plan's place in the comparison.
    Place(String, i64),
    Addon(Addon, i64),
    Domain(CertifiedDomain),
    Sale(String, bool),
    List {
        code: String,
        name: String,
        channel: String,
        rule: Option<Strategy>,
    },
    Price(String, ListPrice),
    Offer(String, ListOffer),
    Text(Text),
}

#[derive(Debug, Default)]
pub(super) struct Decided {
    pub steps: Vec<Step>,
    pub lines: Vec<Line>,
}
impl Decided {
    fn line(&mut self, what: String, came: Came) {
        self.lines.push(Line { what, came });
    }
    fn add(&mut self, what: String, step: Step) {
        self.line(what, Came::New);
        self.steps.push(step);
    }
}

/// Holds a file against what is there.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn decide(file: &Catalogue, known: &Known, today: Date) -> Result<Decided, Complaints> {
    let (mut d, mut wrong) = (Decided::default(), Vec::new());
    twice(file, &mut wrong);
    plans(&mut d, file, known);
    addons(&mut d, file, known);
    domains(&mut d, file, known);
    for list in &file.lists {
        prices_and_offers(&mut d, &mut wrong, (file, known), list, today);
    }
    for text in &file.texts {
        one_text(&mut d, &mut wrong, (file, known), text, today);
    }
    if wrong.is_empty() { Ok(d) } else { Err(wrong) }
}

/// Whatever has a name has it once.
fn twice(file: &Catalogue, wrong: &mut Complaints) {
    let mut seen = BTreeSet::new();
    let names = (file.plans.iter().map(|p| plan_name(&p.code)))
        .chain(file.addons.iter().map(|a| addon_name(a.service)))
        .chain(file.domains.iter().map(|d| domain_name(&d.name)))
        .chain(file.lists.iter().map(|l| list_name(&l.code)))
        .chain(file.lists.iter().flat_map(|l| l.prices.iter().map(|p| price_name(&l.code, p))))
        .chain(file.lists.iter().flat_map(|l| l.offers.iter().map(|o| offer_name(&l.code, o))))
        .chain(file.texts.iter().map(text_name));
    wrong.extend(names.filter(|name| !seen.insert(name.clone())).map(|name| format!("{name} is in the file twice")));
}

fn plan_name(code: &str) -> String {
    format!("plan `{code}`")
}
fn addon_name(service: Service) -> String {
    format!("add-on `{}`", service.as_str())
}
fn domain_name(name: &str) -> String {
    format!("domain `{name}`")
}
fn list_name(code: &str) -> String {
    format!("price list `{code}`")
}
fn price_name(list: &str, p: &ListPrice) -> String {
    format!("price of `{}` in `{list}` from {}", p.product, p.from.iso())
}
fn offer_name(list: &str, o: &ListOffer) -> String {
    format!("offer of `{}` for `{}` in `{list}` from {}", o.service.as_str(), o.plan, o.from.iso())
}
fn text_name(t: &Text) -> String {
    format!("text `{}` {} in `{}`", t.kind.as_str(), t.version, t.locale)
}

fn plans(d: &mut Decided, file: &Catalogue, known: &Known) {
    for plan in &file.plans {
        let what = plan_name(&plan.code);
        let Some(there) = known.plans.iter().find(|p| p.code == plan.code) else {
            d.add(what, Step::Plan(plan.clone()));
            continue;
        };
        let same = Plan { position: plan.position, ..there.clone() } == *plan;
        let moved = there.position != plan.position;
        let came = match (same, moved) {
            (false, _) => Came::Kept,
            (true, false) => Came::There,
            (true, true) => {
                d.steps.push(Step::Place(plan.code.clone(), plan.position));
                Came::Changed
            }
        };
        d.line(what, came);
    }
}

/// They stand behind the plans, in the order of the program.
fn addons(d: &mut Decided, file: &Catalogue, known: &Known) {
    for addon in &file.addons {
        let what = addon_name(addon.service);
        let place = Service::ALL.iter().position(|s| *s == addon.service).unwrap_or_default();
        match known.addons.iter().find(|a| a.service == addon.service) {
            None => d.add(what, Step::Addon(addon.clone(), 20 + place as i64)),
            Some(there) => d.line(what, if there == addon { Came::There } else { Came::Kept }),
        }
    }
}

fn domains(d: &mut Decided, file: &Catalogue, known: &Known) {
    for domain in &file.domains {
        let what = domain_name(&domain.name);
        match known.domains.iter().find(|k| k.name == domain.name) {
            None => d.add(what, Step::Domain(domain.clone())),
            Some(there) if there.on_sale == domain.on_sale => d.line(what, Came::There),
            Some(_) => {
                d.line(what, Came::Changed);
                d.steps.push(Step::Sale(domain.name.clone(), domain.on_sale));
            }
        }
    }
}

fn prices_and_offers(
    d: &mut Decided,
    wrong: &mut Complaints,
    (file, known): (&Catalogue, &Known),
    list: &List,
    today: Date,
) {
    let what = list_name(&list.code);
    let mut rule = list.rule.map(|r| r.as_str().to_owned());
    match known.lists.iter().find(|l| l.code == list.code) {
        None => {
            let List { code, name, channel, rule, .. } = list.clone();
            d.add(what.clone(), Step::List { code, name, channel, rule });
        }
        Some(there) => {
            let same = there.name == list.name && there.channel == list.channel && there.rule == rule;
            d.line(what.clone(), if same { Came::There } else { Came::Kept });
            rule = there.rule.clone();
        }
    }
    for price in &list.prices {
        one_price(d, wrong, (file, known), (&list.code, price), today);
    }
    for offer in &list.offers {
        if rule.is_none() {
            wrong.push(format!("{what} has offers of add-ons but no `addon_rule`"));
            break;
        }
        one_offer(d, wrong, (file, known), (list, offer), today);
    }
}

fn one_price(
    d: &mut Decided,
    wrong: &mut Complaints,
    (file, known): (&Catalogue, &Known),
    (list, price): (&str, &ListPrice),
    today: Date,
) {
    let what = price_name(list, price);
    let there: Vec<&ListPrice> =
        known.prices.iter().filter(|p| p.list == list && p.one.product == price.product).map(|p| &p.one).collect();
    let product = has_plan(file, known, &price.product)
        || Service::parse(&price.product).is_some_and(|service| has_addon(file, known, service));
    match there.iter().find(|p| p.from == price.from) {
        Some(same) if *same == price => d.line(what, Came::There),
        Some(_) => wrong.push(format!("{what}: there is another price from that day, which stays")),
        None if !product => wrong.push(format!("{what}: there is no such plan or add-on")),
        None if price.from <= today && there.iter().any(|p| p.from <= today) => {
            wrong.push(format!("{what}: a price is in force, so a new one begins tomorrow at the earliest"));
        }
        None => d.add(what, Step::Price(list.to_owned(), price.clone())),
    }
}

fn one_offer(
    d: &mut Decided,
    wrong: &mut Complaints,
    (file, known): (&Catalogue, &Known),
    (list, offer): (&List, &ListOffer),
    today: Date,
) {
    let what = offer_name(&list.code, offer);
    let service = offer.service.as_str();
    let there: Vec<&ListOffer> = known
        .offers
        .iter()
        .filter(|o| o.list == list.code && o.one.plan == offer.plan && o.one.service == offer.service)
        .map(|o| &o.one)
        .collect();
    let prices = known.prices.iter().filter(|p| p.list == list.code).map(|p| &p.one).chain(&list.prices);
    let priced = prices.into_iter().any(|p| p.product == service && p.from <= offer.from);
    match there.iter().find(|o| o.from == offer.from) {
        Some(same) if *same == offer => d.line(what, Came::There),
        Some(_) => wrong.push(format!("{what}: there is another offer from that day, which stays")),
        None if !has_plan(file, known, &offer.plan) => wrong.push(format!("{what}: there is no such plan")),
        None if !priced => wrong.push(format!("{what}: the list has no price of it for that day")),
        None if offer.from <= today && there.iter().any(|o| o.from <= today) => {
            wrong.push(format!("{what}: an offer is in force, so a new one begins tomorrow at the earliest"));
        }
        None => d.add(what, Step::Offer(list.code.clone(), offer.clone())),
    }
}

fn has_plan(file: &Catalogue, known: &Known, code: &str) -> bool {
    file.plans.iter().chain(&known.plans).any(|p| p.code == code)
}
fn has_addon(file: &Catalogue, known: &Known, service: Service) -> bool {
    file.addons.iter().chain(&known.addons).any(|a| a.service == service)
}

/// What people accepted is never changed, and what they read today was in force this morning.
fn one_text(d: &mut Decided, wrong: &mut Complaints, (file, known): (&Catalogue, &Known), text: &Text, today: Date) {
    let what = text_name(text);
    let of_kind = || known.texts.iter().filter(|t| t.kind == text.kind);
    let of_version =
        || file.texts.iter().chain(&known.texts).filter(|t| t.kind == text.kind && t.version == text.version);
    match of_kind().find(|t| t.version == text.version && t.locale == text.locale) {
        Some(same) if same == text => return d.line(what, Came::There),
        Some(_) => return wrong.push(format!("{what} is there with other words: give yours a new version")),
        None => {}
    }
    if !of_version().any(|t| t.locale == "it") {
        wrong.push(format!("{what}: the Italian text of this version is missing"));
    } else if of_version().any(|t| t.from != text.from) {
        wrong.push(format!("{what}: its languages begin on different days"));
    } else if text.from <= today && of_kind().any(|t| t.version != text.version && t.from <= today) {
        wrong.push(format!("{what}: a version is in force, so a new one begins tomorrow at the earliest"));
    } else {
        d.add(what, Step::Text(text.clone()));
    }
}
