//! Puts a plan and a quantity into the cart of this browser.

use domain::{
    id::CartId,
    order::cart::{CartMailbox, quantity, resize},
};
use store::carts as rows;

use super::cart::{self, KEPT_DAYS, login_of, new_token};
use crate::{Cx, Problem, secrets::sha256};

/// What was chosen on the product page.
#[derive(Clone, Debug)]
pub struct StartCart {
    pub plan: String,
    pub quantity: i64,
    /// The cookie, when the browser has one.
    pub token: Option<String>,
}

/// Starts a cart, or changes plan and quantity of the open one, whose filled rows stay as far as
/// the new quantity goes. Answers the cookie's secret.
///
/// # Errors
/// `quantity` out of 1–99, `plan` unknown or not on sale, `cart-changed` by another tab.
pub async fn start_cart(cx: &Cx, input: StartCart) -> Result<String, Problem> {
    let n = quantity(input.quantity).map_err(|_| Problem::invalid_field("quantity", "quantity-range"))?;
    let offers = cart::offers(cx).await?;
    let Some(offer) = offers.into_iter().find(|o| o.plan.code == input.plan) else {
        return Err(Problem::invalid_field("plan", "plan-not-on-sale"));
    };
    if let Some(token) = input.token
        && let Some(mut open) = cart::find(cx, &token).await?.filter(|c| c.order.is_none())
    {
        open.plan = offer.plan.code;
        resize(&mut open.mailboxes, n);
        cart::save(cx, &open).await?;
        return Ok(token);
    }
    let token = new_token(cx);
    let id: CartId = cx.new_id();
    let mailboxes = serde_json::to_string(&vec![CartMailbox::default(); n as usize]).map_err(Problem::broken)?;
    let (hash, login, now) = (sha256(token.as_bytes()), login_of(cx), cx.now());
    cx.write(async move |tx| {
        let new = rows::NewCart {
            id: id.uuid(),
            token_hash: &hash,
            login_id: login.map(|l| l.uuid()),
            plan_code: &offer.plan.code,
            quantity: n,
            shown_price_id: Some(offer.price.id.uuid()),
            mailboxes: &mailboxes,
            now: now.micros(),
            expires_at: now.plus_days(KEPT_DAYS).micros(),
        };
        Ok(rows::insert(tx, &new).await?)
    })
    .await?;
    Ok(token)
}
