//! The gateway's own card fields inside a page of ours, where the customer does not leave for a
//! hosted page. The fields are drawn by the gateway's script; what is typed never reaches us.

use app::queries::payments::card_form;
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::Response,
};
use domain::{actor::Actor, id::AttemptId};
use render::pages::payments::Card;

use crate::{Answer, Visit};

/// For whoever may pay it: the account that ordered, or the holder who tops up.
pub(super) async fn card(visit: Visit, Path(attempt): Path<String>) -> Answer {
    if matches!(visit.cx.actor, Actor::Operator { .. } | Actor::System) {
        return Err(app::Problem::forbidden().into());
    }
    let visitor = matches!(visit.cx.actor, Actor::Visitor);
    let found = match attempt.parse::<AttemptId>() {
        Ok(attempt) => card_form(&visit.cx, attempt).await,
        Err(_) => Err(app::Problem::not_found()),
    };
    let found = match found {
        // Only what was begun without signing in goes on without it.
        Err(_) if visitor => return Err(visit.sign_in_first("/login")),
        found => found?,
    };
    let page = Card {
        wait: found.wait,
        back: (!found.quick && matches!(visit.cx.actor, Actor::Login { .. }))
            .then(|| format!("/account/orders/{}", found.order)),
        number: found.number,
        gross: found.gross,
        script_url: found.script_url.clone(),
        publishable_key: found.publishable_key,
        client_secret: found.client_secret,
    };
    let mut response = visit.page(&page)?;
    let_script_in(&mut response, &found.script_url);
    Ok(response)
}

/// Pages with the gateway's card fields let a script of others in, from the configured address only.
pub(crate) fn let_script_in(response: &mut Response, script_url: &str) {
    let origin = origin_of(script_url);
    let policy = format!(
        "default-src 'self'; script-src 'self' {origin}; frame-src {origin} https://hooks.stripe.com; \
         connect-src 'self' {origin} https://api.stripe.com; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Scheme and host of an address.
fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |i| i + 3);
    url[host..].find('/').map_or(url, |end| &url[..host + end])
}
