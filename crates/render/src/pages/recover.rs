//! Recovery of username and password: pages for those who cannot sign in (domain notes 1.7).
//! They say the same whether an account exists or not.

use serde::Serialize;

use super::password::PasswordRules;
use crate::{Form, Msg, Page};

crate::register!(page: [RecoverHome, RecoverUsername, RecoverPassword, RecoverWay, RecoverCode, ResetPassword]);

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
    pub challenge: String,
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
    pub challenge: String,
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
