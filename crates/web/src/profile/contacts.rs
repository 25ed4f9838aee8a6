//! Telephone, mobile and language of messages.

use app::use_cases::accounts::change_contacts::{TypedContacts, change_contacts};
use render::{
    Form, Msg, Tone,
    pages::profile::{Difference, ProfileContacts},
};

use super::record;
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
};

pub(super) async fn ask(customer: Customer) -> Answer {
    let record = record(&customer).await?;
    let form = Form::new()
        .with("mobile", record.mobile.unwrap_or_default())
        .with("phone", record.phone.unwrap_or_default())
        .with("locale", record.locale.code());
    customer.visit.page(&ProfileContacts { form, version: record.version, conflict: vec![] })
}

pub(super) async fn save(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    visit.step_up(&form).await?;
    let version = form.number("version").unwrap_or_default();
    let typed = TypedContacts {
        phone: form.get("phone").into(),
        mobile: form.get("mobile").into(),
        locale: form.get("locale").into(),
        version,
    };
    let problem = match change_contacts(&visit.cx, customer.party, typed).await {
        Ok(()) => return visit.go_saying("/account/profile", Tone::Ok, Msg::new("profile-saved")),
        Err(p) if mendable(&p) => p,
        Err(p) => return Err(p.into()),
    };
    let shown = with_problem(form.shown(), &problem);
    if !problem.is("profile-changed-meanwhile") {
        return visit.page(&ProfileContacts { form: shown, version, conflict: vec![] });
    }
    let now = record(&customer).await?;
    let conflict = [
        ("mobile", "profile-mobile", now.mobile.unwrap_or_default()),
        ("phone", "profile-phone", now.phone.unwrap_or_default()),
    ]
    .into_iter()
    .filter(|(field, _, value)| value != form.get(field))
    .map(|(field, label, now)| Difference { label: Msg::new(label), now, typed: form.get(field).into() })
    .collect();
    visit.page(&ProfileContacts { form: shown, version: now.version, conflict })
}
