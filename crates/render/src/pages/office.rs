//! The back office: sign-in of operators, first page, stuck effects, operators.

use domain::time::Timestamp;
use serde::Serialize;

use super::{Challenge, Further, password::PasswordRules};
use crate::{
    Form, Msg, Page,
    qr::{self, Drawing},
};

crate::register!(page: [
    OfficeLogin, OfficeCode, OfficeEnrol, OfficeHome, OfficeEffects, GiveUpEffect, Operators, NewOperator,
    ResetOperator, OperatorPassword
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

/// `/office/login`: username and password.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeLogin {
    pub form: Form,
    /// Where to go afterwards; empty for the first page.
    pub next: String,
    /// Address of the proof of work's challenge; empty while none is asked.
    pub challenge: Challenge,
}
form_page!(OfficeLogin, "pages/office/login.html", "", {
    let page = |form, challenge: &str| Self { form, next: "/office/effects".into(), challenge: challenge.into() };
    let typed = Form::new().with("username", "sara.conti");
    vec![
        page(Form::new(), ""),
        page(typed.clone().with_problem(Msg::problem("office-failed")), "/captcha"),
        page(typed.with_error("password", Msg::problem("missing-password")), ""),
    ]
});

/// The code of the authenticator app.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeCode {
    pub form: Form,
    pub next: String,
    pub username: String,
}
form_page!(OfficeCode, "pages/office/code.html", "", {
    let page = |form| Self { form, next: String::new(), username: "sara.conti".into() };
    vec![page(Form::new()), page(Form::new().with_error("code", Msg::problem("office-code-wrong")))]
});

/// The first sign-in: a password of one's own, and the app to be connected.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeEnrol {
    pub form: Form,
    pub next: String,
    pub rules: PasswordRules,
    /// The app's address as a QR code.
    pub drawing: Drawing,
    /// The key for who cannot scan it, in groups of four.
    pub secret: String,
}
form_page!(OfficeEnrol, "pages/office/enrol.html", "", {
    let page = |form| {
        Self {
        form,
        next: String::new(),
        rules: PasswordRules::sample(),
        drawing: qr::draw("otpauth://totp/Postacerta%20Demo:sara.conti?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Postacerta%20Demo").expect("short enough"),
        secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
    }
    };
    let wrong = Form::new()
        .with_error("password", Msg::problem("password-digit"))
        .with_error("code", Msg::problem("office-code-wrong"));
    vec![page(Form::new()), page(wrong)]
});

/// A figure of the first page.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    pub label: Msg,
    pub count: i64,
    /// Where the things can be seen, if a page shows them.
    pub href: Option<String>,
    /// Anything but nought wants somebody.
    pub alarm: bool,
}
/// Figures under one title.
#[derive(Clone, Debug, Serialize)]
pub struct FigureGroup {
    pub title: Msg,
    pub figures: Vec<Figure>,
}
/// `/office`.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeHome {
    pub groups: Vec<FigureGroup>,
    /// Counting stops here.
    pub limit: i64,
}
impl Page for OfficeHome {
    const TEMPLATE: &'static str = "pages/office/home.html";
    const HERE: &'static str = "office";
    fn samples() -> Vec<Self> {
        let figure = |label: &str, count, href: Option<&str>| Figure {
            label: Msg::new(label),
            count,
            href: href.map(str::to_owned),
            alarm: href.is_some(),
        };
        let page = |stuck, active| Self {
            groups: vec![
                FigureGroup {
                    title: Msg::new("office-group-work"),
                    figures: vec![
                        figure("office-effects-stuck", stuck, Some("/office/effects")),
                        figure("office-effects-waiting", 12, None),
                    ],
                },
                FigureGroup {
                    title: Msg::new("office-group-mailboxes"),
                    figures: vec![figure("office-mailboxes-active", active, None)],
                },
            ],
            limit: 1000,
        };
        vec![page(0, 7), page(3, 1001)]
    }
}

/// A stuck effect.
#[derive(Clone, Debug, Serialize)]
pub struct EffectLine {
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub since: Option<Timestamp>,
    pub attempts: i64,
    pub reason: String,
}
fn sample_effect() -> EffectLine {
    EffectLine {
        id: "eff_0199c0ffee00000000000000000000aa".into(),
        kind: "send_notice".into(),
        subject: "order".into(),
        since: Some(Timestamp::from_micros(1_790_000_000_000_000)),
        attempts: 64,
        reason: "the mail server answers 550 <no such user>".into(),
    }
}

/// `/office/effects`.
#[derive(Clone, Debug, Serialize)]
pub struct OfficeEffects {
    pub rows: Vec<EffectLine>,
    pub further: Further,
    pub may_retry: bool,
    pub may_give_up: bool,
}
impl Page for OfficeEffects {
    const TEMPLATE: &'static str = "pages/office/effects.html";
    const HERE: &'static str = "effects";
    fn samples() -> Vec<Self> {
        let page = |rows, more: bool, may_retry, may_give_up| {
            let more = more.then(|| "/office/effects?after=0.eff_0198".to_owned());
            Self { rows, further: Further { start: None, more }, may_retry, may_give_up }
        };
        vec![
            page(vec![], false, true, true),
            page(vec![sample_effect()], true, true, true),
            page(vec![EffectLine { since: None, ..sample_effect() }], false, false, false),
        ]
    }
}

/// Asks before an effect is given up.
#[derive(Clone, Debug, Serialize)]
pub struct GiveUpEffect {
    pub row: EffectLine,
}
impl Page for GiveUpEffect {
    const TEMPLATE: &'static str = "pages/office/give_up.html";
    const HERE: &'static str = "effects";
    fn samples() -> Vec<Self> {
        vec![Self { row: sample_effect() }]
    }
}

/// An operator in the list.
#[derive(Clone, Debug, Serialize)]
pub struct OperatorLine {
    pub id: String,
    pub username: String,
    pub name: String,
    /// Word of the role.
    pub role: Option<String>,
    pub blocked: bool,
    pub enrolled: bool,
    pub last_login_at: Option<Timestamp>,
    /// The one who looks.
    pub own: bool,
}

/// `/office/operators`.
#[derive(Clone, Debug, Serialize)]
pub struct Operators {
    pub rows: Vec<OperatorLine>,
}
impl Page for Operators {
    const TEMPLATE: &'static str = "pages/office/operators.html";
    const HERE: &'static str = "operators";
    fn samples() -> Vec<Self> {
        let line = |n: i64, role: &str, blocked, enrolled| OperatorLine {
            id: format!("opr_{n}"),
            username: format!("sara.conti{n}"),
            name: "Sara Conti".into(),
            role: Some(role.into()),
            blocked,
            enrolled,
            last_login_at: enrolled.then_some(Timestamp::from_micros(1_790_000_000_000_000)),
            own: n == 1,
        };
        let rows = vec![
            line(1, "admin", false, true),
            line(2, "support", false, false),
            line(3, "viewer", true, true),
            line(4, "accounting", false, true),
        ];
        vec![Self { rows }]
    }
}

/// `/office/operators/new`.
#[derive(Clone, Debug, Serialize)]
pub struct NewOperator {
    pub form: Form,
}
form_page!(NewOperator, "pages/office/operator_new.html", "operators", {
    let wrong = Form::new()
        .with("username", "x")
        .with_error("username", Msg::problem("operator-username"))
        .with_error("role", Msg::problem("operator-role"));
    vec![Self { form: Form::new() }, Self { form: wrong }]
});

/// Asks before an operator gets access again.
#[derive(Clone, Debug, Serialize)]
pub struct ResetOperator {
    pub id: String,
    pub username: String,
}
impl Page for ResetOperator {
    const TEMPLATE: &'static str = "pages/office/operator_reset.html";
    const HERE: &'static str = "operators";
    fn samples() -> Vec<Self> {
        vec![Self { id: "opr_2".into(), username: "sara.conti".into() }]
    }
}

/// The password to hand over, seen once.
#[derive(Clone, Debug, Serialize)]
pub struct OperatorPassword {
    pub username: String,
    pub password: String,
}
impl Page for OperatorPassword {
    const TEMPLATE: &'static str = "pages/office/operator_password.html";
    const HERE: &'static str = "operators";
    fn samples() -> Vec<Self> {
        vec![Self { username: "sara.conti".into(), password: "abcd-efgh-jk23-mn45".into() }]
    }
}
