//! The seam to sessions: who a cookie stands for is asked of `app`.

use app::{Cx, Problem};
use async_trait::async_trait;
use domain::actor::Actor;

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedIn {
    /// `Login`, `Mailbox` or `Operator`.
    pub actor: Actor,
    /// Name in the header.
    pub name: String,
    /// Mailbox address in the mailbox area, role in the back office; else empty.
    pub detail: String,
    /// Identifier of the session, for «this is you» in the list of sessions.
    pub session: uuid::Uuid,
}

/// Finds sessions. One read for each request that carries the cookie.
#[async_trait]
pub trait SessionSource: Send + Sync {
    /// The person of this session secret; `None` when it is unknown, closed or too old.
    ///
    /// # Errors
    /// When the store cannot answer: the visitor is told, never taken for somebody else.
    async fn find(&self, cx: &Cx, secret: &str) -> Result<Option<SignedIn>, Problem>;
}

/// Knows nobody.
pub struct NoSessions;
#[async_trait]
impl SessionSource for NoSessions {
    async fn find(&self, _: &Cx, _: &str) -> Result<Option<SignedIn>, Problem> {
        Ok(None)
    }
}
