//! Mails about renewals.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Mail, Msg, pages::payments::Transfer};

crate::register!(mails: [ServiceRenewed, PlanChanged, SpaceKept, RenewalShort, RenewalFailed, AutoRenewChanged, OrderShortened], sms: []);

/// A service runs for another period.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceRenewed {
    pub number: String,
    /// Path of the page that shows it.
    pub link: String,
    pub address: String,
    /// Which service.
    pub service: Msg,
    /// How the price comes about, or how long the period is.
    pub how: Msg,
    /// Nothing when somebody else has paid.
    pub gross: Option<Money>,
    /// The new last day.
    pub until: Date,
    /// The credit that is left, where it was paid with credit.
    pub credit: Option<Money>,
    /// It had ended, and runs again.
    pub back: bool,
    /// It is an add-on that holds nothing.
    pub once: bool,
}
impl Mail for ServiceRenewed {
    const NAME: &'static str = "service_renewed";
    fn samples() -> Vec<Self> {
        let credit = Self {
            number: "2027-004318".into(),
            link: "/mailbox/orders/ord_0198".into(),
            address: "mario.rossi@pec.ordine.example.it".into(),
            service: Msg::new("addon-extra_space-gb").arg("gb", 1),
            how: Msg::new("renewal-how").arg("quantity", 1).arg("years", 1).arg("unit", Money::cents(250)),
            gross: Some(Money::cents(305)),
            until: Date::from_days(21_000),
            credit: Some(Money::cents(238)),
            back: false,
            once: false,
        };
        let card = Self {
            service: Msg::new("renewal-plan").arg("plan", "Standard"),
            how: Msg::new("renewal-years").arg("years", 2),
            gross: Some(Money::cents(2416)),
            credit: None,
            ..credit.clone()
        };
        let sms = Self {
            service: Msg::new("addon-sms_notice-gb").arg("gb", 1),
            how: Msg::new("renewal-how").arg("quantity", 1).arg("years", 1).arg("unit", Money::cents(600)),
            gross: Some(Money::cents(732)),
            back: true,
            once: true,
            ..credit.clone()
        };
        vec![Self { gross: None, ..card.clone() }, Self { back: true, ..credit.clone() }, sms, credit, card]
    }
}

/// A paid renewal has changed the plan of a mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct PlanChanged {
    /// Identifier of the mailbox, for the link to its card.
    pub mailbox: String,
    pub address: String,
    /// Names of the plans.
    pub from: String,
    pub to: String,
    /// What belongs to the new plan, extra space included.
    pub space_bytes: i64,
    /// 0 without an archive.
    pub archive_bytes: i64,
    /// The space becomes less.
    pub less: bool,
}
impl Mail for PlanChanged {
    const NAME: &'static str = "plan_changed";
    fn samples() -> Vec<Self> {
        let more = Self {
            mailbox: "mbx_0198".into(),
            address: "giulia.bianchi@pec.example.it".into(),
            from: "Standard".into(),
            to: "Pro".into(),
            space_bytes: 2 << 30,
            archive_bytes: 3 << 30,
            less: false,
        };
        let (from, to) = ("Pro".into(), "Standard".into());
        vec![Self { from, to, space_bytes: 1 << 30, archive_bytes: 0, less: true, ..more.clone() }, more]
    }
}

/// What lies in a mailbox does not fit into the space that its renewal has left it.
#[derive(Clone, Debug, Serialize)]
pub struct SpaceKept {
    /// Identifier of the mailbox, for the link to its card.
    pub mailbox: String,
    pub address: String,
    pub used_bytes: i64,
    /// The space that it is to have.
    pub space_bytes: i64,
    /// Last day of the larger space.
    pub until: Date,
}
impl Mail for SpaceKept {
    const NAME: &'static str = "space_kept";
    fn samples() -> Vec<Self> {
        vec![Self {
            mailbox: "mbx_0198".into(),
            address: "giulia.bianchi@pec.example.it".into(),
            used_bytes: 1300 << 20,
            space_bytes: 1 << 30,
            until: Date::from_days(21_000),
        }]
    }
}

/// The credit did not pay for a renewal.
#[derive(Clone, Debug, Serialize)]
pub struct RenewalShort {
    pub address: String,
    pub service: Msg,
    pub needed: Money,
    pub held: Money,
    pub missing: Money,
    /// Last day of the period that is paid.
    pub end: Date,
    /// The service is switched off.
    pub ended: bool,
}
impl Mail for RenewalShort {
    const NAME: &'static str = "renewal_short";
    fn samples() -> Vec<Self> {
        let short = Self {
            address: "mario.rossi@pec.ordine.example.it".into(),
            service: Msg::new("addon-legal_storage-gb").arg("gb", 3),
            needed: Money::cents(915),
            held: Money::cents(848),
            missing: Money::cents(67),
            end: Date::from_days(21_000),
            ended: false,
        };
        vec![Self { ended: true, ..short.clone() }, short]
    }
}

/// A charge of the stored method came to nothing: the order waits.
#[derive(Clone, Debug, Serialize)]
pub struct RenewalFailed {
    pub number: String,
    /// Identifier of the order, for the link to its page.
    pub order: String,
    pub address: String,
    pub gross: Money,
    /// `declined`, `no-method`.
    pub reason: String,
    /// Day of the next try; nothing after the last one.
    pub next: Option<Date>,
    pub end: Date,
}
impl Mail for RenewalFailed {
    const NAME: &'static str = "renewal_failed";
    fn samples() -> Vec<Self> {
        let failed = Self {
            number: "2027-004318".into(),
            order: "ord_0198".into(),
            address: "giulia.bianchi@pec.example.it".into(),
            gross: Money::cents(1208),
            reason: "declined".into(),
            next: Some(Date::from_days(20_995)),
            end: Date::from_days(21_000),
        };
        vec![Self { reason: "no-method".into(), next: None, ..failed.clone() }, failed]
    }
}

/// Automatic renewal was switched on or off.
#[derive(Clone, Debug, Serialize)]
pub struct AutoRenewChanged {
    /// Identifier of the mailbox, for the link to its card.
    pub mailbox: String,
    pub address: String,
    pub on: bool,
    pub end: Date,
    /// When the charge is due, what it takes at the price of today, and from which method.
    pub day: Option<Date>,
    pub gross: Option<Money>,
    pub method: Option<String>,
    /// What may be spent of the holder's credit, where that pays.
    pub credit: Option<Money>,
}
impl Mail for AutoRenewChanged {
    const NAME: &'static str = "auto_renew_changed";
    fn samples() -> Vec<Self> {
        let on = Self {
            mailbox: "mbx_0198".into(),
            address: "giulia.bianchi@pec.example.it".into(),
            on: true,
            end: Date::from_days(21_000),
            day: Some(Date::from_days(20_993)),
            gross: Some(Money::cents(1208)),
            method: Some("Visa 4242".into()),
            credit: None,
        };
        let off = Self { on: false, day: None, gross: None, method: None, ..on.clone() };
        let credit = Self { method: None, credit: Some(Money::cents(848)), ..on.clone() };
        vec![Self { credit: Some(Money::cents(848)), ..off.clone() }, credit, off, on]
    }
}

/// An unpaid order goes on without mailboxes whose time for renewing is over.
#[derive(Clone, Debug, Serialize)]
pub struct OrderShortened {
    pub number: String,
    /// Identifier, for the link to its payment.
    pub order: String,
    /// The first of those that it renews no more.
    pub ended: Vec<String>,
    /// How many there are beside them.
    pub more: usize,
    /// The new price.
    pub gross: Money,
    /// What has come for it already.
    pub received: Money,
    /// What is still to be paid.
    pub due: Money,
    pub pay_by: Date,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
    /// Where the money goes, when it comes by bank transfer.
    pub transfer: Option<Transfer>,
}
impl Mail for OrderShortened {
    const NAME: &'static str = "order_shortened";
    fn samples() -> Vec<Self> {
        let one = Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            ended: vec!["mario.rossi@pec.ordine.example.it".into()],
            more: 0,
            gross: Money::cents(20_496),
            received: Money::ZERO,
            due: Money::cents(20_496),
            pay_by: Date::from_days(20_757),
            immediate_until: None,
            transfer: None,
        };
        let many = Self {
            ended: (1..=20).map(|n| format!("studio.associato.{n}@pec.ordine.example.it")).collect(),
            more: 17,
            received: Money::cents(10_000),
            due: Money::cents(10_496),
            transfer: Some(Transfer::sample()),
            ..one.clone()
        };
        vec![Self { immediate_until: Some(one.pay_by), ..one.clone() }, many, one]
    }
}
