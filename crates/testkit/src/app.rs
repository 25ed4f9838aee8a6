//! The whole application on a fresh database: real use cases, effects and pages; fakes only at the ports.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use adapters::payment::simulated::{Simulated, SimulatedSettings};
use app::{
    Cx, Settings,
    clock::{Clock, ManualClock},
    cx::Core,
    effects::Probe,
    hashing::{self, Hashing},
    numbers::Numbers,
    secrets::{Random, ServerSecret},
    worker::Worker,
};
use domain::time::{DAY_US, Timestamp};
use ports::Ports;
use store::{
    EngineKind,
    testing::{self, TestDb},
};
use tokio::sync::Notify;

use crate::browser::Browser;
use crate::fakes::{FakeMailer, FakePlane, FakeSms};

/// The day on which every test begins: a Thursday, 09:00 in Rome.
pub const START: &str = "2026-10-01T07:00:00Z";

/// Randomness that repeats: a counter that is hashed.
pub struct SeededRandom(AtomicU64);
impl SeededRandom {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed << 32))
    }
}
impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let n = self.0.fetch_add(1, Ordering::Relaxed);
            let hash = app::secrets::sha256(&n.to_be_bytes());
            chunk.copy_from_slice(&hash[..chunk.len()]);
        }
    }
}

/// One installation that lives as long as a test.
pub struct TestApp {
    pub cx: Cx,
    pub clock: Arc<ManualClock>,
    pub mailer: Arc<FakeMailer>,
    pub sms: Arc<FakeSms>,
    pub plane: Arc<FakePlane>,
    pub gateway: Arc<Simulated>,
    pub ports: Ports,
    pub worker: Worker,
    /// The pages, as the binary serves them.
    pub router: axum::Router,
    pub db: TestDb,
}

/// The engine of this run: `CERALACCA_TEST_ENGINE=postgres` runs the same suite on PostgreSQL.
pub fn engine() -> EngineKind {
    match std::env::var("CERALACCA_TEST_ENGINE").as_deref() {
        Ok("postgres") => EngineKind::Postgres,
        Ok("sqlite") | Err(_) => EngineKind::Sqlite,
        Ok(other) => panic!("CERALACCA_TEST_ENGINE is sqlite or postgres, not {other}"),
    }
}

/// Compiled once for all tests of a program.
pub fn renderer() -> Arc<render::Renderer> {
    RENDERER.clone()
}
static RENDERER: LazyLock<Arc<render::Renderer>> =
    LazyLock::new(|| Arc::new(render::Renderer::new(render::Options::default()).expect("the templates compile")));

impl TestApp {
    /// On the engine of this run.
    pub async fn new() -> Self {
        Self::on(engine()).await
    }
    pub async fn on(engine: EngineKind) -> Self {
        Self::with(engine, None, Settings::default()).await
    }
    /// With a probe in the effects, or other settings.
    pub async fn with(engine: EngineKind, probe: Option<Arc<dyn Probe>>, settings: Settings) -> Self {
        // What the product logs is shown beside a test that fails.
        let _ = tracing_subscriber::fmt().with_test_writer().with_env_filter("warn").try_init();
        let db = testing::fresh(engine).await;
        let clock = Arc::new(ManualClock::new(Timestamp::parse_rfc3339(START).expect("a time")));
        let cx = Cx::new(Arc::new(Core {
            store: db.store.clone(),
            clock: clock.clone(),
            random: Arc::new(SeededRandom::new(1)),
            secret: ServerSecret::new(&[42; 32]),
            settings,
            renderer: renderer(),
            numbers: Numbers::default(),
            hashing: Hashing::start(hashing::Options::cheap()),
            probe,
            nudge: Notify::new(),
        }));
        let (mailer, sms, plane) =
            (Arc::new(FakeMailer::default()), Arc::new(FakeSms::default()), Arc::new(FakePlane::default()));
        let gateway_clock = clock.clone();
        let gateway = Arc::new(Simulated::new(SimulatedSettings {
            page_base: "/demo/gateway".into(),
            webhook_secret: "test webhook secret".into(),
            file: None,
            clock: Arc::new(move || gateway_clock.now()),
        }));
        let mut gateways: BTreeMap<&'static str, Arc<dyn ports::payment::PaymentGateway>> = BTreeMap::new();
        gateways.insert("simulated", gateway.clone());
        let ports = Ports { gateways, mailer: mailer.clone(), sms: sms.clone(), plane: plane.clone() };
        let worker = Worker::new(cx.clone(), ports.clone());
        let router = web::router(
            web::AppState::new(cx.clone(), Arc::new(web::session::StoredSessions::default()), &[])
                .with_ports(ports.clone()),
        );
        Self { cx, clock, mailer, sms, plane, gateway, ports, worker, router, db }
    }
    /// A person at a browser.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }
    /// Carries out what is due now.
    pub async fn settle(&self) {
        self.worker.drain().await.expect("the worker reads and writes");
    }
    /// Moves the clock and carries out what came due.
    pub async fn advance_days(&self, days: i64) {
        self.clock.advance_us(days * DAY_US);
        self.settle().await;
    }
    /// Effects that are due and were not carried out, by kind: a test that ends well leaves none.
    pub async fn left_due(&self) -> Vec<String> {
        let mut store = self.cx.store();
        store::effects::due_kinds(&mut store, self.cx.now().micros()).await.expect("effects are read")
    }
    /// Ends the test: nothing may be left due or stuck.
    ///
    /// # Panics
    /// With the kinds that are.
    pub async fn finish(self) {
        let due = self.left_due().await;
        assert!(due.is_empty(), "effects left undone: {due:?}");
        let stuck = store::effects::stuck(&mut self.cx.store(), 10).await.expect("effects are read");
        assert!(stuck.is_empty(), "effects are stuck: {stuck:?}");
    }
}
