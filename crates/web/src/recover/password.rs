//! «Non ricordi la password»: username, way, then link or code, then the new password.

use app::{
    tokens::Dead,
    use_cases::accounts::{
        prove_work::prove_work,
        reset_password::{self, Way, Ways},
    },
};
use axum::extract::Path;
use render::{
    Form, Msg, Tone,
    pages::{
        password::PasswordRules,
        public::Message,
        recover::{RecoverCode, RecoverPassword, RecoverWay, ResetPassword},
    },
};

use super::username::sent_page;
use crate::{
    Answer, FormData, Visit,
    accounts::{asks_proof, proof},
    answer::{mendable, with_problem},
};

fn ask_page(visit: &Visit, form: Form) -> RecoverPassword {
    RecoverPassword { challenge: asks_proof(visit, "recover", &form), form, realm: visit.cx.settings().realm.clone() }
}

pub(super) async fn ask(visit: Visit) -> Answer {
    visit.page(&ask_page(&visit, Form::new()))
}

pub(super) async fn ways(visit: Visit, form: FormData) -> Answer {
    let found = async {
        // What cannot be a username costs no proof of work.
        reset_password::read_username(&visit.cx, form.get("username"))?;
        prove_work(&visit.cx, proof(&form).as_deref(), "recover", &visit.ip).await?;
        reset_password::ways(&visit.cx, form.get("username"), &visit.ip).await
    };
    match found.await {
        Ok(ways) => visit.page(&way_page(ways, Form::new())),
        Err(p) if mendable(&p) => visit.page(&ask_page(&visit, with_problem(form.shown(), &p))),
        Err(p) => Err(p.into()),
    }
}

fn way_page(ways: Ways, form: Form) -> RecoverWay {
    RecoverWay { form, username: ways.username, email: ways.email, mobile: ways.mobile.unwrap_or_default() }
}

pub(super) async fn send(visit: Visit, form: FormData) -> Answer {
    let username = form.get("username");
    let Some(way) = Way::parse(form.get("way")) else {
        let ways = reset_password::ways(&visit.cx, username, &visit.ip).await?;
        return visit.page(&way_page(ways, form.shown().with_error("way", Msg::problem("recover-way"))));
    };
    reset_password::request_password_reset(&visit.cx, username, way, &visit.ip).await?;
    match way {
        Way::Email => {
            let mut page = sent_page("recover-password-sent");
            page.paragraphs.insert(1, Msg::new("recover-password-sent-again"));
            visit.page(&page)
        }
        Way::Sms => visit.page(&RecoverCode { form: Form::new(), username: username.into() }),
    }
}

pub(super) async fn code(visit: Visit, form: FormData) -> Answer {
    let (username, typed) = (form.get("username"), form.get("code").to_owned());
    match reset_password::exchange_reset_code(&visit.cx, username, typed, &visit.ip).await {
        Ok(secret) => visit.go(&format!("/recover/password/{secret}")),
        Err(p) if mendable(&p) => {
            visit.page(&RecoverCode { form: with_problem(form.shown(), &p), username: username.into() })
        }
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn open(visit: Visit, Path(token): Path<String>) -> Answer {
    match reset_password::open_reset(&visit.cx, &token).await? {
        Ok(row) => {
            let rules = PasswordRules::new(&visit.cx.settings().password_policy, &row.username);
            visit.page(&ResetPassword { form: Form::new(), token, rules })
        }
        Err(dead) => visit.page(&dead_page(dead)),
    }
}

pub(super) async fn set(visit: Visit, Path(token): Path<String>, form: FormData) -> Answer {
    let username = match reset_password::open_reset(&visit.cx, &token).await? {
        Ok(row) => row.username,
        Err(dead) => return visit.page(&dead_page(dead)),
    };
    let (password, again) = (form.raw("password").to_owned(), form.raw("password_again").to_owned());
    match reset_password::reset_password(&visit.cx, token.clone(), password, again).await {
        Ok(()) => visit.go_saying("/login", Tone::Ok, Msg::new("reset-done")),
        Err(p) if p.is("token-used") => visit.page(&dead_page(Dead::Used)),
        Err(p) if mendable(&p) => {
            let rules = PasswordRules::new(&visit.cx.settings().password_policy, &username);
            visit.page(&ResetPassword { form: with_problem(form.shown(), &p), token, rules })
        }
        Err(p) => Err(p.into()),
    }
}

fn dead_page(dead: Dead) -> Message {
    let why = match dead {
        Dead::Used => "used",
        Dead::Expired => "expired",
        Dead::Unknown => "unknown",
    };
    Message {
        title: Msg::new("reset-dead-title"),
        paragraphs: vec![Msg::new(format!("reset-dead-{why}"))],
        ways: vec![],
        reference: String::new(),
    }
    .way("/recover/password", Msg::new("reset-dead-again"))
}
