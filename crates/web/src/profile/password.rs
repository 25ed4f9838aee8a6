//! A new password for who knows the present one.

use app::use_cases::accounts::change_password::{Passwords, change_password};
use domain::id::SessionId;
use render::{
    Form, Msg, Tone,
    pages::{password::PasswordRules, profile::ChangePassword},
};

use super::client;
use crate::{
    Answer, Customer, FormData, Visit,
    answer::{mendable, with_problem},
};

async fn page(customer: &Customer, form: Form) -> Result<ChangePassword, app::Problem> {
    let cx = &customer.visit.cx;
    let username = app::queries::profile::username(cx, customer.login).await?;
    Ok(ChangePassword { form, rules: PasswordRules::new(&cx.settings().password_policy, &username) })
}

pub(super) async fn ask(customer: Customer) -> Answer {
    let page = page(&customer, Form::new()).await?;
    customer.visit.page(&page)
}

pub(super) async fn save(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    let typed = Passwords {
        present: form.raw("present_password").into(),
        password: form.raw("password").into(),
        again: form.raw("password_again").into(),
    };
    match change_password(&visit.cx, customer.login, session(visit), typed, &client(visit)).await {
        Ok(()) => visit.go_saying("/account/profile", Tone::Ok, Msg::new("change-password-done")),
        Err(p) if mendable(&p) => {
            let page = page(&customer, with_problem(form.shown(), &p)).await?;
            visit.page(&page)
        }
        Err(p) => Err(p.into()),
    }
}

fn session(visit: &Visit) -> SessionId {
    SessionId::from_uuid(visit.signed_in.as_ref().map_or_else(Default::default, |s| s.session))
}
