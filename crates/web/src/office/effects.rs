//! `/office/effects`: what got stuck, tried again or given up.

use app::{
    queries::effects::{StuckEffect, stuck, stuck_after, stuck_one},
    use_cases::effects,
};
use axum::extract::{Path, RawQuery};
use domain::{id::EffectId, operator::Permission, time::Timestamp};
use render::{
    Msg, Tone,
    pages::{
        Further,
        office::{EffectLine, GiveUpEffect, OfficeEffects},
    },
};

use crate::{Answer, FormData, Operator, answer::words, form};

const PAGE: &str = "/office/effects";
/// Rows on the page; the oldest come first.
const SHOWN: i64 = 100;

/// `moment.identifier` of the last row before.
fn place(text: &str) -> Option<(Timestamp, EffectId)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_micros(at.parse().ok()?), id.parse().ok()?))
}

pub(super) async fn list(operator: Operator, RawQuery(query): RawQuery) -> Answer {
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let (cx, after) = (&operator.visit.cx, place(asked.get("after")));
    let mut found = match after {
        Some(after) => stuck_after(cx, after, SHOWN + 1).await?,
        None => stuck(cx, SHOWN + 1).await?,
    };
    let more = found.len() as i64 > SHOWN;
    found.truncate(SHOWN as usize);
    let last = found.last().filter(|_| more).and_then(|e| Some((e.since?, e.id)));
    let further = Further {
        start: after.is_some().then(|| PAGE.into()),
        more: last.map(|(at, id)| format!("{PAGE}?after={}.{id}", at.micros())),
    };
    operator.visit.page(&OfficeEffects {
        rows: found.into_iter().map(line).collect(),
        further,
        may_retry: operator.role.may(Permission::RetryEffects),
        may_give_up: operator.role.may(Permission::GiveUpEffects),
    })
}

fn line(effect: StuckEffect) -> EffectLine {
    EffectLine {
        id: effect.id.to_string(),
        kind: effect.kind,
        subject: effect.subject_kind,
        since: effect.since,
        attempts: effect.attempts,
        reason: effect.reason,
    }
}

pub(super) async fn retry(operator: Operator, form: FormData) -> Answer {
    operator.must(Permission::RetryEffects)?;
    let done = match form.get("effect").parse::<EffectId>() {
        Ok(id) => effects::retry(&operator.visit.cx, id).await,
        Err(_) => Err(app::Problem::not_found()),
    };
    told(&operator, done, "office-effect-retried")
}

pub(super) async fn ask_give_up(operator: Operator, Path(id): Path<EffectId>) -> Answer {
    operator.must(Permission::GiveUpEffects)?;
    let row = line(stuck_one(&operator.visit.cx, id).await?);
    operator.visit.page(&GiveUpEffect { row })
}

pub(super) async fn give_up(operator: Operator, Path(id): Path<EffectId>, _form: FormData) -> Answer {
    operator.must(Permission::GiveUpEffects)?;
    let done = effects::give_up(&operator.visit.cx, id).await;
    told(&operator, done, "office-effect-given-up")
}

/// Somebody else may have decided meanwhile: the list says how it stands.
fn told(operator: &Operator, done: Result<(), app::Problem>, words_of: &str) -> Answer {
    match done {
        Ok(()) => operator.visit.go_saying(PAGE, Tone::Ok, Msg::new(words_of)),
        Err(p) if p.is("not-found") => {
            operator.visit.go_saying(PAGE, Tone::Info, words(&app::Problem::refused("effect-not-stuck")))
        }
        Err(p) => Err(p.into()),
    }
}
