//! «I tuoi dati».

use app::{
    queries::profile::{Record, accounts},
    use_cases::accounts::change_email::pending_email,
};
use domain::{ident::EmailAddress, party::SubjectData};
use render::pages::profile::{Fact, Profile};

use super::record;
use crate::{Answer, Customer};

pub(super) async fn show(customer: Customer) -> Answer {
    let cx = &customer.visit.cx;
    let record = record(&customer).await?;
    let pending = pending_email(cx, customer.party).await?;
    let accounts = accounts(cx, customer.party).await?;
    let own = accounts.iter().find(|a| a.login == customer.login).map(|a| a.username.clone());
    let mut page = page(&record);
    page.pending_email = pending;
    page.username = own.unwrap_or_default();
    page.usernames = accounts.into_iter().map(|a| a.username).collect();
    customer.visit.page(&page)
}

fn page(record: &Record) -> Profile {
    let data = &record.data;
    let certified = EmailAddress::parse(&record.email).is_ok_and(|e| e.looks_certified());
    Profile {
        locked: locked(data),
        birth: data.birth.as_ref().map(|b| b.date),
        birth_place: data.birth.as_ref().map_or_else(String::new, |b| b.place.clone()),
        address: address_lines(data),
        invoicing: invoicing(data),
        email: record.email.clone(),
        email_certified: certified,
        email_unreachable: record.email_unreachable,
        pending_email: None,
        mobile: record.mobile.clone(),
        phone: record.phone.clone(),
        messages_in: record.locale.code().into(),
        question_set: record.secret_question.is_some(),
        username: String::new(),
        usernames: vec![],
    }
}

pub(crate) fn locked(data: &SubjectData) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(name) = &data.organisation {
        facts.push(Fact::new("profile-organisation", name));
    }
    if data.kind.has_representative() {
        facts.push(Fact::new("profile-representative", data.person_name()));
    } else {
        facts.push(Fact::new("profile-first-name", &data.first_name));
        facts.push(Fact::new("profile-last-name", &data.last_name));
    }
    for (label, value) in [
        ("profile-fiscal-code", &data.fiscal_code),
        ("profile-body-code", &data.body_code),
        ("profile-vat-number", &data.vat_number),
    ] {
        facts.extend(value.as_ref().map(|v| Fact::new(label, v)));
    }
    facts
}

fn address_lines(data: &SubjectData) -> Vec<String> {
    let a = &data.address;
    let place = match a.country.as_str() {
        "IT" => format!("{} {} ({})", a.postal_code, a.municipality, a.province),
        _ => format!("{} {}", a.postal_code, a.municipality),
    };
    let mut lines = vec![format!("{} {}", a.street, a.number), place];
    if let Ok(state) = domain::ident::places::state(&a.country) {
        lines.push(state.name.to_owned());
    }
    lines
}

fn invoicing(data: &SubjectData) -> Vec<Fact> {
    let i = &data.invoicing;
    [
        ("profile-invoice-code", &i.recipient_code),
        ("profile-invoice-pec", &i.pec),
        ("profile-office-code", &i.office_code),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(Fact::new(label, value.as_ref()?)))
    .collect()
}
