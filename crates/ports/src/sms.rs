//! Sending text messages to phones.

use async_trait::async_trait;

use crate::PortError;

/// A text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    /// The effect's key, sent along as reference where the gateway has a field for it.
    pub key: String,
    /// Receiver in E.164: `+393331234567`.
    pub to: String,
    pub text: String,
}

/// Hands text messages to a gateway.
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Sends one message; returns what the gateway answered, for the record.
    ///
    /// # Errors
    /// As [`crate::mail::Mailer::send`].
    async fn send(&self, sms: &Sms) -> Result<String, PortError>;
}
