//! Notice of termination by who signed in with the mailbox.

use app::queries::terminations;
use render::{Form, Msg, Tone, pages::terminations::TerminateOwn};

use crate::{
    Answer, FormData, Holder,
    answer::{mendable, with_problem, words},
    customer::terminations::{give, page, took_back, unasked},
};

const CARD: &str = "/mailbox";
const ACTION: &str = "/mailbox/terminate";

pub(super) async fn ask(holder: Holder) -> Answer {
    let visit = &holder.visit;
    let standing = terminations::standing(&visit.cx, holder.mailbox).await?;
    match unasked(&standing) {
        Some(refusal) => visit.go_saying(CARD, Tone::Warn, Msg::problem(refusal.code())),
        None => {
            let page = page(&standing, CARD, ACTION, Form::new().with("kind", "at_end"));
            visit.page(&TerminateOwn { page })
        }
    }
}

pub(super) async fn submit(holder: Holder, form: FormData) -> Answer {
    let visit = &holder.visit;
    visit.step_up(&form).await?;
    match give(visit, holder.mailbox, &form).await {
        Ok(said) => visit.go_saying(CARD, Tone::Ok, said),
        Err(problem) if mendable(&problem) => {
            let standing = terminations::standing(&visit.cx, holder.mailbox).await?;
            match unasked(&standing) {
                Some(_) => visit.go_saying(CARD, Tone::Warn, words(&problem)),
                None => {
                    let page = page(&standing, CARD, ACTION, with_problem(form.shown(), &problem));
                    visit.page(&TerminateOwn { page })
                }
            }
        }
        Err(problem) => Err(problem.into()),
    }
}

pub(super) async fn take_back(holder: Holder, _: FormData) -> Answer {
    took_back(&holder.visit, holder.mailbox, CARD).await
}
