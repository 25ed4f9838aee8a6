//! Notices that a service ends (domain notes 6.1), and what became of it.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::Mail;

crate::register!(mails: [ExpiryNotice, MailboxRemoved, SpaceNotice], sms: []);

/// What a notice has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It ends, and somebody has to do something.
    Before,
    /// It will be charged by itself.
    Charge,
    /// Its body renews it.
    Body,
    /// It has ended and can still be renewed.
    After,
    /// The last days in which it can.
    Last,
    /// Its holder gave notice: it ends, or has ended.
    Ending,
    /// The same, and its content goes in a few days.
    Leaving,
}
/// The add-on that ends, when it is not the mailbox.
#[derive(Clone, Debug, Serialize)]
pub struct AddonNotice {
    /// `extra_space`, `extra_archive`, `legal_storage`, `sms_notice`.
    pub service: String,
    pub gb: i64,
}
/// What the renewal takes out of the credit, and what is there.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Credit {
    /// For all that is renewed with the mailbox.
    pub needed: Money,
    pub held: Money,
    pub short: Money,
}

/// «Avviso di scadenza».
#[derive(Clone, Debug, Serialize)]
pub struct ExpiryNotice {
    /// Identifier, for the link to its card.
    pub mailbox: String,
    pub address: String,
    pub addon: Option<AddonNotice>,
    /// Last day of the paid period.
    pub end: Date,
    pub phase: Phase,
    /// When it is charged by itself.
    pub charge_day: Date,
    /// The last day on which it can be renewed.
    pub last_day: Date,
    pub years: i64,
    /// Price of its renewal, VAT included.
    pub amount: Option<Money>,
    /// Only when the credit pays.
    pub credit: Option<Credit>,
    /// The body under whose agreement it is.
    pub body: Option<String>,
}
impl Mail for ExpiryNotice {
    const NAME: &'static str = "expiry_notice";
    fn samples() -> Vec<Self> {
        let end = Date::from_days(21_092);
        let retail = |phase| Self {
            mailbox: "mbx_0198".into(),
            address: "contratti.bianchi@pec.example.it".into(),
            addon: None,
            end,
            phase,
            charge_day: end.plus_days(-7),
            last_day: end.plus_days(90),
            years: 2,
            amount: Some(Money::cents(2416)),
            credit: None,
            body: None,
        };
        let credit = |needed: i64, held: i64| {
            let short = Money::cents((needed - held).max(0));
            Some(Credit { needed: Money::cents(needed), held: Money::cents(held), short })
        };
        let member = |phase| Self {
            address: "mario.rossi@pec.ordine.example.it".into(),
            body: Some("Ordine degli Architetti di Esempio".into()),
            ..retail(phase)
        };
        let addon = Some(AddonNotice { service: "extra_space".into(), gb: 1 });
        vec![
            retail(Phase::Before),
            retail(Phase::Charge),
            Self { amount: None, ..retail(Phase::After) },
            retail(Phase::Last),
            member(Phase::Body),
            Self { credit: credit(1510, 543), ..member(Phase::Before) },
            Self { amount: None, ..retail(Phase::Ending) },
            Self { amount: None, ..member(Phase::Leaving) },
            Self { credit: credit(1510, 2000), ..member(Phase::Last) },
            Self { credit: credit(1510, 2000), addon: addon.clone(), years: 1, ..member(Phase::Before) },
            Self {
                credit: credit(1510, 543),
                addon: Some(AddonNotice { service: "sms_notice".into(), gb: 1 }),
                years: 1,
                ..member(Phase::Before)
            },
            Self { credit: credit(1510, 543), addon, years: 1, ..member(Phase::Before) },
        ]
    }
}

/// «Casella cancellata»: it was not renewed in time, or its holder gave notice.
#[derive(Clone, Debug, Serialize)]
pub struct MailboxRemoved {
    /// Identifier, for the link to its card, where it is bought again.
    pub mailbox: String,
    pub address: String,
    /// Last day of the paid period.
    pub end: Date,
    pub noticed: bool,
    /// It stood under an agreement, whose body gives such mailboxes.
    pub under_agreement: bool,
}
impl Mail for MailboxRemoved {
    const NAME: &'static str = "mailbox_removed";
    fn samples() -> Vec<Self> {
        let late = Self {
            mailbox: "mbx_0198".into(),
            address: "contratti.bianchi@pec.example.it".into(),
            end: Date::from_days(21_092),
            noticed: false,
            under_agreement: false,
        };
        vec![Self { noticed: true, ..late.clone() }, Self { under_agreement: true, ..late.clone() }, late]
    }
}

/// The mailbox is nearly full, or full.
#[derive(Clone, Debug, Serialize)]
pub struct SpaceNotice {
    /// Identifier, for the link to its card.
    pub mailbox: String,
    pub address: String,
    /// The mark that was reached: 70, 90 or 100.
    pub percent: i64,
    pub used_bytes: i64,
    pub space_bytes: i64,
    /// Its card stands in the holder's own area.
    pub in_holder_area: bool,
}
impl Mail for SpaceNotice {
    const NAME: &'static str = "space_notice";
    fn samples() -> Vec<Self> {
        let of = |percent: i64, in_holder_area| Self {
            mailbox: "mbx_0198".into(),
            address: "contratti.bianchi@pec.example.it".into(),
            percent,
            used_bytes: (1 << 30) / 100 * percent,
            space_bytes: 1 << 30,
            in_holder_area,
        };
        vec![of(70, false), of(90, true), of(100, false)]
    }
}
