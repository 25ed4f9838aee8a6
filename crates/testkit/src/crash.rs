//! Lets an effect fail at one of its phases, and proves that it got there.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use app::effects::{Phase, Probe};

/// Counts what is reached; fails once at its target.
#[derive(Default)]
pub struct Saboteur {
    target: Option<(String, Phase)>,
    struck: AtomicBool,
    reached: Mutex<BTreeMap<(String, Phase), usize>>,
}

impl Saboteur {
    /// Only counts.
    pub fn watching() -> Self {
        Self::default()
    }
    /// Fails the first time this effect reaches this phase; afterwards only counts.
    pub fn at(kind: &str, phase: Phase) -> Self {
        Self { target: Some((kind.to_owned(), phase)), ..Self::default() }
    }
    /// How often each phase of each effect was reached.
    pub fn reached(&self) -> BTreeMap<(String, Phase), usize> {
        self.reached.lock().expect("no test panics while counting").clone()
    }
    /// Did it fail what it was told to? A harness that never gets there proves nothing.
    pub fn struck(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }
}

impl Probe for Saboteur {
    fn reach(&self, kind: &'static str, phase: Phase) -> bool {
        let here = (kind.to_owned(), phase);
        *self.reached.lock().expect("no test panics while counting").entry(here.clone()).or_default() += 1;
        self.target.as_ref() != Some(&here) || self.struck.swap(true, Ordering::SeqCst)
    }
}
