//! What the fake PayPal remembers, and how it answers.

use std::collections::HashMap;

use http::StatusCode;
use serde_json::{Value, json};

/// How a payer's means of payment behave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Good,
    Declined,
    /// The payer has to come back to PayPal's page before money is taken.
    ActionRequired,
}

/// An account that may be charged again.
struct Token {
    customer: String,
    later: Mood,
}

/// An answer: a status and what is in it.
pub(super) type Answer = (StatusCode, Value);

/// Orders, accounts and transactions.
#[derive(Default)]
pub(super) struct Book {
    orders: HashMap<String, Value>,
    /// How the payer pays an order now, and the stored account later.
    moods: HashMap<String, (Mood, Mood)>,
    setups: HashMap<String, Value>,
    tokens: HashMap<String, Token>,
    /// What was answered under a `PayPal-Request-Id`.
    keys: HashMap<String, Answer>,
    /// Captures that the list of transactions shows already; it is hours late.
    listed: usize,
    captures: Vec<(String, Value)>,
    /// Events, oldest first.
    pub(super) told: Vec<Value>,
    made: u64,
    /// The next capture is told with this amount.
    pub(super) odd_amount: Option<Value>,
}

fn refuse(issue: &str) -> Answer {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    (status, json!({ "name": "UNPROCESSABLE_ENTITY", "details": [{ "issue": issue }], "debug_id": "fake" }))
}
pub(super) fn missing() -> Answer {
    let details = json!([{ "issue": "INVALID_RESOURCE_ID" }]);
    (StatusCode::NOT_FOUND, json!({ "name": "RESOURCE_NOT_FOUND", "details": details, "debug_id": "fake" }))
}
fn found(thing: Option<&Value>) -> Answer {
    thing.map_or_else(missing, |thing| (StatusCode::OK, thing.clone()))
}

impl Book {
    fn name(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:08}", self.made)
    }
    fn tell(&mut self, kind: &str, resource: Value) {
        let id = self.name("WH-");
        self.told.push(json!({ "id": id, "event_type": kind, "event_version": "1.0", "resource": resource }));
    }

    pub(super) fn get(&self, path: &[&str], query: &HashMap<String, String>) -> Answer {
        match path {
            ["v2", "checkout", "orders", id] => found(self.orders.get(*id)),
            ["v2", "payments", "captures", id] => found(self.captures.iter().map(|(_, c)| c).find(|c| c["id"] == **id)),
            ["v2", "payments", "refunds", id] => found(self.refunds().find(|r| r["id"] == **id)),
            ["v3", "vault", "setup-tokens", id] => found(self.setups.get(*id)),
            ["v1", "reporting", "transactions"]
                if query.contains_key("start_date") && query.contains_key("end_date") =>
            {
                let of_amount = |c: &Value| {
                    let cents = c["amount"]["value"].as_str().unwrap_or_default().replace('.', "");
                    let cents = cents.trim_start_matches('0');
                    query.get("transaction_amount").is_none_or(|range| *range == format!("{cents} TO {cents}"))
                };
                let shown = self.captures.iter().take(self.listed).map(|(_, c)| c).filter(|c| of_amount(c));
                let items: Vec<Value> = shown
                    .map(
                        |c| json!({ "transaction_info": { "transaction_id": c["id"], "invoice_id": c["invoice_id"] } }),
                    )
                    .collect();
                (StatusCode::OK, json!({ "transaction_details": items, "page": 1, "total_pages": 1 }))
            }
            _ => missing(),
        }
    }

    fn refunds(&self) -> impl Iterator<Item = &Value> {
        let all = |o: &'_ Value| o["purchase_units"][0]["payments"]["refunds"].as_array().map(Vec::len).unwrap_or(0);
        self.orders
            .values()
            .flat_map(move |o| (0..all(o)).map(move |n| &o["purchase_units"][0]["payments"]["refunds"][n]))
    }

    /// Carries a call out once under its key.
    pub(super) fn post(&mut self, path: &[&str], body: &Value, key: &str) -> Answer {
        if let Some(earlier) = self.keys.get(key) {
            return earlier.clone();
        }
        let answer = match path {
            ["v2", "checkout", "orders"] => self.create(body),
            ["v2", "checkout", "orders", id, "capture"] => self.capture(id, body),
            ["v2", "payments", "captures", id, "refund"] => self.refund(id, body),
            ["v3", "vault", "setup-tokens"] => self.set_up(body),
            ["v3", "vault", "payment-tokens"] => self.tokenize(body),
            _ => missing(),
        };
        if answer.0.is_success() && !key.is_empty() {
            self.keys.insert(key.to_owned(), answer.clone());
        }
        answer
    }

    fn create(&mut self, body: &Value) -> Answer {
        let id = self.name("ORDER");
        let with_payer = body["payment_source"]["paypal"].is_object();
        let mut order = body.clone();
        order["id"] = json!(id);
        order["status"] = json!(if with_payer { "PAYER_ACTION_REQUIRED" } else { "CREATED" });
        order["update_time"] = json!("2026-01-01T00:00:00Z");
        if with_payer {
            let page = format!("https://paypal.test/checkoutnow?token={id}");
            order["links"] = json!([{ "rel": "payer-action", "href": page, "method": "GET" }]);
            order["payment_source"]["paypal"]["email_address"] = json!("anna.verdi@example.com");
        }
        self.orders.insert(id, order.clone());
        (StatusCode::CREATED, order)
    }

    /// The payer presses the button of PayPal's page.
    pub(super) fn approve(&mut self, id: &str, now: Mood, later: Mood) {
        self.made += 1;
        let time = format!("2026-01-01T00:{:02}:{:02}Z", self.made / 60 % 60, self.made % 60);
        self.moods.insert(id.to_owned(), (now, later));
        if let Some(setup) = self.setups.get_mut(id) {
            setup["status"] = json!("APPROVED");
            return;
        }
        let order = self.orders.get_mut(id).expect("an order of this fake");
        order["status"] = json!("APPROVED");
        order["update_time"] = json!(time);
        let resource = order.clone();
        self.tell("CHECKOUT.ORDER.APPROVED", resource);
    }

    fn capture(&mut self, id: &str, body: &Value) -> Answer {
        let Some(order) = self.orders.get(id).cloned() else { return missing() };
        if order["status"] == "COMPLETED" {
            return refuse("ORDER_ALREADY_CAPTURED");
        }
        let vaulted = body["payment_source"]["paypal"]["vault_id"].as_str();
        let mood = match vaulted.map(|token| self.tokens.get(token)) {
            Some(None) => return refuse("TOKEN_ID_NOT_FOUND"),
            Some(Some(token)) => token.later,
            None if order["status"] != "APPROVED" => return refuse("ORDER_NOT_APPROVED"),
            None => self.moods.get(id).copied().unwrap_or_default().0,
        };
        match mood {
            Mood::Declined => return refuse("INSTRUMENT_DECLINED"),
            Mood::ActionRequired => {
                self.orders.get_mut(id).expect("read above")["status"] = json!("PAYER_ACTION_REQUIRED");
                return refuse("PAYER_ACTION_REQUIRED");
            }
            Mood::Good => {}
        }
        (StatusCode::CREATED, self.complete(id, order))
    }

    fn complete(&mut self, id: &str, mut order: Value) -> Value {
        let unit = order["purchase_units"][0].clone();
        let capture = json!({
            "id": self.name("CAP"), "status": "COMPLETED", "custom_id": unit["custom_id"], "invoice_id": unit["invoice_id"],
            "amount": self.odd_amount.take().unwrap_or_else(|| unit["amount"].clone()),
            "supplementary_data": { "related_ids": { "order_id": id } },
        });
        order["status"] = json!("COMPLETED");
        order["purchase_units"][0]["payments"] = json!({ "captures": [capture] });
        if order["payment_source"]["paypal"]["attributes"]["vault"]["store_in_vault"] == "ON_SUCCESS" {
            let known = order["payment_source"]["paypal"]["attributes"]["customer"]["id"].as_str().map(str::to_owned);
            let later = self.moods.get(id).copied().unwrap_or_default().1;
            let (token, customer) = self.vault(known, later);
            order["payment_source"]["paypal"]["attributes"] =
                json!({ "vault": { "id": token, "status": "VAULTED", "customer": { "id": customer } } });
        }
        self.captures.push((id.to_owned(), capture.clone()));
        self.orders.insert(id.to_owned(), order.clone());
        self.tell("PAYMENT.CAPTURE.COMPLETED", capture);
        order
    }

    fn vault(&mut self, customer: Option<String>, later: Mood) -> (String, String) {
        let customer = customer.unwrap_or_else(|| self.name("cus"));
        let token = self.name("tok");
        self.tokens.insert(token.clone(), Token { customer: customer.clone(), later });
        (token, customer)
    }

    fn refund(&mut self, capture: &str, body: &Value) -> Answer {
        let Some(order) = self.captures.iter().find(|(_, c)| c["id"] == capture).map(|(o, _)| o.clone()) else {
            return missing();
        };
        let cents = |v: &Value| v["value"].as_str().and_then(|t| t.replace('.', "").parse::<i64>().ok()).unwrap_or(0);
        let payments = self.orders[&order]["purchase_units"][0]["payments"].clone();
        let before = payments["refunds"].as_array().cloned().unwrap_or_default();
        let given: i64 = before.iter().map(|r| cents(&r["amount"])).sum();
        if given + cents(&body["amount"]) > cents(&payments["captures"][0]["amount"]) {
            return refuse("REFUND_AMOUNT_EXCEEDED");
        }
        let mut refund = body.clone();
        refund["id"] = json!(self.name("REF"));
        refund["status"] = json!("COMPLETED");
        let order = self.orders.get_mut(&order).expect("each capture has its order");
        let mut refunds = before;
        refunds.push(refund.clone());
        order["purchase_units"][0]["payments"]["refunds"] = json!(refunds);
        self.tell("PAYMENT.CAPTURE.REFUNDED", refund.clone());
        (StatusCode::CREATED, refund)
    }

    fn set_up(&mut self, body: &Value) -> Answer {
        let id = self.name("SETUP");
        let customer = body["customer"]["id"].as_str().map(str::to_owned).unwrap_or_else(|| self.name("cus"));
        let page = format!("https://paypal.test/agreements/approve?token={id}");
        let setup = json!({
            "id": id, "status": "PAYER_ACTION_REQUIRED", "customer": { "id": customer },
            "links": [{ "rel": "approve", "href": page, "method": "GET" }],
        });
        self.setups.insert(id, setup.clone());
        (StatusCode::CREATED, setup)
    }

    fn tokenize(&mut self, body: &Value) -> Answer {
        let id = body["payment_source"]["token"]["id"].as_str().unwrap_or_default().to_owned();
        let Some(setup) = self.setups.get(&id).cloned() else { return missing() };
        match self.moods.get(&id) {
            Some((Mood::Good, later)) if setup["status"] == "APPROVED" => {
                let (token, customer) = self.vault(setup["customer"]["id"].as_str().map(str::to_owned), *later);
                self.setups.get_mut(&id).expect("read above")["status"] = json!("VAULTED");
                let wallet = json!({ "paypal": { "email_address": "anna.verdi@example.com" } });
                (StatusCode::CREATED, json!({ "id": token, "customer": { "id": customer }, "payment_source": wallet }))
            }
            _ => refuse("SETUP_TOKEN_NOT_APPROVED"),
        }
    }

    pub(super) fn delete(&mut self, path: &[&str]) -> Answer {
        match path {
            ["v3", "vault", "payment-tokens", id] if self.tokens.remove(*id).is_some() => {
                (StatusCode::NO_CONTENT, Value::Null)
            }
            _ => missing(),
        }
    }

    pub(super) fn charges(&self) -> usize {
        self.captures.len()
    }
    /// Accounts stored for a customer.
    pub(super) fn stored(&self, customer: &str) -> usize {
        self.tokens.values().filter(|t| t.customer == customer).count()
    }
    /// Three hours later: the list of transactions is complete.
    pub(super) fn list(&mut self) {
        self.listed = self.captures.len();
    }
    /// Six hours later: keys are forgotten.
    pub(super) fn forget_keys(&mut self) {
        self.keys.clear();
    }
}
