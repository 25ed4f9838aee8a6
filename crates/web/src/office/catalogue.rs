//! `/office/catalogue`: price lists, and new prices from a day on.

use app::{
    Problem,
    queries::catalogue as queries,
    rows::DatedPriceRow,
    use_cases::catalogue::set_price::{PriceImpact, TypedPrice, look_at_price, set_price},
};
use axum::extract::RawQuery;
use domain::{operator::Permission, time::Timestamp};
use render::{
    Form, Msg, Tone,
    pages::catalogue::{Catalogue, ListBlock, NewPrice, PriceFrom, PricePreview, ProductLine},
};

use crate::{
    Answer, FormData, Operator,
    answer::{mendable, with_problem},
    form,
};

const PAGE: &str = "/office/catalogue";

fn price(p: &DatedPriceRow) -> PriceFrom {
    PriceFrom { from: p.valid_from_at.date(), net: p.net_cents }
}

/// The products of a list; its prices come with the latest first.
fn products(prices: &[DatedPriceRow], list: &str, now: Timestamp) -> Vec<ProductLine> {
    let mut out: Vec<ProductLine> = Vec::new();
    for p in prices.iter().filter(|p| p.price_list == list) {
        if out.last().is_none_or(|l| l.code != p.product_code) {
            let (code, name) = (p.product_code.clone(), p.product_name.clone());
            out.push(ProductLine { code, name, addon: p.product_kind == "addon", now: None, planned: vec![] });
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

pub(super) async fn show(operator: Operator) -> Answer {
    let now = operator.visit.cx.now();
    let found = queries::catalogue(&operator.visit.cx).await?;
    let lists = found.lists.into_iter().map(|l| ListBlock {
        products: products(&found.prices, &l.code, now),
        offers: found
            .offers
            .iter()
            .filter(|o| o.price_list == l.code)
            .map(|o| (o.plan_name.clone(), o.service_name.clone(), o.max_gb))
            .collect(),
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
    let form = Form::new().with("list", asked.get("list")).with("product", asked.get("product"));
    page(&operator, form).await
}

async fn page(operator: &Operator, form: Form) -> Answer {
    let cx = &operator.visit.cx;
    let found = queries::catalogue(cx).await?;
    let (list, product) = (form.value("list").to_owned(), form.value("product").to_owned());
    let of_list = found.lists.into_iter().find(|l| l.code == list).ok_or_else(Problem::not_found)?;
    let line = products(&found.prices, &list, cx.now()).into_iter().find(|p| p.code == product);
    let line = line.ok_or_else(Problem::not_found)?;
    operator.visit.page(&NewPrice { list_name: of_list.name, product_name: line.name, now: line.now, form })
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
    let product = look_at_price(&visit.cx, &typed).await.map(|i| (i.old.product_name, i.from));
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
        product: i.old.product_code,
        product_name: i.old.product_name,
        addon: i.old.product_kind == "addon",
        old: i.old.net_cents,
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
