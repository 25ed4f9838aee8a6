//! `ceralacca admin …`.

use anyhow::{Context, Result, anyhow};
use app::{Problem, queries, use_cases::effects};
use domain::id::EffectId;

use crate::{arguments::Admin, commands::migrate, config::Config, wiring};

/// Carries out one administrative command.
///
/// # Errors
/// When the installation cannot be put together, or the command is refused.
pub async fn run(config: &Config, command: &Admin) -> Result<()> {
    let store = wiring::open_store(config).await?;
    migrate::at_start(config, &store).await?;
    let cx = wiring::inside(config, store.clone())?;
    match command {
        Admin::Effects => show_effects(&cx).await?,
        Admin::Retry { id } => {
            effects::retry(&cx, effect_id(id)?).await.map_err(|p| refused(&p, id))?;
            println!("{id} will be tried again");
        }
        Admin::GiveUp { id } => {
            effects::give_up(&cx, effect_id(id)?).await.map_err(|p| refused(&p, id))?;
            println!("{id} is given up");
        }
    }
    store.close().await;
    Ok(())
}

fn effect_id(text: &str) -> Result<EffectId> {
    text.parse().with_context(|| format!("{text}: an effect is written eff_ and 32 digits"))
}

fn refused(problem: &Problem, id: &str) -> anyhow::Error {
    match problem.code {
        "not-found" => anyhow!("{id}: there is no such effect, or it is not stuck"),
        code => anyhow!("{id}: {code}"),
    }
}

async fn show_effects(cx: &app::Cx) -> Result<()> {
    let wrong = |p: Problem| anyhow!("the effects cannot be read: {p}");
    for (state, count) in queries::effects::counts(cx).await.map_err(wrong)? {
        println!("{state}\t{count}");
    }
    for e in queries::effects::stuck(cx, 200).await.map_err(wrong)? {
        let since = e.since.map(|t| t.rfc3339()).unwrap_or_default();
        println!("{}\t{}\t{}\t{} tries\tstuck since {since}\t{}", e.id, e.kind, e.subject_kind, e.attempts, e.reason);
    }
    Ok(())
}
