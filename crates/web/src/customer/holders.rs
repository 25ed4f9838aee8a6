//! The address book: list, new, correct, delete.

use app::{
    Problem, queries,
    queries::holders::Profile as Data,
    use_cases::{
        holders::{
            delete_holder::delete_holder,
            edit_holder::{EditHolder, Edited, LOCKED, edit_holder},
            new_holder::new_holder,
        },
        orders::assign_holders::give_row,
    },
};
use axum::{
    extract::{Path, RawQuery},
    http::HeaderMap,
};
use domain::{
    id::HolderId,
    ident::places,
    party::{Field, Need, SubjectKind, Typed, fields},
};
use render::{
    Form, Msg, Tone,
    pages::{
        Pager,
        holders::{Book, BookLine, ChooseKind, DeleteProfile, Profile, SubjectField},
    },
};
use uuid::Uuid;

use crate::{
    Answer, Customer, FormData,
    answer::{mendable, with_problem},
    form,
    shop::cart_token,
    visit::form_encoded,
};

const BOOK: &str = "/account/holders";

pub(super) async fn book(customer: Customer, RawQuery(query): RawQuery) -> Answer {
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let id = asked.get("id").parse::<HolderId>().map_or(Uuid::nil(), HolderId::uuid);
    let (rows, more) = queries::holders::book(&customer.visit.cx, customer.party, (asked.raw("after"), id)).await?;
    let older = rows
        .last()
        .filter(|_| more)
        .map(|h| format!("{BOOK}?after={}&id={}", form_encoded(&h.display_name), HolderId::from_uuid(h.id)));
    let pager = Pager { rows: rows.len() as i64, newer: asked.has("after").then(|| BOOK.to_owned()), older };
    let rows = rows
        .into_iter()
        .map(|h| BookLine {
            id: HolderId::from_uuid(h.id).to_string(),
            name: h.display_name,
            kind: h.kind,
            tax_key: h.tax_key,
            email: h.email,
            mailboxes: h.mailboxes,
        })
        .collect();
    customer.visit.page(&Book { rows, pager })
}

/// First the kind of subject, then its fields.
pub(super) async fn new(customer: Customer, RawQuery(query): RawQuery) -> Answer {
    let asked = query.and_then(|q| form::parse(q.as_bytes())).unwrap_or_default();
    let row = asked.number("row");
    match SubjectKind::parse(asked.get("kind")) {
        Some(kind) => profile_page(&customer, Shown::new(kind, row), Form::new().with("country", "IT")),
        None => {
            let mut form = Form::new();
            if asked.has("go") {
                form = form.with_error("kind", Msg::problem("subject-kind-missing"));
            }
            let kinds = SubjectKind::ALL.map(|k| k.as_str().to_owned()).into();
            customer.visit.page(&ChooseKind { kinds, row, form })
        }
    }
}

pub(super) async fn create(customer: Customer, headers: HeaderMap, form: FormData) -> Answer {
    let visit = &customer.visit;
    let Some(kind) = SubjectKind::parse(form.get("kind")) else { return visit.go("/account/holders/new?go=1") };
    let row: Option<i64> = form.number("row");
    match new_holder(&visit.cx, kind, &Typed::from_pairs(form.pairs())).await {
        Ok(id) => match (row, cart_token(&headers)) {
            (Some(n), Some(token)) => {
                give_row(&visit.cx, token, n.max(0) as usize, id).await?;
                visit.go(&format!("/order/holders#row-{n}"))
            }
            _ => visit.go_saying(BOOK, Tone::Ok, Msg::new("holder-profile-saved")),
        },
        Err(problem) if mendable(&problem) => {
            profile_page(&customer, Shown::new(kind, row), with_problem(form.shown(), &problem))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn data(customer: &Customer, id: &str) -> Result<Data, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    queries::holders::profile(&customer.visit.cx, customer.party, id).await
}

fn filled(data: &Data) -> Form {
    let form = Form::from_pairs(data.subject.to_typed().pairs());
    form.with("email", data.contacts.email.clone())
        .with("email_again", data.contacts.email.clone())
        .with("mobile", data.contacts.mobile.clone().unwrap_or_default())
        .with("phone", data.contacts.phone.clone().unwrap_or_default())
}

pub(super) async fn edit(customer: Customer, Path(id): Path<String>) -> Answer {
    let data = data(&customer, &id).await?;
    profile_page(&customer, Shown::of(&data, false), filled(&data))
}

pub(super) async fn save(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let data = data(&customer, &id).await?;
    let visit = &customer.visit;
    let input = EditHolder {
        id: data.id,
        version: form.number("version").unwrap_or(0),
        typed: Typed::from_pairs(form.pairs()),
        confirmed: form.number("confirmed"),
    };
    // What is locked is shown as it is kept, whatever was sent.
    let kept = data.subject.to_typed();
    let shown = LOCKED.iter().fold(form.shown(), |f, field| f.with(field.name(), kept.get(*field)));
    match edit_holder(&visit.cx, input).await {
        Ok(Edited::Saved) => visit.go_saying(BOOK, Tone::Ok, Msg::new("holder-profile-saved")),
        Ok(Edited::AskFirst { mailboxes }) => {
            profile_page(&customer, Shown { mailboxes, ..Shown::of(&data, true) }, shown)
        }
        Err(problem) if problem.is("holder-changed") => {
            profile_page(&customer, Shown::of(&data, false), with_problem(filled(&data), &problem))
        }
        Err(problem) if mendable(&problem) => {
            profile_page(&customer, Shown::of(&data, false), with_problem(shown, &problem))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What stands around the fields.
struct Shown {
    id: Option<HolderId>,
    name: String,
    kind: SubjectKind,
    version: i64,
    row: Option<i64>,
    mailboxes: i64,
    ask: bool,
}
impl Shown {
    fn new(kind: SubjectKind, row: Option<i64>) -> Self {
        Self { id: None, name: String::new(), kind, version: 0, row, mailboxes: 0, ask: false }
    }
    fn of(data: &Data, ask: bool) -> Self {
        Self {
            id: Some(data.id),
            name: data.subject.display_name(),
            kind: data.subject.kind,
            version: data.version,
            row: None,
            mailboxes: data.mailboxes,
            ask,
        }
    }
}

fn profile_page(customer: &Customer, shown: Shown, form: Form) -> Answer {
    let locked = |f: Field| shown.id.is_some() && LOCKED.contains(&f);
    let fields = fields(shown.kind)
        .map(|(field, need)| SubjectField {
            name: field.name().into(),
            optional: need == Need::Optional,
            locked: locked(field),
        })
        .collect();
    let provinces = places::provinces().iter().map(|(code, name)| ((*code).into(), (*name).into())).collect();
    let italy = ("IT".to_owned(), customer.visit.say("subject-country-it"));
    let abroad = places::states().into_iter().map(|p| (p.code.to_owned(), p.name.to_owned()));
    customer.visit.page(&Profile {
        id: shown.id.map(|id| id.to_string()),
        name: shown.name,
        kind: shown.kind.as_str().into(),
        fields,
        provinces,
        countries: std::iter::once(italy).chain(abroad).collect(),
        version: shown.version,
        row: shown.row,
        mailboxes: shown.mailboxes,
        ask: shown.ask,
        form,
    })
}

pub(super) async fn ask_delete(customer: Customer, Path(id): Path<String>) -> Answer {
    let data = data(&customer, &id).await?;
    delete_page(&customer, &data, Form::new())
}

fn delete_page(customer: &Customer, data: &Data, form: Form) -> Answer {
    customer.visit.page(&DeleteProfile {
        id: data.id.to_string(),
        name: data.subject.display_name(),
        tax_key: data.subject.tax_key().into(),
        form,
    })
}

pub(super) async fn delete(customer: Customer, Path(id): Path<String>, form: FormData) -> Answer {
    let data = data(&customer, &id).await?;
    customer.visit.step_up(&form).await?;
    match delete_holder(&customer.visit.cx, data.id).await {
        Ok(()) => customer.visit.go_saying(BOOK, Tone::Ok, Msg::new("holder-profile-deleted")),
        Err(problem) if mendable(&problem) => delete_page(&customer, &data, with_problem(form.shown(), &problem)),
        Err(problem) => Err(problem.into()),
    }
}
