//! Runs a night, page by page, until it is done, paused, or told to stop.
// tidy: allow(clock) measures how long pages take, and holds a lease, whatever business time is

use std::time::{Duration, Instant};

use domain::time::{Date, Timestamp};
use store::{WriteTx, leases, night as rows};
use tokio::sync::watch;

use super::{Cursor, PAGE, PAGE_BESIDE_OTHERS, STEPS, Step};
use crate::{
    Cx, Problem,
    clock::{Clock, SystemClock},
};

/// For so long the night of a process that was killed rests.
const LEASE_US: i64 = 30 * 1_000_000;
/// The lease's name.
const LEASE: &str = "night";
/// A page that met others is tried again so many times.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing of this night is left.
    Done,
    /// An operator paused it.
    Paused,
    /// The process was asked to stop; the next run goes on.
    Stopped,
    /// Another process is at it.
    Elsewhere,
    /// A night of a later date has taken over.
    Superseded,
}

/// Who runs a night, and how.
pub struct Run<'a> {
    /// The process's name in the lease; none takes turns with whoever else is at work.
    pub owner: Option<&'a str>,
    /// Turns true when the process should stop.
    pub stop: Option<&'a watch::Receiver<bool>>,
    /// Most rows of a page.
    pub page: i64,
}
impl Default for Run<'_> {
    fn default() -> Self {
        Self { owner: None, stop: None, page: PAGE }
    }
}

/// The date whose night should be at work now: today's once its hour has come. Nothing while a night is paused, or
/// when the clock went back behind a night that was run.
///
/// # Errors
/// When the store cannot be read.
pub async fn due(cx: &Cx) -> Result<Option<Date>, Problem> {
    let now = cx.now();
    let today = now.date();
    let start = today.start().plus_minutes(i64::from(cx.settings().night_minute));
    let day = if now < start { today.plus_days(-1) } else { today };
    Ok(match rows::latest(&mut cx.store()).await? {
        Some(last) if last.state == "paused" => None,
        Some(last) if last.day > today => None,
        Some(last) if last.state == "running" && last.day == day => Some(day),
        Some(last) if last.day >= day => None,
        // The first night of an installation waits for its hour; later a missed one is not waited for.
        None if day < today => None,
        _ => Some(day),
    })
}

/// Runs the night of a date from where it stands.
///
/// # Errors
/// `night-not-yet` before the date, `night-over` when a later one was run; when the store cannot be used.
pub async fn run(cx: &Cx, day: Date, how: &Run<'_>) -> Result<Ended, Problem> {
    let cx = cx.traced(format!("night-{}", day.iso()));
    open(&cx, day).await?;
    let mut size = Size::of(how.page);
    let mut worked_until = None;
    loop {
        if how.stop.is_some_and(|stop| *stop.borrow()) {
            return Ok(Ended::Stopped);
        }
        if let Some(owner) = how.owner
            && !leased(&cx, owner).await?
        {
            return Ok(Ended::Elsewhere);
        }
        let disturbed = cx.store().stats().disturbed;
        match page_with_patience(&cx, day, size.now, worked_until).await? {
            Page::Worked(until) => worked_until = Some(until),
            Page::None(ended) => {
                tracing::info!(night = day.iso(), ?ended, "the nightly run ended");
                return Ok(ended);
            }
        }
        size.next(cx.store().stats().disturbed != disturbed);
    }
}

/// What came of a try to work on a page.
enum Page {
    /// It was worked on until this moment; its commit came after it, and counts as work of the next one.
    Worked(Instant),
    /// There was none.
    None(Ended),
}

/// How many rows the next page has: many while the night is alone, few while somebody else writes too.
struct Size {
    now: i64,
    least: i64,
    most: i64,
}
impl Size {
    fn of(most: i64) -> Self {
        let least = PAGE_BESIDE_OTHERS.min(most);
        Self { now: least, least, most }
    }
    fn next(&mut self, disturbed: bool) {
        self.now = if disturbed { self.now / 2 } else { self.now * 2 }.clamp(self.least, self.most);
    }
}

async fn open(cx: &Cx, day: Date) -> Result<(), Problem> {
    if day > cx.now().date() {
        return Err(Problem::refused("night-not-yet"));
    }
    let last = rows::latest(&mut cx.store()).await?;
    match last {
        Some(last) if last.day > day => return Err(Problem::refused("night-over")),
        Some(last) if last.day == day => return Ok(()),
        _ => {}
    }
    let now = cx.now();
    cx.write(async move |tx| {
        let names: Vec<&str> = STEPS.iter().map(|s| s.name).collect();
        Ok(rows::open(tx, day, &names, Cursor::START.key(), now).await?)
    })
    .await
}

async fn leased(cx: &Cx, owner: &str) -> Result<bool, Problem> {
    let real = SystemClock.now().micros();
    if leases::holds(&mut cx.store(), LEASE, owner, real + LEASE_US / 2).await? {
        return Ok(true);
    }
    let owner = owner.to_owned();
    let taken = cx.core().store.write(async move |tx| -> Result<_, Problem> {
        Ok(leases::take(tx, LEASE, &owner, real, real + LEASE_US).await?)
    });
    taken.await
}

/// One page; whoever meets another writer too often comes back a little later.
async fn page_with_patience(cx: &Cx, day: Date, limit: i64, mut since: Option<Instant>) -> Result<Page, Problem> {
    let mut tries = 0;
    loop {
        match page(cx, day, limit, since).await {
            Err(p) if p.is("busy") && tries < TRIES => {
                tries += 1;
                // To wait is no work.
                since = None;
                tokio::time::sleep(PAUSE * tries).await;
            }
            other => return other,
        }
    }
}

async fn page(cx: &Cx, day: Date, limit: i64, since: Option<Instant>) -> Result<Page, Problem> {
    let counting = Instant::now();
    let due = count_due(cx, day).await?;
    // What was counted for all pages of a step is the work of none.
    let since = since.map(|s| s + counting.elapsed());
    let this = cx.clone();
    cx.write_bulk(async move |tx| {
        let night = rows::night(tx, day).await?.ok_or_else(Problem::not_found)?;
        match night.state.as_str() {
            "running" => {}
            "paused" => return Ok(Page::None(Ended::Paused)),
            "superseded" => return Ok(Page::None(Ended::Superseded)),
            _ => return Ok(Page::None(Ended::Done)),
        }
        let open = rows::steps(tx, day).await?.into_iter().find(|s| s.ended_at.is_none());
        let Some(at) = open else {
            rows::close(tx, day, this.now()).await?;
            return Ok(Page::None(Ended::Done));
        };
        let since = since.unwrap_or_else(Instant::now);
        // Whoever comes second waits here, and finds the place moved.
        if rows::take(tx, day, &at.step, at.pages).await? {
            let step = STEPS.iter().find(|s| s.name == at.step);
            let step = step.ok_or_else(|| Problem::broken(format!("no step {} in this version", at.step)))?;
            work(tx, &this, day, step, &at, &Now { since, due, limit }).await?;
        }
        Ok(Page::Worked(Instant::now()))
    })
    .await
}

/// What waits for the step that is next, counted once, outside of its first page.
async fn count_due(cx: &Cx, day: Date) -> Result<i64, Problem> {
    let open = rows::steps(&mut cx.store(), day).await?.into_iter().find(|s| s.ended_at.is_none());
    let Some(at) = open else { return Ok(0) };
    if let Some(known) = at.due {
        return Ok(known);
    }
    let Some(step) = STEPS.iter().find(|s| s.name == at.step) else { return Ok(0) };
    cx.store().read(async move |tx| (step.due)(tx, day).await).await
}

/// What a page is told about the moment.
struct Now {
    since: Instant,
    due: i64,
    limit: i64,
}

async fn work(
    tx: &mut WriteTx,
    cx: &Cx,
    day: Date,
    step: &'static Step,
    at: &rows::StepRow,
    now: &Now,
) -> Result<(), Problem> {
    let after = Cursor { day: at.after_day, id: at.after_id };
    let done = (step.page)(tx, cx, day, after, now.limit * step.at_once).await?;
    for (outcome, count) in done.outcomes.iter().filter(|(_, n)| *n > 0) {
        rows::count_outcome(tx, day, step.name, outcome, *count).await?;
    }
    let ended: Timestamp = cx.now();
    let advance = rows::Advance {
        step: step.name,
        after: done.next.unwrap_or(after).key(),
        due: at.due.unwrap_or(now.due),
        seen: done.seen,
        worked_us: now.since.elapsed().as_micros() as i64,
        ended_at: done.next.is_none().then_some(ended),
    };
    Ok(rows::advance(tx, day, &advance).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_beside_others_takes_few_rows_at_a_time() {
        let mut size = Size::of(2000);
        let sizes: Vec<i64> = [false, false, false, false, true, true, true, true, false]
            .into_iter()
            .map(|disturbed| {
                size.next(disturbed);
                size.now
            })
            .collect();
        assert_eq!(sizes, [250, 500, 1000, 2000, 1000, 500, 250, 125, 250]);
        let mut three = Size::of(3);
        three.next(true);
        assert_eq!(three.now, 3);
    }
}
