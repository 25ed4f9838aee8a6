//! The password again before a dangerous act, and the check that asks for it.

use app::use_cases::accounts::confirm_password::confirm_password;
use axum::extract::Query;
use domain::id::SessionId;
use render::{Form, pages::accounts::LoginConfirm};

use super::{Next, client};
use crate::{
    Answer, FormData, Refusal, Visit,
    answer::{mendable, see_other, with_problem},
    visit::{form_encoded, safe_next},
};

impl Visit {
    /// Goes on only when the password was given in the last ten minutes; else asks for it and comes
    /// back to `back`, a page that can be opened again.
    ///
    /// # Errors
    /// The redirect to the page that asks.
    pub fn fresh(&self, back: &str) -> Result<(), Refusal> {
        if self.signed_in.as_ref().is_some_and(|s| s.fresh) {
            return Ok(());
        }
        Err(Refusal::Other(Box::new(see_other(&format!("/account/confirm?next={}", form_encoded(back))))))
    }
}

pub(super) async fn show(visit: Visit, Query(query): Query<Next>) -> Answer {
    page(&visit, Form::new(), &query.next)
}

fn page(visit: &Visit, form: Form, next: &str) -> Answer {
    let Some(who) = &visit.signed_in else { return visit.go("/login") };
    visit.page(&LoginConfirm { form, next: safe_next(next).into(), username: who.detail.clone() })
}

pub(super) async fn confirm(visit: Visit, form: FormData) -> Answer {
    let Some(who) = &visit.signed_in else { return visit.go("/login") };
    let session = SessionId::from_uuid(who.session);
    match confirm_password(&visit.cx, session, form.raw("password").to_owned(), client(&visit)).await {
        Ok(()) => visit.go(safe_next(form.get("next"))),
        Err(problem) if mendable(&problem) => page(&visit, with_problem(form.shown(), &problem), form.get("next")),
        Err(problem) => Err(problem.into()),
    }
}
