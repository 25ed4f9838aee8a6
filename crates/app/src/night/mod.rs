//! The nightly run: what the calendar brings on a civil date of Europe/Rome, in steps of pages.
//!
//! A page is one transaction behind everybody else's, and it moves the step's place together with its work. So a run
//! that is killed at any row goes on from there, and two runs at once only take turns. A night that was missed is not
//! made up for: the next one finds all that is due by its own date.

use std::{future::Future, pin::Pin};

use domain::{money::Money, time::Date};
use store::{ReadTx, WriteTx};
use uuid::Uuid;

use crate::{Cx, Problem};

pub mod expire;
pub mod look;
pub mod looks;
pub mod notify;
pub mod notify_addons;
pub mod remove;
pub mod renew;
pub mod run;

/// Most renewals of a page, while nobody else writes.
pub const PAGE: i64 = 2000;
/// Renewals of a page while others write: more would keep them waiting for longer than a person should.
pub const PAGE_BESIDE_OTHERS: i64 = 125;

/// A place in the order of a step: all rows up to it are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub day: Date,
    pub id: Uuid,
}
impl Cursor {
    /// Before every row.
    pub const START: Cursor = Cursor { day: Date::from_days(i32::MIN), id: Uuid::nil() };
    /// The later of this place and the beginning of a day.
    pub fn not_before(self, day: Date) -> Cursor {
        if self.day < day { Cursor { day, id: Uuid::nil() } } else { self }
    }
    /// As the store takes it.
    pub const fn key(self) -> (Date, Uuid) {
        (self.day, self.id)
    }
}

/// What a page did.
#[derive(Debug, Default)]
pub struct PageDone {
    /// Where the next page begins; `None` when the step is over.
    pub next: Option<Cursor>,
    /// Rows looked at.
    pub seen: i64,
    /// What came of them: a word (`night-outcome-…`) and how many.
    pub outcomes: Vec<(&'static str, i64)>,
}

/// What would come of one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub service: Uuid,
    /// Its address.
    pub name: String,
    /// The day that makes it due.
    pub day: Date,
    pub outcome: &'static str,
    /// What is charged.
    pub amount: Option<Money>,
}

/// A page of a dry run.
#[derive(Debug, Default)]
pub struct Planned {
    pub next: Option<Cursor>,
    pub lines: Vec<Line>,
}

/// The answer of a step, while it is being worked on.
pub type Wrote<'a, T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + 'a>>;

/// One step of a night.
pub struct Step {
    /// Stable word, kept with the night.
    pub name: &'static str,
    /// How many of its rows take about as long as a renewal, whose number a page has.
    pub at_once: i64,
    /// How many rows wait for it.
    pub due: for<'a> fn(&'a mut ReadTx, Date) -> Wrote<'a, i64>,
    /// Works on the rows after a place, at most so many.
    pub page: for<'a> fn(&'a mut WriteTx, &'a Cx, Date, Cursor, i64) -> Wrote<'a, PageDone>,
    /// Says what would come of the rows after a place, and writes nothing.
    pub plan: for<'a> fn(&'a mut ReadTx, &'a Cx, Date, Cursor, i64) -> Wrote<'a, Planned>,
}

macro_rules! step {
    ($module:ident) => {
        step!($module, 1)
    };
    ($module:ident, $at_once:literal) => {
        Step {
            name: stringify!($module),
            at_once: $at_once,
            due: |tx, day| Box::pin($module::due(tx, day)),
            page: |tx, cx, day, after, limit| Box::pin($module::page(tx, cx, day, after, limit)),
            plan: |tx, cx, day, after, limit| Box::pin($module::plan(tx, cx, day, after, limit)),
        }
    };
}

/// The steps of a night in their order; a new one is a line here.
pub const STEPS: &[Step] = &[step!(expire), step!(renew), step!(notify, 8), step!(notify_addons, 8), step!(remove)];

/// The place behind the last of a page's rows; `None` when there cannot be more.
fn behind(rows: &[store::night::DueRow], limit: i64) -> Option<Cursor> {
    let last = rows.last().filter(|_| rows.len() as i64 >= limit)?;
    Some(Cursor { day: last.day, id: last.id })
}
/// Rows with one outcome each, as a dry run names them.
fn lines(rows: Vec<store::night::DueRow>, outcome: &'static str) -> Vec<Line> {
    let line = |r: store::night::DueRow| Line { service: r.id, name: r.address, day: r.day, outcome, amount: None };
    rows.into_iter().map(line).collect()
}
