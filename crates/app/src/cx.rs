//! The context that goes through every use case: who acts, when, with which means.

use std::sync::Arc;

use domain::{
    actor::Actor,
    id::{Id, Named},
    time::Timestamp,
};
use render::Locale;
use store::{EngineKind, Store, WriteTx};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    Problem, Settings,
    clock::{Clock, SystemClock},
    effects::Probe,
    hashing::{self, Hashing},
    numbers::Numbers,
    secrets::{Random, ServerSecret, SystemRandom},
};

/// What does not change while the process runs.
pub struct Core {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub secret: ServerSecret,
    pub settings: Settings,
    pub renderer: Arc<render::Renderer>,
    pub numbers: Numbers,
    /// The queue in which passwords are hashed.
    pub hashing: Hashing,
    /// Told of each phase that an effect reaches; only tests set it.
    pub probe: Option<Arc<dyn Probe>>,
    /// Rung after each write that may have left effects due.
    pub nudge: Notify,
}

/// One request, effect or command. Cheap to clone. It holds no ports: a use case cannot reach
/// the outside world.
#[derive(Clone)]
pub struct Cx {
    core: Arc<Core>,
    pub actor: Actor,
    pub locale: Locale,
    /// Identifier that ties log lines, effects and audit lines of one request together.
    pub trace: Arc<str>,
}

impl Cx {
    pub fn new(core: Arc<Core>) -> Self {
        Self { core, actor: Actor::System, locale: Locale::It, trace: "-".into() }
    }
    /// With the system's clock and randomness.
    pub fn system(store: Store, secret: ServerSecret, settings: Settings, renderer: Arc<render::Renderer>) -> Self {
        Self::new(Arc::new(Core {
            store,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            secret,
            settings,
            renderer,
            numbers: Numbers::default(),
            hashing: Hashing::start(hashing::Options::default()),
            probe: None,
            nudge: Notify::new(),
        }))
    }
    pub fn by(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }
    pub fn in_locale(&self, locale: Locale) -> Self {
        Self { locale, ..self.clone() }
    }
    pub fn traced(&self, trace: impl Into<Arc<str>>) -> Self {
        Self { trace: trace.into(), ..self.clone() }
    }
    pub fn core(&self) -> &Core {
        &self.core
    }
    pub fn store(&self) -> &Store {
        &self.core.store
    }
    pub fn settings(&self) -> &Settings {
        &self.core.settings
    }
    pub fn renderer(&self) -> &render::Renderer {
        &self.core.renderer
    }
    /// The queue in which passwords are hashed.
    pub fn hashing(&self) -> &Hashing {
        &self.core.hashing
    }
    /// Business time.
    pub fn now(&self) -> Timestamp {
        self.core.clock.now()
    }
    /// A new identifier, ordered by business time. One that is [`Named::SPREAD`] is from any lane on PostgreSQL, whose
    /// serializable transactions conflict by the page of an index: the checks of the rows that point at it read the
    /// page to which others add theirs.
    pub fn new_id<T: Named>(&self) -> Id<T> {
        let id = Id::new(self.now(), self.random::<10>());
        match T::SPREAD && self.store().engine() == EngineKind::Postgres {
            true => id.in_lane(self.random::<1>()[0]),
            false => id,
        }
    }
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.core.random.fill(&mut bytes);
        bytes
    }
    /// The head of the identifiers of one page of rows: with ten bytes the number of a row in six bytes behind it, with
    /// eight the other half of an identifier that the row belongs to. Each is a UUIDv7 of this moment.
    pub fn page_ids<const N: usize>(&self) -> [u8; N] {
        let id = uuid::Builder::from_unix_timestamp_millis((self.now().micros() / 1000).max(0) as u64, &self.random());
        let mut head = [0; N];
        head.copy_from_slice(&id.as_uuid().as_bytes()[..N]);
        head
    }
    /// The next number of a series (`order`, `login`): increasing, never reused, with gaps.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn next_number(&self, series: &'static str) -> Result<i64, Problem> {
        Ok(self.core.numbers.next(&self.core.store, series).await?)
    }
    /// One write transaction. It may be run again after a conflict, so the closure must not
    /// change what it captured; nothing outside may be awaited in it.
    ///
    /// # Errors
    /// The closure's own refusal (everything is rolled back), or the store's.
    pub async fn write<T: Send + 'static>(
        &self,
        f: impl AsyncFn(&mut WriteTx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.core.store.write(f).await?;
        self.core.nudge.notify_one();
        Ok(done)
    }
    /// As [`Cx::write`], one after the other for all that change the row named by `key`: a wallet.
    ///
    /// # Errors
    /// As [`Cx::write`].
    pub async fn write_in_turn<T: Send + 'static>(
        &self,
        key: Uuid,
        f: impl AsyncFn(&mut WriteTx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.core.store.write_in_turn(key, f).await?;
        self.core.nudge.notify_one();
        Ok(done)
    }
    /// As [`Cx::write`], for what came of an effect: see [`Store::write_outcome`].
    ///
    /// # Errors
    /// As [`Cx::write`].
    pub async fn write_outcome<T: Send + 'static>(
        &self,
        kind: &str,
        f: impl AsyncFn(&mut WriteTx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.core.store.write_outcome(kind, f).await?;
        self.core.nudge.notify_one();
        Ok(done)
    }
    /// As [`Cx::write`], but behind everybody else: for pages of bulk work.
    ///
    /// # Errors
    /// As [`Cx::write`].
    pub async fn write_bulk<T: Send + 'static>(
        &self,
        f: impl AsyncFn(&mut WriteTx) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.core.store.write_bulk(f).await?;
        self.core.nudge.notify_one();
        Ok(done)
    }
}
