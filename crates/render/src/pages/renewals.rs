//! Renewing a mailbox by hand, switching automatic renewal, and what will be charged.

use domain::{
    money::Money,
    time::{Date, Timestamp},
};
use serde::Serialize;

use super::{
    Bill, BillLine,
    wizard::{Billing, YearChoice, sample_bill},
};
use crate::{Form, Msg, Page};

crate::register!(page: [Renew, AutoRenew, Coming]);

/// A plan with which a mailbox can be renewed.
#[derive(Clone, Debug, Serialize)]
pub struct PlanPick {
    pub code: String,
    pub name: String,
    /// It has it now.
    pub present: bool,
    pub space: u64,
    /// 0 without an archive.
    pub archive: u64,
    pub net: Money,
    pub gross: Money,
}
/// Extra space that can be taken.
#[derive(Clone, Debug, Serialize)]
pub struct ExtraPick {
    pub gb: i64,
    pub most: i64,
    /// Price of it all, when there is any.
    pub gross: Option<Money>,
}
/// What lies in the mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct Holding {
    pub bytes: u64,
    pub at: Timestamp,
}

/// Renewing a mailbox by hand: with which plan, for how long, who is invoiced, with what it is paid.
#[derive(Clone, Debug, Serialize)]
pub struct Renew {
    /// Identifier of the mailbox.
    pub id: String,
    pub address: String,
    /// The plan that it has.
    pub plan: String,
    /// One alone is no choice.
    pub plans: Vec<PlanPick>,
    /// Code of the chosen one.
    pub picked: String,
    pub extra: Option<ExtraPick>,
    /// What the choice takes away.
    pub losses: Vec<Msg>,
    /// What stands against the choice.
    pub against: Option<Msg>,
    /// Told where the choice leaves less space.
    pub used: Option<Holding>,
    /// Last day of the period that is paid.
    pub end: Date,
    pub billing: Billing,
    pub years: Vec<YearChoice>,
    pub chosen: i64,
    pub methods: Vec<String>,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
    pub bill: Bill,
    /// Fields `plan`, `extra_gb`, `losses`, `years`, `method`, `conditions`, `unfair_terms`.
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
            plans: Vec::new(),
            picked: "standard".into(),
            extra: None,
            losses: Vec::new(),
            against: None,
            used: None,
            end: Date::from_days(21_104),
            billing: Billing::sample(),
            years: (1..=5).map(choice).collect(),
            chosen: 1,
            methods: vec!["card".into(), "paypal".into(), "bank_transfer".into()],
            immediate_until: None,
            bill: sample_bill(),
            form: Form::new().with("years", "1").with("method", "card"),
        };
        let wrong = Renew {
            years: vec![choice(1)],
            form: usual.form.clone().with_error("conditions", Msg::problem("conditions-not-accepted")),
            ..usual.clone()
        };
        let late = Renew {
            end: Date::from_days(20_647),
            methods: vec!["card".into(), "paypal".into()],
            immediate_until: Some(Date::from_days(20_737)),
            form: Form::new().with("years", "1").with_error("method", Msg::problem("method-too-slow")),
            ..usual.clone()
        };
        let plans = sample_plans();
        let used = Some(Holding { bytes: 320 << 20, at: Date::from_days(21_000).at(9, 12) });
        let choice =
            Renew { plan: "Pro".into(), plans, picked: "pro".into(), bill: sample_price(2400, 0), ..usual.clone() };
        let less = Renew {
            picked: "standard".into(),
            bill: sample_price(990, 0),
            losses: sample_losses(),
            used: used.clone(),
            ..choice.clone()
        };
        let extra = Some(ExtraPick { gb: 1, most: 1, gross: Some(Money::cents(610)) });
        let refused = Renew {
            extra: Some(ExtraPick { gb: 0, most: 1, gross: None }),
            against: Some(Msg::problem("plan-needs-extra").arg("gb", 1)),
            used: Some(Holding { bytes: 1500 << 20, at: Date::from_days(21_000).at(9, 12) }),
            form: less
                .form
                .clone()
                .with("extra_gb", "0")
                .with_error("plan", Msg::problem("plan-needs-extra").arg("gb", 1))
                .with_error("losses", Msg::problem("losses-not-accepted")),
            ..less.clone()
        };
        let silent = Renew { used: None, against: Some(Msg::problem("plan-usage-unknown")), ..less.clone() };
        let form = less.form.clone().with("extra_gb", "1");
        let losses = vec![Msg::new("renew-loss-sms")];
        let with_extra = Renew { extra, losses, form, bill: sample_price(990, 500), ..less.clone() };
        vec![usual, wrong, late, choice, less, refused, silent, with_extra]
    }
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
}

/// A plan for a year, and a GB of extra space beside it.
fn sample_price(plan: i64, extra: i64) -> Bill {
    let line = |label: Msg, how: &str, cents: i64| BillLine {
        label,
        detail: Some(Msg::new(how).arg("quantity", 1).arg("years", 1).arg("unit", Money::cents(cents))),
        amount: Money::cents(cents),
    };
    let name = if plan == 990 { "Standard" } else { "Pro" };
    let mut lines = vec![line(Msg::new("bill-mailboxes").arg("plan", name).arg("count", 1), "bill-product", plan)];
    if extra > 0 {
        lines.push(line(Msg::new("addon-extra_space-gb").arg("gb", 1), "renewal-how-gb", extra));
    }
    let net = Money::cents(plan + extra);
    let vat = net.vat(2200);
    Bill { lines, net, vat_rate_bp: 2200, vat_exact: None, vat, gross: net + vat }
}

fn sample_plans() -> Vec<PlanPick> {
    [("standard", "Standard", 1, 0, 990), ("pro", "Pro", 2, 3, 2400), ("premium", "Premium", 2, 8, 3900)]
        .map(|(code, name, space, archive, cents)| PlanPick {
            code: code.into(),
            name: name.into(),
            present: code == "pro",
            space: space << 30,
            archive: archive << 30,
            net: Money::cents(cents),
            gross: Money::cents((cents * 122 + 50) / 100),
        })
        .into()
}

fn sample_losses() -> Vec<Msg> {
    vec![
        Msg::new("renew-loss-archive").arg("from", "3 GB"),
        Msg::new("renew-loss-space").arg("from", "2 GB").arg("to", "1 GB"),
        Msg::new("renew-loss-sms"),
        Msg::new("renew-loss-multi-user"),
    ]
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
