//! The mailbox plane: the mail servers on which mailboxes live.

use async_trait::async_trait;

use crate::PortError;

/// What a mailbox should be on the servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxSpec {
    /// The mailbox address, lower case.
    pub address: String,
    /// Space in KiB: the unit that the servers count in.
    pub quota_kib: i64,
    /// May the holder sign in.
    pub login: bool,
    /// May messages arrive.
    pub receive: bool,
    /// May messages leave.
    pub send: bool,
}

/// What a mailbox holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    pub used_kib: i64,
    pub limit_kib: i64,
    pub messages: i64,
}

/// Makes mailboxes exist as they should.
#[async_trait]
pub trait MailboxPlane: Send + Sync {
    /// Makes the mailbox exist exactly so; doing it again changes nothing.
    async fn ensure(&self, spec: &MailboxSpec) -> Result<(), PortError>;
    /// What it holds now; `None` when the servers know no such mailbox.
    async fn usage(&self, address: &str) -> Result<Option<Usage>, PortError>;
    /// How many messages lie unread in its inbox; `None` when the servers know no such mailbox.
    async fn unread(&self, address: &str) -> Result<Option<i64>, PortError>;
    /// Removes the mailbox with its content; of one that is not there, nothing.
    async fn remove(&self, address: &str) -> Result<(), PortError>;
}
