//! The cart of a browser: a secret in a cookie, its hash in the store.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    actor::Actor,
    catalogue::{Plan, Price, price_in_force},
    id::{CartId, LoginId, OrderId},
    order::{
        cart::CartMailbox,
        pricing::{Quote, quote},
    },
    time::Timestamp,
};
use store::{WriteTx, carts as rows, catalogue};

use crate::{Cx, Problem, secrets::sha256};

/// How long a cart that nobody touches is kept, in days.
pub const KEPT_DAYS: i64 = 30;

/// A cart with its rows read.
#[derive(Clone, Debug, PartialEq)]
pub struct Cart {
    pub id: CartId,
    pub version: i64,
    pub login: Option<LoginId>,
    pub plan: String,
    pub years: i64,
    pub mailboxes: Vec<CartMailbox>,
    /// The order it became, once confirmed.
    pub order: Option<OrderId>,
    /// Until when it is kept if nobody touches it.
    pub expires: Timestamp,
    row: rows::CartRow,
}
impl Cart {
    pub fn quantity(&self) -> i64 {
        self.mailboxes.len() as i64
    }
    fn read(row: rows::CartRow) -> Result<Self, Problem> {
        Ok(Self {
            id: CartId::from_uuid(row.id),
            version: row.version,
            login: row.login_id.map(LoginId::from_uuid),
            plan: row.plan_code.clone(),
            years: row.years,
            mailboxes: serde_json::from_str(&row.mailboxes).map_err(Problem::broken)?,
            order: row.order_id.map(OrderId::from_uuid),
            expires: Timestamp::from_micros(row.expires_at),
            row,
        })
    }
}

/// A new secret for the cookie.
pub(crate) fn new_token(cx: &Cx) -> String {
    URL_SAFE_NO_PAD.encode(cx.random::<32>())
}

/// The login that acts, if somebody is signed in.
pub(crate) fn login_of(cx: &Cx) -> Option<LoginId> {
    match cx.actor {
        Actor::Login { login, .. } => Some(login),
        _ => None,
    }
}

/// The cart of a cookie; `None` when there is none, or when it belongs to another login. An
/// expired one is gone even if its row is still there.
///
/// # Errors
/// When the store cannot be read.
pub async fn find(cx: &Cx, token: &str) -> Result<Option<Cart>, Problem> {
    let Some(row) = rows::by_token(&mut cx.store(), &sha256(token.as_bytes())).await? else { return Ok(None) };
    if row.expires_at <= cx.now().micros() {
        return Ok(None);
    }
    let cart = Cart::read(row)?;
    let foreign = cart.login.is_some_and(|owner| login_of(cx).is_some_and(|me| me != owner));
    Ok((!foreign).then_some(cart))
}

/// The open cart of a cookie.
///
/// # Errors
/// `cart-missing` when there is none, `cart-confirmed` when it has become an order.
pub async fn open(cx: &Cx, token: &str) -> Result<Cart, Problem> {
    match find(cx, token).await? {
        None => Err(Problem::refused("cart-missing")),
        Some(cart) => match cart.order {
            Some(order) => Err(Problem::refused("cart-confirmed").with("order", order)),
            None => Ok(cart),
        },
    }
}

/// Saves a changed cart, in the version that was read.
///
/// # Errors
/// `cart-changed` when another tab changed or confirmed it meanwhile.
pub async fn save(cx: &Cx, cart: &Cart) -> Result<(), Problem> {
    let (cx_in, cart) = (cx.clone(), cart.clone());
    cx.write(async move |tx| save_in(tx, &cx_in, &cart).await).await
}

/// The same in the caller's transaction.
pub(crate) async fn save_in(tx: &mut WriteTx, cx: &Cx, cart: &Cart) -> Result<(), Problem> {
    let mut row = cart.row.clone();
    let now = cx.now();
    row.plan_code = cart.plan.clone();
    row.quantity = cart.quantity();
    row.years = cart.years;
    row.mailboxes = serde_json::to_string(&cart.mailboxes).map_err(Problem::broken)?;
    row.updated_at = now.micros();
    row.expires_at = now.plus_days(KEPT_DAYS).micros();
    match rows::save(tx, &row).await? {
        1 => Ok(()),
        _ => Err(Problem::conflict("cart-changed")),
    }
}

/// Gives the cart of this browser to the login that has just signed in or registered. Nothing
/// happens when there is no cart, or when it is somebody else's.
///
/// # Errors
/// When the store cannot be written.
pub async fn adopt(cx: &Cx, token: &str) -> Result<(), Problem> {
    let (Some(login), Some(cart)) = (login_of(cx), find(cx, token).await?) else { return Ok(()) };
    if cart.login.is_some() || cart.order.is_some() {
        return Ok(());
    }
    let now = cx.now().micros();
    cx.write(async move |tx| Ok(rows::adopt(tx, cart.id.uuid(), login.uuid(), now).await.map(drop)?)).await
}

/// The cart that the acting login left last, on whichever browser.
///
/// # Errors
/// When the store cannot be read.
pub async fn left_open(cx: &Cx) -> Result<Option<Cart>, Problem> {
    let Some(login) = login_of(cx) else { return Ok(None) };
    rows::open_of(&mut cx.store(), login.uuid(), cx.now().micros()).await?.map(Cart::read).transpose()
}

/// Takes that cart up again in this browser, whose cookie is `token`; answers the cookie's secret from now on.
///
/// # Errors
/// `cart-missing` when there is none.
pub async fn resume(cx: &Cx, token: Option<&str>) -> Result<String, Problem> {
    let left = left_open(cx).await?.ok_or_else(|| Problem::refused("cart-missing"))?;
    if let Some(token) = token
        && find(cx, token).await?.is_some_and(|mine| mine.id == left.id)
    {
        return Ok(token.to_owned());
    }
    let fresh = new_token(cx);
    let hash = sha256(fresh.as_bytes());
    cx.write(async move |tx| match rows::new_token(tx, left.id.uuid(), &hash).await? {
        1 => Ok(()),
        _ => Err(Problem::refused("cart-missing")),
    })
    .await?;
    Ok(fresh)
}

/// A plan with its price of today.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub plan: Plan,
    pub price: Price,
}

/// The plans on sale with their prices in force, in the order of the table.
///
/// # Errors
/// When the store cannot be read.
pub async fn offers(cx: &Cx) -> Result<Vec<Offer>, Problem> {
    let now = cx.now();
    let plans = catalogue::plans(&mut cx.store()).await?;
    let prices = catalogue::prices(&mut cx.store(), &cx.settings().retail_price_list, now).await?;
    Ok(plans
        .into_iter()
        .filter(|plan| plan.on_sale(now.date()))
        .filter_map(|plan| price_in_force(&prices, &plan.code, now).cloned().map(|price| Offer { plan, price }))
        .collect())
}

/// What a cart costs today.
///
/// # Errors
/// `plan-not-on-sale` when its plan has left the catalogue.
pub async fn price(cx: &Cx, cart: &Cart, years: i64) -> Result<(Offer, Quote), Problem> {
    let offer = offers(cx).await?.into_iter().find(|o| o.plan.code == cart.plan);
    let offer = offer.ok_or_else(|| Problem::refused("plan-not-on-sale"))?;
    let quote = quote(&offer.price, cart.quantity(), years);
    Ok((offer, quote))
}
