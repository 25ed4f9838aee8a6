//! PayPal: payments approved on PayPal's page (Orders v2), stored accounts (payment tokens v3), charges without the
//! customer, refunds.
//!
//! PayPal takes nothing by itself: an order that its payer has approved is captured when we ask about it, and only
//! while it is wanted. Each call that changes something carries a `PayPal-Request-Id` made of the attempt's identifier
//! and the call's name; PayPal remembers it for six hours. A charge whose answer was lost is found by its invoice
//! number in the list of transactions, which is complete after three hours, or by asking under the same key: together
//! they leave no gap.

mod client;
mod events;
mod words;

use async_trait::async_trait;
use domain::{id::AttemptId, money::Money, time::Timestamp};
use ports::{
    PortError,
    payment::{
        AttemptKind, ChargeSaved, EventVerifier, GatewayInfo, OpenPayment, OpenSetup, Opened, PayerStep,
        PaymentGateway, Question, Refund, Truth, TruthState,
    },
};
use serde_json::{Value, json};

use self::{client::Client, events::Events};

/// PayPal forgets an order that nobody approved after this time, in seconds.
const PAGE_LIFETIME_S: i64 = 3 * 3600;
/// The list of transactions covers at most so many days.
const SEARCH_DAYS: i64 = 31;
/// Pages of 500 transactions of one amount that are read before a search gives up.
const SEARCH_PAGES: i64 = 40;

/// What must be configured. No `Debug`: it holds secrets.
#[derive(Clone)]
pub struct PaypalSettings {
    /// `https://api-m.paypal.com`, the sandbox's, or a fake's.
    pub api_base: String,
    pub client_id: String,
    pub secret: String,
    /// PayPal's name of our webhook; part of what its events are signed over.
    pub webhook_id: String,
    /// Addresses of the certificates that sign events begin with this.
    pub certificates: String,
    /// Origin of the pages where payers approve, for the content policy.
    pub pages: String,
    /// Shown on PayPal's page.
    pub brand: String,
    /// Longest wait for an answer, in milliseconds.
    pub timeout_ms: u64,
    /// Greatest age of an event, in seconds.
    pub tolerance_s: i64,
}

/// The gateway.
pub struct Paypal {
    client: Client,
    events: Events,
    pages: String,
    brand: String,
}

impl Paypal {
    /// # Errors
    /// When no HTTP client can be made (the system's random source or TLS set-up is broken).
    pub fn new(settings: PaypalSettings) -> Result<Self, PortError> {
        Ok(Self {
            client: Client::new(&settings)?,
            events: Events::new(&settings.certificates, &settings.webhook_id, settings.tolerance_s)?,
            pages: settings.pages,
            brand: settings.brand,
        })
    }

    /// The pages' words and where they lead back to; given up or approved, the browser comes back to one address.
    fn experience(&self, return_url: &str, language: &str) -> Value {
        json!({
            "brand_name": self.brand,
            "locale": if language == "en" { "en-GB" } else { "it-IT" },
            "shipping_preference": "NO_SHIPPING",
            "user_action": "PAY_NOW",
            "return_url": return_url,
            "cancel_url": return_url,
        })
    }

    async fn order(&self, id: &str) -> Result<Option<Value>, PortError> {
        self.client.find(&format!("/v2/checkout/orders/{id}"), &[]).await
    }

    /// Takes the money of an order.
    async fn capture(&self, id: &str, kind: AttemptKind, body: &Value, key: &str) -> Result<Truth, PortError> {
        let of = |state| Truth { reference: Some(id.to_owned()), ..words::bare(state) };
        match self.client.post(&format!("/v2/checkout/orders/{id}/capture"), body, key).await {
            Ok(order) => Ok(words::truth_of_order(&order, kind)),
            Err(PortError::Refused(reason)) => match reason.code {
                words::CAPTURED => match self.order(id).await? {
                    Some(order) => Ok(words::truth_of_order(&order, kind)),
                    None => Err(PortError::outcome_unknown("a captured order that is not there")),
                },
                // Who is not here cannot approve.
                words::PAYER_ACTION if kind == AttemptKind::Charge => {
                    Ok(of(words::failed("authentication_required", &reason.detail)))
                }
                words::PAYER_ACTION => Ok(of(TruthState::Challenge)),
                words::NOT_APPROVED => Ok(of(TruthState::AwaitingPayer)),
                code if ports::payment::DECLINES.contains(&code) => Ok(of(words::failed(code, &reason.detail))),
                _ => Err(PortError::Refused(reason)),
            },
            Err(other) => Err(other),
        }
    }

    /// The truth of a payment on PayPal's page; takes what was approved if it is wanted.
    async fn payment(&self, q: &Question) -> Result<Truth, PortError> {
        // Without its name nobody was sent there, and nothing can be taken.
        let Some(id) = &q.reference else { return Ok(words::bare(TruthState::Absent)) };
        let Some(order) = self.order(id).await? else { return Ok(words::bare(TruthState::Absent)) };
        let truth = words::truth_of_order(&order, q.kind);
        if words::capture_of(&order).is_some() {
            return Ok(truth);
        }
        if !q.wanted {
            return Ok(Truth { state: TruthState::Closed, ..truth });
        }
        if order["status"] != "APPROVED" {
            return Ok(truth);
        }
        // An approval after a first refusal is another call, which its own key must tell apart.
        let approval = order["update_time"].as_str().unwrap_or_default();
        self.capture(id, q.kind, &json!({}), &format!("{}-capture-{approval}", q.attempt)).await
    }

    /// The truth of a charge, also of one whose answer was lost.
    async fn charge(&self, q: &Question) -> Result<Truth, PortError> {
        let id = match &q.reference {
            Some(id) => id.clone(),
            None => match self.search(q).await? {
                Some(id) => id,
                // The list is late by up to three hours; so long the key is remembered. Making the order takes nothing.
                None => words::text(&self.uncaptured(q.attempt, q.amount).await?, "id")?,
            },
        };
        let order = self.order(&id).await?;
        Ok(order.map_or_else(|| words::bare(TruthState::Absent), |o| words::truth_of_order(&o, q.kind)))
    }

    /// The order of a charge, without a means of payment yet.
    async fn uncaptured(&self, attempt: AttemptId, amount: Money) -> Result<Value, PortError> {
        let order = self
            .client
            .post("/v2/checkout/orders", &words::order(attempt, amount), &format!("{attempt}-order"))
            .await?;
        same_amount(&order, amount)?;
        Ok(order)
    }

    /// The order that a transaction with our invoice number belongs to.
    async fn search(&self, q: &Question) -> Result<Option<String>, PortError> {
        let made = q.attempt.uuid().get_timestamp().map(|t| t.to_unix().0);
        let made = made.and_then(|s| i64::try_from(s).ok());
        let from = Timestamp::from_micros(made.ok_or_else(|| PortError::unavailable("no time"))? * 1_000_000);
        let cents = q.amount.as_cents();
        let query = [
            ("start_date", from.rfc3339()),
            ("end_date", from.plus_days(SEARCH_DAYS).plus_seconds(-1).rfc3339()),
            ("transaction_currency", "EUR".to_owned()),
            ("transaction_amount", format!("{cents} TO {cents}")),
            ("fields", "transaction_info".to_owned()),
            ("page_size", "500".to_owned()),
        ];
        let ours = q.attempt.to_string();
        for page in 1..=SEARCH_PAGES {
            let query = [&query[..], &[("page", page.to_string())]].concat();
            let list = self.client.find("/v1/reporting/transactions", &query).await?;
            let list = list.ok_or_else(|| PortError::unavailable("no list of transactions"))?;
            let items = list["transaction_details"].as_array().map(Vec::as_slice).unwrap_or_default();
            let info = items.iter().map(|i| &i["transaction_info"]).find(|i| i["invoice_id"] == ours.as_str());
            if let Some(capture) = info.and_then(|i| i["transaction_id"].as_str()) {
                let capture = self.client.find(&format!("/v2/payments/captures/{capture}"), &[]).await?;
                let capture = capture.ok_or_else(|| PortError::unavailable("a listed capture that is not there"))?;
                let order = capture["supplementary_data"]["related_ids"]["order_id"].as_str();
                return order
                    .map(|o| Some(o.to_owned()))
                    .ok_or_else(|| PortError::unavailable("a capture without its order"));
            }
            if list["total_pages"].as_i64().unwrap_or(1) <= page {
                return Ok(None);
            }
        }
        Err(PortError::unavailable("too many transactions of one amount"))
    }

    /// The truth of storing an account; makes its token once the payer has approved it and it is wanted.
    async fn setup(&self, q: &Question) -> Result<Truth, PortError> {
        let Some(id) = &q.reference else { return Ok(words::bare(TruthState::Absent)) };
        let found = self.client.find(&format!("/v3/vault/setup-tokens/{id}"), &[]).await?;
        let Some(setup) = found else { return Ok(words::bare(TruthState::Absent)) };
        let of = |state| Truth { reference: Some(id.clone()), ..words::bare(state) };
        match setup["status"].as_str().unwrap_or_default() {
            "CREATED" | "PAYER_ACTION_REQUIRED" | "APPROVED" if !q.wanted => Ok(of(TruthState::Closed)),
            "CREATED" | "PAYER_ACTION_REQUIRED" => Ok(of(TruthState::AwaitingPayer)),
            "APPROVED" | "VAULTED" | "TOKENIZED" => {
                let body = json!({ "payment_source": { "token": { "id": id, "type": "SETUP_TOKEN" } } });
                match self.client.post("/v3/vault/payment-tokens", &body, &format!("{}-token", q.attempt)).await {
                    Ok(token) => Ok(Truth {
                        reference: Some(id.clone()),
                        state: TruthState::Succeeded { amount: Money::ZERO },
                        method: Some(words::saved(&words::text(&token, "id")?, &token["payment_source"]["paypal"])),
                        customer: token["customer"]["id"].as_str().map(str::to_owned),
                    }),
                    Err(PortError::Refused(reason)) => Ok(of(words::failed("method_unusable", &reason.detail))),
                    Err(other) => Err(other),
                }
            }
            other => Ok(of(TruthState::Processing { detail: other.to_owned() })),
        }
    }

    async fn refund_truth(&self, q: &Question) -> Result<Truth, PortError> {
        let found = match (&q.reference, &q.of_reference) {
            (Some(id), _) => self.client.find(&format!("/v2/payments/refunds/{id}"), &[]).await?,
            (None, Some(paid)) => {
                let order = self.order(paid).await?.unwrap_or_default();
                let refunds = order["purchase_units"][0]["payments"]["refunds"].as_array().cloned();
                let ours = q.attempt.to_string();
                refunds.unwrap_or_default().into_iter().find(|r| r["custom_id"] == ours.as_str())
            }
            (None, None) => None,
        };
        Ok(found.map_or_else(|| words::bare(TruthState::Absent), |r| words::truth_of_refund(&r)))
    }
}

/// PayPal answers a repeated key with what it made first: another amount must not pass for it.
fn same_amount(order: &Value, amount: Money) -> Result<(), PortError> {
    match words::cents(&order["purchase_units"][0]["amount"]) {
        Some(same) if same == amount => Ok(()),
        other => Err(PortError::refused("attempt_reused", format!("{other:?} instead of {amount:?}"))),
    }
}

#[async_trait]
impl PaymentGateway for Paypal {
    fn describe(&self) -> GatewayInfo {
        GatewayInfo {
            name: "paypal",
            simulated: false,
            saves_methods: true,
            takes_when_told: true,
            page_lifetime_s: PAGE_LIFETIME_S,
            page_origins: vec![self.pages.clone()],
        }
    }

    async fn open(&self, p: &OpenPayment) -> Result<Opened, PortError> {
        let mut order = words::order(p.attempt, p.amount);
        order["purchase_units"][0]["description"] = json!(p.description.chars().take(127).collect::<String>());
        let mut wallet = json!({ "experience_context": self.experience(&p.return_url, &p.language) });
        if p.save_method {
            wallet["attributes"] = json!({ "vault": { "store_in_vault": "ON_SUCCESS", "usage_type": "MERCHANT" } });
            if let Some(customer) = &p.payer.customer {
                wallet["attributes"]["customer"] = json!({ "id": customer });
            }
        }
        order["payment_source"] = json!({ "paypal": wallet });
        let made = self.client.post("/v2/checkout/orders", &order, &format!("{}-open", p.attempt)).await?;
        same_amount(&made, p.amount)?;
        let url = words::link(&made, &["payer-action", "approve"]);
        Ok(Opened {
            reference: words::text(&made, "id")?,
            customer: p.payer.customer.clone(),
            next: PayerStep::Redirect {
                url: url.ok_or_else(|| PortError::outcome_unknown("an order without a page"))?,
            },
        })
    }

    async fn save_method(&self, s: &OpenSetup) -> Result<Opened, PortError> {
        let mut body = json!({ "payment_source": { "paypal": {
            "usage_type": "MERCHANT",
            "experience_context": {
                "brand_name": self.brand,
                "shipping_preference": "NO_SHIPPING",
                "return_url": s.return_url,
                "cancel_url": s.return_url,
            },
        } } });
        if let Some(customer) = &s.payer.customer {
            body["customer"] = json!({ "id": customer });
        }
        let made = self.client.post("/v3/vault/setup-tokens", &body, &format!("{}-open", s.attempt)).await?;
        let url = words::link(&made, &["approve", "payer-action"]);
        Ok(Opened {
            reference: words::text(&made, "id")?,
            customer: made["customer"]["id"].as_str().map(str::to_owned),
            next: PayerStep::Redirect {
                url: url.ok_or_else(|| PortError::outcome_unknown("a set-up without a page"))?,
            },
        })
    }

    async fn charge_saved(&self, c: &ChargeSaved) -> Result<Truth, PortError> {
        let order = self.uncaptured(c.attempt, c.amount).await?;
        let body = json!({ "payment_source": { "paypal": { "vault_id": c.method } } });
        self.capture(&words::text(&order, "id")?, AttemptKind::Charge, &body, &format!("{}-capture", c.attempt)).await
    }

    async fn refund(&self, r: &Refund) -> Result<Truth, PortError> {
        let order = self.order(&r.of_reference).await?.unwrap_or_default();
        let Some(capture) = words::capture_of(&order).and_then(|c| c["id"].as_str()) else {
            return Err(PortError::refused("not_paid", format!("{} has no payment", r.of_reference)));
        };
        let name = r.attempt.to_string();
        let body = json!({ "amount": words::money(r.amount), "custom_id": name, "invoice_id": name });
        let path = format!("/v2/payments/captures/{capture}/refund");
        let made = self.client.post(&path, &body, &format!("{name}-refund")).await?;
        Ok(words::truth_of_refund(&made))
    }

    async fn look_up(&self, q: &Question) -> Result<Truth, PortError> {
        match q.kind {
            AttemptKind::Payment => self.payment(q).await,
            AttemptKind::Charge => self.charge(q).await,
            AttemptKind::Setup => self.setup(q).await,
            AttemptKind::Refund => self.refund_truth(q).await,
        }
    }

    /// Nothing is to be done there: what we do not take is never paid.
    async fn close(&self, q: &Question) -> Result<Truth, PortError> {
        self.look_up(&Question { wanted: false, ..q.clone() }).await
    }

    async fn forget(&self, method: &str) -> Result<(), PortError> {
        self.client.delete(&format!("/v3/vault/payment-tokens/{method}")).await
    }

    fn events(&self) -> &dyn EventVerifier {
        &self.events
    }
}
