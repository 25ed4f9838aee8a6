//! A new registered e-mail, proven by a code before it replaces the old one.

use app::use_cases::accounts::change_email::{TypedEmail, confirm_email_change, pending_email, request_email_change};
use domain::ident::EmailAddress;
use render::{
    Form, Msg, Tone,
    pages::profile::{ProfileEmail, ProfileEmailCode},
};

use super::record;
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
};

const CODE_PAGE: &str = "/account/profile/email/code";

pub(super) async fn ask(customer: Customer) -> Answer {
    let current = record(&customer).await?.email;
    customer.visit.page(&ProfileEmail { form: Form::new(), current })
}

pub(super) async fn send(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    visit.step_up(&form).await?;
    let typed = TypedEmail { email: form.get("email").into(), again: form.get("email_again").into() };
    match request_email_change(&visit.cx, customer.party, typed).await {
        Ok(()) => visit.go(CODE_PAGE),
        Err(p) if mendable(&p) => {
            let current = record(&customer).await?.email;
            visit.page(&ProfileEmail { form: with_problem(form.shown(), &p), current })
        }
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn ask_code(customer: Customer) -> Answer {
    match pending_email(&customer.visit.cx, customer.party).await? {
        Some(new) => customer.visit.page(&code_page(new, Form::new())),
        None => customer.visit.go("/account/profile/email"),
    }
}

fn code_page(new: String, form: Form) -> ProfileEmailCode {
    let certified = EmailAddress::parse(&new).is_ok_and(|e| e.looks_certified());
    ProfileEmailCode { form, new, certified }
}

pub(super) async fn confirm(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    let problem = match confirm_email_change(&visit.cx, customer.party, form.get("code").into()).await {
        Ok(()) => return visit.go_saying("/account/profile", Tone::Ok, Msg::new("profile-email-done")),
        Err(p) if mendable(&p) => p,
        Err(p) => return Err(p.into()),
    };
    match pending_email(&visit.cx, customer.party).await? {
        Some(new) => visit.page(&code_page(new, with_problem(form.shown(), &problem))),
        None => visit.go_saying("/account/profile/email", Tone::Err, Msg::problem("code-gone")),
    }
}
