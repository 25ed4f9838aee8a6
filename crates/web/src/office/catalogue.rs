//! `/office/catalogue`: price lists, and new prices from a day on.

use app::{
    Problem,
    queries::catalogue as queries,
    rows::{DatedOfferRow, DatedPriceRow},
    use_cases::catalogue::set_price::{PriceImpact, TypedPrice, look_at_price, set_price},
};
use axum::extract::RawQuery;
use domain::{
    addon::by_gb,
    operator::Permission,
    time::{Date, Timestamp},
};
use render::{
    Form, Msg, Tone,
    pages::catalogue::{Catalogue, ListBlock, NewPrice, OfferLine, PriceFrom, PricePreview, ProductLine},
};

use crate::{
    Answer, FormData, Operator,
    answer::{mendable, with_problem},
    form,
};

pub(super) const PAGE: &str = "/office/catalogue";

fn price(p: &DatedPriceRow) -> PriceFrom {
    PriceFrom { from: p.valid_from_at.date(), net: p.net_cents }
}

/// The products of a list; its prices come with the latest first.
fn products(prices: &[DatedPriceRow], list: &str, now: Timestamp) -> Vec<ProductLine> {
    let mut out: Vec<ProductLine> = Vec::new();
    for p in prices.iter().filter(|p| p.price_list == list) {
        if out.last().is_none_or(|l| l.code != p.product_code) {
            let (code, name) = (p.product_code.clone(), p.product_name.clone());
            let by_gb = p.product_kind == "addon" && by_gb(&code);
            out.push(ProductLine { code, name, by_gb, now: None, planned: vec![] });
        }
        let Some(line) = out.last_mut() else { continue };
        if p.valid_from_at > now {
            line.planned.insert(0, price(p));
        } else if line.now.is_none() {
            line.now = Some(price(p));
        }
    }
    out
}

/// What a list sells beside mailboxes; what is over and not planned again is left out.
fn offers(all: &[DatedOfferRow], list: &str, today: Date) -> Vec<OfferLine> {
    let mut out: Vec<OfferLine> = Vec::new();
    for o in all.iter().filter(|o| o.price_list == list) {
        if out.last().is_none_or(|l| l.plan != o.plan_code || l.service != o.service) {
            out.push(OfferLine {
                plan: o.plan_code.clone(),
                plan_name: o.plan_name.clone(),
                by_gb: by_gb(&o.service),
                service: o.service.clone(),
                service_name: o.service_name.clone(),
                now: None,
                planned: vec![],
            });
        }
        let Some(line) = out.last_mut() else { continue };
        if o.from_day > today {
            line.planned.insert(0, (o.from_day, o.max_gb));
        } else if line.now.is_none() {
            line.now = Some(o.max_gb);
        }
    }
    for line in &mut out {
        line.now = line.now.filter(|gb| *gb > 0);
    }
    out.retain(|l| l.now.is_some() || !l.planned.is_empty());
    out
}

pub(super) async fn show(operator: Operator) -> Answer {
    let now = operator.visit.cx.now();
    let found = queries::catalogue(&operator.visit.cx).await?;
    let lists = found.lists.into_iter().map(|l| ListBlock {
        products: products(&found.prices, &l.code, now),
        offers: offers(&found.offers, &l.code, now.date()),
        retail: l.channel == "retail",
        rule: l.addon_rule,
        code: l.code,
        name: l.name,
    });
    operator.visit.page(&Catalogue { lists: lists.collect(), may_edit: operator.role.may(Permission::EditCatalogue) })
}

pub(super) async fn ask_price(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let form = Form::new().with("list", asked.get("list"));
    // A product that the list has no price of yet is chosen on the page.
    let form = if asked.has("product") { form.with("product", asked.get("product")) } else { form };
    page(&operator, form).await
}

async fn page(operator: &Operator, form: Form) -> Answer {
    let cx = &operator.visit.cx;
    let found = queries::catalogue(cx).await?;
    let (list, product) = (form.value("list").to_owned(), form.value("product").to_owned());
    let of_list = found.lists.into_iter().find(|l| l.code == list).ok_or_else(Problem::not_found)?;
    let lines = products(&found.prices, &list, cx.now());
    let line = lines.iter().find(|p| p.code == product);
    let has = |code: &str| lines.iter().any(|l| l.code == code);
    let without = queries::products(cx).await?.into_iter().filter(|p| !has(&p.code)).map(|p| (p.code, p.name));
    operator.visit.page(&NewPrice {
        list_name: of_list.name,
        product_name: line.map(|l| l.name.clone()),
        products: without.collect(),
        now: line.and_then(|l| l.now.clone()),
        form,
    })
}

fn typed(form: &FormData) -> TypedPrice {
    let text = |name: &str| form.get(name).to_owned();
    TypedPrice { list: text("list"), product: text("product"), from: text("from"), net: text("net") }
}

/// The first press shows what would change, the second confirms it.
pub(super) async fn take_price(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::EditCatalogue)?;
    let (visit, typed) = (&operator.visit, typed(&form));
    if form.get("choice") != "confirm" {
        return match look_at_price(&visit.cx, &typed).await {
            Ok(impact) => preview(&operator, &typed, impact).await,
            Err(p) if mendable(&p) => page(&operator, with_problem(form.shown(), &p)).await,
            Err(p) => Err(p.into()),
        };
    }
    visit.step_up(&form).await?;
    let product = look_at_price(&visit.cx, &typed).await.map(|i| (i.product.name, i.from));
    match set_price(&visit.cx, typed, form.get("seen").to_owned()).await {
        Ok(_) => {
            let (product, day) = product?;
            visit.go_saying(PAGE, Tone::Ok, Msg::new("cat-price-set").arg("product", product).arg("day", day))
        }
        Err(p) if mendable(&p) => page(&operator, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

async fn preview(operator: &Operator, typed: &TypedPrice, i: PriceImpact) -> Answer {
    let lists = queries::catalogue(&operator.visit.cx).await?.lists;
    let list = lists.into_iter().find(|l| l.code == typed.list).ok_or_else(Problem::not_found)?;
    operator.visit.page(&PricePreview {
        list: list.code,
        list_name: list.name,
        product: i.product.code,
        product_name: i.product.name,
        addon: i.product.kind == "addon",
        old: i.old.map(|o| o.net_cents),
        net: i.net,
        from: i.from,
        net_typed: typed.net.clone(),
        holding: i.holding,
        carts: (list.channel == "retail").then_some(i.carts),
        renewals: i.renewals,
        difference: i.difference,
        seen: i.seen,
    })
}
