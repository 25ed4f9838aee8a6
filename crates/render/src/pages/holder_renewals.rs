//! Renewals in the area of the holder of a mailbox under an agreement, and what operators see of them (domain notes
//! 4.2, 5.5, 6.2).

use domain::{money::Money, time::Date};
use serde::Serialize;

use super::{
    Bill,
    holder_area::{ADDRESS, Credit, END},
    renewals::ComingLine,
    wizard::{YearChoice, sample_bill},
};
use crate::{Form, Msg, Page};

crate::register!(page: [MemberComing, MemberRenew, MemberAutoRenew, AddonBack, DeskComing]);

/// What the credit is to give in all.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CreditSum {
    pub needed: Money,
    pub held: Money,
    /// Zero when it is enough.
    pub short: Money,
}
impl CreditSum {
    fn sample(short: i64) -> Self {
        Self { needed: Money::cents(848 + short), held: Money::cents(848), short: Money::cents(short) }
    }
}

/// What will be charged and when, for the holder.
#[derive(Clone, Debug, Serialize)]
pub struct MemberComing {
    pub credit: Credit,
    pub rows: Vec<ComingLine>,
    pub until: Date,
    /// Nothing when the credit pays for none of it.
    pub sum: Option<CreditSum>,
    pub more: bool,
}

fn member_rows() -> Vec<ComingLine> {
    let mailbox = ComingLine {
        href: Some("/mailbox/card".into()),
        address: ADDRESS.into(),
        way: "wallet".into(),
        method: None,
        missing: Some(Money::cents(360)),
        ..ComingLine::sample()
    };
    let addon = ComingLine {
        service: Msg::new("addon-extra_space-gb").arg("gb", 3),
        missing: None,
        trouble: Some("mailbox-short".into()),
        ..mailbox.clone()
    };
    let body = ComingLine {
        href: None,
        address: "studio.rossi.e.associati.ingegneria@pec.ordine.example.it".into(),
        way: "body".into(),
        gross: None,
        how: None,
        missing: None,
        ..mailbox.clone()
    };
    vec![mailbox, addon, body]
}

impl Page for MemberComing {
    const TEMPLATE: &'static str = "pages/mailbox_area/coming.html";
    const HERE: &'static str = "renewals";
    fn samples() -> Vec<Self> {
        let full = Self {
            credit: Credit::sample(),
            rows: member_rows(),
            until: Date::from_days(21_200),
            sum: Some(CreditSum::sample(1275)),
            more: true,
        };
        let enough = Self { sum: Some(CreditSum::sample(0)), more: false, ..full.clone() };
        vec![Self { rows: vec![], sum: None, more: false, ..full.clone() }, enough, full]
    }
}

/// An add-on that is renewed with its mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct FollowerLine {
    pub service: String,
    pub gb: i64,
    pub gross: Money,
    /// The credit reaches for it.
    pub covered: bool,
}

/// «Rinnova la casella» out of the credit.
#[derive(Clone, Debug, Serialize)]
pub struct MemberRenew {
    pub credit: Credit,
    pub address: String,
    pub end: Date,
    pub years: Vec<YearChoice>,
    pub chosen: i64,
    pub bill: Bill,
    /// The last day after it.
    pub until: Date,
    pub addons: Vec<FollowerLine>,
    /// What the credit lacks for the mailbox, and for it with all its add-ons; zero when it is enough.
    pub missing: Money,
    pub missing_in_all: Money,
    /// What is left once everything that is covered is paid.
    pub left: Money,
    pub key: String,
    /// Field `years`.
    pub form: Form,
}
impl Page for MemberRenew {
    const TEMPLATE: &'static str = "pages/mailbox_area/renew.html";
    const HERE: &'static str = "mailboxes";
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
    fn samples() -> Vec<Self> {
        let choice = |y: i64| YearChoice {
            years: y,
            end: END.plus_years(y as i32),
            net: Money::cents(500 * y),
            gross: Money::cents(610 * y),
        };
        let line = |service: &str, cents: i64, covered| FollowerLine {
            service: service.into(),
            gb: 1,
            gross: Money::cents(cents),
            covered,
        };
        let enough = Self {
            credit: Credit::sample(),
            address: ADDRESS.into(),
            end: END,
            years: (1..=5).map(choice).collect(),
            chosen: 1,
            bill: sample_bill(),
            until: END.plus_years(1),
            addons: vec![],
            missing: Money::ZERO,
            missing_in_all: Money::ZERO,
            left: Money::cents(238),
            key: "0123456789abcdef".into(),
            form: Form::new().with("years", "1"),
        };
        let some = Self {
            addons: vec![line("extra_space", 305, true), line("legal_storage", 488, false)],
            missing_in_all: Money::cents(555),
            ..enough.clone()
        };
        let short = Self { missing: Money::cents(360), missing_in_all: Money::cents(1153), ..some.clone() };
        let stale = Self { form: enough.form.clone().with_problem(Msg::problem("renewal-moved")), ..enough.clone() };
        vec![stale, short, some, enough]
    }
}

/// Whether the credit renews the mailbox by itself, asked before it is changed.
#[derive(Clone, Debug, Serialize)]
pub struct MemberAutoRenew {
    pub credit: Credit,
    pub address: String,
    /// It is on now: it would be switched off.
    pub on: bool,
    pub end: Date,
    pub form: Form,
}
impl Page for MemberAutoRenew {
    const TEMPLATE: &'static str = "pages/mailbox_area/auto_renew.html";
    const HERE: &'static str = "mailboxes";
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
    fn samples() -> Vec<Self> {
        let (credit, address) = (Credit::sample(), ADDRESS.to_owned());
        let off = Self { credit, address, on: false, end: END, form: Form::new() };
        let late = Self { form: Form::new().with_problem(Msg::problem("auto-renew-too-late")), ..off.clone() };
        vec![late, Self { on: true, ..off.clone() }, off]
    }
}

/// «Riattiva» an add-on that ended since the credit was short.
#[derive(Clone, Debug, Serialize)]
pub struct AddonBack {
    pub credit: Credit,
    pub address: String,
    /// Identifier of the add-on.
    pub id: String,
    pub service: String,
    pub gb: i64,
    /// It is counted in GB, and what lay in it was kept.
    pub by_gb: bool,
    /// When it ended, and the last day on which it may come back.
    pub end: Date,
    pub last_day: Date,
    pub until: Date,
    pub bill: Bill,
    pub missing: Money,
    pub left: Money,
    pub key: String,
    pub form: Form,
}
impl Page for AddonBack {
    const TEMPLATE: &'static str = "pages/mailbox_area/addon_back.html";
    const HERE: &'static str = "mailboxes";
    fn form(&self) -> Option<&Form> {
        Some(&self.form)
    }
    fn samples() -> Vec<Self> {
        let enough = Self {
            credit: Credit::sample(),
            address: ADDRESS.into(),
            id: "add_0198".into(),
            service: "extra_space".into(),
            gb: 1,
            by_gb: true,
            end: END.plus_years(-1),
            last_day: END.plus_years(-1).plus_days(90),
            until: END,
            bill: Bill::sample_addon(),
            missing: Money::ZERO,
            left: Money::cents(543),
            key: "0123456789abcdef".into(),
            form: Form::new(),
        };
        let sms = Self { service: "sms_notice".into(), by_gb: false, bill: Bill::sample_sms(), ..enough.clone() };
        vec![Self { missing: Money::cents(67), ..enough.clone() }, sms, enough]
    }
}

/// The same for operators: of a customer, or of one of his mailboxes.
#[derive(Clone, Debug, Serialize)]
pub struct DeskComing {
    pub customer: String,
    /// The customer's mailboxes.
    pub customer_href: String,
    /// The mailbox that is looked at alone, and the page of all.
    pub address: Option<String>,
    pub all_href: Option<String>,
    /// All of them as CSV.
    pub file: String,
    pub rows: Vec<ComingLine>,
    pub until: Date,
    pub sum: Option<CreditSum>,
    pub more: bool,
}
impl Page for DeskComing {
    const TEMPLATE: &'static str = "pages/office/coming.html";
    const HERE: &'static str = "search";
    fn samples() -> Vec<Self> {
        let all = Self {
            customer: "Mario Rossi".into(),
            customer_href: "/office/search?kind=mailboxes&q=&party=pty_0198".into(),
            address: None,
            all_href: None,
            file: "/office/customers/pty_0198/renewals.csv".into(),
            rows: member_rows().into_iter().chain([ComingLine::sample()]).collect(),
            until: Date::from_days(21_200),
            sum: Some(CreditSum::sample(1275)),
            more: true,
        };
        let all_href = Some("/office/customers/pty_0198/renewals".into());
        let one = Self { address: Some(ADDRESS.into()), all_href, more: false, ..all.clone() };
        let none = Self { rows: vec![], sum: None, ..one.clone() };
        vec![none, one, all]
    }
}
