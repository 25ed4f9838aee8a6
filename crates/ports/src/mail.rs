//! Sending e-mail to people.

use async_trait::async_trait;

use crate::PortError;

/// A message ready to go: words and sender are already decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Message-ID without angle brackets, made from the effect's key: a repeated send carries the
    /// same one, so that a receiver can tell that it is the same message.
    pub message_id: String,
    /// Sender as `Name <address>`.
    pub from: String,
    pub reply_to: Option<String>,
    /// The bare address of the one receiver.
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// BCP 47 tag of the language of the words (`it`, `en`).
    pub language: String,
}

/// Hands messages to the mail system.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one message; returns what the other side answered, for the record.
    ///
    /// # Errors
    /// `Refused` for a permanent answer (5xx, an address that cannot be written to),
    /// `Unavailable` for a temporary one, `OutcomeUnknown` when the connection broke after the
    /// data were sent. A mail sent twice is a lesser evil than a lost one, so the effect repeats.
    async fn send(&self, mail: &Mail) -> Result<String, PortError>;
}
