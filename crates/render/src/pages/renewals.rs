//! Renewing a mailbox by hand, switching automatic renewal, and what will be charged.

use domain::{money::Money, time::Date};
use serde::Serialize;

use super::{
    Bill,
    wizard::{Billing, YearChoice, sample_bill},
};
use crate::{Form, Msg, Page};

crate::register!(page: [Renew, AutoRenew, Coming]);

/// Renewing a mailbox by hand: for how long, who is invoiced, with what it is paid.
#[derive(Clone, Debug, Serialize)]
pub struct Renew {
    /// Identifier of the mailbox.
    pub id: String,
    pub address: String,
    pub plan: String,
    /// Last day of the period that is paid.
    pub end: Date,
    pub billing: Billing,
    pub years: Vec<YearChoice>,
    pub chosen: i64,
    pub methods: Vec<String>,
    pub bill: Bill,
    /// Fields `years`, `method`, `conditions`, `unfair_terms`.
    pub form: Form,
}
impl Page for Renew {
    const TEMPLATE: &'static str = "pages/customer/renew.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let choice = |y: i64| YearChoice {
            years: y,
            end: Date::from_days(21_104 + 365 * y as i32),
            net: Money::cents(990 * y),
            gross: Money::cents(1208 * y),
        };
        let usual = Renew {
            id: "mbx_0198".into(),
            address: "studio.bianchi@pec.example.it".into(),
            plan: "Standard".into(),
            end: Date::from_days(21_104),
            billing: Billing::sample(),
            years: (1..=5).map(choice).collect(),
            chosen: 1,
            methods: vec!["card".into(), "paypal".into(), "bank_transfer".into()],
            bill: sample_bill(),
            form: Form::new().with("years", "1").with("method", "card"),
        };
        let wrong = Renew {
            years: vec![choice(1)],
            form: usual.form.clone().with_error("conditions", Msg::problem("conditions-not-accepted")),
            ..usual.clone()
        };
        vec![usual, wrong]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// Switching automatic renewal, asked before it is done.
#[derive(Clone, Debug, Serialize)]
pub struct AutoRenew {
    pub id: String,
    pub address: String,
    /// It is on now: it would be switched off.
    pub on: bool,
    pub end: Date,
    pub form: Form,
}
impl Page for AutoRenew {
    const TEMPLATE: &'static str = "pages/customer/auto_renew.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let off = AutoRenew {
            id: "mbx_0198".into(),
            address: "studio.bianchi@pec.example.it".into(),
            on: false,
            end: Date::from_days(21_104),
            form: Form::new(),
        };
        let refused = AutoRenew { form: Form::new().with_problem(Msg::problem("auto-renew-no-method")), ..off.clone() };
        vec![AutoRenew { on: true, ..off.clone() }, off, refused]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A charge that is to come.
#[derive(Clone, Debug, Serialize)]
pub struct ComingLine {
    /// The page of the mailbox, where the reader has one.
    pub href: Option<String>,
    pub address: String,
    pub service: Msg,
    pub day: Date,
    /// `manual`, `card`, `paypal`, `wallet`, `body`.
    pub way: String,
    pub how: Option<Msg>,
    pub gross: Option<Money>,
    pub until: Option<Date>,
    pub method: Option<String>,
    pub missing: Option<Money>,
    /// `no-method`, `parked`, `agreement-closed`, `by-hand`, `mailbox-short`.
    pub trouble: Option<String>,
}
impl ComingLine {
    pub(super) fn sample() -> Self {
        Self {
            href: Some("/account/mailboxes/mbx_0198".into()),
            address: "studio.bianchi@pec.example.it".into(),
            service: Msg::new("renewal-plan").arg("plan", "Standard"),
            day: Date::from_days(21_097),
            way: "card".into(),
            how: Some(Msg::new("renewal-how").arg("quantity", 1).arg("years", 1).arg("unit", Money::cents(990))),
            gross: Some(Money::cents(1208)),
            until: Some(Date::from_days(21_469)),
            method: Some("Visa 4242".into()),
            missing: None,
            trouble: None,
        }
    }
}

/// What will be charged and when.
#[derive(Clone, Debug, Serialize)]
pub struct Coming {
    pub rows: Vec<ComingLine>,
    /// The last day that it tells of.
    pub until: Date,
    /// There are services beyond those that are told.
    pub more: bool,
}
impl Page for Coming {
    const TEMPLATE: &'static str = "pages/customer/coming.html";
    const HERE: &'static str = "mailboxes";
    fn samples() -> Vec<Self> {
        let card = ComingLine::sample();
        let rows = vec![
            card.clone(),
            ComingLine { way: "manual".into(), method: None, ..card.clone() },
            ComingLine { way: "paypal".into(), method: None, trouble: Some("no-method".into()), ..card.clone() },
            ComingLine { way: "wallet".into(), method: None, missing: Some(Money::cents(67)), ..card.clone() },
            ComingLine { gross: None, how: None, until: None, trouble: Some("parked".into()), ..card.clone() },
            ComingLine { method: None, trouble: Some("by-hand".into()), ..card },
        ];
        let until = Date::from_days(21_200);
        vec![Coming { rows, until, more: true }, Coming { rows: vec![], until, more: false }]
    }
}
