//! Step 1: a name and a domain for each mailbox.

use app::{
    queries,
    use_cases::orders::{
        check_name::{NameAnswer, TypedName, check_name_on},
        set_names::{NamesOutcome, keep_names, problems, set_names},
    },
};
use axum::http::HeaderMap;
use domain::{catalogue::CertifiedDomain, order::cart::Step};
use render::{
    Form, Msg, Tone,
    pages::wizard::{NameCheck, NameRow, Names},
};

use super::{Open, open, path, side};
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
};

pub(super) async fn show(customer: Customer, headers: HeaderMap) -> Answer {
    let open = open(&customer, &headers).await?;
    let domains = queries::shop::domains(&customer.visit.cx).await?;
    let usual = domains.first().map(|d| d.name.clone()).unwrap_or_default();
    let mut form = Form::new();
    for (n, row) in (1..).zip(&open.cart.mailboxes) {
        let domain = if row.domain.is_empty() { usual.clone() } else { row.domain.clone() };
        form = form.with(&format!("name-{n}"), row.local.clone()).with(&format!("domain-{n}"), domain);
    }
    page(&customer, &open, &domains, form, None).await
}

pub(super) async fn submit(customer: Customer, headers: HeaderMap, form: FormData) -> Answer {
    let open = open(&customer, &headers).await?;
    let (typed, shown) = typed(&form, open.cart.mailboxes.len());
    let domains = queries::shop::domains(&customer.visit.cx).await?;
    if form.has("leave") {
        keep_names(&customer.visit.cx, &open.token, &typed).await?;
        return super::left(&customer);
    }
    if form.has("check") || form.has("take") {
        let asked = form.number("check").or_else(|| form.get("take").split(':').next()?.parse().ok()).unwrap_or(0);
        return check_one(&customer, &open, &domains, shown, &typed, asked).await;
    }
    match set_names(&customer.visit.cx, &open.token, &typed).await {
        Ok(NamesOutcome::Saved) => customer.visit.go(path(Step::Holders)),
        Ok(NamesOutcome::Refused { answers, repeated }) => {
            let shown = with_problem(shown, &problems(&answers, &repeated));
            page(&customer, &open, &domains, shown, Some(answers.into_iter().map(Some).collect())).await
        }
        Err(problem) if mendable(&problem) => {
            page(&customer, &open, &domains, with_problem(shown, &problem), None).await
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What was typed, with a picked or suggested name in the place of the typed one.
fn typed(form: &FormData, rows: usize) -> (Vec<TypedName>, Form) {
    let mut shown = Form::new();
    let take = form.get("take").split_once(':').and_then(|(n, name)| Some((n.parse::<usize>().ok()?, name)));
    let mut names = Vec::with_capacity(rows);
    for n in 1..=rows {
        let mut row =
            TypedName { name: form.get(&format!("name-{n}")).into(), domain: form.get(&format!("domain-{n}")).into() };
        if let Some((local, domain)) = form.get(&format!("pick-{n}")).rsplit_once('@') {
            row = TypedName { name: local.into(), domain: domain.into() };
        }
        if let Some((_, name)) = take.filter(|(row, _)| *row == n) {
            row.name = name.into();
        }
        shown = shown.with(&format!("name-{n}"), row.name.clone()).with(&format!("domain-{n}"), row.domain.clone());
        names.push(row);
    }
    (names, shown)
}

/// «Controlla» of one row: nothing is saved, nothing is held.
async fn check_one(
    customer: &Customer,
    open: &Open,
    domains: &[CertifiedDomain],
    shown: Form,
    typed: &[TypedName],
    asked: usize,
) -> Answer {
    let mut answers = vec![None; typed.len()];
    let mut shown = shown;
    if let Some(row) = asked.checked_sub(1).and_then(|n| typed.get(n)) {
        let found = vec![check_name_on(&customer.visit.cx, row, domains).await?];
        for field in problems(&found, &[]).fields {
            let name = field.field.replace("-1", &format!("-{asked}"));
            let msg = field
                .args
                .iter()
                .filter(|(k, _)| **k != "row")
                .fold(Msg::problem(&field.code), |m, (k, v)| m.arg(k, v.clone()));
            shown = shown.with_error(&name, msg.arg("row", asked as i64));
        }
        let answer = found.into_iter().next();
        if customer.visit.fragment {
            let row = self::row(asked as i64, answer);
            return customer.visit.piece(&NameCheck { row, domains: names_of(domains), form: shown });
        }
        answers[asked - 1] = answer;
    }
    page(customer, open, domains, shown, Some(answers)).await
}

async fn page(
    customer: &Customer,
    open: &Open,
    domains: &[CertifiedDomain],
    form: Form,
    answers: Option<Vec<Option<NameAnswer>>>,
) -> Answer {
    let side = side(customer, &open.cart).await?;
    let answers = answers.unwrap_or_else(|| vec![None; open.cart.mailboxes.len()]);
    let rows = (1..).zip(answers).map(|(n, answer)| row(n, answer)).collect();
    customer.visit.page(&Names { rows, domains: names_of(domains), form, side })
}

fn names_of(domains: &[CertifiedDomain]) -> Vec<String> {
    domains.iter().map(|d| d.name.clone()).collect()
}

fn row(n: i64, answer: Option<NameAnswer>) -> NameRow {
    let unasked = NameRow::unasked(n);
    match answer {
        None => unasked,
        Some(NameAnswer::Free { address, former, .. }) => {
            let key = if former { "name-free-former" } else { "name-free" };
            NameRow { answer: Some((Tone::Ok, Msg::new(key).arg("address", address))), ..unasked }
        }
        Some(NameAnswer::Taken { variants, other_domains, .. }) => NameRow { variants, other_domains, ..unasked },
        Some(NameAnswer::Invalid { suggestion, .. }) => NameRow { suggestion, ..unasked },
    }
}
