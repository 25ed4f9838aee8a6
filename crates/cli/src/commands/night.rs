//! `ceralacca admin night …`.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use app::{
    Cx,
    night::{
        look::{self, NightSeen},
        run::{Ended, Run, run as run_night},
    },
    use_cases::night,
};
use domain::time::Date;

use super::words::in_words;
use crate::{arguments::Night, stop};

/// How often a run tells how far it is.
const TELL: Duration = Duration::from_secs(2);

/// By how much a night of its own process stands behind the pages that people wait for, as `nice` counts. Not by more:
/// it holds SQLite's write lock while it works.
const BEHIND: i32 = 10;

/// Lets people's requests come first at the processor while a night runs. Called before any other thread is begun, since
/// each has a priority of its own, taken over from whoever began it.
pub fn stand_behind(command: &Night) {
    if let Night::Run { .. } = command
        && let Err(e) = rustix::process::nice(BEHIND)
    {
        tracing::debug!(error = %e, "the night runs beside people's requests");
    }
}

/// Carries out one command about nights.
///
/// # Errors
/// When the command is refused, or the store cannot be used.
pub async fn run(cx: &Cx, command: &Night) -> Result<()> {
    match command {
        Night::Run { date } => run_and_tell(cx, day_of(cx, date.as_deref())?).await,
        Night::Status { date } => {
            let day = date.as_deref().map(read_day).transpose()?;
            match look::night(cx, day).await.map_err(|p| in_words(cx, &p))? {
                Some(night) => tell(&night),
                None => println!("no night was run"),
            }
            Ok(())
        }
        Night::Pause => {
            let day = latest(cx).await?;
            night::pause(cx, day).await.map_err(|p| in_words(cx, &p))?;
            println!("the night of {} is paused", day.iso());
            Ok(())
        }
        Night::Resume => {
            let day = latest(cx).await?;
            night::resume(cx, day).await.map_err(|p| in_words(cx, &p))?;
            println!("the night of {} goes on with the worker", day.iso());
            Ok(())
        }
        Night::DryRun { date } => dry_run(cx, day_of(cx, date.as_deref())?).await,
    }
}

fn read_day(text: &str) -> Result<Date> {
    Date::parse_iso(text).with_context(|| format!("{text}: a date is written 2026-11-22"))
}
fn day_of(cx: &Cx, text: Option<&str>) -> Result<Date> {
    text.map_or(Ok(cx.now().date()), read_day)
}
async fn latest(cx: &Cx) -> Result<Date> {
    let night = look::night(cx, None).await.map_err(|p| in_words(cx, &p))?;
    Ok(night.ok_or_else(|| anyhow!("no night was run"))?.day)
}

async fn run_and_tell(cx: &Cx, day: Date) -> Result<()> {
    let stop = stop::on_signal()?;
    let how = Run { stop: Some(&stop), ..Run::default() };
    let mut running = std::pin::pin!(run_night(cx, day, &how));
    let ended = loop {
        match tokio::time::timeout(TELL, &mut running).await {
            Ok(ended) => break ended.map_err(|p| in_words(cx, &p))?,
            Err(_) => tell_of(cx, day).await?,
        }
    };
    tell_of(cx, day).await?;
    match ended {
        Ended::Done => Ok(()),
        other => bail!("the night is not finished: {}", format!("{other:?}").to_lowercase()),
    }
}

async fn tell_of(cx: &Cx, day: Date) -> Result<()> {
    if let Some(night) = look::night(cx, Some(day)).await.map_err(|p| in_words(cx, &p))? {
        tell(&night);
    }
    Ok(())
}

fn tell(night: &NightSeen) {
    println!("{}\t{}\tbegun {}", night.day.iso(), night.state, night.begun_at.rfc3339());
    for step in &night.steps {
        let due = step.due.map_or_else(|| "?".to_owned(), |n| n.to_string());
        let rate = step.per_second.map(|n| format!("\t{n} a second")).unwrap_or_default();
        let left = step.left_s.map(|n| format!("\t{n} s left")).unwrap_or_default();
        let outcomes: Vec<String> = step.outcomes.iter().map(|(word, n)| format!("{word} {n}")).collect();
        println!("  {}\t{}\t{} of {due}{rate}{left}\t{}", step.step, step.state, step.seen, outcomes.join(", "));
    }
}

async fn dry_run(cx: &Cx, day: Date) -> Result<()> {
    let found = look::dry_run(cx, day, |step, line| {
        let amount = line.amount.map(|m| format!("\t{} cents", m.as_cents())).unwrap_or_default();
        println!("{step}\t{}\t{}\t{}{amount}", line.day.iso(), line.name, line.outcome);
    });
    for ((step, outcome), (count, sum)) in found.await.map_err(|p| in_words(cx, &p))?.totals {
        let sum = if sum.as_cents() == 0 { String::new() } else { format!(", {} cents", sum.as_cents()) };
        println!("== {} {step}: {outcome} {count}{sum}", day.iso());
    }
    Ok(())
}
