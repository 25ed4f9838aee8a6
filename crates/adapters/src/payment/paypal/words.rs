//! PayPal's words in ours.

use domain::{id::AttemptId, money::Money};
use ports::{
    PortError,
    payment::{AttemptKind, SavedMethod, Truth, TruthState},
};
use serde_json::{Value, json};

/// The payer has to go back to PayPal's page.
pub(super) const PAYER_ACTION: &str = "payer_action";
/// Captured before.
pub(super) const CAPTURED: &str = "already_captured";
/// The payer has not approved it.
pub(super) const NOT_APPROVED: &str = "not_approved";

/// A text that an answer must have.
pub(super) fn text(thing: &Value, key: &str) -> Result<String, PortError> {
    let found = thing[key].as_str().map(str::to_owned);
    found.ok_or_else(|| PortError::outcome_unknown(format!("the answer has no `{key}`")))
}

/// The address under one of these names among the answer's links.
pub(super) fn link(thing: &Value, names: &[&str]) -> Option<String> {
    let links = thing["links"].as_array()?;
    let found = links.iter().find(|l| l["rel"].as_str().is_some_and(|rel| names.contains(&rel)))?;
    found["href"].as_str().map(str::to_owned)
}

/// An amount as PayPal writes it: `12.08`.
pub(super) fn money(amount: Money) -> Value {
    let cents = amount.as_cents();
    json!({ "currency_code": "EUR", "value": format!("{}.{:02}", cents / 100, cents % 100) })
}

/// An amount as PayPal writes it, in euro; `None` for anything else.
pub(super) fn cents(amount: &Value) -> Option<Money> {
    let value = amount["value"].as_str().filter(|_| amount["currency_code"] == "EUR")?;
    let (whole, part) = value.split_once('.')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() != 2 {
        return None;
    }
    let (whole, part): (i64, i64) = (whole.parse().ok()?, part.parse().ok()?);
    Some(Money::cents(whole.checked_mul(100)?.checked_add(part)?))
}

/// The part of an order that every kind of payment shares. The same attempt and amount make the same text: PayPal is
/// asked for it again when an answer was lost.
pub(super) fn order(attempt: AttemptId, amount: Money) -> Value {
    let name = attempt.to_string();
    json!({
        "intent": "CAPTURE",
        "purchase_units": [{
            "reference_id": name, "custom_id": name, "invoice_id": name, "amount": money(amount),
        }],
    })
}

/// Words that leave open whether money moved.
pub(super) fn may_have_moved(issue: &str) -> bool {
    matches!(issue, "ORDER_COMPLETION_IN_PROGRESS" | "DUPLICATE_INVOICE_ID")
}

/// Our code for a refused request (`details[0].issue`).
pub(super) fn refusal(issue: &str, status: u16) -> &'static str {
    match issue {
        "PAYER_ACTION_REQUIRED" => PAYER_ACTION,
        "ORDER_ALREADY_CAPTURED" => CAPTURED,
        "ORDER_NOT_APPROVED" => NOT_APPROVED,
        "INSTRUMENT_DECLINED"
        | "PAYER_CANNOT_PAY"
        | "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING"
        | "DECLINED_DUE_TO_RELATED_TXN"
        | "TRANSACTION_REFUSED" => "card_declined",
        "TRANSACTION_LIMIT_EXCEEDED"
        | "TRANSACTION_RECEIVING_LIMIT_EXCEEDED"
        | "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED" => "limit_exceeded",
        "PAYER_ACCOUNT_LOCKED_OR_CLOSED"
        | "PAYER_ACCOUNT_RESTRICTED"
        | "AGREEMENT_ALREADY_CANCELLED"
        | "BILLING_AGREEMENT_NOT_FOUND" => "method_unusable",
        "COMPLIANCE_VIOLATION" | "TRANSACTION_BLOCKED_BY_PAYEE" | "PAYEE_BLOCKED_TRANSACTION" => "fraud_suspected",
        "CAPTURE_FULLY_REFUNDED" | "REFUND_AMOUNT_EXCEEDED" => "over_refund",
        _ if status == 404 => "not_found",
        _ => "bad_request",
    }
}

/// A truth that says no more than its state.
pub(super) fn bare(state: TruthState) -> Truth {
    Truth { reference: None, state, method: None, customer: None }
}

fn unclear(detail: impl Into<String>) -> TruthState {
    TruthState::Processing { detail: detail.into() }
}

fn received(amount: &Value) -> TruthState {
    match cents(amount) {
        Some(amount) => TruthState::Succeeded { amount },
        // Never taken for money: a person has to look.
        None => unclear(format!("amount {amount}")),
    }
}

/// What was taken for an order; `None` as long as nobody tried.
pub(super) fn capture_of(order: &Value) -> Option<&Value> {
    let captures = order["purchase_units"][0]["payments"]["captures"].as_array()?;
    let moved = |c: &&Value| matches!(c["status"].as_str(), Some("COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED"));
    captures.iter().find(moved).or_else(|| captures.last())
}

/// The truth of an order; one that its payer has approved says `APPROVED` until it is captured.
pub(super) fn truth_of_order(order: &Value, kind: AttemptKind) -> Truth {
    let state = match capture_of(order) {
        Some(capture) => match capture["status"].as_str().unwrap_or_default() {
            "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED" => received(&capture["amount"]),
            word @ ("DECLINED" | "FAILED") => failed("card_declined", word),
            other => unclear(format!("{other} {}", capture["status_details"]["reason"].as_str().unwrap_or_default())),
        },
        None => match (order["status"].as_str().unwrap_or_default(), kind) {
            // Only we could have captured it, and did not.
            ("CREATED" | "APPROVED", AttemptKind::Charge) => TruthState::Absent,
            ("CREATED" | "SAVED" | "PAYER_ACTION_REQUIRED", _) => TruthState::AwaitingPayer,
            ("VOIDED", _) => TruthState::Closed,
            (other, _) => unclear(other),
        },
    };
    let succeeded = matches!(state, TruthState::Succeeded { .. });
    let wallet = &order["payment_source"]["paypal"];
    let vault = &wallet["attributes"]["vault"];
    let method = vault["id"].as_str().filter(|_| succeeded).map(|token| saved(token, wallet));
    let customer = vault["customer"]["id"].as_str().filter(|_| succeeded).map(str::to_owned);
    Truth { reference: order["id"].as_str().map(str::to_owned), state, method, customer }
}

pub(super) fn failed(code: &str, detail: &str) -> TruthState {
    TruthState::Failed { code: code.to_owned(), detail: detail.to_owned() }
}

/// A PayPal account that can be charged again.
pub(super) fn saved(token: &str, wallet: &Value) -> SavedMethod {
    SavedMethod {
        reference: token.to_owned(),
        brand: "paypal".to_owned(),
        last4: masked(wallet["email_address"].as_str().unwrap_or_default()),
        expires: None,
        network_transaction: None,
    }
}

/// `anna.verdi@example.com` as `an…@example.com`.
fn masked(address: &str) -> String {
    let Some((local, domain)) = address.split_once('@') else { return String::new() };
    let shown = if local.chars().count() > 2 { 2 } else { 1 };
    format!("{}…@{domain}", local.chars().take(shown).collect::<String>())
}

/// The truth of a refund.
pub(super) fn truth_of_refund(refund: &Value) -> Truth {
    let state = match refund["status"].as_str().unwrap_or_default() {
        "COMPLETED" => received(&refund["amount"]),
        word @ ("FAILED" | "CANCELLED") => failed("method_unusable", word),
        other => unclear(other),
    };
    Truth { reference: refund["id"].as_str().map(str::to_owned), ..bare(state) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_cent_or_not_at_all() {
        for (cents_, text) in [(1208, "12.08"), (5, "0.05"), (100_000, "1000.00")] {
            assert_eq!(money(Money::cents(cents_))["value"], text);
            assert_eq!(cents(&json!({"currency_code": "EUR", "value": text})), Some(Money::cents(cents_)));
        }
        for wrong in ["12", "12.8", "12.080", "-1.00", "1,00", "1.0a", ".10", "99999999999999999999.00", ""] {
            assert_eq!(cents(&json!({"currency_code": "EUR", "value": wrong})), None, "{wrong}");
        }
        assert_eq!(cents(&json!({"currency_code": "USD", "value": "12.08"})), None);
        assert_eq!(cents(&json!({"currency_code": "EUR", "value": 12.08})), None);
    }

    #[test]
    fn accounts_are_masked() {
        assert_eq!(masked("anna.verdi@example.com"), "an…@example.com");
        assert_eq!(masked("èà@example.com"), "è…@example.com");
        assert_eq!(masked("nonsense"), "");
    }

    #[test]
    fn words_that_are_not_known_are_never_money() {
        let order = |status: &str, capture: &str, currency: &str| {
            json!({"id": "O", "status": status, "purchase_units": [{"payments": {"captures":
                [{"status": capture, "amount": {"currency_code": currency, "value": "12.08"}}]}}]})
        };
        let state = |o: &Value| truth_of_order(o, AttemptKind::Payment).state;
        assert_eq!(
            state(&order("COMPLETED", "COMPLETED", "EUR")),
            TruthState::Succeeded { amount: Money::cents(1208) }
        );
        assert_eq!(state(&order("COMPLETED", "REFUNDED", "EUR")), TruthState::Succeeded { amount: Money::cents(1208) });
        for unknown in [
            order("COMPLETED", "COMPLETED", "USD"),
            order("COMPLETED", "PENDING", "EUR"),
            order("COMPLETED", "TOMORROW", "EUR"),
            json!({"id": "O", "status": "COMPLETED"}),
            json!({"id": "O", "status": "TOMORROW"}),
            json!({}),
        ] {
            assert!(matches!(state(&unknown), TruthState::Processing { .. }), "{unknown}");
        }
    }
}
