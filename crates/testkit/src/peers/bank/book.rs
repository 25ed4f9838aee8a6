//! What the bank knows.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

/// What a customer's card does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    Good,
    Declined,
}

/// Money that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The platform's attempt (`pay_…`).
    pub attempt: String,
    pub cents: i64,
    /// Of a stored card, without the customer.
    pub off_session: bool,
    /// The platform's attempts of the refunds, with what went back.
    pub refunds: Vec<(String, i64)>,
}

type Fields = HashMap<String, String>;
/// A success, or the code of the refusal.
type Done = Result<Value, &'static str>;

#[derive(Default)]
pub(super) struct Book {
    customers: usize,
    intents: Vec<Value>,
    refunds: Vec<Value>,
    /// Stored cards.
    methods: HashSet<String>,
    /// Answers by idempotency key.
    keys: HashMap<String, Done>,
    events: usize,
    /// Intents in the order in which they were paid.
    paid: Vec<String>,
}

impl Book {
    /// Carries a call out unless its key was seen; answers it, and what there is to tell.
    pub(super) fn once(&mut self, key: &str, path: &[&str], form: &Fields) -> (Done, Option<Value>) {
        if let Some(known) = self.keys.get(key) {
            return (known.clone(), None);
        }
        let (done, told) = self.carry_out(path, form);
        if !key.is_empty() {
            self.keys.insert(key.to_owned(), done.clone());
        }
        (done, told)
    }

    fn carry_out(&mut self, path: &[&str], form: &Fields) -> (Done, Option<Value>) {
        match path {
            ["customers"] => {
                self.customers += 1;
                (Ok(json!({ "object": "customer", "id": format!("cus_{}", self.customers) })), None)
            }
            ["payment_intents"] => self.intent(form),
            ["payment_intents", id, "cancel"] => self.cancel(id),
            ["refunds"] => (self.refund(form), None),
            _ => (Err("unknown_call"), None),
        }
    }

    fn intent(&mut self, form: &Fields) -> (Done, Option<Value>) {
        let field = |name: &str| form.get(name).cloned().unwrap_or_default();
        let id = format!("pi_{}", self.intents.len() + 1);
        let mut intent = json!({
            "object": "payment_intent", "id": id, "status": "requires_payment_method", "currency": "eur",
            "amount": field("amount").parse::<i64>().unwrap_or_default(), "customer": field("customer"),
            "client_secret": format!("{id}_secret"), "setup_future_usage": field("setup_future_usage"),
            "metadata": { "attempt": field("metadata[attempt]"), "save": field("metadata[save]") },
            "off_session": form.contains_key("off_session"),
        });
        let method = field("payment_method");
        if form.contains_key("confirm") {
            if !self.methods.contains(&method) {
                return (Err("resource_missing"), None);
            }
            intent["payment_method"] = card(&method);
        }
        self.intents.push(intent);
        let told = form.contains_key("confirm").then(|| self.succeed(self.intents.len() - 1));
        (Ok(self.intents.last().cloned().unwrap_or_default()), told)
    }

    fn succeed(&mut self, at: usize) -> Value {
        let intent = &mut self.intents[at];
        intent["status"] = "succeeded".into();
        intent["amount_received"] = intent["amount"].clone();
        self.paid.push(text(intent, "id"));
        let intent = intent.clone();
        self.event("payment_intent.succeeded", &intent)
    }

    fn cancel(&mut self, id: &str) -> (Done, Option<Value>) {
        let Some(intent) = self.intents.iter_mut().find(|i| i["id"] == id) else {
            return (Err("resource_missing"), None);
        };
        if intent["status"] != "requires_payment_method" {
            return (Err("payment_intent_unexpected_state"), None);
        }
        intent["status"] = "canceled".into();
        let intent = intent.clone();
        let told = self.event("payment_intent.canceled", &intent);
        (Ok(intent), Some(told))
    }

    fn refund(&mut self, form: &Fields) -> Done {
        let of = form.get("payment_intent").cloned().unwrap_or_default();
        let cents: i64 = form.get("amount").and_then(|a| a.parse().ok()).unwrap_or_default();
        let intent = self.intents.iter().find(|i| i["id"] == of.as_str()).ok_or("resource_missing")?;
        let back: i64 = self.refunds_of(&of).filter_map(|r| r["amount"].as_i64()).sum();
        if cents + back > intent["amount_received"].as_i64().unwrap_or_default() {
            return Err("refund_amount_too_large");
        }
        let refund = json!({
            "object": "refund", "id": format!("re_{}", self.refunds.len() + 1), "status": "succeeded", "amount": cents,
            "currency": "eur", "payment_intent": of, "metadata": { "attempt": form.get("metadata[attempt]") },
        });
        self.refunds.push(refund.clone());
        Ok(refund)
    }

    fn refunds_of(&self, intent: &str) -> impl Iterator<Item = &Value> {
        self.refunds.iter().filter(move |r| r["payment_intent"] == intent)
    }

    pub(super) fn pay(&mut self, client_secret: &str, with: Card) -> Result<Value, String> {
        let found = self.intents.iter().position(|i| i["client_secret"] == client_secret);
        let at = found.ok_or_else(|| "no such payment".to_owned())?;
        let intent = &mut self.intents[at];
        if intent["status"] != "requires_payment_method" {
            return Err(text(intent, "status"));
        }
        if with == Card::Declined {
            intent["last_payment_error"] = json!({ "code": "card_declined", "decline_code": "insufficient_funds" });
            let intent = intent.clone();
            return Ok(self.event("payment_intent.payment_failed", &intent));
        }
        let method = format!("pm_{}", self.methods.len() + 1);
        intent["payment_method"] = card(&method);
        self.methods.insert(method);
        Ok(self.succeed(at))
    }

    pub(super) fn find(&self, path: &[&str], query: &Fields) -> Option<Value> {
        let newest = |things: &[Value], key: &str| {
            let of = query.get(key).map(String::as_str).unwrap_or_default();
            let limit = query.get("limit").and_then(|l| l.parse().ok()).unwrap_or(10);
            let mut all = things.iter().rev().filter(|t| t[key] == of);
            if let Some(after) = query.get("starting_after") {
                all.find(|t| t["id"] == after.as_str());
            }
            let data: Vec<_> = all.by_ref().take(limit).cloned().collect();
            Some(json!({ "object": "list", "data": data, "has_more": all.next().is_some() }))
        };
        match path {
            ["payment_intents"] => newest(&self.intents, "customer"),
            ["refunds"] => newest(&self.refunds, "payment_intent"),
            ["payment_intents", id] => self.intents.iter().find(|i| i["id"] == *id).cloned(),
            ["refunds", id] => self.refunds.iter().find(|r| r["id"] == *id).cloned(),
            _ => None,
        }
    }

    fn event(&mut self, kind: &str, intent: &Value) -> Value {
        self.events += 1;
        json!({ "id": format!("evt_{}", self.events), "type": kind, "data": { "object": intent } })
    }

    pub(super) fn charges(&self) -> Vec<Charge> {
        let charge = |id: &String| {
            let intent = self.intents.iter().find(|i| i["id"] == id.as_str())?;
            Some(Charge {
                attempt: text(&intent["metadata"], "attempt"),
                cents: intent["amount_received"].as_i64()?,
                off_session: intent["off_session"] == true,
                refunds: self
                    .refunds_of(id)
                    .map(|r| (text(&r["metadata"], "attempt"), r["amount"].as_i64().unwrap_or_default()))
                    .collect(),
            })
        };
        self.paid.iter().filter_map(charge).collect()
    }
}

fn text(thing: &Value, key: &str) -> String {
    thing[key].as_str().unwrap_or_default().to_owned()
}

fn card(method: &str) -> Value {
    json!({ "id": method, "card": { "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034 } })
}
