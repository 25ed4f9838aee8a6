//! The page of the simulated gateway: a person plays the bank. There is none where every gateway
//! is real.

use app::Problem;
use axum::extract::Path;
use domain::id::AttemptId;
use render::pages::payments::Play;

use crate::{Answer, FormData, Visit};

pub(super) async fn show(visit: Visit, Path(attempt): Path<String>) -> Answer {
    let page = {
        let play = visit.state.ports()?.play().ok_or_else(Problem::not_found)?;
        let attempt: AttemptId = attempt.parse().map_err(|_| Problem::not_found())?;
        let page = play.page(attempt).ok_or_else(Problem::not_found)?;
        Play {
            attempt: attempt.to_string(),
            amount: page.amount,
            description: page.description,
            state: page.state.word().into(),
            return_url: page.return_url,
            choices: page.choices.into_iter().map(str::to_owned).collect(),
        }
    };
    visit.page(&page)
}

pub(super) async fn choose(visit: Visit, Path(attempt): Path<String>, form: FormData) -> Answer {
    let to = {
        let play = visit.state.ports()?.play().ok_or_else(Problem::not_found)?;
        let id: AttemptId = attempt.parse().map_err(|_| Problem::not_found())?;
        let before = play.page(id).ok_or_else(Problem::not_found)?;
        // A choice that is not open any more (a second click, the back button) changes nothing.
        let played = play.choose(id, form.get("choice"));
        let challenged = played.is_ok() && form.get("choice") == "challenge";
        if challenged { format!("/demo/gateway/{id}") } else { before.return_url }
    };
    visit.go(&to)
}
