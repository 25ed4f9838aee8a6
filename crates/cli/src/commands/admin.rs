//! `ceralacca admin …`.

use anyhow::{Context, Result, anyhow};
use app::{
    Cx, Problem, queries,
    use_cases::{
        effects,
        operators::{
            block_operator::block_operator,
            create_operator::{Created, NewOperator, create_operator},
            reset_operator::{by_username, reset_operator},
        },
    },
};
use domain::id::{EffectId, OperatorId};

use super::{migrate, words::in_words};
use crate::{arguments::Admin, config::Config, wiring};

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
        Admin::Withdrawals => show_withdrawals(&cx).await?,
        Admin::Retry { id } => {
            effects::retry(&cx, effect_id(id)?).await.map_err(|p| refused(&p, id))?;
            println!("{id} will be tried again");
        }
        Admin::GiveUp { id } => {
            effects::give_up(&cx, effect_id(id)?).await.map_err(|p| refused(&p, id))?;
            println!("{id} is given up");
        }
        Admin::CreateOperator { username, name, role } => {
            let typed = NewOperator { username: username.clone(), name: name.clone(), role: role.clone() };
            let made = create_operator(&cx, typed).await.map_err(|p| in_words(&cx, &p))?;
            hand_out(&made, &cx);
        }
        Admin::ResetOperator { username } => {
            let operator = operator(&cx, username).await?;
            hand_out(&reset_operator(&cx, operator).await.map_err(|p| in_words(&cx, &p))?, &cx);
        }
        Admin::BlockOperator { username } => block(&cx, username, true).await?,
        Admin::UnblockOperator { username } => block(&cx, username, false).await?,
        Admin::Operators => show_operators(&cx).await?,
        Admin::Catalogue { file, check } => super::catalogue::run(&cx, file, *check).await?,
        // It needs no installation and was carried out before.
        Admin::CatalogueExample { .. } => {}
        Admin::Night(command) => super::night::run(&cx, command).await?,
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

async fn operator(cx: &Cx, username: &str) -> Result<OperatorId> {
    by_username(cx, username).await.map_err(|_| anyhow!("{username}: there is no such operator"))
}

async fn block(cx: &Cx, username: &str, blocked: bool) -> Result<()> {
    block_operator(cx, operator(cx, username).await?, blocked).await.map_err(|p| in_words(cx, &p))?;
    println!("{username} is {}", if blocked { "blocked" } else { "active" });
    Ok(())
}

/// The password goes to the standard output and nowhere else.
fn hand_out(made: &Created, cx: &Cx) {
    println!("{}\t{}", made.username, made.password);
    eprintln!("at {}/office/login the password is replaced and an authenticator app connected", cx.settings().base_url);
}

async fn show_operators(cx: &Cx) -> Result<()> {
    for o in queries::operators::list(cx).await.map_err(|p| in_words(cx, &p))? {
        let state = match (o.blocked, o.enrolled) {
            (true, _) => "blocked",
            (false, true) => "active",
            (false, false) => "first sign-in to do",
        };
        let role = o.role.map_or("?", |r| r.as_str());
        let last = o.last_login_at.map(|t| t.rfc3339()).unwrap_or_default();
        println!("{}\t{role}\t{state}\t{last}", o.username);
    }
    Ok(())
}

async fn show_withdrawals(cx: &app::Cx) -> Result<()> {
    let all = queries::withdrawals::newest(cx, 200).await;
    for w in all.map_err(|p: Problem| anyhow!("the withdrawals cannot be read: {p}"))? {
        let (refund, returned) = (w.refund_cents.as_cents(), w.returned_cents.as_cents());
        let state = if returned >= refund { "closed" } else { "waits for its money" };
        println!(
            "{}\treceived {}\trefund {refund} cents by {}\treturned {returned}\t{state}",
            w.number,
            w.received_at.rfc3339(),
            w.refund_due_day.iso()
        );
    }
    Ok(())
}
