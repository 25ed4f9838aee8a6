//! The secret question: set, replaced, taken away.

use app::use_cases::accounts::change_question::change_question;
use render::{Form, Msg, Tone, pages::profile::ProfileQuestion};

use super::record;
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
};

pub(super) async fn ask(customer: Customer) -> Answer {
    let question = record(&customer).await?.secret_question;
    let set = question.is_some();
    let form = Form::new().with("secret_question", question.unwrap_or_default());
    customer.visit.page(&ProfileQuestion { form, set })
}

pub(super) async fn save(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    visit.step_up(&form).await?;
    let remove = form.has("remove");
    let (question, answer) = if remove { ("", "") } else { (form.get("secret_question"), form.get("secret_answer")) };
    // An empty form is a slip; the button below it takes the question away.
    let done = match !remove && question.is_empty() && answer.is_empty() {
        true => Err(app::Problem::invalid_field("secret_question", "text-empty")),
        false => change_question(&visit.cx, customer.party, question, answer).await,
    };
    match done {
        Ok(()) => {
            let said = if remove { "profile-question-removed" } else { "profile-question-saved" };
            visit.go_saying("/account/profile", Tone::Ok, Msg::new(said))
        }
        Err(p) if mendable(&p) => {
            let set = record(&customer).await?.secret_question.is_some();
            visit.page(&ProfileQuestion { form: with_problem(form.shown(), &p), set })
        }
        Err(p) => Err(p.into()),
    }
}
