//! Passwords of mailboxes: the first one behind its link, the reset, the change (domain notes 2.9, 7.4).

use domain::ident::password::PasswordPolicy;
use serde::Serialize;

use super::{Challenge, password::PasswordRules};
use crate::{Form, Msg, Page};

crate::register!(page: [
    FirstPassword, FirstPasswordExpired, FirstPasswordDone, ResetRequest, ResetSent, ResetChoose, ChangeInAccount, ChangeInMailbox,
]);

fn rules() -> PasswordRules {
    PasswordRules::new(&PasswordPolicy::default(), "perizie.bianchi@studi.pec.example.it")
}
fn wrong() -> Form {
    Form::new()
        .with_error("password", Msg::problem("password-length").arg("min", 8).arg("max", 64))
        .with_error("password", Msg::problem("password-digit"))
        .with_error("password_again", Msg::problem("password-differs"))
}

/// The first password of a mailbox; fields `password`, `password_again`.
#[derive(Clone, Debug, Serialize)]
pub struct FirstPassword {
    pub form: Form,
    /// The token in the address.
    pub token: String,
    pub rules: PasswordRules,
}
impl Page for FirstPassword {
    const TEMPLATE: &'static str = "pages/mailbox_password/first.html";
    fn samples() -> Vec<Self> {
        let page = |form| Self { form, token: "sample".into(), rules: rules() };
        vec![page(Form::new()), page(wrong())]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The link is too old: a new one can be sent to the same address.
#[derive(Clone, Debug, Serialize)]
pub struct FirstPasswordExpired {
    pub form: Form,
    pub token: String,
    pub address: String,
}
impl Page for FirstPasswordExpired {
    const TEMPLATE: &'static str = "pages/mailbox_password/expired.html";
    fn samples() -> Vec<Self> {
        let page = |form| Self { form, token: "sample".into(), address: "perizie.bianchi@studi.pec.example.it".into() };
        vec![page(Form::new()), page(Form::new().with_problem(Msg::problem("too-many").arg("minutes", 1)))]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The first password is stored.
#[derive(Clone, Debug, Serialize)]
pub struct FirstPasswordDone {
    pub address: String,
    /// Whether the mailbox can be used now.
    pub usable: bool,
    pub imap: Server,
    pub pop3: Server,
    pub smtp: Server,
}
/// What a mail program is told.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    pub host: String,
    pub port: i64,
}
impl Page for FirstPasswordDone {
    const TEMPLATE: &'static str = "pages/mailbox_password/done.html";
    fn samples() -> Vec<Self> {
        let server = |host: &str, port| Server { host: host.into(), port };
        let page = |usable| Self {
            address: "perizie.bianchi@studi.pec.example.it".into(),
            usable,
            imap: server("imap.example.it", 993),
            pop3: server("pop3.example.it", 995),
            smtp: server("smtp.example.it", 465),
        };
        vec![page(true), page(false)]
    }
}

/// «Reset password»: fields `address`, `tax_code`.
#[derive(Clone, Debug, Serialize)]
pub struct ResetRequest {
    pub form: Form,
    /// Address of the captcha's challenge.
    pub challenge: Challenge,
}
impl Page for ResetRequest {
    const TEMPLATE: &'static str = "pages/mailbox_password/recover.html";
    fn samples() -> Vec<Self> {
        let wrong = Form::new()
            .with("address", "bianchi")
            .with_error("address", Msg::problem("mailbox-address-missing"))
            .with_error("tax_code", Msg::problem("holder-tax-code-missing"));
        let page = |form| Self { form, challenge: "/captcha".into() };
        vec![page(Form::new()), page(wrong)]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The answer to every request, right or wrong.
#[derive(Clone, Debug, Serialize)]
pub struct ResetSent {
    /// Part of the contact, or of none.
    pub masked: String,
    pub hours: i64,
}
impl Page for ResetSent {
    const TEMPLATE: &'static str = "pages/mailbox_password/sent.html";
    fn samples() -> Vec<Self> {
        vec![Self { masked: "g•••••i@e•••••.it".into(), hours: 3 }]
    }
}

/// The new password behind a reset link; fields `password`, `password_again`.
#[derive(Clone, Debug, Serialize)]
pub struct ResetChoose {
    pub form: Form,
    pub token: String,
    pub rules: PasswordRules,
}
impl Page for ResetChoose {
    const TEMPLATE: &'static str = "pages/mailbox_password/reset.html";
    fn samples() -> Vec<Self> {
        let page = |form| Self { form, token: "sample".into(), rules: rules() };
        vec![page(Form::new()), page(wrong())]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The change from the customer area; fields `old_password`, `password`, `password_again`.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeInAccount {
    pub form: Form,
    /// `mbx_…`, for the addresses.
    pub mailbox: String,
    pub rules: PasswordRules,
}
impl Page for ChangeInAccount {
    const TEMPLATE: &'static str = "pages/mailbox_password/change_account.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let page = |form| Self { form, mailbox: "mbx_0198".into(), rules: rules() };
        vec![page(Form::new()), page(wrong().with_error("old_password", Msg::problem("password-wrong")))]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// The change from the mailbox's own area; the same fields.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeInMailbox {
    pub form: Form,
    pub rules: PasswordRules,
}
impl Page for ChangeInMailbox {
    const TEMPLATE: &'static str = "pages/mailbox_password/change_mailbox.html";
    const HERE: &'static str = "password";
    fn samples() -> Vec<Self> {
        let page = |form| Self { form, rules: rules() };
        vec![page(Form::new()), page(wrong().with_error("old_password", Msg::problem("password-wrong")))]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}
