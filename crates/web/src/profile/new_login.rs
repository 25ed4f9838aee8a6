//! «Crea nuova login»: password, confirmation, username.

use app::{
    queries::profile::accounts,
    use_cases::accounts::new_login::{AT_MOST, create_login, prepare_login},
};
use render::{
    Form,
    pages::{
        password::PasswordRules,
        profile::{NewLogin, NewLoginConfirm, NewLoginDone},
    },
};

use super::record;
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
};

const PAGE: &str = "/account/logins/new";

async fn page(customer: &Customer, form: Form) -> Result<NewLogin, app::Problem> {
    let cx = &customer.visit.cx;
    let usernames: Vec<String> = accounts(cx, customer.party).await?.into_iter().map(|a| a.username).collect();
    let full = usernames.len() >= AT_MOST;
    // The username is not known yet: password managers get it on the last page.
    let rules = PasswordRules::new(&cx.settings().password_policy, "");
    Ok(NewLogin { form, rules, usernames, at_most: AT_MOST as i64, full })
}

pub(super) async fn ask(customer: Customer) -> Answer {
    customer.visit.fresh(PAGE)?;
    let page = page(&customer, Form::new()).await?;
    customer.visit.page(&page)
}

pub(super) async fn prepare(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    visit.fresh(PAGE)?;
    match prepare_login(&visit.cx, customer.party, form.raw("password"), form.raw("password_again")).await {
        Ok(key) => {
            let name = record(&customer).await?.data.display_name();
            visit.page(&NewLoginConfirm { key, name })
        }
        Err(p) if mendable(&p) => {
            let page = page(&customer, with_problem(form.shown(), &p)).await?;
            visit.page(&page)
        }
        Err(p) => Err(p.into()),
    }
}

pub(super) async fn create(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    visit.step_up(&form).await?;
    match create_login(&visit.cx, customer.party, form.get("key").into()).await {
        Ok(username) => {
            let email = record(&customer).await?.email;
            visit.page(&NewLoginDone { username, email })
        }
        Err(p) if mendable(&p) => {
            let page = page(&customer, with_problem(Form::new(), &p)).await?;
            visit.page(&page)
        }
        Err(p) => Err(p.into()),
    }
}
