//! «Consensi e preferenze».

use app::use_cases::accounts::save_consents::{KINDS, answers, save_consents};
use render::{
    Msg, Tone,
    pages::profile::{Consent, Consents},
};

use super::record;
use crate::{Answer, Customer, FormData};

pub(super) async fn show(customer: Customer) -> Answer {
    let record = record(&customer).await?;
    let (answers, notice) = answers(&customer.visit.cx, customer.party).await?;
    let (notice_version, notice_at) = notice.unzip();
    customer.visit.page(&Consents {
        consents: answers.into_iter().map(|a| Consent { kind: a.kind.into(), given: a.given, at: a.at }).collect(),
        notice_version,
        notice_at,
        email: record.email,
    })
}

pub(super) async fn save(customer: Customer, form: FormData) -> Answer {
    let given = KINDS.into_iter().filter(|kind| form.has(kind)).collect();
    let visit = &customer.visit;
    save_consents(&visit.cx, (customer.party, customer.login), given, visit.ip.clone()).await?;
    visit.go_saying("/account/consents", Tone::Ok, Msg::new("consents-saved"))
}
