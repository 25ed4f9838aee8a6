//! Taking and giving back money through a gateway.
//!
//! Three rules hold for every gateway and are proved by one conformance suite:
//! 1. every call carries the identifier of our attempt, and repeating it never charges twice;
//! 2. a lost answer is `OutcomeUnknown`, and [`PaymentGateway::look_up`] tells the truth later;
//! 3. what an event says is only a hint to ask: money moves by what `look_up` answers.

use async_trait::async_trait;
use domain::{
    id::{AttemptId, PartyId},
    money::Money,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::PortError;

/// What a gateway can do, for pages and settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayInfo {
    /// Name under which attempts, events and addresses know it (`stripe`).
    pub name: &'static str,
    /// Only pretends: production refuses to start with it.
    pub simulated: bool,
    /// Methods stored there can be charged without the customer.
    pub saves_methods: bool,
    /// What the payer approved is taken only when we ask about it ([`Question::wanted`]): an opening whose answer was
    /// lost can never be paid, and is not found without its name.
    pub takes_when_told: bool,
    /// A payment page nobody used is closed by the gateway after this many seconds.
    pub page_lifetime_s: i64,
    /// Origins of its pages to which a form of ours leads, for the content policy.
    pub page_origins: Vec<String>,
}

/// Who pays, as the gateway may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    pub party: PartyId,
    /// The gateway's own customer, if an earlier attempt made one.
    pub customer: Option<String>,
    /// For the gateway's receipt and risk checks.
    pub email: String,
    pub name: String,
}

/// A first payment with the customer present (3-D Secure happens there).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPayment {
    pub attempt: AttemptId,
    pub amount: Money,
    /// Shown to the payer: our order number and brand.
    pub description: String,
    pub payer: Payer,
    /// Keep the method for later charges (renewals): authentication then covers the mandate.
    pub save_method: bool,
    /// Where the payer's browser comes back, paid or not; proves nothing.
    pub return_url: String,
    /// `it` or `en`.
    pub language: String,
}

/// Keeping a method without a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSetup {
    pub attempt: AttemptId,
    pub payer: Payer,
    pub return_url: String,
    pub language: String,
}

/// An opened attempt: where the payer goes now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The gateway's name for this attempt.
    pub reference: String,
    /// The gateway's customer, to be remembered with the party.
    pub customer: Option<String>,
    pub next: PayerStep,
}

/// What the payer does next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PayerStep {
    /// Go to the gateway's own page.
    Redirect { url: String },
    /// Fill the gateway's card fields inside a page of ours.
    CardForm { script_url: String, publishable_key: String, client_secret: String },
}

/// A charge of a stored method without the customer (merchant initiated).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeSaved {
    pub attempt: AttemptId,
    pub amount: Money,
    pub description: String,
    pub customer: String,
    /// The gateway's name of the stored method.
    pub method: String,
}

/// Giving money back to the means it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The attempt of this refund: a second one with the same identifier is the same refund.
    pub attempt: AttemptId,
    /// The gateway's name for the paid attempt.
    pub of_reference: String,
    pub amount: Money,
}

/// Which kind of thing an attempt is at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptKind {
    /// Opened with the customer present.
    Payment,
    /// A stored method charged without the customer.
    Charge,
    /// A method stored without a payment.
    Setup,
    /// Money given back.
    Refund,
}

/// Everything we know that helps to find an attempt again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub attempt: AttemptId,
    pub kind: AttemptKind,
    /// `None` when the answer that would have told it was lost.
    pub reference: Option<String>,
    pub customer: Option<String>,
    /// The paid attempt's reference, for a refund.
    pub of_reference: Option<String>,
    pub amount: Money,
    /// The attempt is still waited for: what its payer has approved may be taken now. Gateways that take by
    /// themselves do not look at it.
    pub wanted: bool,
}

/// The gateway's view of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// The gateway's name for it, where it has one.
    pub reference: Option<String>,
    pub state: TruthState,
    /// The method used or stored, when it can be charged later.
    pub method: Option<SavedMethod>,
    /// The gateway's customer.
    pub customer: Option<String>,
}

/// What a gateway says of an attempt, in our words. Whatever we do not recognise is `Processing`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TruthState {
    /// The gateway has never heard of it.
    Absent,
    /// Waits for the payer to choose or fill something in.
    AwaitingPayer,
    /// Waits for the payer's authentication (3-D Secure).
    Challenge,
    /// With the gateway or the bank; `detail` is the gateway's own word.
    Processing { detail: String },
    /// Paid, stored or given back. `amount` is what the gateway says was taken (zero for a setup).
    Succeeded { amount: Money },
    /// Declined or refused, for good for this attempt; the code is one of [`DECLINES`].
    Failed { code: String, detail: String },
    /// Closed without payment: expired or cancelled.
    Closed,
}

impl TruthState {
    /// A stable word for pages and logs.
    pub const fn word(&self) -> &'static str {
        match self {
            TruthState::Absent => "absent",
            TruthState::AwaitingPayer => "awaiting_payer",
            TruthState::Challenge => "challenge",
            TruthState::Processing { .. } => "processing",
            TruthState::Succeeded { .. } => "succeeded",
            TruthState::Failed { .. } => "failed",
            TruthState::Closed => "closed",
        }
    }
}

/// A method that can be charged later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedMethod {
    /// The gateway's name of it.
    pub reference: String,
    /// `visa`, `mastercard`, `paypal`, …; `card` if unknown.
    pub brand: String,
    /// What tells it from others of its brand: the last four digits, the masked address of an account, or nothing.
    pub last4: String,
    /// Year and month after which it is no longer good.
    pub expires: Option<(i16, i8)>,
    /// The scheme's name of the first, authenticated transaction (domain notes B12), where told.
    pub network_transaction: Option<String>,
}

/// The reasons of decline that pages have words for; a gateway maps its own codes onto these.
pub const DECLINES: [&str; 11] = [
    "authentication_failed",
    "authentication_required",
    "card_declined",
    "expired_card",
    "fraud_suspected",
    "incorrect_details",
    "insufficient_funds",
    "limit_exceeded",
    "lost_or_stolen",
    "method_unusable",
    "try_again_later",
];

/// A payment gateway. Calls carry our attempt's identifier as idempotency key.
#[async_trait]
pub trait PaymentGateway: Send + Sync {
    fn describe(&self) -> GatewayInfo;
    /// Opens a payment that the customer completes in the browser.
    ///
    /// # Errors
    /// `Refused` when the gateway will not open it; `OutcomeUnknown` when the answer was lost:
    /// repeating with the same attempt gives the same page.
    async fn open(&self, payment: &OpenPayment) -> Result<Opened, PortError>;
    /// Opens the storing of a method, with authentication of the customer and without a payment.
    async fn save_method(&self, setup: &OpenSetup) -> Result<Opened, PortError>;
    /// Charges a stored method. The answer may be `Processing` or, if the bank wants the customer,
    /// `Failed { code: "authentication_required" }`.
    async fn charge_saved(&self, charge: &ChargeSaved) -> Result<Truth, PortError>;
    /// Gives money back.
    ///
    /// # Errors
    /// `Refused` with code `over_refund` when more would go back than came.
    async fn refund(&self, refund: &Refund) -> Result<Truth, PortError>;
    /// The truth about an attempt, whatever events arrived or did not.
    async fn look_up(&self, question: &Question) -> Result<Truth, PortError>;
    /// Sees to it that an opened attempt can no longer be paid, and tells how it stands then:
    /// a payment that was quicker is answered as `Succeeded`.
    async fn close(&self, question: &Question) -> Result<Truth, PortError>;
    /// Forgets a stored method. One that is not there (any more) is forgotten.
    async fn forget(&self, method: &str) -> Result<(), PortError>;
    /// The verifier of this gateway's events.
    fn events(&self) -> &dyn EventVerifier;
    /// The side that a person plays; only simulated gateways have one.
    fn play(&self) -> Option<&dyn PlayGateway> {
        None
    }
}

/// Checks and reads what a gateway posts to us. Reads no clock, and changes nothing anywhere: the most that it calls
/// for is the gateway's public certificate, once. So the intake may use it without [`crate::Ports`].
#[async_trait]
pub trait EventVerifier: Send + Sync {
    /// Checks the signature over the raw body and its age.
    async fn verify(
        &self,
        headers: &http::HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> Result<GatewayEvent, EventRefusal>;
}

/// An event that its signature proves to come from the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayEvent {
    /// The gateway's identifier of it; a second one with the same is the same event.
    pub id: String,
    /// The gateway's word (`payment_intent.succeeded`).
    pub kind: String,
    /// Our attempt, where the gateway gives back what we told it.
    pub attempt: Option<AttemptId>,
    /// The gateway's name of the thing that the event is about.
    pub reference: Option<String>,
}

/// Why an event is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventRefusal {
    #[error("no signature, or one that does not match")]
    Forged,
    #[error("signed too long ago, or in the future")]
    Stale,
    #[error("signed, but not an event that can be read")]
    Malformed,
    /// The gateway's certificate cannot be had now: let it come again.
    #[error("its signature cannot be checked now")]
    Unproven,
}
impl EventRefusal {
    /// Stable code for logs and metrics.
    pub fn code(self) -> &'static str {
        match self {
            EventRefusal::Forged => "event_forged",
            EventRefusal::Stale => "event_stale",
            EventRefusal::Malformed => "event_malformed",
            EventRefusal::Unproven => "event_unproven",
        }
    }
}

/// What the page of a simulated gateway shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayPage {
    pub attempt: AttemptId,
    pub amount: Money,
    pub description: String,
    pub state: TruthState,
    pub return_url: String,
    /// The words that [`PlayGateway::choose`] takes now.
    pub choices: Vec<&'static str>,
}

/// The side of a simulated gateway that a person plays; real gateways have none.
pub trait PlayGateway: Send + Sync {
    /// The page of this attempt; `None` when the gateway has never heard of it.
    fn page(&self, attempt: AttemptId) -> Option<PlayPage>;
    /// Plays a choice.
    ///
    /// # Errors
    /// `Refused` when there is no such attempt or the choice is not open now.
    fn choose(&self, attempt: AttemptId, choice: &str) -> Result<(), PortError>;
}
