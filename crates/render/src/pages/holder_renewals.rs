//! Renewals in the area of the holder of a mailbox under an agreement, and what operators see of them (domain notes
//! 4.2, 5.5, 6.2).

use domain::{money::Money, time::Date};
use serde::Serialize;

use super::{
    holder_area::{ADDRESS, Credit},
    renewals::ComingLine,
};
use crate::Page;

crate::register!(page: [MemberComing, DeskComing]);

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
        service: crate::Msg::new("addon-extra_space-gb").arg("gb", 3),
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

/// The same for operators: of a customer, or of one of his mailboxes.
#[derive(Clone, Debug, Serialize)]
pub struct DeskComing {
    pub customer: String,
    /// The customer's mailboxes.
    pub customer_href: String,
    /// The mailbox that is looked at alone, and the page of all.
    pub address: Option<String>,
    pub all_href: Option<String>,
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
