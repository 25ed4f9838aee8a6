//! Typed contexts of the pages, one module per area, each with its own template folder and word file.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Msg, Registry};

pub mod accounts;
mod bill;
pub mod card;
pub mod catalogue;
pub mod customer;
pub mod demo;
pub mod desk;
pub mod holder_area;
pub mod holder_credit;
pub mod holder_renewals;
pub mod holders;
pub mod mailbox_area;
pub mod mailbox_password;
pub mod methods;
pub mod night;
pub mod office;
pub mod password;
pub mod payments;
pub mod price_lists;
pub mod profile;
pub mod public;
pub mod quick;
pub mod recover;
pub mod renewals;
pub mod secretariat;
pub mod terminations;
pub mod transfers;
pub mod withdrawal;
pub mod wizard;

/// One line for each area.
pub(crate) fn register(registry: &mut Registry) {
    customer::register(registry);
    accounts::register(registry);
    card::register(registry);
    catalogue::register(registry);
    demo::register(registry);
    desk::register(registry);
    night::register(registry);
    office::register(registry);
    methods::register(registry);
    payments::register(registry);
    price_lists::register(registry);
    profile::register(registry);
    mailbox_area::register(registry);
    mailbox_password::register(registry);
    holder_area::register(registry);
    holder_credit::register(registry);
    holder_renewals::register(registry);
    holders::register(registry);
    public::register(registry);
    quick::register(registry);
    recover::register(registry);
    renewals::register(registry);
    secretariat::register(registry);
    terminations::register(registry);
    transfers::register(registry);
    withdrawal::register(registry);
    wizard::register(registry);
}

/// The proof that a form asks for: work done by a script, or patience.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Challenge {
    /// Address of the challenge; empty while none is asked.
    pub href: String,
    /// The ticket of who has no scripts.
    pub waited: String,
}
impl From<&str> for Challenge {
    fn from(href: &str) -> Self {
        Self { href: href.into(), waited: "sample".into() }
    }
}

/// How a price comes about (macro `bill`).
#[derive(Clone, Debug, Serialize)]
pub struct Bill {
    pub lines: Vec<BillLine>,
    pub net: Money,
    /// Basis points: 2200 is 22 %.
    pub vat_rate_bp: i64,
    /// The exact VAT as text (`€7,8408`) when it was rounded.
    pub vat_exact: Option<String>,
    pub vat: Money,
    pub gross: Money,
}

/// One line of a [`Bill`], net of VAT; discounts are negative.
#[derive(Clone, Debug, Serialize)]
pub struct BillLine {
    pub label: Msg,
    pub detail: Option<Msg>,
    pub amount: Money,
}

/// Where a timeline entry stands.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    Past,
    Now,
    Next,
}

/// One entry of a timeline (function `timeline`), newest first.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    pub day: Date,
    pub kind: When,
    pub words: Msg,
}
impl Moment {
    fn sample(day: i32, kind: When, key: &str) -> Self {
        Self { day: Date::from_days(day), kind, words: Msg::new(key) }
    }
}

/// Links of a list by keyset (macro `pager`).
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pager {
    /// Rows on this page.
    pub rows: i64,
    /// Address of the page with newer rows.
    pub newer: Option<String>,
    /// Address of the page with older rows.
    pub older: Option<String>,
}

/// Links of a list on a page that has others (macro `further`).
#[derive(Clone, Debug, Default, Serialize)]
pub struct Further {
    /// Address where the list begins, when this is behind it.
    pub start: Option<String>,
    /// Address of the rows behind these.
    pub more: Option<String>,
}

/// A step of a wizard (macro `steps`); `href` where the person may go back to it.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub label: String,
    pub href: Option<String>,
}
