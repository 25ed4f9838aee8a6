//! For who no longer has the registered e-mail: the secret question, a code to a new address, one to the mobile.

use app::{
    Problem,
    use_cases::accounts::{
        prove_work::prove_work,
        recover_by_question::{self as steps, Asked, Question},
    },
};
use axum::extract::Path;
use render::{
    Form, Msg, Tone,
    pages::{
        public::Message,
        recover::{QuestionAddress, QuestionAnswer, QuestionCode, QuestionStop, QuestionWho},
    },
};

use crate::{
    Answer, FormData, Visit,
    accounts::{asks_proof, proof},
    answer::{mendable, with_problem},
};

const START: &str = "/recover/question";

pub(super) async fn ask(visit: Visit) -> Answer {
    who_page(&visit, Form::new())
}

fn who_page(visit: &Visit, form: Form) -> Answer {
    let realm = visit.cx.settings().realm.clone();
    let challenge = asks_proof(visit, "recover", &form);
    visit.page(&QuestionWho { form, challenge, realm })
}

fn asked(visit: &Visit, form: &FormData) -> Asked {
    Asked { username: form.get("username").into(), tax_code: form.get("tax_code").into(), ip: visit.ip.clone() }
}

pub(super) async fn show(visit: Visit, form: FormData) -> Answer {
    let asked = asked(&visit, &form);
    let found = async {
        prove_work(&visit.cx, proof(&form).as_deref(), "recover", &visit.ip).await?;
        steps::question(&visit.cx, &asked).await
    };
    match found.await {
        Ok(question) => answer_page(&visit, &asked, question, Form::new()),
        Err(p) if mendable(&p) => who_page(&visit, with_problem(form.shown(), &p)),
        Err(p) => Err(p.into()),
    }
}

fn answer_page(visit: &Visit, asked: &Asked, question: Question, form: Form) -> Answer {
    let (own, usual) = match question {
        Question::Own(words) => (Some(words), 0),
        Question::Usual(n) => (None, n),
    };
    visit.page(&QuestionAnswer {
        form,
        username: asked.username.clone(),
        tax_code: asked.tax_code.clone(),
        own,
        usual: Msg::new(format!("usual-question-{usual}")),
    })
}

pub(super) async fn answer(visit: Visit, form: FormData) -> Answer {
    let asked = asked(&visit, &form);
    match steps::answer(&visit.cx, &asked, form.get("secret_answer")).await {
        Ok(secret) => visit.go(&format!("{START}/address/{secret}")),
        Err(p) if mendable(&p) => {
            let question = steps::question_again(&visit.cx, &asked).await?;
            let mut again = form.shown();
            again.forget("secret_answer");
            answer_page(&visit, &asked, question, with_problem(again, &p))
        }
        Err(p) => Err(p.into()),
    }
}

/// A step that is over leads to the beginning; what can be mended shows its page again.
fn again_or(visit: &Visit, problem: Problem, page: impl FnOnce(Form) -> Answer, form: &FormData) -> Answer {
    match problem {
        p if p.is("recover-again") => visit.go_saying(START, Tone::Info, Msg::problem("recover-again")),
        p if mendable(&p) => page(with_problem(form.shown(), &p)),
        p => Err(p.into()),
    }
}

pub(super) async fn ask_address(visit: Visit, Path(token): Path<String>) -> Answer {
    match steps::may_name_address(&visit.cx, &token).await {
        Ok(()) => visit.page(&QuestionAddress { form: Form::new(), token }),
        Err(p) => again_or(&visit, p, |form| visit.page(&QuestionAddress { form, token }), &FormData::default()),
    }
}

pub(super) async fn address(visit: Visit, Path(token): Path<String>, form: FormData) -> Answer {
    let named = steps::name_address(&visit.cx, token.clone(), form.get("email"), form.get("email_again"));
    match named.await {
        Ok(next) => visit.go(&format!("{START}/email/{next}")),
        Err(p) => again_or(&visit, p, |form| visit.page(&QuestionAddress { form, token }), &form),
    }
}

/// The page of a code: `email` or `mobile`.
async fn code_page(visit: &Visit, by_sms: bool, token: &str, form: Form) -> Answer {
    let found = match by_sms {
        true => steps::mobile_page(&visit.cx, token).await,
        false => steps::address_page(&visit.cx, token).await,
    };
    let kind = if by_sms { "mobile" } else { "email" };
    match found {
        Ok(page) => visit.page(&QuestionCode { form, action: format!("{START}/{kind}/{token}"), by_sms, to: page.to }),
        Err(p) if p.is("recover-again") => visit.go_saying(START, Tone::Info, Msg::problem("recover-again")),
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn ask_email(visit: Visit, Path(token): Path<String>) -> Answer {
    code_page(&visit, false, &token, Form::new()).await
}

pub(super) async fn email(visit: Visit, Path(token): Path<String>, form: FormData) -> Answer {
    match steps::prove_address(&visit.cx, token.clone(), form.get("code")).await {
        Ok(next) => visit.go(&format!("{START}/mobile/{next}")),
        Err(p) if mendable(&p) => code_page(&visit, false, &token, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn ask_mobile(visit: Visit, Path(token): Path<String>) -> Answer {
    code_page(&visit, true, &token, Form::new()).await
}

pub(super) async fn mobile(visit: Visit, Path(token): Path<String>, form: FormData) -> Answer {
    match steps::prove_mobile(&visit.cx, token.clone(), form.get("code")).await {
        Ok(_) => visit.page(&Message::named("question-waits").way("/", Msg::new("message-way-home"))),
        Err(p) if mendable(&p) => code_page(&visit, true, &token, with_problem(form.shown(), &p)).await,
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn ask_stop(visit: Visit, Path(token): Path<String>) -> Answer {
    match steps::waits(&visit.cx, &token).await? {
        true => visit.page(&QuestionStop { token }),
        false => over(&visit),
    }
}

fn over(visit: &Visit) -> Answer {
    visit.page(&Message::named("question-over").way("/support", Msg::new("recover-no-email-link")))
}

pub(super) async fn stop(visit: Visit, Path(token): Path<String>, _form: FormData) -> Answer {
    match steps::stop(&visit.cx, token).await {
        Ok(()) => visit.page(&Message::named("question-stopped").way("/login", Msg::new("recover-back-to-login"))),
        Err(p) if p.is("recover-stopped") => over(&visit),
        Err(p) => Err(p.into()),
    }
}
