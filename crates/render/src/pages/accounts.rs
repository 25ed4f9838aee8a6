//! Registration, signing in, sessions.

use domain::{
    ident::{password::PasswordPolicy, places},
    party::{Field, Need, SubjectKind, fields},
    time::Timestamp,
};
use serde::Serialize;

use super::{Challenge, Step, password::PasswordRules};
use crate::{Form, Msg, Page};

crate::register!(page: [
    Login, LoginConfirm, RegisterKind, RegisterData, RegisterContacts, RegisterConsents, RegisterCheck,
    RegisterCredentials, RegisterDone, RegisterKnown, RegisterResume, Sessions
]);

macro_rules! form_page {
    ($page:ident, $template:literal, $here:literal, $samples:expr) => {
        impl Page for $page {
            const TEMPLATE: &'static str = $template;
            const HERE: &'static str = $here;
            fn samples() -> Vec<Self> {
                $samples
            }
            fn form(&self) -> Option<&Form> {
                Some(&self.form)
            }
        }
    };
}

/// `/login`: username or mailbox address, and password.
#[derive(Clone, Debug, Serialize)]
pub struct Login {
    pub form: Form,
    /// Where to go afterwards; empty for the usual place.
    pub next: String,
    /// Address of the proof of work's challenge; empty while none is asked.
    pub challenge: Challenge,
    /// What follows the number in a username.
    pub realm: String,
}
form_page!(Login, "pages/accounts/login.html", "login", {
    let page = |form, challenge: &str| Self {
        form,
        next: "/order/names".into(),
        challenge: challenge.into(),
        realm: "account.example.it".into(),
    };
    let typed = Form::new().with("username", "482913");
    vec![
        page(Form::new(), ""),
        page(typed.clone().with_problem(Msg::problem("login-failed-account")), "/captcha"),
        page(typed.with_error("password", Msg::problem("missing-password")), ""),
    ]
});

/// The password again, before a dangerous act; field `step_up_password`. The form that was being sent is carried
/// along, so that nothing is typed twice.
#[derive(Clone, Debug, Serialize)]
pub struct LoginConfirm {
    pub form: Form,
    /// Where the form leads once the password is right.
    pub action: String,
    /// What was typed on the page before.
    pub carried: Vec<(String, String)>,
    /// Username or mailbox address, for password managers.
    pub username: String,
}
form_page!(LoginConfirm, "pages/accounts/confirm.html", "", {
    let page = |form| Self {
        form,
        action: "/account/profile/email".into(),
        carried: vec![("email".into(), "giulia@example.it\"><b>".into())],
        username: "482913@account.example.it".into(),
    };
    vec![page(Form::new()), page(Form::new().with_error("step_up_password", Msg::problem("login-password-wrong")))]
});

/// The steps of the registration; done ones lead back.
fn steps(current: usize, reachable: bool) -> Vec<Step> {
    const PAGES: [(&str, &str); 6] = [
        ("register-step-kind", "/register"),
        ("register-step-data", "/register/data"),
        ("register-step-contacts", "/register/contacts"),
        ("register-step-consents", "/register/consents"),
        ("register-step-check", "/register/check"),
        ("register-step-credentials", "/register/credentials"),
    ];
    let done = |i: usize| reachable && i + 1 < current;
    PAGES
        .iter()
        .enumerate()
        .map(|(i, (label, href))| Step { label: (*label).into(), href: done(i).then(|| (*href).into()) })
        .collect()
}

/// First page: what kind of subject. `sub_type` asks what «altro» is.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterKind {
    pub steps: Vec<Step>,
    pub form: Form,
    pub next: String,
    pub sub_type: bool,
}
impl RegisterKind {
    pub fn new(form: Form, next: String, sub_type: bool) -> Self {
        Self { steps: steps(1, true), form, next, sub_type }
    }
}
form_page!(RegisterKind, "pages/accounts/register_kind.html", "", {
    let wrong = Form::new().with_error("type", Msg::problem("missing-kind"));
    vec![
        Self::new(Form::new(), "/order/names".into(), false),
        Self::new(wrong, String::new(), false),
        Self::new(Form::new().with("kind", "nonprofit"), String::new(), true),
    ]
});

/// A field of the second page, in the way the matrix wants it.
#[derive(Clone, Debug, Serialize)]
pub struct FieldView {
    pub name: String,
    pub optional: bool,
}

/// Fields that belong together, under a heading.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// `register-group-<name>`.
    pub name: String,
    pub fields: Vec<FieldView>,
}

/// Second page: the data of the subject.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterData {
    pub steps: Vec<Step>,
    pub form: Form,
    /// Word of the kind.
    pub kind: String,
    pub groups: Vec<Group>,
    /// Marks and names.
    pub provinces: Vec<(String, String)>,
    /// Codes and names, Italy first.
    pub countries: Vec<(String, String)>,
}
impl RegisterData {
    pub fn new(kind: SubjectKind, form: Form) -> Self {
        let provinces = places::provinces().iter().map(|(mark, name)| ((*mark).into(), (*name).into())).collect();
        let states = places::states().into_iter().map(|p| (p.code.to_owned(), p.name.to_owned()));
        let countries = std::iter::once(("IT".to_owned(), "Italia".to_owned())).chain(states).collect();
        Self { steps: steps(2, true), form, kind: kind.as_str().into(), groups: groups(kind), provinces, countries }
    }
}
form_page!(RegisterData, "pages/accounts/register_data.html", "", {
    let wrong = Form::new()
        .with("fiscal_code", "RSSMRA80A01H501X")
        .with("province", "RM")
        .with("country", "IT")
        .with_error("fiscal_code", Msg::problem("fiscal-code-control"))
        .with_error("municipality", Msg::problem("missing-municipality"));
    let mut pages: Vec<Self> = SubjectKind::ALL.into_iter().map(|k| Self::new(k, Form::new())).collect();
    pages.push(Self::new(SubjectKind::Company, wrong));
    pages
});

/// The fields of a kind by group, in the order in which people think of them: the organisation before
/// who represents it.
pub fn groups(kind: SubjectKind) -> Vec<Group> {
    const ORGANISATION: &[Field] = &[Field::Organisation, Field::VatNumber, Field::WithoutVat, Field::BodyCode];
    const PERSON: &[Field] =
        &[Field::FirstName, Field::LastName, Field::FiscalCode, Field::BirthDate, Field::BirthPlace, Field::Sex];
    const ADDRESS: &[Field] =
        &[Field::Street, Field::StreetNumber, Field::PostalCode, Field::Municipality, Field::Province, Field::Country];
    const INVOICES: &[Field] = &[Field::InvoiceCode, Field::InvoicePec, Field::OfficeCode];
    let shown: Vec<(Field, Need)> = fields(kind).collect();
    let pick = |name: &str, wanted: &[Field]| Group {
        name: name.into(),
        fields: wanted
            .iter()
            .filter_map(|f| shown.iter().find(|(s, _)| s == f))
            .map(|(f, need)| FieldView {
                name: f.name().into(),
                // A box to tick is not called optional, and of two alternatives neither is.
                optional: *need == Need::Optional && *f != Field::WithoutVat,
            })
            .collect(),
    };
    let person = if kind.has_representative() { "representative" } else { "person" };
    let place = if kind == SubjectKind::Person { "residence" } else { "office" };
    let mut groups = vec![
        pick("organisation", ORGANISATION),
        pick(person, PERSON),
        pick(place, ADDRESS),
        pick("invoices", INVOICES),
    ];
    if !kind.has_representative() {
        groups.swap(0, 1);
    }
    groups.retain(|g| !g.fields.is_empty());
    groups
}

/// Third page: e-mail, telephone, secret question.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterContacts {
    pub steps: Vec<Step>,
    pub form: Form,
    /// The typed e-mail looks certified: a warning, and a button to go on all the same.
    pub certified: bool,
    /// A secret answer was given before and need not be typed again.
    pub answer_kept: bool,
}
impl RegisterContacts {
    pub fn new(form: Form, certified: bool, answer_kept: bool) -> Self {
        Self { steps: steps(3, true), form, certified, answer_kept }
    }
}
form_page!(RegisterContacts, "pages/accounts/register_contacts.html", "", {
    let pec =
        Form::new().with("email", "mario@pec.it").with("email_again", "mario@pec.it").with("mobile", "3331234567");
    let wrong = pec.clone().with_error("email_again", Msg::problem("email-differs"));
    vec![Self::new(Form::new(), false, false), Self::new(pec, true, true), Self::new(wrong, false, false)]
});

/// Fourth page: the privacy notice acknowledged, offers wanted or not.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterConsents {
    pub steps: Vec<Step>,
    pub form: Form,
}
impl RegisterConsents {
    pub fn new(form: Form) -> Self {
        Self { steps: steps(4, true), form }
    }
}
form_page!(RegisterConsents, "pages/accounts/register_consents.html", "", {
    let wrong = Form::new()
        .with_error("privacy_notice", Msg::problem("privacy-not-acknowledged"))
        .with_error("marketing", Msg::problem("marketing-not-answered"));
    vec![Self::new(Form::new()), Self::new(wrong)]
});

/// One answer on the page that shows them all: the words of a label and what was typed.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    pub label: Msg,
    /// As typed, or the words of a choice.
    pub text: Option<String>,
    pub words: Option<Msg>,
}
impl Answer {
    pub fn typed(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: Msg::new(label), text: Some(text.into()), words: None }
    }
    pub fn chosen(label: impl Into<String>, words: impl Into<String>) -> Self {
        Self { label: Msg::new(label), text: None, words: Some(Msg::new(words)) }
    }
}

/// Answers of one page, with the way back to it.
#[derive(Clone, Debug, Serialize)]
pub struct Answers {
    pub title: Msg,
    pub href: String,
    pub rows: Vec<Answer>,
}

/// Fifth page: check, then the username is made.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterCheck {
    pub steps: Vec<Step>,
    pub form: Form,
    pub groups: Vec<Answers>,
}
impl RegisterCheck {
    pub fn new(groups: Vec<Answers>, form: Form) -> Self {
        Self { steps: steps(5, true), form, groups }
    }
}
form_page!(RegisterCheck, "pages/accounts/register_check.html", "", {
    let group = |title: &str, href: &str, rows| Answers { title: Msg::new(title), href: href.into(), rows };
    let groups = vec![
        group("register-step-kind", "/register", vec![Answer::chosen("register-kind-label", "register-kind-person")]),
        group(
            "register-step-data",
            "/register/data",
            vec![
                Answer::typed("field-first_name", "Giulia"),
                Answer::typed("field-last_name", "Bianchi <b>"),
                Answer::typed("field-fiscal_code", "BNCGLI85T50H501Z"),
            ],
        ),
    ];
    vec![Self::new(groups, Form::new())]
});

/// The username, and its first password.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterCredentials {
    pub steps: Vec<Step>,
    pub form: Form,
    pub rules: PasswordRules,
}
impl RegisterCredentials {
    pub fn new(form: Form, policy: &PasswordPolicy, username: &str) -> Self {
        Self { steps: steps(6, false), form, rules: PasswordRules::new(policy, username) }
    }
}
form_page!(RegisterCredentials, "pages/accounts/register_credentials.html", "", {
    let page = |form| Self::new(form, &PasswordPolicy::default(), "482913@account.example.it");
    let wrong = Form::new()
        .with_error("password", Msg::problem("password-digit"))
        .with_error("password_again", Msg::problem("password-differs"));
    vec![page(Form::new()), page(wrong)]
});

macro_rules! plain_page {
    ($page:ident, $template:literal, $here:literal, $samples:expr) => {
        impl Page for $page {
            const TEMPLATE: &'static str = $template;
            const HERE: &'static str = $here;
            fn samples() -> Vec<Self> {
                $samples
            }
        }
    };
}

/// The end of the registration.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterDone {
    pub username: String,
    /// Where to go on: the order under way, or the customer area.
    pub next: String,
    pub in_order: bool,
}
plain_page!(RegisterDone, "pages/accounts/register_done.html", "", {
    let page =
        |next: &str, in_order| Self { username: "482913@account.example.it".into(), next: next.into(), in_order };
    vec![page("/account", false), page("/order/names", true)]
});

/// The fiscal code is registered: the way to the credentials, and nothing else.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterKnown {}
plain_page!(RegisterKnown, "pages/accounts/register_known.html", "", vec![Self {}]);

/// The mailed link: opened by a button, since mail scanners follow links.
#[derive(Clone, Debug, Serialize)]
pub struct RegisterResume {
    pub token: String,
    pub alive: bool,
}
plain_page!(RegisterResume, "pages/accounts/register_resume.html", "", {
    let page = |alive| Self { token: "Zm9vYmFy".into(), alive };
    vec![page(true), page(false)]
});

/// One open session.
#[derive(Clone, Debug, Serialize)]
pub struct OpenSession {
    pub id: String,
    /// Browser and system in words, or what the browser called itself.
    pub browser: String,
    pub ip: String,
    pub opened_at: Timestamp,
    pub seen_at: Timestamp,
    pub here: bool,
}

/// `/account/sessions`.
#[derive(Clone, Debug, Serialize)]
pub struct Sessions {
    pub sessions: Vec<OpenSession>,
}
plain_page!(Sessions, "pages/accounts/sessions.html", "sessions", {
    let at = |n: i64| Timestamp::from_micros(1_790_000_000_000_000 + n * 60_000_000);
    let session = |n: i64, browser: &str, here| OpenSession {
        id: format!("ses_{n:032}"),
        browser: browser.into(),
        ip: "192.0.2.7".into(),
        opened_at: at(0),
        seen_at: at(n),
        here,
    };
    vec![
        Self { sessions: vec![session(1, "Firefox, Linux", true)] },
        Self { sessions: vec![session(1, "Firefox, Linux", true), session(2, "<script>", false)] },
    ]
});
