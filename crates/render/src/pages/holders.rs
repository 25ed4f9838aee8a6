//! The address book: holder profiles.

use serde::Serialize;

use super::Pager;
use crate::{Form, Msg, Page};

crate::register!(page: [Book, ChooseKind, Profile, DeleteProfile]);

/// A profile in the book.
#[derive(Clone, Debug, Serialize)]
pub struct BookLine {
    pub id: String,
    pub name: String,
    /// Word of the kind of subject, as in `subject-kind-…`.
    pub kind: String,
    pub tax_key: String,
    pub email: String,
    pub mailboxes: i64,
}

/// The list of profiles.
#[derive(Clone, Debug, Serialize)]
pub struct Book {
    pub rows: Vec<BookLine>,
    pub pager: Pager,
}
impl Page for Book {
    const TEMPLATE: &'static str = "pages/holders/book.html";
    const HERE: &'static str = "holders";
    fn samples() -> Vec<Self> {
        let line = |n: i64, name: &str, kind: &str, key: &str| BookLine {
            id: format!("hld_{n}"),
            name: name.into(),
            kind: kind.into(),
            tax_key: key.into(),
            email: "info@example.com".into(),
            mailboxes: n,
        };
        let rows = vec![
            line(0, "Marco Rossi", "person", "RSSMRC80A01H501U"),
            line(3, "Officine Rossi S.r.l.", "company", "01573850516"),
        ];
        vec![Book { rows, pager: Pager::default() }, Book { rows: vec![], pager: Pager::default() }]
    }
}

/// What kind of subject the new profile is.
#[derive(Clone, Debug, Serialize)]
pub struct ChooseKind {
    pub kinds: Vec<String>,
    /// The row of the order that waits for the profile.
    pub row: Option<i64>,
    pub form: Form,
}
impl Page for ChooseKind {
    const TEMPLATE: &'static str = "pages/holders/choose_kind.html";
    const HERE: &'static str = "holders";
    fn samples() -> Vec<Self> {
        let kinds = ["person", "company", "freelancer", "sole_trader", "nonprofit", "public_body", "other"];
        let ask = ChooseKind { kinds: kinds.map(Into::into).into(), row: None, form: Form::new() };
        let wrong = ChooseKind {
            row: Some(2),
            form: Form::new().with_error("kind", Msg::problem("subject-kind-missing")),
            ..ask.clone()
        };
        vec![ask, wrong]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A field of a subject, as the matrix shows it to this kind (component `subject.html`).
#[derive(Clone, Debug, Serialize)]
pub struct SubjectField {
    /// Name of the form control.
    pub name: String,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Shown, but not to be changed.
    pub locked: bool,
}

/// The form of a profile, new or to be corrected.
#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    /// Identifier of the profile that is corrected; `None` for a new one.
    pub id: Option<String>,
    pub name: String,
    pub kind: String,
    pub fields: Vec<SubjectField>,
    /// Code and name, for the choices.
    pub provinces: Vec<(String, String)>,
    pub countries: Vec<(String, String)>,
    pub version: i64,
    /// The row of the order that waits for the profile.
    pub row: Option<i64>,
    /// Mailboxes that a correction reaches; `ask` when the customer must confirm that first.
    pub mailboxes: i64,
    pub ask: bool,
    pub form: Form,
}
impl Page for Profile {
    const TEMPLATE: &'static str = "pages/holders/profile.html";
    const HERE: &'static str = "holders";
    fn samples() -> Vec<Self> {
        let all = [
            "first_name",
            "last_name",
            "organisation",
            "fiscal_code",
            "vat_number",
            "without_vat",
            "body_code",
            "birth_date",
            "birth_place",
            "sex",
            "street",
            "street_number",
            "postal_code",
            "municipality",
            "province",
            "country",
            "invoice_pec",
            "invoice_code",
            "office_code",
            "email",
            "email_again",
            "mobile",
            "phone",
        ];
        let new = Profile {
            id: None,
            name: String::new(),
            kind: "company".into(),
            fields: all
                .iter()
                .map(|n| SubjectField { name: (*n).into(), optional: n.starts_with("birth"), locked: false })
                .collect(),
            provinces: vec![("RM".into(), "Roma".into()), ("MI".into(), "Milano".into())],
            countries: vec![("IT".into(), "Italia".into()), ("Z110".into(), "Francia".into())],
            version: 0,
            row: None,
            mailboxes: 0,
            ask: false,
            form: Form::new().with("country", "IT"),
        };
        let fields =
            new.fields.iter().cloned().map(|f| SubjectField { locked: f.name == "fiscal_code", ..f }).collect();
        let edit = Profile {
            id: Some("hld_1".into()),
            name: "Officine Rossi S.r.l.".into(),
            fields,
            mailboxes: 3,
            ask: true,
            form: Form::new().with("organisation", "Officine Rossi S.r.l.").with("fiscal_code", "RSSMRC80A01H501U"),
            ..new.clone()
        };
        let wrong =
            Profile { row: Some(1), form: Form::new().with_error("email", Msg::problem("email-shape")), ..new.clone() };
        vec![new, wrong, edit]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// «Eliminare il profilo …?»
#[derive(Clone, Debug, Serialize)]
pub struct DeleteProfile {
    pub id: String,
    pub name: String,
    pub tax_key: String,
    pub form: Form,
}
impl Page for DeleteProfile {
    const TEMPLATE: &'static str = "pages/holders/delete.html";
    const HERE: &'static str = "holders";
    fn samples() -> Vec<Self> {
        let ask = DeleteProfile {
            id: "hld_1".into(),
            name: "Marco Rossi".into(),
            tax_key: "RSSMRC80A01H501U".into(),
            form: Form::new(),
        };
        let refused = DeleteProfile { form: Form::new().with_problem(Msg::problem("holder-in-use")), ..ask.clone() };
        vec![ask, refused]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}
