//! `/office/night`: how far the nightly run is, stopped and let go on, and what one would do.

use app::{
    Problem,
    night::{
        Cursor,
        look::{self, NightSeen, ParkedRow},
    },
    use_cases::{night, renewals::unpark::unpark as judge_again},
};
use axum::extract::{Path, RawQuery};
use domain::{
    operator::Permission,
    time::{Date, Timestamp},
};
use render::{
    Msg, Tone,
    pages::{
        Further,
        night::{DryRunLine, DryRunTotal, NightLine, NightStep, OfficeDryRun, OfficeNight, OfficeParked, ParkedLine},
    },
};

use crate::{Answer, FormData, Operator, Refusal, answer::words, form};

const PAGE: &str = "/office/night";
/// Earlier nights on a page of their list.
const EARLIER: usize = 30;
/// Services that a dry run shows by name.
const NAMED: usize = 200;
/// Parked services on a page.
const PARKED: usize = 50;

fn read_day(text: &str) -> Result<Date, Refusal> {
    Date::parse_iso(text).ok_or_else(|| Problem::not_found().into())
}
fn path_of(day: Date) -> String {
    format!("{PAGE}/{}", day.iso())
}

pub(super) async fn show(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    let night = look::night(&operator.visit.cx, None).await?;
    page(&operator, night, earlier(query)).await
}

pub(super) async fn show_one(operator: Operator, Path(day): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let night = look::night(&operator.visit.cx, Some(read_day(&day)?)).await?;
    page(&operator, Some(night.ok_or_else(Problem::not_found)?), earlier(query)).await
}

/// The day before which the list of earlier nights goes on.
fn earlier(query: Option<String>) -> Option<Date> {
    let asked: FormData = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    Date::parse_iso(asked.get("earlier"))
}

async fn page(operator: &Operator, night: Option<NightSeen>, before: Option<Date>) -> Answer {
    let mut earlier = match &night {
        Some(night) => look::list(&operator.visit.cx, before.unwrap_or(night.day), EARLIER as i64 + 1).await?,
        None => Vec::new(),
    };
    let more = earlier.len() > EARLIER;
    earlier.truncate(EARLIER);
    let here = night.as_ref().map(|n| path_of(n.day)).unwrap_or_default();
    let last = earlier.last().filter(|_| more);
    let further = Further {
        start: before.is_some().then(|| format!("{here}#earlier-title")),
        more: last.map(|n| format!("{here}?earlier={}#earlier-title", n.day.iso())),
    };
    operator.visit.page(&OfficeNight {
        steps: night.iter().flat_map(|n| &n.steps).map(step).collect(),
        night: night.as_ref().map(line),
        earlier: earlier.iter().map(line).collect(),
        further,
        may_run: operator.role.may(Permission::RunNight),
        dry_run: format!("{PAGE}/dry-run"),
        parked: !look::parked(&operator.visit.cx, Cursor::START, 1).await?.is_empty(),
    })
}

fn line(night: &NightSeen) -> NightLine {
    NightLine {
        day: night.day,
        path: path_of(night.day),
        state: night.state.clone(),
        begun_at: night.begun_at,
        ended_at: night.ended_at,
    }
}
fn step(s: &look::StepSeen) -> NightStep {
    NightStep {
        step: s.step.clone(),
        state: s.state.into(),
        due: s.due,
        seen: s.seen,
        per_second: s.per_second,
        left_minutes: s.left_s.map(|left| (left + 59) / 60),
        outcomes: s.outcomes.clone(),
    }
}

pub(super) async fn pause(operator: Operator, Path(day): Path<String>, _form: FormData) -> Answer {
    operator.must(Permission::RunNight)?;
    let day = read_day(&day)?;
    let done = night::pause(&operator.visit.cx, day).await;
    told(&operator, day, done, "night-paused")
}

pub(super) async fn resume(operator: Operator, Path(day): Path<String>, _form: FormData) -> Answer {
    operator.must(Permission::RunNight)?;
    let day = read_day(&day)?;
    let done = night::resume(&operator.visit.cx, day).await;
    told(&operator, day, done, "night-resumed")
}

/// Somebody else may have been quicker: the page says how it stands.
fn told(operator: &Operator, day: Date, done: Result<(), Problem>, words_of: &str) -> Answer {
    match done {
        Ok(()) => operator.visit.go_saying(&path_of(day), Tone::Ok, Msg::new(words_of)),
        Err(p) if p.is("night-not-running") || p.is("night-not-paused") => {
            operator.visit.go_saying(PAGE, Tone::Info, words(&p))
        }
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn dry_run(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    let asked: FormData = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let cx = &operator.visit.cx;
    let now: Timestamp = cx.now();
    let day = Date::parse_iso(asked.get("date")).unwrap_or_else(|| now.date());
    let (mut lines, mut more) = (Vec::new(), false);
    let found = look::dry_run(cx, day, |step, line| {
        if lines.len() == NAMED {
            more = true;
            return;
        }
        lines.push(DryRunLine {
            step: step.into(),
            name: line.name.clone(),
            day: line.day,
            outcome: line.outcome.into(),
            amount: line.amount,
        });
    });
    let found = found.await?;
    let totals = found.totals.iter().map(|((step, outcome), (count, sum))| DryRunTotal {
        step: (*step).into(),
        outcome: (*outcome).into(),
        count: *count,
        sum: Some(*sum).filter(|s| s.as_cents() != 0),
    });
    let totals = totals.collect();
    operator.visit.page(&OfficeDryRun { day, totals, lines, more })
}

pub(super) async fn parked(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    let asked: FormData = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let after = asked
        .get("after")
        .split_once('.')
        .and_then(|(day, id)| Some(Cursor { day: Date::parse_iso(day)?, id: id.parse().ok()? }));
    let mut rows = look::parked(&operator.visit.cx, after.unwrap_or(Cursor::START), PARKED as i64 + 1).await?;
    let more = rows.len() > PARKED;
    rows.truncate(PARKED);
    let next = rows.last().filter(|_| more);
    operator.visit.page(&OfficeParked {
        next: next.map(|r| format!("{PAGE}/parked?after={}.{}", r.due_day.iso(), r.service_id)),
        rows: rows.into_iter().map(parked_line).collect(),
        may_run: operator.role.may(Permission::RunNight),
    })
}

fn parked_line(r: ParkedRow) -> ParkedLine {
    ParkedLine {
        service: r.service_id.to_string(),
        period: r.period_start.iso(),
        kind: r.service_kind,
        address: r.address,
        holder: r.holder_name,
        due: r.due_day,
        reason: r.reason.unwrap_or_default(),
        since: r.settled_day,
    }
}

pub(super) async fn unpark(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::RunNight)?;
    let page = format!("{PAGE}/parked");
    let (Ok(service), Some(period)) = (form.get("service").parse(), Date::parse_iso(form.get("period"))) else {
        return Err(Problem::not_found().into());
    };
    match judge_again(&operator.visit.cx, service, period).await {
        Ok(()) => operator.visit.go_saying(&page, Tone::Ok, Msg::new("parked-done")),
        // Somebody else was quicker, or it was paid meanwhile.
        Err(p) if p.code.starts_with("renewal-") => operator.visit.go_saying(&page, Tone::Info, words(&p)),
        Err(p) => Err(p.into()),
    }
}
