//! What the platform needs from the outside world, as traits that adapters implement.
//!
//! Only the `perform` phase of an effect and the few files under `app::conversations` receive
//! [`Ports`]; a use case has no way to reach them, so no call leaves the machine while a
//! transaction is open. Each failure says what is *known*, because the next step depends on it.

use std::{collections::BTreeMap, fmt, sync::Arc};

pub mod mail;
pub mod payment;
pub mod plane;
pub mod sms;

/// Why a call to the outside did not bring what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortError {
    /// The other side answered no; asking the same again brings the same answer.
    #[error("refused: {0}")]
    Refused(Reason),
    /// Nothing was done on the other side (no connection, or it said so): try again later.
    #[error("unavailable: {0}")]
    Unavailable(Report),
    /// The request may have been carried out (the answer was lost or is beyond understanding).
    /// Never taken for a failure: ask for the truth, or repeat under the same key.
    #[error("outcome unknown: {0}")]
    OutcomeUnknown(Report),
}

/// A refusal with a stable code of ours, and what the other side said for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Lower-case words with underscores: `insufficient_funds`, `bad_recipient`.
    pub code: &'static str,
    /// The other side's words; for operators and logs, never shown to customers.
    pub detail: String,
}
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.code, self.detail)
    }
}

/// What went wrong technically; for operators and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report(pub String);
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PortError {
    /// A refusal with its code and the other side's words.
    pub fn refused(code: &'static str, detail: impl Into<String>) -> Self {
        PortError::Refused(Reason { code, detail: detail.into() })
    }
    pub fn unavailable(report: impl fmt::Display) -> Self {
        PortError::Unavailable(Report(report.to_string()))
    }
    pub fn outcome_unknown(report: impl fmt::Display) -> Self {
        PortError::OutcomeUnknown(Report(report.to_string()))
    }
}

/// Everything outside, as wired by the binary or by a test.
#[derive(Clone)]
pub struct Ports {
    /// Payment gateways by the name under which attempts remember them (`stripe`, `simulated`).
    pub gateways: BTreeMap<&'static str, Arc<dyn payment::PaymentGateway>>,
    pub mailer: Arc<dyn mail::Mailer>,
    pub sms: Arc<dyn sms::SmsSender>,
    pub plane: Arc<dyn plane::MailboxPlane>,
}
impl Ports {
    /// The gateway of this name.
    ///
    /// # Errors
    /// `Unavailable` when it is not configured (any more): the work waits until it is again.
    pub fn gateway(&self, name: &str) -> Result<&dyn payment::PaymentGateway, PortError> {
        let found = self.gateways.get(name).map(AsRef::as_ref);
        found.ok_or_else(|| PortError::unavailable(format!("no payment gateway `{name}` is configured")))
    }
    /// The side of the simulated gateway that a person plays, where there is one.
    pub fn play(&self) -> Option<&dyn payment::PlayGateway> {
        self.gateways.values().find_map(|gateway| gateway.play())
    }
}
