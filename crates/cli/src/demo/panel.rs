//! What the pages of the demonstration reach: messages, roles, the clock.

use std::{sync::Arc, time::Duration};

use adapters::viewer::Viewer;
use app::{Cx, Problem, queries, use_cases::operators::sign_in::code_of, worker::Worker};
use async_trait::async_trait;
use domain::{
    period::Period,
    time::{DAY_US, Timestamp},
};
use render::pages::demo::{MailServers, Role};
use web::demo::{Demo, OperatorCode, Sent};

use super::{sample, statement};
use crate::wiring::MovableClock;

/// Longest move of the clock at once.
const LONGEST_DAYS: i64 = 3660;
/// A move is made in at most so many steps, of a day or more, so that what comes due on different days
/// is done on its day.
const STEPS: i64 = 365;

pub struct Panel {
    pub cx: Cx,
    pub worker: Worker,
    pub viewer: Option<Arc<Viewer>>,
    pub clock: Option<Arc<MovableClock>>,
    pub roles: Vec<Role>,
    pub servers: Option<MailServers>,
    /// One move at a time.
    pub moving: tokio::sync::Mutex<()>,
}

impl Panel {
    /// The last lines of the start: sample credentials, then the address.
    pub async fn print(&self, base_url: &str) {
        if let Ok((_, uri)) = code_of(&self.cx, sample::OPERATOR).await {
            println!("== one-time codes of the operator: {base_url}/demo/operator-code.json, or an app with {uri}");
        }
        for role in &self.roles {
            println!("{}\t{}\t{}", role.words.key.trim_start_matches("demo-role-"), role.user, role.password);
        }
        println!("ready {base_url}");
    }

    /// Does all that is due, and waits for what the worker beside is doing.
    async fn settle(&self) -> Result<(), Problem> {
        loop {
            let ran = self.worker.drain().await?;
            let counts = queries::effects::counts(&self.cx).await?;
            if counts.iter().any(|(state, n)| state == "running" && *n > 0) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            } else if ran == 0 {
                return Ok(());
            }
        }
    }
}

#[async_trait]
impl Demo for Panel {
    fn messages(&self) -> Vec<Sent> {
        let kept = self.viewer.as_ref().map(|v| v.messages()).unwrap_or_default();
        let sent = kept.into_iter().map(|m| Sent {
            id: m.id,
            channel: m.channel,
            to: m.to,
            subject: m.subject,
            text: m.text,
            at: m.at,
        });
        sent.collect()
    }
    fn roles(&self) -> Vec<Role> {
        self.roles.clone()
    }
    async fn operator_code(&self) -> Result<OperatorCode, Problem> {
        let (code, uri) = code_of(&self.cx, sample::OPERATOR).await?;
        Ok(OperatorCode { user: sample::OPERATOR.into(), code, uri })
    }
    async fn statement(&self) -> Result<String, Problem> {
        statement::sample(&self.cx).await
    }
    fn servers(&self) -> Option<MailServers> {
        self.servers.clone()
    }
    async fn advance(&self, by: Period) -> Result<Timestamp, Problem> {
        let clock = self.clock.as_ref().ok_or_else(Problem::not_found)?;
        let _one = self.moving.lock().await;
        let start = self.cx.now();
        let end = by.after(start);
        let whole = end.since(start);
        if whole <= 0 || whole > (LONGEST_DAYS + 1) * DAY_US {
            return Err(Problem::invalid_field("advance", "demo-period"));
        }
        let step = DAY_US.max(whole / STEPS);
        let mut left = whole;
        while left > 0 {
            clock.advance(left.min(step)).map_err(Problem::broken)?;
            left -= left.min(step);
            self.worker.run_night().await?;
            self.settle().await?;
        }
        self.worker.reconcile_all().await?;
        self.settle().await?;
        Ok(self.cx.now())
    }
}
