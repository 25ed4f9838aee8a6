//! `/office/catalogue`: new price lists and their names, offers of add-ons, products, and what is planned taken back.

use app::{
    Problem,
    queries::catalogue as queries,
    rows::ProductRow,
    use_cases::catalogue::{
        change_product::{TypedProduct, change_product},
        new_list::{TypedList, new_list},
        rename_list::rename_list,
        set_offer::{OfferImpact, TypedOffer, look_at_offer, set_offer},
        take_back::{Planned, PlannedFound, planned, take_back as take_it_back},
    },
};
use axum::extract::{Path, RawQuery};
use domain::{addon::by_gb, operator::Permission, time::Date};
use render::{
    Form, Msg, Tone,
    pages::price_lists::{
        NewList, NewOffer, OfferPreview, PlannedOffer, Product, ProductForm, Products, RenameList, TakeBack,
        TakeBackChange,
    },
};

use super::{agreements, catalogue::PAGE};
use crate::{
    Answer, FormData, Operator,
    answer::{mendable, with_problem, words},
    form,
};

const PRODUCTS: &str = "/office/catalogue/products";

fn asked(query: Option<String>) -> FormData {
    query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default()
}

pub(super) async fn ask_list(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let (asked, cx) = (asked(query), &operator.visit.cx);
    let Some(source) = asked.some("copy_of") else { return list_page(&operator, Form::new()).await };
    let source = queries::list(cx, source).await?;
    let form = Form::new()
        .with("copy_of", source.code)
        .with("day", cx.now().date().iso())
        .with("channel", source.channel)
        .with("addon_rule", source.addon_rule.unwrap_or_default());
    list_page(&operator, form).await
}

async fn list_page(operator: &Operator, form: Form) -> Answer {
    let lists = queries::catalogue(&operator.visit.cx).await?.lists;
    operator.visit.page(&NewList { lists: lists.into_iter().map(|l| (l.code, l.name)).collect(), form })
}

pub(super) async fn make_list(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let visit = &operator.visit;
    visit.step_up(&form).await?;
    let text = |name: &str| form.get(name).to_owned();
    let typed = TypedList {
        code: text("code"),
        name: text("name"),
        channel: text("channel"),
        addon_rule: text("addon_rule"),
        copy_of: text("copy_of"),
        day: text("day"),
    };
    match new_list(&visit.cx, typed).await {
        Ok(made) => {
            let said = Msg::new("list-made").arg("list", made.code);
            let said = said.arg("prices", made.prices as i64).arg("offers", made.offers as i64);
            visit.go_saying(PAGE, Tone::Ok, said)
        }
        Err(p) if mendable(&p) => list_page(&operator, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn ask_name(operator: Operator, Path(code): Path<String>) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    name_page(&operator, &code, None).await
}

/// After a refusal the version is that of now: what somebody else wrote is seen beside what was typed.
async fn name_page(operator: &Operator, code: &str, form: Option<Form>) -> Answer {
    let list = queries::list(&operator.visit.cx, code).await?;
    operator.visit.page(&RenameList {
        form: form.unwrap_or_else(|| Form::new().with("name", list.name.clone())),
        code: list.code,
        list_name: list.name,
        version: list.version,
    })
}

pub(super) async fn rename(operator: Operator, Path(code): Path<String>, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let visit = &operator.visit;
    visit.step_up(&form).await?;
    let version = form.number("version").unwrap_or(0);
    match rename_list(&visit.cx, &code, version, form.get("name")).await {
        Ok(()) => {
            let name = queries::list(&visit.cx, &code).await?.name;
            visit.go_saying(PAGE, Tone::Ok, Msg::new("list-renamed").arg("list", name))
        }
        Err(p) if mendable(&p) => name_page(&operator, &code, Some(with_problem(form.shown(), &p))).await,
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn ask_offer(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let asked = asked(query);
    let mut form = Form::new().with("list", asked.get("list"));
    if let (Some(plan), Some(service)) = (asked.some("plan"), asked.some("service")) {
        form = form.with("plan", plan).with("service", service).with("known", "yes");
    }
    offer_page(&operator, form).await
}

async fn offer_page(operator: &Operator, form: Form) -> Answer {
    let cx = &operator.visit.cx;
    let list = queries::list(cx, form.value("list")).await?;
    let (products, catalogue) = (queries::products(cx).await?, queries::catalogue(cx).await?);
    let of = |kind: &str| -> Vec<(String, String)> {
        let kind = products.iter().filter(|p| p.kind == kind);
        kind.map(|p| (p.code.clone(), p.name.clone())).collect()
    };
    let (plans, services) = (of("mailbox_plan"), of("addon"));
    let named = |all: &[(String, String)], field: &str| {
        all.iter().find(|(code, _)| code == form.value(field)).map(|(_, name)| name.clone())
    };
    let known = match (form.value("known"), named(&plans, "plan"), named(&services, "service")) {
        ("yes", Some(plan), Some(service)) => {
            let today = cx.now().date();
            let one = catalogue.offers.iter().find(|o| {
                o.price_list == list.code
                    && o.plan_code == form.value("plan")
                    && o.service == form.value("service")
                    && o.from_day <= today
            });
            Some((plan, service, one.map(|o| o.max_gb).filter(|gb| *gb > 0)))
        }
        ("yes", ..) => return Err(Problem::not_found().into()),
        _ => None,
    };
    operator.visit.page(&NewOffer {
        list_name: list.name,
        plans,
        services,
        by_gb: known.is_none() || by_gb(form.value("service")),
        known,
        form,
    })
}

/// The first press shows what would change, the second confirms it.
pub(super) async fn take_offer(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let visit = &operator.visit;
    let text = |name: &str| form.get(name).to_owned();
    let typed = TypedOffer {
        list: text("list"),
        plan: text("plan"),
        service: text("service"),
        from: text("from"),
        max_gb: text("max_gb"),
    };
    if form.get("choice") != "confirm" {
        return match look_at_offer(&visit.cx, &typed).await {
            Ok(impact) => offer_preview(&operator, impact),
            Err(p) if mendable(&p) => offer_page(&operator, with_problem(form.shown(), &p)).await,
            Err(p) => Err(p.into()),
        };
    }
    visit.step_up(&form).await?;
    let shown = look_at_offer(&visit.cx, &typed).await.map(|i| (i.service.name, i.plan.name, i.from));
    match set_offer(&visit.cx, typed, form.get("seen").to_owned()).await {
        Ok(()) => {
            let (service, plan, day) = shown?;
            let said = Msg::new("offer-set").arg("service", service).arg("plan", plan).arg("day", day);
            visit.go_saying(PAGE, Tone::Ok, said)
        }
        Err(p) if mendable(&p) => offer_page(&operator, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

fn offer_preview(operator: &Operator, i: OfferImpact) -> Answer {
    operator.visit.page(&OfferPreview {
        list: i.list.code,
        list_name: i.list.name,
        plan: i.plan.code,
        plan_name: i.plan.name,
        by_gb: by_gb(&i.service.code),
        service: i.service.code,
        service_name: i.service.name,
        old: i.old.map(|o| o.max_gb).filter(|gb| *gb > 0),
        max_gb: i.max_gb,
        from: i.from,
        agreements: i.agreements,
        mailboxes: i.found.mailboxes,
        holding: i.found.holding,
        addons: i.found.addons,
        above: i.found.above,
        renewals: i.found.renewals,
        seen: i.seen,
    })
}

/// What a form or an address names.
fn named(form: &FormData) -> Result<(Planned, Date), Problem> {
    let text = |name: &str| form.get(name).to_owned();
    let from = Date::parse_iso(form.get("from")).ok_or_else(Problem::not_found)?;
    let what = if form.has("product") {
        Planned::Price { list: text("list"), product: text("product") }
    } else {
        Planned::Offer { list: text("list"), plan: text("plan"), service: text("service") }
    };
    Ok((what, from))
}

pub(super) async fn ask_take_back(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let visit = &operator.visit;
    let (what, from) = named(&asked(query))?;
    let page = |list: String, list_name| TakeBack { list, list_name, from, price: None, offer: None };
    match planned(&visit.cx, &what, from).await {
        Ok(PlannedFound::Price(p)) => {
            let name = queries::list(&visit.cx, &p.price_list).await?.name;
            let price = Some((p.product_code, p.product_name, p.net_cents));
            visit.page(&TakeBack { price, ..page(p.price_list, name) })
        }
        Ok(PlannedFound::Offer(o)) => {
            let name = queries::list(&visit.cx, &o.price_list).await?.name;
            let offer = PlannedOffer {
                plan: o.plan_code,
                plan_name: o.plan_name,
                by_gb: by_gb(&o.service),
                service: o.service,
                service_name: o.service_name,
                max_gb: o.max_gb,
            };
            visit.page(&TakeBack { offer: Some(offer), ..page(o.price_list, name) })
        }
        Ok(PlannedFound::Agreement(_)) => Err(Problem::not_found().into()),
        Err(p) if mendable(&p) => visit.go_saying(PAGE, Tone::Info, words(&p)),
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn take_back(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    operator.visit.step_up(&form).await?;
    let (what, from) = named(&form)?;
    gone(&operator, PAGE, take_it_back(&operator.visit.cx, what, from).await)
}

pub(super) async fn ask_take_back_change(
    operator: Operator,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let from = Date::parse_iso(asked(query).get("from")).ok_or_else(Problem::not_found)?;
    match planned(&operator.visit.cx, &Planned::Agreement { code: code.clone() }, from).await {
        Ok(PlannedFound::Agreement(v)) => {
            operator.visit.page(&TakeBackChange { code, terms: agreements::version_terms(v) })
        }
        Ok(_) => Err(Problem::not_found().into()),
        Err(p) => gone(&operator, &format!("/office/agreements/{code}"), Err(p)),
    }
}

pub(super) async fn take_back_change(operator: Operator, Path(code): Path<String>, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    operator.visit.step_up(&form).await?;
    let from = Date::parse_iso(form.get("from")).ok_or_else(Problem::not_found)?;
    let page = format!("/office/agreements/{code}");
    let done = take_it_back(&operator.visit.cx, Planned::Agreement { code }, from).await;
    gone(&operator, &page, done)
}

/// Somebody else may have been quicker: the page shows how it stands.
fn gone(operator: &Operator, page: &str, done: Result<(), Problem>) -> Answer {
    match done {
        Ok(()) => operator.visit.go_saying(page, Tone::Ok, Msg::new("back-done")),
        Err(p) if mendable(&p) => operator.visit.go_saying(page, Tone::Info, words(&p)),
        Err(p) => Err(p.into()),
    }
}

fn product(p: ProductRow, today: Date) -> Product {
    let sale = match p.sold_until_day {
        _ if p.sold_from_day > today => "later",
        Some(last) if last < today => "over",
        _ => "on",
    };
    Product {
        code: p.code,
        name: p.name,
        addon: p.kind == "addon",
        from: p.sold_from_day,
        until: p.sold_until_day,
        sale: sale.into(),
    }
}

pub(super) async fn products(operator: Operator) -> Answer {
    let today = operator.visit.cx.now().date();
    let rows = queries::products(&operator.visit.cx).await?.into_iter().map(|p| product(p, today)).collect();
    operator.visit.page(&Products { rows, may_edit: operator.role.may(Permission::EditCatalogue) })
}

pub(super) async fn ask_product(operator: Operator, Path(code): Path<String>) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    product_page(&operator, &code, None).await
}

async fn product_page(operator: &Operator, code: &str, form: Option<Form>) -> Answer {
    let cx = &operator.visit.cx;
    let found = queries::product(cx, code).await?;
    let (version, row) = (found.version, product(found, cx.now().date()));
    let until = row.until.map(|d| d.iso()).unwrap_or_default();
    let now = || Form::new().with("name", row.name.clone()).with("from", row.from.iso()).with("until", until);
    operator.visit.page(&ProductForm { form: form.unwrap_or_else(now), version, row })
}

pub(super) async fn save_product(operator: Operator, Path(code): Path<String>, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let visit = &operator.visit;
    visit.step_up(&form).await?;
    let text = |name: &str| form.get(name).to_owned();
    let typed = TypedProduct { name: text("name"), from: text("from"), until: text("until") };
    match change_product(&visit.cx, &code, form.number("version").unwrap_or(0), typed).await {
        Ok(()) => {
            let name = queries::product(&visit.cx, &code).await?.name;
            visit.go_saying(PRODUCTS, Tone::Ok, Msg::new("product-saved").arg("product", name))
        }
        Err(p) if mendable(&p) => product_page(&operator, &code, Some(with_problem(form.shown(), &p))).await,
        Err(p) => Err(p.into()),
    }
}
