//! The seam to sessions: who a cookie stands for is asked of `app`.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use app::{Cx, Problem, sessions};
use async_trait::async_trait;
use domain::{actor::Actor, id::SessionId};
use render::{Area, Who};

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedIn {
    /// `Login`, `Mailbox` or `Operator`.
    pub actor: Actor,
    /// Name in the header.
    pub name: String,
    /// Mailbox address in the mailbox area, role in the back office; else empty.
    pub detail: String,
    /// The account is that of a body with agreements.
    pub of_body: bool,
    /// Identifier of the session, for «this is you» in the list of sessions.
    pub session: uuid::Uuid,
    /// The password was given in the last ten minutes: dangerous acts need no new one.
    pub fresh: bool,
}

impl SignedIn {
    /// As the header shows the person.
    pub(crate) fn who(&self) -> Who {
        let area = match self.actor {
            Actor::Mailbox { .. } => Area::Mailbox,
            Actor::Operator { .. } => Area::Office,
            Actor::Login { .. } | Actor::Visitor | Actor::System => Area::Account,
        };
        Who { area, name: self.name.clone(), detail: self.detail.clone(), of_body: self.of_body }
    }
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

/// The sessions of the store.
#[derive(Default)]
pub struct StoredSessions {
    /// Sessions whose last use is being written: once each, however many requests arrive.
    touching: Arc<Mutex<HashSet<SessionId>>>,
}
impl StoredSessions {
    /// Notes the use of a session behind the back of the request, which never waits for a write.
    fn touch(&self, cx: &Cx, id: SessionId) {
        let busy = self.touching.clone();
        if !busy.lock().expect("nothing panics while the set is held").insert(id) {
            return;
        }
        let cx = cx.clone();
        tokio::spawn(async move {
            if let Err(problem) = sessions::touch(&cx, id).await {
                tracing::warn!(%problem, "the use of a session was not noted");
            }
            busy.lock().expect("nothing panics while the set is held").remove(&id);
        });
    }
}
#[async_trait]
impl SessionSource for StoredSessions {
    async fn find(&self, cx: &Cx, secret: &str) -> Result<Option<SignedIn>, Problem> {
        let Some(session) = sessions::find(cx, secret).await? else { return Ok(None) };
        if session.stale {
            self.touch(cx, session.id);
        }
        Ok(Some(SignedIn {
            actor: session.actor,
            fresh: session.is_fresh(cx.now()),
            session: session.id.uuid(),
            of_body: session.of_body,
            name: session.name,
            detail: session.detail,
        }))
    }
}
