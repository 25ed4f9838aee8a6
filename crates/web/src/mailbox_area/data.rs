//! «I tuoi dati»: the holder's record, editable except first name, last name and fiscal code (S4). A record that has
//! an account of its own is changed there: a mailbox password must not open it.

use app::{
    Problem,
    queries::profile::{Record, record},
    use_cases::accounts::{
        change_address::{change_address, editable},
        change_contacts::{TypedContacts, change_contacts},
        change_email::{TypedEmail, confirm_email_change, pending_email, request_email_change},
    },
};
use domain::{
    ident::places,
    party::{Field, Typed},
};
use render::{
    Form, Msg, Tone,
    pages::{
        holder_area::MemberData,
        profile::{Choice, Difference},
    },
};

use super::Member;
use crate::{
    Answer, FormData,
    answer::{mendable, with_problem},
    profile::{differences, locked},
};

const PAGE: &str = "/mailbox/data";

/// The record's values in the fields of the page.
fn filled(record: &Record) -> Form {
    let typed = record.data.to_typed();
    Form::from_pairs(typed.pairs().filter(|(name, _)| Field::parse(name).is_some_and(editable)))
        .with("mobile", record.mobile.clone().unwrap_or_default())
        .with("phone", record.phone.clone().unwrap_or_default())
}

async fn page(member: &Member, now: &Record, form: Form, conflict: Vec<Difference>) -> Answer {
    let provinces = places::provinces().iter().map(|(mark, name)| Choice((*mark).into(), format!("{name} ({mark})")));
    let abroad = places::states().into_iter().map(|s| Choice(s.code.into(), s.name.into()));
    member.visit.page(&MemberData {
        credit: member.credit(),
        locked: locked(&now.data),
        email: now.email.clone(),
        pending: pending_email(&member.visit.cx, member.row.party_id).await?,
        elsewhere: member.row.has_account,
        version: now.version,
        provinces: provinces.collect(),
        countries: std::iter::once(Choice("IT".into(), "Italia".into())).chain(abroad).collect(),
        conflict,
        form,
    })
}

pub(super) async fn show(member: Member) -> Answer {
    let now = record(&member.visit.cx, member.row.party_id).await?;
    let form = filled(&now);
    page(&member, &now, form, vec![]).await
}

/// What was typed over the record's values, with what is wrong.
async fn again(member: &Member, form: &FormData, problem: Problem) -> Answer {
    if !mendable(&problem) {
        return Err(problem.into());
    }
    let now = record(&member.visit.cx, member.row.party_id).await?;
    let typed = form.shown();
    let mut shown = filled(&now);
    for (name, _) in form.carried() {
        shown = shown.with(name, typed.value(name));
    }
    let stale = problem.is("profile-changed-meanwhile") && form.has("street");
    let conflict = if stale { differences(&now, form) } else { vec![] };
    page(member, &now, with_problem(shown, &problem), conflict).await
}

fn own(member: &Member) -> Result<(), Problem> {
    if member.row.has_account { Err(Problem::forbidden()) } else { Ok(()) }
}

fn saved(member: &Member) -> Answer {
    member.visit.go_saying(PAGE, Tone::Ok, Msg::new("area-data-saved"))
}

pub(super) async fn save_address(member: Member, form: FormData) -> Answer {
    own(&member)?;
    let version = form.number("version").unwrap_or_default();
    let typed = Typed::from_pairs(form.pairs());
    match change_address(&member.visit.cx, member.row.party_id, version, typed).await {
        Ok(()) => saved(&member),
        Err(problem) => again(&member, &form, problem).await,
    }
}

pub(super) async fn save_contacts(member: Member, form: FormData) -> Answer {
    own(&member)?;
    // Codes and warnings go there: a session left open must not move them elsewhere.
    member.visit.step_up(&form).await?;
    let now = record(&member.visit.cx, member.row.party_id).await?;
    let typed = TypedContacts {
        phone: form.get("phone").into(),
        mobile: form.get("mobile").into(),
        locale: now.locale.code().into(),
        version: form.number("version").unwrap_or_default(),
    };
    match change_contacts(&member.visit.cx, member.row.party_id, typed).await {
        Ok(()) => saved(&member),
        Err(problem) => again(&member, &form, problem).await,
    }
}

pub(super) async fn send_code(member: Member, form: FormData) -> Answer {
    own(&member)?;
    member.visit.step_up(&form).await?;
    let typed = TypedEmail { email: form.get("email").into(), again: form.get("email_again").into() };
    match request_email_change(&member.visit.cx, member.row.party_id, typed).await {
        Ok(()) => member.visit.go_saying(PAGE, Tone::Ok, Msg::new("area-email-sent")),
        Err(problem) => again(&member, &form, problem).await,
    }
}

pub(super) async fn confirm_email(member: Member, form: FormData) -> Answer {
    own(&member)?;
    match confirm_email_change(&member.visit.cx, member.row.party_id, form.get("code").into()).await {
        Ok(()) => saved(&member),
        Err(problem) => again(&member, &form, problem).await,
    }
}
