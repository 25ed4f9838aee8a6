//! The password again before a dangerous act, and the check that asks for it.
//!
//! A form that arrives when the password is older than ten minutes is not lost: the page that asks carries its
//! fields and sends them on together with the password, so that one press does what was meant.

use app::{Problem, use_cases::accounts::confirm_password::confirm_password};
use axum::{extract::Query, response::Response};
use domain::id::SessionId;
use render::{Form, pages::accounts::LoginConfirm};

use super::{Next, client};
use crate::{
    Answer, FormData, Refusal, Visit,
    answer::{mendable, see_other, with_problem},
    visit::{form_encoded, safe_next},
};

const PAGE: &str = "/account/confirm";
const FIELD: &str = "step_up_password";

impl Visit {
    /// Goes on only when the password was given in the last ten minutes; else asks for it and comes
    /// back to `back`, a page that can be opened again. For pages on which passwords are typed, which
    /// are never carried along.
    ///
    /// # Errors
    /// The redirect to the page that asks.
    pub fn fresh(&self, back: &str) -> Result<(), Refusal> {
        if self.signed_in.as_ref().is_some_and(|s| s.fresh) {
            return Ok(());
        }
        Err(Refusal::Other(Box::new(see_other(&format!("{PAGE}?next={}", form_encoded(back))))))
    }

    /// Goes on when the password was given in the last ten minutes, or stands beside the form; else answers
    /// with the page that asks for it and carries the form.
    ///
    /// # Errors
    /// The page that asks.
    pub async fn step_up(&self, form: &FormData) -> Result<(), Refusal> {
        let Some(who) = &self.signed_in else { return Err(Problem::forbidden().into()) };
        if who.fresh {
            return Ok(());
        }
        let ask = |errors: Form| -> Result<Response, Refusal> {
            let carried = form.carried().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            self.page(&LoginConfirm { form: errors, action: self.path.clone(), carried, username: who.detail.clone() })
        };
        if !form.has(FIELD) {
            return Err(Refusal::Other(Box::new(ask(Form::new())?)));
        }
        match confirm(self, form).await {
            Ok(()) => Ok(()),
            Err(p) if mendable(&p) => Err(Refusal::Other(Box::new(ask(with_problem(Form::new(), &p))?))),
            Err(p) => Err(p.into()),
        }
    }
}

async fn confirm(visit: &Visit, form: &FormData) -> Result<(), Problem> {
    let who = visit.signed_in.as_ref().ok_or_else(Problem::forbidden)?;
    let (session, password) = (SessionId::from_uuid(who.session), form.raw(FIELD).to_owned());
    confirm_password(&visit.cx, session, password, client(visit)).await.map_err(|mut p| {
        for field in &mut p.fields {
            field.field = FIELD.into();
        }
        p
    })
}

pub(super) async fn show(visit: Visit, Query(query): Query<Next>) -> Answer {
    page(&visit, Form::new(), &query.next)
}

fn page(visit: &Visit, form: Form, next: &str) -> Answer {
    let Some(who) = &visit.signed_in else { return visit.go("/login") };
    let carried = vec![("next".to_owned(), safe_next(next).to_owned())];
    visit.page(&LoginConfirm { form, action: PAGE.into(), carried, username: who.detail.clone() })
}

pub(super) async fn save(visit: Visit, form: FormData) -> Answer {
    if visit.signed_in.is_none() {
        return visit.go("/login");
    }
    match confirm(&visit, &form).await {
        Ok(()) => visit.go(safe_next(form.get("next"))),
        Err(problem) if mendable(&problem) => page(&visit, with_problem(form.shown(), &problem), form.get("next")),
        Err(problem) => Err(problem.into()),
    }
}
