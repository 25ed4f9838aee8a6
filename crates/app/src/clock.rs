//! Where business time comes from. Only this file reads the system's clock.
// tidy: allow(clock) the one place that reads the clock of the system

use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::Timestamp;

/// Gives the time on which decisions rest.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Default)]
pub struct SystemClock;
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(since.as_micros() as i64)
    }
}

/// The system's clock moved forward by an offset: the demonstration's.
pub struct OffsetClock(AtomicI64);
impl OffsetClock {
    /// Starts so many microseconds ahead of the system.
    pub fn new(offset_us: i64) -> Self {
        Self(AtomicI64::new(offset_us))
    }
    /// Moves further ahead and answers the whole offset in microseconds.
    pub fn advance(&self, by_us: i64) -> i64 {
        self.0.fetch_add(by_us, Ordering::SeqCst) + by_us
    }
}
impl Clock for OffsetClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_us(self.0.load(Ordering::SeqCst))
    }
}

/// A clock that stands still until a test moves it; each reading is one microsecond later, so
/// that rows keep the order in which they were made.
pub struct ManualClock(AtomicI64);
impl ManualClock {
    pub fn new(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.micros()))
    }
    /// Moves the clock; negative to test a clock that was set back.
    pub fn advance_us(&self, by_us: i64) {
        self.0.fetch_add(by_us, Ordering::SeqCst);
    }
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.micros(), Ordering::SeqCst);
    }
}
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_add(1, Ordering::SeqCst))
    }
}
