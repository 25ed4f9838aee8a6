//! Loads a catalogue as a provider has written it down: plans, add-ons, certified domains, price lists and legal texts.
//! What is there already stays as it is, so the same file can be loaded again after something was added to it.

mod decide;
mod known;

use domain::{
    addon::{Service, Strategy},
    audit::AuditLine,
    catalogue::{CertifiedDomain, Plan},
    legal::TextKind,
    money::Money,
    operator::Permission,
    time::Date,
};
use serde_json::json;
use store::{
    WriteTx,
    agreements::put_service,
    catalogue::{self as rows, NewLegalText, NewPrice},
    offers, price_lists,
};
use uuid::Uuid;

pub use self::decide::{Came, Line};
use self::{
    decide::{Step, decide},
    known::Known,
};
use super::operator;
use crate::{Cx, Problem, audit, secrets::sha256, use_cases::operators::authorise};

/// All that a file holds. Each part was checked by itself already; here they are held against one another and against
/// what is there.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// In the order of the comparison.
    pub plans: Vec<Plan>,
    pub addons: Vec<Addon>,
    /// The first one on sale is proposed first.
    pub domains: Vec<CertifiedDomain>,
    pub lists: Vec<List>,
    pub texts: Vec<Text>,
}
/// An add-on that the program knows how to serve, under the provider's name for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addon {
    pub service: Service,
    pub name: String,
    pub sold_from: Date,
}
/// A price list with its prices and offers.
#[derive(Clone, Debug)]
pub struct List {
    pub code: String,
    pub name: String,
    /// `retail` or `agreement`.
    pub channel: String,
    /// None when it sells no add-ons.
    pub rule: Option<Strategy>,
    pub prices: Vec<ListPrice>,
    pub offers: Vec<ListOffer>,
}
/// A price of a plan or an add-on, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPrice {
    pub product: String,
    pub from: Date,
    pub net: Money,
    /// In hundredths of a percent.
    pub vat_bp: i64,
}
/// So many GB of an add-on in all for a mailbox of a plan, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOffer {
    pub plan: String,
    pub service: Service,
    pub from: Date,
    pub max_gb: i64,
}
/// A version of a text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub kind: TextKind,
    pub version: String,
    /// `it` or `en`.
    pub locale: String,
    pub title: String,
    pub body: String,
    pub from: Date,
}

/// What came of each part, and what is still missing.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub lines: Vec<Line>,
    pub lacking: Lacking,
}
/// Why people cannot buy yet, in words for whoever sets an installation up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Texts that must be accepted or shown.
    pub texts: Vec<String>,
    /// What the shop needs beside them.
    pub shop: Vec<String>,
}
impl Lacking {
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().chain(&self.shop).map(String::as_str)
    }
}

/// Everything that is wrong with a file, each in a sentence.
pub type Complaints = Vec<String>;

/// What would come of it; nothing is written.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn look(cx: &Cx, catalogue: &Catalogue) -> Result<Result<Loaded, Complaints>, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let known = Known::read(&mut cx.store()).await?;
    let today = cx.now().date();
    Ok(decide(catalogue, &known, today).map(|d| {
        let lacking = known.with(&d.steps).lacking(&cx.settings().retail_price_list, today);
        Loaded { lines: d.lines, lacking }
    }))
}

/// Writes what is new, all of it or nothing.
///
/// # Errors
/// Forbidden; when the store cannot be written. Complaints are an answer: then nothing was written.
pub async fn load(cx: &Cx, catalogue: Catalogue) -> Result<Result<Loaded, Complaints>, Problem> {
    authorise(cx, Permission::EditCatalogue)?;
    let cx_in = cx.clone();
    cx.write(async move |tx| {
        let (cx, today) = (&cx_in, cx_in.now().date());
        let known = Known::read(tx).await?;
        let decided = match decide(&catalogue, &known, today) {
            Ok(decided) => decided,
            Err(complaints) => return Ok(Err(complaints)),
        };
        for step in &decided.steps {
            write(tx, cx, step).await?;
        }
        if !decided.steps.is_empty() {
            let of = |came: Came| -> Vec<&str> {
                decided.lines.iter().filter(|l| l.came == came).map(|l| l.what.as_str()).collect()
            };
            let details = json!({ "new": of(Came::New), "changed": of(Came::Changed) });
            audit::record(tx, cx, &AuditLine::new("catalogue.loaded", "catalogue", Uuid::nil(), details)).await?;
        }
        let lacking = known.with(&decided.steps).lacking(&cx.settings().retail_price_list, today);
        Ok(Ok(Loaded { lines: decided.lines, lacking }))
    })
    .await
}

/// What keeps this installation from selling.
///
/// # Errors
/// When the store cannot be read.
pub async fn lacking(cx: &Cx) -> Result<Lacking, Problem> {
    let known = Known::read(&mut cx.store()).await?;
    Ok(known.lacking(&cx.settings().retail_price_list, cx.now().date()))
}

async fn write(tx: &mut WriteTx, cx: &Cx, step: &Step) -> Result<(), Problem> {
    match step {
        Step::Plan(plan) => rows::put_plan(tx, plan).await?,
        Step::Place(code, position) => rows::place_plan(tx, code, *position).await?,
        Step::Addon(a, position) => put_service(tx, a.service.as_str(), *position, &a.name, a.sold_from).await?,
        Step::Domain(domain) => rows::put_domain(tx, domain).await?,
        Step::Sale(name, on_sale) => rows::sell_domain(tx, name, *on_sale).await?,
        Step::List { code, name, channel, rule } => {
            price_lists::put(tx, code, name, channel, rule.map(Strategy::as_str)).await?
        }
        Step::Price(list, p) => {
            let price = NewPrice {
                id: cx.new_id(),
                list,
                plan: &p.product,
                valid_from: p.from.start(),
                unit_net: p.net,
                vat_bp: p.vat_bp,
            };
            rows::put_price(tx, &price).await?
        }
        Step::Offer(list, o) => {
            let key = (list.as_str(), o.plan.as_str(), o.service.as_str());
            offers::put(tx, key, (o.from, o.max_gb), cx.now(), operator(cx)).await?
        }
        Step::Text(t) => {
            let text = NewLegalText {
                kind: t.kind.as_str(),
                version: &t.version,
                locale: &t.locale,
                title: &t.title,
                body: &t.body,
                sha256: &sha256(t.body.as_bytes()),
                valid_from: t.from.start(),
            };
            rows::put_legal_text(tx, &text).await?
        }
    };
    Ok(())
}
