//! Recovery of username and password: pages for those who cannot sign in (domain notes 1.7).
//! They say the same whether an account exists or not.

use serde::Serialize;

use super::{Challenge, password::PasswordRules};
use crate::{Form, Msg, Page};

crate::register!(page: [RecoverHome, RecoverUsername, RecoverPassword, RecoverWay, RecoverCode, ResetPassword, QuestionWho,
    QuestionAnswer, QuestionAddress, QuestionCode, QuestionStop]);

/// Which of the two was forgotten.
#[derive(Clone, Debug, Serialize)]
pub struct RecoverHome {}
impl Page for RecoverHome {
    const TEMPLATE: &'static str = "pages/recover/home.html";
    fn samples() -> Vec<Self> {
        vec![Self {}]
    }
}

/// Asks the e-mail or the tax number of the record; field `who`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoverUsername {
    pub form: Form,
    /// Address of the captcha's challenge; empty where none is asked.
    pub challenge: Challenge,
}
impl Page for RecoverUsername {
    const TEMPLATE: &'static str = "pages/recover/username.html";
    fn samples() -> Vec<Self> {
        let wrong = Form::new().with("who", "mario").with_error("who", Msg::problem("recover-who"));
        vec![
            Self { form: Form::new(), challenge: "/captcha".into() },
            Self { form: wrong, challenge: "/captcha".into() },
        ]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// Asks the username; field `username`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoverPassword {
    pub form: Form,
    /// Address of the captcha's challenge; empty where none is asked.
    pub challenge: Challenge,
    /// `@realm`, to show how a username looks.
    pub realm: String,
}
impl Page for RecoverPassword {
    const TEMPLATE: &'static str = "pages/recover/password.html";
    fn samples() -> Vec<Self> {
        let wrong = Form::new().with("username", "mario").with_error("username", Msg::problem("recover-username"));
        let page = |form| Self { form, challenge: "/captcha".into(), realm: "account.example.it".into() };
        vec![page(Form::new()), page(wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The choice between link and code; field `way`. Recipients are masked, and made up for unknown usernames.
#[derive(Clone, Debug, Serialize)]
pub struct RecoverWay {
    pub form: Form,
    pub username: String,
    pub email: String,
    /// Empty when there is no mobile.
    pub mobile: String,
}
impl Page for RecoverWay {
    const TEMPLATE: &'static str = "pages/recover/way.html";
    fn samples() -> Vec<Self> {
        let page = |form, mobile: &str| Self {
            form,
            username: "482913@account.example.it".into(),
            email: "g•••••@•••••.it".into(),
            mobile: mobile.into(),
        };
        vec![page(Form::new(), "+39•••••••567"), page(Form::new().with_error("way", Msg::problem("recover-way")), "")]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// Asks the code sent by text message; field `code`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoverCode {
    pub form: Form,
    pub username: String,
}
impl Page for RecoverCode {
    const TEMPLATE: &'static str = "pages/recover/code.html";
    fn samples() -> Vec<Self> {
        let page = |form| Self { form, username: "482913@account.example.it".into() };
        let wrong = Form::new().with("code", "000000").with_error("code", Msg::problem("code-wrong"));
        vec![page(Form::new()), page(wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The new password at the end of a link or a code.
#[derive(Clone, Debug, Serialize)]
pub struct ResetPassword {
    pub form: Form,
    /// The token in the address.
    pub token: String,
    pub rules: PasswordRules,
}
impl Page for ResetPassword {
    const TEMPLATE: &'static str = "pages/recover/reset.html";
    fn samples() -> Vec<Self> {
        let page = |form| Self { form, token: "sample".into(), rules: PasswordRules::sample() };
        let wrong = Form::new()
            .with_error("password", Msg::problem("password-digit"))
            .with_error("password_again", Msg::problem("password-differs"));
        vec![page(Form::new()), page(wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

macro_rules! form_page {
    ($page:ident, $template:literal, $samples:expr) => {
        impl Page for $page {
            const TEMPLATE: &'static str = $template;
            fn samples() -> Vec<Self> {
                $samples
            }
            fn form(&self) -> Option<&Form> {
                Some(&self.form)
            }
        }
    };
}

/// Recovery by the secret question: who; fields `username`, `tax_code`.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionWho {
    pub form: Form,
    /// Address of the captcha's challenge; empty where none is asked.
    pub challenge: Challenge,
    pub realm: String,
}
form_page!(QuestionWho, "pages/recover/question_who.html", {
    let page = |form| Self { form, challenge: "/captcha".into(), realm: "account.example.it".into() };
    let wrong = Form::new()
        .with("username", "mario")
        .with_error("username", Msg::problem("recover-username"))
        .with_error("tax_code", Msg::problem("recover-tax-code"));
    vec![page(Form::new()), page(wrong)]
});

/// The question, a usual one for who has none; field `secret_answer`.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionAnswer {
    pub form: Form,
    pub username: String,
    pub tax_code: String,
    /// The record's own words.
    pub own: Option<String>,
    /// The words of a usual one.
    pub usual: Msg,
}
form_page!(QuestionAnswer, "pages/recover/question_answer.html", {
    let page = |form, own: Option<&str>| Self {
        form,
        username: "482913".into(),
        tax_code: "RSSMRA80A01H501U".into(),
        own: own.map(str::to_owned),
        usual: Msg::new("usual-question-0"),
    };
    let wrong = Form::new().with("secret_answer", "x").with_error("secret_answer", Msg::problem("secret-answer-wrong"));
    vec![page(Form::new(), Some("Come si chiamava <il> mio primo gatto?")), page(wrong, None)]
});

/// The new address, typed twice; fields `email`, `email_again`.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionAddress {
    pub form: Form,
    pub token: String,
}
form_page!(QuestionAddress, "pages/recover/question_address.html", {
    let wrong = Form::new().with("email", "x").with_error("email", Msg::problem("email-same"));
    vec![Self { form: Form::new(), token: "sample".into() }, Self { form: wrong, token: "sample".into() }]
});

/// A code sent to the new address, or to the mobile; field `code`.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionCode {
    pub form: Form,
    pub action: String,
    pub by_sms: bool,
    /// The address, or the mobile with most of it hidden.
    pub to: String,
}
form_page!(QuestionCode, "pages/recover/question_code.html", {
    let page =
        |form, by_sms, to: &str| Self { form, action: "/recover/question/email/x".into(), by_sms, to: to.into() };
    let wrong = Form::new().with("code", "000000").with_error("code", Msg::problem("code-wrong"));
    vec![page(Form::new(), false, "nuova@example.org"), page(wrong, true, "+39•••••••567")]
});

/// Asks before a waiting recovery is stopped.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionStop {
    pub token: String,
}
impl Page for QuestionStop {
    const TEMPLATE: &'static str = "pages/recover/question_stop.html";
    fn samples() -> Vec<Self> {
        vec![Self { token: "sample".into() }]
    }
}
