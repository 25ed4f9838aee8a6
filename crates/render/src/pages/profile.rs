//! The registry record in the customer area: data, contacts, e-mail, password, consents, further logins.

use domain::time::{Date, Timestamp};
use serde::Serialize;

use super::password::PasswordRules;
use crate::{Form, Msg, Page};

crate::register!(page: [
    Profile, ProfileContacts, ProfileAddress, ProfileEmail, ProfileEmailCode, ChangePassword, Consents, NewLogin,
    NewLoginConfirm, NewLoginDone, ProfileQuestion]);

/// One row of facts; the words are a key of its own.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    pub label: Msg,
    pub value: String,
}
impl Fact {
    pub fn new(label: &str, value: impl Into<String>) -> Self {
        Self { label: Msg::new(label), value: value.into() }
    }
}

/// «I tuoi dati».
#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    /// Data that change only with a change of holder, or through support.
    pub locked: Vec<Fact>,
    pub birth: Option<Date>,
    pub birth_place: String,
    pub address: Vec<String>,
    pub invoicing: Vec<Fact>,
    pub email: String,
    /// Looks like certified mail: ordinary mail may be refused there.
    pub email_certified: bool,
    /// Messages came back.
    pub email_unreachable: bool,
    /// Waits for its code.
    pub pending_email: Option<String>,
    pub mobile: Option<String>,
    pub phone: Option<String>,
    /// Language of messages: `it` or `en`.
    pub messages_in: String,
    /// A secret question is set.
    pub question_set: bool,
    pub username: String,
    /// All usernames of the record.
    pub usernames: Vec<String>,
}
impl Page for Profile {
    const TEMPLATE: &'static str = "pages/profile/profile.html";
    const HERE: &'static str = "profile";
    fn samples() -> Vec<Self> {
        let usual = Self {
            locked: vec![
                Fact::new("profile-first-name", "Giulia"),
                Fact::new("profile-last-name", "Bianchi"),
                Fact::new("profile-fiscal-code", "BNCGLI85T41H501X"),
            ],
            birth: Date::new(1985, 12, 1),
            birth_place: "Roma (RM)".into(),
            address: vec!["Via dei Serpenti 12".into(), "00184 Roma (RM)".into()],
            invoicing: vec![],
            email: "giulia@example.it".into(),
            email_certified: false,
            email_unreachable: false,
            pending_email: None,
            mobile: Some("+393331234567".into()),
            phone: None,
            messages_in: "it".into(),
            question_set: true,
            username: "482913@account.example.it".into(),
            usernames: vec!["482913@account.example.it".into()],
        };
        let company = Self {
            locked: vec![
                Fact::new("profile-organisation", "Società Agricola dei Fratelli Bartolomei in liquidazione S.r.l."),
                Fact::new("profile-vat-number", "00743110157"),
                Fact::new("profile-body-code", "00743110157"),
            ],
            birth: None,
            birth_place: String::new(),
            invoicing: vec![Fact::new("profile-invoice-pec", "bartolomei@pec.example.it")],
            email: "bartolomei@pec.example.it".into(),
            email_certified: true,
            email_unreachable: true,
            pending_email: Some("amministrazione@example.it".into()),
            mobile: None,
            phone: Some("+390649912345".into()),
            usernames: (0..20).map(|n| format!("{}@account.example.it", 482_913 + n)).collect(),
            ..usual.clone()
        };
        vec![usual, company]
    }
}

/// A datum that another login changed while the form was open.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    pub label: Msg,
    /// What the record holds now.
    pub now: String,
    pub typed: String,
}
impl Difference {
    fn sample() -> Vec<Self> {
        let mobile = Msg::new("profile-mobile");
        vec![Self { label: mobile, now: "+393330000000".into(), typed: "333 1234567".into() }]
    }
}

/// Telephone, mobile and language; fields `mobile`, `phone`, `locale`, `version`.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileContacts {
    pub form: Form,
    pub version: i64,
    /// Filled when another login was faster.
    pub conflict: Vec<Difference>,
}
impl Page for ProfileContacts {
    const TEMPLATE: &'static str = "pages/profile/contacts.html";
    const HERE: &'static str = "profile";
    fn samples() -> Vec<Self> {
        let form = || Form::new().with("mobile", "+393331234567").with("locale", "it");
        let wrong = form().with("phone", "800 123456").with_error("phone", Msg::problem("phone-service"));
        let conflict = form().with_problem(Msg::problem("profile-changed-meanwhile"));
        vec![
            Self { form: form(), version: 3, conflict: vec![] },
            Self { form: wrong, version: 3, conflict: vec![] },
            Self { form: conflict, version: 4, conflict: Difference::sample() },
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A choice of a list: value and words.
#[derive(Clone, Debug, Serialize)]
pub struct Choice(pub String, pub String);

/// Address and e-invoice data; fields as in registration, and `version`.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileAddress {
    pub form: Form,
    pub version: i64,
    /// The kind of subject is asked for a recipient code or a PEC address.
    pub with_invoicing: bool,
    /// The kind of subject is asked for an office code.
    pub with_office: bool,
    pub provinces: Vec<Choice>,
    pub countries: Vec<Choice>,
    /// Filled when another login was faster.
    pub conflict: Vec<Difference>,
}
impl Page for ProfileAddress {
    const TEMPLATE: &'static str = "pages/profile/address.html";
    const HERE: &'static str = "profile";
    fn samples() -> Vec<Self> {
        let choice = |value: &str, words: &str| Choice(value.into(), words.into());
        let form = || {
            let mut form = Form::new().with("country", "IT").with("province", "RM");
            for (name, value) in [
                ("street", "Via dei Serpenti"),
                ("street_number", "12"),
                ("postal_code", "00184"),
                ("municipality", "Roma"),
            ] {
                form = form.with(name, value);
            }
            form
        };
        let page = |form, conflict| Self {
            form,
            version: 3,
            with_invoicing: true,
            with_office: false,
            provinces: vec![choice("MI", "Milano"), choice("RM", "Roma")],
            countries: vec![choice("IT", "Italia"), choice("Z110", "Francia")],
            conflict,
        };
        let wrong =
            form().with("municipality", "Parigi").with_error("municipality", Msg::problem("place-municipality"));
        let conflict = form().with_problem(Msg::problem("profile-changed-meanwhile"));
        vec![
            page(form(), vec![]),
            Self { with_office: true, with_invoicing: false, ..page(wrong, vec![]) },
            page(conflict, Difference::sample()),
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A new registered e-mail; fields `email`, `email_again`.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileEmail {
    pub form: Form,
    pub current: String,
}
impl Page for ProfileEmail {
    const TEMPLATE: &'static str = "pages/profile/email.html";
    const HERE: &'static str = "profile";
    fn samples() -> Vec<Self> {
        let wrong = Form::new().with("email", "a@example.it").with_error("email_again", Msg::problem("email-differs"));
        let page = |form| Self { form, current: "giulia@example.it".into() };
        vec![page(Form::new()), page(wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The code sent to the new e-mail; field `code`.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileEmailCode {
    pub form: Form,
    pub new: String,
    /// Looks like certified mail: the code may not arrive.
    pub certified: bool,
}
impl Page for ProfileEmailCode {
    const TEMPLATE: &'static str = "pages/profile/email_code.html";
    const HERE: &'static str = "profile";
    fn samples() -> Vec<Self> {
        let wrong = Form::new().with_error("code", Msg::problem("code-wrong"));
        vec![
            Self { form: Form::new(), new: "giulia.nuova@example.it".into(), certified: false },
            Self { form: wrong, new: "giulia@pec.example.it".into(), certified: true },
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The secret question; fields `secret_question`, `secret_answer`.
#[derive(Clone, Debug, Serialize)]
pub struct ProfileQuestion {
    pub form: Form,
    /// There is one now.
    pub set: bool,
}
impl Page for ProfileQuestion {
    const TEMPLATE: &'static str = "pages/profile/question.html";
    const HERE: &'static str = "profile";
    fn samples() -> Vec<Self> {
        let wrong = Form::new()
            .with("secret_question", "Chi?")
            .with_error("secret_answer", Msg::problem("secret-answer-in-question"));
        vec![Self { form: Form::new(), set: false }, Self { form: wrong, set: true }]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A new password for who knows the present one.
#[derive(Clone, Debug, Serialize)]
pub struct ChangePassword {
    pub form: Form,
    pub rules: PasswordRules,
}
impl Page for ChangePassword {
    const TEMPLATE: &'static str = "pages/profile/password.html";
    const HERE: &'static str = "profile";
    fn samples() -> Vec<Self> {
        let wrong = Form::new().with_error("present_password", Msg::problem("login-password-wrong"));
        let page = |form| Self { form, rules: PasswordRules::sample() };
        vec![page(Form::new()), page(wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A question of the consents page.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// `marketing`, `guides`, `surveys`, `profiling`: words `consent-<kind>` and `consent-<kind>-more`.
    pub kind: String,
    pub given: bool,
    /// When it was last answered.
    pub at: Option<Timestamp>,
}

/// «Consensi e preferenze».
#[derive(Clone, Debug, Serialize)]
pub struct Consents {
    pub consents: Vec<Consent>,
    pub notice_version: Option<String>,
    pub notice_at: Option<Timestamp>,
    pub email: String,
}
impl Page for Consents {
    const TEMPLATE: &'static str = "pages/profile/consents.html";
    const HERE: &'static str = "consents";
    fn samples() -> Vec<Self> {
        let at = Timestamp::from_micros(1_790_000_000_000_000);
        let consent = |kind: &str, given, at| Consent { kind: kind.into(), given, at };
        let consents = vec![
            consent("marketing", true, Some(at)),
            consent("guides", false, Some(at)),
            consent("surveys", false, None),
            consent("profiling", false, None),
        ];
        let some = Self {
            consents,
            notice_version: Some("2026-01".into()),
            notice_at: Some(at),
            email: "giulia@example.it".into(),
        };
        vec![some.clone(), Self { notice_version: None, notice_at: None, ..some }]
    }
}

/// «Crea nuova login»: the password of a further username.
#[derive(Clone, Debug, Serialize)]
pub struct NewLogin {
    pub form: Form,
    pub rules: PasswordRules,
    pub usernames: Vec<String>,
    pub at_most: i64,
    /// No further one is possible.
    pub full: bool,
}
impl Page for NewLogin {
    const TEMPLATE: &'static str = "pages/profile/new_login.html";
    fn samples() -> Vec<Self> {
        let names = |n: i64| (0..n).map(|i| format!("{}@account.example.it", 482_913 + i)).collect();
        let page =
            |form, n, full| Self { form, rules: PasswordRules::sample(), usernames: names(n), at_most: 20, full };
        let wrong = Form::new().with_error("password", Msg::problem("password-digit"));
        vec![page(Form::new(), 1, false), page(wrong, 2, false), page(Form::new(), 20, true)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The confirmation of a further username.
#[derive(Clone, Debug, Serialize)]
pub struct NewLoginConfirm {
    /// Key of the form: sent twice it makes one login.
    pub key: String,
    pub name: String,
}
impl Page for NewLoginConfirm {
    const TEMPLATE: &'static str = "pages/profile/new_login_confirm.html";
    fn samples() -> Vec<Self> {
        vec![Self { key: "sample".into(), name: "Giulia Bianchi".into() }]
    }
}

/// The further username.
#[derive(Clone, Debug, Serialize)]
pub struct NewLoginDone {
    pub username: String,
    pub email: String,
}
impl Page for NewLoginDone {
    const TEMPLATE: &'static str = "pages/profile/new_login_done.html";
    fn samples() -> Vec<Self> {
        vec![Self { username: "482914@account.example.it".into(), email: "giulia@example.it".into() }]
    }
}
