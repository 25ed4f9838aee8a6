//! «Metodi di pagamento»: list, add, replace, prefer, remove.

use app::{
    Problem,
    queries::{
        methods::{self as queries, Standing},
        payments::excess,
    },
    use_cases::{
        methods::{ask_setup::ask_setup, open_setup, prefer_method::prefer_method, remove_method::remove_method},
        payments::Means,
    },
};
use axum::extract::{Path, RawQuery};
use domain::id::{AttemptId, MethodId};
use render::{
    Form, Msg, Tone,
    pages::methods::{Kept, Methods, RemoveMethod, Renews, Setup, SetupCard},
};

use crate::{
    Answer, Customer, FormData,
    answer::{mendable, see_other, with_problem},
    payments::{leave, let_script_in},
};

const PAGE: &str = "/account/methods";

pub(super) async fn list(customer: Customer) -> Answer {
    page(&customer, Form::new()).await
}

async fn page(customer: &Customer, form: Form) -> Answer {
    let kept = queries::methods(&customer.visit.cx, customer.login).await?;
    let methods = kept.into_iter().map(|m| shown(customer, m)).collect();
    let paypal = Means::Paypal.gateway(customer.visit.cx.settings()).is_some();
    let credit = excess(&customer.visit.cx, customer.party).await?.map(|e| (e.available, e.until));
    customer.visit.page(&Methods { methods, paypal, credit, form })
}

fn shown(customer: &Customer, kept: queries::Kept) -> Kept {
    let today = customer.visit.cx.now().date();
    let services =
        kept.services.into_iter().map(|s| Renews { id: s.id.to_string(), address: s.address, end: s.end_day });
    Kept {
        id: kept.row.id.to_string(),
        label: kept.row.label,
        means: Means::at(&kept.row.gateway).as_str().into(),
        expired: kept.row.expires_day.is_some_and(|day| day < today),
        expires: kept.row.expires_day,
        preferred: kept.row.preferred,
        services: services.collect(),
    }
}

/// Off to the gateway; nothing is stored by this request itself, so pressing twice is harmless.
pub(super) async fn add(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    let means = Means::parse(form.get("means")).ok_or_else(Problem::not_found)?;
    let replaces = match form.some("replaces") {
        Some(id) => Some(id.parse::<MethodId>().map_err(|_| Problem::not_found())?),
        None => None,
    };
    match open_setup(&visit.cx, visit.state.ports()?, means, replaces).await {
        Ok(to) => visit.go(&to),
        Err(problem) if mendable(&problem) => page(&customer, with_problem(Form::new(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

pub(super) async fn wait(customer: Customer, Path(id): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let id: AttemptId = id.parse().map_err(|_| Problem::not_found())?;
    let visit = &customer.visit;
    // Back from the gateway, whatever it added to the address: asked once, and never again by looking.
    if query.is_some_and(|q| q.split('&').any(|part| part == "back=1")) {
        ask_setup(&visit.cx, id).await?;
        return Ok(see_other(&format!("{PAGE}/setup/{id}")));
    }
    let go_on = match queries::setup(&visit.cx, id).await? {
        Standing::Waiting => None,
        Standing::AtGateway { url } => Some(url),
        Standing::Stored => {
            return Ok(leave(visit.fragment, visit.go_saying(PAGE, Tone::Ok, Msg::new("methods-added"))?));
        }
        Standing::Failed { .. } => {
            return Ok(leave(visit.fragment, visit.go_saying(PAGE, Tone::Warn, Msg::new("methods-setup-failed"))?));
        }
    };
    visit.page(&Setup { id: id.to_string(), go_on })
}

pub(super) async fn card(customer: Customer, Path(id): Path<String>) -> Answer {
    let id: AttemptId = id.parse().map_err(|_| Problem::not_found())?;
    let visit = &customer.visit;
    let found = queries::card_form(&visit.cx, id).await?;
    let page = SetupCard {
        wait: format!("{PAGE}/setup/{id}"),
        script_url: found.script_url.clone(),
        publishable_key: found.publishable_key,
        client_secret: found.client_secret,
    };
    let mut response = visit.page(&page)?;
    let_script_in(&mut response, &found.script_url);
    Ok(response)
}

pub(super) async fn prefer(customer: Customer, Path(id): Path<String>, _: FormData) -> Answer {
    let id: MethodId = id.parse().map_err(|_| Problem::not_found())?;
    prefer_method(&customer.visit.cx, id).await?;
    customer.visit.go_saying(PAGE, Tone::Ok, Msg::new("methods-preferred-now"))
}

pub(super) async fn ask_remove(customer: Customer, Path(id): Path<String>) -> Answer {
    let id: MethodId = id.parse().map_err(|_| Problem::not_found())?;
    let kept = queries::method(&customer.visit.cx, customer.login, id).await?;
    let method = shown(&customer, kept);
    customer.visit.page(&RemoveMethod { method })
}

pub(super) async fn remove(customer: Customer, Path(id): Path<String>, _: FormData) -> Answer {
    let id: MethodId = id.parse().map_err(|_| Problem::not_found())?;
    remove_method(&customer.visit.cx, id).await?;
    customer.visit.go_saying(PAGE, Tone::Ok, Msg::new("methods-removed"))
}
