//! «Convenzioni»: the desk of a body's secretariat, inside the account of the body. To every other account there is
//! nothing here.

mod import;
mod members;
mod renewals;

pub(crate) use self::members::download;

use app::{
    queries::secretariat as queries,
    rows::{BodyAgreementRow, CountsRow},
};
use axum::{Router, extract::DefaultBodyLimit, routing::get};
use domain::{agreement::RenewalKind, time::Date};
use render::pages::secretariat::{AgreementLine, Agreements, CountedAgreement};

use crate::{Answer, AppState, Customer};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/account/agreements", get(list))
        .route("/account/agreements/{code}", get(members::list))
        .route("/account/agreements/{code}/members.csv", get(members::export))
        .route("/account/agreements/{code}/members/{id}", get(members::show).post(members::save))
        .route("/account/agreements/{code}/renew", get(renewals::show).post(renewals::order))
        .route("/account/agreements/{code}/import/template.csv", get(import::template))
        .route("/account/agreements/{code}/imports/{id}", get(import::show).post(import::decide))
        .route("/account/agreements/{code}/imports/{id}/faults.csv", get(import::faults))
        .route(
            "/account/agreements/{code}/import",
            get(import::form).post(import::upload).layer(DefaultBodyLimit::max(import::UPLOAD_MAX)),
        )
}

async fn list(customer: Customer) -> Answer {
    let visit = customer.visit;
    let today = visit.cx.now().date();
    let rows = queries::agreements(&visit.cx).await?;
    visit.page(&Agreements { rows: rows.into_iter().map(|(a, counts)| counted(a, &counts, today)).collect() })
}

fn agreement_line(a: BodyAgreementRow, today: Date) -> AgreementLine {
    let validity = a.validity();
    AgreementLine {
        open: validity.may_buy(today),
        renews: validity.may_renew(today),
        code: a.code,
        body: a.body_name,
        domain: a.domain,
        from: a.valid_from_day,
        until: a.valid_until_day,
        by_body: RenewalKind::parse(&a.renewal_kind) == Some(RenewalKind::ByBody),
        years: a.years,
        quota: a.mailbox_quota,
    }
}

fn counted(a: BodyAgreementRow, counts: &CountsRow, today: Date) -> CountedAgreement {
    CountedAgreement { line: agreement_line(a, today), mailboxes: counts.mailboxes, ending: counts.ending }
}
