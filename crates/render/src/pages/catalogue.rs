//! The back office's pages about price lists and agreements: what is in force, what is planned, and what a change means.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Form, Msg, Page};

crate::register!(page: [Catalogue, NewPrice, PricePreview, Agreements, AgreementPage, NewAgreement, AgreementPreview]);

/// A price of a product from a day on.
#[derive(Clone, Debug, Serialize)]
pub struct PriceFrom {
    pub from: Date,
    pub net: Money,
}

/// A product of a list.
#[derive(Clone, Debug, Serialize)]
pub struct ProductLine {
    pub code: String,
    pub name: String,
    /// Its price is that of a GB.
    pub by_gb: bool,
    /// In force today.
    pub now: Option<PriceFrom>,
    /// From a later day on, the next one first.
    pub planned: Vec<PriceFrom>,
}

/// What a list sells of an add-on beside a plan.
#[derive(Clone, Debug, Serialize)]
pub struct OfferLine {
    pub plan: String,
    pub plan_name: String,
    pub service: String,
    pub service_name: String,
    pub by_gb: bool,
    /// Most GB today; none when it is not sold.
    pub now: Option<i64>,
    /// From a later day on, the next one first; none is no longer sold.
    pub planned: Vec<(Date, i64)>,
}

/// A price list.
#[derive(Clone, Debug, Serialize)]
pub struct ListBlock {
    pub code: String,
    pub name: String,
    pub retail: bool,
    /// `three_months`, `monthly`; none when it sells no add-ons.
    pub rule: Option<String>,
    pub products: Vec<ProductLine>,
    pub offers: Vec<OfferLine>,
}

impl OfferLine {
    fn sample(plan: &str, service: &str, now: Option<i64>, planned: &[(i32, i64)]) -> Self {
        Self {
            plan: plan.to_lowercase(),
            plan_name: plan.into(),
            service: service.to_lowercase().replace(' ', "_"),
            service_name: service.into(),
            by_gb: true,
            now,
            planned: planned.iter().map(|(day, gb)| (Date::from_days(*day), *gb)).collect(),
        }
    }
}

/// `/office/catalogue`.
#[derive(Clone, Debug, Serialize)]
pub struct Catalogue {
    pub lists: Vec<ListBlock>,
    pub may_edit: bool,
}
impl Page for Catalogue {
    const TEMPLATE: &'static str = "pages/office/catalogue.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let price = |day, cents| PriceFrom { from: Date::from_days(day), net: Money::cents(cents) };
        let product = |code: &str, name: &str, by_gb, cents, planned| ProductLine {
            code: code.into(),
            name: name.into(),
            by_gb,
            now: Some(price(20_454, cents)),
            planned,
        };
        let retail = ListBlock {
            code: "retail".into(),
            name: "Listino al pubblico".into(),
            retail: true,
            rule: None,
            products: vec![
                product("standard", "Standard", false, 990, vec![price(20_820, 1090), price(21_185, 1190)]),
                ProductLine { now: None, ..product("gold", "Gold", false, 0, vec![price(20_820, 5900)]) },
            ],
            offers: vec![],
        };
        let body = ListBlock {
            code: "ordgeo".into(),
            name: "Ordine dei Geometri di Esempio".into(),
            retail: false,
            rule: Some("three_months".into()),
            products: vec![
                product("standard", "Standard", false, 0, vec![]),
                product("extra_space", "Spazio extra inbox", true, 250, vec![]),
                product("sms_notice", "Avviso SMS", false, 600, vec![]),
            ],
            offers: vec![
                OfferLine::sample("Standard", "Spazio extra inbox", Some(5), &[(20_820, 10), (21_185, 0)]),
                OfferLine::sample("Pro", "Spazio extra archivio", Some(300), &[]),
                OfferLine::sample("Pro", "Conservazione a norma", None, &[(20_820, 50)]),
                OfferLine {
                    by_gb: false,
                    ..OfferLine::sample("Pro", "Avviso SMS", Some(1), &[(20_820, 0), (21_185, 1)])
                },
            ],
        };
        let empty = ListBlock {
            code: "nuovo-listino-2027".into(),
            products: vec![],
            offers: vec![],
            name: "Collegio dei Periti Industriali di Esempio".into(),
            ..body.clone()
        };
        let monthly = ListBlock { rule: Some("monthly".into()), code: "altri".into(), ..body.clone() };
        vec![
            Self { lists: vec![retail, body, monthly, empty], may_edit: true },
            Self { lists: vec![], may_edit: false },
        ]
    }
}

/// `/office/catalogue/price`: a new price from a day on.
#[derive(Clone, Debug, Serialize)]
pub struct NewPrice {
    pub list_name: String,
    /// None when it is chosen from `products`.
    pub product_name: Option<String>,
    /// Code and name of what has no price in the list yet.
    pub products: Vec<(String, String)>,
    pub now: Option<PriceFrom>,
    /// Fields `list`, `product`, `from`, `net`.
    pub form: Form,
}
impl Page for NewPrice {
    const TEMPLATE: &'static str = "pages/office/price.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let page = |form| Self {
            list_name: "Listino al pubblico".into(),
            product_name: Some("Standard".into()),
            products: vec![],
            now: Some(PriceFrom { from: Date::from_days(20_454), net: Money::cents(990) }),
            form,
        };
        let first = Self {
            product_name: None,
            products: vec![("pro".into(), "Pro".into()), ("extra_space".into(), "Spazio extra inbox".into())],
            now: None,
            ..page(Form::new().with("list", "ordgeo").with_error("product", Msg::problem("product-not-in-list")))
        };
        let typed = Form::new().with("list", "retail").with("product", "standard");
        let wrong = typed
            .clone()
            .with("from", "2026-01-01")
            .with("net", "molto")
            .with_error("from", Msg::problem("day-past"))
            .with_error("net", Msg::problem("amount-bad"));
        vec![page(typed), page(wrong), first]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// What a new price would change, before it is confirmed.
#[derive(Clone, Debug, Serialize)]
pub struct PricePreview {
    pub list: String,
    pub list_name: String,
    pub product: String,
    pub product_name: String,
    pub addon: bool,
    /// None where the list gets its first price of the product.
    pub old: Option<Money>,
    pub net: Money,
    pub from: Date,
    /// As it was typed, sent back with the confirmation.
    pub net_typed: String,
    pub holding: i64,
    /// Only the list for everybody has carts.
    pub carts: Option<i64>,
    pub renewals: i64,
    pub difference: Money,
    pub seen: String,
}
impl Page for PricePreview {
    const TEMPLATE: &'static str = "pages/office/price_preview.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let dearer = Self {
            list: "retail".into(),
            list_name: "Listino al pubblico".into(),
            product: "standard".into(),
            product_name: "Standard".into(),
            addon: false,
            old: Some(Money::cents(990)),
            net: Money::cents(1090),
            from: Date::from_days(20_820),
            net_typed: "10,90".into(),
            holding: 12_480,
            carts: Some(37),
            renewals: 9_122,
            difference: Money::cents(912_200),
            seen: "prc_1.2".into(),
        };
        let cheaper = Self { addon: true, carts: None, difference: Money::cents(-1), holding: 1, ..dearer.clone() };
        let first = Self { old: None, difference: Money::ZERO, holding: 0, renewals: 0, ..cheaper.clone() };
        vec![dearer, cheaper, first]
    }
}

/// The terms of an agreement, in force or from a day on.
#[derive(Clone, Debug, Serialize)]
pub struct Terms {
    pub from: Date,
    pub until: Option<Date>,
    pub purchases: bool,
    pub renewals: bool,
    pub list: String,
    pub by_body: bool,
    pub years: i64,
    pub quota: Option<i64>,
}
impl Terms {
    pub(super) fn sample() -> Self {
        Self {
            from: Date::from_days(16_801),
            until: None,
            purchases: true,
            renewals: true,
            list: "ordgeo".into(),
            by_body: true,
            years: 1,
            quota: Some(5_000),
        }
    }
    fn closing() -> Self {
        let until = Some(Date::from_days(21_000));
        Self { from: Date::from_days(20_820), until, purchases: false, by_body: false, quota: None, ..Self::sample() }
    }
}

/// An agreement of the list.
#[derive(Clone, Debug, Serialize)]
pub struct AgreementRow {
    pub code: String,
    pub body: String,
    pub domain: String,
    /// Name of the registry record whose logins are the secretariat.
    pub record: Option<String>,
    pub terms: Terms,
}
impl AgreementRow {
    fn sample() -> Self {
        Self {
            code: "ORDGEO".into(),
            body: "Ordine dei Geometri di Esempio".into(),
            domain: "pec.ordine.example.it".into(),
            record: Some("Ordine dei Geometri di Esempio".into()),
            terms: Terms::sample(),
        }
    }
}

/// `/office/agreements`.
#[derive(Clone, Debug, Serialize)]
pub struct Agreements {
    pub rows: Vec<AgreementRow>,
    pub may_edit: bool,
}
impl Page for Agreements {
    const TEMPLATE: &'static str = "pages/office/agreements.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let closed =
            AgreementRow { terms: Terms::closing(), record: None, code: "ALTRI".into(), ..AgreementRow::sample() };
        vec![
            Self { rows: vec![AgreementRow::sample(), closed], may_edit: true },
            Self { rows: vec![], may_edit: false },
        ]
    }
}

/// A change, begun or planned.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub terms: Terms,
    pub begun: bool,
    /// It has not begun and may be taken back.
    pub back: bool,
}

/// `/office/agreements/{code}`: one of them, its changes, and a new change.
#[derive(Clone, Debug, Serialize)]
pub struct AgreementPage {
    pub row: AgreementRow,
    pub changes: Vec<Change>,
    /// Price lists of agreements: code and name.
    pub lists: Vec<(String, String)>,
    pub may_edit: bool,
    /// Fields of [`Terms`], and `body` of the other form.
    pub form: Form,
}
impl Page for AgreementPage {
    const TEMPLATE: &'static str = "pages/office/agreement.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let page = |changes, may_edit, form| Self {
            row: AgreementRow::sample(),
            changes,
            lists: vec![("ordgeo".into(), "Ordine dei Geometri di Esempio".into())],
            may_edit,
            form,
        };
        let changes = vec![
            Change { terms: Terms::closing(), begun: false, back: true },
            Change { terms: Terms::sample(), begun: true, back: false },
        ];
        let typed = Form::new().with("purchases", "yes").with("renewals", "yes").with("renewal_kind", "by_body");
        let wrong = typed
            .clone()
            .with_error("from", Msg::problem("version-day-taken"))
            .with_error("quota", Msg::problem("quota-bad"))
            .with_error("price_list", Msg::problem("list-unknown"));
        let body = Form::new().with_error("body", Msg::problem("body-unknown"));
        vec![
            page(changes.clone(), true, typed),
            page(vec![], true, wrong),
            page(changes, false, Form::new()),
            page(vec![], true, body),
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// `/office/agreements/new`.
#[derive(Clone, Debug, Serialize)]
pub struct NewAgreement {
    pub lists: Vec<(String, String)>,
    pub domains: Vec<(String, String)>,
    /// Fields `code`, `body_name`, `domain`, and those of [`Terms`].
    pub form: Form,
}
impl Page for NewAgreement {
    const TEMPLATE: &'static str = "pages/office/agreement_new.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let page = |form| Self {
            lists: vec![("ordgeo".into(), "Ordine dei Geometri di Esempio".into())],
            domains: vec![("pec.ordine.example.it".into(), "pec.ordine.example.it".into())],
            form,
        };
        let wrong = Form::new()
            .with_error("code", Msg::problem("agreement-code-bad"))
            .with_error("body_name", Msg::problem("body-name-missing"));
        vec![page(Form::new().with("years", "1")), page(wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// What a change of an agreement would mean, before it is confirmed.
#[derive(Clone, Debug, Serialize)]
pub struct AgreementPreview {
    pub row: AgreementRow,
    pub new: Terms,
    /// The fields as they were typed, sent back with the confirmation.
    pub typed: Vec<(String, String)>,
    pub mailboxes: i64,
    pub addons: i64,
    pub free_addons: i64,
    pub renewals: i64,
    pub difference: Money,
    pub seen: String,
}
impl Page for AgreementPreview {
    const TEMPLATE: &'static str = "pages/office/agreement_preview.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        let closing = Self {
            row: AgreementRow::sample(),
            new: Terms { renewals: false, ..Terms::closing() },
            typed: vec![("from".into(), "2027-01-01".into())],
            mailboxes: 4_812,
            addons: 311,
            free_addons: 12,
            renewals: 4_001,
            difference: Money::ZERO,
            seen: "0.0".into(),
        };
        let dearer = Self {
            new: Terms { list: "altri".into(), ..Terms::sample() },
            difference: Money::cents(1_000_250),
            free_addons: 0,
            ..closing.clone()
        };
        vec![closing, dearer]
    }
}
