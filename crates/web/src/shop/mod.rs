//! The product page: the dated catalogue, a name check that holds nothing, plan and quantity.

use app::{
    Problem,
    problem::ProblemKind,
    use_cases::orders::{
        cart::{self, Offer},
        check_name::{NameAnswer, TypedName, check_name},
        start_cart::{StartCart, start_cart},
    },
};
use axum::{
    Router,
    extract::RawQuery,
    http::{HeaderMap, HeaderValue, header},
    response::IntoResponse,
    routing::{get, post},
};
use domain::order::cart::quantity;
use render::{
    Form, Msg, Tone,
    pages::public::{self, Cell, Row, Shop, Total},
};

use crate::{
    Answer, AppState, FormData, Visit,
    answer::{mendable, with_problem},
    cookies, form,
};

/// Cookie of the cart.
pub(crate) const CART: &str = "cl_cart";

pub fn routes() -> Router<AppState> {
    Router::new().route("/", get(shop)).route("/order/start", post(start))
}

/// The secret of this browser's cart, if it has one.
pub(crate) fn cart_token(headers: &HeaderMap) -> Option<&str> {
    cookies::get(headers, CART).filter(|t| t.len() == 43)
}

/// The cookie of a cart, for as long as the cart is kept.
pub(crate) fn cart_cookie(token: &str, state: &AppState) -> HeaderValue {
    cookies::set(CART, token, Some(cart::KEPT_DAYS * 24 * 3600), state.secure())
}

async fn shop(visit: Visit, headers: HeaderMap, RawQuery(query): RawQuery) -> Answer {
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let offers = cart::offers(&visit.cx).await?;
    let answer = answer(&visit, &asked).await;
    let open = match cart_token(&headers) {
        Some(token) => cart::find(&visit.cx, token).await?.filter(|c| c.order.is_none()),
        None => None,
    };
    let first = || offers.first().map(|o| o.plan.code.clone()).unwrap_or_default();
    let plan = asked.some("plan").map(str::to_owned).or(open.as_ref().map(|c| c.plan.clone())).unwrap_or_else(first);
    let n = asked.number("quantity").or(open.as_ref().map(|c| c.quantity())).unwrap_or(1);
    let shown = Form::from_pairs([("name", asked.get("name")), ("domain", asked.get("domain"))])
        .with("plan", plan)
        .with("quantity", n.to_string());
    page(&visit, offers, shown, answer).await
}

/// The name check: an answer, or the honest word that nobody could be asked.
async fn answer(visit: &Visit, asked: &FormData) -> Option<public::NameAnswer> {
    let name = asked.some("name")?;
    let typed = TypedName { name: name.into(), domain: asked.get("domain").into() };
    let unknown = || public::NameAnswer {
        address: String::new(),
        tone: Tone::Info,
        words: Msg::new("name-unknown"),
        others: vec![],
    };
    let found = match check_name(&visit.cx, &typed).await {
        Ok(found) => found,
        Err(problem) => {
            tracing::warn!(%problem, "a name could not be checked");
            return Some(unknown());
        }
    };
    Some(match found {
        NameAnswer::Free { address, former, .. } => {
            let key = if former { "name-free-former" } else { "name-free" };
            let words = Msg::new(key).arg("address", address.clone());
            public::NameAnswer { address, tone: Tone::Ok, words, others: vec![] }
        }
        NameAnswer::Taken { address, variants, other_domains } => public::NameAnswer {
            words: Msg::new("name-taken").arg("address", address.clone()),
            address,
            tone: Tone::Err,
            others: variants.into_iter().chain(other_domains).collect(),
        },
        NameAnswer::Invalid { problem, suggestion } => public::NameAnswer {
            address: String::new(),
            tone: Tone::Err,
            words: Msg::problem(&problem.code),
            others: suggestion.into_iter().map(|s| format!("{s}@{}", typed.domain)).collect(),
        },
    })
}

async fn page(visit: &Visit, offers: Vec<Offer>, form: Form, answer: Option<public::NameAnswer>) -> Answer {
    let domains = app::queries::shop::domains(&visit.cx).await?.into_iter().map(|d| d.name).collect();
    let n = quantity(form.value("quantity").parse().unwrap_or(1)).unwrap_or(1);
    let chosen = offers.iter().find(|o| o.plan.code == form.value("plan")).or(offers.first());
    let Some(chosen) = chosen else { return Err(Problem::refused("nothing-on-sale").into()) };
    let quote = domain::order::pricing::quote(&chosen.price, n, 1);
    let total = Total { plan: chosen.plan.name.clone(), quantity: n, net: quote.net, gross: quote.gross };
    visit.page(&Shop { plans: plans(&offers), rows: rows(&offers), domains, form, answer, total })
}

fn plans(offers: &[Offer]) -> Vec<public::Plan> {
    let known = ["standard", "pro", "premium"];
    let plan = |o: &Offer| public::Plan {
        code: o.plan.code.clone(),
        name: o.plan.name.clone(),
        audience: match known.contains(&o.plan.code.as_str()) {
            true => Msg::new(format!("shop-audience-{}", o.plan.code)),
            false => Msg::new("shop-audience-other"),
        },
        net: o.price.unit_net,
        gross: o.price.unit_gross(),
    };
    offers.iter().map(plan).collect()
}

/// The comparison, out of the features in the catalogue (domain notes 2.1).
fn rows(offers: &[Offer]) -> Vec<Row> {
    let gb = |mib: i64| Msg::new("shop-gb").arg("gb", mib / 1024);
    let flag = |yes: bool| if yes { Cell::yes(Msg::new("shop-yes")) } else { Cell::no() };
    let row = |key: &str, cell: &dyn Fn(&Offer) -> Cell| Row {
        label: Msg::new(key),
        cells: offers.iter().map(cell).collect(),
    };
    vec![
        row("shop-row-inbox", &|o| Cell::plain(gb(o.plan.space_mib))),
        row("shop-row-archive", &|o| match o.plan.archive_mib {
            0 => Cell::no(),
            mib => Cell::yes(gb(mib)),
        }),
        row("shop-row-extra", &|o| match o.plan.max_space_mib {
            Some(mib) => Cell::plain(Msg::new("shop-extra-up-to").arg("gb", mib / 1024)),
            None => Cell::plain(Msg::new("shop-extra-unlimited")),
        }),
        row("shop-row-sms", &|o| flag(o.plan.sms_notice)),
        row("shop-row-shared", &|o| flag(o.plan.multi_user)),
        row("shop-row-preservation", &|o| match o.plan.legal_storage {
            true => Cell::yes(Msg::new("shop-included")),
            false => Cell::no(),
        }),
    ]
}

async fn start(visit: Visit, headers: HeaderMap, form: FormData) -> Answer {
    let input = StartCart {
        plan: form.get("plan").into(),
        quantity: form.number("quantity").unwrap_or(0),
        token: cart_token(&headers).map(str::to_owned),
    };
    match start_cart(&visit.cx, input).await {
        Ok(token) => {
            let mut response = visit.go("/order/names")?;
            response.headers_mut().append(header::SET_COOKIE, cart_cookie(&token, &visit.state));
            Ok(response)
        }
        Err(problem) if problem.kind == ProblemKind::Conflict => visit.go("/order/names"),
        Err(problem) if mendable(&problem) => {
            let offers = cart::offers(&visit.cx).await?;
            page(&visit, offers, with_problem(form.shown(), &problem), None).await
        }
        Err(problem) => Ok(crate::Refusal::from(problem).into_response()),
    }
}
