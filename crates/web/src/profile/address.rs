//! Address and e-invoice data.

use app::{
    queries::profile::Record,
    use_cases::accounts::change_address::{change_address, editable},
};
use domain::{
    ident::places,
    party::{Field, Need, Typed, need},
};
use render::{
    Form, Msg, Tone,
    pages::profile::{Choice, Difference, ProfileAddress},
};

use super::record;
use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
};

fn page(record: &Record, form: Form, version: i64, conflict: Vec<Difference>) -> ProfileAddress {
    let kind = record.data.kind;
    let provinces = places::provinces().iter().map(|(mark, name)| Choice((*mark).into(), format!("{name} ({mark})")));
    let abroad = places::states().into_iter().map(|s| Choice(s.code.into(), s.name.into()));
    ProfileAddress {
        form,
        version,
        with_invoicing: need(kind, Field::InvoiceCode) != Need::Hidden,
        with_office: need(kind, Field::OfficeCode) != Need::Hidden,
        provinces: provinces.collect(),
        countries: std::iter::once(Choice("IT".into(), "Italia".into())).chain(abroad).collect(),
        conflict,
    }
}

pub(super) async fn ask(customer: Customer) -> Answer {
    let record = record(&customer).await?;
    let typed = record.data.to_typed();
    let form = Form::from_pairs(typed.pairs().filter(|(name, _)| Field::parse(name).is_some_and(editable)));
    let page = page(&record, form, record.version, vec![]);
    customer.visit.page(&page)
}

pub(super) async fn save(customer: Customer, form: FormData) -> Answer {
    let visit = &customer.visit;
    let version = form.number("version").unwrap_or_default();
    let typed = Typed::from_pairs(form.pairs());
    let problem = match change_address(&visit.cx, customer.party, version, typed).await {
        Ok(()) => return visit.go_saying("/account/profile", Tone::Ok, Msg::new("profile-saved")),
        Err(p) if mendable(&p) => p,
        Err(p) => return Err(p.into()),
    };
    let shown = with_problem(form.shown(), &problem);
    let now = record(&customer).await?;
    if !problem.is("profile-changed-meanwhile") {
        return visit.page(&page(&now, shown, version, vec![]));
    }
    let differences = differences(&now, &form);
    visit.page(&page(&now, shown, now.version, differences))
}

/// What the record holds now beside what was typed, where they differ.
pub(crate) fn differences(now: &Record, form: &FormData) -> Vec<Difference> {
    let held = now.data.to_typed();
    [
        (Field::Street, "profile-street"),
        (Field::StreetNumber, "profile-street-number"),
        (Field::PostalCode, "profile-postal-code"),
        (Field::Municipality, "profile-municipality"),
        (Field::Province, "profile-province"),
        (Field::Country, "profile-country"),
        (Field::InvoiceCode, "profile-invoice-code"),
        (Field::InvoicePec, "profile-invoice-pec"),
        (Field::OfficeCode, "profile-office-code"),
    ]
    .into_iter()
    .filter(|(field, _)| held.get(*field) != form.get(field.name()))
    .map(|(field, label)| Difference {
        label: Msg::new(label),
        now: held.get(field).to_owned(),
        typed: form.get(field.name()).to_owned(),
    })
    .collect()
}
