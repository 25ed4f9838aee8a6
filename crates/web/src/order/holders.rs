//! Step 2: who holds each mailbox, and where the link for its password goes.

use app::{
    queries,
    use_cases::orders::assign_holders::{RowHolder, assign_holders, keep_holders},
};
use axum::http::HeaderMap;
use domain::{
    id::HolderId,
    order::cart::{HolderChoice, Step},
};
use render::{
    Form,
    pages::wizard::{HolderRow, Holders, ProfileChoice},
};

use super::{Open, not_before, open, path, side};
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
};

pub(super) async fn show(customer: Customer, headers: HeaderMap) -> Answer {
    let open = open(&customer, &headers).await?;
    if let Some(away) = not_before(&customer, &open.cart, Step::Holders) {
        return away;
    }
    let account = queries::shop::account(&customer.visit.cx, customer.party).await?;
    let mut form = Form::new();
    for (n, row) in (1..).zip(&open.cart.mailboxes) {
        form = match row.holder {
            None | Some(HolderChoice::Account) => form.with(&format!("holder-{n}"), "account"),
            Some(HolderChoice::Profile { id }) => {
                form.with(&format!("holder-{n}"), "profile").with(&format!("profile-{n}"), id.to_string())
            }
        };
        // Given once, offered again: the e-mail of the account until another one is typed.
        let email = if row.password_email.is_empty() { &account.email } else { &row.password_email };
        form = form.with(&format!("email-{n}"), email.clone());
    }
    page(&customer, &open, form).await
}

pub(super) async fn submit(customer: Customer, headers: HeaderMap, form: FormData) -> Answer {
    let open = open(&customer, &headers).await?;
    let rows: Vec<RowHolder> = (1..=open.cart.mailboxes.len())
        .map(|n| RowHolder {
            holder: match form.get(&format!("holder-{n}")) {
                "account" => Some(HolderChoice::Account),
                "profile" => {
                    form.get(&format!("profile-{n}")).parse::<HolderId>().ok().map(|id| HolderChoice::Profile { id })
                }
                _ => None,
            },
            password_email: form.get(&format!("email-{n}")).into(),
        })
        .collect();
    if form.has("leave") {
        keep_holders(&customer.visit.cx, &open.token, &rows).await?;
        return super::left(&customer);
    }
    let new = (1..=rows.len()).find(|n| form.get(&format!("holder-{n}")) == "new");
    if let Some(n) = new {
        keep_holders(&customer.visit.cx, &open.token, &rows).await?;
        return customer.visit.go(&format!("/account/holders/new?row={n}"));
    }
    match assign_holders(&customer.visit.cx, &open.token, &rows).await {
        Ok(()) => customer.visit.go(path(Step::Review)),
        Err(problem) if mendable(&problem) => page(&customer, &open, with_problem(form.shown(), &problem)).await,
        Err(problem) => Err(problem.into()),
    }
}

async fn page(customer: &Customer, open: &Open, form: Form) -> Answer {
    let cx = &customer.visit.cx;
    let side = side(customer, &open.cart).await?;
    let account = queries::shop::account(cx, customer.party).await?;
    let profiles = queries::holders::choices(cx, customer.party).await?;
    let profiles = profiles
        .into_iter()
        .map(|h| ProfileChoice { id: HolderId::from_uuid(h.id).to_string(), name: h.display_name, tax_key: h.tax_key })
        .collect();
    let rows = (1..)
        .zip(&open.cart.mailboxes)
        .map(|(n, m)| HolderRow { n, address: m.address().unwrap_or_default() })
        .collect();
    customer.visit.page(&Holders { rows, account_name: account.display_name, profiles, form, side })
}
