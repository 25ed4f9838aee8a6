//! Effects: what is done outside, decided earlier, carried out by the worker in three phases.
//!
//! `prepare` reads, `perform` makes the outside call with no transaction open and the effect's
//! key as idempotency key, `record` writes and closes the row. Each phase may happen more than
//! once: a crash between two of them repeats the effect from the start.

use std::{collections::HashMap, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use domain::{
    effect::EffectRequest,
    id::EffectId,
    time::{HOUR_US, MINUTE_US, SECOND_US, Timestamp},
};
use ports::{PortError, Ports};
use serde::{Serialize, de::DeserializeOwned};
use store::{WriteTx, effects as rows};
use tokio::sync::Semaphore;

use crate::{Cx, Problem};

mod attempt;
pub mod begin_agreement_version;
pub mod charge_method;
pub mod chase_order;
pub mod close_payment;
pub mod confirm_payment;
pub mod confirm_setup;
pub mod count_usage;
pub mod detach_method;
pub mod drop_incomplete_login;
pub mod empty_mailbox;
pub mod finish_recovery;
pub mod give_up_top_up;
pub mod import_members;
pub mod lapse_credit;
pub mod match_movement;
pub mod provision;
pub mod refund_payment;
pub mod remind_expiry;
pub mod remind_registration;
pub mod send_notice;
pub mod send_password_link;
pub mod send_reset_link;
pub mod tell_unread;

/// After so many mailboxes in a row without an answer the mail servers count as down and are not asked about the rest
/// of an effect. More than one, since a single mailbox that they cannot open must not hide its neighbours.
const DOWN: usize = 3;

/// What `prepare` found out.
pub enum Prepared<P> {
    /// Call outside with this plan.
    Go(P),
    /// Nothing to do any more; the row is closed.
    AlreadyDone,
    /// Too early; look again at that time.
    NotYet(Timestamp),
}

/// The row an effect runs for.
#[derive(Debug, Clone)]
pub struct Run {
    pub id: EffectId,
    /// How often it was started, this time included.
    pub attempts: i64,
}
impl Run {
    /// The key under which the outside knows this effect, the same at every repetition.
    pub fn key(&self) -> String {
        self.id.to_string()
    }
}

/// One verb. See the module's text for the phases.
pub trait Effect: Serialize + DeserializeOwned + Send + Sync + Sized + 'static {
    /// Stable name, the `kind` column.
    const KIND: &'static str;
    /// For money: used-up tries leave the outcome open, since silence is not a refusal. The row is
    /// stuck for an operator, and [`Effect::on_stuck`] is called only when the outside said no.
    const SILENCE_DECIDES_NOTHING: bool = false;
    type Plan: Send + Sync;
    type Outcome: Send + Sync + 'static;

    /// Reads what is needed, in the present state of things.
    fn prepare(&self, cx: &Cx, run: &Run) -> impl Future<Output = Result<Prepared<Self::Plan>, Problem>> + Send;
    /// The outside call. Whoever repeats it passes the same `run.key()`.
    fn perform(
        &self,
        plan: &Self::Plan,
        ports: &Ports,
        run: &Run,
    ) -> impl Future<Output = Result<Self::Outcome, PortError>> + Send;
    /// Writes what came of it; the worker closes the row in the same transaction.
    fn record(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        run: &Run,
        outcome: &Self::Outcome,
    ) -> impl Future<Output = Result<(), Problem>>;
    /// The outside refused for good, or the tries are used up: what else must become true.
    fn on_stuck(&self, _tx: &mut WriteTx, _cx: &Cx, _reason: &str) -> impl Future<Output = Result<(), Problem>> {
        async { Ok(()) }
    }
    /// An operator gave the row up: what else must become true.
    fn on_given_up(&self, _tx: &mut WriteTx, _cx: &Cx) -> impl Future<Output = Result<(), Problem>> {
        async { Ok(()) }
    }
    /// How the row looks that asks for this effect.
    fn request(
        &self,
        subject: (&'static str, uuid::Uuid),
        dedup_key: Option<String>,
        run_at: Timestamp,
    ) -> EffectRequest {
        EffectRequest {
            kind: Self::KIND,
            subject_kind: subject.0,
            subject_id: subject.1,
            payload: serde_json::to_value(self).expect("an effect's payload is plain data"),
            dedup_key,
            run_at,
        }
    }
}

/// Writes requests in the transaction that decided them. One whose key is there already is dropped.
///
/// # Errors
/// When the store cannot be written.
pub async fn enqueue(tx: &mut WriteTx, cx: &Cx, requests: &[EffectRequest]) -> Result<(), Problem> {
    for request in requests {
        let id: EffectId = cx.new_id();
        let payload = request.payload.to_string();
        rows::insert(
            tx,
            &rows::NewEffect {
                id: id.uuid(),
                kind: request.kind,
                subject_kind: request.subject_kind,
                subject_id: request.subject_id,
                payload: &payload,
                dedup_key: request.dedup_key.as_deref(),
                run_at: request.run_at.micros(),
                trace: &cx.trace,
                created_at: cx.now().micros(),
            },
        )
        .await?;
    }
    Ok(())
}

/// How long to wait before the next try. Patient: a mail server that is down for a day is met again.
pub fn pause_us(attempts: i64) -> i64 {
    match attempts {
        ..=1 => 5 * SECOND_US,
        2 => 15 * SECOND_US,
        3 => MINUTE_US,
        4 => 5 * MINUTE_US,
        5 => 15 * MINUTE_US,
        6 => 30 * MINUTE_US,
        _ => HOUR_US,
    }
}

/// After so many tries (about two and a half days) a row is stuck and waits for an operator.
pub const MAX_ATTEMPTS: i64 = 64;

/// The points of a run between which a process may die.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Nothing has happened yet.
    Claimed,
    /// `prepare` answered; the outside was not called.
    Prepared,
    /// The outside call was made; nothing of it is written.
    Performed,
    /// `record` has written; the transaction is still open.
    Recording,
}
impl Phase {
    pub const ALL: [Phase; 4] = [Phase::Claimed, Phase::Prepared, Phase::Performed, Phase::Recording];
}

/// A test's way to let an effect fail at any of its phases, and to know that it got there.
pub trait Probe: Send + Sync {
    /// `false` lets the run fail here.
    fn reach(&self, kind: &'static str, phase: Phase) -> bool;
}

fn reach(cx: &Cx, kind: &'static str, phase: Phase) -> Result<(), Problem> {
    match &cx.core().probe {
        Some(probe) if !probe.reach(kind, phase) => Err(Problem::broken(format!("probe at {phase:?}"))),
        _ => Ok(()),
    }
}

/// What came of one run of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    Done,
    Later,
    Stuck,
    /// Somebody else holds the row now.
    Lost,
}

type WroteFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Problem>> + 'a>>;
type RanFuture<'a> = Pin<Box<dyn Future<Output = Result<Ran, Problem>> + Send + 'a>>;

/// What a worker carries effects out with.
pub struct Means {
    pub ports: Ports,
    /// Names the worker in leases.
    pub owner: String,
    /// Calls outside that may be under way at the same time. Closed when the worker is to end: what has not called yet
    /// is left to others.
    pub calls: Semaphore,
}

/// An effect with its type erased, as the worker sees it.
pub trait Runner: Send + Sync {
    fn kind(&self) -> &'static str;
    fn run<'a>(&'a self, cx: &'a Cx, means: &'a Means, row: &'a rows::ClaimedRow) -> RanFuture<'a>;
    /// [`Effect::on_given_up`] of the row with this payload; one that cannot be read has nothing to say.
    fn given_up<'a>(&'a self, tx: &'a mut WriteTx, cx: &'a Cx, payload: &'a str) -> WroteFuture<'a>;
}

struct RunnerOf<E>(PhantomData<fn() -> E>);

impl<E: Effect> Runner for RunnerOf<E> {
    fn kind(&self) -> &'static str {
        E::KIND
    }
    fn run<'a>(&'a self, cx: &'a Cx, means: &'a Means, row: &'a rows::ClaimedRow) -> RanFuture<'a> {
        Box::pin(run_one::<E>(cx, means, row))
    }
    fn given_up<'a>(&'a self, tx: &'a mut WriteTx, cx: &'a Cx, payload: &'a str) -> WroteFuture<'a> {
        Box::pin(async move {
            match serde_json::from_str::<E>(payload) {
                Ok(effect) => effect.on_given_up(tx, cx).await,
                Err(_) => Ok(()),
            }
        })
    }
}

async fn run_one<E: Effect>(cx: &Cx, means: &Means, row: &rows::ClaimedRow) -> Result<Ran, Problem> {
    let claim = Claim { id: row.id, owner: means.owner.clone() };
    let run = Run { id: EffectId::from_uuid(row.id), attempts: row.attempts };
    let effect = match serde_json::from_str::<E>(&row.payload) {
        Ok(effect) => Arc::new(effect),
        Err(e) => return claim.stuck_plain(cx, format!("payload cannot be read: {e}")).await,
    };
    reach(cx, E::KIND, Phase::Claimed)?;
    // Before it reads: what it calls with is not to grow old while it waits. What comes of it is written beside the next
    // calls.
    let Ok(call) = means.calls.acquire().await else {
        return claim.postpone(cx, Timestamp::from_micros(row.run_at), None).await;
    };
    let plan = match effect.prepare(cx, &run).await? {
        Prepared::Go(plan) => plan,
        Prepared::AlreadyDone => return claim.close(cx).await,
        Prepared::NotYet(at) => return claim.postpone(cx, at, None).await,
    };
    reach(cx, E::KIND, Phase::Prepared)?;
    let called = effect.perform(&plan, &means.ports, &run).await;
    drop(call);
    match called {
        Ok(outcome) => {
            reach(cx, E::KIND, Phase::Performed)?;
            let (cx2, effect2) = (cx.clone(), effect.clone());
            cx.write_outcome(E::KIND, async move |tx| {
                if !claim.done(tx, &cx2).await? {
                    return Ok(Ran::Lost);
                }
                effect2.record(tx, &cx2, &run, &outcome).await?;
                reach(&cx2, E::KIND, Phase::Recording)?;
                Ok(Ran::Done)
            })
            .await
        }
        Err(PortError::Refused(reason)) => stuck(cx, claim, effect, reason.to_string()).await,
        Err(e) if row.attempts >= MAX_ATTEMPTS && E::SILENCE_DECIDES_NOTHING => {
            claim.stuck_plain(cx, e.to_string()).await
        }
        Err(e) if row.attempts >= MAX_ATTEMPTS => stuck(cx, claim, effect, e.to_string()).await,
        Err(e) => claim.postpone(cx, cx.now().plus_us(pause_us(row.attempts)), Some(e.to_string())).await,
    }
}

async fn stuck<E: Effect>(cx: &Cx, claim: Claim, effect: Arc<E>, reason: String) -> Result<Ran, Problem> {
    let cx2 = cx.clone();
    tracing::warn!(kind = E::KIND, effect = %claim.id, reason, "effect is stuck");
    cx.write_outcome(E::KIND, async move |tx| {
        if !rows::mark_stuck(tx, claim.id, &claim.owner, &reason, cx2.now().micros()).await? {
            return Ok(Ran::Lost);
        }
        effect.on_stuck(tx, &cx2, &reason).await?;
        Ok(Ran::Stuck)
    })
    .await
}

/// The right to close a row: it holds only while the lease is ours.
#[derive(Clone)]
struct Claim {
    id: uuid::Uuid,
    owner: String,
}
impl Claim {
    async fn done(&self, tx: &mut WriteTx, cx: &Cx) -> Result<bool, Problem> {
        Ok(rows::mark_done(tx, self.id, &self.owner, cx.now().micros()).await?)
    }
    async fn close(self, cx: &Cx) -> Result<Ran, Problem> {
        let cx2 = cx.clone();
        let closed = async move |tx: &mut WriteTx| Ok(if self.done(tx, &cx2).await? { Ran::Done } else { Ran::Lost });
        cx.store().write_lease(closed).await
    }
    async fn postpone(self, cx: &Cx, at: Timestamp, error: Option<String>) -> Result<Ran, Problem> {
        let postponed = async move |tx: &mut WriteTx| -> Result<Ran, Problem> {
            rows::postpone(tx, self.id, &self.owner, at.micros(), error.as_deref()).await?;
            Ok(Ran::Later)
        };
        cx.store().write_lease(postponed).await
    }
    async fn stuck_plain(self, cx: &Cx, reason: String) -> Result<Ran, Problem> {
        let now = cx.now().micros();
        let parked = async move |tx: &mut WriteTx| -> Result<Ran, Problem> {
            rows::mark_stuck(tx, self.id, &self.owner, &reason, now).await?;
            Ok(Ran::Stuck)
        };
        cx.store().write_lease(parked).await
    }
}

/// All effects by kind.
pub struct Registry(HashMap<&'static str, Arc<dyn Runner>>);
impl Registry {
    /// Every effect of the platform; a new one is a line here.
    pub fn all() -> Self {
        let mut r = Self(HashMap::new());
        r.add::<begin_agreement_version::BeginAgreementVersion>();
        r.add::<charge_method::ChargeMethod>();
        r.add::<chase_order::ChaseOrder>();
        r.add::<close_payment::ClosePayment>();
        r.add::<confirm_payment::ConfirmPayment>();
        r.add::<confirm_setup::ConfirmSetup>();
        r.add::<detach_method::DetachMethod>();
        r.add::<count_usage::CountUsage>();
        r.add::<match_movement::MatchMovement>();
        r.add::<refund_payment::RefundPayment>();
        r.add::<drop_incomplete_login::DropIncompleteLogin>();
        r.add::<finish_recovery::FinishRecovery>();
        r.add::<give_up_top_up::GiveUpTopUp>();
        r.add::<import_members::ImportMembers>();
        r.add::<lapse_credit::LapseCredit>();
        r.add::<remind_expiry::RemindExpiry>();
        r.add::<remind_registration::RemindRegistration>();
        r.add::<empty_mailbox::EmptyMailbox>();
        r.add::<provision::Provision>();
        r.add::<send_notice::SendNotice>();
        r.add::<send_password_link::SendPasswordLink>();
        r.add::<send_reset_link::SendResetLink>();
        r.add::<tell_unread::TellUnread>();
        r
    }
    fn add<E: Effect>(&mut self) {
        let before = self.0.insert(E::KIND, Arc::new(RunnerOf::<E>(PhantomData)));
        assert!(before.is_none(), "two effects are called {}", E::KIND);
    }
    pub fn get(&self, kind: &str) -> Option<Arc<dyn Runner>> {
        self.0.get(kind).cloned()
    }
    /// The names of all effects, sorted.
    pub fn kinds(&self) -> Vec<&'static str> {
        let mut kinds: Vec<_> = self.0.keys().copied().collect();
        kinds.sort_unstable();
        kinds
    }
}
