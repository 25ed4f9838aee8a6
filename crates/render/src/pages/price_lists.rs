//! The back office's pages that make and rename price lists, change offers and products, and take back what is planned.

use domain::{money::Money, time::Date};
use serde::Serialize;

use super::catalogue::Terms;
use crate::{Form, Msg, Page};

crate::register!(page: [NewList, RenameList, NewOffer, OfferPreview, TakeBack, TakeBackChange, Products, ProductForm]);

/// `/office/catalogue/new`.
#[derive(Clone, Debug, Serialize)]
pub struct NewList {
    /// Code and name of the lists that can be copied.
    pub lists: Vec<(String, String)>,
    /// Fields `code`, `name`, `channel`, `addon_rule`, `copy_of`, `day`.
    pub form: Form,
}
impl Page for NewList {
    const TEMPLATE: &'static str = "pages/office/list_new.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let lists = vec![
            ("retail".to_owned(), "Listino al pubblico".to_owned()),
            ("ordgeo".to_owned(), "Ordine dei Geometri di Esempio".to_owned()),
        ];
        let copy =
            Form::new().with("copy_of", "ordgeo").with("channel", "agreement").with("addon_rule", "three_months");
        let wrong = Form::new()
            .with_error("code", Msg::problem("list-code-bad"))
            .with_error("name", Msg::problem("name-length"))
            .with_error("channel", Msg::problem("list-channel"))
            .with_error("addon_rule", Msg::problem("list-rule-missing"))
            .with_error("copy_of", Msg::problem("list-unknown-here"))
            .with_error("day", Msg::problem("day-bad"));
        [Form::new(), copy, wrong].map(|form| Self { lists: lists.clone(), form }).into()
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// `/office/catalogue/lists/{code}`.
#[derive(Clone, Debug, Serialize)]
pub struct RenameList {
    pub code: String,
    pub list_name: String,
    pub version: i64,
    /// Field `name`.
    pub form: Form,
}
impl Page for RenameList {
    const TEMPLATE: &'static str = "pages/office/list_name.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let page =
            |form| Self { code: "ordgeo".into(), list_name: "Ordine dei Geometri di Esempio".into(), version: 1, form };
        let wrong = Form::new().with("name", "x").with_error("name", Msg::problem("name-length"));
        vec![page(Form::new().with("name", "Ordine dei Geometri di Esempio")), page(wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// `/office/catalogue/offer`: how many GB of an add-on are sold for a plan, from a day on.
#[derive(Clone, Debug, Serialize)]
pub struct NewOffer {
    pub list_name: String,
    /// Code and name of plans and add-ons.
    pub plans: Vec<(String, String)>,
    pub services: Vec<(String, String)>,
    /// Names of plan and add-on when they are given already, with the most GB of today.
    pub known: Option<(String, String, Option<i64>)>,
    /// The add-on that is given is counted in GB; one that is still to be chosen may be.
    pub by_gb: bool,
    /// Fields `list`, `plan`, `service`, `from`, `max_gb`.
    pub form: Form,
}
impl Page for NewOffer {
    const TEMPLATE: &'static str = "pages/office/offer.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let page = |known, form| Self {
            list_name: "Ordine dei Geometri di Esempio".into(),
            plans: vec![("standard".into(), "Standard".into()), ("pro".into(), "Pro".into())],
            services: vec![
                ("extra_space".into(), "Spazio extra inbox".into()),
                ("sms_notice".into(), "Avviso SMS".into()),
            ],
            by_gb: true,
            known,
            form,
        };
        let typed = Form::new().with("list", "ordgeo").with("plan", "standard").with("service", "extra_space");
        let known = |gb| Some(("Standard".to_owned(), "Spazio extra inbox".to_owned(), gb));
        let typed_sms = Form::new().with("list", "ordgeo").with("plan", "pro").with("service", "sms_notice");
        let typed_sms = typed_sms.with("max_gb", "2").with_error("max_gb", Msg::problem("offer-once"));
        let known_sms = Some(("Pro".to_owned(), "Avviso SMS".to_owned(), Some(1)));
        let wrong = typed
            .clone()
            .with_error("service", Msg::problem("offer-without-price"))
            .with_error("from", Msg::problem("offer-day-taken"))
            .with_error("max_gb", Msg::problem("offer-gb").arg("most", 10_000));
        vec![
            page(known(Some(5)), typed.clone()),
            page(known(None), typed),
            page(None, Form::new().with("list", "ordgeo")),
            page(None, wrong),
            Self { by_gb: false, ..page(known_sms, typed_sms) },
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// What an offer would change, before it is confirmed.
#[derive(Clone, Debug, Serialize)]
pub struct OfferPreview {
    pub list: String,
    pub list_name: String,
    pub plan: String,
    pub plan_name: String,
    pub service: String,
    pub service_name: String,
    /// Most GB before it; none when it was not sold.
    pub old: Option<i64>,
    pub max_gb: i64,
    pub by_gb: bool,
    pub from: Date,
    pub agreements: i64,
    pub mailboxes: i64,
    pub holding: i64,
    pub addons: i64,
    /// Mailboxes that have more than the new limit, and how many of them renew in the next 13 months.
    pub above: i64,
    pub renewals: i64,
    pub seen: String,
}
impl Page for OfferPreview {
    const TEMPLATE: &'static str = "pages/office/offer_preview.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let less = Self {
            list: "ordgeo".into(),
            list_name: "Ordine dei Geometri di Esempio".into(),
            plan: "standard".into(),
            plan_name: "Standard".into(),
            service: "extra_space".into(),
            service_name: "Spazio extra inbox".into(),
            old: Some(5),
            max_gb: 2,
            by_gb: true,
            from: Date::from_days(20_820),
            agreements: 2,
            mailboxes: 4_812,
            holding: 311,
            addons: 402,
            above: 12,
            renewals: 9,
            seen: "1.0".into(),
        };
        let gone = Self { max_gb: 0, above: 311, renewals: 204, ..less.clone() };
        let first = Self { old: None, above: 0, renewals: 0, holding: 0, addons: 0, ..less.clone() };
        let sms = Self {
            plan: "pro".into(),
            plan_name: "Pro".into(),
            service: "sms_notice".into(),
            service_name: "Avviso SMS".into(),
            max_gb: 1,
            by_gb: false,
            ..first.clone()
        };
        let no_sms = Self { max_gb: 0, old: Some(1), above: 311, renewals: 204, ..sms.clone() };
        vec![less, gone, first, sms, no_sms]
    }
}

/// An offer that is planned.
#[derive(Clone, Debug, Serialize)]
pub struct PlannedOffer {
    pub plan: String,
    pub plan_name: String,
    pub service: String,
    pub service_name: String,
    /// None is no longer sold.
    pub max_gb: i64,
    pub by_gb: bool,
}

/// `/office/catalogue/take-back`: a planned price or offer.
#[derive(Clone, Debug, Serialize)]
pub struct TakeBack {
    pub list: String,
    pub list_name: String,
    pub from: Date,
    /// Code and name of the product, and its price.
    pub price: Option<(String, String, Money)>,
    pub offer: Option<PlannedOffer>,
}
impl Page for TakeBack {
    const TEMPLATE: &'static str = "pages/office/take_back.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let price = Self {
            list: "ordgeo".into(),
            list_name: "Ordine dei Geometri di Esempio".into(),
            from: Date::from_days(20_820),
            price: Some(("standard".into(), "Standard".into(), Money::cents(1090))),
            offer: None,
        };
        let offer = |max_gb, by_gb| {
            let offer = PlannedOffer {
                plan: "standard".into(),
                plan_name: "Standard".into(),
                service: "extra_space".into(),
                service_name: "Spazio extra inbox".into(),
                max_gb,
                by_gb,
            };
            Self { price: None, offer: Some(offer), ..price.clone() }
        };
        vec![offer(5, true), offer(0, true), offer(1, false), price]
    }
}

/// `/office/agreements/{code}/take-back`: a planned change.
#[derive(Clone, Debug, Serialize)]
pub struct TakeBackChange {
    pub code: String,
    pub terms: Terms,
}
impl Page for TakeBackChange {
    const TEMPLATE: &'static str = "pages/office/take_back_change.html";
    const HERE: &'static str = "agreements";
    fn samples() -> Vec<Self> {
        vec![Self { code: "ORDGEO".into(), terms: Terms::sample() }]
    }
}

/// A plan or an add-on.
#[derive(Clone, Debug, Serialize)]
pub struct Product {
    pub code: String,
    pub name: String,
    pub addon: bool,
    pub from: Date,
    pub until: Option<Date>,
    /// `on`, `later`, `over`.
    pub sale: String,
}
impl Product {
    fn sample(code: &str, name: &str, addon: bool, sale: &str) -> Self {
        Self {
            code: code.into(),
            name: name.into(),
            addon,
            from: Date::from_days(20_332),
            until: (sale == "over").then(|| Date::from_days(20_500)),
            sale: sale.into(),
        }
    }
}

/// `/office/catalogue/products`.
#[derive(Clone, Debug, Serialize)]
pub struct Products {
    pub rows: Vec<Product>,
    pub may_edit: bool,
}
impl Page for Products {
    const TEMPLATE: &'static str = "pages/office/products.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let rows = vec![
            Product::sample("standard", "Standard", false, "on"),
            Product::sample("gold", "Gold", false, "later"),
            Product::sample("extra_space", "Spazio extra inbox", true, "over"),
        ];
        vec![Self { rows, may_edit: true }, Self { rows: vec![], may_edit: false }]
    }
}

/// `/office/catalogue/products/{code}`: its name and the days on which it is sold.
#[derive(Clone, Debug, Serialize)]
pub struct ProductForm {
    pub row: Product,
    pub version: i64,
    /// Fields `name`, `from`, `until`.
    pub form: Form,
}
impl Page for ProductForm {
    const TEMPLATE: &'static str = "pages/office/product.html";
    const HERE: &'static str = "catalogue";
    fn samples() -> Vec<Self> {
        let form = Form::new().with("name", "Standard").with("from", "2025-09-01");
        let page =
            |sale: &str, form| Self { row: Product::sample("standard", "Standard", false, sale), version: 1, form };
        let wrong = form
            .clone()
            .with_error("name", Msg::problem("name-length"))
            .with_error("from", Msg::problem("product-begun"))
            .with_error("until", Msg::problem("day-order"));
        vec![page("on", form.clone()), page("later", form), page("on", wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}
