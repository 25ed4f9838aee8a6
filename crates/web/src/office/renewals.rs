//! What will be charged to a customer, or for a mailbox: a dry run for whoever is on the telephone.

use app::{
    Problem,
    queries::renewals::{DeskAhead, MONTHS, coming_of_customer, coming_of_mailbox},
};
use axum::extract::Path;
use domain::id::{MailboxId, PartyId};
use render::pages::holder_renewals::DeskComing;

use crate::{
    Answer, Operator,
    customer::renewals::{coming_lines, credit_sum, in_a_file},
};

pub(super) async fn of_customer(operator: Operator, Path(id): Path<String>) -> Answer {
    let id: PartyId = id.parse().map_err(|_| Problem::not_found())?;
    let found = coming_of_customer(&operator.visit.cx, id).await?;
    page(&operator, found)
}

pub(super) async fn file_of_customer(operator: Operator, Path(id): Path<String>) -> Answer {
    let id: PartyId = id.parse().map_err(|_| Problem::not_found())?;
    let found = coming_of_customer(&operator.visit.cx, id).await?;
    in_a_file(&operator.visit, coming_lines(found.ahead.rows, |_| None))
}

pub(super) async fn of_mailbox(operator: Operator, Path(id): Path<String>) -> Answer {
    let id: MailboxId = id.parse().map_err(|_| Problem::not_found())?;
    let found = coming_of_mailbox(&operator.visit.cx, id).await?;
    page(&operator, found)
}

fn page(operator: &Operator, found: DeskAhead) -> Answer {
    let visit = &operator.visit;
    let (customer, ahead) = (found.customer, found.ahead.on_a_page());
    let all = format!("/office/customers/{customer}/renewals");
    visit.page(&DeskComing {
        customer: found.name,
        customer_href: format!("/office/search?kind=mailboxes&q=&party={customer}"),
        file: format!("{all}.csv"),
        all_href: found.address.as_ref().map(|_| all),
        address: found.address,
        sum: ahead.credit.map(credit_sum),
        more: ahead.more,
        rows: coming_lines(ahead.rows, |c| Some(format!("/office/mailboxes/{}/renewals", c.mailbox))),
        until: visit.cx.now().date().plus_months(MONTHS),
    })
}
