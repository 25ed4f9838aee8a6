//! What operators see of the nights: how far one is, and what one would do.

use std::collections::BTreeMap;

use domain::{
    money::Money,
    operator::Permission,
    time::{Date, Timestamp},
};
use store::night as rows;
pub use store::renewals::ParkedRow;

use super::{Cursor, Line, PAGE, STEPS};
use crate::{Cx, Problem, use_cases::operators::authorise};

/// How a step of a night stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StepSeen {
    pub step: String,
    /// `waiting`, `running` or `done`.
    pub state: &'static str,
    /// How many rows waited when it began.
    pub due: Option<i64>,
    pub seen: i64,
    /// Rows in a second at work.
    pub per_second: Option<i64>,
    /// Seconds that the rest takes at this rate.
    pub left_s: Option<i64>,
    /// What came of its rows.
    pub outcomes: Vec<(String, i64)>,
}

/// How a night stands.
#[derive(Clone, Debug, PartialEq)]
pub struct NightSeen {
    pub day: Date,
    /// `running`, `paused`, `done` or `superseded`.
    pub state: String,
    pub begun_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub steps: Vec<StepSeen>,
}

/// The night of a date, or the latest one; `None` when there was none.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn night(cx: &Cx, day: Option<Date>) -> Result<Option<NightSeen>, Problem> {
    authorise(cx, Permission::See)?;
    cx.store()
        .read(async move |tx| {
            let found = match day {
                Some(day) => rows::night(tx, day).await?,
                None => rows::latest(tx).await?,
            };
            let Some(night) = found else { return Ok(None) };
            let steps = rows::steps(tx, night.day).await?;
            let outcomes = rows::outcomes(tx, night.day).await?;
            Ok(Some(seen(night, steps, &outcomes)))
        })
        .await
}

/// Nights before a date, the latest first, without their steps.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn list(cx: &Cx, before: Date, limit: i64) -> Result<Vec<NightSeen>, Problem> {
    authorise(cx, Permission::See)?;
    let found = rows::list(&mut cx.store(), before, limit).await?;
    Ok(found.into_iter().map(|night| seen(night, Vec::new(), &[])).collect())
}

fn seen(night: rows::NightRow, steps: Vec<rows::StepRow>, outcomes: &[rows::OutcomeRow]) -> NightSeen {
    let of = |step: &str| {
        outcomes.iter().filter(|o| o.step == step).map(|o| (o.outcome.clone(), o.count)).collect::<Vec<_>>()
    };
    let steps = steps.into_iter().map(|s| step_seen(of(&s.step), s)).collect();
    NightSeen { day: night.day, state: night.state, begun_at: night.begun_at, ended_at: night.ended_at, steps }
}

fn step_seen(outcomes: Vec<(String, i64)>, s: rows::StepRow) -> StepSeen {
    let state = match (s.ended_at, s.due) {
        (Some(_), _) => "done",
        (None, Some(_)) => "running",
        (None, None) => "waiting",
    };
    let per_second = (s.worked_us > 0 && s.seen > 0).then(|| s.seen.saturating_mul(1_000_000) / s.worked_us);
    let rest = s.due.map(|due| (due - s.seen).max(0));
    let left_s = match (state, rest, per_second) {
        ("running", Some(rest), Some(rate)) => Some(rest / rate.max(1)),
        _ => None,
    };
    StepSeen { step: s.step, state, due: s.due, seen: s.seen, per_second, left_s, outcomes }
}

/// Obligations that no night bills before an operator has looked at them, the longest due first, behind a place.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn parked(cx: &Cx, after: Cursor, limit: i64) -> Result<Vec<ParkedRow>, Problem> {
    authorise(cx, Permission::See)?;
    Ok(store::renewals::parked(&mut cx.store(), after.key(), limit).await?)
}

/// What a dry run found, summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DryRun {
    /// Step and outcome, how many, and what is charged in all.
    pub totals: BTreeMap<(&'static str, &'static str), (i64, Money)>,
}

/// A dry run of a whole night: tells every service and what would come of it, step by step, and writes nothing.
/// Each step is told as things stand now, whatever an earlier step would change.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn dry_run(cx: &Cx, day: Date, mut tell: impl FnMut(&'static str, &Line)) -> Result<DryRun, Problem> {
    authorise(cx, Permission::See)?;
    let mut found = DryRun::default();
    for step in STEPS {
        let mut after = Some(Cursor::START);
        while let Some(place) = after {
            let this = cx.clone();
            let page = cx.store().read(async move |tx| (step.plan)(tx, &this, day, place, PAGE).await).await?;
            for line in &page.lines {
                let total = found.totals.entry((step.name, line.outcome)).or_default();
                total.0 += 1;
                total.1 = Money::cents(total.1.as_cents() + line.amount.map_or(0, Money::as_cents));
                tell(step.name, line);
            }
            after = page.next;
        }
    }
    Ok(found)
}
