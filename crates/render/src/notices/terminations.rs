//! Notices of termination, acknowledged; and their way back.

use domain::time::{Date, Timestamp};
use serde::Serialize;

use crate::Mail;

crate::register!(mails: [TerminationReceived, TerminationTakenBack], sms: []);

/// The receipt of a notice, with its dates.
#[derive(Clone, Debug, Serialize)]
pub struct TerminationReceived {
    /// Identifier, for the link to its card.
    pub mailbox: String,
    pub address: String,
    pub plan: String,
    pub at_once: bool,
    pub received: Timestamp,
    /// Last day of the paid period.
    pub end: Date,
    /// Last day on which it is read and receives.
    pub reads_until: Date,
    /// Given by whoever signed in with the mailbox.
    pub by_mailbox: bool,
    /// Its card stands in the mailbox's own area.
    pub in_holder_area: bool,
}
impl Mail for TerminationReceived {
    const NAME: &'static str = "termination_received";
    fn samples() -> Vec<Self> {
        let at_end = Self {
            mailbox: "mbx_0198".into(),
            address: "contratti.bianchi@pec.example.it".into(),
            plan: "Standard".into(),
            at_once: false,
            received: Date::from_days(20_733).at(18, 4),
            end: Date::from_days(21_092),
            reads_until: Date::from_days(21_182),
            by_mailbox: false,
            in_holder_area: false,
        };
        let own = Self { by_mailbox: true, in_holder_area: true, ..at_end.clone() };
        vec![Self { at_once: true, ..at_end.clone() }, own, at_end]
    }
}

/// A notice was taken back: what becomes of the renewal.
#[derive(Clone, Debug, Serialize)]
pub struct TerminationTakenBack {
    pub mailbox: String,
    pub address: String,
    pub end: Date,
    /// `manual`, `card`, `paypal`, `wallet`, `body`.
    pub way: String,
    /// When the money is taken by itself.
    pub charge_day: Option<Date>,
    pub in_holder_area: bool,
}
impl Mail for TerminationTakenBack {
    const NAME: &'static str = "termination_taken_back";
    fn samples() -> Vec<Self> {
        let end = Date::from_days(21_092);
        let of = |way: &str, charge_day, in_holder_area| Self {
            mailbox: "mbx_0198".into(),
            address: "contratti.bianchi@pec.example.it".into(),
            end,
            way: way.into(),
            charge_day,
            in_holder_area,
        };
        let day = Some(end.plus_days(-7));
        vec![of("card", day, false), of("wallet", day, true), of("body", None, true), of("manual", None, false)]
    }
}
