//! The worker: claims effects that are due, runs them, makes the reconcilers' passes, and starts the nightly run.
// tidy: allow(clock) leases and pauses between passes go by real time, whatever business time is

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use ports::Ports;
use store::{WriteTx, effects as rows, leases};
use tokio::{
    sync::{Semaphore, watch},
    task::{JoinHandle, JoinSet},
};
use uuid::Uuid;

use crate::{
    Cx, Problem,
    clock::{Clock, SystemClock},
    effects::{Means, Ran, Registry, pause_us},
    night::run::{self as night, Run},
    reconcilers,
};

/// How many effects one process has in hand for each call that it may make at the same time: while some call, what
/// came of others is written, and the next stand ready. With three, all were in step: the writer stood still while they
/// called, and the gateway while they were written.
const IN_HAND: usize = 8;
/// How many are claimed at once by [`Worker::drain`], which carries them out one after the other.
const DRAINED: i64 = 32;
/// How long a claim lasts unless it is renewed: for so long the work of a process that was killed rests.
const LEASE_US: i64 = 30 * 1_000_000;
/// How often the claims of effects at work are renewed.
const RENEW: Duration = Duration::from_secs(10);
/// How long the claims of [`Worker::drain`] last, which renews none; longer than any port's time-out.
const DRAIN_LEASE_US: i64 = 120 * 1_000_000;
/// How often due rows are looked for when nobody rings.
const POLL: Duration = Duration::from_millis(500);
/// How often it is asked whether the night of a date is due.
const NIGHT: Duration = Duration::from_secs(10);

/// Carries out effects with the ports it was given.
pub struct Worker {
    cx: Cx,
    ports: Ports,
    registry: Arc<Registry>,
    /// Names this process in leases.
    owner: String,
    /// The rows at work now.
    held: Arc<Held>,
}

/// Rows whose claims are renewed.
#[derive(Default)]
struct Held(Mutex<HashSet<Uuid>>);
impl Held {
    fn rows(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.0.lock().unwrap_or_else(|e| e.into_inner())
    }
    /// Holds a row as long as the answer lives, also when its work panics.
    fn hold(self: &Arc<Self>, row: Uuid) -> Hold {
        self.rows().insert(row);
        Hold { held: self.clone(), row }
    }
}
struct Hold {
    held: Arc<Held>,
    row: Uuid,
}
impl Drop for Hold {
    fn drop(&mut self) {
        self.held.rows().remove(&self.row);
    }
}

impl Worker {
    pub fn new(cx: Cx, ports: Ports) -> Self {
        let owner = uuid::Builder::from_random_bytes(cx.random()).into_uuid().simple().to_string();
        Self { cx, ports, registry: Arc::new(Registry::all()), owner, held: Arc::default() }
    }

    fn means(&self) -> Arc<Means> {
        let calls = Semaphore::new(self.cx.settings().calls_at_once);
        Arc::new(Means { ports: self.ports.clone(), owner: self.owner.clone(), calls })
    }

    /// Works until `stop` turns true, then lets the calls under way end, and leaves the rest to others.
    pub async fn run(&self, stop: watch::Receiver<bool>) {
        // Side by side: a reconciler with a backlog keeps no effect waiting.
        tokio::join!(self.carry_out(stop.clone()), self.keep_in_order(stop));
    }

    /// Effects, and the night.
    async fn carry_out(&self, mut stop: watch::Receiver<bool>) {
        let means = self.means();
        let mut running = JoinSet::new();
        let mut renewed = Instant::now();
        let (mut night, mut night_at) = (None, Instant::now());
        while !*stop.borrow() {
            let claimed = self.start_due(&mut running, &means).await;
            self.start_night(&mut night, &mut night_at, &stop).await;
            self.renew(&mut renewed).await;
            if claimed {
                continue;
            }
            tokio::select! {
                _ = stop.changed() => {}
                _ = self.cx.core().nudge.notified() => {}
                _ = running.join_next(), if !running.is_empty() => {}
                _ = tokio::time::sleep(POLL) => {}
            }
        }
        means.calls.close();
        while !running.is_empty() {
            let _ = tokio::time::timeout(POLL, running.join_next()).await;
            self.renew(&mut renewed).await;
        }
        if let Some(night) = night {
            let _ = night.await;
        }
    }

    /// The passes of the reconcilers.
    async fn keep_in_order(&self, mut stop: watch::Receiver<bool>) {
        let mut due: Vec<Instant> = vec![Instant::now(); reconcilers::ALL.len()];
        while !*stop.borrow() {
            if self.reconcile(&mut due).await {
                continue;
            }
            tokio::select! {
                _ = stop.changed() => {}
                _ = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Starts the night of today beside the effects, once its hour has come. It ends by itself between two pages when
    /// the worker stops.
    async fn start_night(&self, night: &mut Option<JoinHandle<()>>, at: &mut Instant, stop: &watch::Receiver<bool>) {
        if Instant::now() < *at || night.as_ref().is_some_and(|n| !n.is_finished()) {
            return;
        }
        *at = Instant::now() + NIGHT;
        let day = match night::due(&self.cx).await {
            Ok(Some(day)) => day,
            Ok(None) => return,
            Err(e) => return tracing::warn!(cause = %e, "it cannot be told whether a night is due"),
        };
        let (cx, owner, stop) = (self.cx.clone(), self.owner.clone(), stop.clone());
        *night = Some(tokio::spawn(async move {
            let how = Run { owner: Some(&owner), stop: Some(&stop), ..Run::default() };
            if let Err(e) = night::run(&cx, day, &how).await {
                tracing::warn!(night = day.iso(), cause = %e, "the nightly run failed and goes on later");
            }
        }));
    }

    /// Starts what is due, up to the limit; answers whether anything was.
    async fn start_due(&self, running: &mut JoinSet<()>, means: &Arc<Means>) -> bool {
        while running.try_join_next().is_some() {}
        let free = (self.cx.settings().calls_at_once * IN_HAND).saturating_sub(running.len());
        if free == 0 {
            return false;
        }
        let claimed = match self.claim(free as i64, LEASE_US).await {
            Ok(rows) => rows,
            Err(e) => {
                tracing::warn!(cause = %e, "effects cannot be claimed now");
                return false;
            }
        };
        let any = !claimed.is_empty();
        for row in claimed {
            let (cx, registry, means) = (self.cx.clone(), self.registry.clone(), means.clone());
            let hold = self.held.hold(row.id);
            running.spawn(async move {
                let _hold = hold;
                run_row(&cx, &registry, &means, &row).await;
            });
        }
        any
    }

    /// Leases and their ends go by the system's clock: moving business time ends none.
    async fn claim(&self, limit: i64, lease_us: i64) -> Result<Vec<rows::ClaimedRow>, Problem> {
        let due_by = self.cx.now().micros();
        // Looking first keeps an idle worker from writing.
        if !rows::any_due(&mut self.cx.store(), due_by, SystemClock.now().micros()).await? {
            return Ok(Vec::new());
        }
        let (owner, real) = (self.owner.clone(), SystemClock.now().micros());
        let claimed = self
            .cx
            .core()
            .store
            .write_lease(async move |tx| -> Result<_, Problem> {
                rows::release_expired(tx, real).await?;
                Ok(rows::claim(tx, &owner, real + lease_us, due_by, limit).await?)
            })
            .await?;
        Ok(claimed)
    }

    /// Lengthens the claims of what is at work: a call may take longer than a lease.
    async fn renew(&self, renewed: &mut Instant) {
        let held: Vec<Uuid> = self.held.rows().iter().copied().collect();
        if held.is_empty() || renewed.elapsed() < RENEW {
            return;
        }
        let (owner, until) = (self.owner.clone(), SystemClock.now().micros() + LEASE_US);
        let lengthened = self.cx.core().store.write_lease(async move |tx| -> Result<_, Problem> {
            for row in &held {
                rows::renew(tx, *row, &owner, until).await?;
            }
            Ok(())
        });
        match lengthened.await {
            Ok(()) => *renewed = Instant::now(),
            Err(e) => tracing::warn!(cause = %e, "claims cannot be renewed now"),
        }
    }

    /// Makes the passes that are due; answers whether one of them left more to do.
    async fn reconcile(&self, due: &mut [Instant]) -> bool {
        let mut more = false;
        for (reconciler, at) in reconcilers::ALL.iter().zip(due) {
            if Instant::now() < *at {
                continue;
            }
            *at = Instant::now() + Duration::from_secs(reconciler.every_s);
            match self.pass(reconciler).await {
                Ok(0) => {}
                Ok(_) => (*at, more) = (Instant::now(), true),
                Err(e) => tracing::warn!(reconciler = reconciler.name, cause = %e, "pass failed"),
            }
        }
        more
    }

    async fn pass(&self, reconciler: &reconcilers::Reconciler) -> Result<usize, Problem> {
        let (owner, real) = (self.owner.clone(), SystemClock.now().micros());
        let (name, until) = (reconciler.name, real + LEASE_US);
        if !leases::holds(&mut self.cx.store(), name, &owner, real + LEASE_US / 2).await? {
            let ours = self.cx.core().store.write_lease(async move |tx| -> Result<_, Problem> {
                Ok(leases::take(tx, name, &owner, real, until).await?)
            });
            if !ours.await? {
                return Ok(0);
            }
        }
        (reconciler.pass)(&self.cx).await
    }

    /// Runs all that is due now, one after the other, until nothing is; answers how many ran.
    /// For tests, for the demonstration's clock, and for commands. Rows that are put off for a
    /// later time stay.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn drain(&self) -> Result<usize, Problem> {
        let (mut ran, means) = (0, self.means());
        loop {
            let claimed = self.claim(DRAINED, DRAIN_LEASE_US).await?;
            if claimed.is_empty() {
                return Ok(ran);
            }
            for row in &claimed {
                run_row(&self.cx, &self.registry, &means, row).await;
                ran += 1;
            }
        }
    }

    /// Runs the night that is due, if one is. For tests and for the demonstration's clock.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn run_night(&self) -> Result<(), Problem> {
        if let Some(day) = night::due(&self.cx).await? {
            night::run(&self.cx, day, &Run::default()).await?;
        }
        Ok(())
    }

    /// The night that is due and one pass of every reconciler, regardless of their rhythm.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn reconcile_all(&self) -> Result<(), Problem> {
        self.run_night().await?;
        for reconciler in reconcilers::ALL {
            while (reconciler.pass)(&self.cx).await? > 0 {}
        }
        Ok(())
    }
}

async fn run_row(cx: &Cx, registry: &Registry, means: &Means, row: &rows::ClaimedRow) -> Option<Ran> {
    let owner = means.owner.as_str();
    let cx = cx.traced(row.trace.as_str());
    let outcome = match registry.get(&row.kind) {
        Some(runner) => runner.run(&cx, means, row).await,
        None => {
            tracing::error!(kind = row.kind, "no such effect in this version");
            return put_back(&cx, row, owner, "no such effect in this version").await;
        }
    };
    match outcome {
        Ok(ran) => Some(ran),
        Err(problem) => {
            tracing::warn!(kind = row.kind, effect = %row.id, cause = %problem, "effect failed");
            put_back(&cx, row, owner, &problem.to_string()).await
        }
    }
}

async fn put_back(cx: &Cx, row: &rows::ClaimedRow, owner: &str, cause: &str) -> Option<Ran> {
    let (id, owner, cause) = (row.id, owner.to_owned(), cause.to_owned());
    let at = cx.now().plus_us(pause_us(row.attempts)).micros();
    let stuck = row.attempts >= crate::effects::MAX_ATTEMPTS;
    let now = cx.now().micros();
    let given_back = async move |tx: &mut WriteTx| -> Result<Ran, Problem> {
        if stuck {
            rows::mark_stuck(tx, id, &owner, &cause, now).await?;
            return Ok(Ran::Stuck);
        }
        rows::postpone(tx, id, &owner, at, Some(&cause)).await?;
        Ok(Ran::Later)
    };
    cx.store().write_lease(given_back).await.ok()
}
