//! Stripe's words in ours.

use domain::{id::AttemptId, money::Money};
use ports::{
    PortError,
    payment::{AttemptKind, DECLINES, SavedMethod, Truth, TruthState},
};
use serde_json::Value;

/// A text that an answer must have.
pub(super) fn text(thing: &Value, key: &str) -> Result<String, PortError> {
    let found = thing[key].as_str().map(str::to_owned);
    found.ok_or_else(|| PortError::outcome_unknown(format!("the answer has no `{key}`")))
}

/// The identifier of a thing that may be expanded or only named.
pub(super) fn id_of(thing: &Value) -> Option<String> {
    thing.as_str().or_else(|| thing["id"].as_str()).map(str::to_owned)
}

/// The part of a Checkout Session that payments and set-ups share.
pub(super) fn session_form(
    mode: &str,
    attempt: AttemptId,
    customer: &str,
    return_url: &str,
    language: &str,
) -> Vec<(&'static str, String)> {
    vec![
        ("mode", mode.to_owned()),
        ("customer", customer.to_owned()),
        ("client_reference_id", attempt.to_string()),
        ("metadata[attempt]", attempt.to_string()),
        ("payment_method_types[]", "card".to_owned()),
        ("success_url", return_url.to_owned()),
        ("cancel_url", return_url.to_owned()),
        ("locale", language.to_owned()),
    ]
}

/// Our reason for a code of theirs (`error.decline_code`, else `error.code`).
pub(super) fn decline(code: &str) -> &'static str {
    match code {
        "authentication_required" => "authentication_required",
        "payment_intent_authentication_failure"
        | "setup_intent_authentication_failure"
        | "authentication_not_handled" => "authentication_failed",
        "expired_card" | "invalid_expiry_year" | "invalid_expiry_month" => "expired_card",
        "insufficient_funds" => "insufficient_funds",
        "card_velocity_exceeded" | "withdrawal_count_limit_exceeded" => "limit_exceeded",
        "incorrect_cvc" | "invalid_cvc" | "incorrect_number" | "invalid_number" | "incorrect_zip" | "incorrect_pin"
        | "invalid_account" => "incorrect_details",
        "lost_card" | "stolen_card" | "pickup_card" => "lost_or_stolen",
        "fraudulent" | "merchant_blacklist" | "security_violation" => "fraud_suspected",
        "processing_error" | "issuer_not_available" | "reenter_transaction" | "try_again_later" | "approve_with_id" => {
            "try_again_later"
        }
        "payment_method_unactivated"
        | "card_not_supported"
        | "currency_not_supported"
        | "transaction_not_allowed"
        | "restricted_card"
        | "new_account_information_available" => "method_unusable",
        _ => "card_declined",
    }
}

/// Is this one of the codes that a card's refusal gives?
pub(super) fn is_decline(code: &str) -> bool {
    DECLINES.contains(&code)
}

/// Our code for a request that was refused for another reason than the card.
pub(super) fn refusal(code: &str, message: &str, status: u16) -> &'static str {
    match code {
        "charge_already_refunded" | "refund_amount_too_large" => "over_refund",
        _ if message.contains("greater than unrefunded amount") => "over_refund",
        "amount_too_small" | "amount_too_large" => "amount_out_of_range",
        _ if status == 404 => "not_found",
        _ => "bad_request",
    }
}

pub(super) fn absent() -> Truth {
    Truth { reference: None, state: TruthState::Absent, method: None, customer: None }
}

pub(super) fn declined(code: &str, detail: String) -> Truth {
    let state = TruthState::Failed { code: code.to_owned(), detail };
    Truth { reference: None, state, method: None, customer: None }
}

/// The state of a PaymentIntent, SetupIntent, Checkout Session or Refund.
pub(super) fn truth_of(thing: &Value, kind: AttemptKind) -> Truth {
    let (state, method) = match thing["object"].as_str() {
        Some("checkout.session") => return session(thing, kind),
        Some("payment_intent") => (intent(thing), saved_method(thing)),
        Some("setup_intent") => (setup(thing), saved_method(thing)),
        Some("refund") => (refund(thing), None),
        other => (unclear(format!("object {other:?}")), None),
    };
    let succeeded = matches!(state, TruthState::Succeeded { .. });
    Truth { reference: id_of(thing), state, method: method.filter(|_| succeeded), customer: id_of(&thing["customer"]) }
}

fn unclear(detail: impl Into<String>) -> TruthState {
    TruthState::Processing { detail: detail.into() }
}

fn intent(thing: &Value) -> TruthState {
    match thing["status"].as_str().unwrap_or_default() {
        "requires_payment_method" => failure(&thing["last_payment_error"]).unwrap_or(TruthState::AwaitingPayer),
        "requires_confirmation" => TruthState::AwaitingPayer,
        "requires_action" => TruthState::Challenge,
        "succeeded" => received(thing, "amount_received"),
        "canceled" => TruthState::Closed,
        other => unclear(other),
    }
}

fn setup(thing: &Value) -> TruthState {
    match thing["status"].as_str().unwrap_or_default() {
        "requires_payment_method" => failure(&thing["last_setup_error"]).unwrap_or(TruthState::AwaitingPayer),
        "requires_confirmation" => TruthState::AwaitingPayer,
        "requires_action" => TruthState::Challenge,
        "succeeded" => TruthState::Succeeded { amount: Money::ZERO },
        "canceled" => TruthState::Closed,
        other => unclear(other),
    }
}

fn refund(thing: &Value) -> TruthState {
    match thing["status"].as_str().unwrap_or_default() {
        "succeeded" => received(thing, "amount"),
        "failed" | "canceled" => TruthState::Failed {
            code: "method_unusable".to_owned(),
            detail: thing["failure_reason"].as_str().unwrap_or_default().to_owned(),
        },
        other => unclear(other),
    }
}

fn session(thing: &Value, kind: AttemptKind) -> Truth {
    let inner = [&thing["payment_intent"], &thing["setup_intent"]].into_iter().find(|i| i.is_object());
    let inside = inner.map(|i| truth_of(i, kind));
    let state = match (thing["status"].as_str().unwrap_or_default(), inside.as_ref().map(|t| &t.state)) {
        // Money that moved is believed whatever the page's state.
        (_, Some(paid @ TruthState::Succeeded { .. })) => paid.clone(),
        ("open", Some(TruthState::Challenge)) => TruthState::Challenge,
        // After a decline the page lets the customer try another card.
        ("open", _) => TruthState::AwaitingPayer,
        ("expired", _) => TruthState::Closed,
        ("complete", Some(inner)) => inner.clone(),
        (other, _) => unclear(format!("session {other}")),
    };
    Truth { reference: id_of(thing), state, method: inside.and_then(|t| t.method), customer: id_of(&thing["customer"]) }
}

fn failure(error: &Value) -> Option<TruthState> {
    let code = error["decline_code"].as_str().or_else(|| error["code"].as_str())?;
    let detail = format!("{code} {}", error["message"].as_str().unwrap_or_default());
    Some(TruthState::Failed { code: decline(code).to_owned(), detail })
}

/// A success in euro; anything else waits for a person.
fn received(thing: &Value, key: &str) -> TruthState {
    let cents = thing[key].as_i64().or_else(|| thing["amount"].as_i64());
    match (thing["currency"].as_str(), cents) {
        (Some("eur"), Some(cents)) => TruthState::Succeeded { amount: Money::cents(cents) },
        (currency, cents) => unclear(format!("succeeded with {cents:?} {currency:?}")),
    }
}

/// The method, if it was kept for later charges.
fn saved_method(thing: &Value) -> Option<SavedMethod> {
    let kept = thing["object"] == "setup_intent"
        || thing["setup_future_usage"] == "off_session"
        || thing["metadata"]["save"] == "yes";
    let method = &thing["payment_method"];
    let reference = id_of(method).filter(|_| kept)?;
    let card = &method["card"];
    let part = |key: &str| card[key].as_i64();
    let expires = part("exp_year").zip(part("exp_month"));
    let expires = expires.and_then(|(y, m)| Some((i16::try_from(y).ok()?, i8::try_from(m).ok()?)));
    let details = &thing["latest_charge"]["payment_method_details"]["card"];
    Some(SavedMethod {
        reference,
        brand: card["brand"].as_str().unwrap_or("card").to_owned(),
        last4: card["last4"].as_str().unwrap_or_default().to_owned(),
        expires,
        network_transaction: details["network_transaction_id"].as_str().map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn state(thing: Value) -> TruthState {
        truth_of(&thing, AttemptKind::Payment).state
    }
    fn pi(status: &str) -> Value {
        json!({"object": "payment_intent", "id": "pi_1", "status": status, "amount": 1208, "amount_received": 1200, "currency": "eur"})
    }

    #[test]
    fn intents() {
        assert_eq!(state(pi("succeeded")), TruthState::Succeeded { amount: Money::cents(1200) });
        assert_eq!(state(pi("requires_payment_method")), TruthState::AwaitingPayer);
        assert_eq!(state(pi("requires_action")), TruthState::Challenge);
        assert_eq!(state(pi("canceled")), TruthState::Closed);
        assert_eq!(state(pi("some_new_word")), unclear("some_new_word"), "what is not known is pending");
        assert_eq!(state(json!({"object": "payment_intent"})), unclear(""));
        assert_eq!(state(json!({"object": "brand_new"})), unclear("object Some(\"brand_new\")"));
        let mut dollars = pi("succeeded");
        dollars["currency"] = json!("usd");
        assert!(matches!(state(dollars), TruthState::Processing { .. }));
        let mut declined = pi("requires_payment_method");
        declined["last_payment_error"] =
            json!({"code": "card_declined", "decline_code": "stolen_card", "message": "m"});
        assert!(matches!(state(declined), TruthState::Failed { code, .. } if code == "lost_or_stolen"));
    }

    #[test]
    fn sessions() {
        let session = |status: &str, intent: Value| {
            state(json!({"object": "checkout.session", "id": "cs_1", "status": status, "payment_intent": intent}))
        };
        assert_eq!(session("open", Value::Null), TruthState::AwaitingPayer);
        let mut declined = pi("requires_payment_method");
        declined["last_payment_error"] = json!({"code": "card_declined"});
        assert_eq!(session("open", declined), TruthState::AwaitingPayer);
        assert_eq!(session("open", pi("requires_action")), TruthState::Challenge);
        assert_eq!(session("expired", Value::Null), TruthState::Closed);
        assert_eq!(session("expired", pi("succeeded")), TruthState::Succeeded { amount: Money::cents(1200) });
        assert_eq!(session("complete", pi("processing")), unclear("processing"));
        assert_eq!(session("complete", json!("pi_1")), unclear("session complete"));
    }

    #[test]
    fn methods_are_told_only_when_kept() {
        let mut paid = pi("succeeded");
        paid["payment_method"] =
            json!({"id": "pm_1", "card": {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030}});
        assert_eq!(truth_of(&paid, AttemptKind::Payment).method, None);
        paid["setup_future_usage"] = json!("off_session");
        paid["latest_charge"] = json!({"payment_method_details": {"card": {"network_transaction_id": "n1"}}});
        let method = truth_of(&paid, AttemptKind::Payment).method.expect("it was kept");
        assert_eq!(
            (method.reference.as_str(), method.last4.as_str(), method.expires),
            ("pm_1", "4242", Some((2030, 12)))
        );
        assert_eq!(method.network_transaction.as_deref(), Some("n1"));
        paid["status"] = json!("requires_action");
        assert_eq!(truth_of(&paid, AttemptKind::Payment).method, None, "not before it succeeded");
    }

    #[test]
    fn every_decline_is_one_that_pages_have_words_for() {
        for code in
            ["insufficient_funds", "generic_decline", "", "lost_card", "expired_card", "incorrect_cvc", "fraudulent"]
        {
            assert!(is_decline(decline(code)), "{code}");
        }
        assert!(!is_decline("bad_request"));
    }
}
