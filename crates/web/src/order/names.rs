//! Step 1: a name and a domain for each mailbox.

use app::{
    Problem, queries,
    use_cases::orders::{
        check_name::{NameAnswer, TypedName, check_name_on},
        set_names::{NamesOutcome, keep_names, problems, set_names},
    },
};
use axum::http::HeaderMap;
use domain::{
    catalogue::CertifiedDomain,
    order::cart::{MAX_QUANTITY, Step},
};
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
    let asked = asked(&form);
    let row_alone = |n: &usize| {
        customer.visit.fragment && (1..=MAX_QUANTITY).contains(&(*n as i64)) && form.has(&format!("name-{n}"))
    };
    if let Some(n) = asked.filter(row_alone) {
        return check_row(&customer, &form, n).await;
    }
    let open = open(&customer, &headers).await?;
    let (typed, shown) = typed(&form, open.cart.mailboxes.len());
    let domains = queries::shop::domains(&customer.visit.cx).await?;
    if form.has("leave") {
        keep_names(&customer.visit.cx, &open.token, &typed).await?;
        return super::left(&customer);
    }
    if let Some(asked) = asked {
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

/// The row whose name is asked about, by «Controlla» or by a suggestion that was taken; 0 when it makes no sense.
fn asked(form: &FormData) -> Option<usize> {
    let asked = || form.number("check").or_else(|| form.get("take").split(':').next()?.parse().ok());
    (form.has("check") || form.has("take")).then(|| asked().unwrap_or(0))
}

/// What was typed into the rows, with a picked or suggested name in the place of the typed one.
fn typed(form: &FormData, rows: usize) -> (Vec<TypedName>, Form) {
    let mut shown = Form::new();
    let mut names = Vec::with_capacity(rows);
    for n in 1..=rows {
        let row = typed_row(form, n);
        shown = with_row(shown, n, &row);
        names.push(row);
    }
    (names, shown)
}
fn typed_row(form: &FormData, n: usize) -> TypedName {
    let mut row =
        TypedName { name: form.get(&format!("name-{n}")).into(), domain: form.get(&format!("domain-{n}")).into() };
    if let Some((local, domain)) = form.get(&format!("pick-{n}")).rsplit_once('@') {
        row = TypedName { name: local.into(), domain: domain.into() };
    }
    if let Some((asked, name)) = form.get("take").split_once(':')
        && asked.parse() == Ok(n)
    {
        row.name = name.into();
    }
    row
}
fn with_row(form: Form, n: usize, row: &TypedName) -> Form {
    form.with(&format!("name-{n}"), row.name.clone()).with(&format!("domain-{n}"), row.domain.clone())
}

/// The answer about one name, and the form with what is wrong with it.
async fn judged(
    customer: &Customer,
    typed: &TypedName,
    domains: &[CertifiedDomain],
    asked: usize,
    mut shown: Form,
) -> Result<(NameAnswer, Form), Problem> {
    let found = [check_name_on(&customer.visit.cx, typed, domains).await?];
    for field in problems(&found, &[]).fields {
        let name = field.field.replace("-1", &format!("-{asked}"));
        let msg = field
            .args
            .iter()
            .filter(|(k, _)| **k != "row")
            .fold(Msg::problem(&field.code), |m, (k, v)| m.arg(k, v.clone()));
        shown = shown.with_error(&name, msg.arg("row", asked as i64));
    }
    let [answer] = found;
    Ok((answer, shown))
}

/// «Controlla» by a script: the row alone. Nothing is saved and nothing is held, so the cart is not asked.
async fn check_row(customer: &Customer, form: &FormData, n: usize) -> Answer {
    let domains = queries::shop::domains(&customer.visit.cx).await?;
    let typed = typed_row(form, n);
    let shown = with_row(Form::new(), n, &typed);
    let (answer, form) = judged(customer, &typed, &domains, n, shown).await?;
    customer.visit.piece(&NameCheck { row: row(n as i64, Some(answer)), domains: names_of(&domains), form })
}

/// «Controlla» without scripts: the whole page again.
async fn check_one(
    customer: &Customer,
    open: &Open,
    domains: &[CertifiedDomain],
    mut shown: Form,
    typed: &[TypedName],
    asked: usize,
) -> Answer {
    let mut answers = vec![None; typed.len()];
    if let Some(row) = asked.checked_sub(1).and_then(|n| typed.get(n)) {
        let (answer, form) = judged(customer, row, domains, asked, shown).await?;
        (answers[asked - 1], shown) = (Some(answer), form);
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
