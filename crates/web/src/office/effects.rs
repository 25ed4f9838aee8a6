//! `/office/effects`: what got stuck, tried again or given up.

use app::{
    queries::effects::{StuckEffect, stuck},
    use_cases::effects,
};
use axum::extract::Path;
use domain::{id::EffectId, operator::Permission};
use render::{
    Msg, Tone,
    pages::office::{EffectLine, GiveUpEffect, OfficeEffects},
};

use crate::{Answer, FormData, Operator, answer::words};

const PAGE: &str = "/office/effects";
/// Rows on the page; the oldest come first.
const SHOWN: i64 = 100;

pub(super) async fn list(operator: Operator) -> Answer {
    let mut rows: Vec<EffectLine> = stuck(&operator.visit.cx, SHOWN + 1).await?.into_iter().map(line).collect();
    let more = rows.len() as i64 > SHOWN;
    rows.truncate(SHOWN as usize);
    operator.visit.page(&OfficeEffects {
        rows,
        more,
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
    let found = stuck(&operator.visit.cx, SHOWN + 1).await?.into_iter().find(|e| e.id == id);
    let row = line(found.ok_or_else(app::Problem::not_found)?);
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
