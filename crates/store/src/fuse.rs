//! The end of a process, as its database sees it: after some statement nothing follows. Only tests arm one.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering::SeqCst},
};

use crate::error::{Error, Result};

/// Counts statements, commits and answers down; once at zero, all later ones fail and nothing more is kept.
#[derive(Clone, Debug, Default)]
pub struct Fuse(Option<Arc<AtomicI64>>);

/// Two options are equal when they share their fuse.
impl PartialEq for Fuse {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Fuse {
    /// One step; without a fuse it always goes on.
    pub(crate) fn step(&self) -> Result<()> {
        let Some(left) = &self.0 else { return Ok(()) };
        match left.fetch_update(SeqCst, SeqCst, |n| (n > 0).then(|| n - 1)) {
            Ok(_) => Ok(()),
            Err(_) => Err(Error::Broken("the process has ended".into())),
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl Fuse {
    /// One that can be armed.
    pub fn new() -> Self {
        Self(Some(Arc::new(AtomicI64::new(i64::MAX))))
    }
    /// The process ends after so many more steps.
    pub fn arm(&self, steps: i64) {
        if let Some(left) = &self.0 {
            left.store(steps, SeqCst);
        }
    }
    /// It does not end any more, if it has not.
    pub fn disarm(&self) {
        if !self.blown() {
            self.arm(i64::MAX);
        }
    }
    /// Whether it has ended.
    pub fn blown(&self) -> bool {
        self.0.as_ref().is_some_and(|left| left.load(SeqCst) <= 0)
    }
}
