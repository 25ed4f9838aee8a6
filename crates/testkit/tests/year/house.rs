//! An installation whose process can end between any two statements, and the world outside that goes on.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use adapters::payment::simulated::{Simulated, SimulatedSettings};
use app::{
    Cx, Settings,
    clock::{Clock, ManualClock},
    cx::Core,
    hashing::{self, Hashing},
    numbers::Numbers,
    reconcilers,
    secrets::ServerSecret,
    worker::Worker,
};
use async_trait::async_trait;
use domain::time::{MINUTE_US, Timestamp};
use ports::{
    PortError, Ports,
    mail::{Mail, Mailer},
};
use store::{Options, fuse::Fuse, sql, testing::TestDb};
use testkit::{
    app::{SeededRandom, renderer},
    fakes::{FakePlane, FakeSms, Faults},
};
use tokio::sync::Notify;

use crate::paypal::{self, Paypal};

sql!(END_LEASES = "UPDATE effects SET lease_until = 0 WHERE state = 'running'");
sql!(END_TURNS = "UPDATE leases SET until_at = 0");

/// One queue for all years: each has threads of its own.
static HASHING: LazyLock<Hashing> = LazyLock::new(|| Hashing::start(hashing::Options::cheap()));

/// A mail, as its recipient finds it.
#[derive(Clone, Debug)]
pub struct Letter {
    pub at: Timestamp,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Who receives the mails. A mail that is sent twice carries the same Message-ID: a mailbox shows it once.
pub struct Letterbox {
    pub faults: Faults,
    clock: Arc<ManualClock>,
    /// Message-ID, and whom it went to.
    seen: Mutex<BTreeMap<String, String>>,
    fresh: Mutex<Vec<Letter>>,
}
impl Letterbox {
    pub fn new(clock: Arc<ManualClock>) -> Self {
        Self { faults: Faults::default(), clock, seen: Mutex::default(), fresh: Mutex::default() }
    }
    pub fn count(&self) -> usize {
        self.seen.lock().expect("nobody panics with it").len()
    }
    /// What came since it was looked at last.
    pub fn fresh(&self) -> Vec<Letter> {
        std::mem::take(&mut self.fresh.lock().expect("nobody panics with it"))
    }
    fn keep(&self, mail: &Mail) -> String {
        let mut seen = self.seen.lock().expect("nobody panics with it");
        match seen.get(&mail.message_id) {
            Some(to) => assert_eq!(to, &mail.to, "one message for two people: {}", mail.subject),
            None => {
                seen.insert(mail.message_id.clone(), mail.to.clone());
                let letter = Letter {
                    at: self.clock.now(),
                    to: mail.to.clone(),
                    subject: mail.subject.clone(),
                    text: mail.text.clone(),
                };
                self.fresh.lock().expect("nobody panics with it").push(letter);
            }
        }
        "250 kept".to_owned()
    }
}
#[async_trait]
impl Mailer for Letterbox {
    async fn send(&self, mail: &Mail) -> Result<String, PortError> {
        self.faults.around(|| self.keep(mail))
    }
}

/// The world that no end of a process touches.
pub struct Outside {
    pub clock: Arc<ManualClock>,
    pub letters: Arc<Letterbox>,
    pub sms: Arc<FakeSms>,
    pub plane: Arc<FakePlane>,
    pub gateway: Arc<Simulated>,
    pub paypal: Arc<Paypal>,
}

pub fn gateway_settings(clock: &Arc<ManualClock>) -> SimulatedSettings {
    let clock = clock.clone();
    SimulatedSettings {
        page_base: "/demo/gateway".into(),
        webhook_secret: "test webhook secret".into(),
        file: None,
        clock: Arc::new(move || clock.now()),
    }
}

impl Outside {
    fn ports(&self) -> Ports {
        let mut gateways: BTreeMap<&'static str, Arc<dyn ports::payment::PaymentGateway>> = BTreeMap::new();
        gateways.insert("simulated", self.gateway.clone());
        gateways.insert(paypal::NAME, self.paypal.clone());
        Ports { gateways, mailer: self.letters.clone(), sms: self.sms.clone(), plane: self.plane.clone() }
    }
}

/// The installation.
pub struct House {
    pub db: TestDb,
    pub cx: Cx,
    pub ports: Ports,
    pub outside: Outside,
    pub fuse: Fuse,
    worker: Worker,
    seed: u64,
    /// How many processes there were.
    pub lives: u64,
}

/// A small store whose end is the fuse's.
pub fn options(fuse: &Fuse) -> Options {
    // A mapped file is mapped anew by whoever reads after each commit: here that is every read.
    Options { volatile: true, connections: 2, mmap_mib: 0, fuse: fuse.clone(), ..Options::default() }
}

impl House {
    pub fn new(db: TestDb, outside: Outside, fuse: Fuse, seed: u64) -> Self {
        let ports = outside.ports();
        let cx = context(&db, &outside.clock, seed, 0);
        let worker = Worker::new(cx.clone(), ports.clone());
        Self { db, cx, ports, outside, fuse, worker, seed, lives: 0 }
    }
    /// The process has ended; another one begins on the same database. Its leases have run out by then.
    pub async fn again(&mut self) {
        self.fuse = Fuse::new();
        self.db.reopen(options(&self.fuse)).await;
        self.lives += 1;
        self.cx = context(&self.db, &self.outside.clock, self.seed, self.lives);
        self.worker = Worker::new(self.cx.clone(), self.ports.clone());
        let freed = self.db.store.write(async move |tx| {
            tx.run(&END_LEASES, &[]).await?;
            tx.run(&END_TURNS, &[]).await?;
            Ok::<_, store::Error>(())
        });
        freed.await.expect("leases are written");
    }
    /// Carries out what is due, and what was put off for a moment.
    pub async fn drain(&self) -> Result<(), app::Problem> {
        for pause in [0, MINUTE_US] {
            self.outside.clock.advance_us(pause);
            self.worker.drain().await?;
        }
        Ok(())
    }
    /// A pass of the reconcilers; what lies in the mailboxes is asked about only when `usage` says so.
    pub async fn reconcile(&self, usage: bool) -> Result<(), app::Problem> {
        for reconciler in reconcilers::ALL.iter().filter(|r| usage || r.name != "usage") {
            while (reconciler.pass)(&self.cx).await? > 0 {}
        }
        Ok(())
    }
    pub fn now(&self) -> Timestamp {
        self.outside.clock.now()
    }
}

fn context(db: &TestDb, clock: &Arc<ManualClock>, seed: u64, life: u64) -> Cx {
    Cx::new(Arc::new(Core {
        store: db.store.clone(),
        clock: clock.clone(),
        // No two processes draw the same numbers.
        random: Arc::new(SeededRandom::new(seed * 4096 + life)),
        secret: ServerSecret::new(&[42; 32]),
        settings: Settings { paypal: true, ..Settings::default() },
        renderer: renderer(),
        numbers: Numbers::default(),
        hashing: HASHING.clone(),
        probe: None,
        nudge: Notify::new(),
    }))
}
