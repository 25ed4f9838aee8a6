//! Mails about an order: placed, to be paid, paid, ended, and a mailbox that lives.

use domain::{money::Money, time::Date};
use serde::Serialize;

use crate::{Mail, pages::payments::Transfer};

crate::register!(mails: [OrderPlaced, OrderReminder, OrderPaid, OrderCancelled, OrderExpired, OrderPartCredited, OrderCredit, MailboxActive], sms: []);

/// «Conferma ordine»: what was ordered, what it costs, until when it can be paid.
#[derive(Clone, Debug, Serialize)]
pub struct OrderPlaced {
    /// `2026-004318`.
    pub number: String,
    /// Identifier, for the link to its page.
    pub order: String,
    pub plan: String,
    pub years: i64,
    pub addresses: Vec<String>,
    pub net: Money,
    pub vat: Money,
    pub gross: Money,
    /// Last day for paying.
    pub pay_by: Date,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
    /// Where the money goes, when it comes by bank transfer.
    pub transfer: Option<Transfer>,
}
impl Mail for OrderPlaced {
    const NAME: &'static str = "order_placed";
    fn samples() -> Vec<Self> {
        let one = Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            plan: "Standard".into(),
            years: 1,
            addresses: vec!["contratti.bianchi@pec.example.it".into()],
            net: Money::cents(990),
            vat: Money::cents(218),
            gross: Money::cents(1208),
            pay_by: Date::from_days(20_757),
            immediate_until: None,
            transfer: None,
        };
        let late = Self { immediate_until: Some(one.pay_by), ..one.clone() };
        let transfer = Self { transfer: Some(Transfer::sample()), ..one.clone() };
        let many = Self {
            years: 2,
            addresses: (1..=99).map(|n| format!("ufficio.acquisti.sede.{n}@imprese.pec.example.it")).collect(),
            ..one.clone()
        };
        vec![one, late, transfer, many]
    }
}

/// «Promemoria pagamento».
#[derive(Clone, Debug, Serialize)]
pub struct OrderReminder {
    pub number: String,
    pub order: String,
    /// It renews mailboxes: no name is at stake.
    pub renewal: bool,
    /// What is still to be paid.
    pub due: Money,
    pub placed: Date,
    pub pay_by: Date,
    /// The last day for it, when only immediate methods are in time.
    pub immediate_until: Option<Date>,
}
impl Mail for OrderReminder {
    const NAME: &'static str = "order_reminder";
    fn samples() -> Vec<Self> {
        let usual = Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            renewal: false,
            due: Money::cents(2416),
            placed: Date::from_days(20_727),
            pay_by: Date::from_days(20_757),
            immediate_until: None,
        };
        vec![Self { immediate_until: Some(usual.pay_by), renewal: true, ..usual.clone() }, usual]
    }
}

/// «Conferma pagamento».
#[derive(Clone, Debug, Serialize)]
pub struct OrderPaid {
    pub number: String,
    pub order: String,
    pub gross: Money,
    pub years: i64,
    pub addresses: Vec<String>,
    /// Whether the mailboxes will renew by themselves.
    pub auto_renew: bool,
}
impl Mail for OrderPaid {
    const NAME: &'static str = "order_paid";
    fn samples() -> Vec<Self> {
        let one = Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            gross: Money::cents(2416),
            years: 1,
            addresses: vec!["contratti.bianchi@pec.example.it".into(), "marco.rossi@studi.pec.example.it".into()],
            auto_renew: true,
        };
        vec![Self { auto_renew: false, years: 5, ..one.clone() }, one]
    }
}

/// «Ordine annullato», by the customer.
#[derive(Clone, Debug, Serialize)]
pub struct OrderCancelled {
    pub number: String,
    pub order: String,
    /// It would have renewed mailboxes.
    pub renewal: bool,
}
impl Mail for OrderCancelled {
    const NAME: &'static str = "order_cancelled";
    fn samples() -> Vec<Self> {
        let purchase = Self { number: "2026-004318".into(), order: "ord_0198".into(), renewal: false };
        vec![Self { renewal: true, ..purchase.clone() }, purchase]
    }
}

/// The order was not paid in time.
#[derive(Clone, Debug, Serialize)]
pub struct OrderExpired {
    pub number: String,
    pub order: String,
    /// It would have renewed mailboxes.
    pub renewal: bool,
    pub placed: Date,
}
impl Mail for OrderExpired {
    const NAME: &'static str = "order_expired";
    fn samples() -> Vec<Self> {
        let purchase = Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            renewal: false,
            placed: Date::from_days(20_727),
        };
        vec![Self { renewal: true, ..purchase.clone() }, purchase]
    }
}

/// An order ended for which a part of the price had come.
#[derive(Clone, Debug, Serialize)]
pub struct OrderPartCredited {
    pub number: String,
    pub order: String,
    /// The part, now credit.
    pub amount: Money,
    /// By time, not by the customer.
    pub expired: bool,
    /// It would have renewed mailboxes.
    pub renewal: bool,
}
impl Mail for OrderPartCredited {
    const NAME: &'static str = "order_part_credited";
    fn samples() -> Vec<Self> {
        let of = |expired, renewal| Self {
            number: "2026-004318".into(),
            order: "ord_0198".into(),
            amount: Money::cents(1000),
            expired,
            renewal,
        };
        vec![of(false, false), of(true, false), of(false, true), of(true, true)]
    }
}

/// Money arrived for an order that needs none: it is the customer's credit.
#[derive(Clone, Debug, Serialize)]
pub struct OrderCredit {
    pub number: String,
    pub order: String,
    pub amount: Money,
}
impl Mail for OrderCredit {
    const NAME: &'static str = "order_credit";
    fn samples() -> Vec<Self> {
        vec![Self { number: "2026-004318".into(), order: "ord_0198".into(), amount: Money::cents(2416) }]
    }
}

/// «Casella attivata».
#[derive(Clone, Debug, Serialize)]
pub struct MailboxActive {
    pub number: String,
    /// Identifier, for the link to its card.
    pub mailbox: String,
    pub address: String,
    /// End of the paid period.
    pub end: Date,
    /// Where the link for the first password was sent.
    pub password_email: String,
    /// Whether the password has been created already.
    pub has_password: bool,
    /// Its card stands in the holder's own area: it was given under an agreement.
    pub in_holder_area: bool,
}
impl Mail for MailboxActive {
    const NAME: &'static str = "mailbox_active";
    fn samples() -> Vec<Self> {
        let ready = Self {
            number: "2026-004318".into(),
            mailbox: "mbx_0198".into(),
            address: "contratti.bianchi@pec.example.it".into(),
            end: Date::from_days(21_092),
            password_email: "giulia.bianchi@example.com".into(),
            has_password: true,
            in_holder_area: false,
        };
        vec![Self { has_password: false, in_holder_area: true, ..ready.clone() }, ready]
    }
}
