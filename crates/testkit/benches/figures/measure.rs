//! Figures: how they are taken, compared and printed.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    future::Future,
    time::{Duration, Instant},
};

use serde::Serialize;

/// One line of the output. What was not measured is absent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figure {
    pub name: &'static str,
    pub engine: &'static str,
    pub value: f64,
    pub unit: &'static str,
    /// The raw program's value in the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<f64>,
    /// Value by raw: the median over the rounds, each round beside its own raw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rss_mib: Option<f64>,
    /// CPU that neighbours of the machine took meanwhile, per cent of all.
    pub stolen_pct: f64,
}

impl Figure {
    pub fn new(name: &'static str, engine: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name, engine, value: round(value), unit, ..Self::default() }
    }
    pub fn against(mut self, raw: f64, ratio: f64) -> Self {
        self.raw = Some(round(raw));
        self.ratio = Some(round(ratio));
        self
    }
    pub fn taking(mut self, latencies: &mut [f64]) -> Self {
        self.p50_ms = Some(round(percentile(latencies, 0.50)));
        self.p99_ms = Some(round(percentile(latencies, 0.99)));
        self
    }
    pub fn holding(mut self, mib: f64) -> Self {
        self.rss_mib = Some(round(mib));
        self
    }
    pub fn stolen(mut self, percent: f64) -> Self {
        self.stolen_pct = round(percent);
        self
    }
}

/// Three digits that mean something.
fn round(v: f64) -> f64 {
    let digits = if v.abs() >= 100.0 { 0 } else { 3 };
    let scale = 10f64.powi(digits);
    (v * scale).round() / scale
}

/// What one pass did.
#[derive(Default)]
pub struct Pass {
    pub rate: f64,
    /// Milliseconds of each answer.
    pub latencies: Vec<f64>,
}

/// Runs `work` again and again for this long; each run answers how much it did.
pub fn pass(length: Duration, mut work: impl FnMut() -> u64) -> Pass {
    let (began, mut done, mut latencies) = (Instant::now(), 0, Vec::new());
    while began.elapsed() < length {
        let at = Instant::now();
        done += work();
        latencies.push(ms(at));
    }
    Pass { rate: done as f64 / began.elapsed().as_secs_f64(), latencies }
}

/// So many do one thing after the other for this long; each is answered when it is durable.
pub async fn together<F: Future<Output = ()> + Send>(
    count: u64,
    length: Duration,
    work: impl Fn() -> F + Clone + Send + 'static,
) -> Pass {
    let began = Instant::now();
    let customers = (0..count).map(|_| {
        let work = work.clone();
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            while began.elapsed() < length {
                let at = Instant::now();
                work().await;
                latencies.push(ms(at));
            }
            latencies
        })
    });
    let customers: Vec<_> = customers.collect();
    let mut latencies = Vec::new();
    for customer in customers {
        latencies.extend(customer.await.expect("a customer came to the end"));
    }
    Pass { rate: latencies.len() as f64 / began.elapsed().as_secs_f64(), latencies }
}

pub fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// Passes of both sides, in turns.
#[derive(Default)]
pub struct Rounds {
    raw: Vec<f64>,
    ours: Vec<f64>,
    latencies: Vec<f64>,
}
impl Rounds {
    pub fn add(&mut self, raw: Pass, ours: Pass) {
        self.raw.push(raw.rate);
        self.ours.push(ours.rate);
        self.latencies.extend(ours.latencies);
    }
    /// A pass that stands beside nothing.
    pub fn add_alone(&mut self, ours: Pass) {
        self.ours.push(ours.rate);
        self.latencies.extend(ours.latencies);
    }
    pub fn alone(mut self, name: &'static str, engine: &'static str, unit: &'static str) -> Figure {
        Figure::new(name, engine, median(&mut self.ours), unit).taking(&mut self.latencies)
    }
    pub fn figure(mut self, name: &'static str, engine: &'static str, unit: &'static str) -> Figure {
        let mut ratios: Vec<f64> = self.ours.iter().zip(&self.raw).map(|(o, r)| o / r).collect();
        Figure::new(name, engine, median(&mut self.ours), unit)
            .against(median(&mut self.raw), median(&mut ratios))
            .taking(&mut self.latencies)
    }
}

pub fn median(values: &mut [f64]) -> f64 {
    percentile(values, 0.5)
}
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_by(f64::total_cmp);
    values[((values.len() as f64 * share) as usize).min(values.len() - 1)]
}

/// Watches how much CPU the neighbours take.
pub struct Stolen(u64, u64);
impl Stolen {
    pub fn watch() -> Self {
        let (stolen, all) = ticks();
        Self(stolen, all)
    }
    pub fn percent(&self) -> f64 {
        let (stolen, all) = ticks();
        100.0 * (stolen - self.0) as f64 / (all - self.1).max(1) as f64
    }
}

/// Stolen and all ticks of `/proc/stat`.
fn ticks() -> (u64, u64) {
    let text = std::fs::read_to_string("/proc/stat").unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    let fields: Vec<u64> = first.split_whitespace().skip(1).filter_map(|f| f.parse().ok()).collect();
    (fields.get(7).copied().unwrap_or(0), fields.iter().take(8).sum())
}

/// Memory of a process in MiB by the name of its line in `/proc/PID/status`: `VmRSS`, `VmHWM`, `RssAnon`.
pub fn memory(pid: u32, line: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'));
    found.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Pseudo-random numbers that repeat.
pub struct Dice(u64);
impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}
