//! Stripe: payments with 3-D Secure, stored methods, charges without the customer, refunds.
//!
//! Two ways for the customer to enter a card, chosen by configuration: Stripe's hosted page
//! (Checkout Session; works without scripts), or Stripe's card fields in a page of ours
//! (PaymentIntent; also what emulators offer). Everything after that is the same.
//!
//! Money is believed only from answers to [`PaymentGateway::look_up`] and to our own calls;
//! events are hints. Each call that changes something carries an `Idempotency-Key` made of the
//! attempt's identifier and the call's name.

mod client;
mod events;
mod words;

use async_trait::async_trait;
use domain::id::AttemptId;
use ports::{
    PortError,
    payment::{
        AttemptKind, ChargeSaved, EventVerifier, GatewayInfo, OpenPayment, OpenSetup, Opened, Payer, PayerStep,
        PaymentGateway, Question, Refund, Truth, TruthState,
    },
};
use serde_json::Value;

use self::{client::Client, events::Events};

/// Where Stripe's own pages live.
const HOSTED_PAGES: &str = "https://checkout.stripe.com";

/// How the customer enters the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardEntry {
    /// Stripe's own page.
    HostedPage,
    /// Stripe's fields inside our page, drawn by the script at this address.
    CardFields { script_url: String },
}

/// What must be configured. No `Debug`: it holds secrets.
#[derive(Clone)]
pub struct StripeSettings {
    /// `https://api.stripe.com`, or an emulator's address.
    pub api_base: String,
    pub secret_key: String,
    pub publishable_key: String,
    /// Signing secrets of the webhook; two while one is being replaced.
    pub webhook_secrets: Vec<String>,
    pub card_entry: CardEntry,
    /// Longest wait for an answer, in milliseconds. Stays below the first pause before an
    /// attempt is asked about (`domain::payment::machine::PAUSES_S`).
    pub timeout_ms: u64,
    /// Greatest age of a signature, in seconds.
    pub tolerance_s: i64,
}

/// The gateway.
pub struct Stripe {
    client: Client,
    events: Events,
    card_entry: CardEntry,
    publishable_key: String,
}

impl Stripe {
    /// # Errors
    /// When no HTTP client can be made (the system's random source or TLS set-up is broken).
    pub fn new(settings: StripeSettings) -> Result<Self, PortError> {
        Ok(Self {
            client: Client::new(&settings)?,
            events: Events { secrets: settings.webhook_secrets, tolerance_s: settings.tolerance_s },
            card_entry: settings.card_entry,
            publishable_key: settings.publishable_key,
        })
    }

    async fn customer(&self, payer: &Payer, attempt: AttemptId) -> Result<String, PortError> {
        if let Some(known) = &payer.customer {
            return Ok(known.clone());
        }
        let form = [
            ("name", payer.name.clone()),
            ("email", payer.email.clone()),
            ("metadata[party]", payer.party.to_string()),
        ];
        let made = self.client.post("/v1/customers", &form, &format!("{attempt}-customer")).await?;
        words::text(&made, "id")
    }

    fn card_form(&self, script_url: &str, intent: &Value, customer: String) -> Result<Opened, PortError> {
        Ok(Opened {
            reference: words::text(intent, "id")?,
            customer: Some(customer),
            next: PayerStep::CardForm {
                script_url: script_url.to_owned(),
                publishable_key: self.publishable_key.clone(),
                client_secret: words::text(intent, "client_secret")?,
            },
        })
    }

    async fn session(
        &self,
        form: Vec<(&str, String)>,
        attempt: AttemptId,
        customer: String,
    ) -> Result<Opened, PortError> {
        let made = self.client.post("/v1/checkout/sessions", &form, &format!("{attempt}-open")).await?;
        Ok(Opened {
            reference: words::text(&made, "id")?,
            customer: Some(customer),
            next: PayerStep::Redirect { url: words::text(&made, "url")? },
        })
    }

    /// The thing of this name, with what is needed to tell its state.
    async fn fetch(&self, reference: &str) -> Result<Option<Value>, PortError> {
        let (path, expand): (String, &[&str]) = match reference.split('_').next() {
            Some("cs") => (
                format!("/v1/checkout/sessions/{reference}"),
                &["payment_intent.payment_method", "payment_intent.latest_charge", "setup_intent.payment_method"],
            ),
            Some("seti") => (format!("/v1/setup_intents/{reference}"), &["payment_method"]),
            Some("re") => (format!("/v1/refunds/{reference}"), &[]),
            Some("pi") => (format!("/v1/payment_intents/{reference}"), &["payment_method", "latest_charge"]),
            _ => return Ok(None),
        };
        let query: Vec<_> = expand.iter().map(|e| ("expand[]", (*e).to_owned())).collect();
        self.client.find(&path, &query).await
    }

    /// Looks through the customer's (or the payment's) list for the one that carries our attempt:
    /// the way to find what was made by a call whose answer was lost.
    async fn find(&self, q: &Question) -> Result<Option<Value>, PortError> {
        let limit = ("limit", "100".to_owned());
        let (path, query) = match (q.kind, &q.customer, &q.of_reference) {
            (AttemptKind::Refund, _, Some(of)) => {
                ("/v1/refunds", vec![limit, ("payment_intent", self.intent_of(of).await?)])
            }
            (AttemptKind::Payment | AttemptKind::Setup, Some(customer), _) if self.hosted() => {
                ("/v1/checkout/sessions", vec![limit, ("customer", customer.clone())])
            }
            (AttemptKind::Payment | AttemptKind::Charge, Some(customer), _) => {
                ("/v1/payment_intents", vec![limit, ("customer", customer.clone())])
            }
            (AttemptKind::Setup, Some(customer), _) => {
                ("/v1/setup_intents", vec![limit, ("customer", customer.clone())])
            }
            // Without a customer the page's address was lost with the answer, so nobody can pay there.
            _ => return Ok(None),
        };
        let ours = q.attempt.to_string();
        let mut page = query.clone();
        let item = loop {
            let list = self.client.find(path, &page).await?.unwrap_or_default();
            let items = list["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            if let Some(item) = items.iter().find(|item| item["metadata"]["attempt"] == ours.as_str()) {
                break item.clone();
            }
            // «Not there» is said only when the whole list was read: whoever hears it may charge.
            let Some(last) = items.last().filter(|_| list["has_more"] == true) else { return Ok(None) };
            page = [query.as_slice(), &[("starting_after", words::text(last, "id")?)]].concat();
        };
        // Lists do not expand: read it once more on its own.
        self.fetch(&words::text(&item, "id")?).await
    }

    fn hosted(&self) -> bool {
        self.card_entry == CardEntry::HostedPage
    }

    /// The PaymentIntent behind a reference of ours.
    async fn intent_of(&self, reference: &str) -> Result<String, PortError> {
        if !reference.starts_with("cs_") {
            return Ok(reference.to_owned());
        }
        let session = self.fetch(reference).await?.unwrap_or_default();
        words::id_of(&session["payment_intent"])
            .ok_or_else(|| PortError::refused("not_paid", format!("{reference} has no payment")))
    }
}

/// What a payment and a charge have in common.
fn intent_form(
    attempt: AttemptId,
    amount_cents: i64,
    customer: &str,
    description: &str,
) -> Vec<(&'static str, String)> {
    vec![
        ("amount", amount_cents.to_string()),
        ("currency", "eur".to_owned()),
        ("customer", customer.to_owned()),
        ("description", description.to_owned()),
        ("payment_method_types[]", "card".to_owned()),
        ("metadata[attempt]", attempt.to_string()),
    ]
}

#[async_trait]
impl PaymentGateway for Stripe {
    fn describe(&self) -> GatewayInfo {
        GatewayInfo {
            name: "stripe",
            simulated: false,
            saves_methods: true,
            takes_when_told: false,
            page_lifetime_s: 24 * 3600,
            page_origins: if self.hosted() { vec![HOSTED_PAGES.to_owned()] } else { Vec::new() },
        }
    }

    async fn open(&self, p: &OpenPayment) -> Result<Opened, PortError> {
        let customer = self.customer(&p.payer, p.attempt).await?;
        let save = if p.save_method { "off_session" } else { "" };
        match &self.card_entry {
            CardEntry::CardFields { script_url } => {
                let mut form = intent_form(p.attempt, p.amount.as_cents(), &customer, &p.description);
                if p.save_method {
                    form.extend([("setup_future_usage", save.to_owned()), ("metadata[save]", "yes".to_owned())]);
                }
                let intent = self.client.post("/v1/payment_intents", &form, &format!("{}-open", p.attempt)).await?;
                self.card_form(script_url, &intent, customer)
            }
            CardEntry::HostedPage => {
                let mut form = words::session_form("payment", p.attempt, &customer, &p.return_url, &p.language);
                form.extend([
                    ("line_items[0][quantity]", "1".to_owned()),
                    ("line_items[0][price_data][currency]", "eur".to_owned()),
                    ("line_items[0][price_data][unit_amount]", p.amount.as_cents().to_string()),
                    ("line_items[0][price_data][product_data][name]", p.description.clone()),
                    ("payment_intent_data[description]", p.description.clone()),
                    ("payment_intent_data[metadata][attempt]", p.attempt.to_string()),
                ]);
                if p.save_method {
                    form.push(("payment_intent_data[setup_future_usage]", save.to_owned()));
                    form.push(("payment_intent_data[metadata][save]", "yes".to_owned()));
                }
                self.session(form, p.attempt, customer).await
            }
        }
    }

    async fn save_method(&self, s: &OpenSetup) -> Result<Opened, PortError> {
        let customer = self.customer(&s.payer, s.attempt).await?;
        match &self.card_entry {
            CardEntry::CardFields { script_url } => {
                let form = [
                    ("customer", customer.clone()),
                    ("usage", "off_session".to_owned()),
                    ("payment_method_types[]", "card".to_owned()),
                    ("metadata[attempt]", s.attempt.to_string()),
                ];
                let intent = self.client.post("/v1/setup_intents", &form, &format!("{}-open", s.attempt)).await?;
                self.card_form(script_url, &intent, customer)
            }
            CardEntry::HostedPage => {
                let mut form = words::session_form("setup", s.attempt, &customer, &s.return_url, &s.language);
                form.push(("setup_intent_data[metadata][attempt]", s.attempt.to_string()));
                self.session(form, s.attempt, customer).await
            }
        }
    }

    async fn charge_saved(&self, c: &ChargeSaved) -> Result<Truth, PortError> {
        let mut form = intent_form(c.attempt, c.amount.as_cents(), &c.customer, &c.description);
        form.extend([
            ("payment_method", c.method.clone()),
            ("confirm", "true".to_owned()),
            ("off_session", "true".to_owned()),
        ]);
        let key = format!("{}-charge", c.attempt);
        let intent = match self.client.post("/v1/payment_intents", &form, &key).await {
            Ok(intent) => intent,
            Err(PortError::Refused(reason)) if words::is_decline(reason.code) => {
                return Ok(words::declined(reason.code, reason.detail));
            }
            Err(other) => return Err(other),
        };
        let truth = words::truth_of(&intent, AttemptKind::Charge);
        if truth.state == TruthState::Challenge {
            // The bank wants the customer, who is not here: end it, so that nothing stays half open.
            let id = words::text(&intent, "id")?;
            self.client.post(&format!("/v1/payment_intents/{id}/cancel"), &[], &format!("{key}-cancel")).await?;
            let state = TruthState::Failed { code: "authentication_required".into(), detail: "requires_action".into() };
            return Ok(Truth { state, ..truth });
        }
        Ok(truth)
    }

    async fn refund(&self, r: &Refund) -> Result<Truth, PortError> {
        let form = [
            ("payment_intent", self.intent_of(&r.of_reference).await?),
            ("amount", r.amount.as_cents().to_string()),
            ("metadata[attempt]", r.attempt.to_string()),
        ];
        let made = self.client.post("/v1/refunds", &form, &format!("{}-refund", r.attempt)).await?;
        Ok(words::truth_of(&made, AttemptKind::Refund))
    }

    async fn look_up(&self, q: &Question) -> Result<Truth, PortError> {
        let found = match &q.reference {
            Some(reference) => self.fetch(reference).await?,
            None => self.find(q).await?,
        };
        Ok(found.map_or_else(words::absent, |thing| words::truth_of(&thing, q.kind)))
    }

    async fn close(&self, q: &Question) -> Result<Truth, PortError> {
        let truth = self.look_up(q).await?;
        let open = matches!(truth.state, TruthState::AwaitingPayer | TruthState::Challenge | TruthState::Failed { .. });
        let Some(reference) = truth.reference.clone().filter(|_| open) else { return Ok(truth) };
        let path = match reference.split('_').next() {
            Some("cs") => format!("/v1/checkout/sessions/{reference}/expire"),
            Some("seti") => format!("/v1/setup_intents/{reference}/cancel"),
            Some("pi") => format!("/v1/payment_intents/{reference}/cancel"),
            _ => return Ok(truth),
        };
        match self.client.post(&path, &[], &format!("{}-close", q.attempt)).await {
            // Somebody was quicker, or it was closed already: the truth decides.
            Ok(_) | Err(PortError::Refused(_)) => self.look_up(q).await,
            Err(other) => Err(other),
        }
    }

    async fn forget(&self, method: &str) -> Result<(), PortError> {
        let path = format!("/v1/payment_methods/{method}/detach");
        match self.client.post(&path, &[], &format!("{method}-detach")).await {
            // Detached before, by us or by the customer.
            Ok(_) | Err(PortError::Refused(_)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    fn events(&self) -> &dyn EventVerifier {
        &self.events
    }
}
