//! Who acts. Nothing is done anonymously: each audit line names one of these.

use serde::{Deserialize, Serialize};

use crate::{
    id::{LoginId, MailboxId, OperatorId, PartyId},
    operator::Role,
};

/// The one on whose behalf something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// Somebody who has not signed in.
    Visitor,
    /// A provider account, acting for its registry record.
    Login { login: LoginId, party: PartyId },
    /// A mailbox holder signed in with mailbox address and password.
    Mailbox { mailbox: MailboxId },
    /// An operator of the provider.
    Operator { operator: OperatorId, role: Role },
    /// The platform itself: effects, schedules, commands.
    System,
}
impl Actor {
    /// The stable word of the kind, for columns and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Visitor => "visitor",
            Actor::Login { .. } => "login",
            Actor::Mailbox { .. } => "mailbox",
            Actor::Operator { .. } => "operator",
            Actor::System => "system",
        }
    }
    /// The identifier behind the actor, if it has one.
    pub fn uuid(&self) -> Option<uuid::Uuid> {
        match self {
            Actor::Login { login, .. } => Some(login.uuid()),
            Actor::Mailbox { mailbox } => Some(mailbox.uuid()),
            Actor::Operator { operator, .. } => Some(operator.uuid()),
            Actor::Visitor | Actor::System => None,
        }
    }
}
