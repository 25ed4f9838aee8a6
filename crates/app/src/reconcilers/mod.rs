//! Reconcilers: no input; each compares what should be with what is and asks for the normal effect.

use std::{future::Future, pin::Pin};

use crate::{Cx, Problem};

pub mod holds;
pub mod housekeeping;
pub mod mailboxes;
pub mod payments;
pub mod sealer;
pub mod setups;
pub mod space;
pub mod unread;
pub mod usage;

/// What a pass found to do.
pub type Pass<'a> = Pin<Box<dyn Future<Output = Result<usize, Problem>> + Send + 'a>>;

/// A periodic pass that one process at a time makes.
pub struct Reconciler {
    /// Also the name of its lease.
    pub name: &'static str,
    /// Seconds between two passes.
    pub every_s: u64,
    /// Makes one pass; answers how many things it found to do. Called again at once while it is not 0.
    pub pass: for<'a> fn(&'a Cx) -> Pass<'a>,
}

/// Every reconciler of the platform; a new one is a line here.
pub const ALL: &[Reconciler] = &[
    Reconciler { name: "audit-sealer", every_s: 2, pass: |cx| Box::pin(sealer::pass(cx)) },
    Reconciler { name: "payments", every_s: 5, pass: |cx| Box::pin(payments::pass(cx)) },
    Reconciler { name: "method-setups", every_s: 5, pass: |cx| Box::pin(setups::pass(cx)) },
    Reconciler { name: "holds", every_s: 600, pass: |cx| Box::pin(holds::pass(cx)) },
    Reconciler { name: "mailboxes", every_s: 300, pass: |cx| Box::pin(mailboxes::pass(cx)) },
    Reconciler { name: "usage", every_s: 60, pass: |cx| Box::pin(usage::pass(cx)) },
    Reconciler { name: "space", every_s: 600, pass: |cx| Box::pin(space::pass(cx)) },
    Reconciler { name: "unread", every_s: 60, pass: |cx| Box::pin(unread::pass(cx)) },
    Reconciler { name: "housekeeping", every_s: 600, pass: |cx| Box::pin(housekeeping::pass(cx)) },
];
